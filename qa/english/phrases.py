"""Finds the phrases of a list in a text, in any case, whole words only, the longest first.

In a list of phrases `me/us` stands for either word and `(more)` for one that may be left out, as in "tell
me/us (more) about". Knows nothing of what the phrases mean.
"""

from __future__ import annotations

from functools import cache

import regex

from qa.english import lexicon

Match = regex.Match[str]


def opening(text: str, name: str) -> Match | None:
    """The phrase of that list that the text begins with."""
    return _pattern(name).match(text)


def closing(text: str, name: str) -> Match | None:
    """The phrase of that list that the text ends with, but for a mark behind it."""
    bare = text.rstrip(" ?!.")
    return next((match for match in each(bare, name) if match.end() == len(bare)), None)


def first(text: str, name: str) -> Match | None:
    """The first phrase of that list anywhere in the text."""
    return _pattern(name).search(text)


def each(text: str, name: str) -> list[Match]:
    """The phrases of that list in order, none inside another."""
    return list(_pattern(name).finditer(text))


def is_one(text: str, name: str) -> bool:
    """Whether the text is a phrase of that list and nothing else, but for marks around it."""
    return _pattern(name).fullmatch(text.strip(" ?!.,")) is not None


def less_openings(text: str, name: str) -> str:
    """The text without the phrases of that list that it begins with, and marks between them."""
    while match := opening(text, name):
        text = text[match.end() :].lstrip(" ,;:.!")
    return text


@cache
def _pattern(name: str) -> regex.Pattern[str]:
    phrases = sorted(lexicon.words(name), key=len, reverse=True)
    return regex.compile(rf"(?<![\w’'-])(?:{'|'.join(map(_spelled, phrases))})(?![\w-])", regex.IGNORECASE)


def _spelled(phrase: str) -> str:
    """A regular expression for one entry of a list."""
    spelled, opened = "", False
    for word in phrase.split():
        either = f"(?:{'|'.join(map(regex.escape, word.strip('()').split('/')))})".replace("'", "['’]")
        if not word.startswith("("):
            spelled += rf"\s+{either}" if opened else either
            opened = True
        elif opened:
            spelled += rf"(?:\s+{either})?"
        else:
            spelled += rf"(?:{either}\s+)?"
    return spelled
