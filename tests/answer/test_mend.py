"""A slip of the keyboard is mended by the words of the articles; a word that is none stays."""

from __future__ import annotations

import pytest

from qa.answer.mend import mended, unknown_words, with_capitals

TEXT = "Belgium played against Panama. Igor Kirillov was killed; the founded bank sank."


def stands(word: str) -> bool:
    return word.lower() in TEXT.lower()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("belgum agaisnt panama", "Belgium against panama"),
        ("who kiled Kirilov?", "who killed Kirillov?"),
        ("who was wounded?", "who was wounded?"),
        ("what of Kirillow and Panema?", "what of Kirillov and Panama?"),
        ("who met Karolenko?", "who met Karolenko?"),
        ("the UN and wst", "the UN and wst"),
    ],
)
def test_what_is_one_slip_from_a_word_of_the_articles_is_that_word(asked: str, expected: str) -> None:
    assert mended(asked, unknown_words(asked, stands=stands), [TEXT]) == expected


def test_a_name_written_small_takes_the_capital_it_has_in_the_articles() -> None:
    assert with_capitals("who killed kirillov at the bank?", [TEXT]) == "who killed Kirillov at the bank?"
    assert with_capitals("Did Bo meet kirillov?", [TEXT]) == "Did Bo meet kirillov?"
