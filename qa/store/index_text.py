"""What both indexes hold of a passage: its words under title, outlet and day, and what filters compare.

Takes plain values, gives plain values; knows nothing about the indexes themselves.
"""

from __future__ import annotations

from datetime import date

from qa.types import Filters

LAST_DAY = 99_991_231


def index_text(title: str, outlet: str | None, day: str | None, text: str) -> str:
    """The passage under a line such as "Flood in Genoa (Reuters, 3 May 2024)"; unknown parts are left out."""
    known = ", ".join(part for part in (outlet, _in_words(day)) if part)
    heading = f"{title} ({known})" if known else title
    return f"{heading}\n{text}" if heading else text


def day_number(day: str | None) -> int:
    """20250425 for "2025-04-25", 0 for no day: both indexes want numbers to compare."""
    return int(day.replace("-", "")) if day else 0


def day_bounds(filters: Filters) -> tuple[int, int] | None:
    """First and last admitted day as numbers; None when every day is. The undated are never within."""
    if filters.since is None and filters.until is None:
        return None
    first = day_number((filters.since or date.min).isoformat())
    return first, day_number(filters.until.isoformat()) if filters.until else LAST_DAY


def outlet_key(outlet: str | None) -> str:
    """What two spellings of one outlet have in common."""
    return (outlet or "").casefold()


def _in_words(day: str | None) -> str | None:
    if day is None:
        return None
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {parsed:%B} {parsed.year}"
