"""Days gathered into bars: takes counts by day, gives bins of days, weeks, months, years or decades.

The wider the stretch of days, the wider the bins, so that a chart has at most MOST of them.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

MOST = 24  # bars that can be told apart, and hit with a finger, on a phone


@dataclass(frozen=True, slots=True)
class Bin:
    """`first` to `last`, both included, are the days of a bar; `name` says them in full, `label` in short."""

    first: date
    last: date
    name: str
    label: str
    count: int
    part: int  # of `count`: those that are shown in the accent


def bins(counts: Mapping[str, int], part: Mapping[str, int] | None = None) -> list[Bin]:
    """A bin for every stretch from the first day of `counts` to its last, also for empty ones.

    Both map `YYYY-MM-DD` to numbers of articles; `part` are some of those counted. Empty for no days.
    """
    days = sorted(map(date.fromisoformat, counts))
    if not days:
        return []
    step = next((step for step in _STEPS if _is_short(days[0], days[-1], step)), _STEPS[-1])
    return [
        Bin(
            first,
            last,
            step.name(first, last),
            step.label(first),
            _sum(counts, first, last),
            _sum(part or {}, first, last),
        )
        for first, last in _between(days[0], days[-1], step)
    ]


@dataclass(frozen=True, slots=True)
class _Step:
    """How days are gathered: where the bin of a day begins and where the next one does, and its names."""

    begin: Callable[[date], date]
    after: Callable[[date], date]
    name: Callable[[date, date], str]
    label: Callable[[date], str]


def _between(first: date, last: date, step: _Step) -> Iterator[tuple[date, date]]:
    start = step.begin(first)
    while start <= last:
        try:
            following = step.after(start)
        except (OverflowError, ValueError):  # the calendar ends with the year 9999
            yield start, date.max
            return
        yield start, following - timedelta(days=1)
        start = following


def _is_short(first: date, last: date, step: _Step) -> bool:
    """Whether MOST bins do; no more of them are made to know it: of days there may be millions."""
    return sum(1 for _ in islice(_between(first, last, step), MOST + 1)) <= MOST


def _sum(counts: Mapping[str, int], first: date, last: date) -> int:
    return sum(n for day, n in counts.items() if first.isoformat() <= day <= last.isoformat())


def _day_name(first: date, _: date) -> str:
    return f"{first.day} {first:%B %Y}"


def _next_month(day: date) -> date:
    return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1]) + timedelta(days=1)


def _years(count: int) -> _Step:
    return _Step(
        lambda day: date(max(1, day.year - day.year % count), 1, 1),
        lambda day: date(day.year - day.year % count + count, 1, 1),
        lambda first, last: str(first.year) if count == 1 else f"{first.year} to {last.year}",
        lambda first: str(first.year),
    )


_STEPS = (
    _Step(lambda day: day, lambda day: day + timedelta(days=1), _day_name, lambda day: f"{day.day} {day:%b}"),
    _Step(
        lambda day: day - timedelta(days=min(day.weekday(), day.toordinal() - 1)),
        lambda day: day + timedelta(days=7),
        lambda first, last: f"{_day_name(first, last)} to {_day_name(last, last)}",
        lambda day: f"{day.day} {day:%b}",
    ),
    _Step(
        lambda day: day.replace(day=1),
        _next_month,
        lambda first, _: f"{first:%B %Y}",
        lambda day: f"{day:%b %Y}" if day.month == 1 else f"{day:%b}",
    ),
    _years(1),
    _years(10),
    _years(100),
    _years(1000),
)
