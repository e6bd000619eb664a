"""Rows: one an event, never mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from told import article, hit, span

from qa.answer.evidence import FIRST_LOOK, Read
from qa.answer.rows import Assembled, assemble
from qa.answer.shelf import Shelf
from qa.question.plan import plan
from qa.types import Article, Part, Passage, Span

BOTH = article(
    "Yaroslav Moskalik was killed in Balashikha. Igor Kirillov was killed near his residence. "
    "He was a general."
)


def reader(answers: dict[str, list[Span]]) -> Read:
    """A reader that knows the answers to questions which hold certain words."""

    def read(part: Part, passages: Sequence[Passage], n: int) -> list[Span]:
        spans = [span for words, spans in answers.items() if words in part.question for span in spans]
        return sorted((span for span in spans if span.passage in passages), key=lambda span: -span.score)

    return read


def assembled(
    question: str,
    read: Read,
    *articles: Article,
    days: dict[str, str] | None = None,
    among: int = 0,
    threshold: float = 0.5,
) -> Assembled:
    planned = plan(question, now=date(2025, 4, 25))
    held = [replace(told, published=(days or {}).get(told.id)) for told in articles]
    hits = [hit(told) for told in articles]
    return assemble(planned, hits, read, Shelf.holding(*held), threshold=threshold, among=among)


def undated(*articles: Article) -> Shelf:
    return Shelf.holding(*(replace(one, published=None) for one in articles))


def texts(found: Assembled) -> list[dict[str, str]]:
    return [{name: value.span.text for name, value in row.items()} for row in found.rows]


def test_each_event_is_a_row_with_its_own_where() -> None:
    read = reader(
        {
            "Who was killed": [span(BOTH, "Yaroslav Moskalik", 0.95), span(BOTH, "Igor Kirillov", 0.9)],
            "Moskalik killed": [span(BOTH, "residence", 0.9), span(BOTH, "Balashikha", 0.8)],
            "Kirillov killed": [span(BOTH, "Balashikha", 0.9), span(BOTH, "residence", 0.8)],
        }
    )
    assert texts(assembled("Who was killed and where?", read, BOTH)) == [
        {"who": "Yaroslav Moskalik", "where": "Balashikha"},
        {"who": "Igor Kirillov", "where": "residence"},
    ]


def test_a_cell_is_shown_as_the_sentence_of_its_row_has_it() -> None:
    told = article("Ann Lee was killed in Ely. A bomb killed Ann Lee in Ely near Cambridge.")
    start = told.text.index("Ely near Cambridge")
    fuller = replace(span(told, "Ely", 0.7), start=start, end=start + len("Ely near Cambridge"))
    second = told.text.rindex("Ann Lee")
    who = replace(span(told, "Ann Lee", 0.95), start=second, end=second + len("Ann Lee"))
    read = reader({"Who was killed": [who], "Lee killed": [span(told, "Ely", 0.8), fuller]})
    assert texts(assembled("Who was killed and where?", read, told)) == [
        {"who": "Ann Lee", "where": "Ely near Cambridge"}
    ]


def test_among_many_passages_a_value_counts_for_more_when_its_own_stands_out() -> None:
    told = article("Lviv was struck.")
    read = reader({"struck": [span(told, "Lviv", 0.75)]})
    planned = plan("Which city was struck?", now=date(2025, 4, 25))

    def rows(well: float) -> int:
        hits = [replace(hit(told), score=well)]
        return len(assemble(planned, hits, read, undated(told), threshold=0.5, among=100_000).rows)

    assert (rows(0.2), rows(2.0)) == (0, 1)


def test_the_newer_of_two_equals_comes_first() -> None:
    old, new = article("Kyiv was struck.", id="old"), article("Lviv was struck.", id="new")
    filler = article("Nothing.", id="filler")
    read = reader({"struck": [span(old, "Kyiv", 0.9), span(new, "Lviv", 0.9)]})
    days = {"old": "2024-01-02", "new": "2025-04-24"}
    asked = "Which city was struck?"
    assert texts(assembled(asked, read, filler, old, new, days=days)) == [{"which": "Lviv"}]
    assert texts(assembled(asked, read, filler, old, new)) == [{"which": "Kyiv"}]


def test_a_figure_of_a_later_report_stands_beside_an_earlier_one() -> None:
    old, new = article("In Ely 14 people died.", id="old"), article("In Ely 23 people have died.", id="new")
    other = article("In Ely 5 streets are shut.", id="other")
    read = reader({"died": [span(old, "14", 0.97), span(new, "23", 0.3), span(other, "5", 0.3)]})
    days = {"old": "2025-04-20", "new": "2025-04-24", "other": "2025-04-25"}
    found = assembled("How many people died in Ely?", read, old, new, other, days=days)
    assert texts(found) == [{"how many": "14"}, {"how many": "23"}] and found.differ


def test_one_value_fills_one_column() -> None:
    told = article("Bo Ek was acquitted of bribery but found guilty of theft.")
    read = reader(
        {
            "found": [span(told, "bribery", 0.9), span(told, "theft", 0.88)],
            "acquitted": [span(told, "bribery", 0.97), span(told, "theft", 0.5)],
        }
    )
    found = texts(assembled("What was Bo Ek found guilty of and what was Bo Ek acquitted of?", read, told))
    assert found == [{"what": "theft", "what (2)": "bribery"}]


def test_names_in_a_row_are_each_told() -> None:
    told = article("Ann Li, Bo Ek and Carl Dahl were arrested in Oslo.")
    read = reader({"arrested": [span(told, "Bo Ek")]})
    found = texts(assembled("Who was arrested in Oslo?", read, told))
    assert sorted(row["who"] for row in found) == ["Ann Li", "Bo Ek", "Carl Dahl"]


def test_what_is_improbable_is_no_row() -> None:
    read = reader({"Who was killed": [span(BOTH, "Yaroslav Moskalik", 0.05)]})
    assert assembled("Who was killed and where?", read, BOTH).rows == ()


def test_a_reason_needs_less_trust_than_a_place() -> None:
    told = article("The mill in Lund closed after a fire.")
    reason = reader({"Why": [span(told, "a fire", 0.45)], "Where": [span(told, "Lund", 0.45)]})
    given = [len(assembled(f"{asks} did the mill close?", reason, told).rows) for asks in ("Why", "Where")]
    assert given == [1, 0]


def test_a_row_without_its_where_gives_way_to_those_that_have_one() -> None:
    read = reader(
        {
            "Who was killed": [span(BOTH, "Yaroslav Moskalik", 0.95), span(BOTH, "Igor Kirillov", 0.9)],
            "Moskalik killed": [span(BOTH, "Balashikha", 0.8)],
        }
    )
    assert texts(assembled("Who was killed and where?", read, BOTH)) == [
        {"who": "Yaroslav Moskalik", "where": "Balashikha"}
    ]


def test_names_stand_before_descriptions_of_the_same() -> None:
    read = reader({"Who was killed": [span(BOTH, "a general", 0.96), span(BOTH, "Igor Kirillov", 0.9)]})
    assert texts(assembled("Who was killed?", read, BOTH)) == [{"who": "Igor Kirillov"}]


def test_a_question_that_names_something_has_one_answer() -> None:
    read = reader(
        {"Who was killed": [span(BOTH, "Yaroslav Moskalik", 0.95), span(BOTH, "Igor Kirillov", 0.9)]}
    )
    assert len(assembled("Who was killed in Balashikha?", read, BOTH).rows) == 1
    assert len(assembled("Who was killed?", read, BOTH).rows) == 2


def test_independent_reports_with_other_numbers_differ() -> None:
    one = article("At least 12 people died in Kyiv.", id="one")
    two = article("Officials said 15 people died in Kyiv.", id="two")
    read = reader({"How many": [span(one, "12", 0.95), span(two, "15", 0.9)]})
    found = assembled("How many people died in Kyiv?", read, one, two)
    assert found.differ
    assert texts(found) == [{"how many": "12"}, {"how many": "15"}]


def test_one_report_does_not_differ_from_itself() -> None:
    one = article("At first 12 people died in Kyiv, later 15.", id="one")
    read = reader({"How many": [span(one, "12", 0.95), span(one, "15", 0.9)]})
    found = assembled("How many people died in Kyiv?", read, one)
    assert not found.differ
    assert len(found.rows) == 1


def test_equal_numbers_in_other_words_agree() -> None:
    one = article("At least 12 people died in Kyiv.", id="one")
    two = article("Twelve people died in Kyiv.", id="two")
    read = reader({"How many": [span(one, "12", 0.95), span(two, "Twelve", 0.9)]})
    found = assembled("How many people died in Kyiv?", read, one, two)
    assert not found.differ
    assert len(found.rows[0]["how many"].spans) == 2


def test_counts_of_one_attack_share_a_row() -> None:
    told = article("The attack killed at least 12 people and injured 90 in Kyiv.")
    read = reader({"killed": [span(told, "12", 0.9)], "injured": [span(told, "90", 0.9)]})
    assert texts(assembled("How many were killed and injured in Kyiv?", read, told)) == [
        {"how many killed": "12", "how many injured": "90"}
    ]


def test_questions_about_different_things_stay_apart() -> None:
    read = reader({"Who was": [span(BOTH, "Igor Kirillov", 0.9)], "Trump": [span(BOTH, "a general", 0.9)]})
    assert texts(assembled("Who was killed and what did Trump say?", read, BOTH)) == [
        {"who": "Igor Kirillov"},
        {"what": "a general"},
    ]


def test_parts_about_one_man_are_not_answered_from_a_sentence_about_another() -> None:
    read = reader(
        {
            "When was Igor Kirillov": [span(BOTH, "Balashikha", 0.95), span(BOTH, "near his residence", 0.8)],
            "whom was Igor Kirillov": [span(BOTH, "Yaroslav Moskalik", 0.9)],
        }
    )
    found = assembled("When and by whom was Igor Kirillov killed?", read, BOTH)
    assert texts(found) == [{"when": "near his residence"}]


def looked_at(question: str, sure: float, threshold: float = 0.5) -> list[int]:
    """How many passages are read at once for a question whose first passage answers it that surely."""
    told = [article("Lviv was struck.", id=str(number)) for number in range(FIRST_LOOK + 4)]
    spans = [span(told[0], "Lviv", sure)]
    read = reader({"struck": spans})
    looks: list[int] = []

    def counting(part: Part, passages: Sequence[Passage], n: int) -> list[Span]:
        looks.append(len(passages))
        return read(part, passages, n)

    assembled(question, counting, *told, threshold=threshold)
    return looks


def test_the_next_passages_are_read_only_if_the_best_ones_do_not_say() -> None:
    assert looked_at("Which city was struck?", 0.97) == [FIRST_LOOK]
    assert looked_at("Which city was struck?", 0.1) == [FIRST_LOOK, FIRST_LOOK + 4]


def test_who_asks_for_little_trust_is_given_the_better_of_both_looks() -> None:
    assert looked_at("Which city was struck?", 0.97, threshold=0.0) == [FIRST_LOOK]
    assert looked_at("Which city was struck?", 0.05, threshold=0.0) == [FIRST_LOOK, FIRST_LOOK + 4]
    assert looked_at("Which city was struck?", 0.01, threshold=0.0) == [FIRST_LOOK, FIRST_LOOK + 4]


def test_where_several_values_or_reports_count_all_passages_are_read() -> None:
    assert looked_at("Which cities were struck?", 0.97) == [FIRST_LOOK + 4]
    assert looked_at("How many cities were struck?", 0.97) == [FIRST_LOOK + 4]


def test_each_that_is_listed_has_its_own_cell() -> None:
    told = article("Ann Li, 33, and Bo Ek, 51, were freed.")
    read = reader(
        {
            "hostages": [span(told, "Ann Li")],
            "Ann Li": [span(told, "33")],
            "Bo Ek": [span(told, "51")],
        }
    )
    assert texts(assembled("Which hostages were freed and how old are they?", read, told)) == [
        {"which": "Ann Li", "how old": "33"},
        {"which": "Bo Ek", "how old": "51"},
    ]


def test_what_stands_beside_a_list_is_a_row_of_its_own() -> None:
    told = article("The Reds and the Blues won seats. The mayor is Ann Li.")
    read = reader(
        {
            "parties": [span(told, "Reds"), span(told, "Blues")],
            "mayor": [span(told, "Ann Li")],
        }
    )
    assert texts(assembled("Which parties won seats and who is the mayor?", read, told)) == [
        {"which": "Reds"},
        {"which": "Blues"},
        {"who": "Ann Li"},
    ]


def test_one_more_of_several_needs_less_trust_than_the_first() -> None:
    told = article("Ann Li was arrested in Ely. Bo Ek was arrested in Oslo. Carl Dahl was at home.")
    spans = [span(told, "Ann Li", 0.7), span(told, "Bo Ek", 0.3), span(told, "Carl Dahl", 0.1)]
    read = reader({"arrested": spans})
    alone = reader({"arrested": spans[1:]})
    trusts = [row["who"].trust for row in assembled("Who was arrested?", read, told, threshold=0.001).rows]
    threshold = (trusts[0] + trusts[1]) / 2
    assert trusts[1] >= 0.6 * threshold  # what the sample is to show
    assert len(assembled("Who was arrested?", read, told, threshold=threshold).rows) == 2
    assert not assembled("Who was arrested?", alone, told, threshold=threshold).rows
