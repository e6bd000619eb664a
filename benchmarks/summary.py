"""Keeps what benchmarks measure as benchmarks/results/NAME.json, and makes benchmarks/README.md of them all.

    python -m benchmarks.summary           writes the page; a test fails where it is older than the results

A benchmark calls `save` when it is given `--save NAME`; the command, the machine, the versions, the commit
and the day are noted by themselves. What was tried on the way there is told in docs/log/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "benchmarks" / "README.md"
PAGE_BYTES = 6_144  # at most: it is read at one go, and `shown=False` leaves a row to its file
PACKAGES = ("tantivy", "chromadb", "onnxruntime", "gradio")  # those whose version moves our numbers
Z = 1.96  # standard deviations on either side of a 95 % interval

HEAD = """# Benchmarks

Made by `python -m benchmarks.summary` from `results/`. Each file there has all that its run measured, the
command that makes it again (with `--save`), versions and machine. Baselines are of the same run; in brackets
the 95 % interval; last the number of cases, or day, commit and machine. What was tried, and what it brought:
[docs/log/](../docs/log/).
Your own articles and questions: `python -m qa eval --articles A.jsonl --questions Q.jsonl`.

| measure | Dateline | beside it | goal | n |
|---|---|---|---|---|"""


@dataclass(frozen=True)
class Row:
    """One thing measured: over how many, with what interval, what the baselines reach, and the goal."""

    measure: str
    value: float | str
    n: int | None = None
    low: float | None = None
    high: float | None = None
    baseline: Mapping[str, float | str] = field(default_factory=dict)
    goal: float | str | None = None
    shown: bool = True  # on the page; the file has every row


def row(measure: str, cell: Mapping[str, float], *, goal: float | str | None = None, **baseline: Any) -> Row:
    """A row of what `qa.evaluate.report.interval` gives: value, low, high and n."""
    return Row(measure, cell["value"], int(cell["n"]), cell["low"], cell["high"], baseline, goal)


def share(measure: str, value: float, n: int, *, goal: float | str | None = None, **baseline: Any) -> Row:
    """A row of a share of n cases, with Wilson's interval (1927), which follows from the two alone."""
    middle = (value + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * (value * (1 - value) / n + Z**2 / (4 * n**2)) ** 0.5
    return Row(measure, value, n, middle - half, middle + half, baseline, goal)


def offer(parser: argparse.ArgumentParser) -> None:
    """Adds `--save NAME`."""
    parser.add_argument(
        "--save", metavar="NAME", help="keep what is measured as benchmarks/results/NAME.json"
    )


def save(name: str, title: str, rows: Iterable[Row], *, note: str = "", part: str = "") -> Path:
    """Writes one result, replacing the one of that name. Called from the benchmark that was started.

    Of a benchmark in parts, only the rows of this `part` are replaced; each says how it was measured.
    """
    path = RESULTS / f"{name}.json"
    measured = [asdict(one) for one in rows]
    if part:
        measured = [*_others(path, part), *(_of_part(one, part) for one in measured)]
    result = {
        "title": title,
        "command": command(),
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "machine": machine(),
        "versions": {"python": platform.python_version(), **{one: version(one) for one in PACKAGES}},
        "note": note,
        "rows": measured,
    }
    RESULTS.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    return path


def _others(path: Path, part: str) -> list[dict[str, Any]]:
    """The rows of other parts that were saved before."""
    before = json.loads(path.read_text())["rows"] if path.exists() else []
    return [one for one in before if not one["measure"].startswith(f"{part}: ")]


def _of_part(one: dict[str, Any], part: str) -> dict[str, Any]:
    origin = {"command": command(), "date": f"{datetime.now(UTC):%Y-%m-%d}", "commit": commit()}
    return {**one, "measure": f"{part}: {one['measure']}", **origin}


def command() -> str:
    """The benchmark that is running, as it is started; where its files lie is left out."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    started = spec.name if spec else f"benchmarks.{Path(sys.argv[0]).stem}"
    given: list[str] = []
    for word in sys.argv[1:]:
        if "/" in word and given and given[-1].startswith("--"):
            given.pop()
        elif "/" not in word:
            given.append(word)
    line = " ".join(["python -m", started, *given])
    return re.sub(r" --save \S+", "", line)


def commit() -> str:
    """The commit that is measured, with a + where files differ from it."""
    git = ["git", "-C", str(ROOT)]
    head = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run(
        [*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=False
    )
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def machine() -> str:
    """Processor, cores, memory, and how busy it was: the load of the minute before the result is kept."""
    known = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next((line.partition(":")[2].strip() for line in known.splitlines() if "model name" in line), "")
    units = [name for name in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if f" {name} " in f"{known} "]
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return (
        f"{os.cpu_count()} cores, {model or platform.machine()} ({', '.join(units) or 'no units known'}), "
        f"{pages / 2**30:.0f} GiB, load {os.getloadavg()[0]:.1f}"
    )


# The page


def page(results: Mapping[str, Mapping[str, Any]]) -> str:
    """The whole page of results by name, the same for the same results."""
    places = list(dict.fromkeys(_place(one) for one in results.values()))
    lines = [HEAD]
    for name, one in results.items():
        lines += _lines(name, one, places.index(_place(one)) + 1)
    legend = [f"{number}: {place}." for number, place in enumerate(places, start=1)]
    return "\n".join([*lines, "", "Machines: " + " ".join(legend)]) + "\n"


def saved() -> dict[str, dict[str, Any]]:
    """Every result that was saved, by the name of its file."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))}


def _place(result: Mapping[str, Any]) -> str:
    """The machine without how busy it was."""
    return str(result["machine"]).partition(", load ")[0]


def _lines(name: str, result: Mapping[str, Any], number: int) -> list[str]:
    """One result as rows of the table: what it is and where it comes from, then what was measured."""
    origin = f"{result['date'][5:]}, {result['commit']}, {number}"
    note = f" {result['note']}" if result["note"] else ""
    return [
        f"| **[{result['title']}](results/{name}.json)**{note} | | | | {origin} |",
        *(_line(one) for one in result["rows"] if one["shown"]),
    ]


def _line(one: Mapping[str, Any]) -> str:
    between = f" ({_number(one['low'])}–{_number(one['high'])})" if one["low"] is not None else ""
    beside = ", ".join(f"{name} {_number(value)}" for name, value in one["baseline"].items())
    cells = [one["measure"], _number(one["value"]) + between, beside, _number(one["goal"]), _number(one["n"])]
    return f"| {' | '.join(cells)} |"


def _number(value: float | str | None) -> str:
    """Shares as .123, counts with commas, anything else as it is; nothing for None."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, int):
        return f"{value:,}"
    if abs(value) <= 1:
        return f"{value:.3f}".lstrip("0") if value < 1 else "1.000"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


if __name__ == "__main__":
    PAGE.write_text(page(saved()))
    print(f"{PAGE.relative_to(ROOT)}: {len(PAGE.read_bytes()):,} bytes")
