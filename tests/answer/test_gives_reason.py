"""Which sentence gives a reason."""

from __future__ import annotations

import pytest
from told import article, span

from qa.answer.reasons import gives_reason

ASKED = ("nersa", "burst", "bank")


@pytest.mark.parametrize(
    ("told", "gives"),
    [
        ("The Nersa burst its banks because of three weeks of rain.", True),
        ("Because of three weeks of rain, the Nersa burst its banks.", True),
        ("Two people drowned after the river Nersa burst its banks.", False),
        ("The Nersa burst its banks on Monday.", False),
    ],
)
def test_what_follows_the_phrase_is_not_what_was_asked(told: str, gives: bool) -> None:
    text = article(told)
    assert gives_reason(span(text, told), ASKED) is gives


def test_likely_words_make_their_sentence_one_but_not_who_does_it() -> None:
    told = "The river Nersa burst its banks when a gate at the dam was left open. It rained."
    text = article(told)
    sentence = span(text, told.removesuffix(" It rained."))
    assert gives_reason(sentence, ASKED, [span(text, "a gate at the dam was left open")])
    assert not gives_reason(sentence, ASKED, [span(text, "The river")])
    assert not gives_reason(sentence, ASKED, [span(text, "It rained")])
