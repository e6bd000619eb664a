"""Keeps a node's own indexes level with a catalogue that other machines write: in a thread, from nothing too.

Follows the catalogue's `changes` up to what has been published. What it has done stays done: a build that was
broken off goes on where it was. Among the programs of one node one at a time does this; the others see it.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from qa.errors import QAError, ServerAway, StoreError
from qa.store.catalogue import Catalogue
from qa.store.changes import Change
from qa.store.indexes import LEAST_ANEW, Indexes, brief, gone
from qa.store.lock import FolderLock

LOCK_FILE = "follow.lock"
BUILDING_FILE = "building"  # in the folder of an index that is not whole yet: {"level": …, "reached": …}
LOOK_S = 0.3  # between looks at the catalogue: one query of 0.3 ms
AWAY_S = 3.0  # the same when the last one failed
BUILT_AT_ONCE = 5  # batches of the catalogue between two commits of a build: 10,000 passages, some seconds
FOLLOWED_AT_ONCE = 5_000  # passages between two commits while changes are followed
EVEN_S = 2.0  # without a change, before a small index is built without what was removed
EVEN_SHARE = 0.05  # of the time at most that goes into that
BEHIND = 2_000  # passages that a search may lack without a word about it: a second's work
STOP_S = 10.0  # so long a step that has begun may take when the program ends
NO_END = 2**62

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Behind:
    """What an index of this node lacks: passages `done` of `total`; `whole` when it can be searched."""

    kind: str
    done: int
    total: int
    whole: bool

    def __str__(self) -> str:
        name = "word index" if self.kind == "lexical" else "vector index"
        if self.whole:
            return f"The {name} of this node is {self.total - self.done:,} passages behind and catching up."
        other = "vectors" if self.kind == "lexical" else "words"
        return (
            f"The {name} of this node is being built ({self.done:,} of {self.total:,} passages); "
            f"until it is there, articles are found by {other} alone."
        )


class Follower:
    """The thread, and what it is at. Safe to use from several threads."""

    def __init__(self, data: Path, catalogue: Catalogue, indexes: Indexes) -> None:
        self._data, self._catalogue, self._indexes = data, catalogue, indexes
        self._node = FolderLock(data / LOCK_FILE)
        self._one, self._starting = (
            threading.Lock(),
            threading.Lock(),
        )  # held while following, and beginning to
        self._stopped, self._woken = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._behind: dict[str, Behind] = {}
        self._behind_since: float | None = None  # seconds of the monotonic clock
        self._trouble = ""  # why it cannot follow, as it was logged
        self._settled = (0, 0.0)  # the last change seen, and since when
        self._even = 0  # the change at which words were last found to weigh as in an index built anew
        self._even_from = 0.0  # not built for that before then

    @property
    def behind(self) -> Behind | None:
        """What a search lacks worth a word; None when nothing."""
        for found in list(self._behind.values()):
            if not found.whole or found.total - found.done > (0 if self._trouble else BEHIND):
                return found
        return None

    @property
    def trouble(self) -> str:
        """Why the indexes do not become level, in a sentence; empty while they do."""
        return self._trouble

    def start(self) -> None:
        """Begins to follow, unless it does already or nothing is to be followed."""
        with self._starting:
            if self._thread is None and self._indexes.following:
                self._thread = threading.Thread(target=self._run, name="following", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Ends after the step that has begun; the next program goes on there."""
        self._stopped.set()
        self._woken.set()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(STOP_S)

    def wait(self, wait_s: float) -> bool:
        """Whether the indexes hold all that has been published, waited for at most so long."""
        self.start()
        self._woken.set()
        deadline = time.monotonic() + wait_s
        while not self.is_level():
            if time.monotonic() > deadline or self._stopped.is_set():
                return False
            time.sleep(0.05)
        return True

    def is_level(self) -> bool:
        return self._is_at(self._catalogue.published)

    def _is_at(self, published: int) -> bool:
        return all(self._indexes.applied(kind) == published for kind in self._indexes.following)

    def lag(self) -> tuple[int, float]:
        """How many passages came or went that this node lacks, and for how many seconds it lags."""
        if self.is_level():
            self._behind_since = None
            return 0, 0.0
        self._behind_since = self._behind_since or time.monotonic()
        lacking = max(self._lacking(kind) for kind in self._indexes.following)
        return lacking, time.monotonic() - self._behind_since

    def _lacking(self, kind: str) -> int:
        applied = self._indexes.applied(kind)
        if not self._catalogue.knows_change(applied):  # there is none, or it is of another past
            return self._catalogue.count_passages()
        return self._catalogue.passages_changed(applied)

    def follow(self) -> None:
        """Brings all of them level; gives up when another program of this node is at it.

        Raises StoreError, or whatever an index's library raises.
        """
        with self._one:
            target = self._catalogue.published
            if self._is_at(target):
                self._behind_since = None
            elif self._behind_since is None:
                self._behind_since = time.monotonic()
            for kind in self._indexes.following:
                if self._indexes.applied(kind) == target:
                    self._behind.pop(kind, None)
                elif self._node.acquire(0):
                    try:
                        self._level(kind, target)
                    finally:
                        self._node.release()
                else:
                    self._watch(kind)
            if self._is_at(target):
                self._even_out(target)

    def _even_out(self, target: int) -> None:
        """Builds a small word index anew once nothing has changed for a while, if passages that were removed
        still weigh in it: nodes that saw other changes would order the same passages otherwise."""
        now = time.monotonic()
        if self._settled[0] != target:
            self._settled = (target, now)
        settled = now - self._settled[1] >= EVEN_S and now >= self._even_from
        if self._even == target or not settled or "lexical" not in self._indexes.following:
            return
        if self._indexes.is_uneven() and self._node.acquire(0):
            try:
                self._build("lexical", target, instead=True)
            finally:
                self._node.release()
            self._even_from = time.monotonic() + (time.monotonic() - now) / EVEN_SHARE
        self._even = target

    def rebuild(self) -> None:
        """All of them anew, whatever they hold."""
        with self._one:
            if not self._node.acquire(STOP_S):
                raise StoreError(f"Another program is building indexes in {self._data}. Try again later.")
            try:
                self._indexes.sweep()  # also what a build that was broken off has left
                for kind in self._indexes.following:
                    self._build(kind, self._catalogue.published)
            finally:
                self._node.release()

    def _run(self) -> None:
        while not self._stopped.is_set():
            pause = LOOK_S
            try:
                self.follow()
                self._trouble = ""
            except Exception as error:  # noqa: BLE001 - tried again until the program ends
                pause = AWAY_S
                self._say(error)
                self._note_lacking()
            self._woken.wait(pause)
            self._woken.clear()

    def _say(self, error: Exception) -> None:
        sentence = str(error) if isinstance(error, QAError) else f"This node cannot follow: {brief(error)}."
        if sentence != self._trouble and not self._stopped.is_set():
            log.warning("%s", sentence)
        self._trouble = sentence

    def _note_lacking(self) -> None:
        """After a failure, what searches do without until the next try."""
        with suppress(StoreError):  # without its database a node answers nothing anyway
            target = self._catalogue.published
            for kind in self._indexes.following:
                if self._indexes.applied(kind) != target:
                    self._watch(kind)

    def _watch(self, kind: str) -> None:
        """How far an index is that nobody here is at."""
        total = self._catalogue.count_passages()
        lacking = min(total, self._lacking(kind))
        self._behind[kind] = Behind(kind, total - lacking, total, whole=self._indexes.applied(kind) > 0)

    def _level(self, kind: str, target: int) -> None:
        applied = self._indexes.applied(kind)
        if applied and self._catalogue.knows_change(applied) and not self._is_quicker_anew(applied):
            try:
                self._catch_up(kind, applied, target)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - a damaged index raises whatever its library raises
                log.warning("the %s index is damaged and is built anew: %s", kind, brief(error))
            else:
                return
        try:
            self._build(kind, target)
        except (StoreError, ServerAway):
            raise
        except Exception as error:
            raise self._indexes.unwritable(kind, error) from error

    def _is_quicker_anew(self, applied: int) -> bool:
        changed = self._catalogue.passages_changed(applied)
        return changed > LEAST_ANEW and changed > self._catalogue.count_passages()

    def _catch_up(self, kind: str, applied: int, target: int) -> None:
        """Raises ValueError when it then holds other than the catalogue."""
        changes = [change for change in self._catalogue.changes(applied) if change.number <= target]
        lacking, total = sum(map(_size, changes)), self._catalogue.count_passages()
        name = self._indexes.name(kind)
        with closing(self._indexes.open_at(kind, name)) as index:
            for part in _in_parts(changes):
                self._behind[kind] = Behind(kind, max(0, total - lacking), total, whole=True)
                if self._stopped.is_set():
                    return
                index.apply(gone=gone(part), came=self._indexes.came(part))
                self._indexes.set_applied(kind, name, part[-1].number, index)
                lacking -= sum(map(_size, part))
            self._compare(index.count(), target)
        self._behind.pop(kind, None)

    def _compare(self, held: int, target: int) -> None:
        """Only where nothing has happened meanwhile can the two be compared."""
        wanted = self._catalogue.count_passages()
        if held != wanted and self._catalogue.last_change() == target:
            raise ValueError(f"it holds {held} passages instead of {wanted}")

    def _build(self, kind: str, target: int, *, instead: bool = False) -> None:
        """A new index beside the old one; what happened while it was built is followed afterwards.

        `instead` of a whole one, which is searched meanwhile.
        """
        if not target:
            return  # nothing was ever stored
        name, level, reached = self._unfinished(kind) or (self._indexes.next_name(kind), target, 0)
        building = self._data / name / BUILDING_FILE
        self._indexes.sweep(but=name)
        total = self._catalogue.count_passages()
        with closing(self._indexes.open_at(kind, name, make=True)) as index:
            batches = self._catalogue.stored(reached + 1, NO_END)
            while some := list(islice(batches, BUILT_AT_ONCE)):
                if self._stopped.is_set():
                    return
                index.apply(gone=(), came=some)
                reached = some[-1][-1].number
                building.write_text(json.dumps({"level": level, "reached": reached}))
                if not instead:
                    self._behind[kind] = Behind(kind, min(index.count(), total), total, whole=False)
            self._indexes.set_applied(kind, name, level, index)
        self._indexes.point_to(kind, name)
        building.unlink(missing_ok=True)
        self._indexes.sweep()
        self._catch_up(kind, level, self._catalogue.published)

    def _unfinished(self, kind: str) -> tuple[str, int, int] | None:
        """Name, level and last passage of an index whose build was broken off, if it is of this catalogue."""
        for file in self._data.glob(f"{kind}-*/{BUILDING_FILE}"):
            if file.parent.name == self._indexes.name(kind):
                continue  # it was whole when its builder was killed
            with suppress(OSError, ValueError, KeyError):
                found = json.loads(file.read_text())
                if self._catalogue.knows_change(found["level"]):
                    with closing(self._indexes.open_at(kind, file.parent.name)):
                        return file.parent.name, int(found["level"]), int(found["reached"])
        return None


def _size(change: Change) -> int:
    return change.last - change.first + 1


def _in_parts(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """Changes of so many passages together, or of one article that has more."""
    part: list[Change] = []
    size = 0
    for change in changes:
        part.append(change)
        size += _size(change)
        if size >= FOLLOWED_AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part
