"""What is new, told in short: takes a day or a mark, gives a story for each event, with a sentence of it.

Copies of one story count once. A mark is the number of the last change that somebody saw of the store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from qa.answer.news import LEAD_PASSAGES, NEWS_DAYS
from qa.answer.shelf import Shelf
from qa.answer.tell import lead
from qa.answer.topic import mentions
from qa.english.words import content_words
from qa.store.browse import Chosen, arrived, count, count_stories, named, rows
from qa.types import Quote

if TYPE_CHECKING:
    from qa.store.store import Store

STORIES_TOLD = 12
ROWS = 200  # articles among which these are looked for
NEWEST_LOOKED_AT = 300  # articles in which a topic is looked for; a bag of words takes a millisecond


@dataclass(frozen=True, slots=True)
class Story:
    """One event of the news: the sentence of its first article that says most of what the headline does, how
    many articles tell it, and the outlets that do, each once."""

    quote: Quote
    articles: int
    outlets: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {**self.quote.to_dict(), "articles": self.articles, "outlets": list(self.outlets)}


@dataclass(frozen=True, slots=True)
class Brief:
    """`told` are the first of so many `stories` in so many `articles`. `mark` stands for the store as it is
    now; `since` is the first day that was asked for, None where a mark was."""

    mark: str
    since: str | None
    articles: int
    stories: int
    told: tuple[Story, ...]

    def to_dict(self) -> dict[str, Any]:
        numbers = {name: getattr(self, name) for name in ("mark", "since", "articles", "stories")}
        return {**numbers, "told": [story.to_dict() for story in self.told]}


def news(store: Store, *, since: date | None = None, after: str | None = None) -> Brief:
    """The newest stories that came after the mark, else those of `since` or later, newest day first.

    Without both, and for a mark that is none of this store, of the last NEWS_DAYS anything is known of.
    """
    catalogue, mark = store.catalogue, store.catalogue.last_change()
    seen = _seen(store, after)
    newest = store.newest_day()
    if seen is None and since is None and newest is not None:
        since = newest - timedelta(days=NEWS_DAYS)
    first = since.isoformat() if since and seen is None else None
    chosen = Chosen(since=first, after=seen)
    told = brief(rows(catalogue, chosen, most=ROWS), store, most=STORIES_TOLD)
    return Brief(str(mark), first, count(catalogue, chosen), count_stories(catalogue, chosen), tuple(told))


def mentioning(store: Store, topics: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """For each topic the rows of articles that speak of it and came after its mark, the latest first.

    Only the NEWEST_LOOKED_AT that came last are looked at; none for a mark that is none of this store.
    """
    catalogue = store.catalogue
    marks = {topic: _seen(store, mark) for topic, mark in topics.items()}
    came = {
        topic: [] if mark is None else arrived(catalogue, mark, most=NEWEST_LOOKED_AT)
        for topic, mark in marks.items()
    }
    texts = store.current({name for names in came.values() for name in names})
    whole = {name: f"{article.title}\n{article.text}" for name, article in texts.items()}
    found = {
        topic: [name for name in names if mentions(whole.get(name, ""), content_words(topic))]
        for topic, names in came.items()
    }
    return {topic: named(catalogue, names) for topic, names in found.items()}


def _seen(store: Store, mark: str | None) -> int | None:
    """The change that a mark stands for; None where there is none of that number."""
    number = int(mark) if mark and mark.isdecimal() else None
    known = number == 0 or (number is not None and store.catalogue.knows_change(number))
    return number if known else None


def brief(articles: Sequence[dict[str, Any]], store: Store, *, most: int) -> list[Story]:
    """The first `most` stories that these rows tell, in their order. An article whose text has no sentence is
    told by its first words."""
    told: dict[str, list[dict[str, Any]]] = {}
    for row in articles:
        told.setdefault(row["cluster"] or row["id"], []).append(row)
    chosen = list(islice(told.values(), most))
    shelf = Shelf(store)
    shelf.fetch(story[0]["id"] for story in chosen)
    return [_story(story, store, shelf) for story in chosen]


def _story(rows: Sequence[dict[str, Any]], store: Store, shelf: Shelf) -> Story:
    article = shelf.article(rows[0]["id"])
    passages = store.passages(article.id)[:LEAD_PASSAGES]
    found = lead(article, passages)
    quote = (
        Quote(article, found.span.start, found.span.end)
        if found
        else Quote(article, passages[0].start, passages[0].end)
    )
    outlets = tuple(dict.fromkeys(row["outlet"] for row in rows if row["outlet"]))
    return Story(quote, len(rows), outlets)
