"""Bars of a chart: as many as a phone shows, with every article in just one of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa.surfaces.bins
from qa.surfaces.bins import MOST, bins


@given(st.dictionaries(st.dates().map(str), st.integers(1, 9), min_size=1, max_size=20))
def test_every_article_is_in_one_bin_and_there_are_few(counts: dict[str, int]) -> None:
    made = bins(counts, counts)
    assert 1 <= len(made) <= MOST
    assert sum(each.count for each in made) == sum(each.part for each in made) == sum(counts.values())
    assert all(one.last + timedelta(days=1) == next_.first for one, next_ in pairwise(made))
    assert (
        made[0].first <= date.fromisoformat(min(counts)) and date.fromisoformat(max(counts)) <= made[-1].last
    )


def test_a_wrong_day_of_long_ago_makes_no_millions_of_bins(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    between = qa.surfaces.bins._between
    monkeypatch.setattr(
        qa.surfaces.bins, "_between", lambda *given: (made.append(one) or one for one in between(*given))
    )
    assert bins({"0001-01-01": 1, "9999-12-31": 1})
    assert len(made) <= 10 * (MOST + 1)


def names(*days: str) -> list[str]:
    made = bins(dict.fromkeys(days, 1))
    return [made[0].name, made[-1].name]


def test_bins_are_as_wide_as_the_stretch_of_days_asks_for() -> None:
    assert names("2015-09-12", "2015-09-20") == ["12 September 2015", "20 September 2015"]
    assert names("2015-09-12", "2015-11-20")[0] == "7 September 2015 to 13 September 2015"
    assert names("2015-09-12", "2016-12-20") == ["September 2015", "December 2016"]
    assert names("2006-01-12", "2023-02-23") == ["2006", "2023"]
    assert names("1901-01-12", "2023-02-23") == ["1900 to 1909", "2020 to 2029"]


def test_a_part_is_shown_of_its_own_days_only_and_empty_bins_stay() -> None:
    made = bins({"2006-01-12": 2, "2008-02-23": 1}, {"2006-01-12": 1})
    assert [(each.label, each.count, each.part) for each in made[:1] + made[-1:]] == [
        (made[0].label, 2, 1),
        (made[-1].label, 1, 0),
    ]
    assert len(made) == 3 and made[1].count == 0
    assert bins({}) == []
