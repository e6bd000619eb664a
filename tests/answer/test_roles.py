"""Who did something is never whom it was done to, whose word it is, or who did it to somebody else."""

from __future__ import annotations

import pytest
from told import article, span

from qa.answer.roles import is_other_role, owns_up, roles
from qa.question.parts import owning_up, part

TOLD = article(
    "Maj. Ada Brenn was killed by a mine near Lund on Friday. "
    "Col. Ivo Tarn, head of the guard, has been shot dead in Oslo. "
    "According to the Health Ministry, ten died. "
    "The killing of Ada Brenn shocked Sweden, and Erik Holm’s murder did too. "
    "The Northern Front has claimed responsibility for the murder of Erik Holm. "
    "Bo Ek is to leave in June and be replaced by Ann Lee. "
    "Ulla Berg was elected on Sunday. At the Games Per Lind won gold. In the shooting Kai Roos was hurt. "
    "Rivers Bank bought Delta Mills from Anna Voss, said Otto Reed, who has sold Coast Air to Lake Fund."
)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who killed Ivo Tarn?", "Maj. Ada Brenn"),
        ("Who killed Ada Brenn?", "Ivo Tarn"),
        ("Who is behind the murder of Ivo Tarn?", "Erik Holm"),
        ("Who killed ten people?", "Health Ministry"),
        ("Who killed Ada Brenn?", "Northern Front"),
        ("Who bought Rivers Bank?", "Delta Mills"),
        ("Who is to replace Ann Lee?", "Bo Ek"),
    ],
)
def test_who_cannot_have_done_it_is_no_answer(question: str, words: str) -> None:
    assert is_other_role(part("who", question), span(TOLD, words))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who killed Ada Brenn?", "a mine"),
        ("Who was killed near Lund?", "Maj. Ada Brenn"),
        ("Who killed Erik Holm?", "The Northern Front"),
        ("Who bought Delta Mills?", "Rivers Bank"),
        ("Who reported ten deaths, according to whom?", "Health Ministry"),
        ("Who won the election?", "Ulla Berg"),
        ("Who won gold at the Games?", "Per Lind"),
        ("Who survived the shooting?", "Kai Roos"),
    ],
)
def test_who_may_have_done_it_is_kept(question: str, words: str) -> None:
    assert not is_other_role(part("who", question), span(TOLD, words))


@pytest.mark.parametrize(
    ("name", "question", "words", "feature"),
    [
        ("who", "Who killed Ada Brenn?", "a mine", "doer_agent"),
        ("who", "Who killed Erik Holm?", "The Northern Front", "doer_owns_up"),
        ("which", "Which bank bought Delta Mills?", "Rivers Bank", "doer_agent"),
        ("who", "Who robbed Coast Air?", "Otto Reed", "doer_elsewhere"),
        ("who", "Who sold Coast Air?", "Otto Reed", "doer_agent"),
        ("who", "From whom did Rivers Bank buy Delta Mills?", "Anna Voss", "asked_preposition"),
        ("who", "From whom did Rivers Bank buy Delta Mills?", "Otto Reed", "other_preposition"),
    ],
)
def test_the_part_that_a_span_plays_is_a_feature(name: str, question: str, words: str, feature: str) -> None:
    assert feature in set(roles(part(name, question), span(TOLD, words)))


def test_who_owns_up_is_read_with_a_question_of_its_own() -> None:
    assert owns_up(span(TOLD, "The Northern Front"))
    assert not owns_up(span(TOLD, "Rivers Bank"))
    for asked in (
        "Who murdered Erik Holm?",
        "Who is behind the murder of Erik Holm?",
        "Who did the murder of Erik Holm?",
    ):
        made = owning_up(part("who", asked))
        assert made is not None and made.question == "Who claimed responsibility for the murder of Erik Holm?"
    assert owning_up(part("who", "Who bought Delta Mills?")) is None
