"""Figures that a later report takes back: "which at first gave 5.9", "nobody is missing any longer".

Takes Values and the Hits of their question. What no later report speaks of stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from qa.answer.shelf import Shelf
from qa.answer.values import Value, is_superseding
from qa.english import lexicon
from qa.english.numbers import number
from qa.english.sentences import sentences
from qa.english.words import bag, words
from qa.types import Hit, Part

_FIGURE = regex.compile(r"(?<![\w.,-])(?:\d[\d,]*(?:\.\d+)?|\p{L}+)(?![\w])")
_NOW = frozenset(("are", "is", "still", "now", "currently", "remain", "remains"))


def still_standing(part: Part, values: Sequence[Value], hits: Sequence[Hit], shelf: Shelf) -> list[Value]:
    """The values but for figures of which a report newer than all that state them says that they no longer
    hold."""
    if not any(number(value.span.text) is not None for value in values):
        return list(values)
    about = [
        (day, sentence)
        for hit in hits
        if (day := shelf.day(hit.passage.article_id))
        for sentence in _about(part, hit.passage.text)
    ]
    return [value for value in values if not _is_outdated(part, value, about, shelf)]


def _is_outdated(part: Part, value: Value, about: Sequence[tuple[str, str]], shelf: Shelf) -> bool:
    """`about`: sentences with the days of their articles."""
    told = number(value.span.text)
    newest = max((shelf.day(span.passage.article_id) or "" for span in value.spans), default="")
    if told is None or not newest:
        return False
    later = (sentence for day, sentence in about if day > newest)
    return any(_takes_back(sentence, told) or _says_none(part, sentence) for sentence in later)


def _about(part: Part, text: str) -> Iterator[str]:
    """The sentences that hold a word of the question."""
    for start, end in sentences(text):
        there = bag(text[start:end])
        if any(word in there for word in part.words):
            yield text[start:end]


def _takes_back(sentence: str, told: float) -> bool:
    same = (match.start() for match in _FIGURE.finditer(sentence) if number(match.group()) == told)
    return any(is_superseding(sentence[:at]) for at in same)


def _says_none(part: Part, sentence: str) -> bool:
    """Whether it says that there is none left of what is asked for now: "Nobody is missing any longer"."""
    if not _NOW & set(words(part.question)):
        return False
    opens = words(sentence)[:2]
    nobody = "".join(opens[:1]) in lexicon.words("nobody_phrases") or " ".join(opens) == "no one"
    state = [word for word in part.words if not word.endswith("s")][-1:]
    return nobody and any(word in bag(sentence) for word in state)
