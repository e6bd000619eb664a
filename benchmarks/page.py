"""How quick the page is in Chromium: first paint, first visible word of an answer, whole answer. Markdown.

    python -m benchmarks.page [--store DIR] [--data ../shared/data] [--questions 20] [--base FOLDER]
                              [--pause 2.5]

Over the article of seeds/ with questions about it, or over a store of RealTime QA's articles with its
questions. Beside the page, in the same run, the same questions over HTTP, whole answers. Warm: the first
question of all is not counted. With --base the same of another checkout, the two by turns. Asked at once
after an answer, a question meets what the page still does about that one; --pause is how long it is read.
Needs Chromium.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
ROUNDS, LOADS = 3, 3  # of each build by turns; of the page in each
SHOWN = ("first visible word", "whole answer in the page")
Measured = dict[str, list[float]]
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
    parser.add_argument("--base", type=Path, help="another checkout, to be measured beside this one")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between an answer and a question")
    summary.offer(parser)
    chosen = parser.parse_args()
    questions = list(OF_THE_SEED)
    if chosen.store:
        rows = read_rows(chosen.data / "realtimeqa/questions.jsonl.gz")
        questions = [row["question"] for row in rows][: chosen.questions]
    builds = {"": ROOT, **({"base": chosen.base.resolve()} if chosen.base else {})}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(_served(root, chosen.store)) for name, root in builds.items()}
        browser = stack.enter_context(chromium())
        found: dict[str, Measured] = {name: {} for name in builds}
        for _ in range(ROUNDS):
            for name, server in servers.items():
                for measure, times in _measured(browser, server, questions, chosen.pause).items():
                    found[name].setdefault(measure, []).extend(times)
    print(f"{len(questions)} questions over {chosen.store or 'the article of seeds/'}\n")
    print("| ms, median / slowest | this build | base |\n|---|---|---|")
    for measure, times in found[""].items():
        print(f"| {measure} | {_told(times)} | {_told(found.get('base', {}).get(measure, []))} |")
    print(f"\nScripts and style sheets of ours: {_ours():,} bytes")
    if chosen.save:
        over = "the store given" if chosen.store else "seed store"
        rows = [
            summary.Row(
                f"{measure}, ms",
                _told(times),
                len(times),
                shown=measure in SHOWN,
                baseline={"base": _told(found["base"][measure])} if chosen.base else {},
            )
            for measure, times in found[""].items()
        ]
        rows.append(summary.Row("scripts and style sheets of ours, bytes", _ours(), goal=61_440, shown=False))
        note = "Median / slowest" + (f"; base: {_commit(chosen.base)}." if chosen.base else ".")
        summary.save(chosen.save, f"The page in Chromium, {over}", rows, note=note)


@contextmanager
def _served(root: Path, store: Path | None) -> Iterator[Server]:
    """The app of a checkout, over that store or one of its own with the article of seeds/."""
    with tempfile.TemporaryDirectory() as folder:
        data = store or Path(folder) / "data"
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        if store is None:
            command = [sys.executable, "ingest.py", "--data", str(data), "--quiet"]
            subprocess.run(command, cwd=root, env=environment, check=True)
        with serving(data, root=root, environment=environment) as server:
            yield server


def _measured(browser: Any, server: Server, questions: list[str], pause: float) -> Measured:
    """Milliseconds of each measure, of each question."""
    server.ask(questions[0])
    paints = [_paint(browser, server) for _ in range(LOADS)]
    words, wholes = _in_page(browser, server, questions, pause)
    return {
        "first contentful paint": paints,
        "first visible word": words,
        "whole answer in the page": wholes,
        "whole answer over HTTP": [_seconds(server, question) for question in questions],
    }


def _ours() -> int:
    """Bytes of scripts and style sheets that every reader loads beside Gradio's own."""
    from qa.surfaces.page.looks import SHEETS
    from qa.surfaces.page.parts import STATIC, script, style

    return len((style(*SHEETS) + script(*sorted(path.stem for path in STATIC.glob("js/*.js")))).encode())


def _commit(root: Path) -> str:
    git = ["git", "-C", str(root), "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()


def _told(times: list[float]) -> str:
    return f"{statistics.median(times):,.0f} / {max(times):,.0f}" if times else ""


def _paint(browser: Any, server: Server) -> float:
    with visit(browser, server.url) as page:
        return float(page.evaluate(PAINT))


def _in_page(
    browser: Any, server: Server, questions: list[str], pause: float
) -> tuple[list[float], list[float]]:
    """Milliseconds from the Enter key to the first word of each answer, and to the whole of it."""
    words, wholes = [], []
    with visit(browser, server.url) as page:
        ask(page, questions[0])
        for question in questions:
            page.wait_for_timeout(1000 * pause)
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
