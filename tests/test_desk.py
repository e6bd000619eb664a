"""From a question to an answer, with the real models over the article of seeds/."""

from __future__ import annotations

import json
import threading
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import qa
from qa.question.asked import as_day
from qa.question.conversation import as_turns
from qa.types import Answer, RawArticle, Turn

if TYPE_CHECKING:
    from qa.desk import Assistant


def rows(answer: Answer) -> list[dict[str, str]]:
    return [{name: span.text for name, span in finding.values.items()} for finding in answer.findings]


def test_two_events_are_two_rows_each_with_its_who_and_where(desk: Assistant) -> None:
    found = rows(desk.ask("who was killed and where?"))
    assert len(found) == 2
    assert found[0]["who"] == "Lt. Gen. Yaroslav Moskalik" and "Balashikha" in found[0]["where"]
    assert found[1]["who"] == "Lt. Gen. Igor Kirillov" and "residence" in found[1]["where"]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("Who is Steve Witkoff meeting?", "Putin"),
        ("How many people were injured in Kyiv?", "90"),
        ("Who claimed responsibility for Kirillov's death?", "Ukraine’s security"),
    ],
)
def test_a_fact_is_answered_in_the_words_of_the_article(desk: Assistant, question: str, value: str) -> None:
    answer = desk.ask(question)
    assert value in rows(answer)[0][next(iter(rows(answer)[0]))]
    assert value in answer.text


@pytest.mark.parametrize("before", ["What is the price of gold?", "Who is Steve Witkoff meeting?"])
def test_a_question_that_changes_the_subject_is_answered_by_itself(desk: Assistant, before: str) -> None:
    asked = "Who was killed and where?"
    answer = desk.ask(asked, history=[(before, desk.ask(before).text)])
    assert rows(answer) == rows(desk.ask(asked))
    assert answer.searched == asked


@pytest.mark.parametrize("question", ["What is the price of gold?", "Who was killed in Paris?"])
def test_what_the_article_does_not_say_is_not_found(desk: Assistant, question: str) -> None:
    answer = desk.ask(question)
    assert answer.status == "not_found"
    assert answer.findings == () and answer.citations == ()
    assert bool(answer.closest) == ("killed" in question), "what is near is quoted, and nothing else"


QUESTIONS = [
    "who was killed and where?",
    "Did Ukraine claim responsibility for Kirillov's death?",
    "Tell me about Steve Witkoff",
    "What is the price of gold?",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_a_slice_of_the_article_and_holds_its_values(desk: Assistant, question: str) -> None:
    answer = desk.ask(question)
    quotes = {citation.number: citation.quote for citation in answer.citations}
    for quote in (*quotes.values(), *answer.closest):
        assert (
            desk.article(quote.article.id, quote.article.revision).text[quote.start : quote.end] == quote.text
        )
    for finding in answer.findings:
        for span in finding.values.values():
            assert any(quotes[n].start <= span.start and span.end <= quotes[n].end for n in finding.citations)


@pytest.mark.parametrize("question", QUESTIONS)
def test_streaming_grows_and_ends_in_the_same_answer(desk: Assistant, question: str) -> None:
    *growing, last = desk.stream(question)
    texts = [answer.text for answer in (*growing, last)]
    assert all(after.startswith(before) for before, after in pairwise(texts))
    for answer in growing:
        assert all(f"[{citation.number}]" in answer.text for citation in answer.citations)
    whole, streamed = desk.ask(question).to_dict(), last.to_dict()
    assert {**whole, "took_ms": 0} == {**streamed, "took_ms": 0}


def test_follow_ups_understand_every_shape_of_history(desk: Assistant) -> None:
    first = desk.ask("Where was Moskalik killed?")
    shapes: list[Any] = [
        [Turn(first.question, first.text)],
        [(first.question, first.text)],
        [{"role": "user", "content": first.question}, {"role": "assistant", "content": first.text}],
        [
            {"role": "user", "content": [{"type": "text", "text": first.question}]},
            {"role": "assistant", "content": [{"type": "text", "text": first.text}]},
        ],
    ]
    for history in shapes:
        assert desk.ask("what about Kirillov?", history=history).searched == "Where was Kirillov killed?"


def test_odd_history_is_taken_as_far_as_it_goes() -> None:
    assert as_turns([{"role": "assistant", "content": "Hello"}, {"role": "user", "content": None}]) == [
        Turn("")
    ]


@pytest.mark.parametrize("question", ["", "   ", "?!", "%s%s%s", "( ☻ ω ☻ )", "why " * 25_000])
def test_what_cannot_be_asked_is_a_question_error(desk: Assistant, question: str) -> None:
    with pytest.raises(qa.QuestionError):
        desk.ask(question)
    with pytest.raises(qa.QuestionError):
        desk.search(question)


@pytest.mark.parametrize("day", ["someday", "2025-13-01", 7])
def test_a_day_that_is_none_is_named(day: Any) -> None:
    with pytest.raises(qa.QuestionError, match="since"):
        as_day(day, "since")


def test_days_are_read_from_dates_and_text() -> None:
    assert as_day("2025-04-25", "now") == as_day(date(2025, 4, 25), "now") == date(2025, 4, 25)
    assert as_day("2025-04-25T10:00:00+02:00", "now") == date(2025, 4, 25)
    assert as_day(None, "now") is None


@pytest.mark.parametrize(
    "question",
    [
        'AND OR NOT "',
        "title:foo^2 ~ * ?",
        "who <b>was</b> killed; DROP TABLE articles",
        "{who} was [1] killed?",
        "🦅",
    ],
)
def test_no_syntax_in_a_question_does_harm(desk: Assistant, question: str) -> None:
    if question == "🦅":
        with pytest.raises(qa.QuestionError):
            desk.ask(question)
        return
    assert desk.ask(question).status in ("answered", "unsure", "not_found")


def test_reading_any_text(desk: Assistant) -> None:
    found = desk.read("Who opened the bridge?", "The mayor of Ely, Ann Smith, opened the bridge on Monday.")
    assert "Ann Smith" in found[0].text
    assert desk.read("What is the price of gold?", "The mayor of Ely opened the bridge on Monday.") == []
    pairs = [
        ("Who sang?", "Maria Callas sang in Milan."),
        ("Where did she sing?", "Maria Callas sang in Milan."),
    ]
    assert [spans[0].text for spans in desk.read_many(pairs)] == ["Maria Callas", "Milan"]


def news(folder: Path, *articles: dict[str, str]) -> Path:
    path = folder / "news.jsonl"
    path.write_text("\n".join(json.dumps(article) for article in articles))
    return path


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A desk over reports of one flood by two outlets, and of a bridge a year before."""
    folder = tmp_path_factory.mktemp("town")
    path = news(
        folder,
        {
            "title": "Flood in Genoa",
            "source": "Harbour Herald",
            "published": "2024-05-02",
            "text": "A flood in Genoa killed 12 people on Thursday, the mayor Paolo Rossi said. "
            "The river left its bed.",
        },
        {
            "title": "Genoa mourns its dead",
            "source": "Coast Courier",
            "published": "2024-05-03",
            "text": "After a night of rain the toll rose. "
            "The flood in Genoa killed 15 people, firefighters said on Friday.",
        },
        {
            "title": "A bridge for Ely",
            "source": "Harbour Herald",
            "published": "2023-05-02",
            "text": "The mayor of Ely, Ann Smith, opened a new bridge across the river on Tuesday.",
        },
    )
    with qa.open(folder / "data") as assistant:
        assert assistant.ingest([path]).added == 3
        yield assistant


def test_independent_reports_that_differ_are_both_shown_newest_first(town: Assistant) -> None:
    answer = town.ask("How many people did the flood in Genoa kill?")
    assert [row["how many"] for row in rows(answer)] == ["15", "12"]
    assert "Reports differ" in answer.text
    assert answer.text.index("Coast Courier, 3 May 2024") < answer.text.index("Harbour Herald, 2 May 2024")


def test_filters_hold_everywhere(town: Assistant) -> None:
    only = {"outlet": "harbour herald", "since": "2024-01-01"}
    assert [
        row["how many"] for row in rows(town.ask("How many people did the flood in Genoa kill?", **only))
    ] == ["12"]
    outlets = {town.article(hit.passage.article_id).outlet for hit in town.search("flood", **only)}
    assert outlets == {"Harbour Herald"}
    assert [row["title"] for row in town.articles(**only)] == ["Flood in Genoa"]


def test_now_is_the_newest_day_unless_given(town: Assistant) -> None:
    assert town.ask("Who opened the bridge?").as_of == "2024-05-03"
    assert town.ask("Who opened the bridge?", now=date(2023, 5, 3)).as_of == "2023-05-03"


def test_an_unknown_outlet_is_said_to_be_unknown(town: Assistant) -> None:
    answer = town.ask("Who opened the bridge?", outlet="Moon Mail")
    assert answer.status == "not_found"
    assert "Moon Mail" in answer.text


def test_two_named_outlets_are_shown_side_by_side(town: Assistant) -> None:
    answer = town.ask(
        "Did the Harbour Herald report the flood in Genoa, "
        "while the Coast Courier reported the toll of the flood?"
    )
    assert answer.status == "answered"
    assert [citation.quote.article.outlet for citation in answer.citations] == [
        "Harbour Herald",
        "Coast Courier",
    ]


def test_what_one_outlet_says_in_two_clauses_is_shown_clause_by_clause(town: Assistant) -> None:
    answer = town.ask(
        "Did the Harbour Herald article say that a flood killed 12 people in Genoa, "
        "while the mayor of Ely opened a new bridge across the river?"
    )
    assert answer.status == "answered"
    assert [citation.quote.article.title for citation in answer.citations] == [
        "Flood in Genoa",
        "A bridge for Ely",
    ]


def test_two_articles_of_one_outlet_are_two(tmp_path: Path) -> None:
    told = {
        "Altman out": "The board of OpenAI dismissed Sam Altman on Friday.",
        "Altman back": "Sam Altman returns as its head, OpenAI said late on Tuesday.",
    }
    path = news(
        tmp_path,
        *(
            {"title": title, "source": "Harbour Herald", "published": "2023-11-22", "text": text}
            for title, text in told.items()
        ),
    )
    with qa.open(tmp_path / "data") as assistant:
        assistant.ingest([path])
        answer = assistant.ask(
            "Did the Harbour Herald article say that the board of OpenAI dismissed Altman, "
            "and does the other Harbour Herald article say that he returns?"
        )
    assert {citation.quote.article.title for citation in answer.citations} == set(told)


def test_a_sentence_that_settles_both_sides_is_shown_once(town: Assistant) -> None:
    answer = town.ask(
        "Does the Coast Courier article say that the flood in Genoa killed 15 people, and does the other "
        "Coast Courier article say that firefighters spoke of 15 people killed by the flood?"
    )
    assert answer.status == "answered"
    assert len(answer.findings) == len(answer.citations) == 1


def test_what_an_outlet_tells_is_trusted_as_it_is_found_there(tmp_path: Path) -> None:
    reports = {
        "Harbour Herald": "A flood in Genoa killed 12 people on Thursday, the mayor Paolo Rossi said.",
        "Coast Courier": "The flood in Genoa killed 15 people, firefighters said on Friday.",
        "Moon Mail": "A flooded city of the Harbour and the Coast, a Herald, a Courier: reported in a dream.",
    }
    path = news(
        tmp_path,
        *({"title": text[:20], "source": name, "text": text} for name, text in reports.items()),
        *(
            {"title": thing, "source": "Moon Mail", "text": f"{thing} can be read about on a rainy evening."}
            for thing in ("Novels", "Music", "Old trains", "Chess", "Garden work", "Ships")
        ),
    )
    asked = "Which city, as reported by both the Harbour Herald and the Coast Courier, was flooded?"
    with qa.open(tmp_path / "data") as wide, qa.open(tmp_path / "data", candidates=1) as narrow:
        wide.ingest([path])
        (found,) = narrow.search(asked, k=1)
        assert narrow.article(found.passage.article_id).outlet == "Moon Mail"
        assert narrow.ask(asked).findings == wide.ask(asked).findings != ()


def test_the_news_is_the_last_stories_by_title_and_a_story_of_two_copies_comes_once(tmp_path: Path) -> None:
    flood = (
        "The flood in Genoa has closed all schools, the mayor Paolo Rossi said on Thursday. "
        "Firefighters saved forty people from the roofs of their houses, and nobody was hurt. "
        "The river Bisagno had risen by three metres during the night after days of rain. "
        "Trains to Milan will not run before Monday."
    )
    told = [
        ("Genoa is flooded", "2025-04-24", "Herald", flood),
        ("Flood in Genoa", "2025-04-24", "Courier", flood),
        ("A strike ends", "2025-04-25", "Herald", "The strike of the harbour pilots has ended after a week."),
        ("A bridge opens", "2025-03-01", "Herald", "The bridge over the Po was opened on Saturday morning."),
    ]
    path = news(
        tmp_path,
        *(dict(zip(("title", "published", "source", "text"), article, strict=True)) for article in told),
    )
    with qa.open(tmp_path / "data") as assistant:
        assistant.ingest([path])
        this_week = assistant.ask("What happened this week?")
        assert [line.partition(":")[0].partition(" (")[0] for line in this_week.text.splitlines()[1:]] == [
            "Genoa is flooded",
            "A strike ends",
        ]
        assert [line[:13] for line in assistant.ask("latest news").text.splitlines()[1:]] == [
            "A strike ends",
            "Genoa is floo",
        ]
        (march,) = assistant.ask("What happened in March 2025?").citations
        assert march.quote.text.startswith("The bridge over the Po")
        assert assistant.ask("What happened in May 2020?").status == "not_found"


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    with qa.open(tmp_path / "data") as assistant:
        answer = assistant.ask("Who was killed?")
    assert answer.status == "not_found"
    assert "ingest.py" in answer.text
    assert answer.as_of is None


def test_what_is_removed_is_no_longer_cited(own_data: Path) -> None:
    with qa.open(own_data) as assistant:
        (row,) = assistant.articles()
        assert assistant.remove([row["id"]]) == 1
        answer = assistant.ask("Who was killed?")
        assert (answer.status, answer.citations, answer.closest) == ("not_found", (), ())


def test_several_threads_get_the_answers_of_one(desk: Assistant) -> None:
    asked = QUESTIONS * 2
    got: dict[int, str] = {}

    def ask(number: int) -> None:
        got[number] = desk.ask(asked[number]).text

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [got[number] for number in range(len(asked))] == [desk.ask(question).text for question in asked]


def test_langchain_gets_documents_and_answers(desk: Assistant) -> None:
    documents = desk.as_retriever(k=2).invoke("Kirillov")
    assert len(documents) == 2
    metadata = documents[0].metadata
    text = desk.article(metadata["article_id"]).text
    assert text[metadata["start"] : metadata["end"]] == documents[0].page_content
    assert desk.as_runnable().invoke("Who was killed?")["status"] == "answered"
    assert (
        desk.as_runnable().invoke({"question": "Who was killed?", "outlet": "Moon Mail"})["status"]
        == "not_found"
    )


def test_langchain_documents_and_embeddings_go_in(tmp_path: Path) -> None:
    from langchain_core.documents import Document
    from langchain_core.embeddings import DeterministicFakeEmbedding

    told = Document(
        page_content="The mayor of Ely, Ann Smith, opened a new bridge across the river on Tuesday.",
        metadata={"title": "A bridge for Ely", "source": "https://example.org/bridge", "date": "2023-05-02"},
    )
    with qa.open(tmp_path / "data", embedder=DeterministicFakeEmbedding(size=32)) as assistant:
        assert assistant.ingest([told]).added == 1
        assert rows(assistant.ask("Who opened the bridge in Ely?"))[0]["who"].endswith("Ann Smith")


@pytest.mark.parametrize("nothing", ["asdkjh qwe zxmn", "What is the price of gold?"])
def test_where_nothing_is_near_nothing_is_quoted(desk: Assistant, nothing: str) -> None:
    answer = desk.ask(nothing)
    assert (answer.status, answer.closest) == ("not_found", ())
    assert answer.text == "No article speaks of that."


def test_only_the_chosen_outlets_and_articles_answer(own_data: Path) -> None:
    told = {"one": "Fen Post", "two": "Quux News", "three": "Ely Courier"}
    with qa.open(own_data) as desk:
        desk.ingest(
            [
                RawArticle(source=name, text=f"The mayor of Quuxford opened bridge {name}.", outlet=outlet)
                for name, outlet in told.items()
            ]
        )
        ids = {row["outlet"]: row["id"] for row in desk.articles()}

        def outlets(**within: Any) -> set[str | None]:
            answer = desk.ask("What did the mayor of Quuxford open?", **within)
            quotes = [*(citation.quote for citation in answer.citations), *answer.closest]
            return {quote.article.outlet for quote in quotes}

        assert outlets(outlet=["fen post", "Quux News"]) <= {"Fen Post", "Quux News"} and outlets()
        assert outlets(articles=[ids["Ely Courier"]]) == {"Ely Courier"}
        nothing = desk.ask("What did the mayor of Quuxford open?", articles=["gone"])
        assert nothing.status == "not_found" and nothing.opening == (
            "The chosen articles do not speak of it.",
        )
