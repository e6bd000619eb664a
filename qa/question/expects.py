"""What kind of words can answer a question: a person, a number, a time, a place, a name of some sort.

Takes the question and the column it fills, gives a kind. Knows the nouns that "which" and "what" ask for.
"""

from __future__ import annotations

import re

from qa.english.names import listed
from qa.question.grammar import AUXILIARIES, asking
from qa.types import Expected

_NOUNS: dict[Expected, frozenset[str]] = {
    "time": frozenset(listed("year month day date decade weekday")),
    "number": frozenset(listed("percentage percent age number amount")),
    "country": frozenset(listed("country nation")),
    "state": frozenset(listed("state")),
    "city": frozenset(listed("city town capital borough suburb village")),
    "person": frozenset(
        listed(
            """politician lawmaker senator congressman congresswoman representative governor
            mayor president minister premier chancellor monarch king queen prince princess
            leader general judge justice official candidate nominee ceo founder
            billionaire entrepreneur businessman actor actress comedian singer musician
            rapper artist songwriter composer director filmmaker author writer novelist
            poet host anchor journalist celebrity star model athlete player quarterback
            pitcher golfer boxer swimmer skier skater gymnast sprinter runner footballer
            striker coach driver astronaut scientist lawyer attorney figure person man
            woman"""
        )
    ),
    "name": frozenset(
        listed(
            """company firm airline automaker carmaker manufacturer retailer supermarket
            chain restaurant brand bank team club university college school newspaper
            magazine network channel broadcaster studio app platform website movie film
            show series song album novel musical band agency organization organisation
            island river lake mountain volcano planet airport museum stadium hurricane
            storm typhoon continent province county"""
        )
    ),
}
_NOUN_PHRASE = 6  # words after "which" among which its noun is looked for


def expected(name: str, question: str) -> Expected:
    """What kind of words can answer a question whose column is `name`, as far as its grammar says."""
    if name.startswith("how long"):
        return "span"
    if name.startswith(("how many", "how much", "how old", "how far", "how tall", "how high")):
        return "number"
    if name.startswith("when"):
        return "time"
    if name.startswith("where"):
        return "place"
    if name.startswith("who"):
        described = re.search(
            r"\b[Ww]ho(?:'s|’s| is| was| are| were)\s+(?:the\s+)?[A-Z]\S*(?:\s+[A-Z]\S*)*\s*\??$",
            question,
        )
        return "any" if described else "person"
    return _expected_of_noun(question)


def _expected_of_noun(question: str) -> Expected:
    """By the noun that "which" or "what" asks for: the last known one before the verb."""
    match = asking(question)
    if match is None:
        return "any"
    following, described = re.subn(r"^\s*(?:was|is)\s+the\s+", " ", question[match.end() :])
    found: Expected = "any"
    tokens = re.findall(r"[^\W_][\w-]*(?:[’']\w+)?|[,:;?]", following)[:_NOUN_PHRASE]
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        word, possessive = re.subn(r"[’']s$", "", token.lower())
        if word in AUXILIARIES or word in _PHRASE_ENDS:
            break
        kinds = [kind for kind, nouns in _NOUNS.items() if word in nouns or _singular(word) in nouns]
        if kinds and not _is_no_noun(before, token, after):
            found = kinds[0]
        if described and (possessive or after.endswith("ing")):  # "what was the singer filming"
            return "any"
        if possessive:
            break  # "which country's leader": the country is what is asked for
    return found


def _is_no_noun(before: str, word: str, after: str) -> bool:
    """Whether what looks like a noun is none: "United States", "a theory states that", "general term"."""
    if word.lower() in ("state", "states", "country", "city"):
        named = word[0].isupper() and (before[:1].isupper() or after[:1].isupper())
        return named or after.lower() == "that"
    return word == "general" and after.lower() in _GENERAL


_GENERAL = frozenset(
    listed("term name word idea theory principle purpose rule kind type trend belief category area field")
)


def _singular(word: str) -> str:
    return re.sub(r"ies$", "y", word) if word.endswith("ies") else word.removesuffix("s")


_PHRASE_ENDS = frozenset(
    listed(
        """, : ; ? in of at on to from for by with that who which and this next last early late these his her
        a an the"""
    )
)
