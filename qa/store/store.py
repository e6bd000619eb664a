"""The one door to what is stored: the catalogue (the truth) and two indexes that follow it.

Takes and gives nouns. A writer adds and removes under a lock and commits (`writer`); readers follow the
generation number and swap their indexes when it has moved (`searcher`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from qa.errors import StoreError
from qa.store.articles import EVERYTHING
from qa.store.catalogue import Catalogue
from qa.store.check import check
from qa.store.follow import Behind
from qa.store.lexical import LEAD_WEIGHT
from qa.store.searcher import Searcher
from qa.store.writer import UNFINISHED, Writer
from qa.types import Article, Filters, Hit, Passage

CATALOGUE_FILE = "catalogue.db"


class Store(Writer):
    """Articles, passages and vectors of one folder. Safe to use from several threads and processes."""

    def __init__(
        self, data: Path, catalogue: Catalogue, *, embedder: str, dim: int, chroma_url: str | None
    ) -> None:
        super().__init__(data, catalogue, embedder=embedder, dim=dim, chroma_url=chroma_url)
        self._searcher = Searcher(catalogue, self._indexes, self._follower, (embedder, dim))
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
            return f"{self.behind} {self._follower.trouble}".strip()
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
