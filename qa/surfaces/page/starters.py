"""Questions for an empty chat: each is asked before it is offered."""

from __future__ import annotations

import threading

from qa.errors import QAError
from qa.surfaces.api import Endpoints

STARTERS = 4  # questions that the empty chat offers

# Asked in the background to offer those that the articles answer.
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
    """Questions for an empty chat: the owner's, else those of CANDIDATES that the articles answer."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._desk = endpoints.desk
        self._lock = threading.Lock()
        self._found: tuple[str, ...] = endpoints.desk.settings.examples
        self._generation = -1

    @property
    def known(self) -> bool:
        """Whether the candidates have been asked about the articles as they are now."""
        return bool(self._desk.settings.examples) or self._generation == self._desk.store.generation

    def ready(self) -> tuple[str, ...]:
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
            found: list[str] = []
            for question in CANDIDATES:
                if len(found) < STARTERS and self._desk.ask(question).status == "answered":
                    found.append(question)
            self._found, self._generation = tuple(found), generation
        except QAError:  # a store that cannot be searched says so when the reader asks
            self._found = ()
        finally:
            self._lock.release()
