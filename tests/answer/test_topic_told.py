"""A topic's articles are those that speak of it, and the names beside it are names of somebody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import article, open_store, put

from qa.answer.topic import mentions, names_beside, speaking, topic_of
from qa.store.store import Store
from qa.types import Filters, Hit, Passage


def hit(name: str, text: str) -> Hit:
    return Hit(Passage(name, 0, len(text), text), 1.0)


def test_articles_speak_of_a_topic_when_a_passage_holds_all_its_words_in_any_form() -> None:
    hits = [hit("a", "Cranes collapsed in Mecca."), hit("b", "A crane fell."), hit("a", "The crane collapse")]
    assert speaking("Mecca crane collapse", hits) == ["a"]
    assert speaking("crane", hits) == ["a", "b"]
    assert not mentions("anything", [])


def test_names_are_counted_by_article_in_their_longest_form() -> None:
    articles = [
        article(
            "a",
            "Barack Obama met Ahmed Mohamed on Monday. Obama smiled. A Russian general left.",
            outlet="Daily",
        ),
        article("b", "Police let Ahmed Mohamed go. President Barack Obama said so in the Daily."),
    ]
    assert names_beside("clock", articles) == [("Ahmed Mohamed", 2), ("Barack Obama", 2)]
    assert names_beside("Ahmed Mohamed", articles) == [("Barack Obama", 2)]
    assert names_beside("clock", []) == []


def test_of_a_single_article_the_names_are_told_that_it_mentions_twice() -> None:
    text = "Key Takeaways\nUkrainian President Zelensky met Igor Kirillov. There Kirillov saw Zelensky."
    text += " Saudi Arabia is near; they went to Saudi Arabia."
    assert names_beside("war", [article("a", text)]) == [
        ("Igor Kirillov", 1),
        ("Saudi Arabia", 1),
        ("Zelensky", 1),
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path / "data")
    put(
        made,
        article("a", "The ferry sank off Norvik with 40 people.", outlet="Courier", published="2025-04-20"),
        article("b", "Ferries to Norvik sail again.", outlet="Gazette", published="2025-05-20"),
        article("c", "Bread is scarce in Velden."),
    )
    yield made
    made.close()


def test_a_topic_has_the_articles_that_the_filters_admit(store: Store) -> None:
    whole = topic_of("Norvik ferry", [], store, within=Filters())
    assert set(whole.articles) == {"a", "b"}
    assert topic_of("Norvik ferry", [], store, within=Filters(outlets=("Gazette",))).articles == ("b",)
    nothing = topic_of("zzxq", [], store, within=Filters())
    assert nothing.to_dict() == {"events": [], "articles": [], "names": [], "more": False}
