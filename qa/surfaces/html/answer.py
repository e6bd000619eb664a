"""An answer, a question, and what stands in an answer's place, as the conversation shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from qa.surfaces.html.render import Piece, Row, pieces, render
from qa.types import REPORTS_DIFFER, SAYS

_CITED = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Numbered:
    """Text before a citation, and the citation; None after the last one."""

    text: str
    citation: Row | None
    glued: bool = False  # a number never begins a line


def answer_html(answer: Row, *, whole: bool = True) -> str:
    """An answer as it stands in the chat; `whole` is False while its text is still growing."""
    if answer["status"] in ("not_found", "unsure"):
        return render("not_found", answer=answer)
    told = {"answer": answer, "columns": _columns(answer), "cards": _cards(answer) if whole else []}
    if answer.get("written_by"):
        lines = [line for line in answer["text"].split("\n") if line.strip()]
        return render("written", **told, whole=whole, prose=[_numbered(line, answer) for line in lines])
    if whole and answer["findings"]:
        return render("answer", **told, differ=REPORTS_DIFFER in answer["opening"], said=_said(answer))
    return render("growing", answer=answer, lines=_growing(answer))


def question_html(question: str) -> str:
    """A question as it stands in the chat."""
    return render("question", question=question)


def thinking_html() -> str:
    """What stands in the place of an answer until there is one."""
    return render("thinking")


def notice_html(sentence: str) -> str:
    """A sentence in the place of an answer: something could not be done."""
    return render("notice", sentence=sentence)


def welcome_html() -> str:
    """What the empty chat says."""
    return render("welcome")


def _growing(answer: Row) -> list[tuple[str, list[Numbered]]]:
    """The text as far as it has come: each value, and the sentence it is quoted from."""
    texts = [text for text in answer["text"].split("\n") if text.strip()]
    opening = texts[:1] if answer["opening"] else []
    lines: list[tuple[str, list[Numbered]]] = [(text, []) for text in opening]
    for text, line in zip(texts[len(opening) :], answer["lines"], strict=False):
        quote = text[len(line["words"]) :].removeprefix(":").strip()
        lines.append((line["words"], _numbered(quote, answer)))
    return lines


def _numbered(text: str, answer: Row) -> list[Numbered]:
    """Text cut at the [n] of its citations; empty for an empty text."""
    known = {citation["number"]: citation for citation in answer["citations"]}
    parts: list[Numbered] = []
    end = 0
    for match in _CITED.finditer(text):
        citation = known.get(int(match[1]))
        if citation:
            before = text[end : match.start()]
            parts.append(Numbered(before.rstrip(" "), citation, before.endswith(" ")))
            end = match.end()
    return [*parts, Numbered(text[end:], None)] if text[end:] else parts


def _said(answer: Row) -> str:
    """What stands above the findings ("As of …"), without that reports differ."""
    return " ".join(one for one in answer["opening"] if one != REPORTS_DIFFER).rstrip(":")


def _columns(answer: Row) -> list[str]:
    """The columns of a compound question's table; none where there is one thing asked."""
    names = list(dict.fromkeys(name for finding in answer["findings"] for name in finding["values"]))
    return names if len(names) > 1 else []


def _cards(answer: Row) -> list[dict[str, Any]]:
    """Each finding with its value in words and its quotes."""
    compound = any(len(finding["values"]) > 1 for finding in answer["findings"])
    told = zip(answer["findings"], answer["lines"], strict=True)
    return [
        {
            "lead": "" if compound else _lead(finding, line, answer),
            "quotes": [
                {"citation": citation, "pieces": _marked(citation, finding)}
                for citation in answer["citations"]
                if citation["number"] in finding["citations"]
            ],
            "sources": finding["sources"],
        }
        for finding, line in told
    ]


def _lead(finding: Row, line: Row, answer: Row) -> str:
    """The value as the text says it ("in Balashikha"); below a chat model's prose as the article has it."""
    if SAYS in finding["values"]:
        return ""
    if answer.get("written_by"):
        return ", ".join(value["text"] for value in finding["values"].values())
    return str(line["words"])


def _marked(citation: Row, finding: Row) -> list[Piece]:
    """A quote with the values that it gives marked."""
    spans = [] if SAYS in finding["values"] else finding["values"].items()
    return pieces(
        citation["quote"],
        [
            (value["start"] - citation["start"], value["end"] - citation["start"], name)
            for name, value in spans
            if value["article_id"] == citation["article_id"]
            and citation["start"] <= value["start"]
            and value["end"] <= citation["end"]
        ],
    )
