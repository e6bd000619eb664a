"""Takes a conversation as any client hands it over, gives Turns.

What Dateline's own surfaces keep of an answer is structured, and is taken as it is. A client that keeps the
text alone (a chat's messages, question and answer as a pair) gets it read here, and nowhere else: what its
lines open with are the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qa.types import Answer, Turn

History = Sequence[Turn | Answer | Mapping[str, Any] | tuple[str, str]]

# Lines that hold no value: what opens an answer, and what was not found.
_NO_VALUE = re.compile(
    r"(?:As of|Reports differ|I found|(?:What )?[Tt]he articles (?:do not|say)|No (?:article|answer)"
    r"|(?:This|The quote) may answer|Not sure"
    r"|There (?:is|are) no article)\b"
)
_OF_A_LIST = re.compile(r"\([^()]*\b\d{4}\)$")  # a headline with its outlet and day
_AFTER_VALUE = re.compile(r":\s+[“\"]|:\s*$|\s+[–—-]\s+|[“\"]|\[\d+\]")


def as_turns(history: History) -> list[Turn]:
    """Turns from Turns, answers or their JSON, (question, answer) pairs, or messages with role and content,
    which is text or Gradio's blocks. An answer without a question before it is passed over.
    """
    turns: list[Turn] = []
    for item in history or ():
        if isinstance(item, Turn):
            turns.append(item if item.values else _with_values(item))
        elif isinstance(item, Answer):
            turns.append(_of_answer(item.to_dict()))
        elif isinstance(item, Mapping) and "question" in item:
            turns.append(_of_answer(item))
        elif isinstance(item, Mapping):
            _add_message(turns, item)
        else:
            question, answer = item
            turns.append(_with_values(Turn(_text_of(question), _text_of(answer))))
    return turns


def _of_answer(answer: Mapping[str, Any]) -> Turn:
    """The turn of an answer's JSON; one without lines, as earlier versions gave it, is read as text."""
    told = {name: str(answer.get(name) or "") for name in ("question", "text", "searched")}
    turn = Turn(told["question"], told["text"], told["searched"])
    lines = answer.get("lines")
    if not isinstance(lines, list):
        return _with_values(turn)
    values = (str(line.get("value") or "") for line in lines if isinstance(line, Mapping))
    return replace(turn, values=tuple(value for value in values if value))


def _add_message(turns: list[Turn], message: Mapping[str, Any]) -> None:
    """Adds a message: a question opens a turn, what follows is its answer."""
    text = _text_of(message.get("content"))
    if message.get("role") == "user":
        turns.append(Turn(text))
    elif turns and message.get("role") == "assistant":
        told = "\n".join(part for part in (turns[-1].answer, text) if part)
        turns[-1] = _with_values(replace(turns[-1], answer=told))


def _text_of(content: Any) -> str:
    """The text of a message: a string, a block, or a list of blocks of which some hold text."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        return _text_of(content.get("text"))
    if isinstance(content, Iterable):
        return "\n".join(text for text in map(_text_of, content) if text)
    return ""


def _with_values(turn: Turn) -> Turn:
    """The turn with the values that the lines of its answer's text open with."""
    heads = (_head(line) for line in turn.answer.splitlines() if not _NO_VALUE.match(line))
    return replace(turn, values=tuple(head for head in heads if head))


def _head(line: str) -> str:
    """What stands before the quote, without the question it answers; empty for a headline of a list."""
    head = _AFTER_VALUE.split(line.strip(" -*•|"))[0].rpartition("? ")[2].strip(" *:,.")
    return "" if _OF_A_LIST.search(head) else head
