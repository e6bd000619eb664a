"""Words that could stand in another's place and mean something else: "signed" for "joined".

Told by the packaged MiniLM's word embeddings: near enough to be of one kind, too far to mean the same.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import torch
from safetensors.torch import load_file

NEAR = 0.25  # cosine of centred embeddings from which two words are of one kind
SAME = 0.42  # from which they may say the same
NEIGHBOURS = 200  # looked at
COMMON = 20_000  # the vocabulary is sorted by frequency; what comes later is rare
STEM = 4  # letters: words that share them are forms of one word
ENDING = re.compile(r"(?:ed|ing|s)?$")


class RelatedWords:
    """Call it with a word in lower case: what could stand in its place, best first; empty if unknown."""

    def __init__(self, weights: Path) -> None:
        """`weights`: folder of a BERT's `model.safetensors` and `tokenizer.json`."""
        rank = json.loads((weights / "tokenizer.json").read_text())["model"]["vocab"]
        words = [word for word, row in rank.items() if row < COMMON and re.fullmatch("[a-z]{4,}", word)]
        table = load_file(weights / "model.safetensors")["embeddings.word_embeddings.weight"].float()
        rows = table[[rank[word] for word in words]]
        self._vectors = torch.nn.functional.normalize(rows - rows.mean(0), dim=1)  # (words, width)
        self._words = words
        self._row_of = {word: row for row, word in enumerate(words)}
        self._known: dict[str, list[str]] = {}

    def __call__(self, word: str) -> list[str]:
        if word not in self._known:
            row = self._row_of.get(word)
            self._known[word] = [] if row is None else self._related(word, self._vectors @ self._vectors[row])
        return self._known[word]

    def _related(self, word: str, cosines: torch.Tensor) -> list[str]:
        ending = ENDING.search(word).group()
        nearest = cosines.topk(NEIGHBOURS).indices.tolist()
        near = [row for row in nearest if NEAR <= cosines[row] < SAME]
        return [
            other
            for other in (self._words[row] for row in near)
            if other[:STEM] != word[:STEM] and ENDING.search(other).group() == ending
        ]
