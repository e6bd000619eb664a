"""An article as the panel shows it: whole, with the quoted sentences marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateutil.parser import ParserError, parse

from qa.ingest.blocks import blocks
from qa.surfaces.html.render import Piece, one_line, pieces, render
from qa.types import Article

NOW, ALSO = "now", "also"  # in labels: the quote that was asked for, the others of its answer
DATELINE_CHARS = 40  # "Saturday, September 12, 2015"

Stretch = tuple[int, int]


def article_html(
    article: Article, now: Stretch | None = None, also: Sequence[Stretch] = (), *, is_old: bool = False
) -> str:
    """A whole article with the sentence at `now` marked, ready to be scrolled to, and those at `also`.

    `is_old`: there is a newer revision of it. A first line that repeats the headline or the day is left out
    unless it is quoted.
    """
    marks = [(start, end, f"{ALSO} {start}") for start, end in also if (start, end) != now]
    marks += [(*now, f"{NOW} {now[0]}")] if now else []
    found = [
        (block.kind, first, last)
        for block in blocks(article.text)
        for first, last in _lines(article.text, block.start, block.end)
    ]
    while found and _says_again(article, *found[0][1:], marks):
        found.pop(0)
    lines = [
        {"kind": kind, "pieces": _pieces(article.text, first, last, marks)} for kind, first, last in found
    ]
    return render("article", article=article, lines=lines, is_old=is_old)


def _says_again(article: Article, first: int, last: int, marks: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a line only repeats the headline or the day, which stand above."""
    if any(start < last and first < end for start, end, _ in marks):
        return False
    line = one_line(article.text[first:last])
    if line.casefold() == one_line(article.title).casefold():
        return True
    if not article.day or len(line) > DATELINE_CHARS or not re.search(r"\d", line):
        return False
    try:
        return bool(parse(line).date().isoformat() == article.day)
    except (ParserError, OverflowError, ValueError):
        return False


def _lines(text: str, start: int, end: int) -> list[Stretch]:
    """The lines within a stretch of text, without those that are empty."""
    return [
        (start + line.start(), start + line.end()) for line in re.finditer(r"[^\n]*\S[^\n]*", text[start:end])
    ]


def _pieces(text: str, first: int, last: int, marks: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """A line with what is marked of it; the quote that was asked for goes before those that overlap it."""
    within = [
        (max(first, start) - first, min(last, end) - first, label)
        for start, end, label in marks
        if start < last and first < end and start < end
    ]
    now = [mark for mark in within if mark[2].startswith(NOW)]
    others = [mark for mark in within if mark not in now and not any(_meet(mark, one) for one in now)]
    return pieces(text[first:last], [*now, *others])


def _meet(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
