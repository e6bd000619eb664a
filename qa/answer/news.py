"""Tells the news as such: takes a Plan that names no topic, gives the first sentence of each story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from qa.answer.shelf import Shelf
from qa.answer.tell import lead
from qa.answer.values import Row
from qa.types import SAYS, Filters, Plan

if TYPE_CHECKING:
    from qa.store.store import Store

NEWS_DAYS = 7  # what counts as the news where a question names no days
STORIES = 6  # more is a list, for which there is the articles tab
LEAD_PASSAGES = 2  # of an article, in which its first sentence is looked for


def stories(plan: Plan, store: Store) -> list[str]:
    """An article of each story of the days that are meant, those with most articles first; where none are
    meant of the last ones, newest first. Article ids."""
    days = plan.favoured or plan.filters
    named = bool(days.since or days.until)
    if not named and plan.as_of:
        days = Filters(plan.as_of - timedelta(days=NEWS_DAYS), plan.as_of)
    within = replace(plan.filters, since=days.since, until=days.until)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in store.articles(within):
        found.setdefault(row["cluster"] or row["id"], []).append(row)
    ordered = list(found.values())
    if named and not plan.relative:
        ordered.reverse()  # of days that are written out the first is the one that is meant
    if named:
        ordered.sort(key=len, reverse=True)
    return [story[0]["id"] for story in ordered]


def leads(articles: list[str], store: Store, shelf: Shelf) -> tuple[Row, ...]:
    """The first sentence of the first articles, a row each."""

    def of_each() -> Iterator[Row]:
        for article_id in articles:
            value = lead(shelf.article(article_id), store.passages(article_id)[:LEAD_PASSAGES])
            if value is not None:
                yield {SAYS: value}

    shelf.fetch(articles[:STORIES])
    return tuple(islice(of_each(), STORIES))
