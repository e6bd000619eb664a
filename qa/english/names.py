"""Names as they are written: finds them in a text, tells whether words are one, and takes titles off.

A name is a run of words with a capital, small ones inside ("Ursula von der Leyen"), in any Latin, Greek or
Cyrillic spelling (Łódź, Élysée), and a brand that begins small (iPhone). Knows no gazetteer but that of
brands in "’s".
"""

from __future__ import annotations

import regex

from qa.english import lexicon
from qa.english.months import CALENDAR
from qa.english.words import STOP_WORDS, fold, words

TITLES = lexicon.words("titles") | frozenset(lexicon.heads("titles"))
FULL_TITLES = lexicon.heads("titles")  # "general" of "gen"

_PARTICLE = lexicon.one_of(lexicon.words("name_particles"))
_WITH_DOT = lexicon.one_of(map(str.capitalize, [*FULL_TITLES, *lexicon.words("short_forms")]))
_BRAND = lexicon.one_of(lexicon.words("names_in_s")).replace("'", "['’]")
# One word of a name: with a capital, or one or two small letters before it (iPhone, eBay, al-Assad); with its
# dot where it is an initial, a short form or an acronym; with what follows a hyphen, but without "’s".
NAME_WORD = (
    rf"(?:\b{_BRAND}(?!\w)|\b(?:\p{{Lu}}|\p{{Ll}}{{1,2}}(?=\p{{Lu}}\p{{L}}{{2}})|al-(?=\p{{Lu}}))[\w&]*+"
    rf"(?:\.\w+)*+(?:[-’'](?!s\b)\w+)*+"
    rf"(?:(?<=\.\p{{L}})\.|(?<=\b(?:\p{{Lu}}|{_WITH_DOT}))\.(?=\s\p{{Lu}}))?)"
)
_GAP = r"[^\S\n]+"  # a name ends with its line
NAME = rf"(?:{NAME_WORD}(?:(?:{_GAP}{_PARTICLE})*{_GAP}{NAME_WORD})*)"
_NAME = regex.compile(NAME)
_WORD = regex.compile(r"\w+(?:['’]\w+)*")
_OPENERS = STOP_WORDS | lexicon.words("sentence_openers")


def names_in(text: str) -> list[str]:
    """Names as they are written, in order, without the words that open a sentence or ask."""
    return [text[start:end] for start, end in name_spans(text)]


def name_spans(text: str) -> list[tuple[int, int]]:
    """Where the names stand that `names_in` gives."""
    spans = (_less_opener(text, match.start(), match.end()) for match in _NAME.finditer(text))
    return [(start, end) for start, end in spans if start < end and not _is_no_name(text[start:end])]


def _less_opener(text: str, start: int, end: int) -> tuple[int, int]:
    """The name without the word that has its capital from opening the sentence; empty where that is all."""
    first, *others = text[start:end].split(maxsplit=1)
    is_name = others and fold(first) not in _OPENERS
    if not _opens_sentence(text, start) or is_name or _is_hyphenated(first):
        return start, end
    tokens = "".join(others).split(" ")
    while tokens and tokens[0] in lexicon.words("name_particles"):  # "When the President"
        del tokens[0]
    return end - len(" ".join(tokens)), end


def _is_hyphenated(word: str) -> bool:
    """Whether a capital or figure follows the hyphen: "Coca-Cola", "Covid-19"; not "Two-time"."""
    before, _, after = word.partition("-")
    return before.isalnum() and (after[:1].isupper() or after[:1].isdecimal())


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"“'‘(")
    return not before or before[-1] in ".?!\n"


def _is_no_name(name: str) -> bool:
    """Whether a word with a capital alone names nobody: a title, a month, "I"."""
    (first, *others) = words(name) or ["i"]
    return not others and (first in TITLES or first in CALENDAR or first == "i")


def after_preposition(text: str, prepositions: str) -> list[tuple[int, int]]:
    """Where names stand behind a preposition of that list, from the preposition on: "in the Gaza Strip"."""
    found = []
    spans = name_spans(text)
    begins = dict(spans)
    for start, last in spans:
        end = begins.get(last + len("’s "), last) if text[last : last + 2] in ("’s", "'s") else last
        before = text[:start].rsplit(maxsplit=2)[-2:] if text[:start].endswith(" ") else []
        article = len(before) == 2 and before[1].lower() == "the"
        preposition = before[0] if article else "".join(before[-1:])
        if preposition.lower() in lexicon.words(prepositions):
            found.append((text.rindex(preposition, 0, start), end))
    return found


def is_name(text: str) -> bool:
    """Whether the words are a name and nothing else: "Lt. Gen. Igor Kirillov", not "envoy Steve Witkoff"."""
    first, *others = _WORD.findall(text) or [""]
    small = lexicon.words("name_particles") | {"and"}
    return has_capital(first) and all(word in small or has_capital(word) for word in others)


def has_capital(word: str) -> bool:
    """Whether a word is written as in a name: "Łódź", "iPhone", "USA"; not "12"."""
    return word[:1].isupper() or (word[:1].islower() and any(map(str.isupper, word[1:3])))


def is_headline(text: str, *, share: float, least: int) -> bool:
    """Whether Nearly All Words Have a Capital, so that none tells a name: `share` of the longer ones, which
    are at least `least`."""
    small = lexicon.words("name_particles") | {"and", "but"}
    longer = [word for word in _WORD.findall(text) if len(word) >= _LONGER and word.isalpha()]
    capitals = [has_capital(word) for word in longer if word not in small]
    return len(capitals) >= least and sum(capitals) >= share * len(capitals)


_LONGER = 3  # letters; "of", "in" and "to" are small in a headline


def bare_name(text: str) -> tuple[str, ...]:
    """A value's words without titles and articles, for telling whether two spans name the same thing."""
    all_words = words(text)
    bare = tuple(word for word in all_words if word not in TITLES and word not in STOP_WORDS)
    return bare or tuple(all_words)
