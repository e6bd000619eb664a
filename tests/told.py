"""Small articles, passages and spans for the tests of the stages between question and answer."""

from __future__ import annotations

from qa.types import Article, Hit, Passage, Span


def article(
    text: str,
    *,
    id: str = "a",
    title: str | None = None,
    published: str | None = "2025-04-25",
    outlet: str = "Reuters",
) -> Article:
    named = f"Title of {id}" if title is None else title
    return Article(id, f"rev-{id}", None, named, outlet, None, published, text)


def passage(of: Article) -> Passage:
    """The whole article as one passage."""
    return Passage(of.id, 0, len(of.text), of.text)


def span(of: Article, words: str, score: float = 0.9) -> Span:
    """The first place of these words."""
    start = of.text.index(words)
    return Span(passage(of), start, start + len(words), score)


def hit(of: Article, score: float = 1.0) -> Hit:
    return Hit(passage(of), score)
