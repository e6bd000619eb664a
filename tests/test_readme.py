"""Every command and program in README.md does what stands below it. (`make test` is what runs this.)"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from server import ROOT, Server, serving

README = (ROOT / "README.md").read_text()
BIN = Path(sys.executable).parent
MADE = ("make ",)  # `make test` is running, `make app` is the same two programs that are run here


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def run(command: list[str], folder: Path = ROOT) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shown() -> list[tuple[str, str]]:
    """(command, the output printed below it) of the console blocks."""
    found = [
        tuple(part.split("\n", 1))
        for block in blocks("console")
        for part in block.split("$ ")
        if part.strip()
    ]
    return [(command, output.strip()) for command, output in found if not command.startswith(MADE)]


@pytest.mark.parametrize(("command", "output"), shown(), ids=[command for command, _ in shown()])
@pytest.mark.long
def test_a_command_prints_what_is_shown(own_data: Path, command: str, output: str) -> None:
    printed = run([*shlex.split(command), "--data", str(own_data)])
    assert printed.strip().startswith(output)


@pytest.mark.long
def test_make_app_prints_what_is_shown(tmp_path: Path) -> None:
    (block,) = (block for block in blocks("console") if block.startswith("$ make app\n"))
    _, installing, ingested, greeting = block.splitlines()
    assert installing in (ROOT / "Makefile").read_text()
    data = tmp_path / "data"
    assert run([sys.executable, "ingest.py", "--data", str(data)]).strip() == ingested
    with serving(data) as server:
        printed = server.printed(lines=1).splitlines()[0]
    assert printed.replace(server.url, "http://127.0.0.1:7860") == greeting


def test_every_make_target_that_is_named_exists() -> None:
    named = set(re.findall(r"`make (\w+)", README)) | set(re.findall(r"^\$ make (\w+)", README, re.MULTILINE))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named
    assert named <= targets


@pytest.mark.long
def test_the_scripts_get_the_answer_from_a_running_app(server: Server, own_data: Path) -> None:
    client, own = blocks("python")
    (curl,) = blocks("bash")
    printed = run([sys.executable, "-c", client.replace("http://127.0.0.1:7860", server.url)])
    events = run(["bash", "-c", curl.replace("http://127.0.0.1:7860", server.url)])
    assert "Yaroslav Moskalik" in printed
    assert "Igor Kirillov" in printed
    assert "event: complete" in events
    assert "Igor Kirillov" in events
    assert "Igor Kirillov" in run([sys.executable, "-c", own], own_data.parent)


def test_every_file_that_is_named_exists() -> None:
    linked = re.findall(r"\]\(([^)#]+)\)", README)
    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_docs_hold_the_pictures_that_are_shown_and_no_others() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {name for page in pages for name in re.findall(r"([\w-]+\.png)\)", page.read_text())}
    assert {path.name for path in (ROOT / "docs").glob("*.png")} == shown


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "README.md"])
def test_every_file_that_a_table_names_exists(page: str) -> None:
    """`qa/ingest/load/`, or `clean.py` after a folder in the same row."""
    missing = []
    for row in (line for line in (ROOT / page).read_text().splitlines() if line.startswith("| ")):
        folder = ROOT
        for name in re.findall(r"`([\w./]+)`", row):
            found = next((base / name for base in (ROOT, folder) if (base / name).exists()), None)
            if found is None:
                missing.append(name)
            elif found.is_dir():
                folder = found
            else:
                folder = found.parent
    assert not missing


def test_contributing_is_short() -> None:
    """Its table has some ten rows: a room each, not a file."""
    rows = [line for line in (ROOT / "CONTRIBUTING.md").read_text().splitlines() if line.startswith("| ")]
    assert len(rows) - 1 <= 12
