"""Reading and embedding on many machines, by Dask: takes paths, gives what `load` and an embedder would.

Workers load, clean and cut the files of a task and embed their passages; nothing else is asked of them, least
of all the database. The flow goes through the same files in the same order as on one machine and finds the
vector of each passage ready. Small files travel with their task, so that workers need not see the disk.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import qa
from qa.errors import ClusterError, LoadError, SettingsError
from qa.ingest.blocks import blocks
from qa.ingest.chunk import chunk
from qa.ingest.clean import clean
from qa.ingest.load import load, name_of
from qa.store.index_text import index_text
from qa.types import Failure, Notice, RawArticle

TASK_BYTES = 1_000_000  # of files in one task, some seconds of work
TASK_FILES = 64
SENT_BYTES = 32_000_000  # a larger file is read where it lies, by workers that see the same disk or else here
AHEAD = 3  # tasks for each worker that are sent before the first is needed
KEPT_VECTORS = 50_000  # of passages that were made and not asked for yet: 75 MB of 384 dimensions
EMBEDDED = 128  # passages in a task that only embeds
COUNT_S = 2.0  # between two looks at how many workers there are
ASKED_S = 5.0  # between two looks whether the scheduler is still there
CONNECT_S = 15
WORKERS_S = 15  # so long workers may take to register with the scheduler
LOGGERS = ("distributed", "distributed.client")  # Dask gives the second a level of its own
ROOMS = ("ingest", "english", "models")  # code that decides what a worker makes of a file

Outcome = RawArticle | Failure | Notice


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is sent: `content` is None for one that is too large, or an address."""

    name: str
    is_path: bool
    content: bytes | None = None
    size: int = 0
    modified_ns: int = 0


@dataclass(frozen=True, slots=True)
class _How:
    """What a worker has to know besides the files."""

    embedder: str
    max_words: int
    allow_private: bool
    code: str


@dataclass(frozen=True, slots=True)
class _Done:
    """Of each file its outcomes, None where the worker does not see it; of all passages keys and vectors."""

    outcomes: list[list[Outcome] | None]
    keys: list[bytes]
    vectors: npt.NDArray[np.float32]


@contextmanager
def connected(scheduler: str, *, embedder: str, max_words: int, allow_private: bool) -> Iterator[Cluster]:
    """The workers of a Dask scheduler. Raises SettingsError without Dask, ClusterError when none answer."""
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise SettingsError("Ingest over machines needs Dask: pip install 'dateline[many]'.") from None
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what happens is told in sentences
    try:
        client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"No Dask scheduler answers at {scheduler} ({type(error).__name__}). Start one with "
            "`dask scheduler` and give the address it prints, or leave out --scheduler."
        ) from None
    try:
        try:
            client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError:
            raise ClusterError(
                f"The scheduler {scheduler} has no workers. Start some: dask worker {scheduler}"
            ) from None
        yield Cluster(client, scheduler, _How(embedder, max_words, allow_private, _code()))
    finally:
        with suppress(OSError, TimeoutError):  # of a scheduler that is gone
            client.close(timeout=5)


class Cluster:
    """`read` and `embed` as the flow wants them, done elsewhere. `read` from one thread, `embed` from one."""

    def __init__(self, client: Any, scheduler: str, how: _How) -> None:
        self._client, self._scheduler, self._how = client, scheduler, how
        self._coming: dict[str, tuple[Any, list[_File]]] = {}  # by name of a file: its task, as it was sent
        self._rest: Iterator[list[_File]] = iter(())
        self._count, self._counted = 1, -COUNT_S  # workers, and when they were counted
        self._expected: set[str] = set()  # names that have not come yet
        self._done: dict[str, list[Outcome] | None] = {}
        self._vectors: OrderedDict[bytes, npt.NDArray[np.float32]] = OrderedDict()
        self._keeping = threading.Lock()  # of the vectors: one thread reads, another embeds

    def expect(self, paths: Iterable[Path | str]) -> None:
        """Says what will be read, in order, so that it can be sent ahead."""
        every = list(paths)
        self._expected = {_name(path) for path in every}
        self._rest = _tasks(every)

    def read(self, path: Path | str) -> Iterator[Outcome]:
        """What `load` gives. Raises ClusterError when the scheduler is gone."""
        name = _name(path)
        self._send_ahead()
        while name in self._expected and self._coming:  # those before it may have been passed over
            self._take(next(iter(self._coming)))
            self._send_ahead()
        if name not in self._done:
            self._submit([_as_sent(path)])
            self._take(name)
        for earlier in list(self._done)[: list(self._done).index(name)]:
            del self._done[earlier]
        outcomes = self._done.pop(name)
        return iter(outcomes) if outcomes is not None else load(path, allow_private=self._how.allow_private)

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """A unit vector for each text, (n, dim); those that did not come with their file are made now."""
        with self._keeping:
            found = [self._vectors.pop(_key(text), None) for text in texts]
        lacking = [text for text, vector in zip(texts, found, strict=True) if vector is None]
        parts = [lacking[first : first + EMBEDDED] for first in range(0, len(lacking), EMBEDDED)]
        with self._in_words():
            tasks = [self._client.submit(embed_texts, part, self._how, pure=False) for part in parts]
            made = iter([vector for task in tasks for vector in self._result(task)])
        return np.stack([next(made) if vector is None else vector for vector in found])

    def _send_ahead(self) -> None:
        tasks = len({id(future) for future, _ in self._coming.values()})
        while tasks < AHEAD * self._workers():
            files = next(self._rest, None)
            if files is None:
                return
            self._submit(files)
            tasks += 1

    def _workers(self) -> int:
        """How many there are, as of the last seconds; they may come and go."""
        if time.monotonic() > self._counted + COUNT_S:
            with self._in_words():
                found = self._client.scheduler_info(n_workers=-1).get("workers", ())
            self._count, self._counted = max(1, len(found)), time.monotonic()
        return self._count

    def _submit(self, files: list[_File]) -> None:
        with self._in_words():
            future = self._client.submit(read_files, files, self._how, pure=False)
        self._coming.update((file.name, (future, files)) for file in files)

    def _take(self, name: str) -> None:
        """Waits for the task of a file, and keeps what came of all its files."""
        from distributed.scheduler import KilledWorker

        future, files = self._coming[name]
        for file in files:
            self._coming.pop(file.name, None)
            self._expected.discard(file.name)
        try:
            with self._in_words():
                done: _Done = self._result(future)
        except KilledWorker:
            self._take_alone(files)
            return
        self._done.update((file.name, own) for file, own in zip(files, done.outcomes, strict=True))
        with self._keeping:
            self._vectors.update(zip(done.keys, done.vectors, strict=True))
            while len(self._vectors) > KEPT_VECTORS:
                self._vectors.popitem(last=False)

    def _result(self, future: Any) -> Any:
        """What a task gives. One that is sent while the scheduler is away is never told that it is lost."""
        from distributed.comm import CommClosedError

        while True:
            try:
                return future.result(timeout=ASKED_S)
            except TimeoutError:
                if self._client.status == "closed":
                    raise CommClosedError("the client has given up") from None

    def _take_alone(self, files: list[_File]) -> None:
        """Several workers died of this task: of which file, its own task tells."""
        if len(files) == 1:
            sentence = (
                "Several workers died while they read it, of its size perhaps. Ingest it without --scheduler."
            )
            self._done[files[0].name] = [Failure(files[0].name, sentence)]
            return
        for file in files:
            self._submit([file])
            self._take(file.name)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        from distributed.client import FutureCancelledError
        from distributed.comm import CommClosedError

        try:
            yield
        except (CommClosedError, FutureCancelledError, OSError, TimeoutError) as error:
            raise ClusterError(
                f"The Dask scheduler {self._scheduler} is gone ({type(error).__name__}). What was stored "
                "stays stored; start it and run this again, or leave out --scheduler."
            ) from None


# On the workers


def read_files(files: Sequence[_File], how: _How) -> _Done:
    """A task: the articles of these files, and vectors for their passages. Runs on a worker."""
    _check_code(how)
    outcomes = [_outcomes(file, how) for file in files]
    texts = [text for own in outcomes for each in own or () for text in _texts(each, how.max_words)]
    return _Done(outcomes, [_key(text) for text in texts], embed_texts(texts, how))


def embed_texts(texts: Sequence[str], how: _How) -> npt.NDArray[np.float32]:
    """A task: a unit vector for each text, (n, dim). Runs on a worker."""
    _check_code(how)
    if not texts:
        return np.empty((0, 0), np.float32)
    return np.asarray(_embedder(how.embedder).embed(list(texts)), np.float32)


def _outcomes(file: _File, how: _How) -> list[Outcome] | None:
    """What the file holds; None for one that this worker does not see, or has no room for."""
    read = partial(load, allow_private=how.allow_private)
    if not file.is_path:
        return list(read(file.name))
    try:
        if file.content is None:
            path = Path(file.name)
            look = path.stat()
            return (
                list(read(path))
                if (look.st_size, look.st_mtime_ns) == (file.size, file.modified_ns)
                else None
            )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(file.name).name
            path.write_bytes(file.content)
            os.utime(path, ns=(file.modified_ns, file.modified_ns))
            return [_renamed(each, str(path), file.name) for each in read(path)]
    except OSError:
        return None


def _renamed(found: Outcome, copy: str, name: str) -> Outcome:
    """As if it had been read where the file lies."""
    source = found.source.replace(copy, name)
    if isinstance(found, RawArticle):
        return replace(found, source=source)
    return replace(found, source=source, reason=found.reason.replace(copy, name))


def _texts(found: Outcome, max_words: int) -> list[str]:
    """Of each passage, what is embedded; nothing of what cannot be stored."""
    if not isinstance(found, RawArticle):
        return []
    try:
        article = clean(found)
    except LoadError:
        return []
    cut = chunk(article, blocks(article.text), max_words=max_words)
    return [index_text(article.title, article.outlet, article.day, passage.text) for passage in cut]


@cache
def _embedder(name: str) -> Any:
    from qa.models.embed import load_embedder

    return load_embedder(name, threads=1)


def _check_code(how: _How) -> None:
    if _code() != how.code:
        raise ClusterError(
            "A Dask worker runs another version of Dateline than this machine. Install the same on all, and "
            "start the workers again."
        )


@cache
def _code() -> str:
    """A hash of the code that decides what becomes of a file: it must be the same everywhere."""
    folder = Path(qa.__file__).parent
    found = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((folder / room).rglob("*.py")):
            found.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


# What is sent


def _tasks(paths: Iterable[Path | str]) -> Iterator[list[_File]]:
    """Files in groups that are worth a task, in their order; read from disk when they are sent."""
    group: list[_File] = []
    size = 0
    for path in paths:
        file = _as_sent(path)
        own = len(file.content) if file.content is not None else TASK_BYTES
        if group and (size + own > TASK_BYTES or len(group) >= TASK_FILES):
            yield group
            group, size = [], 0
        group.append(file)
        size += own
    if group:
        yield group


def _name(path: Path | str) -> str:
    return name_of(path) if isinstance(path, Path) else path


def _as_sent(path: Path | str) -> _File:
    if not isinstance(path, Path):
        return _File(path, is_path=False)
    try:
        look = path.stat()
        small = path.is_file() and look.st_size <= SENT_BYTES
        content = path.read_bytes() if small else None
    except OSError:  # the flow meets it again and says so
        return _File(name_of(path), is_path=True)
    return _File(name_of(path), True, content, look.st_size, look.st_mtime_ns)


def changed(paths: Iterable[Any], known: Mapping[str, tuple[int, int]]) -> list[Path | str]:
    """Those that a run will read: not the files whose size and time are the `known` ones, by name."""

    def is_new(path: Any) -> bool:
        if not isinstance(path, Path):
            return isinstance(path, str)
        try:
            look = path.stat()
        except OSError:
            return False
        return known.get(_name(path)) != (look.st_size, look.st_mtime_ns)

    return [path for path in paths if is_new(path)]


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
