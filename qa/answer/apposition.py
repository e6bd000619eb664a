"""A person's role and the name beside it: "the mayor of Ely, Ann Smith", "Ann Smith, the mayor", "mayor Ann
Smith". Takes a span that gives the role, gives the span of the name. Knows no question.
"""

from __future__ import annotations

from dataclasses import replace

import regex

from qa.answer.values import is_given_name
from qa.english import lexicon
from qa.english.names import NAME, TITLES
from qa.english.places import is_nation, place_in
from qa.english.words import is_past, words
from qa.question.grammar import AUXILIARIES
from qa.types import Span

COMPLEMENT_WORDS = 8  # of what a role is held of: "of the small town of Ely"
BEFORE_CHARS = 80  # in which a name, an age and two commas stand
_DOERS = ("er", "or", "ist", "man", "ian", "ant", "ent", "eer", "ess")  # "baker", "resident"
_HELD_OF = regex.compile(r"\s+(?:of|for|at|in|from)\s")
_OF = regex.compile(rf"[^\S\n]+of[^\S\n]+(?:the[^\S\n]+)?{NAME}")
_COMPLEMENT = regex.compile(r"[^\S\n]+(?:of|for|at|in|from)(?=[^\S\n])[^,.;:()\n–—]*")
_AFTER = regex.compile(rf"[^\S\n]+(?P<name>{NAME})")
_APPOSED_AFTER = regex.compile(rf",[^\S\n]+(?P<name>{NAME})(?=[^\S\n]?[,;)–—]|[.?!]?\s*(?:$|\n))")
_APPOSED_BEFORE = regex.compile(
    rf"(?P<name>{NAME}),[^\S\n]+(?:\d+,[^\S\n]+)?(?:{lexicon.one_of(lexicon.words('determiners'))}[^\S\n]+)?$"
)
_CLOSED = regex.compile(r"[^\S\n]?[,;)–—.?!”]|\s*(?:$|\n)")
_LEADING = lexicon.words("place_prepositions") | {"of"}  # what leads to a place, or to whom another belongs


def is_role(text: str) -> bool:
    """Whether the words say what one person is, without her name: "the mayor of Ely", not "officers"."""
    head = "".join(_HELD_OF.split(text)[0].split()[-1:])
    noun = head.lower()
    known = noun in lexicon.words("person_nouns") | TITLES or noun.endswith(_DOERS)
    return known and head.islower() and (not noun.endswith("s") or noun.endswith("ss"))


def with_name(span: Span) -> Span:
    """The name that stands in apposition to the role; a role that stands before its name with it; a role
    without a name with the place or body it is held of; any other span itself."""
    if not is_role(span.text):
        return span
    text, offset = span.passage.text, span.passage.start
    start, end = span.start - offset, span.end - offset
    ends = (end, _end_of_complement(text, end))
    beside = _AFTER.match(text, end)
    if beside and _may_be_person(beside["name"]):
        return replace(span, end=offset + beside.end())
    apposed = next((found for last in ends if (found := _apposed_after(text, last))), None)
    apposed = apposed or _apposed_before(text, start, closed=any(_CLOSED.match(text, last) for last in ends))
    if apposed:
        return replace(span, start=offset + apposed[0], end=offset + apposed[1])
    of = _OF.match(text, end)
    return replace(span, end=offset + of.end()) if of else span


def _end_of_complement(text: str, end: int) -> int:
    """Behind what the role is held of, if no verb stands in it: "of the small town of Ely"."""
    found = _COMPLEMENT.match(text, end)
    told = words(found.group()) if found else []
    acts = len(told) > COMPLEMENT_WORDS or any(is_past(word) or word in AUXILIARIES for word in told)
    return found.end() if found and not acts else end


def _apposed_after(text: str, end: int) -> tuple[int, int] | None:
    """Where the name stands between commas behind the role, if it is not the first of a row of names."""
    found = _APPOSED_AFTER.match(text, end)
    if found is None or not _may_be_person(found["name"]):
        return None
    following = _AFTER.match(text, found.end() + 1) if text.startswith(",", found.end()) else None
    return None if following and _may_be_person(following["name"]) else found.span("name")


def _apposed_before(text: str, start: int, *, closed: bool) -> tuple[int, int] | None:
    """Where the name stands before the comma that opens the role; no name is described by what no mark
    closes, nor one that leads to something else: "In New York, the mayor, …"."""
    found = _APPOSED_BEFORE.search(text, max(0, start - BEFORE_CHARS), start) if closed else None
    if found is None or not _may_be_person(found["name"]):
        return None
    led = set(words(text[max(0, found.start() - BEFORE_CHARS) : found.start()])[-1:]) & _LEADING
    return None if led else found.span("name")


def _may_be_person(name: str) -> bool:
    """Whether it may name a person: a title or a given name with another word behind; no country or state."""
    first, *others = name.split()
    titled = first.rstrip(".").lower() in TITLES
    place = is_nation(name) or place_in(name, "state") is not None
    return bool(others) and not place and (titled or is_given_name(first.rstrip(".")))
