"""The training loop: labelled bundles and starting weights in, a reader out. Resumes by itself after a kill.

Every choice that shapes the result is an argument or a constant here; the same arguments give the same
order of the same batches, wherever the run was cut. What is learnt at once:

- spans with a "no answer" at the first token (Devlin et al. 2019), over all texts of one question at once
  (shared normalisation, Clark and Gardner 2018);
- the order of passages, at the last layer and at early ones: half of it what is marked as answering, half
  what the starting weights, a cross-encoder, said of them (distillation, Hinton et al. 2015), and how high;
- at predicates, whether what they name happened; in news, which words are only somebody's.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from training.data import Example
from training.mixture import Bundle, Unit, mixture
from training.model import CLAIMED, EXITS, HAPPENED, HAPPENED_SCALE, PREDICATE, RankingReader, load, save

LENGTHS = (*range(32, 193, 16), 224, 256, 288, 320)  # padded to; each new shape costs oneDNN a compile
WARM_UP = 60  # steps
WEIGHT_DECAY = 0.01
HEADS_FASTER = 5.0  # the new heads' learning rate, times the others'
CLIP = 1.0  # norm of the gradient
CHECKPOINT_S = 120.0
REPORT_STEPS = 20
MEAN_STEPS, MEAN_KEPT = 5, 0.98  # the weights' running mean: every so many steps, so much of the old
RANK, EARLY, LEVEL, FACT, CLAIM = 1.0, 0.5, 0.02, 5.0, 2.0  # weights of the losses beside the spans'
TEMPERATURE = 2.0  # of the orders that are compared
MARKED = 0.5  # how much of the order is what is marked; the rest is the starting weights'
UNTOLD = float("nan")
MODEL_INPUTS = ("input_ids", "token_type_ids", "attention_mask")


@dataclass(frozen=True)
class Encoded:
    """One example as token numbers, at most LENGTHS[-1]; `start` = `end` = 0: it does not answer."""

    ids: np.ndarray  # (length,) int32
    context_from: int  # where the second segment begins
    start: int
    end: int
    unit: int  # examples of one unit are normalised together
    bundle: int  # examples of one bundle stay in one batch
    ranked: bool = False
    facts: tuple[tuple[int, int, float], ...] = ()  # tokens from, to, value
    claims: tuple[tuple[int, int], ...] | None = None


def encode(bundles: Sequence[Bundle], tokenizer: Tokenizer, *, batch: int = 2_000) -> Iterator[Encoded]:
    """Token numbers and targets. Contexts too long are cut; an answer behind the cut makes it "none"."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=LENGTHS[-1], strategy="only_second")
    units = [(unit, bundle) for bundle, members in enumerate(bundles) for unit in members]
    listed = [
        (example, number, bundle, unit)
        for number, (unit, bundle) in enumerate(units)
        for example in unit.examples
    ]
    for first in range(0, len(listed), batch):
        chosen = listed[first : first + batch]
        pairs = [(example.question, example.context) for example, *_ in chosen]
        for encoding, (example, number, bundle, unit) in zip(
            tokenizer.encode_batch(pairs), chosen, strict=True
        ):
            yield _encoded(encoding, example, unit, number, bundle)


def _encoded(encoding: object, example: Example, unit: Unit, number: int, bundle: int) -> Encoded:
    def tokens(start: int, end: int) -> tuple[int, int] | None:
        first = encoding.char_to_token(start, sequence_index=1)
        last = encoding.char_to_token(end - 1, sequence_index=1)
        return None if first is None or last is None else (first, last)

    answer = None if example.start is None else tokens(example.start, example.end)
    facts = [(spot, value) for start, end, value in example.facts if (spot := tokens(start, end))]
    claims = None
    if example.claims is not None:
        claims = tuple(spot for span in example.claims if (spot := tokens(*span)))
    return Encoded(
        np.array(encoding.ids, np.int32),
        encoding.sequence_ids.index(1),
        *(answer or (0, 0)),
        unit=number,
        bundle=bundle,
        ranked=unit.ranked,
        facts=tuple((*spot, value) for spot, value in facts),
        claims=claims,
    )


def batches(items: Sequence[Encoded], *, tokens: int, seed: int) -> list[list[int]]:
    """Rows of `items`, whole bundles, padded to one length, about `tokens` a batch, in a random order."""
    bundles: dict[int, list[int]] = {}
    for number, item in enumerate(items):
        bundles.setdefault(item.bundle, []).append(number)
    shelves: dict[int, list[list[int]]] = {length: [] for length in LENGTHS}
    for bundle in bundles.values():
        shelves[_padded(max(len(items[number].ids) for number in bundle))].append(bundle)
    made = []
    for length, shelf in shelves.items():
        batch: list[int] = []
        for bundle in shelf:
            if batch and (len(batch) + len(bundle)) * length > tokens:
                made.append(batch)
                batch = []
            batch = batch + bundle
        if batch:
            made.append(batch)
    random.Random(seed).shuffle(made)
    return made


def _padded(size: int) -> int:
    return next(length for length in LENGTHS if length >= size)


def collate(items: Sequence[Encoded], *, device: torch.device) -> dict[str, Tensor]:
    """A batch as tensors, padded to the least of LENGTHS that holds it; marks that are not told are NaN."""
    length = _padded(max(len(item.ids) for item in items))
    ids = np.zeros((len(items), length), np.int64)
    kinds, mask = np.zeros_like(ids), np.zeros_like(ids)
    marks = np.full((len(items), length, 3), UNTOLD, np.float32)
    for row, item in enumerate(items):
        size = len(item.ids)
        ids[row, :size] = item.ids
        kinds[row, item.context_from : size] = 1
        mask[row, :size] = 1
        if item.facts:
            marks[row, item.context_from : size - 1, PREDICATE] = 0
        for first, last, value in item.facts:
            marks[row, first : last + 1, PREDICATE] = 1
            marks[row, first : last + 1, HAPPENED] = value / HAPPENED_SCALE
        if item.claims is not None:
            marks[row, item.context_from : size - 1, CLAIMED] = 0
            for first, last in item.claims:
                marks[row, first : last + 1, CLAIMED] = 1
    units = torch.tensor([item.unit for item in items]).unique(return_inverse=True)[1]
    made = {
        "input_ids": torch.from_numpy(ids),
        "token_type_ids": torch.from_numpy(kinds),
        "attention_mask": torch.from_numpy(mask),
        "marks": torch.from_numpy(marks),
        "starts": torch.tensor([item.start for item in items]),
        "ends": torch.tensor([item.end for item in items]),
        "ranked": torch.tensor([item.ranked for item in items]),
        "units": units,
    }
    return {name: tensor.to(device) for name, tensor in made.items()}


def span_loss(logits: Tensor, targets: Tensor, kinds: Tensor, units: Tensor) -> Tensor:
    """Cross-entropy of one end of the span over all tokens of a unit's texts and one "no answer".

    `logits` and `kinds` (1 in the text) are (rows, length), `targets` and `units` (rows,). A token's score is
    its logit less that of the row's first token, which is what the reader compares passages by; "no answer"
    is 0. A unit of one row gives the usual loss. The mean over units, a scalar.
    """
    margins = logits.float() - logits[:, :1].float()
    inside = margins.masked_fill(kinds == 0, -torch.inf).logsumexp(1)  # (rows,)
    together = _by_unit(inside, units)
    nothing = together.new_zeros((len(together), 1))
    total = torch.cat([together, nothing], dim=1).logsumexp(1)  # (units,)
    right = margins.gather(1, targets[:, None])[:, 0]  # 0 where the row does not answer
    return (total - torch.zeros_like(total).index_add(0, units, right)).mean()


def _by_unit(values: Tensor, units: Tensor) -> Tensor:
    """Values of rows as (units, rows), minus infinity where the row is another unit's."""
    count = int(units.max()) + 1
    other = units[None, :] != torch.arange(count, device=units.device)[:, None]
    return values.expand(count, -1).masked_fill(other, -torch.inf)


def rank_loss(scores: Tensor, levels: Tensor, answers: Tensor, units: Tensor) -> Tensor:
    """Cross-entropy of the passages' order in ranked units, and how far the scores are from `levels`.

    All (rows,); `levels` are the starting weights' scores, NaN in units that are not ranked; `answers` says
    which row answers. What is to be learnt is half the answer's place, half the order by `levels`. The sum
    over ranked units divided by the number of all units, a scalar.
    """
    told = ~levels.isnan()
    count = int(units.max()) + 1
    if not told.any():
        return scores.sum() * 0.0
    scores, levels, answers, units = scores[told].float(), levels[told], answers[told], units[told]
    units = units.unique(return_inverse=True)[1]
    order = _by_unit(levels / TEMPERATURE, units).softmax(1)
    marked = _by_unit(answers.float(), units).masked_fill(units[None, :] != _rows_of(units), 0.0)
    known = marked.sum(1, keepdim=True) > 0
    target = torch.where(known, MARKED * marked + (1 - MARKED) * order, order)
    said = _by_unit(scores / TEMPERATURE, units).log_softmax(1)
    listwise = -(target * said.masked_fill(target == 0, 0.0)).sum(1)
    level = torch.zeros_like(listwise).index_add(0, units, (scores - levels) ** 2)
    return TEMPERATURE * (listwise + LEVEL * level).sum() / count


def _rows_of(units: Tensor) -> Tensor:
    return torch.arange(int(units.max()) + 1, device=units.device)[:, None]


def mark_losses(marks: Tensor, told: Tensor) -> Tensor:
    """How wrong the marks are where they are told (else NaN), both (rows, length, 3): the mean over tokens of
    each kind, weighted by the share of rows that have it, a scalar."""
    known = ~told.isnan()
    total = marks.sum() * 0.0
    for column, weight in ((PREDICATE, FACT / 2), (HAPPENED, FACT), (CLAIMED, CLAIM)):
        where = known[:, :, column]
        if not where.any():
            continue
        said, right = marks[:, :, column][where].float(), told[:, :, column][where]
        loss = (
            functional.smooth_l1_loss(said, right, beta=0.3)
            if column == HAPPENED
            else functional.binary_cross_entropy_with_logits(said, right)
        )
        total = total + weight * loss * where.any(1).float().mean()
    return total


def loss_of(model: RankingReader, inputs: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
    """What is to be made small, and its parts by name."""
    output = model(*(inputs[name] for name in MODEL_INPUTS))
    spans = sum(
        span_loss(output.spans[:, :, end], inputs[targets], inputs["token_type_ids"], inputs["units"]) / 2
        for end, targets in enumerate(("starts", "ends"))
    )
    answers = inputs["starts"] > 0
    rank = rank_loss(output.relevance, inputs["levels"], answers, inputs["units"])
    early = sum(
        rank_loss(output.early[:, exit_], inputs["levels"], answers, inputs["units"])
        for exit_ in range(output.early.shape[1])
    )
    marks = mark_losses(output.marks, inputs["marks"])
    parts = {"spans": spans, "rank": rank, "early": early, "marks": marks}
    told = {name: float(value.detach()) for name, value in parts.items()}
    return spans + RANK * rank + EARLY * early + marks, told


def levels_of(teacher: RankingReader, inputs: dict[str, Tensor]) -> Tensor:
    """What the starting weights say of the rows of ranked units, NaN for the others: (rows,)."""
    ranked = inputs["ranked"]
    levels = torch.full(ranked.shape, UNTOLD, device=ranked.device)
    if ranked.any():
        with torch.no_grad():
            said = teacher(*(inputs[name][ranked] for name in MODEL_INPUTS)).relevance
        levels[ranked] = said.float()
    return levels


def freeze(model: RankingReader) -> None:
    """Leaves what `training.export` puts into the first graph as it is: embeddings, first layers, exits."""
    for part in (model.bert.embeddings, *model.bert.encoder.layer[: EXITS[0]], model.exits):
        part.requires_grad_(False)


@dataclass(frozen=True)
class Schedule:
    """The learning rate by step: up over WARM_UP steps, then level, or `decays`, linearly to nothing."""

    peak: float
    steps: int
    decays: bool

    def __call__(self, step: int) -> float:
        risen = min(1.0, (step + 1) / WARM_UP)
        return self.peak * (min(risen, 1 - step / self.steps) if self.decays else risen)


@dataclass
class Run:
    """What a checkpoint holds."""

    model: RankingReader
    optimizer: torch.optim.Optimizer
    mean: dict[str, Tensor]
    step: int = 0

    def save(self, path: Path) -> None:
        """Whole or not at all: written beside, then renamed."""
        beside = path.with_suffix(".part")
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "mean": self.mean,
            "step": self.step,
        }
        torch.save(state, beside)
        beside.replace(path)

    def resume(self, path: Path, *, before: Path | None = None) -> None:
        """Goes on from a checkpoint, else from where the part before has ended, optimizer and all."""
        if not path.exists() and before is not None:
            self.resume(before)
            self.step = 0
        if not path.exists():
            return
        state = torch.load(path, map_location="cpu", weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.mean, self.step = state["mean"], int(state["step"])
        print(f"going on from step {self.step}", flush=True)

    def average(self) -> None:
        """Moves the mean a little towards the weights."""
        for name, value in self.model.state_dict().items():
            self.mean[name].lerp_(value, 1 - max(0.0, min(MEAN_KEPT, self.step / (self.step + 50))))


def train(
    model: RankingReader,
    teacher: RankingReader,
    items: Sequence[Encoded],
    *,
    out: Path,
    schedule: Schedule,
    tokens: int,
    seed: int,
    before: Path | None = None,
    frozen: bool = False,
) -> Run:
    """One pass, at most `schedule.steps` batches. Goes on from `out/checkpoint.pt`, written now and then."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device).train()
    if frozen:
        freeze(model)
    teacher = teacher.to(device).eval().halved()
    new = [value for name, value in model.named_parameters() if not name.startswith(("bert.", "classifier."))]
    old = [value for name, value in model.named_parameters() if name.startswith(("bert.", "classifier."))]
    optimizer = torch.optim.AdamW([{"params": old}, {"params": new}], weight_decay=WEIGHT_DECAY, fused=True)
    run = Run(model, optimizer, {name: value.clone() for name, value in model.state_dict().items()})
    run.resume(out / "checkpoint.pt", before=before)
    quick = model.halved()
    plan = batches(items, tokens=tokens, seed=seed)[: schedule.steps]
    print(f"{len(plan)} batches", flush=True)
    parts: dict[str, list[float]] = {}
    saved, began, seen = time.monotonic(), time.monotonic(), 0
    while run.step < len(plan):
        for group, faster in zip(optimizer.param_groups, (1.0, HEADS_FASTER), strict=True):
            group["lr"] = schedule(run.step) * faster
        inputs = collate([items[number] for number in plan[run.step]], device=device)
        inputs["levels"] = levels_of(teacher, inputs)
        loss, said = loss_of(quick, inputs)
        loss.backward()
        for whole, half in zip(model.parameters(), quick.parameters(), strict=True):
            whole.grad, half.grad = None if half.grad is None else half.grad.float(), None
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        with torch.no_grad():
            for whole, half in zip(model.parameters(), quick.parameters(), strict=True):
                half.copy_(whole)
        run.step += 1
        seen += inputs["input_ids"].numel()
        for name, value in said.items():
            parts.setdefault(name, []).append(value)
        if run.step % MEAN_STEPS == 0:
            run.average()
        if run.step % REPORT_STEPS == 0:
            rate = seen / (time.monotonic() - began)
            told = " ".join(f"{name} {fmean(values):.3f}" for name, values in parts.items())
            print(
                f"{run.step}/{len(plan)} {told} {rate:,.0f} tokens/s {time.strftime('%H:%M:%S')}", flush=True
            )
            parts.clear()
        if time.monotonic() - saved > CHECKPOINT_S:
            run.save(out / "checkpoint.pt")
            saved = time.monotonic()
    run.save(out / "checkpoint.pt")
    return run


def prepared(options: argparse.Namespace) -> list[Encoded]:
    """The encoded mixture; kept in `out`, as it takes minutes."""
    kept = options.out / "items.pickle"
    if kept.exists():
        return [Encoded(**item) for item in pickle.loads(kept.read_bytes())]
    bundles = mixture(options.data, options.more, seed=options.seed, part=options.part, pairs=options.pairs)
    items = list(encode(bundles, Tokenizer.from_file(str(options.first / "tokenizer.json"))))
    beside = kept.with_suffix(".part")
    beside.write_bytes(pickle.dumps([asdict(item) for item in items]))
    beside.replace(kept)
    return items


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public tables")
    parser.add_argument(
        "--more", type=Path, required=True, help="folder of the tables for what it gets wrong"
    )
    parser.add_argument(
        "--first",
        type=Path,
        required=True,
        help="the cross-encoder: what all begins with, and whose order is kept",
    )
    parser.add_argument("--before", type=Path, help="checkpoint of the part before, to go on from")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the result")
    parser.add_argument("--pairs", type=Path, nargs="*", default=[], help="tables of contrast pairs")
    parser.add_argument("--peak", type=float, default=1e-4, help="highest learning rate")
    parser.add_argument("--batch-tokens", type=int, default=5_000)
    parser.add_argument("--steps", type=int, default=1 << 30, help="at most so many batches")
    parser.add_argument("--decays", action="store_true", help="the learning rate goes down to nothing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=int, default=0, help="which share of the mixture, from 0")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument(
        "--frozen", action="store_true", help="leave the layers of the first graph as they are"
    )
    parser.add_argument("--only-prepare", action="store_true", help="the mixture alone, for a run to come")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "arguments.json").write_text(json.dumps(vars(options), default=str, indent=1))
    torch.set_num_threads(options.threads)
    items = prepared(options)
    if options.only_prepare:
        return
    answered = sum(item.end > 0 for item in items)
    padded = sum(_padded(len(item.ids)) for item in items)
    print(f"{len(items)} examples, {answered} with an answer, {padded:,} padded tokens", flush=True)
    every = len(batches(items, tokens=options.batch_tokens, seed=options.seed))
    schedule = Schedule(options.peak, min(every, options.steps), options.decays)
    run = train(
        load(options.first),
        load(options.first),
        items,
        out=options.out,
        schedule=schedule,
        tokens=options.batch_tokens,
        seed=options.seed,
        before=options.before,
        frozen=options.frozen,
    )
    save(run.model, options.out / "last")
    save(run.model, options.out / "mean", weights=run.mean)


if __name__ == "__main__":
    main()
