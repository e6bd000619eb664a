"""Waits for articles to arrive: takes what to watch, gives what has to be ingested, for ever.

A file counts once it has stayed the same for one look, so that a copy that is still going on is not read half
done. An address cannot be looked at without loading it, so it comes up at an interval. Knows nothing about
storing; whoever takes a batch ingests it before asking for the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qa.ingest.load import STDIN, expand

LOOK_S = 1.0  # between looks at files; one look at 7,707 takes 0.1 s
ADDRESS_S = 300.0  # between two loads of an address

Batch = list[str | Path]
_UNSEEN = (-1, -1)


def watch(
    given: Sequence[str | Path],
    *,
    every_s: float = ADDRESS_S,
    removals: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Batch]:
    """First all that was given; then files that came or changed, and addresses every `every_s` seconds.

    `removals`: also everything but addresses again when a file has gone. Then only folders as a whole can
    tell a file that was deleted from a disk that was unplugged.
    """
    addresses = [item for item in given if str(item).lower().startswith(("http://", "https://"))]
    places = [item for item in given if item not in addresses and str(item) != STDIN]
    done = before = _looks(places)
    yield list(given)
    loaded = clock()
    while True:
        sleep(LOOK_S)
        now = _looks(places)
        settled = {path: look for path, look in now.items() if before.get(path) == look}
        batch: Batch = [path for path, look in settled.items() if done.get(path) != look]
        if removals and not done.keys() <= now.keys():
            batch = places
        done = {path: settled.get(path) or done.get(path, _UNSEEN) for path in now}
        before = now
        if addresses and clock() - loaded >= every_s:
            loaded = clock()
            batch = [*batch, *addresses]
        if batch:
            yield batch


def _looks(places: Sequence[str | Path]) -> dict[Path, tuple[int, int]]:
    """Every file that is there now, with its size and the time of its last change."""
    found = {}
    for path in expand(places):
        if isinstance(path, Path):
            try:
                status = path.stat()
            except OSError:  # gone since its folder was listed, or a link to nowhere
                continue
            found[path] = (status.st_size, status.st_mtime_ns)
    return found
