"""What to ask next: what the last answer left open, and the names in it that other articles speak of too.

Each question is asked before it is offered, and offered only if it is answered with something new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qa.english.words import words
from qa.errors import QAError
from qa.question.follow_up import follow_ups
from qa.surfaces.api import Endpoints, turns
from qa.surfaces.html.answer import places
from qa.types import SAYS, Answer

OFFERED = 3
TRIED = 5  # questions asked for them; each takes as long as one of the reader's own
OPEN = ("where", "when", "why", "how many")  # what an answer may leave open
LOOKED_AT = 10  # passages looked through for the articles that speak of a name

Log = Sequence[Mapping[str, Any]]


class Next:
    """Finds what to offer after an answer."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints
        self._desk = endpoints.desk

    def after(self, log: Log, within: Mapping[str, Any]) -> list[str]:
        """Questions that are answered, best first; empty when there is none. Readers' own questions go first:
        while one is on its way nothing is asked here."""
        found: list[str] = []
        seen = set().union(*(places(row) for row in log))
        try:
            for number, question in enumerate(self._candidates(log[-1])):
                if len(found) == OFFERED or number == TRIED or self._endpoints.asking:
                    break
                answer = self._desk.ask(question, history=turns(log), **within)
                new = places(answer.to_dict()) - seen
                if answer.status == "answered" and (new or _is_value(answer)):
                    found.append(question)
                    seen |= new
        except QAError:  # the reader's next question will say what is wrong
            return found
        return found

    def _candidates(self, last: Mapping[str, Any]) -> Iterator[str]:
        told = {name for finding in last["findings"] for name in finding["values"]}
        asked = set(words(last["question"]))
        if SAYS not in told:
            yield from (
                f"{word.capitalize()}?"
                for word in OPEN
                if word not in told and not set(word.split()) <= asked
            )
        values = [value["text"] for finding in last["findings"] for value in finding["values"].values()]
        texts = [*values, *(citation["quote"] for citation in last["citations"])]
        yield from (about for about in follow_ups(last["question"], texts) if self._is_of_several(about))

    def _is_of_several(self, question: str) -> bool:
        """Whether several articles speak of what it asks about, or there is only one article."""
        found = {hit.passage.article_id for hit in self._desk.search(question, k=LOOKED_AT)}
        return len(found) > 1 or self._desk.store.catalogue.count() == 1


def _is_value(answer: Answer) -> bool:
    """Whether it gives a value of its own and not whole sentences."""
    return any(SAYS not in finding.values for finding in answer.findings)
