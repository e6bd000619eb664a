"""Reads passages for what answers: takes hits and a reader, gives judged spans, each with its probability.

The reader looks at a passage alone; here its words are tidied and weighed against the question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.answer.excerpt import excerpts
from qa.answer.features import features, is_no_answer
from qa.answer.shelf import Shelf
from qa.answer.trust import HOPELESS, judged, trust_in_given
from qa.answer.values import tidy
from qa.question.plan import plan
from qa.types import Article, Hit, Part, Passage, Plan, Span

if TYPE_CHECKING:
    from qa.models.read import Reader

FIRST_LOOK = 4  # hits; they are read whole, and the next ones seldom say it better, measured

Read = Callable[[Part, Sequence[Passage], int], list[Span]]  # judged spans of all passages, best first


def judge(
    part: Part, spans: Iterable[Span], shelf: Shelf, *, elsewhere: Sequence[Article] = (), given: bool = False
) -> list[Span]:
    """The spans, tidied, each with the probability that is left of its own, best first; without those that
    cannot be an answer. `elsewhere` and `given` as in `features`.
    """
    kept = []
    for raw in spans:
        span = tidy(raw, part.expects) if raw.score >= HOPELESS else None
        if span is None:
            continue
        article = shelf.article(span.passage.article_id)
        if is_no_answer(part, span, article):
            continue
        seen = features(part, span, article, elsewhere=elsewhere, given=given)
        kept.append(replace(span, score=judged(span.score, seen)))
    return sorted(kept, key=lambda span: -span.score)


def reading(hits: Sequence[Hit], reader: Reader, shelf: Shelf, *, several: bool = False) -> Read:
    """A way to read these hits. With `several` articles in one question, each may hold some of its names.

    The first hits are read whole, the others where they share most words with the question. What has been
    read and judged is remembered: a second look goes on where the first ended.
    """
    known: dict[tuple[Part, Passage, int], list[Span]] = {}
    found_in = [hit.passage for hit in hits]
    ids = {hit.passage.article_id for hit in hits} if several else set()
    elsewhere = [shelf.article(article_id) for article_id in sorted(ids)]

    def read(part: Part, passages: Sequence[Passage], n: int) -> list[Span]:
        new = [passage for passage in passages if (part, passage, n) not in known]
        asked = excerpts(part.question, new, found=found_in, whole=FIRST_LOOK)
        found = reader.read_many([(part.question, passage) for passage in asked], n=n)
        spans = [
            replace(span, passage=passage) for passage, its in zip(new, found, strict=True) for span in its
        ]
        known.update({(part, passage, n): [] for passage in new})
        for span in judge(part, spans, shelf, elsewhere=elsewhere):
            known[part, span.passage, n].append(span)
        both = [span for passage in passages for span in known[part, passage, n]]
        return sorted(both, key=lambda span: -span.score)

    return read


def reading_by_sides(
    found: Sequence[tuple[Plan, Sequence[Hit]]], reader: Reader, shelf: Shelf
) -> tuple[list[Hit], Read]:
    """For a fact that several articles tell: what its sides find, each passage once, best first; and a way to
    read that asks each side's own question where it points."""
    sides = [
        (side.parts[0], {hit.passage for hit in hits}, reading(hits, reader, shelf)) for side, hits in found
    ]

    def read(_: Part, passages: Sequence[Passage], n: int) -> list[Span]:
        spans: list[Span] = []
        for part, its, read_one in sides:
            spans += read_one(part, [passage for passage in passages if passage in its], n)
        return sorted(spans, key=lambda span: -span.score)

    best: dict[Passage, Hit] = {}
    for hit in sorted((hit for _, hits in found for hit in hits), key=lambda hit: -hit.score):
        best.setdefault(hit.passage, hit)
    return list(best.values()), read


def read_given(asked: Sequence[tuple[str, Article, Sequence[Passage]]], reader: Reader) -> list[list[Span]]:
    """For each question and the passages of the text it is asked of, the words that answer, best first, each
    with how far it is to be trusted in a text that was given."""
    parts = [plan(question, now=None).parts[0] for question, *_ in asked]
    pairs = [
        (part.question, passage) for part, (*_, its) in zip(parts, asked, strict=True) for passage in its
    ]
    found = iter(reader.read_many(pairs, n=1))
    read = []
    for part, (_, article, its) in zip(parts, asked, strict=True):
        spans = [span for _ in its for span in next(found)]
        kept = judge(part, spans, Shelf.holding(article), given=True)
        read.append([replace(span, score=trust_in_given(span.score)) for span in kept])
    return read
