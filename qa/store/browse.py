"""The archive as it is browsed: pages of articles, how many there are of each outlet and month, what is new.

Takes a catalogue, gives rows, counts and ids, and reads no text. Knows nothing about passages' words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from qa.store.catalogue import Catalogue
from qa.store.database import in_parts
from qa.store.schema import articles, feeds, given_days, is_current, passages, revisions
from qa.types import Filters

Order = Literal["newest", "oldest", "title", "outlet", "added"]
PAGE = 50  # articles of a list
UNKNOWN = ""  # stands for articles without an outlet, or without a day


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which articles are browsed: None admits all, UNKNOWN those that have none.

    `month` is `2015-09`, or a year, `2015`; `since` a day, `2015-09-12`. `after` is the number of a change:
    what came later.
    """

    outlet: str | None = None
    month: str | None = None
    since: str | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """An address that gives articles again and again. `loaded` is ISO 8601, `articles` what it held then;
    `failed` says in a sentence why it could not be read, None where it could."""

    address: str
    loaded: str
    articles: int
    failed: str | None

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def page(catalogue: Catalogue, chosen: Chosen, *, order: Order = "newest", number: int = 1) -> dict[str, Any]:
    """Page `number` of the chosen articles, from 1 on, and how many there are of each outlet and month.

    A page beyond the last is the last; page 1 of nothing is empty.
    """
    total = count(catalogue, chosen)
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    return {
        "articles": rows(catalogue, chosen, order=order, first=(number - 1) * PAGE, most=PAGE),
        "total": total,
        "page": number,
        "pages": pages,
        "outlets": outlets(catalogue),
        "months": months(catalogue),
    }


def rows(
    catalogue: Catalogue, chosen: Chosen, *, order: Order = "newest", first: int = 0, most: int = PAGE
) -> list[dict[str, Any]]:
    """At most `most` rows as in `articles --json`, from number `first` on; undated ones last."""
    chosen_ids = sa.select(articles.c.id)  # without their texts, which would be sorted along
    if order == "title":
        chosen_ids = chosen_ids.join(revisions, is_current())
    ordered = chosen_ids.order_by(*_orders(order), articles.c.id).offset(first).limit(most)
    with catalogue.reading() as connection:
        found = list(connection.scalars(_admitted(ordered, catalogue, chosen)))
    return named(catalogue, found)


def count(catalogue: Catalogue, chosen: Chosen) -> int:
    """How many articles are chosen."""
    statement = sa.select(sa.func.count()).select_from(articles)
    with catalogue.reading() as connection:
        return connection.scalar(_admitted(statement, catalogue, chosen)) or 0


def count_stories(catalogue: Catalogue, chosen: Chosen) -> int:
    """How many stories the chosen articles tell; copies of one are one."""
    statement = sa.select(sa.func.count(articles.c.cluster.distinct())).select_from(articles)
    with catalogue.reading() as connection:
        return connection.scalar(_admitted(statement, catalogue, chosen)) or 0


def outlets(catalogue: Catalogue) -> dict[str, int]:
    """How many articles each outlet has, by its name; UNKNOWN, where there are any without one, last."""
    found = _counted(catalogue, articles.c.outlet)
    return dict(sorted(found.items(), key=lambda pair: (pair[0] == UNKNOWN, pair[0].casefold())))


def months(catalogue: Catalogue) -> dict[str, int]:
    """How many articles there are of each month, `2015-09`, newest first; UNKNOWN, for undated ones, last."""
    return dict(sorted(_counted(catalogue, sa.func.substr(articles.c.day, 1, 7)).items(), reverse=True))


def days(catalogue: Catalogue, filters: Filters | None = None) -> dict[str, int]:
    """How many articles there are of each day, `2015-09-12`; UNKNOWN for undated ones.

    With days in the filters, undated ones are not among them.
    """
    return _counted(catalogue, articles.c.day, filters)


def arrived(catalogue: Catalogue, after: int, *, most: int) -> list[str]:
    """The articles that came, or were revised, after that change; the latest to come first."""
    newest = sa.func.max(passages.c.number)
    statement = (
        sa.select(passages.c.article_id)
        .where(passages.c.number > catalogue.last_passage(after))
        .group_by(passages.c.article_id)
        .order_by(newest.desc())
        .limit(most)
    )
    with catalogue.reading() as connection:
        return list(connection.scalars(statement))


def named(catalogue: Catalogue, ids: Iterable[str]) -> list[dict[str, Any]]:
    """Rows of these articles as in `articles --json`, in their order; those that have gone are left out."""
    asked = list(ids)
    found: dict[str, dict[str, Any]] = {}
    with catalogue.reading() as connection:
        for part in in_parts(asked):
            for row in connection.execute(_rows().where(articles.c.id.in_(part))).mappings():
                found[row["id"]] = {str(name): value for name, value in row.items()}
    return [found[name] for name in asked if name in found]


# Days that a reader has given to undated articles


def given_day(catalogue: Catalogue, article_id: str) -> str | None:
    """The day that somebody has said the article is of; None where nobody has."""
    own = sa.select(given_days.c.day).where(given_days.c.article_id == article_id)
    with catalogue.reading() as connection:
        return connection.scalar(own)


def give_day(catalogue: Catalogue, article_id: str, day: str) -> None:
    """Remembers it, so that it holds when the article is read again from where it says none."""
    with catalogue.transaction() as connection:
        connection.execute(sa.delete(given_days).where(given_days.c.article_id == article_id))
        connection.execute(sa.insert(given_days), [{"article_id": article_id, "day": day}])


# Feeds


def known_feeds(catalogue: Catalogue) -> list[Feed]:
    """The feeds that were loaded, by address."""
    with catalogue.reading() as connection:
        return [Feed(*row) for row in connection.execute(sa.select(feeds).order_by(feeds.c.address))]


def note_feed(catalogue: Catalogue, feed: Feed) -> None:
    """Remembers how loading the feed went."""
    with catalogue.transaction() as connection:
        connection.execute(sa.delete(feeds).where(feeds.c.address == feed.address))
        connection.execute(sa.insert(feeds), [feed.to_dict()])


def forget_feed(catalogue: Catalogue, address: str) -> bool:
    """Takes the feed off the list, whether there was one; its articles stay."""
    with catalogue.transaction() as connection:
        gone = connection.execute(sa.delete(feeds).where(feeds.c.address == address))
        return bool(gone.rowcount)


def _rows() -> sa.Select[Any]:
    columns = (articles.c.id, articles.c.revision, revisions.c.title, revisions.c.url, articles.c.outlet)
    more = (articles.c.day.label("published"), articles.c.passages, articles.c.cluster)
    return sa.select(*columns, *more).join(revisions, is_current())


def _orders(order: Order) -> Iterator[sa.ColumnElement[Any]]:
    if order == "title":
        yield sa.func.lower(revisions.c.title)
    if order == "outlet":
        yield articles.c.outlet.is_(None)
        yield sa.func.lower(articles.c.outlet)
    if order == "added":
        own = sa.select(sa.func.max(passages.c.number)).where(passages.c.article_id == articles.c.id)
        yield own.scalar_subquery().desc()
    yield articles.c.day.is_(None)
    yield articles.c.day.asc() if order == "oldest" else articles.c.day.desc()


def _admitted(statement: sa.Select[Any], catalogue: Catalogue, chosen: Chosen) -> sa.Select[Any]:
    if chosen.outlet is not None:
        statement = statement.where(articles.c.outlet.is_not_distinct_from(chosen.outlet or None))
    if chosen.month:
        statement = statement.where(articles.c.day.startswith(chosen.month, autoescape=True))
    elif chosen.month == UNKNOWN:
        statement = statement.where(articles.c.day.is_(None))
    if chosen.since:
        statement = statement.where(articles.c.day >= chosen.since)
    if chosen.after is not None:
        last = catalogue.last_passage(chosen.after)
        later = sa.select(passages.c.article_id).where(passages.c.number > last)
        statement = statement.where(articles.c.id.in_(later))
    return statement


def _counted(
    catalogue: Catalogue, column: sa.ColumnElement[Any], filters: Filters | None = None
) -> dict[str, int]:
    """How many articles have each value of the column, UNKNOWN for none."""
    statement = sa.select(column, sa.func.count()).select_from(articles).group_by(column)
    if filters is not None:
        statement = catalogue.narrowed(statement, filters)
    with catalogue.reading() as connection:
        return {value or UNKNOWN: number for value, number in connection.execute(statement)}
