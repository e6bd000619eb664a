"""How quick the page is in Chromium: first paint, first visible word of an answer, whole answer. Markdown.

    python -m benchmarks.page [--store DIR] [--data ../shared/data] [--questions 20]

Over the article of seeds/ with questions about it, or over a store of RealTime QA's articles with its
questions. Beside the page, in the same run, the same questions over HTTP, whole answers. Warm: the first
question of all is not counted. Needs Chromium.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import summary
from qa.evaluate.run import read_rows

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import ask, chromium, visit  # noqa: E402 - see the line above
from server import Server, serving  # noqa: E402

OF_THE_SEED = (
    "Who was killed and where?",
    "Who claimed responsibility?",
    "When was Moskalik killed?",
    "What happened to Igor Kirillov?",
    "What is the price of gold?",
)
LOADS = 5
WATCH = """() => {
  const answers = () => document.querySelectorAll('#chat .answer');
  const before = answers().length;
  const times = window.times = {};
  document.querySelector('#question textarea').addEventListener(
    'keydown', () => { times.asked = performance.now(); }, { once: true });
  const watcher = new MutationObserver(() => {
    const last = [...answers()].at(-1);
    if (answers().length > before && !last.querySelector('.thinking') && last.innerText.trim()) {
      requestAnimationFrame(() => { times.word ??= performance.now(); });
      watcher.disconnect();
    }
  });
  watcher.observe(document.querySelector('#chat'), { childList: true, subtree: true, characterData: true });
}"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--store", type=Path, help="a store with RealTime QA's articles")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--questions", type=int, default=20)
    summary.offer(parser)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store, questions = chosen.store, list(OF_THE_SEED)
        if store is None:
            store = Path(folder) / "data"
            command = [sys.executable, "ingest.py", "--data", str(store), "--quiet"]
            subprocess.run(command, cwd=ROOT, check=True)
        else:
            rows = read_rows(chosen.data / "realtimeqa/questions.jsonl.gz")
            questions = [row["question"] for row in rows][: chosen.questions]
        with serving(store) as server, chromium() as browser:
            server.ask(questions[0])
            paints = [_paint(browser, server) for _ in range(LOADS)]
            words, wholes = _in_page(browser, server, questions)
            over_http = [_seconds(server, question) for question in questions]
    print(f"{len(questions)} questions over {chosen.store or 'the article of seeds/'}\n")
    print("| ms | median | slowest |\n|---|---|---|")
    measured = {
        "first contentful paint": paints,
        "first visible word": words,
        "whole answer in the page": wholes,
        "whole answer over HTTP": over_http,
    }
    for name, times in measured.items():
        print(f"| {name} | {statistics.median(times):.0f} | {max(times):.0f} |")
    if chosen.save:
        over = "the store given" if chosen.store else "the seed store"
        rows = [
            summary.Row(f"{name}, ms, median / slowest", _told(times), len(times))
            for name, times in measured.items()
        ]
        summary.save(chosen.save, f"The page in Chromium, {over}", rows)


def _told(times: list[float]) -> str:
    return f"{statistics.median(times):,.0f} / {max(times):,.0f}"


def _paint(browser: Any, server: Server) -> float:
    with visit(browser, server.url) as page:
        return float(page.evaluate(PAINT))


def _in_page(browser: Any, server: Server, questions: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds from the Enter key to the first word of each answer, and to the whole of it."""
    words, wholes = [], []
    with visit(browser, server.url) as page:
        ask(page, questions[0])
        for question in questions:
            page.evaluate(WATCH)
            ask(page, question)
            times = page.evaluate("({ ...window.times, whole: performance.now() })")
            words.append(times["word"] - times["asked"])
            wholes.append(times["whole"] - times["asked"])
    return words, wholes


def _seconds(server: Server, question: str) -> float:
    began = time.perf_counter()
    server.ask(question)
    return (time.perf_counter() - began) * 1_000


if __name__ == "__main__":
    main()
