"""Finds copies of one wire story: the same text republished, shortened, lengthened or updated.

Takes texts, gives keys under which near-duplicates meet, and a verdict on two of them. MinHash over word
five-grams with banding (Broder 1997; Leskovec et al., Mining of Massive Datasets, ch. 3), then the true
overlap: the same event told in other words is another story. Knows nothing about stores.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

SHINGLE_WORDS = 5
BANDS, ROWS = 32, 3  # a pair with half of its shingles in common meets with probability .985, a fifth: .23
SAME_JACCARD = 0.5  # of two texts' shingles
SAME_CONTAINED = 0.75  # of the shorter text's shingles in the longer: a cut or an updated copy
LEAST_SHINGLES = 20  # shorter texts are too alike by chance
_PRIME = np.uint64((1 << 61) - 1)


def keys(text: str) -> tuple[int, ...]:
    """BANDS numbers of 63 bits; texts that share one may be copies. `()` for a text too short to tell."""
    hashed = shingles(text)
    if len(hashed) < LEAST_SHINGLES:
        return ()
    factors, offsets = _permutations()
    # (shingles, permutations) uint64; 31-bit factors times 32-bit hashes do not overflow
    mixed = (hashed[:, None] * factors[None, :] + offsets[None, :]) % _PRIME
    least = mixed.min(axis=0).reshape(BANDS, ROWS)
    return tuple((band << 32) | zlib.crc32(row.tobytes()) for band, row in enumerate(least))


def is_copy(text: str, other: str) -> bool:
    """Whether the two are one story: half of all shingles shared, or most of the shorter text's."""
    mine, others = shingles(text), shingles(other)
    if min(len(mine), len(others)) < LEAST_SHINGLES:
        return False
    shared = len(np.intersect1d(mine, others, assume_unique=True))
    jaccard = shared / (len(mine) + len(others) - shared)
    return jaccard >= SAME_JACCARD or shared / min(len(mine), len(others)) >= SAME_CONTAINED


@lru_cache(maxsize=64)
def shingles(text: str) -> npt.NDArray[np.uint64]:
    """The distinct hashes of the text's word five-grams, in order: (n,) uint64."""
    words = re.findall(r"\w+", text.casefold())
    grams = {
        " ".join(words[first : first + SHINGLE_WORDS]) for first in range(len(words) - SHINGLE_WORDS + 1)
    }
    return np.array(sorted({zlib.crc32(gram.encode("utf-8", "replace")) for gram in grams}), np.uint64)


@lru_cache(maxsize=1)
def _permutations() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """The same on every machine, for ever: stored keys depend on them."""
    random = np.random.Generator(np.random.PCG64(20_250_425))
    factors = random.integers(1, 1 << 31, BANDS * ROWS, dtype=np.uint64)
    return factors, random.integers(0, 1 << 31, BANDS * ROWS, dtype=np.uint64)
