"""What a question is about, and whether it says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question.topic import Topic, lacks_topic, topic, with_topic


@pytest.mark.parametrize(
    ("question", "phrase", "preposition"),
    [
        ("Tell me about the earthquake in Turkey", "the earthquake in Turkey", ""),
        ("How many people died in the earthquake in Turkey?", "the earthquake in Turkey", "in"),
        ("Who won the 2022 World Cup?", "the 2022 World Cup", ""),
        ("Where did Prigozhin’s plane crash?", "Prigozhin’s plane", ""),
        ("When does the first Ely flag referendum take place?", "the first Ely flag referendum", ""),
        ("When did the Ely crane collapse happen?", "the Ely crane collapse", ""),
        ("How much does the James Webb telescope cost?", "the James Webb telescope", ""),
        ("What did the jury decide in the Derek Chauvin trial?", "the Derek Chauvin trial", "in"),
        ("Did the Senate pass the climate bill?", "the climate bill", ""),
        ("Did Chelsea beat Tottenham?", "Chelsea and Tottenham", ""),
        ("How many were killed in Israel on October 7?", "Israel on October 7", "in"),
        ("Tell me of the fall of Kabul and when it was", "the fall of Kabul", ""),
    ],
)
def test_the_topic_is_what_the_question_names_with_what_belongs_to_it(
    question: str, phrase: str, preposition: str
) -> None:
    assert topic(question) == Topic(phrase, preposition)


def test_what_was_asked_of_it_is_meant_where_it_is_named_again() -> None:
    meant = topic("Who is the prime minister of Italy and when was she elected?")
    assert meant == Topic("Italy", whose="the prime minister of Italy")
    assert with_topic("How old is the prime minister?", meant) == "How old is the prime minister of Italy?"
    assert with_topic("Who is the president?", meant) == "Who is the president of Italy?"
    assert topic("What was the score of Chelsea and Spurs?") == Topic(
        "Chelsea and Spurs", whose="the score of Chelsea and Spurs"
    )


def test_who_acts_is_no_place_to_be_killed_in() -> None:
    said = "Who is Steve Witkoff meeting in private?"
    meant = topic("Who is Steve Witkoff meeting?")
    assert topic("What was Steve Witkoff accused of?") == topic("Who is Steve Witkoff?") == meant
    assert meant == Topic("Steve Witkoff", acts=True)
    assert with_topic("Who was killed and where?", meant, said=said) == "Who was killed and where?"
    assert with_topic("Who is the lawyer?", meant, said=said) == "Who is the lawyer of Steve Witkoff?"
    assert with_topic("How many were met?", meant, said=said) == "How many were met in Steve Witkoff?"


def test_what_is_asked_second_stays_behind() -> None:
    assert with_topic("who was killed and where?", Topic("Kyiv", "in")) == "Who was killed in Kyiv and where?"


@pytest.mark.parametrize("question", ["", "why?", "who did it?", "What happened?"])
def test_a_question_that_names_nothing_has_no_topic(question: str) -> None:
    assert topic(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "how many people died?",
        "who is the judge?",
        "what happened next?",
        "which team won?",
        "was anyone hurt?",
    ],
)
def test_a_question_that_could_be_about_anything_lacks_a_topic(question: str) -> None:
    assert lacks_topic(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is Kirillov?",
        "why did gold fall?",
        "what is a meme?",
        "news",
        "who won in 2018?",
        "is bitcoin legal?",
    ],
)
def test_a_question_that_names_something_has_its_own(question: str) -> None:
    assert not lacks_topic(question)


@given(st.text(), st.text(min_size=1))
def test_any_question_can_be_looked_at(question: str, phrase: str) -> None:
    lacks_topic(question)
    topic(question)
    assert phrase.split() == [] or phrase.split(maxsplit=1)[0] in with_topic(question, Topic(phrase))
