"""Numbers of a text, in figures and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.numbers import number, numbers


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


def test_all_numbers_are_read_in_order() -> None:
    assert numbers("12 of the two hundred thousand, a million and 5bn") == [12, 200_000, 1_000_000, 5e9]


@given(st.text())
def test_any_text_can_be_read_for_numbers(text: str) -> None:
    assert number(text) is None or number(text) == numbers(text)[0]
