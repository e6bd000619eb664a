"""Finds the passages to read: takes a Plan and a way to search, gives Hits, best first.

Fuses words and vectors, favours the days that the question means, and keeps one of several copies of a wire
story.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from qa.answer.shelf import Shelf
from qa.answer.trust import FRESH_DAYS
from qa.english.captions import is_caption
from qa.english.words import content_words, words
from qa.store.lexical import LEAD_WEIGHT
from qa.types import Filters, Hit, Passage, Plan, Search

if TYPE_CHECKING:
    from qa.models.embed import Embedder
    from qa.store.store import Store

# Every number here is measured in benchmarks/README.md.
LIST = 100  # hits asked of each index: with 50, MultiHop-RAG's MRR falls by .01
BEST = 10  # a list's scores are shares of the mean of its so many best, so that lists compare
DENSE = 0.25  # of vectors beside words: on news MiniLM alone is far behind, and 0.4 already costs rank 1
WHOLE = 0.4  # of the whole question beside one clause of it
LEAD_SEVERAL = 0.15  # of an article's lead, where clauses name details: MultiHop-RAG's MRR .727 -> .743
FAVOUR = 0.5  # won by an article of the days that the question's time words mean
FRESH = 0.3  # won by an article of "today": gold first .60 -> .65, and .535 -> .52 where it is two months old
LATEST = 0.6  # the same, where the latest is asked for
FUTURE = 0.6  # lost by an article of a day after "today", which a reader of that day could not have seen
FUTURE_DAYS = 1  # outlets and readers differ by a time zone
SAME_TEXT = 0.8  # share of words in common (Jaccard) from which two passages of a cluster are one

Find = Callable[[str, Filters, int], tuple[list[Hit], list[Hit]]]
Scores = dict[Passage, float]


def retrieve_from(store: Store, embedder: Embedder, plan: Plan, shelf: Shelf, *, k: int) -> list[Hit]:
    """At most `k` passages of the store, best first; their articles lie on the shelf afterwards."""
    texts = dense_texts(plan)
    lead = lead_weight(texts)
    vectors = dict(zip(texts, embedder.embed(texts), strict=True))

    def find(text: str, filters: Filters, n: int) -> tuple[list[Hit], list[Hit]]:
        found = store.search(lexical_words(text), vectors.get(text), k=n, filters=filters, lead=lead)
        shelf.fetch_days({hit.passage.article_id for hits in found for hit in hits})
        return found

    hits = retrieve(plan, find, shelf, k=k)
    shelf.fetch({hit.passage.article_id for hit in hits})
    return [hit for hit in hits if shelf.has(hit.passage)]


def evidence_from(store: Store, embedder: Embedder, plan: Plan, shelf: Shelf, *, k: int) -> list[Hit]:
    """The same without the words below pictures: those can be found, and answer nothing."""
    hits = retrieve_from(store, embedder, plan, shelf, k=k)
    return [
        hit for hit in hits if not is_caption(shelf.article(hit.passage.article_id).text, hit.passage.start)
    ]


def retrieve(plan: Plan, find: Find, shelf: Shelf, *, k: int = 20) -> list[Hit]:
    """At most `k` passages for all of the plan's searches, best first; a score of 1 is a usual good one.

    `find(text, filters, n)` gives the lexical and, for one of `dense_texts`, the dense hits.
    """

    @cache
    def timely(article_id: str) -> float:
        return _timeliness(plan, shelf.day(article_id))

    best: dict[Passage, float] = {}
    for search in plan.searches:
        for scores in _by_clause(search, find, timely):
            for passage, score in scores.items():
                best[passage] = max(score, best.get(passage, 0.0))
    hits = [Hit(passage, score) for passage, score in best.items()]
    hits.sort(key=lambda hit: (-hit.score, hit.passage.article_id, hit.passage.start))
    return _without_copies(hits, k, shelf)


def dense_texts(plan: Plan) -> list[str]:
    """The texts whose nearest passages `retrieve` uses: of a long search its clauses, not the whole."""
    return list(dict.fromkeys(clause for search in plan.searches for clause in search.clauses))


def lead_weight(texts: Sequence[str]) -> float:
    """What a word in an article's lead counts beside one in the passage, by the question's `dense_texts`."""
    return LEAD_SEVERAL if len(texts) > 1 else LEAD_WEIGHT


def lexical_words(text: str) -> str:
    """What is searched for by words: those that carry the question, or all where none does."""
    return " ".join(content_words(text) or words(text))


def _by_clause(search: Search, find: Find, timely: Callable[[str], float]) -> Iterator[Scores]:
    """Scores for the text, or where it has several clauses for each of them: a long question names several
    things, and passages about one of them would crowd out the others."""
    words_whole, vectors_whole = find(search.text, search.filters, LIST)
    if search.clauses == (search.text,):
        yield _fused(_scores(words_whole), vectors_whole, timely)
        return
    for clause in search.clauses:
        words_part, vectors_part = find(clause, search.filters, LIST)
        scores = _scores(words_part)
        for hit in words_whole:
            scores[hit.passage] = scores.get(hit.passage, 0.0) + WHOLE * hit.score
        yield _fused(scores, vectors_part, timely)


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
        factor += FAVOUR * math.exp(-plan.favoured.days_outside(day) / FRESH_DAYS)
    if plan.as_of:
        age = (plan.as_of - day).days
        factor += (LATEST if plan.latest else FRESH) * math.exp(-abs(age) / FRESH_DAYS)
        factor -= FUTURE if age < -FUTURE_DAYS else 0.0
    return factor


def _without_copies(hits: Sequence[Hit], k: int, shelf: Shelf) -> list[Hit]:
    """The first `k` hits, less those that repeat one of another article of the same wire story."""
    shelf.fetch_clusters({hit.passage.article_id for hit in hits})
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
        told = seen.setdefault(shelf.cluster(hit.passage.article_id), [])
        if any(is_copy(hit.passage, other) for other in told):
            continue
        told.append(hit.passage)
        kept.append(hit)
        if len(kept) == k:
            break
    return kept
