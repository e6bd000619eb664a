"""The training loop: labelled examples and starting weights in, a reader out. Resumes by itself after a kill.

Every choice that shapes the result is an argument or a constant here; the same arguments give the same order
of the same batches, wherever the run was cut. Span targets with a "no answer" at the first token (Devlin et
al. 2019).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import numpy as np
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from training.data import Example, mixture

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

LENGTHS = (48, 80, 112, 144, 176, 208, 256, 320)  # each new shape costs oneDNN a compile: pad to a few
WARM_UP = 0.05  # share of the run
WEIGHT_DECAY = 0.01
DROPOUT = 0.0  # one pass over the data does not over-fit, and drawing the masks took half of a CPU step
CLIP = 1.0  # norm of the gradient
CHECKPOINT_S = 240.0
REPORT_STEPS = 50


@dataclass(frozen=True)
class Encoded:
    """One example as token numbers, at most LENGTHS[-1]; `start` = `end` = 0: it does not answer."""

    ids: np.ndarray  # (length,) int32
    context_from: int  # where the second segment begins
    start: int
    end: int


def encode(
    examples: Sequence[Example], tokenizer: PreTrainedTokenizerFast, *, batch: int = 2_000
) -> Iterator[Encoded]:
    """Token numbers and targets. Contexts too long are cut; an answer behind the cut makes it "none"."""
    for first in range(0, len(examples), batch):
        chosen = examples[first : first + batch]
        encoded = tokenizer(
            [example.question for example in chosen],
            [example.context for example in chosen],
            truncation="only_second",
            max_length=LENGTHS[-1],
        )
        for number, example in enumerate(chosen):
            item = encoded[number]
            segment = item.sequence_ids.index(1)
            yield Encoded(np.array(item.ids, np.int32), segment, *_target(encoded, number, example))


def _target(encoded: object, number: int, example: Example) -> tuple[int, int]:
    if example.start is None:
        return 0, 0
    start = encoded.char_to_token(number, example.start, sequence_index=1)
    end = encoded.char_to_token(number, example.end - 1, sequence_index=1)
    return (start, end) if start is not None and end is not None else (0, 0)


def batches(items: Sequence[Encoded], *, tokens: int, seed: int) -> list[list[int]]:
    """Rows of `items`, together when padded to one length, about `tokens` a batch, in a random order."""
    shelves: dict[int, list[int]] = {length: [] for length in LENGTHS}
    for number, item in enumerate(items):
        shelves[next(length for length in LENGTHS if length >= len(item.ids))].append(number)
    made = [
        shelf[first : first + max(1, tokens // length)]
        for length, shelf in shelves.items()
        for first in range(0, len(shelf), max(1, tokens // length))
    ]
    random.Random(seed).shuffle(made)
    return made


def collate(items: Sequence[Encoded], *, device: torch.device) -> dict[str, torch.Tensor]:
    """A batch as tensors, padded to the least of LENGTHS that holds it."""
    longest = max(len(item.ids) for item in items)
    length = next(length for length in LENGTHS if length >= longest)
    ids = torch.zeros((len(items), length), dtype=torch.long)
    kinds, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, item in enumerate(items):
        size = len(item.ids)
        ids[row, :size] = torch.from_numpy(item.ids.astype(np.int64))
        kinds[row, item.context_from : size] = 1
        mask[row, :size] = 1
    return {
        "input_ids": ids.to(device),
        "token_type_ids": kinds.to(device),
        "attention_mask": mask.to(device),
        "start_positions": torch.tensor([item.start for item in items], device=device),
        "end_positions": torch.tensor([item.end for item in items], device=device),
    }


def learning_rate(done: float, *, peak: float) -> float:
    """Linear up over WARM_UP, then linear to zero. `done` is the share of the run, 0 to 1."""
    return peak * min(done / WARM_UP, (1 - done) / (1 - WARM_UP))


def train(
    model: PreTrainedModel,
    items: Sequence[Encoded],
    *,
    out: Path,
    peak: float,
    tokens: int,
    epochs: int,
    seed: int,
) -> PreTrainedModel:
    """The model after `epochs` passes. Writes `out/checkpoint.pt` every few minutes; goes on from it."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    half = device.type == "cuda" or _has_bf16_units()
    model.to(device).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, weight_decay=WEIGHT_DECAY)
    plan = [batch for epoch in range(epochs) for batch in batches(items, tokens=tokens, seed=seed + epoch)]
    step = _resume(out / "checkpoint.pt", model, optimizer)
    loss_sum, saved, began, seen = 0.0, time.monotonic(), time.monotonic(), 0
    while step < len(plan):
        torch.manual_seed(seed * 1_000_003 + step)  # dropout is the same after a resume
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step / len(plan), peak=peak)
        inputs = collate([items[number] for number in plan[step]], device=device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
            loss = model(**inputs).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        loss_sum, seen = loss_sum + loss.item(), seen + inputs["input_ids"].numel()
        if step % REPORT_STEPS == 0:
            rate = seen / (time.monotonic() - began)
            print(f"{step}/{len(plan)} loss {loss_sum / REPORT_STEPS:.3f} {rate:,.0f} tokens/s", flush=True)
            loss_sum = 0.0
        if time.monotonic() - saved > CHECKPOINT_S:
            _save(out / "checkpoint.pt", model, optimizer, step)
            saved = time.monotonic()
    _save(out / "checkpoint.pt", model, optimizer, step)
    return model.eval()


def _has_bf16_units() -> bool:
    flags = Path("/proc/cpuinfo")
    return flags.exists() and any(unit in flags.read_text() for unit in ("amx_bf16", "avx512_bf16"))


def _resume(path: Path, model: PreTrainedModel, optimizer: torch.optim.Optimizer) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, map_location=next(model.parameters()).device, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    print(f"going on from step {state['step']}", flush=True)
    return int(state["step"])


def _save(path: Path, model: PreTrainedModel, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Whole or not at all: written beside, then renamed."""
    beside = path.with_suffix(".part")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, beside)
    beside.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public tables")
    parser.add_argument("--start", required=True, help="folder of the weights to start from")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the result")
    parser.add_argument("--peak", type=float, default=2e-4, help="highest learning rate")
    parser.add_argument("--batch-tokens", type=int, default=5_000)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--limit-tokens", type=float, default=float("inf"), help="end of the mixture")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "arguments.json").write_text(json.dumps(vars(options), default=str, indent=1))
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = AutoTokenizer.from_pretrained(options.start)
    model = AutoModelForQuestionAnswering.from_pretrained(
        options.start,
        attn_implementation="eager",
        dtype=torch.float32,
        attention_probs_dropout_prob=DROPOUT,
        hidden_dropout_prob=DROPOUT,
    )
    items, total = [], 0
    for item in encode(mixture(options.data, seed=options.seed), tokenizer):
        total += next(length for length in LENGTHS if length >= len(item.ids))
        if total > options.limit_tokens:
            break
        items.append(item)
    answered = sum(item.end > 0 for item in items)
    print(f"{len(items)} examples, {answered} with an answer, {total:,} padded tokens a pass", flush=True)
    model = train(
        model,
        items,
        out=options.out,
        peak=options.peak,
        tokens=options.batch_tokens,
        epochs=options.epochs,
        seed=options.seed,
    )
    model.half().save_pretrained(options.out / "model")
    tokenizer.save_pretrained(options.out / "model")


if __name__ == "__main__":
    main()
