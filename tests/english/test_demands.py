"""What a question insists on, and whether a text shows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.demands import demands, met
from qa.english.words import bag
from qa.types import Demand


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who was killed in Paris?", [("paris",)]),
        ("who was killed in paris?", [("paris",)]),
        ("Who claimed responsibility for Kirillov's death?", [("kirillov",)]),
        ("How many were killed in Moscow in 2019?", [("moscow",), ("2019",)]),
        ("Who won on Tuesday in March?", []),
        ("What is the price of gold?", []),
        ("Who plays in “Succession”?", [("succession",)]),
        ("What happened in Łódź and Ürümqi?", [("lodz",), ("urumqi",)]),
        ("Who makes the iPhone?", [("iphone",)]),
        ("What did Bashar al-Assad say to Igor Sechin?", [("bashar", "al", "assad"), ("igor", "sechin")]),
        ("What Did Moscow Say To Washington?", []),
        ("Who won on April 25, 2025 and on 3 May?", [("2025",)]),
    ],
)
def test_a_question_insists_on_its_names_and_numbers(question: str, names: list[tuple[str, ...]]) -> None:
    assert [demand.words for demand in demands(question)] == names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (("european", "union"), "The EU gave money."),
        (("fda",), "The Food and Drug Administration said so."),
        (("uk",), "British police said so."),
        (("president", "biden"), "Biden said so."),
        (("kirillov",), "Kirillov’s death"),
    ],
)
def test_a_name_is_met_under_another_form(name: tuple[str, ...], text: str) -> None:
    assert met(Demand(name), bag(text)) == 1


def test_a_name_that_is_not_there_is_not_met() -> None:
    assert met(Demand(("paris",)), bag("killed in Balashikha near Moscow")) == 0


def test_half_a_name_is_half_met() -> None:
    assert met(Demand(("andrei", "kirillov")), bag("Igor Kirillov was killed")) == 0.5


@pytest.mark.parametrize(
    ("asked", "other"), [("Indiana", "India"), ("Niger", "Nigeria"), ("Guinea", "Guyana")]
)
def test_a_place_is_not_met_by_one_that_begins_alike(asked: str, other: str) -> None:
    (demand,) = demands(f"How many people were killed by the flood in {asked}?")
    assert met(demand, bag(f"The flood in {other} killed 12 people.")) == 0


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("What does the Reuters article say of gold?", True),
        ("What does CNN’s report say of gold?", True),
        ("What do the articles by Reuters say of gold?", True),
        ("Who was fired by Reuters?", False),
    ],
)
def test_the_source_of_a_report_is_told_from_its_subject(question: str, source: bool) -> None:
    (demand,) = demands(question)
    assert demand.source is source


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    assert all(0 <= met(demand, bag(text)) <= 1 for demand in demands(text))
