"""A store on servers under load: nodes that agree, kills, a node from nothing, and the price of the servers.

    python -m benchmarks.many nodes --articles 8000      three nodes, ten readers each; adds, updates, removes
    python -m benchmarks.many writers [--articles 2000]  two machines that write at once, half of them each
    python -m benchmarks.many kills [--kills 60]         SIGKILL at random: servers, writers, nodes, Dask's
    python -m benchmarks.many start [--passages 100000]  a node's word index from nothing; searches meanwhile
    python -m benchmarks.many speed [--passages 100000]  search on the servers beside a folder, interleaved
    python -m benchmarks.many same [--questions 300]     answers from a folder beside those from the servers

Starts a PostgreSQL and a Chroma of its own. Articles are made, vectors are random but fixed: what is measured
is the store, not the models. Only `same` asks with the models: RealTime QA's questions of its articles.
Prints one JSON object; exit code 1 when anything was lost, doubled or wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("DATELINE_TEST_DIM", "384")  # numbers of a vector; also for the processes started

from servers import Chroma, Postgres, Process, chroma, postgres  # noqa: E402
from stores import article, embed, lost, open_store, put, told  # noqa: E402
from writer import numbered  # noqa: E402

from benchmarks import summary  # noqa: E402
from benchmarks.many_kills import kills, start_writer  # noqa: E402
from benchmarks.quality import sampled  # noqa: E402
from qa.store.catalogue import New  # noqa: E402
from qa.store.store import Store  # noqa: E402
from qa.store.transfer import copy  # noqa: E402
from qa.types import Filters, Hit, Passage  # noqa: E402

READERS = 10  # to a node

BATCH = 25  # articles between commits
FILLED_AT_ONCE = 200  # articles, where filling is not what is measured
EVENED_S = 10.0  # after the last change; nodes build small word indexes anew within it
SAME = 100  # questions that every node must answer alike
SEEN_S = 30.0  # a node that has not followed by then counts as wrong
WORDS = ("harbour storm", "minister budget", "verdict bridge", "vaccine striker glacier")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--minutes", type=float, default=60.0, help="no kill is begun after so many")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the sets")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two searches of a reader")
    parser.add_argument("--seed", type=int, default=11)
    summary.offer(parser)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="many-") as folder, postgres() as database, chroma() as vectors:
        found = PARTS[chosen.part](Path(folder), database, vectors, chosen)
    print(json.dumps({"machine": _machine(), "part": chosen.part, **found}, indent=2))
    if chosen.save:
        summary.save(chosen.save, TITLE, _rows(chosen.part, found), note=NOTE, part=chosen.part)
    return 0 if found.get("right", True) else 1


def _rows(part: str, found: dict[str, Any]) -> list[summary.Row]:
    """What stands on the page, then all that was measured."""
    every = [summary.Row(name, json.dumps(value), shown=False) for name, value in found.items()]
    return [*SHOWN[part](found), *every]


def _machine() -> str:
    names = ("SQLAlchemy", "psycopg", "chromadb", "tantivy")
    return ", ".join(
        [f"{os.cpu_count()} cores {platform.machine()}", *(f"{name} {version(name)}" for name in names)]
    )


TITLE = "A store on many machines"
NOTE = "One machine."


def _nodes_shown(found: dict[str, Any]) -> list[summary.Row]:
    wrong = sum(found[name] for name in ("error_count", "lost_passages", "doubled"))
    seen = found["seen_by_others_s"]
    return [
        summary.Row("errors, lost, doubled", wrong, found["articles"], goal=0),
        summary.Row("ordered otherwise", found["unlike_answers"], SAME, goal=0),
        summary.Row("found by others, s p50 / p95", _pair(seen), seen["n"], goal="p95 2"),
    ]


def _writers_shown(found: dict[str, Any]) -> list[summary.Row]:
    return [summary.Row("lost", found["articles"] - found["held"], found["articles"], goal=0)]


def _kills_shown(found: dict[str, Any]) -> list[summary.Row]:
    return [summary.Row("wrong, lost", found["wrong_count"], found["kills"], goal=0)]


def _start_shown(found: dict[str, Any]) -> list[summary.Row]:
    return [
        summary.Row(
            "passages a processor second",
            found["passages_per_cpu_s"],
            found["passages"],
        )
    ]


def _speed_shown(found: dict[str, Any]) -> list[summary.Row]:
    spread = found["search_s"]
    cpu = found["search_cpu_ms"]
    return [
        summary.Row("search, ms p50 / p95", _pair(spread["servers"], 1_000), found["passages"],
                    baseline={"folder": _pair(spread["folder"], 1_000)}, goal="2 ×"),
        summary.Row("processor, ms", cpu["servers"], found["passages"],
                    baseline={"folder": cpu["folder"]}, goal="2 ×"),
    ]  # fmt: skip


def _same_shown(found: dict[str, Any]) -> list[summary.Row]:
    unlike = len(found["unlike_questions"])
    return [summary.Row("unlike a folder’s", unlike, found["questions"], goal=0)]


def _pair(spread: dict[str, float], times: int = 1) -> str:
    return f"{spread['p50'] * times:.3g} / {spread['p95'] * times:.3g}"


SHOWN = {
    "nodes": _nodes_shown, "writers": _writers_shown, "kills": _kills_shown,
    "start": _start_shown, "speed": _speed_shown, "same": _same_shown,
}  # fmt: skip


# Nodes that agree


def nodes(folder: Path, database: Postgres, vectors: Chroma, chosen: argparse.Namespace) -> dict[str, Any]:
    """Articles added, a quarter removed, a sixteenth updated, by two nodes in turn, while all answer."""
    url, count = database.make_database(), chosen.articles
    servers = {"database_url": url, "chroma_url": vectors.url}
    open_nodes = [open_store(folder / f"node{n}", **servers) for n in range(3)]
    errors: list[str] = []
    searches = [0]
    delays: list[float] = []
    started = time.monotonic()
    with _reading(open_nodes, chosen.pause, errors, searches):
        for step, first in enumerate(range(0, count, BATCH)):
            writer, others = open_nodes[step % 2], open_nodes
            put(writer, *(numbered(n) for n in range(first, min(first + BATCH, count))))
            delays += _delays(others, writer, f"mark{first}")
            print(f"{first + BATCH} of {count} stored, seen after {delays[-1]:.1f} s", file=sys.stderr)
        for first in range(0, count // 4, BATCH):
            with open_nodes[1].writing():
                open_nodes[1].remove(f"a{n}" for n in range(first, min(first + BATCH, count // 4)))
                open_nodes[1].commit()
        updated = range(count // 2, count // 2 + count // 16)
        put(open_nodes[0], *(article(f"a{n}", told(n + 10**6)) for n in updated))
        _delays(open_nodes, open_nodes[0], f"mark{updated[-1] + 10**6}")
    seconds = time.monotonic() - started
    open_nodes.append(
        open_store(folder / "late", **servers)
    )  # has followed nothing: its index is of one piece
    held = [len(node.articles()) for node in open_nodes]
    problems = [problem for node in open_nodes for problem in node.check()]  # waits for their word indexes
    doubled = held[0] - len({row["id"] for row in open_nodes[0].articles()})
    time.sleep(EVENED_S)
    unlike = _unlike(open_nodes, chosen.seed)
    missing = len(lost(open_nodes[2]))
    for node in open_nodes:
        node.close()
    right = set(held) == {count - count // 4} and not (errors or doubled or unlike or missing or problems)
    return {
        "articles": count, "removed": count // 4, "updated": count // 16, "seconds": round(seconds),
        "searches_meanwhile": searches[0], "errors": errors[:5], "error_count": len(errors),
        "held": held, "doubled": doubled, "lost_passages": missing, "unlike_answers": unlike,
        "check": problems, "seen_by_others_s": _spread(delays), "right": right,
    }  # fmt: skip


@contextmanager
def _reading(every: Sequence[Store], pause: float, errors: list[str], searches: list[int]) -> Iterator[None]:
    """READERS threads to a node that search until the end of the block."""
    done = threading.Event()

    def read(store: Store, seed: int) -> None:
        chance = random.Random(seed)
        while not done.is_set():
            try:
                store.search(chance.choice(WORDS), embed([f"q{chance.random()}"])[0], k=20)
                searches[0] += 1
            except Exception as error:  # noqa: BLE001 - counted
                errors.append(f"{type(error).__name__}: {str(error)[:200]}")
            time.sleep(2 * pause * chance.random())

    threads = [
        threading.Thread(target=read, args=(store, 100 * n + m))
        for n, store in enumerate(every)
        for m in range(READERS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


def _delays(every: Sequence[Store], writer: Store, word: str) -> list[float]:
    """After how many seconds each other node finds what the writer has just finished storing."""
    began, waiting, found = time.monotonic(), [store for store in every if store is not writer], []
    while waiting and time.monotonic() - began < SEEN_S:
        for store in [store for store in waiting if store.search(word, None, k=1)[0]]:
            waiting.remove(store)
            found.append(time.monotonic() - began)
        time.sleep(0.02)
    return found + [SEEN_S] * len(waiting)


def _unlike(every: Sequence[Store], seed: int) -> int:
    """Of SAME questions, by words, vectors and filters, those without the same passages in the same order."""
    chance = random.Random(seed)
    unlike = 0
    for number in range(SAME):
        words = " ".join(chance.sample(" ".join(WORDS).split(), 3))
        filters = Filters(outlets=(f"Outlet {number % 3}",)) if number % 4 == 0 else Filters()
        vector = embed([f"question {number}"])[0]
        answers = [_places(store.search(words, vector, k=20, filters=filters)) for store in every]
        unlike += any(answer != answers[0] for answer in answers)
    return unlike


def _places(found: tuple[list[Hit], list[Hit]]) -> list[list[tuple[str, int]]]:
    return [[(hit.passage.article_id, hit.passage.start) for hit in hits] for hits in found]


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    found = {
        name: float(np.percentile(seconds, at)) for name, at in (("p50", 50), ("p95", 95), ("most", 100))
    }
    return {"n": len(seconds), **{name: round(value, 3) for name, value in found.items()}}


# Two writers


def writers(folder: Path, database: Postgres, vectors: Chroma, chosen: argparse.Namespace) -> dict[str, Any]:
    """Two processes, as on two machines, that store half of the articles each at the same time."""
    half = chosen.articles // 2
    servers = {"database_url": database.make_database(), "chroma_url": vectors.url}
    began = time.monotonic()
    both = [
        start_writer(folder / f"machine{first}", servers, "put", str(first), str(first + half))
        for first in (0, half)
    ]
    printed = [writer.communicate(timeout=3_600)[0] for writer in both]
    seconds = time.monotonic() - began
    waited = sum("waiting" in lines for lines in printed)
    failed = [lines[-300:] for writer, lines in zip(both, printed, strict=True) if writer.returncode]
    node = open_store(folder / "node", **servers)
    problems, held, missing = node.check(), len(node.articles()), len(lost(node))
    node.close()
    right = held == 2 * half and waited == 1 and not (failed or missing or problems)
    return {"articles": 2 * half, "held": held, "lost_passages": missing, "said_that_they_wait": waited,
            "failed": failed, "check": problems, "seconds": round(seconds), "right": right}  # fmt: skip


# A node from nothing, and the price of servers


def start(folder: Path, database: Postgres, vectors: Chroma, chosen: argparse.Namespace) -> dict[str, Any]:
    """How long a fresh node takes to have its word index, and how quick it answers meanwhile."""
    servers = {"database_url": database.make_database(), "chroma_url": vectors.url}
    first = open_store(folder / "first", **servers)
    filled = _fill(first, chosen.passages)
    first.close()
    fresh = open_store(folder / "fresh", **servers)
    used, began, meanwhile = _cpu(database), time.monotonic(), []
    while True:
        asked = time.monotonic()
        words, near = fresh.search("harbour storm", embed([f"{asked}"])[0], k=20)
        meanwhile.append(time.monotonic() - asked)
        assert near
        if words and fresh.behind is None:
            break
        time.sleep(0.2)
    seconds, used = time.monotonic() - began, _cpu(database) - used
    size = sum(file.stat().st_size for file in (folder / "fresh").rglob("*") if file.is_file())
    problems = fresh.check()
    fresh.close()
    return {"passages": chosen.passages, "fill_s": round(filled), "word_index_s": round(seconds, 1),
            "word_index_cpu_s": round(used, 1), "passages_per_cpu_s": round(chosen.passages / used),
            "word_index_mb": round(size / 1e6),
            "answers_meanwhile_s": _spread(meanwhile), "check": problems, "right": not problems}  # fmt: skip


def speed(folder: Path, database: Postgres, vectors: Chroma, chosen: argparse.Namespace) -> dict[str, Any]:
    """The same searches on a folder and on servers, one after the other, and whether they find the same."""
    servers = {"database_url": database.make_database(), "chroma_url": vectors.url}
    both = {"folder": open_store(folder / "folder"), "servers": open_store(folder / "node", **servers)}
    filled = {name: round(_fill(store, chosen.passages), 1) for name, store in both.items()}
    took: dict[str, list[float]] = {name: [] for name in both}
    used = dict.fromkeys(both, 0.0)
    same = 0
    for number in range(-20, 300):  # the first ones warm both up
        vector = embed([f"question {number}"])[0]
        words = " ".join(random.Random(number).sample(" ".join(WORDS).split(), 3))
        found = {}
        for name, store in both.items():
            before, began = _cpu(database, vectors), time.perf_counter()
            found[name] = store.search(words, vector, k=100)
            if number >= 0:
                took[name].append(time.perf_counter() - began)
                used[name] += _cpu(database, vectors) - before
        same += number >= 0 and _places(found["folder"]) == _places(found["servers"])
    for store in both.values():
        store.close()
    p50 = {name: float(np.median(seconds)) for name, seconds in took.items()}
    return {
        "passages": chosen.passages, "fill_s": filled, "same_of_300": same,
        "search_s": {name: _spread(seconds) for name, seconds in took.items()},
        "servers_over_folder_p50": round(p50["servers"] / p50["folder"], 2),
        "search_cpu_ms": {name: round(1_000 * seconds / 300, 1) for name, seconds in used.items()},
        "servers_over_folder_cpu": round(used["servers"] / used["folder"], 2),
    }  # fmt: skip


def _cpu(*servers: Process) -> float:
    """Seconds of processor time that this process and the servers have used so far."""
    used = time.process_time()
    for server in servers:
        assert server.process
        main = psutil.Process(server.process.pid)
        for process in (main, *main.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                used += times.user + times.system
        ended = main.cpu_times()
        used += ended.children_user + ended.children_system
    return used


def _fill(store: Store, passages: int) -> float:
    """Made articles of nine passages, without the models and without looking for copies; seconds."""
    began = time.monotonic()
    numbers = range(passages // 9)
    with store.writing():
        for first in range(0, len(numbers), FILLED_AT_ONCE):
            batch = [_made(number) for number in numbers[first : first + FILLED_AT_ONCE]]
            store.catalogue.add_new(batch, clusters=[new.article.id for new in batch], keys=[()] * len(batch))
        store.commit()
    return time.monotonic() - began


def _made(number: int) -> New:
    text = told(number, sentences=17)
    made = article(
        f"a{number}", text, outlet=f"Outlet {number % 3}", published=f"2024-01-{1 + number % 28:02}"
    )
    step = len(text) // 9 + 1
    cut = [
        Passage(made.id, at, min(at + step, len(text)), text[at : at + step])
        for at in range(0, len(text), step)
    ]
    return New(made, cut, embed([passage.text for passage in cut]), {f"made-{number}": f"made-{number}"})


# The same answers


def same(folder: Path, database: Postgres, vectors: Chroma, chosen: argparse.Namespace) -> dict[str, Any]:
    """Questions to a folder's store and to its copy on servers: what differs in the answers."""
    import qa
    from qa.evaluate.run import read_questions, stored_ids

    sample = argparse.Namespace(data=chosen.data, out=folder / "sample", articles=chosen.articles)
    articles, rows, _ = sampled(sample, questions=chosen.questions)
    asked = read_questions(rows, stored_ids(articles))[: chosen.questions]
    servers = {"database_url": database.make_database(), "chroma_url": vectors.url}
    with qa.open(folder / "folder") as home:
        home.ingest([articles])
        name, dim = home.store.catalogue.made_with
        target = Store.open(folder / "node", embedder=name, dim=dim, for_copy=True, **servers)
        copy(home.store, target)
        target.close()
        passages = home.store.size()
        unlike: dict[str, list[str]] = {
            name: [] for name in ("values", "scores", "citations", "text", "closest")
        }
        answered = 0
        with qa.open(folder / "node", **servers) as node:
            node.check()  # waits for its word index
            for number, question in enumerate(asked):
                if number % 25 == 0:
                    print(f"{number} of {len(asked)}, unlike: {unlike}", file=sys.stderr)
                mine, theirs = (
                    _parts(desk.ask(question.text, now=question.day).to_dict()) for desk in (home, node)
                )
                answered += mine["status"] == "answered"
                for name, questions in unlike.items():
                    if mine[name] != theirs[name]:
                        questions.append(question.text)
    return {"articles": chosen.articles, "passages": passages, "questions": len(asked), "answered": answered,
            "unlike": {name: len(questions) for name, questions in unlike.items()},
            "unlike_questions": sorted({text for each in unlike.values() for text in each}),
            "right": not any(unlike.values())}  # fmt: skip


def _parts(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with the findings' probabilities apart from all else in them."""
    findings = [dict(finding) for finding in answer["findings"]]
    values = [finding.pop("values") for finding in findings]
    scores = [value.pop("score") for row in values for value in row.values()]
    return {**answer, "values": [*findings, *values], "scores": scores}


PARTS = {
    "nodes": nodes, "writers": writers, "kills": kills, "start": start, "speed": speed, "same": same,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
