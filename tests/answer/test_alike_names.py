"""Places whose names begin alike are told apart, through the whole path with the real models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import qa
from qa.desk import Assistant

FLOOD = (
    "Title: Flood in India\n\nA flood in the north of India killed 12 people on Tuesday, police said. "
    "Rescuers searched for survivors in Himachal Pradesh."
)
SHOOTING = (
    "Title: Officer killed in Nigeria\n\nPolice officer Musa Bello was killed in Nigeria on Tuesday. "
    "Gunmen attacked his convoy near Kano, the government said."
)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("alike")
    (folder / "in").mkdir()
    (folder / "in" / "flood.txt").write_text(FLOOD, encoding="utf-8")
    (folder / "in" / "shooting.txt").write_text(SHOOTING, encoding="utf-8")
    desk = qa.open(folder / "data")
    desk.ingest([folder / "in"])
    yield desk
    desk.close()


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("How many people were killed by the flood in India?", "12"),
        ("How many people were killed by the Indian flood?", "12"),
        ("Who was killed in Nigeria?", "Musa Bello"),
    ],
)
def test_what_is_said_of_the_place_is_found(two: Assistant, question: str, value: str) -> None:
    answer = two.ask(question)
    assert any(value in span.text for finding in answer.findings for span in finding.values.values())


@pytest.mark.parametrize(
    "question", ["How many people were killed by the flood in Indiana?", "Who was killed in Niger?"]
)
def test_what_is_said_of_a_place_called_alike_is_not_answered(two: Assistant, question: str) -> None:
    answer = two.ask(question)
    assert answer.status != "answered" and not answer.findings


def test_a_question_of_two_parts_is_searched_in_english() -> None:
    from qa.question.plan import plan

    first, second = plan("Who killed Kirillov and where?", now=None).parts
    assert (first.question, second.question) == ("Who killed Kirillov?", "Where did {who} kill Kirillov?")
