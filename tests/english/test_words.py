"""Words made comparable: folded, told apart, and joined with their other forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.words import alike, bag, base_form, content_words, is_past, rarity, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kirillov", "kirillov"),
        ("general", "generals"),
        ("russia", "russian"),
        ("ukraine", "ukrainians"),
        ("italy", "italian"),
        ("france", "french"),
        ("niger", "nigerien"),
        ("sang", "sing"),
        ("children", "child"),
        ("injured", "injuries"),
        ("explosion", "exploded"),
        ("killer", "killed"),
        ("zelensky", "zelenskyy"),
        ("discuss", "discusses"),
        ("kirilov", "kirillov"),
        ("12", "twelve"),
    ],
)
def test_forms_of_one_word_are_alike(one: str, other: str) -> None:
    assert alike(one, other)
    assert one in bag(other) and other in bag(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("austria", "australia"),
        ("iran", "iraq"),
        ("india", "indiana"),
        ("indian", "indiana"),
        ("niger", "nigeria"),
        ("nigerien", "nigerian"),
        ("police", "policy"),
        ("desert", "dessert"),
        ("12", "15"),
        ("under", "undefined"),
    ],
)
def test_different_words_are_not_alike(one: str, other: str) -> None:
    assert not alike(one, other)
    assert one not in bag(other) and other not in bag(one)


@pytest.mark.parametrize(
    ("past", "base"),
    [
        ("killed", "kill"),
        ("kidnapped", "kidnap"),
        ("caused", "cause"),
        ("agreed", "agree"),
        ("died", "die"),
        ("offered", "offer"),
        ("vowed", "vow"),
        ("found", "find"),
        ("founded", "found"),
        ("shot", "shoot"),
        ("Moskalik", "Moskalik"),
    ],
)
def test_a_past_form_has_its_verb(past: str, base: str) -> None:
    assert base_form(past) == base


def test_past_forms_are_told_from_plurals() -> None:
    assert is_past("played") and is_past("held")
    assert not is_past("children") and not is_past("hold")


def test_possessives_and_accents_do_not_matter() -> None:
    assert words("Kirillov’s death") == words("Kirillov's death") == ["kirillov", "death"]
    assert words("Pokémon in Łódź, Ærø") == ["pokemon", "in", "lodz", "æro"]
    assert words("the U.S. and US") == ["the", "usa", "and", "usa"]
    assert words("J.R.R. Tolkien, e.g. the Joneses’ USA") == ["jrr", "tolkien", "eg", "the", "joneses", "usa"]
    assert words("$1,234,567, or 5.5, 6 a.m.") == ["1234567", "or", "5.5", "6", "am"]


def test_a_word_tells_more_the_fewer_texts_have_it() -> None:
    weights = rarity(["killed", "kyiv", "paris"], ["killed in Kyiv", "a killer in Sumy"])
    assert weights["killed"] < weights["kyiv"] < weights["paris"]


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    assert set(content_words(text)) <= set(words(text))
    assert all(word in bag(text) for word in words(text))
