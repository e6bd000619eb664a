"""Reads the numbers of a text, in figures or words: "at least 12" is 12, "two million" 2,000,000."""

from __future__ import annotations

from qa.english import lexicon
from qa.english.words import figure, words

_SHORTEST_SCALE = 3  # letters of one that stands alone, "a million"; "k", "m" and "bn" follow a figure


def number(text: str) -> float | None:
    """The first number in the text; None when there is none."""
    return next(iter(numbers(text)), None)


def numbers(text: str) -> list[float]:
    """All numbers in the text, in order; empty when there is none."""
    scales = lexicon.counts("scales")
    found: list[float] = []
    tokens = words(text.replace("-", " "))
    index = 0
    while index < len(tokens):
        token = tokens[index]
        value = figure(token)
        index += 1
        if value is None and token in scales and len(token) >= _SHORTEST_SCALE:
            value, index = 1.0, index - 1
        if value is None:
            continue
        ones = figure(tokens[index]) if index < len(tokens) else None
        if token.endswith("ty") and ones and ones < 10:  # forty-two
            value, index = value + ones, index + 1
        last = index + 2  # "two hundred thousand"
        while index < min(last, len(tokens)) and tokens[index] in scales:
            value, index = value * scales[tokens[index]], index + 1
        found.append(value)
    return found
