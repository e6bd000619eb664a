"""How models run on this machine: offline, on a bounded number of cores, in batches of few shapes.

A helper of the stages that own a model; knows nothing about what the models are for.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import torch

MOST_THREADS = 4  # more leave nothing for the page, and bring little: the passages of a question are few
LEAST_TOKENS, BATCHES_A_CORE = 300, 2  # smaller batches spend their time on fetching the weights
STEP = 16  # lengths are multiples of it; with 32, eight passages take a core 516 instead of 480 ms
BF16_STEP = 32  # each new shape costs oneDNN a compile
PADDING = 32  # tokens, fewer than which a row may be padded by to go with a longer one
HEAPS, M_ARENA_MAX = 2, -8
BEHIND = 5  # as nice counts: a quarter of a core that somebody else wants too

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def share_heaps() -> None:
    """To be called first in a process, before numpy is there: its threads share two heaps.

    glibc gives each thread one, and what a model leaves behind in dozens of them looks like a leak.
    Does nothing where the C library has no such heaps, or where MALLOC_ARENA_MAX says how many there are.
    """
    if "MALLOC_ARENA_MAX" not in os.environ:
        _of_glibc("mallopt")(M_ARENA_MAX, HEAPS)


def give_back() -> None:
    """Hands memory that a model has used and left to the system again; takes about 20 ms."""
    _of_glibc("malloc_trim")(0)


def step_back() -> None:
    """Lets whoever asks questions on this machine go first: the whole process runs at a lower priority.

    Does nothing where there are no such priorities, or where it is lower already.
    """
    if hasattr(os, "setpriority"):
        lower = max(BEHIND, os.getpriority(os.PRIO_PROCESS, 0))
        os.setpriority(os.PRIO_PROCESS, 0, lower)


def _of_glibc(name: str) -> Callable[..., object]:
    found = getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
    return found or (lambda *_: None)


class Cores:
    """Some cores of this machine, each of which works through pieces alone.

    An operation that is spread over cores makes each wait for the slowest, some hundred times in a model, and
    for its turn wherever another process is busy. Eleven passages are read in 300 ms this way, in 380 that.
    """

    def __init__(self, count: int, *, torch: bool) -> None:
        """`torch`: whether what they work through is torch's, which has threads of its own to be bounded."""
        self.count = count
        self._pool = ThreadPoolExecutor(count, "core", initializer=_alone if torch else None)

    def share(self, work: Callable[[Piece], Result], pieces: Sequence[Piece]) -> list[Result]:
        """What `work` gives for each piece, in order. Pieces of several callers take turns as they came."""
        return list(self._pool.map(work, pieces))


def prepare(threads: int | None, *, torch: bool = True) -> Cores:
    """To be called before a model is loaded: no hub is ever asked. Gives the cores that it is to run on.

    `threads`: cores a model may use; None or 0 means all, at most MOST_THREADS.
    `torch`: whether it is a model of torch's; without, neither torch nor transformers is imported.
    """
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[variable] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    if torch:
        from transformers.utils import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
    return _cores(threads or min(MOST_THREADS, os.cpu_count() or 1), torch)


@cache
def _cores(count: int, torch: bool) -> Cores:
    if torch:
        _alone()
    return Cores(count, torch=torch)


def _alone() -> None:
    """Makes torch work on one core, here and in the threads that come after."""
    import torch

    torch.set_num_threads(1)


@cache
def has_bf16_units() -> bool:
    """Whether this processor multiplies bfloat16 in hardware; without, bf16 is slower than float32."""
    flags = Path("/proc/cpuinfo")
    if not flags.exists():
        return False
    return any(unit in flags.read_text() for unit in ("amx_bf16", "avx512_bf16"))


def batches(sizes: Sequence[int], *, longest: int, tokens: int, cores: int) -> list[tuple[list[int], int]]:
    """Rows that go through a model together, and the length they are padded to; the longest first.

    At most `tokens` padded tokens a batch, and so few that each of `cores` gets several. A size beyond
    `longest` counts as that.
    """
    most = min(tokens, max(LEAST_TOKENS, sum(sizes) // (cores * BATCHES_A_CORE)))
    order = sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True)
    step = BF16_STEP if has_bf16_units() else STEP
    made: list[tuple[list[int], int]] = []
    for row in order:
        length = min(longest, -(-sizes[row] // step) * step)
        rows, padded = made[-1] if made else ([], 0)
        if padded - sizes[row] < PADDING and 0 < (len(rows) + 1) * padded <= most:
            rows.append(row)
        else:
            made.append(([row], length))
    return made


def tensors(ids: Sequence[list[int]], kinds: Sequence[list[int]], length: int) -> dict[str, torch.Tensor]:
    """What torch's models are called with for rows of tokens: each (rows, `length`), padded with zeros."""
    import torch

    mask = [[1] * len(row) for row in ids]
    parts = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
    return {
        name: torch.tensor([row + [0] * (length - len(row)) for row in rows]) for name, rows in parts.items()
    }


def sha256(path: Path) -> str:
    """The file's hash, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
