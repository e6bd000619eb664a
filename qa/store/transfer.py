"""Moves a store from a folder to servers, or back: every row of the catalogue as it is, then indexes anew.

A copy that was broken off goes on where it was, and is checked at the end by count and by hash. Until then
nothing can be answered from the copy. Nobody writes to either side meanwhile; readers of the source go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from qa.errors import StoreError
from qa.store.catalogue import Catalogue
from qa.store.database import COPYING
from qa.store.schema import changes, meta, passages, tables
from qa.store.store import Store

ROWS = 1_000  # in memory, and in one transaction of the copy
TAKEN = ("embedder", "dim")  # of `meta`; the rest is the copy's own, so that its collections are

OnCopied = Callable[[str, int, int], None]  # table, rows done, rows in all


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows each table has, the same on both sides, and what the verified rows hash to."""

    rows: dict[str, int]
    sha256: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        return {"rows": self.rows, "sha256": self.sha256}


def copy(
    source: Store,
    target: Store,
    *,
    on_copied: OnCopied | None = None,
    on_wait: Callable[[], None] | None = None,
) -> Copied:
    """Makes `target`, opened for a copy, hold what `source` holds. Raises StoreError."""
    came_from = f"{source.catalogue.meta('store')}"
    _claim(target.catalogue, came_from)
    with ExitStack() as locks:
        locks.enter_context(source.writing(on_wait=on_wait))
        locks.enter_context(target.copying(on_wait=on_wait))
        hashes = {}
        for table in _copied_tables():
            hashes[table.name] = _copy_table(table, source.catalogue, target.catalogue, on_copied)
        target.catalogue.set_meta(**{key: str(source.catalogue.meta(key)) for key in TAKEN})
        _go_on_counting(target.catalogue)
        target.commit()
        target.catalogue.forget_meta(COPYING)
        rows = {table.name: _count(target.catalogue, table) for table in _copied_tables()}
    return Copied(rows, hashes)


def _copied_tables() -> list[sa.Table]:
    return [table for table in tables.sorted_tables if table is not meta]


def _claim(catalogue: Catalogue, came_from: str) -> None:
    """The target is empty, or holds the beginning of this very copy."""
    begun = catalogue.meta(COPYING)
    if begun == came_from:
        return
    if begun is not None:
        raise StoreError(
            f"A copy of another store into {catalogue.place} has not been finished. Finish that one, or copy "
            "into an empty one."
        )
    if any(_count(catalogue, table) for table in _copied_tables()):
        raise StoreError(f"{catalogue.place} holds articles already. Copy into an empty store.")
    catalogue.set_meta(**{COPYING: came_from})


def _copy_table(table: sa.Table, source: Catalogue, target: Catalogue, on_copied: OnCopied | None) -> str:
    """Gives the hash that both sides have. What was copied before, and is other now, is copied again."""
    for _ in range(2):
        total = _count(source, table)
        done = _count(target, table)
        for rows in _batches(source, table, after=_last_key(target, table)):
            with target.transaction() as connection:
                connection.execute(sa.insert(table), [dict(row) for row in rows])
            done += len(rows)
            if on_copied:
                on_copied(table.name, done, total)
        wanted = _hash(source, table)
        if _hash(target, table) == wanted:
            return wanted
        with target.transaction() as connection:
            connection.execute(sa.delete(table))
    raise StoreError(
        f"The table {table.name} in {target.place} does not come out as it is in {source.place}: a disk may "
        "be failing. Check both, and copy into an empty store."
    )


def _batches(
    catalogue: Catalogue, table: sa.Table, *, after: tuple[Any, ...] | None = None
) -> Iterator[list[sa.RowMapping]]:
    """The rows in order of their key, from beyond `after` on."""
    key = list(table.primary_key.columns)
    while True:
        chosen = sa.select(table).order_by(*key).limit(ROWS)
        if after is not None:
            chosen = chosen.where(sa.tuple_(*key) > sa.tuple_(*(sa.literal(part) for part in after)))
        with catalogue.reading() as connection:
            rows = list(connection.execute(chosen).mappings())
        if not rows:
            return
        yield rows
        after = tuple(rows[-1][column.name] for column in key)


def _last_key(catalogue: Catalogue, table: sa.Table) -> tuple[Any, ...] | None:
    key = list(table.primary_key.columns)
    with catalogue.reading() as connection:
        last = connection.execute(
            sa.select(*key).order_by(*(column.desc() for column in key)).limit(1)
        ).first()
    return tuple(last) if last else None


def _count(catalogue: Catalogue, table: sa.Table) -> int:
    with catalogue.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _hash(catalogue: Catalogue, table: sa.Table) -> str:
    """Of every value of every row, in order of the key."""
    found = hashlib.sha256()
    for rows in _batches(catalogue, table):
        for row in rows:
            values = [bytes(value) if isinstance(value, memoryview) else value for value in row.values()]
            found.update(repr(values).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _go_on_counting(catalogue: Catalogue) -> None:
    """Passages that come get numbers that none has ever had, those of removed ones included."""
    highest = sa.select(sa.func.max(changes.c.last))
    with catalogue.transaction() as connection:
        last = connection.scalar(highest) or 0
        if not last:
            return
        if catalogue.on_server:
            counter = sa.func.pg_get_serial_sequence(passages.name, "number")
            connection.execute(sa.select(sa.func.setval(counter, last)))
        else:
            named = {"name": passages.name, "last": last}
            connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), named)
            connection.execute(
                sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), named
            )
