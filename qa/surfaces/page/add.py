"""The form that adds articles: files, a pasted text, addresses and feeds, and the feeds that are known."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.store import browse
from qa.surfaces.api import Endpoints, pasted, uploaded
from qa.surfaces.html.answer import notice_html
from qa.surfaces.html.articles import feeds_html, report_html
from qa.surfaces.page.collection import Collection
from qa.surfaces.page.parts import PRIVATE, day_box, html, script
from qa.surfaces.page.starters import Starters
from qa.types import IngestReport

NAMED = 10  # articles that a report names
KINDS = "txt, html, pdf, docx, eml, json, csv, zip and others"
PROGRESS = gr.Progress()  # a default of this type is how Gradio hands one over
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


class Add:
    """Components of the form and what happens when they are used."""

    def __init__(self, endpoints: Endpoints, collection: Collection, starters: Starters) -> None:
        self.endpoints = endpoints
        self.collection = collection
        self.starters = starters
        addresses = endpoints.access.paths
        pasted_here = "Paste a text, or web addresses and feeds, one a line" if addresses else "Paste a text"
        with gr.Accordion("Add articles", open=False, elem_id="add"):
            self.text = gr.Textbox(label=pasted_here, lines=4, max_lines=14, elem_id="add-text")
            self.files = gr.File(label=f"Or files: {KINDS}", file_count="multiple", height=150)
            with (
                gr.Accordion("Headline, outlet and day of the pasted text", open=False, elem_id="add-more"),
                gr.Row(),
            ):
                self.title = gr.Textbox(label="Headline")
                self.by = gr.Textbox(label="Outlet")
                self.day = day_box("Published")
            self.button = gr.Button("Add", variant="primary", elem_id="add-button")
            self.report = html(elem_id="report")
            self.feeds = html(elem_id="feeds", js_on_load=script("feeds"))

    def connect(self, listed: Callable[..., tuple[Any, ...]], given: list[Any], shown: list[Any]) -> None:
        """Ties events to the functions below; what has come is then `listed`."""
        form = [self.text, self.files, self.title, self.by, self.day]
        changed = [self.report, *form, self.feeds, *self.collection.shown]
        writing: dict[str, Any] = {**PRIVATE, "concurrency_id": "write", "concurrency_limit": 1}
        loading = {**writing, "show_progress": "full", "show_progress_on": self.report}
        events = [
            self.button.click(self.ingest, form, changed, **loading),
            self.feeds.retry(self.load_again, None, changed, **loading),
            self.feeds.clear(self.forget, None, self.feeds, **writing),
        ]
        for event in events[:2]:
            event.then(listed, given, shown, **PRIVATE)

    def known(self) -> str:
        """The list of feeds as it is now."""
        return feeds_html(self.endpoints.feeds(), addresses=self.endpoints.access.paths)

    def ingest(  # noqa: PLR0917 - Gradio passes what stands in the form by position
        self, text: str, files: Any, title: str, outlet: str, day: str, progress: Any = PROGRESS
    ) -> tuple[Any, ...]:
        """Stores what was uploaded and pasted, and says what became of it; the form is empty afterwards."""
        given: list[Any] = [item for upload in files or () for item in uploaded(upload)]
        try:
            if addresses := self._addresses(text):
                given += addresses
            elif (text or "").strip():
                given.append(pasted(text, title=title, outlet=outlet, published=day))
            shown = self._stored(given, progress)
        except QAError as error:
            return notice_html(str(error)), *[gr.skip()] * (6 + len(self.collection.shown))
        return shown, "", None, "", "", "", self.known(), *self.collection.refreshed()

    def load_again(self, event: gr.EventData, progress: Any = PROGRESS) -> tuple[Any, ...]:
        """Loads a feed once more; the form stays as it is."""
        try:
            shown = self._stored([self.endpoints.feed_address(str(event.address))], progress)
        except QAError as error:
            shown = notice_html(str(error))
        return shown, *[gr.skip()] * 5, self.known(), *self.collection.refreshed()

    def forget(self, event: gr.EventData) -> str:
        """Takes a feed off the list."""
        browse.forget_feed(self.endpoints.desk.store.catalogue, str(event.address))
        return self.known()

    def _addresses(self, text: str) -> list[str]:
        """The web addresses of a text that holds nothing else, if this server loads any."""
        lines = (text or "").split()
        alone = self.endpoints.access.paths and all(_ADDRESS.fullmatch(line) for line in lines)
        return lines if alone else []

    def _stored(self, given: list[Any], progress: Any) -> str:
        """Stores them; the report, with the names of what has come."""
        catalogue = self.endpoints.desk.store.catalogue
        before = catalogue.last_change()
        report = self.endpoints.store(
            given, lambda done: progress((done.done, done.total or None), desc="Reading", unit="articles")
        )
        self.starters.prepare()
        return report_html(report.to_dict(), came=self._came(report, before))

    def _came(self, report: IngestReport, before: int) -> list[dict[str, Any]]:
        """Rows of what was added or updated since, the first NAMED; none where others added as well."""
        catalogue = self.endpoints.desk.store.catalogue
        number = report.added + report.updated
        came = browse.arrived(catalogue, before, most=number + 1)
        return browse.named(catalogue, came[:NAMED]) if len(came) == number else []
