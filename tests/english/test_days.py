"""Time words of questions, as days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.days import TimeWord, read_date, time_words, without

FRIDAY = date(2025, 4, 25)


def only(question: str, now: date | None = FRIDAY) -> TimeWord:
    (word,) = time_words(question, now=now)
    return word


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("What happened yesterday?", date(2025, 4, 24)),
        ("Who won this week?", date(2025, 4, 23)),
        ("Who resigned on Monday?", date(2025, 4, 21)),
        ("Who resigned on Friday?", FRIDAY),
        ("Who died last month?", date(2025, 3, 9)),
        ("Who died in December?", date(2024, 12, 31)),
        ("Who resigned in the last five days?", date(2025, 4, 21)),
        ("What began on Nov. 1?", date(2024, 11, 1)),
        ("What began on April 20?", date(2025, 4, 20)),
        ("What began in October 2023?", date(2023, 10, 5)),
        ("Who won in 2014?", date(2014, 7, 1)),
    ],
)
def test_time_words_mean_days(question: str, day: date) -> None:
    word = only(question)
    assert word.since is not None and word.since <= day
    assert word.until is not None and day <= word.until
    assert (word.until - word.since).days <= 366
    assert not word.exact


def test_a_range_written_out_is_exact() -> None:
    word = only("What happened between 1 October 2023 and October 5, 2023?")
    assert (word.since, word.until, word.exact) == (date(2023, 10, 1), date(2023, 10, 5), True)


def test_a_day_of_publication_is_exact() -> None:
    word = only("What does the article of April 24 say?")
    assert (word.since, word.until, word.exact) == (date(2025, 4, 24), date(2025, 4, 24), True)


@pytest.mark.parametrize(
    "question", ["Who may win?", "Who led the March on Washington?", "Who writes for The Sunday Times?", ""]
)
def test_what_is_no_time_is_left_alone(question: str) -> None:
    assert time_words(question, now=FRIDAY) == []


def test_without_a_today_relative_words_mean_nothing() -> None:
    assert time_words("Who won this week?", now=None) == []
    assert only("Who won in October 2023?", now=None).since == date(2023, 10, 1)


def test_relative_words_are_taken_out_of_the_search_and_dates_stay() -> None:
    question = "Who won this week in October 2023?"
    assert without(question, time_words(question, now=FRIDAY)) == "Who won in October 2023?"


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_a_written_day_is_read_back(day: date) -> None:
    assert read_date(day.strftime("%B %d, %Y"), now=None) == day
    assert read_date(day.strftime("%d %B %Y"), now=None) == day
    assert read_date(day.isoformat(), now=None) == day


@given(st.text(), st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_any_text_can_be_searched_for_time_words(text: str, now: date) -> None:
    for word in time_words(text, now=now):
        assert 0 <= word.start < word.end <= len(text)


@given(
    st.sampled_from(
        [
            "this week",
            "last week",
            "last month",
            "yesterday",
            "a year ago",
            "on Monday",
            "in May",
            "next month",
            "last year",
            "in the past ten years",
        ]
    ),
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
)
def test_time_words_work_on_any_day(words: str, now: date) -> None:
    for word in time_words(f"Who won {words}?", now=now):
        assert word.since is None or word.until is None or word.since <= word.until
