"""How the store grows: writing, disk, memory, start, freshness and search, at several sizes. Prints Markdown.

    python -m benchmarks.scale [--passages 10000 100000] [--articles FILE] [--pool 4000] [--searches 200]
                               [--out benchmarks/out] [--keep] [--rebuild]

The articles are made: passages of real articles shuffled into new ones, their names replaced by other names
of the corpus and their days moved, so that no two are alike; the vector of each is its passage's own, turned
a little at random. --articles is JSON lines (default: ../shared/data/realtimeqa, else the project's seeds/).
Embedding is left out of the ingest rate: `benchmarks.ingest` measures it. With --rebuild copies of a story
are not looked for, and the indexes are built once, at the end: a third of the time.

Each reading is taken in a process of its own. `found after`: another process ingests one article; how long
after it has finished does a process that is open find it. The baseline is SQLite's FTS5 over the same words.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import summary  # noqa: E402
from qa.ingest.blocks import blocks  # noqa: E402
from qa.ingest.chunk import chunk  # noqa: E402
from qa.ingest.clean import clean  # noqa: E402
from qa.ingest.flow import commit_after  # noqa: E402
from qa.ingest.load import load  # noqa: E402
from qa.models.embed import FAST, FAST_DIM, FAST_NAME, load_embedder  # noqa: E402
from qa.store.catalogue import New  # noqa: E402
from qa.store.index_text import index_text  # noqa: E402
from qa.store.store import Store  # noqa: E402
from qa.types import Article, Filters, Passage, RawArticle  # noqa: E402

Vectors = npt.NDArray[np.float32]

REAL = ROOT.parent / "shared" / "data" / "realtimeqa" / "articles.jsonl.gz"
PER_ARTICLE = 9  # passages; a news article of 5,500 characters has about as many
TURNED = 0.35  # length of the random part added to a unit vector: cosine about .94 to the original
BATCH_PASSAGES = 512  # stored together, as the ingest flow does
OUTLETS = tuple(f"Outlet {number}" for number in range(40))
FIRST_DAY, DAYS = date(2015, 1, 1), 3_650
K = 100  # hits asked of each index, as retrieve.py asks
SEED = 11
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
WAIT_S = 60.0  # longest wait for a new article to be found


def main() -> None:
    chosen = _arguments()
    if chosen.role:
        print(json.dumps(ROLES[chosen.role](chosen)))
        return
    pool, vectors = _pool(chosen.articles, chosen.pool, chosen.out)
    print(_machine(), f"{len(pool):,} real passages.\n", flush=True)
    rows = []
    for size in chosen.passages:
        folder = Path(tempfile.mkdtemp(dir=chosen.out, prefix=f"scale-{size}-"))
        try:
            rows.append(_measure(size, folder, pool, vectors, chosen))
        finally:
            if not chosen.keep:
                shutil.rmtree(folder)
    print(_table(rows))
    if chosen.save:
        summary.save(chosen.save, "Stores that grow", [row for one in rows for row in _kept_rows(one)])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000], help="sizes to build")
    parser.add_argument("--articles", type=Path, default=REAL if REAL.exists() else ROOT / "seeds")
    parser.add_argument("--pool", type=int, default=4_000, help="real passages that the made ones come from")
    parser.add_argument("--searches", type=int, default=200, help="searches of each kind")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/out"), help="stores and kept vectors")
    parser.add_argument("--keep", action="store_true", help="keep the stores")
    parser.add_argument(
        "--rebuild", action="store_true", help="fill the catalogue, then build the indexes once"
    )
    summary.offer(parser)
    parser.add_argument("--role", choices=ROLES, help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("tantivy", "chromadb", "SQLAlchemy"))
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {packages}."


def _measure(
    size: int, folder: Path, pool: Sequence[str], vectors: Vectors, chosen: argparse.Namespace
) -> dict[str, Any]:
    _note(f"building {size:,} passages")
    build = _build_at_once if chosen.rebuild else _build
    built = build(size, folder / "store", pool, vectors)
    queries = folder / "queries"
    _write_queries(queries, pool, vectors, chosen.searches)
    common = ["--store", str(folder / "store"), "--searches", str(chosen.searches)]
    found = _in_process("search", common)
    fresh = _in_process("follow", common)
    plain = _full_text(folder, pool, size, chosen.searches)
    return {"passages": size, **built, **found, **fresh, **plain}


# Made articles


def _pool(source: Path, wanted: int, out: Path) -> tuple[list[str], Vectors]:
    """Real passages and their vectors, which are kept beside --out for the next run."""
    out.mkdir(parents=True, exist_ok=True)
    texts: list[str] = []
    paths = sorted(source.iterdir()) if source.is_dir() else [source]
    for found in (item for path in paths for item in load(path)):
        if isinstance(found, RawArticle):
            article = clean(found)
            texts += [passage.text for passage in chunk(article, blocks(article.text))]
        if len(texts) >= wanted:
            break
    texts = texts[:wanted]
    kept = out / f"scale-{FAST_DIM}-{source.stem.split('.')[0]}-{len(texts)}.npy"
    if not kept.exists():
        _note(f"embedding {len(texts):,} passages, once")
        np.save(kept, load_embedder(FAST).embed(texts).astype(np.float16))
    return texts, np.load(kept).astype(np.float32)


def _articles(
    size: int, pool: Sequence[str], vectors: Vectors
) -> Iterator[tuple[Article, list[Passage], Vectors]]:
    """Articles of PER_ARTICLE passages until there are `size` passages; the same ones every time."""
    names = sorted({name for text in pool for name in NAME.findall(text)}) or ["Nobody"]
    chance = random.Random(SEED)
    turns = np.random.default_rng(SEED)
    for number, first in enumerate(range(0, size, PER_ARTICLE)):
        rows = [chance.randrange(len(pool)) for _ in range(min(PER_ARTICLE, size - first))]
        article, passages = _article(number, [_renamed(pool[row], names, number) for row in rows], names)
        turned = vectors[rows] + turns.normal(0, TURNED / FAST_DIM**0.5, (len(rows), FAST_DIM)).astype(
            np.float32
        )
        yield article, passages, turned / np.linalg.norm(turned, axis=1, keepdims=True)


def _article(number: int, texts: Sequence[str], names: Sequence[str]) -> tuple[Article, list[Passage]]:
    name = f"made-{number}"
    spans, start = [], 0
    for text in texts:
        spans.append((start, start + len(text)))
        start += len(text) + 2
    day = FIRST_DAY + timedelta(days=number * 7_919 % DAYS)
    who = names[number * 31 % len(names)]
    article = Article(
        id=name,
        revision=name,
        url=None,
        title=f"{who}: {texts[0][:60]}",
        outlet=OUTLETS[number % len(OUTLETS)],
        author=None,
        published=day.isoformat(),
        text="\n\n".join(texts),
    )
    return article, [Passage(name, start, end, text) for (start, end), text in zip(spans, texts, strict=True)]


def _renamed(text: str, names: Sequence[str], number: int) -> str:
    """The text with each name replaced by another of the corpus, the same one within an article."""
    return NAME.sub(lambda match: names[_mixed(match.group(), number) % len(names)], text)


def _mixed(word: str, number: int) -> int:
    return int.from_bytes(word.encode()[:8], "little") * 2_654_435_761 + number * 40_503


# What is measured


def _build(size: int, folder: Path, pool: Sequence[str], vectors: Vectors) -> dict[str, Any]:
    store = Store.open(folder, embedder=FAST_NAME, dim=FAST_DIM)
    started, waiting, least = time.perf_counter(), 0, commit_after(store)
    batch: list[New] = []
    with store.writing():
        for article, passages, turned in _articles(size, pool, vectors):
            batch.append(New(article, passages, turned, {}))
            if len(batch) * PER_ARTICLE >= BATCH_PASSAGES:
                store.add_new(batch)
                waiting += len(batch) * PER_ARTICLE
                batch = []
            if waiting >= least:
                store.commit()
                waiting, least = 0, commit_after(store)
        store.add_new(batch)
        store.commit()
    return _built(store, size, folder, time.perf_counter() - started)


def _build_at_once(size: int, folder: Path, pool: Sequence[str], vectors: Vectors) -> dict[str, Any]:
    store = Store.open(folder, embedder=FAST_NAME, dim=FAST_DIM)
    started = time.perf_counter()
    with store.writing():
        for article, passages, turned in _articles(size, pool, vectors):
            store.catalogue.add(article, passages, turned, cluster=article.id, keys=(), sources={})
        _note(f"filled after {time.perf_counter() - started:.0f} s, building the indexes")
        store.rebuild()
    return _built(store, size, folder, time.perf_counter() - started)


def _built(store: Store, size: int, folder: Path, seconds: float) -> dict[str, Any]:
    store.close()
    return {"rate": size / seconds, "disk": _megabytes(folder), "build_memory": _memory()}


def _search(chosen: argparse.Namespace) -> dict[str, Any]:
    """In a process of its own: opens the store, then searches it with words, vectors, both, and filters."""
    texts, vectors = _read_queries(chosen.store.parent / "queries", chosen.searches)
    started = time.perf_counter()
    store = Store.open(chosen.store, embedder=FAST_NAME, dim=FAST_DIM)
    store.search(texts[0], vectors[0], k=K)
    start = time.perf_counter() - started
    year = Filters(since=date(2019, 1, 1), until=date(2019, 12, 31))
    times: dict[str, list[float]] = {"both": [], "words": [], "nearest": [], "filtered": []}
    for text, vector in zip(texts, vectors, strict=True):
        for kind, words, near, filters in (
            ("both", text, vector, Filters()),
            ("words", text, None, Filters()),
            ("nearest", "", vector, Filters()),
            ("filtered", text, vector, year),
        ):
            began = time.perf_counter()
            store.search(words, near, k=K, filters=filters)
            times[kind].append(time.perf_counter() - began)
    memory = _memory()
    store.close()
    return {"start": start, "memory": memory, "times": {kind: _spread(took) for kind, took in times.items()}}


def _follow(chosen: argparse.Namespace) -> dict[str, Any]:
    """In a process of its own: how soon it finds, and loses, what another process ingests and removes."""
    _, vectors = _read_queries(chosen.store.parent / "queries", 1)
    store = Store.open(chosen.store, embedder=FAST_NAME, dim=FAST_DIM)
    store.search("Zyxwvian", vectors[0], k=K)
    took = _in_process("add", ["--store", str(chosen.store)])["took"]
    found_after = _until(store, vectors[0], there=True)
    _in_process("remove", ["--store", str(chosen.store)])
    lost_after = _until(store, vectors[0], there=False)
    store.close()
    return {"one_article": took, "found_after": found_after, "lost_after": lost_after}


def _until(store: Store, vector: Vectors, *, there: bool) -> float:
    started = time.perf_counter()
    while time.perf_counter() - started < WAIT_S:
        lists = store.search("Zyxwvian", vector, k=5)
        if all(any(hit.passage.article_id == "new" for hit in hits) == there for hits in lists):
            return time.perf_counter() - started
        time.sleep(0.01)
    return float("inf")


def _add(chosen: argparse.Namespace) -> dict[str, Any]:
    _, vectors = _read_queries(chosen.store.parent / "queries", 1)
    text = "The Zyxwvian government fell on Friday after a vote in parliament."
    article = Article("new", "new", None, "Government falls", "Outlet 0", None, "2025-01-01", text)
    started = time.perf_counter()
    store = Store.open(chosen.store, embedder=FAST_NAME, dim=FAST_DIM)
    with store.writing():
        store.add(article, [Passage("new", 0, len(text), text)], vectors[:1])
        store.commit()
    took = time.perf_counter() - started
    store.close()
    return {"took": took}


def _remove(chosen: argparse.Namespace) -> dict[str, Any]:
    store = Store.open(chosen.store, embedder=FAST_NAME, dim=FAST_DIM)
    with store.writing():
        removed = store.remove(["new"])
        store.commit()
    store.close()
    return {"removed": removed}


ROLES = {"search": _search, "follow": _follow, "add": _add, "remove": _remove}


def _full_text(folder: Path, pool: Sequence[str], size: int, searches: int) -> dict[str, Any]:
    """SQLite's FTS5 with porter stems over the same words, ranked by its bm25."""
    texts, _ = _read_queries(folder / "queries", searches)
    database = sqlite3.connect(folder / "fts.db")
    database.execute("CREATE VIRTUAL TABLE words USING fts5(text, tokenize='porter')")
    made = _articles(size, pool, np.zeros((len(pool), FAST_DIM), np.float32) + 1)
    rows = (
        (index_text(article.title, article.outlet, article.day, passage.text),)
        for article, passages, _ in made
        for passage in passages
    )
    database.executemany("INSERT INTO words VALUES (?)", rows)
    database.commit()
    took = []
    for text in texts:
        query = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        began = time.perf_counter()
        database.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?", (query, K)
        ).fetchall()
        took.append(time.perf_counter() - began)
    database.close()
    return {"full_text": _spread(took)}


# Queries


def _write_queries(path: Path, pool: Sequence[str], vectors: Vectors, count: int) -> None:
    """Searches as questions make them: eight words of a passage, and a vector near it."""
    chance = random.Random(SEED + 1)
    rows = [chance.randrange(len(pool)) for _ in range(count)]
    turns = np.random.default_rng(SEED + 1).normal(0, 1 / FAST_DIM**0.5, (count, FAST_DIM)).astype(np.float32)
    near = vectors[rows] + turns
    path.mkdir()
    np.save(path / "vectors.npy", near / np.linalg.norm(near, axis=1, keepdims=True))
    (path / "texts.json").write_text(json.dumps([_some_words(pool[row], chance) for row in rows]))


def _some_words(text: str, chance: random.Random) -> str:
    words = [word for word in re.findall(r"\w+", text) if len(word) > 3] or ["nothing"]
    return " ".join(chance.sample(words, min(8, len(words))))


def _read_queries(path: Path, count: int) -> tuple[list[str], Vectors]:
    texts = json.loads((path / "texts.json").read_text())
    return texts[:count], np.load(path / "vectors.npy")[:count]


# Numbers


def _in_process(role: str, arguments: Sequence[str]) -> dict[str, Any]:
    command = [sys.executable, __file__, "--role", role, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"{role} failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _spread(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    return float(np.median(seconds)) * 1000, float(np.quantile(seconds, 0.95)) * 1000


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _memory() -> float:
    """Resident now, in megabytes; 0 where the system does not say."""
    status = Path("/proc/self/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found.group(1)) / 1e3 if found else 0.0


def _table(rows: Sequence[dict[str, Any]]) -> str:
    def times(key: str) -> list[str]:
        return [f"{row['times'][key][0]:.1f} / {row['times'][key][1]:.1f}" for row in rows]

    lines = {
        "stored, passages/s (without embedding)": [f"{row['rate']:,.0f}" for row in rows],
        "disk, MB": [f"{row['disk']:,.0f}" for row in rows],
        "resident memory of the writer, MB": [f"{row['build_memory']:,.0f}" for row in rows],
        "resident memory of a reader, MB": [f"{row['memory']:,.0f}" for row in rows],
        "start and first search, s": [f"{row['start']:.2f}" for row in rows],
        "one article stored by another process, s": [f"{row['one_article']:.2f}" for row in rows],
        "found after, s": [f"{row['found_after']:.2f}" for row in rows],
        "gone after its removal, s": [f"{row['lost_after']:.2f}" for row in rows],
        "search p50 / p95, ms": times("both"),
        "words alone": times("words"),
        "nearest alone": times("nearest"),
        "one year of ten": times("filtered"),
        "SQLite FTS5, words alone": [
            f"{row['full_text'][0]:.1f} / {row['full_text'][1]:.1f}" for row in rows
        ],
    }
    head = ["", *(f"{row['passages']:,} passages" for row in rows)]
    body = [[name, *values] for name, values in lines.items()]
    rule = ["---", *("---:" for _ in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *body))


def _kept_rows(row: dict[str, Any]) -> list[summary.Row]:
    """What is kept of one size; the page shows what grows."""
    at = f", {row['passages']:,} passages"

    def times(key: str, *, shown: bool = False, **beside: str) -> summary.Row:
        told = " / ".join(f"{each:.1f}" for each in row["times"][key])
        return summary.Row(f"{key}, ms p50 / p95{at}", told, baseline=beside, shown=shown)

    return [
        times("both", shown=True),
        times("words", shown=True, **{"SQLite FTS5": " / ".join(f"{each:.1f}" for each in row["full_text"])}),
        times("nearest"),
        times("filtered"),
        summary.Row(f"start and first search, s{at}", row["start"]),
        summary.Row(f"memory of a reader, MB{at}", row["memory"]),
        summary.Row(f"disk, MB{at}", row["disk"], shown=False),
        summary.Row(f"stored without embedding, passages/s{at}", row["rate"], shown=False),
        summary.Row(f"found after another process stored it, s{at}", row["found_after"], shown=False),
    ]


def _note(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
