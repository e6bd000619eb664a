"""The truth: articles and their revisions, passages with their vectors, sources, and what changed when.

Takes and gives nouns; every call is one transaction. Speaks SQL through SQLAlchemy: SQLite by default,
PostgreSQL by address. Knows nothing about the indexes built from it, except that they follow `changes`.
What is written over several tables is here; what is read stands with its noun: `articles`, `passages`,
`changes`, `ledger` (where articles were found), `audit` (what is damaged).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from qa.store.audit import Audit, text_hash
from qa.store.changes import Changes, note_change
from qa.store.database import in_parts
from qa.store.ledger import Ledger, forget, forget_twins, note_sources
from qa.store.passages import Passages, vector_bytes
from qa.store.schema import articles, passages, revisions, shingles, sources, twins
from qa.types import Article, Passage

Outcome = Literal["added", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class New:
    """An article to be stored: how it is cut, (n, dim) vectors, and where it was found (source to file)."""

    article: Article
    passages: Sequence[Passage]
    vectors: npt.NDArray[np.float32]
    sources: Mapping[str, str]


class Catalogue(Passages, Changes, Ledger, Audit):
    """Articles, passages and what changed, behind one address."""

    def add(
        self,
        article: Article,
        cut: Sequence[Passage],
        vectors: npt.NDArray[np.float32],
        *,
        cluster: str,
        keys: Iterable[int],
        sources: Mapping[str, str],
    ) -> Outcome:
        """Stores an article, or the new revision that replaces the old. One transaction.

        `vectors` are (len(cut), dim); `keys` its shingle keys; `sources` maps where it was found to the file.
        Sources that held the old text as a copy of this article are forgotten, their files unread.
        """
        with self._transaction() as connection:
            held = connection.scalar(sa.select(articles.c.revision).where(articles.c.id == article.id))
            note_sources(connection, article, sources)
            if held == article.revision:
                return "unchanged"
            if held is not None:
                forget_twins(connection, article.id)
                _drop(connection, article.id)
            _put(connection, New(article, cut, vectors, sources), cluster)
            _put_passages(connection, _passage_rows(cut, vectors), of=[article.id])
            rows = [{"key": key, "article_id": article.id} for key in set(keys)]
            if rows:
                connection.execute(sa.insert(shingles), rows)
        return "added" if held is None else "updated"

    def add_new(
        self, batch: Sequence[New], *, clusters: Sequence[str], keys: Sequence[Iterable[int]]
    ) -> None:
        """Stores articles of which none was ever stored, no two the same: all of them, or nothing.

        One transaction, one statement a table. `clusters` and `keys` (of shingles) are in the batch's order.
        """
        if not batch:
            return
        with self._transaction() as connection:
            _note_new_sources(connection, batch)
            rows = zip(batch, clusters, strict=True)
            connection.execute(sa.insert(articles), [_article_row(new, cluster) for new, cluster in rows])
            connection.execute(sa.insert(revisions), [_revision_row(new.article) for new in batch])
            cut = [row for new in batch for row in _passage_rows(new.passages, new.vectors)]
            _put_passages(connection, cut, of=[new.article.id for new in batch])
            shared = [
                {"key": key, "article_id": new.article.id}
                for new, own in zip(batch, keys, strict=True)
                for key in set(own)
            ]
            if shared:
                connection.execute(sa.insert(shingles), shared)

    def remove(self, ids: Iterable[str]) -> int:
        """Takes articles out of every answer; gives how many there were. Their revisions stay."""
        removed = 0
        for article_id in ids:
            with self._transaction() as connection:
                _drop(connection, article_id)
                done = connection.execute(sa.delete(articles).where(articles.c.id == article_id))
                removed += done.rowcount
                of_it = sources.c.article_id == article_id
                forget(connection, of_it)
        return removed


def _put(connection: sa.Connection, new: New, cluster: str) -> None:
    article = new.article
    connection.execute(sa.delete(articles).where(articles.c.id == article.id))
    connection.execute(sa.insert(articles), [_article_row(new, cluster)])
    own = (revisions.c.article_id == article.id) & (revisions.c.revision == article.revision)
    connection.execute(sa.delete(revisions).where(own))  # the same, or damaged since
    connection.execute(sa.insert(revisions), [_revision_row(article)])


def _article_row(new: New, cluster: str) -> dict[str, Any]:
    article = new.article
    return {
        "id": article.id,
        "revision": article.revision,
        "cluster": cluster,
        "text_hash": text_hash(article.text),
        "day": article.day,
        "outlet": article.outlet,
        "passages": len(new.passages),
    }


def _revision_row(article: Article) -> dict[str, Any]:
    fields = (column.name for column in revisions.columns if column.name != "article_id")
    return {"article_id": article.id, **{name: getattr(article, name) for name in fields}}


def _passage_rows(cut: Sequence[Passage], vectors: npt.NDArray[np.float32]) -> list[dict[str, Any]]:
    return [
        {
            "article_id": passage.article_id,
            "start": passage.start,
            "end": passage.end,
            "vector": vector_bytes(vector),
        }
        for passage, vector in zip(cut, vectors, strict=True)
    ]


def _put_passages(connection: sa.Connection, rows: Sequence[dict[str, Any]], *, of: Sequence[str]) -> None:
    """The passages of the articles `of`, which have no others; one change for all of them."""
    if not rows:
        return
    connection.execute(sa.insert(passages), rows)
    spans = []
    for part in in_parts(of):
        its = passages.c.article_id.in_(part)
        span = sa.select(sa.func.min(passages.c.number), sa.func.max(passages.c.number)).where(its)
        spans.append(connection.execute(span).one())
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    note_change(connection, came=True, first=first, last=last)


def _note_new_sources(connection: sa.Connection, batch: Sequence[New]) -> None:
    """Where new articles were found; other articles that stood there before do so no more."""
    rows = {
        source: {
            "source": source,
            "file": file,
            "article_id": new.article.id,
            "revision": new.article.revision,
        }
        for new in batch
        for source, file in new.sources.items()
    }
    if not rows:
        return
    for part in in_parts(list(rows)):
        connection.execute(sa.delete(sources).where(sources.c.source.in_(part)))
        connection.execute(sa.delete(twins).where(twins.c.source.in_(part)))
    connection.execute(sa.insert(sources), list(rows.values()))


def _drop(connection: sa.Connection, article_id: str) -> None:
    """Takes the passages of the current revision away; the article's row is the caller's."""
    of_it = passages.c.article_id == article_id
    span = sa.select(sa.func.min(passages.c.number), sa.func.max(passages.c.number)).where(of_it)
    first, last = connection.execute(span).one()
    if first is not None:
        connection.execute(sa.delete(passages).where(of_it))
        note_change(connection, came=False, first=first, last=last)
    connection.execute(sa.delete(shingles).where(shingles.c.article_id == article_id))
