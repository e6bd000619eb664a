"""Stores again what was stored once: an article that was removed, or one whose day a reader tells.

Takes articles of the store; reads no file. What came of it is found when the call returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from qa.errors import ArgumentError
from qa.ingest.blocks import blocks
from qa.ingest.chunk import chunk
from qa.ingest.clean import with_day
from qa.store.browse import give_day, given_day
from qa.store.index_text import index_text
from qa.types import Article

if TYPE_CHECKING:
    from qa.store.store import Store

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]


def put_back(store: Store, embed: Embed, removed: Mapping[str, str], *, max_words: int) -> int:
    """Stores removed articles, ids with their revisions, as they were; gives how many there were.

    One that is stored (again) by now stays as it is. Raises NotStored for what never was. Called under
    `writing`.
    """
    gone = [
        store.article(name, revision)
        for name, revision in removed.items()
        if store.catalogue.current_revision(name) is None
    ]
    for article in gone:
        _store(store, embed, article, {}, max_words=max_words)
    store.commit()
    return len(gone)


def set_day(store: Store, embed: Embed, article_id: str, day: str, *, max_words: int) -> Article:
    """Gives an undated article its day, `YYYY-MM-DD`, also for when it is read again; the new revision.

    A day that was given this way can be changed. Raises NotStored, and ArgumentError where the article says
    a day itself. Called under `writing`.
    """
    article = store.article(article_id)
    if article.published and given_day(store.catalogue, article_id) != article.day:
        raise ArgumentError(
            f"“{article.title[:80]}” says its day itself, {article.day}. Only undated ones can be given one."
        )
    dated = with_day(article, day)
    give_day(store.catalogue, article_id, day)
    _store(store, embed, dated, store.catalogue.places_of(article_id), max_words=max_words)
    store.commit()
    return dated


def _store(
    store: Store, embed: Embed, article: Article, sources: Mapping[str, str], *, max_words: int
) -> None:
    passages = chunk(article, blocks(article.text), max_words=max_words)
    texts = [index_text(article.title, article.outlet, article.day, passage.text) for passage in passages]
    store.add(article, passages, embed(texts), sources=sources)
