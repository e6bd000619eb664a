"""What is new is told by stories, and an alert names the articles that speak of its topic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import article, open_store, put

from qa.answer.brief import mentioning, news
from qa.store.store import Store

FERRY = "The ferry Norvik sank off the coast on Sunday. Rescuers brought 40 passengers ashore in the night."
STRIKE = "Bakers in Velden went on strike for higher wages. Bread was scarce in the whole city by noon."
ELECTION = "Voters in Ostmark elected a new parliament. The turnout was the highest in twenty years."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path / "data")
    put(
        made,
        article("ferry", FERRY, title="Ferry sinks", outlet="Courier", published="2025-04-20"),
        article("strike", STRIKE, title="Bakers on strike", outlet="Gazette", published="2025-04-25"),
        article("old", ELECTION, title="Ostmark votes", published="2001-01-01"),
    )
    yield made
    made.close()


def test_without_a_mark_the_last_days_are_told_newest_first(store: Store) -> None:
    found = news(store)
    assert [story.quote.article.id for story in found.told] == ["strike", "ferry"]
    assert (found.since, found.articles, found.stories) == ("2025-04-18", 2, 2)
    assert found.told[0].quote.text == "Bakers in Velden went on strike for higher wages."
    assert found.told[0].outlets == ("Gazette",)


def test_after_a_mark_only_what_came_since_is_told_and_copies_once(store: Store) -> None:
    mark = news(store).mark
    assert news(store, after=mark).told == ()
    copy = ELECTION + " " + FERRY + " " + STRIKE
    put(
        store,
        article("x", copy, title="Ostmark", outlet="Courier"),
        article("y", copy + " More to come.", title="Ostmark", outlet="Agency"),
    )
    found = news(store, after=mark)
    assert (found.articles, found.stories, found.since) == (2, 1, None)
    assert found.told[0].articles == 2 and set(found.told[0].outlets) == {"Courier", "Agency"}


@pytest.mark.parametrize("mark", ["12345", "nonsense", "-1", ""])
def test_a_mark_of_another_store_is_as_none(store: Store, mark: str) -> None:
    assert news(store, after=mark) == news(store)
    assert mentioning(store, {"ferry": mark}) == {"ferry": []}


def test_an_alert_names_what_came_since_and_speaks_of_all_its_words(store: Store) -> None:
    mark = news(store).mark
    put(
        store, article("again", "The Norvik was raised. Ferries sail again.", title="Wreck", outlet="Courier")
    )
    found = mentioning(store, {"Norvik ferry": mark, "Velden": mark, "ferries": "0"})
    assert {topic: [row["id"] for row in rows] for topic, rows in found.items()} == {
        "Norvik ferry": ["again"],
        "Velden": [],
        "ferries": ["again", "ferry"],
    }


def test_an_empty_store_has_no_news(tmp_path: Path) -> None:
    empty = open_store(tmp_path / "empty")
    found = news(empty)
    assert (found.told, found.articles, found.mark) == ((), 0, "0")
    put(empty, article("first", FERRY, title="Ferry sinks"))
    assert news(empty, after=found.mark).articles == 1
    empty.close()
