"""Kills an ingest at random moments, lets the next run finish it, and compares with an undisturbed store.

Takes how often; prints what was lost or doubled, as Markdown. Vectors are made from the text without a model,
so that the time goes into what can break: the catalogue and the two indexes. A store is killed up to --each
times, spread over its whole ingest, each run going on where the one before was killed.
`python -m benchmarks.crash --kills 100 --articles 2000 [--each 20] [--seed 1]`
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import summary

ROOT = Path(__file__).parent.parent
CHILD = """
import sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/tests"]
import qa.ingest.flow
qa.ingest.flow.COMMIT_PASSAGES = 400  # many commits, so that kills hit them
from stores import embed, open_store
store = open_store(__import__("pathlib").Path(sys.argv[3]))
print("ready", flush=True)
report = qa.ingest.flow.ingest([sys.argv[2]], store=store, embed=embed)
store.close()
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--each", type=int, default=20, help="most kills of one store")
    parser.add_argument("--seed", type=int, default=1)
    summary.offer(parser)
    given = parser.parse_args()
    sys.path[:0] = [str(ROOT / "tests")]
    with tempfile.TemporaryDirectory() as folder:
        done, fresh, wrong = _measure(
            Path(folder), given.kills, given.articles, given.each, random.Random(given.seed)
        )
    if given.save:
        row = summary.Row(f"of {fresh} stores differ from the undisturbed one", wrong, done, goal=0)
        summary.save(given.save, "Killed while it stores", [row], note="n counts kills.")
    return int(bool(wrong))


def _measure(
    folder: Path, kills: int, articles: int, each: int, chance: random.Random
) -> tuple[int, int, int]:
    """Kills, stores, and stores that differ."""
    from stores import contents, lost, open_store

    news = _news(folder / "news.jsonl", articles)
    whole_s = _run(news, folder / "undisturbed")
    undisturbed = open_store(folder / "undisturbed")
    wanted = contents(undisturbed)
    undisturbed.close()
    done = wrong = fresh = 0
    while done < kills:
        data = folder / f"killed-{fresh}"
        fresh += 1
        for _ in range(min(each, kills - done)):
            if not _kill(news, data, chance.uniform(0, 2 * whole_s / each)):
                break  # it has come to its end
            done += 1
        _run(news, data)
        store = open_store(data)
        faults = [*store.check(), *lost(store)]
        if contents(store) != wanted:
            faults.append("its articles or passages differ from the undisturbed store's")
        store.close()
        wrong += bool(faults)
        print("\n".join(faults[:5]), end="\n" if faults else "", file=sys.stderr)
    print(f"| kills | stores | articles each | undisturbed run, s | stores that differ |\n|{'---|' * 5}")
    print(f"| {done} | {fresh} | {articles} | {whole_s:.1f} | {wrong} |")
    return done, fresh, wrong


def _news(path: Path, articles: int) -> Path:
    from stores import told

    rows = ({"title": f"Report {n}", "text": told(n, 20)} for n in range(articles))
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def _command(news: Path, data: Path) -> list[str]:
    return [sys.executable, "-c", CHILD, str(ROOT), str(news), str(data)]


def _run(news: Path, data: Path) -> float:
    """Seconds from the moment that the store is open."""
    child = _start(news, data)
    started = time.monotonic()
    if child.wait():
        raise SystemExit("the ingest failed; its message is above")
    return time.monotonic() - started


def _start(news: Path, data: Path, **options: Any) -> subprocess.Popen[str]:
    """An ingest that is about to begin."""
    child = subprocess.Popen(_command(news, data), stdout=subprocess.PIPE, text=True, **options)
    assert child.stdout
    child.stdout.readline()
    return child


def _kill(news: Path, data: Path, after_s: float) -> bool:
    """Whether the run was still going on when it was killed, `after_s` seconds from when it began."""
    child = _start(news, data, stderr=subprocess.DEVNULL)
    try:
        child.wait(after_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
