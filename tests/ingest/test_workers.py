"""Ingest over a Dask scheduler and workers that are processes of their own: what comes out is the same."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from servers import free_port
from stores import contents, told

import qa
from qa.answer.engine import Engine
from qa.desk import Assistant
from qa.errors import ClusterError
from qa.ingest import workers
from qa.ingest.workers import connected

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def worker(address: str) -> subprocess.Popen[bytes]:
    return start("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")


@contextmanager
def ended(*processes: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with one worker."""
    address = f"tcp://127.0.0.1:{free_port()}"
    main = start("scheduler", "--host", "127.0.0.1", "--port", address.rsplit(":", 1)[1], "--no-dashboard")
    with ended(main, worker(address)):
        yield address


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty articles in files of several kinds, a copy of one by another name, and a file that is none."""
    folder = tmp_path_factory.mktemp("new")
    for n in range(20):
        (folder / f"{n}.txt").write_text(f"Report {n}\n2024-05-{n + 1:02}\n\n{told(n)}")
    lines = [f'{{"url": "https://e.org/{n}", "title": "T {n}", "text": {told(n)!r}}}' for n in range(20, 30)]
    (folder / "many.jsonl").write_text("\n".join(line.replace("'", '"') for line in lines))
    (folder / "twin.txt").write_text((folder / "3.txt").read_text())
    (folder / "bad.json").write_text("{ this is no JSON")
    return folder


@pytest.fixture
def few_files_a_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "TASK_FILES", 2)


def ingested(data: Path, folder: Path, scheduler: str | None) -> tuple[Assistant, object]:
    desk = qa.open(data)
    report = desk.ingest([folder], scheduler=scheduler)
    return desk, report


def test_workers_make_of_files_what_one_machine_makes(
    scheduler: str, folder: Path, tmp_path: Path, few_files_a_task: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, report = ingested(tmp_path / "alone", folder, None)
    monkeypatch.setattr(Engine, "embed", None)  # from here on only the workers embed
    spread, other = ingested(tmp_path / "spread", folder, scheduler)
    assert other == report and len(report.failed) == 1  # type: ignore[attr-defined]
    assert contents(spread.store) == contents(alone.store) and len(contents(spread.store)) == 30
    ids = [row["id"] for row in alone.articles()]
    assert spread.store.clusters(ids) == alone.store.clusters(ids)
    assert [spread.store.sources(name) for name in ids] == [alone.store.sources(name) for name in ids]
    numbers, mine = alone.store.catalogue.vectors()
    same, theirs = spread.store.catalogue.vectors()
    assert numbers == same and abs((mine * theirs).sum(axis=1) - 1).max() < 2e-3  # batches differ in rounding
    assert spread.store.check() == []
    again = spread.ingest([folder], scheduler=scheduler)
    assert again.unchanged == 31 and not again.added
    alone.close()
    spread.close()


def test_a_worker_that_dies_is_made_up_for(
    scheduler: str, folder: Path, tmp_path: Path, few_files_a_task: None
) -> None:
    second = worker(scheduler)
    with ended(second), connected(scheduler, embedder="fast", max_words=110, allow_private=False) as spread:
        spread._client.wait_for_workers(2, timeout=60)
        paths = sorted(folder.glob("*.txt"))
        spread.expect(paths)
        found = [next(spread.read(paths[0]))]
        second.kill()
        found += [next(spread.read(path)) for path in paths[1:]]
        assert [each.source for each in found] == [path.as_posix() for path in paths]


def test_a_scheduler_that_is_not_there_or_goes_away_is_told_in_a_sentence(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "CONNECT_S", 2)
    nowhere = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(ClusterError, match=f"No Dask scheduler answers at {nowhere}"):
        ingested(tmp_path / "a", folder, nowhere)
    main = start("scheduler", "--host", "127.0.0.1", "--port", nowhere.rsplit(":", 1)[1], "--no-dashboard")
    monkeypatch.setattr(workers, "CONNECT_S", 20)
    with ended(main):
        monkeypatch.setattr(workers, "WORKERS_S", 1)
        with pytest.raises(ClusterError, match="has no workers"):
            ingested(tmp_path / "a", folder, nowhere)
        monkeypatch.setattr(workers, "WORKERS_S", 60)
        paths = sorted(folder.glob("*.txt"))
        with (
            ended(worker(nowhere)),
            connected(nowhere, embedder="fast", max_words=110, allow_private=False) as spread,
        ):
            spread.expect(paths[:1])
            list(spread.read(paths[0]))
            main.kill()
            main.wait()
            time.sleep(0.5)
            with pytest.raises(ClusterError, match="is gone"):
                list(spread.read(paths[1]))
    for name in ("distributed.client", "distributed.core"):  # which would write beside the sentence
        assert not logging.getLogger(name).isEnabledFor(logging.ERROR), name


def test_a_worker_of_another_version_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    how = workers._How("fast", 110, False, code="of another")
    with pytest.raises(ClusterError, match="another version of Dateline"):
        workers.read_files([], how)


def test_a_file_that_workers_do_not_see_is_read_here(
    scheduler: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "SENT_BYTES", 10)
    path = folder / "5.txt"
    assert workers.read_files([workers._as_sent(path)], _how()).outcomes[0] is not None  # the same disk
    elsewhere = workers._File("/nowhere/5.txt", True, None, 1, 1)
    assert workers.read_files([elsewhere], _how()).outcomes == [None]
    with connected(scheduler, embedder="fast", max_words=110, allow_private=False) as spread:
        monkeypatch.setattr(workers, "_as_sent", lambda _: elsewhere)
        spread._done["/nowhere/5.txt"] = None
        monkeypatch.setattr(workers, "name_of", lambda _: "/nowhere/5.txt")
        assert [each.source for each in spread.read(path)] == [path.as_posix()]


def _how() -> workers._How:
    return workers._How("fast", 110, False, workers._code())
