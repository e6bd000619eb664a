"""A reason asked for in other words."""

from __future__ import annotations

import pytest

from qa.question.parts import parts_of
from qa.question.reasons import asked_with_why


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("What made Ann Lee give the money back?", "Why did Ann Lee give the money back?"),
        ("What made the dam burst its walls?", "Why did the dam burst its walls?"),
        ("What made him resign?", "Why did he resign?"),
        ("What led the board to fire Lee?", "Why did the board fire Lee?"),
        ("For what reason did the club turn it down?", "Why did the club turn it down?"),
        ("They quit. What made them go?", "They quit. Why did they go?"),
    ],
)
def test_it_is_asked_with_why(question: str, why: str) -> None:
    assert asked_with_why(question) == why
    assert [part.name for part in parts_of(question)] == ["why"]


@pytest.mark.parametrize(
    "question",
    [
        "What made the headlines?",
        "What made the crisis worse?",
        "What made Lee famous?",
        "What led to the fall of the wall?",
        "What prompted the strike?",
        "What led Lee to Paris?",
        "",
    ],
)
def test_what_asks_for_a_thing_stays(question: str) -> None:
    assert asked_with_why(question) == question


def test_a_reason_at_the_end_of_another_question() -> None:
    asked = [part.question for part in parts_of("Who resigned and for what reason?")]
    assert asked == ["Who resigned?", "Why did {who} resign?"]
