"""What a start costs: with the default settings, nothing heavy is imported that the command does not need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHOW = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
TORCH = {"torch", "transformers", "sentence_transformers"}
HEAVY = TORCH | {
    "chromadb",
    "gradio",
    "langchain",
    "langchain_core",
    "trafilatura",
    "pandas",
    "scipy",
    "sklearn",
}


def loaded(command: str, *arguments: str) -> set[str]:
    """The packages that a command has imported when it is done."""
    code = f"from qa.surfaces.cli import main; assert main({[command, *arguments]!r}) == 0; {SHOW}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("command", [("search", "bombing"), ("articles",)])
def test_a_command_over_a_small_store_imports_nothing_heavy(
    command: tuple[str, ...], seed_data: Path
) -> None:
    assert loaded(*command, "--data", str(seed_data)) & HEAVY == set()


def test_an_ingest_imports_no_torch(tmp_path: Path) -> None:
    assert loaded("ingest", "seeds", "--quiet", "--data", str(tmp_path / "data")) & TORCH == set()
    assert (tmp_path / "data" / "catalogue.db").exists()
