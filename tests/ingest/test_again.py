"""An article that was removed comes back as it was; a day that a reader gives holds when it is read again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import embed, found, lost, open_store, refuse, told

from qa.errors import ArgumentError, NotStored
from qa.ingest.again import put_back, set_day
from qa.ingest.flow import ingest
from qa.store.store import Store
from qa.types import RawArticle


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path / "data")
    yield made
    made.close()


def only(store: Store) -> str:
    (row,) = store.articles()
    return str(row["id"])


def restore(store: Store, removed: dict[str, str]) -> int:
    with store.writing():
        return put_back(store, embed, removed, max_words=80)


def date_it(store: Store, name: str, day: str) -> None:
    with store.writing():
        set_day(store, embed, name, day, max_words=80)


def test_a_removed_article_comes_back_in_the_same_revision(store: Store) -> None:
    ingest([RawArticle("one", told(1))], store=store, embed=embed)
    name = only(store)
    before = store.article(name)
    with store.writing():
        store.remove([name])
        store.commit()
    assert found(store, "mark1") == set()
    assert restore(store, {name: before.revision}) == 1
    assert store.article(name) == before
    assert found(store, "mark1") == {name} and not lost(store) and store.check() == []


def test_putting_back_leaves_alone_what_is_there_and_refuses_what_never_was(store: Store) -> None:
    ingest([RawArticle("one", told(1))], store=store, embed=embed)
    row = store.articles()[0]
    assert restore(store, {row["id"]: row["revision"]}) == 0
    with pytest.raises(NotStored):
        restore(store, {"never": "0" * 16})


def test_a_day_given_to_an_undated_article_holds_when_its_file_is_read_again(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(told(1))
    ingest([path], store=store, embed=embed)
    name = only(store)
    date_it(store, name, "2015-09-12")
    assert store.article(name).day == "2015-09-12" and not lost(store)
    os.utime(path, (1, 1))
    path.write_text(told(1) + "\n")
    assert ingest([path], store=store, embed=refuse).unchanged == 1
    path.write_text(told(2))
    assert ingest([path], store=store, embed=embed).updated == 1
    assert store.article(name).day == "2015-09-12", "a new text of the same article, which says no day either"


def test_only_a_day_that_was_given_can_be_changed(store: Store) -> None:
    ingest(
        [RawArticle("one", told(1)), RawArticle("two", told(2), published="2020-01-01")],
        store=store,
        embed=embed,
    )
    date_it(store, "one", "2015-09-12")
    date_it(store, "one", "2015-09-13")
    assert store.article("one").day == "2015-09-13"
    with pytest.raises(ArgumentError, match="2020-01-01"):
        date_it(store, "two", "2015-09-12")
    assert store.article("two").day == "2020-01-01"


def test_what_an_article_says_itself_goes_before_a_given_day(store: Store) -> None:
    ingest([RawArticle("one", told(1))], store=store, embed=embed)
    date_it(store, "one", "2015-09-12")
    ingest([RawArticle("one", told(1), published="2020-01-01")], store=store, embed=embed)
    assert store.article("one").day == "2020-01-01"
