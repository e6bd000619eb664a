"""Which articles may answer: one outlet, and a stretch of days."""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa.surfaces.page.collection import EVERY_OUTLET
from qa.surfaces.page.parts import day_box


class Scope:
    """The choice of outlet and days below the question box."""

    def __init__(self) -> None:
        with gr.Accordion("Only some articles", open=False, elem_id="filters"), gr.Row():
            self.outlet = gr.Dropdown([EVERY_OUTLET], value=EVERY_OUTLET, label="Outlet")
            self.since, self.until = day_box("From"), day_box("To")

    @property
    def chosen(self) -> list[Any]:
        """The components whose values `within` takes."""
        return [self.outlet, self.since, self.until]


def within(outlet: str | None, since: str | None, until: str | None) -> dict[str, str | None]:
    """The choice as options of a question; None where nothing was chosen."""
    return {
        "outlet": None if outlet in (None, "", EVERY_OUTLET) else outlet,
        "since": since or None,
        "until": until or None,
    }
