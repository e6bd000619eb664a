"""The article beside the conversation, and what is clicked anywhere on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qa.errors import QAError
from qa.surfaces.api import Endpoints
from qa.surfaces.html.answer import notice_html
from qa.surfaces.html.article import article_html
from qa.surfaces.page.feedback import Feedback
from qa.surfaces.page.parts import STATIC, html, script


def draw_panel(endpoints: Endpoints, feedback: Feedback) -> Any:
    """The panel. Its scripts know the whole page: what they are asked to do on the server they `trigger`.

    Events: `again` (question, replaces, everywhere), `reopen` (ids), `drop` (kind, value), `only` (articles).
    """

    def open_article(wanted: Mapping[str, Any]) -> str:
        return opened(endpoints, wanted)

    def judge(given: Mapping[str, Any]) -> bool:
        return feedback.judge(str(given["id"]), str(given["verdict"]))

    return html(
        elem_id="panel",
        html_template=(STATIC / "panel.html").read_text(),
        js_on_load=script("panel", "find", "answers", "history", "page", "asking"),
        server_functions=[open_article, judge],
    )


def opened(endpoints: Endpoints, wanted: Mapping[str, Any]) -> str:
    """An article with the sentences marked that its answer quotes, or why it cannot be shown."""
    revision = wanted.get("revision") or None
    try:
        article = endpoints.desk.article(str(wanted["id"]), revision)
    except QAError as error:
        return notice_html(str(error))
    now, also = wanted.get("now"), wanted.get("also") or []
    is_old = revision is not None and is_revised(endpoints, article.id, revision)
    stretches = [(int(start), int(end)) for start, end in also]
    return article_html(article, (int(now[0]), int(now[1])) if now else None, stretches, is_old=is_old)


def is_revised(endpoints: Endpoints, article_id: str, revision: str) -> bool:
    """Whether a newer revision of an article is stored than this one."""
    return endpoints.desk.store.catalogue.current_revision(article_id) not in (None, revision)
