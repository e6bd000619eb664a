"""The tab with the articles: to look through, search, add and remove."""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.surfaces.api import Endpoints, pasted, uploaded
from qa.surfaces.html.answer import notice_html
from qa.surfaces.html.articles import articles_html, hits_html, report_html
from qa.surfaces.page.collection import Collection
from qa.surfaces.page.parts import PRIVATE, day_box, html, one_line_box, script
from qa.surfaces.page.starters import Starters

LISTED = 100  # articles in the list; more are found by searching
FOUND = 20  # passages that a search in the list shows
PROGRESS = gr.Progress()  # a default of this type is how Gradio hands one over


class Articles:
    """Components of the tab and what happens when they are used."""

    def __init__(self, endpoints: Endpoints, collection: Collection, starters: Starters) -> None:
        self.endpoints = endpoints
        self.collection = collection
        self.starters = starters
        self.query = one_line_box("query", "Search the articles", "Search the articles…", "Search")
        if endpoints.access.write:
            self._draw_form()
        self.listing = html(elem_id="listing", js_on_load=script("listing"))

    def _draw_form(self) -> None:
        with gr.Accordion("Add articles", open=False, elem_id="add"):
            self.files = gr.File(label="Files", file_count="multiple", height=120)
            self.text = gr.Textbox(label="Or paste the text of one article", lines=6, max_lines=14)
            with gr.Row():
                self.title = gr.Textbox(label="Headline")
                self.by = gr.Textbox(label="Outlet")
                self.day = day_box("Published")
            self.add = gr.Button("Add", variant="primary", elem_id="add-button")
            self.report = html(elem_id="report")

    def connect(self, tab: Any) -> None:
        """Ties events to the functions below."""
        tab.select(self.list_articles, self.query, self.listing, **PRIVATE)
        self.query.submit(self.list_articles, self.query, self.listing, **PRIVATE)
        if not self.endpoints.access.write:
            return
        writing: dict[str, Any] = {**PRIVATE, "concurrency_id": "write", "concurrency_limit": 1}
        given = [self.files, self.text, self.title, self.by, self.day]
        listed = [self.listing, *self.collection.shown]
        shown = [self.report, self.files, self.text, *listed]
        self.add.click(self.ingest, given, shown, **{**writing, "show_progress": "full"})
        self.listing.remove(self.remove, self.query, listed, **writing)

    def list_articles(self, query: str) -> str:
        """The articles, newest first; with words to look for, the passages that fit them."""
        desk = self.endpoints.desk
        if (query or "").strip():
            try:
                hits = desk.search(query, k=FOUND)
            except QAError as error:
                return notice_html(str(error))
            return hits_html([hit.to_dict(desk.article(hit.passage.article_id)) for hit in hits])
        rows = desk.articles()
        return articles_html(rows[:LISTED], total=len(rows), can_remove=self.endpoints.access.write)

    def ingest(  # noqa: PLR0917 - Gradio passes what stands in the form by position
        self, files: Any, text: str, title: str, outlet: str, day: str, progress: Any = PROGRESS
    ) -> tuple[Any, ...]:
        """Stores what was uploaded and pasted, and says what became of it."""
        given: list[Any] = [item for upload in files or () for item in uploaded(upload)]
        try:
            if (text or "").strip():
                given.append(pasted(text, title=title, outlet=outlet, published=day))
            report = self.endpoints.store(
                given, lambda done: progress((done.done, done.total or None), desc="Reading", unit="articles")
            )
        except QAError as error:
            return notice_html(str(error)), *[gr.skip()] * 5
        self.starters.prepare()
        listed = self.list_articles("")
        return report_html(report.to_dict()), None, "", listed, *self.collection.refreshed()

    def remove(self, query: str, event: gr.EventData) -> tuple[Any, ...]:
        """Removes the article whose button was clicked."""
        self.endpoints.remove([str(event.id)])
        return self.list_articles(query), *self.collection.refreshed()
