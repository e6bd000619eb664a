"""Names of countries, their adjectives, and the states of the US: tells whether words hold one, and where.

Countries come from Unicode's CLDR, as Babel carries it, with the short forms that news uses.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import regex

from qa.english import lexicon

Kind = Literal["country", "state"]

_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})  # unions, and codes that name nothing


def place_in(text: str, kind: Kind) -> tuple[int, int] | None:
    """Where countries or states stand in the text, from the first to the last; None if none does.

    The longest name counts: "West Virginia" is not Virginia.
    """
    found = list(_pattern(kind).finditer(text))
    return (found[0].start(), found[-1].end()) if found else None


def is_nation(text: str) -> bool:
    """Whether the text is a country or its adjective, and nothing else: "New Zealand", "South Korean"."""
    return text in lexicon.heads("nations") or text in _names("country")


@cache
def _pattern(kind: Kind) -> regex.Pattern[str]:
    return regex.compile(rf"(?<![\w.]){lexicon.one_of(_names(kind))}(?!\w)")


@cache
def _names(kind: Kind) -> frozenset[str]:
    return lexicon.words("states") if kind == "state" else frozenset(_countries())


def _countries() -> list[str]:
    from babel import Locale

    territories = Locale("en").territories.items()
    names = [name for code, name in territories if len(code) == 2 and code not in _NO_COUNTRIES]
    bare = [name.partition(" (")[0].partition(",")[0].replace("’", "'") for name in names]
    spelled = [name.replace("&", "and") for name in bare if "&" in name]
    return [*bare, *spelled, *lexicon.words("country_short_forms"), *lexicon.words("nations")]
