"""A conversation is taken in every form in which clients keep it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question.conversation import as_turns
from qa.types import Answer, Line, Turn

ANSWER = Answer(
    question="and where?",
    searched="Where was Moskalik killed?",
    status="answered",
    text="Balashikha: “He was killed in Balashikha.” [1]",
    lines=(Line("Balashikha", (1,), "Balashikha"),),
)


@pytest.mark.parametrize("kept", [ANSWER, ANSWER.to_dict()])
def test_an_answer_is_taken_with_what_was_searched_and_its_values(kept: Any) -> None:
    assert as_turns([kept]) == [
        Turn("and where?", ANSWER.text, "Where was Moskalik killed?", ("Balashikha",))
    ]


@pytest.mark.parametrize(
    "kept",
    [
        ("Where?", ANSWER.text),
        Turn("Where?", ANSWER.text),
        {"question": "Where?", "text": ANSWER.text},
        {"question": "Where?", "text": ANSWER.text, "lines": "none"},
    ],
)
def test_where_only_the_text_was_kept_its_lines_open_with_the_values(kept: Any) -> None:
    assert as_turns([kept])[0].values == ("Balashikha",)


def test_messages_are_turns_and_what_follows_a_question_is_its_answer() -> None:
    messages = [
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": [{"type": "text", "text": "Where?"}]},
        {"role": "assistant", "content": "Balashikha: “There.” [1]"},
        {"role": "assistant", "content": "Moscow: “There.” [2]"},
        {"role": "user", "content": "Why?"},
    ]
    first, second = as_turns(messages)
    assert first.values == ("Balashikha", "Moscow")
    assert second == Turn("Why?")


def test_an_outlet_that_names_a_report_is_no_value() -> None:
    line = Line("Reuters, 25 April 2025: At least 12", (1,), "At least 12")
    answer = Answer("How many?", "How many?", "answered", lines=(line,))
    assert as_turns([answer])[0].values == ("At least 12",)


@given(st.lists(st.dictionaries(st.sampled_from(["role", "content", "question", "lines"]), st.text())))
def test_odd_history_is_taken_as_far_as_it_goes(history: list[dict[str, str]]) -> None:
    assert all(isinstance(turn, Turn) for turn in as_turns(history))
