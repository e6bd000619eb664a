"""Puts the page together: masthead, a tab each for questions, time and articles, the article beside them."""

from __future__ import annotations

from functools import partial
from typing import Any

import gradio as gr

from qa.surfaces.api import Endpoints, publish
from qa.surfaces.html.guide import has_guide
from qa.surfaces.page.articles import Articles
from qa.surfaces.page.ask import Ask
from qa.surfaces.page.collection import Collection
from qa.surfaces.page.feedback import Feedback
from qa.surfaces.page.looks import looks
from qa.surfaces.page.news import News
from qa.surfaces.page.panel import draw_panel
from qa.surfaces.page.parts import html
from qa.surfaces.page.starters import Starters
from qa.surfaces.page.timeline import Timeline

# What Gradio's own footer says is not so: it counts tools that are none.
FOOT = (
    '<p class="foot">Scripts ask the same: <a href="{guide}">HTTP API</a>, '
    "MCP at <code>gradio_api/mcp/</code></p>"
)


def build(endpoints: Endpoints) -> Any:
    """The page over an assistant, as Gradio Blocks that know their own looks when they are launched."""
    with gr.Blocks(title="Dateline", analytics_enabled=False) as demo:
        publish(endpoints)  # first, so that the names are theirs
        _draw(endpoints, demo)
    demo.queue(default_concurrency_limit=4, max_size=256)
    demo.launch = partial(demo.launch, **looks())
    return demo


def _draw(endpoints: Endpoints, demo: Any) -> None:
    settings = endpoints.desk.settings
    kept = endpoints.desk.kept
    starters = Starters(endpoints)
    collection = Collection(endpoints)
    news = News(endpoints)
    with gr.Row(elem_id="desk", equal_height=False):
        with gr.Column(elem_id="main", min_width=0), gr.Tabs(elem_id="tabs"):
            with gr.Tab("Ask", id="ask"):
                ask = Ask(endpoints, collection, starters, kept)
            with gr.Tab("New", id="new") as new:
                news.draw()
            with gr.Tab("Timeline", id="timeline") as over_time:
                timeline = Timeline(endpoints)
            with gr.Tab("Articles", id="articles") as listed:
                articles = Articles(endpoints, collection, starters)
        with gr.Column(elem_id="aside", min_width=0):
            collection.draw_newest()
            panel = draw_panel(endpoints, Feedback(settings.data, kept))
    html(FOOT.format(guide="api" if has_guide() else "gradio_api/openapi.json"), elem_id="foot")
    news.connect(demo, new)
    collection.outlet = ask.scope.outlet
    ask.connect(demo, panel)
    timeline.connect(over_time)
    articles.connect(listed)
