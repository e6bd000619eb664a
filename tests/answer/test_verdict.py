"""An answer opens with yes or no only where a sentence says so in the asked words."""

from __future__ import annotations

import pytest

from qa.answer.verdict import NO, OPEN, YES, verdict
from qa.question.plan import plan


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Was Ann Lee arrested in Oslo?", "Ann Lee was arrested on Monday in Oslo.", YES),
        ("Was Ann Lee arrested in Oslo?", "Ann Lee was not arrested in Oslo.", NO),
        ("Was anyone injured in the Lund fire?", "No one was injured in the fire in Lund.", NO),
        ("Was Ann Lee arrested in Oslo?", "Ann Lee was arrested in Bergen.", OPEN),
        ("Was Ann Lee arrested in Oslo?", "Ann Lee may have been arrested in Oslo.", OPEN),
        ("Was Ann Lee arrested in Oslo?", "A lawyer said Ann Lee was arrested in Oslo.", OPEN),
        ("Was Ann Lee not arrested in Oslo?", "Ann Lee was arrested in Oslo.", OPEN),
        ("Did Ann Lee resign?", "Ann Lee, who did not vote, resigned.", OPEN),
        ("Is the bridge open?", "Ann Lee was arrested on Monday in Oslo.", OPEN),
    ],
)
def test_yes_and_no_are_said_where_the_asked_words_say_so(
    question: str, sentence: str, expected: str
) -> None:
    (search,) = plan(question, now=None).searches
    assert verdict(search, question, sentence) == expected
