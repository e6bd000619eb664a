"""Takes the byline that stands above a story apart: "By Jane Doe, Norvik Times, 3 March 2025".

Takes a text whose paragraphs are lines; gives the facts of such a line and the text without it. A line that
says anything else is the story's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.ingest.dates import DATE_IN_WORDS, iso_date

HEAD_LINES = 6  # a byline stands below the headline, a summary and a picture at most
BYLINE_CHARS = 140

_NAME = (
    r"(?:[A-ZÀ-Þ][\w.'’-]*|de|del|der|den|di|da|dos|du|van|von|ter|la|le|el|al|bin|ibn|abu|y|e)"
    r"(?:\s(?:[A-ZÀ-Þ][\w.'’-]*|de|del|der|den|di|da|dos|du|van|von|ter|la|le|el|al|bin|ibn|abu|y|e)){1,4}"
)
_NAMES = rf"{_NAME}(?:(?:,\s|\sand\s|,\sand\s|\s&\s){_NAME})*?"
_BYLINE = re.compile(
    rf"(?:(?:(?i:story|words|report|reporting|text|written|posted)\s)?(?i:by):?\s)(?P<names>{_NAMES})"
    r"(?:\s*(?:,|\||•|·|—|–|\s-|\(|/)\s*(?P<rest>.{2,90}))?"
)
_JOB = re.compile(
    r"(?:(?:senior|chief|political|foreign|crime|business|sports?|science|health|europe|staff|special|our|and|the|in|for)\s)*"
    r"(?:writers?|reporters?|correspondents?|editors?|columnists?|bureau chief|journalist"
    r"|contributor)\b.{0,40}",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"^[\s,|•·at-]*\d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?)?\s*[A-Z]{0,5}\s*$", re.IGNORECASE)

_WEEKDAY = re.compile(
    r"(?:on )?(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Byline:
    """What a line says of who wrote a story, for whom and when; None for what it does not say."""

    author: str
    outlet: str | None = None
    published: str | None = None


def byline_apart(text: str) -> tuple[Byline | None, str]:
    """The byline among the first lines, and the text without that line; None and the text where there is
    none.
    """
    lines = text.split("\n", HEAD_LINES)
    for number, line in enumerate(lines[:HEAD_LINES]):
        found = byline_of(line.strip())
        rest = [each for each in [*lines[:number], *lines[number + 1 :]] if each]
        if found and any(len(each) > BYLINE_CHARS // 3 for each in rest):
            return found, "\n".join([*lines[:number], *lines[number + 1 :]]).strip()
    return None, text


def byline_of(line: str) -> Byline | None:
    """What a line says that is a byline and nothing else; None for any other."""
    match = _BYLINE.fullmatch(line) if 6 < len(line) <= BYLINE_CHARS else None
    if match is None or re.search(r"[a-z]{3}[.!?]$", line):
        return None
    rest = match["rest"] or ""
    dated = DATE_IN_WORDS.search(rest)
    published = iso_date(rest[dated.start() :]) or iso_date(dated.group()) if dated else None
    left = rest[: dated.start()] if dated else rest
    pieces = [piece.strip(" ,)") for piece in re.split(r"\s*(?:,|\||•|·|—|–|\s-\s|\()\s*", left)]
    named = [
        piece
        for piece in pieces
        if piece and not _JOB.fullmatch(piece) and not _CLOCK.match(piece) and not _WEEKDAY.fullmatch(piece)
    ]
    if len(named) > 1 or any(not re.match(r"[A-ZÀ-Þ]", piece) or len(piece.split()) > 6 for piece in named):
        return None
    return Byline(match["names"], named[0] if named else None, published)
