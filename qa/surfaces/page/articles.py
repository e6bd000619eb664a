"""The tab with the articles: to look through by outlet and month, to search, to remove and to date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.store.browse import UNKNOWN
from qa.surfaces.api import Endpoints
from qa.surfaces.html.answer import notice_html
from qa.surfaces.html.articles import Notice, articles_html, hits_html
from qa.surfaces.html.render import day_in_words, month_in_words
from qa.surfaces.page.add import Add
from qa.surfaces.page.collection import Collection
from qa.surfaces.page.parts import PRIVATE, html, one_line_box, script
from qa.surfaces.page.starters import Starters

ALL = "*"  # in place of an outlet or a month: every one
ORDERS = {
    "Newest first": "newest",
    "Oldest first": "oldest",
    "Last added first": "added",
    "By headline": "title",
    "By outlet": "outlet",
}


class Articles:
    """Components of the tab and what happens when they are used."""

    def __init__(self, endpoints: Endpoints, collection: Collection, starters: Starters) -> None:
        self.endpoints = endpoints
        self.collection = collection
        self.query = one_line_box("query", "Search the articles", "Search the articles…", "Search")
        with gr.Row(elem_id="facets"):
            self.outlet = gr.Dropdown([("Every outlet", ALL)], value=ALL, label="Outlet", min_width=140)
            self.month = gr.Dropdown([("Any time", ALL)], value=ALL, label="Month", min_width=140)
            self.order = gr.Dropdown(list(ORDERS.items()), value="newest", label="Order", min_width=140)
        self.page = gr.State(1)
        self.removed = gr.State({})
        self.add = Add(endpoints, collection, starters) if endpoints.access.write else None
        self.listing = html(elem_id="listing", js_on_load=script("listing"))

    @property
    def given(self) -> list[Any]:
        """The components whose values `list_articles` takes."""
        return [self.query, self.outlet, self.month, self.order, self.page]

    @property
    def shown(self) -> list[Any]:
        """The components that `listed` gives new values for."""
        return [self.listing, self.outlet, self.month]

    def connect(self, tab: Any) -> None:
        """Ties events to the functions below."""
        given, shown = self.given, self.shown
        tab.select(self.listed, given, shown, **PRIVATE)
        if self.add is not None:
            tab.select(self.add.known, None, self.add.feeds, **PRIVATE)
        # "change": a list that is only passed by with the Tab key has its "input" as well.
        for chosen in (self.outlet.change, self.month.change, self.order.change, self.query.submit):
            chosen(lambda: 1, None, self.page, **PRIVATE).then(self.listed, given, shown, **PRIVATE)
        self.listing.select(_page_of, None, self.page, **PRIVATE)
        self.page.change(self.listed, given, shown, **PRIVATE)
        everything = [self.query, self.outlet, self.month, self.page]
        self.listing.clear(lambda: ("", ALL, ALL, 1), None, everything, **PRIVATE).then(
            self.listed, given, shown, **PRIVATE
        )
        if self.add is None:
            return
        writing: dict[str, Any] = {**PRIVATE, "concurrency_id": "write", "concurrency_limit": 1}
        changed = [*shown, self.removed, *self.collection.shown]
        self.listing.remove(self.remove, given, changed, **writing)
        self.listing.undo(self.put_back, [*given, self.removed], changed, **writing)
        self.listing.edit(self.set_day, given, changed, **writing)
        self.add.connect(self.listed, given, shown)

    def listed(self, query: str, outlet: str, month: str, order: str, page: int) -> tuple[Any, ...]:
        """Values of `shown`: the list, and outlets and months with how many articles they have."""
        return self._listed((query, outlet, month, order, page))

    def remove(  # noqa: PLR0917 - as above
        self, query: str, outlet: str, month: str, order: str, page: int, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Removes the articles that were chosen, and offers to put them back."""
        gone = self.endpoints.remove([str(name) for name in event.ids])
        number = gone["removed"]
        notice = Notice(f"{number} article{'' if number == 1 else 's'} removed.", undo=number > 0)
        return self._changed((query, outlet, month, order, page), notice, gone["revisions"])

    def put_back(  # noqa: PLR0917 - as above
        self, query: str, outlet: str, month: str, order: str, page: int, removed: dict[str, str]
    ) -> tuple[Any, ...]:
        """Undoes the last removal."""
        number = self.endpoints.restore(removed)["restored"]
        notice = Notice(f"{number} article{'' if number == 1 else 's'} put back.")
        return self._changed((query, outlet, month, order, page), notice)

    def set_day(  # noqa: PLR0917 - as above
        self, query: str, outlet: str, month: str, order: str, page: int, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Gives an undated article its day."""
        try:
            dated = self.endpoints.set_day(str(event.id), str(event.day))
            title = self.endpoints.desk.article(dated["id"]).title
            said = f"“{title}” is of {day_in_words(dated['published'])} now."
        except QAError as error:
            said = str(error)
        return self._changed((query, outlet, month, order, page), Notice(said))

    def _changed(
        self, given: tuple[Any, ...], notice: Notice, removed: Mapping[str, str] | None = None
    ) -> tuple[Any, ...]:
        """The list after something was done to it, what could be put back, and what else shows articles."""
        return *self._listed(given, notice), removed or {}, *self.collection.refreshed()

    def _listed(self, given: tuple[Any, ...], notice: Notice | None = None) -> tuple[Any, ...]:
        found = self.endpoints.browse()
        outlets = [
            (_counted(row, row["outlet"] or "No outlet"), row["outlet"] or UNKNOWN)
            for row in found["outlets"]
        ]
        months = [
            (
                _counted(row, month_in_words(row["month"]) if row["month"] else "Undated"),
                row["month"] or UNKNOWN,
            )
            for row in found["months"]
        ]
        return (
            self.list_articles(*given, notice=notice),
            gr.Dropdown(choices=[("Every outlet", ALL), *outlets]),
            gr.Dropdown(choices=[("Any time", ALL), *months]),
        )

    def list_articles(
        self,
        query: str,
        outlet: str = ALL,
        month: str = ALL,
        order: Any = "newest",
        page: int = 1,
        *,
        notice: Notice | None = None,
    ) -> str:
        """A page of the articles; with words to look for, the articles that have some of them."""
        wanted = {"outlet": None if outlet == ALL else outlet, "month": None if month == ALL else month}
        chosen = any(value is not None for value in wanted.values())
        can_write = self.endpoints.access.write
        try:
            if not (query or "").strip():
                found = self.endpoints.browse(**wanted, order=order, page=page)
                return articles_html(found, chosen=chosen, can_write=can_write, notice=notice)
            hits = [row for row in self.endpoints.find(query) if _is_of(row["article"], **wanted)]
        except QAError as error:
            return notice_html(str(error))
        return hits_html(hits, query.strip(), chosen=chosen, can_write=can_write, notice=notice)


def _page_of(event: gr.EventData) -> int:
    return int(event.page)


def _is_of(row: Mapping[str, Any], *, outlet: str | None, month: str | None) -> bool:
    of_outlet = outlet is None or (row["outlet"] or UNKNOWN) == outlet
    day = row["published"] or UNKNOWN
    return of_outlet and (month is None or (day.startswith(month) if month else not day))


def _counted(row: Mapping[str, Any], name: str) -> str:
    return f"{name} ({row['articles']:,})"
