"""Mends slips of the keyboard: takes a question and texts, gives it with each word that is no English word
and stands in no article exchanged for the one of the texts that is a single slip away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from qa.english.words import STOP_WORDS, fold
from qa.question.grammar import TOKEN

SHORTEST = 4  # letters; of a shorter word too many are a slip away


def unknown_words(question: str, *, stands: Callable[[str], bool]) -> list[str]:
    """The words of the question that no dictionary of English has and that do not stand in any article."""
    return [word for word in _longer_words(question) if not stands(word) and not _is_english(word)]


def mended(question: str, slips: Iterable[str], texts: Iterable[str]) -> str:
    """The question with those words as the texts have them, the more frequent first; unchanged where no text
    has a word that is one slip away."""
    written = Counter(match.group() for text in texts for match in TOKEN.finditer(text))
    for slip in slips:
        near = [word for word in written if _is_slip(fold(slip), fold(word))]
        if near:
            question = question.replace(slip, max(near, key=lambda word: (written[word], word)))
    return question


def with_capitals(question: str, texts: Iterable[str]) -> str:
    """A question written small with capitals where the texts have a word only so and no dictionary of English
    has it: "moskalik", a name. Unchanged where it has capitals of its own."""
    if any(map(str.isupper, question[1:])):
        return question
    written = {match.group() for text in texts for match in TOKEN.finditer(text)}
    for word in _longer_words(question):
        named = word.capitalize()
        if word.islower() and named in written and word not in written and not _is_english(word):
            question = question.replace(word, named)
    return question


def _longer_words(question: str) -> list[str]:
    found = (match.group() for match in TOKEN.finditer(question))
    return [
        word for word in found if word.isalpha() and len(word) >= SHORTEST and fold(word) not in STOP_WORDS
    ]


def _is_english(word: str) -> bool:
    from lemminflect import getAllLemmas  # its tables take .2 s to load, which few questions need

    return bool(getAllLemmas(word.lower()))


def _is_slip(slip: str, word: str) -> bool:
    """Whether one letter too many, too few, wrong, or two exchanged make the one of the other."""
    if slip == word or abs(len(slip) - len(word)) > 1 or slip[0] != word[0]:
        return False
    at = next((at for at, (one, two) in enumerate(zip(slip, word, strict=False)) if one != two), len(slip))
    one, two = slip[at:], word[at:]
    exchanged = len(one) > 1 and one[:2] == two[1::-1] and one[2:] == two[2:]
    return exchanged or one[1:] == two[1:] or one[1:] == two or one == two[1:]
