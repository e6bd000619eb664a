"""Countries, their adjectives and states are told from other words."""

from __future__ import annotations

import pytest

from qa.places import Kind, nation_first, place_in


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
    ("text", "nation"),
    [
        ("Russian Lt. Gen. Yaroslav Moskalik", "Russian"),
        ("British Prime Minister Keir Starmer", "British"),
        ("South Korean President Yoon Suk Yeol", "South Korean"),
        ("New Zealand Prime Minister Jacinda Ardern", "New Zealand"),
        ("U.S. President Joe Biden", "U.S."),
        ("Francis Ford Coppola", ""),
        ("Nigel Farage", ""),
        ("Adrian Chiles", ""),
        ("a Russian general", ""),
        ("", ""),
    ],
)
def test_a_nation_is_told_at_the_beginning(text: str, nation: str) -> None:
    assert text[: nation_first(text)] == nation
