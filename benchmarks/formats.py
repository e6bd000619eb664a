"""How fast each format is read, a folder of mixed files, and a web archive of many pages.

    python -m benchmarks.formats [--save formats]     # MB/s of each kind, beside JSON Lines in the same run
    python -m benchmarks.formats --mixed 2000         # every file accounted for
    python -m benchmarks.formats --warc 10000 --pages ../shared/data/pages/readability [--save webarchive]

A file of each format (`benchmarks/samples.py`), of a hundred stories or of one, is read again and again for a
moment, formats in turn; a rate is the median of the rounds, in processor time. Parsing only: no cleaning, no
model, no store.
The web archive is ingested into a store of its own with the default embedder, then once more. Its pages
repeat under other addresses, so that parsing is most of the first run.
"""

from __future__ import annotations

import argparse
import io
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import summary
from benchmarks.samples import samples
from qa.ingest.flow import ingest
from qa.ingest.load import load_bytes
from qa.models.embed import load_embedder
from qa.store.store import Store
from qa.types import RawArticle

INPUTS = Path(__file__).resolve().parent.parent / "tests" / "ingest" / "inputs"
ROUNDS = 5
SECONDS = 0.2  # of processor time, a kind and round
LINES = "JSON Lines.jsonl"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--mixed", type=int, metavar="FILES")
    options.add_argument("--warc", type=int, metavar="PAGES")
    options.add_argument("--pages", type=Path, default=Path("../shared/data/pages/readability"))
    options.add_argument("--rounds", type=int, default=ROUNDS)
    summary.offer(options)
    chosen = options.parse_args()
    if chosen.mixed:
        mixed(chosen.mixed)
    elif chosen.warc:
        rows = warc(chosen.warc, chosen.pages)
        if chosen.save:
            summary.save(chosen.save, f"A web archive of {chosen.warc:,} pages", rows)
    else:
        rows = rates(chosen.rounds)
        if chosen.save:
            summary.save(chosen.save, "Reading each format, MB/s", rows)


def rates(rounds: int) -> list[summary.Row]:
    """MB/s of each kind, interleaved, and its share of JSON Lines'."""
    kinds = samples()
    seen: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, data in kinds.items():
            seen[name].append(_rate(name, data))
    found = {name: statistics.median(each) for name, each in seen.items()}
    base = found[LINES]
    print("| format | KB | MB/s | of JSON Lines |\n|---|---:|---:|---:|")
    for name, rate in sorted(found.items(), key=lambda each: each[1]):
        print(f"| {name} | {len(kinds[name]) / 1e3:.1f} | {rate:.2f} | {rate / base:.2f} |")
    slow = sorted(rate / base for name, rate in found.items() if name != LINES)
    return [
        summary.Row("JSON Lines", base),
        summary.Row(
            "share of that: slowest, median", f"{slow[0]:.3f}, {slow[len(slow) // 2]:.2f}", goal=".100"
        ),
        *(summary.Row(name, rate, shown=False) for name, rate in found.items() if name != LINES),
    ]


def _rate(name: str, data: bytes) -> float:
    """Megabytes a second of reading one file over and over."""
    began = time.process_time()
    times = 0
    while times == 0 or time.process_time() - began < SECONDS:
        read = sum(isinstance(each, RawArticle) for each in load_bytes(data, name))
        assert read, f"{name} gave no article"
        times += 1
    return times * len(data) / (time.process_time() - began) / 1e6


def mixed(files: int) -> None:
    """What became of a folder of every kind, a tenth of it damaged."""
    sys.path.insert(0, str(INPUTS.parent))
    from test_mixed import account, mixed_folder

    with tempfile.TemporaryDirectory() as held:
        made = mixed_folder(Path(held), files)
        became = account(Path(held))
    counted = Counter(" and ".join(sorted(outcomes)) for outcomes in became.values())
    print(f"{len(made)} files, {len(became)} accounted for")
    for outcome, count in counted.most_common():
        print(f"{count:6} {outcome or 'NOTHING'}")


def warc(count: int, folder: Path) -> list[summary.Row]:
    """Ingests an archive of `count` pages twice: seconds of both runs, and the most memory they took."""
    model = load_embedder("fast")
    with tempfile.TemporaryDirectory() as held:
        archive = _archive(Path(held) / "pages.warc.gz", count, folder)
        store = Store.open(Path(held) / "store", embedder=model.name, dim=model.dim)
        reports: list[Any] = []
        seconds = []
        for _ in range(2):
            began = time.perf_counter()
            reports.append(ingest([archive], store=store, embed=model.embed))
            seconds.append(time.perf_counter() - began)
        store.close()
    first, second = reports
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} pages: {first.added:,} added, {first.updated:,} updated, "
        f"{first.unchanged:,} as they were, {len(first.failed):,} failed, "
        f"{len(first.remarks):,} remarks, in {seconds[0]:.0f} s; "
        f"again: {second.unchanged:,} unchanged in {seconds[1]:.1f} s; peak {peak:.0f} MiB"
    )
    return [
        summary.Row("pages a second", count / seconds[0], count),
        summary.Row("second run, s", seconds[1], count),
        summary.Row("peak memory, MiB", round(peak), count, goal=600),
    ]


def _archive(path: Path, count: int, folder: Path) -> Path:
    """A web archive of saved pages, repeated under other addresses until there are `count`."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    pages = [page.read_bytes() for page in sorted(folder.glob("*/source.html"))]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(count):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            body = io.BytesIO(pages[number % len(pages)])
            address = f"https://site{number}.example/{number}"
            writer.write_record(
                writer.create_warc_record(address, "response", payload=body, http_headers=headers)
            )
    return path


if __name__ == "__main__":
    main()
