"""A figure that a later report takes back is not told."""

from __future__ import annotations

from told import article, hit, span

from qa.answer.outdated import still_standing
from qa.answer.shelf import Shelf
from qa.answer.values import Value
from qa.question.parts import parts_of

OLD = article("The quake had a magnitude of 5.4. Nine people are missing.", id="old", published="2025-03-01")


def outdated(question: str, figure: str, later: str, day: str = "2025-03-04") -> bool:
    new = article(later, id="new", published=day)
    (part,) = parts_of(question)
    told = Value((span(OLD, figure),), 0.9, 0.9)
    return not still_standing(part, [told], [hit(OLD), hit(new)], Shelf.holding(OLD, new))


def test_a_figure_that_was_put_right_is_outdated() -> None:
    later = "The institute, which at first gave a magnitude of 5.4, now says it was 5.8."
    assert outdated("What was the magnitude of the quake?", "5.4", later)
    assert not outdated("What was the magnitude of the quake?", "5.4", later, day="2025-02-01")
    assert not outdated("What was the magnitude of the quake?", "5.4", "The magnitude was 5.4.")


def test_what_is_no_longer_is_outdated_for_a_question_of_now() -> None:
    later = "Nobody is missing any longer."
    assert outdated("How many people are still missing?", "Nine", later)
    assert not outdated("How many people were missing at first?", "Nine", later)
    assert not outdated("How many people are still missing?", "Nine", "Nobody was hurt.")
