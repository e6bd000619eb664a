"""Reads a date in any usual spelling and gives it as ISO 8601. Strict: nonsense gives None, never a guess.

A day stays a day ("2025-04-25"); a moment keeps its time, and its offset from UTC where one was written.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

FIRST_YEAR = 1605  # the first newspaper
LAST_YEAR = date.today().year + 1  # embargoed and mistaken time zones; anything later is nonsense
_LONGEST = 80  # characters; longer strings are prose that mentions a date

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH = rf"(?:{_MONTHS})[a-z]*\.?"
_YEAR = r"(?:1[6-9]|20)\d\d"
DATE_IN_WORDS = re.compile(
    rf"\b(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{_YEAR}|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+{_YEAR}"
    rf"|{_YEAR}-\d\d-\d\d)\b",
    re.IGNORECASE,
)

_LEAD = re.compile(
    r"^(?:(?:first |last |originally )?(?:published|posted|updated|modified|created|date|on|at)\b[\s:]*)+",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"-?\d{9,10}(?:\.\d+)?|\d{13}|\d{16}|\d{19}")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z?))?")
_PARTS = re.compile(r"(\d{1,4})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{1,4})(?:[\sT,]+(.*))?")
_ZONES = {
    "UTC": 0, "GMT": 0, "UT": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "IST": 5.5,
    "EST": -5, "EDT": -4, "ET": -5, "CST": -6, "CDT": -5, "CT": -6, "MST": -7, "MDT": -6, "MT": -7,
    "PST": -8, "PDT": -7, "PT": -8, "SGT": 8, "HKT": 8, "JST": 9, "AEST": 10, "AEDT": 11, "NZST": 12,
}  # fmt: skip


def iso_date(written: Any) -> str | None:
    """ISO 8601 for a date as written, or for seconds or milliseconds since 1970; None for anything else."""
    if isinstance(written, bool) or written is None:
        return None
    if isinstance(written, int | float):
        return _from_epoch(float(written))
    text = _LEAD.sub("", " ".join(str(written).split())).strip(" .,;|·•")
    if not any(char.isdigit() for char in text[:_LONGEST]) or len(text) > _LONGEST:
        return None
    if _EPOCH.fullmatch(text):
        return _from_epoch(float(text))
    return _from_iso(text) or _from_compact(text) or _from_numbers(text) or _from_words(text)


def _from_epoch(number: float) -> str | None:
    """Seconds, or milli-, micro- or nanoseconds, by size: seconds reach the year 2286 at ten digits."""
    for scale in (1, 1e3, 1e6, 1e9):
        if abs(number) / scale < 1e10:
            break
    seconds = number / scale
    if not 1e8 <= abs(seconds) < 1e10:  # 1973; smaller numbers are counts and years, not moments
        return None
    return _sane(datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds"))


def _from_iso(text: str) -> str | None:
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        return None
    if re.fullmatch(r"\d{4}-?(?:\d\d-?\d\d|W\d\d.*)", text):
        return _sane(moment.date().isoformat())
    return _written(moment)


def _from_compact(text: str) -> str | None:
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    clock = f"T{hour}:{minute}:{second or '00'}{zone}" if hour else ""
    return _from_iso(f"{year}-{month}-{day}{clock}")


def _from_numbers(text: str) -> str | None:
    """25.04.2025, 04/25/2025, 2025/4/25. Where both are possible, points: day first, strokes: month first."""
    match = _PARTS.fullmatch(text)
    if match is None:
        return None
    first, second, third, clock = int(match[1]), int(match[2]), int(match[3]), match[4]
    if len(match[1]) == 4:
        year, month, day = first, second, third
    elif len(match[3]) in (2, 4):
        year = third if len(match[3]) == 4 else _full_year(third)
        month, day = (second, first) if first > 12 or ("." in text[:3] and second <= 12) else (first, second)
    else:
        return None
    try:
        written = date(year, month, day).isoformat()
    except ValueError:
        return None
    return (_from_words(f"{written} {clock}") if clock else None) or _sane(written)


def _full_year(short: int) -> int:
    return 2000 + short if 2000 + short <= LAST_YEAR else 1900 + short


def _from_words(text: str) -> str | None:
    """Spelled-out dates, read against two defaults: what differs between them was not written."""
    if not re.search(rf"\b{_YEAR}\b", text):
        return None
    from dateutil import parser

    zones = {name: int(hours * 3600) for name, hours in _ZONES.items()}
    try:
        one, two = (
            parser.parse(text, default=default, tzinfos=zones, dayfirst=False)
            for default in (datetime(2004, 1, 1, 0, 0), datetime(2008, 2, 2, 1, 1))
        )
    except (parser.ParserError, OverflowError, ValueError, TypeError, AttributeError):
        return None
    if one.date() != two.date():
        return None
    if one.timetz() != two.timetz():  # no time of day was written
        return _sane(one.date().isoformat())
    return _written(one)


def _written(moment: datetime) -> str | None:
    """A moment as ISO 8601; midnight without a zone is a day that some program padded."""
    if moment.tzinfo is None and not (moment.hour or moment.minute or moment.second):
        return _sane(moment.date().isoformat())
    return _sane(moment.replace(microsecond=0).isoformat())


def _sane(written: str) -> str | None:
    return written if FIRST_YEAR <= int(written[:4]) <= LAST_YEAR else None
