"""Whether everybody can use the page: axe on each view, light and dark, at three widths; what fingers hit.

One page, loaded once: a view is shown at the first width, and then only the window and the colours change.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browser import HEIGHT, NARROW, WIDE, ask, opened
from server import Server

pytestmark = pytest.mark.browser

WIDTHS = (WIDE, 768, NARROW)
FINGER = 44  # pixels
STILL = "*, ::before, ::after { transition: none !important; animation: none !important; }"
# What changes from light to dark is contrast alone; everything else is looked at once a width.
RUN = """async (dark) => {
    document.body.classList.toggle("dark", dark);
    const rules = dark ? { runOnly: ["color-contrast"] } : {};
    const { violations } = await axe.run({ resultTypes: ["violations"], ...rules });
    return violations
        .filter((one) => ["serious", "critical"].includes(one.impact))
        .map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 100)).join("; ")}`);
}"""
HIT = (
    *("#listing button", ".tick", "#feeds button", "#told .beside button", "#news button", "#chat .option"),
    *(".acts button", "#tools button", ".chips button", "#panel .source-head button", "dialog[open] button"),
)
SMALL = """(all, least) => all.filter((one) => one.offsetHeight < least)
    .map((one) => `${one.offsetHeight}: ${one.outerHTML.slice(0, 90)}`)"""


@pytest.fixture(scope="module")
def page(browser: Any, server: Server) -> Iterator[Any]:
    """The page over a store with an undated article and a topic of two."""
    for title, text, day in (
        ("Ferry sinks", "The ferry Norvik sank off Ystad on Sunday. Nobody died.", "2024-05-10"),
        ("Ferry raised", "The wreck of the ferry Norvik was raised in Ystad by a crane.", "2024-07-01"),
        ("Bakers strike", "Bakers in Velden went on strike on Monday. Bread was scarce.", None),
    ):
        server.call("ingest", text=text, title=title, outlet="Courier", published=day)
    context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT})
    with opened(context, server.url) as page:
        page.add_style_tag(content=STILL)
        page.evaluate(AXE_SCRIPT)
        yield page
    context.close()
    rows = server.call("browse", outlet="Courier")["articles"]
    server.call("remove", ids=[row["id"] for row in rows])


def welcome(page: Any) -> None:
    page.wait_for_selector(".example")


def answer(page: Any) -> None:
    ask(page, "who was killed and where?")
    page.wait_for_selector("#panel mark.now")
    page.wait_for_selector("#chat .option")


def tools(page: Any) -> None:
    page.keyboard.press("Escape")
    page.evaluate("document.getElementById('more').click()")
    page.click("#filters > button")
    page.get_by_role("textbox", name="From").fill("2024-01-01")
    page.wait_for_selector(".chips button")


def not_found(page: Any) -> None:
    ask(page, "Who was killed in Paris?")
    page.click(".chips button")
    page.wait_for_selector(".chips", state="detached")
    page.click("#filters > button")


def conversations(page: Any) -> None:
    page.evaluate("document.getElementById('history-button').click()")
    page.wait_for_selector("#conversations .reopen")


def keys(page: Any) -> None:
    page.keyboard.press("Escape")
    page.evaluate("document.getElementById('keys-button').click()")
    page.wait_for_selector("#keys kbd")


def timeline(page: Any) -> None:
    page.keyboard.press("Escape")
    page.click("role=tab[name=Timeline]")
    page.fill("#topic input, #topic textarea", "Norvik")
    page.keyboard.press("Enter")
    page.wait_for_selector("ol.timeline li")


def news(page: Any) -> None:
    page.click("#told .follow")
    page.wait_for_selector(".followed .topic")
    page.wait_for_selector("ol.stories li")


def articles(page: Any) -> None:
    page.click("role=tab[name=Articles]")
    page.click("#add > button")
    page.click("#listing .pick")
    page.check("[aria-label='Select Ferry sinks']")
    page.click("li:has-text('Courier') .date")


def hits(page: Any) -> None:
    page.fill("#query input, #query textarea", "ferry")
    page.keyboard.press("Enter")
    page.wait_for_selector("#listing .snippet mark")


VIEWS = (welcome, answer, tools, not_found, conversations, keys, timeline, news, articles, hits)


def test_at_every_width_in_light_and_dark_axe_finds_nothing_serious(page: Any) -> None:
    """One test, as each view is reached from the one before."""
    found: dict[str, list[str]] = {}
    for show in VIEWS:
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        show(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for dark in (False, True):
                found[f"{show.__name__}, {width} {'dark' if dark else 'light'}"] = page.evaluate(RUN, dark)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, show.__name__
        buttons = page.locator(", ".join(f"{place}:visible" for place in HIT))
        small = buttons.evaluate_all(SMALL, FINGER)
        assert not small, f"too small for a finger, {show.__name__}"
    assert not {where: what for where, what in found.items() if what}
