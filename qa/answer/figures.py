"""Figures that change from report to report: takes dated quotes, tells which gives another than before.

Only of one and the same story, and of one and the same thing that is counted: 107 killed on Friday, 111 on
Sunday. What is not sure to be the same is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import regex

from qa.english.months import month
from qa.english.words import content_words, figure, root, words
from qa.types import Quote

SAME_STORY_DAYS = 14  # apart, at most; what is later is another event of the kind
SAME_STORY_WORDS = 2  # of the headlines, in common
NEAR_WORDS = 3  # behind a number, among which stands what is counted
ANYBODY = frozenset(
    {"people", "person", "persons", "others"}
)  # "111 killed" counts what "107 people killed" does
YEARS = range(1900, 2101)

_NUMBER = regex.compile(
    r"(?<![\w$£€.,:/-])\d{1,3}(?:,\d{3})+(?![\w,.]*\d)|(?<![\w$£€.,:/-])\d+(?![\w%:/-]|[.,]\d)"
)
_CLAUSE_END = regex.compile(r"[.,;:!?()“”\"]|\b(?:and|but|or|in|on|at|of|from|by|to|after|when|while)\b")


@dataclass(frozen=True, slots=True)
class Change:
    """A number of a quote, and the one that an earlier report gave for the same."""

    now: str
    before: str
    day: str  # of the earlier report


def changes(quotes: Sequence[Quote]) -> list[Change | None]:
    """For each of the quotes, oldest first, the change from the last one before that counts the same."""
    return [_change(quote, quotes[:number]) for number, quote in enumerate(quotes)]


def _change(quote: Quote, earlier: Sequence[Quote]) -> Change | None:
    told = dict(_counted(quote.text))
    for before in reversed(earlier):
        if not _same_story(before, quote):
            continue
        for thing, number in _counted(before.text):
            if thing in told and figure(_plain(told[thing])) != figure(_plain(number)):
                return Change(told[thing], number, before.article.day or "")
    return None


def _counted(text: str) -> Iterator[tuple[frozenset[str], str]]:
    """What is counted in a sentence, by its roots, with the number; a thing with two numbers is none."""
    found: dict[frozenset[str], set[str]] = {}
    for match in _NUMBER.finditer(text):
        value = figure(_plain(match.group()))
        after = _CLAUSE_END.split(text[match.end() :], maxsplit=1)[0]
        following = words(after)[:NEAR_WORDS]
        if value is None or (value in YEARS and "," not in match.group()) or _is_day(text, match, following):
            continue
        told = content_words(" ".join(following))
        thing = frozenset(root(word) for word in told if word not in ANYBODY and figure(word) is None)
        if thing:
            found.setdefault(thing, set()).add(match.group())
    return ((thing, next(iter(numbers))) for thing, numbers in found.items() if len(numbers) == 1)


def _is_day(text: str, match: regex.Match[str], following: Sequence[str]) -> bool:
    """Whether the number is a day of a month: "12 September", "September 12"."""
    before = words(text[: match.start()])[-1:]
    return any(month(word) is not None for word in [*before, *following[:1]])


def _same_story(one: Quote, other: Quote) -> bool:
    if one.article.day is None or other.article.day is None:
        return False
    apart = abs((date.fromisoformat(other.article.day) - date.fromisoformat(one.article.day)).days)
    first, second = (set(map(root, content_words(quote.article.title))) for quote in (one, other))
    return apart <= SAME_STORY_DAYS and len(first & second) >= SAME_STORY_WORDS


def _plain(number: str) -> str:
    return number.replace(",", "")
