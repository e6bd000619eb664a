"""Copies of one story meet, other stories do not, and the keys are the same for ever."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from stores import told

from qa.store.copies import BANDS, is_copy, keys

WIRE = told(1, 20)
FIRST_KEYS = (2912831017, 7623362607)


def test_a_copy_with_another_ending_meets_and_is_a_copy() -> None:
    for copy in (WIRE, WIRE + "\n\nMore to follow.", "LONDON (AP) - " + WIRE, WIRE.upper()):
        assert set(keys(WIRE)) & set(keys(copy)) and is_copy(WIRE, copy) and is_copy(copy, WIRE)


def test_a_shortened_copy_is_a_copy() -> None:
    assert is_copy(WIRE, WIRE[: len(WIRE) // 3])


def test_another_story_is_no_copy() -> None:
    assert not any(is_copy(WIRE, told(n, 20)) for n in range(2, 40))
    assert sum(bool(set(keys(WIRE)) & set(keys(told(n, 20)))) for n in range(2, 40)) <= 2


def test_texts_too_short_to_tell_are_never_copies() -> None:
    assert keys("Results follow shortly.") == () and not is_copy("Results follow.", "Results follow.")


def test_stored_keys_stay_comparable_from_release_to_release() -> None:
    assert keys(" ".join(f"word{n}" for n in range(100)))[:2] == FIRST_KEYS


@given(st.text(max_size=2000))
def test_any_text_has_all_keys_or_none_and_they_fit_a_database(text: str) -> None:
    found = keys(text)
    assert len(found) in (0, BANDS) and all(0 <= key < 2**63 for key in found)


@given(st.integers(0, 10**6))
def test_layout_and_case_do_not_matter(number: int) -> None:
    text = told(number)
    assert keys(text) == keys(re.sub(r"\s+", "  \n", text.upper()))
