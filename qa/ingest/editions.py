"""Decides which of two articles with one identity stands: the newer version, or both where they are two
texts.

Takes what a reader found and the article made of it, and asks the catalogue what is stored. Gives the
article to store, or the Notice to report instead. Remembers what this run has met, since that may not be
stored yet.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from qa.errors import NotStored
from qa.types import Article, Notice, RawArticle

REMEMBERED = 4_096  # articles; more than can wait between reading and storing
ALIKE = (
    0.1  # of the shorter text's runs of four words: two versions of a story share more, two pages of it less
)
RUN_WORDS = 4


class Kept(Protocol):
    """What is asked of the catalogue."""

    def article(self, article_id: str, revision: str | None = None) -> Article: ...
    def source(self, source: str) -> tuple[str, str] | None: ...


@dataclass(frozen=True, slots=True)
class _Met:
    article: Article
    version: int | None
    source: str


class Editions:
    """The versions that one run meets."""

    def __init__(self, catalogue: Kept, withdrawn: Iterable[str] = ()) -> None:
        self._catalogue = catalogue
        self._met: OrderedDict[str, _Met] = OrderedDict()
        self.withdrawn = set(withdrawn)  # ids, those of earlier runs among them

    def standing(self, raw: RawArticle, article: Article) -> tuple[Article | None, Notice | None]:
        """The article to store, or None for one that must not be; and what to report of it, if anything."""
        if article.id in self.withdrawn:
            return None, Notice(
                raw.source, f"“{article.title[:80]}” was withdrawn by a later message: not stored."
            )
        article = self._under_its_name(raw, article)
        before = self._before(article.id)
        if before is None or before.article.revision == article.revision:
            self._meet(raw, article)
            return article, None
        order = _order(before, article, _number(raw.version))
        if order < 0:
            return None, Notice(raw.source, _older(article, before.article))
        notice = None
        if order == 0 and not self._is_same_place(raw, article, before):
            if not alike(before.article.text, article.text):
                other = _beside(article, raw.source)
                self._meet(raw, other)
                return other, Notice(raw.source, _two_texts(article))
            notice = Notice(raw.source, _replaced(before.article, article))
        self._meet(raw, article)
        return article, notice

    def withdraw(self, article_id: str) -> None:
        """From now on, whatever has this identity is not stored."""
        self.withdrawn.add(article_id)
        self._met.pop(article_id, None)

    def _is_same_place(self, raw: RawArticle, article: Article, before: _Met) -> bool:
        """Whether both stood in one place: what changes there replaces what it was."""
        known = self._catalogue.source(raw.source)
        return before.source == raw.source or (known is not None and known[0] == article.id)

    def _under_its_name(self, raw: RawArticle, article: Article) -> Article:
        """The article under the identity it was given when it was found to be a text of its own."""
        known = self._catalogue.source(raw.source)
        return (
            replace(article, id=known[0])
            if known and known[0] == _beside(article, raw.source).id
            else article
        )

    def _before(self, article_id: str) -> _Met | None:
        met = self._met.get(article_id)
        if met is not None:
            return met
        try:
            stored = self._catalogue.article(article_id)
        except NotStored:
            return None
        return _Met(stored, None, "")

    def _meet(self, raw: RawArticle, article: Article) -> None:
        self._met[article.id] = _Met(article, _number(raw.version), raw.source)
        self._met.move_to_end(article.id)
        if len(self._met) > REMEMBERED:
            self._met.popitem(last=False)


def alike(one: str, other: str) -> bool:
    """Whether two texts may be versions of one story."""
    first, second = _runs(one), _runs(other)
    shorter = min(len(first), len(second))
    return shorter < RUN_WORDS or len(first & second) >= ALIKE * shorter


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + RUN_WORDS]) for at in range(len(words) - RUN_WORDS + 1)}


def _order(before: _Met, article: Article, version: int | None) -> int:
    """1 when `article` is the newer one, -1 when it is the older, 0 when nothing says so."""
    pairs: list[tuple[float | None, float | None]] = [
        (_moment(before.article.modified), _moment(article.modified)),
        (before.version, version),
    ]
    if not (before.article.modified and article.modified):
        pairs.append((_moment(before.article.published), _moment(article.published)))
    for one, other in pairs:
        if one is not None and other is not None and one != other:
            return 1 if other > one else -1
    return 0


def _moment(written: str | None) -> float | None:
    if not written:
        return None
    moment = datetime.fromisoformat(written)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _number(version: str | None) -> int | None:
    match = re.fullmatch(r"\s*[vV]?(\d{1,9})(?:\.0)?[A-Z]?\s*", version or "")
    return int(match[1]) if match else None


def _beside(article: Article, source: str) -> Article:
    """The article under an identity of its own, the same in every run."""
    return replace(article, id=f"{article.id}#text={hashlib.sha256(source.encode()).hexdigest()[:8]}")


def _older(article: Article, stands: Article) -> str:
    when = article.modified or article.published or "an earlier version"
    newer = stands.modified or stands.published or "a later version"
    return f"An older version ({when}) of “{stands.title[:80]}”; the newer one ({newer}) stays."


def _replaced(before: Article, article: Article) -> str:
    was = "" if before.title == article.title else f", which was titled “{before.title[:80]}”"
    return f"It replaced what was stored under the same address{was}; nothing says which of them is newer."


def _two_texts(article: Article) -> str:
    return (
        f"Its address, {article.id[:200]}, is that of another text, and nothing says which is "
        f"newer: both are kept."
    )


# What a run writes down of a withdrawal, so that the next ones know of it


def tombstone(source: str, article_id: str) -> dict[str, str]:
    """The note beside a file's failures that it took an article back."""
    return {"source": source, "withdrawn": article_id}


def withdrawn_in(failures: Iterable[str]) -> set[str]:
    """The ids that files have taken back, by what was written down of them."""
    notes: list[Mapping[str, str]] = [
        note for each in failures if '"withdrawn"' in each for note in json.loads(each)
    ]
    return {note["withdrawn"] for note in notes if "withdrawn" in note}
