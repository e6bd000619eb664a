"""A conversation as the chatbot shows it: takes answers as JSON, gives messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qa.question.follow_up import follow_ups
from qa.surfaces.html.answer import answer_html, question_html
from qa.surfaces.page.parts import html

QUESTION_SHOWN = 600  # characters of a question in the chat; what is longer is no question

Answers = Sequence[Mapping[str, Any]]


def messages(log: Answers, offers: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Questions and answers, in turn.

    With `offers`, it ends in what to ask next: about names that the last answer mentions, or `offers` where
    there was no answer.
    """
    shown = [
        message for answer in log for message in (said(str(answer["question"])), told(answer_html(answer)))
    ]
    if log and offers is not None:
        last = log[-1]
        suggested = follow_ups(last["question"], _texts(last)) if last["status"] == "answered" else offers
        shown[-1]["options"] = [{"value": question, "label": question} for question in suggested]
    return shown


def said(question: str) -> dict[str, Any]:
    """A question as a message; as HTML of ours, because the chatbot would run the HTML in a plain one."""
    short = question if len(question) <= QUESTION_SHOWN else question[: QUESTION_SHOWN - 1] + "…"
    return {"role": "user", "content": html(question_html(short), js_on_load=None)}


def told(shown: str) -> dict[str, Any]:
    """An answer as a message."""
    return {"role": "assistant", "content": html(shown, js_on_load=None)}


def _texts(answer: Mapping[str, Any]) -> list[str]:
    """An answer's values, then its quotes."""
    values = [value["text"] for finding in answer["findings"] for value in finding["values"].values()]
    return [*values, *(citation["quote"] for citation in answer["citations"])]
