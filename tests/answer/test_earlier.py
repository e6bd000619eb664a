"""What came earlier is told from what the text is about."""

from __future__ import annotations

import pytest
from told import article, span

from qa.answer.earlier import asks_for_earlier, is_earlier, only_earlier
from qa.answer.values import Value

NEWS = article(
    "The banker Ann Smith was shot in Ely on Friday. Her death comes weeks after another banker, Bo Lee, was "
    "shot in Hull. Police hold a man for the earlier killing of Lee. Carl Dahl had been stabbed in May."
)


@pytest.mark.parametrize(
    "question",
    ["Which banker was shot earlier?", "Who was previously shot?", "Who had been shot earlier, and where?",
     "Which banker was shot first?"],
)  # fmt: skip
def test_a_question_asks_for_what_came_before(question: str) -> None:
    assert asks_for_earlier(question)


@pytest.mark.parametrize(
    "question", ["Who was shot earlier this week?", "Who was the first banker to be shot?", "Who was shot?"]
)
def test_other_questions_do_not(question: str) -> None:
    assert not asks_for_earlier(question)


@pytest.mark.parametrize("name", ["Bo Lee", "Lee.", "Carl Dahl"])
def test_a_sentence_tells_of_it_as_earlier(name: str) -> None:
    assert is_earlier(span(NEWS, name))


def test_what_the_text_is_about_is_not_earlier() -> None:
    assert not is_earlier(span(NEWS, "Ann Smith"))
    fronted = article("After Bo Lee was shot in Hull, Ann Smith left Ely.")
    assert is_earlier(span(fronted, "Bo Lee"))
    assert not is_earlier(span(fronted, "Ann Smith"))


def value(name: str, trust: float) -> Value:
    return Value((span(NEWS, name, trust),), trust, trust)


def test_what_is_ruled_out_leaves_its_probability_to_the_others() -> None:
    late, early = value("Ann Smith", 0.6), value("Bo Lee", 0.3)
    (kept,) = only_earlier([late, early])
    assert kept.span.text == "Bo Lee"
    assert kept.trust == pytest.approx(0.75)
    assert kept.span.score == kept.trust


def test_where_nothing_is_told_as_earlier_all_stay() -> None:
    late = value("Ann Smith", 0.6)
    assert only_earlier([late]) == [late]
    assert only_earlier([]) == []
