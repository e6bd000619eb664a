"""Figures that a later report takes back: "which at first gave 5.9", "nobody is missing any longer".

Takes a Value and the Hits of its question. What no later report speaks of stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from qa.answer.shelf import Shelf
from qa.answer.values import Value
from qa.english import lexicon, phrases
from qa.english.numbers import number
from qa.english.sentences import sentences
from qa.english.words import bag, words
from qa.types import Hit, Part

_BREAK = regex.compile(r"[,;:–—](?!\d)")
_FIGURE = regex.compile(r"(?<![\w.,-])(?:\d[\d,]*(?:\.\d+)?|\p{L}+)(?![\w])")
_NOW = frozenset(("are", "is", "still", "now", "currently", "remain", "remains"))


def is_outdated(part: Part, value: Value, hits: Sequence[Hit], shelf: Shelf) -> bool:
    """Whether a report that is newer than all that state the figure says that it no longer holds."""
    told = number(value.span.text)
    days = [shelf.day(span.passage.article_id) for span in value.spans]
    if told is None or not any(days):
        return False
    newest = max(day for day in days if day)
    later = [hit.passage.text for hit in hits if (shelf.day(hit.passage.article_id) or "") > newest]
    about = [sentence for text in later for sentence in _about(part, text)]
    return any(_takes_back(sentence, told) or _says_none(part, sentence) for sentence in about)


def _about(part: Part, text: str) -> Iterator[str]:
    """The sentences that hold a word of the question."""
    for start, end in sentences(text):
        there = bag(text[start:end])
        if any(word in there for word in part.words):
            yield text[start:end]


def _takes_back(sentence: str, told: float) -> bool:
    same = (match.start() for match in _FIGURE.finditer(sentence) if number(match.group()) == told)
    return any(phrases.first(_BREAK.split(sentence[:at])[-1], "superseding") for at in same)


def _says_none(part: Part, sentence: str) -> bool:
    """Whether it says that there is none left of what is asked for now: "Nobody is missing any longer"."""
    if not _NOW & set(words(part.question)):
        return False
    opens = words(sentence)[:2]
    nobody = "".join(opens[:1]) in lexicon.words("nobody_phrases") or " ".join(opens) == "no one"
    state = [word for word in part.words if not word.endswith("s")][-1:]
    return nobody and any(word in bag(sentence) for word in state)
