"""A chat model's sentence is shown only if a quote carries it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.carried import carried, from_conversation

KILLED = (
    "Lt. Gen. Yaroslav Moskalik was killed by a device in Balashikha near Moscow on Friday, "
    "the second Russian general in weeks."
)
BOMBED = "Gen. Igor Kirillov died in a car bombing outside his home, in which twelve people were hurt."
SAID = "Police said that the mayor may have taken $3.4 million from Acme Corp."
QUOTES = {1: KILLED, 2: BOMBED, 3: SAID, 4: "Acme Corp. sued Beta Ltd. over the patent."} | {
    5: "One of the most famous solstice celebrations is at the ruins of Stonehenge in Wiltshire.",
    6: "In the process, Becky Hammon became the first former player to win a title as a head coach.",
    7: "In Ely, at least 12 people died in the market hall fire. Sarvis polled at 13 percent in late May.",
    8: "The festival of lights stands for the triumph of light over darkness and good over evil.",
    9: "The address that Smith is slated to deliver Tuesday is central to the race and, perhaps, the vote.",
    10: '"Norway is the happiest country with short hours and free universities," reads a post to the group.',
    12: "The airline was sued by Ann Nichols for its treatment of guards, a lawyer said.",
    13: "Hall is in hospital after falling on the stage during a show in Ely on Monday.",
    11: "The economy was reeling two years ago, Smith said in his second address to Congress.",
}


def shown(sentence: str) -> str | None:
    return carried(sentence, QUOTES, similar=lambda one, other: 1.0, picks=lambda text: None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Lt. Gen. Yaroslav Moskalik was killed in Balashikha near Moscow [1].",
        "General Yaroslav Moskalik was killed on Friday [1].",
        "In Ely at least 12 people died in the market hall fire [7].",
        "General Igor Kirillov died in a car bombing in which 12 people were hurt [2].",
        "Yaroslav Moskalik was killed in Balashikha [1] and Igor Kirillov died in a car bombing [2].",
        "Police said the mayor may have taken $3.4 million from Acme Corp [3].",
        "Acme Corp. sued Beta Ltd. over the patent [4].",
        "The economy was reeling two years ago, Smith said in his second address [11].",
        "The airline was sued for its treatment of guards, a lawyer said [12].",
        "“Norway is the happiest country with short hours and free universities,” reads a post [10].",
    ],
)
def test_a_sentence_that_its_quote_carries_is_shown_as_it_is(sentence: str) -> None:
    assert shown(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Yaroslav Moskalik was killed in Paris near Moscow [1].", "a name the quote lacks"),
        ("Yaroslav Moskalik was killed in Balashikha on Monday [1].", "another day"),
        ("General Igor Kirillov died in a car bombing in which 13 people were hurt [2].", "another number"),
        ("Igor Kirillov was killed in Balashikha near Moscow [2].", "the other event's place"),
        ("Igor Kirillov was killed in Balashikha near Moscow [1][2].", "two quotes together"),
        ("Yaroslav Moskalik was not killed in Balashikha near Moscow [1].", "denied"),
        ("The mayor has taken $3.4 million from Acme Corp [3].", "told as a fact"),
        ("In Ely 12 people died in the market hall fire [7].", "at least"),
        ("Sarvis polled at 13 percent in late May: [7]", "half a sentence"),
        ("The most famous solstice celebration is at Stonehenge in Wiltshire [5].", "one of them"),
        ("Becky Hammon became the first former head coach to win a title as a head coach [6].", "mixed up"),
        ("She was killed by a device in Balashikha near Moscow [1].", "a pronoun the quote lacks"),
        ("Beta Ltd. sued Acme Corp. over the patent [4].", "turned round"),
        ("Yaroslav Moskalik was killed in Balashikha near Moscow [90].", "no such quote"),
        ("Yaroslav Moskalik was killed in Balashikha [1] and the moon fell [2].", "half of it"),
        ("Was Yaroslav Moskalik killed in Balashikha near Moscow [1]?", "a question"),
        ("Moskalik [1].", "no statement"),
        ("The festival of lights stands for the triumph of light over darkness and good [8].", "broken off"),
        ("The address that Smith delivered Tuesday is perhaps central to the race [9].", "not yet held"),
        ("The address is slated to be central to the race and the vote [9].", "perhaps the vote"),
        ("Norway is the happiest country with short hours and free universities [10].", "who says so"),
        ("The economy was reeling two years ago, and Smith said it in his second address [11].", "related"),
        ("The airline was sued for guards, a lawyer said [12].", "put together otherwise"),
        ("The airline was sued by Ann Nichol for its treatment of guards, a lawyer said [12].", "a name cut"),
        ("The airline was sued by Ann Nichols for its treatment of guards [12].", "who says so"),
        ("Hall is in hospital in Ely on Monday [13].", "what happened there and then was the fall"),
        ("Smith spoke to Congress after the economy was reeling two years ago [11].", "related"),
        ("", "nothing"),
    ],
)
def test_a_sentence_that_no_quote_carries_is_not_shown(sentence: str, why: str) -> None:
    assert shown(sentence) is None, why


def test_a_sentence_far_from_its_quote_in_meaning_is_not_shown() -> None:
    assert (
        carried(
            "Yaroslav Moskalik was killed in Balashikha [1].",
            QUOTES,
            similar=lambda *_: 0.1,
            picks=lambda _: None,
        )
        is None
    )


def test_a_sentence_that_answers_otherwise_than_its_quote_is_not_shown() -> None:
    def picks(text: str) -> str:
        return "Russian general" if text == KILLED else "Yaroslav Moskalik"

    assert (
        carried(
            "Yaroslav Moskalik was killed in Balashikha [1].", QUOTES, similar=lambda *_: 1.0, picks=picks
        )
        is None
    )


def test_of_several_numbers_only_those_that_carry_are_kept() -> None:
    assert shown("Yaroslav Moskalik was killed in Balashikha [1][2].") == (
        "Yaroslav Moskalik was killed in Balashikha [1]."
    )


@given(st.text(max_size=80), st.sampled_from(["", " [1]", " [2].", "[3][4]"]))
def test_whatever_is_written_its_names_and_numbers_stand_in_a_quote(text: str, marks: str) -> None:
    sentence = shown(text + marks)
    if sentence is not None:
        for number in re.findall(r"\d+", re.sub(r"\[\d+\]", "", sentence)):
            assert any(number in quote for quote in QUOTES.values())


def test_a_rewritten_question_says_no_more_than_the_conversation() -> None:
    said = ["Who was killed in Balashikha?", "Yaroslav Moskalik"]
    asked = "And when was he killed?"
    assert from_conversation("When was Yaroslav Moskalik killed?", asked=asked, said=said)
    assert not from_conversation("When was Igor Kirillov killed?", asked=asked, said=said)
    assert not from_conversation("Who is Yaroslav Moskalik?", asked=asked, said=said)
    assert not from_conversation("", asked=asked, said=said)
