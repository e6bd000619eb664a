"""Where the two indexes of a store lie, how far they are, and how they are brought level with the catalogue.

An index is a folder `KIND-NUMBER`, or on a Chroma server a collection of that name; a pointer says which is
the one now. Beside each stands the last change of the catalogue that it has taken up. Knows no searches.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import StoreError
from qa.store.address import ChromaAddress
from qa.store.catalogue import Catalogue
from qa.store.changes import Change
from qa.store.lexical import Lexical
from qa.store.passages import BATCH, Stored
from qa.store.served import Served, drop
from qa.store.vectors import Vectors, looks_sound

LEAST_ANEW = 20_000  # passages; fewer are built anew in two seconds or so
POINTER_FILE = "indexes.json"  # which folders are the indexes now; replaced whole
APPLIED_FILE = "applied"  # in an index's folder: the last change it has taken up
APPLYING_FILE = "applying"  # beside it while changes are taken up: one that is left tells of a kill
VECTORS_POINTER = "vectors"  # in the catalogue's `meta`, for vectors on a server
MANY_CHANGES = 20_000  # changes between commits that are taken up at once; more are cut into parts
TRIED_AFTER_KILL = 300  # passages that are searched by their own vector, spread over all
RETRIES_S = (0.1, 0.5, 2.0)  # between tries to open an index that a writer may just be replacing
NEAREST = 10  # nearest passages looked at when one is searched by its own vector
KINDS = ("lexical", "vectors")
REBUILD = "python ingest.py --rebuild"

log = logging.getLogger(__name__)


class Indexes:
    """The indexes that one folder's programs use: both in it, or the vectors on a server."""

    def __init__(self, data: Path, catalogue: Catalogue, *, chroma: ChromaAddress | None) -> None:
        self._data, self._catalogue = data, catalogue
        self.chroma = chroma

    def is_served(self, kind: str) -> bool:
        """Whether it lies on a server, which all nodes share."""
        return kind == "vectors" and self.chroma is not None

    @property
    def written_by_writer(self) -> tuple[str, ...]:
        """Those that the catalogue's writer brings level; each node's own follow by themselves."""
        return tuple(kind for kind in KINDS if self.is_served(kind) or not self._catalogue.on_server)

    @property
    def following(self) -> tuple[str, ...]:
        """Those that this node keeps for itself of a catalogue that other machines write."""
        return tuple(kind for kind in KINDS if kind not in self.written_by_writer)

    # Where they are, and how far

    def name(self, kind: str) -> str:
        """Of the folder or collection that is the index now."""
        if self.is_served(kind):
            return self._catalogue.meta(VECTORS_POINTER) or f"{kind}-0"
        return self._folders()[kind]

    def applied(self, kind: str) -> int:
        """The last change that it has taken up; 0 when there is no index."""
        if self.is_served(kind):
            try:
                return int(self.open(kind).applied)
            except StoreError:
                raise
            except Exception:  # noqa: BLE001 - there is no such collection, or it is another's
                return 0
        return self.applied_in(self.name(kind))

    def applied_in(self, folder: str) -> int:
        with suppress(FileNotFoundError, ValueError):
            return int((self._data / folder / APPLIED_FILE).read_text())
        return 0

    def folder(self, kind: str) -> Path:
        return self._data / self.name(kind)

    def open(self, kind: str) -> Any:
        """As it is now. Raises whatever its library raises, ServerAway for a server."""
        return self.open_at(kind, self.name(kind))

    def open_patiently(self, kind: str) -> Any:
        """The same, after some patience: a writer may just be replacing it."""
        return patiently(lambda: self.open(kind))

    def open_searched(self) -> Vectors:
        """The vectors, loaded: the first search after opening takes them into memory."""
        vectors: Vectors = self.open("vectors")
        try:
            vectors.search(np.ones(self._catalogue.made_with[1], np.float32), k=1)
        except BaseException:
            vectors.close()
            raise
        return vectors

    def open_at(self, kind: str, name: str, *, make: bool = False) -> Any:
        if kind == "lexical":
            return Lexical(self._data / name, make=make)
        if self.chroma is None:
            return Vectors(self._data / name, make=make)
        return Served(self.chroma, self._collection(name), make=make)

    def _collection(self, name: str) -> str:
        return f"dateline-{self._catalogue.meta('store') or 'store'}-{name}"

    def _folders(self) -> dict[str, str]:
        pointer = self._data / POINTER_FILE
        with suppress(FileNotFoundError, ValueError):
            found = json.loads(pointer.read_text())
            return {"lexical": str(found["lexical"]), "vectors": str(found["vectors"])}
        return {kind: f"{kind}-0" for kind in KINDS}  # nothing has been built yet

    # Bringing them level

    def level(self, kind: str, last: int) -> None:
        """Brings one index level with the catalogue; builds it anew when it cannot be."""
        applied = self.applied(kind)
        if 0 < applied < last and self._catalogue.knows_change(applied):
            try:
                self._catch_up(kind, applied)
            except StoreError:  # of the catalogue, or of a server
                raise
            except Exception as error:  # noqa: BLE001 - a damaged index raises whatever its library raises
                log.warning("the %s index is damaged and is built anew: %s", kind, brief(error))
            else:
                return
        self.build(kind)  # also when the catalogue is an older copy, and knows less than the index

    def looks_sound(self, kind: str) -> bool:
        """Whether it can be opened: a look that costs milliseconds, without Chroma."""
        if self.is_served(kind):
            return True  # `level` has asked it
        folder = self.folder(kind)
        if kind == "vectors":
            return looks_sound(folder)
        try:
            return bool(Lexical(folder).count() == self._catalogue.count_passages())
        except Exception:  # noqa: BLE001 - a damaged index raises whatever its library raises
            return False

    def _catch_up(self, kind: str, applied: int) -> None:
        """The index takes up what has changed. Raises whatever its library raises, ValueError for a loss."""
        name = self.name(kind)
        applying = self._data / name / APPLYING_FILE
        killed = applying.exists()
        with closing(self.open_at(kind, name)) as index:
            if not self.is_served(kind):
                applying.touch()
            changes = self._catalogue.changes(applied)
            for part in in_parts(changes):
                index.apply(gone=gone(part), came=self.came(part))
            held, wanted = index.count(), self._catalogue.count_passages()
            if held != wanted:
                raise ValueError(f"it holds {held} passages instead of {wanted}")
            if killed and kind == "vectors" and self.not_found(index, self._catalogue.numbers()):
                raise ValueError("it lost passages when its writer was killed")
            self.set_applied(kind, name, changes[-1].number, index)
        applying.unlink(missing_ok=True)

    def build(self, kind: str) -> None:
        """A new index beside the old one, from all that the catalogue holds; then the pointer moves."""
        name = self.next_name(kind)
        try:
            self._clear(kind, name)
            self._fill(kind, name)
            self.point_to(kind, name)
        except StoreError:  # of the catalogue, or of a server
            raise
        except Exception as error:
            with suppress(Exception):
                self._clear(kind, name)
            raise self.unwritable(kind, error) from error

    def unwritable(self, kind: str, error: Exception) -> StoreError:
        place = self.chroma if self.is_served(kind) else self._data
        return StoreError(
            f"The {kind} index in {place} cannot be written ({brief(error)}). Free space on the disk or give "
            "write permission, and run it again; what was stored stays stored."
        )

    def is_uneven(self) -> bool:
        """Whether passages that were removed still weigh in a small word index, or it cannot be opened.

        Built anew it orders the same articles as every other, however they came in.
        """
        if not 0 < self._catalogue.count_passages() <= LEAST_ANEW:
            return False
        try:
            with closing(self.open("lexical")) as index:
                return bool(index.removed())
        except Exception:  # noqa: BLE001 - a damaged index raises whatever its library raises
            return True

    def _fill(self, kind: str, name: str) -> None:
        last, numbers = self._catalogue.last_change(), self._catalogue.numbers()
        with closing(self.open_at(kind, name, make=True)) as index:
            if numbers:
                index.apply(gone=(), came=self._catalogue.stored(numbers[0], numbers[-1]))
            if index.count() != len(numbers):
                raise ValueError(f"it holds {index.count()} passages instead of {len(numbers)}")
            self.set_applied(kind, name, last, index)

    def next_name(self, kind: str) -> str:
        return f"{kind}-{int(self.name(kind).rsplit('-', 1)[1]) + 1}"

    def point_to(self, kind: str, name: str) -> None:
        if self.is_served(kind):
            self._catalogue.set_meta(**{VECTORS_POINTER: name})
        else:
            _replace(self._data / POINTER_FILE, json.dumps({**self._folders(), kind: name}))

    def set_applied(self, kind: str, name: str, number: int, index: Any) -> None:
        if self.is_served(kind):
            index.set_applied(number)
        else:
            _replace(self._data / name / APPLIED_FILE, str(number))

    def _clear(self, kind: str, name: str) -> None:
        """Removes what a build that failed, or a catalogue that was put back, may have left there."""
        if self.chroma and self.is_served(kind):
            drop(self.chroma, exactly=self._collection(name))
        else:
            shutil.rmtree(self._data / name, ignore_errors=True)

    def sweep(self, *, but: str = "") -> None:
        """Removes indexes that no pointer names; readers that still hold one keep its open files."""
        named = {self.name(kind) for kind in KINDS} | {but}
        for folder in self._data.glob("*-*"):
            kind, _, number = folder.name.rpartition("-")
            if kind in KINDS and number.isdecimal() and folder.name not in named:
                shutil.rmtree(folder, ignore_errors=True)

    def sweep_server(self) -> None:
        """The same for this store's collections. Only its writer may."""
        if self.chroma:
            drop(
                self.chroma, prefix=self._collection("vectors-"), keep=self._collection(self.name("vectors"))
            )

    def came(self, part: Sequence[Change]) -> Iterator[list[Stored]]:
        """Stored passages of the changes that came, some at a time."""
        batch: list[Stored] = []
        for change in part:
            if change.came:
                for found in self._catalogue.stored(change.first, change.last):
                    batch += found
            if len(batch) >= BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def not_found(self, index: Vectors, numbers: Sequence[int]) -> int:
        """How many of some of these passages a search with their own vector does not find."""
        lost = 0
        for stored in self._catalogue.stored_by(_spread(numbers)):
            found = index.search(stored.vector.astype(np.float32), k=NEAREST)
            equal = sum(cosine > 0.9999 for _, cosine in found)  # as many twins hide one another
            lost += stored.number not in [number for number, _ in found] and equal < NEAREST
        return lost


def gone(part: Sequence[Change]) -> list[tuple[int, int]]:
    """The numbers of passages that went, from-to."""
    return [(change.first, change.last) for change in part if not change.came]


def in_parts(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    return (changes[first : first + MANY_CHANGES] for first in range(0, len(changes), MANY_CHANGES))


def patiently(open_index: Callable[[], Any]) -> Any:
    """What it gives, tried a few times. A server that is away is not waited for."""
    for pause in RETRIES_S:
        try:
            return open_index()
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - the last try raises it
            log.debug("an index cannot be opened, trying again: %s", brief(error))
            time.sleep(pause)
    return open_index()


def brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"


def _spread(numbers: Sequence[int]) -> Sequence[int]:
    """Some of them: the newest, which a kill hits, and others from all over."""
    half = TRIED_AFTER_KILL // 2
    older = numbers[:-half]
    return [*older[:: max(1, len(older) // half)], *numbers[-half:]]


def _replace(path: Path, text: str) -> None:
    """The file with this text, or as it was: never half of it."""
    beside = path.with_name(path.name + ".part")
    beside.write_text(text)
    beside.replace(path)
