"""An article as the panel shows it: whole, with the quoted sentences marked."""

from __future__ import annotations

import re

from qa.ingest.blocks import blocks
from qa.surfaces.html.render import Piece, pieces, render
from qa.types import Article

QUOTED = "quoted"  # label of the sentence that was asked for


def article_html(article: Article, start: int | None = None, end: int | None = None) -> str:
    """A whole article with the sentence from `start` to `end` marked, ready to be scrolled to."""
    lines = [
        {"kind": block.kind, "pieces": _pieces(article.text, first, last, start, end)}
        for block in blocks(article.text)
        for first, last in _lines(article.text, block.start, block.end)
    ]
    return render("article", article=article, lines=lines)


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The lines within a stretch of text, without those that are empty."""
    return [
        (start + line.start(), start + line.end()) for line in re.finditer(r"[^\n]*\S[^\n]*", text[start:end])
    ]


def _pieces(text: str, first: int, last: int, start: int | None, end: int | None) -> list[Piece]:
    if start is None or end is None or end <= first or last <= start:
        return [Piece(text[first:last])]
    return pieces(text[first:last], [(max(first, start) - first, min(last, end) - first, QUOTED)])
