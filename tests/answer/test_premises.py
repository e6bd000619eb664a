"""A sentence about another year, namesake or contest does not answer."""

from __future__ import annotations

import pytest
from told import article, span

from qa.answer.premises import is_of_another
from qa.question.parts import parts_of

TRIAL = (
    "Osk Lind and his cousin Pia Lind stood trial in Ely. Pia Lind, 38, was given ten months for hiding it. "
    "She will appeal against it within four weeks. Lind himself got two years."
)


def strays(question: str, told: str, words: str) -> bool:
    (part,) = parts_of(question)
    text = article(told)
    return is_of_another(part, span(text, words), text)


@pytest.mark.parametrize(
    ("question", "told", "words"),
    [
        ("How long did the strike of 2025 last?", "A strike in 2021 lasted 23 days.", "23 days"),
        ("What sentence did Osk Lind get?", TRIAL, "ten months"),
        (
            "What sentence did Osk Lind get?",
            TRIAL.replace("Pia Lind, 38", "His cousin Per Lind, 38"),
            "ten months",
        ),
        ("Who won the women's race?", "Bo Lee won the race in Ely on Sunday.", "Bo Lee"),
        ("who won the womens race", "Bo Lee won the race in Ely on Sunday.", "Bo Lee"),
        ("How many people died in the crash?", "The airline carried 12 million people.", "12 million"),
    ],
)
def test_it_is_about_something_else(question: str, told: str, words: str) -> None:
    assert strays(question, told, words)


@pytest.mark.parametrize(
    ("question", "told", "words"),
    [
        ("How long did the strike of 2021 last?", "A strike in 2021 lasted 23 days.", "23 days"),
        ("When was the winner of 2024 born?", "The winner was born in 1990.", "1990"),
        ("How many worked there before 2020?", "In 2018 it had 400 workers.", "400"),
        ("What sentence did Pia Lind get?", TRIAL, "ten months"),
        ("What sentence did Osk Lind get?", TRIAL, "two years"),
        ("Within how many weeks will Osk Lind appeal?", TRIAL, "four weeks"),
        ("Who is the cousin of Osk Lind?", TRIAL, "Pia Lind"),
        ("Who won the women's race?", "Ann Smith won the race for women in Ely.", "Ann Smith"),
        ("How many people died in the crash?", "The toll rose to 41 on Tuesday.", "41"),
        ("How many people work there?", "The airline has 12 thousand workers.", "12 thousand"),
    ],
)
def test_it_is_about_the_same(question: str, told: str, words: str) -> None:
    assert not strays(question, told, words)
