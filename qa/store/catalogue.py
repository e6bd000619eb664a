"""The truth: articles and their revisions, passages with their vectors, sources, and what changed when.

Takes and gives nouns; every call is one transaction. Speaks SQL through SQLAlchemy: SQLite by default,
PostgreSQL by address. Knows nothing about the indexes built from it, except that they follow `changes`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from qa.errors import NotStored
from qa.store.audit import Audit, text_hash
from qa.store.index_text import outlet_key
from qa.store.ledger import forget, forget_twins, in_parts, note_sources
from qa.store.schema import articles, changes, is_current, passages, revisions, shingles, sources, twins
from qa.types import Article, Filters, Passage

BATCH = 2_000  # passages handed to an index at a time
EVERYTHING = Filters()

Outcome = Literal["added", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Change:
    """Passages `first` to `last`, both included, came or went. `number` orders all changes."""

    number: int
    came: bool
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage as the indexes need it."""

    number: int
    passage: Passage
    article: Article
    vector: npt.NDArray[np.float16]  # (dim,)


@dataclass(frozen=True, slots=True)
class New:
    """An article to be stored: how it is cut, (n, dim) vectors, and where it was found (source to file)."""

    article: Article
    passages: Sequence[Passage]
    vectors: npt.NDArray[np.float32]
    sources: Mapping[str, str]


class Catalogue(Audit):
    """Articles, passages and what changed, behind one address."""

    # Writing

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

    def replace_vectors(self, numbers: Sequence[int], vectors: npt.NDArray[np.float32]) -> None:
        """New vectors, (n, dim), for passages that stay as they are."""
        rows = [
            {"of": number, "vector": _to_bytes(vector)}
            for number, vector in zip(numbers, vectors, strict=True)
        ]
        with self._transaction() as connection:
            statement = sa.update(passages).where(passages.c.number == sa.bindparam("of"))
            connection.execute(statement.values(vector=sa.bindparam("vector")), rows)

    def note_all_anew(self) -> None:
        """Lets every index take up all passages again: their vectors have changed, not their numbers."""
        whole = sa.select(sa.func.min(passages.c.number), sa.func.max(passages.c.number))
        with self._transaction() as connection:
            first, last = connection.execute(whole).one()
            if first is not None:
                _note_change(connection, came=True, first=first, last=last)

    # Reading

    def article(self, article_id: str, revision: str | None = None) -> Article:
        """The current revision, or the one named. Raises NotStored."""
        current = revisions.c.revision == (articles.c.revision if revision is None else revision)
        joined = revisions.outerjoin(articles, articles.c.id == revisions.c.article_id)
        statement = (
            sa.select(revisions, articles.c.cluster)
            .select_from(joined)
            .where(revisions.c.article_id == article_id, current)
        )
        with self._reading() as connection:
            row = connection.execute(statement).mappings().first()
        if row is None:
            raise NotStored(f"No article has the id {article_id!r}. `python -m qa articles` lists them.")
        return _article(row)

    def current(self, ids: Iterable[str]) -> dict[str, Article]:
        """The current revisions by article id, of those that are stored."""
        statement = sa.select(revisions, articles.c.cluster).join(articles, is_current())
        found: dict[str, Article] = {}
        with self._reading() as connection:
            for part in in_parts(list(ids)):
                rows = connection.execute(statement.where(articles.c.id.in_(part))).mappings()
                found.update((row["article_id"], _article(row)) for row in rows)
        return found

    def current_revision(self, article_id: str) -> str | None:
        with self._reading() as connection:
            return connection.scalar(sa.select(articles.c.revision).where(articles.c.id == article_id))

    def same_text(self, article: Article) -> str | None:
        """The id of a stored article with the very same text, found elsewhere; None when there is none.

        An article with an address, an outlet or a day of its own is nobody's copy: two outlets may print
        the same text, and one may print it again.
        """
        if article.url:
            return None
        same = (
            (articles.c.text_hash == text_hash(article.text))
            & (articles.c.id != article.id)
            & articles.c.outlet.is_not_distinct_from(article.outlet)
            & articles.c.day.is_not_distinct_from(article.day)
        )
        with self._reading() as connection:
            return connection.scalar(sa.select(articles.c.id).where(same).order_by(articles.c.id))

    def same_texts(self, given: Iterable[Article]) -> dict[str, str]:
        """What `same_text` gives for each article, by its id; those without one are left out."""
        asked = {text_hash(article.text): article for article in given if not article.url}
        columns = (articles.c.text_hash, articles.c.id, articles.c.outlet, articles.c.day)
        found: dict[str, str] = {}
        with self._reading() as connection:
            for part in in_parts(list(asked)):
                chosen = sa.select(*columns).where(articles.c.text_hash.in_(part)).order_by(articles.c.id)
                for hashed, stored, outlet, day in connection.execute(chosen):
                    own = asked[hashed]
                    if stored != own.id and (outlet, day) == (own.outlet, own.day):
                        found.setdefault(own.id, stored)
        return found

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

    def changes(self, after: int) -> list[Change]:
        """What happened after change number `after`, in order."""
        statement = sa.select(changes).where(changes.c.number > after).order_by(changes.c.number)
        with self._reading() as connection:
            return [Change(*row) for row in connection.execute(statement)]

    def last_change(self) -> int:
        """0 when nothing has ever changed."""
        with self._reading() as connection:
            return _last_change(connection)

    def passages_changed(self, after: int) -> int:
        """How many passages came or went after change number `after`."""
        moved = sa.func.sum(changes.c.last - changes.c.first + 1)
        with self._reading() as connection:
            return int(connection.scalar(sa.select(moved).where(changes.c.number > after)) or 0)

    def knows_change(self, number: int) -> bool:
        """Whether that change is part of this catalogue's past."""
        own = sa.select(changes.c.number).where(changes.c.number == number)
        with self._reading() as connection:
            return connection.scalar(own) is not None

    def numbers(self) -> list[int]:
        """The numbers of all passages, in order."""
        with self._reading() as connection:
            return list(connection.scalars(sa.select(passages.c.number).order_by(passages.c.number)))

    def count_passages(self, filters: Filters | None = None) -> int:
        """How many passages there are; with `filters`, those of the articles that these admit."""
        if filters is None:
            counted = sa.select(sa.func.count()).select_from(passages)
        else:
            counted = _filtered(sa.select(sa.func.sum(articles.c.passages)), self._spelled(filters))
        with self._reading() as connection:
            return int(connection.scalar(counted) or 0)

    def admitted(self, numbers: Sequence[int], filters: Filters) -> set[int]:
        """Those of these passages that are there and that `filters` admit."""
        joined = sa.select(passages.c.number).join(articles, _its_article())
        chosen = _filtered(joined, self._spelled(filters))
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
            statement = _filtered(statement.join(articles, _its_article()), self._spelled(filters))
        with self._reading() as connection:
            rows = connection.execute(statement.order_by(passages.c.number)).all()
        joined = np.frombuffer(b"".join(vector for _, vector in rows), np.float16).astype(np.float32)
        return [number for number, _ in rows], joined.reshape(len(rows), -1 if rows else 0)

    def last_passage(self, change: int) -> int:
        """The highest number of a passage that had come with change number `change`; 0 for none."""
        of_it = (changes.c.number <= change) & changes.c.came
        with self._reading() as connection:
            return connection.scalar(sa.select(sa.func.max(changes.c.last)).where(of_it)) or 0

    def rows(self, filters: Filters = EVERYTHING) -> list[dict[str, Any]]:
        """The current articles, newest first, undated last, as `articles --json` shows them."""
        columns = (articles.c.id, articles.c.revision, revisions.c.title, revisions.c.url, articles.c.outlet)
        statement = (
            sa.select(*columns, articles.c.day.label("published"), articles.c.passages, articles.c.cluster)
            .join(revisions, is_current())
            .order_by(articles.c.day.is_(None), articles.c.day.desc(), articles.c.id)
        )
        chosen = _filtered(statement, self._spelled(filters))
        with self._reading() as connection:
            return [dict(row) for row in connection.execute(chosen).mappings()]

    def narrowed(self, statement: sa.Select[Any], filters: Filters) -> sa.Select[Any]:
        """Of a statement that has `articles` among its tables, the rows that `filters` admit."""
        return _filtered(statement, self._spelled(filters))

    def count(self) -> int:
        """How many articles there are."""
        with self._reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(articles)) or 0

    def outlets(self) -> list[str]:
        """The outlets of current articles, by name."""
        known = sa.select(articles.c.outlet).where(articles.c.outlet.is_not(None)).distinct()
        with self._reading() as connection:
            return sorted(name for name in connection.scalars(known) if name)

    def _spelled(self, filters: Filters) -> Filters:
        """The same with the outlets as the articles spell them: "reuters" means Reuters and REUTERS."""
        if not filters.outlets:
            return filters
        wanted = {outlet_key(outlet) for outlet in filters.outlets}
        known = tuple(outlet for outlet in self.outlets() if outlet_key(outlet) in wanted)
        return replace(filters, outlets=known or filters.outlets)

    def day_span(self) -> tuple[date, date] | None:
        """The first and the last day of publication; None when no article is dated."""
        with self._reading() as connection:
            first, last = connection.execute(
                sa.select(sa.func.min(articles.c.day), sa.func.max(articles.c.day))
            ).one()
        return (date.fromisoformat(first), date.fromisoformat(last)) if first else None

    def clusters(self, ids: Iterable[str]) -> dict[str, str]:
        """Cluster by article id, for those that are stored."""
        return self._by_id(articles.c.cluster, ids)

    def days(self, ids: Iterable[str]) -> dict[str, str | None]:
        """Day of publication by article id, `YYYY-MM-DD` or None, for those that are stored."""
        return self._by_id(articles.c.day, ids)

    def _by_id(self, column: sa.Column[Any], ids: Iterable[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        with self._reading() as connection:
            for part in in_parts(list(ids)):
                chosen = sa.select(articles.c.id, column).where(articles.c.id.in_(part))
                found.update(connection.execute(chosen).all())
        return found

    def is_cluster_of_others(self, name: str) -> bool:
        """Whether articles other than the one of this id are in the cluster of this name."""
        statement = sa.select(articles.c.id).where(articles.c.cluster == name, articles.c.id != name).limit(1)
        with self._reading() as connection:
            return connection.scalar(statement) is not None

    def has_been(self, article_id: str) -> bool:
        """Whether an article of this id is or was stored."""
        statement = sa.select(revisions.c.revision).where(revisions.c.article_id == article_id).limit(1)
        with self._reading() as connection:
            return connection.scalar(statement) is not None

    def ever_stored(self, ids: Iterable[str]) -> set[str]:
        """Those of these articles that are or were stored."""
        found: set[str] = set()
        with self._reading() as connection:
            for part in in_parts(list(ids)):
                chosen = sa.select(revisions.c.article_id).where(revisions.c.article_id.in_(part))
                found.update(connection.scalars(chosen))
        return found

    def keyed(self, keys: Iterable[int]) -> dict[int, list[str]]:
        """The stored articles that have each of these shingle keys; keys that none has are left out."""
        columns = (shingles.c.key, shingles.c.article_id)
        found: dict[int, list[str]] = {}
        with self._reading() as connection:
            for part in in_parts(list(keys)):
                for key, article_id in connection.execute(
                    sa.select(*columns).where(shingles.c.key.in_(part))
                ):
                    found.setdefault(key, []).append(article_id)
        return found

    def sharing(self, keys: Iterable[int], *, apart_from: str, most: int) -> list[Article]:
        """The articles that share most shingle keys, most first."""
        shared = sa.func.count().label("shared")
        statement = (
            sa.select(shingles.c.article_id)
            .where(shingles.c.key.in_(list(keys)), shingles.c.article_id != apart_from)
            .group_by(shingles.c.article_id)
            .order_by(shared.desc(), shingles.c.article_id)
            .limit(most)
        )
        with self._reading() as connection:
            ids = list(connection.scalars(statement))
        return [self.article(article_id) for article_id in ids]


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
            "vector": _to_bytes(vector),
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
    _note_change(connection, came=True, first=first, last=last)


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
        _note_change(connection, came=False, first=first, last=last)
    connection.execute(sa.delete(shingles).where(shingles.c.article_id == article_id))


def _note_change(connection: sa.Connection, *, came: bool, first: int, last: int) -> None:
    number = max(_last_change(connection) + 1, time.time_ns())  # the clock may have jumped back
    row = {"number": number, "came": came, "first": first, "last": last}
    connection.execute(sa.insert(changes), [row])


def _last_change(connection: sa.Connection) -> int:
    return connection.scalar(sa.select(sa.func.max(changes.c.number))) or 0


def _its_article() -> sa.ColumnElement[bool]:
    return articles.c.id == passages.c.article_id


def _filtered(statement: sa.Select[Any], filters: Filters) -> sa.Select[Any]:
    """Of a statement that has `articles` among its tables, the rows that `filters` admit."""
    if filters.since:
        statement = statement.where(articles.c.day >= filters.since.isoformat())
    if filters.until:
        statement = statement.where(articles.c.day <= filters.until.isoformat())
    if filters.outlets:
        statement = statement.where(articles.c.outlet.in_(filters.outlets))
    return statement


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


def _article(row: Mapping[Any, Any]) -> Article:
    return Article(
        id=row["article_id"],
        revision=row["revision"],
        url=row["url"],
        title=row["title"],
        outlet=row["outlet"],
        author=row["author"],
        published=row["published"],
        text=row["text"],
        cluster=row["cluster"],
        modified=row["modified"],
        language=row["language"],
    )


def _texts(connection: sa.Connection, of: Mapping[str, str]) -> dict[str, Mapping[Any, Any]]:
    """Rows of `revisions` by article id, each in the revision named: read once, and not for each passage."""
    found: dict[str, Mapping[Any, Any]] = {}
    for part in in_parts(list(of)):
        rows = connection.execute(sa.select(revisions).where(revisions.c.article_id.in_(part))).mappings()
        found.update((row["article_id"], row) for row in rows if row["revision"] == of[row["article_id"]])
    return found


def _stored(row: Mapping[Any, Any]) -> Stored:
    article = _article(row)
    text = article.text[row["start"] : row["end"]]
    passage = Passage(article.id, row["start"], row["end"], text)
    return Stored(row["number"], passage, article, np.frombuffer(row["vector"], np.float16))


def _to_bytes(vector: npt.NDArray[np.float32]) -> bytes:
    return vector.astype(np.float16).tobytes()
