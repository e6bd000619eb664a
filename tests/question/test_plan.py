"""What questions ask for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question.grammar import about_same, split_sentences
from qa.question.parts import parts_of
from qa.question.plan import of_topic, plan
from qa.types import SAYS, Filters, Plan

NOW = date(2025, 4, 25)
OUTLETS = ("TechCrunch", "The Verge", "Fortune", "CNN", "Cnbc | World Business News Leader")


def planned(question: str, **options: object) -> Plan:
    return plan(question, **{"now": NOW, "outlets": OUTLETS, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who was killed?", ["who"]),
        ("In what year was Crimea annexed?", ["what"]),
        ("With whom did Trump speak?", ["who"]),
        ("How many people were injured?", ["how many"]),
        ("How much does it cost?", ["how much"]),
        ("Which country won?", ["which"]),
        ("Why did he resign?", ["why"]),
        ("who was killed and where?", ["who", "where"]),
        ("who was killed, where and when", ["who", "where", "when"]),
        ("When and by whom was Kirillov killed?", ["when", "who"]),
        ("How many were killed and injured in Kyiv?", ["how many killed", "how many injured"]),
        ("How many were killed in Kyiv and how many were injured?", ["how many killed", "how many injured"]),
        ("The Chiefs beat the Eagles who had led. Where was the game?", ["where"]),
        ("Max Verstappen ended the season with a victory where?", ["where"]),
        ("She was a former special assistant to:", ["what"]),
    ],
)
def test_a_question_has_its_parts(question: str, names: list[str]) -> None:
    assert [part.name for part in planned(question).parts] == names


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Which US state became the 24th to legalise it?", "state"),
        ("On which tropical island did the two countries meet?", "name"),
        ("Which country’s leader did not come?", "country"),
        ("Which two major supermarkets plan to merge?", "name"),
        ("Which prominent television host left?", "person"),
        ("Six were hurt when a crane collapsed in which major city?", "city"),
        ("A trailer was released for which upcoming film this year?", "name"),
        ("This company was bought for $44 billion.", "name"),
        ("This former actor has died.", "person"),
        ("What year was it?", "time"),
        ("Which is the largest?", "any"),
        ("What is the president’s proposal?", "any"),
        ("What was the singer filming?", "any"),
        ("Which theory states that rocks form slowly?", "any"),
        ("What general term is used for it?", "any"),
        ("Which general was killed?", "person"),
        ("What are the United States at risk for?", "any"),
        ("Which US war caused a high amount of protest?", "any"),
        ("When violence is used, what is such a protest called?", "any"),
        ("When the levee broke, who was blamed?", "person"),
        ("When the firm cut jobs, how many people were affected?", "number"),
        ("When, and where, was he shot?", "time"),
        ("When in 2022 did the war begin, which still goes on?", "time"),
    ],
)
def test_the_noun_says_what_can_answer(question: str, kind: str) -> None:
    assert parts_of(question)[0].expects == kind


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("She was an assistant to:", "She was an assistant to what?"),
        ("This actor won this week.", "Which actor won this week?"),
        ("He met this leader, his counterpart:", "He met which leader, his counterpart?"),
        ("Tell me", "Tell me"),
    ],
)
def test_a_sentence_with_a_gap_becomes_a_question(said: str, asked: str) -> None:
    assert parts_of(said)[0].question == asked


def test_the_second_part_asks_about_what_the_first_finds() -> None:
    assert planned("who was killed and where?").parts[1].question == "Where was {who} killed?"
    assert (
        planned("When and by whom was Kirillov killed?").parts[1].question == "By whom was Kirillov killed?"
    )


def test_a_place_named_once_holds_for_both_clauses() -> None:
    first, second = planned("How many were killed and how many were injured in Kyiv?").parts
    assert "Kyiv" in first.question and "Kyiv" in second.question


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who was killed?", "fact"),
        ("Did Ukraine claim responsibility?", "yes_no"),
        ("Do you know whether Kirillov was sanctioned?", "yes_no"),
        ("Was Kirillov killed and when?", "fact"),
        ("Tell me about Steve Witkoff", "about"),
        ("What happened to Igor Kirillov?", "about"),
        ("What's the latest on Crimea?", "about"),
        ("Kirillov assassination", "about"),
        ("Which two countries joined?", "list"),
        ("Which two Pac-12 schools are in negotiations?", "list"),
        ("This superstar closed out a tour at Dodger Stadium this week, where they first performed:", "fact"),
        ("please, can you tell me who was killed?", "fact"),
    ],
)
def test_a_question_is_of_a_kind(question: str, kind: str) -> None:
    assert planned(question).kind == kind


@pytest.mark.parametrize(
    ("question", "kind", "asked"),
    [
        ("Who was charged? Please list everyone.", "list", "Who was charged?"),
        ("Please list the banks that failed.", "list", "List the banks that failed."),
        ("Does anyone know how many people died?", "fact", "How many people died?"),
        ("Who were the candidates?", "list", "Who were the candidates?"),
        ("magnitude of the quake?", "fact", "Magnitude of the quake?"),
        ("quake in Turkey", "about", "Quake in Turkey"),
    ],
)
def test_what_only_wants_an_answer_is_taken_off(question: str, kind: str, asked: str) -> None:
    made = planned(question)
    assert (made.kind, made.question) == (kind, asked)


def test_a_noun_phrase_asked_for_can_be_told_of() -> None:
    told = of_topic(planned("magnitude of the quake?"))
    assert told is not None and told.kind == "about" and told.parts[0].name == SAYS
    assert of_topic(planned("Who resigned?")) is None


def test_vague_time_words_favour_and_written_ranges_filter() -> None:
    vague = planned("Who won this week?")
    assert vague.filters == Filters()
    assert vague.favoured is not None and vague.favoured.until == NOW
    assert vague.relative
    exact = planned("Who won between 1 April 2025 and 5 April 2025?")
    assert exact.filters == Filters(date(2025, 4, 1), date(2025, 4, 5))
    assert not exact.relative


def test_what_the_caller_gives_filters_exactly() -> None:
    given_ = planned("Who won this week?", since=date(2025, 4, 24), until=NOW, outlet="CNN")
    assert given_.filters == Filters(date(2025, 4, 24), NOW, ("CNN",))


def test_a_range_in_the_question_never_widens_what_the_caller_gave() -> None:
    narrowed = planned("Who won between 1 April 2025 and 5 April 2025?", since=date(2025, 4, 3))
    assert narrowed.filters == Filters(date(2025, 4, 3), date(2025, 4, 5))


def test_latest_is_noted() -> None:
    assert planned("Who is the latest winner?").latest
    assert not planned("Who is the winner?").latest


def test_outlets_named_as_sources_filter_each_its_own_search() -> None:
    compared = planned(
        "Did the TechCrunch article blame Google for lost ads, while Fortune blames Apple for it?"
    )
    assert compared.kind == "compare"
    assert [search.filters.outlets for search in compared.searches] == [("TechCrunch",), ("Fortune",)]
    assert "Google" in compared.sides[0].question and "Google" not in compared.sides[1].question


def test_two_articles_of_one_outlet_are_searched_apart() -> None:
    compared = planned(
        "Does the TechCrunch article on Twitch's revenue split name another share "
        "than the TechCrunch article on Beeper's plans for subscriptions?"
    )
    assert compared.kind == "compare"
    assert [("Twitch" in side.question, "Beeper" in side.question) for side in compared.sides] == [
        (True, False),
        (False, True),
    ]


def test_a_fact_from_two_outlets_is_searched_in_both_and_as_a_whole() -> None:
    fact = planned(
        "Which company, as reported by both TechCrunch and The Verge, pays to be the default search?"
    )
    assert fact.kind == "fact"
    assert [search.filters.outlets for search in fact.searches] == [(), ("TechCrunch",), ("The Verge",)]
    assert [side.searches[0] for side in fact.sides] == list(fact.searches[1:])
    assert all(side.parts[0].question.startswith("Which company") for side in fact.sides)


def test_an_outlet_filters_as_a_source_and_not_as_a_subject() -> None:
    assert planned("According to CNN, who was dismissed?").filters.outlets == ("CNN",)
    assert planned("Who was dismissed by CNN?").filters.outlets == ()
    assert planned("What did the CNBC report say about gold?").filters.outlets == (OUTLETS[-1],)


def test_articles_named_by_their_days_are_searched_apart() -> None:
    compared = planned(
        "Between the article of April 10 and that of April 20, did the death toll in Kyiv change?"
    )
    assert compared.kind == "compare"
    first, second = (side.filters for side in compared.sides)
    assert (
        first.since is not None
        and first.until is not None
        and first.since <= date(2025, 4, 10) <= first.until
    )
    assert second.since is not None and second.since > first.until


def test_both_asks_the_same_of_each() -> None:
    both = planned("Where were both Moskalik and Kirillov killed?")
    assert both.kind == "compare"
    assert [("Moskalik" in side.question, "Kirillov" in side.question) for side in both.sides] == [
        (True, False),
        (False, True),
    ]


@given(st.text(min_size=1))
def test_any_text_has_a_plan(text: str) -> None:
    made = planned(text)
    assert made.searches
    assert made.parts
    assert all(search.clauses for search in made.searches)
    assert made.kind != "compare" or len(made.sides) > 1


def test_a_clause_is_asked_for_itself() -> None:
    question = (
        "Which company, as reported by TechCrunch, pays billions, and is also accused by The Verge of harm?"
    )
    assert about_same(question, "and is also accused of harm") == "Which company is also accused of harm?"


@pytest.mark.parametrize(
    "question",
    ["What happened?", "What is this article about?", "What’s it about?", "Summarize the article."],
)
def test_a_summary_is_about_all(question: str) -> None:
    assert planned(question).kind == "about"


def test_a_comma_before_a_single_question_splits_nothing() -> None:
    asked = "In what may be the worst fire ever, how many cows died in a fire and a blast in Texas?"
    (part,) = plan(asked, now=None).parts
    assert part.question == asked


@pytest.mark.parametrize(
    "question",
    [
        "Which parties won seats in Oslo?",
        "which ships sank in the storm?",
        "Which firms lost money?",
        "Which steel mills closed in May?",
    ],
)
def test_a_plural_before_a_past_verb_asks_for_several(question: str) -> None:
    assert plan(question, now=None).kind == "list"


def test_each_who_of_three_asks_for_itself() -> None:
    asked = "Who refereed the final, who trains Lund and who trains Ely?"
    told = [one.question for one in parts_of(asked)]
    assert told == ["Who refereed the final?", "Who trains Lund?", "Who trains Ely?"]


@pytest.mark.parametrize("question", ["Why was the general strike called off?", "How was the judge killed?"])
def test_a_reason_or_a_manner_is_no_person(question: str) -> None:
    assert parts_of(question)[0].expects == "any"


def test_one_noun_before_a_past_verb_asks_for_one() -> None:
    assert plan("Which party won the most seats?", now=None).kind == "fact"
    assert plan("Which bus crashed?", now=None).kind == "fact"
    assert plan("Which city was struck?", now=None).kind == "fact"


def test_a_title_in_short_does_not_end_a_question() -> None:
    assert split_sentences("Who shot Lt. Gen. Bo Lee? Name Prof. Ek.") == [
        "Who shot Lt. Gen. Bo Lee?",
        "Name Prof. Ek.",
    ]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who was hurt, and how old was each?", ["Who was hurt?", "How old was {who}?"]),
        ("Who won the race and what was her time?", ["Who won the race?", "What was {who}’s time?"]),
        ("Who was killed and who killed him?", ["Who was killed?", "Who killed {who}?"]),
        (
            "Which firm was sold and how much did it cost?",
            ["Which firm was sold?", "How much did {which} cost?"],
        ),
        (
            "Which hostages were freed in Ely and how old are they?",
            ["Which hostages were freed in Ely?", "How old is {which}?"],
        ),
        (
            "Which victims were named and how old was each victim?",
            ["Which victims were named?", "How old was {which}?"],
        ),
        (
            "Who was killed, how old was she and why was she killed?",
            ["Who was killed?", "How old was {who}?", "Why was {who} killed?"],
        ),
    ],
)
def test_a_clause_is_asked_of_what_answers_the_one_before(question: str, asked: list[str]) -> None:
    assert [part.question for part in plan(question, now=None).parts] == asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who lost and what did each party get?", "What did each party get?"),
        (
            "Who resigned and did Ann Lee say she would stay?",
            "Who resigned and did Ann Lee say she would stay?",
        ),
        ("What caused the fire and who put it out?", "Who put it out?"),
    ],
)
def test_a_clause_with_a_noun_of_its_own_is_left(question: str, asked: str) -> None:
    assert parts_of(question)[-1].question == asked


@pytest.mark.parametrize(
    ("question", "asked", "apart"),
    [
        ("What is Lee accused of and will he be charged?", "What is Lee accused of?", "Will he be charged?"),
        ("Who resigned, and is she married?", "Who resigned?", "Is she married?"),
        ("Who won and was injured?", "Who won and was injured?", ""),
        ("Who was killed and where?", "Who was killed?", ""),
    ],
)
def test_a_yes_or_no_question_behind_another_is_kept_apart(question: str, asked: str, apart: str) -> None:
    whole = plan(question, now=None)
    assert (whole.parts[0].question, whole.apart) == (asked, apart)


def test_what_two_clauses_count_is_named_in_both() -> None:
    asked = [one.question for one in parts_of("How many ants are there and how many live on the ground?")]
    assert asked == ["How many ants are there?", "How many ants live on the ground?"]
    names = [one.name for one in parts_of("How many ants are there and how many live on the ground?")]
    assert names == ["how many", "how many (2)"]


def test_a_clause_may_ask_with_a_noun_and_its_verb() -> None:
    asked = [one.question for one in parts_of("What pick was Lee and which team drafted Ek?")]
    assert asked == ["What pick was Lee?", "Which team drafted Ek?"]


def test_what_stands_beside_a_list_is_asked_for_too() -> None:
    whole = plan("Which parties won seats and who is the mayor?", now=None)
    assert whole.kind == "list"
    assert [part.question for part in whole.parts] == ["Which parties won seats?", "Who is the mayor?"]
