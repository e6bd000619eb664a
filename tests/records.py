"""Records of one question each, to measure: what was ranked and answered, small enough to check by hand."""

from __future__ import annotations

from typing import Any

from qa.evaluate import measures
from qa.types import Answer, Article, Citation, Finding, Passage, Quote, Span

TEXT = "A bomb killed Gen. Igor Kirillov in Moscow. Ukraine's security service claimed it."
ARTICLE = Article("a", "1", None, "Bomb", None, None, "2024-12-17", TEXT)
PASSAGE = Passage("a", 0, len(TEXT), TEXT)


def value(words: str, score: float = 0.9) -> Span:
    start = TEXT.index(words)
    return Span(PASSAGE, start, start + len(words), score)


def an_answer(words: str, *, quote: str = TEXT, score: float = 0.9) -> Answer:
    start = TEXT.index(quote)
    citation = Citation(1, Quote(ARTICLE, start, start + len(quote)))
    finding = Finding({"who": value(words, score)}, (1,), 1)
    return Answer("?", "?", "answered", f"{words} [1]", findings=(finding,), citations=(citation,))


NOT_FOUND = Answer("?", "?", "not_found", "The articles do not say.")


def a_record(
    answer: Answer | None = None,
    *,
    ranked: measures.Ranked = (),
    unchecked: Answer | None = None,
    **about: Any,
) -> measures.Record:
    return measures.Record(
        measures.Question("q", "Who was killed?", **about), ranked, 1.0, answer, unchecked, 2.0
    )
