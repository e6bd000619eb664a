"""Checks what a caller asks with: a question that can be read, a day that is one. Raises QuestionError."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from qa.english.words import words
from qa.errors import QuestionError
from qa.types import Filters

Day = date | str | None


def checked(question: str, *, most: int) -> str:
    """The question without the white space around it; at most so many characters, and some word."""
    asked = question.strip() if isinstance(question, str) else ""
    if not any(len(word) > 1 or word.isdigit() for word in words(asked)):
        what = "holds no words" if asked else "is empty"
        raise QuestionError(f"The question {what}. Ask something, for example: Who was killed and where?")
    if len(asked) > most:
        raise QuestionError(
            f"The question has {len(asked):,} characters; at most {most:,} are answered. "
            "Shorten it, or ingest the text and ask about it."
        )
    return asked


def filters(
    since: Day,
    until: Day,
    outlet: str | Sequence[str] | None,
    articles: Sequence[str] | None = None,
    *,
    known: Callable[[], Sequence[str]],
) -> Filters:
    """Which articles may answer. Outlets are meant as those `known` are spelled, in any case."""
    first, last = as_day(since, "since"), as_day(until, "until")
    if first and last and last < first:
        raise QuestionError(f"since ({first}) lies after until ({last}). Swap them.")
    given = [outlet] if isinstance(outlet, str) else outlet or ()
    wanted = list(dict.fromkeys(name.strip() for name in given if name.strip()))
    spelled = {name.casefold(): name for name in known()} if wanted else {}
    outlets = tuple(spelled.get(name.casefold(), name) for name in wanted)
    return Filters(first, last, outlets, tuple(articles or ()))


def as_day(day: Day, name: str) -> date | None:
    """A day from a date or from ISO 8601. Raises QuestionError that says which argument is wrong."""
    if day is None or day == "":
        return None
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        return datetime.fromisoformat(day).date()
    except (ValueError, TypeError):
        raise QuestionError(f"{name} is {day!r}, which is not a day. Write it as 2025-04-25.") from None
