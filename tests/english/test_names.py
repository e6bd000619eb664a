"""Words and names made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.names import Demand, alike, bag, content_words, demands, met, number, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kirillov", "kirillov"),
        ("general", "generals"),
        ("russia", "russian"),
        ("ukraine", "ukrainian"),
        ("italy", "italian"),
        ("sang", "sing"),
    ],
)
def test_forms_of_one_word_are_alike(one: str, other: str) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("austria", "australia"), ("iran", "iraq"), ("12", "15"), ("under", "undefined")]
)
def test_different_words_are_not_alike(one: str, other: str) -> None:
    assert not alike(one, other)


def test_possessives_and_accents_do_not_matter() -> None:
    assert words("Kirillov’s death") == words("Kirillov's death") == ["kirillov", "death"]
    assert words("Pokémon") == ["pokemon"]
    assert words("the U.S. and US") == ["the", "usa", "and", "usa"]
    assert words("J.R.R. Tolkien, e.g. the Joneses’ USA") == ["jrr", "tolkien", "eg", "the", "joneses", "usa"]
    assert words("$1,234,567, or 5.5, 6 a.m.") == ["1234567", "or", "5.5", "6", "am"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("at least 12", 12),
        ("twelve people", 12),
        ("two million", 2_000_000),
        ("$1.5 billion", 1.5e9),
        ("5,000", 5000),
        ("forty-two", 42),
        ("nobody", None),
    ],
)
def test_numbers_in_figures_and_words(text: str, value: float | None) -> None:
    assert number(text) == value


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


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    assert set(content_words(text)) <= set(words(text))
    demands(text)
    number(text)
