"""Where articles were found: sources, the files that hold them, and texts that stand in two places.

Takes and gives names; every call is one transaction. Knows nothing about passages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from qa.store.database import Database, in_parts
from qa.store.schema import articles, files, sources, twins
from qa.types import Article


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read to its end. `failures` is JSON, kept to be reported again."""

    file: str
    size: int
    modified_ns: int
    sha256: str
    failures: str


class Ledger(Database):
    """What was read, and where each article stands."""

    def note_source(
        self, article: Article, sources: Mapping[str, str], *, stored_as: str | None = None
    ) -> None:
        """Remembers that an article stands there too; `stored_as`: the stored one's id, if it differs."""
        with self._transaction() as connection:
            note_sources(connection, article, sources, stored_as=stored_as)

    def read_files(self) -> dict[str, tuple[File, int]]:
        """By name, each file that was read to its end, and how many sources it holds."""
        held = sa.select(sources.c.file, sa.func.count().label("held")).group_by(sources.c.file).subquery()
        joined = files.outerjoin(held, held.c.file == files.c.file)
        statement = sa.select(files, sa.func.coalesce(held.c.held, 0)).select_from(joined)
        with self._reading() as connection:
            return {row[0]: (File(*row[:-1]), row[-1]) for row in connection.execute(statement)}

    def set_files(self, entries: Sequence[File]) -> None:
        """Remembers files as read to their end; of two entries for one file the last counts."""
        rows = {entry.file: {name: getattr(entry, name) for name in File.__slots__} for entry in entries}
        if not rows:
            return
        with self._transaction() as connection:
            for part in in_parts(list(rows)):
                connection.execute(sa.delete(files).where(files.c.file.in_(part)))
            connection.execute(sa.insert(files), list(rows.values()))

    def files(self) -> list[str]:
        """Every file that articles were found in."""
        with self._reading() as connection:
            return list(connection.scalars(sa.select(sources.c.file).distinct()))

    def source(self, source: str) -> tuple[str, str] | None:
        """(article id, revision of what was read there), or None."""
        with self._reading() as connection:
            found = connection.execute(
                sa.select(sources.c.article_id, sources.c.revision).where(sources.c.source == source)
            ).first()
            return (found[0], found[1]) if found else None

    def forget_sources(self, names: Iterable[str], *, files_too: bool = True) -> list[str]:
        """Drops sources that are gone; gives the articles that are left without any.

        `files_too`: also what is remembered of their files, which are then read again.
        """
        gone = list(names)
        touched: set[str] = set()
        with self._transaction() as connection:
            for part in in_parts(gone):
                chosen = sources.c.source.in_(part)
                touched |= set(connection.scalars(sa.select(sources.c.article_id).where(chosen)))
                forget(connection, chosen, files_too=files_too)
        return self.without_sources(touched)

    def without_sources(self, ids: Iterable[str]) -> list[str]:
        """Those of these articles that stand nowhere any more."""
        asked = sorted(set(ids))
        known: set[str] = set()
        with self._reading() as connection:
            for part in in_parts(asked):
                chosen = sources.c.article_id.in_(part)
                known |= set(connection.scalars(sa.select(sources.c.article_id).where(chosen)))
        return [name for name in asked if name not in known]

    def sourceless(self) -> list[str]:
        """Articles that stand nowhere any more."""
        statement = sa.select(articles.c.id).outerjoin(sources, sources.c.article_id == articles.c.id)
        with self._reading() as connection:
            return list(connection.scalars(statement.where(sources.c.source.is_(None))))

    def sources_in(self, file: str) -> dict[str, str]:
        """Article id by source, of all that was found in the file."""
        with self._reading() as connection:
            chosen = sa.select(sources.c.source, sources.c.article_id).where(sources.c.file == file)
            return dict(connection.execute(chosen).all())

    def places_of(self, article_id: str) -> dict[str, str]:
        """File by source, of every place the article was found at."""
        with self._reading() as connection:
            chosen = sa.select(sources.c.source, sources.c.file).where(sources.c.article_id == article_id)
            return dict(connection.execute(chosen).all())

    def sources_of(self, article_id: str) -> list[str]:
        """Where the article was found, in order."""
        with self._reading() as connection:
            chosen = sa.select(sources.c.source).where(sources.c.article_id == article_id)
            return list(connection.scalars(chosen.order_by(sources.c.source)))


def forget(connection: sa.Connection, chosen: sa.ColumnElement[bool], *, files_too: bool = True) -> None:
    """Drops sources, and with `files_too` makes their files unread."""
    if files_too:
        connection.execute(sa.delete(files).where(files.c.file.in_(sa.select(sources.c.file).where(chosen))))
    connection.execute(sa.delete(twins).where(twins.c.source.in_(sa.select(sources.c.source).where(chosen))))
    connection.execute(sa.delete(sources).where(chosen))


def forget_twins(connection: sa.Connection, article_id: str) -> None:
    """The article is about to change: what stood elsewhere as its copy has to be read again."""
    its = sources.c.article_id == article_id
    forget(connection, its & sources.c.source.in_(sa.select(twins.c.source)))


def note_sources(
    connection: sa.Connection,
    article: Article,
    found: Mapping[str, str],
    *,
    stored_as: str | None = None,
) -> None:
    for source, file in found.items():
        row = {
            "source": source,
            "file": file,
            "article_id": stored_as or article.id,
            "revision": article.revision,
        }
        connection.execute(sa.delete(sources).where(sources.c.source == source))
        connection.execute(sa.insert(sources), [row])
        connection.execute(sa.delete(twins).where(twins.c.source == source))
        if row["article_id"] != article.id:
            connection.execute(sa.insert(twins), [{"source": source}])
