"""The tab with what is new: a brief of the stories since the reader was here, and the topics they follow.

What was seen and what is followed is kept in the reader's browser, as marks of `qa.answer.brief`.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa.surfaces.api import Endpoints
from qa.surfaces.html.news import arrived_html, news_html
from qa.surfaces.page.parts import PRIVATE, html, one_line_box, script

SEEN, FOLLOWED = "dateline-seen", "dateline-followed"  # localStorage keys
MOST_FOLLOWED = 20
LONGEST_TOPIC = 80  # characters


class News:
    """Components of the tab and of the line above all tabs, and what happens when they are used.

    The line and what the browser keeps are made at once: within a tab they would be there only once it is
    shown.
    """

    brief: Any
    topic: Any

    def __init__(self, endpoints: Endpoints) -> None:
        self.endpoints = endpoints
        self.arrived = html(elem_id="arrived")
        self.seen = gr.BrowserState("", storage_key=SEEN, secret=SEEN)
        self.followed = gr.BrowserState({}, storage_key=FOLLOWED, secret=FOLLOWED)

    def draw(self) -> None:
        """The tab's own components."""
        self.brief = html(elem_id="news", js_on_load=script("news"))
        self.topic = one_line_box("follow", "Follow a name or a topic", "Follow a name or a topic…", "Follow")

    def connect(self, demo: Any, tab: Any) -> None:
        """Ties events to the functions below."""
        kept = [self.seen, self.followed]
        # One after the other: each gives back what is followed. They are sent with what was followed then,
        # and two that are sent together may come in any order: asking.js follows once the tab has told.
        one_by_one: dict[str, Any] = {**PRIVATE, "concurrency_id": "news", "concurrency_limit": 1}
        demo.load(self.arrive, kept, [self.arrived, self.seen], **one_by_one)
        told = tab.select(self.open, kept, [self.brief, self.arrived, *kept], **one_by_one)
        told.then(None, js="() => void document.dispatchEvent(new Event('news-told'))", **PRIVATE)
        self.topic.submit(
            self.follow, [self.topic, *kept], [self.topic, self.brief, self.followed], **one_by_one
        )
        self.brief.unfollow(self.unfollow, kept, [self.brief, self.followed], **one_by_one)

    def arrive(self, seen: str, followed: dict[str, str]) -> tuple[str, str]:
        """The line that says how much is new; whoever comes for the first time begins to count now."""
        found = self.endpoints.news(after=seen or None)
        if not seen:
            return "", str(found["mark"])
        fresh = self.endpoints.desk.mentions(followed or {})
        stories = found["stories"] if found["since"] is None else 0
        return arrived_html(stories, {topic: len(rows) for topic, rows in fresh.items()}), seen

    def open(self, seen: str, followed: dict[str, str]) -> tuple[Any, ...]:
        """The brief; what it tells counts as seen."""
        followed = followed or {}
        shown, mark = self._told(seen, followed)
        return shown, "", mark, dict.fromkeys(followed, mark)

    def follow(self, topic: str, seen: str, followed: dict[str, str]) -> tuple[Any, ...]:
        """Follows one more topic from now on, the oldest of too many no more."""
        name = " ".join((topic or "").split())[:LONGEST_TOPIC]
        if not name:
            return "", gr.skip(), gr.skip()
        mark = str(self.endpoints.news()["mark"])
        kept = {
            known: since for known, since in (followed or {}).items() if known.casefold() != name.casefold()
        }
        followed = dict([*kept.items(), (name, mark)][-MOST_FOLLOWED:])
        return "", self._told(seen, followed)[0], followed

    def unfollow(
        self, seen: str, followed: dict[str, str], event: gr.EventData
    ) -> tuple[str, dict[str, str]]:
        """Follows a topic no more."""
        followed = {name: mark for name, mark in (followed or {}).items() if name != str(event.topic)}
        return self._told(seen, followed)[0], followed

    def _told(self, seen: str, followed: dict[str, str]) -> tuple[str, str]:
        """The brief and the mark of what it tells; where nothing is new, the newest there is."""
        found = self.endpoints.news(after=seen or None)
        returning = bool(seen)
        if not found["stories"]:
            found = self.endpoints.news()
        fresh = self.endpoints.desk.mentions(followed)
        return news_html(found, fresh, returning=returning), str(found["mark"])
