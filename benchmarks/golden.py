"""Keeps the answers to some 1,200 development questions, and says later which of them have changed.

    python -m benchmarks.golden --stores DIR --data ../shared/data --keep FILE      makes the stores first
    python -m benchmarks.golden --stores DIR --compare FILE [--every N] [--show N]

Comparing exits with 1 where one differs.
For changes that are to change nothing: each answer's JSON, less its time, must stay as it is to the byte.
The questions: the fifty on the seed, RealTime QA, NewsQuizQA asked of the same articles, MultiHop-RAG, and
conversations over Wikinews and RealTime QA. The stores are made once and only read afterwards.
`--remember FILE` keeps what the reader said there, so that comparing again takes a fraction of the time; it
goes stale with the reader's weights.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import qa
from qa.evaluate.run import read_rows
from qa.models.read import KEPT, Reader, Reading
from qa.types import Passage, Span

SEEDS, SEED_QUESTIONS = Path("seeds"), Path("tests/seed_questions.json")
REALTIME, REALTIME_ARTICLES = 350, 700  # questions, articles; the gold ones first
MULTIHOP = 350
QUIZ = 150
TALKS = 40  # conversations over RealTime QA; one a Wikinews article besides
FOLLOW_UPS = (
    ("and where?", "Who said so?"),
    ("why?", "tell me more"),
    ("Who is he?", "When did it happen?"),
    ("How many people died?", "and how many were injured?"),
    ("What did they say about it?", "what about Trump?"),
    ("and when?", "Was it true?"),
    ("Where did it happen?", "What happened there?"),
    ("Who won?", "and by how much?"),
)
NO_PASSAGE = Passage("", 0, 0, "")

Case = Mapping[str, Any]  # store, now, and the questions of one conversation


def main() -> None:
    chosen = _arguments()
    if not (chosen.stores / "cases.jsonl").exists():
        if chosen.data is None:
            raise SystemExit(f"No stores in {chosen.stores} yet. Give the folder of the sets with --data.")
        _make(chosen.data, chosen.stores)
    cases = list(read_rows(chosen.stores / "cases.jsonl"))[:: chosen.every]
    answers = _answers(cases, chosen.stores, chosen.remember)
    if chosen.keep:
        answers = _kept(answers, chosen.keep)
    before = chosen.compare.read_text(encoding="utf-8").splitlines() if chosen.compare else []
    differ = _compared(answers, before, chosen.show if chosen.compare else 0)
    sys.exit(int(differ > 0 and chosen.compare is not None))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--stores", type=Path, required=True, help="folder of the stores and the questions")
    parser.add_argument("--data", type=Path, help="folder of the sets, to make the stores from")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="where to write the answers, one a line")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="answers that were kept before")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth conversation only (1)")
    parser.add_argument("--show", type=int, default=10, metavar="N", help="differences shown in full (10)")
    parser.add_argument("--remember", type=Path, metavar="FILE", help="what the reader said, kept")
    return parser.parse_args()


# Asking


def _answers(cases: Sequence[Case], stores: Path, remember: Path | None) -> Iterator[str]:
    """A line of JSON for each question: its store, its number there, and its answer."""
    for name in dict.fromkeys(case["store"] for case in cases):
        with qa.open(stores / name, threads=1) as desk:
            if remember:
                desk.engine.reader = Remembering(desk.engine.reader, remember)
            for case in (case for case in cases if case["store"] == name):
                history: list[Any] = []
                for number, question in enumerate(case["questions"]):
                    answer = desk.ask(question, history=history, now=case.get("now"))
                    history.append(answer)
                    told = {key: value for key, value in answer.to_dict().items() if key != "took_ms"}
                    yield json.dumps({"case": f"{case['id']}-{number}", **told}, ensure_ascii=False)


class Remembering(Reader):
    """A reader that is asked the same about the same passages only once, over all runs."""

    def __init__(self, reader: Reader, file: Path) -> None:
        vars(self).update(vars(reader))
        self.known = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self.known.execute("create table if not exists readings (asked text primary key, told blob)")

    def look(
        self, question: str, passages: Sequence[Passage], *, n: int = 1, kept: int = KEPT
    ) -> list[Reading]:
        asked = json.dumps([question, [passage.text for passage in passages], n, kept])
        look = super().look
        return self._once(asked, passages, lambda: look(question, passages, n=n, kept=kept))

    def study(self, pairs: Sequence[tuple[str, Passage]], *, n: int = 1) -> list[Reading]:
        asked = json.dumps([[(question, passage.text) for question, passage in pairs], n])
        study = super().study
        return self._once(asked, [passage for _, passage in pairs], lambda: study(pairs, n=n))

    def _once(
        self, asked: str, passages: Sequence[Passage], ask: Callable[[], list[Reading]]
    ) -> list[Reading]:
        row = self.known.execute("select told from readings where asked = ?", (asked,)).fetchone()
        if row is None:
            readings = ask()
            told = [
                _of(reading, NO_PASSAGE, -passage.start)
                for reading, passage in zip(readings, passages, strict=True)
            ]
            self.known.execute("insert into readings values (?, ?)", (asked, pickle.dumps(told)))
            return readings
        told = pickle.loads(row[0])
        return [_of(reading, passage, passage.start) for reading, passage in zip(told, passages, strict=True)]


def _of(reading: Reading, passage: Passage, offset: int) -> Reading:
    """The reading with its spans moved by `offset` characters, in `passage`."""

    def moved(span: Span) -> Span:
        return replace(span, passage=passage, start=span.start + offset, end=span.end + offset)

    spans = (replace(candidate, span=moved(candidate.span)) for candidate in reading.spans)
    return replace(reading, spans=tuple(spans))


def _kept(answers: Iterable[str], file: Path) -> Iterator[str]:
    with file.open("w", encoding="utf-8") as lines:
        for answer in answers:
            lines.write(f"{answer}\n")
            lines.flush()
            yield answer


def _compared(answers: Iterable[str], kept: Sequence[str], show: int) -> int:
    """How many answers are not what was kept, and says which; fields that were not there then pass."""
    before = {answer["case"]: answer for answer in map(json.loads, kept)}
    total = differ = 0
    for line in answers:
        total += 1
        answer = json.loads(line)
        old = before.get(answer["case"], {})
        if old and all(answer.get(name) == value for name, value in old.items()):
            continue
        differ += 1
        if differ <= show:
            print(f"{answer['case']}: {answer['question']}")
            for name, was, now in _differences(old, answer):
                print(f"  {name}\n    was {was}\n    is  {now}", flush=True)
    print(f"{differ} of {total} answers differ." if kept else f"{total} answers.")
    return differ


def _differences(old: Case, new: Case) -> Iterator[tuple[str, str, str]]:
    for name in old:
        if old[name] != new.get(name):
            yield name, *(json.dumps(one.get(name), ensure_ascii=False)[:600] for one in (old, new))


# Stores and questions, made once


def _make(data: Path, stores: Path) -> None:
    stores.mkdir(parents=True, exist_ok=True)
    realtime, articles = _realtime(data / "realtimeqa")
    multihop = list(read_rows(data / "multihop_rag" / "questions.jsonl.gz"))
    quiz = list(read_rows(data / "newsquizqa" / "questions.jsonl.gz"))
    wikinews = list(read_rows(data / "wikinews" / "articles.jsonl.gz"))
    cut = stores / "realtimeqa.jsonl.gz"
    cut.write_bytes(gzip.compress("".join(f"{json.dumps(row)}\n" for row in articles).encode()))
    for name, path in {
        "seed": SEEDS,
        "wikinews": data / "wikinews" / "articles.jsonl.gz",
        "realtimeqa": cut,
        "multihop_rag": data / "multihop_rag" / "articles.jsonl.gz",
    }.items():
        with qa.open(stores / name, threads=1) as desk:
            report = desk.ingest([path])
        print(f"{name}: {report.added + report.unchanged} articles", flush=True)
    seed = json.loads(SEED_QUESTIONS.read_text(encoding="utf-8"))
    cases = [
        *_cases("seed", ([*row.get("history", []), row["question"]] for row in seed)),
        *_cases("wikinews", ([row["title"], *_follow_ups(n)] for n, row in enumerate(wikinews))),
        *_cases("realtimeqa", ([row["question"]] for row in realtime), [row["date"] for row in realtime]),
        *_cases("realtimeqa", ([row["question"]] for row in _every(quiz, QUIZ)), kind="quiz"),
        *_cases(
            "realtimeqa",
            ([row["question"], *_follow_ups(n)] for n, row in enumerate(_every(realtime, TALKS))),
            kind="talk",
        ),
        *_cases("multihop_rag", ([row["question"]] for row in _every(multihop, MULTIHOP))),
    ]
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    (stores / "cases.jsonl").write_text(lines, encoding="utf-8")


def _realtime(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Questions with few gold articles, in the order of their days, and articles that hold all of those."""
    rows = [row for row in read_rows(folder / "questions.jsonl.gz") if len(row["articles"]) == 1]
    questions = _every(rows, REALTIME)
    gold = {article for row in questions for article in row["articles"]}
    every = list(read_rows(folder / "articles.jsonl.gz"))
    held = [row for row in every if row["id"] in gold]
    others = _every([row for row in every if row["id"] not in gold], REALTIME_ARTICLES - len(held))
    return questions, held + others


def _cases(
    store: str, talks: Iterable[Sequence[str]], days: Sequence[str] = (), *, kind: str = ""
) -> Iterator[Case]:
    for number, questions in enumerate(talks):
        now = {"now": days[number]} if days else {}
        yield {"id": f"{kind or store}-{number:03}", "store": store, **now, "questions": list(questions)}


def _every(rows: Sequence[Any], count: int) -> list[Any]:
    """So many of the rows, evenly apart."""
    return [rows[number * len(rows) // count] for number in range(min(count, len(rows)))]


def _follow_ups(number: int) -> Sequence[str]:
    return FOLLOW_UPS[number % len(FOLLOW_UPS)]


if __name__ == "__main__":
    main()
