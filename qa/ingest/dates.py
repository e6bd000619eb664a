"""Reads a date in any usual spelling and gives it as ISO 8601. Strict: nonsense gives None, never a guess.

A day stays a day ("2025-04-25"); a moment keeps its time, and its offset from UTC where one was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, ClassVar

from dateutil import parser, tz

from qa.english import lexicon
from qa.english.months import DAY_AND_MONTH, MONTH

FIRST_YEAR = 1605  # the first newspaper
LAST_YEAR = date.today().year + 1  # embargoed and mistaken time zones; anything later is nonsense
_LONGEST = 80  # characters; longer strings are prose that mentions a date

_YEAR = r"(?:1[6-9]|20)\d\d"
DATE_IN_WORDS = re.compile(rf"\b(?:{DAY_AND_MONTH},?\s+{_YEAR}|{_YEAR}-\d\d-\d\d)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:(?:first|last|originally|date|date of) )?"
    r"(?:published|posted|updated|modified|created|issued|publication|date|on|at)\b[\s:]*)+",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"-?\d{9,10}(?:\.\d+)?|\d{13}|\d{16}|\d{19}")
_NUMBERS = re.compile(r"(\d{1,4})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{1,4})(?:[\sT,|·–-]+(.*))?")
_SHORT_YEAR = re.compile(
    rf"(\b\d{{1,2}}(?:st|nd|rd|th)?[\s-]{MONTH}[\s,-]+|\b{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,\s)['’]?(\d\d)(?![\d:.])",
    re.IGNORECASE,
)
_HOUR_MINUTE = re.compile(r"(?<![\d.:])(\d|[01]\d|2[0-4])(?:\.|\s?h\s?)([0-5]\d)(?!\d|\.\d)", re.IGNORECASE)
_BARE_TIME_FIRST = re.compile(r"^([01]\d|2[0-4])([0-5]\d)\s?(?=(?:hrs|hours|h|[A-Z]{2,5})\b)")
_MIDNIGHT = re.compile(r"([T\s,]|^)24(:?)00((?:\2?00)?)(?!\d)")
_OFFSET = re.compile(
    r"\s*(?<![A-Za-z])(?:GMT|UTC|UT)\s?([+−–-])\s?(\d{1,2})(?::?([0-5]\d))?(?!\d)", re.IGNORECASE
)
_NAMED_AGAIN = re.compile(
    r"(?:(?:(?<=[+-]\d{4})|(?<=[+-]\d\d:\d\d)|(?<=Z))\s*\([^()]{2,60}\)|\[[A-Za-z_]+(?:/[A-Za-z_]+)+\])\s*$"
)

# Offsets in hours. Where one name means two zones, the one that English-language news prints more often.
_ZONES = {
    "UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "WAT": 1,
    "CEST": 2, "MESZ": 2, "EET": 2, "CAT": 2, "SAST": 2, "EEST": 3, "MSK": 3, "EAT": 3, "IDT": 3, "TRT": 3,
    "AST": -4, "IRST": 3.5, "GST": 4, "MSD": 4, "AFT": 4.5, "PKT": 5, "UZT": 5, "IST": 5.5, "NPT": 5.75,
    "BDT": 6, "ICT": 7, "WIB": 7, "SGT": 8, "HKT": 8, "PHT": 8, "MYT": 8, "AWST": 8, "WITA": 8, "JST": 9,
    "KST": 9, "WIT": 9, "ACST": 9.5, "AEST": 10, "ACDT": 10.5, "AEDT": 11, "NZST": 12, "NZDT": 13, "FJT": 12,
    "NST": -3.5, "NDT": -2.5, "ADT": -3, "BRT": -3, "ART": -3, "UYT": -3, "CLST": -3, "CLT": -4, "BOT": -4,
    "VET": -4, "EST": -5, "EDT": -4, "COT": -5, "PET": -5, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
# Names that do not say whether it is summer; the day does.
_PLACES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "AKT": "America/Anchorage", "AET": "Australia/Sydney", "NZT": "Pacific/Auckland", "UKT": "Europe/London",
}  # fmt: skip
_ZONE_WORDS = lexicon.heads("time_zones")  # "edt" of "eastern daylight"
_ZONE_IN_WORDS = re.compile(rf"\b({lexicon.one_of(_ZONE_WORDS)})\s+time\b", re.IGNORECASE)
_FILLERS = ("the", "o", "clock", "hrs", "hours", "uhr", "um", "à", "local", "time")


class _Spelling(parser.parserinfo):  # type: ignore[misc]  # dateutil says nothing of its types
    """Words that dateutil passes over besides, weekdays too: it would work out a missing day from one."""

    WEEKDAYS: ClassVar[list[tuple[str, ...]]] = []
    JUMP: ClassVar[list[str]] = [*parser.parserinfo.JUMP, *lexicon.words("weekdays"), *_FILLERS, *"|•·–—’()"]
    AMPM: ClassVar[list[tuple[str, ...]]] = [("am", "a"), ("pm", "p", "noon")]


def iso_date(written: Any, *, day_first: bool = False) -> str | None:
    """ISO 8601 for a date as written, or for seconds or milliseconds since 1970; None for anything else.

    `day_first`: how 05/04/2024 is meant, where both readings are possible.
    """
    if isinstance(written, bool) or written is None:
        return None
    if isinstance(written, int | float):
        return _from_epoch(float(written))
    text = _LEAD.sub("", " ".join(str(written).split())).strip(" .,;|·•")
    if not any(char.isdigit() for char in text[:_LONGEST]) or len(text) > _LONGEST + 40:
        return None
    if _EPOCH.fullmatch(text):
        return _from_epoch(float(text))
    text = _usual_offset(text)
    if len(text) > _LONGEST:
        return None
    text, next_day = _without_24(text)
    found = _from_iso(text) or _from_numbers(text, day_first) or _from_words(text)
    return _a_day_later(found) if found and next_day else found


def is_day_first(language: str | None, host: str | None = None) -> bool:
    """Whether 05/04/2024 is the fifth of April in a language ("en-GB"), or on a host
    ("news.example.co.uk").
    """
    tag, _, country = (language or "").replace("_", "-").partition("-")
    if country and tag.lower() == "en":
        return country[-2:].upper() not in ("US", "PH", "CA")
    if host and host.endswith(_DAY_FIRST):
        return True
    return tag.lower() not in ("", "en", "zh", "ja", "ko", "hu")


_DAY_FIRST = (
    ".uk", ".ie", ".au", ".nz", ".in", ".za", ".eu", ".de", ".fr", ".es", ".it", ".nl", ".ng", ".ke", ".pk",
    ".sg", ".my",
)  # fmt: skip


def _from_epoch(number: float) -> str | None:
    """Seconds, or milli-, micro- or nanoseconds, by size: seconds reach the year 2286 at ten digits."""
    for scale in (1, 1e3, 1e6, 1e9):
        if abs(number) / scale < 1e10:
            break
    seconds = number / scale
    if not 1e8 <= abs(seconds) < 1e10:  # 1973; smaller numbers are counts and years, not moments
        return None
    return _sane(datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds"))


def _usual_offset(text: str) -> str:
    """`GMT+0100` as +01:00, the zone's name in brackets behind it dropped, as JavaScript and Java print them.

    POSIX and dateutil read the sign the other way round; whoever writes a date means hours ahead of
    Greenwich.
    """
    text = _OFFSET.sub(
        lambda match: f" {'+' if match[1] == '+' else '-'}{int(match[2]):02}:{match[3] or '00'}", text
    )
    return _NAMED_AGAIN.sub("", text)


def _without_24(text: str) -> tuple[str, bool]:
    """The text with 00:00 for its 24:00, and whether that is the next day's."""
    mended = _MIDNIGHT.sub(r"\g<1>00\g<2>00\g<3>", text, count=1)
    return mended, mended != text


def _a_day_later(found: str) -> str:
    if len(found) == 10:
        return (date.fromisoformat(found) + timedelta(days=1)).isoformat()
    return (datetime.fromisoformat(found) + timedelta(days=1)).isoformat()


def _from_iso(text: str) -> str | None:
    """In full or without marks: 2025-04-25, 20250425T101500Z, 20250425101500."""
    try:
        return _sane(date.fromisoformat(text).isoformat())
    except ValueError:
        pass
    unmarked = text[:12].isdecimal()
    try:
        return _written(datetime.fromisoformat(f"{text[:8]}T{text[8:]}" if unmarked else text))
    except ValueError:
        return None


def _from_numbers(text: str, day_first: bool) -> str | None:
    """25.04.2025, 04/25/2025, 2025/4/25. Where both are possible, points: day first; else as `day_first`
    says.
    """
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    first, second, third, clock = int(match[1]), int(match[2]), int(match[3]), match[4]
    points = "." in text[: match.start(2)]
    if len(match[1]) == 4:
        year, month, day = first, second, third
    elif len(match[3]) in (2, 4):
        year = third if len(match[3]) == 4 else _full_year(third)
        swapped = first > 12 or ((points or day_first) and second <= 12)
        month, day = (second, first) if swapped else (first, second)
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
    text = _usual_words(text)
    if not re.search(rf"\b{_YEAR}\b", text):
        return None
    try:
        one, two = (
            parser.parse(text, _spelling(), default=default, tzinfos=_zones())
            for default in (datetime(2004, 1, 1, 0), datetime(2008, 2, 2, 1))
        )
    except (parser.ParserError, OverflowError, ValueError, TypeError, AttributeError):
        return None
    if one.date() != two.date():
        return None
    if one.hour != two.hour:  # no time of day was written
        return _sane(one.date().isoformat())
    return _written(one)


def _usual_words(text: str) -> str:
    """The same date with full years, `09:15` for `09.15` or `9h15`, and a zone as dateutil knows it."""
    text = _SHORT_YEAR.sub(lambda match: f"{match[1]}{_full_year(int(match[2]))}", text)
    text = _HOUR_MINUTE.sub(r"\1:\2", re.sub(r"(?:12\s)?\bnoon\b", "12 noon", text, flags=re.IGNORECASE))
    return _BARE_TIME_FIRST.sub(r"\1:\2 ", _with_zone(text))


@cache
def _spelling() -> _Spelling:
    return _Spelling()


@cache
def _zones() -> Mapping[str, Any]:
    """Offsets in seconds by a zone's name, and the zones that have a summer."""
    offsets = {name: int(hours * 3600) for name, hours in _ZONES.items()}
    return {**offsets, **{name: tz.gettz(place) for name, place in _PLACES.items()}}


def _with_zone(text: str) -> str:
    """The text with a zone in words, or a name at its end, as capitals: "Eastern Daylight Time" is EDT."""
    text = _ZONE_IN_WORDS.sub(lambda match: _ZONE_WORDS[match[1].lower()].upper(), text)
    before, _, last = text.rpartition(" ")
    last = last.strip("()")
    name = _ZONE_WORDS.get(last.lower(), last).upper()
    return f"{before} {name}" if name in _zones() else text


def _written(moment: datetime) -> str | None:
    """A moment as ISO 8601; midnight without a zone is a day that some program padded."""
    if moment.tzinfo is None and not (moment.hour or moment.minute or moment.second):
        return _sane(moment.date().isoformat())
    return _sane(moment.replace(microsecond=0).isoformat())


def _sane(written: str) -> str | None:
    return written if FIRST_YEAR <= int(written[:4]) <= LAST_YEAR else None
