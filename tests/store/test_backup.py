"""The backup as docs/ingest.md has it: a copy of a store that is being written, and the way back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from stores import contents, lost, open_store, put
from writer import numbered

ROOT = Path(__file__).parents[2]


def commands() -> list[str]:
    """The code under `Backups`: how to copy, and how to go back."""
    written = (ROOT / "docs" / "ingest.md").read_text().partition("## Backups")[2]
    return re.findall(r"```bash\n(.*?)```", written, re.DOTALL)


def shell(lines: str, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["bash", "-e", "-c", lines], cwd=folder, env={**os.environ, "PATH": path}, check=True)


def test_a_store_that_is_being_written_is_copied_and_comes_back_as_it_was(tmp_path: Path) -> None:
    copy, restore = commands()
    store = open_store(tmp_path / "data")
    put(store, *(numbered(n) for n in range(20)))
    with store.writing():
        put(store, numbered(20), commit=False)  # stored, and not yet in the indexes
        shell(copy, tmp_path)
        kept = contents(store)
        put(store, numbered(21))
        store.remove(["a3"])
        store.commit()
    store.close()
    shell(restore.partition("python ingest.py")[0], tmp_path)
    store = open_store(tmp_path / "data")
    with store.writing():
        store.rebuild()
    assert contents(store) == kept and store.check() == [] and lost(store) == []
    store.close()
