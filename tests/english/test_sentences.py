"""Sentences: exact offsets over any text, and the cases of English news that a naive splitter gets wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.sentences import sentences

NEWSY = st.lists(
    st.sampled_from(
        [
            "He left",
            ".",
            " ",
            "\n",
            "Lt. Gen.",
            "U.S.",
            "“",
            "”",
            '"',
            "(",
            ")",
            "…",
            "?",
            "3.5",
            "No. 5",
            "é",
            "。",
            "\u00a0",
        ]
    ),
    max_size=40,
).map("".join)


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@given(st.one_of(st.text(max_size=200), NEWSY))
def test_sentences_are_ordered_apart_unpadded_and_cover_every_word(text: str) -> None:
    found = sentences(text)
    borders = [border for span in found for border in span]
    assert borders == sorted(borders)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())


@given(NEWSY, st.integers(0, 60), st.integers(0, 60))
def test_a_range_gives_offsets_in_the_whole_text(text: str, start: int, end: int) -> None:
    for begin, stop in sentences(text, start, end):
        assert start <= begin < stop <= min(end, len(text))


@given(st.one_of(st.text(max_size=200), NEWSY))
def test_lines_can_be_cut_by_themselves(text: str) -> None:
    starts = [0, *(place + 1 for place, char in enumerate(text) if char == "\n")]
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    by_lines = [span for start, end in zip(starts, ends, strict=True) for span in sentences(text, start, end)]
    assert by_lines == sentences(text)


@pytest.mark.parametrize(
    "whole",
    [
        "Lt. Gen. Yaroslav Moskalik was killed by Sgt. J. K. Smith Jr. of St. Louis.",
        "It rose 3.5 percent to $1.2 billion at 5 p.m. Friday, Jan. 5.",
        "U.S. President Joe Biden met U.N. Secretary-General António Guterres.",
        "Song No. 5 is by Mr. Mister, i.e. the band, vs. the others.",
        "He waited ... and left.",
        "“Stop!” she said, and “I know… you know” he said.",
        'He told them, "Stop! Go home!" as he left.',
        "Trump told Putin, “Vladimir, STOP! Soldiers are dying. Get it DONE!” in a rebuke.",
        "The company (Apple Inc.) sued Dept. of Justice lawyers at 10 a.m. EST.",
        "Visit www.example.com or Booking.com for version 2.0.1 of it.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(whole: str) -> None:
    assert split(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left the U.S. The talks failed.", ["He left the U.S.", "The talks failed."]),
        ("It ended at 5 p.m. He left.", ["It ended at 5 p.m.", "He left."]),
        ('He said "Go." Then he went.', ['He said "Go."', "Then he went."]),
        ("(It was late.) Nobody came.", ["(It was late.)", "Nobody came."]),
        ("Really?! Yes… Maybe.", ["Really?!", "Yes… Maybe."]),
        ("He said.The end came soon.", ["He said.", "The end came soon."]),
        ("A headline without a stop\nThen a paragraph.", ["A headline without a stop", "Then a paragraph."]),
        ("- One thing\n- Another", ["- One thing", "- Another"]),
        ("10. Tenth place\n9. Ninth", ["10. Tenth place", "9. Ninth"]),
        ("Was it No. 5? No. Never.", ["Was it No. 5?", "No.", "Never."]),
        ("他走了。她没有。", ["他走了。", "她没有。"]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize("text", ["." * 300_000 + "x", '."' * 150_000 + "x", "A. " * 100_000, "“" * 300_000])
def test_hostile_punctuation_takes_linear_time(text: str) -> None:
    assert sentences(text)[-1][1] <= len(text)  # quadratic time would not come back within the hour
