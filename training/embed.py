"""The whole way to `qa/models/embedder/`.

    python -m training.embed --data ../shared/data [--more ../shared/data2]

A table of vectors for MiniLM's word pieces, a text's vector being their mean (sentence-transformers'
`StaticEmbedding`). It begins as what MiniLM makes of each piece alone, rotated so that the first numbers
tell most, and weighted by rarity (SIF, Arora et al. 2017); it learns from pairs by in-batch negatives (MNRL,
Henderson et al. 2017), at two sizes at once (Matryoshka, Kusupati et al. 2022). Saved in eight-bit integers,
a scale a piece. Some ten minutes on one core.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import numpy as np
import torch
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MatryoshkaLoss, MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer

from qa.models.embed import minilm_folder
from qa.models.runtime import sha256
from training.embed_pairs import Pair, batches, pairs

if TYPE_CHECKING:
    from torch import Tensor

WIDTHS = (
    256,
    128,
)  # learnt at once, so that a table cut to the first 128 numbers still finds; shipped: the first
BATCH = 1_024  # pairs: each text has as many competitors
TOGETHER = 8  # pairs of one subject in a batch
EPOCHS = 3
PEAK = 4e-3  # Adam's step; a fifth of a usual weight
WARM_UP = 0.05  # share of the run
SCALE = 20.0  # of cosines, in the softmax
RARITY = 1e-3  # SIF's a: a piece that makes out so much of all text has half the weight of a rare one
SEED = 1


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.embed", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public tables")
    parser.add_argument("--more", type=Path, help="second folder of them: claims, headlines, more questions")
    parser.add_argument(
        "--work", type=Path, default=Path(".training/embedder"), help="what can be used again"
    )
    parser.add_argument("--to", type=Path, default=Path("qa/models/embedder"), help="where the embedder goes")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    options.work.mkdir(parents=True, exist_ok=True)
    found = pairs(options.data, options.more, seed=SEED)
    tokenizer = pieces_of(minilm_folder())
    table = start(tokenizer, found, options.work)
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table)], device="cpu")
    train(model, found, epochs=options.epochs, work=options.work)
    trained = model[0].embedding.weight.detach().numpy()
    ship(trained, tokenizer, options.to)


def pieces_of(folder: Path) -> Tokenizer:
    """MiniLM's tokenizer without special tokens, padding or a longest length: a mean needs none."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


# Where it begins


def start(tokenizer: Tokenizer, found: Sequence[Pair], work: Path) -> np.ndarray:
    """What each piece says by itself, (pieces, WIDTHS[0]) float32: its 384 numbers by their main
    axes, and longer the rarer it is."""
    kept = work / "alone.npy"
    if not kept.exists():
        np.save(kept, alone(tokenizer))
    vectors = np.load(kept)
    vectors = vectors - vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(vectors[:20_000], full_matrices=False)  # the vocabulary is sorted by frequency
    weights = rarity(tokenizer, (text for pair in found for text in (pair.query, pair.text)))
    return np.ascontiguousarray((vectors @ axes[: WIDTHS[0]].T) * weights[:, None], np.float32)


def alone(tokenizer: Tokenizer) -> np.ndarray:
    """MiniLM's vector for each piece of the vocabulary as a text of its own, (pieces, 384) float32."""
    from transformers import AutoModel

    model = AutoModel.from_pretrained(minilm_folder(), add_pooling_layer=False).eval()
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    vectors = []
    with torch.inference_mode():
        for ids in torch.arange(tokenizer.get_vocab_size()).split(512):
            rows = torch.stack([torch.full_like(ids, first), ids, torch.full_like(ids, last)], dim=1)
            vectors.append(model(input_ids=rows).last_hidden_state.mean(dim=1))
    return torch.nn.functional.normalize(torch.cat(vectors)).numpy()


def rarity(tokenizer: Tokenizer, texts: Iterable[str]) -> np.ndarray:
    """SIF's weight of each piece, (pieces,) float32: a / (a + its share of all text)."""
    counts: Counter[int] = Counter()
    for batch in _in_lots(dict.fromkeys(texts), 10_000):
        for encoded in tokenizer.encode_batch(batch, add_special_tokens=False):
            counts.update(encoded.ids)
    shares = np.zeros(tokenizer.get_vocab_size())
    shares[list(counts)] = np.array(list(counts.values())) / counts.total()
    return (RARITY / (RARITY + shares)).astype(np.float32)


def _in_lots(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    every = list(texts)
    return (every[first : first + size] for first in range(0, len(every), size))


# The loop


def train(model: SentenceTransformer, found: Sequence[Pair], *, epochs: int, work: Path) -> None:
    """Moves the table; the same data and seed give the same batches. Keeps each epoch's in `work`."""
    ranking = MultipleNegativesRankingLoss(model, scale=SCALE, directions=("query_to_doc", "doc_to_query"))
    loss = MatryoshkaLoss(model, ranking, matryoshka_dims=list(WIDTHS))
    optimizer = torch.optim.Adam(model.parameters(), lr=PEAK, betas=(0.9, 0.98), fused=True)
    steps = epochs * (len(found) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _pace(step, steps))
    encode = _Encoded(model)
    began, step = time.monotonic(), 0
    for epoch in range(epochs):
        for batch in batches(found, size=BATCH, together=TOGETHER, seed=SEED + epoch):
            features = [encode([pair.query for pair in batch]), encode([pair.text for pair in batch])]
            value = loss(features, torch.empty(0))
            optimizer.zero_grad(set_to_none=True)
            value.backward()
            optimizer.step()
            schedule.step()
            step += 1
            if step % 20 == 0:
                print(f"{step}/{steps} loss {value.item():.3f} {time.monotonic() - began:.0f} s", flush=True)
        np.save(work / f"epoch{epoch + 1}.npy", model[0].embedding.weight.detach().numpy())


def _pace(step: int, steps: int) -> float:
    """Up along a line, down along half a cosine."""
    warm = max(1, int(steps * WARM_UP))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm) / max(1, steps - warm))))


class _Encoded:
    """Texts as the model's input, each cut into pieces once."""

    def __init__(self, model: SentenceTransformer) -> None:
        self._tokenizer = model.tokenizer
        self._known: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str]) -> dict[str, Tensor]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for text, encoded in zip(
            new, self._tokenizer.encode_batch(new, add_special_tokens=False), strict=True
        ):
            self._known[text] = np.array(encoded.ids, np.uint16)
        rows = [self._known[text] for text in texts]
        ends = np.cumsum([len(row) for row in rows])
        return {
            "input_ids": torch.from_numpy(np.concatenate(rows).astype(np.int64)),
            "offsets": torch.from_numpy(np.concatenate([[0], ends[:-1]])),
        }


# What is shipped


def ship(table: np.ndarray, tokenizer: Tokenizer, to: Path) -> None:
    """Writes `table`, (pieces, width), as a folder that sentence-transformers loads, in eight-bit integers.

    The form is model2vec's: `embeddings` times a weight for each piece, here the scale of its integers.
    """
    beside = to.with_name(f"{to.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    scales = np.maximum(np.abs(table).max(axis=1), 1e-9) / 127
    integers = np.rint(table / scales[:, None]).astype(np.int8)
    tensors = {"embeddings": integers, "weights": scales.astype(np.float32)}
    save_file(tensors, beside / "model.safetensors", metadata={"format": "np"})
    tokenizer.save(str(beside / "tokenizer.json"), pretty=False)
    module = {
        "idx": 0,
        "name": "0",
        "path": "",
        "type": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    }
    (beside / "modules.json").write_text(json.dumps([module], indent=1) + "\n")
    config = {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine", "prompts": {}}
    (beside / "config_sentence_transformers.json").write_text(json.dumps(config, indent=1) + "\n")
    card = to / "README.md"
    if card.exists():
        shutil.copyfile(card, beside / "README.md")
    sums = [f"{sha256(beside / name)}  {name}\n" for name in ("model.safetensors", "tokenizer.json")]
    (beside / "SHA256SUMS").write_text("".join(sums))
    shutil.rmtree(to, ignore_errors=True)
    beside.rename(to)


if __name__ == "__main__":
    random.seed(SEED)
    main()
