"""Kills for `benchmarks.many`: SIGKILL at random moments, one victim after the other, then the run once more.

PostgreSQL, Chroma, a writer, a node that answers, a Dask worker, the Dask scheduler. What a reader meets
meanwhile is an answer or a sentence; what is stored afterwards is everything, once.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servers import Chroma, Postgres
from stores import embed, lost, open_store, told

import qa
from benchmarks.cluster import Cluster
from qa.desk import Assistant
from qa.errors import QAError
from qa.ingest import workers

ROOT = Path(__file__).resolve().parent.parent
WRITER = ROOT / "tests" / "writer.py"
VICTIMS = ("writer", "postgres", "chroma", "node", "worker", "scheduler")
ARTICLES = 20  # of one run
PER_FILE = 2  # of them in a file that goes to workers
AWAY_S = 1.0  # so long a server stays away
MOMENTS_S = {"writer": 2.5, "postgres": 2.5, "chroma": 2.5, "node": 1.0, "worker": 2.0, "scheduler": 2.0}


@dataclass
class Record:
    """What happened: sentences and answers with how often each came, and what must not be."""

    said: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        self.said[sentence] = self.said.get(sentence, 0) + 1


def kills(folder: Path, database: Postgres, vectors: Chroma, chosen: argparse.Namespace) -> dict[str, Any]:
    """A victim at a random moment of an ingest, while a node answers; afterwards the run is repeated."""
    chance, record = random.Random(chosen.seed), Record()
    until, done = time.monotonic() + 60 * chosen.minutes, 0
    with ExitStack() as stack:
        on_servers = _OnServers(folder, database, vectors, record)
        stack.callback(on_servers.close)
        by_workers: _ByWorkers | None = None
        for number in range(chosen.kills):
            if time.monotonic() > until:
                break
            victim, before = VICTIMS[number % len(VICTIMS)], len(record.wrong)
            moment = chance.uniform(0.0, MOMENTS_S[victim])
            if victim in ("worker", "scheduler"):
                if by_workers is None:
                    by_workers = stack.enter_context(_ByWorkers(folder, database, vectors, record))
                by_workers.kill(victim, moment)
            else:
                on_servers.kill(victim, moment)
            found = record.wrong[before:] or "as it should be"
            print(f"{number + 1} of {chosen.kills}: {victim} after {moment:.1f} s: {found}", file=sys.stderr)
            done = number + 1
        ends = [on_servers.end(), *([by_workers.end()] if by_workers else [])]
    right = not record.wrong and all(end["held"] == end["stored"] and not end["lost"] for end in ends)
    return {"kills": done, "stores": ends, "answers_and_sentences": record.said,
            "wrong_count": len(record.wrong), "wrong": record.wrong[:10], "right": right}  # fmt: skip


class _OnServers:
    """A store that one process after the other writes to, and a node that is asked throughout."""

    def __init__(self, folder: Path, database: Postgres, vectors: Chroma, record: Record) -> None:
        self._folder, self._database, self._vectors, self._record = folder, database, vectors, record
        self._servers = {"database_url": database.make_database(), "chroma_url": vectors.url}
        self._stored = 0
        self._node = open_store(folder / "node", **self._servers)

    def close(self) -> None:
        self._node.close()

    def kill(self, victim: str, moment: float) -> None:
        other = self._start("other", "ask") if victim == "node" else None
        writer = self._put()
        back: threading.Timer | None = None
        time.sleep(moment)
        if victim == "writer":
            writer.kill()
        elif other:
            other.kill()
        else:
            back = _kill_for_a_while(self._database if victim == "postgres" else self._vectors)
        for _ in range(3):
            self._record.note(self._asked())
        self._ended(writer, victim, may_fail=True)
        if back:
            back.join()
        if other:
            self._ended(other, victim, may_fail=True)
            self._came_back(victim)
        self._ended(self._put(), victim, may_fail=False)
        self._stored += ARTICLES
        self._record.wrong += [f"after {victim}: {problem}" for problem in self._node.check()]

    def end(self) -> dict[str, Any]:
        return {"by": "writers", "stored": self._stored, "held": len(self._node.articles()),
                "lost": len(lost(self._node))}  # fmt: skip

    def _put(self) -> subprocess.Popen[str]:
        return self._start("writer", "put", str(self._stored), str(self._stored + ARTICLES))

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[str]:
        return start_writer(self._folder / name, self._servers, *arguments)

    def _ended(self, process: subprocess.Popen[str], victim: str, *, may_fail: bool) -> None:
        """Right are: done, killed, and where `may_fail` a sentence."""
        output = process.communicate(timeout=900)[0]
        code = process.returncode
        if code == 3 and may_fail:
            self._record.note(_brief(output.splitlines()[-1]))
        elif code and not (code < 0 and may_fail):
            self._record.wrong.append(f"after {victim}: {output[-300:]}")

    def _came_back(self, victim: str) -> None:
        """A node that was killed opens its folder again."""
        again = open_store(self._folder / "other", **self._servers)
        try:
            self._record.wrong += [f"the {victim} itself: {problem}" for problem in again.check()]
        finally:
            again.close()

    def _asked(self) -> str:
        """What a search ends in: an answer, which must be the right one, or a sentence."""
        last = self._stored - 1
        try:
            words, _ = self._node.search(f"mark{last}" if self._stored else "harbour", embed(["x"])[0], k=3)
        except QAError as error:
            return _brief(str(error))
        except Exception as error:  # noqa: BLE001 - counted as wrong
            self._record.wrong.append(f"{type(error).__name__}: {str(error)[:200]}")
            return "something else"
        if self._stored and [hit.passage.article_id for hit in words][:1] != [f"a{last}"]:
            self._record.wrong.append(f"mark{last} was not found first")
        return "an answer"


class _ByWorkers:
    """A store that is ingested into by Dask workers, with the built-in embedder."""

    def __init__(self, folder: Path, database: Postgres, vectors: Chroma, record: Record) -> None:
        workers.TASK_FILES = 1  # many tasks, so that kills hit them
        self._folder, self._record = folder, record
        self._desk: Assistant = qa.open(
            folder / "desk", database_url=database.make_database(), chroma_url=vectors.url, threads=1
        )
        self._cluster = Cluster(2)
        self._stored = 0

    def __enter__(self) -> _ByWorkers:
        self._cluster.mend()
        return self

    def __exit__(self, *_: object) -> None:
        self._cluster.stop()
        self._desk.close()

    def kill(self, victim: str, moment: float) -> None:
        paths = self._make()
        ended: list[str] = []
        run = threading.Thread(target=lambda: ended.append(self._ingest(paths)))
        run.start()
        time.sleep(moment)
        if victim == "worker":
            self._cluster.kill_worker()
        else:
            self._cluster.kill_scheduler()
        run.join(900)
        self._record.note(ended[0] if ended else "an ingest that hangs")
        if not ended:
            self._record.wrong.append(f"after {victim}: the ingest hangs")
        self._cluster.mend()
        sentence = self._ingest(paths)
        self._stored += ARTICLES
        if sentence != "an ingest that is done":
            self._record.wrong.append(f"again after {victim}: {sentence}")
        held = len(self._desk.articles())
        if held != self._stored:
            self._record.wrong.append(f"after {victim}: {held} articles instead of {self._stored}")
        self._record.wrong += [f"after {victim}: {problem}" for problem in self._desk.check()]

    def end(self) -> dict[str, Any]:
        found = [self._desk.search(f"mark{n}", k=1) for n in range(self._stored)]
        return {"by": "Dask workers", "stored": self._stored, "held": len(self._desk.articles()),
                "lost": sum(not hits for hits in found)}  # fmt: skip

    def _ingest(self, paths: list[Path]) -> str:
        try:
            report = self._desk.ingest(paths, scheduler=self._cluster.address)
        except QAError as error:
            return _brief(str(error))
        except Exception as error:  # noqa: BLE001 - counted as wrong
            self._record.wrong.append(f"{type(error).__name__}: {str(error)[:200]}")
            return "something else"
        self._record.wrong += [str(failure) for failure in report.failed]
        return "an ingest that is done"

    def _make(self) -> list[Path]:
        folder = self._folder / f"new{self._stored}"
        folder.mkdir()
        for first in range(self._stored, self._stored + ARTICLES, PER_FILE):
            rows = [
                {"url": f"https://example.org/{n}", "title": f"Report {n}", "text": told(n, 20)}
                for n in range(first, first + PER_FILE)
            ]
            (folder / f"{first:06}.jsonl").write_text("\n".join(map(json.dumps, rows)))
        return sorted(folder.iterdir())


def start_writer(data: Path, servers: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    """`tests/writer.py` over a store on servers; what it prints goes into one pipe."""
    environment = {**os.environ, **{f"QA_{name.upper()}": value for name, value in servers.items()}}
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", str(WRITER), str(data), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
    )  # fmt: skip


def _kill_for_a_while(server: Postgres | Chroma) -> threading.Timer:
    """Ends once it runs again."""
    server.kill()
    back = threading.Timer(AWAY_S, server.start)
    back.start()
    return back


def _brief(sentence: str) -> str:
    """Its beginning without addresses and libraries' words: the same sentences are counted together."""
    return re.sub(r" \(.*?\)| at \S+| \w+://\S+", "", sentence).split(". ", maxsplit=1)[0][:120]
