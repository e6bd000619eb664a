"""The tab that tells a topic over time: its chart of days, whom its articles name, what they say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.store import browse
from qa.surfaces.api import Endpoints
from qa.surfaces.html.answer import notice_html
from qa.surfaces.html.timeline import chart_html, timeline_html, timeline_markdown
from qa.surfaces.page.parts import PRIVATE, day_box, html, one_line_box, save_on, script, small_button

INVITATION = '<p class="empty">What the articles say of a topic, in their order of days.</p>'


class Timeline:
    """Components of the tab and what happens when they are used."""

    def __init__(self, endpoints: Endpoints) -> None:
        self.endpoints = endpoints
        self.topic = one_line_box("topic", "Topic", "A name, a place, an event…", "Show")
        with gr.Row(elem_id="window"):
            self.since, self.until = day_box("From"), day_box("To")
        self.chart = html(elem_id="days", js_on_load=script("chart"))
        self.told = html(INVITATION, elem_id="told", js_on_load=script("told"))
        with gr.Row(elem_id="keep", visible=False) as self.keep:
            self.as_markdown = small_button("Save as text")
            self.as_json = small_button("Save as JSON")
        self.dated = gr.State([])
        self.saved = gr.Textbox(visible=False)

    def connect(self, tab: Any) -> None:
        """Ties events to the functions below."""
        window = [self.since, self.until]
        given, shown = [self.topic, *window], [self.chart, self.told, self.dated, self.keep]
        tab.select(self.tell, given, shown, **PRIVATE)
        self.topic.submit(self.tell, given, shown, **PRIVATE)
        for box in window:
            box.change(self.tell, given, shown, trigger_mode="always_last", **PRIVATE)
        self.chart.select(_days_of, None, window, **PRIVATE)
        self.told.clear(lambda: ("", ""), None, window, **PRIVATE)
        save_on(self.as_markdown, timeline_markdown, [self.topic, self.dated], self.saved, "timeline.md")
        save_on(self.as_json, _indented, self.dated, self.saved, "timeline.json")

    def tell(self, topic: str, since: str, until: str) -> tuple[Any, ...]:
        """The chart, what is told of the topic, its dated quotes to be saved, and whether there are any."""
        topic = " ".join((topic or "").split())
        counts = browse.days(self.endpoints.desk.store.catalogue)
        if not topic:
            chart = chart_html(counts, since=since, until=until)
            return chart, INVITATION, [], gr.Row(visible=False)
        try:
            found = self.endpoints.topic(topic, since or None, until or None)
        except QAError as error:
            return gr.skip(), notice_html(str(error)), [], gr.Row(visible=False)
        part = Counter(row["published"] for row in found["articles"] if row["published"])
        chart = chart_html(counts, topic, part, since=since, until=until)
        told = timeline_html(topic, found, since=since, until=until)
        return chart, told, found["events"], gr.Row(visible=bool(found["events"]))


def _days_of(event: gr.EventData) -> tuple[str, str]:
    return str(event.since), str(event.until)


def _indented(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2)
