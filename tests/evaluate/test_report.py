"""Putting together: intervals, thresholds, causes and tables."""

from __future__ import annotations

import json
from datetime import date

import pytest
from records import NOT_FOUND, a_record, an_answer

from qa.evaluate import report


def test_threshold_refuses_the_unanswerable_and_counts_what_it_keeps() -> None:
    good = [a_record(an_answer("Kirillov", score=score), answers=("Kirillov",)) for score in (0.9, 0.4)]
    bad = [a_record(an_answer("Moscow", score=score), answerable=False) for score in (0.5, 0.5)]
    found = report.refusal([*good, *bad])
    assert found["threshold"] == 0.5
    assert found["kept"] == 0.5
    assert found["auroc"] == 0.5
    assert report.refusal(good) == {}


def test_causes_are_told_apart() -> None:
    there = (("a", "Kirillov was killed."),)
    answers = ("Kirillov",)
    assert report.cause_of(a_record(an_answer("Moscow"), answerable=False)) == "invented"
    assert report.cause_of(a_record(an_answer("Moscow"), ranked=there, answers=answers)) == "misread"
    assert report.cause_of(a_record(an_answer("Moscow"), answers=answers)) == "not found"
    assert report.cause_of(a_record(NOT_FOUND, ranked=there, answers=answers)) == "silent"
    assert report.cause_of(a_record(NOT_FOUND, answers=answers)) == "missed"
    assert report.cause_of(a_record(an_answer("Kirillov"), ranked=there, answers=answers)) is None
    assert report.cause_of(a_record(ranked=there, gold=frozenset({"b"}))) == "not ranked"


def test_an_interval_holds_its_mean_and_narrows_with_more_questions() -> None:
    few, many = report.interval([0.0, 1.0] * 10), report.interval([0.0, 1.0] * 1000)
    for cell in (few, many):
        assert cell["low"] < cell["value"] == 0.5 < cell["high"]
    assert many["high"] - many["low"] < (few["high"] - few["low"]) / 5
    assert report.interval([1.0]) == {"value": 1, "low": 1, "high": 1, "n": 1}


def test_kinds_and_distinct_answers_are_counted_apart() -> None:
    records = [
        a_record(an_answer("Kirillov"), answers=("Kirillov",), kind="inference"),
        a_record(an_answer("Kirillov"), answers=("Kirillov",), kind="inference"),
        a_record(an_answer("Kirillov"), answers=("Moscow",), kind="comparison"),
    ]
    result = report.summarise(records)
    assert result["answers"]["exact"]["value"] == pytest.approx(2 / 3)
    assert result["by_kind"]["inference"]["exact"]["value"] == 1
    assert result["by_answer"]["exact"] == 0.5
    table = report.as_markdown(result)
    assert "| exact | 0.667 |" in table
    assert "inference (2)" in table


def test_the_result_is_json() -> None:
    records = [
        a_record(an_answer("Kirillov"), answers=("Kirillov",), day=date(2024, 12, 18)),
        a_record(an_answer("Moscow"), answerable=False),
    ]
    assert json.loads(json.dumps(report.summarise(records)))["failures"][0]["cause"] == "invented"
