"""Answers of the page that an address opens again."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from servers import postgres

import qa
from qa.store import kept
from qa.store.kept import KEPT_FILE, Kept


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


def test_kept_answers_are_let_go_with_the_desk(tmp_path: Path) -> None:
    def is_open() -> bool:
        return str(tmp_path / KEPT_FILE) in {file.path for file in psutil.Process().open_files()}

    with qa.open(tmp_path) as desk:
        name = str(desk.kept.keep({"question": "Who?"}))
        assert desk.kept.answers([name])
        assert is_open()
    assert not is_open()


def test_on_a_database_server_every_node_opens_what_one_of_them_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    with postgres() as server:
        url = server.make_database()
        first, second = Kept(tmp_path / "a", url), Kept(tmp_path / "b", url)
        names = [str(node.keep({"question": f"Łódź №{n}?"})) for n, node in enumerate((first, second, first))]
        assert [row["question"] for row in second.answers(names)] == ["Łódź №1?", "Łódź №2?"]
        server.kill()
        assert second.keep({"question": "Who?"}) is None and second.answers(names) == []
        first.close()
        second.close()
    assert not (tmp_path / "a").exists()
