"""How models run on this machine."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models.runtime import PADDING, batches, prepare

HEAPS_OF_THREADS = """
import ctypes, sys, tempfile, threading
from pathlib import Path
from qa.models.runtime import share_heaps

if sys.argv[1] == "shared":
    share_heaps()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
met = threading.Barrier(8)

def allocate():
    met.wait()
    libc.malloc(1000)
    met.wait()

threads = [threading.Thread(target=allocate) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
told = Path(tempfile.mkdtemp()) / "told"
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(str(told).encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
print(told.read_text().count("<heap "))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has such heaps")
def test_threads_share_two_heaps() -> None:
    plain = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}

    def heaps(how: str) -> int:
        command = [sys.executable, "-c", HEAPS_OF_THREADS, how]
        return int(subprocess.run(command, capture_output=True, text=True, check=True, env=plain).stdout)

    assert heaps("own") > 2
    assert heaps("shared") == 2


@given(st.lists(st.integers(1, 400)), st.integers(10, 2_000), st.integers(1, 8))
def test_batches_hold_every_row_once_within_the_budget(sizes: list[int], tokens: int, cores: int) -> None:
    longest = 256
    made = batches(sizes, longest=longest, tokens=tokens, cores=cores)
    assert sorted(row for rows, _ in made for row in rows) == list(range(len(sizes)))
    for rows, length in made:
        assert len(rows) == 1 or len(rows) * length <= tokens
        assert all(0 <= length - min(sizes[row], longest) < PADDING for row in rows)
    padded = [length for _, length in made]
    assert padded == sorted(padded, reverse=True)  # no long one is left for the end


def test_every_core_gets_batches() -> None:
    assert len(batches([100] * 40, longest=128, tokens=100_000, cores=4)) >= 4


def test_what_is_shared_out_comes_back_in_order() -> None:
    cores = prepare(3)
    assert cores.share(lambda number: number * number, list(range(50))) == [n * n for n in range(50)]
    assert cores.share(lambda number: number, []) == []


def test_what_goes_wrong_in_a_piece_is_raised_and_the_next_call_works() -> None:
    cores = prepare(2)
    with pytest.raises(ZeroDivisionError):
        cores.share(lambda number: 1 // number, [2, 1, 0, 1])
    assert cores.share(lambda number: number, [7]) == [7]
