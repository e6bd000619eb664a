"""Sentences that settle, sum up, or come closest."""

from __future__ import annotations

import pytest
from told import Shelf, article, hit

from qa.judge import lacking
from qa.plan import plan
from qa.tell import closest, tell

TOLD = article(
    "A flood hit Genoa on Thursday. The mayor Paolo Rossi closed all schools of the town.\n"
    "Firefighters saved forty people from roofs. No dam has broken, officials said. "
    "Paolo Rossi thanked all of them."
)


def said(question: str) -> list[str]:
    planned = plan(question, now=None)
    values = tell(planned, [hit(TOLD)], article_of=Shelf(TOLD), missing=lacking)
    return [value.span.text for value in values]


def test_yes_or_no_is_settled_by_one_sentence() -> None:
    assert said("Did Paolo Rossi close the schools?") == [
        "The mayor Paolo Rossi closed all schools of the town."
    ]
    assert said("Has a dam broken?") == ["No dam has broken, officials said."]


@pytest.mark.parametrize(
    "question", ["Did Paolo Rossi sing?", "Were schools closed in Milan?", "Is it true?"]
)
def test_what_no_sentence_settles_is_left_open(question: str) -> None:
    assert said(question) == []


def test_about_somebody_come_the_sentences_that_name_him_in_order() -> None:
    assert said("Tell me about Paolo Rossi") == [
        "The mayor Paolo Rossi closed all schools of the town.",
        "Paolo Rossi thanked all of them.",
    ]


def test_without_a_topic_the_first_sentences_sum_up() -> None:
    assert said("What happened?")[0] == "A flood hit Genoa on Thursday."


def test_the_closest_sentence_shares_the_words_of_the_question() -> None:
    near = closest(plan("Who saved people from the sea?", now=None), [hit(TOLD)], article_of=Shelf(TOLD))
    assert near[0].text == "Firefighters saved forty people from roofs."


def test_without_hits_nothing_is_close() -> None:
    assert closest(plan("Who?", now=None), [], article_of=Shelf(TOLD)) == []
