"""Says which articles may not be told: withdrawn, never published, or under an embargo that lies ahead.

Takes what a reader found; gives the reason in words, or None. Knows nothing about stores.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from qa.ingest.dates import iso_date
from qa.types import RawArticle

HEAD_CHARS = 500  # an embargo that is written above a text stands this near its beginning

_EMBARGO = re.compile(
    r"^[\W_]*(?:(?:strict|strictly|under)\s+)?(?:embargo(?:ed)?|not for (?:publication|release"
    r"|broadcast|use) before"
    r"|hold for release)\b[\s:]*(?:for release\b)?[\s:]*(?:until|till|to|for"
    r"|before)?[\s:]*(?P<day>.{6,70}?)\s*\W*$",
    re.IGNORECASE | re.MULTILINE,
)
_UNUSABLE = frozenset(
    {"canceled", "cancelled", "killed", "kill", "withheld", "recalled", "withdrawn", "a mandatory kill"}
)


def why_held(raw: RawArticle, *, now: datetime | None = None) -> str | None:
    """Why an article must not be stored, in words; None when it may. `now` is a moment with its zone."""
    if raw.withdrawn:
        return _withdrawn(raw)
    until = embargo_of(raw)
    if until and _moment(until) > (now or datetime.now(UTC)):
        return f"{_named(raw)} is under embargo until {until}; it is held back. Load it again then."
    return None


def embargo_of(raw: RawArticle) -> str | None:
    """The moment until which an article is held back, ISO 8601, as a field or a line above the text says
    it.
    """
    if raw.embargo and (given := iso_date(raw.embargo) or _far_ahead(raw.embargo)):
        return given
    match = _EMBARGO.search(raw.text[:HEAD_CHARS])
    return (iso_date(match["day"]) or iso_date(_turned(match["day"]))) if match else None


def _far_ahead(written: str) -> str | None:
    """A moment in ISO 8601 beyond the years that news may come from: some embargoes mean "never"."""
    try:
        return datetime.fromisoformat(written.strip()).isoformat()
    except ValueError:
        return None


def _turned(day: str) -> str:
    """ "00:01 GMT, 3 March 2025" with its time behind the day, as dates are read."""
    match = re.match(
        r"(\d{1,2}[:.]?\d\d\s*(?:[ap]\.?m\.?)?\s*(?:hrs\s*)?[A-Z]{0,4})\W+(?:on\s+)?(.*\d{4}.*)$", day
    )
    return f"{match[2]} {match[1]}" if match else day


def _moment(written: str) -> datetime:
    """The first moment of a day, or the moment; without a zone it is taken as UTC."""
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _withdrawn(raw: RawArticle) -> str:
    status = (raw.withdrawn or "").strip()
    if status.lower() in _UNUSABLE:
        return (
            f"{_named(raw)} was withdrawn ({status}): it is not stored, and an earlier version leaves "
            f"the answers."
        )
    return f"{_named(raw)} is not published ({status}): it is not stored."


def _named(raw: RawArticle) -> str:
    title = " ".join((raw.title or "").split())
    return f"“{title[:80]}”" if title else "The article"
