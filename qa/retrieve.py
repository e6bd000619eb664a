"""Finds the passages to read: takes a Plan and a way to search, gives Hits, best first.

Fuses words and vectors, favours the days that the question means, and keeps one of several copies of a wire
story. Knows neither the store nor the embedder: they arrive as functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from qa.names import content_words, words
from qa.types import Filters, Hit, Passage, Plan

# The weights below are shares of the best lexical score, which counts 1.
WORDS_WEIGHT = (
    0.75  # vectors get the rest: on news MiniLM alone is far behind words, and equal fusion costs rank 1
)
FAVOUR = 0.3  # for an article of the days that the question means
NEAR_DAYS = 30.0  # the favour fades to a third over as many days outside of them
LATEST = 0.4  # for the newest article when the question asks for the latest
FRESH = 0.02  # for the newest article when nothing is said of time: it decides ties only
FRESH_DAYS = 365.0
DEPTH = 3  # times k: how many hits are asked for, since copies and repeats fall out
SAME_TEXT = 0.8  # share of words in common (Jaccard) from which two passages of a cluster are one

Search = Callable[[str, Filters, int], tuple[list[Hit], list[Hit]]]
Clusters = Callable[[Iterable[str]], Mapping[str, str]]


def retrieve(
    plan: Plan,
    search: Search,
    *,
    k: int = 20,
    cluster_of: Clusters | None = None,
    day_of: Callable[[str], str | None] | None = None,
) -> list[Hit]:
    """At most `k` passages for all of the plan's searches, best first, scores from 0 to a little over 1.

    `search(text, filters, n)` gives the lexical and the dense hits; `day_of` an article's day, `YYYY-MM-DD`.
    """
    best: dict[Passage, float] = {}
    for text, filters in zip(
        plan.searches, plan.narrowed or [plan.filters] * len(plan.searches), strict=True
    ):
        for hit in _fuse(*search(text, filters, DEPTH * k)):
            best[hit.passage] = max(hit.score, best.get(hit.passage, 0.0))
    hits = [Hit(passage, score + _timeliness(plan, passage, day_of)) for passage, score in best.items()]
    hits.sort(key=lambda hit: (-hit.score, hit.passage.article_id, hit.passage.start))
    return _without_copies(hits, k, cluster_of)


def lexical_words(text: str) -> str:
    """What is searched for by words: those that carry the question, or all where none does."""
    return " ".join(content_words(text) or words(text))


def _fuse(lexical: Sequence[Hit], dense: Sequence[Hit]) -> list[Hit]:
    """One list of both: BM25 as a share of its best, cosines stretched over their range, weighed."""
    scores: dict[Passage, float] = {}
    best = max((hit.score for hit in lexical), default=0.0)
    for hit in lexical:
        scores[hit.passage] = WORDS_WEIGHT * hit.score / best if best > 0 else 0.0
    low = min((hit.score for hit in dense), default=0.0)
    high = max((hit.score for hit in dense), default=0.0)
    for hit in dense:
        share = (hit.score - low) / (high - low) if high > low else 1.0
        scores[hit.passage] = scores.get(hit.passage, 0.0) + (1 - WORDS_WEIGHT) * share
    return [Hit(passage, score) for passage, score in scores.items()]


def _timeliness(plan: Plan, passage: Passage, day_of: Callable[[str], str | None] | None) -> float:
    written = day_of(passage.article_id) if day_of else None
    if not written:
        return 0.0
    day = date.fromisoformat(written)
    bonus = FAVOUR * math.exp(-_days_outside(day, plan.favoured) / NEAR_DAYS) if plan.favoured else 0.0
    if plan.as_of:
        age = abs((plan.as_of - day).days)
        bonus += LATEST * math.exp(-age / NEAR_DAYS) if plan.latest else FRESH * math.exp(-age / FRESH_DAYS)
    return bonus


def _days_outside(day: date, stretch: Filters) -> int:
    if stretch.since and day < stretch.since:
        return (stretch.since - day).days
    if stretch.until and day > stretch.until:
        return (day - stretch.until).days
    return 0


def _without_copies(hits: Sequence[Hit], k: int, cluster_of: Clusters | None) -> list[Hit]:
    """The first `k` hits, less those that repeat a better one of the same wire story."""
    clusters = cluster_of({hit.passage.article_id for hit in hits}) if cluster_of else {}
    kept: list[Hit] = []
    seen: dict[str, list[frozenset[str]]] = {}
    for hit in hits:
        mine = frozenset(words(hit.passage.text))
        others = seen.setdefault(clusters.get(hit.passage.article_id, hit.passage.article_id), [])
        if any(len(mine & other) >= SAME_TEXT * len(mine | other) for other in others):
            continue
        others.append(mine)
        kept.append(hit)
        if len(kept) == k:
            break
    return kept
