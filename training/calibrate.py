"""Scores to probabilities: fits the logistic curve that `qa/read.py` reads from the weights' config.json.

    python -m training.calibrate --data ../shared/data --model qa/models/reader

Uses what training keeps aside: NewsQA articles, cut into windows. Each question is read over its own article
and over windows of others that words find for it, as it happens in use; right is a span that shares half of
its words with an annotator’s. Platt (1999). Writes config.json and SHA256SUMS anew.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from qa.evaluate import f1
from qa.read import Calibration, Reader
from qa.runtime import prepare, sha256
from qa.types import Passage
from training.data import LexicalIndex, is_newsqa_dev, rows

WINDOW_WORDS = 130
OTHERS = 6  # windows of other articles for a question
GENTLE = Calibration(0.05, 0.0)  # a slope so small that no margin is rounded to 0 or 1
SHIPPED = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=250)
    options = parser.parse_args()
    prepare(None)
    margins, right = judged(Reader(options.model), options.data, questions=options.questions)
    fitted = LogisticRegression(C=1e6).fit(margins[:, None], right)
    curve = {"slope": float(fitted.coef_[0, 0]), "intercept": float(fitted.intercept_[0])}
    path = options.model / "config.json"
    config = json.loads(path.read_text())
    config["dateline"] = {"calibration": {name: round(value, 4) for name, value in curve.items()}}
    path.write_text(json.dumps(config, indent=2) + "\n")
    write_sums(options.model)
    print(f"{len(right)} spans, {right.mean():.3f} right; {config['dateline']}")


def judged(reader: Reader, data: Path, *, questions: int) -> tuple[np.ndarray, np.ndarray]:
    """Margin of the best span of each window, and whether it is right: (n,) float64 and (n,) bool."""
    reader.calibration = GENTLE
    kept = [row for row in rows(data / "newsqa/half_a.jsonl.gz") if is_newsqa_dev(row) and row["answers"]]
    windows = sorted({window for row in kept for window in _windows(row["context"])})
    search = LexicalIndex(windows)
    margins, right = [], []
    for row in kept[:questions]:
        own = _windows(row["context"])
        found = [windows[number] for number, _ in search(row["question"], k=OTHERS * 3)]
        texts = [*own, *[window for window in found if window not in own][:OTHERS]]
        read = reader.read_many([(row["question"], Passage("", 0, len(text), text)) for text in texts])
        golds = [answer["text"] for answer in row["answers"]]
        for text, spans in zip(texts, read, strict=True):
            if spans:
                margins.append(math.log(spans[0].score / (1 - spans[0].score)) / GENTLE.slope)
                right.append(text in own and f1(spans[0].text, golds) >= 0.5)
    return np.array(margins), np.array(right)


def write_sums(folder: Path) -> None:
    """The hashes that `qa/read.py` checks on load, in sha256sum's format."""
    lines = [f"{sha256(folder / name)}  {name}\n" for name in SHIPPED]
    (folder / "SHA256SUMS").write_text("".join(lines))


def _windows(text: str) -> list[str]:
    starts = [match.start() for match in re.finditer(r"\S+", text)]
    cuts = [*starts[::WINDOW_WORDS], len(text)]
    return [text[left:right].strip() for left, right in pairwise(cuts)]


if __name__ == "__main__":
    main()
