"""Reading questions from files, and asking a desk all of them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from records import TEXT

from qa.errors import LoadError
from qa.evaluate import run


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(lines.encode()) if path.suffix == ".gz" else lines.encode())
    return path


def test_gold_articles_are_named_as_the_store_names_them(tmp_path: Path) -> None:
    articles = write(
        tmp_path / "articles.jsonl.gz",
        [
            {
                "id": "r1",
                "url": "https://Example.com/one?utm_source=feed",
                "title": "One",
                "text": "Text one.",
            },
            {"id": 2, "title": "Two", "text": "Text two."},
        ],
    )
    rows = [{"question": "What?", "articles": ["r1", 2, "gone"]}, {"query": "Who?", "relevant": [2]}]
    questions = run.read_questions(write(tmp_path / "q.jsonl", rows), run.stored_ids(articles))
    assert questions[0].gold == {"https://example.com/one", f"{articles.as_posix()}#2"}
    assert questions[1].gold == {f"{articles.as_posix()}#2"}


def test_weak_labels_are_no_gold(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", [{"question": "What?", "articles": ["a"], "labels": "weak"}])
    assert run.read_questions(path, {"a": "a"})[0].gold == frozenset()


@pytest.mark.parametrize(
    ("content", "place"), [("{broken", "line 1"), ("[1]", "line 1"), ('{"id": 1}', "Question 1")]
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, content: str, place: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(content)
    with pytest.raises(LoadError, match=place):
        run.read_questions(path, {})


def test_a_missing_file_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="cannot be read"):
        run.read_questions(tmp_path / "none.jsonl", {})


@pytest.mark.long
def test_a_desk_is_measured_from_two_files(tmp_path: Path) -> None:
    articles = write(
        tmp_path / "articles.jsonl",
        [
            {"id": "a", "title": "Bomb", "published": "2024-12-17", "text": TEXT},
            {
                "id": "b",
                "title": "Bread",
                "published": "2024-12-18",
                "text": "A baker in Lyon won the bread prize.",
            },
        ],
    )
    questions = write(
        tmp_path / "questions.jsonl",
        [
            {"question": "Who was killed in Moscow?", "answers": ["Igor Kirillov"], "articles": ["a"]},
            {"question": "What is the price of gold?", "answerable": False, "date": "2024-12-18"},
        ],
    )
    done: list[tuple[int, int]] = []
    result = run.evaluate(articles, questions, progress=lambda *step: done.append(step))
    assert result["articles"] == 2
    assert done == [(1, 2), (2, 2)]
    assert result["retrieval"]["gold article @1"]["value"] == 1
    assert result["answers"]["gold answer in the text"]["value"] == 1
    assert result["answers"]["refused, of the unanswerable"]["value"] == 1
