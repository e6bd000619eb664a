"""Finds the passages to read: takes a Plan and a way to search, gives Hits, best first.

Fuses words and vectors, favours the days that the question means, and keeps one of several copies of a wire
story. Knows neither the store nor the embedder: they arrive as functions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from qa.english.names import content_words, words
from qa.store.lexical import LEAD_WEIGHT
from qa.types import Filters, Hit, Passage, Plan

# Every number here is measured in benchmarks/README.md.
LIST = 100  # hits asked of each index: with 50, MultiHop-RAG's MRR falls by .01
BEST = 10  # a list's scores are shares of the mean of its so many best, so that lists compare
DENSE = 0.25  # of vectors beside words: on news MiniLM alone is far behind, and 0.4 already costs rank 1
WHOLE = 0.4  # of the whole question beside one clause of it
LEAD_SEVERAL = 0.15  # of an article's lead, where clauses name details: MultiHop-RAG's MRR .727 -> .743
CLAUSE_WORDS = 4  # content words; a shorter clause is searched together with its neighbour
FADE_DAYS = 14.0  # what is won by being of the right days falls to a third over so many
FAVOUR = 0.5  # won by an article of the days that the question's time words mean
FRESH = 0.3  # won by an article of "today": gold first .60 -> .65, and .535 -> .52 where it is two months old
LATEST = 0.6  # the same, where the latest is asked for
FUTURE = 0.6  # lost by an article of a day after "today", which a reader of that day could not have seen
FUTURE_DAYS = 1  # outlets and readers differ by a time zone
SAME_TEXT = 0.8  # share of words in common (Jaccard) from which two passages of a cluster are one

_CLAUSE = re.compile(
    r"[,;:]?\s+(?:and|while|whereas|but)\s+(?=[a-z’'\"“A-Z])|;\s|,\s"
    r"|\s+(?:compared (?:to|with)|in contrast (?:to|with)|as opposed to|before|after|than|since)\s+"
)

Search = Callable[[str, Filters, int], tuple[list[Hit], list[Hit]]]
Scores = dict[Passage, float]
Clusters = Callable[[Iterable[str]], Mapping[str, str]]


def retrieve(
    plan: Plan,
    search: Search,
    *,
    k: int = 20,
    cluster_of: Clusters | None = None,
    day_of: Callable[[str], str | None] | None = None,
) -> list[Hit]:
    """At most `k` passages for all of the plan's searches, best first; a score of 1 is a usual good one.

    `search(text, filters, n)` gives the lexical and, for one of `dense_texts`, the dense hits; `day_of` an
    article's day, `YYYY-MM-DD`.
    """

    @cache
    def timely(article_id: str) -> float:
        return _timeliness(plan, day_of(article_id) if day_of else None)

    best: dict[Passage, float] = {}
    for text, filters in zip(
        plan.searches, plan.narrowed or [plan.filters] * len(plan.searches), strict=True
    ):
        for scores in _by_clause(text, filters, search, timely):
            for passage, score in scores.items():
                best[passage] = max(score, best.get(passage, 0.0))
    hits = [Hit(passage, score) for passage, score in best.items()]
    hits.sort(key=lambda hit: (-hit.score, hit.passage.article_id, hit.passage.start))
    return _without_copies(hits, k, cluster_of)


def dense_texts(plan: Plan) -> list[str]:
    """The texts whose nearest passages `retrieve` uses: of a long search its clauses, not the whole."""
    return list(dict.fromkeys(part for text in plan.searches for part in _parts(text)))


def lead_weight(texts: Sequence[str]) -> float:
    """What a word in an article's lead counts beside one in the passage, by the question's `dense_texts`."""
    return LEAD_SEVERAL if len(texts) > 1 else LEAD_WEIGHT


def lexical_words(text: str) -> str:
    """What is searched for by words: those that carry the question, or all where none does."""
    return " ".join(content_words(text) or words(text))


def _by_clause(
    text: str, filters: Filters, search: Search, timely: Callable[[str], float]
) -> Iterator[Scores]:
    """Scores for the text, or where it has several clauses for each of them: a long question names several
    things, and passages about one of them would crowd out the others."""
    words_whole, vectors_whole = search(text, filters, LIST)
    parts = _parts(text)
    if parts == [text]:
        yield _fused(_scores(words_whole), vectors_whole, timely)
        return
    for part in parts:
        words_part, vectors_part = search(part, filters, LIST)
        scores = _scores(words_part)
        for hit in words_whole:
            scores[hit.passage] = scores.get(hit.passage, 0.0) + WHOLE * hit.score
        yield _fused(scores, vectors_part, timely)


def clauses(text: str) -> list[str]:
    """The clauses of a question, short ones joined to the one before; at least one."""
    found: list[str] = []
    for part in filter(str.strip, _CLAUSE.split(text)):
        short = found and min(len(content_words(part)), len(content_words(found[-1]))) < CLAUSE_WORDS
        if short:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found or [text]


def _parts(text: str) -> list[str]:
    """What a text is searched by: its clauses, or as it stands where there is but one."""
    parts = clauses(text)
    return parts if len(parts) > 1 else [text]


def _fused(lexical: Scores, dense: Sequence[Hit], timely: Callable[[str], float]) -> Scores:
    """One list of both: BM25, and cosines above that of the last hit, as shares of their best ones."""
    scores = _shares({passage: score * timely(passage.article_id) for passage, score in lexical.items()})
    floor = dense[-1].score if len(dense) > 1 else 0.0
    lifted = _shares({hit.passage: hit.score - floor for hit in dense})
    for passage, share in lifted.items():
        scores[passage] = scores.get(passage, 0.0) + DENSE * share * timely(passage.article_id)
    return _shares(scores)


def _shares(scores: Scores) -> Scores:
    """Scores divided by the mean of the BEST highest."""
    top = sorted(scores.values(), reverse=True)[:BEST]
    mean = sum(top) / len(top) if top else 0.0
    return {passage: score / mean if mean > 0 else 1.0 for passage, score in scores.items()}


def _scores(hits: Sequence[Hit]) -> Scores:
    return {hit.passage: hit.score for hit in hits}


def _timeliness(plan: Plan, written: str | None) -> float:
    """What an article's day is worth: a factor, 1 where nothing is known."""
    if not written:
        return 1.0
    day = date.fromisoformat(written)
    factor = 1.0
    if plan.favoured:
        factor += FAVOUR * math.exp(-plan.favoured.days_outside(day) / FADE_DAYS)
    if plan.as_of:
        age = (plan.as_of - day).days
        factor += (LATEST if plan.latest else FRESH) * math.exp(-abs(age) / FADE_DAYS)
        factor -= FUTURE if age < -FUTURE_DAYS else 0.0
    return factor


def _without_copies(hits: Sequence[Hit], k: int, cluster_of: Clusters | None) -> list[Hit]:
    """The first `k` hits, less those that repeat one of another article of the same wire story."""
    clusters = cluster_of({hit.passage.article_id for hit in hits}) if cluster_of else {}
    kept: list[Hit] = []
    seen: dict[str, list[Passage]] = {}

    @cache
    def words_of(passage: Passage) -> frozenset[str]:
        return frozenset(words(passage.text))

    def is_copy(one: Passage, other: Passage) -> bool:
        if one.article_id == other.article_id:
            return False
        first, second = words_of(one), words_of(other)
        return len(first & second) >= SAME_TEXT * len(first | second)

    for hit in hits:
        told = seen.setdefault(clusters.get(hit.passage.article_id, hit.passage.article_id), [])
        if any(is_copy(hit.passage, other) for other in told):
            continue
        told.append(hit.passage)
        kept.append(hit)
        if len(kept) == k:
            break
    return kept
