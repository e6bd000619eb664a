"""Countries and states are told from other words."""

from __future__ import annotations

import pytest

from qa.places import Kind, place_in


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
