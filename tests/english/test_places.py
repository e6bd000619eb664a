"""Countries, their adjectives and states are told from other words."""

from __future__ import annotations

import pytest

from qa.english.places import Kind, is_nation, place_in


@pytest.mark.parametrize(
    ("text", "kind", "held"),
    [
        ("in Papua New Guinea", "country", "Papua New Guinea"),
        ("the U.S. and its allies", "country", "U.S."),
        ("around Buffalo, New York, today", "state", "New York"),
        ("both Iran and Iraq fear", "country", "Iran and Iraq"),
        ("Türkiye", "country", "Türkiye"),
        ("the Democratic Republic of the Congo", "country", "Democratic Republic of the Congo"),
        ("a Florida Publix", "state", "Florida"),
        ("West Virginia’s governor", "state", "West Virginia"),
        ("Milwaukee", "state", None),
        ("Milwaukee", "country", None),
        ("the European Union", "country", None),
        ("Perusing, Malice and Jordanian", "country", None),
        ("", "country", None),
    ],
)
def test_a_place_is_found_whole_or_not_at_all(text: str, kind: Kind, held: str | None) -> None:
    found = place_in(text, kind)
    assert (text[slice(*found)] if found else None) == held


@pytest.mark.parametrize(
    "text", ["Russian", "British", "South Korean", "North Korea", "New Zealand", "U.S.", "Afghan", "French"]
)
def test_a_country_and_its_adjective_are_a_nation(text: str) -> None:
    assert is_nation(text)


@pytest.mark.parametrize(
    "text", ["Francis", "Nigel", "Adrian", "Malik", "russian", "a", "Russian general", "South", ""]
)
def test_other_words_are_no_nation(text: str) -> None:
    assert not is_nation(text)
