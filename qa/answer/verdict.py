"""Whether a sentence says yes or no to a question: only where it holds the asked words themselves, or denies
them; anything less is left to the reader. Takes texts, gives words to open an answer with.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.english import lexicon
from qa.english.words import bag, root, words
from qa.question.grammar import TOKEN
from qa.types import Search

YES, NO, OPEN = "The articles say yes:", "The articles say no:", "What the articles say of it:"
DENIES_WITHIN = 4  # words from a "not" to what it denies
_DOUBTS = ("hedging_words", "unreal_words", "saying_words")


def verdict(search: Search, question: str, sentence: str) -> str:
    """How the sentence answers: YES, NO, or OPEN where it takes more than its words to tell."""
    told = [match.group().lower().replace("’", "'") for match in TOKEN.finditer(sentence)]
    asked = set(words(question))
    names = {word for demand in search.demands for word in demand.words}
    lacking = [word for word in search.topic if word not in bag(sentence)]
    denying = lexicon.words("negating_words")
    if not search.topic or asked & denying or any(word in names for word in lacking):
        return OPEN
    denied = [at for at, word in enumerate(told) if word in denying or word.endswith("n't")]
    verbs = [at for at in _places(search.topic, told) if told[at] not in names]
    if denied:
        near = any(_reaches(told, at, verb) for at in denied for verb in verbs)
        return NO if near and len(lacking) <= 1 and len(denied) == 1 and not _doubts(told, asked) else OPEN
    return OPEN if lacking or _doubts(told, asked) else YES


def _reaches(told: Sequence[str], denial: int, verb: int) -> bool:
    """Whether a denial stands shortly before the verb, in its own clause."""
    return 0 < verb - denial <= DENIES_WITHIN and all(word[0].isalnum() for word in told[denial:verb])


def _places(topic: Sequence[str], told: Sequence[str]) -> list[int]:
    roots = {root(word) for word in topic}
    return [at for at, word in enumerate(told) if root(word) in roots]


def _doubts(told: Sequence[str], asked: set[str]) -> bool:
    """Whether a word leaves open that it is so, or says whose claim it is, and the question has it not."""
    return any(word in lexicon.words(name) and word not in asked for name in _DOUBTS for word in told)
