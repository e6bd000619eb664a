"""Measures: each means what its name says, on cases small enough to work out by hand."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import LoadError
from qa.evaluate import run as ev
from qa.types import Answer, Article, Citation, Finding, Passage, Quote, Span

TEXT = "A bomb killed Gen. Igor Kirillov in Moscow. Ukraine's security service claimed it."
ARTICLE = Article("a", "1", None, "Bomb", None, None, "2024-12-17", TEXT)
PASSAGE = Passage("a", 0, len(TEXT), TEXT)


def value(words: str, score: float = 0.9) -> Span:
    start = TEXT.index(words)
    return Span(PASSAGE, start, start + len(words), score)


def an_answer(words: str, *, quote: str = TEXT, score: float = 0.9) -> Answer:
    start = TEXT.index(quote)
    citation = Citation(1, Quote(ARTICLE, start, start + len(quote)))
    finding = Finding({"who": value(words, score)}, (1,), 1)
    return Answer("?", "?", "answered", f"{words} [1]", (finding,), (citation,))


NOT_FOUND = Answer("?", "?", "not_found", "The articles do not say.")


def a_record(
    answer: Answer | None = None,
    *,
    ranked: ev.Ranked = (),
    unchecked: Answer | None = None,
    **about: Any,
) -> ev.Record:
    return ev.Record(ev.Question("q", "Who was killed?", **about), ranked, 1.0, answer, unchecked, 2.0)


# Words


def test_exact_ignores_case_punctuation_and_articles() -> None:
    assert ev.exact("The “White House”.", ["white house"]) == 1
    assert ev.exact("White House staff", ["white house"]) == 0


def test_f1_is_the_harmonic_mean_over_the_best_answer() -> None:
    assert ev.f1("Gen. Igor Kirillov", ["Kirillov", "Igor Kirillov"]) == pytest.approx(0.8)
    assert ev.f1("Moscow", ["Kirillov"]) == 0


def test_contains_wants_whole_words() -> None:
    assert ev.contains("It costs $1,200 now.", ["1,200"]) == 1
    assert ev.contains("Romania won.", ["Oman"]) == 0
    assert ev.contains("Anything", [""]) == 0


def test_what_something_belongs_to_counts_as_named() -> None:
    assert ev.contains("Brazil’s president resigned.", ["Brazil"]) == 1
    assert ev.contains("They drove a Levi's van.", ["Levi’s"]) == 1


@given(st.text(), st.lists(st.text(), min_size=1))
def test_an_exact_answer_has_full_overlap(said: str, answers: list[str]) -> None:
    overlap = ev.f1(said, answers)
    assert 0 <= overlap <= 1
    if ev.exact(said, answers):
        assert overlap == 1


# Search


RANKED = (("x", "one"), ("x", "two"), ("a", "The fact stands here."), ("b", "another"))


def test_articles_are_ranked_once_however_many_passages_they_have() -> None:
    record = a_record(ranked=RANKED, gold=frozenset({"a"}))
    assert ev.gold_article(record, 1) == 0
    assert ev.gold_article(record, 2) == 1


def test_facts_are_compared_without_white_space_and_ranked_by_passage() -> None:
    record = a_record(ranked=RANKED, facts=("The fact  stands\nhere.", "Nowhere to be found."))
    assert ev.fact_hit(record, 2) == 0
    assert ev.fact_hit(record, 4) == 1
    assert ev.fact_rank(record) == pytest.approx(1 / 3)
    assert ev.facts_found(record, 4) == 0.5


def test_a_fact_beyond_the_tenth_passage_has_no_rank() -> None:
    ranked = (*((str(n), "nothing") for n in range(10)), ("a", "The fact stands here."))
    assert ev.fact_rank(a_record(ranked=ranked, facts=("The fact stands here.",))) == 0


def test_gain_is_one_for_the_perfect_order_and_less_for_a_worse_one() -> None:
    gold = frozenset({"a", "b"})
    assert ev.gain(a_record(ranked=(("a", ""), ("b", ""), ("x", "")), gold=gold)) == pytest.approx(1)
    late = ev.gain(a_record(ranked=(("x", ""), ("a", ""), ("b", "")), gold=gold))
    assert late == pytest.approx((1 / 1.58496 + 1 / 2) / (1 + 1 / 1.58496), abs=1e-4)


def test_average_precision_counts_what_was_not_found_as_nothing() -> None:
    record = a_record(ranked=RANKED, gold=frozenset({"a", "missing"}))
    assert ev.average_precision(record) == pytest.approx(0.5 / 2)


def test_without_gold_nothing_is_measured() -> None:
    found = ev.measures([a_record(ranked=RANKED)], ev.RETRIEVAL)
    assert found == {}


# Answers


def test_nothing_found_counts_as_wrong_where_there_is_an_answer() -> None:
    record = a_record(NOT_FOUND, answers=("Kirillov",))
    assert (ev.exactly_answered(record), ev.overlap(record), ev.said(record)) == (0, 0, 0)


def test_judgements_are_not_scored_as_words() -> None:
    assert ev.exactly_answered(a_record(an_answer("Moscow"), answers=("Yes",))) is None


def test_the_quote_of_a_right_answer_is_checked() -> None:
    about = {"answers": ("Igor Kirillov",)}
    assert ev.quoted(a_record(an_answer("Igor Kirillov"), **about)) == 1
    elsewhere = an_answer("Igor Kirillov", quote="Ukraine's security service claimed it.")
    assert ev.quoted(a_record(elsewhere, **about)) == 0
    assert ev.quoted(a_record(an_answer("Moscow"), **about)) is None


def test_a_few_words_more_than_the_answer_are_right() -> None:
    question = ev.Question("q", "?", answers=("Kirillov",))
    assert ev.right(an_answer("Gen. Igor Kirillov"), question)
    assert not ev.right(an_answer("Moscow"), question)


def test_refusing_is_measured_where_nothing_is_known_only() -> None:
    assert ev.refused(a_record(NOT_FOUND, answerable=False)) == 1
    assert ev.refused(a_record(an_answer("Moscow"), answerable=False)) == 0
    assert ev.refused(a_record(NOT_FOUND)) is None


def test_a_right_answer_behind_the_threshold_counts_as_not_kept() -> None:
    right = an_answer("Kirillov", score=0.2)
    assert ev.kept(a_record(NOT_FOUND, unchecked=right, answers=("Kirillov",))) == 0
    assert ev.kept(a_record(an_answer("Kirillov"), answers=("Kirillov",))) == 1
    assert ev.kept(a_record(NOT_FOUND, unchecked=an_answer("Moscow"), answers=("Kirillov",))) is None


def test_what_is_right_behind_the_threshold_counts_where_nothing_is_refused() -> None:
    records = [
        a_record(NOT_FOUND, unchecked=an_answer("Kirillov", score=0.2), answers=("Kirillov",)),
        a_record(NOT_FOUND, unchecked=an_answer("Moscow", score=0.2), answers=("Kirillov",)),
        a_record(an_answer("Kirillov"), answers=("Kirillov",)),
        a_record(NOT_FOUND, unchecked=an_answer("Moscow", score=0.2), answerable=False),
    ]
    answers = ev.summarise(records)["answers"]
    assert answers["exact"]["value"] == pytest.approx(1 / 3)
    assert answers["exact, nothing refused"]["value"] == pytest.approx(2 / 3)
    assert answers["F1, nothing refused"]["value"] == pytest.approx(2 / 3)
    assert answers["gold answer in the text, nothing refused"]["value"] == pytest.approx(2 / 3)


def test_threshold_refuses_the_unanswerable_and_counts_what_it_keeps() -> None:
    good = [a_record(an_answer("Kirillov", score=score), answers=("Kirillov",)) for score in (0.9, 0.4)]
    bad = [a_record(an_answer("Moscow", score=score), answerable=False) for score in (0.5, 0.5)]
    found = ev.refusal([*good, *bad])
    assert found["threshold"] == 0.5
    assert found["kept"] == 0.5
    assert found["auroc"] == 0.5
    assert ev.refusal(good) == {}


def test_causes_are_told_apart() -> None:
    there = (("a", "Kirillov was killed."),)
    answers = ("Kirillov",)
    assert ev.cause_of(a_record(an_answer("Moscow"), answerable=False)) == "invented"
    assert ev.cause_of(a_record(an_answer("Moscow"), ranked=there, answers=answers)) == "misread"
    assert ev.cause_of(a_record(an_answer("Moscow"), answers=answers)) == "not found"
    assert ev.cause_of(a_record(NOT_FOUND, ranked=there, answers=answers)) == "silent"
    assert ev.cause_of(a_record(NOT_FOUND, answers=answers)) == "missed"
    assert ev.cause_of(a_record(an_answer("Kirillov"), ranked=there, answers=answers)) is None
    assert ev.cause_of(a_record(ranked=there, gold=frozenset({"b"}))) == "not ranked"


# Numbers and tables


def test_an_interval_holds_its_mean_and_narrows_with_more_questions() -> None:
    few, many = ev.interval([0.0, 1.0] * 10), ev.interval([0.0, 1.0] * 1000)
    for cell in (few, many):
        assert cell["low"] < cell["value"] == 0.5 < cell["high"]
    assert many["high"] - many["low"] < (few["high"] - few["low"]) / 5
    assert ev.interval([1.0]) == {"value": 1, "low": 1, "high": 1, "n": 1}


def test_kinds_and_distinct_answers_are_counted_apart() -> None:
    records = [
        a_record(an_answer("Kirillov"), answers=("Kirillov",), kind="inference"),
        a_record(an_answer("Kirillov"), answers=("Kirillov",), kind="inference"),
        a_record(an_answer("Kirillov"), answers=("Moscow",), kind="comparison"),
    ]
    result = ev.summarise(records)
    assert result["answers"]["exact"]["value"] == pytest.approx(2 / 3)
    assert result["by_kind"]["inference"]["exact"]["value"] == 1
    assert result["by_answer"]["exact"] == 0.5
    table = ev.as_markdown(result)
    assert "| exact | 0.667 |" in table
    assert "inference (2)" in table


def test_the_result_is_json() -> None:
    records = [
        a_record(an_answer("Kirillov"), answers=("Kirillov",), day=date(2024, 12, 18)),
        a_record(an_answer("Moscow"), answerable=False),
    ]
    assert json.loads(json.dumps(ev.summarise(records)))["failures"][0]["cause"] == "invented"


# Files


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(lines.encode()) if path.suffix == ".gz" else lines.encode())
    return path


def test_gold_articles_are_named_as_the_store_names_them(tmp_path: Path) -> None:
    articles = write(
        tmp_path / "articles.jsonl.gz",
        [
            {
                "id": "r1",
                "url": "https://Example.com/one?utm_source=feed",
                "title": "One",
                "text": "Text one.",
            },
            {"id": 2, "title": "Two", "text": "Text two."},
        ],
    )
    rows = [{"question": "What?", "articles": ["r1", 2, "gone"]}, {"query": "Who?", "relevant": [2]}]
    questions = ev.read_questions(write(tmp_path / "q.jsonl", rows), ev.stored_ids(articles))
    assert questions[0].gold == {"https://example.com/one", f"{articles.as_posix()}#2"}
    assert questions[1].gold == {f"{articles.as_posix()}#2"}


def test_weak_labels_are_no_gold(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", [{"question": "What?", "articles": ["a"], "labels": "weak"}])
    assert ev.read_questions(path, {"a": "a"})[0].gold == frozenset()


@pytest.mark.parametrize(
    ("content", "place"), [("{broken", "line 1"), ("[1]", "line 1"), ('{"id": 1}', "Question 1")]
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, content: str, place: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(content)
    with pytest.raises(LoadError, match=place):
        ev.read_questions(path, {})


def test_a_missing_file_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="cannot be read"):
        ev.read_questions(tmp_path / "none.jsonl", {})


def test_a_desk_is_measured_from_two_files(tmp_path: Path) -> None:
    articles = write(
        tmp_path / "articles.jsonl",
        [
            {"id": "a", "title": "Bomb", "published": "2024-12-17", "text": TEXT},
            {
                "id": "b",
                "title": "Bread",
                "published": "2024-12-18",
                "text": "A baker in Lyon won the bread prize.",
            },
        ],
    )
    questions = write(
        tmp_path / "questions.jsonl",
        [
            {"question": "Who was killed in Moscow?", "answers": ["Igor Kirillov"], "articles": ["a"]},
            {"question": "What is the price of gold?", "answerable": False, "date": "2024-12-18"},
        ],
    )
    done: list[tuple[int, int]] = []
    result = ev.evaluate(articles, questions, progress=lambda *step: done.append(step))
    assert result["articles"] == 2
    assert done == [(1, 2), (2, 2)]
    assert result["retrieval"]["gold article @1"]["value"] == 1
    assert result["answers"]["gold answer in the text"]["value"] == 1
    assert result["answers"]["refused, of the unanswerable"]["value"] == 1
