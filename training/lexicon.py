"""The word lists of `words.toml` by name."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "words.toml"


def words(name: str) -> frozenset[str]:
    """The words of a list; KeyError for a list that is not there."""
    return frozenset(_lists()[name].split())


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
