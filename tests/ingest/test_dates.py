"""Dates: every usual spelling is read, and nonsense is not."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.dates import FIRST_YEAR, LAST_YEAR, is_day_first, iso_date


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-04-25", "2025-04-25"),
        ("2025-04-25T10:00:00Z", "2025-04-25T10:00:00+00:00"),
        ("2025-04-25T10:00:00-0400", "2025-04-25T10:00:00-04:00"),
        ("2023-11-27 08:45:59.000000000Z", "2023-11-27T08:45:59+00:00"),
        ("2017-09-15T00:00:00", "2017-09-15"),
        ("2017-09-15 17:52", "2017-09-15T17:52:00"),
        ("20250425", "2025-04-25"),
        ("Fri, 25 Apr 2025 10:00:00 GMT", "2025-04-25T10:00:00+00:00"),
        ("April 25, 2025 at 3:05 pm EDT", "2025-04-25T15:05:00-04:00"),
        ("Published: 25th April 2025", "2025-04-25"),
        ("Apr. 25, 2025", "2025-04-25"),
        ("25.04.2025", "2025-04-25"),
        ("04/25/2025", "2025-04-25"),
        ("25/04/2025 10:30", "2025-04-25T10:30:00"),
        ("01/04/63", "1963-01-04"),
        ("25 Apr. ’98", "1998-04-25"),
        ("1430 GMT, Thurs. 25 April 2025", "2025-04-25T14:30:00+00:00"),
        ("3 p.m. Eastern Daylight Time, April 25, 2025", "2025-04-25T15:00:00-04:00"),
        ("25 January 2025 | noon (ET)", "2025-01-25T12:00:00-05:00"),
        ("Fri Apr 25 2025 10:00:00 GMT+0200 (Central European Summer Time)", "2025-04-25T10:00:00+02:00"),
        ("2025-04-25T10:00:00+02:00[Europe/Paris]", "2025-04-25T10:00:00+02:00"),
        ("25 April 2025, 24:00", "2025-04-26"),
        ("25.04.2025 um 10.30 Uhr", "2025-04-25T10:30:00"),
        ("25/04/2025 à 10h30", "2025-04-25T10:30:00"),
        ("April 25, 2025 10:30GMT+2", "2025-04-25T10:30:00+02:00"),
        ("202504251015", "2025-04-25T10:15:00"),
        (1745575200, "2025-04-25T10:00:00+00:00"),
        ("1745575200000", "2025-04-25T10:00:00+00:00"),
    ],
)
def test_a_date_is_read_as_it_is_usually_written(written: object, expected: str) -> None:
    assert iso_date(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "Friday, April 2025 at 10:30", "10 o'clock, April 25",
        "0000-01-01", "0001-01-01", "2999-01-01", "2025-02-31", "2025-13-01", "31/02/2025", "yesterday",
        "2025", "7", "April 2025", "25 April", "10:30", "3 4 5", "", " ", None, True, 0, -1, 12, float("nan"),
        float("inf"), 1e300, "9" * 400, "1" * 30, [], {},
        "in the year of our lord 2025 a general was killed on April 25 outside Moscow, the city",
    ],
)  # fmt: skip
def test_what_is_no_date_of_a_day_is_none(written: object) -> None:
    assert iso_date(written) is None


@given(
    st.one_of(
        st.text(max_size=60), st.text("0123456789-/:. TZAprMay,+", max_size=30), st.integers(), st.floats()
    )
)
def test_whatever_is_given_a_sane_iso_date_or_none_comes_back(written: object) -> None:
    found = iso_date(written)
    assert found is None or FIRST_YEAR <= datetime.fromisoformat(found).year <= LAST_YEAR


@pytest.mark.parametrize(
    ("language", "host", "expected"),
    [
        ("en-GB", None, True),
        ("en_US", "www.example.co.uk", False),
        ("en", "www.example.co.uk", True),
        ("en", "example.com", False),
        ("de", None, True),
        (None, None, False),
    ],
)
def test_whether_the_day_stands_first_is_told_by_language_then_host(
    language: str | None, host: str | None, expected: bool
) -> None:
    assert is_day_first(language, host) is expected
