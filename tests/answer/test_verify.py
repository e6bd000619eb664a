"""Nothing passes the last gate that does not stand on a stored quote."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from told import article, span

from qa.answer.text import with_text
from qa.answer.verify import verify
from qa.errors import NotStored
from qa.types import Answer, Article, Citation, Finding, Line, Quote

MEN = article("Igor Kirillov was killed. Yaroslav Moskalik was killed too.")
FIRST, SECOND = Quote(MEN, 0, 25), Quote(MEN, 26, 59)
WHOLE = Answer(
    question="Who was killed?",
    searched="Who was killed?",
    status="answered",
    lines=(
        Line("Igor Kirillov", (1,), "Igor Kirillov"),
        Line("Yaroslav Moskalik", (2,), "Yaroslav Moskalik"),
    ),
    findings=(
        Finding({"who": span(MEN, "Igor Kirillov")}, (1,), 1),
        Finding({"who": span(MEN, "Yaroslav Moskalik")}, (2,), 1),
    ),
    citations=(Citation(1, FIRST), Citation(2, SECOND)),
)


def stored(article_id: str, revision: str) -> Article:
    if (article_id, revision) != (MEN.id, MEN.revision):
        raise NotStored(revision)
    return MEN


def retold(line: Line) -> Line:
    return replace(line, retold=True)


def test_a_sound_answer_passes_unchanged() -> None:
    assert verify(WHOLE, stored) == WHOLE


def test_a_removed_article_is_no_longer_cited() -> None:
    def gone(article_id: str, revision: str) -> Article:
        raise NotStored(article_id)

    answer = verify(replace(WHOLE, closest=(FIRST,)), gone)
    assert answer.status == "not_found"
    assert (answer.findings, answer.citations, answer.closest) == ((), (), ())
    assert "Kirillov" not in with_text(answer).text


def test_a_quote_that_is_not_in_the_stored_revision_falls_with_its_line() -> None:
    forged = Quote(replace(MEN, text="Igor Kirillov was healed. " + MEN.text[26:]), 0, 25)
    answer = verify(replace(WHOLE, citations=(Citation(1, forged), Citation(2, SECOND))), stored)
    assert [finding.values["who"].text for finding in answer.findings] == ["Yaroslav Moskalik"]
    assert answer.citations == (Citation(1, SECOND),)
    assert answer.findings[0].citations == (1,)
    assert with_text(answer).text == f"Yaroslav Moskalik: “{SECOND.text}” [1]"


def test_a_value_outside_its_quotes_falls() -> None:
    crossed = Finding({"who": span(MEN, "Yaroslav Moskalik")}, (1,), 1)
    answer = verify(replace(WHOLE, findings=(crossed, WHOLE.findings[1])), stored)
    assert [finding.values["who"].text for finding in answer.findings] == ["Yaroslav Moskalik"]
    assert "Kirillov" not in with_text(answer).text


def test_prose_with_a_number_without_a_citation_falls_and_a_citation_without_a_number_too() -> None:
    prose = replace(WHOLE, prose="And more [7]", written_by="m", lines=tuple(map(retold, WHOLE.lines)))
    assert verify(prose, stored) == WHOLE
    unused = replace(WHOLE, citations=(*WHOLE.citations, Citation(3, FIRST)))
    assert verify(unused, stored).citations == WHOLE.citations


@given(
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=4),
    st.lists(st.integers(0, 5), max_size=4),
)
def test_whatever_comes_in_what_goes_out_is_sound(places: list[tuple[int, int]], used: list[int]) -> None:
    citations = tuple(Citation(number, Quote(MEN, *place)) for number, place in enumerate(places, start=1))
    findings = tuple(Finding({"who": span(MEN, "Igor Kirillov")}, (number,), 1) for number in used)
    lines = tuple(Line("Somebody", (number,)) for number in used)
    whole = replace(WHOLE, lines=lines, findings=findings, citations=citations)
    answer = with_text(verify(whole, stored))
    marks = {int(mark) for mark in re.findall(r"\[(\d+)\]", answer.text)}
    assert marks == {citation.number for citation in answer.citations}
    assert marks == {number for finding in answer.findings for number in finding.citations}
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert all(MEN.text[c.quote.start : c.quote.end] == c.quote.text for c in answer.citations)
    assert (answer.status == "answered") == bool(answer.findings)
