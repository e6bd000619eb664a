"""The import direction of DESIGN, by rooms: a room knows those before it, and none beside it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "qa"

# Each step may import every earlier one; rooms on one step do not know each other.
STEPS: list[set[str]] = [
    {"types", "errors", "settings"},
    {"english"},
    {"question", "models", "store"},
    {"ingest", "answer"},
    {"langchain", "archive"},
    {"desk"},
    {"evaluate"},
    {"surfaces"},
    {"__init__", "__main__"},
]
FILES = sorted(path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py"))
MOST_LINES = 300  # of a class
HEAVY = ("torch", "transformers", "sentence_transformers", "chromadb", "gradio", "tantivy", "langchain_core")


def room_of(file: str) -> str:
    return file.split("/", maxsplit=1)[0]


def step(room: str) -> int:
    return next(number for number, rooms in enumerate(STEPS) if room in rooms)


def imported(file: str) -> set[str]:
    """The files of `qa` that a file imports, inside functions too; imports for types alone apart."""
    tree = ast.parse((PACKAGE / f"{file}.py").read_text())
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    paths = {name.removeprefix("qa.").replace(".", "/") for name in names if name.startswith("qa.")}
    return {path if path in FILES else f"{path}/__init__" for path in paths} & set(FILES) - {file}


@pytest.mark.parametrize("file", FILES)
def test_imports_point_one_way(file: str) -> None:
    mine = room_of(file)
    wrong = [
        other
        for other in imported(file)
        if room_of(other) != mine and step(room_of(other)) >= step(mine) and mine not in STEPS[0]
    ]
    assert not wrong, f"qa/{file}.py must not import {wrong}"


def test_nouns_errors_and_settings_know_no_room() -> None:
    known = {other for file in STEPS[0] for other in imported(file)}
    assert {room_of(other) for other in known} <= STEPS[0]


def test_every_room_has_its_tests() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert rooms <= {path.name for path in (ROOT / "tests").iterdir() if list(path.glob("test_*.py"))}


def test_the_hall_is_small() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 8


@pytest.mark.parametrize("file", FILES)
def test_a_class_can_be_read_in_one_sitting(file: str) -> None:
    classes = [
        node
        for node in ast.walk(ast.parse((PACKAGE / f"{file}.py").read_text()))
        if isinstance(node, ast.ClassDef)
    ]
    assert not [node.name for node in classes if (node.end_lineno or 0) - node.lineno >= MOST_LINES]


def test_no_import_cycles() -> None:
    graph = {file: imported(file) for file in FILES}

    def reach(file: str, seen: set[str]) -> set[str]:
        for near in graph[file] - seen:
            seen.add(near)
            reach(near, seen)
        return seen

    assert not [file for file in FILES if file in reach(file, set())]


def test_importing_qa_loads_nothing_heavy() -> None:
    code = f"import qa, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("file", FILES)
def test_every_file_says_what_it_is_for(file: str) -> None:
    assert ast.get_docstring(ast.parse((PACKAGE / f"{file}.py").read_text())), f"qa/{file}.py"
