"""What cannot be the answer is left out, or something is seen that speaks against it."""

from __future__ import annotations

from typing import Any

import pytest
from told import article, span

from qa.answer.evidence import judge
from qa.answer.features import features, is_no_answer
from qa.answer.shelf import Shelf
from qa.answer.values import tidy
from qa.models.read import Candidate, Reading
from qa.question.parts import part as asked
from qa.question.parts import parts_of
from qa.types import Article, Part, Span

SEED = article(
    "Lt. Gen. Yaroslav Moskalik was killed in Balashikha near Moscow.\n"
    "President Trump met reporters on Tuesday. No group has claimed responsibility for the attack on Sumy.\n"
    "Ukraine’s security service has claimed responsibility for the death of Igor Kirillov, killed in 2024."
)


# Features that speak against a span; what each weighs is fitted, and measured by the benchmarks.
AGAINST = {
    "wrong_kind", "another_name", "too_long", "no_reason", "alone", "counts_other", "no_sum", "beaten",
    "nobody",
}  # fmt: skip
MISSING = 2.0  # logits; names that stand nowhere near


def stands(part: Part, told: Span, of: Article, **options: Any) -> bool:
    """Whether nothing that is seen speaks against the span."""
    if (fitting := tidy(told, part.expects)) is None or is_no_answer(part, fitting, of):
        return False
    seen = features(part, fitting, of, **options)
    return not AGAINST & seen.keys() and seen.get("missing", 0.0) < MISSING


def fits(question: str, words: str, name: str = "who") -> bool:
    return stands(asked(name, question), span(SEED, words), SEED)


def read_as(*spans: Span, margin: float = 6.0) -> list[Reading]:
    """Spans as the reader gives them, each so many logits above "no answer"."""
    return [Reading(5.0, 5.0, 0.0, (Candidate(one, margin, 0.0, 3.0, 3.0, 0.0),)) for one in spans]


def test_what_fits_is_not_spoken_against() -> None:
    assert fits("Who was killed in Balashikha?", "Yaroslav Moskalik")
    part = asked("who", "Who was killed in Balashikha?")
    (sure,) = judge(part, read_as(span(SEED, "Yaroslav Moskalik")), Shelf.holding(SEED), among=1)
    (less,) = judge(part, read_as(span(SEED, "Yaroslav Moskalik"), margin=-6.0), Shelf.holding(SEED), among=1)
    assert sure.score > 0.5 > less.score


@pytest.mark.parametrize(
    ("question", "words", "name"),
    [
        ("Who was killed in Paris?", "Yaroslav Moskalik", "who"),
        ("who was killed in paris?", "Yaroslav Moskalik", "who"),
        ("Who was killed in Balashikha in 2019?", "Yaroslav Moskalik", "who"),
        ("When was Moskalik killed?", "Balashikha", "when"),
        ("How many people were killed in Balashikha?", "Balashikha near Moscow", "how many"),
        ("Where was Moskalik killed?", "2024", "where"),
        ("Who attacked Sumy?", "No group", "who"),
        ("Which country has Ukraine’s security service struck?", "Balashikha", "which"),
        ("Which US state did President Trump speak of?", "Sumy", "which"),
        ("Which company has claimed responsibility?", "responsibility", "which"),
    ],
)
def test_what_the_question_demands_and_is_not_there_refuses(question: str, words: str, name: str) -> None:
    assert not fits(question, words, name)


@pytest.mark.parametrize(
    ("question", "words", "name"),
    [
        ("Which group has claimed responsibility?", "the", "which"),
        ("Who was killed in Balashikha?", "Balashikha", "who"),
        ("Where in Balashikha near Moscow was he killed?", "Balashikha near Moscow", "where"),
        ("What is the name of Moskalik's wife?", "Moskalik", "what"),
    ],
)
def test_words_of_the_question_are_no_answer(question: str, words: str, name: str) -> None:
    assert not fits(question, words, name)


def test_words_that_the_question_does_not_join_are_an_answer() -> None:
    town = article("The Tower Theatre is the heart of the Tower District.")
    question = "The Tower District is centered around which historic theatre?"
    assert stands(asked("which", question), span(town, "Tower Theatre"), town)


def test_a_small_word_is_judged_like_any_other() -> None:
    assert not fits("Who attacked Sumy?", "has")


@pytest.mark.parametrize(
    ("told", "question", "name"),
    [
        ("The fighters crossed into Pakistan.", "Who crossed into Pakistan?", "who"),
        ("At the end of World War I it was occupied.", "When was it occupied?", "when"),
        ("There are infinitely many primes.", "How many primes are there?", "how many"),
    ],
)
def test_what_answers_need_not_be_a_name_or_a_figure(told: str, question: str, name: str) -> None:
    text = article(told)
    words = {"who": "The fighters", "when": "the end of World War I", "how many": "infinitely many"}[name]
    assert stands(asked(name, question), span(text, words), text)


def test_a_start_is_a_time_and_a_startup_is_none() -> None:
    text = article("Two startups opened at the start of the season.")
    part = asked("when", "When did they open?")
    assert not stands(part, span(text, "Two startups"), text)
    assert stands(part, span(text, "at the start"), text)


def test_a_text_that_was_given_need_not_repeat_the_question() -> None:
    part = asked("who", "Who inaugurated the viaduct?")
    text = article("Ann Smith opened the bridge on Monday.")
    found, given = (features(part, span(text, "Ann Smith"), text, given=given) for given in (False, True))
    assert found["far_words"] == 1.0
    assert "far_words" not in given


def test_the_first_half_of_the_name_that_was_asked_about_is_no_answer_to_it() -> None:
    assert not fits("What is the name of Moskalik's wife?", "Yaroslav", name="what")
    assert fits("What is Moskalik's first name?", "Yaroslav", name="what")
    assert fits("Who met reporters?", "President Trump")


@pytest.mark.parametrize(
    ("words", "answers"),
    [("Rob Halm", True), ("Ann Halm", False), ("Annie Halm", False), ("Mrs Halm", False), ("Halm", False)],
)
def test_who_has_the_same_surname_and_another_given_name_may_answer(words: str, answers: bool) -> None:
    told = article(
        "Ann Halm, whom they call Annie Halm or Mrs Halm, married Rob Halm in 1970. Halm died in 2009."
    )
    part = asked("who", "Whom did Ann Halm marry?")
    assert is_no_answer(part, span(told, words), told) is not answers


def test_the_victim_of_an_act_did_not_claim_it() -> None:
    assert not fits("Who claimed responsibility for the death in Moscow?", "Igor Kirillov")
    assert fits("Who is dead?", "Igor Kirillov")


@pytest.mark.parametrize(
    ("question", "words", "kept"),
    [
        ("How old was Ann Smith?", "2025", False),
        ("How many died in the flood?", "1999", False),
        ("How many homes were lost?", "2010", True),
        ("How old was Ann Smith?", "41", True),
    ],
)
def test_a_year_counts_nothing(question: str, words: str, kept: bool) -> None:
    told = article("On April 25, 2025 Ann Smith, 41, spoke of 2010 homes that were lost, unlike in 1999.")
    assert stands(asked("how many", question), span(told, words), told) == kept


@pytest.mark.parametrize(
    ("question", "words", "kept"),
    [
        ("How many viewers watched?", "57", False),
        ("How many viewers watched?", "113", True),
        ("How many people came?", "900", True),
        ("How many were turned away?", "12", True),
    ],
)
def test_a_number_that_belongs_to_a_name_counts_nothing(question: str, words: str, kept: bool) -> None:
    told = article(
        "Some 113 million viewers watched Super Bowl 57 at home. "
        "In Glendale 900 people came, in Ely 12 were not."
    )
    assert stands(asked("how many", question), span(told, words), told) == kept


@pytest.mark.parametrize(
    ("words", "kept"),
    [("Four", False), ("12", False), ("$68 billion", True), ("90", True)],
)
def test_a_length_of_time_is_no_sum(words: str, kept: bool) -> None:
    told = article("Four years later it paid $68 billion, 90 a year and a share, after 12 long weeks.")
    assert stands(asked("how much", "How much did it pay?"), span(told, words), told) == kept


def test_a_bare_number_is_no_length_of_time() -> None:
    told = article("Photo 28 of 49 shows Boris Johnson in office.")
    part = asked("how long", "How long was Boris Johnson in office?")
    assert not stands(part, span(told, "49"), told)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("despite the resistance of the Church", False),
        ("their citizens prefer it", False),
        ("34%, to $14bn", False),
        ("9/11", True),
        ("the towns need money", True),
    ],
)
def test_what_is_conceded_in_doubt_or_a_sum_is_no_reason(words: str, kept: bool) -> None:
    told = article(
        "The towns tax the schools despite the resistance of the Church, for the towns need money.\n"
        "A vote shall tell whether their citizens prefer it. Taxes rose 34%, to $14bn, and once over 9/11."
    )
    assert stands(asked("why", "Why do the towns tax the schools?"), span(told, words), told) == kept


def test_a_year_is_no_length_of_time() -> None:
    told = article("The strike could last for months and delay shows that were to return in 2024.")

    part = asked("how long", "How long could the strike last?")
    assert not stands(part, span(told, "2024"), told)
    assert stands(part, span(told, "months"), told)


@pytest.mark.parametrize(
    ("question", "words", "kept"),
    [
        ("Who won the election?", "Emmanuel Macron", True),
        ("Who won the election?", "Marine Le Pen", False),
        ("Which candidate lost the election?", "Marine Le Pen", True),
        ("Who did Macron defeat in the election?", "Marine Le Pen", True),
        ("Who won the final?", "Spain", True),
        ("Which team won the final?", "England", False),
        ("Who was elected mayor?", "Ann Wood", True),
        ("Who was the player that won the final for Spain?", "Olga Carmona", True),
    ],
)
def test_who_was_beaten_has_not_won(question: str, words: str, kept: bool) -> None:
    told = article(
        "Emmanuel Macron won the election, fending off a challenge from far-right candidate Marine Le Pen.\n"
        "Spain beat England in the final. It beat England after Olga Carmona scored.\n"
        "Bo Dahl was beaten by Ann Wood, who was elected mayor."
    )
    assert stands(asked("who", question), span(told, words), told) == kept


def test_to_whom_something_was_done_did_not_do_something_else() -> None:
    told = article("Moskalik was shot.\nIgor Kirillov was killed, and a group has claimed responsibility.")

    picked = span(told, "Igor Kirillov")
    assert not stands(asked("who", "Who claimed responsibility for Moskalik’s death?"), picked, told)
    assert stands(asked("who", "Who was killed after Moskalik?"), picked, told)


@pytest.mark.parametrize(
    ("question", "words", "kept"),
    [
        ("How many people were killed in Sumy?", "four", True),
        ("How many people were killed in Sumy?", "30", False),
        ("How many people were injured in Sumy?", "30", True),
        ("How many people were injured in Sumy?", "four", False),
        ("How many people died in Sumy?", "34", True),
        ("How many people were killed or wounded in Sumy?", "30", True),
    ],
)
def test_the_injured_are_not_counted_as_dead_nor_the_dead_as_injured(
    question: str, words: str, kept: bool
) -> None:
    told = article(
        "The strike on Sumy killed at least four people and injured 30. At first 34 were thought dead."
    )
    assert stands(asked("how many", question), span(told, words), told) == kept


def test_a_name_nearby_is_better_than_one_far_away() -> None:
    part = asked("who", "Who claimed responsibility for Kirillov's death?")
    near, far = (
        features(part, span(SEED, words), SEED).get("missing", 0.0)
        for words in ("Ukraine’s security service", "President Trump")
    )
    assert near < far


def test_the_agency_in_a_dateline_is_no_answer() -> None:
    told = article("Los Angeles (CNN) The awards were presented on Monday.")
    part = asked("which", "Which show won the award?")
    assert is_no_answer(part, span(told, "CNN"), told)


def test_a_piece_of_a_web_address_answers_only_who_asks_for_one() -> None:
    told = article("He was killed on Friday. pic.twitter.com/8GLU4vaDXU")

    def kept(question: str) -> bool:
        part = asked("how old", question)
        return not is_no_answer(part, span(told, "8GLU4vaDXU"), told)

    assert not kept("How old was he?")
    assert kept("What is the link to the picture?")


def test_a_rating_is_no_web_address() -> None:
    told = article("Critics gave the film 4.5/5 stars.")
    part = asked("what", "What did critics give the film?")
    assert not is_no_answer(part, span(told, "4.5/5"), told)


def test_a_heading_or_an_item_of_a_list_answers_nothing() -> None:
    page = article("Which drink did Starbucks reintroduce this week?\nQUIZ TIME\n- Chai\nIt was the latte.")
    part = asked("which", "Which drink did Starbucks reintroduce this week?")
    kept = [words for words in ("QUIZ TIME", "Chai", "latte") if stands(part, span(page, words), page)]
    assert kept == ["latte"]


@pytest.mark.parametrize(
    ("told", "words", "kept"),
    [
        (
            "1. The islands may join which country?\n\nDenmark\n\nSweden\n\nNorway\n\n2. Who won?",
            "Sweden",
            False,
        ),
        ("1. The islands may join which country? Denmark\n\nSweden\n\nNorway", "Denmark", False),
        ("The islands may join which country? Denmark\n\nSweden\n\nNorway", "Norway", False),
        ("Which country? Denmark\n\nSweden\n\nNorway 2. In a new book, who wins?", "Norway", False),
        ("The islands may join which country?\nDenmark and the islands are in talks.", "Denmark", True),
        ("Which country?\nDenmark, as the islands decided\nWhen?\nOn Friday", "Denmark", True),
        ("The islands may join\nDenmark, as decided\non Friday", "Denmark", True),
        ("Which country may they join?\n- Denmark\n- Sweden\n- Norway", "Sweden", True),
    ],
)
def test_what_a_quiz_offers_is_no_answer(told: str, words: str, kept: bool) -> None:
    text = article(told)
    part = asked("which", "Which country may the islands join?")
    assert (not is_no_answer(part, span(text, words), text)) is kept


def test_each_of_several_articles_may_hold_some_of_the_names() -> None:
    other = article("Fortune wrote about Sam Bankman-Fried.", id="b")
    part = asked("who", "Who spoke to Trump and wrote about Sam Bankman-Fried?")
    alone = features(part, span(SEED, "reporters"), SEED)
    together = features(part, span(SEED, "reporters"), SEED, elsewhere=[SEED, other])
    assert together["missing"] < alone["missing"]


def test_who_somebody_is_is_no_other_name() -> None:
    told = article(
        "UK Prime Minister Keir Starmer and President Ursula von der Leyen met the envoy Steve Witkoff."
    )
    part = asked("who", "Who is Keir Starmer?")
    assert not stands(part, span(told, "Ursula von der Leyen"), told)
    assert stands(part, span(told, "UK Prime Minister"), told)


def test_a_description_of_the_person_asked_about_is_no_answer() -> None:
    told = article("Another Russian general, Lt. Gen. Igor Kirillov, was killed by agents.")
    part = asked("who", "By whom was Igor Kirillov killed?")
    picked = read_as(span(told, "Another Russian general"), span(told, "agents"))
    assert [one.text for one in judge(part, picked, Shelf.holding(told), among=1)] == ["agents"]


@pytest.mark.parametrize(
    ("text", "words", "feature"),
    [
        ("The plant will lose 180 jobs in 12 weeks.", "180", "counts_asked"),
        ("The plant will lose 180 jobs in 12 weeks.", "12", "counts_unasked"),
        ("Some 40 drivers of the firm kept their jobs.", "40", "counts_unasked"),
    ],
)
def test_what_a_number_counts_is_a_feature(text: str, words: str, feature: str) -> None:
    told = article(text)
    part = asked("how many", "How many jobs will the plant lose?")
    assert feature in features(part, span(told, words), told)


def test_a_figure_that_was_put_right_is_seen() -> None:
    told = article("The institute, which at first gave a magnitude of 5.9, now says it was 6.1.")
    part = asked("how many", "How many points did the quake have?")
    assert "superseded" in features(part, span(told, "5.9"), told)
    assert "superseded" not in features(part, span(told, "6.1"), told)


def test_what_cannot_answer_is_no_rival() -> None:
    told = article("The strikes killed 12 people and injured 90 in Kyiv.")
    part = asked("how many", "How many people were killed in Kyiv?")
    both = tuple(
        Candidate(span(told, words), margin, 0.0, 3.0, 3.0, 0.0)
        for words, margin in (("90", 6.0), ("12", 3.0))
    )
    (found,) = judge(part, [Reading(5.0, 5.0, 0.0, both)], Shelf.holding(told), among=1)
    (alone,) = judge(part, read_as(span(told, "12"), margin=3.0), Shelf.holding(told), among=1)
    assert found.text == "12" and found.score == alone.score


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("When did the firm get the offer?", "The firm got an offer of $3.25bn in May.", "$3.25bn"),
        ("How many people were killed?", "The fire killed 12 people and injured 90.", "90"),
        ("How much did it cost?", "It cost little after four years of work.", "four years"),
        ("Who claimed responsibility?", "So far no group has claimed responsibility.", "group"),
        ("Who robbed the mill?", "Ann Lee sang. The band left.", "Ann Lee"),
        ("Who killed Ann Lee?", "Ann Lee was killed by a homemade bomb.", "a homemade bomb"),
    ],
)
def test_words_of_another_kind_are_no_answer(question: str, text: str, words: str) -> None:
    told = article(text, title="Oslo")
    (part, *_) = parts_of(question)
    assert is_no_answer(part, span(told, words), told)


@pytest.mark.parametrize("question", ["Who did the killing of Ivo Tarn?", "Who killed Ivo Tarn?"])
def test_what_describes_the_victim_is_not_who_did_it(question: str) -> None:
    told = article("Col. Ivo Tarn, head of the guard, has been shot dead in Oslo.")
    found = judge(
        asked("who", question), read_as(span(told, "head of the guard")), Shelf.holding(told), among=1
    )
    assert found == []
