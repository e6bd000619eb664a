"""What a start costs: whole processes, by turns. Prints Markdown.

    python -m benchmarks.start [--runs 5] [--base FOLDER] [--question "who was killed?"] [--save NAME]

`ask` is `python -m qa ask` over a store of seeds/; `search`, `ingest` (of seeds/ into an empty store) and
`app` (until its first answer over HTTP) likewise. Beside them `import chromadb` alone, and with --base the
same commands in another checkout of this project with its own environment in .venv. Wall clock and processor
time in seconds, and the most memory held, in MiB; medians of --runs, the kinds taking turns.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks import summary

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
STARTED_S = 180.0  # an app that has not answered by then never will
Cost = tuple[float, float, float]  # seconds by the clock, of the processor; MiB at most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="of each kind, by turns")
    parser.add_argument("--base", type=Path, help="another checkout, to be measured beside this one")
    parser.add_argument("--question", default="who was killed and where?")
    summary.offer(parser)
    chosen = parser.parse_args()
    print(f"{summary.machine()}; Python {sys.version.split()[0]}\n")
    with tempfile.TemporaryDirectory() as folder:
        found = _measure(chosen, Path(folder))
    print("| what | seconds | processor, s | peak, MiB |\n|---|---:|---:|---:|")
    for name, costs in found.items():
        cells = (f"{median(cost[part] for cost in costs):.{1 if part < 2 else 0}f}" for part in range(3))
        print(f"| {name} | {' | '.join(cells)} |")
    if chosen.save:
        _save(chosen.save, found)


def _measure(chosen: argparse.Namespace, work: Path) -> dict[str, list[Cost]]:
    builds = {"": (ROOT, Path(sys.executable))}
    if chosen.base:
        base = chosen.base.resolve()
        builds[" (base)"] = (base, base / ".venv" / "bin" / "python")
    for name, (root, python) in builds.items():
        _cost([python, "ingest.py", SEEDS, "--data", work / f"data{name}", "--quiet"], root)
    found: dict[str, list[Cost]] = {}
    for number in range(chosen.runs):
        for name, (root, python) in builds.items():
            data, fresh = work / f"data{name}", work / f"fresh{name}{number}"
            for kind, words in {
                "ask": ["-m", "qa", "ask", chosen.question, "--data", data],
                "search": ["-m", "qa", "search", chosen.question, "--data", data],
                "ingest": ["ingest.py", SEEDS, "--data", fresh, "--quiet"],
            }.items():
                found.setdefault(kind + name, []).append(_cost([python, *words], root))
            found.setdefault(f"app, first answer{name}", []).append(_first_answer(python, root, data))
        found.setdefault("import chromadb", []).append(_cost([sys.executable, "-c", "import chromadb"], ROOT))
    return found


def _cost(command: list[str | Path], root: Path) -> Cost:
    """Runs it to its end. Raises SystemExit with what it said when it fails."""
    began = time.perf_counter()
    child = subprocess.Popen(
        [str(word) for word in command],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_plain(),
    )
    assert child.stderr
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command} failed:\n{said.decode()}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _first_answer(python: Path, root: Path, data: Path) -> Cost:
    """From `python app.py` to its first answer over HTTP."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    began = time.perf_counter()
    child = subprocess.Popen(
        [str(python), "app.py", "--data", str(data), "--port", str(port)],
        cwd=root,
        env=_plain(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            if time.perf_counter() - began > STARTED_S or child.poll() is not None:
                raise SystemExit(f"app.py in {root} has not answered within {STARTED_S:.0f} s")
            time.sleep(0.05)
        seconds = time.perf_counter() - began
    finally:
        child.terminate()
        _, _, used = os.wait4(child.pid, 0)
        child.returncode = 0
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _answers(port: int) -> bool:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/gradio_api/call/v2/ask",
        json.dumps({"question": "Who was killed?"}).encode(),
        {"Content-Type": "application/json"},
    )
    with suppress(OSError), urllib.request.urlopen(request, timeout=60) as response:
        event = json.load(response)["event_id"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/gradio_api/call/ask/{event}") as answer:
            return b"answered" in answer.read()
    return False


def _plain() -> dict[str, str]:
    """As a user has it: no settings, and compiled modules are kept from the first run on."""
    ours = ("QA_", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _save(name: str, found: dict[str, list[Cost]]) -> None:
    rows = []
    for kind in [kind for kind in found if not kind.endswith("(base)") and kind != "import chromadb"]:
        for part, measure in enumerate(("s", "processor, s", "peak MiB")):
            beside = {"base": found.get(f"{kind} (base)"), "import chromadb": found["import chromadb"]}
            baseline = {
                title: round(median(cost[part] for cost in costs), 1)
                for title, costs in beside.items()
                if costs
            }
            value = round(median(cost[part] for cost in found[kind]), 1)
            told = summary.Row(f"{kind}, {measure}", value, len(found[kind]), baseline=baseline)
            rows.append(replace(told, shown="processor" not in measure))
    summary.save(name, "A start, whole processes over the seed store", rows)


if __name__ == "__main__":
    main()
