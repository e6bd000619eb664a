"""Many readers at once against one, without and with an ingest beside them. Prints Markdown.

    pip install '.[load]'
    python -m benchmarks.load [--data ../shared/data] [--articles 1000] [--users 50] [--seconds 300]
                              [--ingest 1000] [--out benchmarks/out]

The real app on this machine over RealTime QA's articles, asked over HTTP by locust; the BBC's articles are
stored beside. Baseline in the same run: one process that asks in a loop. Resident memory is that of the app's
process at the beginning of a run, after each third of it, and at the end.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psutil

import qa
from benchmarks import summary
from benchmarks.quality import sampled
from qa.evaluate.run import read_questions, read_rows, stored_ids

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from server import Server, serving  # noqa: E402 - see the line above

WHOLE = "a whole answer"  # how locust's table calls it
ALONE = 30  # questions that the one process asks


@dataclass(frozen=True)
class Measured:
    """One run of many users."""

    answers: int
    failures: int
    p50: float  # seconds
    p95: float
    per_second: float
    memory: tuple[float, ...]  # MB: first, after a third, after two thirds, last


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--articles", type=int, help="of RealTime QA, in the store; all when left out")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=300, help="of each run")
    parser.add_argument("--ingest", type=int, default=1_000, help="articles stored beside the second run")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/out"))
    summary.offer(parser)
    chosen = parser.parse_args()
    few = min(200, max(5, (chosen.articles or 1_000) // 5))  # questions bring their articles with them
    articles, questions, store = sampled(chosen, questions=few)
    with qa.open(store) as desk:
        desk.ingest([articles])
    asked = [question.text for question in read_questions(questions, stored_ids(articles))]
    with tempfile.TemporaryDirectory() as folder:
        own = Path(shutil.copytree(store, Path(folder) / "store"))
        environment = {**os.environ, "QA_LOG": "off"}
        with serving(own, environment=environment) as server:
            alone = _alone(server, asked)
            many = _users(server, asked, chosen, Path(folder))
            beside = _beside(server, asked, chosen, own) if chosen.ingest else None
    _print(chosen, alone, many, beside)
    if chosen.save:
        title = f"{chosen.users} users for {chosen.seconds} s, {len(stored_ids(articles)):,} articles"
        summary.save(chosen.save, title, _rows(alone, many, beside))


def _alone(server: Server, asked: list[str]) -> list[float]:
    """Seconds of each answer when one process asks."""
    server.ask(asked[0])  # warm
    took = []
    for question in asked[:ALONE]:
        began = time.perf_counter()
        server.ask(question)
        took.append(time.perf_counter() - began)
    return took


def _users(server: Server, asked: list[str], chosen: argparse.Namespace, folder: Path) -> Measured:
    process = psutil.Process(server.process.pid)
    seen = [_resident(process)]
    questions = folder / "questions.json"
    questions.write_text(json.dumps(asked))
    table = folder / f"run{time.monotonic_ns()}"
    command = [sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("load_users.py"))]
    command += ["--headless", "--only-summary", "--host", server.url, "--csv", str(table)]
    command += ["--users", str(chosen.users), "--spawn-rate", "10", "--run-time", f"{chosen.seconds}s"]
    command += ["--stop-timeout", "120"]
    said = table.with_suffix(".log")
    with (
        said.open("w") as log,
        subprocess.Popen(
            command,
            env={**os.environ, "LOAD_QUESTIONS": str(questions), "LOAD_ROW": WHOLE},
            stdout=log,
            stderr=log,
        ) as locust,
    ):
        for _ in range(2):
            time.sleep(chosen.seconds / 3)
            seen.append(_resident(process))
        locust.wait()
    rows = list(csv.DictReader(Path(f"{table}_stats.csv").read_text().splitlines()))
    row = next((row for row in rows if row["Name"] == WHOLE), None)
    if row is None:
        raise SystemExit(f"No question was answered.\n{said.read_text()[-2_000:]}")
    failures = sum(int(each["Failure Count"]) for each in rows if each["Name"] != "Aggregated")
    return Measured(
        int(row["Request Count"]),
        failures,
        float(row["50%"]) / 1_000,
        float(row["95%"]) / 1_000,
        float(row["Requests/s"]),
        (*seen, _resident(process)),
    )


def _resident(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 2**20)


def _beside(server: Server, asked: list[str], chosen: argparse.Namespace, store: Path) -> Measured:
    """The same while another process stores articles that are new to the store."""
    fresh = store.with_name("fresh.jsonl")
    rows = islice(read_rows(chosen.data / "bbc/articles.jsonl.gz"), chosen.ingest)
    fresh.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    writer = subprocess.Popen(
        [sys.executable, "ingest.py", "--data", str(store), "--quiet", str(fresh)], cwd=ROOT
    )
    measured = _users(server, asked, chosen, store.parent)
    still = writer.poll() is None
    writer.wait()
    print(f"(the ingest {'went on to' if still else 'ended before'} the end of the questions)\n")
    return measured


def _rows(alone: list[float], many: Measured, beside: Measured | None) -> list[summary.Row]:
    loop = {"one in a loop": f"{statistics.median(alone):.2f} / {sorted(alone)[int(len(alone) * 0.95)]:.2f}"}
    rows = []
    for run, when in ((many, ""), *([(beside, ", beside an ingest")] if beside else [])):
        times = f"{run.p50:.2f} / {run.p95:.2f}"
        rows += [
            summary.Row(f"p50 / p95, s{when}", times, run.answers, baseline={} if when else loop),
            summary.Row(f"failures{when}", run.failures, run.answers, goal=0),
            summary.Row(f"answers a second{when}", run.per_second, run.answers, shown=not when),
            summary.Row(
                f"memory, MB{when}", " → ".join(f"{each:,.0f}" for each in run.memory), shown=not when
            ),
        ]
    return rows


def _print(chosen: argparse.Namespace, alone: list[float], many: Measured, beside: Measured | None) -> None:
    cores = os.cpu_count() or 1
    p50, slowest = statistics.median(alone), sorted(alone)[int(len(alone) * 0.95)]
    print(f"{chosen.articles or 'all'} articles, {cores} cores\n")
    print("| | answers | failures | p50, s | p95, s | answers a second | memory, MB |")
    print("|---|---|---|---|---|---|---|")
    loop = f"{p50:.2f} | {slowest:.2f} | {1 / statistics.mean(alone):.2f}"
    print(f"| one process in a loop | {len(alone)} | 0 | {loop} | |")
    runs = [(f"{chosen.users} users, {chosen.seconds} s", many)]
    if beside:
        runs.append((f"the same beside an ingest of {chosen.ingest:,} articles", beside))
    for name, run in runs:
        times = f"{run.p50:.2f} | {run.p95:.2f} | {run.per_second:.2f}"
        memory = " → ".join(f"{each:,.0f}" for each in run.memory)
        print(f"| {name} | {run.answers} | {run.failures} | {times} | {memory} |")
    print(f"\n8 × p50 × users / cores = {8 * p50 * chosen.users / cores:.1f} s")


if __name__ == "__main__":
    main()
