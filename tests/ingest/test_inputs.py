"""Inputs that newsrooms have, row by row of `inputs/expected.jsonl`: what is read of each, what is said."""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from stores import embed, open_store

from qa.ingest.flow import ingest
from qa.surfaces import cli

INPUTS = Path(__file__).parent / "inputs"
ROWS = [json.loads(line) for line in (INPUTS / "expected.jsonl").read_text("utf-8").splitlines()]
FILES = [row for row in ROWS if "file" in row]
STORED = [row for row in ROWS if "store" in row]


@pytest.fixture(scope="module")
def check() -> ModuleType:
    """The checker that comes with the inputs."""
    spec = importlib.util.spec_from_file_location("inputs_check", INPUTS / "check.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("row", FILES, ids=[row["file"] for row in FILES])
def test_a_file_gives_what_is_right_for_its_kind(
    row: dict[str, Any], check: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["parse", str(INPUTS / row["file"]), "--json"])
    printed = capsys.readouterr()
    came = [json.loads(line) for line in printed.out.splitlines()]
    said = printed.err.replace(str(INPUTS / row["file"]), "")
    done = argparse.Namespace(stderr=said, stdout=printed.out, returncode=code)
    outcomes = [check._wrong_outcome(expected, came, done) for expected in row.get("either", [row])]
    assert min(outcomes, key=len) == []


@pytest.mark.parametrize("row", STORED, ids=[row["kind"] for row in STORED])
def test_files_stored_one_after_the_other_leave_what_is_right(
    row: dict[str, Any], check: ModuleType, tmp_path: Path
) -> None:
    store = open_store(tmp_path / "data")
    calls = row["store"] if isinstance(row["store"][0], list) else [row["store"]]
    for names in calls:
        report = ingest([INPUTS / name for name in names], store=store, embed=embed).to_dict()
    stored = store.articles()
    texts = [" ".join(part.text.split()) for each in stored for part in store.passages(each["id"])]
    store.close()
    said = json.dumps(report, ensure_ascii=False).lower()
    counts = {name: len(value) if isinstance(value, list) else value for name, value in report.items()}
    assert {name: counts[name] for name in row.get("report", {})} == row.get("report", {})
    assert [word for word in row.get("says", []) if word.lower() not in said] == []
    for expected in row.get("articles", []):
        assert any(not check._wrong_article(expected, each) for each in stored), (expected, stored)
    assert len(stored) == len(row.get("articles", stored))
    for search in row.get("search", []):
        assert all(any(words in text for text in texts) for words in search.get("has", []))
        assert not any(words in text for text in texts for words in search.get("lacks", []))
