"""Questions for an empty chat, from the newest articles: each is asked before it is offered."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from qa.english.names import names_in
from qa.errors import QAError
from qa.surfaces.api import Endpoints
from qa.surfaces.html.answer import Starter

STARTERS = 4  # questions that the empty chat offers
NEWEST = 8  # articles that are looked at
LEAD_CHARS = 400  # of an article that names are taken from
NAMES = 2  # of one article that are asked about

# What any article may answer; asked where the newest give too little.
CANDIDATES = (
    "Who was killed and where?",
    "How many people were injured?",
    "Who claimed responsibility?",
    "Who is meeting whom?",
    "Who won?",
    "What was announced?",
    "Who was arrested?",
)


class Starters:
    """Questions for an empty chat: the owner's, else those of the newest articles and of CANDIDATES that the
    articles answer."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._desk = endpoints.desk
        self._lock = threading.Lock()
        self._found = tuple(Starter(question) for question in endpoints.desk.settings.examples)
        self._generation = -1

    @property
    def known(self) -> bool:
        """Whether the candidates have been asked about the articles as they are now."""
        return bool(self._desk.settings.examples) or self._generation == self._desk.store.generation

    def ready(self) -> tuple[Starter, ...]:
        """What is known now; asks again in the background when the articles have changed."""
        self.prepare()
        return self._found[:STARTERS]

    def prepare(self) -> None:
        """Asks the candidates, one after the other, in a thread of its own."""
        if not self.known and self._lock.acquire(blocking=False):
            threading.Thread(target=self._ask_all, name="starters", daemon=True).start()

    def _ask_all(self) -> None:
        try:
            generation = self._desk.store.generation
            self._found, self._generation = tuple(self._answered()), generation
        except QAError:  # a store that cannot be searched says so when the reader asks
            self._found = ()
        finally:
            self._lock.release()

    def _answered(self) -> list[Starter]:
        """One question an article, then those of any article, as many as are offered."""
        found: dict[str, Starter] = {}
        for row in self._desk.articles()[:NEWEST]:
            text = self._desk.article(row["id"]).text
            asked = (self._tried(one, row) for one in of_story(row["title"], text[:LEAD_CHARS]))
            for one in filter(None, asked):
                found.setdefault(one.question, one)
                break
            if len(found) == STARTERS:
                return list(found.values())
        for question in CANDIDATES:
            general = self._tried(question) if len(found) < STARTERS else None
            if general:
                found.setdefault(question, general)
        return list(found.values())

    def _tried(self, question: str, row: Mapping[str, Any] | None = None) -> Starter | None:
        """The question if the articles answer it; with `row`, if that article does."""
        answer = self._desk.ask(question)
        cited = [citation.quote.article for citation in answer.citations]
        by = next((one for one in cited if row is None or one.id == row["id"]), None)
        return Starter(question, by.outlet, by.day) if answer.status == "answered" and by else None


def of_story(title: str, lead: str) -> Iterator[str]:
    """Questions on the names that an article opens with: what happened in a place, what somebody said.

    Names are taken from the text, since headlines may have every word in capitals; those of the headline
    first, then those of several words.
    """
    spelled = [name for name in names_in(lead) if not _is_of_a_people(name)]
    for name in sorted(spelled, key=lambda one: (one not in title, " " not in one))[:NAMES]:
        if re.search(rf"\b(?:in|at|near) {re.escape(name)}\b", lead):
            yield f"What happened in {name}?"
        elif " " in name:
            yield f"What did {name} say?"
            yield f"What happened to {name}?"


def _is_of_a_people(name: str) -> bool:
    """Whether it is only an adjective: "Russian"."""
    return " " not in name and name.endswith(("ian", "ean", "ican", "ese", "ish"))
