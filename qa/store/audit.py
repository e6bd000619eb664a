"""Looks for damage in what is stored: in the file, in passages that do not fit their text, in the texts.

Gives names of articles; mends nothing. Knows nothing about the indexes.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from qa.store.database import Database
from qa.store.schema import articles, is_current, passages, revisions

AT_A_TIME = 2_000  # texts in memory


class Audit(Database):
    """The questions that `check` asks of the tables."""

    def damage(self) -> str | None:
        """What SQLite's own check finds wrong; None when it is sound or another database keeps the tables."""
        if self._engine.dialect.name != "sqlite":
            return None
        with self._reading() as connection:
            found = list(connection.exec_driver_sql("PRAGMA quick_check(3)").scalars())
        return None if found == ["ok"] else "; ".join(found)

    def bad_passages(self) -> list[str]:
        """Articles with a passage that does not lie in their text, or whose count of passages is wrong."""
        outside = (
            sa.select(passages.c.article_id)
            .join(articles, articles.c.id == passages.c.article_id)
            .join(revisions, is_current())
            .where((passages.c.start >= passages.c.end) | (passages.c.end > sa.func.length(revisions.c.text)))
        )
        counted = (
            sa.select(articles.c.id)
            .outerjoin(passages, passages.c.article_id == articles.c.id)
            .group_by(articles.c.id, articles.c.passages)
            .having(sa.func.count(passages.c.number) != articles.c.passages)
        )
        orphaned = sa.select(passages.c.article_id).where(
            passages.c.article_id.not_in(sa.select(articles.c.id))
        )
        with self._reading() as connection:
            return sorted(
                {name for query in (outside, counted, orphaned) for name in connection.scalars(query)}
            )

    def changed_texts(self) -> list[str]:
        """Articles whose text is not what was stored: a damaged page may still be a readable one."""
        statement = sa.select(articles.c.id, articles.c.text_hash, revisions.c.text).join(
            revisions, is_current()
        )
        with self._reading() as connection:
            rows = connection.execution_options(yield_per=AT_A_TIME).execute(statement)
            return [name for name, wanted, text in rows if text_hash(text) != wanted]


def text_hash(text: str) -> str:
    """Equal for equal texts, and for practical purposes only for them."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
