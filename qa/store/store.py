"""The one door to what is stored: the catalogue (the truth) and two indexes that follow it.

Takes and gives nouns. A writer adds and removes under a lock and commits; readers follow the generation
number and swap their indexes when it has moved. An index that is missing, damaged or ahead of the catalogue
is built anew from it, beside the old one, without any model.
"""

from __future__ import annotations

import json
import logging
import math
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from qa.errors import EmbedderMismatch, QAError, StoreBusy, StoreError
from qa.store.catalogue import BATCH, EVERYTHING, Catalogue, Change, Outcome, Stored
from qa.store.copies import is_copy, keys
from qa.store.lexical import LEAD_WEIGHT, Lexical
from qa.store.vectors import Exact, Vectors, looks_sound
from qa.types import Article, Filters, Hit, Passage

CATALOGUE_FILE = "catalogue.db"
LOCK_FILE = "write.lock"
POINTER_FILE = "indexes.json"  # which folders are the indexes now; replaced whole
APPLIED_FILE = "applied"  # in an index's folder: the last change it has taken up
APPLYING_FILE = "applying"  # beside it while changes are taken up: one that is left tells of a kill
MANY_CHANGES = 20_000  # changes between commits that are taken up at once; more are cut into parts
CANDIDATES = 5  # articles that are compared word by word with a new one
TRIED_AFTER_KILL = 300  # passages that are searched by their own vector, spread over all
RETRIES_S = (0.1, 0.5, 2.0)  # between tries to open an index that a writer may just be replacing
NEAREST = 10  # nearest passages looked at when one is searched by its own vector
WORDS_ALONE_S = 10.0  # so long a reader does without a damaged vector index before it looks again
EXACT_MOST = 20_000  # passages compared one by one where filters leave no more: 5 ms and 30 MB
ASKED_MOST = 2_000  # nearest passages asked of the index where filters will drop some
RECENT_MOST = 5_000  # passages newer than the open vector index, compared one by one before it is reopened
KINDS = ("lexical", "vectors")
REBUILD = "python ingest.py --rebuild"
NOTHING = Exact((), np.empty((0, 0), np.float32))

Found = list[tuple[int, float]]  # passage numbers with scores, best first

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _View:
    """The two indexes as a reader sees them; they close when no search holds them any more.

    Both are None in a store that has never held anything; `vectors` also while they are damaged, and then
    `good_until` says when to look again, in seconds of the monotonic clock.
    """

    generation: int
    made_with: tuple[str, int]
    lexical: Lexical | None = None
    vectors: Vectors | None = None
    folder: str = ""  # of the vectors
    level: int = 0  # the last passage that the vectors are sure to hold
    recent: Exact = NOTHING  # those that came later
    good_until: float = math.inf


class Store:
    """Articles, passages and vectors of one folder. Safe to use from several threads and processes."""

    def __init__(
        self, data: Path, catalogue: Catalogue, *, embedder: str, dim: int, chroma_url: str | None
    ) -> None:
        self._data = data
        self._catalogue = catalogue
        self._embedder, self._dim = embedder, dim
        self._chroma_url = chroma_url
        self._file_lock = FileLock(data / LOCK_FILE, thread_local=False)
        self._thread_lock = threading.RLock()  # held while writing: one thread of this process at a time
        self._depth = 0  # of `writing` within `writing`
        self._closed = False
        self._opening = threading.Lock()  # held by the thread that changes the view
        self._behind: threading.Thread | None = None  # opens the vectors anew while searches go on
        self._view: _View | None = None
        self._exact = lru_cache(maxsize=2)(self._admitted)
        self._count = lru_cache(maxsize=64)(self._how_many)
        self._article = lru_cache(maxsize=512)(catalogue.article)  # by id and revision, which never changes

    @classmethod
    def open(
        cls,
        data: Path,
        *,
        embedder: str,
        dim: int,
        database_url: str | None = None,
        chroma_url: str | None = None,
    ) -> Store:
        """The store in `data`, made if there is none. Raises StoreError when it cannot be used."""
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {data} cannot be made: {error.strerror}. Choose one with --data."
            ) from error
        catalogue = Catalogue(database_url or f"sqlite:///{(data / CATALOGUE_FILE).resolve()}")
        catalogue.open(embedder=embedder, dim=dim)
        return cls(data, catalogue, embedder=embedder, dim=dim, chroma_url=chroma_url)

    def close(self) -> None:
        """Lets go of files. The store cannot be used afterwards."""
        self._view, self._closed = None, True
        self._exact.cache_clear()
        self._catalogue.close()

    # Writing

    @contextmanager
    def writing(self, *, wait_s: float = -1, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
        """Holds the one writer's lock, and before anything else finishes what a killed writer left undone.

        Waits for another writer at most `wait_s` seconds, for ever when negative, and calls `on_wait` once
        before it waits. Raises StoreBusy.
        """
        started = time.monotonic()
        waits = self._lock_thread(wait_s, on_wait)
        try:
            left = wait_s if wait_s < 0 else max(0.0, wait_s - (time.monotonic() - started))
            self._lock_file(left, None if waits else on_wait)
            self._depth += 1
            try:
                if self._depth == 1 and self._same_embedder():
                    self.commit()
                yield
            finally:
                self._depth -= 1
                self._file_lock.release()
        finally:
            self._thread_lock.release()

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: npt.NDArray[np.float32],
        *,
        sources: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Stores an article or a new revision of it: durable at once, found after `commit`.

        `vectors` are (len(passages), dim) of unit length; `sources` maps where it was found to the file it
        was found in.
        """
        self.check_embedder()
        shingle_keys = keys(article.text)
        return self._catalogue.add(
            article,
            passages,
            vectors,
            cluster=self._cluster(article, shingle_keys),
            keys=shingle_keys,
            sources=sources or {},
        )

    def remove(self, ids: Iterable[str]) -> int:
        """Takes articles out of every answer at once; gives how many there were. Old citations open."""
        return self._catalogue.remove(ids)

    def commit(self) -> None:
        """Lets the indexes take up what has changed, and tells all readers. Called under `writing`."""
        last = self._catalogue.last_change()
        behind = [kind for kind in KINDS if self._applied(kind) != last]
        for kind in behind:
            self._level(kind, last)
        if behind or self._catalogue.published != last:
            self._catalogue.raise_generation(published=last)
            self._sweep()

    def mend(self) -> None:
        """Builds anew an index that is gone or cannot be opened, also when nothing else has changed.

        A look that costs milliseconds, without Chroma: `check` finds more. Called under `writing`.
        """
        unsound = [kind for kind in KINDS if self._catalogue.published and not self._looks_sound(kind)]
        for kind in unsound:
            log.warning("the %s index is damaged and is built anew", kind)
            self._build(kind)
        if unsound:
            self._catalogue.raise_generation(published=self._catalogue.last_change())
            self._sweep()

    def rebuild(self, embed: Callable[[Sequence[str]], npt.NDArray[np.float32]] | None = None) -> None:
        """Builds both indexes anew from the catalogue, beside the old ones, and swaps them in.

        `embed` makes vectors for index texts; needed only when the settings ask for another embedder than
        the store was made with. Called under `writing`.
        """
        if not self._same_embedder():
            if embed is None:
                self.check_embedder()
            else:
                self._embed_anew(embed)
        for kind in KINDS:
            self._build(kind)
        self._catalogue.raise_generation(published=self._catalogue.last_change())
        self._sweep()

    def check_embedder(self) -> None:
        """Raises EmbedderMismatch when the settings ask for another embedder than made the store."""
        if not self._same_embedder():
            name, dim = self._catalogue.made_with
            raise EmbedderMismatch(
                f"The store was made with the embedder {name} ({dim} dimensions); the settings ask for "
                f"{self._embedder} ({self._dim}). Run `{REBUILD}`, or set embedder back to {name}."
            )

    @property
    def catalogue(self) -> Catalogue:
        """The truth itself, for the ingest flow, which keeps account of files there."""
        return self._catalogue

    # Searching

    @property
    def generation(self) -> int:
        return self._catalogue.generation

    def refresh(self) -> bool:
        """Looks at the indexes as they are now, if they have changed; tells whether they had.

        One thread looks; others go on with what was open before.
        """
        if self._closed:
            raise StoreError("The store has been closed.")
        if not self._is_stale() or not self._opening.acquire(blocking=self._view is None):
            return False
        try:
            if not self._is_stale():
                return False
            self._view = self._next_view()
        finally:
            self._opening.release()
        if len(self._view.recent) > RECENT_MOST:
            self._reopen_behind()
        return True

    def size(self) -> int:
        """How many passages a search looks through."""
        self.refresh()
        view = self._view
        return view.lexical.count() if view and view.lexical else 0

    def _is_stale(self) -> bool:
        view = self._view
        if view is None or time.monotonic() > view.good_until:
            return True
        return view.generation != self._catalogue.generation

    def search(
        self,
        words: str,
        vector: npt.NDArray[np.float32] | None,
        *,
        k: int,
        filters: Filters = EVERYTHING,
        lead: float = LEAD_WEIGHT,
    ) -> tuple[list[Hit], list[Hit]]:
        """The `k` best passages by words and the `k` nearest to the vector, each best first.

        `words` are plain; without words, or without a vector, that list is empty. `lead` as in `Lexical`.
        """
        search = partial(self._search, words, vector, k, filters, lead)
        try:
            by_words, near = search()
        except QAError:
            raise
        except Exception as error:  # noqa: BLE001 - an index that was replaced or damaged under its reader
            log.warning("a search failed, the indexes are opened again: %s", _brief(error))
            by_words, near = self._again(search)
        held = self._catalogue.passages([number for number, _ in (*by_words, *near)])
        # What has been removed since the indexes were opened is in the lists, but no longer in the catalogue.
        return _hits(by_words, held), _hits(near, held)

    def _search(
        self, words: str, vector: npt.NDArray[np.float32] | None, k: int, filters: Filters, lead: float
    ) -> tuple[Found, Found]:
        self.refresh()
        view = self._view
        if view is None:
            raise StoreError("The store has been closed.")
        if vector is not None and view.made_with != (self._embedder, self._dim):
            self.check_embedder()
        by_words = view.lexical.search(words, k=k, filters=filters, lead=lead) if view.lexical else []
        return by_words, [] if vector is None else self._near(view, vector, k, filters)

    def _again(self, search: Callable[[], tuple[Found, Found]]) -> tuple[Found, Found]:
        self._view = None
        try:
            return search()
        except QAError:
            raise
        except Exception as error:
            raise StoreError(f"The indexes cannot be searched ({_brief(error)}). Run `{REBUILD}`.") from error

    def _near(self, view: _View, vector: npt.NDArray[np.float32], k: int, filters: Filters) -> Found:
        """The nearest passages that `filters` admit: exactly where those are few, else of the index."""
        everything = filters == EVERYTHING
        if everything and view.vectors:
            return _best(view.vectors.search(vector, k=k), view.recent.search(vector, k=k), k)
        admitted = self._count(view.generation, filters)
        if not admitted or (admitted > EXACT_MOST and not view.vectors):
            return []
        if admitted <= EXACT_MOST or not view.vectors:
            return self._exact(view.generation, filters).search(vector, k=k)
        share = admitted / max(admitted, self._catalogue.count_passages())
        asked = min(ASKED_MOST, math.ceil(1.5 * k / share))
        found = _best(view.vectors.search(vector, k=asked), view.recent.search(vector, k=asked), asked)
        allowed = self._catalogue.admitted([number for number, _ in found], filters)
        return [(number, cosine) for number, cosine in found if number in allowed][:k]

    def _admitted(self, generation: int, filters: Filters) -> Exact:
        """The passages that `filters` admit, as of a generation; kept for the next searches of a question."""
        return Exact(*self._catalogue.vectors(filters))

    def _how_many(self, generation: int, filters: Filters) -> int:
        """The same, only counted: 5 ms for a year in 100,000 passages."""
        return self._catalogue.count_passages(filters)

    # Articles

    def article(self, article_id: str, revision: str | None = None) -> Article:
        """The current revision, or the one named. Raises NotStored."""
        if revision is None:
            revision = self._catalogue.current_revision(article_id)
        if revision is None:
            return self._catalogue.article(article_id)
        return self._article(article_id, revision)

    def current(self, ids: Iterable[str]) -> dict[str, Article]:
        """The current revisions by article id, of those that are stored; much quicker than one by one."""
        return self._catalogue.current(ids)

    def articles(self, filters: Filters = EVERYTHING) -> list[dict[str, Any]]:
        """Rows as `articles --json` shows them, newest first, undated last."""
        return self._catalogue.rows(filters)

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of the current revision, in order."""
        return self._catalogue.passages_of(article_id)

    def sources(self, article_id: str) -> list[str]:
        """Every path or address the article was found at."""
        return self._catalogue.sources_of(article_id)

    def clusters(self, ids: Iterable[str]) -> dict[str, str]:
        """Cluster by article id: copies of one wire story share one."""
        return self._catalogue.clusters(ids)

    def days(self, ids: Iterable[str]) -> dict[str, str | None]:
        """Day of publication by article id, `YYYY-MM-DD` or None."""
        return self._catalogue.days(ids)

    def outlets(self) -> list[str]:
        return self._catalogue.outlets()

    def day_span(self) -> tuple[date, date] | None:
        """The first and the last day of publication; None when nothing is dated."""
        return self._catalogue.day_span()

    def newest_day(self) -> date | None:
        span = self.day_span()
        return span[1] if span else None

    # Checking

    def check(self) -> list[str]:
        """What is wrong, each with the command that mends it; empty when all three stores agree."""
        try:
            damage = self._catalogue.damage()
            return [self._damaged(damage)] if damage else self._problems()
        except StoreError as error:
            return [str(error)]

    def _damaged(self, damage: str) -> str:
        return (
            f"The catalogue is damaged: {damage}. Copy your backup of {self._data / CATALOGUE_FILE} over it "
            f"and run `{REBUILD}`; without one, ingest into a new folder with --data."
        )

    def _problems(self) -> list[str]:
        problems = [
            f"Article {name!r} has passages that do not fit its text. Run `python -m qa remove {name!r}` and "
            "ingest it again."
            for name in self._catalogue.bad_passages()
        ]
        problems += [
            f"The text of article {name!r} is not what was stored: a page of the catalogue is damaged. Run "
            f"`python -m qa remove {name!r}` and ingest it again."
            for name in self._catalogue.changed_texts()
        ]
        truth = self._catalogue.numbers()
        for kind in KINDS:
            problems += self._disagreement(kind, truth)
        if not self._same_embedder():
            problems.append(
                f"The store was made with the embedder {self._catalogue.made_with[0]}, the settings ask "
                f"for {self._embedder}. Run `{REBUILD}`."
            )
        return problems

    def _disagreement(self, kind: str, truth: list[int]) -> list[str]:
        if not truth and not self._applied(kind):
            return []  # nothing was ever stored
        try:
            with closing(self._open(kind)) as index:
                held = index.numbers()
                lost = 0 if kind == "lexical" else self._not_found(index, _spread(truth))
        except Exception as error:  # noqa: BLE001 - a damaged index raises whatever its library raises
            return [f"The {kind} index cannot be opened ({_brief(error)}). Run `{REBUILD}`."]
        missing, extra = len(set(truth) - set(held)), len(set(held) - set(truth))
        if missing or extra:
            return [f"The {kind} index lacks {missing} passages and has {extra} too many. Run `{REBUILD}`."]
        if lost:
            return [f"The {kind} index does not find {lost} passages that it holds. Run `{REBUILD}`."]
        return []

    def _not_found(self, index: Vectors, numbers: Sequence[int]) -> int:
        """How many of these passages a search with their own vector does not find."""
        lost = 0
        for stored in self._catalogue.stored_by(numbers):
            found = index.search(stored.vector.astype(np.float32), k=NEAREST)
            equal = sum(cosine > 0.9999 for _, cosine in found)  # as many twins hide one another
            lost += stored.number not in [number for number, _ in found] and equal < NEAREST
        return lost

    # The writer's side of the indexes

    def _lock_thread(self, wait_s: float, on_wait: Callable[[], None] | None) -> bool:
        """Among the threads of this process; tells whether there was another."""
        if self._thread_lock.acquire(blocking=False):
            return False
        if on_wait:
            on_wait()
        if not self._thread_lock.acquire(timeout=wait_s if wait_s >= 0 else -1):
            raise self._busy(wait_s)
        return True

    def _lock_file(self, wait_s: float, on_wait: Callable[[], None] | None) -> None:
        try:
            self._file_lock.acquire(timeout=0)
        except Timeout:
            if on_wait:
                on_wait()
            try:
                self._file_lock.acquire(timeout=wait_s)
            except Timeout:
                raise self._busy(wait_s) from None
        except OSError as error:
            raise StoreError(
                f"The folder {self._data} cannot be written: {error.strerror}. "
                "Give it write permission, or free space."
            ) from error

    def _busy(self, wait_s: float) -> StoreBusy:
        return StoreBusy(
            f"Another program has been writing to {self._data} for {wait_s:.0f} seconds. "
            "Wait until it has finished, then try again."
        )

    def _level(self, kind: str, last: int) -> None:
        """Brings one index level with the catalogue; builds it anew when it cannot be."""
        applied = self._applied(kind)
        if 0 < applied < last and self._catalogue.knows_change(applied):
            try:
                self._catch_up(kind, applied)
            except StoreError:  # of the catalogue
                raise
            except Exception as error:  # noqa: BLE001 - a damaged index raises whatever its library raises
                log.warning("the %s index is damaged and is built anew: %s", kind, _brief(error))
            else:
                return
        self._build(kind)  # also when the catalogue is an older copy, and knows less than the index

    def _looks_sound(self, kind: str) -> bool:
        folder = self._data / self._folders()[kind]
        if kind == "vectors":
            return self._chroma_url is not None or looks_sound(folder)
        try:
            return bool(Lexical(folder).count() == self._catalogue.count_passages())
        except Exception:  # noqa: BLE001 - a damaged index raises whatever its library raises
            return False

    def _catch_up(self, kind: str, applied: int) -> None:
        """The index takes up what has changed. Raises whatever its library raises, ValueError for a loss."""
        applying = self._data / self._folders()[kind] / APPLYING_FILE
        killed = applying.exists()
        with closing(self._open(kind)) as index:
            applying.touch()
            changes = self._catalogue.changes(applied)
            for part in _in_parts(changes):
                index.apply(gone=_gone(part), came=self._came(part))
            held, wanted = index.count(), self._catalogue.count_passages()
            if held != wanted:
                raise ValueError(f"it holds {held} passages instead of {wanted}")
            if killed and kind == "vectors" and self._not_found(index, _spread(self._catalogue.numbers())):
                raise ValueError("it lost passages when its writer was killed")
        self._set_applied(kind, changes[-1].number)
        applying.unlink(missing_ok=True)

    def _build(self, kind: str) -> None:
        """A new index beside the old one, from all that the catalogue holds; then the pointer moves."""
        folders = self._folders()
        folders[kind] = f"{kind}-{int(folders[kind].rsplit('-', 1)[1]) + 1}"
        fresh = self._data / folders[kind]
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            self._fill(kind, folders[kind])
            _replace(self._data / POINTER_FILE, json.dumps(folders))
        except StoreError:  # of the catalogue
            raise
        except Exception as error:
            shutil.rmtree(fresh, ignore_errors=True)
            raise StoreError(
                f"The {kind} index in {self._data} cannot be written ({_brief(error)}). Free space on the "
                "disk or give write permission, and run it again; what was stored stays stored."
            ) from error

    def _fill(self, kind: str, folder: str) -> None:
        last, numbers = self._catalogue.last_change(), self._catalogue.numbers()
        with closing(self._open_at(kind, folder, make=True)) as index:
            if numbers:
                index.apply(gone=(), came=self._catalogue.stored(numbers[0], numbers[-1]))
            if index.count() != len(numbers):
                raise ValueError(f"it holds {index.count()} passages instead of {len(numbers)}")
        (self._data / folder / APPLIED_FILE).write_text(str(last))

    def _sweep(self) -> None:
        """Removes index folders that no pointer names; readers that still hold one keep its open files."""
        named = set(self._folders().values())
        for folder in self._data.glob("*-*"):
            kind, _, number = folder.name.rpartition("-")
            if kind in KINDS and number.isdecimal() and folder.name not in named:
                shutil.rmtree(folder, ignore_errors=True)

    def _came(self, part: Sequence[Change]) -> Iterator[list[Stored]]:
        """Stored passages of the changes that came, some at a time."""
        batch: list[Stored] = []
        for change in part:
            if change.came:
                for found in self._catalogue.stored(change.first, change.last):
                    batch += found
            if len(batch) >= BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _embed_anew(self, embed: Callable[[Sequence[str]], npt.NDArray[np.float32]]) -> None:
        from qa.store.index_text import index_text

        numbers = self._catalogue.numbers()
        self._catalogue.set_meta(embedder="an unfinished rebuild")  # a kill leaves vectors of two kinds
        if numbers:
            for batch in self._catalogue.stored(numbers[0], numbers[-1]):
                texts = [
                    index_text(s.article.title, s.article.outlet, s.article.day, s.passage.text)
                    for s in batch
                ]
                self._catalogue.replace_vectors([stored.number for stored in batch], embed(texts))
        self._catalogue.set_meta(embedder=self._embedder, dim=str(self._dim))

    def _same_embedder(self) -> bool:
        return self._catalogue.made_with == (self._embedder, self._dim)

    def _cluster(self, article: Article, shingle_keys: Sequence[int]) -> str:
        """The cluster of the first stored copy of this story, else the article's own."""
        if shingle_keys:
            near = self._catalogue.sharing(shingle_keys, apart_from=article.id, most=CANDIDATES)
            for other in near:
                if is_copy(article.text, other.text):
                    return other.cluster or other.id
        if self._catalogue.has_been(article.id) and self._catalogue.is_cluster_of_others(article.id):
            return f"{article.id}#{article.revision}"  # it was their story once, and tells another now
        return article.id

    # Opening indexes

    def _next_view(self) -> _View:
        """The indexes as they are. Raises StoreError when the words cannot be searched.

        The vectors stay open as they were, with what came since beside them: opening takes 0.3 s for 40,000
        passages and seconds for a million, and should not stand before a question.
        """
        generation, made_with = self._catalogue.generation, self._catalogue.made_with
        if generation == 0:
            return _View(generation, made_with)
        folder, old = self._folders()["vectors"], self._view
        try:
            lexical = _tried(lambda: self._open("lexical"))
        except Exception as error:
            raise StoreError(f"The word index is damaged ({_brief(error)}). Run `{REBUILD}`.") from error
        if old and old.vectors and old.folder == folder:
            recent = Exact(*self._catalogue.vectors(after=old.level))
            return replace(old, generation=generation, made_with=made_with, lexical=lexical, recent=recent)
        view = _View(generation, made_with, lexical, folder=folder)
        try:
            return self._with_vectors(view)
        except Exception as error:  # noqa: BLE001 - as above; words alone still answer
            log.error("the vector index is damaged: %s. Run `%s`.", _brief(error), REBUILD)
            return replace(view, good_until=time.monotonic() + WORDS_ALONE_S)

    def _with_vectors(self, view: _View) -> _View:
        """The view with the vectors opened as they are now."""
        level = self._catalogue.last_passage(self._applied("vectors"))  # before opening: they may hold more
        vectors = _tried(self._open_searched)
        recent = Exact(*self._catalogue.vectors(after=level))
        return replace(view, vectors=vectors, level=level, recent=recent)

    def _reopen_behind(self) -> None:
        """Opens the vectors anew in a thread, when that would bring the recent passages into them."""
        view = self._view
        if view is None or (self._behind and self._behind.is_alive()):
            return
        if self._catalogue.last_passage(self._applied("vectors")) <= view.level:
            return
        self._behind = threading.Thread(target=self._reopen, args=(view,), name="reopening", daemon=True)
        self._behind.start()

    def _reopen(self, view: _View) -> None:
        try:
            fresh = self._with_vectors(view)
            with self._opening:
                current = self._view
                if current and current.folder == fresh.folder:
                    recent = Exact(*self._catalogue.vectors(after=fresh.level))
                    self._view = replace(current, vectors=fresh.vectors, level=fresh.level, recent=recent)
        except Exception as error:  # noqa: BLE001 - the open vectors go on serving
            log.warning("the vector index could not be opened anew: %s", _brief(error))

    def _open_searched(self) -> Vectors:
        """The vectors, loaded: the first search after opening takes them into memory."""
        vectors: Vectors = self._open("vectors")
        try:
            vectors.search(np.ones(self._catalogue.made_with[1], np.float32), k=1)
        except BaseException:
            vectors.close()
            raise
        return vectors

    def _open(self, kind: str) -> Any:
        return self._open_at(kind, self._folders()[kind])

    def _open_at(self, kind: str, folder: str, *, make: bool = False) -> Any:
        if kind == "lexical":
            return Lexical(self._data / folder, make=make)
        if self._chroma_url is None:
            return Vectors(self._data / folder, make=make)
        if make:
            (self._data / folder).mkdir(parents=True, exist_ok=True)  # holds APPLIED_FILE
        name = f"dateline-{self._catalogue.meta('store') or 'store'}-{folder}"
        return Vectors(self._chroma_url, name=name, make=make)

    def _folders(self) -> dict[str, str]:
        pointer = self._data / POINTER_FILE
        with suppress(FileNotFoundError, ValueError):
            found = json.loads(pointer.read_text())
            return {"lexical": str(found["lexical"]), "vectors": str(found["vectors"])}
        return {kind: f"{kind}-0" for kind in KINDS}  # nothing has been built yet

    def _applied(self, kind: str) -> int:
        with suppress(FileNotFoundError, ValueError):
            return int((self._data / self._folders()[kind] / APPLIED_FILE).read_text())
        return 0

    def _set_applied(self, kind: str, number: int) -> None:
        _replace(self._data / self._folders()[kind] / APPLIED_FILE, str(number))


def _hits(found: Iterable[tuple[int, float]], held: Mapping[int, Passage]) -> list[Hit]:
    return [Hit(held[number], score) for number, score in found if number in held]


def _best(found: Found, recent: Found, k: int) -> Found:
    """The `k` best of both; a passage that is in both counts once."""
    together = {**dict(found), **dict(recent)}
    return sorted(together.items(), key=lambda pair: -pair[1])[:k]


def _tried(open_index: Callable[[], Any]) -> Any:
    """What it gives, after some patience: a writer may just be replacing the index."""
    for pause in RETRIES_S:
        try:
            return open_index()
        except Exception as error:  # noqa: BLE001 - the last try raises it
            log.debug("an index cannot be opened, trying again: %s", _brief(error))
            time.sleep(pause)
    return open_index()


def _spread(numbers: Sequence[int]) -> Sequence[int]:
    """Some of them: the newest, which a kill hits, and others from all over."""
    half = TRIED_AFTER_KILL // 2
    older = numbers[:-half]
    return [*older[:: max(1, len(older) // half)], *numbers[-half:]]


def _gone(part: Sequence[Change]) -> list[tuple[int, int]]:
    return [(change.first, change.last) for change in part if not change.came]


def _in_parts(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    return (changes[first : first + MANY_CHANGES] for first in range(0, len(changes), MANY_CHANGES))


def _replace(path: Path, text: str) -> None:
    """The file with this text, or as it was: never half of it."""
    beside = path.with_name(path.name + ".part")
    beside.write_text(text)
    beside.replace(path)


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"
