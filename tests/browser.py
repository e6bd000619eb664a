"""Opens the page in headless Chromium for a test or a screenshot."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# The shell is the same engine without the windows around it, and costs half as much processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT_MS = 120_000  # an answer takes half a second on a quiet machine; a busy one gets time
WIDE, NARROW, HEIGHT = 1280, 390, 844
# What a tab that was closed may have kept last is forgotten when the next one opens, and by no reload of it.
FORGET = """if (location.protocol.startsWith("http") && !sessionStorage.getItem("opened")) {
    sessionStorage.setItem("opened", "1");
    localStorage.clear();
}"""
ANSWERED = """count => document.querySelectorAll('#chat .answer').length >= count
    && !document.querySelector('.thinking, .growing')
    && document.querySelector('#question .submit-button') !== null"""


# What somebody who looks would see of a question that is not answered.
CONVERSATION = """() => ({
    box: document.querySelector("#question textarea").value,
    button: document.querySelector("#question button")?.className,
    unsent: document.querySelector("#unsent").innerText,
    toasts: [...document.querySelectorAll(".toast-body")].map(one => one.innerText),
    conversation: document.querySelector("#chat").innerText.slice(0, 2000),
    thinking: document.querySelectorAll(".thinking, .growing").length,
    focus: document.activeElement.outerHTML.slice(0, 200),
})"""


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser: the system's Chromium, else the one that Playwright has installed."""
    from playwright.sync_api import sync_playwright

    system = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Any, url: str, *, width: int = WIDE, scheme: str = "light") -> Iterator[Any]:
    """The page at `url`, ready for a question, in a window of its own with nothing stored."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    try:
        with opened(context, url) as page:
            yield page
    finally:
        context.close()


@contextmanager
def opened(context: Any, url: str, *, width: int | None = None) -> Iterator[Any]:
    """The page at `url`, ready for a question, in a tab of a browser's `context`.

    A tab begins with nothing stored. It need not load again what another of the context has loaded.
    """
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.add_init_script(FORGET)
    if width:
        page.set_viewport_size({"width": width, "height": HEIGHT})
    try:
        page.goto(url)
        page.wait_for_selector("#question textarea")
        yield page
    finally:
        page.close()


def answered(page: Any, count: int) -> None:
    """Waits until there are so many whole answers; says what the page shows if they do not come."""
    from playwright.sync_api import TimeoutError as TookTooLong

    try:
        page.wait_for_function(ANSWERED, arg=count)
    except TookTooLong:
        raise AssertionError(f"no whole answer number {count}: {page.evaluate(CONVERSATION)}") from None


@contextmanager
def keeping(page: Any, key: str) -> Iterator[None]:
    """Ends once what the browser keeps by that key has been written anew: a moment after it is shown."""
    before = page.evaluate("key => localStorage.getItem(key)", key)
    yield
    page.wait_for_function("([key, before]) => localStorage.getItem(key) !== before", arg=[key, before])


def ask(page: Any, question: str) -> None:
    """Types a question and waits for its whole answer."""
    before = page.locator("#chat .asked").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    answered(page, before + 1)
