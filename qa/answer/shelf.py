"""The articles that one question looks at, each fetched once, so that none changes under the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from qa.errors import NotStored
from qa.types import Article, Passage

if TYPE_CHECKING:
    from qa.store.store import Store


class Shelf:
    """Articles by id, with their days and wire stories, fetched from the store when they are first wanted."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._articles: dict[str, Article | None] = {}
        self._days: dict[str, str | None] = {}
        self._clusters: dict[str, str] = {}

    @classmethod
    def holding(cls, *articles: Article, clusters: Mapping[str, str] | None = None) -> Shelf:
        """A shelf of these articles, with no store behind it."""
        shelf = cls(None)
        shelf._articles.update({article.id: article for article in articles})
        shelf._clusters.update(clusters or {})
        return shelf

    def fetch(self, ids: Iterable[str]) -> None:
        """Fetches articles that are looked at next, all at once."""
        new = set(ids) - self._articles.keys()
        if self._store is not None and new:
            self._articles.update({**dict.fromkeys(new), **self._store.current(new)})

    def fetch_days(self, ids: Iterable[str]) -> None:
        """Fetches the days of articles that may be looked at, all at once and without their text."""
        new = set(ids) - self._days.keys()
        if self._store is not None and new:
            self._days.update(self._store.days(new))

    def fetch_clusters(self, ids: Iterable[str]) -> None:
        """Fetches which wire stories articles tell, all at once."""
        new = set(ids) - self._clusters.keys()
        if self._store is not None and new:
            self._clusters.update({**dict(zip(new, new, strict=True)), **self._store.clusters(new)})

    def article(self, article_id: str) -> Article:
        """The article. Raises NotStored when it has been removed since it was found."""
        article = self._find(article_id)
        if article is None:
            raise NotStored(f"The article {article_id!r} has just been removed. Ask again.")
        return article

    def day(self, article_id: str) -> str | None:
        """Its day of publication, `YYYY-MM-DD`; None where nothing says it."""
        if article_id in self._days:
            return self._days[article_id]
        article = self._find(article_id)
        return article.day if article else None

    def cluster(self, article_id: str) -> str:
        """The wire story that it tells: its own id where there are no copies of it."""
        self.fetch_clusters([article_id])
        return self._clusters.get(article_id) or article_id

    def has(self, passage: Passage) -> bool:
        """Whether the passage is still what stands there: its article may have been removed or rewritten."""
        article = self._find(passage.article_id)
        return article is not None and article.text[passage.start : passage.end] == passage.text

    def _find(self, article_id: str) -> Article | None:
        if article_id not in self._articles and self._store is not None:
            try:
                self._articles[article_id] = self._store.article(article_id)
            except NotStored:
                self._articles[article_id] = None
        return self._articles.get(article_id)
