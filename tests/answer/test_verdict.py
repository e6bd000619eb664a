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
        ("Was Ann Lee released?", "Bo Ek appealed for the release of Ann Lee.", OPEN),
        ("Have the prisoners been freed?", "She asked for the prisoners to be freed.", OPEN),
        ("Have the prisoners been freed?", "The prisoners were freed on Friday.", YES),
        ("Has Ann Lee married Bo Ek?", "Ann Lee is to marry Bo Ek, her agent confirmed.", OPEN),
        ("Has Ann Lee sold her stake?", "Ann Lee agreed to sell her stake.", OPEN),
        ("Has Ann Lee retired?", "Ann Lee had briefly considered retirement.", OPEN),
        ("Did Ann Lee go to Oslo?", "Bo Ek appealed for Ann Lee, kidnapped in Oslo.", OPEN),
        ("Did Ann Lee go to Oslo?", "Ann Lee went to Oslo on Monday.", YES),
        ("Did the bank cut rates?", "The bank cut rates on Monday.", YES),
        ("Did the bank cut rates?", "The bank spoke of a cut in rates.", OPEN),
        ("Did Ann Lee get a visa?", "Ann Lee had been denied a visa until last week.", OPEN),
        ("Will Ann Lee resign?", "Ann Lee will resign in May.", YES),
        ("Will Ann Lee resign?", "Ann Lee has resigned.", OPEN),
        ("Does Ann Lee own the bank?", "Ann Lee owns the bank.", YES),
        ("Is Ann Lee the mayor of Ely?", "Ann Lee is the mayor of Ely.", YES),
        ("Is the bridge open?", "Ann Lee was arrested on Monday in Oslo.", OPEN),
    ],
)
def test_yes_and_no_are_said_where_the_asked_words_say_so(
    question: str, sentence: str, expected: str
) -> None:
    (search,) = plan(question, now=None).searches
    assert verdict(search, question, sentence) == expected
