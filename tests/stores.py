"""Stores to test with: articles cut into passages, and vectors that need no model.

A text's vector is random but always the same, so a passage is found by its own text and by nothing else.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.ingest.blocks import blocks
from qa.ingest.chunk import chunk
from qa.store.index_text import index_text
from qa.store.store import Store
from qa.types import Article, Passage

DIM = int(os.environ.get("DATELINE_TEST_DIM", "32"))  # benchmarks take the packaged embedder's
WORDS = ["harbour", "storm", "minister", "bridge", "verdict", "vaccine", "striker", "budget", "glacier"]


def embed(texts: Sequence[str]) -> Any:
    """(n, DIM) float32, unit length."""
    vectors = np.empty((len(texts), DIM), np.float32)
    for row, text in enumerate(texts):
        vectors[row] = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(DIM)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def refuse(texts: Sequence[str]) -> Any:
    """An embedder that must not be asked."""
    raise AssertionError(f"{len(texts)} texts were embedded that were known already")


def open_store(data: Path, **options: Any) -> Store:
    return Store.open(data, **{"embedder": "random", "dim": DIM, **options})


def article(name: str, text: str, **fields: Any) -> Article:
    revision = hashlib.sha256(repr((text, sorted(fields.items()))).encode()).hexdigest()[:16]
    whole = {"url": None, "title": "", "outlet": None, "author": None, "published": None, **fields}
    return Article(id=name, revision=revision, text=text, **whole)


def told(number: int, sentences: int = 6) -> str:
    """A text of its own for every number; its word `mark<number>` stands in no other."""
    random = np.random.default_rng(number)
    lines = [f"Report mark{number} begins here."]
    for _ in range(sentences):
        lines.append(" ".join(random.choice(WORDS, 12)).capitalize() + f" at place{random.integers(10**9)}.")
    return "\n\n".join(lines)


def put(store: Store, *articles: Article, commit: bool = True) -> list[str]:
    outcomes = []
    with store.writing():
        for each in articles:
            passages = chunk(each, blocks(each.text))
            outcomes.append(store.add(each, passages, vectors_of(each, passages), sources={each.id: each.id}))
        if commit:
            store.commit()
    return outcomes


def vectors_of(of: Article, passages: Sequence[Passage]) -> Any:
    return embed([index_text(of.title, of.outlet, of.day, passage.text) for passage in passages])


def found(store: Store, words: str) -> set[str]:
    """Ids of the articles found by words."""
    hits, _ = store.search(words, None, k=50)
    return {hit.passage.article_id for hit in hits}


def lost(store: Store) -> list[str]:
    """Every passage that is not found by its own words and by its own vector."""
    missing = []
    for row in store.articles():
        of = store.article(row["id"])
        passages = store.passages(of.id)
        for passage, vector in zip(passages, vectors_of(of, passages), strict=True):
            by_words, near = store.search(passage.text, vector, k=10)
            for kind, hits in (("words", by_words), ("vector", near)):
                if passage not in [hit.passage for hit in hits]:
                    missing.append(f"{of.id} {passage.start}: not by {kind}")
    return missing


def contents(store: Store) -> list[tuple[str, str, tuple[Passage, ...]]]:
    """All that is stored, to compare with another store."""
    rows = store.articles()
    return sorted((row["id"], row["revision"], store.passages(row["id"])) for row in rows)
