"""What a reporter does in a day, each task by keyboard alone and by touch on a phone.

One server, one store and one page for each hand; a task begins with an empty conversation. A task is a
function of TASKS over a `Hand`, which does not know which of the two it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from browser import NARROW, WIDE, opened
from hands import Fingers, Hand, Keys
from server import Server

pytestmark = pytest.mark.browser

STORY = "https://example.org/toll"
TOLL = "How many people did the mill fire in Quuxford kill?"
TOLD = "The mill fire in Quuxford killed 15 people, Mayor Ada Quill said on Tuesday."
DAM = "How many litres does the dam at Quuxwater hold?"
SERVICE = "When was the service for the victims held?"
ARTICLES = (  # title, outlet, day, address, text
    ("Toll", "Fen Post", "2025-04-22", STORY, f"{TOLD} A fund was set up."),
    (
        "Service",
        "Quux News",
        "2025-04-28",
        None,
        "A service for the victims of the mill fire in Quuxford was held. The mill will be torn down.",
    ),
    ("Bakers strike", "Fen Post", None, None, "Bakers in Velden went on strike on Monday. Bread was scarce."),
    ("Millers strike", "Fen Post", None, None, "Millers in Ostend went on strike too. Flour was scarce."),
)
OUTLETS = ("Fen Post", "Quux News", "Dam Times", "Courier")
LAST = "#chat .message-row >> nth=-1"
CITE = f"{LAST} >> blockquote .cite"
NOW = "#panel mark.now"


@dataclass(frozen=True)
class Place:
    """Where a task is done: by whom, and at which server."""

    hand: Hand
    server: Server


@pytest.fixture(scope="module")
def reports(server: Server) -> Iterator[None]:
    for title, outlet, day, url, text in ARTICLES:
        server.call("ingest", text=text, title=title, outlet=outlet, published=day, url=url)
    yield
    rows = server.call("articles")
    server.call("remove", ids=[row["id"] for row in rows if row["outlet"] in OUTLETS])


@pytest.fixture(scope="module", params=[Keys, Fingers], ids=["keyboard", "touch"])
def hand(request: pytest.FixtureRequest, browser: Any, server: Server, reports: None) -> Iterator[Hand]:
    touch = {"has_touch": True, "is_mobile": True} if request.param is Fingers else {}
    size = {"width": NARROW if touch else WIDE, "height": 844}
    context = browser.new_context(viewport=size, permissions=["clipboard-read", "clipboard-write"], **touch)
    with opened(context, server.url) as page:
        yield request.param(page)
    context.close()


def read_the_sentence_where_it_stands(at: Place) -> None:
    at.hand.ask(TOLL)
    assert "15" in at.hand.sees(f"{LAST} >> .lead")
    at.hand.press(CITE)
    assert at.hand.sees(NOW) == TOLD
    at.hand.page.wait_for_function("document.activeElement.className === 'close'")
    at.hand.leave_article()
    at.hand.sees_no(NOW)
    assert at.hand.page.evaluate("document.activeElement.className") == "cite", "the focus is back"


def copy_the_quote_on_the_toll_with_its_source(at: Place) -> None:
    at.hand.ask(TOLL)
    at.hand.press("figure .copy")
    at.hand.sees("figure .copy:text-is('Copied')")
    assert at.hand.copied() == f"“{TOLD}”, Fen Post, 22 April 2025, {STORY}"


def copy_the_whole_answer(at: Place) -> None:
    at.hand.ask(TOLL)
    at.hand.press(".acts .copy")
    at.hand.sees(".acts .copy:text-is('Copied')")
    assert TOLD in at.hand.copied() and "15" in at.hand.copied().replace(TOLD, "")


def ask_only_one_outlet(at: Place) -> None:
    at.hand.unfold("#filters > button")
    at.hand.choose("Outlets", "Quux News")
    at.hand.sees(".chips button", "Quux News")
    at.hand.ask(TOLL)
    assert at.hand.sees(f"{LAST} >> .scoped") == "Only Quux News"
    assert "15" not in at.hand.sees(LAST)
    at.hand.press(".chips button")
    at.hand.sees_no(".chips")


def ask_only_some_days(at: Place) -> None:
    at.hand.unfold("#filters > button")
    at.hand.date("#filters .day input", "2025-04-25")
    at.hand.sees(".chips button", "from 25 April 2025")
    at.hand.ask(TOLL)
    assert at.hand.sees(f"{LAST} >> .scoped") == "Only from 25 April 2025"
    at.hand.press(".chips button")
    at.hand.sees_no(".chips")


def ask_only_one_article_and_then_all(at: Place) -> None:
    at.hand.ask(TOLL)
    at.hand.press(CITE)
    at.hand.press("#panel .only")
    at.hand.sees(".chips button", "Toll")
    at.hand.ask(SERVICE)
    assert at.hand.sees(f"{LAST} >> .scoped") == "Only “Toll”"
    at.hand.press("[data-everywhere]")
    at.hand.sees_no(".scoped")
    at.hand.answered(2)
    assert "Service" in at.hand.sees(LAST)


def step_through_the_quotes_of_an_article(at: Place) -> None:
    at.hand.ask("What happened to Igor Kirillov?")
    at.hand.press(CITE)
    first, at_first = at.hand.sees(NOW), at.hand.sees(".step-count")
    at.hand.press("#panel [data-step='1']")
    assert at.hand.sees(".step-count") != at_first
    assert at.hand.sees(NOW) != first


def find_a_word_in_an_article(at: Place) -> None:
    at.hand.ask(TOLL)
    at.hand.press(CITE)
    at.hand.write("#panel .find", "quill")
    at.hand.sees(".find-count", "1 of 1")
    at.hand.write("#panel .find", "zzxqv")
    at.hand.sees(".find-count", "none")


def find_yesterdays_version(at: Place) -> None:
    litres = 10 + next(REVISIONS)

    def publish(number: int) -> None:
        text = f"The dam at Quuxwater holds {number} million litres. It was built in 1950."
        at.server.call(
            "ingest", text=text, title="Dam", outlet="Dam Times", published="2025-04-20", url=f"{STORY}/dam"
        )

    publish(litres)
    at.hand.ask(DAM)
    publish(litres + 100)
    at.hand.tool("#new-conversation")
    at.hand.sees(".welcome")
    at.hand.tool("#history-button")
    at.hand.press(f"#conversations .reopen:has-text('{DAM}') >> nth=0")
    at.hand.sees(f"{LAST} >> .revised")
    at.hand.press(CITE)
    assert f"{litres} million" in at.hand.sees("#panel .source-body")
    at.hand.press("#panel .revised-note button")
    at.hand.sees("#panel .source-body", f"{litres + 100} million")


REVISIONS = count()


def open_a_colleagues_answer(at: Place) -> None:
    at.hand.ask(TOLL)
    at.hand.press("[data-link]")
    at.hand.sees("[data-link]:text-is('Copied')")
    address = at.hand.copied()
    at.hand.page.evaluate("localStorage.clear()")
    at.hand.page.goto(address)
    assert "15" in at.hand.sees("#chat .answer:has(.acts)")
    assert at.hand.sees(".asked") == TOLL


def open_an_earlier_conversation_and_go_on(at: Place) -> None:
    at.hand.ask(TOLL)
    at.hand.tool("#new-conversation")
    at.hand.sees(".welcome")
    at.hand.tool("#history-button")
    at.hand.press("#conversations .reopen")
    assert at.hand.sees(".asked") == TOLL
    at.hand.ask("Who said so?")
    assert "Quill" in at.hand.sees(LAST)


def rename_a_conversation_delete_it_and_take_it_back(at: Place) -> None:
    at.hand.ask(TOLL)
    at.hand.tool("#history-button")
    at.hand.press(f"#conversations li:has-text('{TOLL}') >> text=Rename")
    at.hand.page.keyboard.press("Control+A")
    at.hand.page.keyboard.insert_text("Quux toll")
    at.hand.page.keyboard.press("Enter")
    at.hand.sees("#conversations .reopen", "Quux toll")
    at.hand.press("#conversations [aria-label='Delete Quux toll']")
    at.hand.sees_no("#conversations .reopen:has-text('Quux toll')")
    at.hand.press("#conversations >> text=Undo")
    at.hand.sees("#conversations .reopen", "Quux toll")
    at.hand.write("#conversations input[type=search]", "no such name")
    at.hand.sees("#conversations .empty", "No conversation has")
    at.hand.press("#conversations .shut")


def correct_a_question(at: Place) -> None:
    at.hand.ask("How many people did the mill fire in Paris kill?")
    at.hand.press("[data-edit]")
    at.hand.write(".editing textarea", TOLL)
    at.hand.press(".editing [type=submit]")
    at.hand.page.wait_for_function("told => document.querySelector('.asked')?.textContent === told", arg=TOLL)
    at.hand.answered()
    assert "15" in at.hand.sees(f"{LAST} >> .lead")


def ask_what_is_offered_next(at: Place) -> None:
    at.hand.ask("How many people were injured in Kyiv?")
    offered = at.hand.sees("#chat .option")
    at.hand.press("#chat .option")
    at.hand.answered(2)
    assert at.hand.sees(".asked >> nth=1") == offered


def say_that_an_answer_is_wrong(at: Place) -> None:
    at.hand.ask(TOLL)
    at.hand.press(".verdict button:text-is('No')")
    at.hand.sees(".verdict", "Thanks")
    at.hand.ask(SERVICE)
    assert "Thanks" in at.hand.sees(".verdict >> nth=0"), "not asked again"
    kept = (at.server.data / "feedback.jsonl").read_text().splitlines()
    assert '"feedback": "Wrong"' in kept[-1] and TOLL in kept[-1]


def save_a_conversation(at: Place) -> None:
    at.hand.ask(TOLL)
    with at.hand.page.expect_download() as download:
        at.hand.tool("#tools button:text-is('Save as Markdown')")
    assert TOLD in Path(download.value.path()).read_text()


def search_the_articles_and_read_one(at: Place) -> None:
    at.hand.tab("Articles")
    at.hand.send("query", "victims")
    at.hand.sees(".count", "“victims”")
    at.hand.press("ul.articles .title:text-is('Service')")
    at.hand.sees("#panel mark.quoted")
    at.hand.leave_article()
    at.hand.press("#listing .clear")
    at.hand.sees_no(".count:has-text('“victims”')")


def browse_an_outlet(at: Place) -> None:
    at.hand.tab("Articles")
    at.hand.choose("Outlet", "Quux News")
    at.hand.sees(".count", "1 article")
    at.hand.press("ul.articles .title:text-is('Service')")
    at.hand.sees("#panel .source-body", "torn down")
    at.hand.leave_article()
    at.hand.choose("Outlet", "Every outlet")
    at.hand.sees("ul.articles .title:text-is('Toll')")


def add_an_article_and_ask_about_it(at: Place) -> None:
    at.hand.tab("Articles")
    at.hand.unfold("#add > button")
    at.hand.write("#add-text textarea", "Ferry sinks\n\nThe ferry Norvik sank off Ystad. Nobody died.")
    at.hand.press("#add-button")
    try:
        at.hand.press("#report .ask")
        at.hand.ask("What sank off Ystad?")
        assert "Norvik" in at.hand.sees(LAST)
    finally:
        rows = at.server.call("articles")
        at.server.call("remove", ids=[row["id"] for row in rows if "Ferry" in row["title"]])


def date_an_undated_article(at: Place) -> None:
    at.hand.tab("Articles")
    at.hand.press("#listing .date")
    at.hand.date("#listing .dating input", "2024-06-03")
    at.hand.press("#listing .dating:not([hidden]) button")
    assert "3 June 2024 now" in at.hand.sees("#listing .undo")


def remove_articles_and_put_them_back(at: Place) -> None:
    before = {row["id"]: row["revision"] for row in at.server.call("articles")}
    at.hand.tab("Articles")
    at.hand.press("#listing .pick")
    for title in ("Toll", "Service"):
        at.hand.tick(f".tick:has([aria-label='Select {title}'])")
    assert at.hand.sees(".how-many") == "2 selected"
    at.hand.press(".picked .remove")
    at.hand.sees("#listing .undo", "2 articles removed")
    at.hand.press("#listing .put-back")
    at.hand.sees("#listing .undo", "2 articles put back")
    assert {row["id"]: row["revision"] for row in at.server.call("articles")} == before


def see_a_topic_over_time_and_one_day_of_it(at: Place) -> None:
    at.hand.tab("Timeline")
    at.hand.send("topic", "Quuxford")
    at.hand.sees(".summary", "2 articles speak of “Quuxford”")
    at.hand.date("#window .day input", "2025-04-25")
    at.hand.page.wait_for_function("document.querySelectorAll('ol.timeline li').length === 1")
    at.hand.press("ol.timeline .near")
    at.hand.sees(NOW)
    at.hand.leave_article()
    at.hand.date("#window .day input", "")
    at.hand.page.wait_for_function("document.querySelectorAll('ol.timeline li').length === 2")


def follow_a_topic_and_let_it_go(at: Place) -> None:
    at.hand.tab("New")
    at.hand.send("follow", "Quuxford")
    at.hand.sees(".followed .topic", "Quuxford")
    at.hand.press("ol.stories .title")
    at.hand.sees("#panel mark.quoted")
    at.hand.leave_article()
    at.hand.press("[data-unfollow]")
    at.hand.sees_no(".followed")


TASKS = (
    read_the_sentence_where_it_stands,
    copy_the_quote_on_the_toll_with_its_source,
    copy_the_whole_answer,
    ask_only_one_outlet,
    ask_only_some_days,
    ask_only_one_article_and_then_all,
    step_through_the_quotes_of_an_article,
    find_a_word_in_an_article,
    find_yesterdays_version,
    open_a_colleagues_answer,
    open_an_earlier_conversation_and_go_on,
    rename_a_conversation_delete_it_and_take_it_back,
    correct_a_question,
    ask_what_is_offered_next,
    say_that_an_answer_is_wrong,
    save_a_conversation,
    search_the_articles_and_read_one,
    browse_an_outlet,
    add_an_article_and_ask_about_it,
    date_an_undated_article,
    remove_articles_and_put_them_back,
    see_a_topic_over_time_and_one_day_of_it,
    follow_a_topic_and_let_it_go,
)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_a_reporter_can(task: Callable[[Place], None], hand: Hand, server: Server) -> None:
    hand.begin()
    task(Place(hand, server))
