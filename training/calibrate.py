"""Scores to probabilities: fits the logistic curve that `qa/models/read.py` reads from the reader's
config.json.

    python -m training.calibrate --data ../shared/data --model qa/models/reader

Uses news that training keeps aside, two kinds with equal weight. NewsQA articles, cut into windows: each
question is read over its own article and over windows of others that words find for it, as it happens in
use. TREC QA's training sentences: its questions stand alone, which many of NewsQA’s do not ("What did he
say?"). Right is a span that shares half of its words with an annotator’s. Platt (1999). Writes config.json
and SHA256SUMS anew.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from qa.evaluate.measures import f1
from qa.models.read import Reader, load_reader
from qa.types import Passage
from training.data import LexicalIndex, is_newsqa_dev, rows
from training.export import write_sums

WINDOW_WORDS = 130
OTHERS = 6  # windows of other articles for a question
SENTENCES = (3, 6)  # of TREC QA for a question: at most so many that answer, and so many that do not


@dataclass(frozen=True)
class Asked:
    """A question, texts with whether an answer in them counts, and the answers of people."""

    question: str
    texts: Sequence[tuple[str, bool]]
    golds: Sequence[str]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=150, help="of each kind, at most")
    options = parser.parse_args()
    reader = load_reader(str(options.model))
    kinds = [
        judged(reader, asked[: options.questions])
        for asked in (list(newsqa(options.data)), list(trecqa(options.data)))
    ]
    margins, right = (np.concatenate(values) for values in zip(*kinds, strict=True))
    weights = np.concatenate([np.full(len(labels), 1_000 / len(labels)) for _, labels in kinds])
    fitted = LogisticRegression(C=1e6).fit(margins[:, None], right, sample_weight=weights)
    curve = {"slope": float(fitted.coef_[0, 0]), "intercept": float(fitted.intercept_[0])}
    path = options.model / "config.json"
    config = json.loads(path.read_text())
    config["calibration"] = {name: round(value, 4) for name, value in curve.items()}
    path.write_text(json.dumps(config, indent=1) + "\n")
    write_sums(options.model)
    print(f"{len(right)} spans, {np.average(right, weights=weights):.3f} right; {config['calibration']}")


def judged(reader: Reader, asked: Sequence[Asked]) -> tuple[np.ndarray, np.ndarray]:
    """Margin of the best span of each text, and whether it is right: (n,) float64 and (n,) bool."""
    margins, right = [], []
    for one in asked:
        pairs = [(one.question, Passage("", 0, len(text), text)) for text, _ in one.texts]
        for (_, answers), reading in zip(one.texts, reader.study(pairs), strict=True):
            if reading.spans:
                best = reading.spans[0]
                margins.append(best.start + best.end - reading.nothing)
                right.append(answers and f1(best.span.text, one.golds) >= 0.5)
    return np.array(margins), np.array(right)


def newsqa(data: Path) -> Iterator[Asked]:
    """Questions over the windows of their own article and over others that words find."""
    kept = [row for row in rows(data / "newsqa/half_a.jsonl.gz") if is_newsqa_dev(row) and row["answers"]]
    windows = sorted({window for row in kept for window in _windows(row["context"])})
    search = LexicalIndex(windows)
    for row in kept:
        own = _windows(row["context"])
        found = [windows[number] for number, _ in search(row["question"], k=OTHERS * 3)]
        others = [window for window in found if window not in own][:OTHERS]
        texts = [(text, True) for text in own] + [(text, False) for text in others]
        yield Asked(row["question"], texts, [answer["text"] for answer in row["answers"]])


def trecqa(data: Path) -> Iterator[Asked]:
    """Questions over sentences that people found to answer them or not."""
    for row in rows(data / "trecqa/train.jsonl.gz"):
        answering = [one for one in row["candidates"] if one["label"] and one["answer"]]
        other = [one["sentence"] for one in row["candidates"] if not one["label"]]
        texts = [(one["sentence"], True) for one in answering[: SENTENCES[0]]]
        texts += [(text, False) for text in other[: SENTENCES[1]]]
        if answering:
            yield Asked(row["question"], texts, [one["answer"] for one in answering])


def _windows(text: str) -> list[str]:
    starts = [match.start() for match in re.finditer(r"\S+", text)]
    cuts = [*starts[::WINDOW_WORDS], len(text)]
    return [text[left:right].strip() for left, right in pairwise(cuts)]


if __name__ == "__main__":
    main()
