"""Passages: exact slices, whole sentences, bounded, complete, and cut where the story is."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from qa.english.sentences import sentences
from qa.ingest.blocks import blocks
from qa.ingest.chunk import TINY_WORDS, chunk
from qa.types import Article, Passage

SEED = Path(__file__).parents[2] / "seeds" / "second-russian-general-killed.txt"
SENTENCE = "The general was killed on Friday when a bomb went off in a parked car, investigators said. "
LINES = st.lists(
    st.sampled_from(
        [
            "A Heading",
            "# Title",
            "- A point",
            "Sources:",
            "Tiny.",
            SENTENCE,
            SENTENCE * 9,
            "word " * 300,
            "x" * 900,
            "漢" * 300,
            "🚨 Breaking pic.twitter.com/8GLU4vaDXU",
            "— Osprey Times (@OspreyTimes) April 25, 2025",
            "",
        ]
    ),
    max_size=10,
).map("\n".join)


def article(text: str) -> Article:
    return Article("a", "r", None, "T", None, None, None, text)


def passages(text: str, max_words: int = 110) -> tuple[Passage, ...]:
    return chunk(article(text), blocks(text), max_words=max_words)


@given(st.one_of(st.text(max_size=300), LINES), st.integers(20, 150))
def test_passages_slice_exactly_and_hold_every_word_outside_the_sources_once(
    text: str, max_words: int
) -> None:
    found = passages(text, max_words)
    assert all(text[p.start : p.end] == p.text == p.text.strip() != "" for p in found)
    borders = [border for p in found for border in (p.start, p.end)]
    assert borders == sorted(borders)
    kept = "".join(text[b.start : b.end] for b in blocks(text) if b.kind != "sources")
    assert "".join("".join(p.text.split()) for p in found) == "".join(kept.split())


@given(LINES, st.integers(20, 150))
def test_no_passage_is_longer_than_asked_in_words_or_in_characters(text: str, max_words: int) -> None:
    for passage in passages(text, max_words):
        assert len(passage.text.split()) <= max_words
        assert len(passage.text) <= 32 * max_words
        assert passage.text.count("漢") <= max_words


def test_passages_begin_and_end_with_sentences() -> None:
    text = SEED.read_text(encoding="utf-8")
    spans = sentences(text)
    starts, ends = {start for start, _ in spans}, {end for _, end in spans}
    assert all(p.start in starts and p.end in ends for p in passages(text))


def test_a_heading_goes_with_what_follows_it() -> None:
    text = SEED.read_text(encoding="utf-8")
    found = [p.text for p in passages(text)]
    for block in blocks(text):
        if block.kind == "heading":
            (home,) = (p for p in found if text[block.start : block.end] in p)
            below = text[block.start : block.end + 40]
            assert below in home


def test_a_heading_stays_with_a_sentence_that_fills_a_passage_by_itself() -> None:
    long = "word " * 109 + "end."
    (home,) = (p for p in passages(f"{SENTENCE * 4}\nA Heading Of Five Words\n{long}") if "Heading" in p.text)
    assert home.text.startswith("A Heading Of Five Words\nword word")


def test_an_embedded_post_is_a_passage_of_its_own() -> None:
    (post,) = (p for p in passages(SEED.read_text(encoding="utf-8")) if "pic.twitter" in p.text)
    assert post.text.startswith("🦅🚨 Lieutenant") and post.text.endswith("April 25, 2025")


def test_a_list_of_sources_is_in_no_passage() -> None:
    text = f"{SENTENCE}\nSources:\nPutin and envoy discussed talks, aide says\nGeneral killed, others say"
    assert [p.text for p in passages(text)] == [SENTENCE.strip()]


def test_a_passage_over_the_length_is_followed_by_one_worth_reading() -> None:
    text = SENTENCE * 7  # 112 words: one sentence too many for one passage
    assert all(len(p.text.split()) >= TINY_WORDS for p in passages(text))


def test_short_sections_share_a_passage() -> None:
    assert len(passages(f"{SENTENCE * 2}\nA Heading\n{SENTENCE}\nAnother\nHe left after that.")) == 1


def test_a_heading_over_a_post_goes_with_the_post() -> None:
    post = "🚨 Breaking pic.twitter.com/8GLU4vaDXU\n— Osprey Times (@OspreyTimes) April 25, 2025"
    found = passages(f"{SENTENCE}\n## What They Wrote\n{post}\n{SENTENCE}")
    opened = [p.text.split("\n")[0].strip() for p in found]
    assert opened == [SENTENCE.strip(), "## What They Wrote", SENTENCE.strip()]
