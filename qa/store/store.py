"""The one door to what is stored: the catalogue (the truth) and two indexes that follow it.

Takes and gives nouns. A writer adds and removes under a lock and commits; readers follow the generation
number and swap their indexes when it has moved. An index that is missing, damaged or ahead of the catalogue
is built anew from it, beside the old one, without any model.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from qa.errors import StoreError
from qa.store.address import chroma_of
from qa.store.catalogue import EVERYTHING, Catalogue, New, Outcome
from qa.store.check import check
from qa.store.copies import is_copy, keys
from qa.store.follow import Behind, Follower
from qa.store.indexes import Indexes
from qa.store.lexical import LEAD_WEIGHT
from qa.store.lock import DatabaseLock, FolderLock, WriterLock
from qa.store.searcher import Searcher, mismatch
from qa.types import Article, Filters, Hit, Passage

CATALOGUE_FILE = "catalogue.db"
LOCK_FILE = "write.lock"
CANDIDATES = 5  # articles that are compared word by word with a new one
UNFINISHED = "an unfinished rebuild"  # stands in the embedder's place
FOLLOWED_S = 5.0  # so long a writer waits for its own node to find what it has stored

log = logging.getLogger(__name__)


class Store:
    """Articles, passages and vectors of one folder. Safe to use from several threads and processes."""

    def __init__(
        self, data: Path, catalogue: Catalogue, *, embedder: str, dim: int, chroma_url: str | None
    ) -> None:
        self._data = data
        self._catalogue = catalogue
        self._embedder, self._dim = embedder, dim
        self._indexes = Indexes(data, catalogue, chroma=chroma_of(chroma_url) if chroma_url else None)
        self._follower = Follower(data, catalogue, self._indexes)
        self._searcher = Searcher(catalogue, self._indexes, self._follower, (embedder, dim))
        if catalogue.on_server:
            self._lock = WriterLock(DatabaseLock(catalogue), catalogue.place)
        else:
            self._lock = WriterLock(FolderLock(data / LOCK_FILE), str(data))
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
        for_copy: bool = False,
        any_embedder: bool = False,
    ) -> Store:
        """The store in `data`, made if there is none. Raises StoreError when it cannot be used.

        With the address of a database server the catalogue is there, and `data` holds only this node's own
        indexes of it; with that of a Chroma server, so are the vectors.
        With `any_embedder` a store that holds articles goes on with the one that made it.
        """
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {data} cannot be made: {error.strerror}. Choose one with --data."
            ) from error
        catalogue = Catalogue(database_url or f"sqlite:///{(data / CATALOGUE_FILE).resolve()}")
        catalogue.open(embedder=embedder, dim=dim, for_copy=for_copy)
        if any_embedder and catalogue.made_with[0] != UNFINISHED:
            embedder, dim = catalogue.made_with
        return cls(data, catalogue, embedder=embedder, dim=dim, chroma_url=chroma_url)

    def close(self) -> None:
        """Lets go of files. The store cannot be used afterwards."""
        self._follower.close()
        self._searcher.close()
        self._catalogue.close()

    # Writing

    @contextmanager
    def writing(self, *, wait_s: float = -1, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
        """Holds the one writer's lock, and before anything else finishes what a killed writer left undone.

        Waits for another writer at most `wait_s` seconds, for ever when negative, and calls `on_wait` once
        before it waits. Raises StoreBusy.
        """
        with self._lock.held(wait_s, on_wait) as first:
            if first and self._same_embedder():
                self.commit()
            yield
        if first and self._indexes.following:
            self._follower.wait(FOLLOWED_S)

    @contextmanager
    def copying(self, *, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
        """The same for one that a copy is made into: nothing is in it that could be finished first."""
        with self._lock.held(-1, on_wait):
            yield
        if self._indexes.following:
            self._follower.wait(FOLLOWED_S)

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

    def add_new(self, batch: Sequence[New]) -> None:
        """Stores articles of which none was ever stored and no two are the same: all of them, or nothing.

        As `add` one by one, in a tenth of the time.
        """
        self.check_embedder()
        own = [keys(new.article.text) for new in batch]
        self._catalogue.add_new(batch, clusters=self._clusters([new.article for new in batch], own), keys=own)

    def remove(self, ids: Iterable[str]) -> int:
        """Takes articles out of every answer at once; gives how many there were. Old citations open."""
        return self._catalogue.remove(ids)

    def commit(self) -> None:
        """Lets the indexes take up what has changed, and tells all readers. Called under `writing`."""
        last = self._catalogue.last_change()
        behind = [kind for kind in self._indexes.written_by_writer if self._indexes.applied(kind) != last]
        for kind in behind:
            self._indexes.level(kind, last)
        if behind or self._catalogue.published != last:
            self._publish(last)

    def _publish(self, last: int) -> None:
        """Tells all readers, and removes the indexes that none of them will open any more."""
        self._catalogue.raise_generation(published=last)
        if not self._indexes.following:
            self._indexes.sweep()
        self._indexes.sweep_server()

    def mend(self) -> None:
        """Builds anew an index that is gone or cannot be opened, also when nothing else has changed.

        A look that costs milliseconds, without Chroma: `check` finds more. Called under `writing`.
        """
        unsound = [
            kind
            for kind in self._indexes.written_by_writer
            if self._catalogue.published and not self._indexes.looks_sound(kind)
        ]
        for kind in unsound:
            log.warning("the %s index is damaged and is built anew", kind)
            self._indexes.build(kind)
        if unsound:
            self._publish(self._catalogue.last_change())

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
        for kind in self._indexes.written_by_writer:
            self._indexes.build(kind)
        self._publish(self._catalogue.last_change())
        self._follower.rebuild()

    def check_embedder(self) -> None:
        """Raises EmbedderMismatch when the settings ask for another embedder than made the store."""
        if not self._same_embedder():
            raise mismatch(self._catalogue.made_with, (self._embedder, self._dim))

    @property
    def embedder(self) -> str:
        """Name of the embedder whose vectors the store takes and is searched by."""
        return self._embedder

    @property
    def catalogue(self) -> Catalogue:
        """The truth itself, for the ingest flow, which keeps account of files there."""
        return self._catalogue

    # Searching

    @property
    def generation(self) -> int:
        return self._catalogue.generation

    @property
    def behind(self) -> Behind | None:
        """What this node's own indexes lack of the catalogue; None when nothing worth a word."""
        return self._follower.behind

    @property
    def notice(self) -> str | None:
        """What a search is without for now, in a sentence: an index that is being built, or away."""
        if self.behind:
            return str(self.behind)
        trouble = self._searcher.trouble
        return f"{trouble} Until then articles are found by words alone." if trouble else None

    def lag(self) -> tuple[int, float]:
        """Passages that this node has not taken up yet, and for how many seconds it has been behind."""
        return self._follower.lag() if self._indexes.following else (0, 0.0)

    def lacks(self) -> Literal["database", "indexes"] | None:
        """What keeps it from answering now; None when it can. Asks the database, which may take seconds."""
        try:
            self.refresh()
        except StoreError:
            try:
                self._catalogue.generation  # noqa: B018 - asked to see whether it answers
            except StoreError:
                return "database"
            return "indexes"
        return None if self._searcher.is_open() else "indexes"

    def refresh(self) -> bool:
        """Looks at the indexes as they are now, if they have changed; tells whether they had."""
        return self._searcher.refresh()

    def size(self) -> int:
        """How many passages a search looks through."""
        return self._searcher.size()

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
        return self._searcher.search(words, vector, k=k, filters=filters, lead=lead)

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

    def check(self) -> list[str]:
        """What is wrong, each with the command that mends it; empty when all three stores agree."""
        return check(self._catalogue, self._indexes, self._follower, asked_for=(self._embedder, self._dim))

    # Making vectors and clusters

    def _embed_anew(self, embed: Callable[[Sequence[str]], npt.NDArray[np.float32]]) -> None:
        from qa.store.index_text import index_text

        numbers = self._catalogue.numbers()
        self._catalogue.set_meta(embedder=UNFINISHED)  # a kill leaves vectors of two kinds
        if numbers:
            for batch in self._catalogue.stored(numbers[0], numbers[-1]):
                texts = [
                    index_text(s.article.title, s.article.outlet, s.article.day, s.passage.text)
                    for s in batch
                ]
                self._catalogue.replace_vectors([stored.number for stored in batch], embed(texts))
        self._catalogue.note_all_anew()  # nodes with vectors of their own take them up again
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

    def _clusters(self, batch: Sequence[Article], own: Sequence[Sequence[int]]) -> list[str]:
        """What `_cluster` gives for each, stored one after the other; none was ever stored."""
        having = self._catalogue.keyed({key for its in own for key in its})
        met = [_most_met(its, having) for its in own]
        known = self._catalogue.current({name for names in met for name in names})
        clusters = []
        for article, its in zip(batch, own, strict=True):
            near = [known[name] for name in _most_met(its, having) if name in known]
            same = next((other for other in near if is_copy(article.text, other.text)), None)
            clusters.append(article.id if same is None else same.cluster or same.id)
            known[article.id] = replace(article, cluster=clusters[-1])
            for key in set(its):
                having.setdefault(key, []).append(article.id)
        return clusters


def _most_met(its: Iterable[int], having: Mapping[int, Sequence[str]]) -> list[str]:
    """Of the articles that have some of these keys, the CANDIDATES that have most, most first."""
    met = Counter(name for key in set(its) for name in having.get(key, ()))
    return [name for name, _ in sorted(met.items(), key=lambda pair: (-pair[1], pair[0]))[:CANDIDATES]]
