"""Which articles may answer: outlets, a stretch of days, articles picked by hand; shown as chips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from qa.surfaces.html.render import day_in_words, render
from qa.surfaces.page.parts import PRIVATE, day_box, html

TITLE_CHARS = 40  # of a picked article's headline on its chip

Picked = Sequence[Mapping[str, str]]  # id and title of each article


class Scope:
    """The choice below the question box, and its chips above it: these stand where it is made."""

    def __init__(self) -> None:
        self.chips = html(elem_id="chips")
        self.picked = gr.State([])

    def draw(self) -> None:
        """The choice, where it is to stand."""
        with gr.Accordion("Only some articles", open=False, elem_id="filters"), gr.Row():
            self.outlet = gr.Dropdown([], multiselect=True, label="Outlets", value=[])
            self.since, self.until = day_box("From"), day_box("To")

    @property
    def chosen(self) -> list[Any]:
        """The components whose values `scope_of` takes."""
        return [self.outlet, self.since, self.until, self.picked]

    def connect(self, panel: Any) -> None:
        """Ties events to the functions below; `panel` tells of chips and articles that were clicked."""
        changed = [one.change for one in self.chosen]
        gr.on(changed, lambda *chosen: chips_html(scope_of(*chosen)), self.chosen, self.chips, **PRIVATE)
        panel.drop(dropped, self.chosen, self.chosen, **PRIVATE)
        panel.only(picked, self.picked, self.picked, **PRIVATE)


def scope_of(
    outlets: Sequence[str] | None, since: str | None, until: str | None, articles: Picked | None
) -> dict[str, Any]:
    """The choice as JSON: what was not chosen is empty."""
    return {
        "outlets": list(outlets or ()),
        "since": since or "",
        "until": until or "",
        "articles": list(articles or ()),
    }


def within(scope: Mapping[str, Any]) -> dict[str, Any]:
    """The choice as options of a question; None where nothing was chosen."""
    return {
        "outlet": scope["outlets"] or None,
        "since": scope["since"] or None,
        "until": scope["until"] or None,
        "articles": [article["id"] for article in scope["articles"]] or None,
    }


def scope_words(scope: Mapping[str, Any]) -> str:
    """The choice in words: "Only BBC, Reuters · from 1 March 2025"; empty when all articles may answer."""
    said = [chip["words"] for chip in _chips(scope)]
    return f"Only {' · '.join(said)}" if said else ""


def chips_html(scope: Mapping[str, Any]) -> str:
    """A chip each, that takes back what it says."""
    return render("chips", chips=_chips(scope))


def dropped(
    outlets: list[str] | None, since: str, until: str, articles: Picked | None, event: gr.EventData
) -> tuple[Any, ...]:
    """The choice without the chip that was clicked."""
    kind, value = str(event.kind), str(event.value)
    return (
        [name for name in outlets or () if (kind, value) != ("outlet", name)],
        "" if kind == "since" else since,
        "" if kind == "until" else until,
        [article for article in articles or () if (kind, value) != ("article", article["id"])],
    )


def picked(articles: Picked | None, event: gr.EventData) -> list[Mapping[str, str]]:
    """The picked articles and those that were clicked."""
    held = list(articles or ())
    new = [{"id": str(one["id"]), "title": str(one["title"])} for one in event.articles]
    return held + [one for one in new if one not in held]


def _chips(scope: Mapping[str, Any]) -> list[dict[str, str]]:
    chips = [{"kind": "outlet", "value": name, "words": name} for name in scope["outlets"]]
    for kind, word in (("since", "from"), ("until", "to")):
        if scope[kind]:
            chips.append({"kind": kind, "value": scope[kind], "words": f"{word} {_day(scope[kind])}"})
    return chips + [
        {"kind": "article", "value": one["id"], "words": f"“{_short(one['title'])}”"}
        for one in scope["articles"]
    ]


def _day(day: str) -> str:
    """In words; what is no day yet, as it is typed."""
    try:
        return day_in_words(day)
    except ValueError:
        return day


def _short(title: str) -> str:
    return title if len(title) <= TITLE_CHARS else title[:TITLE_CHARS].rsplit(" ", 1)[0] + "…"
