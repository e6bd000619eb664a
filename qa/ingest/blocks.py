"""Cuts an article's text into title, lede, headings, list items, body, posts, captions and trailing sources.

Takes text whose paragraphs are lines, as `clean` leaves it; gives blocks in order, with nothing but white
space between them. Judges by the shape of lines; knows nothing about files or pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.english.captions import is_caption
from qa.types import Block, BlockKind

HEADING_WORDS = 16  # longer lines without a full stop are body: captions, bylines run together
HEADING_CHARS = 120
PARAGRAPH_WORDS = 12  # a line this long can carry a heading above it
POST_CHARS = 700  # longest line that is taken as the text of an embedded post
SOURCE_CHARS = 300  # longest line in a list of sources: a title, an outlet, a date, an address
SOURCE_LINES = 60

_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+\S")
_BULLET = re.compile(r"(?:[-*•●▪‣◦·➢►■□–]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S")
_FINAL = (".", "!", "…", ":", ";", ",", ".”", '."', "!”", '!"', "?”", '?"', ".)", "—", "–")
_CREDIT = re.compile(
    r"[—–-]{1,2}\s?\S.{0,80}\(@\w{1,30}\)|(?:A post shared by|View this post on)\b", re.IGNORECASE
)
_POST_LINK = re.compile(r"pic\.(?:twitter|x)\.com/|https?://t\.co/\w")
_POST_NOTE = re.compile(
    r"A post shared by\b|View this post on \w|View on \w+$|(?:Tweet|Post) by @\w", re.IGNORECASE
)
_EMOJI_FIRST = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B50\u2B55\uFE0F]{1,8}\s*\S")
_SOURCES_HEAD = re.compile(
    r"(?:#{1,6}\s*)?(?:sources?|references?|citations|further reading|external links"
    r"|related (?:articles|stories|links|news|coverage)|see also|read more)\s*:?\s*$",
    re.IGNORECASE,
)
_SOURCES_LINE = re.compile(r"sources?\s*:\s+\S", re.IGNORECASE)
_LINE = re.compile(r"\S[^\n]*")


def blocks(text: str, *, title: str | None = None) -> tuple[Block, ...]:
    """The blocks of `text`, in order. `title`, where known, tells a title line from a heading."""
    lines = [(m.start(), m.start() + len(m.group().rstrip())) for m in _LINE.finditer(text)]
    content = [text[start:end] for start, end in lines]
    pictures = next((n for n, line in enumerate(content) if is_caption(line)), len(content))
    end_of_story = min(_sources_begin(content[:pictures]), pictures)
    kinds = _kinds(content[:end_of_story], title)
    found = [Block(kind, *line) for kind, line in zip(kinds, lines, strict=False)]
    if end_of_story < pictures:
        found.append(Block("sources", lines[end_of_story][0], lines[pictures - 1][1]))
    found += [Block("caption", *line) for line in lines[pictures:]]
    return tuple(_with_posts_joined(found))


def _kinds(lines: Sequence[str], title: str | None) -> list[BlockKind]:
    kinds: list[BlockKind] = [_kind(line) for line in lines]
    _mark_posts(lines, kinds)
    _mark_headings(lines, kinds)
    if kinds and _is_title(lines, kinds, title):
        kinds[0] = "title"
    if "body" in kinds:
        kinds[kinds.index("body")] = "lede"
    return kinds


def _kind(line: str) -> BlockKind:
    if is_caption(line):
        return "caption"
    if _MARKDOWN_HEADING.match(line):
        return "heading"
    if _CREDIT.match(line) or _POST_NOTE.match(line):
        return "embed"
    if len(line) <= POST_CHARS and _POST_LINK.search(line):
        return "embed"
    return "list" if _BULLET.match(line) else "body"


def _mark_posts(lines: Sequence[str], kinds: list[BlockKind]) -> None:
    """Gives a post its text: the line above its credit, "— Name (@handle)", and emoji-led ones above that."""
    for at in range(1, len(lines)):
        if kinds[at] != "embed" or not _CREDIT.match(lines[at]):
            continue
        above = at - 1
        if kinds[above] in ("body", "list") and len(lines[above]) <= POST_CHARS and above > 0:
            kinds[above] = "embed"
        while above > 0 and kinds[above - 1] == "body" and _EMOJI_FIRST.match(lines[above - 1]):
            above -= 1
            kinds[above] = "embed"


def _mark_headings(lines: Sequence[str], kinds: list[BlockKind]) -> None:
    for at in range(len(lines) - 2, -1, -1):
        if kinds[at] == "body" and _is_short(lines[at]) and _carries_heading(lines, kinds, at + 1):
            kinds[at] = "heading"


def _is_short(line: str) -> bool:
    """Whether a line has the shape of a heading: short, begun like a sentence, not ended like one."""
    if len(line) > HEADING_CHARS or len(line.split()) > HEADING_WORDS or line.endswith(_FINAL):
        return False
    first = line.lstrip("\"'“‘¿¡(")[:1]
    return first.isupper() or first.isdigit() or (first.isalpha() and not first.islower())


def _carries_heading(lines: Sequence[str], kinds: Sequence[BlockKind], below: int) -> bool:
    line = lines[below]
    if kinds[below] in ("list", "heading"):
        return True
    if kinds[below] in ("embed", "caption"):
        return False
    return len(line.split()) >= PARAGRAPH_WORDS or (
        line.endswith((".", "!", "?", ".”", '."')) and len(line) > 20
    )


def _is_title(lines: Sequence[str], kinds: Sequence[BlockKind], title: str | None) -> bool:
    if title and _folded(lines[0].lstrip("# ")) == _folded(title):
        return True
    return kinds[0] == "heading" and len(lines) > 1 and kinds[1] != "list"


def _folded(line: str) -> str:
    return "".join(char for char in line.casefold() if char.isalnum())


def _sources_begin(lines: Sequence[str]) -> int:
    """Number of the line where a trailing list of sources begins; the number of lines when there is none."""
    for at in range(max(1, len(lines) - SOURCE_LINES), len(lines)):
        rest = lines[at + 1 :]
        headed = _SOURCES_HEAD.match(lines[at]) and rest
        credited = _SOURCES_LINE.match(lines[at]) and len(lines[at]) <= SOURCE_CHARS and len(rest) <= 2
        if (headed or credited) and all(map(_is_reference, rest)):
            return at
    return len(lines)


def _is_reference(line: str) -> bool:
    """Whether a line may stand in a list of sources: short, and no paragraph of the story."""
    return len(line) <= SOURCE_CHARS and not (line.endswith(".") and len(line.split()) > PARAGRAPH_WORDS)


def _with_posts_joined(found: Sequence[Block]) -> list[Block]:
    """Neighbouring lines of embedded posts as one block a post: a credit line ends one."""
    joined: list[Block] = []
    for block in found:
        if block.kind == "embed" and joined and joined[-1].kind == "embed":
            joined[-1] = Block("embed", joined[-1].start, block.end)
        else:
            joined.append(block)
    return joined
