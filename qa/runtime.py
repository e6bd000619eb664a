"""How models run on this machine: offline, on a bounded number of cores, in batches of few shapes.

A helper of the stages that own a model; knows nothing about what the models are for.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

MOST_THREADS = 4  # OpenMP threads spin: more of them slow everything else down


def prepare(threads: int | None) -> None:
    """To be called before a model is loaded: no hub is ever asked, and threads are bounded.

    `threads`: cores a model may use; None or 0 means all, at most MOST_THREADS.
    """
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[variable] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    # A waiting thread sleeps instead of spinning: beside an ingest, spinning turned a 7 ms query into 440 ms.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.set_num_threads(threads or min(MOST_THREADS, os.cpu_count() or 1))


def has_bf16_units() -> bool:
    """Whether this processor multiplies bfloat16 in hardware; without, bf16 is slower than float32."""
    flags = Path("/proc/cpuinfo")
    if not flags.exists():
        return False
    return any(unit in flags.read_text() for unit in ("amx_bf16", "avx512_bf16"))


def batches(sizes: Sequence[int], *, lengths: Sequence[int], tokens: int) -> Iterator[tuple[list[int], int]]:
    """Rows that go through a model together, and the length they are padded to.

    Sorted by size, about `tokens` padded tokens a batch; a size beyond the last of `lengths` counts as that.
    """
    order = sorted(range(len(sizes)), key=sizes.__getitem__)
    batch: list[int] = []
    length = 0
    for row in order:
        needed = next((fit for fit in lengths if fit >= sizes[row]), lengths[-1])
        if batch and (needed != length or (len(batch) + 1) * needed > tokens):
            yield batch, length
            batch = []
        batch.append(row)
        length = needed
    if batch:
        yield batch, length


def sha256(path: Path) -> str:
    """The file's hash, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
