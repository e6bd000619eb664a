"""The page as a reader meets it: real server, real models, real Chromium."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import NARROW, WAIT_MS, WIDE, ask, visit
from server import Server, free_port, serving

# Never skipped: `make test` installs Chromium, and `pytest -m "not browser"` leaves these out in the open.
pytestmark = pytest.mark.browser

GRAVE = ("serious", "critical")  # of axe's four impacts
LAST = "#chat .message-row >> nth=-1"
COMPOUND = "who was killed and where?"
HOSTILE = (
    '<script>window.ran = 1</script><img src=x onerror="window.ran = 1"> [x](javascript:window.ran=1) '
    "| a | b |\n|---|---| {{value}} ${window.ran=1} **bold**"
)


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    with visit(browser, server.url) as opened:
        yield opened


def cited(page: Any) -> list[str]:
    """The quotes of the last answer, without the page's quotation marks and numbers."""
    quotes = page.locator(f"{LAST} >> blockquote")
    texts = quotes.evaluate_all(
        "all => all.map(one => { const copy = one.cloneNode(true);"
        " copy.querySelectorAll('.cite').forEach(cite => cite.remove()); return copy.textContent; })"
    )
    return [text.strip().removeprefix("“").removesuffix("”").strip() for text in texts]


def test_the_page_shows_the_same_findings_and_citations_as_the_api(page: Any, server: Server) -> None:
    ask(page, COMPOUND)
    answer = server.ask(COMPOUND)
    rows = page.locator("table.rows tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )
    assert [row[:2] for row in rows] == [
        [finding["values"]["who"]["text"], finding["values"]["where"]["text"]]
        for finding in answer["findings"]
    ]
    assert [row[2] for row in rows] == [" ".join(map(str, f["citations"])) for f in answer["findings"]]
    shown = [quote.strip("\u00a0 ”") for quote in cited(page)]
    assert shown == [citation["quote"] for citation in answer["citations"]]


def test_a_citation_opens_its_article_at_the_marked_sentence(page: Any, server: Server) -> None:
    ask(page, COMPOUND)
    second = server.ask(COMPOUND)["citations"][1]
    before = page.evaluate("scrollY")
    page.click("blockquote .cite >> text=2")
    page.wait_for_selector(f"#panel mark.now:has-text({json.dumps(second['quote'][:30])})")
    assert page.inner_text("#panel mark.now") == second["quote"]
    assert second["title"] in page.inner_text("#panel .source-head")
    assert "25 April 2025" in page.inner_text("#panel .source-head")
    mark, panel = (page.locator(name).bounding_box() for name in ("#panel mark.now", "#panel .source"))
    assert panel["y"] <= mark["y"] < panel["y"] + panel["height"], "the sentence is in sight"
    assert page.evaluate("scrollY") == before, "the chat keeps its place"


def test_keyboard_alone_opens_and_escape_closes_and_gives_the_focus_back(page: Any) -> None:
    ask(page, COMPOUND)
    page.focus("blockquote .cite")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel mark.now")
    page.wait_for_function("document.activeElement.className === 'close'")
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel mark.quoted", state="hidden")
    assert page.evaluate("document.activeElement.className") == "cite"


def test_on_a_phone_the_article_covers_the_chat_and_nothing_is_wider_than_the_screen(
    browser: Any, server: Server
) -> None:
    with visit(browser, server.url, width=NARROW) as page:
        ask(page, COMPOUND)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
        page.click("blockquote .cite >> nth=0")
        page.wait_for_selector("#panel mark.quoted")
        assert page.evaluate("document.getElementById('main').inert")
        page.click("#panel .close")
        page.wait_for_selector("#panel mark.quoted", state="hidden")
        assert not page.evaluate("document.getElementById('main').inert")


def test_the_days_of_the_articles_fit_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": NARROW, "height": 844})
    days = page.locator(".masthead .days")
    days.evaluate("(there) => { there.textContent = '26 September 2023 – 25 December 2023'; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert days.evaluate("(there) => there.getBoundingClientRect().right") <= NARROW


@pytest.mark.parametrize(
    "words", ["Russian Lieutenant General Yaroslav Moskalik of the General Staff", "x" * 200]
)
def test_long_names_and_questions_break_on_a_phone(browser: Any, server: Server, words: str) -> None:
    with visit(browser, server.url, width=NARROW) as page:
        ask(page, COMPOUND)
        page.wait_for_selector("#chat .option")
        for place in ("#chat .option", f"{LAST} >> table.rows td", f"{LAST} >> .cited figcaption"):
            page.locator(place).first.evaluate("(there, words) => { there.textContent = words; }", words)
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, place


def test_a_follow_up_says_how_it_was_understood(page: Any) -> None:
    ask(page, "Who was killed?")
    ask(page, "and where?")
    assert "killed" in page.inner_text(f"{LAST} >> .searched")
    assert page.locator(f"{LAST} >> table.rows").count() == 1


def test_not_found_says_so_and_its_closest_quotes_open(page: Any) -> None:
    ask(page, "Who was killed in Paris?")
    assert page.locator(".none-found").count() == 1
    page.click(".near >> nth=0")
    page.wait_for_selector("#panel mark.quoted")


def test_an_answer_offers_what_to_ask_next(page: Any) -> None:
    ask(page, COMPOUND)
    page.wait_for_selector("#chat .option")  # asked before they are offered
    question = page.inner_text("#chat .option >> nth=0")
    assert question.endswith("?") or question.startswith("Tell me about ")
    page.click("#chat .option >> nth=0")
    page.wait_for_function("document.querySelectorAll('#chat .message-row').length == 4")
    assert page.inner_text(".asked >> nth=1") == question
    page.wait_for_selector(f"{LAST} >> .cite")
    assert page.locator("#chat .options").count() <= 1, "only the last answer offers"


def test_where_there_is_no_answer_questions_that_have_one_are_offered(page: Any) -> None:
    page.wait_for_selector("#chat .example")  # by then it is known which they are
    ask(page, "What is the price of gold?")
    page.wait_for_selector("#chat .option")
    assert page.get_by_role("group", name="What the articles do answer").count() == 1
    page.click("#chat .option >> nth=0")
    page.wait_for_selector("#chat .cite")


@pytest.mark.long
def test_axe_finds_nothing_serious(browser: Any, server: Server) -> None:
    axe = Axe()

    def serious(page: Any) -> list[str]:
        page.wait_for_timeout(500)  # transitions take 220 ms, and what fades has less contrast
        found = axe.run(page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:100]}" for one in found if one["impact"] in GRAVE]

    for scheme, width in (("light", WIDE), ("dark", NARROW)):
        with visit(browser, server.url, scheme=scheme, width=width) as page:
            page.wait_for_selector("#chat .example")
            assert serious(page) == []
            ask(page, COMPOUND)
            if width == NARROW:
                page.click("#more")
            page.click("#filters > button")
            assert serious(page) == []
            page.click("blockquote .cite >> nth=0")
            page.wait_for_selector("#panel mark.quoted")
            assert serious(page) == []
            page.keyboard.press("Escape")


def test_an_empty_question_is_not_asked_and_a_failing_one_stays_in_the_box(page: Any) -> None:
    page.press("#question textarea", "Enter")
    page.wait_for_timeout(300)
    assert page.locator("#chat .asked").count() == 0
    long = "why " * 700
    page.fill("#question textarea", long)
    page.press("#question textarea", "Enter")
    page.wait_for_selector(".notice")
    assert "at most" in page.inner_text(".notice")
    assert page.input_value("#question textarea") == long


def test_html_and_markdown_are_shown_and_never_run(page: Any, server: Server) -> None:
    text = f"The mayor of Quux said {HOSTILE} in Quuxville on Monday."
    server.call("ingest", text=text, title=f"Quux {HOSTILE}"[:120], outlet="<b>Gazette</b>")
    try:
        ask(page, f"What did the mayor of Quux say? {HOSTILE}")
        asked = page.inner_text(".asked")
        assert "<script>window.ran = 1</script>" in asked
        assert "{{value}} ${window.ran=1} **bold**" in asked
        page.click("role=tab[name=Articles]")
        page.click("ul.articles .title >> text=Quux")
        page.wait_for_selector("#panel .source-body")
        assert "<img src=x onerror=" in page.inner_text("#panel .source-body")
        assert "<b>Gazette</b>" in page.inner_text("#panel .source-head")
        assert page.evaluate("window.ran === undefined")
        assert page.locator("#main img, #panel img, #main script, a[href^='javascript']").count() == 0
    finally:
        ids = [row["id"] for row in server.call("articles") if "Quux" in row["title"]]
        server.call("remove", ids=ids)


STOP_AT_ONCE = """() => new Promise((done) => {
  const look = () => {
    const button = document.querySelector("#question .stop-button");
    if (!button || !document.querySelector("#chat .asked")) return requestAnimationFrame(look);
    button.click();
    done();
  };
  look();
})"""


def test_a_stopped_question_leaves_no_trace_and_the_next_is_answered_at_once(page: Any) -> None:
    page.fill("#question textarea", "Who was killed, where, why and how?")
    page.press("#question textarea", "Enter")
    page.evaluate(STOP_AT_ONCE)  # the answer takes no longer than a careful click
    page.wait_for_selector("#question .submit-button")
    page.wait_for_selector("#chat .asked", state="detached")
    ask(page, "Who was killed?")
    assert page.locator("#chat .asked").count() == 1
    assert "Moskalik" in page.inner_text("#chat .answer")


def test_a_conversation_survives_a_reload_and_a_new_one_forgets_it(page: Any) -> None:
    ask(page, COMPOUND)
    page.reload()
    page.wait_for_selector("table.rows")
    page.click("#new-conversation")
    page.wait_for_selector("table.rows", state="detached")
    page.reload()
    page.wait_for_selector(".welcome")
    assert page.locator("table.rows").count() == 0


@pytest.mark.long
def test_a_conversation_survives_a_restart_of_the_server_and_goes_on(
    browser: Any, seed_data: Path, tmp_path: Path
) -> None:
    data, port = Path(shutil.copytree(seed_data, tmp_path / "data")), free_port()
    context = browser.new_context()
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    for question in ("Who was killed?", "and where?"):
        page.goto("about:blank")  # a page left open loads itself anew once its server is back
        with serving(data, port=port) as server:
            page.goto(server.url)
            page.wait_for_selector(".welcome" if question.startswith("Who") else "#chat .answer")
            ask(page, question)
            page.wait_for_timeout(500)  # what is kept in the browser is written a moment later
    assert page.locator("#chat .asked").count() == 2
    assert "killed" in page.inner_text(f"{LAST} >> .searched")
    context.close()


def test_a_conversation_is_saved_as_text_and_as_json(page: Any) -> None:
    ask(page, COMPOUND)
    with page.expect_download() as text:
        page.click("text=Save as Markdown")
    saved_text = Path(text.value.path()).read_text()
    assert "Lt. Gen. Yaroslav Moskalik" in saved_text
    assert "\\." not in saved_text
    with page.expect_download() as saved:
        page.click("#tools button:text-is('JSON')")
    (answer,) = json.loads(Path(saved.value.path()).read_text())
    assert answer["citations"][0]["number"] == 1


def test_an_example_question_is_answered_on_a_click(page: Any) -> None:
    page.click("#chat .example >> nth=0")
    page.wait_for_selector("#chat .cite")


def test_what_stands_below_each_other_begins_on_one_line(page: Any) -> None:
    page.wait_for_selector("#chat .example")
    names = (".masthead h1", "#tabs [role=tab]", ".welcome .lead", "#chat .example", "#question")
    begins = {name: page.locator(name).first.bounding_box()["x"] for name in names}
    assert max(begins.values()) - min(begins.values()) <= 1, begins


def test_keyboard_alone_says_right_or_wrong(page: Any, server: Server) -> None:
    ask(page, COMPOUND)
    page.focus(".verdict button:text-is('No')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdict:has-text('Thanks')")
    kept = [json.loads(line) for line in (server.data / "feedback.jsonl").read_text().splitlines()]
    assert (kept[-1]["feedback"], kept[-1]["answer"]["question"]) == ("Wrong", COMPOUND)


def test_on_a_phone_nothing_shows_below_the_question_box(browser: Any, server: Server) -> None:
    with visit(browser, server.url, width=NARROW) as page:
        ask(page, COMPOUND)
        page.evaluate("window.scrollTo(0, 0)")
        box = page.locator("#question").bounding_box()
        bottom = box["y"] + box["height"]
        corner = {"x": box["x"], "y": bottom, "width": 12, "height": page.viewport_size["height"] - bottom}
        (colour,) = {*colours(page.screenshot(clip=corner))}
        assert colour == (250, 249, 246)  # --paper


def colours(picture: bytes) -> list[tuple[int, ...]]:
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(picture)) as image:
        return [colour for _, colour in image.convert("RGB").getcolors(image.width * image.height)]


def test_the_page_loads_from_nowhere_else_and_without_errors(browser: Any, server: Server) -> None:
    seen: list[str] = []
    problems: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: seen.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(server.url)
    page.wait_for_selector("#question textarea", timeout=120_000)
    context.close()
    assert not problems
    assert not [url for url in seen if not url.startswith((server.url, "data:", "blob:"))]


def test_dark_and_light_are_switched_and_remembered(page: Any) -> None:
    assert not page.evaluate("document.body.classList.contains('dark')")
    page.click(".masthead .theme")
    assert page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.wait_for_selector("#question textarea")
    page.wait_for_function("document.body.classList.contains('dark')")


# What a reporter does


DAYS = {"Toll": "2025-04-22", "Service": "2025-04-28"}
STORY = "https://example.org/toll"


@pytest.fixture
def reports(server: Server) -> Iterator[None]:
    """Two articles of one fire in two outlets, for one test."""
    toll = "The mill fire in Quuxford killed 15 people, Mayor Ada Quill said on Tuesday. A fund was set up."
    service = "A service for the victims of the mill fire in Quuxford was held. The mill will be torn down."
    server.call("ingest", text=toll, title="Toll", outlet="Fen Post", published=DAYS["Toll"], url=STORY)
    server.call("ingest", text=service, title="Service", outlet="Quux News", published=DAYS["Service"])
    yield
    rows = server.call("articles")
    server.call("remove", ids=[row["id"] for row in rows if row["title"] in DAYS])


TOLL = "How many people did the mill fire in Quuxford kill?"


@pytest.mark.usefixtures("reports")
def test_a_quote_is_copied_with_its_source_by_keyboard(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, TOLL)
    page.focus("figure .copy")
    page.keyboard.press("Enter")
    page.wait_for_selector("figure .copy:text-is('Copied')")
    quote = "The mill fire in Quuxford killed 15 people, Mayor Ada Quill said on Tuesday."
    assert page.evaluate("navigator.clipboard.readText()") == f"“{quote}”, Fen Post, 22 April 2025, {STORY}"
    page.focus(".acts .copy")
    page.keyboard.press("Enter")
    page.wait_for_selector(".acts .copy:text-is('Copied')")
    assert quote in page.evaluate("navigator.clipboard.readText()")


@pytest.mark.usefixtures("reports")
def test_only_one_article_is_asked_and_all_again_and_both_are_seen(page: Any) -> None:
    ask(page, TOLL)
    page.wait_for_selector("#panel [data-title=Toll]")  # the first source opened by itself
    page.click("#panel .only")
    page.wait_for_selector(".chips button:has-text('Toll')")
    ask(page, "When was the service for the victims held?")
    assert page.inner_text(f"{LAST} >> .scoped") == "Only “Toll”"
    page.click(f"{LAST} >> [data-everywhere]")
    page.wait_for_function("!document.querySelector('.scoped, .thinking, .growing')")
    page.wait_for_selector(f"{LAST} >> .acts")
    assert "Service" in page.inner_text("#chat .answer >> nth=-1")
    page.click("#new-conversation")
    page.wait_for_selector(".chips", state="detached")


@pytest.mark.usefixtures("reports")
def test_outlets_and_days_are_chips_that_a_click_takes_back(page: Any) -> None:
    page.click("#filters > button")
    page.click("#filters input[role=listbox], #filters .wrap input")
    page.click("[role=option]:has-text('Quux News')")
    page.get_by_role("textbox", name="From").fill("2025-04-01")
    page.wait_for_selector(".chips button:has-text('from 1 April 2025')")
    ask(page, TOLL)
    assert page.inner_text(f"{LAST} >> .scoped") == "Only Quux News · from 1 April 2025"
    assert "15" not in page.inner_text("#chat .answer >> nth=-1")
    for words in ("Quux News", "from"):
        page.click(f".chips button:has-text('{words}')")
        page.wait_for_selector(f".chips button:has-text('{words}')", state="detached")


def test_the_first_source_opens_by_itself_and_quotes_are_stepped_through(page: Any) -> None:
    ask(page, "What happened to Igor Kirillov?")
    page.wait_for_selector("#panel mark.now")
    assert page.evaluate("document.activeElement.closest('#question') !== null"), "the focus stays"
    places = "[...document.querySelectorAll('mark.quoted')].map(mark => mark.dataset.quote)"
    marks = len(set(page.evaluate(places)))
    assert marks > 1
    at, _, count = page.inner_text(".step-count").partition(" of ")
    assert int(count) == marks
    first = page.inner_text("#panel mark.now")
    page.click("#panel [data-step='1']")
    assert page.inner_text(".step-count") == f"{int(at) % marks + 1} of {marks}"
    assert page.inner_text("#panel mark.now") != first
    page.fill("#panel .find", "kirillov")
    page.wait_for_selector(".find-count:has-text('1 of ')")
    page.press("#panel .find", "Enter")
    page.wait_for_selector(".find-count:has-text('2 of ')")
    page.fill("#panel .find", "zzxqv")
    page.wait_for_selector(".find-count:text-is('none')")
    page.keyboard.press("Escape")
    page.click("#chat figure .headline >> nth=0")
    page.wait_for_selector("#panel mark.now")


def test_a_number_shows_its_sentence_before_it_is_clicked(page: Any) -> None:
    ask(page, COMPOUND)
    page.hover("table.rows .cite >> nth=0")
    page.wait_for_selector("#dateline-card")
    assert "Moskalik" in page.inner_text("#dateline-card")
    assert "25 April 2025" in page.inner_text("#dateline-card")
    page.mouse.move(0, 0)
    page.wait_for_selector("#dateline-card", state="detached")


@pytest.mark.usefixtures("reports")
def test_a_colleague_opens_the_same_answer_with_the_same_revision(
    page: Any, browser: Any, server: Server
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, TOLL)
    page.click(f"{LAST} >> [data-link]")
    page.wait_for_selector("[data-link]:text-is('Copied')")
    address = page.evaluate("navigator.clipboard.readText()")
    rows = server.call("articles")
    text = "The mill fire in Quuxford killed 19 people, Mayor Ada Quill said. A fund was set up."
    server.call("ingest", text=text, title="Toll", outlet="Fen Post", published=DAYS["Toll"], url=STORY)
    assert len(server.call("articles")) == len(rows), "a revision, not another article"
    with visit(browser, address) as other:
        other.wait_for_selector("#chat .answer")
        assert other.inner_text(".asked") == TOLL
        assert "15" in other.inner_text("#chat .answer")
        assert "revised since" in other.inner_text("#chat .answer")
        other.click("blockquote .cite")
        other.wait_for_selector("#panel mark.now:has-text('killed 15 people')")
        other.click("#panel .revised-note button")
        other.wait_for_selector("#panel .source-body:has-text('killed 19 people')")
    with visit(browser, f"{server.url}/?answer=unknown") as other:
        assert "no longer kept" in other.wait_for_selector(".notice").inner_text()


def test_conversations_are_listed_renamed_searched_deleted_and_opened_again(page: Any) -> None:
    ask(page, "Who was killed?")
    page.wait_for_timeout(500)  # what is kept in the browser is written a moment later
    page.click("#new-conversation")
    page.wait_for_selector(".welcome")
    ask(page, "How many people were injured in Kyiv?")
    page.wait_for_timeout(500)
    page.click("#history-button")
    assert page.locator("#conversations li").count() == 2
    page.click("#conversations li:has-text('Who was killed?') >> text=Rename")
    page.keyboard.type("Generals")
    page.keyboard.press("Enter")
    page.fill("#conversations input[type=search]", "general")
    assert page.locator("#conversations li").count() == 1
    page.click("#conversations >> text=Delete")
    assert "No conversation" in page.inner_text("#conversations li")
    page.click("#conversations >> text=Undo")
    page.click("#conversations .reopen:has-text('Generals')")
    page.wait_for_function("document.querySelector('.asked')?.textContent === 'Who was killed?'")
    ask(page, "and where?")
    assert "killed" in page.inner_text(f"{LAST} >> .searched")


def test_the_last_question_is_edited_and_keys_lead_through_the_page(page: Any) -> None:
    ask(page, "Who was killed in Paris?")
    page.focus("[data-edit]")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type(COMPOUND)
    page.keyboard.press("Enter")
    page.wait_for_selector("table.rows")
    assert page.locator("#chat .asked").all_inner_texts() == [COMPOUND]
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("]")
    page.wait_for_selector("#panel mark.now")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert "Ctrl" in page.inner_text("dialog[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.press("ArrowUp")
    assert page.input_value("#question textarea") == COMPOUND


def test_a_question_that_could_not_be_sent_says_so_and_is_not_lost(page: Any) -> None:
    ask(page, "Who was killed?")
    page.context.set_offline(True)
    page.fill("#question textarea", COMPOUND)
    page.press("#question textarea", "Enter")
    page.wait_for_selector("#unsent:has-text('does not answer')")
    assert COMPOUND in page.inner_text("#unsent")
    page.context.set_offline(False)
    page.reload()
    page.wait_for_function("document.querySelector('#question textarea')?.value !== ''")
    assert page.input_value("#question textarea") == COMPOUND


def test_by_touch_everything_is_reached_on_a_phone(browser: Any, server: Server) -> None:
    context = browser.new_context(viewport={"width": NARROW, "height": 844}, has_touch=True, is_mobile=True)
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("#question textarea")
    ask(page, COMPOUND)
    page.tap("#more")
    for name in ("#new-conversation", "#history-button", "#filters > button"):
        box = page.locator(name).bounding_box()
        assert box["height"] >= 44, name
        assert box["y"] + box["height"] <= 844, name
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    page.tap("#more")
    page.tap("blockquote .cite >> nth=0")
    page.wait_for_selector("#panel mark.now")
    page.wait_for_function("document.activeElement.className === 'close'")
    assert page.get_attribute("#panel .panel", "aria-modal") == "true"
    page.tap("#panel .only")
    page.wait_for_selector(".chips button")
    page.wait_for_selector("#panel mark.now", state="hidden")
    context.close()


def test_scripts_and_style_sheets_of_ours_stay_small() -> None:
    from qa.surfaces.page.looks import SHEETS
    from qa.surfaces.page.parts import STATIC, script, style

    scripts = [path.stem for path in STATIC.glob("js/*.js")]
    assert {path.stem for path in STATIC.glob("css/*.css")} == set(SHEETS), "every sheet is sent"
    assert len((style(*SHEETS) + script(*scripts)).encode()) < 60 * 1024
