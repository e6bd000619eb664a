"""Asks a desk questions with known answers and measures search and answers.

Takes two JSON-lines files (plain or gzip), gives a dictionary of numbers with their confidence intervals.
Articles: `{id, url, title, source, published, text}`. Questions: `{id, question, date, answers, articles,
facts, kind, answerable}`, of which only `question` is required: what is absent is not measured.
`python -m qa eval` and `benchmarks/quality.py` are built on it. Knows the desk only by its surface.
"""

from __future__ import annotations

import gzip
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qa.errors import LoadError
from qa.evaluate.measures import DEPTH, Question, Record
from qa.evaluate.report import summarise
from qa.types import RawArticle

if TYPE_CHECKING:
    from qa.desk import Assistant

Value = TypeVar("Value")
Row = Mapping[str, Any]


def evaluate(
    articles: Path,
    questions: Path,
    *,
    data: Path | None = None,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """All measures of a desk over `articles` asked `questions` (the first `limit` of them).

    `data` keeps the store for the next run; without it a temporary one is built and removed.
    `settings` go to `qa.open`. `progress` is called with how many questions are done, and how many there are.
    """
    import qa

    with tempfile.TemporaryDirectory(prefix="dateline-eval-") as scratch:
        store = data or Path(scratch)
        desk = qa.open(store, **settings)
        unchecked = qa.open(store, **{**settings, "answer_threshold": 0.0})
        try:
            report = desk.ingest([articles])
            asked = read_questions(questions, stored_ids(articles))[:limit]
            records = list(ask_all(desk, asked, unchecked=unchecked, progress=progress))
        finally:
            unchecked.close()
            desk.close()
    stored = report.added + report.updated + report.unchanged
    return {"articles": stored, "failed": len(report.failed), **summarise(records)}


# Reading


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file, plain or gzip. Raises LoadError, naming the line, for others."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _object(line, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{path} cannot be read: {error}. Give JSON lines, plain or gzip.") from None


def _object(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise LoadError(f"{place} is not JSON: {error}.") from None
    if not isinstance(row, dict):
        raise LoadError(f"{place} should be an object with fields.")
    return row


def stored_ids(articles: Path) -> dict[str, str]:
    """Each row's own id -> the id under which the store keeps that article."""
    from qa.ingest.clean import clean
    from qa.ingest.load import load

    ids = {}
    for raw in load(articles):
        if isinstance(raw, RawArticle):
            own = raw.source.rpartition("#")[2]
            ids[own] = clean(replace(raw, text="Only the identity is wanted here.")).id
    return ids


def read_questions(path: Path, stored: Mapping[str, str]) -> list[Question]:
    """The questions of a file; gold articles that are not `stored` are left out."""
    return [_question(row, number, stored) for number, row in enumerate(read_rows(path), start=1)]


def _question(row: Row, number: int, stored: Mapping[str, str]) -> Question:
    text = row.get("question") or row.get("query")
    if not isinstance(text, str) or not text.strip():
        raise LoadError(f"Question {number} has no `question`.")
    gold = row.get("articles") or row.get("relevant") or []
    if row.get("labels") == "weak":  # articles that merely contain the answer's words
        gold = []
    day = row.get("date")
    return Question(
        id=str(row.get("id", number)),
        text=text,
        day=date.fromisoformat(day[:10]) if day else None,
        answers=tuple(map(str, row.get("answers") or ())),
        gold=frozenset(stored[str(one)] for one in gold if str(one) in stored),
        facts=tuple(fact["text"] if isinstance(fact, dict) else str(fact) for fact in row.get("facts") or ()),
        kind=str(row.get("kind") or ""),
        answerable=bool(row.get("answerable", True)),
    )


# Asking


def ask_all(
    desk: Assistant,
    questions: Sequence[Question],
    *,
    unchecked: Assistant | None = None,
    answers: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Record]:
    """One record a question, in order. Without `answers`, only search is measured."""
    if questions:  # the first call loads models and opens indexes; its time is nobody's latency
        _ask(desk, questions[0], None, answers=answers)
    for done, question in enumerate(questions, start=1):
        yield _ask(desk, question, unchecked, answers=answers)
        if progress:
            progress(done, len(questions))


def _ask(desk: Assistant, question: Question, unchecked: Assistant | None, *, answers: bool) -> Record:
    hits, search_ms = timed(lambda: desk.search(question.text, k=DEPTH, now=question.day))
    ranked = tuple((hit.passage.article_id, hit.passage.text) for hit in hits)
    record = Record(question, ranked, search_ms)
    if not answers:
        return record
    answer, ask_ms = timed(lambda: desk.ask(question.text, now=question.day))
    free = None
    if unchecked and answer.status != "answered":
        free = unchecked.ask(question.text, now=question.day)
    return replace(record, answer=answer, unchecked=free, ask_ms=ask_ms)


def timed(call: Callable[[], Value]) -> tuple[Value, float]:
    """What `call` gives, and how many milliseconds it took."""
    started = time.perf_counter()
    value = call()
    return value, (time.perf_counter() - started) * 1000
