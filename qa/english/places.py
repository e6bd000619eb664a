"""Names of countries, their adjectives, and the states of the US: tells whether words hold one, and where.

Countries come from Unicode's CLDR, as Babel carries it, with the short forms that news uses. Like `names`,
any stage may import it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

from qa.english.names import alike, fold

Kind = Literal["country", "state"]

_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})  # unions, and codes that name nothing
# Forms that CLDR has under another name.
_SHORT = """US, U.S., USA, U.S.A., America, UK, U.K., Britain, Great Britain, England, Scotland, Wales,
Northern Ireland, UAE, U.A.E., Turkey, Burma, Holland, Czech Republic, Bosnia, Macedonia, Soviet
Union, Congo, DRC, Democratic Republic of Congo, Democratic Republic of the Congo, Republic of
Congo, Ivory Coast, Cape Verde, East Timor, Swaziland, Palestine, Hong Kong, Vatican, Trinidad"""
_STATES = """Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida,
Georgia, Hawaii, Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland,
Massachusetts, Michigan, Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New
Hampshire, New Jersey, New Mexico, New York, North Carolina, North Dakota, Ohio, Oklahoma,
Oregon, Pennsylvania, Rhode Island, South Carolina, South Dakota, Tennessee, Texas, Utah,
Vermont, Virginia, Washington, West Virginia, Wisconsin, Wyoming"""
_ENDINGS = ("an", "ese", "ish", "i", "ine")  # of a country's adjective
# Adjectives that are neither a language's name nor near their country's.
_ADJECTIVES = "Afghan, Belgian, British, Emirati, Filipino, Lebanese, Saudi, Scottish, Swiss"


def place_in(text: str, kind: Kind) -> tuple[int, int] | None:
    """Where countries or states stand in the text, from the first to the last; None if none does.

    The longest name counts: "West Virginia" is not Virginia.
    """
    found = list(_pattern(kind).finditer(text))
    return (found[0].start(), found[-1].end()) if found else None


def is_nation(text: str) -> bool:
    """Whether the text is a country or its adjective, and nothing else: "New Zealand", "South Korean"."""
    if _pattern("country").fullmatch(text):
        return True
    word = re.fullmatch(r"(?:(?:North|South)\s+)?([^\W\d_]+)", text)
    return word is not None and _is_adjective(word[1])


@lru_cache(maxsize=1024)
def _is_adjective(word: str) -> bool:
    """Whether a country's people or language is called so: "Russian", "French"; not "Francis"."""
    if word in _known_adjectives():
        return True
    folded = fold(word)
    return (
        word[0].isupper()
        and folded.endswith(_ENDINGS)
        and any(alike(folded, country) for country in _folded_countries())
    )


@cache
def _known_adjectives() -> frozenset[str]:
    from babel import Locale

    return frozenset([*_listed(_ADJECTIVES), *Locale("en").languages.values()])


@cache
def _folded_countries() -> frozenset[str]:
    """Those of one word, which an adjective can be alike."""
    return frozenset(fold(country) for country in _countries() if country.isalpha())


@cache
def _pattern(kind: Kind) -> re.Pattern[str]:
    names = _listed(_STATES) if kind == "state" else _countries()
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w.])(?:{longest_first})(?!\w)")


def _countries() -> list[str]:
    from babel import Locale

    territories = Locale("en").territories.items()
    names = [name for code, name in territories if len(code) == 2 and code not in _NO_COUNTRIES]
    bare = [re.sub(r"\s*\(.*\)|,.*", "", name).replace("’", "'") for name in names]
    return [*bare, *(name.replace("&", "and") for name in bare if "&" in name), *_listed(_SHORT)]


def _listed(names: str) -> list[str]:
    return [" ".join(name.split()) for name in names.split(",")]
