"""The truth: articles and their revisions, passages with their vectors, sources, and what changed when.

Takes and gives nouns; every call is one transaction. Speaks SQL through SQLAlchemy: SQLite by default,
PostgreSQL by address. Knows nothing about the indexes built from it, except that they follow `changes`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from qa.errors import NotStored, StoreError
from qa.store.index_text import outlet_key
from qa.types import Article, Filters, Passage

SCHEMA = 1  # raised when tables change in a way that older code cannot read
BUSY_S = 30  # a reader waits so long for a writer's transaction, which takes milliseconds
FEW = 500  # ids in one statement: SQLite takes 32,766 variables, other databases fewer
BATCH = 2_000  # passages handed to an index at a time
EVERYTHING = Filters()

Outcome = Literal["added", "updated", "unchanged"]

_tables = sa.MetaData()
_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # only INTEGER counts up by itself in SQLite

meta = sa.Table(
    "meta", _tables, sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False)
)
articles = sa.Table(
    "articles",
    _tables,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Text, nullable=False),
    sa.Column("cluster", sa.Text, nullable=False),
    sa.Column("text_hash", sa.Text, nullable=False, index=True),
    sa.Column("day", sa.Text, index=True),
    sa.Column("outlet", sa.Text, index=True),
    sa.Column("passages", sa.Integer, nullable=False),
)
revisions = sa.Table(  # old ones stay, for citations already given
    "revisions",
    _tables,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Text, primary_key=True),
    sa.Column("url", sa.Text),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("outlet", sa.Text),
    sa.Column("author", sa.Text),
    sa.Column("published", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("modified", sa.Text),
    sa.Column("language", sa.Text),
)
passages = (
    sa.Table(  # of current revisions only; the numbers of one revision are consecutive and never used again
        "passages",
        _tables,
        sa.Column("number", _id, primary_key=True, autoincrement=True),
        sa.Column("article_id", sa.Text, nullable=False, index=True),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),  # float16, dim numbers
        sqlite_autoincrement=True,
    )
)
# What an index has to do, in order: passages first..last came or went. Numbers are nanoseconds of the clock
# and always rise: when an older copy of the catalogue has been put back, the number that an index last took
# up is not among them, which tells that the index has another past.
changes = sa.Table(
    "changes",
    _tables,
    sa.Column("number", _id, primary_key=True, autoincrement=False),
    sa.Column("came", sa.Boolean, nullable=False),
    sa.Column("first", _id, nullable=False),
    sa.Column("last", _id, nullable=False),
)
sources = sa.Table(  # where articles were found
    "sources",
    _tables,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("file", sa.Text, nullable=False, index=True),
    sa.Column("article_id", sa.Text, nullable=False, index=True),
    sa.Column("revision", sa.Text, nullable=False),  # of what was read there
)
files = sa.Table(  # what was read to its end, so that it need not be read again
    "files",
    _tables,
    sa.Column("file", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("modified_ns", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("failures", sa.Text, nullable=False),  # JSON
)
twins = sa.Table(  # sources whose text is stored under another article's id; read again when that changes
    "twins", _tables, sa.Column("source", sa.Text, primary_key=True)
)
shingles = sa.Table(  # keys under which copies of one story meet, see cluster.py
    "shingles",
    _tables,
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("article_id", sa.Text, primary_key=True, index=True),
)


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
class File:
    """A file that was read to its end. `failures` is JSON, kept to be reported again."""

    file: str
    size: int
    modified_ns: int
    sha256: str
    failures: str


class Catalogue:
    """The tables behind one address."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _tune_sqlite)

    def open(self, *, embedder: str, dim: int) -> None:
        """Creates the tables where there are none. Raises StoreError for tables of another version.

        An empty catalogue takes the embedder that is asked for, whatever made it.
        """
        known = self._known()
        if "schema" not in known:
            self._create(embedder=embedder, dim=dim)
            known = self._known()
        if known["schema"] != str(SCHEMA):
            raise StoreError(
                f"The store has version {known['schema']}, this program works with {SCHEMA}. "
                "Use the program that made it, or ingest into a new folder with --data."
            )
        self._widen()
        if (known["embedder"], known["dim"]) != (embedder, str(dim)) and not self.count():
            self.set_meta(embedder=embedder, dim=str(dim))

    def _known(self) -> dict[str, str]:
        """All of `meta`; nothing when the tables are not there, or not all of them."""
        with _in_words(self._engine):
            there = set(sa.inspect(self._engine).get_table_names())
        if not there.issuperset(_tables.tables):
            return {}
        with self._reading() as connection:
            return dict(connection.execute(sa.select(meta.c.key, meta.c.value)).all())

    def _widen(self) -> None:
        """Adds the columns that revisions of an older store lack; older programs go on with it as well."""
        with _in_words(self._engine):
            there = {column["name"] for column in sa.inspect(self._engine).get_columns(revisions.name)}
        if there.issuperset(revisions.columns.keys()):
            return
        with self._transaction() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            there = {column["name"] for column in sa.inspect(connection).get_columns(revisions.name)}
            for name in set(revisions.columns.keys()) - there:  # all of them text
                connection.exec_driver_sql(f"ALTER TABLE {revisions.name} ADD COLUMN {name} TEXT")

    def _create(self, *, embedder: str, dim: int) -> None:
        """Makes what is missing, in one transaction; another process that opens the store waits."""
        fresh = {"schema": str(SCHEMA), "generation": "0", "embedder": embedder, "dim": str(dim)}
        fresh["store"] = uuid4().hex[:12]  # tells this store's collections apart on a shared server
        with self._transaction() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            _tables.create_all(connection)
            known = set(connection.scalars(sa.select(meta.c.key)))
            missing = [{"key": key, "value": value} for key, value in fresh.items() if key not in known]
            if missing:
                connection.execute(sa.insert(meta), missing)

    def close(self) -> None:
        self._engine.dispose()

    def meta(self, key: str) -> str | None:
        with self._reading() as connection:
            return connection.scalar(sa.select(meta.c.value).where(meta.c.key == key))

    def set_meta(self, **values: str) -> None:
        with self._transaction() as connection:
            for key, value in values.items():
                _set_meta(connection, key, value)

    @property
    def made_with(self) -> tuple[str, int]:
        """Name and dimensions of the embedder that made the vectors."""
        with self._reading() as connection:
            chosen = sa.select(meta.c.key, meta.c.value).where(meta.c.key.in_(("embedder", "dim")))
            known = dict(connection.execute(chosen).all())
        return known["embedder"], int(known["dim"])

    @property
    def generation(self) -> int:
        """Raised each time the indexes have taken up what came before."""
        return int(self.meta("generation") or 0)

    @property
    def published(self) -> int:
        """The last change that readers have been told of."""
        return int(self.meta("published") or 0)

    def raise_generation(self, *, published: int) -> None:
        """Tells all readers that the indexes hold everything up to change number `published`."""
        with self._transaction() as connection:
            number = int(connection.scalar(sa.select(meta.c.value).where(meta.c.key == "generation")) or 0)
            _set_meta(connection, "generation", str(number + 1))
            _set_meta(connection, "published", str(published))

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
            _note_sources(connection, article, sources)
            if held == article.revision:
                return "unchanged"
            if held is not None:
                _forget_twins(connection, article.id)
                _drop(connection, article.id)
            _put(connection, article, cluster=cluster, passages=len(cut))
            _put_passages(connection, cut, vectors)
            rows = [{"key": key, "article_id": article.id} for key in set(keys)]
            if rows:
                connection.execute(sa.insert(shingles), rows)
        return "added" if held is None else "updated"

    def note_source(
        self, article: Article, sources: Mapping[str, str], *, stored_as: str | None = None
    ) -> None:
        """Remembers that an article stands there too; `stored_as`: the stored one's id, if it differs."""
        with self._transaction() as connection:
            _note_sources(connection, article, sources, stored_as=stored_as)

    def remove(self, ids: Iterable[str]) -> int:
        """Takes articles out of every answer; gives how many there were. Their revisions stay."""
        removed = 0
        for article_id in ids:
            with self._transaction() as connection:
                _drop(connection, article_id)
                done = connection.execute(sa.delete(articles).where(articles.c.id == article_id))
                removed += done.rowcount
                of_it = sources.c.article_id == article_id
                _forget(connection, of_it)
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

    # Files and sources

    def read_files(self) -> dict[str, tuple[File, int]]:
        """By name, each file that was read to its end, and how many sources it holds."""
        held = sa.select(sources.c.file, sa.func.count().label("held")).group_by(sources.c.file).subquery()
        joined = files.outerjoin(held, held.c.file == files.c.file)
        statement = sa.select(files, sa.func.coalesce(held.c.held, 0)).select_from(joined)
        with self._reading() as connection:
            return {row[0]: (File(*row[:-1]), row[-1]) for row in connection.execute(statement)}

    def set_file(self, entry: File) -> None:
        row = {name: getattr(entry, name) for name in File.__slots__}
        with self._transaction() as connection:
            connection.execute(sa.delete(files).where(files.c.file == entry.file))
            connection.execute(sa.insert(files), [row])

    def files(self) -> list[str]:
        """Every file that articles were found in."""
        with self._reading() as connection:
            return list(connection.scalars(sa.select(sources.c.file).distinct()))

    def source(self, source: str) -> tuple[str, str] | None:
        """(article id, revision of what was read there), or None."""
        with self._reading() as connection:
            found = connection.execute(
                sa.select(sources.c.article_id, sources.c.revision).where(sources.c.source == source)
            ).first()
            return (found[0], found[1]) if found else None

    def forget_sources(self, names: Iterable[str], *, files_too: bool = True) -> list[str]:
        """Drops sources that are gone; gives the articles that are left without any.

        `files_too`: also what is remembered of their files, which are then read again.
        """
        gone = list(names)
        touched: set[str] = set()
        with self._transaction() as connection:
            for part in _parts(gone):
                chosen = sources.c.source.in_(part)
                touched |= set(connection.scalars(sa.select(sources.c.article_id).where(chosen)))
                _forget(connection, chosen, files_too=files_too)
        return self.without_sources(touched)

    def without_sources(self, ids: Iterable[str]) -> list[str]:
        """Those of these articles that stand nowhere any more."""
        asked = sorted(set(ids))
        known: set[str] = set()
        with self._reading() as connection:
            for part in _parts(asked):
                chosen = sources.c.article_id.in_(part)
                known |= set(connection.scalars(sa.select(sources.c.article_id).where(chosen)))
        return [name for name in asked if name not in known]

    def sourceless(self) -> list[str]:
        """Articles that stand nowhere any more."""
        statement = sa.select(articles.c.id).outerjoin(sources, sources.c.article_id == articles.c.id)
        with self._reading() as connection:
            return list(connection.scalars(statement.where(sources.c.source.is_(None))))

    def sources_in(self, file: str) -> dict[str, str]:
        """Article id by source, of all that was found in the file."""
        with self._reading() as connection:
            chosen = sa.select(sources.c.source, sources.c.article_id).where(sources.c.file == file)
            return dict(connection.execute(chosen).all())

    def sources_of(self, article_id: str) -> list[str]:
        """Where the article was found, in order."""
        with self._reading() as connection:
            chosen = sa.select(sources.c.source).where(sources.c.article_id == article_id)
            return list(connection.scalars(chosen.order_by(sources.c.source)))

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
        statement = sa.select(revisions, articles.c.cluster).join(articles, _is_current())
        found: dict[str, Article] = {}
        with self._reading() as connection:
            for part in _parts(list(ids)):
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

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Passages by number; those that have gone are not among them."""
        found: dict[int, Passage] = {}
        with self._reading() as connection:
            for part in _parts(numbers):
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
            sa.select(passages, revisions, articles.c.cluster)
            .join(articles, articles.c.id == passages.c.article_id)
            .join(revisions, _is_current())
            .order_by(passages.c.number)
            .limit(BATCH)
        )
        while first <= last:
            chosen = statement.where(passages.c.number.between(first, last))
            with self._reading() as connection:
                rows = connection.execute(chosen).mappings().all()
            if not rows:
                return
            yield [_stored(row) for row in rows]
            first = rows[-1]["number"] + 1

    def stored_by(self, numbers: Sequence[int]) -> Iterator[Stored]:
        """These passages, those that are there, with article and vector."""
        statement = (
            sa.select(passages, revisions, articles.c.cluster)
            .join(articles, articles.c.id == passages.c.article_id)
            .join(revisions, _is_current())
        )
        for part in _parts(numbers):
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
            for part in _parts(numbers):
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
            rows = connection.execute(statement).all()
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
            .join(revisions, _is_current())
            .order_by(articles.c.day.is_(None), articles.c.day.desc(), articles.c.id)
        )
        chosen = _filtered(statement, self._spelled(filters))
        with self._reading() as connection:
            return [dict(row) for row in connection.execute(chosen).mappings()]

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
            for part in _parts(list(ids)):
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

    def damage(self) -> str | None:
        """What SQLite's own check finds wrong; None when it is sound or another database keeps the tables."""
        if self._engine.dialect.name != "sqlite":
            return None
        with self._reading() as connection:
            found = list(connection.exec_driver_sql("PRAGMA quick_check(3)").scalars())
        return None if found == ["ok"] else "; ".join(found)

    def bad_passages(self) -> list[str]:
        """Articles with a passage that does not lie in their text, or whose count of passages is wrong."""
        outside = (
            sa.select(passages.c.article_id)
            .join(articles, articles.c.id == passages.c.article_id)
            .join(revisions, _is_current())
            .where((passages.c.start >= passages.c.end) | (passages.c.end > sa.func.length(revisions.c.text)))
        )
        counted = (
            sa.select(articles.c.id)
            .outerjoin(passages, passages.c.article_id == articles.c.id)
            .group_by(articles.c.id, articles.c.passages)
            .having(sa.func.count(passages.c.number) != articles.c.passages)
        )
        orphaned = sa.select(passages.c.article_id).where(
            passages.c.article_id.not_in(sa.select(articles.c.id))
        )
        with self._reading() as connection:
            return sorted(
                {name for query in (outside, counted, orphaned) for name in connection.scalars(query)}
            )

    def changed_texts(self) -> list[str]:
        """Articles whose text is not what was stored: a damaged page may still be a readable one."""
        statement = sa.select(articles.c.id, articles.c.text_hash, revisions.c.text).join(
            revisions, _is_current()
        )
        with self._reading() as connection:
            rows = connection.execution_options(yield_per=BATCH).execute(statement)
            return [name for name, wanted, text in rows if text_hash(text) != wanted]

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with _in_words(self._engine), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with _in_words(self._engine), self._engine.connect() as connection:
            yield connection


def text_hash(text: str) -> str:
    """Equal for equal texts, and for practical purposes only for them."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _put(connection: sa.Connection, article: Article, *, cluster: str, passages: int) -> None:
    row = {
        "id": article.id,
        "revision": article.revision,
        "cluster": cluster,
        "text_hash": text_hash(article.text),
        "day": article.day,
        "outlet": article.outlet,
        "passages": passages,
    }
    connection.execute(sa.delete(articles).where(articles.c.id == article.id))
    connection.execute(sa.insert(articles), [row])
    own = (revisions.c.article_id == article.id) & (revisions.c.revision == article.revision)
    connection.execute(sa.delete(revisions).where(own))  # the same, or damaged since
    fields = (column.name for column in revisions.columns if column.name != "article_id")
    values = {name: getattr(article, name) for name in fields}
    connection.execute(sa.insert(revisions), [{"article_id": article.id, **values}])


def _put_passages(
    connection: sa.Connection, cut: Sequence[Passage], vectors: npt.NDArray[np.float32]
) -> None:
    rows = [
        {
            "article_id": passage.article_id,
            "start": passage.start,
            "end": passage.end,
            "vector": _to_bytes(vector),
        }
        for passage, vector in zip(cut, vectors, strict=True)
    ]
    if not rows:
        return
    connection.execute(sa.insert(passages), rows)
    of_it = sa.select(sa.func.min(passages.c.number), sa.func.max(passages.c.number))
    first, last = connection.execute(of_it.where(passages.c.article_id == cut[0].article_id)).one()
    _note_change(connection, came=True, first=first, last=last)


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


def _forget(connection: sa.Connection, chosen: sa.ColumnElement[bool], *, files_too: bool = True) -> None:
    """Drops sources, and with `files_too` makes their files unread."""
    if files_too:
        connection.execute(sa.delete(files).where(files.c.file.in_(sa.select(sources.c.file).where(chosen))))
    connection.execute(sa.delete(twins).where(twins.c.source.in_(sa.select(sources.c.source).where(chosen))))
    connection.execute(sa.delete(sources).where(chosen))


def _forget_twins(connection: sa.Connection, article_id: str) -> None:
    """The article is about to change: what stood elsewhere as its copy has to be read again."""
    its = sources.c.article_id == article_id
    _forget(connection, its & sources.c.source.in_(sa.select(twins.c.source)))


def _note_sources(
    connection: sa.Connection,
    article: Article,
    found: Mapping[str, str],
    *,
    stored_as: str | None = None,
) -> None:
    for source, file in found.items():
        row = {
            "source": source,
            "file": file,
            "article_id": stored_as or article.id,
            "revision": article.revision,
        }
        connection.execute(sa.delete(sources).where(sources.c.source == source))
        connection.execute(sa.insert(sources), [row])
        connection.execute(sa.delete(twins).where(twins.c.source == source))
        if row["article_id"] != article.id:
            connection.execute(sa.insert(twins), [{"source": source}])


def _set_meta(connection: sa.Connection, key: str, value: str) -> None:
    done = connection.execute(sa.update(meta).where(meta.c.key == key).values(value=value))
    if not done.rowcount:
        connection.execute(sa.insert(meta), [{"key": key, "value": value}])


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


def _is_current() -> sa.ColumnElement[bool]:
    return (revisions.c.article_id == articles.c.id) & (revisions.c.revision == articles.c.revision)


def _passages() -> sa.Select[Any]:
    """Each with its number, then the fields of a Passage."""
    cut = sa.func.substr(revisions.c.text, passages.c.start + 1, passages.c.end - passages.c.start)
    return (
        sa.select(
            passages.c.number, passages.c.article_id, passages.c.start, passages.c.end, cut.label("text")
        )
        .join(articles, articles.c.id == passages.c.article_id)
        .join(revisions, _is_current())
    )


def _article(row: sa.RowMapping) -> Article:
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


def _stored(row: sa.RowMapping) -> Stored:
    article = _article(row)
    text = article.text[row["start"] : row["end"]]
    passage = Passage(article.id, row["start"], row["end"], text)
    return Stored(row["number"], passage, article, np.frombuffer(row["vector"], np.float16))


def _to_bytes(vector: npt.NDArray[np.float32]) -> bytes:
    return vector.astype(np.float16).tobytes()


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[first : first + FEW] for first in range(0, len(values), FEW))


def _tune_sqlite(connection: Any, _: Any) -> None:
    """WAL lets readers read while one writes; NORMAL loses nothing to a kill, only to a power cut."""
    for setting in (f"busy_timeout={BUSY_S * 1000}", "journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {setting}")


@contextmanager
def _in_words(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        where = engine.url.database if engine.dialect.name == "sqlite" else engine.url.host
        raise StoreError(_explained(str(error.orig), str(where))) from error


def _explained(problem: str, where: str) -> str:
    if "is full" in problem or "disk I/O" in problem:
        return (
            f"The disk is full or failing ({problem}): {where} cannot grow. "
            "Free some space and run it again; nothing that was stored is lost."
        )
    if "read-only" in problem or "readonly" in problem or "unable to open" in problem:
        return f"The catalogue {where} cannot be written ({problem}). Give its folder write permission."
    if "malformed" in problem or "not a database" in problem or "Could not decode" in problem:
        problem = problem.partition(" with text ")[0]  # what follows may be a whole article
        return (
            f"The catalogue {where} is damaged ({problem}). Copy your backup over it and run "
            "`python ingest.py --rebuild`; without one, ingest your articles into a new folder with --data."
        )
    if "locked" in problem:
        return f"The catalogue {where} was locked for {BUSY_S} seconds by another program. Try again."
    return f"The catalogue {where} failed: {problem}."
