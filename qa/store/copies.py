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
TOGETHER = 6  # permutations worked on at once
_PRIME_BITS = np.uint64(61)
_PRIME = np.uint64((1 << 61) - 1)
_SPACE = ord(" ")

Hashes = npt.NDArray[np.uint64]


def keys(text: str) -> tuple[int, ...]:
    """BANDS numbers of 63 bits; texts that share one may be copies. `()` for a text too short to tell."""
    hashed = shingles(text)
    if len(hashed) < LEAST_SHINGLES:
        return ()
    least = np.concatenate([_least(hashed, *some) for some in _permutations()]).reshape(BANDS, ROWS)
    return tuple((band << 32) | zlib.crc32(row.tobytes()) for band, row in enumerate(least))


def _least(hashed: Hashes, factors: Hashes, offsets: Hashes) -> Hashes:
    """The least value of each permutation, (permutations,) uint64.

    31-bit factors times 32-bit hashes do not overflow; a Mersenne prime needs no division.
    """
    mixed = factors[:, None] * hashed[None, :]  # (permutations, shingles)
    mixed += offsets[:, None]
    over = mixed >> _PRIME_BITS
    mixed &= _PRIME
    mixed += over
    np.subtract(mixed, _PRIME, out=over)  # below zero it wraps to the top
    return np.asarray(np.minimum(mixed, over, out=mixed).min(axis=1), np.uint64)


def is_copy(text: str, other: str) -> bool:
    """Whether the two are one story: half of all shingles shared, or most of the shorter text's."""
    mine, others = shingles(text), shingles(other)
    if min(len(mine), len(others)) < LEAST_SHINGLES:
        return False
    shared = len(np.intersect1d(mine, others, assume_unique=True))
    jaccard = shared / (len(mine) + len(others) - shared)
    return jaccard >= SAME_JACCARD or shared / min(len(mine), len(others)) >= SAME_CONTAINED


@lru_cache(maxsize=64)
def shingles(text: str) -> Hashes:
    """The distinct hashes of the text's word five-grams, in order: (n,) uint64.

    A hash is the CRC-32 of the five words with a space between them, taken from the bytes of them all.
    """
    joined = (" ".join(re.findall(r"\w+", text.casefold())) + " ").encode("utf-8", "replace")
    ends = np.flatnonzero(np.frombuffer(joined, np.uint8) == _SPACE).tolist()  # of the words
    starts = [0, *[end + 1 for end in ends]]
    grams = zip(starts, ends[SHINGLE_WORDS - 1 :], strict=False)
    hashed = np.array([zlib.crc32(joined[start:end]) for start, end in grams], np.uint32)
    hashed.sort()
    distinct = np.concatenate([[True], hashed[1:] != hashed[:-1]])  # np.unique takes ten times as long
    kept: Hashes = hashed[distinct[: len(hashed)]].astype(np.uint64)
    return kept


@lru_cache(maxsize=1)
def _permutations() -> list[tuple[Hashes, Hashes]]:
    """Factors and offsets, some at a time: what is made of them stays in a core's own memory.

    The same on every machine, for ever: stored keys depend on them.
    """
    random = np.random.Generator(np.random.PCG64(20_250_425))
    factors = random.integers(1, 1 << 31, BANDS * ROWS, dtype=np.uint64)
    offsets = random.integers(0, 1 << 31, BANDS * ROWS, dtype=np.uint64)
    return [
        (factors[first : first + TOGETHER], offsets[first : first + TOGETHER])
        for first in range(0, BANDS * ROWS, TOGETHER)
    ]
