"""Answers that were given on the page, by an id that an address can carry.

They stand beside the catalogue: in its database where that is on a server, so that every node opens them,
else in a file of its own. Only the newest are kept.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from qa.store.address import engine_of

MOST = 20_000  # answers; each takes some 5 kB
ID_BYTES = 9  # nobody guesses one
KEPT_FILE = "answers.sqlite"

log = logging.getLogger(__name__)
_meta = sa.MetaData()
_kept = sa.Table(
    "kept_answers",
    _meta,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("answer", sa.Text, nullable=False),
)


class Kept:
    """The answers that are kept. Safe to use from several threads; a database that fails keeps nothing."""

    def __init__(self, data: Path, database_url: str | None = None) -> None:
        self._engine = engine_of(database_url or f"sqlite:///{(data / KEPT_FILE).resolve()}")
        self._making = threading.Lock()
        self._made = False

    def keep(self, answer: Mapping[str, Any]) -> str | None:
        """Keeps an answer; gives its id, or None where it could not be kept."""
        row = {"id": secrets.token_urlsafe(ID_BYTES), "answer": json.dumps(answer, ensure_ascii=False)}
        try:
            self._make()
            with self._engine.begin() as connection:
                number = connection.execute(sa.insert(_kept), row).inserted_primary_key[0]  # type: ignore[index]
                connection.execute(sa.delete(_kept).where(_kept.c.number <= number - MOST))
        except SQLAlchemyError as error:
            log.warning("an answer could not be kept: %s", type(error).__name__)
            return None
        return row["id"]

    def answers(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The answers with these ids, in their order; those that are not kept are left out."""
        try:
            self._make()
            with self._engine.connect() as connection:
                rows = connection.execute(sa.select(_kept.c.id, _kept.c.answer).where(_kept.c.id.in_(ids)))
                found = {name: {**json.loads(answer), "id": name} for name, answer in rows}
        except SQLAlchemyError as error:
            log.warning("kept answers could not be read: %s", type(error).__name__)
            return []
        return [found[name] for name in ids if name in found]

    def close(self) -> None:
        self._engine.dispose()

    def _make(self) -> None:
        with self._making:
            if not self._made:
                _meta.create_all(self._engine)
                self._made = True
