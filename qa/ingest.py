"""The flow that stores articles: load -> clean -> blocks -> chunk -> embed -> store.

Files are read and cut in a thread of their own while the model embeds. What is unchanged costs a look at the
file's size and time, or a hash, and no model. One bad file never stops a run, and a run that was killed is
finished by the next.
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.blocks import blocks
from qa.catalogue import File
from qa.chunk import MAX_WORDS, chunk
from qa.clean import clean
from qa.errors import LoadError
from qa.index_text import index_text
from qa.load import expand, load, name_of
from qa.types import Article, Failure, IngestReport, Passage, RawArticle

if TYPE_CHECKING:
    from qa.embed import Embedder
    from qa.store import Store

AHEAD = 64  # articles that are cut and wait to be embedded; bounds the memory
EMBED_PASSAGES = 256  # embedded together: enough to fill batches of one length, little enough to lose
COMMIT_PASSAGES = 8_000  # readers see what came so far
DONE = object()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `total` files are known from the start; `rate` is in characters a second."""

    done: int
    total: int
    articles: int
    characters: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.characters / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A new or changed article, ready to be embedded, and the file it stands in."""

    article: Article
    passages: tuple[Passage, ...]
    source: str
    file: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A file has been read: `entry` is what is remembered of it, None for what is no file or failed."""

    entry: File | None


@dataclass
class _Tally:
    """What a run has done so far, in articles."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    files: int = 0
    characters: int = 0
    failed: list[Failure] = field(default_factory=list)

    def report(self) -> IngestReport:
        return IngestReport(self.added, self.updated, self.unchanged, self.removed, tuple(self.failed))


def ingest(
    given: Iterable[Any],
    *,
    store: Store,
    embedder: Embedder,
    max_words: int = MAX_WORDS,
    remove_missing: bool = False,
    progress: Callable[[Progress], None] | None = None,
    on_wait: Callable[[], None] | None = None,
) -> IngestReport:
    """Stores what is new or changed in `given`: paths, globs, folders, addresses, `-`, RawArticles, or
    LangChain Documents.

    `remove_missing` also removes articles that stood in one of the given folders or files and no longer do.
    `on_wait` is called when another process is writing and this one has to wait.
    """
    things = list(given)
    tally = _Tally()
    with store.writing(on_wait=on_wait):
        store.check_embedder()
        store.commit()  # finishes what a killed run left undone
        flow = _Flow(store, embedder, max_words=max_words, tally=tally, progress=progress)
        flow.run([item for item in things if not isinstance(item, str | Path)], _paths(things, tally))
        if remove_missing:
            tally.removed += _remove_missing(store, [item for item in things if isinstance(item, str | Path)])
        store.commit()
    return tally.report()


class _Flow:
    """One run: a thread that reads and cuts, and this one, which embeds and stores."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        max_words: int,
        tally: _Tally,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._store, self._embedder = store, embedder
        self._max_words, self._tally, self._progress = max_words, tally, progress
        self._ready: queue.Queue[Any] = queue.Queue(AHEAD)
        self._stopped = threading.Event()
        self._started = time.monotonic()
        self._total = 0
        self._uncommitted = 0

    def run(self, articles: Sequence[Any], paths: Sequence[Path | str]) -> None:
        self._total = len(paths) + len(articles)
        reader = threading.Thread(target=self._read_all, args=(articles, paths), name="reading", daemon=True)
        reader.start()
        try:
            waiting: list[_Prepared | _Read] = []
            while (item := self._ready.get()) is not DONE:
                if isinstance(item, BaseException):
                    raise item
                waiting.append(item)
                cut = sum(len(each.passages) for each in waiting if isinstance(each, _Prepared))
                if cut >= EMBED_PASSAGES or not cut:
                    self._store_all(waiting)
                    waiting = []
            self._store_all(waiting)
        finally:
            self._stopped.set()
            with suppress(queue.Empty):
                while True:
                    self._ready.get_nowait()
            reader.join()

    # Reading, in its own thread

    def _read_all(self, articles: Sequence[Any], paths: Sequence[Path | str]) -> None:
        try:
            for item in articles:
                self._prepare(as_raw(item), file="")
                self._hand_over(_Read(None))
            for path in paths:
                if self._stopped.is_set():
                    return
                self._hand_over(_Read(self._read_file(path)))
            self._hand_over(DONE)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits for this one
            self._hand_over(error)

    def _read_file(self, path: Path | str) -> File | None:
        """What to remember of the file; None when it is none, or changed while it was read."""
        name = name_of(path) if isinstance(path, Path) else path
        before = _look(path)
        known = self._store.catalogue.file(name) if before else None
        if before and known and (known.size, known.modified_ns) == before:
            return self._skip(known)
        digest = _digest(path) if before else None
        if before and known and digest == known.sha256:
            return self._skip(File(name, *before, known.sha256, known.failures))
        failures: list[Failure] = []
        for found in load(path):
            if self._stopped.is_set():
                return None
            failure = found if isinstance(found, Failure) else self._prepare(found, file=name)
            if failure:
                failures.append(failure)
        self._tally.failed += failures
        if before is None or digest is None or _look(path) != before:
            return None
        return File(name, *before, digest, json.dumps([asdict(failure) for failure in failures]))

    def _skip(self, known: File) -> File:
        """Nothing has changed: the articles are counted, and what failed is reported again."""
        self._tally.unchanged += self._store.catalogue.count_in(known.file)
        self._tally.failed += [Failure(**failure) for failure in json.loads(known.failures)]
        return known

    def _prepare(self, raw: RawArticle, *, file: str) -> Failure | None:
        """Cuts a new or changed article and hands it over; a Failure when there is nothing in it."""
        try:
            article = clean(raw)
        except LoadError as error:
            return Failure(raw.source, str(error))
        catalogue = self._store.catalogue
        known = catalogue.source(raw.source)
        if known and known[1] == article.revision and catalogue.current_revision(known[0]) is not None:
            self._tally.unchanged += 1
            return None
        twin = catalogue.same_text(article)
        if twin is not None:
            catalogue.note_source(article, {raw.source: file}, stored_as=twin)
            self._tally.unchanged += 1
            return None
        passages = chunk(article, blocks(article.text), max_words=self._max_words)
        if not passages:
            return Failure(raw.source, "There is nothing to read in it but a list of sources.")
        self._hand_over(_Prepared(article, passages, raw.source, file))
        return None

    def _hand_over(self, item: Any) -> None:
        while not self._stopped.is_set():
            with suppress(queue.Full):
                self._ready.put(item, timeout=0.2)
                return

    # Embedding and storing

    def _store_all(self, waiting: Sequence[_Prepared | _Read]) -> None:
        articles = [item for item in waiting if isinstance(item, _Prepared)]
        texts = [
            index_text(item.article.title, item.article.outlet, item.article.day, passage.text)
            for item in articles
            for passage in item.passages
        ]
        vectors = self._embedder.embed(texts) if texts else np.empty((0, self._embedder.dim), np.float32)
        first = 0
        for item in waiting:
            if isinstance(item, _Prepared):
                last = first + len(item.passages)
                self._store_one(item, vectors[first:last])
                first = last
            else:
                self._finish_file(item.entry)
        self._uncommitted += len(texts)
        if self._uncommitted >= COMMIT_PASSAGES:
            self._store.commit()
            self._uncommitted = 0
        self._show()

    def _store_one(self, item: _Prepared, vectors: Any) -> None:
        outcome = self._store.add(item.article, item.passages, vectors, sources={item.source: item.file})
        setattr(self._tally, outcome, getattr(self._tally, outcome) + 1)
        self._tally.characters += len(item.article.text)

    def _finish_file(self, entry: File | None) -> None:
        """Only now, with all its articles stored, is a file remembered as read."""
        self._tally.files += 1
        if entry:
            self._store.catalogue.set_file(entry)

    def _show(self) -> None:
        if self._progress:
            done = self._tally
            seconds = time.monotonic() - self._started
            stored = done.added + done.updated + done.unchanged
            self._progress(Progress(done.files, self._total, stored, done.characters, seconds))


def as_raw(item: Any) -> RawArticle:
    """A RawArticle as it is, or a LangChain Document's text and metadata as one."""
    if isinstance(item, RawArticle):
        return item
    metadata = dict(getattr(item, "metadata", None) or {})
    text = str(item.page_content)
    name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]

    def first(*names: str) -> str | None:
        return next((str(metadata[key]) for key in names if metadata.get(key)), None)

    return RawArticle(
        source=first("source", "id") or f"document-{name}",
        text=text,
        title=first("title", "headline"),
        outlet=first("outlet", "publisher", "site"),
        author=first("author", "byline"),
        published=first("published", "date", "published_at"),
        url=first("url", "link"),
    )


def _paths(things: Sequence[Any], tally: _Tally) -> list[Path | str]:
    """The files to read; what is missing or empty goes to the report."""
    found: list[Path | str] = []
    for item in expand([thing for thing in things if isinstance(thing, str | Path)]):
        if isinstance(item, Failure):
            tally.failed.append(item)
        else:
            found.append(item)
    return found


def _remove_missing(store: Store, given: Sequence[str | Path]) -> int:
    """Removes articles that were found under `given` and are no longer there; gives how many."""
    roots = [Path(item) for item in given if not str(item).startswith(("http://", "https://", "-"))]
    gone = [
        source
        for file in store.catalogue.files()
        if file and _is_under(Path(file), roots) and not Path(file).exists()
        for source in store.catalogue.sources_in(file)
    ]
    return store.remove(store.catalogue.forget_sources(gone))


def _is_under(file: Path, roots: Iterable[Path]) -> bool:
    whole = file.absolute()
    return any(whole == root.absolute() or root.absolute() in whole.parents for root in roots)


def _look(path: Path | str) -> tuple[int, int] | None:
    """Size and time of the last change; None for what is no file."""
    if not isinstance(path, Path):
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _digest(path: Path | str) -> str | None:
    """The file's hash; None when it cannot be read, or is a pipe that would keep us waiting."""
    if not isinstance(path, Path) or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
