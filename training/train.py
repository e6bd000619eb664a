"""The training loop: labelled examples and starting weights in, a reader out. Resumes by itself after a kill.

Every choice that shapes the result is an argument or a constant here; the same arguments give the same order
of the same batches, wherever the run was cut. Span targets with a "no answer" at the first token (Devlin et
al. 2019), over all texts of one question at once (shared normalisation, Clark and Gardner 2018).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import numpy as np
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from qa.models.runtime import has_bf16_units
from training.data import Example, Unit, mixture
from training.related import RelatedWords

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

LENGTHS = tuple(range(48, 321, 16))  # padded to; under bfloat16 each new shape costs oneDNN a compile
WARM_UP = 0.05  # share of the run
WEIGHT_DECAY = 0.01
DROPOUT = 0.0  # one pass over the data does not over-fit, and drawing the masks took half of a CPU step
CLIP = 1.0  # norm of the gradient
CHECKPOINT_S = 240.0
REPORT_STEPS = 20
MODEL_INPUTS = ("input_ids", "token_type_ids", "attention_mask")


@dataclass(frozen=True)
class Encoded:
    """One example as token numbers, at most LENGTHS[-1]; `start` = `end` = 0: it does not answer."""

    ids: np.ndarray  # (length,) int32
    context_from: int  # where the second segment begins
    start: int
    end: int
    unit: int = 0  # examples of one unit are normalised together


def encode(
    units: Sequence[Unit], tokenizer: PreTrainedTokenizerFast, *, batch: int = 2_000
) -> Iterator[Encoded]:
    """Token numbers and targets. Contexts too long are cut; an answer behind the cut makes it "none"."""
    examples = [example for unit in units for example in unit]
    numbers = [number for number, unit in enumerate(units) for _ in unit]
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
            yield Encoded(
                np.array(item.ids, np.int32),
                segment,
                *_target(encoded, number, example),
                unit=numbers[first + number],
            )


def _target(encoded: object, number: int, example: Example) -> tuple[int, int]:
    if example.start is None:
        return 0, 0
    start = encoded.char_to_token(number, example.start, sequence_index=1)
    end = encoded.char_to_token(number, example.end - 1, sequence_index=1)
    return (start, end) if start is not None and end is not None else (0, 0)


def batches(items: Sequence[Encoded], *, tokens: int, seed: int) -> list[list[int]]:
    """Rows of `items`, whole units, padded to one length, about `tokens` a batch, in a random order."""
    units: dict[int, list[int]] = {}
    for number, item in enumerate(items):
        units.setdefault(item.unit, []).append(number)
    shelves: dict[int, list[list[int]]] = {length: [] for length in LENGTHS}
    for unit in units.values():
        shelves[_padded(max(len(items[number].ids) for number in unit))].append(unit)
    made = []
    for length, shelf in shelves.items():
        batch: list[int] = []
        for unit in shelf:
            if batch and (len(batch) + len(unit)) * length > tokens:
                made.append(batch)
                batch = []
            batch = batch + unit
        if batch:
            made.append(batch)
    random.Random(seed).shuffle(made)
    return made


def _padded(size: int) -> int:
    return next(length for length in LENGTHS if length >= size)


def collate(items: Sequence[Encoded], *, device: torch.device) -> dict[str, torch.Tensor]:
    """A batch as tensors, padded to the least of LENGTHS that holds it."""
    length = _padded(max(len(item.ids) for item in items))
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
        "starts": torch.tensor([item.start for item in items], device=device),
        "ends": torch.tensor([item.end for item in items], device=device),
        "units": torch.tensor([item.unit for item in items], device=device).unique(return_inverse=True)[1],
    }


def shared_loss(
    logits: torch.Tensor, targets: torch.Tensor, kinds: torch.Tensor, units: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy of one end of the span over all tokens of a unit's texts and one "no answer".

    `logits` and `kinds` (1 in the text) are (rows, length), `targets` and `units` (rows,). A token's score is
    its logit less that of the row's first token, which is what the reader compares passages by; "no answer"
    is 0. A unit of one row gives the usual loss. The mean over units, a scalar.
    """
    margins = logits.float() - logits[:, :1].float()
    inside = margins.masked_fill(kinds == 0, -torch.inf).logsumexp(1)  # (rows,)
    count = int(units.max()) + 1
    rows_of = torch.zeros((count, len(units)), dtype=torch.bool, device=units.device)
    rows_of[units, torch.arange(len(units), device=units.device)] = True
    together = inside.expand(count, -1).masked_fill(~rows_of, -torch.inf)
    nothing = together.new_zeros((count, 1))
    total = torch.cat([together, nothing], dim=1).logsumexp(1)  # (units,)
    right = margins.gather(1, targets[:, None])[:, 0]  # 0 where the row does not answer
    return (total - torch.zeros_like(total).index_add(0, units, right)).mean()


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
    half = device.type == "cuda" or has_bf16_units()
    model.to(device).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, weight_decay=WEIGHT_DECAY, fused=True)
    plan = [batch for epoch in range(epochs) for batch in batches(items, tokens=tokens, seed=seed + epoch)]
    step = _resume(out / "checkpoint.pt", model, optimizer)
    losses: list[float] = []
    saved, began, seen = time.monotonic(), time.monotonic(), 0
    while step < len(plan):
        torch.manual_seed(seed * 1_000_003 + step)  # dropout is the same after a resume
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step / len(plan), peak=peak)
        inputs = collate([items[number] for number in plan[step]], device=device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
            output = model(**{name: inputs[name] for name in MODEL_INPUTS})
            loss = sum(
                shared_loss(logits, inputs[targets], inputs["token_type_ids"], inputs["units"]) / 2
                for logits, targets in ((output.start_logits, "starts"), (output.end_logits, "ends"))
            )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        losses.append(loss.item())
        seen += inputs["input_ids"].numel()
        if step % REPORT_STEPS == 0:
            rate = seen / (time.monotonic() - began)
            print(f"{step}/{len(plan)} loss {fmean(losses):.3f} {rate:,.0f} tokens/s", flush=True)
            losses.clear()
        if time.monotonic() - saved > CHECKPOINT_S:
            _save(out / "checkpoint.pt", model, optimizer, step)
            saved = time.monotonic()
    _save(out / "checkpoint.pt", model, optimizer, step)
    return model.eval()


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
    parser.add_argument(
        "--limit-tokens", type=float, default=float("inf"), help="at most so many, for a short run"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=int, default=0, help="which share of the mixture, from 0")
    parser.add_argument(
        "--reworded", type=Path, help="with reworded questions, by the word embeddings in this folder"
    )
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "arguments.json").write_text(json.dumps(vars(options), default=str, indent=1))
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = AutoTokenizer.from_pretrained(options.start)
    model = AutoModelForQuestionAnswering.from_pretrained(
        options.start,
        attn_implementation="eager" if has_bf16_units() and not torch.cuda.is_available() else "sdpa",
        dtype=torch.float32,
        attention_probs_dropout_prob=DROPOUT,
        hidden_dropout_prob=DROPOUT,
    )
    related = RelatedWords(options.reworded) if options.reworded else None
    units = mixture(options.data, seed=options.seed, part=options.part, related=related)
    items, total = [], 0
    for item in encode(units, tokenizer):
        total += _padded(len(item.ids))
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
    beside = options.out / "model.part"
    shutil.rmtree(beside, ignore_errors=True)
    model.half().save_pretrained(beside)
    tokenizer.save_pretrained(beside)
    shutil.rmtree(options.out / "model", ignore_errors=True)  # of a run before
    beside.rename(options.out / "model")


if __name__ == "__main__":
    main()
