"""Ingest by Dask workers beside one machine alone: what the engine costs, and how far workers help.

    python -m benchmarks.cluster [--articles 2000] [--workers 1 2] [--embedder minilm]
    python -m benchmarks.cluster --demo          three workers, one killed; the result is that of one machine

Starts a scheduler and workers here, one thread each; alone, one thread reads and embeds as well. What is
compared is processor time, of all processes together: the clock of a busy machine tells nothing. From the
part that stays with the machine that ingests follows how many workers it can keep busy. Articles are made;
prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from stores import told  # noqa: E402

PER_FILE = 20  # articles in a file of JSON lines
SENTENCES = 30  # of an article: 2,700 characters, five passages
MODELLED = (1, 2, 4, 8, 16, 32)  # workers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--embedder", default="minilm")
    parser.add_argument("--demo", action="store_true", help="200 articles, three workers, one killed")
    parser.add_argument("--one", nargs=3, metavar=("DATA", "FOLDER", "SCHEDULER"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(_ingest(*chosen.one, chosen.embedder)))
        return 0
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        return _demo(Path(folder), chosen) if chosen.demo else _compare(Path(folder), chosen)


def _demo(folder: Path, chosen: argparse.Namespace) -> int:
    _make(folder / "new", 200)
    print("Ingesting 200 articles on this machine alone…", flush=True)
    alone = _run(folder / "alone", folder / "new", "", chosen.embedder)
    print(f"  {alone['added']} added.\nStarting a scheduler and three workers…", flush=True)
    with _cluster(3) as cluster:
        print(f"  {cluster.address}\nIngesting the same with --scheduler, and killing a worker…", flush=True)
        run = _start(folder / "spread", folder / "new", cluster.address, chosen.embedder)
        time.sleep(5)
        cluster.kill_worker()
        spread = _result(run)
    print(f"  {spread['added']} added.")
    same = spread["contents"] == alone["contents"]
    print("The two stores hold the same." if same else "The two stores differ!")
    return 0 if same else 1


def _compare(folder: Path, chosen: argparse.Namespace) -> int:
    _make(folder / "new", chosen.articles)
    alone = _run(folder / "alone", folder / "new", "", chosen.embedder)
    found: dict[str, Any] = {"articles": chosen.articles, "embedder": chosen.embedder, "alone": alone}
    same = True
    for count in chosen.workers:
        with _cluster(count) as cluster:
            cluster.warm(chosen.embedder)
            before = sum(_cpu(worker.pid) for worker in cluster.workers)
            row = _run(folder / f"by-{count}", folder / "new", cluster.address, chosen.embedder)
            row["workers_cpu_s"] = round(sum(_cpu(worker.pid) for worker in cluster.workers) - before, 1)
        row["overhead"] = round((row["cpu_s"] + row["workers_cpu_s"]) / alone["cpu_s"] - 1, 3)
        same = same and row["contents"] == alone["contents"]
        found[f"{count} workers"] = row
    found["modelled_articles_per_s"] = _model(found[f"{chosen.workers[0]} workers"], chosen.articles)
    found["right"] = same
    print(json.dumps(found, indent=2))
    return 0 if same else 1


def _model(row: dict[str, Any], articles: int) -> dict[str, float]:
    """By workers: as many as they make, or as many as the machine that ingests can store."""
    made, stored = articles / row["workers_cpu_s"], articles / row["cpu_s"]
    return {str(count): round(min(count * made, stored), 1) for count in MODELLED}


def _make(folder: Path, articles: int) -> None:
    folder.mkdir()
    for first in range(0, articles, PER_FILE):
        rows = [
            {"url": f"https://example.org/{n}", "title": f"Report {n}", "text": told(n, SENTENCES)}
            for n in range(first, min(first + PER_FILE, articles))
        ]
        (folder / f"{first:06}.jsonl").write_text("\n".join(map(json.dumps, rows)))


def _run(data: Path, folder: Path, scheduler: str, embedder: str) -> dict[str, Any]:
    return _result(_start(data, folder, scheduler, embedder))


def _start(data: Path, folder: Path, scheduler: str, embedder: str) -> subprocess.Popen[str]:
    own = [sys.executable, "-W", "ignore", "-m", "benchmarks.cluster", "--embedder", embedder]
    return subprocess.Popen(
        [*own, "--one", str(data), str(folder), scheduler], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def _result(run: subprocess.Popen[str]) -> dict[str, Any]:
    output, _ = run.communicate()
    if run.returncode:
        raise SystemExit(f"The ingest failed with {run.returncode}: {output}")
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def _ingest(data: str, folder: str, scheduler: str, embedder: str) -> dict[str, Any]:
    """One ingest, in a process of its own: what it stored and its processor time without the start."""
    import qa

    with qa.open(Path(data), embedder=embedder, threads=1) as desk:
        desk.articles()
        if not scheduler:
            desk.engine.embedder.embed(["warm"])  # workers have started before, too
        before, began = _own_cpu(), time.monotonic()
        report = desk.ingest([folder], scheduler=scheduler or None)
        used, took = _own_cpu() - before, time.monotonic() - began
        rows = sorted(
            (row["id"], row["revision"], row["cluster"], row["passages"]) for row in desk.articles()
        )
    return {
        "added": report.added,
        "cpu_s": round(used, 1),
        "wall_s": round(took, 1),
        "contents": hash_of(rows),
    }


def _warm(embedder: str) -> None:
    from qa.ingest.workers import _embedder

    _embedder(embedder).embed(["warm"])


def hash_of(rows: list[Any]) -> str:
    import hashlib

    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _cpu(process: int) -> float:
    """Seconds of processor time that a running process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Cluster:
    """A scheduler and workers on this machine, one thread each, that can be killed and come again."""

    def __init__(self, workers: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = str(probe.getsockname()[1])
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._size = workers
        self._scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def mend(self) -> None:
        """Starts what is not running, as a service manager does; returns when all workers have registered."""
        if self._scheduler is None or self._scheduler.poll() is not None:
            _end(self.workers)  # those of a scheduler that is gone end by themselves, some time
            self._scheduler = _dask(
                "scheduler", "--host", "127.0.0.1", "--port", self._port, "--no-dashboard"
            )
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < self._size:
            options = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
            self.workers.append(_dask("worker", self.address, *options))
        _wait_for(self.address, self._size)

    def warm(self, embedder: str) -> None:
        """Every worker loads the model, once, as one that runs for days has."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.run(_warm, embedder)

    def kill_worker(self) -> None:
        _end(self.workers[:1])

    def kill_scheduler(self) -> None:
        if self._scheduler:
            _end([self._scheduler])

    def stop(self) -> None:
        _end([*([self._scheduler] if self._scheduler else []), *self.workers])


@contextmanager
def _cluster(workers: int) -> Iterator[Cluster]:
    cluster = Cluster(workers)
    try:
        cluster.mend()
        yield cluster
    finally:
        cluster.stop()


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.kill()
        process.wait()


def _dask(kind: str, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_for(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address, timeout=120, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=300)


if __name__ == "__main__":
    sys.exit(main())
