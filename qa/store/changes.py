"""What came and went, and when: the journal that every index follows.

A change is a run of passage numbers. Knows nothing about what the passages hold, nor about the indexes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import sqlalchemy as sa

from qa.store.database import Database
from qa.store.schema import changes, passages


@dataclass(frozen=True, slots=True)
class Change:
    """Passages `first` to `last`, both included, came or went. `number` orders all changes."""

    number: int
    came: bool
    first: int
    last: int


class Changes(Database):
    """The changes of a catalogue, in order."""

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

    def passages_changed(self, after: int) -> int:
        """How many passages came or went after change number `after`."""
        moved = sa.func.sum(changes.c.last - changes.c.first + 1)
        with self._reading() as connection:
            return int(connection.scalar(sa.select(moved).where(changes.c.number > after)) or 0)

    def last_passage(self, change: int) -> int:
        """The highest number of a passage that had come with change number `change`; 0 for none."""
        of_it = (changes.c.number <= change) & changes.c.came
        with self._reading() as connection:
            return connection.scalar(sa.select(sa.func.max(changes.c.last)).where(of_it)) or 0

    def note_all_anew(self) -> None:
        """Lets every index take up all passages again: their vectors have changed, not their numbers."""
        whole = sa.select(sa.func.min(passages.c.number), sa.func.max(passages.c.number))
        with self._transaction() as connection:
            first, last = connection.execute(whole).one()
            if first is not None:
                note_change(connection, came=True, first=first, last=last)


def note_change(connection: sa.Connection, *, came: bool, first: int, last: int) -> None:
    number = max(_last_change(connection) + 1, time.time_ns())  # the clock may have jumped back
    row = {"number": number, "came": came, "first": first, "last": last}
    connection.execute(sa.insert(changes), [row])


def _last_change(connection: sa.Connection) -> int:
    return connection.scalar(sa.select(sa.func.max(changes.c.number))) or 0
