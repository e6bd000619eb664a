"""The page as a reader meets it: real server, real models, real Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import HEIGHT, NARROW, WAIT_MS, WIDE, ask, keeping, opened, visit
from server import Server

# Never skipped: `make test` installs Chromium, and `pytest -m "not browser"` leaves these out in the open.
pytestmark = pytest.mark.browser

LAST = "#chat .message-row >> nth=-1"
COMPOUND = "who was killed and where?"
HOSTILE = (
    '<script>window.ran = 1</script><img src=x onerror="window.ran = 1"> [x](javascript:window.ran=1) '
    "| a | b |\n|---|---| {{value}} ${window.ran=1} **bold**"
)


@pytest.fixture
def page(window: Any, server: Server) -> Iterator[Any]:
    with opened(window, server.url, width=WIDE) as page:
        yield page


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


def test_on_a_phone_the_article_covers_the_chat_and_nothing_is_wider_than_the_screen(
    window: Any, server: Server
) -> None:
    with opened(window, server.url, width=NARROW) as page:
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
def test_long_names_and_questions_break_on_a_phone(window: Any, server: Server, words: str) -> None:
    with opened(window, server.url, width=NARROW) as page:
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
    page.wait_for_selector(".example")  # by then it is known which they are
    ask(page, "What is the price of gold?")
    page.wait_for_selector("#chat .option")
    assert page.get_by_role("group", name="What the articles do answer").count() == 1
    page.click("#chat .option >> nth=0")
    page.wait_for_selector("#chat .cite")


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
    if (!button) return requestAnimationFrame(look);
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


def test_a_conversation_goes_on_at_a_server_that_was_started_since(
    page: Any, browser: Any, server: Server, second_server: Server
) -> None:
    """What the browser keeps is all that goes over: the second server has never heard of the conversation."""
    with keeping(page, "dateline"):
        ask(page, "Who was killed?")
    kept = page.evaluate("Object.entries(localStorage)")
    context = browser.new_context()
    context.add_init_script(f"for (const [key, held] of {json.dumps(kept)}) localStorage[key] ??= held;")
    other = context.new_page()
    other.set_default_timeout(WAIT_MS)
    other.goto(second_server.url)
    other.wait_for_selector("#chat .answer .acts")
    ask(other, "and where?")
    assert other.locator("#chat .asked").count() == 2
    assert "killed" in other.inner_text(f"{LAST} >> .searched")
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


def test_an_empty_store_shows_the_way_in_and_says_when_it_can_be_asked(
    window: Any, second_server: Server
) -> None:
    ids = [row["id"] for row in second_server.call("articles")]
    gone = second_server.call("remove", ids=ids)["revisions"]
    try:
        with opened(window, second_server.url, width=WIDE) as page:
            page.wait_for_selector(".welcome:has-text('Add articles to begin')")
            page.click(".welcome .goto")
            page.wait_for_selector("#add-text textarea")
            page.click("role=tab[name=Ask]")
            second_server.call("restore", removed=gone)
            page.wait_for_selector(".welcome:has-text('What would you like to know?')")
            page.wait_for_selector(".example")
    finally:
        second_server.call("restore", removed=gone)


def test_an_example_question_is_answered_on_a_click(page: Any) -> None:
    assert "25 April 2025" in page.inner_text(".example >> nth=0")
    page.click(".example >> nth=0")
    page.wait_for_selector("#chat .cite")


def test_what_stands_below_each_other_begins_on_one_line(page: Any) -> None:
    page.wait_for_selector(".example")
    names = (".masthead h1", "#tabs [role=tab]", ".welcome .lead", ".example", "#question")
    for width in (WIDE, 900):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        begins = {name: page.locator(name).first.bounding_box()["x"] for name in names}
        assert max(begins.values()) - min(begins.values()) <= 1, (width, begins)


def test_on_a_phone_nothing_shows_below_the_question_box(window: Any, server: Server) -> None:
    with opened(window, server.url, width=NARROW) as page:
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


SLOW = """() => {
    const plain = window.fetch;
    window.fetch = async (...asked) => {
        await new Promise(done => setTimeout(done, 400));
        return plain(...asked);
    };
}"""


def test_what_is_typed_right_after_a_new_conversation_began_stays(page: Any) -> None:
    page.fill("#question textarea", "An old thought")
    page.evaluate(SLOW)
    page.click("#new-conversation")
    page.wait_for_timeout(200)  # half of what the server's word takes
    assert page.input_value("#question textarea") == ""
    with page.expect_response("**/queue/data*"):
        page.fill("#question textarea", "Who claimed responsibility?")
    page.wait_for_timeout(800)
    assert page.input_value("#question textarea") == "Who claimed responsibility?"


@pytest.mark.usefixtures("reports")
def test_a_new_conversation_asks_all_articles_again(page: Any) -> None:
    ask(page, TOLL)
    page.click("#panel .only")
    page.click("#filters > button")
    page.get_by_role("textbox", name="From").fill("2025-04-01")
    page.wait_for_selector(".chips button:has-text('from 1 April 2025')")
    page.wait_for_selector(".chips button:has-text('Toll')")
    page.click("#new-conversation")
    page.wait_for_selector(".chips", state="detached")


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
    try:
        page.context.set_offline(True)
        page.fill("#question textarea", COMPOUND)
        page.press("#question textarea", "Enter")
        page.wait_for_selector("#unsent:has-text('does not answer')")
        assert COMPOUND in page.inner_text("#unsent")
    finally:
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


# A network on which the server's word that it closes the stream of events takes a second to arrive.
CLOSES_LATE = """
const plain = window.fetch;
window.fetch = async (asked, options) => {
    const answer = await plain(asked, options);
    if (!String(asked.url ?? asked).includes("/queue/data")) return answer;
    const late = new TransformStream({ async transform(chunk, told) {
        const closes = new TextDecoder().decode(chunk).includes('{"msg":"close_stream"');
        window.closing = closes;
        if (closes) await new Promise(done => setTimeout(done, 1000));
        window.closing = false;
        told.enqueue(chunk);
    } });
    return new Response(answer.body.pipeThrough(late), { headers: answer.headers });
};
"""


def test_a_question_is_answered_that_is_sent_while_the_stream_of_events_closes(
    browser: Any, server: Server
) -> None:
    context = browser.new_context()
    context.add_init_script(CLOSES_LATE)
    with opened(context, server.url) as page:
        ask(page, COMPOUND)
        page.wait_for_function("window.closing")
        ask(page, "Who claimed responsibility?")
    context.close()


def test_scripts_and_style_sheets_of_ours_stay_small() -> None:
    from qa.surfaces.page.looks import SHEETS
    from qa.surfaces.page.parts import STATIC, script, style

    scripts = [path.stem for path in STATIC.glob("js/*.js")]
    assert {path.stem for path in STATIC.glob("css/*.css")} == set(SHEETS), "every sheet is sent"
    assert len((style(*SHEETS) + script(*scripts)).encode()) < 60 * 1024
