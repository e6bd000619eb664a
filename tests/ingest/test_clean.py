"""Cleaning: sound characters, nothing lost; a title, a date and an identity made where they are missing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import LoadError
from qa.ingest.clean import clean, clean_text
from qa.types import RawArticle

BODY = "The general was killed on Friday when a bomb went off, investigators said. Nobody has claimed it."


def raw(text: str = BODY, source: str = "news/a-general-killed.txt", **fields: str) -> RawArticle:
    return RawArticle(source, text, **fields)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("cafe\u0301", "café"),
        ("\ufb01nal o\ufb00er", "final offer"),
        ("co\u00adoperate zero\u200bwidth\ufeff", "cooperate zerowidth"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\u00a0b\tc   d", "a b c d"),
        ("a\n\n\n\n b \nc", "a\n\nb\nc"),
        ("it cost Â£600m", "it cost £600m"),
        ("he said donâ€™t", "he said don’t"),
        ("the caf\x92s", "the caf’s"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("lone \ud83d half", "lone \ufffd half"),
        ("``Go,'' he said", '"Go," he said'),
        ("آن\u200cها 👨\u200d👩", "آن\u200cها 👨\u200d👩"),
        ("CAFÉ” and MANHÃ” and Île–de–France", "CAFÉ” and MANHÃ” and Île–de–France"),
        ("<b>bold</b> & *stars*", "<b>bold</b> & *stars*"),
    ],
)
def test_characters_are_made_sound_and_no_others_touched(written: str, expected: str) -> None:
    assert clean_text(written) == expected


@given(st.text(max_size=300))
def test_cleaned_text_is_normal_storable_and_stays_as_it_is(written: str) -> None:
    text = clean_text(written)
    assert text == text.strip() == unicodedata.normalize("NFC", text)
    assert text.encode("utf-8").decode() == text
    assert "\n\n\n" not in text and "  " not in text and "\r" not in text


@given(st.text(st.characters(exclude_characters="ÂÃÄÅÐÑâãäåïðì"), max_size=300))
def test_cleaning_twice_is_cleaning_once(written: str) -> None:
    assert clean_text(clean_text(written)) == clean_text(written)


@given(st.text("abc .,\n\u00adÂ£é’", max_size=80), st.text(max_size=30), st.text(max_size=30))
def test_an_article_is_the_same_whenever_it_is_cleaned(text: str, title: str, date: str) -> None:
    try:
        first = clean(raw(text, title=title, published=date))
    except LoadError:
        assert sum(map(str.isalnum, clean_text(text))) < 2
        return
    assert clean(raw(text, title=title, published=date)) == first
    assert first.title and first.text == clean_text(text) and len(first.revision) == 16


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "...", "a"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(LoadError, match=r"a-general-killed\.txt"):
        clean(raw(text))


def test_the_identity_is_the_canonical_address_else_the_source() -> None:
    address = "https://News.example/a?id=7&utm_source=x&fbclid=y#top"
    assert clean(raw(url=address)).id == "https://news.example/a?id=7"
    assert clean(raw(url=address)).url == address
    assert clean(raw(url="javascript:alert(1)")).id == "news/a-general-killed.txt"
    assert clean(raw(url="javascript:alert(1)")).url is None
    assert clean(raw()).id == "news/a-general-killed.txt"


def test_the_revision_changes_with_what_is_shown_and_with_nothing_else() -> None:
    first = clean(raw(title="T", author="A", published="2025-04-25", outlet="O"))
    same = clean(
        raw(
            BODY + "\n\n", "elsewhere.txt", title=" T ", author="By A", published="April 25, 2025", outlet="O"
        )
    )
    assert first.revision == same.revision
    for field in ("title", "author", "outlet"):
        given_fields = {"title": "T", "author": "A", "published": "2025-04-25", "outlet": "O", field: "X"}
        assert clean(raw(**given_fields)).revision != first.revision


@pytest.mark.parametrize(
    ("text", "source", "title"),
    [
        (f"General dies in blast\n{BODY}", "a.txt", "General dies in blast"),
        (f"# General dies.\n{BODY}", "a.md", "General dies."),
        (
            f"{BODY} The Russian officer, Moskalik.",
            "the-russian-moskalik_case.txt",
            "The Russian Moskalik case",
        ),
        (BODY, "1234.txt", "The general was killed on Friday when a bomb went off, investigators said."),
        (BODY, "x.jsonl#7", "The general was killed on Friday when a bomb went off, investigators said."),
        ("word " * 60, "-", ("word " * 22).strip() + "…"),
    ],
)
def test_a_missing_title_is_made_of_the_first_line_the_file_name_or_the_lede(
    text: str, source: str, title: str
) -> None:
    assert clean(raw(text, source)).title == title


def test_a_given_title_is_put_on_one_line_with_its_entities_resolved() -> None:
    assert clean(raw(title=" AT&amp;T\n &quot;cuts&quot;  jobs ")).title == 'AT&T "cuts" jobs'


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"Killed by bomb\n\nFriday, April 25, 2025\n\n{BODY}", "2025-04-25"),
        (f"Xinhua | Updated: 2017-09-15 17:52\n{BODY}", "2017-09-15"),
        (
            f"{BODY}\nLook! pic.twitter.com/x\n— Osprey Times (@OspreyTimes) April 25, 2025\n{BODY}",
            "2025-04-25",
        ),
        (f"{BODY} He was born on May 3, 1961, in Moscow, and studied there.", None),
        (f"— A (@a) April 25, 2999\n{BODY}", None),
    ],
)
def test_a_missing_date_is_found_in_the_text_where_it_dates_the_text(text: str, day: str | None) -> None:
    assert clean(raw(text)).day == day


def test_author_and_outlet_are_names() -> None:
    found = clean(raw(author="By Jane Doe, jane@paper.example", url="https://www.paper.example/a"))
    assert (found.author, found.outlet) == ("Jane Doe", "paper.example")
    assert clean(raw(author="https://facebook.example/jane")).author is None
