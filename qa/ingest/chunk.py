"""Cuts an article into passages: whole sentences, filled up to a number of words.

Takes an article and its blocks, gives passages in order. Source lists are left out, and so are the headline
repeated above a story and a bare dateline: both are facts of the article. A heading goes with what follows
it, an embedded post stands alone, and so does a caption. Knows nothing about embeddings or stores.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.english.sentences import sentences
from qa.types import Article, Block, Passage

MAX_WORDS = 110  # 150 finds more of MultiHop-RAG's facts, at a third more reading (benchmarks/README.md)
TINY_WORDS = 25  # a passage this short says too little to be found or read by itself

HEAD_CHARS = 400  # a repeated headline and a dateline stand this near a text's beginning
DATELINE_CHARS = 90
_DAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    r"(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:,?\s+\d{4})?"
    r"|\d{1,2}\s+(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?(?:,?\s+\d{4})?"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
)
# "LONDON, March 3 —", "Friday, 25 April 2025, 10:30 GMT", "Updated: 3 May 2025": a line that says nothing
# else
_BARE_DATELINE = re.compile(
    rf"(?:(?:first |last )?(?:published|updated|posted|date|modified)\s*(?:on|at|:)?\s*)?"
    rf"(?:[^\W\d_][\w.'’ -]{{1,40}},?\s+(?:\([\w ]{{2,20}}\)\s*)?)?{_DAY}"
    rf"(?:\s*[,|•·-]?\s*(?:at\s+)?\d{{1,2}}[:.]\d\d(?:\s*[ap]\.?m\.?)?(?:\s*[A-Z]{{2,5}})?)?"
    rf"\s*(?:\([\w ]{{2,30}}\))?\s*[—–-]*",
    re.IGNORECASE,
)

# What counts as a word: a run without white space, or 30 characters of a longer one (an address, base64), or
# one Chinese or Japanese character, or two Korean ones; so that every script gives bounded passages.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[\uac00-\ud7af]{1,2}|[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,30}"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or part of one that is too long: what passages are filled with."""

    start: int
    end: int
    words: int


def chunk(article: Article, blocks: Sequence[Block], *, max_words: int = MAX_WORDS) -> tuple[Passage, ...]:
    """The passages of `article`, in order, apart, none longer than `max_words`; `()` when all is sources.

    Every character of the other blocks, white space aside, is in exactly one passage. An article that is
    nothing but its headline keeps it.
    """
    text = article.text
    told = [block for block in blocks if not _is_told_elsewhere(article, block)]
    if any(block.kind not in ("sources", "caption") for block in told):
        blocks = told
    return tuple(
        Passage(article.id, run[0].start, run[-1].end, text[run[0].start : run[-1].end])
        for stretch in _stretches(blocks)
        for run in _filled(text, stretch, max_words)
    )


def _is_told_elsewhere(article: Article, block: Block) -> bool:
    """Whether a block near the top repeats the headline, or says only where and when."""
    if block.start > HEAD_CHARS or block.kind in ("sources", "caption", "list", "embed"):
        return False
    line = article.text[block.start : block.end].lstrip("# ")
    if len(line) > DATELINE_CHARS:
        return _folded(line) == _folded(article.title) if block.start == 0 else False
    return _folded(line) == _folded(article.title) or _BARE_DATELINE.fullmatch(line) is not None


def _folded(line: str) -> str:
    return "".join(char for char in line.casefold() if char.isalnum())


def _stretches(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Runs of blocks that may share passages: a post with its headings is one, sources are none.

    A heading begins none. Many a short line looks like one, and a short section says little by itself: with
    sections apart RealTime QA had 15 % more passages, and MultiHop-RAG's facts at 10 fell by .013.
    """
    stretch: list[Block] = []
    for block in blocks:
        if block.kind == "embed":
            last = max((n for n, held in enumerate(stretch, 1) if not _is_heading(held)), default=0)
            yield stretch[:last]
            yield [*stretch[last:], block]
            stretch = []
        elif block.kind == "sources":
            yield stretch
            stretch = []
        elif block.kind == "caption":
            yield stretch
            yield [block]
            stretch = []
        else:
            stretch.append(block)
    yield stretch


def _is_heading(block: Block) -> bool:
    return block.kind in ("heading", "title")


def _filled(text: str, stretch: Sequence[Block], max_words: int) -> list[list[_Piece]]:
    """The pieces of a stretch in runs of at most `max_words`, the last not tiny where that can be helped."""
    runs: list[list[_Piece]] = []
    for piece in _pieces(text, stretch, max_words):
        if runs and _words(runs[-1]) + piece.words <= max_words:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    while len(runs) > 1 and _words(runs[-1]) < TINY_WORDS and _can_give(runs[-2], runs[-1], max_words):
        runs[-1].insert(0, runs[-2].pop())
    return runs


def _words(run: Sequence[_Piece]) -> int:
    return sum(piece.words for piece in run)


def _can_give(giver: Sequence[_Piece], taker: Sequence[_Piece], max_words: int) -> bool:
    left = _words(giver) - giver[-1].words
    return left >= TINY_WORDS and giver[-1].words + _words(taker) <= max_words


def _pieces(text: str, stretch: Sequence[Block], max_words: int) -> Iterator[_Piece]:
    """The sentences of a stretch, in order; headings are one piece with the first sentence below them."""
    headings: list[_Piece] = []
    for block in stretch:
        room = max_words - _words(headings)
        pieces = [
            part
            for start, end in sentences(text, block.start, block.end)
            for part in _parts(text, start, end, room)
        ]
        if _is_heading(block) and room - _words(pieces) >= max_words // 2:
            headings += pieces
        elif pieces:
            yield _joined([*headings, pieces[0]])
            yield from pieces[1:]
            headings = []
    if headings:
        yield _joined(headings)


def _joined(pieces: Sequence[_Piece]) -> _Piece:
    return _Piece(pieces[0].start, pieces[-1].end, _words(pieces))


def _parts(text: str, start: int, end: int, room: int) -> list[_Piece]:
    """A sentence as one piece, or, longer than `room` words, as equal ones cut between words."""
    size = len(_WORD.findall(text, start, end))
    if size <= room:
        return [_Piece(start, end, size)]
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    count = -(-len(words) // room)
    borders = [len(words) * number // count for number in range(count + 1)]
    return [
        _Piece(words[first][0], words[last - 1][1], last - first)
        for first, last in itertools.pairwise(borders)
    ]
