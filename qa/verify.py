"""The last gate: takes an Answer, gives the part of it that stands on stored quotes.

A quote must be a slice of a stored revision, a value must stand inside its finding's quotes, and the numbers
in the text must be the citations, no more and no fewer. What fails is dropped; if nothing is left, nothing
was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from qa.errors import NotStored
from qa.types import Answer, Article, Citation, Finding, Quote, Span

NOTHING_LEFT = "The articles do not answer that."
_MARK = re.compile(r"\[(\d+)\]")


def verify(answer: Answer, article_of: Callable[[str, str], Article]) -> Answer:
    """The answer without what cannot be shown. `article_of(id, revision)` raises NotStored."""
    closest = tuple(quote for quote in answer.closest if _stands(quote, article_of))
    if answer.status == "not_found":
        return replace(answer, closest=closest)
    sound = {
        citation.number: citation for citation in answer.citations if _stands(citation.quote, article_of)
    }
    findings = [finding for finding in answer.findings if _is_shown(finding, sound)]
    used = {number for finding in findings for number in finding.citations}
    lines = [line for line in answer.text.splitlines() if set(_marks(line)) <= used]
    in_text = {number for line in lines for number in _marks(line)}
    findings = [finding for finding in findings if set(finding.citations) <= in_text]
    if not findings:
        return replace(
            answer, status="not_found", text=NOTHING_LEFT, findings=(), citations=(), closest=closest
        )
    return _renumbered(replace(answer, closest=closest), lines, findings, sound)


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
    return [int(number) for number in _MARK.findall(line)]


def _renumbered(
    answer: Answer, lines: list[str], findings: list[Finding], sound: dict[int, Citation]
) -> Answer:
    """Citations numbered from 1 in the order of their first use in the text; each used, none twice."""
    text = "\n".join(lines)
    order = list(dict.fromkeys(_marks(text)))
    number = {old: new for new, old in enumerate(order, start=1)}
    return replace(
        answer,
        text=_MARK.sub(lambda match: f"[{number[int(match.group(1))]}]", text),
        findings=tuple(
            replace(finding, citations=tuple(number[old] for old in finding.citations))
            for finding in findings
        ),
        citations=tuple(Citation(number[old], sound[old].quote) for old in order),
    )
