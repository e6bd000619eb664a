"""What spans say, and whether two say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import article, span

from qa.answer.values import (
    group,
    in_full,
    is_name,
    same,
    sentence_of,
    tidy,
    with_hedge,
    with_preposition,
)
from qa.types import Expected, Passage, Span


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Lt. Gen. Igor Kirillov", "Kirillov", "person"),
        ("at least 12", "twelve", "number"),
        ("Balashikha", "the Moscow suburb of Balashikha", "place"),
        ("Ukraine’s security service", "Ukraine's security service", "person"),
    ],
)
def test_values_that_say_the_same(one: str, other: str, kind: Expected) -> None:
    assert same(one, other, kind) and same(other, one, kind)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Igor Kirillov", "Yaroslav Moskalik", "person"),
        ("12", "15", "number"),
        ("Paris", "Moscow", "place"),
        ("April 24", "April 25", "time"),
    ],
)
def test_values_that_differ(one: str, other: str, kind: Expected) -> None:
    assert not same(one, other, kind)


def test_what_limits_a_number_of_people_stays() -> None:
    told = article("Last week at least 76 people were killed over the dam.")
    texts = [tidy(span(told, words), "person") for words in ("at least 76 people", "over the dam")]
    assert [one.text for one in texts if one] == ["at least 76 people", "the dam"]


def test_titles_and_the_rest_of_a_name_belong_to_it() -> None:
    told = article("Yesterday Russian Lt. Gen. Yaroslav Moskalik was killed.")
    whole = tidy(span(told, "Yaroslav"), "person")
    assert whole is not None and whole.text == "Lt. Gen. Yaroslav Moskalik"


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ("Russian Lt. Gen. Yaroslav Moskalik", "Lt. Gen. Yaroslav Moskalik"),
        ("Sergei Lavrov", "Foreign Minister Sergei Lavrov"),
        ("South Korean President Yoon Suk Yeol", "President Yoon Suk Yeol"),
        ("U.S. President Joe Biden", "President Joe Biden"),
        ("Francis Ford Coppola", "Francis Ford Coppola"),
        ("Russian opposition leader Alexei Navalny", "Russian opposition leader Alexei Navalny"),
    ],
)
def test_a_nation_before_a_title_is_no_part_of_a_name(found: str, shown: str) -> None:
    told = article(
        "Russian Lt. Gen. Yaroslav Moskalik, Russian Foreign Minister Sergei Lavrov, South Korean President"
        " Yoon Suk Yeol, U.S. President Joe Biden, Francis Ford Coppola and Russian opposition leader"
        " Alexei Navalny were named."
    )
    whole = tidy(span(told, found), "person")
    assert whole is not None and whole.text == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Altman", "Sam Altman"),
        ("Bankman-Fried", "Sam Bankman-Fried"),
        ("Mr. Altman", "Sam Altman"),
        ("Lavrov", "Foreign Minister Sergei Lavrov"),
        ("Leyen", "Ursula von der Leyen"),
        ("Musk", "Musk"),
        ("the board", "the board"),
    ],
)
def test_a_surname_alone_is_completed_by_its_article(words: str, shown: str) -> None:
    told = article(
        "When Altman left, Mr. Altman wrote to Bankman-Fried. Neither Musk nor Lavrov spoke to the board.\n"
        "OpenAI’s Sam Altman knew Sam Bankman-Fried, Foreign Minister Sergei Lavrov and Ursula von der Leyen."
    )
    found = in_full(span(told, words), told)
    assert found.text == shown == told.text[found.start : found.end]


def test_the_town_that_opens_an_article_is_no_part_of_a_name() -> None:
    told = article("OSLO - Ann Lee - a nurse - won.")
    for found, shown in (("OSLO - Ann Lee", "Ann Lee"), ("Ann Lee - a nurse", "Ann Lee - a nurse")):
        whole = tidy(span(told, found))
        assert whole is not None and whole.text == shown


@pytest.mark.parametrize(
    ("text", "found", "expected", "shown"),
    [
        (
            "He was held at his school in Irving, Texas, on Monday.",
            "his school",
            "place",
            "his school in Irving, Texas",
        ),
        ("He spoke in Irving near Dallas.", "Irving", "place", "Irving near Dallas"),
        ("Said Hugh McGuire Sunday in Oslo.", "Hugh McGuire", "person", "Hugh McGuire"),
        ("So no damage was reported.", "no", "number", "no damage"),
        ("He called it “very bad timing” today.", "it “very bad timing", "any", "it “very bad timing”"),
    ],
)
def test_a_value_is_told_as_far_as_it_goes(text: str, found: str, expected: Expected, shown: str) -> None:
    whole = tidy(span(article(text), found), expected)
    assert whole is not None and whole.text == shown


def test_what_is_only_thought_to_be_stays_so() -> None:
    told = article("The cause is thought to be a fire in the engine room.")
    assert with_hedge(span(told, "a fire"), counts=False).text == "thought to be a fire"
    assert with_hedge(span(told, "engine room"), counts=False).text == "engine room"


def test_a_name_ends_with_its_line() -> None:
    told = article("The House ousted its speaker, Kevin McCarthy\n\nIn a vote on Tuesday it did so.")
    whole = tidy(span(told, "Kevin McCarthy"), "person")
    assert whole is not None and whole.text == "Kevin McCarthy"


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ("Balashikha", "Balashikha near Moscow"),
        ("in Balashikha near Moscow", "Balashikha near Moscow"),
        ("Sumy", "Sumy"),
        ("a field", "a field"),
    ],
)
def test_the_larger_place_that_a_place_is_near_belongs_to_it(found: str, shown: str) -> None:
    told = article("It fell in Balashikha near Moscow, in Sumy near the border, and in a field near Kyiv.")
    whole = tidy(span(told, found), "place")
    assert whole is not None and whole.text == shown


def test_a_preposition_before_the_answer_is_no_part_of_it() -> None:
    told = article("The cars were recalled over fire risks.")
    tidied = tidy(span(told, "over fire risks"))
    assert tidied is not None and tidied.text == "fire risks"


def test_of_a_country_or_state_only_its_name_is_kept() -> None:
    told = article("It was sold at a Florida Publix, then in Iran and Iraq.")
    for words, kind, kept in (
        ("a Florida Publix", "state", "Florida"),
        ("in Iran and Iraq", "country", "Iran and Iraq"),
    ):
        tidied = tidy(span(told, words), kind)  # type: ignore[arg-type]
        assert tidied is not None and tidied.text == kept


def test_quotes_commas_and_possessives_fall_off_the_edges() -> None:
    told = article("It was “Kirillov’s,” he said.")
    bare = tidy(span(told, "“Kirillov’s,”"), "person")
    assert bare is not None and bare.text == "Kirillov"


def test_a_price_keeps_its_currency() -> None:
    told = article("He paid $19 million.")
    price = tidy(span(told, "19 million"), "any")
    assert price is not None and price.text == "$19 million"


def test_what_is_only_punctuation_is_nothing() -> None:
    told = article("Well … he said.")
    assert tidy(span(told, "…"), "any") is None


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("best actress (Michelle Yeoh", "best actress (Michelle Yeoh)"),
        ("best actress (Michelle", "best actress"),
        ("(Michelle Yeoh", "Michelle Yeoh"),
    ],
)
def test_a_bracket_that_is_opened_is_closed_or_left_out(words: str, shown: str) -> None:
    told = article("It won best picture, best actress (Michelle Yeoh) and best editing.")
    tidied = tidy(span(told, words))
    assert tidied is not None
    assert tidied.text == shown


def test_words_are_shown_with_their_preposition_and_numbers_with_their_limits() -> None:
    told = article("He was killed near his Moscow residence with at least 12 others.")
    assert with_preposition(span(told, "Moscow residence")).text == "near his Moscow residence"
    assert with_hedge(span(told, "12"), counts=True).text == "at least 12"


def test_the_sentence_of_a_span_leaves_bullets_off() -> None:
    told = article("- He was killed in Kyiv.\n- She was not.")
    start, end = sentence_of(span(told, "Kyiv"))
    assert told.text[start:end] == "He was killed in Kyiv."


def test_a_description_and_a_headline_are_no_names() -> None:
    told = article(
        "Second Russian General Assassinated in Bombing\nThe envoy Steve Witkoff met a Russian general."
    )
    assert is_name(span(told, "Steve Witkoff"))
    assert not is_name(span(told, "a Russian general"))
    assert not is_name(span(told, "Second Russian General"))


def test_the_fuller_name_is_shown_for_all_who_say_it() -> None:
    one, two = article("Kirillov was killed.", id="a"), article("Lt. Gen. Igor Kirillov was killed.", id="b")
    (value,) = group(
        [span(one, "Kirillov", 0.9), span(two, "Lt. Gen. Igor Kirillov", 0.8)], expected="person"
    )
    assert value.span.text == "Lt. Gen. Igor Kirillov"
    assert len(value.spans) == 2
    assert value.score == 0.9


def test_the_fuller_name_of_a_team_is_shown_but_no_row_of_names() -> None:
    one = article("The Jets lost at home again.", id="a")
    two = article("For the New York Jets it was the third loss.", id="b")
    three = article("They met Jets and Giants there.", id="c")
    spans = [span(one, "Jets", 0.9), span(three, "Jets and Giants", 0.8), span(two, "New York Jets", 0.5)]
    (value,) = group(spans, expected="name")
    assert value.span.text == "New York Jets"
    (unlikely,) = group([spans[0], span(two, "New York Jets", 0.2)], expected="name")
    assert unlikely.span.text == "Jets"


@given(st.text(min_size=1), st.integers(0, 50), st.integers(1, 50))
def test_a_tidied_span_stays_inside_its_passage(text: str, start: int, length: int) -> None:
    start = min(start, len(text) - 1)
    raw = Span(Passage("a", 7, 7 + len(text), text), 7 + start, 7 + min(len(text), start + length), 0.5)
    kinds: tuple[Expected, ...] = ("any", "person", "number", "country", "state", "city")
    for kind in kinds:
        tidied = tidy(raw, kind)
        if tidied:
            assert 7 <= tidied.start < tidied.end <= 7 + len(text)
            first, last = sentence_of(tidied)
            assert first <= tidied.start and tidied.end <= last


@pytest.mark.parametrize(
    ("told", "words", "shown"),
    [
        ("It killed 107 or more.", "107", "107 or more"),
        ("It cost between 6,000 and 8,000 euros.", "6,000 and 8,000", "between 6,000 and 8,000"),
        ("It killed 107.", "107", "107"),
    ],
)
def test_a_count_keeps_what_limits_it(told: str, words: str, shown: str) -> None:
    assert with_hedge(span(article(told), words), counts=True).text == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ('a blow of historic size" to it', '"a blow of historic size" to it'),
        ('it called "a blow of historic size', 'it called "a blow of historic size"'),
        ("a blow of historic size", "a blow of historic size"),
    ],
)
def test_a_quotation_mark_inside_has_its_fellow(words: str, shown: str) -> None:
    told = tidy(span(article('To Lee it called "a blow of historic size" to it.'), words))
    assert told is not None and told.text == shown
