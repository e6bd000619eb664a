"""One writer at a time: among a process's threads, a machine's programs, the machines of a database.

Knows nothing about what is written.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from filelock import FileLock, Timeout

from qa.errors import StoreBusy, StoreError
from qa.store.database import Database

RETRY_S = 0.2  # between tries to get a database's lock
WRITER_LOCK = (
    0x4461_7465  # "Date": the first half of the key; the second tells the schemas of a database apart
)

OnWait = Callable[[], None]


class Outer(Protocol):
    """What keeps other processes from writing. Held by one thread at a time."""

    def acquire(self, wait_s: float) -> bool:
        """Whether it is held now, after at most `wait_s` seconds; for ever when negative."""

    def release(self) -> None:
        """Lets others write; never fails."""


class WriterLock:
    """The lock of a store. May be taken again by the thread that holds it."""

    def __init__(self, outer: Outer, place: str) -> None:
        """`place` is what a waiting user is told is being written to."""
        self._outer, self._place = outer, place
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def held(self, wait_s: float, on_wait: OnWait | None) -> Iterator[bool]:
        """Holds it; tells whether it was free before, and not this thread's own already.

        Waits at most `wait_s` seconds, for ever when negative, and calls `on_wait` once before. Raises
        StoreBusy.
        """
        started = time.monotonic()
        waited = self._take_threads(wait_s, on_wait)
        try:
            if not self._depth:
                left = wait_s if wait_s < 0 else max(0.0, wait_s - (time.monotonic() - started))
                self._take_outer(left, None if waited else on_wait)
            self._depth += 1
            try:
                yield self._depth == 1
            finally:
                self._depth -= 1
                if not self._depth:
                    self._outer.release()
        finally:
            self._threads.release()

    def _take_threads(self, wait_s: float, on_wait: OnWait | None) -> bool:
        """Among the threads of this process; tells whether there was another."""
        if self._threads.acquire(blocking=False):
            return False
        if on_wait:
            on_wait()
        if not self._threads.acquire(timeout=wait_s if wait_s >= 0 else -1):
            raise self._busy(wait_s)
        return True

    def _take_outer(self, wait_s: float, on_wait: OnWait | None) -> None:
        if self._outer.acquire(0):
            return
        if on_wait:
            on_wait()
        if not self._outer.acquire(wait_s):
            raise self._busy(wait_s)

    def _busy(self, wait_s: float) -> StoreBusy:
        return StoreBusy(
            f"Another program has been writing to {self._place} for {wait_s:.0f} seconds. "
            "Wait until it has finished, then try again."
        )


class FolderLock:
    """A locked file: for the programs of one machine. The system lets it go when its holder dies."""

    def __init__(self, file: Path) -> None:
        self._file = FileLock(file, thread_local=False)

    def acquire(self, wait_s: float) -> bool:
        """As `Outer` has it. Raises StoreError when the folder cannot be written."""
        try:
            self._file.acquire(timeout=wait_s)
        except Timeout:
            return False
        except OSError as error:
            raise StoreError(
                f"The folder {Path(self._file.lock_file).parent} cannot be written: {error.strerror}. "
                "Give it write permission, or free space."
            ) from error
        return True

    def release(self) -> None:
        self._file.release()


class DatabaseLock:
    """PostgreSQL's advisory lock: for all machines that share a database.

    It belongs to a connection, and is let go with it when its holder dies. A holder whose connection was cut
    may not know: so it also becomes the one writer whose transactions the database takes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: sa.Connection | None = None

    def acquire(self, wait_s: float) -> bool:
        """As `Outer` has it. Raises StoreError when the database does not answer."""
        deadline = time.monotonic() + wait_s
        try:
            while not self._try():
                if wait_s >= 0 and time.monotonic() >= deadline:
                    self.release()
                    return False
                time.sleep(RETRY_S)
            self._database.become_writer()
        except BaseException:
            self.release()
            raise
        return True

    def release(self) -> None:
        self._database.resign()
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sa.exc.SQLAlchemyError):  # a connection that is gone holds no lock
                connection.invalidate()  # closes it for good: a pool would keep it open, and the lock with it
            connection.close()

    def _try(self) -> bool:
        if self._connection is None:
            self._connection = self._database.writer_connection()
        asked = sa.text("SELECT pg_try_advisory_lock(:key, hashtext(current_schema()))")
        with self._database.in_words():
            return bool(self._connection.scalar(asked, {"key": WRITER_LOCK}))
