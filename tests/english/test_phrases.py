"""Phrases of a list are found whole, in any case, with what may be left out."""

from __future__ import annotations

import pytest

from qa.english import phrases


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Tell me about Kyiv", "Tell me about"),
        ("tell us  something about Kyiv", "tell us  something about"),
        ("What happened to him?", "What happened to"),
        ("What’s the latest?", "What’s the latest"),
        ("Tell me abouts", None),
        ("Please tell me about Kyiv", None),
    ],
)
def test_a_phrase_opens_a_text(text: str, phrase: str | None) -> None:
    match = phrases.opening(text, "about_openings")
    assert (match.group() if match else None) == phrase


def test_a_word_that_may_be_left_out_may_come_first() -> None:
    assert phrases.is_one("tell me more", "asks_for_more")
    assert phrases.is_one("Please tell me more!", "asks_for_more")
    assert not phrases.is_one("tell me more about it", "asks_for_more")


def test_openings_are_taken_off_with_the_marks_between_them() -> None:
    assert phrases.less_openings("OK, thanks! And where?", "continuations") == "where?"
    assert phrases.less_openings("Andrew won", "continuations") == "Andrew won"


def test_a_phrase_that_closes_a_text_ends_with_it() -> None:
    match = phrases.closing("the man, according to the", "according_to")
    assert match is not None and match.group() == "according to the"
    assert phrases.closing("according to the man", "according_to") is None


def test_the_denial_of_a_short_form_is_found_with_either_apostrophe() -> None:
    assert phrases.first("He didn’t go", "denials") and phrases.first("He didn't go", "denials")
    assert not phrases.first("a knot in the note", "denials")
