"""Answers to take along: a quote with its source, an answer, a conversation: as text and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.surfaces.html.render import Row, day_in_words, in_marks, one_line, safe_link

_SPECIAL = re.compile(r"([\\`*_\[\]<])")  # what changes the meaning of Markdown within a line
_OPENING = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|[#>+\-=~|])")  # and at its beginning


def quote_text(quote: Row) -> str:
    """A quote with its attribution, in one line: “…”, Wikinews, 12 September 2015, address."""
    known = [quote["outlet"] or quote["title"], day_in_words(quote["published"]), safe_link(quote["url"])]
    return ", ".join([in_marks(quote["quote"]), *(str(part) for part in known if part)])


def answer_text(answer: Row) -> str:
    """What an answer says, each statement with its quotes and their attribution."""
    return "\n".join(_lines(answer, mark=""))


def conversation_text(answers: Sequence[Row]) -> str:
    """A conversation as plain text."""
    return "\n\n".join(f"{one_line(row['question'])}\n\n{answer_text(row)}" for row in answers) + "\n"


def conversation_markdown(answers: Sequence[Row]) -> str:
    """A conversation with its quotes and sources, as Markdown."""
    told = [f"## {as_markdown(row['question'])}\n\n" + "\n\n".join(_lines(row, mark="> ")) for row in answers]
    return "\n\n".join(["# Conversation", *told]) + "\n"


def as_markdown(text: str) -> str:
    """Text in one line that Markdown shows as it is."""
    line = _SPECIAL.sub(r"\\\1", one_line(text))
    return _OPENING.sub(lambda found: _escaped_opening(found[1]), line)


def where(row: Row) -> str:
    """The address of an article, in angle brackets; empty where it has none that leads anywhere."""
    link = safe_link(row["url"])
    return f" <{link}>" if link and not re.search(r"[\s<>]", link) else ""


def _escaped_opening(found: str) -> str:
    return f"{found}\\" if found.isdecimal() else f"\\{found}"


def _lines(answer: Row, *, mark: str) -> Iterator[str]:
    """The lines of an answer: its scope, what opens it, values, quotes. `mark` stands before quotes."""
    tell = as_markdown if mark else one_line
    if answer.get("scope_words"):
        yield tell(f"({answer['scope_words']})")
    if answer["opening"]:
        yield tell(" ".join(answer["opening"]))
    if answer.get("written_by"):
        yield tell(answer["text"])
    known = {citation["number"]: citation for citation in answer["citations"]}
    for line in answer["lines"]:
        if line["words"] and not answer.get("written_by"):
            yield tell(line["words"])
        for number in line["citations"]:
            if number in known:
                yield _quoted(known[number], mark)
    if answer["closest"]:
        yield tell("The closest they come:" if answer["status"] == "not_found" else "This may answer it:")
    for quote in answer["closest"]:
        yield _quoted(quote, mark)


def _quoted(quote: Row, mark: str) -> str:
    if not mark:
        return quote_text(quote)
    by = ", ".join(part for part in (quote["outlet"], quote["title"]) if part)
    source = as_markdown(f"— {by}, {day_in_words(quote['published'])}")
    return f"{mark}{as_markdown(in_marks(quote['quote']))}\n{mark}\n{mark}{source}{where(quote)}"
