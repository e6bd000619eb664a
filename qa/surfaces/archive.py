"""The calls about the articles themselves: to browse them, see what is new, follow a topic, mend the archive.

Takes and gives what JSON can say, over an Assistant. Gradio publishes these functions by their names.
"""

# Gradio reads the annotations of these functions without evaluating them: no `from __future__` here.

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from qa.desk import Assistant
from qa.english.words import bag, content_words, words
from qa.errors import ArgumentError, NotAllowed
from qa.store import browse
from qa.types import Hit

ARCHIVE_NAMES = ("browse", "topic", "news", "feeds", "restore", "set_day")
FOUND_PASSAGES = 100  # of a search, before they are gathered by article


@dataclass(frozen=True, slots=True)
class Access:
    """What callers may do: `write` is to ingest and remove, `paths` to name files of the server's machine."""

    write: bool = True
    paths: bool = True


EVERYTHING = Access()


class Archive:
    """The functions behind the names; the others are those of `Endpoints`."""

    def __init__(self, desk: Assistant, access: Access = EVERYTHING) -> None:
        self.desk = desk
        self.access = access

    def browse(
        self,
        outlet: str | None = None,
        month: str | None = None,
        order: Literal["newest", "oldest", "title", "outlet", "added"] = "newest",
        page: int = 1,
    ) -> dict[str, Any]:
        """A page of the stored articles, with how many there are of each outlet and month.

        Args:
            outlet: Only articles of this outlet; an empty one means those without any.
            month: Only articles of this month, as 2015-09, or year, as 2015; an empty one means undated ones.
            order: "newest", "oldest", "title", "outlet", or "added" for what came last.
            page: From 1 on, 50 articles each.
        """
        found = self.desk.browse(outlet=outlet, month=month, order=order, page=page)
        return {
            **found,
            "outlets": [{"outlet": name or None, "articles": n} for name, n in found["outlets"].items()],
            "months": [{"month": name or None, "articles": n} for name, n in found["months"].items()],
        }

    def topic(
        self, topic: str, since: str | None = None, until: str | None = None, outlet: str | None = None
    ) -> dict[str, Any]:
        """What the archive holds of a topic: dated quotes, the articles that speak of it, and whom they name.

        Args:
            topic: A name, a place, an event.
            since: Only articles of this day or later, as 2025-04-25.
            until: Only articles of this day or earlier.
            outlet: Only articles of this outlet.
        """
        found = self.desk.topic(topic, since=since, until=until, outlet=outlet)
        return {**found.to_dict(), "articles": browse.named(self.desk.store.catalogue, found.articles)}

    def news(self, since: str | None = None, after: str | None = None) -> dict[str, Any]:
        """The newest stories, each with a sentence of it, and how many there are.

        Args:
            since: Only articles of this day or later, as 2025-04-25; the last week of articles if not given.
            after: The "mark" of an earlier call: only what came into the archive since then.
        """
        return self.desk.news(since=since, after=after).to_dict()

    def feeds(self) -> list[dict[str, Any]]:
        """The feeds that articles were loaded from, when last, how many articles, and what failed."""
        return [feed.to_dict() for feed in browse.known_feeds(self.desk.store.catalogue)]

    def restore(self, removed: dict[str, str]) -> dict[str, Any]:
        """Puts articles back that were removed, as they were.

        Args:
            removed: The "revisions" that `remove` gave: ids, each with the revision it had.

        Returns:
            How many were put back.
        """
        self._must_write()
        return {"restored": self.desk.put_back(removed)}

    def set_day(self, id: str, day: str) -> dict[str, Any]:
        """Gives an undated article the day that it was published.

        Args:
            id: As in `articles`.
            day: As 2025-04-25.

        Returns:
            The article's id, its new revision, and its day.
        """
        self._must_write()
        article = self.desk.set_day(id, day)
        return {"id": article.id, "revision": article.revision, "published": article.day}

    # For the page alone

    def find(self, query: str) -> list[dict[str, Any]]:
        """The articles with passages that hold some word of the query, best first, each once.

        Each has `article`, a row as in `articles`, `passages`, how many of its passages were found, and
        `best`, the row of the best of them. Empty when no article has any of the words.
        """
        asked = content_words(query) or words(query)
        held = [(hit, _held(hit, asked)) for hit in self.desk.search(query, k=FOUND_PASSAGES)]
        return _by_article([(hit, count) for hit, count in held if count], self.desk)

    def feed_address(self, address: str) -> str:
        """The address, of a feed that is known. Raises ArgumentError."""
        known = {feed.address for feed in browse.known_feeds(self.desk.store.catalogue)}
        if address not in known:
            raise ArgumentError(f"No feed has the address {address!r}.")
        return address

    def _must_write(self) -> None:
        if not self.access.write:
            raise NotAllowed(
                "Articles can be added and removed only where the server runs: python ingest.py PATH. "
                "Its owner can allow it with QA_NETWORK_WRITES=true."
            )


def _held(hit: Hit, asked: Sequence[str]) -> int:
    """How many of the folded words the passage holds in some form."""
    there = bag(hit.passage.text)
    return sum(word in there for word in asked)


def _by_article(hits: Sequence[tuple[Hit, int]], desk: Assistant) -> list[dict[str, Any]]:
    """The hits, each with how many words it holds, by article; the best is the one that holds most."""
    found: dict[str, list[tuple[Hit, int]]] = {}
    for hit, held in hits:
        found.setdefault(hit.passage.article_id, []).append((hit, held))
    articles = desk.store.current(found)
    rows = [row for row in browse.named(desk.store.catalogue, found) if row["id"] in articles]
    return [
        {
            "article": row,
            "passages": len(found[row["id"]]),
            "best": max(found[row["id"]], key=lambda pair: pair[1])[0].to_dict(articles[row["id"]]),
        }
        for row in rows
    ]
