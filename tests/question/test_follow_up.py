"""Follow-ups are searched as full questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question.conversation import as_turns
from qa.question.follow_up import condense, follow_ups, parts_alone, standing_alone
from qa.question.plan import plan
from qa.types import Turn

NOTHING = (
    "No answer to that was found in the articles. "
    "The closest they come is this (The New York Times, 16 October 2023): “The Eagles won.”"
)
TWO_KILLED = ("Lt. Gen. Yaroslav Moskalik", "Lt. Gen. Igor Kirillov")


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        ("Who was killed?", "and where?", "Who was killed and where?"),
        ("Where was Moskalik killed?", "when?", "When was Moskalik killed?"),
        ("Where was Moskalik killed?", "and by whom?", "By whom was Moskalik killed?"),
        ("Did Ukraine kill Kirillov?", "Why?", "Why did Ukraine kill Kirillov?"),
        ("Where was Moskalik killed?", "what about Kirillov?", "Where was Kirillov killed?"),
        ("Who claimed Kirillov's death?", "and Moskalik?", "Who claimed Moskalik’s death?"),
        ("How many people were killed in Kyiv?", "and in Lviv?", "How many people were killed in Lviv?"),
        (
            "How many people were killed in the Ely crane collapse?",
            "what about the fire?",
            "How many people were killed in the fire?",
        ),
        (
            "How many people did the flood kill in March?",
            "And in 1997?",
            "How many people did the flood kill in 1997?",
        ),
        (
            "How many people were killed by the flood?",
            "and injured?",
            "How many people were injured by the flood?",
        ),
        (
            "How many people were killed in the Ely crane collapse?",
            "and how many were hurt?",
            "How many people were hurt in the Ely crane collapse?",
        ),
        (
            "Who led the study of the peat bog off Karsk?",
            "And the smaller one near Toll?",
            "Who led the study of the smaller bog near Toll?",
        ),
        (
            "Which painting was taken from the museum in Lund?",
            "had it been stolen before?",
            "Had the painting that was taken from the museum in Lund been stolen before?",
        ),
        (
            "Who directed The Baker’s Son?",
            "what was her first film called?",
            "What was the first film of the one who directed The Baker’s Son called?",
        ),
        (
            "How many people were killed in Kyiv?",
            "and how many were injured?",
            "How many people were injured in Kyiv?",
        ),
        ("How was Kirillov killed?", "Who claimed it?", "Who claimed the killing of Kirillov?"),
        ("Where is Steve Witkoff?", "Who is he meeting?", "Who is Steve Witkoff meeting?"),
        ("Who is Steve Witkoff meeting?", "What is his job?", "What is Steve Witkoff’s job?"),
        ("Where was Igor Kirillov killed?", "tell me more", "Tell me about Igor Kirillov"),
        ("Who won the World Cup in 2022?", "and in 2018?", "Who won the World Cup in 2018?"),
        ("How many were killed in Kyiv on May 3?", "and in Lviv?", "How many were killed in Lviv on May 3?"),
        ("Is Finland a member of NATO?", "what about Sweden?", "Is Sweden a member of NATO?"),
    ],
)
def test_follow_up_is_searched_as_a_full_question(before: str, question: str, full: str) -> None:
    assert condense(question, [Turn(before)]) == full


def test_a_pronoun_takes_the_person_who_was_the_answer() -> None:
    asked = Turn("Who was killed in Balashikha?", values=TWO_KILLED)
    assert condense("how old was he?", [asked]) == "How old was Lt. Gen. Yaroslav Moskalik?"


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        ("Tell me about the quake in Turkey", "how many died?", "How many died in the quake in Turkey?"),
        ("Who won the 2022 World Cup?", "who scored?", "Who scored in the 2022 World Cup?"),
        ("Did Chelsea beat Spurs?", "what was the score?", "What was the score of Chelsea and Spurs?"),
        ("Who was killed in Kyiv?", "were there any arrests?", "Were there any arrests in Kyiv?"),
        ("tell me about the fire in paris", "when did the fire start?", "When did the fire in paris start?"),
        ("Who shot Shinzo Abe?", "what was the motive?", "What was the motive of Shinzo Abe?"),
        ("What did OpenAI announce?", "who is the CEO?", "Who is the CEO of OpenAI?"),
        ("What did the court rule?", "who were the judges?", "Who were the judges of the court?"),
        ("Who called the strike?", "and how many joined?", "How many joined in the strike?"),
    ],
)
def test_a_question_that_leaves_out_of_what_takes_what_was_asked_about(
    before: str, question: str, full: str
) -> None:
    assert condense(question, [Turn(before)]) == full


@pytest.mark.parametrize(
    ("before", "answer", "question", "full"),
    [
        ("Which bank failed in March?", "SVB: “SVB failed.” [1]", "who bought it?", "Who bought SVB?"),
        (
            "Which bank failed in March?",
            "SVB: “SVB failed.” [1]",
            "why did the bank fail?",
            "Why did SVB fail?",
        ),
        ("Who is ill?", NOTHING, "how old is he?", "How old is the one who is ill?"),
        ("Who won the final?", NOTHING, "who did they beat?", "Who did those who won the final beat?"),
        (
            "Who was killed in Kyiv?",
            "Ivan Petrov: “…” [1]",
            "who did it?",
            "Who did the killing of Ivan Petrov?",
        ),
        ("How many died in the fire in Lviv?", "9: “…” [1]", "when was it?", "When was the fire in Lviv?"),
    ],
)
def test_a_follow_up_goes_on_from_what_was_answered(
    before: str, answer: str, question: str, full: str
) -> None:
    assert condense(question, as_turns([(before, answer)])) == full


@pytest.mark.parametrize(
    "answer",
    [
        NOTHING,
        "As of 25 April 2025: No article speaks of that.",
        "No answer was found to this: Who won?",
        "The articles do not say where.",
        "This may answer it (BBC): “The bridge was opened.”",
        "Not sure of this: Who won? This may answer it (BBC): “Lee won.”",
        "A bridge opens (The Harbour Herald, 25 April 2025): “It was opened.” [1]",
    ],
)
def test_what_names_no_value_is_taken_for_none(answer: str) -> None:
    assert condense("who owns it?", as_turns([("What was opened?", answer)])) == "who owns it?"
    assert condense("who owns it?", as_turns([("which?", "Bridge: “The Bridge.” [1]")])) == "Who owns Bridge?"


def test_it_is_the_answer_that_was_asked_on_with() -> None:
    before = [
        Turn("Which painting was taken?", values=("Girl with a Pearl",)),
        Turn("How much is it worth?", searched="How much is Girl with a Pearl worth?", values=("4 million",)),
    ]
    assert condense("Had it been stolen before?", before) == "Had Girl with a Pearl been stolen before?"


def test_he_is_the_person_without_his_place_or_article() -> None:
    for value, named in (("Ann Lee of the Hill Union", "Ann Lee"), ("A baker", "the baker")):
        assert condense("How old is she?", [Turn("Who won?", values=(value,))]) == f"How old is {named}?"
    minister = [Turn("Which minister resigned in Oslo?", values=("Ann Lee",))]
    assert condense("How old is she?", minister) == "How old is Ann Lee?"


def test_there_takes_the_place_that_was_the_answer() -> None:
    asked = Turn("Where was Moskalik killed?", values=("Balashikha",))
    assert condense("Who lives there?", [asked]) == "Who lives in Balashikha?"


def test_the_searched_question_counts_and_not_the_typed_one() -> None:
    turn = Turn("and he?", searched="Where was Moskalik killed?")
    assert condense("when?", [turn]) == "When was Moskalik killed?"


@pytest.mark.parametrize(
    "question",
    [
        "What is the price of gold?",
        "Is it true that Ukraine claimed responsibility?",
        "Did Trump say he would go?",
        "How many people were injured in Kyiv?",
        "What happened this week?",
        "Why are prices rising?",
        "How do vaccines work?",
        "Who is the pope?",
        "Who are the best players?",
        "When is the next eclipse?",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is(question: str) -> None:
    assert condense(question, [Turn("Where was Igor Kirillov killed?", values=TWO_KILLED)]) == question


def test_without_a_conversation_nothing_changes() -> None:
    assert condense("and where?", []) == "and where?"


@given(st.text(), st.lists(st.builds(Turn, st.text(), st.text(), st.text(), st.tuples(st.text()))))
def test_any_conversation_can_be_condensed(question: str, history: list[Turn]) -> None:
    condensed = condense(question, history)
    assert bool(condensed.strip()) == bool(question.strip())


def test_an_answer_suggests_its_names_that_the_question_had_not() -> None:
    texts = [
        "Lt. Gen. Yaroslav Moskalik",
        "Moskalik was killed in Balashikha near Moscow on Friday, the Kremlin said.",
    ]
    assert follow_ups("Who was killed in Balashikha?", texts) == [
        "Tell me about Lt. Gen. Yaroslav Moskalik",
        "Tell me about Moscow",
        "Tell me about the Kremlin",
    ]
    assert follow_ups("Who is Moskalik?", ["moskalik, a general"]) == []


def test_whose_something_is_suggests_nothing() -> None:
    texts = ["A second Russian general was killed by a British bomb, the Kremlin said."]
    assert follow_ups("Who was killed?", texts) == ["Tell me about the Kremlin"]


def test_the_pieces_of_a_question_are_told_whom_they_mean() -> None:
    pieces = ["Did Sam Altman leave", "and did the board fire him", "and is it so"]
    alone = standing_alone(pieces)
    assert alone[0] == pieces[0] and alone[2] == pieces[2]
    assert "Sam Altman" in alone[1] and " him" not in alone[1]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who was killed and where?", ["Who was killed?", "Where was {who} killed?"]),
        (
            "Who is Claudine Gay and why did she resign?",
            ["Who is Claudine Gay?", "Why did Claudine Gay resign?"],
        ),
        ("Who won the Cup and who scored?", ["Who won the Cup?", "Who scored in the Cup?"]),
        (
            "When was the Titan submersible lost, how many people were aboard and who owned it?",
            [
                "When was the Titan submersible lost?",
                "How many people were aboard in the Titan submersible?",
                "Who owned the Titan submersible?",
            ],
        ),
    ],
)
def test_each_part_of_a_question_says_of_what_it_asks(question: str, parts: list[str]) -> None:
    assert [part.question for part in parts_alone(plan(question, now=None).parts)] == parts


def test_a_number_that_was_answered_is_nobody() -> None:
    told = as_turns(
        [("Who was abducted in Ely?", "Ann Lee: “…” [1]"), ("How old is Ann Lee?", "59: “…” [1]")]
    )
    assert condense("who does she work for?", told) == "Who does Ann Lee work for?"
    assert (
        condense("who does she work for?", as_turns([("how old?", "59: “…” [1]")]))
        == "who does she work for?"
    )


def test_a_pronoun_is_not_put_in_place_of_a_name() -> None:
    told = as_turns([("How old is Ann Lee?", "31: “…” [1]")])
    assert "him" not in condense("and him?", told).split()[:-1]
