"""The last gate: takes an Answer, gives the part of it that stands on stored quotes.

A quote must be a slice of a stored revision, a value must stand inside its finding's quotes, and every
citation must be used. What fails is dropped; if nothing is left, nothing was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from qa.answer.compose import NOT_ANSWERED
from qa.answer.text import MARK
from qa.errors import NotStored
from qa.types import Answer, Article, Citation, Finding, Line, Quote, Span


def verify(answer: Answer, article_of: Callable[[str, str], Article]) -> Answer:
    """The answer without what cannot be shown. `article_of(id, revision)` raises NotStored."""
    closest = tuple(quote for quote in answer.closest if _stands(quote, article_of))
    if answer.status != "answered":
        lost = answer.status == "unsure" and not closest
        return replace(answer, status="not_found" if lost else answer.status, closest=closest)
    sound = {
        citation.number: citation for citation in answer.citations if _stands(citation.quote, article_of)
    }
    kept = [
        (finding, line)
        for finding, line in zip(answer.findings, answer.lines, strict=True)
        if _is_shown(finding, sound)
    ]
    if not kept:
        return replace(
            answer,
            status="not_found",
            opening=(NOT_ANSWERED,),
            prose="",
            lines=(),
            findings=(),
            citations=(),
            closest=closest,
        )
    carried_by = {number for finding, _ in kept for number in finding.citations}
    if not set(_marks(answer.prose)) <= carried_by:
        answer = replace(answer, prose="", written_by=None)
    return _renumbered(replace(answer, closest=closest), kept, sound)


def _stands(quote: Quote, article_of: Callable[[str, str], Article]) -> bool:
    try:
        stored = article_of(quote.article.id, quote.article.revision)
    except NotStored:
        return False
    inside = 0 <= quote.start < quote.end <= len(stored.text)
    return (
        inside
        and stored.revision == quote.article.revision
        and stored.text[quote.start : quote.end] == quote.text
    )


def _is_shown(finding: Finding, sound: dict[int, Citation]) -> bool:
    """Whether all its citations stand and hold all its values."""
    if not finding.citations or not all(number in sound for number in finding.citations):
        return False
    quotes = [sound[number].quote for number in finding.citations]
    return bool(finding.values) and all(
        any(_holds(quote, span) for quote in quotes) for span in finding.values.values()
    )


def _holds(quote: Quote, span: Span) -> bool:
    return (
        quote.article.id == span.passage.article_id
        and quote.start <= span.start < span.end <= quote.end
        and quote.article.text[span.start : span.end] == span.text
    )


def _marks(line: str) -> list[int]:
    return [int(number) for number in MARK.findall(line)]


def _renumbered(
    answer: Answer, kept: Sequence[tuple[Finding, Line]], sound: Mapping[int, Citation]
) -> Answer:
    """Citations numbered from 1 in the order of their first use in the text; each used, none twice.

    Without the prose that retold it, a finding is told in its own line.
    """
    lines = [replace(line, retold=line.retold and bool(answer.prose)) for _, line in kept]
    told = [*_marks(answer.prose), *(number for finding, _ in kept for number in finding.citations)]
    order = list(dict.fromkeys(told))
    new = {old: number for number, old in enumerate(order, start=1)}

    def renumber(numbers: Iterable[int]) -> tuple[int, ...]:
        return tuple(new[old] for old in numbers)

    return replace(
        answer,
        prose=MARK.sub(lambda match: f"[{new[int(match[1])]}]", answer.prose),
        lines=tuple(replace(line, citations=renumber(line.citations)) for line in lines),
        findings=tuple(replace(finding, citations=renumber(finding.citations)) for finding, _ in kept),
        citations=tuple(Citation(new[old], sound[old].quote) for old in order),
    )
