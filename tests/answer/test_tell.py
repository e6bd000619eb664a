"""Sentences that settle, sum up, or come closest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from told import article, hit, passage, span

from qa.answer.shelf import Shelf
from qa.answer.tell import closest, dated, lead, settling, tell, trusted_to_settle
from qa.question.plan import plan
from qa.types import Hit, Passage

TOLD = article(
    "A flood hit Genoa on Thursday. The mayor Paolo Rossi closed all schools of the town.\n"
    "Firefighters saved forty people from roofs. No dam has broken, officials said. "
    "Paolo Rossi thanked all of them."
)


NOVELTIES = ["harbour bridge", "city theatre", "third tunnel", "football stadium", "glass museum"]


def said(question: str) -> list[str]:
    planned = plan(question, now=None)
    values = tell(planned, [hit(TOLD)], Shelf.holding(TOLD))
    return [value.span.text for value in values]


def test_yes_or_no_is_settled_by_one_sentence() -> None:
    assert said("Did Paolo Rossi close the schools?") == [
        "The mayor Paolo Rossi closed all schools of the town."
    ]
    assert said("Has a dam broken?") == ["No dam has broken, officials said."]


@pytest.mark.parametrize(
    "question", ["Did Paolo Rossi sing?", "Were schools closed in Milan?", "Is it true?"]
)
def test_what_no_sentence_settles_is_left_open(question: str) -> None:
    assert said(question) == []


def test_about_somebody_come_the_sentences_that_name_him_in_order() -> None:
    assert said("Tell me about Paolo Rossi") == [
        "The mayor Paolo Rossi closed all schools of the town.",
        "Paolo Rossi thanked all of them.",
    ]


def test_without_a_topic_the_first_sentences_sum_up() -> None:
    assert said("What happened?")[0] == "A flood hit Genoa on Thursday."
    assert said("Summary")[0] == "A flood hit Genoa on Thursday."


@pytest.mark.parametrize(
    "question",
    [
        "What happened this week?",
        "latest news",
        "What’s in the news?",
        "headlines from Reuters",
        "Summarize it",
    ],
)
def test_the_news_as_such_has_no_topic(question: str) -> None:
    assert plan(question, now=date(2025, 4, 25), outlets=["Reuters"]).news


@pytest.mark.parametrize("question", ["What happened in Genoa?", "flood news", "What is new with X?", "why?"])
def test_news_of_something_has_one(question: str) -> None:
    assert not plan(question, now=date(2025, 4, 25)).news


def about_rossi(*hits: Hit, shelf: Shelf) -> list[str]:
    planned = plan("Tell me about Paolo Rossi", now=None)
    values = tell(planned, hits, shelf)
    return [value.span.text for value in values]


def test_of_one_article_come_two_sentences_as_long_as_others_say_something() -> None:
    long = article(" ".join(f"Paolo Rossi opened the {thing} on Monday." for thing in NOVELTIES), id="long")
    short = article("Paolo Rossi has fallen ill in Rome.", id="short")
    shelf = Shelf.holding(long, short)
    assert len(about_rossi(hit(long), shelf=shelf)) == 4
    told = about_rossi(hit(long), hit(short), shelf=shelf)
    assert "Paolo Rossi has fallen ill in Rome." in told
    assert sum("opened" in sentence for sentence in told) == 3  # the third since nobody else says more


@pytest.mark.parametrize(
    "leans",
    ["“Paolo Rossi is a fool, all of them say.”", "He is Paolo Rossi of old.", "I met Paolo Rossi at noon."],
)
def test_a_sentence_that_stands_alone_comes_before_one_that_leans(leans: str) -> None:
    others = " ".join(f"Paolo Rossi opened the {thing} on Monday." for thing in NOVELTIES)
    told = article(f"{leans} {others}")
    assert leans not in about_rossi(hit(told), shelf=Shelf.holding(told))
    only = article(leans)
    assert about_rossi(hit(only), shelf=Shelf.holding(only)) == [leans]


def test_an_article_is_led_by_the_sentence_that_says_what_its_title_does() -> None:
    shown = article(
        "Flood in Genoa\n\nSign up to our free letter here. Flood in Genoa A reader’s picture of it. "
        "The flood in Genoa has closed all schools. In Genoa nobody was hurt.",
        title="Flood in Genoa",
    )
    value = lead(shown, [passage(shown)])
    assert value is not None and value.span.text == "The flood in Genoa has closed all schools."
    assert lead(article("Too short."), [passage(article("Too short."))]) is None


@pytest.mark.parametrize("question", ["TRUE", "undefined", "then"])
def test_a_word_that_asks_for_no_summary_gets_none(question: str) -> None:
    assert said(question) == []


def test_the_reader_alone_does_not_make_a_sentence_speak_of_the_topic() -> None:
    read = [span(TOLD, "The mayor Paolo Rossi", 1.0)]
    assert tell(plan("COM4", now=None), [hit(TOLD)], Shelf.holding(TOLD), read=read) == []


def test_the_closest_sentence_shares_the_words_of_the_question() -> None:
    near = closest(plan("Who saved people from the sea?", now=None), [hit(TOLD)], Shelf.holding(TOLD))
    assert near[0].text == "Firefighters saved forty people from roofs."


def test_without_hits_nothing_is_close() -> None:
    assert closest(plan("Who?", now=None), [], Shelf.holding(TOLD)) == []


def test_a_timeline_has_a_sentence_a_story_oldest_first_and_undated_last() -> None:
    new = article("Kirillov was killed in Moscow on Tuesday.", id="new", published="2025-04-25")
    old = article("Kirillov became a general, the ministry said.", id="old", published="2017-01-02")
    copy = article("Kirillov became a general, a ministry has said.", id="copy", published="2017-01-03")
    undated = article("A street is named after General Kirillov now.", id="undated", published=None)
    other = article("Something else happened in another town.", id="other", published="2016-01-01")
    shelf = Shelf.holding(new, old, copy, undated, other, clusters={"copy": "old"})
    hits = [hit(one) for one in (new, undated, copy, old, other)]
    spans = dated(plan("Kirillov", now=None), hits, shelf)
    ids = [span.passage.article_id for span in spans]
    assert ids[1:] == ["new", "undated"]
    assert ids[0] in ("old", "copy")


def test_a_timeline_tells_more_than_the_headline_where_a_story_does() -> None:
    told = article(
        "Kirillov killed in Moscow blast. A bomb in a scooter killed Kirillov outside a block of flats.",
        id="told",
        title="Kirillov killed in Moscow blast",
    )
    bare = article(
        "General Kirillov is buried in Moscow.", id="bare", title="General Kirillov buried in Moscow"
    )
    spans = dated(plan("Kirillov", now=None), [hit(told), hit(bare)], Shelf.holding(told, bare))
    said = {span.passage.article_id: span.text for span in spans}
    assert said["told"] == "A bomb in a scooter killed Kirillov outside a block of flats."
    assert said["bare"] == "General Kirillov is buried in Moscow.", "it has no other"


def ranked_by(words: str) -> Callable[[str, Sequence[Passage]], list[float]]:
    """A reader to whom the sentences with these words are about any question, and no other."""
    return lambda _, passages: [5.0 if words in passage.text else -5.0 for passage in passages]


def test_the_sentence_that_the_reader_ranks_first_settles() -> None:
    planned = plan("Were all classes cancelled in Genoa?", now=None)
    found = settling(planned, [hit(TOLD)], Shelf.holding(TOLD), ranked_by("closed"))
    assert [value.span.text for value in found] == ["The mayor Paolo Rossi closed all schools of the town."]
    nothing = settling(planned, [hit(TOLD)], Shelf.holding(TOLD), ranked_by("nothing"))
    trusts = [
        trusted_to_settle(settled, planned.question, ranked_by(words))[0].trust
        for settled, words in ((found, "closed"), (nothing, "nothing"))
    ]
    assert trusts[0] > 0.1 > trusts[1]
    assert trusted_to_settle([], planned.question, ranked_by("closed")) == []
    assert settling(planned, [hit(TOLD)], Shelf.holding(TOLD), ranked_by("nothing"), least=3.0) == []


def test_names_that_stand_nowhere_settle_nothing() -> None:
    planned = plan("Were schools closed in Milan by Anna Berg?", now=None)
    assert settling(planned, [hit(TOLD)], Shelf.holding(TOLD), ranked_by("closed")) == []


def test_the_latest_is_told_newest_first_and_once_a_story() -> None:
    days = {"a": "2025-04-20", "b": "2025-04-24", "c": "2025-04-22"}
    told = [
        article(f"The flood closed the {novelty} on that day.", id=id, title="Flood", published=day)
        for novelty, (id, day) in zip(NOVELTIES, days.items(), strict=False)
    ]
    shelf = Shelf.holding(*told, clusters={"a": "one", "b": "one", "c": "two"})
    planned = plan("What is the latest on the flood?", now=date(2025, 4, 25))
    found = tell(planned, [hit(one) for one in told], shelf)
    assert [value.span.passage.article_id for value in found] == ["b", "c"]


def test_an_embedded_post_is_quoted_only_where_the_text_says_nothing() -> None:
    post = "BREAKING The flood closed the theatre today pic.example.com/8GLU4"
    both = article(f"The flood closed the theatre on Monday.\n{post}")
    planned = plan("Tell me about the flood", now=None)
    (only,) = tell(planned, [hit(both)], Shelf.holding(both))
    assert only.span.text == "The flood closed the theatre on Monday."


def test_who_did_it_is_closest_to_what_says_whether_anybody_owned_up() -> None:
    both = article(
        "Gen. Bo Lee was killed by a bomb in Ely, the second general killed this year. "
        "So far nobody has claimed responsibility for the death of Lee."
    )
    for question in ("Who killed Bo Lee?", "Who is behind the killing of Gen. Bo Lee?"):
        first, *_ = closest(plan(question, now=None), [hit(both)], Shelf.holding(both))
        assert first.text.startswith("So far nobody")
    first, *_ = closest(plan("How was Bo Lee killed?", now=None), [hit(both)], Shelf.holding(both))
    assert first.text.startswith("Gen. Bo Lee")
