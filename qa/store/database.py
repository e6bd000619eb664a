"""The database behind the catalogue: connections, transactions, the table `meta`, and errors in plain words.

Speaks SQL through SQLAlchemy: SQLite by default, PostgreSQL by address. Knows nothing about articles.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from qa.errors import StoreError
from qa.store.schema import SCHEMA, articles, meta, revisions, tables

BUSY_S = 30  # a reader waits so long for a writer's transaction, which takes milliseconds


class Database:
    """What lies behind one address: its tables are made where there are none. Safe for several threads."""

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
        if (known["embedder"], known["dim"]) != (embedder, str(dim)) and not self._holds_articles():
            self.set_meta(embedder=embedder, dim=str(dim))

    def _known(self) -> dict[str, str]:
        """All of `meta`; nothing when the tables are not there, or not all of them."""
        with _in_words(self._engine):
            there = set(sa.inspect(self._engine).get_table_names())
        if not there.issuperset(tables.tables):
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
            tables.create_all(connection)
            known = set(connection.scalars(sa.select(meta.c.key)))
            missing = [{"key": key, "value": value} for key, value in fresh.items() if key not in known]
            if missing:
                connection.execute(sa.insert(meta), missing)

    def _holds_articles(self) -> bool:
        with self._reading() as connection:
            return connection.scalar(sa.select(articles.c.id).limit(1)) is not None

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

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with _in_words(self._engine), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with _in_words(self._engine), self._engine.connect() as connection:
            yield connection


def _set_meta(connection: sa.Connection, key: str, value: str) -> None:
    done = connection.execute(sa.update(meta).where(meta.c.key == key).values(value=value))
    if not done.rowcount:
        connection.execute(sa.insert(meta), [{"key": key, "value": value}])


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
