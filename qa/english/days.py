"""Finds the time words of a question: takes it and the day that "today" means, gives stretches of days.

Knows English time words, not what the question asks. Relative words need `now`; without it they mean nothing.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import regex

from qa.english import lexicon
from qa.english.months import DAY_AND_MONTH, MONTH, WEEKDAY, month

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


_YEAR = r"(?:1[89]|20)\d\d"
_DATE = rf"(?:\d{{4}}-\d\d-\d\d|{DAY_AND_MONTH}(?:,?\s+{_YEAR})?)"
_COUNT = rf"(?P<count>\d+|{lexicon.one_of(lexicon.words('time_counts'))})\s+(?P<unit>day|week|month|year)s?\b"
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
    return regex.sub(r"\s+([?,.;:])", r"\1", question).strip()


def read_date(text: str, *, now: date | None) -> date | None:
    """A day written out: "2025-04-25", "April 25, 2025", "25 April". A missing year is the last."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    tokens = text.replace(",", " ").split()
    numbers = [int(digits) for token in tokens if (digits := token.rstrip("dhnrst")).isdecimal()]
    in_month = next(filter(None, map(month, tokens)), None)
    day = next((one for one in numbers if one <= 31), None)
    year = next((one for one in numbers if one >= _FIRST_YEAR), None)
    if in_month is None or day is None:
        return None
    if year is not None:
        return _day(year, in_month, day)
    if now is None:
        return None
    near = (_day(now.year + step, in_month, day) for step in (1, 0, -1))
    return next((one for one in near if one and (one - now).days <= AHEAD_DAYS), None)


_FIRST_YEAR = 1000  # of those with four figures


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


# The rules, longest expression first. Each takes its match and `now`.


def _range(match: regex.Match[str], now: date | None) -> TimeWord | None:
    first, last = (read_date(match[name], now=now) for name in ("a", "b"))
    if first is None or last is None or last < first:
        return None
    return TimeWord(match.start(), match.end(), first, last, exact=True)


def _published(match: regex.Match[str], now: date | None) -> TimeWord | None:
    day = read_date(match["a"], now=now)
    return TimeWord(match.start("a"), match.end("a"), day, day, exact=True) if day else None


def _open(match: regex.Match[str], now: date | None) -> TimeWord | None:
    day = read_date(match["a"], now=now)
    if day is None:
        return None
    from_then = match["word"].lower() in ("since", "after")
    return TimeWord(match.start(), match.end(), day if from_then else None, None if from_then else day)


def _date(match: regex.Match[str], now: date | None) -> TimeWord | None:
    day = read_date(match.group(), now=now)
    if day is None:
        return None
    return TimeWord(match.start(), match.end(), day, day + timedelta(days=NEWS_LAG_DAYS))


def _month_of_year(match: regex.Match[str], now: date | None) -> TimeWord | None:
    year, number = int(match["year"]), _number(match)
    return TimeWord(match.start(), match.end(), date(year, number, 1), _last_of_month(year, number))


def _bare_month(match: regex.Match[str], now: date | None) -> TimeWord | None:
    if now is None:
        return None
    number = _number(match)
    year = now.year if number <= now.month else now.year - 1
    return TimeWord(match.start("month"), match.end(), date(year, number, 1), _last_of_month(year, number))


def _number(match: regex.Match[str]) -> int:
    return lexicon.counts("months")[match["month"].lower().rstrip(".")]


def _year(match: regex.Match[str], now: date | None) -> TimeWord | None:
    year = int(match["year"])
    return TimeWord(match.start("year"), match.end(), date(year, 1, 1), date(year, 12, 31))


def _weekday(match: regex.Match[str], now: date | None) -> TimeWord | None:
    if now is None:
        return None
    back = (now.weekday() - lexicon.counts("weekdays")[match["day"].lower()]) % 7
    if back == 0 and (match["which"] or "").strip().lower() == "last":
        back = 7
    day = now - timedelta(days=back)
    return TimeWord(match.start(), match.end(), day, day + timedelta(days=NEWS_LAG_DAYS), relative=True)


def _last_units(match: regex.Match[str], now: date | None) -> TimeWord | None:
    if now is None:
        return None
    count = match["count"].lower()
    days = (lexicon.counts("time_counts").get(count) or int(count)) * _UNIT_DAYS[match["unit"].lower()]
    if days > 366 * 200:  # "in the last 5000 years" is no window
        return None
    return TimeWord(match.start(), match.end(), now - timedelta(days=days), now, relative=True)


def _units_ago(match: regex.Match[str], now: date | None) -> TimeWord | None:
    around = _last_units(match, now)
    if now is None or around is None or around.since is None:
        return None
    if (now - around.since).days > OLD_NEWS_DAYS:
        return None
    slack = timedelta(days=_UNIT_DAYS[match["unit"].lower()] // 2 + 1)
    return TimeWord(around.start, around.end, around.since - slack, around.since + slack, relative=True)


def _calendar(match: regex.Match[str], now: date | None) -> TimeWord | None:
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


def _near_today(match: regex.Match[str], now: date | None) -> TimeWord | None:
    if now is None:
        return None
    yesterday = match.group().lower() in ("yesterday", "last night")
    since = now - timedelta(days=1 if yesterday else 0)
    return TimeWord(match.start(), match.end(), since, now, relative=True)


def _latest(match: regex.Match[str], now: date | None) -> TimeWord | None:
    return TimeWord(match.start(), match.end(), None, None, relative=True, latest=True)


def _rule(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE)


_Resolve = Callable[[regex.Match[str], "date | None"], "TimeWord | None"]
_RULES: tuple[tuple[regex.Pattern[str], _Resolve], ...] = (
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
    (_rule(rf"\b(?P<month>{MONTH})\s+(?:of\s+)?(?P<year>{_YEAR})\b"), _month_of_year),
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
            rf"\s+{_COUNT}"
        ),
        _last_units,
    ),
    (
        _rule(rf"\b{_COUNT}\s+ago\b"),
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
            rf"\s+)?(?P<day>{WEEKDAY})\b(?:['’]s\b)?"
            rf"(?:\s+(?:morning|afternoon|evening|night))?|(?P<which>last\s+|this\s+)(?P<day>{WEEKDAY})\b"
            rf"|(?P<day>{WEEKDAY})['’]s\b)"
        ),
        _weekday,
    ),
    (
        _rule(
            rf"\b(?:in|during|last|since|until|by|this|of|early|late|before|after|for|to|from)"
            rf"\s+(?P<month>{MONTH})\b(?!\s+\d)"
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
