"""What benchmarks leave behind: results that say where they come from, and a page that says what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import golden, summary
from qa.models.read import load_reader
from qa.types import Passage

RESULTS = summary.saved()


def test_the_page_is_made_from_the_results_as_they_are() -> None:
    """Else: python -m benchmarks.summary"""
    assert summary.PAGE.read_text() == summary.page(RESULTS)


def test_the_page_is_short_enough_to_be_read() -> None:
    assert len(summary.PAGE.read_bytes()) <= summary.PAGE_BYTES


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_says_how_when_and_where_it_was_measured(name: str) -> None:
    result = RESULTS[name]
    for field in ("title", "command", "date", "commit", "machine", "versions"):
        assert result[field], field
    assert result["command"].startswith("python -m benchmarks.")
    module = result["command"].split()[2].replace(".", "/")
    assert (summary.ROOT / f"{module}.py").exists(), "the command that makes it again"


def test_a_saved_result_carries_its_interval_baseline_and_origin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "RESULTS", tmp_path)
    monkeypatch.setattr("sys.modules", {**sys.modules, "__main__": object()})
    monkeypatch.setattr(
        "sys.argv", ["benchmarks/quality.py", "--data", "../x", "--limit", "9", "--save", "answers"]
    )
    cell = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 80}
    rows = [
        summary.row("exact", cell, goal=0.6, BM25=0.3),
        summary.share("refused", 0.9, 100),
        summary.Row("not on the page", 7, shown=False),
    ]
    path = summary.save("answers", "Answers", rows, note="Half of them.")
    kept = json.loads(path.read_text())
    assert kept["command"] == "python -m benchmarks.quality --limit 9", "no folder of this machine"
    assert kept["versions"]["chromadb"]
    assert "cores" in kept["machine"]
    assert "load" in kept["machine"]
    page = summary.page(summary.saved())
    assert "| exact | .500 (.400–.600) | BM25 .300 | .600 | 80 |" in page
    assert "| refused | .900 (.826–.945) |" in page, "Wilson's interval of 90 in 100"
    assert "not on the page" not in page
    assert kept["rows"][2]["value"] == 7
    assert kept["commit"] in page


def test_a_part_that_is_measured_again_leaves_the_other_parts_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "RESULTS", tmp_path)
    for part, value in (("nodes", 1), ("kills", 2), ("nodes", 3)):
        monkeypatch.setattr("sys.argv", ["benchmarks/many.py", part])
        path = summary.save("many", "Many", [summary.Row("errors", value)], part=part)
    rows = json.loads(path.read_text())["rows"]
    assert {row["measure"]: row["value"] for row in rows} == {"kills: errors": 2, "nodes: errors": 3}
    assert [row["command"].split()[-1] for row in rows] == ["kills", "nodes"]
    assert "| nodes: errors | 3 |" in summary.page(summary.saved())


def test_the_parts_of_an_ingest_are_found_where_they_are_done(tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    text = "The mayor of Ely opened a bridge on Tuesday. It had been closed for eleven years. " * 5
    articles.write_text("".join(json.dumps({"id": str(n), "text": f"{n}. {text}"}) + "\n" for n in range(3)))
    command = [sys.executable, summary.ROOT / "benchmarks" / "ingest.py", "--role", "parts"]
    told = subprocess.run(
        [*command, "--articles", articles, "--store", tmp_path / "store"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    parts = json.loads(told.stdout)["parts"]
    assert parts.keys() == {
        "reading, cleaning, cutting", "embedder", "Chroma", "word index", "catalogue", "copies"
    }  # fmt: skip
    assert all(seconds > 0 for seconds in parts.values())


def test_what_the_reader_said_is_not_asked_again_wherever_the_same_passage_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, text = "Who opened the bridge?", "The mayor of Ely, Ann Smith, opened the bridge on Tuesday."
    first, later = Passage("a", 0, len(text), text), Passage("b", 70, 70 + len(text), text)
    reader, file = load_reader(threads=1), tmp_path / "said.sqlite"
    looked, studied = reader.look(question, [later]), reader.study([(question, later)])
    remembering = golden.Remembering(reader, file)
    assert remembering.look(question, [first]) == reader.look(question, [first])
    assert remembering.read_many([(question, first)]) == reader.read_many([(question, first)])
    again = golden.Remembering(reader, file)
    monkeypatch.setattr(again, "_network", None)  # it could not be asked
    assert again.look(question, [later]) == looked
    assert again.study([(question, later)]) == studied
    assert studied[0].spans
    assert again.rank(question, [later]) == reader.rank(question, [later])
