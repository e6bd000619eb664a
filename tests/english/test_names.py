"""Names are found as they are written, in any spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.names import bare_name, is_name, name_spans, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who runs Łódź, the Élysée and Ürümqi?", ["Łódź", "Élysée", "Ürümqi"]),
        ("Does the iPhone beat eBay at McDonald’s?", ["iPhone", "eBay", "McDonald’s"]),
        ("What did Moskalik’s wife say?", ["Moskalik"]),
        ("Did Ursula von der Leyen meet J.R.R. Tolkien?", ["Ursula von der Leyen", "J.R.R. Tolkien"]),
        ("Lt. Gen. Igor Kirillov of the U.S. said", ["Lt. Gen. Igor Kirillov of the U.S."]),
        ("He died in Moscow. Igor Sechin did not.", ["Moscow", "Igor Sechin"]),
        ("When the President met AT&T in May, I left", ["AT&T"]),
        ("Despite Biden it fell", ["Biden"]),
        ("", []),
    ],
)
def test_names_are_found_whole(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    "text", ["Lt. Gen. Igor Kirillov", "Johnson & Johnson", "iPhone", "Bank of England", "Łódź"]
)
def test_a_name_is_one(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["envoy Steve Witkoff", "Moscow on Friday", "12", "of England", "", "…"])
def test_other_words_are_no_name(text: str) -> None:
    assert not is_name(text)


def test_titles_and_articles_are_no_part_of_a_bare_name() -> None:
    assert bare_name("the Lt. Gen. Igor Kirillov") == ("igor", "kirillov")
    assert bare_name("President") == ("president",)


@given(st.text(alphabet=st.sampled_from("aBc łŁ.’'s-&\n1“")) | st.text())
def test_names_stand_in_any_text_in_order(text: str) -> None:
    before = 0
    for start, end in name_spans(text):
        assert before <= start < end <= len(text)
        before = end
