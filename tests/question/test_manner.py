"""What asks nothing of the articles gets one friendly line."""

from __future__ import annotations

import pytest

from qa.question.manner import GREETED, OTHER_LANGUAGE, reply


@pytest.mark.parametrize(
    "said", ["hello", "Hi there!", "thanks!", "Thank you so much", "hello, thanks", "help"]
)
def test_small_talk_is_told_what_can_be_asked(said: str) -> None:
    assert reply(said) == GREETED


@pytest.mark.parametrize(
    "said",
    ["¿Quién mató a Kirillov?", "Wer wurde getötet?", "Qui est mort?", "кто убил Кириллова", "谁死了？"],
)
def test_another_language_is_told_which_is_read(said: str) -> None:
    assert reply(said) == OTHER_LANGUAGE


@pytest.mark.parametrize(
    "said",
    [
        "Who killed Kirillov?",
        "hello, who was killed?",
        "Help for Ukraine",
        "Did Le Monde quote Marine Le Pen?",
        "Mecca crane collapse",
        "Michelle Wie golf",
        "Como landslide",
        "Łódź flood victims",
        "why?",
    ],
)
def test_a_question_is_none_of_these(said: str) -> None:
    assert reply(said) is None
