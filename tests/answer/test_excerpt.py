"""Excerpts: what of a passage is read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from told import article
from told import passage as whole_article

from qa.answer.excerpt import EXCERPT_WORDS, excerpts
from qa.types import Passage

FILLER = " ".join(f"The council met on day {number} and spoke of taxes." for number in range(8))
ANSWER = "The bridge in Lviv was struck at dawn."
SENTENCES = st.lists(
    st.lists(st.sampled_from(["Lviv", "struck", "bridge", "rain"]), min_size=1, max_size=90), max_size=8
)


def passage(text: str, id: str = "a") -> Passage:
    return whole_article(article(text, id=id))


def one_of(found: list[Passage], *, whole: int = 0) -> list[str]:
    question = "What did the council say of the bridge in Lviv?"
    return [part.text for part in excerpts(question, found, found=found, whole=whole)]


def test_the_sentences_with_the_rare_words_of_the_question_are_read() -> None:
    long = passage(f"{FILLER} {ANSWER} {FILLER}")
    other = passage(FILLER, "b")
    (text, about_taxes) = one_of([long, other])
    assert ANSWER in text and len(text.split()) <= EXCERPT_WORDS < len(long.text.split())
    assert about_taxes in FILLER


def test_the_best_passages_and_short_ones_are_read_whole() -> None:
    long, short = passage(f"{FILLER} {ANSWER}"), passage(ANSWER, "b")
    assert one_of([long, short], whole=1) == [long.text, short.text]


def test_nothing_of_nothing() -> None:
    assert excerpts("Where?", [], found=[], whole=4) == []


@given(SENTENCES, st.text(max_size=40))
def test_an_excerpt_is_a_piece_of_its_article(made: list[list[str]], question: str) -> None:
    told = article(" ".join(" ".join(line).capitalize() + "." for line in made) or "Lviv.")
    whole = whole_article(told)
    (part,) = excerpts(question, [whole], found=[whole], whole=0)
    assert part.article_id == told.id and part.text
    assert told.text[part.start : part.end] == part.text
    assert len(part.text.split()) <= max(EXCERPT_WORDS, *(len(line) for line in made or [[]]), 0)
