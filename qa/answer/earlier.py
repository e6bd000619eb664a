"""What a text tells as earlier than the event that it is about: for "Who was killed earlier?".

Takes a question and Values, gives the Values that are told so. Knows no models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from qa.answer.values import Value, beside
from qa.english import lexicon, phrases
from qa.english.words import words
from qa.types import Span

_AFTER = regex.compile(r"\b(?:[Aa]fter|[Ff]ollowing|[Ss]ince)\b")
_CLAUSE = regex.compile(r"[;:–—]|\b(?:but|while|as|just)\b")
_STATES_TIME = frozenset(("this", "today", "on", "in", "last", "than"))  # "earlier this week"


def asks_for_earlier(question: str) -> bool:
    """Whether it asks for what came before: "Which general was killed earlier?", not "earlier this week"."""
    told = [*words(question), ""]
    return any(
        word in lexicon.words("earlier_words")
        and (after == "" if word == "first" else after not in _STATES_TIME)
        for word, after in pairwise(told)
    )


def is_earlier(span: Span) -> bool:
    """Whether the sentence tells of the span as earlier: "the earlier killing of X", "X had been shot",
    "comes after X was shot"."""
    before, after = beside(span)
    clause = _CLAUSE.split(before)[-1] + span.text + _CLAUSE.split(after)[0]
    if phrases.first(clause, "earlier_events"):
        return True
    opened = list(_AFTER.finditer(before))
    if not opened:
        return False
    fronted = not before[: opened[-1].start()].strip()
    return not (fronted and "," in before[opened[-1].end() :])


def only_earlier(values: Sequence[Value]) -> list[Value]:
    """The values that are told as earlier, likeliest first; all of them where none is.

    What is ruled out leaves its probability to the others: p / (1 - that of the likeliest ruled out).
    """
    kept = [value for value in values if any(map(is_earlier, value.spans))]
    if not kept or len(kept) == len(values):
        return list(values)
    out = max(value.trust for value in values if value not in kept)
    return sorted((_shown_earlier(value, out) for value in kept), key=lambda value: -value.trust)


def _shown_earlier(value: Value, ruled_out: float) -> Value:
    """The value shown where it is told as earlier, with its share of what is left."""
    first = next(span for span in value.spans if is_earlier(span))
    trust = min(0.99, value.trust / max(1 - ruled_out, value.trust))
    others = [span for span in value.spans if span is not first]
    return replace(value, spans=(replace(first, score=trust), *others), trust=trust)
