"""Word lists, each a text file beside this one: takes the name of a list, gives its words.

A file begins with lines of `#` that say what it holds and where it comes from ("Source: …"). Then one entry a
line, sorted: a word or phrase, or for a table `key: value, value`. Knows nothing of what the words are for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def words(name: str) -> frozenset[str]:
    """The entries of a list; of a table its keys. Raises FileNotFoundError where there is none."""
    return frozenset(table(name))


@cache
def table(name: str) -> Mapping[str, tuple[str, ...]]:
    """The entries of a table, each key with its values; of a list each entry with none."""
    rows = (entry.partition(":") for entry in _entries(name))
    return {key: tuple(map(str.strip, values.split(","))) if values else () for key, _, values in rows}


@cache
def counts(name: str) -> Mapping[str, int]:
    """A table whose values are whole numbers, one a key."""
    return {key: int(number) for key, (number,) in table(name).items()}


@cache
def heads(name: str) -> Mapping[str, str]:
    """A table read backwards: each value with the key that it stands under."""
    return {value: key for key, values in table(name).items() for value in values}


def one_of(entries: Iterable[str]) -> str:
    """A regular expression for any one of the entries, the longest first."""
    longest_first = sorted(entries, key=lambda entry: (-len(entry), entry))
    return f"(?:{'|'.join(map(re.escape, longest_first))})"


def _entries(name: str) -> list[str]:
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
