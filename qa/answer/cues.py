"""Cues around a span that what it says did not happen, may not have, or is somebody's claim. Each is a small
named feature; what it weighs is fitted (`qa.answer.trust`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.answer.values import beside
from qa.english import lexicon
from qa.types import Part, Span

_TOKEN = re.compile(r"n['’]t\b|[^\W\d_]+(?:-[^\W\d_]+)*|[;:–—,.]")
# What a cue reaches no farther than: a semicolon, a dash, or a comma before a new clause.
_ENDS = frozenset(";:–—")
_OPENS = frozenset(
    ("and", "but", "while", "who", "which", "after", "before", "although", "as", "when", "where")
)
_LISTS = ("negating_words", "hedging_words", "unreal_words", "saying_words")


def cues(part: Part, span: Span) -> Iterator[str]:
    """The cues of a span; those that the question itself holds count apart, as `…_asked`."""
    before, after = map(_tokens, beside(span))
    inside = _tokens(span.text)
    clause = {*_last_clause(before), *inside, *_first_clause(after)}
    sentence = {*before, *inside, *after}
    asked = set(_tokens(part.question))
    for name in _LISTS:
        words = lexicon.words(name)
        if asked & words:
            yield f"{name}_asked"
        elif clause & words:
            yield f"{name}_clause"
        elif sentence & words:
            yield f"{name}_sentence"


def _tokens(text: str) -> list[str]:
    """Its words and marks in small letters; the month of May is no "may"."""
    return [token.lower().replace("’", "'") for token in _TOKEN.findall(text) if token != "May"]


def _last_clause(tokens: list[str]) -> list[str]:
    return list(reversed(_first_clause(list(reversed(tokens)), backwards=True)))


def _first_clause(tokens: list[str], *, backwards: bool = False) -> list[str]:
    """The tokens up to where a new clause begins."""
    for place, token in enumerate(tokens):
        neighbour = (
            tokens[place - 1] if backwards and place else tokens[place + 1] if place + 1 < len(tokens) else ""
        )
        if token in _ENDS or (token == "," and neighbour in _OPENS):
            return tokens[:place]
    return tokens
