"""The words of an answer, its findings and its citations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from told import article, span

from qa.answer.compose import compose, in_prose, merged, not_found
from qa.answer.shelf import Shelf
from qa.answer.text import with_text
from qa.answer.values import Row, Value
from qa.question.conversation import as_turns
from qa.question.plan import plan
from qa.types import Answer, Article, Citation, Finding, Line, Quote, Span

MEN = article("Lt. Gen. Igor Kirillov was killed near his Moscow residence. He was a general.", id="men")
SAME = article("Igor Kirillov was killed on Tuesday, police said.", id="same", outlet="BBC")
OLD = article("At least 12 people died in Kyiv.", id="old", published="2025-04-24", outlet="BBC")
NEW = article("Officials said 15 people died in Kyiv [3].", id="new", published="2025-04-25")
TITLED = article(
    "The bridge fell at noon.", id="titled", title="The bridge [2]", published="2025-04-24", outlet="BBC"
)
ARTICLES = (MEN, SAME, OLD, NEW, TITLED)


def value(*spans: Span) -> Value:
    return Value(spans, spans[0].score, 1.0)


def composed(question: str, *rows: Row, clusters: dict[str, str] | None = None, **options: bool) -> Answer:
    planned = plan(question, now=date(2025, 4, 25))
    shelf = Shelf.holding(*ARTICLES, clusters=clusters)
    return with_text(compose(planned, rows, shelf, question=question, threshold=0.5, **options))


def composed_of(question: str, row: Row, *articles: Article) -> Answer:
    shelf = Shelf.holding(*articles)
    return with_text(compose(plan(question, now=None), [row], shelf, question=question, threshold=0.5))


def test_value_first_then_the_sentence_it_stands_in() -> None:
    answer = composed("Who was killed?", {"who": value(span(MEN, "Lt. Gen. Igor Kirillov"))})
    quoted = "Lt. Gen. Igor Kirillov was killed near his Moscow residence."
    assert answer.text == f"Lt. Gen. Igor Kirillov: “{quoted}” [1]"
    assert answer.citations[0].quote.text == quoted


def test_who_is_named_by_a_surname_is_named_in_full_with_the_sentence_that_does() -> None:
    told = article("Sam Altman founded it. Altman was dismissed on Friday.", id="told")
    who = {"who": value(replace(span(told, "Altman was"), end=29))}
    answer = composed_of("Who was dismissed?", who, told)
    assert answer.findings[0].values["who"].text == "Sam Altman"
    assert answer.text == "Sam Altman: “Altman was dismissed on Friday.” [1] “Sam Altman founded it.” [2]"
    assert answer.findings[0].citations == (1, 2)
    assert answer.findings[0].sources == 1


def test_a_row_in_one_sentence_has_one_citation() -> None:
    row = {"who": value(span(MEN, "Lt. Gen. Igor Kirillov")), "where": value(span(MEN, "Moscow residence"))}
    answer = composed("Who was killed and where?", row)
    assert answer.text.startswith("Lt. Gen. Igor Kirillov, near his Moscow residence: “")
    assert answer.findings[0].citations == (1,)


def test_independent_sources_are_counted_and_copies_are_one() -> None:
    row = {"who": value(span(MEN, "Lt. Gen. Igor Kirillov"), span(SAME, "Igor Kirillov"))}
    independent = composed("Who was killed?", row)
    assert independent.findings[0].sources == 2
    assert "[1]" in independent.text and "[2]" in independent.text
    assert independent.text.endswith("(2 independent sources)")
    copied = composed("Who was killed?", row, clusters={"same": "men"})
    assert copied.findings[0].sources == 1
    assert len(copied.citations) == 1


def test_what_two_articles_say_word_for_word_is_said_once_and_is_one_source() -> None:
    again = article(
        "Igor Kirillov was killed on Tuesday,  police said. It was cold.", id="again", outlet="CNN"
    )
    row = {"who": value(*(span(told, "Igor Kirillov") for told in (SAME, again)))}
    answer = composed_of("Who was killed?", row, SAME, again, MEN)
    assert answer.text == "Igor Kirillov: “Igor Kirillov was killed on Tuesday, police said.” [1]"
    assert answer.findings[0].sources == 1


def test_what_no_row_answers_is_named() -> None:
    who = {"who": value(span(MEN, "Lt. Gen. Igor Kirillov"))}
    where = "No answer was found to this: Where was Lt. Gen. Igor Kirillov killed?\n"
    assert composed("Who was killed and where?", who).text.startswith(where)
    asked = "Who was killed in Moscow and how many people died in Kyiv?"
    unanswered = "No answer was found to this: How many people died in Kyiv?\n"
    assert composed(asked, who).text.startswith(unanswered)


def test_an_article_of_a_list_is_named_by_its_title() -> None:
    answer = composed("News", {"says": value(span(TITLED, "The bridge fell at noon."))}, titled=True)
    assert answer.text == "The bridge (BBC, 24 April 2025): “The bridge fell at noon.” [1]"


def test_reports_that_differ_are_all_shown_newest_first_with_outlet_and_day() -> None:
    answer = composed(
        "How many died in Kyiv?",
        {"how many": value(span(OLD, "12"))},
        {"how many": value(span(NEW, "15"))},
        differ=True,
    )
    opening, first, second = answer.text.splitlines()
    assert opening == "Reports differ:"
    assert first.startswith("Reuters, 25 April 2025: 15: “")
    assert second.startswith("BBC, 24 April 2025: At least 12: “")
    assert [citation.quote.article.id for citation in answer.citations] == ["new", "old"]


def test_marks_in_a_quote_do_not_look_like_citations() -> None:
    answer = composed("How many died in Kyiv?", {"how many": value(span(NEW, "15"))})
    assert "[3]" not in answer.text
    assert answer.citations[0].quote.text in NEW.text


def test_the_day_is_said_only_where_the_question_depends_on_it() -> None:
    row = {"who": value(span(MEN, "Lt. Gen. Igor Kirillov"))}
    assert composed("Who was killed this week?", row).text.startswith("As of 25 April 2025:")
    plain = composed("Who was killed?", row)
    assert "As of" not in plain.text
    assert plain.as_of == "2025-04-25"


def test_not_found_says_so_and_quotes_what_is_closest() -> None:
    answer = not_found(
        plan("Who was killed in Paris?", now=None),
        [span(MEN, "He was a general.")],
        Shelf.holding(MEN),
        question="Who was killed in Paris?",
    )
    assert answer.status == "not_found"
    text = with_text(answer).text
    assert "No answer" in text and "“He was a general.”" in text
    assert answer.closest[0].text == "He was a general."
    assert answer.citations == ()


def test_one_sentence_cited_by_two_findings_has_one_number() -> None:
    rows: list[Row] = [{"what": value(span(MEN, "general"))}, {"what": value(span(MEN, "a general"))}]
    answer = composed("What was he?", *rows)
    assert [finding.citations for finding in answer.findings] == [(1,), (1,)]
    assert len(answer.citations) == 1


def article_ids(answer: Answer) -> list[str]:
    return [citation.quote.article.id for citation in answer.citations]


def test_citations_are_numbered_in_the_order_of_the_text() -> None:
    shelf: list[Article] = [OLD, NEW]
    rows: list[Row] = [{"who": value(span(told, "people"))} for told in shelf]
    answer = composed("Who died?", *rows)
    assert [citation.number for citation in answer.citations] == [1, 2]
    assert article_ids(answer) == ["old", "new"]


def told() -> Answer:
    """Two findings in the articles' own words, the first with two sources."""
    near = article("Kirillov was killed in Moscow.", id="b")
    copy = article("Moskalik was killed near Moscow, too.", id="c")
    own = article("Moskalik was killed in Balashikha.")
    return Answer(
        question="Who was killed?",
        searched="Who was killed?",
        status="answered",
        lines=(Line("Moskalik", (1, 2), "Moskalik"), Line("Kirillov", (3,), "Kirillov")),
        findings=(
            Finding({"who": span(own, "Moskalik")}, (1, 2), 2),
            Finding({"who": span(near, "Kirillov")}, (3,), 1),
        ),
        citations=tuple(
            Citation(number, Quote(one, 0, len(one.text)))
            for number, one in enumerate((own, copy, near), start=1)
        ),
    )


def test_prose_names_the_other_sources_and_keeps_the_line_of_what_it_leaves_out() -> None:
    prose = in_prose(told(), ["Moskalik was killed in Balashikha [1]."], written_by="m at h")
    assert with_text(prose).text == (
        "Moskalik was killed in Balashikha [1]. (also [2])\nKirillov: “Kirillov was killed in Moscow.” [3]"
    )
    assert prose.written_by == "m at h"
    assert prose.findings == told().findings


def test_prose_that_cites_a_finding_without_its_value_does_not_tell_it() -> None:
    prose = in_prose(told(), ["A man was killed in Balashikha [1]."], written_by="m")
    assert "Moskalik: “Moskalik was killed in Balashikha.” [1]" in with_text(prose).text


def test_a_whole_sentence_is_quoted_as_well_when_its_telling_drops_much_of_it() -> None:
    own = article("Moskalik was killed in Balashikha by a bomb that hung on a scooter in front of his house.")
    answer = replace(
        told(),
        lines=(Line("", (1,)),),
        findings=(Finding({"says": span(own, own.text)}, (1,), 1),),
        citations=(Citation(1, Quote(own, 0, len(own.text))),),
    )
    short = with_text(in_prose(answer, ["Moskalik was killed in Balashikha [1]."], written_by="m")).text
    assert short == f"Moskalik was killed in Balashikha [1].\n“{own.text}” [1]"
    long = "Moskalik was killed in Balashikha by a bomb that hung on a scooter in front of his home [1]."
    assert with_text(in_prose(answer, [long], written_by="m")).text == long


def test_answers_to_parts_become_one_with_each_quote_numbered_once() -> None:
    lost = Answer("Who, and why?", "And why?", "not_found", opening=("No.",))
    whole = merged([told(), lost, told()], question="Who, and why?")
    assert [citation.number for citation in whole.citations] == [1, 2, 3]
    assert len(whole.findings) == 4
    assert whole.opening == ("No answer was found to this: And why?",)
    assert with_text(whole).text.count("\n") == 4
    assert merged([lost, lost], question="?").status == "not_found"
    near = replace(lost, status="unsure", closest=(Quote(MEN, 0, 20),))
    unsure = merged([told(), near], question="?")
    assert unsure.opening[-1] == "Not sure of this: And why?" and unsure.closest == near.closest


def test_what_may_answer_the_rest_is_quoted_and_not_denied() -> None:
    who = {"who": value(span(MEN, "Lt. Gen. Igor Kirillov"))}
    asked = "Who was killed in Moscow and how many people died in Kyiv?"
    elsewhere = value(span(OLD, "12"))
    answer = with_text(composed(asked, who, perhaps={"how many": elsewhere}))
    assert answer.opening == ("Not sure of this: How many people died in Kyiv?",)
    assert [quote.to_dict()["likely"]["text"] for quote in answer.closest] == ["12"]
    assert answer.text.splitlines()[-1].startswith(f"{answer.opening[0]} This may answer it (")
    assert not answer.text.startswith("Not sure")
    beside = composed(asked, who, perhaps={"how many": who["who"]})
    assert beside.opening == ("The quote may answer this too: How many people died in Kyiv?",)
    assert beside.closest == ()


def test_an_unsure_span_of_another_event_does_not_make_a_report_newer() -> None:
    other = article("At least 12 people died in Lviv.", id="other", published="2025-05-01")
    rows = (
        {"how many": value(span(OLD, "12"), span(other, "12", score=0.1))},
        {"how many": value(span(NEW, "15"))},
    )
    answer = compose(
        plan("How many people died in Kyiv?", now=date(2025, 4, 25)),
        rows,
        Shelf.holding(OLD, NEW, other),
        question="How many people died in Kyiv?",
        threshold=0.5,
        differ=True,
    )
    assert [finding.values["how many"].text for finding in answer.findings] == ["15", "At least 12"]


def test_a_question_behind_the_answered_one_is_to_be_asked_by_itself() -> None:
    who = {"who": value(span(MEN, "Lt. Gen. Igor Kirillov"))}
    assert composed("Who was killed and is he a hero?", who).opening == ("Ask this by itself: Is he a hero?",)


def test_the_day_is_not_said_of_what_is_from_another_time() -> None:
    long_ago = replace(OLD, published="2017-07-01")
    answer = composed_of(
        "How many died in Kyiv this week?", {"how many": value(span(long_ago, "12"))}, long_ago
    )
    assert not answer.opening


def test_the_answer_to_a_later_part_alone_says_what_it_answers() -> None:
    asked = "Who was killed in Moscow and how many people died in Kyiv?"
    answer = composed(asked, {"how many": value(span(OLD, "12"))})
    assert answer.text.splitlines()[1].startswith("How many people died in Kyiv? At least 12: “")
    assert answer.lines[0].value == "At least 12"
    assert as_turns([(asked, answer.text)])[0].values == ("At least 12",)
