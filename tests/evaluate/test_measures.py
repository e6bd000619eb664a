"""Measures: each means what its name says, on cases small enough to work out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import NOT_FOUND, a_record, an_answer

from qa.evaluate import measures, report

# Words


def test_exact_ignores_case_punctuation_and_articles() -> None:
    assert measures.exact("The “White House”.", ["white house"]) == 1
    assert measures.exact("White House staff", ["white house"]) == 0


def test_f1_is_the_harmonic_mean_over_the_best_answer() -> None:
    assert measures.f1("Gen. Igor Kirillov", ["Kirillov", "Igor Kirillov"]) == pytest.approx(0.8)
    assert measures.f1("Moscow", ["Kirillov"]) == 0


def test_contains_wants_whole_words() -> None:
    assert measures.contains("It costs $1,200 now.", ["1,200"]) == 1
    assert measures.contains("Romania won.", ["Oman"]) == 0
    assert measures.contains("Anything", [""]) == 0


def test_what_something_belongs_to_counts_as_named() -> None:
    assert measures.contains("Brazil’s president resigned.", ["Brazil"]) == 1
    assert measures.contains("They drove a Levi's van.", ["Levi’s"]) == 1


@given(st.text(), st.lists(st.text(), min_size=1))
def test_an_exact_answer_has_full_overlap(said: str, answers: list[str]) -> None:
    overlap = measures.f1(said, answers)
    assert 0 <= overlap <= 1
    if measures.exact(said, answers):
        assert overlap == 1


# Search


RANKED = (("x", "one"), ("x", "two"), ("a", "The fact stands here."), ("b", "another"))


def test_articles_are_ranked_once_however_many_passages_they_have() -> None:
    record = a_record(ranked=RANKED, gold=frozenset({"a"}))
    assert measures.gold_article(record, 1) == 0
    assert measures.gold_article(record, 2) == 1


def test_facts_are_compared_without_white_space_and_ranked_by_passage() -> None:
    record = a_record(ranked=RANKED, facts=("The fact  stands\nhere.", "Nowhere to be found."))
    assert measures.fact_hit(record, 2) == 0
    assert measures.fact_hit(record, 4) == 1
    assert measures.fact_rank(record) == pytest.approx(1 / 3)
    assert measures.facts_found(record, 4) == 0.5


def test_a_fact_beyond_the_tenth_passage_has_no_rank() -> None:
    ranked = (*((str(n), "nothing") for n in range(10)), ("a", "The fact stands here."))
    assert measures.fact_rank(a_record(ranked=ranked, facts=("The fact stands here.",))) == 0


def test_gain_is_one_for_the_perfect_order_and_less_for_a_worse_one() -> None:
    gold = frozenset({"a", "b"})
    assert measures.gain(a_record(ranked=(("a", ""), ("b", ""), ("x", "")), gold=gold)) == pytest.approx(1)
    late = measures.gain(a_record(ranked=(("x", ""), ("a", ""), ("b", "")), gold=gold))
    assert late == pytest.approx((1 / 1.58496 + 1 / 2) / (1 + 1 / 1.58496), abs=1e-4)


def test_average_precision_counts_what_was_not_found_as_nothing() -> None:
    record = a_record(ranked=RANKED, gold=frozenset({"a", "missing"}))
    assert measures.average_precision(record) == pytest.approx(0.5 / 2)


def test_without_gold_nothing_is_measured() -> None:
    found = report.means([a_record(ranked=RANKED)], measures.RETRIEVAL)
    assert found == {}


# Answers


def test_nothing_found_counts_as_wrong_where_there_is_an_answer() -> None:
    record = a_record(NOT_FOUND, answers=("Kirillov",))
    assert (measures.exactly_answered(record), measures.overlap(record), measures.said(record)) == (0, 0, 0)


def test_judgements_are_not_scored_as_words() -> None:
    assert measures.exactly_answered(a_record(an_answer("Moscow"), answers=("Yes",))) is None


def test_the_quote_of_a_right_answer_is_checked() -> None:
    about = {"answers": ("Igor Kirillov",)}
    assert measures.quoted(a_record(an_answer("Igor Kirillov"), **about)) == 1
    elsewhere = an_answer("Igor Kirillov", quote="Ukraine's security service claimed it.")
    assert measures.quoted(a_record(elsewhere, **about)) == 0
    assert measures.quoted(a_record(an_answer("Moscow"), **about)) is None


def test_a_few_words_more_than_the_answer_are_right() -> None:
    question = measures.Question("q", "?", answers=("Kirillov",))
    assert measures.right(an_answer("Gen. Igor Kirillov"), question)
    assert not measures.right(an_answer("Moscow"), question)


def test_refusing_is_measured_where_nothing_is_known_only() -> None:
    assert measures.refused(a_record(NOT_FOUND, answerable=False)) == 1
    assert measures.refused(a_record(an_answer("Moscow"), answerable=False)) == 0
    assert measures.refused(a_record(NOT_FOUND)) is None


def test_a_right_answer_behind_the_threshold_counts_as_not_kept() -> None:
    right = an_answer("Kirillov", score=0.2)
    assert measures.kept(a_record(NOT_FOUND, unchecked=right, answers=("Kirillov",))) == 0
    assert measures.kept(a_record(an_answer("Kirillov"), answers=("Kirillov",))) == 1
    assert measures.kept(a_record(NOT_FOUND, unchecked=an_answer("Moscow"), answers=("Kirillov",))) is None


def test_what_is_right_behind_the_threshold_counts_where_nothing_is_refused() -> None:
    records = [
        a_record(NOT_FOUND, unchecked=an_answer("Kirillov", score=0.2), answers=("Kirillov",)),
        a_record(NOT_FOUND, unchecked=an_answer("Moscow", score=0.2), answers=("Kirillov",)),
        a_record(an_answer("Kirillov"), answers=("Kirillov",)),
        a_record(NOT_FOUND, unchecked=an_answer("Moscow", score=0.2), answerable=False),
    ]
    answers = report.summarise(records)["answers"]
    assert answers["exact"]["value"] == pytest.approx(1 / 3)
    assert answers["exact, nothing refused"]["value"] == pytest.approx(2 / 3)
    assert answers["F1, nothing refused"]["value"] == pytest.approx(2 / 3)
    assert answers["gold answer in the text, nothing refused"]["value"] == pytest.approx(2 / 3)
