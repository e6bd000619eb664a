"""The command line: what it prints, as words and as JSON, and its exit codes."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from filelock import FileLock
from server import ROOT

import qa.ingest.watch
from qa.surfaces.cli import FAILED, INTERRUPTED, OK, WRONG_USE, ingest_main, main

Captured = pytest.CaptureFixture[str]


def test_ask_prints_the_answer_and_its_quotes(seed_data: Path, capsys: Captured) -> None:
    assert main(["ask", "Who was killed in Balashikha?", "--data", str(seed_data)]) == OK
    printed = capsys.readouterr().out
    assert "Moskalik" in printed
    assert "[1] “" in printed


def test_ask_prints_the_same_answer_as_json(seed_data: Path, capsys: Captured) -> None:
    assert main(["ask", "who was killed and where?", "--data", str(seed_data), "--json"]) == OK
    answer = json.loads(capsys.readouterr().out)
    assert {
        "question",
        "searched",
        "status",
        "text",
        "opening",
        "lines",
        "as_of",
        "findings",
        "citations",
        "closest",
        "took_ms",
    } == set(answer)
    article = (Path(__file__).parents[2] / "seeds" / "second-russian-general-killed.txt").read_text().strip()
    assert answer["citations"]
    assert all(citation["quote"] in article for citation in answer["citations"])


def test_not_found_is_a_result_and_no_failure(seed_data: Path, capsys: Captured) -> None:
    assert main(["ask", "What is the price of gold?", "--data", str(seed_data), "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["status"] == "not_found"


@pytest.mark.parametrize("question", ["", "   ", "?", "why " * 25_000])
def test_a_question_that_cannot_be_asked_is_wrong_use(
    seed_data: Path, capsys: Captured, question: str
) -> None:
    assert main(["ask", question, "--data", str(seed_data)]) == WRONG_USE
    assert capsys.readouterr().err.startswith("error: ")


def test_search_rows_have_their_article(seed_data: Path, capsys: Captured) -> None:
    assert main(["search", "car bombing", "--k", "3", "--data", str(seed_data), "--json"]) == OK
    rows = json.loads(capsys.readouterr().out)
    assert 0 < len(rows) <= 3
    assert list(rows[0]) == ["article_id", "title", "outlet", "published", "start", "end", "text", "score"]
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


def test_articles_and_remove(own_data: Path, capsys: Captured) -> None:
    assert main(["articles", "--data", str(own_data), "--json"]) == OK
    (row,) = json.loads(capsys.readouterr().out)
    assert list(row) == ["id", "revision", "title", "url", "outlet", "published", "passages", "cluster"]
    assert main(["remove", row["id"], "no such id", "--data", str(own_data)]) == FAILED
    printed = capsys.readouterr()
    assert "Removed 1 article." in printed.out
    assert "no such id" in printed.err
    assert main(["articles", "--data", str(own_data), "--json"]) == OK
    assert json.loads(capsys.readouterr().out) == []


def test_check_of_a_sound_store(seed_data: Path, capsys: Captured) -> None:
    assert main(["check", "--data", str(seed_data)]) == OK
    assert capsys.readouterr().out == "The store is sound.\n"


def test_ingest_goes_on_after_a_bad_file_and_says_so(tmp_path: Path, capsys: Captured) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "good.txt").write_text("Mayor opens bridge\n\nThe mayor of Ely opened a new bridge on Monday.\n")
    (news / "bad.txt").write_bytes(bytes(range(256)) * 40)
    with gzip.open(news / "rows.jsonl.gz", "wt") as file:
        file.write(
            json.dumps(
                {"headline": "Rain in Oslo", "body": "It rained in Oslo all day.", "date": "2024-05-01"}
            )
        )
        file.write('\n{"headline": "cut off", "bo')
    data = str(tmp_path / "data")
    assert ingest_main([str(news), str(tmp_path / "missing.txt"), "--data", data, "--json"]) == FAILED
    report = json.loads(capsys.readouterr().out)
    assert report["added"] == 2
    assert {Path(failure["source"].split("#")[0]).name for failure in report["failed"]} == {
        "bad.txt",
        "rows.jsonl.gz",
        "missing.txt",
    }
    assert main(["ask", "Where did it rain?", "--data", data]) == OK
    assert "Oslo" in capsys.readouterr().out


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "empty").mkdir()
    assert ingest_main([str(tmp_path / "empty"), "--data", str(tmp_path / "data")]) == FAILED
    assert "empty" in capsys.readouterr().err


def test_a_second_ingest_changes_nothing(own_data: Path, capsys: Captured) -> None:
    assert ingest_main(["--data", str(own_data), "--json"]) == OK
    report = json.loads(capsys.readouterr().out)
    assert (report["added"], report["updated"], report["unchanged"]) == (0, 0, 1)


@pytest.mark.parametrize(("nice", "then"), [(0, 5), (5, 5), (12, 12)])
def test_an_ingest_lets_those_who_ask_go_first(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, nice: int, then: int
) -> None:
    made: list[int] = []
    monkeypatch.setattr(os, "getpriority", lambda *_: nice)
    monkeypatch.setattr(os, "setpriority", lambda which, process, priority: made.append(priority))
    assert ingest_main(["--data", str(own_data), "--quiet"]) == OK
    assert made == [then]


def test_a_second_writer_says_that_it_waits_and_then_goes_on(own_data: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "qa", "remove", "nothing", "--data", str(own_data)]
    with FileLock(own_data / "write.lock"):
        second = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert second.stderr
        assert "waiting" in second.stderr.readline()
    assert "'nothing'" in second.communicate(timeout=60)[1] and second.returncode == FAILED


def test_watching_reports_each_time_something_came_until_it_is_stopped(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "one.txt").write_text("Mayor opens bridge\n\nThe mayor of Ely opened a new bridge on Monday.\n")

    def steps(given: Sequence[str], **_: object) -> Iterator[Sequence[str | Path]]:
        yield given
        yield given  # nothing new: not told
        (news / "two.txt").write_text("Rain in Oslo\n\nIt rained in Oslo all day on Tuesday.\n")
        yield [news / "two.txt"]
        raise KeyboardInterrupt

    monkeypatch.setattr(qa.ingest.watch, "watch", steps)
    data = tmp_path / "data"
    assert ingest_main([str(news), "--data", str(data), "--watch", "--json"]) == INTERRUPTED
    reports = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [report["added"] for report in reports] == [1, 1]


def test_parse_prints_one_article_a_line_and_stores_nothing(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>Flood in Genoa</title></head><body><article><h1>Flood in Genoa</h1>"
        + "<p>The river Bisagno left its bed on Tuesday and flooded two streets of Genoa.</p>" * 3
        + "</article></body></html>"
    )
    assert main(["parse", str(page), "--json"]) == OK
    (line,) = capsys.readouterr().out.splitlines()
    article = json.loads(line)
    fields = ["title", "outlet", "author", "published", "modified", "language", "url", "text", "captions"]
    assert list(article) == fields
    assert article["title"] == "Flood in Genoa"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize(
    "arguments", [["ask"], ["ask", "x", "--now", "someday"], ["search", "x", "--k", "0"], ["sing"]]
)
def test_wrong_use_exits_with_2(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == WRONG_USE
    assert "usage" in capsys.readouterr().err
