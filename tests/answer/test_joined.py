"""Of names in a row each one answers."""

from __future__ import annotations

import pytest
from told import article, span

from qa.answer.joined import is_joined, with_joined

TOLD = article(
    "Ann Li, Bo Ek and Carl Dahl were arrested in Oslo. Eva Moe, a nurse, met Ivo Tarn. "
    "Rita Sand and Kim Ahl left."
)


@pytest.mark.parametrize("words", ["Bo Ek", "Ann Li, Bo Ek and Carl Dahl"])
def test_each_name_of_a_row_becomes_a_span(words: str) -> None:
    found = with_joined([span(TOLD, words)])
    assert sorted(one.text for one in found) == ["Ann Li", "Bo Ek", "Carl Dahl"]


@pytest.mark.parametrize("words", ["Eva Moe", "Ivo Tarn", "a nurse"])
def test_what_stands_in_no_row_stays_alone(words: str) -> None:
    assert [one.text for one in with_joined([span(TOLD, words)])] == [words]


def test_two_rows_are_apart() -> None:
    assert is_joined(span(TOLD, "Ann Li"), span(TOLD, "Carl Dahl"))
    assert not is_joined(span(TOLD, "Ann Li"), span(TOLD, "Rita Sand"))


def test_a_list_takes_the_name_whose_verb_is_left_out() -> None:
    told = article("Lind Bank lost 3.1 percent and Ek Mills 2.6 percent. Li Steel gained 4 percent.")
    found = with_joined([span(told, "Lind Bank")], gapped=True)
    assert [one.text for one in found] == ["Lind Bank", "Ek Mills"]
    assert is_joined(span(told, "Lind Bank"), span(told, "Ek Mills"), gapped=True)
    assert [one.text for one in with_joined([span(told, "Lind Bank")])] == ["Lind Bank"]


def test_names_with_their_ages_stand_in_one_row() -> None:
    told = article("Ann Li, 33, and Bo Ek, 51, were freed. Carl Dahl, 40, met Eva Moe.")
    assert [one.text for one in with_joined([span(told, "Ann Li")])] == ["Ann Li", "Bo Ek"]
    assert [one.text for one in with_joined([span(told, "Carl Dahl")])] == ["Carl Dahl"]


def test_what_is_said_of_a_name_in_a_row_does_not_part_it() -> None:
    told = article(
        "The dead are Ann Li, 58, a driver from Ely, and Bo Ek, 19, a student. Ann Li, a nurse, met Bo Ek."
    )
    assert [one.text for one in with_joined([span(told, "Ann Li")])] == ["Ann Li", "Bo Ek"]
    assert not is_joined(span(told, "Bo Ek"), span(told, "Ely"))


def test_ages_in_a_row_are_told_apart() -> None:
    told = article("Two men, aged 31 and 45, and a woman of 27 were held in Oslo.")
    assert [one.text for one in with_joined([span(told, "31 and 45")])] == ["31", "45", "27"]
