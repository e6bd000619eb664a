"""Kills an ingest at random moments, lets the next run finish it, and compares with an undisturbed store.

Takes how often; prints what was lost or doubled, as Markdown. Vectors are made from the text without a model,
so that the time goes into what can break: the catalogue and the two indexes.
`python -m benchmarks.crash --kills 100 --articles 2000`
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

ROOT = Path(__file__).parent.parent
CHILD = """
import sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/tests"]
import qa.ingest
qa.ingest.COMMIT_PASSAGES = 400  # many commits, so that kills hit them
from stores import embed, open_store
store = open_store(__import__("pathlib").Path(sys.argv[3]))
report = qa.ingest.ingest([sys.argv[2]], store=store, embed=embed)
store.close()
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.path[:0] = [str(ROOT / "tests")]
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder), given.kills, given.articles, random.Random(given.seed))


def _measure(folder: Path, kills: int, articles: int, chance: random.Random) -> int:
    from stores import contents, lost, open_store

    news = _news(folder / "news.jsonl", articles)
    started = time.monotonic()
    _run(news, folder / "undisturbed")
    whole_s = time.monotonic() - started
    undisturbed = open_store(folder / "undisturbed")
    wanted = contents(undisturbed)
    undisturbed.close()
    done = wrong = fresh = 0
    while done < kills:
        data = folder / f"killed-{fresh}"
        fresh += 1
        for _ in range(chance.randint(1, 4)):  # the same store may be killed several times
            done += _kill(news, data, chance.uniform(0, whole_s))
            if done == kills:
                break
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
    return int(bool(wrong))


def _news(path: Path, articles: int) -> Path:
    from stores import told

    rows = ({"title": f"Report {n}", "text": told(n, 20)} for n in range(articles))
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def _command(news: Path, data: Path) -> list[str]:
    return [sys.executable, "-c", CHILD, str(ROOT), str(news), str(data)]


def _run(news: Path, data: Path) -> None:
    subprocess.run(_command(news, data), check=True)


def _kill(news: Path, data: Path, after_s: float) -> bool:
    """Whether the run was still going on when it was killed."""
    child = subprocess.Popen(_command(news, data), stderr=subprocess.DEVNULL)
    try:
        child.wait(after_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
