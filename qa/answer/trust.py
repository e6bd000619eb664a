"""How far to trust what was read: every weight of the answering stages, and the scores that they make.

A span's probability is the reader's, less what its features cost; a value's trust also counts how often it is
said, how well its passage was found, and how near its day is to the days that are meant. Weights are in
logits (log odds) unless a unit stands beside them; "measured" means benchmarks/README.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qa.types import Filters, Plan

# A span: what its features (`qa.answer.features`) cost it.

HOPELESS = 0.01  # a probability that no ranking makes an answer of
FEATURE_COSTS: Mapping[str, float] = {
    "missing": 1.0,  # counted in logits already, by the costs below
    "far_words": 2.0,  # none of the question's other words stands in the article; less where some are near
    "suffers": 3.5,  # the sentence tells what was done to the answer
    "other_person": 0.7,  # it names somebody else, and not the one who was asked about
    "wrong_kind": 4.0,  # "when" answered with a name
    "another_name": 4.0,  # "Who is Keir Starmer?" does not ask for one
    "too_long": 3.0,
    "no_reason": 4.0,
    "alone": 3.0,  # a heading or an item of a list says nothing of what was asked
    "counts_other": 4.0,
    "no_sum": 4.0,
    "beaten": 3.0,  # "won, fending off Marine Le Pen" does not say that she won
    "nobody": 3.0,  # "no group has claimed …" answers no question for who has
    "denied": 1.0,  # "did not claim" seldom does
}
# Where a demanded name stands, and what its distance from the answer costs.
SAME_SENTENCE, NEXT_SENTENCE, TITLE_OR_LEDE, SAME_PASSAGE, ELSEWHERE = 0.0, 0.5, 0.7, 1.0, 1.5
OTHER_ARTICLE = 1.5  # of the several that the question is about
NOWHERE = 5.0  # even a reader that is 99 % sure (logit 4.6) falls below an even chance
UNSURE_NOWHERE = 4.0  # the same for words that only look like names
WORD_AT = (0.0, 0.2, 0.4, 0.4, 0.7, 1.0)  # share of `far_words` by the same five places, and for nowhere

# A value: which of several is meant. Fitted on RealTime QA, measured.

READER_WEIGHT = 0.75  # of its probability, as a logit
RANK_WEIGHT = 1.1  # of the best rank of a passage that says it, as 1 / rank
FRESH_WEIGHT = 1.0  # of the nearest day to "today" of an article that says it
FRESH_DAYS = 14.0  # days over which nearness falls to a third
REPEAT_WEIGHT = 1.2  # of how often it is said, as a logarithm
CLAUSES_REPEAT_WEIGHT = 2.0  # the same where each clause of the question was searched and read by itself
WORDY_COST, WORDY_WORDS = 2.1, 6  # for a value of more words than that; a cause takes many

# A value: whether it is trusted. In a large store something nearly fits every question, so that it depends on
# all of these; in one of an article or two on how probable it is, and a little on how well found. Between the
# two by the logarithm of the passages, steep at first.

TRUST_READER_WEIGHT = 0.32
TRUST_REPEAT_WEIGHT, TRUST_CLAUSES_REPEAT_WEIGHT = 0.8, 2.2
TRUST_FOUND_WEIGHT = 2.6  # of its passage's search score, in which 1 is a usual good hit
TRUST_DAY_WEIGHT = 1.25
TRUST_PRIOR_ODDS = -3.96
SMALL_FOUND_WEIGHT, SMALL_FOUND_MOST = 0.8, 2.0
SMALL_PRIOR_ODDS = -0.45
LARGE, BEND = 120_000, 0.7  # passages; power of the share of their logarithm

# Rows: what is read and shown.

ENOUGH = 0.5  # trust in what the first look finds; who asks for less is given the better of both looks
HOPE = 0.05  # share of the threshold; where the first look finds less, the next ones find nothing
RIVAL = 2.0  # another value is shown too when it is at most so many logits less probable than the best
LIST_RIVAL = 3.0  # the same where several were asked for
SENTENCE_BONUS = 0.2  # probability added to a cell in the sentence of its row, when choosing
NEAR_SHARE = 0.8  # of a cell's forms one in the shown sentence of its row is shown, if it has this share
CELL_SHARE = 0.6  # a cell needs this share of the threshold: its row is already established

# A sentence: whether it settles or sums up. Shares of the weight of the question's words.

SETTLES = 0.6  # that a sentence must carry to settle a question
COMPARES = 0.3  # the same for one side of a comparison, whose clause says more than any one sentence
TELLS = 0.5
PASSAGE_SHARE = 0.25  # words that stand only in the rest of the passage count so much
READ_SHARE = 0.5  # what the reader's probability adds
TITLED = 0.2  # what is added where the title holds all of the topic, when summing up
LEANS = 0.3  # taken off a sentence that does not stand alone, when summing up
EARLY = 0.1  # what standing at the head of the article adds: news says the most important first
REFUSED = 2.5  # logits that missing names cost, from which a sentence is not about the question
REFUSED_SIDE = 4.0  # the same for a side, which is looked for in the article that was named


def logit(probability: float) -> float:
    """The log odds, at most 13.8 either way."""
    inside = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


def judged(probability: float, features: Mapping[str, float]) -> float:
    """What the features leave of a span's probability."""
    cost = sum(FEATURE_COSTS[name] * value for name, value in features.items())
    return 1 / (1 + math.exp(cost - logit(probability))) if cost else probability


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for a value: `fresh` and `timely` are nearnesses, `found` is its passage's search score."""

    probability: float
    times: int
    rank: int
    found: float
    fresh: float
    timely: float
    wordy: bool = False


def standing(of: Support, *, by_clauses: bool) -> float:
    """How likely a value is the one that is meant, for putting them in order."""
    repeat = CLAUSES_REPEAT_WEIGHT if by_clauses else REPEAT_WEIGHT
    return (
        READER_WEIGHT * logit(of.probability)
        + RANK_WEIGHT / of.rank
        + FRESH_WEIGHT * of.fresh
        + repeat * math.log(of.times)
        - WORDY_COST * of.wordy
    )


def trust(of: Support, *, among: int, by_clauses: bool) -> float:
    """The probability that a value answers, found `among` so many passages."""
    repeat = TRUST_CLAUSES_REPEAT_WEIGHT if by_clauses else TRUST_REPEAT_WEIGHT
    sure, share = logit(of.probability), _largeness(among)
    large = (
        TRUST_READER_WEIGHT * sure
        + repeat * math.log(of.times)
        + TRUST_FOUND_WEIGHT * of.found
        + TRUST_DAY_WEIGHT * of.timely
        + TRUST_PRIOR_ODDS
    )
    return _probability((1 - share) * _in_small(sure, of.found) + share * large)


def trust_in_given(probability: float) -> float:
    """How far to trust a value that probable, read in a text that was given with the question."""
    return _probability(_in_small(logit(probability), SMALL_FOUND_MOST))


def _in_small(sure: float, found: float) -> float:
    return sure + SMALL_FOUND_WEIGHT * min(found, SMALL_FOUND_MOST) + SMALL_PRIOR_ODDS


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _largeness(passages: int) -> float:
    """0 for a single passage, 1 for a large store, .45 for five articles and .68 for seventy."""
    return float(min(math.log(max(passages, 1)) / math.log(LARGE), 1.0) ** BEND)


def days_meant(plan: Plan) -> Filters:
    """The days that the question means: those that it or the caller names, else "today" alone."""
    for days in (plan.filters, plan.favoured):
        if days and (days.since or days.until):
            return days
    return Filters(plan.as_of, plan.as_of)


def nearness(stretch: Filters, days: Sequence[str | None]) -> float:
    """Of the nearest of these days: 1 within the stretch, falling towards 0 with its distance from it; 0
    where nothing is known."""
    if not (stretch.since or stretch.until):
        return 0.0
    known = [date.fromisoformat(day) for day in days if day]
    return max((math.exp(-stretch.days_outside(day) / FRESH_DAYS) for day in known), default=0.0)
