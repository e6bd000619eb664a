"""Opens the page in headless Chromium for a test or a screenshot."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
WIDE, NARROW = 1280, 390
ANSWERED = """count => document.querySelectorAll('#chat .answer').length >= count
    && !document.querySelector('.thinking, .growing')
    && document.querySelector('#question .submit-button') !== null"""


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser: the system's Chromium, else the one that Playwright has installed."""
    from playwright.sync_api import sync_playwright

    system = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Any, url: str, *, width: int = WIDE, scheme: str = "light") -> Iterator[Any]:
    """The page at `url`, ready for a question, in a window of its own with nothing stored."""
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    try:
        page.goto(url)
        page.wait_for_selector("#question textarea")
        yield page
    finally:
        context.close()


def ask(page: Any, question: str) -> None:
    """Types a question and waits for its whole answer."""
    before = page.locator("#chat .asked").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_function(ANSWERED, arg=before + 1)
