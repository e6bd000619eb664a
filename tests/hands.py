"""Two ways to use the page without a mouse: by keyboard alone, and by touch on a phone.

A task is written once, against `Hand`; `Keys` and `Fingers` do what it says. Selectors are Playwright's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from browser import answered

BOX = "#question textarea"
MOST_STEPS = 120  # of the Tab key, from wherever the focus is
# Of the document: whether a node stands before or holds the focus, so that a reader would go back to it.
IS_BACK = """node => Boolean(document.activeElement.compareDocumentPosition(node)
    & (Node.DOCUMENT_POSITION_PRECEDING | Node.DOCUMENT_POSITION_CONTAINS))"""
HAS_FOCUS = "node => node === document.activeElement || node.contains(document.activeElement)"
RESET = """() => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    document.getElementById("dock").classList.remove("tools-open");
    document.querySelector("#panel .close").click();
    document.querySelector("#tabs [role=tab]").click();
    document.getElementById("new-conversation").click();
    for (const chip of document.querySelectorAll(".chips button")) chip.click();
    document.activeElement.blur();
}"""


class Hand(ABC):
    """Somebody who uses the page. Every step waits until the page can take it."""

    def __init__(self, page: Any) -> None:
        self.page = page

    @abstractmethod
    def press(self, selector: str) -> None:
        """Does what a button is for."""

    @abstractmethod
    def tick(self, selector: str) -> None:
        """Ticks the box within."""

    @abstractmethod
    def send(self, box: str, words: str) -> None:
        """Writes words into the box of that id and sends them."""

    @abstractmethod
    def choose(self, label: str, option: str) -> None:
        """Takes an option of a list."""

    @abstractmethod
    def leave_article(self) -> None:
        """Closes the article."""

    @abstractmethod
    def _take(self, selector: str) -> None:
        """Gets to a field."""

    def tool(self, selector: str) -> None:
        """Presses what stands below the question box."""
        self._bring(selector)
        self.press(selector)

    def unfold(self, selector: str) -> None:
        """Opens what that button opens, if it is not open already."""
        self._bring(selector)
        if not self.page.locator(f"{selector}.open").count():
            self.press(selector)

    @abstractmethod
    def _bring(self, selector: str) -> None:
        """Gets what a phone hides into sight."""

    def write(self, selector: str, words: str) -> None:
        """Puts words into a field in place of what is there."""
        self._take(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def date(self, label: str, day: str) -> None:
        """Puts a day into the visible field of that label. A phone has a calendar of its own for it."""
        self._take(f"{label} >> visible=true")
        self.page.locator(f"{label} >> visible=true").first.fill(day)

    def tab(self, name: str) -> None:
        """Shows a tab."""
        self.press(f"#tabs [role=tab]:text-is('{name}')")

    def ask(self, question: str) -> None:
        """Asks and waits for the whole answer."""
        before = self.page.locator("#chat .asked").count()
        self.send("question", question)
        self.answered(before + 1)

    def answered(self, count: int = 1) -> None:
        """Waits until there are so many whole answers."""
        answered(self.page, count)

    def sees(self, selector: str, words: str = "") -> str:
        """What stands there, once it is in sight and has these words."""
        there = self.page.locator(selector).filter(has_text=words).first
        there.wait_for()
        return str(there.inner_text())

    def sees_no(self, selector: str) -> None:
        """Waits until nothing of the kind is in sight."""
        self.page.wait_for_selector(selector, state="hidden")

    def copied(self) -> str:
        """What was copied last."""
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def begin(self) -> None:
        """The empty page, as a reader who has asked nothing has it."""
        self.page.evaluate(RESET)
        self.page.wait_for_selector(".welcome")
        self.page.wait_for_selector(".chips", state="detached")


class Keys(Hand):
    """By keyboard alone: whatever is pressed was reached with the Tab key."""

    def press(self, selector: str) -> None:
        self._take(selector)
        self.page.keyboard.press("Enter")

    def tick(self, selector: str) -> None:
        self._take(selector)
        self.page.keyboard.press("Space")

    def send(self, box: str, words: str) -> None:
        if box == "question":
            self.page.keyboard.press("Control+K")
            self.page.keyboard.insert_text(words)
        else:
            self.write(f"#{box} textarea, #{box} input", words)
        self.page.keyboard.press("Enter")

    def choose(self, label: str, option: str) -> None:
        self._take(f"[role=listbox][aria-label='{label}'], input[aria-label='{label}']")
        self.page.keyboard.type(option)
        self.page.get_by_role("option", name=option).first.wait_for()
        self.page.keyboard.press("Enter")

    def leave_article(self) -> None:
        self.page.keyboard.press("Escape")

    def _bring(self, selector: str) -> None:
        self.page.locator(selector).first.wait_for()

    def _take(self, selector: str) -> None:
        target = self.page.locator(selector).first
        target.wait_for()
        key = "Shift+Tab" if target.evaluate(IS_BACK) else "Tab"
        for _ in range(MOST_STEPS):
            if target.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{selector} is not reached with {key}")


class Fingers(Hand):
    """By touch on a phone: whatever is pressed leaves room for a finger."""

    ROOM, IN_TEXT = 44, 32  # pixels; what stands within a quote's lines has neighbours above and below
    # How many pixels a finger may be off upwards and downwards in all, and still hit it.
    HIT = """(node) => {
        const { left, top, width, height } = node.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        const meets = (by) => node.contains(document.elementFromPoint(x, y + by));
        let [up, down] = [0, 0];
        while (up < 40 && meets(-up)) up++;
        while (down < 40 && meets(down)) down++;
        return { room: up + down - 1, text: Boolean(node.closest("figure")) };
    }"""

    def press(self, selector: str) -> None:
        target = self.page.locator(selector).first
        target.tap(trial=True)
        hit = target.evaluate(self.HIT)
        least = self.IN_TEXT if hit["text"] else self.ROOM
        assert hit["room"] >= least - 1, f"{selector} has {hit['room']} pixels for a finger"
        target.tap()

    def tick(self, selector: str) -> None:
        self.press(selector)

    def send(self, box: str, words: str) -> None:
        self.write(f"#{box} textarea, #{box} input", words)
        self.press(f"#{box} .submit-button")

    def choose(self, label: str, option: str) -> None:
        self._take(f"[role=listbox][aria-label='{label}'], input[aria-label='{label}']")
        there = self.page.get_by_role("option", name=option).first
        there.tap()
        if there.is_visible():  # a list of which several may be taken stays open until one taps beside it
            self.page.touchscreen.tap(4, 4)
            there.wait_for(state="hidden")

    def leave_article(self) -> None:
        self.press("#panel .close")

    def _take(self, selector: str) -> None:
        self.page.locator(selector).first.tap()

    def _bring(self, selector: str) -> None:
        if not self.page.locator(selector).first.is_visible():
            self.press("#more")
