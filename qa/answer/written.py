"""A chat model's part in an answer, if the settings name one: it may complete a follow-up, split a question,
and phrase what was found. Whatever it writes is checked, and each step has its way without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from qa.answer.carried import carried, from_conversation
from qa.answer.compose import in_prose
from qa.answer.text import MARKS, with_text
from qa.answer.verify import verify
from qa.english.sentences import sentences
from qa.errors import ChatModelError
from qa.question.follow_up import condense, leans
from qa.types import Answer, Passage, Turn

if TYPE_CHECKING:
    from qa.answer.engine import Engine

MOST_PARTS = 4  # that a chat model may split a question into
NOT_CARRIED = (
    "What the chat model {name} wrote is not carried by the quotes, so the articles’ own words are shown."
)
_ENDED = re.compile(r"""[.!?\])"'”’»]\s*$""")


def standalone(asked: str, history: Sequence[Turn], engine: Engine) -> str:
    """The question without the conversation: by the chat model if that says no more than was said."""
    by_rule = condense(asked, history)
    if engine.chat_model is None or not history or (by_rule == asked and not leans(asked)):
        return by_rule
    try:
        rewritten = engine.chat_model.standalone(asked, history)
    except ChatModelError:
        return by_rule
    said = [text for turn in history for text in (turn.question, turn.searched, turn.answer)]
    return rewritten if from_conversation(rewritten, asked=asked, said=said) else by_rule


def split(searched: str, engine: Engine) -> list[str]:
    """The questions that one of several things is made of, by the chat model; the question itself without it
    or where it says more than was asked."""
    if engine.chat_model is None:
        return [searched]
    try:
        parts = engine.chat_model.split(searched)[:MOST_PARTS]
    except ChatModelError:
        return [searched]
    kept = [part for part in parts if from_conversation(part, asked="", said=[searched])]
    return kept if len(kept) > 1 and len(kept) == len(parts) else [searched]


def written(answer: Answer, question: str, engine: Engine) -> Iterator[Answer]:
    """The answer in the chat model's words, growing by sentences that a quote carries; else as it is.

    `question` is that of its first part, which a sentence and its quote must answer alike.
    """
    if engine.chat_model is None or answer.status != "answered":
        yield answer
        return
    quotes = {citation.number: citation.quote.text for citation in answer.citations}
    alike = cache(partial(similar, engine=engine))  # the quotes come again with every sentence
    picks = cache(partial(picked, question, engine=engine))
    said: list[str] = []
    try:
        for sentence in complete(engine.chat_model.write(answer.searched, answer)):
            checked = carried(sentence, quotes, similar=alike, picks=picks)
            if checked and checked not in said:
                said.append(checked)
                yield _in_prose(answer, said, engine)
    except ChatModelError as error:
        yield replace(answer, notice=f"{error} This is the answer in the articles’ own words.")
        return
    if not said:
        yield replace(answer, notice=NOT_CARRIED.format(name=engine.chat_model.name))


def _in_prose(answer: Answer, said: Sequence[str], engine: Engine) -> Answer:
    assert engine.chat_model is not None
    prose = in_prose(answer, said, written_by=engine.chat_model.name)
    return with_text(verify(prose, engine.store.article))


def similar(one: str, other: str, *, engine: Engine) -> float:
    """The cosine of two texts."""
    vectors = engine.embedder.embed([one, other])  # (2, dim), unit length
    return float(vectors[0] @ vectors[1])


def picked(question: str, text: str, *, engine: Engine) -> str | None:
    """The words of the text that answer the question; None when it does not say."""
    spans = engine.reader.read_many([(question, Passage("", 0, len(text), text))])[0]
    return spans[0].text if spans and spans[0].score >= engine.settings.answer_threshold else None


def complete(pieces: Iterable[str]) -> Iterator[str]:
    """Sentences as soon as they are whole, each with the [n] that stand behind it.

    A last one that just stops was cut off by the model's own limit, and is left out.
    """
    text, told = "", 0
    for piece in pieces:
        text += piece
        whole = _sentences_with_marks(text)
        if len(whole) - 1 > told and any(map(str.isalpha, whole[-1])):  # a [n] may still be on its way
            yield from whole[told:-1]
            told = len(whole) - 1
    rest = _sentences_with_marks(text)[told:]
    yield from rest if not rest or _ENDED.search(rest[-1]) else rest[:-1]


def _sentences_with_marks(text: str) -> list[str]:
    """Sentences of a model's text; a [n] after the full stop belongs to the sentence before it."""
    found: list[str] = []
    for start, end in sentences(text):
        sentence = text[start:end]
        marks = MARKS.match(sentence)
        if marks and found:
            rest = sentence[marks.end() :]
            rest = rest[1:] if rest.startswith((".", "!", "?")) else rest
            found[-1] += f" {sentence.removesuffix(rest).strip()}"
            sentence = rest.strip()
        if sentence:
            found.append(sentence)
    return found
