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
KNOWN_WORDS = 200_000  # whose checksums are remembered, some 20 MB: news repeats its words
USUAL_BYTES = 40  # of a word; tables for longer ones are made when one comes
TOGETHER = 6  # permutations worked on at once
_PRIME_BITS = np.uint64(61)
_PRIME = np.uint64((1 << 61) - 1)
_BYTE = np.uint32(255)

Hashes = npt.NDArray[np.uint64]
Sums = npt.NDArray[np.uint32]


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

    A hash is the CRC-32 of the five words with a space between them. It is put together from those of the
    words, for all five-grams at once: a third of the time that hashing each takes.
    """
    words = re.findall(r"\w+", text.casefold())
    grams = len(words) - SHINGLE_WORDS + 1
    if grams < 1:
        return np.empty(0, np.uint64)
    sums = np.array(list(map(_CHECKSUMS.__getitem__, words)), np.uint64)
    spaced = (sums >> np.uint64(32)).astype(np.uint32)  # of a space and the word
    sizes = np.array(list(map(len if text.isascii() else _size, words)), np.int64) + 1
    hashed = sums[:grams].astype(np.uint32)  # of the word alone: the lower half
    for place in range(1, SHINGLE_WORDS):
        behind = slice(place, place + grams)
        hashed = _shifted(hashed, sizes[behind]) ^ spaced[behind]
    hashed = np.sort(hashed)
    distinct = np.concatenate([[True], hashed[1:] != hashed[:-1]])  # np.unique takes ten times as long
    return hashed[distinct].astype(np.uint64)


class _Checksums(dict[str, int]):
    """By word its CRC-32, and above it that of a space and the word. Forgets all when it has grown large."""

    def __missing__(self, word: str) -> int:
        if len(self) >= KNOWN_WORDS:
            self.clear()
        spaced = f" {word}".encode("utf-8", "replace")
        self[word] = both = zlib.crc32(spaced) << 32 | zlib.crc32(spaced[1:])
        return both


_CHECKSUMS = _Checksums()


def _size(word: str) -> int:
    return len(word.encode("utf-8", "replace"))


def _shifted(sums: Sums, sizes: npt.NDArray[np.int64]) -> Sums:
    """What each CRC-32 contributes to that of a text which goes on for so many bytes: (n,) uint32."""
    tables = _shift_tables(max(USUAL_BYTES, int(sizes.max())))
    first = sizes * 1_024
    found = tables[first + (sums & _BYTE)]
    for byte in range(1, 4):
        found ^= tables[first + byte * 256 + ((sums >> np.uint32(8 * byte)) & _BYTE)]
    return found


@lru_cache(maxsize=4)
def _shift_tables(most: int) -> Sums:
    """For every size up to `most`, byte and value, its part in a CRC-32 after so many more bytes.

    (sizes * 4 * 256,) uint32. CRCs are linear: a value's part is the exclusive or of its bits' (as in zlib's
    crc32_combine).
    """
    zero = np.zeros((most + 1, 4, 256), np.uint32)
    values = np.arange(256)
    for size in range(most + 1):
        nothing = zlib.crc32(bytes(size))
        for bit in range(32):
            part = zlib.crc32(bytes(size), 1 << bit) ^ nothing
            has = (values >> (bit % 8)) & 1 == 1
            zero[size, bit // 8, has] ^= np.uint32(part)
    return zero.reshape(-1)


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
