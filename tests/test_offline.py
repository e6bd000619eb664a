"""Nothing leaves the machine: ingest, a question and the app with all outside connections refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from server import serving

ROOT = Path(__file__).parent.parent
GUARD = ROOT / "tests" / "refuse_outside"


@pytest.fixture
def guarded(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """An environment in which Python refuses outside connections, and the file where it notes them."""
    log = tmp_path / "refused"
    return {**os.environ, "PYTHONPATH": str(GUARD), "REFUSED_LOG": str(log)}, log


def run(arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_guard_refuses_and_notes(guarded: tuple[dict[str, str], Path]) -> None:
    environment, log = guarded
    code = "import socket; socket.create_connection(('example.org', 80))"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert done.returncode != 0
    assert "example.org" in log.read_text()


@pytest.mark.long
def test_ingest_and_a_question_work_without_a_network(
    guarded: tuple[dict[str, str], Path], tmp_path: Path
) -> None:
    environment, log = guarded
    data = str(tmp_path / "data")
    run(["ingest.py", "--data", data], environment)
    printed = run(["-m", "qa", "ask", "Who was killed?", "--data", data, "--json"], environment)
    assert json.loads(printed)["status"] == "answered"
    assert not log.exists(), log.read_text()


@pytest.mark.long
def test_the_app_starts_and_answers_without_a_network(
    guarded: tuple[dict[str, str], Path], own_data: Path
) -> None:
    environment, log = guarded
    with serving(own_data, environment=environment) as server:
        assert server.ask("Who was killed?")["status"] == "answered"
        assert "Dateline" in server.get("/")
    assert not log.exists(), log.read_text()
