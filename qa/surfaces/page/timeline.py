"""The tab that tells a topic over time, and its chart of days."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.surfaces.api import Endpoints
from qa.surfaces.html.answer import notice_html
from qa.surfaces.html.timeline import timeline_html, timeline_markdown, window_html
from qa.surfaces.page.parts import PRIVATE, html, one_line_box, save_on, small_button
from qa.surfaces.page.scope import Picked, Scope

BARS = ((92, "1d"), (730, "7d"), (10**9, "30d"))  # longest span in days, width of a bar


class Timeline:
    """Components of the tab and what happens when they are used. `scope` is the one of the questions."""

    def __init__(self, endpoints: Endpoints, scope: Scope) -> None:
        self.endpoints = endpoints
        self.scope = scope
        self.topic = one_line_box("topic", "Topic", "A name, a place, an event…", "Show")
        self.days = gr.BarPlot(
            x="day",
            y="articles",
            y_aggregate="sum",
            x_title="",
            y_title=" ",
            y_axis_format="d",
            label="Articles by day: drag over some to see only those",
            height=150,
            elem_id="days",
            visible=False,
        )
        with gr.Row(elem_id="window"):
            self.chosen_days = html(elem_id="chosen-days")
            self.all_days = small_button("All days", visible=False)
        self.told = html(
            '<p class="empty">What the articles say of a topic, in their order of days.</p>', elem_id="told"
        )
        with gr.Row(elem_id="keep"):
            self.as_markdown = small_button("Save as text")
            self.as_json = small_button("Save as JSON")
        self.dated = gr.State([])
        self.saved = gr.Textbox(visible=False)

    def connect(self, tab: Any) -> None:
        """Ties events to the functions below."""
        since, until = self.scope.since, self.scope.until
        given, shown = [self.topic, *self.scope.chosen], [self.told, self.dated]
        window = [since, until, self.chosen_days, self.all_days]
        tab.select(self.plot_days, None, self.days, **PRIVATE)
        tab.select(window_in_words, [since, until], [self.chosen_days, self.all_days], **PRIVATE)
        self.topic.submit(self.tell, given, shown, **PRIVATE)
        self.days.select(narrow, None, window, **PRIVATE).then(self.tell, given, shown, **PRIVATE)
        self.all_days.click(lambda: ("", "", "", gr.Button(visible=False)), None, window, **PRIVATE).then(
            self.tell, given, shown, **PRIVATE
        )
        save_on(self.as_markdown, timeline_markdown, [self.topic, self.dated], self.saved, "timeline.md")
        save_on(self.as_json, _indented, self.dated, self.saved, "timeline.json")

    def plot_days(self) -> Any:
        """How many articles there are of which day, in bars of a day, a week or a month."""
        import pandas as pd

        rows = self.endpoints.desk.articles()
        counted = Counter(row["published"][:10] for row in rows if row["published"])
        if len(counted) < 2:
            return gr.BarPlot(visible=False)
        days = pd.to_datetime(list(counted))
        width = next(name for most, name in BARS if (days.max() - days.min()).days <= most)
        table = pd.DataFrame({"day": days, "articles": list(counted.values())})
        most = table.set_index("day")["articles"].resample(width).sum().max()
        top = 2 if most == 1 else None  # with 1 the axis would name it twice
        return gr.BarPlot(value=table, x_bin=width, y_lim=[0, top], visible=True)

    def tell(
        self, topic: str, outlets: list[str] | None, since: str, until: str, articles: Picked | None
    ) -> tuple[Any, Any]:
        """The dated quotes of a topic, shown and to be saved."""
        if not (topic or "").strip():
            return gr.skip(), gr.skip()
        try:
            outlet = outlets[0] if outlets else None
            rows = self.endpoints.timeline(topic, since or None, until or None, outlet)
        except QAError as error:
            return notice_html(str(error)), []
        return timeline_html(rows), rows


def narrow(event: gr.SelectData) -> tuple[Any, ...]:
    """The days that were dragged over, as filters of question and timeline alike."""
    first, last = (datetime.fromtimestamp(float(second), UTC).date() for second in event.index)
    return first.isoformat(), last.isoformat(), *window_in_words(str(first), str(last))


def window_in_words(since: str, until: str) -> tuple[Any, Any]:
    """Says which days count, if not all."""
    return window_html(since, until), gr.Button(visible=bool(since or until))


def _indented(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2)
