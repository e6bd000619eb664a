"""The vector index: nearest passages by cosine (Chroma). Built from the catalogue, lost without loss.

Takes stored passages and a vector, gives passage numbers with similarities. Knows nothing about words.

Chroma in a folder: another process's writes are not seen by `query`, nor by a second client on the same path
in the same process. So a handle shows one state of the index, what came since is compared one by one
(`Exact`), and every handle of a process spells its path in its own way, which gives it a client of its own.

There are no filters here. In a handle that was opened before another process wrote, every query with a
`where` fails ("Error finding id", 360 of 360; without, 0 of 575), and it takes 10 to 50 times as long.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from qa.store.index_text import day_number, outlet_key

if TYPE_CHECKING:
    from qa.store.passages import Stored

COLLECTION = "passages"
BATCH = 4_000  # Chroma takes at most 5,461 at once
# l2 is the default. The 100 nearest of 39,805 MiniLM vectors: ef_search 100 finds .982 of them, 200 .995,
# both in 1.5 ms; twice the neighbours find no more and halve the rate of writing.
HNSW = {"space": "cosine", "ef_search": 200, "ef_construction": 100}

_spellings: set[tuple[str, int]] = set()
_spelling_lock = threading.Lock()


class Vectors:
    """A collection in a folder, as it was when it was opened. Those of a Chroma server: served.py."""

    def __init__(self, folder: Path, *, make: bool = False) -> None:
        """`make` makes a missing collection, which only a writer may do; without it, raises
        FileNotFoundError or Chroma's NotFoundError.
        """
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        elif not (folder / "chroma.sqlite3").exists():
            raise FileNotFoundError(f"there is no vector index in {folder.name}")
        spelling = _free_spelling(folder)
        try:
            self._client = _client(spelling)
        except BaseException:
            _free(spelling)
            raise
        self._let_go = weakref.finalize(self, _close, self._client, spelling)
        self._let_go.atexit = False  # by then Chroma's own parts may have gone
        self._collection = self._open(COLLECTION, make)

    def apply(self, *, gone: Iterable[tuple[int, int]], came: Iterable[Sequence[Stored]]) -> None:
        """Drops the passages numbered from-to in `gone`, then takes up those of `came`. Safe to repeat."""
        for first, last in gone:
            for start in range(first, last + 1, BATCH):
                numbers = range(start, min(start + BATCH, last + 1))
                self._collection.delete(ids=[str(number) for number in numbers])
        for batch in came:
            for start in range(0, len(batch), BATCH):
                self._upsert(batch[start : start + BATCH])

    def search(self, vector: npt.NDArray[np.float32], *, k: int) -> list[tuple[int, float]]:
        """(passage number, cosine), nearest first. `vector` is (dim,), unit length."""
        if k < 1:
            return []
        found = self._collection.query(query_embeddings=[vector.tolist()], n_results=k, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(int(number), 1.0 - float(distance)) for number, distance in pairs]

    def count(self) -> int:
        """How many passages the index holds."""
        return int(self._collection.count())

    def numbers(self) -> list[int]:
        """Every passage number in the index, for checking."""
        found: list[int] = []
        for offset in range(0, self._collection.count(), BATCH):
            page = self._collection.get(limit=BATCH, offset=offset, include=[])
            found += [int(number) for number in page["ids"]]
        return sorted(found)

    def close(self) -> None:
        """Lets go of files and memory; also done by itself when nothing holds the handle any more."""
        self._let_go()

    def _open(self, name: str, make: bool) -> Any:
        if make:
            return self._client.get_or_create_collection(
                name, configuration={"hnsw": HNSW}, embedding_function=None
            )
        return self._client.get_collection(name, embedding_function=None)

    def _upsert(self, batch: Sequence[Stored]) -> None:
        self._collection.upsert(
            ids=[str(stored.number) for stored in batch],
            embeddings=np.stack([stored.vector for stored in batch]).astype(np.float32),
            metadatas=[
                {"day": day_number(stored.article.day), "outlet": outlet_key(stored.article.outlet)}
                for stored in batch
            ],
        )


class Exact:
    """Vectors in memory, compared one by one: a millisecond for 5,000."""

    def __init__(self, numbers: Sequence[int], vectors: npt.NDArray[np.float32]) -> None:
        """`vectors` are (len(numbers), dim), of unit length but for the rounding of what is stored."""
        self._numbers = np.asarray(numbers, np.int64)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)  # (n, 1); Chroma divides by them as well
        self._vectors = vectors / np.where(lengths > 0, lengths, 1)

    def __len__(self) -> int:
        return len(self._numbers)

    def search(self, vector: npt.NDArray[np.float32], *, k: int) -> list[tuple[int, float]]:
        """(passage number, cosine), nearest first. `vector` is (dim,), unit length."""
        if k < 1 or not len(self):
            return []
        cosines = self._vectors @ vector
        best = np.argsort(-cosines, kind="stable")[:k]
        return [(int(self._numbers[row]), float(cosines[row])) for row in best]


def looks_sound(folder: Path) -> bool:
    """Whether Chroma's tables in a folder can be read, without loading Chroma, which takes a second."""
    file = folder / "chroma.sqlite3"
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            return bool(database.execute("SELECT count(*) FROM collections").fetchone()[0])
    except sqlite3.Error:
        return False


def _client(spelling: tuple[str, int]) -> Any:
    import chromadb

    quiet = chromadb.Settings(anonymized_telemetry=False)
    return chromadb.PersistentClient(path=spelling[0] + "/." * spelling[1], settings=quiet)


def _close(client: Any, spelling: tuple[str, int]) -> None:
    client.close()
    _free(spelling)


def _free(spelling: tuple[str, int]) -> None:
    with _spelling_lock:
        _spellings.discard(spelling)


def _free_spelling(place: Path) -> tuple[str, int]:
    """The path and a number of `/.` behind it that no open handle of this process uses."""
    path = str(place.resolve())
    with _spelling_lock:
        number = next(number for number in range(1_000) if (path, number) not in _spellings)
        _spellings.add((path, number))
    return path, number
