"""How well pages are read: the text, title and author of saved pages, against trafilatura's defaults.

    python benchmarks/pages.py [--pages ../shared/data/pages] [--each]

`readability/` holds a folder a page, as Mozilla's tests do: `source.html`, `expected.html` and
`expected-metadata.json`.
Text: without captions, which are kept apart from it. F1 over words (a bag, case ignored). Title and author
are right when equal, case, space and punctuation
ignored; `near` also counts one that holds the other (" | Site" behind a title, a date behind an author).
Day of publication and outlet are compared where the page names them (27 and 53 of the 115).
Pages that name no author count only in `spurious`: the share for which one was named all the same.
The rules for title and author were made while looking at these pages, so that others will score lower.

Then every file below `feeds/` and `pdf/`: how many articles they gave, and why others gave none.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks import summary
from qa.english.captions import is_caption
from qa.ingest.clean import clean
from qa.ingest.load import load, load_bytes
from qa.ingest.load.fragment import text_of_html
from qa.types import Failure, RawArticle

PAGES = Path("../shared/data/pages")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--pages", type=Path, default=PAGES)
    options.add_argument("--each", action="store_true", help="also a line for each page, worst first")
    summary.offer(options)
    chosen = options.parse_args()
    folders = sorted(path.parent for path in chosen.pages.glob("readability/*/source.html"))
    if not folders:
        raise SystemExit(f"No pages below {chosen.pages}. Give their folder with --pages.")
    rows = {name: [_judged(read, folder) for folder in folders] for name, read in READERS.items()}
    print(f"{len(folders)} pages, trafilatura {version('trafilatura')}, Python {platform.python_version()}\n")
    columns = "word F1 | title right | title near | author right | author near | spurious | day | outlet | ms"
    print(f"| reader | {columns} |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, judged in rows.items():
        print(_line(name, judged))
    if chosen.each:
        for row in sorted(rows["dateline"], key=lambda row: row["f1"]):
            print(row)
    if chosen.save:
        summary.save(chosen.save, "Saved news pages", list(_kept_rows(rows)))
    for kind, suffixes in (("feeds", {".xml", ".json"}), ("pdf", {".pdf"})):
        _print_read(chosen.pages / kind, suffixes)


def _kept_rows(judged: dict[str, list[dict[str, object]]]) -> Iterator[summary.Row]:
    """Word F1, then shares of pages that name the thing at all."""
    for field in ("f1", "title", "author", "day", "outlet"):
        reached = {
            name: [float(row[field]) for row in rows if row[field] is not None]  # type: ignore[arg-type]
            for name, rows in judged.items()
        }
        (_, own), *others = reached.items()
        beside = {name: statistics.fmean(values) for name, values in others}
        if field == "f1":
            yield summary.Row("word F1 of the text", statistics.fmean(own), len(own), baseline=beside)
        else:
            yield summary.share(f"{field} right", statistics.fmean(own), len(own), **beside)


def _print_read(folder: Path, suffixes: set[str]) -> None:
    """What was read of the files of one kind, and each reason why not."""
    paths = sorted(
        path for path in folder.rglob("*") if path.suffix in suffixes and ".serde" not in path.name
    )
    found = {path: list(load(path)) for path in paths}
    articles = sum(isinstance(item, RawArticle) for items in found.values() for item in items)
    silent = [path for path, items in found.items() if not items]
    print(
        f"\n{folder.name}: {len(paths)} files gave {articles} articles; {len(silent)} gave no reason why not"
    )
    for path, items in found.items():
        for item in items:
            if isinstance(item, Failure):
                print(f"- {path.name}: {item.reason}")


def _line(name: str, judged: list[dict[str, object]]) -> str:
    def share(field: str) -> str:
        values = [float(row[field]) for row in judged if row[field] is not None]  # type: ignore[arg-type]
        return f"{statistics.fmean(values):.3f}" if values else "-"

    speed = statistics.median(float(row["ms"]) for row in judged)  # type: ignore[arg-type]
    fields = ("f1", "title", "title_near", "author", "author_near", "spurious", "day", "outlet")
    return f"| {name} | " + " | ".join(share(field) for field in fields) + f" | {speed:.0f} |"


def _judged(read: object, folder: Path) -> dict[str, object]:
    data = (folder / "source.html").read_bytes()
    wanted = json.loads((folder / "expected-metadata.json").read_text(encoding="utf-8"))
    began = time.perf_counter()
    text, title, author, day, outlet = read(data, folder.name)  # type: ignore[operator]
    spent = (time.perf_counter() - began) * 1000
    expected = text_of_html((folder / "expected.html").read_text(encoding="utf-8"))
    byline = wanted.get("byline")
    return {
        "page": folder.name,
        "f1": _word_f1(text, expected),
        "title": _same(title, wanted["title"]),
        "title_near": _near(title, wanted["title"]),
        "author": _same(author, byline) if byline else None,
        "author_near": _near(author, byline) if byline else None,
        "spurious": None if byline else bool(author),
        "day": day[:10] == wanted["publishedTime"][:10] if wanted.get("publishedTime") else None,
        "outlet": _same(outlet, wanted["siteName"]) if wanted.get("siteName") else None,
        "ms": spent,
        "got": (title, author),
        "wanted": (wanted["title"], byline),
    }


def _read_here(data: bytes, name: str) -> tuple[str, ...]:
    found = next(iter(load_bytes(data, f"{name}.html")))
    if isinstance(found, Failure):
        return ("",) * 5
    article = clean(found)
    story = "\n".join(line for line in article.text.split("\n") if not is_caption(line))
    return story, article.title, article.author or "", article.published or "", article.outlet or ""


def _read_by_default(data: bytes, name: str) -> tuple[str, ...]:
    import trafilatura

    found = trafilatura.bare_extraction(data, with_metadata=True)
    facts = (found.text, found.title, found.author, found.date, found.sitename) if found else (None,) * 5
    return tuple(fact or "" for fact in facts)


READERS = {"dateline": _read_here, "trafilatura, defaults": _read_by_default}


def _word_f1(text: str, expected: str) -> float:
    found, wanted = (Counter(re.findall(r"\w+", given.lower())) for given in (text, expected))
    common = sum((found & wanted).values())
    return 2 * common / (sum(found.values()) + sum(wanted.values())) if common else float(found == wanted)


def _bare(text: str | None) -> str:
    return re.sub(r"\W+", " ", re.sub(r"^by\b", "", (text or "").strip().lower())).strip()


def _same(found: str, wanted: str) -> bool:
    return _bare(found) == _bare(wanted)


def _near(found: str, wanted: str) -> bool:
    one, other = _bare(found), _bare(wanted)
    return bool(one and other) and (one in other or other in one)


if __name__ == "__main__":
    main()
