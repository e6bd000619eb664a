"""The tabs beside the conversation, as a reader uses them: real server, real models, real Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import NARROW, WIDE, ask, visit
from server import Server, serving

pytestmark = pytest.mark.browser

GRAVE = ("serious", "critical")
QUERY = "#query textarea, #query input"
TITLES = "ul.articles .title"
FINGER = 44  # pixels
FERRY = "The ferry Norvik sank off Ystad on Sunday. Rescuers brought 40 passengers ashore. Nobody died."


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    with visit(browser, server.url) as opened:
        opened.set_default_timeout(60_000)  # nothing here waits for an answer but one
        yield opened


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
def test_several_are_chosen_removed_and_put_back_by_keyboard(page: Any, server: Server) -> None:
    show_articles(page)
    before = {row["id"]: row["revision"] for row in server.call("articles")}
    page.focus("#listing .pick")
    page.keyboard.press("Enter")
    for title in ("Ferry sinks", "Bakers strike"):
        page.get_by_label(f"Select {title}").focus()
        page.keyboard.press("Space")
    assert "2 selected" in page.inner_text(".picked")
    assert page.locator(".picked .only").is_enabled()
    page.focus(".picked .remove")
    page.keyboard.press("Enter")
    page.wait_for_selector(".undo:has-text('2 articles removed')")
    assert "Ferry sinks" not in titles(page) and len(server.call("articles")) == 2
    page.focus("#listing .put-back")
    page.keyboard.press("Enter")
    page.wait_for_selector(".undo:has-text('2 articles put back')")
    assert {row["id"]: row["revision"] for row in server.call("articles")} == before


@pytest.mark.usefixtures("added")
def test_only_the_chosen_articles_are_asked(page: Any) -> None:
    show_articles(page)
    page.click("#listing .pick")
    for title in ("Ferry sinks", "Bakers strike"):
        page.check(f"[aria-label='Select {title}']")
    page.click(".picked .only")
    page.wait_for_selector(".chips button >> nth=1")
    assert "Ferry sinks" in page.inner_text(".chips") and "Bakers strike" in page.inner_text(".chips")


@pytest.mark.usefixtures("added")
def test_an_undated_article_is_given_its_day(page: Any, server: Server) -> None:
    show_articles(page)
    page.click("li:has-text('Bakers strike') .date")
    page.fill("li:has-text('Bakers strike') .dating input", "2024-06-03")
    page.keyboard.press("Enter")
    page.wait_for_selector("li:has-text('Bakers strike') .by:has-text('3 June 2024')")
    assert "is of 3 June 2024 now" in page.inner_text(".undo")
    assert page.inner_text(".masthead .held").count("dated") == 0


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


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>
<item><title>Ferry sinks</title><link>https://courier.example/1</link><description>{}</description></item>
</channel></rss>"""


def test_a_feed_is_added_by_its_address_listed_loaded_again_and_taken_off(
    browser: Any, own_data: Path, tmp_path: Path
) -> None:
    import os

    (tmp_path / "feed.xml").write_text(RSS.format(FERRY))
    serve = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    environment = {**os.environ, "QA_PRIVATE_ADDRESSES": "true"}
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), serve) as web,
        serving(own_data, environment=environment) as app,
    ):
        threading.Thread(target=web.serve_forever, daemon=True).start()
        with visit(browser, app.url) as page:
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
        page.fill(FOLLOW, topic)
        page.press(FOLLOW, "Enter")
        page.wait_for_selector(f".followed .topic >> text={topic}")
    page.wait_for_timeout(500)  # what is kept in the browser is written a moment later
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
        page.click("[data-unfollow=Velden]")
        page.wait_for_selector(".followed .topic >> text=Velden", state="detached")
        page.wait_for_timeout(500)
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


@pytest.mark.usefixtures("added")
@pytest.mark.long
def test_on_a_phone_everything_can_be_hit_and_axe_finds_nothing_serious(browser: Any, server: Server) -> None:
    for scheme, width in (("light", WIDE), ("dark", NARROW)):
        with visit(browser, server.url, scheme=scheme, width=width) as page:
            open_form(page)
            page.click("#listing .pick")
            page.click("li:has-text('Bakers strike') .date")
            assert_sound(page, width)
            search(page, "ferry")
            assert_sound(page, width)
            tell(page, "Norvik")
            assert_sound(page, width)
            page.click("#told .follow")
            page.wait_for_selector(".followed .topic")
            assert_sound(page, width)


def assert_sound(page: Any, width: int) -> None:
    page.wait_for_timeout(400)  # what fades has less contrast
    found = Axe().run(page).response["violations"]
    assert not [f"{one['id']}: {one['nodes'][0]['html'][:100]}" for one in found if one["impact"] in GRAVE]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == NARROW:
        places = ("#listing button", ".tick", "#feeds button", "#told .beside button", "#news button")
        buttons = page.locator(", ".join(f"{place}:visible" for place in places))
        heights = buttons.evaluate_all(
            "all => all.map((one) => [one.outerHTML.slice(0, 80), one.offsetHeight])"
        )
        assert not [one for one in heights if one[1] < FINGER]
