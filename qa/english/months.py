"""Months and weekdays in any spelling: takes a word, gives the month's number; and patterns of days in words.

The patterns are to be compiled without case.
"""

from __future__ import annotations

from qa.english import lexicon

MONTH = rf"(?:{lexicon.one_of(lexicon.words('months'))}\b\.?)"
WEEKDAY = rf"(?:{lexicon.one_of(day for day in lexicon.words('weekdays') if day.endswith('day'))}\b)"
DAY_AND_MONTH = (
    rf"(?:{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH})"
)

# Words that are no names though they have a capital. Short forms of weekdays are other words as well: "sun".
CALENDAR = lexicon.words("months") | {day for day in lexicon.words("weekdays") if day.endswith("day")}


def month(word: str) -> int | None:
    """The month's number, 1 to 12: of "April", "apr", "Sept."; None for any other word."""
    return lexicon.counts("months").get(word.lower().rstrip("."))
