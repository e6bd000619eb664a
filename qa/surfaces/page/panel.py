"""The article beside the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qa.errors import QAError
from qa.surfaces.api import Endpoints
from qa.surfaces.html.answer import notice_html
from qa.surfaces.html.article import article_html
from qa.surfaces.page.parts import STATIC, html, script


def draw_panel(endpoints: Endpoints) -> Any:
    """The panel, whose script opens in it what is clicked anywhere on the page."""

    def open_article(wanted: Mapping[str, Any]) -> str:
        return opened(endpoints, wanted)

    return html(
        elem_id="panel",
        html_template=(STATIC / "panel.html").read_text(),
        js_on_load=script("panel", "page"),
        server_functions=[open_article],
    )


def opened(endpoints: Endpoints, wanted: Mapping[str, Any]) -> str:
    """An article with the sentence marked that was clicked, or why it cannot be shown."""
    try:
        article = endpoints.desk.article(str(wanted["id"]), wanted.get("revision") or None)
    except QAError as error:
        return notice_html(str(error))
    start, end = wanted.get("start"), wanted.get("end")
    if start is None or end is None:
        return article_html(article)
    return article_html(article, int(start), int(end))
