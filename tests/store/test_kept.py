"""Answers of the page that an address opens again."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.store import kept
from qa.store.kept import Kept


def test_an_answer_is_opened_by_its_id_also_by_the_next_server(tmp_path: Path) -> None:
    first = Kept(tmp_path)
    names = [first.keep({"question": f"Who is №{n}?"}) for n in range(3)]
    first.close()
    assert all(names) and len(set(names)) == 3
    again = Kept(tmp_path).answers([str(names[2]), "unknown", str(names[0])])
    assert [row["question"] for row in again] == ["Who is №2?", "Who is №0?"]
    assert again[0]["id"] == names[2]


def test_only_the_newest_answers_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    held = Kept(tmp_path)
    names = [str(held.keep({"question": str(n)})) for n in range(4)]
    assert [row["question"] for row in held.answers(names)] == ["2", "3"]


def test_a_folder_that_cannot_be_written_keeps_nothing_and_fails_nobody(tmp_path: Path) -> None:
    held = Kept(tmp_path / "gone")
    assert held.keep({"question": "Who?"}) is None
    assert held.answers(["x"]) == []
