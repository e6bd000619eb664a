"""The tabs beside the conversation, as a reader uses them: real server, real models, real Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browser import WIDE, ask, keeping, opened
from server import Server

pytestmark = pytest.mark.browser

QUERY = "#query textarea, #query input"
TITLES = "ul.articles .title"
FERRY = "The ferry Norvik sank off Ystad on Sunday. Rescuers brought 40 passengers ashore. Nobody died."


@pytest.fixture
def page(window: Any, server: Server) -> Iterator[Any]:
    with opened(window, server.url, width=WIDE) as page:
        yield page


@pytest.fixture
def added(server: Server) -> Iterator[None]:
    """Three more articles for one test: of two outlets, one without a day."""
    for title, text, outlet, day in (
        ("Ferry sinks", FERRY, "Courier", "2024-05-10"),
        ("Bakers strike", "Bakers in Velden went on strike on Monday. Bread was scarce.", "Courier", None),
        (
            "Ferry raised",
            "The wreck of the ferry Norvik was raised in Ystad by a crane.",
            "Gazette",
            "2024-07-01",
        ),
    ):
        server.call("ingest", text=text, title=title, outlet=outlet, published=day)
    yield
    rows = server.call("articles")
    server.call("remove", ids=[row["id"] for row in rows if row["outlet"] in ("Courier", "Gazette")])


def show_articles(page: Any) -> None:
    page.click("role=tab[name=Articles]")
    page.wait_for_selector(TITLES)


def titles(page: Any) -> list[str]:
    return list(page.locator(TITLES).all_inner_texts())


def search(page: Any, words: str) -> None:
    page.fill(QUERY, words)
    page.press(QUERY, "Enter")
    page.wait_for_selector(f"#listing :text('“{words}”')")


def choose(page: Any, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option).click()


@pytest.mark.usefixtures("added")
def test_articles_are_browsed_by_outlet_month_and_order(page: Any) -> None:
    show_articles(page)
    assert titles(page) == ["Second Russian general killed", "Ferry raised", "Ferry sinks", "Bakers strike"]
    assert "4 articles · 3 dated 2024–2025" in " · ".join(page.inner_text(".masthead .held").split("\n"))
    choose(page, "Outlet", "Courier (2)")
    page.wait_for_selector(".count:has-text('2 articles')")
    assert titles(page) == ["Ferry sinks", "Bakers strike"]
    choose(page, "Order", "By headline")
    page.wait_for_function("document.querySelector('ul.articles .title').textContent == 'Bakers strike'")
    choose(page, "Month", "Undated (1)")
    page.wait_for_selector(".count:has-text('1 article')")
    choose(page, "Month", "July 2024 (1)")
    page.wait_for_selector("#listing .empty")
    page.click("#listing .clear")
    page.wait_for_selector(".count:has-text('4 articles')")


@pytest.mark.usefixtures("added")
def test_a_search_is_by_article_with_its_words_marked(page: Any) -> None:
    show_articles(page)
    search(page, "ferries")
    assert set(titles(page)) == {"Ferry sinks", "Ferry raised"}
    assert "2 articles" in page.inner_text(".count")
    assert [mark.lower() for mark in page.locator(".snippet mark").all_inner_texts()] == ["ferry", "ferry"]
    page.click(f"{TITLES} >> text=Ferry sinks")
    page.wait_for_selector("#panel mark.quoted")
    page.keyboard.press("Escape")
    search(page, "zzxqv")
    assert "Nothing found for “zzxqv”" in page.inner_text("#listing")
    page.click("#listing .clear")
    page.wait_for_selector(".count:has-text('4 articles')")
    assert page.input_value(QUERY) == ""


@pytest.mark.usefixtures("added")
def test_only_the_chosen_articles_are_asked(page: Any) -> None:
    show_articles(page)
    page.click("#listing .pick")
    for title in ("Ferry sinks", "Bakers strike"):
        page.check(f"[aria-label='Select {title}']")
    page.click(".picked .only")
    page.wait_for_selector(".chips button >> nth=1")
    assert "Ferry sinks" in page.inner_text(".chips") and "Bakers strike" in page.inner_text(".chips")


def open_form(page: Any) -> None:
    show_articles(page)
    page.click("#add > button")
    page.wait_for_selector("#add-text textarea")


def test_what_was_added_is_named_asked_about_and_the_form_is_empty(page: Any, server: Server) -> None:
    open_form(page)
    page.fill("#add-text textarea", FERRY)
    page.click("#add-more > button")
    page.get_by_label("Headline").fill("Ferry sinks")
    page.get_by_label("Outlet").last.fill("Courier")
    page.click("#add-button")
    page.wait_for_selector("#report .came")
    try:
        assert "1 added" in page.inner_text("#report") and "Ferry sinks" in page.inner_text("#report .came")
        assert page.input_value("#add-text textarea") == "" == page.get_by_label("Headline").input_value()
        page.wait_for_selector(f"{TITLES} >> text=Ferry sinks")
        page.click("#report .ask")
        page.wait_for_selector(".chips button:has-text('Ferry sinks')")
        ask(page, "What sank off Ystad?")
        assert "Norvik" in page.inner_text("#chat .answer")
    finally:
        rows = server.call("browse", outlet="Courier")["articles"]
        server.call("remove", ids=[row["id"] for row in rows])


def test_a_file_that_is_no_document_is_named_as_its_owner_knows_it(page: Any, tmp_path: Path) -> None:
    bad = tmp_path / "bad.exe"
    bad.write_bytes(bytes(range(256)) * 40)
    open_form(page)
    page.set_input_files("#add input[type=file]", str(bad))
    page.wait_for_selector("#add :text('bad')")
    page.click("#add-button")
    page.wait_for_selector("#report .failed")
    said = page.inner_text("#report")
    assert "1 failed" in said and "bad.exe: It is no document" in said and "upload-" not in said


DROP = """(text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], "ferry.txt", { type: "text/plain" }));
    document.querySelector(".welcome").dispatchEvent(
        new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}"""


def test_files_that_are_dropped_on_the_conversation_are_laid_into_the_form(page: Any, server: Server) -> None:
    page.evaluate(DROP, f"Ferry sinks\n\n{FERRY}")
    page.wait_for_selector("#add :text('ferry')")
    page.click("#add-button")
    page.wait_for_selector("#report .came:has-text('Ferry sinks')")
    rows = server.call("articles")
    server.call("remove", ids=[row["id"] for row in rows if row["title"] == "Ferry sinks"])


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>
<item><title>Ferry sinks</title><link>https://courier.example/1</link><description>{}</description></item>
</channel></rss>"""


def test_a_feed_is_added_by_its_address_listed_loaded_again_and_taken_off(
    window: Any, second_server: Server, tmp_path: Path
) -> None:
    (tmp_path / "feed.xml").write_text(RSS.format(FERRY))
    serve = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        with opened(window, second_server.url, width=WIDE) as page:
            open_form(page)
            page.fill("#add-text textarea", f"http://127.0.0.1:{web.server_port}/feed.xml")
            page.click("#add-button")
            page.wait_for_selector("#feeds .address")
            assert "Ferry sinks" in page.inner_text("#report .came")
            assert ", 1 article" in page.inner_text("#feeds")
            (tmp_path / "feed.xml").unlink()
            page.click("#feeds .again")
            page.wait_for_selector("#feeds .trouble")
            assert "Ferry sinks" in titles(page)
            page.click("#feeds .forget")
            page.wait_for_selector("#feeds .address", state="detached")
        web.shutdown()
    rows = second_server.call("articles")
    second_server.call("remove", ids=[row["id"] for row in rows if row["title"] == "Ferry sinks"])


TOPIC = "#topic textarea, #topic input"
TOLD = "ol.timeline li"


def tell(page: Any, topic: str) -> None:
    page.click("role=tab[name=Timeline]")
    page.fill(TOPIC, topic)
    page.press(TOPIC, "Enter")
    page.wait_for_selector(f"#told :text('“{topic}”')")


@pytest.mark.usefixtures("added")
def test_a_topic_is_told_with_its_bars_names_and_sources(page: Any) -> None:
    tell(page, "Norvik")
    assert "2 articles speak of “Norvik”" in page.inner_text(".summary")
    assert page.locator(f"{TOLD} time").all_inner_texts() == ["10 May 2024", "1 July 2024"]
    assert "Courier" in page.inner_text(f"{TOLD} >> nth=0") and "Ystad" in page.inner_text(".beside >> nth=0")
    assert "2 of them on “Norvik”." in page.inner_text(".chart figcaption")
    said = page.locator(".bar").evaluate_all("bars => bars.map((bar) => bar.ariaLabel)")
    assert "May 2024: 1 article, 1 on Norvik" in said and "April 2025: 1 article, 0 on Norvik" in said
    page.click(".beside [data-topic=Ystad]")
    page.wait_for_selector("#told :text('“Ystad”')")
    tell(page, "zzxq")
    assert page.inner_text("#told").strip() == "Nothing on “zzxq”."


@pytest.mark.usefixtures("added")
def test_days_are_chosen_by_a_bar_or_by_two_boxes(page: Any) -> None:
    tell(page, "Norvik")
    page.focus(".bar[aria-label^='May 2024']")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('ol.timeline li').length == 1")
    assert "from 1 May 2024 to 31 May 2024" in page.inner_text(".summary")
    assert page.get_by_label("From").last.input_value() == "2024-05-01"
    page.click(".bar[aria-label^='May 2024']")
    page.wait_for_function("document.querySelectorAll('ol.timeline li').length == 2")
    page.get_by_label("From").last.fill("2024-06-01")
    page.wait_for_function("document.querySelectorAll('ol.timeline li').length == 1")
    tell(page, "zzxq")
    page.click("#told .all-days")
    page.wait_for_function("document.querySelector('#told').textContent.trim() == 'Nothing on “zzxq”.'")


def test_a_timeline_opens_its_articles_and_is_saved(page: Any) -> None:
    tell(page, "Igor Kirillov")
    with page.expect_download() as download:
        page.click("#keep button:has-text('Save as text')")
    saved = Path(download.value.path()).read_text()
    assert saved.startswith("# Igor Kirillov") and "> " in saved
    page.click("ol.timeline .near")
    page.wait_for_selector("#panel mark.quoted")


FOLLOW = "#follow textarea, #follow input"


def open_news(page: Any) -> None:
    page.click("role=tab[name=New]")
    page.wait_for_selector("#news .summary")


def test_who_comes_back_is_told_what_is_new_and_what_is_new_of_what_they_follow(
    page: Any, server: Server
) -> None:
    open_news(page)
    assert "The newest stories" in page.inner_text("#news .summary")
    assert "Second Russian general killed" in page.inner_text("ol.stories")
    for topic in ("Norvik", "Velden"):
        with keeping(page, "dateline-followed"):
            page.fill(FOLLOW, topic)
            page.press(FOLLOW, "Enter")
            page.wait_for_selector(f".followed .topic >> text={topic}")
    server.call("ingest", text=FERRY, title="Ferry sinks", outlet="Courier", published="2024-05-10")
    try:
        page.reload()
        page.wait_for_selector(".arrived")
        assert page.inner_text(".arrived") == "Since you were here: 1 story · Norvik: 1 new"
        page.click(".arrived button")
        page.wait_for_selector(".followed .fresh")
        assert page.locator(".followed .by").all_inner_texts() == ["1 new article", "Nothing new"]
        assert page.inner_text("#news .summary") == "Since you were here: 1 story"
        assert "The ferry Norvik sank off Ystad on Sunday." in page.inner_text("ol.stories")
        assert page.locator(".arrived").count() == 0
        page.click("ol.stories .title")
        page.wait_for_selector("#panel mark.quoted")
        page.keyboard.press("Escape")
        with keeping(page, "dateline-followed"):
            page.click("[data-unfollow=Velden]")
            page.wait_for_selector(".followed .topic >> text=Velden", state="detached")
        page.reload()
        page.wait_for_selector("#question textarea")
        open_news(page)
        assert "Nothing new since you were here" in page.inner_text("#news .summary")
        assert page.locator(".followed .topic").all_inner_texts() == ["Norvik"]
    finally:
        rows = server.call("browse", outlet="Courier")["articles"]
        server.call("remove", ids=[row["id"] for row in rows])


@pytest.mark.usefixtures("added")
def test_a_topic_is_followed_from_its_timeline(page: Any) -> None:
    tell(page, "Norvik")
    page.click("#told .follow")
    page.wait_for_selector(".followed .topic >> text=Norvik")
    page.click(".followed .topic")
    page.wait_for_selector("#told :text('“Norvik”')")
