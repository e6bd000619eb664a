"""The writer's side of a store: adds and removes under a lock, commits, and keeps the indexes level.

An index that is missing, damaged or ahead of the catalogue is built anew from it, beside the old one, without
any model. What readers do is `searcher`’s.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.store.address import chroma_of
from qa.store.catalogue import Catalogue, New, Outcome
from qa.store.clusters import cluster_of, clusters_of
from qa.store.copies import keys
from qa.store.follow import Follower
from qa.store.index_text import index_text
from qa.store.indexes import Indexes
from qa.store.lock import DatabaseLock, FolderLock, WriterLock
from qa.store.searcher import mismatch
from qa.types import Article, Passage

LOCK_FILE = "write.lock"
UNFINISHED = "an unfinished rebuild"  # stands in the embedder's place
FOLLOWED_S = 5.0  # so long a writer waits for its own node to find what it has stored

log = logging.getLogger(__name__)


class Writer:
    """What changes a store. Safe to use from several threads and processes."""

    def __init__(
        self, data: Path, catalogue: Catalogue, *, embedder: str, dim: int, chroma_url: str | None
    ) -> None:
        self._catalogue = catalogue
        self._embedder, self._dim = embedder, dim
        self._indexes = Indexes(data, catalogue, chroma=chroma_of(chroma_url) if chroma_url else None)
        self._follower = Follower(data, catalogue, self._indexes)
        if catalogue.on_server:
            self._lock = WriterLock(DatabaseLock(catalogue), catalogue.place)
        else:
            self._lock = WriterLock(FolderLock(data / LOCK_FILE), str(data))

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
            cluster=cluster_of(self._catalogue, article, shingle_keys),
            keys=shingle_keys,
            sources=sources or {},
        )

    def add_new(self, batch: Sequence[New]) -> None:
        """Stores articles of which none was ever stored and no two are the same: all of them, or nothing.

        As `add` one by one, in a tenth of the time.
        """
        self.check_embedder()
        own = [keys(new.article.text) for new in batch]
        self._catalogue.add_new(
            batch, clusters=clusters_of(self._catalogue, [new.article for new in batch], own), keys=own
        )

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

    def even_out(self) -> None:
        """Builds a small word index anew if removed passages still weigh in it, so that the same articles are
        found in the same order however they came in. After `commit`; two seconds at most, or nothing."""
        if "lexical" in self._indexes.written_by_writer and self._indexes.is_uneven():
            self._indexes.build("lexical")
            self._publish(self._catalogue.last_change())

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

    def _embed_anew(self, embed: Callable[[Sequence[str]], npt.NDArray[np.float32]]) -> None:
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

    def check_embedder(self) -> None:
        """Raises EmbedderMismatch when the settings ask for another embedder than made the store."""
        if not self._same_embedder():
            raise mismatch(self._catalogue.made_with, (self._embedder, self._dim))

    def _same_embedder(self) -> bool:
        return self._catalogue.made_with == (self._embedder, self._dim)
