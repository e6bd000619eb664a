"""How far to trust what was read: every weight of the answering stages, and the scores that they make.

A span's probability comes of its features, and of what the reader says among them; a value's trust also
counts how often it is said, how well its passage was found, and how near its day is to today. Both are
fitted by `python -m training.trust`: the first is the mean of a logistic regression and of boosted trees, the
second, which knows little, a regression. The other weights are in logits (log odds) unless a unit stands
beside them; "measured" means benchmarks/README.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from qa.errors import ModelError
from qa.types import Filters

# Where a demanded name stands, and what its distance from the answer costs.
SAME_SENTENCE, NEXT_SENTENCE, TITLE_OR_LEDE, SAME_PASSAGE, ELSEWHERE = 0.0, 0.5, 0.7, 1.0, 1.5
NOWHERE = 5.0  # even a reader that is 99 % sure (logit 4.6) falls below an even chance
WORD_AT = (0.0, 0.2, 0.4, 0.4, 0.7, 1.0)  # share of `far_words` by the same five places, and for nowhere

FRESH_DAYS = 14.0  # days over which nearness falls to a third
FOUND_MOST = 3.0  # a usual good hit has 1
LARGE = 120_000  # passages
# Logits that a value gains in a LARGE store beside one of fifty passages, so that of questions that nobody
# answers .96 are refused there, as in the small one, and not .986 (NewsQuizQA among RealTime QA's articles).
LENIENT = 1.0
FIFTY = 0.33  # their `largeness`
FITTED_FILE = Path(__file__).parents[1] / "models" / "trust.json"
MENDED_BY = "git checkout -- qa/models/trust.json"

# Rows: what is read and shown.

ENOUGH = 0.5  # trust in what the first look finds; who asks for less is given the better of both looks
RIVAL = 3.0  # another value is shown too when it is at most so many logits less probable than the best

_ABOUT, _WORDS, _SETTLED = 0.4, 4.6, -4.1  # see `settles`

# A sentence: whether it settles or sums up. Shares of the weight of the question's words.

SETTLES = 0.6  # that a sentence must carry to settle a question
COMPARES = 0.3  # the same for one side of a comparison, whose clause says more than any one sentence
TELLS = 0.5
READ_SHARE = 0.5  # what the reader's probability adds
LEANS = 0.3  # taken off a sentence that does not stand alone, when summing up
EARLY = 0.1  # what standing at the head of the article adds: news says the most important first
REFUSED = 2.5  # logits that missing names cost, from which a sentence is not about the question
REFUSED_SIDE = 4.0  # the same for a side, which is looked for in the article that was named


def logit(probability: float) -> float:
    """The log odds, at most 13.8 either way."""
    inside = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


Tree = float | list[Any]  # what a leaf adds, or [feature, limit, tree if at most so much, tree if more]


@dataclass(frozen=True, slots=True)
class Scorer:
    """Features by name in, a probability out: a logistic regression's weights, boosted trees (Friedman 2001),
    or both, added in logits. A feature that is absent counts as `neutral` says, else as 0."""

    base: float  # logits
    weights: Mapping[str, float]
    trees: Sequence[Tree]
    neutral: Mapping[str, float]

    def __call__(self, features: Mapping[str, float]) -> float:
        given = {**self.neutral, **features}
        linear = sum(weight * given.get(name, 0.0) for name, weight in self.weights.items())
        return probability(self.base + linear + sum(_leaf(tree, given) for tree in self.trees))


def _leaf(tree: Tree, given: Mapping[str, float]) -> float:
    while isinstance(tree, list):
        name, limit, lower, higher = tree
        tree = lower if given.get(name, 0.0) <= limit else higher
    return tree


@cache
def fitted(kind: str) -> Scorer:
    """The scorer of a `span` or a `value`, as `python -m training.trust` left it. Raises ModelError."""
    try:
        stored = json.loads(FITTED_FILE.read_text(encoding="utf-8"))[kind]
        trees, neutral = list(stored["trees"]), dict(stored["neutral"])
        return Scorer(float(stored["base"]), dict(stored["weights"]), trees, neutral)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{FITTED_FILE.name} is missing or damaged. Bring it back: {MENDED_BY}") from error


def span_probability(features: Mapping[str, float], *, among: int) -> float:
    """The probability that a span answers, by its features, found `among` so many passages."""
    return fitted("span")({**features, "large": largeness(among)})


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for a value: `fresh` is nearness to today, `found` its passage's search score."""

    probability: float
    times: int
    rank: int
    found: float
    fresh: float


def value_features(of: Support, *, among: int, by_clauses: bool) -> dict[str, float]:
    """The features of a value: how probable its best span is, how often it is said, where and when."""
    share = largeness(among)
    told = {
        "span": logit(of.probability),
        "times": math.log(of.times),
        "first": 1.0 / of.rank,
        "found": min(of.found, FOUND_MOST),
        "fresh": of.fresh,
    }
    crossed = {f"{name}_large": value * share for name, value in told.items()}
    return {**told, **crossed, "large": share, "times_clauses": told["times"] * by_clauses}


def trust(of: Support, *, among: int, by_clauses: bool) -> float:
    """The probability that a value is the one that is meant, found `among` so many passages."""
    probable = fitted("value")(value_features(of, among=among, by_clauses=by_clauses))
    size = max(0.0, largeness(among) - FIFTY) / (1 - FIFTY)
    return probability(logit(probable) + LENIENT * size)


def settles(about: float, words: float) -> float:
    """The probability that a sentence settles a yes-or-no question: `about` is the reader's logit that its
    passage is about it, `words` the share of its words that the sentence holds. Fitted on 63 questions asked
    of 40 articles, and some more lenient: the sentence is quoted either way."""
    return probability(_ABOUT * about + _WORDS * words + _SETTLED)


def probability(log_odds: float) -> float:
    """The inverse of `logit`."""
    return 1 / (1 + math.exp(-max(-30.0, min(log_odds, 30.0))))


def largeness(passages: int) -> float:
    """0 for a single passage, .33 for fifty, .63 for 1,500, 1 for a large store."""
    return float(min(math.log(max(passages, 1)) / math.log(LARGE), 1.0))


def nearness(stretch: Filters, days: Sequence[str | None]) -> float:
    """Of the nearest of these days: 1 within the stretch, falling towards 0 with its distance from it; 0
    where nothing is known."""
    if not (stretch.since or stretch.until):
        return 0.0
    known = [date.fromisoformat(day) for day in days if day]
    return max((math.exp(-stretch.days_outside(day) / FRESH_DAYS) for day in known), default=0.0)
