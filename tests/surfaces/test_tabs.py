"""The tabs beside the conversation as HTML: what comes from articles, files and readers stays text."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qa.surfaces.html.articles import Notice, articles_html, feeds_html, hits_html
from qa.surfaces.html.news import arrived_html, news_html
from qa.surfaces.html.render import moment_in_words, month_in_words
from qa.surfaces.html.timeline import chart_html, days_in_words, timeline_html

HOSTILE = '<script>alert(1)</script>"onload="x {{value}} ${value} \'<b>'
ROW = {"id": HOSTILE, "revision": "r", "title": HOSTILE, "outlet": HOSTILE, "published": None, "url": None}
QUOTE = {**ROW, "article_id": HOSTILE, "quote": HOSTILE, "start": 0, "end": 5, "text": HOSTILE}


def shown() -> list[str]:
    page = {"articles": [ROW], "total": 1, "page": 1, "pages": 1}
    hit = {"article": ROW, "passages": 2, "best": QUOTE}
    topic: dict[str, Any] = {
        "events": [QUOTE],
        "articles": [ROW],
        "names": [{"name": HOSTILE, "articles": 1}],
        "more": False,
    }
    topic["events"].append({**QUOTE, "change": {"now": HOSTILE, "before": HOSTILE, "day": "2025-04-25"}})
    story = {**QUOTE, "articles": 2, "outlets": [HOSTILE]}
    news = {"told": [story], "stories": 1, "articles": 2, "since": None}
    return [
        articles_html(page, can_write=True, notice=Notice(HOSTILE, undo=True)),
        hits_html([hit], HOSTILE, can_write=True),
        hits_html([], HOSTILE),
        feeds_html(
            [{"address": HOSTILE, "loaded": "2025-04-25T10:00:00+00:00", "articles": 1, "failed": HOSTILE}],
            addresses=True,
        ),
        timeline_html(HOSTILE, topic),
        timeline_html(HOSTILE, {"events": [], "articles": [], "names": [], "more": False}),
        chart_html({"2025-04-25": 1, "2024-04-25": 1}, HOSTILE, {"2025-04-25": 1}),
        news_html(news, {HOSTILE: [ROW]}, returning=True),
        arrived_html(1, {HOSTILE: 2}),
    ]


@pytest.mark.parametrize("number", range(9))
def test_nothing_that_is_shown_can_run(number: int) -> None:
    html = shown()[number]
    assert "<script" not in html and '"onload=' not in html and "<b>'" not in html
    assert "{{" not in html and "${" not in html
    assert "alert(1)" in html


def test_a_snippet_begins_with_the_sentence_that_has_most_words_and_marks_each_form() -> None:
    text = "A bridge was opened. " + "Nothing else happened there. " * 12 + "Bridges and ferries were closed."
    best = {**QUOTE, "text": text}
    html = hits_html([{"article": ROW, "passages": 1, "best": best}], "ferry bridge")
    snippet = html.partition('<p class="snippet">')[2].partition("</p>")[0]
    assert snippet == "<mark>Bridges</mark> and <mark>ferries</mark> were closed."
    assert "passages" not in html


def bar(html: str, name: str) -> dict[str, Any]:
    (line,) = [line for line in html.splitlines() if f'aria-label="{name}:' in line]
    return {"out": '"bar out"' in line, "pressed": 'aria-pressed="true"' in line, "line": line}


def test_a_chart_shows_the_topic_of_all_and_dims_what_is_not_chosen() -> None:
    counts = {"2006-01-12": 4, "2015-09-12": 2, "2023-02-23": 1, "": 200}
    html = chart_html(counts, "Mecca", {"2015-09-12": 1, "": 3}, since="2015-01-01", until="2015-12-31")
    assert "7 dated articles, 1 of them on “Mecca”. 200 articles have no date." in html
    assert "2015: 2 articles, 1 on Mecca" in html
    assert bar(html, "2015") | {"line": ""} == {"out": False, "pressed": True, "line": ""}
    assert bar(html, "2006") | {"line": ""} == {"out": True, "pressed": False, "line": ""}
    assert "height:50.0%" in bar(html, "2015")["line"]
    assert "There are no articles yet." in chart_html({})
    assert "bars" not in chart_html({"2015-09-12": 1, "": 2}), "one day is no chart"


def test_days_and_moments_are_said_in_words() -> None:
    assert days_in_words("", "") == ""
    assert days_in_words("2015-09-12", "2015-09-12") == " of 12 September 2015"
    assert days_in_words("2015-09-12", "") == " from 12 September 2015"
    assert days_in_words("", "2015-09-12") == " until 12 September 2015"
    assert month_in_words("2015-09") == f"{date(2015, 9, 1):%B %Y}" == "September 2015"
    assert moment_in_words("2025-04-25T10:00:00+00:00") == "25 April 2025, 10:00 UTC"


def test_a_reader_who_comes_back_to_nothing_new_is_told_so() -> None:
    assert arrived_html(0, {"Norvik": 0}) == ""
    assert "Norvik: 2 new" in arrived_html(0, {"Norvik": 2, "Velden": 0})
    nothing = {"told": [], "stories": 0, "articles": 0, "since": None}
    assert "There are no articles yet." in news_html(nothing, {}, returning=False)
    older = {"told": [], "stories": 3, "articles": 3, "since": "2025-04-18"}
    assert "Nothing new since you were here." in news_html(older, {}, returning=True)
