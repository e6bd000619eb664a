"""What kind of words can answer a question: a person, a number, a time, a place, a name of some sort.

Takes the question and the column it fills, gives a kind. Knows the nouns that "which" and "what" ask for.
"""

from __future__ import annotations

from typing import cast

from qa.english import lexicon
from qa.question.grammar import AUXILIARIES, TOKEN, asking, asks_who_somebody_is
from qa.types import Expected

_NOUN_PHRASE = 6  # words after "which" among which its noun is looked for
_MARKS = ",:;?"  # that end a noun phrase; quotation marks do not
_NUMBERS = ("how many", "how much", "how old", "how far", "how tall", "how high")


def expected(name: str, question: str) -> Expected:
    """What kind of words can answer a question whose column is `name`, as far as its grammar says."""
    if name.startswith("how long"):
        return "span"
    if name.startswith(_NUMBERS):
        return "number"
    if name.startswith("when"):
        return "time"
    if name.startswith("where"):
        return "place"
    if name in ("why", "how"):
        return "any"  # the general of "Why was the general alarm late?" is not asked for
    if name.startswith("who"):
        last = question[question.lower().rfind("who") :]
        return "any" if asks_who_somebody_is(last) else "person"
    return _expected_of_noun(question)


def _expected_of_noun(question: str) -> Expected:
    """By the noun that "which" or "what" asks for: the last known one before the verb."""
    match = asking(question)
    if match is None:
        return "any"
    every = TOKEN.findall(question[match.end() :])
    following = [token for token in every if token[0].isalnum() or token in _MARKS]
    described = [token.lower() for token in following[:2]] in (["was", "the"], ["is", "the"])
    if described:
        del following[:2]
    found: Expected = "any"
    following = following[:_NOUN_PHRASE]
    for before, token, after in zip(["", *following], following, [*following[1:], ""], strict=False):
        possessive = token.endswith(("’s", "'s"))
        word = token.lower()[:-2] if possessive else token.lower()
        if word in _MARKS or word in AUXILIARIES or word in lexicon.words("phrase_ends"):
            break
        kind = _kind(word)
        if kind and not _is_no_noun(before, token, after):
            found = kind
        if described and (possessive or after.endswith("ing")):  # "what was the singer filming"
            return "any"
        if possessive:
            break  # "which country's leader": the country is what is asked for
    return found


def _kind(noun: str) -> Expected | None:
    kinds = lexicon.table("asked_nouns")
    singular = noun.removesuffix("ies") + "y" if noun.endswith("ies") else noun.removesuffix("s")
    found = kinds.get(noun) or kinds.get(singular)
    return cast(Expected, found[0]) if found else None


def _is_no_noun(before: str, word: str, after: str) -> bool:
    """Whether what looks like a noun is none: "United States", "a theory states that", "general term"."""
    if word.lower() in ("state", "states", "country", "city"):
        named = word[0].isupper() and (before[:1].isupper() or after[:1].isupper())
        return named or after.lower() == "that"
    return word == "general" and after.lower() in lexicon.words("ideas")
