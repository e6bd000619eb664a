"""Which articles tell one story: gives a new article the cluster of its first stored copy, or its own.

Takes articles with their shingle keys; `copies` says what a copy is. Writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from qa.store.catalogue import Catalogue
from qa.store.copies import is_copy
from qa.types import Article

CANDIDATES = 5  # articles that are compared word by word with a new one


def cluster_of(catalogue: Catalogue, article: Article, shingle_keys: Sequence[int]) -> str:
    """The cluster of the first stored copy of this story, else the article's own."""
    if shingle_keys:
        near = catalogue.sharing(shingle_keys, apart_from=article.id, most=CANDIDATES)
        for other in near:
            if is_copy(article.text, other.text):
                return other.cluster or other.id
    if catalogue.has_been(article.id) and catalogue.is_cluster_of_others(article.id):
        return f"{article.id}#{article.revision}"  # it was their story once, and tells another now
    return article.id


def clusters_of(catalogue: Catalogue, batch: Sequence[Article], own: Sequence[Sequence[int]]) -> list[str]:
    """What `cluster_of` gives for each, stored one after the other; none was ever stored."""
    having = catalogue.keyed({key for its in own for key in its})
    met = [_most_met(its, having) for its in own]
    known = catalogue.current({name for names in met for name in names})
    clusters = []
    for article, its in zip(batch, own, strict=True):
        near = [known[name] for name in _most_met(its, having) if name in known]
        same = next((other for other in near if is_copy(article.text, other.text)), None)
        clusters.append(article.id if same is None else same.cluster or same.id)
        known[article.id] = replace(article, cluster=clusters[-1])
        for key in set(its):
            having.setdefault(key, []).append(article.id)
    return clusters


def _most_met(its: Iterable[int], having: Mapping[int, Sequence[str]]) -> list[str]:
    """Of the articles that have some of these keys, the CANDIDATES that have most, most first."""
    met = Counter(name for key in set(its) for name in having.get(key, ()))
    return [name for name, _ in sorted(met.items(), key=lambda pair: (-pair[1], pair[0]))[:CANDIDATES]]
