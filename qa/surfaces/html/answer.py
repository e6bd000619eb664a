"""An answer, a question, and what stands in an answer's place, as the conversation shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa.surfaces.html.keep import answer_text, quote_text
from qa.surfaces.html.render import Piece, Row, day_in_words, pieces, render
from qa.types import REPORTS_DIFFER, SAYS, UNSURE

AS_OF = "As of "  # how an answer opens that depends on the day
VERDICTS = (("Right", "Yes"), ("Wrong", "No"), ("Wrong source", "Wrong source"))
SHORT = 60  # characters shown of a sentence that stood above already
_CITED = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Numbered:
    """Text before a citation, and the citation; None after the last one."""

    text: str
    citation: Row | None
    glued: bool = False  # a number never begins a line


@dataclass(frozen=True, slots=True)
class Starter:
    """A question for an empty chat, with the outlet and the day of the article that answers it."""

    question: str
    outlet: str | None = None
    day: str | None = None


Place = tuple[str, str, int, int]  # of a quote: article, revision, start, end


def answer_html(answer: Row, *, whole: bool = True, above: frozenset[Place] = frozenset()) -> str:
    """An answer as it stands in the chat; `whole` is False while its text is still growing.

    `above` are the quotes that earlier answers of the conversation show: they stand short.
    """
    told: dict[str, Any] = {"answer": answer, "whole": whole, "sources": _sources(answer) if whole else []}
    told |= {"copied": answer_text(answer) if whole else "", "verdicts": VERDICTS}
    told["near"] = [{"citation": one, "pieces": _likely(one)} for one in answer["closest"]]
    told["left"] = " ".join(one.removeprefix(UNSURE) for one in answer["opening"] if _is_left_open(one))
    if answer["status"] in ("not_found", "unsure"):
        return render("not_found", **told)
    told |= {"columns": _columns(answer), "cards": _cards(answer, above) if whole else []}
    if answer.get("written_by"):
        lines = [line for line in answer["text"].split("\n") if line.strip()]
        return render("written", **told, prose=[_numbered(line, answer) for line in lines])
    if whole and answer["findings"]:
        return render("answer", **told, differ=REPORTS_DIFFER in answer["opening"], said=_said(answer))
    return render("growing", **told, lines=_growing(answer))


def places(answer: Row) -> frozenset[Place]:
    """The quotes that an answer shows."""
    return frozenset(_place(citation) for citation in answer["citations"])


def question_html(question: str) -> str:
    """A question as it stands in the chat."""
    return render("question", question=question)


def thinking_html(*, is_warm: bool = True, growing: bool = False) -> str:
    """What stands in the place of an answer until there is one; `is_warm`: the models are loaded, `growing`:
    articles are being added."""
    return render("thinking", is_warm=is_warm, growing=growing)


def offers_html(questions: Sequence[str], *, after: str, found: bool) -> str:
    """What to ask `after` the answer of that id, which was `found` or not; empty where there is nothing."""
    return render("offers", questions=questions, after=after, found=found) if questions else ""


def notice_html(sentence: str) -> str:
    """A sentence in the place of an answer: something could not be done."""
    return render("notice", sentence=sentence)


def welcome_html(
    *,
    has_articles: bool = True,
    can_add: bool = False,
    growing: bool = False,
    starters: Sequence[Starter] = (),
) -> str:
    """What the empty chat says, with questions to begin with; without articles, how they come in.

    `growing`: articles are being added.
    """
    told = {"has_articles": has_articles, "can_add": can_add, "growing": growing}
    return render("welcome", **told, starters=starters)


def _growing(answer: Row) -> list[tuple[str, list[Numbered]]]:
    """The text as far as it has come: each value, and the sentence it is quoted from."""
    texts = [text for text in answer["text"].split("\n") if text.strip()]
    opening = texts[:1] if any(not _is_left_open(one) for one in answer["opening"]) else []
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
    """What stands above the findings, without that reports differ. What "as of" goes by is what is shown: the
    day of the newest article quoted."""
    days = [citation["published"] for citation in answer["citations"] if citation["published"]]
    newest = day_in_words(max(days)) if days else ""
    said = [one for one in answer["opening"] if one != REPORTS_DIFFER and not _is_left_open(one)]
    if said and said[0].startswith(AS_OF) and newest:
        said[0] = f"{AS_OF}{newest}"
    return " ".join(said).rstrip(":")


def _is_left_open(sentence: str) -> bool:
    """Whether it names a part of the question whose answer is unsure: that stands beside what may answer."""
    return sentence.startswith(UNSURE)


def _columns(answer: Row) -> list[str]:
    """The columns of a compound question's table; none where there is one thing asked."""
    names = list(dict.fromkeys(name for finding in answer["findings"] for name in finding["values"]))
    return names if len(names) > 1 else []


def _sources(answer: Row) -> list[dict[str, Any]]:
    """The articles that are quoted, in the order of their numbers, each with its first quote and how many."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for quote in (*answer["citations"], *answer["closest"]):
        key = (quote["article_id"], quote["revision"])
        found.setdefault(key, {"citation": quote, "quotes": 0})["quotes"] += 1
    return list(found.values())


def _place(citation: Row) -> Place:
    return citation["article_id"], citation["revision"], citation["start"], citation["end"]


def _cards(answer: Row, above: frozenset[Place]) -> list[dict[str, Any]]:
    """Each finding with its value in words and its quotes."""
    compound = any(len(finding["values"]) > 1 for finding in answer["findings"])
    told = zip(answer["findings"], answer["lines"], strict=True)
    return [
        {
            "lead": "" if compound else _lead(finding, line, answer),
            "quotes": [
                {
                    "citation": citation,
                    "pieces": _glued(_marked(citation, finding)),
                    "short": _shortened(citation["quote"]) if _place(citation) in above else "",
                    "copied": quote_text(citation),
                }
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


def _likely(quote: Row) -> list[Piece]:
    """A quote that may answer, with the words marked that may."""
    words = quote.get("likely")
    marks = [(words["start"] - quote["start"], words["end"] - quote["start"], "may answer")] if words else []
    return pieces(quote["quote"], marks)


def _glued(cut: list[Piece]) -> list[Piece]:
    """The pieces with the last word by itself: the number of the citation stays on its line."""
    if not cut or cut[-1].label is not None:
        return cut
    before, space, word = cut[-1].text.rpartition(" ")
    return [*cut[:-1], Piece(before + space), Piece(word)] if before else cut


def _shortened(quote: str) -> str:
    return quote if len(quote) <= SHORT else quote[:SHORT].rsplit(" ", 1)[0] + "…"
