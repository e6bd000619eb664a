"""How fast each format is read, a folder of mixed files, and a web archive of many pages.

    python -m benchmarks.formats                  # MB/s of each kind, beside JSON Lines in the same run
    python -m benchmarks.formats --mixed 2000     # every file accounted for
    python -m benchmarks.formats --warc 10000 --pages ../shared/data/pages/readability

Files of a kind are the tests' inputs, read again and again for a moment, kinds in turn; a rate is the median
of the rounds, in processor time. Parsing only: no cleaning, no model, no store. Small files pay for a start.
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

from qa.ingest.load import load, load_bytes
from qa.types import RawArticle

INPUTS = Path(__file__).resolve().parent.parent / "tests" / "ingest" / "inputs"
ROUNDS = 5
SECONDS = 0.2  # of processor time, a kind and round
LINES = "(JSON Lines).jsonl"
RECORD = '{"title": "T", "text": "%s", "published": "2024-04-05"}\n'


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--mixed", type=int, metavar="FILES")
    options.add_argument("--warc", type=int, metavar="PAGES")
    options.add_argument("--pages", type=Path, default=Path("../shared/data/pages/readability"))
    options.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = options.parse_args()
    if chosen.mixed:
        mixed(chosen.mixed)
    elif chosen.warc:
        warc(chosen.warc, chosen.pages)
    else:
        rates(chosen.rounds)


def rates(rounds: int) -> None:
    """MB/s of each kind, interleaved, and its share of JSON Lines'."""
    files = [path for path in sorted(INPUTS.rglob("*.*")) if path.is_file() and path.parent != INPUTS]
    kinds = {LINES: (RECORD % ("The strike ended on Friday. " * 60) * 200).encode()}
    kinds |= {path.relative_to(INPUTS).as_posix(): path.read_bytes() for path in files}
    seen: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, data in kinds.items():
            seen[name].append(_rate(name, data))
    base = statistics.median(seen[LINES])
    print("| file | KB | MB/s | of JSON Lines |\n|---|---:|---:|---:|")
    for name, found in sorted(seen.items(), key=lambda each: statistics.median(each[1])):
        rate = statistics.median(found)
        print(f"| {name} | {len(kinds[name]) / 1e3:.1f} | {rate:.2f} | {rate / base:.2f} |")


def _rate(name: str, data: bytes) -> float:
    """Megabytes a second of reading one file over and over."""
    began = time.process_time()
    times = 0
    while times == 0 or time.process_time() - began < SECONDS:
        for _ in load_bytes(data, name):
            pass
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


def warc(count: int, folder: Path) -> None:
    """Reads an archive of `count` pages; the pages repeat under other addresses."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    pages = [path.read_bytes() for path in sorted(folder.glob("*/source.html"))]
    with tempfile.NamedTemporaryFile(suffix=".warc.gz") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(count):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            body = io.BytesIO(pages[number % len(pages)])
            address = f"https://site{number}.example/{number}"
            record = writer.create_warc_record(address, "response", payload=body, http_headers=headers)
            writer.write_record(record)
        file.flush()
        began = time.perf_counter()
        found = sum(isinstance(each, RawArticle) for each in load(Path(file.name)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{found} of {count} pages in {time.perf_counter() - began:.0f} s, peak {peak:.0f} MiB")


if __name__ == "__main__":
    main()
