"""What the page says of the collection in more than one place, and says anew when articles come or go."""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa.store import browse
from qa.surfaces.api import Endpoints
from qa.surfaces.html.articles import masthead_html, newest_html
from qa.surfaces.html.render import span_in_words, years_in_words
from qa.surfaces.page.parts import html

NEWEST = 6  # articles named beside the empty conversation


class Collection:
    """The masthead, and the outlets to choose from. `outlet` is set by who draws the choice."""

    outlet: Any

    def __init__(self, endpoints: Endpoints) -> None:
        self.store = endpoints.desk.store
        self.desk = endpoints.desk
        self.masthead = html(self.masthead_html(), elem_id="masthead")

    @property
    def growing(self) -> bool:
        """Whether articles have been stored that questions do not find yet: some are being added."""
        catalogue = self.store.catalogue
        return catalogue.last_change() != catalogue.published

    def draw_newest(self) -> None:
        """The newest articles, where they are to stand."""
        self.newest = html(self._newest_html(), elem_id="newest")

    @property
    def shown(self) -> list[Any]:
        """The components that `refreshed` gives new values for."""
        return [self.masthead, self.outlet, self.newest]

    def refreshed(self) -> tuple[Any, ...]:
        """Values of `shown` for the articles as they are now."""
        return self.masthead_html(), gr.Dropdown(choices=self.store.outlets()), self._newest_html()

    def _newest_html(self) -> str:
        return newest_html(browse.rows(self.store.catalogue, browse.Chosen(), most=NEWEST))

    def masthead_html(self) -> str:
        first, last = self.store.day_span() or (None, None)
        count = self.store.catalogue.count()
        dated = count - browse.count(self.store.catalogue, browse.Chosen(month=browse.UNKNOWN))
        span = span_in_words(first, last) if dated == count else years_in_words(first, last)
        return masthead_html(count=count, dated=dated, span=span)
