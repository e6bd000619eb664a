"""How well a reader reads: spans, "no answer", sentence choice and reranking, each beside other readers.

    python -m benchmarks.reader --data ../shared/data [--reader builtin --reader PATH …] [--every 7]

Prints Markdown. Every reader named is measured in the same run, on the same sample, through `qa.models.read`.
NewsQA: the articles that training keeps aside. `squad/dev` and `trecqa/dev` are never trained on.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import summary
from qa.evaluate.measures import exact, f1
from qa.models.read import Reader, load_reader
from qa.types import Passage, Span
from training.data import LexicalIndex, is_newsqa_dev, merged_sentences, quiz_split, rows

BATCH = 64  # pairs handed over at once
WINDOW_WORDS = 110  # passages of the reranking measure, cut at sentences


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reader", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--reader",
        action="append",
        help="`builtin` or a folder; may be given again",
    )
    parser.add_argument("--every", type=int, default=7, help="take every n-th question of the large sets")
    parser.add_argument("--questions", type=int, default=150, help="reranked questions, at most")
    summary.offer(parser)
    options = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, every {options.every}th question\n")
    names = options.reader or ["builtin"]
    readers = [load_reader(name) for name in names]
    print("| measure | " + " | ".join(names) + " |")
    print("|---" * (len(names) + 1) + "|", flush=True)
    kept = []
    for measure in (_squad, _newsqa, _pairs, _trecqa, _speed, _rerank):
        columns = [measure(reader, options) for reader in readers]
        for row in columns[0]:  # at once: a run that is cut short has shown what it measured
            print(f"| {row} | " + " | ".join(column[row] for column in columns) + " |", flush=True)
            beside = {name: column[row] for name, column in zip(names[1:], columns[1:], strict=True)}
            kept.append(summary.Row(row, columns[0][row], baseline=beside))
    if options.save:
        summary.save(options.save, f"The reader alone: {Path(names[0]).name}", kept)


def _squad(reader: Reader, options: argparse.Namespace) -> dict[str, str]:
    asked = list(rows(options.data / "squad/dev.jsonl.gz"))[:: options.every]
    best = _best(reader, [(row["question"], row["context"]) for row in asked])
    answerable = [(row, span) for row, span in zip(asked, best, strict=True) if row["answerable"]]
    sure = [span.score if span else 0.0 for span in best]
    overlap, refused = _as_squad_counts(asked, best, sure)
    return {
        f"squad/dev, answerable ({len(answerable)}): F1 / EM": _f1_em(answerable),
        f"squad/dev ({len(asked)}): AUROC": f"{_auroc(sure, [row['answerable'] for row in asked]):.3f}",
        "the same with its best threshold: F1 on answerable / right on the others": (
            f"{100 * overlap:.1f} / {100 * refused:.1f}"
        ),
    }


def _as_squad_counts(
    asked: Sequence[dict], best: Sequence[Span | None], sure: Sequence[float]
) -> tuple[float, float]:
    """F1 on answerable questions, and the share of the others refused, where most of all is right."""
    found = [
        (
            score,
            f1(span.text, [answer["text"] for answer in row["answers"]]) if span else 0.0,
            row["answerable"],
        )
        for row, span, score in zip(asked, best, sure, strict=True)
    ]
    answerable = sum(1 for *_, answered in found if answered)
    others = len(found) - answerable
    overlap, refused = sum(one for _, one, answered in found if answered), 0
    most, kept = overlap, (overlap, refused)
    for _, one, answered in sorted(found):
        overlap, refused = overlap - one * answered, refused + (not answered)
        if overlap + refused > most:
            most, kept = overlap + refused, (overlap, refused)
    return kept[0] / answerable, kept[1] / others


def _newsqa(reader: Reader, options: argparse.Namespace) -> dict[str, str]:
    """Given the article, whatever its length."""
    kept = [row for row in rows(options.data / "newsqa/half_a.jsonl.gz") if is_newsqa_dev(row)]
    asked = [row for row in kept if row["answers"]][:: max(1, options.every // 3)]
    best = _best(reader, [(row["question"], row["context"]) for row in asked])
    return {f"NewsQA kept aside ({len(asked)}): F1 / EM": _f1_em(list(zip(asked, best, strict=True)))}


def _pairs(reader: Reader, options: argparse.Namespace) -> dict[str, str]:
    """The paragraph with the answer against the paragraph that words like best and that lacks it."""
    table = list(rows(options.data / "squad/dev.jsonl.gz"))
    corpus = sorted({row["context"] for row in table})
    search = LexicalIndex(corpus)
    asked = [row for row in table if row["answerable"]][:: options.every]
    pairs, labels = [], []
    for row in asked:
        answers = [answer["text"].lower() for answer in row["answers"]]
        without = [
            corpus[hit]
            for hit, _ in search(row["question"], k=10)
            if not any(answer in corpus[hit].lower() for answer in answers)
        ]
        if without:
            pairs += [(row["question"], row["context"]), (row["question"], without[0])]
            labels += [True, False]
    sure = [span.score if span else 0.0 for span in _best(reader, pairs)]
    return {f"paragraph with / without the answer ({len(pairs)}): AUROC": f"{_auroc(sure, labels):.3f}"}


def _trecqa(reader: Reader, options: argparse.Namespace) -> dict[str, str]:
    asked = [
        row
        for row in rows(options.data / "trecqa/dev.jsonl.gz")
        if len({candidate["label"] for candidate in row["candidates"]}) == 2
    ]
    first = []
    for row in asked:
        pairs = [(row["question"], candidate["sentence"]) for candidate in row["candidates"]]
        sure = [span.score if span else 0.0 for span in _best(reader, pairs)]
        first.append(row["candidates"][sure.index(max(sure))]["label"])
    return {f"trecqa/dev ({len(asked)}): right sentence first": f"{statistics.mean(first):.3f}"}


def _rerank(reader: Reader, options: argparse.Namespace) -> dict[str, str]:
    """BM25's 20 best passages of 7,707 articles, by its relevance: is the gold article first?

    Questions that training keeps aside, and whose article is known.
    """
    corpus, owners = [], []
    for row in rows(options.data / "realtimeqa/articles.jsonl.gz"):
        for text in merged_sentences(row["text"], words=WINDOW_WORDS):
            corpus.append(f"{row['title']}\n{text}")
            owners.append(row["id"])
    search = LexicalIndex(corpus)
    kept, _ = quiz_split(options.data / "realtimeqa")
    gold = [row for row in kept if row["labels"] == "gold"][: options.questions]
    kinds = ("BM25", "reader alone", "the early head alone", "BM25 share of the best + a tenth of the reader")
    first: dict[str, list[bool]] = {kind: [] for kind in kinds}
    for row in gold:
        hits = search(row["question"], k=20)
        if not hits:
            continue
        passages = [Passage("", 0, len(corpus[hit]), corpus[hit]) for hit, _ in hits]
        said, top = reader.rank(row["question"], passages), hits[0][1]
        early = [reading.early or 0.0 for reading in reader.look(row["question"], passages, kept=0)]
        fused = [score / top + one / 10 for (_, score), one in zip(hits, said, strict=True)]
        right = set(row["articles"])
        for kind, scores in zip(kinds, ([score for _, score in hits], said, early, fused), strict=True):
            first[kind].append(owners[hits[scores.index(max(scores))][0]] in right)
    return {
        f"RealTime QA ({len(first['BM25'])}), gold article first: {kind}": f"{statistics.mean(right):.3f}"
        for kind, right in first.items()
    }


def _speed(reader: Reader, options: argparse.Namespace) -> dict[str, str]:
    """One question over 20 passages of 120 words: median of 9."""
    texts = [row["context"] for row in rows(options.data / "newsqa/half_a.jsonl.gz")][:20]
    passages = [Passage("", 0, len(text), text) for text in (" ".join(each.split()[:120]) for each in texts)]
    pairs = [("Who was killed in the attack?", passage) for passage in passages]
    question = pairs[0][0]
    whole, kept = _median(lambda: reader.read_many(pairs)), _median(lambda: reader.look(question, passages))
    return {
        "20 passages of 120 words, all read to the end: ms": f"{whole:.0f}",
        "the same, as many as are kept: ms": f"{kept:.0f}",
    }


def _median(call: Callable[[], object]) -> float:
    """What a call takes, in milliseconds: median of nine."""
    times = []
    for _ in range(9):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1_000)
    return statistics.median(times)


def _best(reader: Reader, pairs: Sequence[tuple[str, str]]) -> list[Span | None]:
    best: list[Span | None] = []
    for first in range(0, len(pairs), BATCH):
        part = [
            (question, Passage("", 0, len(text), text)) for question, text in pairs[first : first + BATCH]
        ]
        best += [spans[0] if spans else None for spans in reader.read_many(part)]
    return best


def _f1_em(answered: Sequence[tuple[dict, Span | None]]) -> str:
    golds = [[answer["text"] for answer in row["answers"]] for row, _ in answered]
    said = [span.text if span else "" for _, span in answered]
    overlap = statistics.mean(map(f1, said, golds))
    return f"{100 * overlap:.1f} / {100 * statistics.mean(map(exact, said, golds)):.1f}"


def _auroc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The chance that a labelled one scores above an unlabelled one; ties count half."""
    order = sorted(range(len(scores)), key=lambda row: scores[row])
    ranks = [0.0] * len(scores)
    first = 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and scores[order[last + 1]] == scores[order[first]]:
            last += 1
        for place in range(first, last + 1):
            ranks[order[place]] = (first + last) / 2 + 1
        first = last + 1
    positive = sum(labels)
    total = sum(rank for rank, label in zip(ranks, labels, strict=True) if label)
    return (total - positive * (positive + 1) / 2) / (positive * (len(labels) - positive))


if __name__ == "__main__":
    main()
