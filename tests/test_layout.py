"""The import direction of DESIGN: types, errors ← helpers ← settings ← stages ← flows ← surfaces ← doors."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "qa"

# A file that is not named here is a stage: it imports nouns, helpers and settings, never another stage.
NOUNS = {"types", "errors"}
HELPERS = {
    "places",
    "sentences",
    "index_text",
    "dates",
    "timewords",
    "blocks",
    "names",
    "clauses",
    "topic",
    "runtime",
    "int8",
    "values",
}
SETTINGS = {"settings"}
INDEXES = {"catalogue", "lexical", "vectors", "cluster"}  # behind one door: store
FLOWS = {"ingest", "ask"}
PLUGS = {"evaluate", "__init__"}
SURFACES = {"cli", "chat", "api", "render", "serve", "meter", "__main__"}

MODULES = sorted(path.stem for path in PACKAGE.glob("*.py"))
HEAVY = ("torch", "transformers", "sentence_transformers", "chromadb", "gradio", "tantivy", "langchain_core")


def layer(module: str) -> int:
    order = [NOUNS, HELPERS, SETTINGS, INDEXES]
    for number, names in enumerate(order):
        if module in names:
            return number
    later = [FLOWS, PLUGS, SURFACES]
    return next((number for number, names in enumerate(later, start=5) if module in names), 4)


def imported(module: str) -> set[str]:
    """Names of the modules of `qa` that `module` imports, inside functions too, types apart."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text())
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "qa":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[1] for name in node.names if name.name.startswith("qa.")}
    return found & set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module: str) -> None:
    mine = layer(module)
    helpers = {1, 5, 6, 7}  # layers whose members may know each other; import cycles are refused below
    wrong = [
        name
        for name in imported(module)
        if layer(name) > mine or (layer(name) == mine and mine not in helpers)
    ]
    assert not wrong, f"qa/{module}.py must not import {wrong}"


def test_no_import_cycles() -> None:
    graph = {module: imported(module) for module in MODULES}

    def reach(module: str, seen: frozenset[str]) -> set[str]:
        return {module} | {
            far for near in graph[module] if near not in seen for far in reach(near, seen | {near})
        }

    cycles = [
        module for module in MODULES if any(module in reach(near, frozenset()) for near in graph[module])
    ]
    assert not cycles


def test_importing_qa_loads_nothing_heavy() -> None:
    code = f"import qa, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", MODULES)
def test_every_file_says_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(ast.parse((PACKAGE / f"{module}.py").read_text())), f"qa/{module}.py"
