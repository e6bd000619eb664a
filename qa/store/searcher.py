"""Searching: the indexes as a reader sees them, taken up anew when a writer has published.

Takes plain words, vectors and filters, gives passages. A search never waits for a writer.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

from qa.errors import EmbedderMismatch, QAError, ServerAway, StoreError
from qa.store.articles import EVERYTHING
from qa.store.catalogue import Catalogue
from qa.store.follow import Follower
from qa.store.indexes import REBUILD, Indexes, brief, patiently
from qa.store.lexical import LEAD_WEIGHT, Lexical
from qa.store.vectors import Exact, Vectors
from qa.types import Filters, Hit, Passage

WORDS_ALONE_S = 10.0  # so long a reader does without a damaged vector index before it looks again
EXACT_MOST = 20_000  # passages compared one by one where filters leave no more: 5 ms and 30 MB
ASKED_MOST = 2_000  # nearest passages asked of the index where filters will drop some
# Passages up to which all vectors are compared one by one, in 3 ms: importing Chroma, a second of processor
# time, does not stand before the first answer, and a folder and servers answer alike, which two graphs of the
# same vectors do not quite: 11,782 passages, 48 of 300 questions with another digit in a probability.
IN_MEMORY_MOST = 20_000
RECENT_MOST = 5_000  # passages newer than the open vector index, compared one by one before it is reopened
TIED_MOST = 20  # more than are asked for, so that those of one score at the end are chosen alike everywhere
SAME_SCORE = 5  # digits: the same sum comes out otherwise in its last bits where an index has other segments
FIRST_WAIT_S = 1.5  # the first search of a node gives its word index so long to take up what came
NOTHING = Exact((), np.empty((0, 0), np.float32))

Found = list[tuple[int, float]]  # passage numbers with scores, best first

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class View:
    """The two indexes as a reader sees them; they close when no search holds them any more.

    Both are None in a store that never held anything; `lexical` also on a node that is still building its
    own; `vectors` also while they are damaged or their server is away: then `good_until` says when to look
    again, in seconds of the monotonic clock.
    """

    generation: int
    made_with: tuple[str, int]
    words_level: tuple[str, int] = ("", 0)  # of the word index: its folder, the last change it has taken up
    lexical: Lexical | None = None
    vectors: Vectors | None = None
    name: str = ""  # of the vectors' folder or collection
    level: int = 0  # the last passage that the vectors are sure to hold
    recent: Exact = NOTHING  # those that came later
    is_whole: bool = False  # `recent` are all: the index is not opened for so few
    good_until: float = math.inf
    trouble: str = ""  # why there are no vectors


def mismatch(made_with: tuple[str, int], asked_for: tuple[str, int]) -> EmbedderMismatch:
    """What is said to settings that ask for another embedder than made the store."""
    return EmbedderMismatch(
        f"The store was made with the embedder {made_with[0]} ({made_with[1]} dimensions); the settings ask "
        f"for {asked_for[0]} ({asked_for[1]}). Run `{REBUILD}`, or set embedder back to {made_with[0]}."
    )


class Searcher:
    """The reader's side of a store. Safe to use from several threads."""

    def __init__(
        self, catalogue: Catalogue, indexes: Indexes, follower: Follower, made_with: tuple[str, int]
    ) -> None:
        self._catalogue, self._indexes, self._follower = catalogue, indexes, follower
        self._made_with = made_with  # the embedder that the settings ask for
        self._opening = threading.Lock()  # held by the thread that changes the view
        self._reopening: threading.Thread | None = None  # opens the vectors anew while searches go on
        self._view: View | None = None
        self._closed = False
        self._exact = lru_cache(maxsize=2)(self._admitted)
        self._count = lru_cache(maxsize=64)(self._how_many)

    def close(self) -> None:
        self._view, self._closed = None, True
        self._exact.cache_clear()

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
        if len(self._view.recent) > RECENT_MOST and not self._view.is_whole:
            self._reopen_later()
        return True

    def size(self) -> int:
        """How many passages a search looks through."""
        self.refresh()
        view = self._view
        return view.lexical.count() if view and view.lexical else self._catalogue.count_passages()

    @property
    def trouble(self) -> str:
        """Why nothing is found by vectors now; nothing to say where they are few enough without an index."""
        view = self._view
        if view is None or not view.trouble or self._catalogue.count_passages() <= EXACT_MOST:
            return ""
        return view.trouble

    def is_open(self) -> bool:
        """Whether there is an index to search in, or nothing to search for."""
        view = self._view
        return view is not None and (
            view.generation == 0 or view.is_whole or bool(view.lexical or view.vectors)
        )

    def _is_stale(self) -> bool:
        view = self._view
        if view is None or time.monotonic() > view.good_until:
            return True
        if view.generation != self._catalogue.generation:
            return True
        return bool(self._indexes.following) and view.words_level != self._words_level()

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
        except ServerAway:
            by_words, near = self._again(search)  # without the one that is away, if the other is enough
        except QAError:
            raise
        except Exception as error:  # noqa: BLE001 - an index that was replaced or damaged under its reader
            log.warning("a search failed, the indexes are opened again: %s", brief(error))
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
        if vector is not None and view.made_with != self._made_with:
            raise mismatch(view.made_with, self._made_with)
        among = self._catalogue.stretches(filters.articles) if filters.articles else None
        most = k + TIED_MOST if k else 0
        by_words = (
            view.lexical.search(words, k=most, filters=filters, among=among, lead=lead)
            if view.lexical
            else []
        )
        near = [] if vector is None else self._near(view, vector, most, filters)
        return _in_order(by_words, k), _in_order(near, k)

    def _again(self, search: Callable[[], tuple[Found, Found]]) -> tuple[Found, Found]:
        self._view = None
        try:
            return search()
        except QAError:
            raise
        except Exception as error:
            raise StoreError(f"The indexes cannot be searched ({brief(error)}). Run `{REBUILD}`.") from error

    def _near(self, view: View, vector: npt.NDArray[np.float32], k: int, filters: Filters) -> Found:
        """The nearest passages that `filters` admit: exactly where those are few, else of the index."""
        everything = filters == EVERYTHING
        if everything and view.is_whole:
            return view.recent.search(vector, k=k)
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

    # Opening indexes

    def _next_view(self) -> View:
        """The indexes as they are. Raises StoreError when there is nothing to search in.

        The vectors stay open as they were, with what came since beside them: opening takes 0.3 s for 40,000
        passages and seconds for a million, and should not stand before a question.
        """
        generation, made_with = self._catalogue.generation, self._catalogue.made_with
        if generation == 0:
            return View(generation, made_with)
        if self._indexes.following:
            self._follower.wait(FIRST_WAIT_S if self._view is None else 0)
        old = self._view
        view = self._with_words(View(generation, made_with, name=self._indexes.name("vectors")))
        if old and old.vectors and old.name == view.name:
            recent = NOTHING if self._indexes.is_served("vectors") else self._since(old.level)
            return replace(view, vectors=old.vectors, level=old.level, recent=recent)
        if self._is_small():
            is_same = old is not None and old.is_whole and old.generation == generation
            recent = old.recent if old and is_same else self._since(0)
            return replace(view, recent=recent, is_whole=True)
        try:
            return self._with_vectors(view)
        except Exception as error:  # noqa: BLE001 - a damaged index raises whatever its library raises
            return self._without_vectors(view, error)

    def _is_small(self) -> bool:
        """Whether there are so few vectors that they are compared one by one."""
        return self._catalogue.count_passages() <= IN_MEMORY_MOST

    def _with_words(self, view: View) -> View:
        level, own = self._words_level(), "lexical" in self._indexes.following
        try:
            if own and not self._catalogue.knows_change(level[1]):
                raise ValueError("there is none, or it is of another past than the catalogue")
            lexical = self._indexes.open("lexical") if own else self._indexes.open_patiently("lexical")
        except Exception as error:
            if own:  # this node builds it
                log.debug("there is no word index yet: %s", brief(error))
                return replace(view, words_level=level)
            raise StoreError(f"The word index is damaged ({brief(error)}). Run `{REBUILD}`.") from error
        return replace(view, lexical=lexical, words_level=level)

    def _with_vectors(self, view: View) -> View:
        """The view with the vectors opened as they are now. On a server they always are as of now."""
        if self._indexes.is_served("vectors"):
            return replace(view, vectors=self._indexes.open_searched())
        level = self._catalogue.last_passage(self._indexes.applied("vectors"))  # first: they may hold more
        vectors = patiently(self._indexes.open_searched)
        return replace(view, vectors=vectors, level=level, recent=self._since(level))

    def _without_vectors(self, view: View, error: Exception) -> View:
        """Words alone still answer, and the vectors are tried again soon."""
        away = isinstance(error, ServerAway)
        trouble = str(error) if away else f"The vector index is damaged ({brief(error)}). Run `{REBUILD}`."
        if view.lexical is None:
            raise StoreError(trouble) from error
        log.error("%s", trouble)
        return replace(view, trouble=trouble, good_until=time.monotonic() + WORDS_ALONE_S)

    def _since(self, level: int) -> Exact:
        return Exact(*self._catalogue.vectors(after=level))

    def _words_level(self) -> tuple[str, int]:
        name = self._indexes.name("lexical")
        return name, self._indexes.applied_in(name)

    def _reopen_later(self) -> None:
        """Opens the vectors anew in a thread, when that would bring the recent passages into them."""
        view = self._view
        if view is None or (self._reopening and self._reopening.is_alive()):
            return
        if self._catalogue.last_passage(self._indexes.applied("vectors")) <= view.level:
            return
        self._reopening = threading.Thread(target=self._reopen, args=(view,), name="reopening", daemon=True)
        self._reopening.start()

    def _reopen(self, view: View) -> None:
        try:
            fresh = self._with_vectors(view)
            with self._opening:
                current = self._view
                if current and current.name == fresh.name:
                    recent = self._since(fresh.level)
                    self._view = replace(current, vectors=fresh.vectors, level=fresh.level, recent=recent)
        except Exception as error:  # noqa: BLE001 - the open vectors go on serving
            log.warning("the vector index could not be opened anew: %s", brief(error))


def _hits(found: Iterable[tuple[int, float]], held: Mapping[int, Passage]) -> list[Hit]:
    return [Hit(held[number], score) for number, score in found if number in held]


def _in_order(found: Found, k: int) -> Found:
    """The `k` best; of one score, those stored first: an index has an order of its own for these."""
    return sorted(found, key=lambda pair: (-round(pair[1], SAME_SCORE), pair[0]))[:k]


def _best(found: Found, recent: Found, k: int) -> Found:
    """The `k` best of both; a passage that is in both counts once."""
    together = {**dict(found), **dict(recent)}
    return sorted(together.items(), key=lambda pair: -pair[1])[:k]
