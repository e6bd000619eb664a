"""A figure that changes is told only of the same thing in the same story."""

from __future__ import annotations

import pytest

from qa.answer.figures import Change, changes
from qa.types import Article, Quote


def quote(text: str, day: str | None = "2015-09-12", title: str = "Crane collapse in Mecca") -> Quote:
    article = Article(f"{day}{title}{text}", "r", None, title, None, None, day, text)
    return Quote(article, 0, len(text))


def change(before: str, now: str, **later: str) -> Change | None:
    given = {"day": "2015-09-14", "title": "Mecca crane collapse: toll rises", **later}
    first, second = changes([quote(before), quote(now, **given)])
    assert first is None
    return second


def test_another_number_of_the_same_thing_in_the_same_story_is_a_change() -> None:
    assert change("At least 107 people were killed.", "The crane fell: 111 killed, 394 injured.") == (
        Change("111", "107", "2015-09-12")
    )
    assert change("Some 1,200 homes burned.", "By Monday 1,350 homes had burned.") == (
        Change("1,350", "1,200", "2015-09-12")
    )


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("At least 107 people were killed.", "At least 238 people were injured."),
        ("At least 107 people were killed.", "At least 107 people were killed."),
        ("It was built in 1998 for pilgrims.", "It was built in 2011 for pilgrims."),
        ("It fell on 11 September.", "It fell on 12 September."),
        ("It cost $107 a day.", "It cost $111 a day."),
        ("A 14-year-old boy died.", "A 15-year-old boy died."),
        ("Some 12% voted.", "Some 15% voted."),
        ("At least 107 people were killed.", "Some 5 soldiers were killed."),
        ("There were 3 cranes and later 5 cranes.", "There were 7 cranes."),
    ],
)
def test_what_is_not_sure_to_be_the_same_is_left_alone(before: str, now: str) -> None:
    assert change(before, now) is None


def test_another_story_or_another_year_is_no_change() -> None:
    killed = ("At least 107 people were killed.", "At least 345 people were killed.")
    assert change(*killed, day="2015-10-30") is None
    assert change(*killed, title="Hajj stampede") is None
    first, second = changes([quote(killed[0], day=None), quote(killed[1])])
    assert first is second is None


def test_the_last_report_before_is_the_one_that_counts() -> None:
    told = [quote(f"{n} people were killed.", day=f"2015-09-{12 + i}") for i, n in enumerate((107, 109, 111))]
    assert [found and (found.before, found.now) for found in changes(told)] == [
        None,
        ("107", "109"),
        ("109", "111"),
    ]
