"""The flow that stores articles: load -> clean -> blocks -> chunk -> embed -> store.

Files are read and cut in a thread of their own while the model embeds. What is unchanged costs a look at the
file's size and time, or a hash, and no model. One bad file never stops a run, and a run that was killed is
finished by the next.
"""

from __future__ import annotations

import hashlib
import json
import queue
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from qa.errors import LoadError
from qa.ingest.blocks import blocks
from qa.ingest.chunk import MAX_WORDS, chunk
from qa.ingest.clean import article_id, clean, with_day
from qa.ingest.editions import Editions, tombstone, withdrawn_in
from qa.ingest.hold import why_held
from qa.ingest.load import expand, load, name_of
from qa.models.runtime import give_back
from qa.store.browse import Feed, given_day, known_feeds, note_feed
from qa.store.catalogue import New, Outcome
from qa.store.index_text import index_text
from qa.store.ledger import File
from qa.types import Article, Failure, IngestReport, Notice, Passage, RawArticle

if TYPE_CHECKING:
    from qa.store.store import Store

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

AHEAD = 64  # articles that are cut and wait to be embedded; bounds the memory
EMBED_PASSAGES = 256  # embedded together, at least: enough to fill batches of one length
MOST_PASSAGES = 2_048  # at most; between the two as many as take a second, which is what a kill may lose
COMMIT_PASSAGES = 8_000  # at least, between two commits: readers see what came so far
COMMIT_SHARE = 20  # of a large store a twentieth: a commit opens its vectors, 5 s where there are a million
FRESH_NS = 2_000_000_000  # file systems keep times in steps of up to two seconds
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
class _Withdrawn:
    """An article that was taken back, or never published: it leaves the answers if it is in them."""

    article_id: str
    notice: Notice


@dataclass(frozen=True, slots=True)
class _Read:
    """A file has been read: `entry` is what is to be remembered of it, None for nothing new to remember.

    `unchanged` counts its articles that were stored already, `failed` says what could not be stored,
    `notices` what else is to be told.
    """

    entry: File | None = None
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    notices: tuple[Notice, ...] = ()


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
    notices: list[Notice] = field(default_factory=list)

    def report(self) -> IngestReport:
        passed = tuple(each for each in self.notices if each.kind == "passed_over")
        remarks = tuple(each for each in self.notices if each.kind != "passed_over")
        numbers = (self.added, self.updated, self.unchanged, self.removed)
        return IngestReport(*numbers, tuple(self.failed), passed, remarks)


def ingest(
    given: Iterable[Any],
    *,
    store: Store,
    embed: Embed,
    max_words: int = MAX_WORDS,
    remove_missing: bool = False,
    allow_private: bool = False,
    read: Callable[[Path | str], Iterator[RawArticle | Failure | Notice]] | None = None,
    fields: Mapping[str, str] | None = None,
    progress: Callable[[Progress], None] | None = None,
    on_wait: Callable[[], None] | None = None,
) -> IngestReport:
    """Stores what is new or changed in `given`: paths, globs, folders, addresses, `-`, RawArticles, or
    LangChain Documents.

    `embed` gives a unit vector for each text, (n, dim) float32; called only when there is something new.
    `remove_missing` also removes articles that stood in one of the given folders or files and no longer do:
    the file is gone, or was read again and does not hold them any more.
    `allow_private` lets addresses lie within this machine or its network.
    `read` takes the place of `load`, as a cluster's does.
    `fields` says where records of an unknown kind keep their facts: `{"text": "body.content"}`.
    `on_wait` is called when another process is writing and this one has to wait.
    """
    things = list(given)
    tally = _Tally()
    with store.writing(on_wait=on_wait):
        store.check_embedder()
        store.mend()
        load_file = read or partial(load, allow_private=allow_private, fields=fields)
        flow = _Flow(
            store, embed, load_file, max_words=max_words, tally=tally, progress=progress, fields=fields
        )
        flow.run([item for item in things if not isinstance(item, str | Path)], _paths(things, tally))
        if remove_missing:
            given_paths = [item for item in things if isinstance(item, str | Path)]
            tally.removed += _remove_missing(store, given_paths, flow.gone, flow.stood)
        store.commit()
        store.even_out()
    return tally.report()


def commit_after(store: Store) -> int:
    """How many passages are stored before readers are shown them."""
    return max(COMMIT_PASSAGES, store.catalogue.count_passages() // COMMIT_SHARE)


class _Flow:
    """One run: a thread that reads and cuts, and this one, which embeds and stores."""

    def __init__(
        self,
        store: Store,
        embed: Embed,
        load: Callable[[Path | str], Iterator[RawArticle | Failure | Notice]],
        *,
        max_words: int,
        tally: _Tally,
        progress: Callable[[Progress], None] | None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        self._store, self._embed, self._load = store, embed, load
        self._mark = _mark_of(fields)
        self._max_words, self._tally, self._progress = max_words, tally, progress
        self._ready: queue.Queue[Any] = queue.Queue(AHEAD)
        self._stopped = threading.Event()
        self._started = time.monotonic()
        self._total = 0
        self._uncommitted = 0
        self._commit_after = commit_after(store)
        self._together = EMBED_PASSAGES
        self._known = store.catalogue.read_files()
        taken_back = withdrawn_in(file.failures for file, _ in self._known.values())
        self._editions = Editions(store.catalogue, taken_back)
        self._noticed: list[Notice] = []  # of the file that is being read
        self._given: Counter[str] = Counter()  # Documents by source
        self.gone: list[str] = []  # sources that a file held when it was last read, and holds no more
        self.stood: set[str] = set()  # articles that stood in files which have been read again

    def run(self, articles: Sequence[Any], paths: Sequence[Path | str]) -> None:
        """Stores all of these; then again files whose article was stored under another that has changed."""
        self._total = len(paths) + len(articles)
        self._run(articles, paths)
        before, self._known = self._known, self._store.catalogue.read_files()
        again = [Path(name) for name in before if name not in self._known]
        self._run((), [path for path in again if path.is_file()])

    def _run(self, articles: Sequence[Any], paths: Sequence[Path | str]) -> None:
        if not articles and not paths:
            return
        self._stopped.clear()
        reader = threading.Thread(target=self._read_all, args=(articles, paths), name="reading", daemon=True)
        reader.start()
        try:
            waiting: list[_Prepared | _Read] = []
            while (item := self._ready.get()) is not DONE:
                if isinstance(item, BaseException):
                    raise item
                if isinstance(item, _Withdrawn):
                    self._store_all(waiting)
                    waiting = []
                    self._withdraw(item)
                    continue
                waiting.append(item)
                cut = sum(len(each.passages) for each in waiting if isinstance(each, _Prepared))
                if cut >= self._together or not cut:
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
                self._hand_over(self._read_given(item))
            for path in paths:
                if self._stopped.is_set():
                    return
                self._hand_over(self._read_file(path))
            self._hand_over(DONE)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits for this one
            self._hand_over(error)

    def _read_given(self, item: Any) -> _Read:
        if isinstance(item, Notice):  # of an upload that holds other things than articles
            return _read((item,))
        try:
            raw = as_raw(item)
            if raw is not item:
                raw = self._numbered(raw)
            outcome: Any = self._prepare(raw, file="")
        except LoadError as error:
            outcome = Failure("document", str(error))
        return _read((outcome, *self._noticed_now()))

    def _noticed_now(self) -> list[Notice]:
        noticed, self._noticed = self._noticed, []
        return noticed

    def _numbered(self, raw: RawArticle) -> RawArticle:
        """The second Document of one source is its `#2`: loaders give each page of a PDF the same source."""
        self._given[raw.source] += 1
        number = self._given[raw.source]
        return raw if number == 1 else replace(raw, source=f"{raw.source}#{number}")

    def _read_file(self, path: Path | str) -> _Read:
        """What to remember of the file: nothing of what is none, or has changed while it was read."""
        name = name_of(path) if isinstance(path, Path) else path
        before = _look(path)
        known, held = self._known.get(name, (None, 0)) if before else (None, 0)
        if before and known and (known.size, known.modified_ns) == before and not self._mark:
            return _Read(None, held, _failures(known))
        digest = _digest(path, self._mark) if before else None
        if before and known and digest == known.sha256:
            return _Read(File(name, *_settled(before), digest, known.failures), held, _failures(known))
        stood = self._store.catalogue.sources_in(name)
        seen = set()
        outcomes = []
        articles = 0
        for found in self._load(path):
            if self._stopped.is_set():
                return _Read()
            seen.add(found.source)
            articles += isinstance(found, RawArticle) and found.source != path
            outcomes.append(self._prepare(found, file=name) if isinstance(found, RawArticle) else found)
        if isinstance(path, str):
            self._note_feed(path, articles, outcomes)
        outcomes += self._noticed_now()
        if before is None or digest is None or _look(path) != before or _is_waiting(outcomes):
            return _read(outcomes)  # what was read is not what stands there, or is to be read again
        if not any(isinstance(each, Failure) for each in outcomes):  # what was not understood may be there
            self.gone += [source for source in stood if source not in seen]
            self.stood.update(stood.values())
        return _read(outcomes, File(name, *_settled(before), digest, _noted(outcomes)))

    def _note_feed(self, address: str, articles: int, outcomes: Sequence[Any]) -> None:
        """Keeps account of an address that holds articles with names of their own, or has done so before."""
        catalogue = self._store.catalogue
        if not articles and address not in {feed.address for feed in known_feeds(catalogue)}:
            return
        failed = next((each.reason for each in outcomes if isinstance(each, Failure)), None)
        loaded = datetime.now(UTC).isoformat(timespec="seconds")
        note_feed(catalogue, Feed(address, loaded, articles, failed))

    def _prepare(self, raw: RawArticle, *, file: str) -> Failure | Notice | _Withdrawn | Outcome | None:
        """Cuts a new or changed article and hands it over; a Failure when there is nothing in it, a Notice
        when it is not to be stored."""
        if reason := why_held(raw):
            return self._hold(raw, reason)
        try:
            article = clean(raw)
        except LoadError as error:
            return Failure(raw.source, str(error))
        day = None if article.published else given_day(self._store.catalogue, article.id)
        article = with_day(article, day) if day else article
        standing, notice = self._editions.standing(raw, article)
        remark = Notice(raw.source, raw.remark) if raw.remark else None
        self._noticed += filter(None, (notice, remark))
        if standing is None:
            return None
        article = standing
        catalogue = self._store.catalogue
        current = catalogue.current_revision(article.id)
        known = catalogue.source(raw.source)
        if known == (article.id, article.revision) == (article.id, current):
            return "unchanged"
        stored_as = article.id if current == article.revision else catalogue.same_text(article)
        if stored_as is not None:
            if known != (stored_as, article.revision):
                catalogue.note_source(article, {raw.source: file}, stored_as=stored_as)
            return "unchanged"
        passages = chunk(article, blocks(article.text), max_words=self._max_words)
        if not passages:
            return Failure(raw.source, "There is nothing to read in it but a list of sources.")
        self._hand_over(_Prepared(article, passages, raw.source, file))
        return None

    def _hold(self, raw: RawArticle, reason: str) -> Notice | _Withdrawn:
        """Keeps an article out; one that was withdrawn leaves the answers, also when it comes again."""
        notice = Notice(raw.source, reason)
        if not raw.withdrawn:
            return _Waiting(notice.source, notice.reason)
        taken = _Withdrawn(article_id(raw), notice)
        self._editions.withdraw(taken.article_id)
        self._hand_over(taken)
        return taken

    def _hand_over(self, item: Any) -> None:
        while not self._stopped.is_set():
            with suppress(queue.Full):
                self._ready.put(item, timeout=0.2)
                return

    # Embedding and storing

    def _withdraw(self, item: _Withdrawn) -> None:
        self._tally.removed += self._store.remove([item.article_id])
        self._tally.notices.append(item.notice)

    def _store_all(self, waiting: Sequence[_Prepared | _Read]) -> None:
        """Embeds and stores the articles, then remembers the files that held them as read."""
        began = time.monotonic()
        articles = [item for item in waiting if isinstance(item, _Prepared)]
        texts = [
            index_text(item.article.title, item.article.outlet, item.article.day, passage.text)
            for item in articles
            for passage in item.passages
        ]
        if texts:
            self._store_articles(articles, self._embed(texts))
            give_back()
            rate = len(texts) / max(time.monotonic() - began, 1e-9)
            self._together = int(min(MOST_PASSAGES, max(EMBED_PASSAGES, rate)))
        self._finish_files([item for item in waiting if isinstance(item, _Read)])
        self._uncommitted += len(texts)
        if self._uncommitted >= self._commit_after:
            self._store.commit()
            self._uncommitted, self._commit_after = 0, commit_after(self._store)
        self._show()

    def _store_articles(self, articles: Sequence[_Prepared], vectors: npt.NDArray[np.float32]) -> None:
        """In their order: new ones together, those that were stored before or meet another one by one."""
        been = self._store.catalogue.ever_stored({item.article.id for item in articles})
        batch: list[New] = []
        met: set[Any] = set()
        first = 0
        for item in articles:
            last = first + len(item.passages)
            own = vectors[first:last]
            first = last
            marks = {item.article.id, item.source, item.article.text}
            if item.article.id in been or marks & met:
                self._store_new(batch)
                batch, met = [], set()
            if item.article.id in been:
                self._store_one(item, own)
            else:
                batch.append(New(item.article, item.passages, own, {item.source: item.file}))
                met |= marks
                been.add(item.article.id)
        self._store_new(batch)

    def _store_new(self, batch: Sequence[New]) -> None:
        """Articles that were never stored, all of them or none; what another holds already is noted there."""
        catalogue = self._store.catalogue
        twins = catalogue.same_texts([new.article for new in batch])
        for new in batch:
            self._tally.characters += len(new.article.text)
            if new.article.id in twins:
                catalogue.note_source(new.article, new.sources, stored_as=twins[new.article.id])
                self._tally.unchanged += 1
        fresh = [new for new in batch if new.article.id not in twins]
        self._store.add_new(fresh)
        self._tally.added += len(fresh)

    def _store_one(self, item: _Prepared, vectors: Any) -> None:
        catalogue = self._store.catalogue
        twin = catalogue.same_text(item.article)  # may have come in while this one waited
        if twin is not None:
            catalogue.note_source(item.article, {item.source: item.file}, stored_as=twin)
            outcome: Outcome = "unchanged"
        else:
            sources = {item.source: item.file}
            outcome = self._store.add(item.article, item.passages, vectors, sources=sources)
        setattr(self._tally, outcome, getattr(self._tally, outcome) + 1)
        self._tally.characters += len(item.article.text)

    def _finish_files(self, reads: Sequence[_Read]) -> None:
        """Only now, with all its articles stored, is a file remembered as read."""
        for read in reads:
            self._tally.files += 1
            self._tally.unchanged += read.unchanged
            self._tally.failed += read.failed
            self._tally.notices += read.notices
        self._store.catalogue.set_files([read.entry for read in reads if read.entry])

    def _show(self) -> None:
        if self._progress:
            done = self._tally
            seconds = time.monotonic() - self._started
            stored = done.added + done.updated + done.unchanged
            self._progress(Progress(done.files, self._total, stored, done.characters, seconds))


def as_raw(item: Any) -> RawArticle:
    """A RawArticle as it is, or a LangChain Document's text and metadata as one. Raises LoadError."""
    if isinstance(item, RawArticle):
        return item
    metadata = dict(getattr(item, "metadata", None) or {})
    text = getattr(item, "page_content", None)
    if not isinstance(text, str):
        raise LoadError(f"A {type(item).__name__} is no article. Give paths, RawArticles or Documents.")
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
        modified=first("modified", "updated", "updated_at"),
        language=first("language", "lang"),
    )


def _paths(things: Sequence[Any], tally: _Tally) -> list[Path | str]:
    """The files to read; what is missing or empty goes to the report."""
    found: list[Path | str] = []
    for item in expand([thing for thing in things if isinstance(thing, str | Path)]):
        if isinstance(item, Failure):
            tally.failed.append(item)
        elif isinstance(item, Notice):
            tally.notices.append(item)
        else:
            found.append(item)
    return found


def _remove_missing(
    store: Store, given: Sequence[str | Path], no_more: Iterable[str], stood: Iterable[str]
) -> int:
    """Removes articles that were found under `given` and are no longer there; gives how many.

    `no_more` are sources that files do not hold any more, `stood` the articles those files held.
    """
    catalogue = store.catalogue
    roots = [Path(item) for item in given if not str(item).startswith(("http://", "https://", "-"))]
    known = {Path(file).absolute() for file in catalogue.files() if file}
    # A folder that is not there may be a disk that is not mounted: nothing of it is removed.
    roots = [root for root in roots if root.exists() or root.absolute() in known]
    gone = [
        source
        for file in catalogue.files()
        if file and _is_under(Path(file), roots) and not Path(file).exists()
        for source in catalogue.sources_in(file)
    ]
    lost = {*catalogue.forget_sources(gone), *catalogue.forget_sources(no_more, files_too=False)}
    lost.update(catalogue.without_sources(stood))
    # Numbered articles of one file move up when one leaves; what an earlier run left behind stands nowhere.
    numbered = (re.fullmatch(r"(?!https?://)(.+)#\d+", name) for name in catalogue.sourceless())
    lost.update(found[0] for found in numbered if found and _is_under(Path(found[1]), roots))
    return store.remove(lost)


def _is_under(file: Path, roots: Iterable[Path]) -> bool:
    whole = file.absolute()
    return any(whole == root.absolute() or root.absolute() in whole.parents for root in roots)


class _Waiting(Notice):
    """A Notice of what is held back for a time: its file is read again."""


def _is_waiting(outcomes: Iterable[Any]) -> bool:
    return any(isinstance(each, _Waiting) for each in outcomes)


def _read(outcomes: Iterable[Any], entry: File | None = None) -> _Read:
    every = list(outcomes)
    failed = tuple(each for each in every if isinstance(each, Failure))
    notices = tuple(each for each in every if isinstance(each, Notice))
    return _Read(entry, every.count("unchanged"), failed, notices)


def _noted(outcomes: Iterable[Any]) -> str:
    """What to write down of a file: what failed in it, and what it took back."""
    failed = [asdict(each) for each in outcomes if isinstance(each, Failure)]
    taken = [
        tombstone(each.notice.source, each.article_id) for each in outcomes if isinstance(each, _Withdrawn)
    ]
    return json.dumps([*failed, *taken])


def _failures(known: File) -> tuple[Failure, ...]:
    """What failed when the file was read, to be reported again as long as nothing has changed."""
    return tuple(Failure(**noted) for noted in json.loads(known.failures) if "reason" in noted)


def _mark_of(fields: Mapping[str, str] | None) -> str:
    """What tells a reading with these fields from another: a file is read anew when they change."""
    return json.dumps(dict(fields), sort_keys=True) if fields else ""


def _settled(look: tuple[int, int]) -> tuple[int, int]:
    """What to remember of size and time: a file changed just now may change again within the same tick."""
    size, modified_ns = look
    return (size, modified_ns) if abs(time.time_ns() - modified_ns) > FRESH_NS else (size, -1)


def _look(path: Path | str) -> tuple[int, int] | None:
    """Size and time of the last change; None for what is no file."""
    if not isinstance(path, Path):
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _digest(path: Path | str, mark: str = "") -> str | None:
    """The file's hash; None when it cannot be read, or is a pipe that would keep us waiting."""
    if not isinstance(path, Path) or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
    except OSError:
        return None
    if mark:
        digest.update(mark.encode())
    return digest.hexdigest()
