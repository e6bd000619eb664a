"""The words that a question is searched by: the clauses it has, and the words that an answer should hold.

Takes a question that stands alone, gives texts and folded words. Knows nothing of articles.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from qa.english import lexicon
from qa.english.demands import demands
from qa.english.months import CALENDAR
from qa.english.names import names_in
from qa.english.words import content_words, words
from qa.types import Filters, Kind, Search

CLAUSE_WORDS = 4  # content words; a shorter clause is searched together with its neighbour

_CLAUSE = regex.compile(
    r"[,;:]?\s+(?:and|while|whereas|but)\s+(?=[a-z’'\"“A-Z])|;\s|,\s"
    r"|\s+(?:compared (?:to|with)|in contrast (?:to|with)|as opposed to|before|after|than|since)\s+"
)
_SUMS_UP = lexicon.words("summing_words")
_NO_TOPIC = _SUMS_UP | CALENDAR | lexicon.words("news_words")
_TOPICLESS = _SUMS_UP | {"case", "true", "whether"}


def search(text: str, filters: Filters, kind: Kind) -> Search:
    """What to look for, read once. `kind` is that of the question that the text belongs to."""
    return Search(
        text,
        filters,
        clauses=clauses(text),
        topic=topic_words(text, sums_up=kind == "about"),
        demands=demands(text),
    )


def clauses(text: str) -> tuple[str, ...]:
    """The clauses of a question, short ones joined to the one before; the text itself where there is but
    one."""
    found: list[str] = []
    for piece in filter(str.strip, _CLAUSE.split(text)):
        short = found and min(len(content_words(piece)), len(content_words(found[-1]))) < CLAUSE_WORDS
        if short:
            found[-1] += f" {piece}"
        else:
            found.append(piece)
    return tuple(found) if len(found) > 1 else (text,)


def topic_words(question: str, *, sums_up: bool = False) -> tuple[str, ...]:
    """The words that a sentence which answers should hold.

    With `sums_up` none where it asks for a summary as such: "What is this article about?".
    """
    asked = content_words(question)
    topic = [word for word in asked if word not in _TOPICLESS]
    whole = (
        _SUMS_UP.intersection(asked)
        if asked
        else lexicon.words("telling_words").intersection(words(question))
    )
    if not topic and not (sums_up and whole):
        topic = asked or words(question)
    return tuple(topic)


def asks_for_news(text: str, outlets: Sequence[str]) -> bool:
    """Whether what is left beside time words and those outlets names nothing: "The latest headlines"."""
    named = [word for name in names_in(text) for word in words(name)]
    known = [word for outlet in outlets for word in words(outlet)]
    told = {word for word in [*content_words(text), *named] if not word.isdigit()}
    return told <= _NO_TOPIC.union(known)
