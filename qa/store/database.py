"""The database behind the catalogue: connections, transactions, the table `meta`, and errors in plain words.

Speaks SQL through SQLAlchemy: SQLite by default, PostgreSQL by address. Knows nothing about articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from qa.errors import ServerAway, StoreError
from qa.store.address import engine_of, shown
from qa.store.schema import SCHEMA, articles, meta, revisions, tables

COPYING = "copying"  # in `meta` of a copy that is not finished: the store it comes from
FORM_LOCK = 0x4461_7465_6C69_6E65  # "Dateline": PostgreSQL's lock while tables are made or widened
AWAY = (  # how PostgreSQL and its client say that one of the two is gone
    "connection",
    "Connection",
    "terminating",
    "starting up",
    "shutting down",
    "recovery",
    "too many clients",
    "timeout",
    "resolve",
    "SSL",
    "the database system",
)
REFUSED = ("authentication", "no password", "does not exist", "No space left", "permission denied")
FEW = 500  # values in one statement: SQLite takes 32,766 variables, other databases fewer
BUSY_S = 30  # a reader waits so long for a writer's transaction, which takes milliseconds


class Database:
    """What lies behind one address: its tables are made where there are none. Safe for several threads."""

    def __init__(self, url: str) -> None:
        self._engine = engine_of(url)
        self._token: str | None = None  # of this writer, while it holds the lock of a database server
        if not self.on_server:
            sa.event.listen(self._engine, "connect", _tune_sqlite)

    @property
    def on_server(self) -> bool:
        """Whether other machines may share this database."""
        return bool(self._engine.dialect.name != "sqlite")

    @property
    def place(self) -> str:
        """Where it is, to be shown."""
        return shown(self._engine.url)

    def open(self, *, embedder: str, dim: int, for_copy: bool = False) -> None:
        """Creates the tables where there are none. Raises StoreError for tables of another version, and for
        a copy that is not finished, unless it is opened to go on with that.

        An empty catalogue takes the embedder that is asked for, whatever made it.
        """
        if self.on_server:
            self._check_encoding()
        known = self._known()
        if "schema" not in known:
            self._create(embedder=embedder, dim=dim)
            known = self._known()
        if known["schema"] != str(SCHEMA):
            raise StoreError(
                f"The store has version {known['schema']}, this program works with {SCHEMA}. "
                "Use the program that made it, or ingest into a new folder with --data."
            )
        if COPYING in known and not for_copy:
            raise StoreError(
                f"A copy into {self.place} is not finished. Run the same `python -m qa copy` again."
            )
        self._widen()
        if (known["embedder"], known["dim"]) != (embedder, str(dim)) and not self._holds_articles():
            self.set_meta(embedder=embedder, dim=str(dim))

    def _known(self) -> dict[str, str]:
        """All of `meta`; nothing when the tables are not there, or not all of them."""
        with self.in_words():
            there = set(sa.inspect(self._engine).get_table_names())
        if not there.issuperset(tables.tables):
            return {}
        with self._reading() as connection:
            return dict(connection.execute(sa.select(meta.c.key, meta.c.value)).all())

    def _widen(self) -> None:
        """Adds the columns that revisions of an older store lack; older programs go on with it as well."""
        with self.in_words():
            there = {column["name"] for column in sa.inspect(self._engine).get_columns(revisions.name)}
        if there.issuperset(revisions.columns.keys()):
            return
        with self._transaction() as connection:
            self._alone(connection)
            there = {column["name"] for column in sa.inspect(connection).get_columns(revisions.name)}
            for name in set(revisions.columns.keys()) - there:  # all of them text
                connection.exec_driver_sql(f"ALTER TABLE {revisions.name} ADD COLUMN {name} TEXT")

    def _create(self, *, embedder: str, dim: int) -> None:
        """Makes what is missing, in one transaction; another process that opens the store waits."""
        fresh = {"schema": str(SCHEMA), "generation": "0", "embedder": embedder, "dim": str(dim)}
        fresh["store"] = uuid4().hex[:12]  # tells this store's collections apart on a shared server
        with self._transaction() as connection:
            self._alone(connection)
            tables.create_all(connection)
            known = set(connection.scalars(sa.select(meta.c.key)))
            missing = [{"key": key, "value": value} for key, value in fresh.items() if key not in known]
            if missing:
                connection.execute(sa.insert(meta), missing)

    def _alone(self, connection: sa.Connection) -> None:
        """Until the end of this transaction no other process changes the tables' form."""
        if self.on_server:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": FORM_LOCK})
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _check_encoding(self) -> None:
        """Positions in texts are counted in characters, which PostgreSQL does only in UTF-8."""
        with self._reading() as connection:
            encoding = connection.scalar(sa.text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise StoreError(
                f"The database {self.place} keeps its texts as {encoding}, which cannot hold "
                "every article. Make one with `createdb --encoding=UTF8 --template=template0 NAME`."
            )

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

    def forget_meta(self, key: str) -> None:
        with self._transaction() as connection:
            connection.execute(sa.delete(meta).where(meta.c.key == key))

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
    def in_words(self) -> Iterator[None]:
        """Errors of the database as StoreErrors: one sentence, without any password."""
        try:
            yield
        except DatabaseError as error:
            if self.on_server:
                raise _of_server(str(error.orig), self.place) from None  # its text may hold an article
            raise StoreError(_explained(str(error.orig), self.place)) from None
        except PoolTimeout:
            raise StoreError(
                f"All connections to {self.place} have been busy for half a minute. Try again."
            ) from None

    # The writer of a database server

    def writer_connection(self) -> sa.Connection:
        """A connection of its own, each statement at once; the writer's lock lives as long as it does."""
        with self.in_words():
            return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def become_writer(self) -> None:
        """From now on transactions are this writer's: those of an earlier one fail, whatever it believes."""
        token = uuid4().hex
        self._token = None
        self.set_meta(writer=token)
        self._token = token

    def resign(self) -> None:
        self._token = None

    def _check_token(self, connection: sa.Connection) -> None:
        """Raises StoreError when another has become the writer; keeps it from becoming so until the commit.

        A lock alone is not enough: its connection may be cut without this process seeing it.
        """
        held = sa.select(meta.c.value).where(meta.c.key == "writer").with_for_update(read=True)
        if connection.scalar(held) != self._token:
            raise StoreError(
                "The connection that held the writer’s lock was cut, and another program writes now. "
                "What was stored stays stored; run it again to go on."
            )

    def transaction(self) -> AbstractContextManager[sa.Connection]:
        """For a copy, which knows rows and no articles."""
        return self._transaction()

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """The same, to read."""
        return self._reading()

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with self.in_words(), self._engine.begin() as connection:
            if self._token:
                self._check_token(connection)
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self.in_words(), self._engine.connect() as connection:
            yield connection


def in_parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values, at most as many at a time as one statement takes."""
    return (values[first : first + FEW] for first in range(0, len(values), FEW))


def _set_meta(connection: sa.Connection, key: str, value: str) -> None:
    done = connection.execute(sa.update(meta).where(meta.c.key == key).values(value=value))
    if not done.rowcount:
        connection.execute(sa.insert(meta), [{"key": key, "value": value}])


def _tune_sqlite(connection: Any, _: Any) -> None:
    """WAL lets readers read while one writes; NORMAL loses nothing to a kill, only to a power cut."""
    for setting in (f"busy_timeout={BUSY_S * 1000}", "journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {setting}")


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


def _of_server(problem: str, where: str) -> StoreError:
    brief = " ".join(problem.split())[:300]
    if any(sign in problem for sign in AWAY) and not any(sign in problem for sign in REFUSED):
        return ServerAway(
            f"The database {where} does not answer ({brief}). See that PostgreSQL runs and can be reached, "
            "then try again; what was stored stays stored."
        )
    return StoreError(_explained_server(problem, brief, where))


def _explained_server(problem: str, brief: str, where: str) -> str:
    """PostgreSQL's own words are kept where they name what is wrong; they never hold a password."""
    if "password authentication failed" in problem or "no password supplied" in problem:
        return f"The database {where} refuses the name or the password. Set both right in QA_DATABASE_URL."
    if "does not exist" in problem and "FATAL" in problem:
        return f"The server of {where} lacks what the address names ({brief}). Make it, or name another."
    if "No space left" in problem:
        return (
            f"The disk of {where} is full. Free some space there and run it again; "
            "nothing that was stored is lost."
        )
    if "read-only transaction" in problem:
        return (
            f"The database {where} is read-only: it is a standby, or was set so. "
            "Name the server that takes writes in QA_DATABASE_URL."
        )
    if "permission denied" in problem:
        return f"The user of {where} may not do this ({brief}). Give it the right to make and change tables."
    return f"The database {where} failed: {brief}."
