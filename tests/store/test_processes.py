"""Several processes on one store: readers follow, writers lose nothing, kills and full disks cost nothing."""

from __future__ import annotations

import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from stores import contents, embed, found, lost, open_store, put, told
from writer import numbered

from qa.store.store import Store
from qa.types import Filters

WRITER = Path(__file__).parents[1] / "writer.py"
FOLLOWS_S = 2.0  # a reader finds what another process has finished ingesting within so long
KILLS = 4  # benchmarks/ingest.py --kills does more


def start(data: Path, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """A writer that has begun."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(WRITER), str(data), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def finish(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    return output


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "data")
    put(opened, *(numbered(n) for n in range(30)))
    yield opened
    opened.close()


def test_an_open_reader_finds_what_another_process_adds_and_loses_what_it_removes(
    store: Store, tmp_path: Path
) -> None:
    new = numbered(700)
    vector = embed([told(700)])[0]
    assert found(store, "mark700") == set()
    finish(start(tmp_path / "data", "put", 700, 701))
    assert "a700" in _within(store, there=True)
    passages = store.passages(new.id)
    assert len(passages) == 1 and passages[0].text == new.text
    finish(start(tmp_path / "data", "remove", 700, 701))
    words, near = store.search("mark700", vector, k=50)
    assert "a700" not in {hit.passage.article_id for hit in [*words, *near]}
    assert lost(store) == []


def _within(store: Store, *, there: bool) -> set[str]:
    """Ids found by words and by vector; waits for `a700` as long as a reader may take to follow."""
    deadline = time.monotonic() + FOLLOWS_S
    while True:
        words, near = store.search("mark700", embed([told(700)])[0], k=50)
        both = {hit.passage.article_id for hit in words} & {hit.passage.article_id for hit in near}
        if ("a700" in both) == there or time.monotonic() > deadline:
            return both


def test_readers_meet_no_error_while_another_process_writes_rebuilds_and_removes(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    narrow = Filters(since=date(2024, 1, 5), until=date(2024, 1, 20), outlets=("outlet 1",))
    vector = embed(["x"])[0]
    searches = 0
    with caplog.at_level(logging.WARNING):
        for command in (("put", 30, 150), ("rebuild",), ("remove", 40, 150)):
            writer = start(tmp_path / "data", *command)
            while writer.poll() is None:
                for filters in (Filters(), narrow):
                    words, near = store.search("mark7", vector, k=20, filters=filters)
                    assert near and all(hit.passage.text for hit in words)
                    searches += 1
            finish(writer)
    assert searches > 20 and not caplog.records, caplog.text  # an index that had to be opened again is told
    assert len(store.articles()) == 40 and lost(store) == [] and store.check() == []


def test_three_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    writers = [start(data, "put", first, first + 40) for first in (0, 40, 80)]
    for writer in writers:
        finish(writer)
    store = open_store(data)
    assert len(store.articles()) == 120 and store.check() == [] and lost(store) == []
    store.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred articles in files, two in each."""
    folder = tmp_path_factory.mktemp("articles")
    for n in range(0, 100, 2):
        lines = [f'{{"url": "https://e.org/{m}", "text": {told(m)!r}}}'.replace("'", '"') for m in (n, n + 1)]
        (folder / f"{n}.jsonl").write_text("\n".join(lines))
    return folder


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A store that was ingested in peace, and how many seconds that took."""
    data = tmp_path_factory.mktemp("undisturbed") / "data"
    writer = start(data, "ingest", folder)
    started = time.monotonic()
    assert finish(writer).split() == ["100", "0", "0", "0"]
    return data, time.monotonic() - started


def test_a_run_after_kills_at_any_moment_leaves_what_an_undisturbed_run_leaves(
    folder: Path, undisturbed: tuple[Path, float], tmp_path: Path
) -> None:
    peaceful, seconds = undisturbed
    data, chance = tmp_path / "data", random.Random(5)
    for _ in range(KILLS):
        writer = start(data, "ingest", folder)
        time.sleep(chance.uniform(0, seconds))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
    added, updated, unchanged, failed = map(int, finish(start(data, "ingest", folder)).split())
    assert added + unchanged == 100 and updated == failed == 0
    mended, whole = open_store(data), open_store(peaceful)
    assert contents(mended) == contents(whole) and mended.check() == [] and lost(mended) == []
    ids = [row["id"] for row in whole.articles()]
    assert mended.clusters(ids) == whole.clusters(ids)
    mended.close()
    whole.close()


def test_a_full_disk_is_said_in_a_sentence_and_nothing_stored_is_lost(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    writer = start(data, "ingest", folder, DATELINE_TEST_FILE_BYTES="400000")
    output, _ = writer.communicate(timeout=120)
    assert writer.returncode == 3 and "Traceback" not in output and "space" in output, output
    store = open_store(data)
    before = {row["id"] for row in store.articles()}
    finish(start(data, "ingest", folder))
    assert before <= {row["id"] for row in store.articles()} and len(store.articles()) == 100
    assert store.check() == [] and lost(store) == []
    store.close()


def test_a_folder_without_write_permission_is_said_in_a_sentence(
    undisturbed: tuple[Path, float], tmp_path: Path
) -> None:
    data = Path(shutil.copytree(undisturbed[0], tmp_path / "data"))
    for path in (data, *data.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    code = (
        "import os, sys; sys.path[:0] = sys.argv[1:3]; import chromadb, tantivy\n"
        "from pathlib import Path; from stores import *; from qa.errors import StoreError\n"
        "if os.geteuid() == 0: os.setegid(65534); os.seteuid(65534)  # root may write everywhere\n"
        "try: put(open_store(Path(sys.argv[3])), article('new', 'A new article.'))\n"
        "except StoreError as error: print(error)"
    )
    for path in (tmp_path, *tmp_path.parents[:3]):
        path.chmod(0o755)
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            code,
            str(WRITER.parent),
            str(WRITER.parent.parent),
            str(data),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "write permission" in done.stdout and not done.returncode, done
