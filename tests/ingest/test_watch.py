"""Watching: what comes, changes and goes is given once, whole, and nothing else is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.ingest.watch import LOOK_S, Batch, watch

FEED = "https://news.test/feed.xml"
Steps = list[Callable[[], object]]


class Enough(Exception):
    """The steps are over."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "news"
    made.mkdir()
    write(made / "old.txt", "Old.")
    return made


def write(path: Path, text: str) -> None:
    path.write_text(text)
    ticks = len(text) + path.stat().st_mtime_ns // 10**9
    os.utime(path, (ticks, ticks))


def batches(given: list[str | Path], steps: Steps, *, removals: bool = False) -> list[Batch]:
    """What is given while one step happens before each look; the first batch is all that was given."""
    left: Iterator[Callable[[], object]] = iter(steps)
    looks = 0

    def sleep(seconds: float) -> None:
        nonlocal looks
        looks += 1
        step = next(left, None)
        if step is None:
            raise Enough
        step()

    found: list[Batch] = []
    watching = watch(
        given, every_s=2.5 * LOOK_S, removals=removals, sleep=sleep, clock=lambda: looks * LOOK_S
    )
    with pytest.raises(Enough):
        found.extend(watching)  # keeps what came before the steps were over
    assert found[0] == given
    return found[1:]


def nothing() -> None:
    pass


def test_a_new_and_a_changed_file_are_given_once_each(folder: Path) -> None:
    steps: Steps = [lambda: write(folder / "new.txt", "New."), nothing, nothing]
    steps += [lambda: write(folder / "old.txt", "Changed."), nothing, nothing]
    assert batches([folder], steps) == [[folder / "new.txt"], [folder / "old.txt"]]


def test_a_file_that_is_still_growing_is_not_given(folder: Path) -> None:
    steps: Steps = [lambda n=n: write(folder / "new.txt", "x" * n) for n in range(1, 5)]
    assert batches([folder], steps) == []
    assert batches([folder], [lambda: write(folder / "new.txt", "y" * 9), nothing]) == [[folder / "new.txt"]]


def test_a_file_that_went_brings_its_folder_up_when_removals_count(folder: Path) -> None:
    def go() -> None:
        (folder / "old.txt").unlink()

    assert batches([folder, "-"], [go, nothing], removals=True) == [[folder]]
    write(folder / "old.txt", "Back.")
    assert batches([folder], [go, nothing]) == []


def test_a_folder_that_is_unplugged_and_plugged_in_again_gives_its_files_again(folder: Path) -> None:
    away = folder.with_name("away")
    steps: Steps = [lambda: shutil.move(folder, away), lambda: shutil.move(away, folder), nothing, nothing]
    assert batches([folder], steps) == [[folder / "old.txt"]]


def test_addresses_come_up_at_their_interval_and_files_do_not_wait_for_them(folder: Path) -> None:
    steps: Steps = [lambda: write(folder / "new.txt", "New."), nothing, nothing, nothing, nothing, nothing]
    assert batches([folder, FEED], steps) == [[folder / "new.txt"], [FEED], [FEED]]
