"""The passages of current articles with their vectors, by the numbers that indexes know them under.

Takes and gives nouns; every call is one transaction. Knows nothing about the indexes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from qa.store.articles import EVERYTHING, Articles, article_of
from qa.store.database import in_parts
from qa.store.schema import articles, is_current, passages, revisions
from qa.types import Article, Filters, Passage

BATCH = 2_000  # passages handed to an index at a time


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage as the indexes need it."""

    number: int
    passage: Passage
    article: Article
    vector: npt.NDArray[np.float16]  # (dim,)


class Passages(Articles):
    """What is read of passages; and their vectors exchanged."""

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Passages by number; those that have gone are not among them."""
        found: dict[int, Passage] = {}
        with self._reading() as connection:
            for part in in_parts(numbers):
                rows = connection.execute(_passages().where(passages.c.number.in_(part)))
                found.update((number, Passage(*cut)) for number, *cut in rows)
        return found

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        statement = _passages().where(passages.c.article_id == article_id).order_by(passages.c.number)
        with self._reading() as connection:
            return tuple(Passage(*cut) for _, *cut in connection.execute(statement))

    def stored(self, first: int, last: int) -> Iterator[list[Stored]]:
        """Passages `first` to `last` that are there, with article and vector, some at a time."""
        statement = (
            sa.select(passages, articles.c.revision, articles.c.cluster)
            .join(articles, _its_article())
            .order_by(passages.c.number)
            .limit(BATCH)
        )
        while first <= last:
            with self._reading() as connection:
                chosen = statement.where(passages.c.number.between(first, last))
                rows = connection.execute(chosen).mappings().all()
                texts = _texts(connection, {row["article_id"]: row["revision"] for row in rows})
            if not rows:
                return
            yield [_stored({**texts[row["article_id"]], **row}) for row in rows]
            first = rows[-1]["number"] + 1

    def stored_by(self, numbers: Sequence[int]) -> Iterator[Stored]:
        """These passages, those that are there, with article and vector."""
        statement = (
            sa.select(passages, revisions, articles.c.cluster)
            .join(articles, articles.c.id == passages.c.article_id)
            .join(revisions, is_current())
        )
        for part in in_parts(numbers):
            with self._reading() as connection:
                rows = connection.execute(statement.where(passages.c.number.in_(part))).mappings().all()
            yield from map(_stored, rows)

    def numbers(self) -> list[int]:
        """The numbers of all passages, in order."""
        with self._reading() as connection:
            return list(connection.scalars(sa.select(passages.c.number).order_by(passages.c.number)))

    def count_passages(self, filters: Filters | None = None) -> int:
        """How many passages there are; with `filters`, those of the articles that these admit."""
        if filters is None:
            counted = sa.select(sa.func.count()).select_from(passages)
        else:
            counted = self.narrowed(sa.select(sa.func.sum(articles.c.passages)), filters)
        with self._reading() as connection:
            return int(connection.scalar(counted) or 0)

    def stretches(self, ids: Sequence[str]) -> list[tuple[int, int]]:
        """The first and the last passage number of each of these articles that is there."""
        number = passages.c.number
        chosen = sa.select(sa.func.min(number), sa.func.max(number)).where(passages.c.article_id.in_(ids))
        with self._reading() as connection:
            rows = connection.execute(chosen.group_by(passages.c.article_id))
            return [(int(first), int(last)) for first, last in rows]

    def admitted(self, numbers: Sequence[int], filters: Filters) -> set[int]:
        """Those of these passages that are there and that `filters` admit."""
        joined = sa.select(passages.c.number).join(articles, _its_article())
        chosen = self.narrowed(joined, filters)
        found: set[int] = set()
        with self._reading() as connection:
            for part in in_parts(numbers):
                found.update(connection.scalars(chosen.where(passages.c.number.in_(part))))
        return found

    def vectors(
        self, filters: Filters = EVERYTHING, *, after: int = 0
    ) -> tuple[list[int], npt.NDArray[np.float32]]:
        """Numbers, and vectors (n, dim), of passages numbered beyond `after` that `filters` admit."""
        statement = sa.select(passages.c.number, passages.c.vector).where(passages.c.number > after)
        if filters != EVERYTHING:
            statement = self.narrowed(statement.join(articles, _its_article()), filters)
        with self._reading() as connection:
            rows = connection.execute(statement.order_by(passages.c.number)).all()
        joined = np.frombuffer(b"".join(vector for _, vector in rows), np.float16).astype(np.float32)
        return [number for number, _ in rows], joined.reshape(len(rows), -1 if rows else 0)

    def replace_vectors(self, numbers: Sequence[int], vectors: npt.NDArray[np.float32]) -> None:
        """New vectors, (n, dim), for passages that stay as they are."""
        rows = [
            {"of": number, "vector": vector_bytes(vector)}
            for number, vector in zip(numbers, vectors, strict=True)
        ]
        with self._transaction() as connection:
            statement = sa.update(passages).where(passages.c.number == sa.bindparam("of"))
            connection.execute(statement.values(vector=sa.bindparam("vector")), rows)


def _its_article() -> sa.ColumnElement[bool]:
    return articles.c.id == passages.c.article_id


def _passages() -> sa.Select[Any]:
    """Each with its number, then the fields of a Passage."""
    cut = sa.func.substr(revisions.c.text, passages.c.start + 1, passages.c.end - passages.c.start)
    return (
        sa.select(
            passages.c.number, passages.c.article_id, passages.c.start, passages.c.end, cut.label("text")
        )
        .join(articles, articles.c.id == passages.c.article_id)
        .join(revisions, is_current())
    )


def _texts(connection: sa.Connection, of: Mapping[str, str]) -> dict[str, Mapping[Any, Any]]:
    """Rows of `revisions` by article id, each in the revision named: read once, and not for each passage."""
    found: dict[str, Mapping[Any, Any]] = {}
    for part in in_parts(list(of)):
        rows = connection.execute(sa.select(revisions).where(revisions.c.article_id.in_(part))).mappings()
        found.update((row["article_id"], row) for row in rows if row["revision"] == of[row["article_id"]])
    return found


def _stored(row: Mapping[Any, Any]) -> Stored:
    article = article_of(row)
    text = article.text[row["start"] : row["end"]]
    passage = Passage(article.id, row["start"], row["end"], text)
    return Stored(row["number"], passage, article, np.frombuffer(row["vector"], np.float16))


def vector_bytes(vector: npt.NDArray[np.float32]) -> bytes:
    return vector.astype(np.float16).tobytes()
