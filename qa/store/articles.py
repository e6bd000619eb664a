"""The articles of a catalogue: read by id, found by text or by what copies share, listed and counted.

Takes and gives nouns; every call is one transaction. Knows nothing about passages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from qa.errors import NotStored
from qa.store.audit import text_hash
from qa.store.database import Database, in_parts
from qa.store.index_text import outlet_key
from qa.store.schema import articles, is_current, revisions, shingles
from qa.types import Article, Filters

EVERYTHING = Filters()


class Articles(Database):
    """What is read of articles and their revisions."""

    def article(self, article_id: str, revision: str | None = None) -> Article:
        """The current revision, or the one named. Raises NotStored."""
        current = revisions.c.revision == (articles.c.revision if revision is None else revision)
        joined = revisions.outerjoin(articles, articles.c.id == revisions.c.article_id)
        statement = (
            sa.select(revisions, articles.c.cluster)
            .select_from(joined)
            .where(revisions.c.article_id == article_id, current)
        )
        with self._reading() as connection:
            row = connection.execute(statement).mappings().first()
        if row is None:
            raise NotStored(f"No article has the id {article_id!r}. `python -m qa articles` lists them.")
        return article_of(row)

    def current(self, ids: Iterable[str]) -> dict[str, Article]:
        """The current revisions by article id, of those that are stored."""
        statement = sa.select(revisions, articles.c.cluster).join(articles, is_current())
        found: dict[str, Article] = {}
        with self._reading() as connection:
            for part in in_parts(list(ids)):
                rows = connection.execute(statement.where(articles.c.id.in_(part))).mappings()
                found.update((row["article_id"], article_of(row)) for row in rows)
        return found

    def current_revision(self, article_id: str) -> str | None:
        with self._reading() as connection:
            return connection.scalar(sa.select(articles.c.revision).where(articles.c.id == article_id))

    def has_been(self, article_id: str) -> bool:
        """Whether an article of this id is or was stored."""
        statement = sa.select(revisions.c.revision).where(revisions.c.article_id == article_id).limit(1)
        with self._reading() as connection:
            return connection.scalar(statement) is not None

    def ever_stored(self, ids: Iterable[str]) -> set[str]:
        """Those of these articles that are or were stored."""
        found: set[str] = set()
        with self._reading() as connection:
            for part in in_parts(list(ids)):
                chosen = sa.select(revisions.c.article_id).where(revisions.c.article_id.in_(part))
                found.update(connection.scalars(chosen))
        return found

    def same_text(self, article: Article) -> str | None:
        """The id of a stored article with the very same text, found elsewhere; None when there is none.

        An article with an address, an outlet or a day of its own is nobody's copy: two outlets may print
        the same text, and one may print it again.
        """
        if article.url:
            return None
        same = (
            (articles.c.text_hash == text_hash(article.text))
            & (articles.c.id != article.id)
            & articles.c.outlet.is_not_distinct_from(article.outlet)
            & articles.c.day.is_not_distinct_from(article.day)
        )
        with self._reading() as connection:
            return connection.scalar(sa.select(articles.c.id).where(same).order_by(articles.c.id))

    def same_texts(self, given: Iterable[Article]) -> dict[str, str]:
        """What `same_text` gives for each article, by its id; those without one are left out."""
        asked = {text_hash(article.text): article for article in given if not article.url}
        columns = (articles.c.text_hash, articles.c.id, articles.c.outlet, articles.c.day)
        found: dict[str, str] = {}
        with self._reading() as connection:
            for part in in_parts(list(asked)):
                chosen = sa.select(*columns).where(articles.c.text_hash.in_(part)).order_by(articles.c.id)
                for hashed, stored, outlet, day in connection.execute(chosen):
                    own = asked[hashed]
                    if stored != own.id and (outlet, day) == (own.outlet, own.day):
                        found.setdefault(own.id, stored)
        return found

    def rows(self, filters: Filters = EVERYTHING) -> list[dict[str, Any]]:
        """The current articles, newest first, undated last, as `articles --json` shows them."""
        columns = (articles.c.id, articles.c.revision, revisions.c.title, revisions.c.url, articles.c.outlet)
        statement = (
            sa.select(*columns, articles.c.day.label("published"), articles.c.passages, articles.c.cluster)
            .join(revisions, is_current())
            .order_by(articles.c.day.is_(None), articles.c.day.desc(), articles.c.id)
        )
        chosen = self.narrowed(statement, filters)
        with self._reading() as connection:
            return [dict(row) for row in connection.execute(chosen).mappings()]

    def count(self) -> int:
        """How many articles there are."""
        with self._reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(articles)) or 0

    def outlets(self) -> list[str]:
        """The outlets of current articles, by name."""
        known = sa.select(articles.c.outlet).where(articles.c.outlet.is_not(None)).distinct()
        with self._reading() as connection:
            return sorted(name for name in connection.scalars(known) if name)

    def narrowed(self, statement: sa.Select[Any], filters: Filters) -> sa.Select[Any]:
        """Of a statement that has `articles` among its tables, the rows that `filters` admit."""
        return _filtered(statement, self._spelled(filters))

    def _spelled(self, filters: Filters) -> Filters:
        """The same with the outlets as the articles spell them: "reuters" means Reuters and REUTERS."""
        if not filters.outlets:
            return filters
        wanted = {outlet_key(outlet) for outlet in filters.outlets}
        known = tuple(outlet for outlet in self.outlets() if outlet_key(outlet) in wanted)
        return replace(filters, outlets=known or filters.outlets)

    def day_span(self) -> tuple[date, date] | None:
        """The first and the last day of publication; None when no article is dated."""
        with self._reading() as connection:
            first, last = connection.execute(
                sa.select(sa.func.min(articles.c.day), sa.func.max(articles.c.day))
            ).one()
        return (date.fromisoformat(first), date.fromisoformat(last)) if first else None

    def days(self, ids: Iterable[str]) -> dict[str, str | None]:
        """Day of publication by article id, `YYYY-MM-DD` or None, for those that are stored."""
        return self._by_id(articles.c.day, ids)

    def clusters(self, ids: Iterable[str]) -> dict[str, str]:
        """Cluster by article id, for those that are stored."""
        return self._by_id(articles.c.cluster, ids)

    def _by_id(self, column: sa.Column[Any], ids: Iterable[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        with self._reading() as connection:
            for part in in_parts(list(ids)):
                chosen = sa.select(articles.c.id, column).where(articles.c.id.in_(part))
                found.update(connection.execute(chosen).all())
        return found

    def is_cluster_of_others(self, name: str) -> bool:
        """Whether articles other than the one of this id are in the cluster of this name."""
        statement = sa.select(articles.c.id).where(articles.c.cluster == name, articles.c.id != name).limit(1)
        with self._reading() as connection:
            return connection.scalar(statement) is not None

    def keyed(self, keys: Iterable[int]) -> dict[int, list[str]]:
        """The stored articles that have each of these shingle keys; keys that none has are left out."""
        columns = (shingles.c.key, shingles.c.article_id)
        found: dict[int, list[str]] = {}
        with self._reading() as connection:
            for part in in_parts(list(keys)):
                for key, article_id in connection.execute(
                    sa.select(*columns).where(shingles.c.key.in_(part))
                ):
                    found.setdefault(key, []).append(article_id)
        return found

    def sharing(self, keys: Iterable[int], *, apart_from: str, most: int) -> list[Article]:
        """The articles that share most shingle keys, most first."""
        shared = sa.func.count().label("shared")
        statement = (
            sa.select(shingles.c.article_id)
            .where(shingles.c.key.in_(list(keys)), shingles.c.article_id != apart_from)
            .group_by(shingles.c.article_id)
            .order_by(shared.desc(), shingles.c.article_id)
            .limit(most)
        )
        with self._reading() as connection:
            ids = list(connection.scalars(statement))
        return [self.article(article_id) for article_id in ids]


def _filtered(statement: sa.Select[Any], filters: Filters) -> sa.Select[Any]:
    """Of a statement that has `articles` among its tables, the rows that `filters` admit."""
    if filters.since:
        statement = statement.where(articles.c.day >= filters.since.isoformat())
    if filters.until:
        statement = statement.where(articles.c.day <= filters.until.isoformat())
    if filters.outlets:
        statement = statement.where(articles.c.outlet.in_(filters.outlets))
    if filters.articles:
        statement = statement.where(articles.c.id.in_(filters.articles))
    return statement


def article_of(row: Mapping[Any, Any]) -> Article:
    return Article(
        id=row["article_id"],
        revision=row["revision"],
        url=row["url"],
        title=row["title"],
        outlet=row["outlet"],
        author=row["author"],
        published=row["published"],
        text=row["text"],
        cluster=row["cluster"],
        modified=row["modified"],
        language=row["language"],
    )
