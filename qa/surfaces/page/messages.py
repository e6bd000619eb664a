"""A conversation as the chatbot shows it: takes answers as JSON, gives messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qa.surfaces.html.answer import Place, answer_html, places, question_html
from qa.surfaces.page.parts import html

QUESTION_SHOWN = 600  # characters of a question in the chat; what is longer is no question

Answers = Sequence[Mapping[str, Any]]


def messages(log: Answers) -> list[dict[str, Any]]:
    """Questions and answers, in turn. Each quote stands in full once."""
    shown: list[dict[str, Any]] = []
    above: frozenset[Place] = frozenset()
    for answer in log:
        shown += [said(str(answer["question"])), told(answer_html(answer, above=above))]
        above |= places(answer)
    return shown


def said(question: str) -> dict[str, Any]:
    """A question as a message; as HTML of ours, because the chatbot would run the HTML in a plain one."""
    short = question if len(question) <= QUESTION_SHOWN else question[: QUESTION_SHOWN - 1] + "…"
    return {"role": "user", "content": html(question_html(short), js_on_load=None)}


def told(shown: str) -> dict[str, Any]:
    """An answer as a message."""
    return {"role": "assistant", "content": html(shown, js_on_load=None)}
