"""The text is made of the parts of an answer, whole or growing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from told import article, span

from qa.answer.text import growing, quoted, with_text
from qa.types import Answer, Citation, Finding, Line, Quote

MEN = article(
    "Igor Kirillov was killed near his Moscow residence [7], the ministry said on Tuesday. "
    "Yaroslav Moskalik was killed too, by a device that was hidden in a car in Balashikha."
)
FIRST, SECOND = Quote(MEN, 0, 85), Quote(MEN, 86, len(MEN.text))
ANSWER = Answer(
    question="Who was killed?",
    searched="Who was killed?",
    status="answered",
    opening=("As of 25 April 2025:", "The articles do not say where."),
    lines=(Line("Igor Kirillov", (1,), "Igor Kirillov"), Line("", (2,))),
    findings=(
        Finding({"who": span(MEN, "Igor Kirillov")}, (1,), 2),
        Finding({"who": span(MEN, "Yaroslav Moskalik")}, (2,), 1),
    ),
    citations=(Citation(1, FIRST), Citation(2, SECOND)),
)
WHOLE = with_text(ANSWER)


def test_a_line_is_its_words_then_its_quotes_each_with_its_number() -> None:
    opening, first, second = WHOLE.text.split("\n")
    assert opening == "As of 25 April 2025: The articles do not say where."
    assert first == f"Igor Kirillov: {quoted(FIRST)} [1] (2 independent sources)"
    assert second == f"{quoted(SECOND)} [2]"


def test_what_looks_like_a_citation_in_a_quote_is_left_out() -> None:
    assert "[7]" in FIRST.text
    assert "[7]" not in WHOLE.text


def test_prose_stands_for_the_lines_that_it_retells() -> None:
    lines = (replace(ANSWER.lines[0], retold=True), ANSWER.lines[1])
    written = with_text(replace(ANSWER, opening=(), prose="Kirillov was killed [1].", lines=lines))
    assert written.text == f"Kirillov was killed [1].\n{quoted(SECOND)} [2]"


@pytest.mark.parametrize("closest", [(), (SECOND,)])
def test_not_found_quotes_what_is_closest_if_there_is_anything(closest: tuple[Quote, ...]) -> None:
    text = with_text(Answer("x", "x", "not_found", opening=("Nothing.",), closest=closest)).text
    assert text.startswith("Nothing.")
    assert (quoted(SECOND) in text) == bool(closest)
    assert ("Reuters, 25 April 2025" in text) == bool(closest)


def test_a_growing_answer_never_shows_more_of_a_line_than_its_text_does() -> None:
    frames = list(growing(WHOLE))
    assert all(after.text.startswith(before.text) for before, after in pairwise([*frames, WHOLE]))
    for frame in frames:
        assert frame.findings == () and frame.closest == ()
        assert len(frame.lines) == max(0, frame.text.count("\n"))
        shown = {number for line in frame.lines for number in line.citations}
        assert shown == {citation.number for citation in frame.citations}
        assert all(line.words in frame.text for line in frame.lines)
