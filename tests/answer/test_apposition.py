"""A role is told with the name that stands beside it."""

from __future__ import annotations

import pytest
from told import article, span

from qa.answer.apposition import with_name
from qa.answer.evidence import judge
from qa.answer.shelf import Shelf
from qa.models.read import Candidate, Reading
from qa.question.parts import part as asked


@pytest.mark.parametrize(
    ("told", "role", "named"),
    [
        ("The mayor of Ely, Ann Smith, opened a bridge.", "The mayor", "Ann Smith"),
        ("The mayor of Ely, Ann Smith, opened a bridge.", "The mayor of Ely", "Ann Smith"),
        ("The mayor of the small town of Ely, Ann Smith, spoke.", "The mayor", "Ann Smith"),
        ("Ann Smith, the mayor of Ely, opened a bridge.", "the mayor of Ely", "Ann Smith"),
        ("Ann Smith, 45, the mayor of Ely, opened a bridge.", "the mayor", "Ann Smith"),
        ("The bridge was opened by Ann Smith, the mayor.", "the mayor", "Ann Smith"),
        ("Ely’s mayor, Ann Smith, opened a bridge.", "Ely’s mayor", "Ann Smith"),
        ("It was opened by the mayor, Dr. Ann Smith.", "the mayor", "Dr. Ann Smith"),
        ("The firm’s founder — a baker, Bo Lee, by trade — left.", "a baker", "Bo Lee"),
        ("A raid was led by police chief Bo Lee on Monday.", "police chief", "police chief Bo Lee"),
    ],
)
def test_a_role_is_told_with_the_name_beside_it(told: str, role: str, named: str) -> None:
    assert with_name(span(article(told), role)).text == named


@pytest.mark.parametrize(
    ("told", "role"),
    [
        ("The country’s president, who flew home on Monday, spoke.", "The country’s president"),
        ("In New York, the mayor, a lawyer, opened a bridge.", "the mayor"),
        ("The governor of Austin, Texas, opened a bridge.", "The governor of Austin"),
        ("After a call from Ann Smith, the mayor opened a bridge.", "the mayor"),
        ("The driver, Bo Lee, Ann Smith and a boy were hurt.", "The driver"),
        ("The officers, Ann Smith, and the others went home.", "The officers"),
        ("The mayor opened the door, Ann Smith, a neighbour, said.", "The mayor"),
        ("The report, by Ann Smith, was read.", "The report"),
    ],
)
def test_a_role_without_a_name_beside_it_stays(told: str, role: str) -> None:
    assert with_name(span(article(told), role)).text == role


def test_a_role_is_never_cut_off_from_the_place_it_is_held_of() -> None:
    opened = article("The mayor of Ely opened a bridge, and the driver of the lorry left.")
    assert with_name(span(opened, "The mayor")).text == "The mayor of Ely"
    assert with_name(span(opened, "the driver")).text == "the driver"


def values(question: str, told: str, *picked: str) -> list[str]:
    """What is left of the spans that a reader picks, best first."""
    text = article(told)
    candidates = tuple(Candidate(span(text, one), 6.0 - at, 0.0) for at, one in enumerate(picked))
    readings = [Reading(5.0, 5.0, 0.0, candidates)]
    return [one.text for one in judge(asked("who", question), readings, Shelf.holding(text), among=1)]


@pytest.mark.parametrize(
    "told",
    [
        "The mayor of Ely, Ann Smith, opened a new bridge.",
        "Ann Smith, the mayor of Ely, opened a new bridge.",
        "Ely’s mayor, Ann Smith, opened a new bridge.",
    ],
)
def test_the_place_that_a_question_names_does_not_hide_the_name(told: str) -> None:
    assert set(values("Who opened the bridge in Ely?", told, "mayor", "Ann Smith")) == {"Ann Smith"}
    assert values("Who opened the bridge in Ely?", told, "Ann Smith") == ["Ann Smith"]


def test_a_role_held_of_the_place_that_a_question_names_answers() -> None:
    told = "The mayor of Ely opened a new bridge."
    assert values("Who opened the bridge in Ely?", told, "The mayor of Ely") == ["The mayor of Ely"]
    told = "In Ely, the mayor opened a new bridge."
    assert values("Who opened the bridge in Ely?", told, "the mayor") == ["the mayor"]


def test_the_role_of_whom_the_question_names_is_no_answer_to_it() -> None:
    told = "Ann Smith, the mayor of Ely, met Bo Lee."
    assert values("Who met Ann Smith?", told, "the mayor of Ely", "Bo Lee") == ["Bo Lee"]
    assert (
        values("Who killed Ann Smith?", "The killing of Ann Smith shocked Ely.", "The killing of Ann Smith")
        == []
    )
