"""The archive as it is browsed: every article is on some page, counts add up, what came later is new."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from stores import article, open_store, put, told

from qa.store import browse
from qa.store.browse import UNKNOWN, Chosen, Feed
from qa.store.store import Store
from qa.types import Filters

EVERY = Chosen()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Articles of three months and two outlets, one without a day, one without an outlet."""
    made = open_store(tmp_path / "data")
    put(
        made,
        article("a", told(1), title="Bridge", outlet="Gazette", published="2015-09-12"),
        article("b", told(2), title="apples", outlet="Courier", published="2015-09-14"),
        article("c", told(3), title="Storm", outlet="Gazette", published="2016-01-02"),
        article("d", told(4), title="Verdict", outlet="Gazette"),
        article("e", told(5), title="Glacier", published="2014-12-31"),
    )
    yield made
    made.close()


def ids(store: Store, chosen: Chosen = EVERY, **options: object) -> str:
    return "".join(row["id"] for row in browse.rows(store.catalogue, chosen, **options))  # type: ignore[arg-type]


def test_articles_come_in_the_order_that_is_asked_for_and_undated_ones_last(store: Store) -> None:
    assert ids(store) == "cbaed"
    assert ids(store, order="oldest") == "eabcd"
    assert ids(store, order="title") == "baecd", "capitals do not count"
    assert ids(store, order="outlet") == "bcade", "within an outlet the newest first, without one last"
    put(store, article("b", told(9), title="apples", outlet="Courier", published="2015-09-14"))
    assert ids(store, order="added")[0] == "b", "what was revised came last"


def test_an_outlet_a_month_a_year_or_what_has_none_can_be_chosen(store: Store) -> None:
    assert ids(store, Chosen(outlet="Gazette")) == "cad"
    assert ids(store, Chosen(outlet=UNKNOWN)) == "e"
    assert ids(store, Chosen(month="2015-09")) == "ba" == ids(store, Chosen(month="2015"))
    assert ids(store, Chosen(month=UNKNOWN)) == "d"
    assert ids(store, Chosen(outlet="Gazette", month="2016")) == "c"
    assert ids(store, Chosen(month="201%")) == "", "a month is no pattern"
    assert ids(store, Chosen(since="2015-09-14")) == "cb"


def test_counts_of_outlets_and_months_are_of_all_articles(store: Store) -> None:
    assert browse.outlets(store.catalogue) == {"Courier": 1, "Gazette": 3, UNKNOWN: 1}
    months = browse.months(store.catalogue)
    assert months == {"2016-01": 1, "2015-09": 2, "2014-12": 1, UNKNOWN: 1}
    assert list(months) == ["2016-01", "2015-09", "2014-12", UNKNOWN]
    assert sum(browse.days(store.catalogue).values()) == 5
    assert browse.days(store.catalogue, Filters(since=date(2015, 9, 13))) == {
        "2015-09-14": 1,
        "2016-01-02": 1,
    }


def test_pages_hold_every_article_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse, "PAGE", 2)
    pages = [browse.page(store.catalogue, Chosen(), number=number) for number in (1, 2, 3)]
    assert [page["pages"] for page in pages] == [3, 3, 3]
    assert sorted(row["id"] for page in pages for row in page["articles"]) == list("abcde")
    assert browse.page(store.catalogue, Chosen(), number=99)["page"] == 3
    empty = browse.page(store.catalogue, Chosen(outlet="Nobody"))
    assert (empty["articles"], empty["total"], empty["page"], empty["pages"]) == ([], 0, 1, 1)


def test_what_came_or_was_revised_after_a_change_is_new(store: Store) -> None:
    before = store.catalogue.last_change()
    assert browse.arrived(store.catalogue, before, most=10) == []
    put(store, article("f", told(6), published="1999-01-01"))
    put(store, article("a", told(7), title="Bridge", outlet="Gazette", published="2015-09-12"))
    assert browse.arrived(store.catalogue, before, most=10) == ["a", "f"]
    assert browse.arrived(store.catalogue, before, most=1) == ["a"]
    assert ids(store, Chosen(after=before)) == "af"
    assert browse.count(store.catalogue, Chosen(after=before)) == 2
    with store.writing():
        store.catalogue.note_all_anew()  # vectors made anew are no news
    assert browse.count(store.catalogue, Chosen(after=before)) == 2


def test_copies_are_one_story(store: Store) -> None:
    before = store.catalogue.last_change()
    text = told(8, 40)
    put(store, article("g", text, outlet="One"), article("h", text + " Sent by an agency.", outlet="Two"))
    assert browse.count(store.catalogue, Chosen(after=before)) == 2
    assert browse.count_stories(store.catalogue, Chosen(after=before)) == 1


def test_rows_of_named_articles_keep_their_order_and_leave_out_what_is_gone(store: Store) -> None:
    assert [row["id"] for row in browse.named(store.catalogue, ["c", "gone", "a"])] == ["c", "a"]


def test_feeds_are_remembered_as_they_were_last_loaded(store: Store) -> None:
    first = Feed("https://news.test/rss", "2025-04-25T10:00:00+00:00", 12, None)
    later = Feed("https://news.test/rss", "2025-04-26T10:00:00+00:00", 0, "It does not answer.")
    for feed in (first, later):
        browse.note_feed(store.catalogue, feed)
    assert browse.known_feeds(store.catalogue) == [later]
    assert browse.forget_feed(store.catalogue, later.address)
    assert not browse.forget_feed(store.catalogue, later.address)
    assert browse.known_feeds(store.catalogue) == []
