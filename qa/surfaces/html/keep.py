"""A conversation as Markdown, to keep."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.surfaces.html.render import Row, one_line, plain_byline, safe_link

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$])")


def conversation_markdown(answers: Sequence[Row]) -> str:
    """A conversation with its quotes and sources, as Markdown."""
    return "# Conversation\n\n" + "\n\n".join(_answer_markdown(answer) for answer in answers) + "\n"


def as_markdown(text: str) -> str:
    """Text in one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def where(row: Row) -> str:
    """The address of an article, in angle brackets; empty where it has none that leads anywhere."""
    link = safe_link(row["url"])
    return f" <{link}>" if link and not re.search(r"[\s<>]", link) else ""


def _answer_markdown(answer: Row) -> str:
    lines = [f"## {as_markdown(answer['question'])}"]
    lines += [
        as_markdown(line).replace(r"\[", "[").replace(r"\]", "]") for line in answer["text"].split("\n")
    ]
    lines += [
        f"[{citation['number']}] {as_markdown(plain_byline(citation))}{where(citation)}\n\n"
        f"> {as_markdown(citation['quote'])}"
        for citation in answer["citations"]
    ]
    return "\n\n".join(lines)
