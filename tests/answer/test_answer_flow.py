"""Questions on the article of seeds/, with the real reader, from the question to the answer."""

from __future__ import annotations

import pytest

from qa.desk import Assistant
from qa.types import Answer

VICTIMS = ("Moskalik", "Kirillov")


def told(answer: Answer) -> str:
    return " | ".join(span.text for finding in answer.findings for span in finding.values.values())


@pytest.mark.parametrize(
    "question", ["Who killed Kirillov?", "who kiled kirillov", "Who claimed responsibility?"]
)
def test_who_owns_up_to_a_killing_is_who_did_it(desk: Assistant, question: str) -> None:
    assert "Ukraine’s security" in told(desk.ask(question))


@pytest.mark.parametrize(
    "question",
    ["who did it?", "who is behind the assassination of moskalik?", "Who killed Moskalik?"],
)
def test_no_victim_and_no_other_deed_answers_who_did_it(desk: Assistant, question: str) -> None:
    answer = desk.ask(question, history=[("who was killed and where?", "")])
    assert not any(name in told(answer) for name in (*VICTIMS, "Ukraine", "Witkoff"))


def test_the_injured_are_not_told_for_the_dead(desk: Assistant) -> None:
    assert "90" not in told(desk.ask("How many people were killed in Kyiv?"))
    assert told(desk.ask("How many people were injured in Kyiv?")) == "90"


def test_a_denial_settles_a_yes_or_no_question(desk: Assistant) -> None:
    answer = desk.ask("Has anyone claimed responsibility for Moskalik’s killing?")
    assert "no group has yet claimed responsibility" in answer.citations[0].quote.text


def test_a_follow_up_to_questions_without_their_answers_finds_what_they_were(desk: Assistant) -> None:
    answer = desk.ask("Who is he meeting?", history=[("Which envoy is in Moscow?", "")])
    assert "Witkoff" in answer.searched


def test_what_asks_nothing_is_answered_in_a_line(desk: Assistant) -> None:
    for said in ("thanks!", "¿Quién mató a Kirillov?"):
        answer = desk.ask(said)
        assert (answer.status, answer.closest) == ("not_found", ()) and answer.text.count("\n") == 0


def test_a_slip_of_the_keyboard_is_mended_visibly(desk: Assistant) -> None:
    assert desk.ask("Where was Moskalk killed?").searched == "Where was Moskalik killed?"


def test_what_no_article_has_is_not_carried_on_from_the_question_before(desk: Assistant) -> None:
    """After a thing that nobody tells of the next question is searched as it was asked."""
    asked = "Who claimed responsibility?"
    assert desk.ask(asked, history=[("What is the price of gold?", "")]).searched == asked
    carried = desk.ask(asked, history=[("What happened in Balashikha?", "")]).searched
    assert carried != asked and "Balashikha" in carried
