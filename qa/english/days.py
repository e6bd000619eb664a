"""Finds the time words of a question: takes it and the day that "today" means, gives stretches of days.

Knows English time words, not what the question asks. Relative words need `now`; without it they mean nothing.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from qa.english.names import MONTHS, WEEKDAYS

NEWS_LAG_DAYS = 3  # reports of a day's event keep appearing for a few days
OLD_NEWS_DAYS = 800  # what happened longer ago is told by articles of any day
AHEAD_DAYS = 31  # a day without a year may lie so far ahead of "today" before it means last year's
WEEK_SLACK_DAYS = 10  # "this week" in a weekly quiz reaches back over the week-end before


@dataclass(frozen=True, slots=True)
class TimeWord:
    """Where a time expression stands in the question, and the days it means, both included; None is open.

    `relative`: it depends on `now`. `exact`: a range written out in full, which filters instead of favouring.
    """

    start: int
    end: int
    since: date | None
    until: date | None
    relative: bool = False
    exact: bool = False
    latest: bool = False


_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_YEAR = r"(?:1[89]|20)\d\d"
_DATE = (
    rf"(?:\d{{4}}-\d\d-\d\d|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s+{_YEAR})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b(?:,?\s+{_YEAR})?)"
)
_DAY_NAME = rf"(?:{'|'.join(WEEKDAYS)})"
_COUNT = r"(\d+|a|an|one|two|three|four|five|six|seven|ten|few|couple of)"
_COUNTS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "couple of": 2,
    "three": 3,
    "few": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
}
_UNIT_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}


def time_words(question: str, *, now: date | None) -> list[TimeWord]:
    """The time expressions of the question, in order, none inside another."""
    found: list[TimeWord] = []
    for pattern, resolve in _RULES:
        for match in pattern.finditer(question):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            try:
                word = resolve(match, now)
            except (OverflowError, ValueError):  # a day before the year 1 or after 9999
                continue
            if word is not None:
                found.append(word)
    return sorted(found, key=lambda word: word.start)


def without(question: str, found: list[TimeWord]) -> str:
    """The question without its relative time words, which no article repeats in that sense."""
    for word in reversed(found):
        if word.relative and not word.latest:
            question = question[: word.start].rstrip() + " " + question[word.end :].lstrip()
    return re.sub(r"\s+([?,.;:])", r"\1", question).strip()


def read_date(text: str, *, now: date | None) -> date | None:
    """A day written out: "2025-04-25", "April 25, 2025", "25 April". A missing year is the last."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    name = re.search(_MONTH, text, re.IGNORECASE)
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", text)
    year = re.search(rf"{_YEAR}", text)
    if name is None or day is None or (year is None and now is None):
        return None
    month = _month(name.group())
    if year is not None:
        return _day(int(year.group()), month, int(day.group()))
    assert now is not None
    near = (_day(now.year + step, month, int(day.group())) for step in (1, 0, -1))
    return next((one for one in near if one and (one - now).days <= AHEAD_DAYS), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    return next(i for i, month in enumerate(MONTHS, start=1) if month.startswith(name.lower()[:3]))


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


# The rules, longest expression first. Each takes its match and `now`.


def _range(match: re.Match[str], now: date | None) -> TimeWord | None:
    first, last = (read_date(match[name], now=now) for name in ("a", "b"))
    if first is None or last is None or last < first:
        return None
    return TimeWord(match.start(), match.end(), first, last, exact=True)


def _published(match: re.Match[str], now: date | None) -> TimeWord | None:
    day = read_date(match["a"], now=now)
    return TimeWord(match.start("a"), match.end("a"), day, day, exact=True) if day else None


def _open(match: re.Match[str], now: date | None) -> TimeWord | None:
    day = read_date(match["a"], now=now)
    if day is None:
        return None
    from_then = match["word"].lower() in ("since", "after")
    return TimeWord(match.start(), match.end(), day if from_then else None, None if from_then else day)


def _date(match: re.Match[str], now: date | None) -> TimeWord | None:
    day = read_date(match.group(), now=now)
    if day is None:
        return None
    return TimeWord(match.start(), match.end(), day, day + timedelta(days=NEWS_LAG_DAYS))


def _month_of_year(match: re.Match[str], now: date | None) -> TimeWord | None:
    year, month = int(match["year"]), _month(match["month"])
    return TimeWord(match.start(), match.end(), date(year, month, 1), _last_of_month(year, month))


def _bare_month(match: re.Match[str], now: date | None) -> TimeWord | None:
    if now is None:
        return None
    month = _month(match["month"])
    year = now.year if month <= now.month else now.year - 1
    return TimeWord(match.start("month"), match.end(), date(year, month, 1), _last_of_month(year, month))


def _year(match: re.Match[str], now: date | None) -> TimeWord | None:
    year = int(match["year"])
    return TimeWord(match.start("year"), match.end(), date(year, 1, 1), date(year, 12, 31))


def _weekday(match: re.Match[str], now: date | None) -> TimeWord | None:
    if now is None:
        return None
    name = match["day"] or match["day2"] or match["day3"]
    back = (now.weekday() - WEEKDAYS.index(name.lower())) % 7
    if (match["which"] or match["which2"] or "").strip().lower() == "last" and back == 0:
        back = 7
    day = now - timedelta(days=back)
    return TimeWord(match.start(), match.end(), day, day + timedelta(days=NEWS_LAG_DAYS), relative=True)


def _last_units(match: re.Match[str], now: date | None) -> TimeWord | None:
    if now is None:
        return None
    count = match["count"].lower()
    days = (_COUNTS.get(count) or int(count)) * _UNIT_DAYS[match["unit"].lower()]
    if days > 366 * 200:  # "in the last 5000 years" is no window
        return None
    return TimeWord(match.start(), match.end(), now - timedelta(days=days), now, relative=True)


def _units_ago(match: re.Match[str], now: date | None) -> TimeWord | None:
    around = _last_units(match, now)
    if now is None or around is None or around.since is None:
        return None
    if (now - around.since).days > OLD_NEWS_DAYS:
        return None
    slack = timedelta(days=_UNIT_DAYS[match["unit"].lower()] // 2 + 1)
    return TimeWord(around.start, around.end, around.since - slack, around.since + slack, relative=True)


def _calendar(match: re.Match[str], now: date | None) -> TimeWord | None:
    """this/last/next/past week, weekend, month, year: generous, for news names its days loosely."""
    if now is None:
        return None
    which, unit = match["which"].lower(), match["unit"].lower()
    since, until = _stretch(which, unit, now)
    return TimeWord(match.start(), match.end(), since, until, relative=True)


def _stretch(which: str, unit: str, now: date) -> tuple[date, date]:
    day = timedelta(days=1)
    if unit in ("week", "weekend"):
        if which == "last" and unit == "week":
            return now - 14 * day, now - 4 * day
        return now - WEEK_SLACK_DAYS * day, now + (14 if which in ("next", "coming") else 0) * day
    if unit == "month":
        first = now.replace(day=1)
        if which == "last":
            return (first - day).replace(day=1), first - day
        return min(first, now - 31 * day if which == "past" else first), now
    if which == "last":
        return date(now.year - 1, 1, 1), now  # this year's articles speak of last year's events too
    return (now - 366 * day if which == "past" else date(now.year, 1, 1)), now


def _near_today(match: re.Match[str], now: date | None) -> TimeWord | None:
    if now is None:
        return None
    yesterday = match.group().lower() in ("yesterday", "last night")
    since = now - timedelta(days=1 if yesterday else 0)
    return TimeWord(match.start(), match.end(), since, now, relative=True)


def _latest(match: re.Match[str], now: date | None) -> TimeWord | None:
    return TimeWord(match.start(), match.end(), None, None, relative=True, latest=True)


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_Resolve = Callable[[re.Match[str], "date | None"], "TimeWord | None"]
_RULES: tuple[tuple[re.Pattern[str], _Resolve], ...] = (
    (
        _rule(rf"\b(?:between|from)\s+(?P<a>{_DATE})\s+(?:and|to|until|till|through|-|–)\s+(?P<b>{_DATE})"),
        _range,
    ),
    (
        _rule(
            rf"\b(?:report(?:ed|s)?|article|story|piece|coverage|published|wrote|that|one|report\s+by"
            rf"\s+[\w .&|-]+?|article\s+by\s+[\w .&|-]+?)\s*,?\s+(?:of|on|from|dated)\s+(?P<a>{_DATE})"
        ),
        _published,
    ),
    (_rule(rf"\b(?P<word>since|after|before|until|till)\s+(?P<a>{_DATE})"), _open),
    (_rule(rf"\b{_DATE}"), _date),
    (_rule(rf"\b(?P<month>{_MONTH})\s+(?:of\s+)?(?P<year>{_YEAR})\b"), _month_of_year),
    (
        _rule(
            rf"\b(?:in|during|of|since|by|until|for|throughout|early|late"
            rf"|mid-?)\s*(?P<year>{_YEAR})\b(?!\s*(?:%|percent|people|men|women|dollars))"
        ),
        _year,
    ),
    (
        _rule(
            rf"\b(?:(?:in|over|during|within)\s+)?the\s+(?:last|past)"
            rf"\s+{_COUNT.replace('(', '(?P<count>', 1)}\s+(?P<unit>day|week|month|year)s?\b"
        ),
        _last_units,
    ),
    (
        _rule(rf"\b{_COUNT.replace('(', '(?P<count>', 1)}\s+(?P<unit>day|week|month|year)s?\s+ago\b"),
        _units_ago,
    ),
    (
        _rule(
            r"\b(?:(?:earlier|later)\s+)?(?:(?:in|over|during)\s+)?(?:(?:the|this)\s+)?(?P<which>this"
            r"|last|past|next|coming|current)\s+(?P<unit>week|weekend|month|year)\b(?:['’]s\b)?(?!-)"
        ),
        _calendar,
    ),
    (
        _rule(
            rf"\b(?:(?:on|by|since|until)\s+(?P<which>last\s+|this\s+|past"
            rf"\s+)?(?P<day>{_DAY_NAME})\b(?:['’]s\b)?"
            rf"(?:\s+(?:morning|afternoon|evening|night))?|(?P<which2>last\s+|this\s+)(?P<day2>{_DAY_NAME})\b"
            rf"|(?P<day3>{_DAY_NAME})['’]s\b)"
        ),
        _weekday,
    ),
    (
        _rule(
            rf"\b(?:in|during|last|since|until|by|this|of|early|late|before|after|for|to|from)"
            rf"\s+(?P<month>{_MONTH})\b(?!\s+\d)"
        ),
        _bare_month,
    ),
    (_rule(r"\b(?:today|yesterday|tonight|last night|this (?:morning|afternoon|evening))\b"), _near_today),
    (
        _rule(
            r"\b(?:latest|newest|most recent(?:ly)?|currently|right now|at the moment|these days|recently"
            r"|so far)\b"
        ),
        _latest,
    ),
)
