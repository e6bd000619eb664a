"""Counts what a server answers, for its owner: takes each question's outcome, gives Prometheus text and logs.

A log line is JSON and holds no word of question or answer unless the owner asks for them.
"""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from qa.errors import QAError
from qa.types import Answer

if TYPE_CHECKING:
    from qa.desk import Assistant

Log = Literal["off", "events", "questions"]
SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6)  # upper bounds of the histogram's buckets


class Meter:
    """Counts and logs. Safe to call from several threads."""

    def __init__(self, desk: Assistant, *, log: Log = "events") -> None:
        self._log = log
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "dateline_questions", "Questions by outcome.", ["outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "dateline_answer_seconds",
            "How long an answer took, waiting for its turn not counted.",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._desk = desk
        self._gauge("dateline_articles", "Articles stored.", lambda: float(desk.store.catalogue.count()))
        self._gauge(
            "dateline_behind_passages",
            "Passages that came or went and that this node has not taken up.",
            lambda: desk.store.lag()[0],
        )
        self._gauge(
            "dateline_behind_seconds",
            "For how long this node has been behind the catalogue.",
            lambda: desk.store.lag()[1],
        )
        self._logger = logging.getLogger("dateline")
        if log != "off" and not self._logger.handlers:
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(logging.Formatter("%(message)s"))
            self._logger.addHandler(handler)
            self._logger.setLevel(logging.INFO)
            self._logger.propagate = False

    def _gauge(self, name: str, words: str, value: Callable[[], float]) -> None:
        """Asked each time; not a number while the store does not answer."""

        def asked() -> float:
            try:
                return value()
            except QAError:
                return math.nan

        Gauge(name, words, registry=self._registry).set_function(asked)

    def lacks(self) -> str | None:
        """What keeps this node from answering: "database", "indexes" or "models"; None when it can."""
        if not self._desk.is_warm:
            return "models"
        return self._desk.store.lacks()

    def heard(self, question: str, outcome: Answer | QAError, seconds: float) -> None:
        """Counts a question and logs what became of it."""
        row: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": "ask"}
        if isinstance(outcome, Answer):
            row |= {
                "outcome": outcome.status,
                "findings": len(outcome.findings),
                "citations": len(outcome.citations),
                "written_by": outcome.written_by,
                "notice": outcome.notice is not None,
            }
        else:
            row |= {"outcome": outcome.code}
        self._questions.labels(row["outcome"]).inc()
        self._seconds.observe(seconds)
        row["ms"] = round(seconds * 1000)
        if self._log == "questions":
            row["question"] = question
        if self._log != "off":
            self._logger.info(json.dumps(row, ensure_ascii=False))

    def text(self) -> str:
        """All counts as Prometheus reads them."""
        return generate_latest(self._registry).decode()
