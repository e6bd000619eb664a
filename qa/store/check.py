"""Verifies a store: the catalogue, what it holds, and both indexes against it.

Gives sentences, each with the command that mends what it tells.
"""

from __future__ import annotations

from contextlib import closing

from qa.errors import StoreError
from qa.store.catalogue import Catalogue
from qa.store.follow import Follower
from qa.store.indexes import KINDS, REBUILD, Indexes, brief
from qa.store.searcher import mismatch

LEVEL_S = 30.0  # so long a node's own indexes are waited for while they take up what came


def check(
    catalogue: Catalogue, indexes: Indexes, follower: Follower, *, asked_for: tuple[str, int]
) -> list[str]:
    """What is wrong; empty when all agree. `asked_for`: the embedder that the settings name."""
    try:
        damage = catalogue.damage()
        if damage:
            return [
                f"The catalogue is damaged: {damage}. Copy your backup of {catalogue.place} over it and run "
                f"`{REBUILD}`; without one, ingest into a new folder with --data."
            ]
        return [
            *_articles(catalogue),
            *_indexes(catalogue, indexes, follower),
            *_embedder(catalogue, asked_for),
        ]
    except StoreError as error:
        return [str(error)]


def _articles(catalogue: Catalogue) -> list[str]:
    unfit = [
        f"Article {name!r} has passages that do not fit its text. Run `python -m qa remove {name!r}` and "
        "ingest it again."
        for name in catalogue.bad_passages()
    ]
    changed = [
        f"The text of article {name!r} is not what was stored: a page of the catalogue is damaged. Run "
        f"`python -m qa remove {name!r}` and ingest it again."
        for name in catalogue.changed_texts()
    ]
    return [*unfit, *changed]


def _embedder(catalogue: Catalogue, asked_for: tuple[str, int]) -> list[str]:
    if catalogue.made_with == asked_for:
        return []
    return [str(mismatch(catalogue.made_with, asked_for))]


def _indexes(catalogue: Catalogue, indexes: Indexes, follower: Follower) -> list[str]:
    """A node's own indexes may be behind: that is told as it is, and is no damage."""
    level = not indexes.following or follower.wait(LEVEL_S)
    kinds = KINDS if level else indexes.written_by_writer
    truth = catalogue.numbers()
    problems = [problem for kind in kinds for problem in _disagreement(catalogue, indexes, kind, truth)]
    if not level:
        behind = follower.behind or "The indexes of this node are catching up."
        problems.append(f"{behind} Wait, or see what keeps it: `python -m qa ask` says so.")
    return problems


def _disagreement(catalogue: Catalogue, indexes: Indexes, kind: str, truth: list[int]) -> list[str]:
    if not truth and not indexes.applied(kind):
        return []  # nothing was ever stored
    try:
        with closing(indexes.open(kind)) as index:
            held = index.numbers()
            lost = 0 if kind == "lexical" else indexes.not_found(index, truth)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged index raises whatever its library raises
        return [f"The {kind} index cannot be opened ({brief(error)}). Run `{REBUILD}`."]
    missing, extra = len(set(truth) - set(held)), len(set(held) - set(truth))
    if missing or extra:
        return [f"The {kind} index lacks {missing} passages and has {extra} too many. Run `{REBUILD}`."]
    if lost:
        return [f"The {kind} index does not find {lost} passages that it holds. Run `{REBUILD}`."]
    return []
