"""Whether a sentence says yes or no to a question: only where it holds the asked words themselves, in a form
that says so, or denies them; anything less is left to the reader. Takes texts, gives words to open an answer
with.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.english import lexicon
from qa.english.words import bag, base_form, is_past, kinds_of, past_forms, root, words
from qa.question.grammar import AUXILIARIES, TOKEN
from qa.types import Search

YES, NO, OPEN = "The articles say yes:", "The articles say no:", "What the articles say of it:"
DENIES_WITHIN = 4  # words from a "not" to what it denies
LEADS_WITHIN = 3  # words from a "to" or a "will" to the verb that is still to come
_DOUBTS = ("hedging_words", "unreal_words", "saying_words")
_DO, _WILL = ("did", "do", "does"), ("will", "would", "can", "could", "may", "might", "shall", "should")
_DONE = ("did", "has", "have", "had", "was", "were")
_TO_COME = (*_WILL, "to", "must", "cannot")
_PASSING = ("until", "initially", "originally")  # what was so then may not be now


def verdict(search: Search, question: str, sentence: str) -> str:
    """How the sentence answers: YES, NO, or OPEN where it takes more than its words to tell."""
    said = (match.group().replace("’", "'") for match in TOKEN.finditer(sentence))
    told = ["the month" if word == "May" else word.lower() for word in said]
    asked = set(words(question))
    names = {word for demand in search.demands for word in demand.words}
    lacking = [word for word in search.topic if word not in bag(sentence)]
    denying = lexicon.words("negating_words")
    if not search.topic or asked & denying or any(word in names for word in lacking):
        return OPEN
    denied = [at for at, word in enumerate(told) if word in denying or word.endswith("n't")]
    verbs = [at for at in _places(search.topic, told) if told[at] not in names]
    if _doubts(told, asked):
        return OPEN
    if denied:
        near = any(_reaches(told, at, verb) for at in denied for verb in verbs)
        passing = any(word in told and word not in asked for word in _PASSING)
        return NO if near and len(lacking) <= 1 and len(denied) == 1 and not passing else OPEN
    return YES if not lacking and _says_verb(question, told) else OPEN


def _says_verb(question: str, told: Sequence[str]) -> bool:
    """Whether the verb that is asked after stands there in a form that says the same: not as a noun, "her
    release", nor as a wish or a plan, "appealed for her to be freed", where it is asked what was done."""
    asked = [match.group() for match in TOKEN.finditer(question)]
    first = next((at for at, word in enumerate(asked) if word.lower() in AUXILIARIES), len(asked) - 1)
    auxiliary = asked[first].lower()
    verb = _asked_verb(auxiliary, asked[first + 1 :])
    if verb is None:  # "Is Lee the mayor?"
        return True
    places = [at for at, word in enumerate(told) if base_form(word) == verb]
    if auxiliary in _WILL:
        return any(_is_to_come(told, at) for at in places)
    done = [at for at in places if not _is_to_come(told, at)]
    return any(auxiliary not in _DONE or _is_done(told, at) for at in done)


def _asked_verb(auxiliary: str, rest: Sequence[str]) -> str | None:
    """The verb behind the auxiliary and its subject, in its base form: "go" of "Did Lee go?"; None where none
    stands there. A noun that can be a verb may be taken for it."""
    determiners = lexicon.words("determiners")
    for before, word in zip(["", *rest], rest, strict=False):
        free = word.islower() and before.lower() not in determiners and word not in AUXILIARIES
        bare = auxiliary in (*_DO, *_WILL)
        if free and bare and "VERB" in kinds_of(word) and base_form(word) == word:
            return word
        if free and not bare and (is_past(word) or word.endswith("ing")) and base_form(word) != word:
            return base_form(word)
    return None


def _is_to_come(told: Sequence[str], at: int) -> bool:
    """Whether a "to" or a "will" shortly before leads to the verb: "to be freed", "will then go"."""
    return any(word in _TO_COME for word in told[max(0, at - LEADS_WITHIN) : at])


def _is_done(told: Sequence[str], at: int) -> bool:
    """Whether the verb stands in its past form there, and is no noun: "was cut", not "a cut"."""
    before = told[at - 1] if at else ""
    return told[at] in past_forms(base_form(told[at])) and before not in lexicon.words("determiners")


def _reaches(told: Sequence[str], denial: int, verb: int) -> bool:
    """Whether a denial stands shortly before the verb, in its own clause."""
    return 0 < verb - denial <= DENIES_WITHIN and all(word[0].isalnum() for word in told[denial:verb])


def _places(topic: Sequence[str], told: Sequence[str]) -> list[int]:
    roots = {root(word) for word in topic}
    return [at for at, word in enumerate(told) if root(word) in roots]


def _doubts(told: Sequence[str], asked: set[str]) -> bool:
    """Whether a word leaves open that it is so, or says whose claim it is, and the question has it not."""
    return any(word in lexicon.words(name) and word not in asked for name in _DOUBTS for word in told)
