"""Reads passages for what answers: takes hits and a reader, gives judged spans, each with its probability.

The reader looks at a passage alone; here its words are tidied and weighed against the question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.answer.apposition import with_name
from qa.answer.features import as_read, features, is_no_answer
from qa.answer.roles import asks_for_harm, owns_up
from qa.answer.shelf import Shelf
from qa.answer.trust import span_probability
from qa.answer.values import tidy
from qa.english import phrases
from qa.question.parts import owning_up
from qa.question.plan import plan
from qa.types import Article, Hit, Part, Passage, Plan, Span

if TYPE_CHECKING:
    from qa.models.read import Candidate, Reader, Reading

READ_LATER = 6  # passages of the others that are read to the end, those that look best
FIRST_LOOK = 4  # hits; they are read whole, and the next ones seldom say it better, measured

Read = Callable[[Part, Sequence[Passage], int], list[Span]]  # judged spans of all passages, best first


def judge(
    part: Part,
    readings: Iterable[Reading],
    shelf: Shelf,
    *,
    among: int,
    elsewhere: Sequence[Article] = (),
    earlier: Sequence[Reading] = (),
    given: bool = False,
) -> list[Span]:
    """The spans, tidied, each with the probability that it answers, best first; without those that cannot,
    and each place once.

    `among` is how many passages were searched; `elsewhere` and `given` as in `features`.
    """
    seen = sightings(part, readings, shelf, elsewhere=elsewhere, earlier=earlier, given=given)
    spans = [replace(span, score=span_probability(signs, among=among)) for span, signs in seen]
    best: dict[tuple[Passage, int, int], Span] = {}
    for span in sorted(spans, key=lambda span: -span.score):
        best.setdefault((span.passage, span.start, span.end), span)
    return list(best.values())


def sightings(
    part: Part,
    readings: Iterable[Reading],
    shelf: Shelf,
    *,
    elsewhere: Sequence[Article] = (),
    earlier: Sequence[Reading] = (),
    given: bool = False,
) -> Iterator[tuple[Span, dict[str, float]]]:
    """The spans that may answer, tidied, each with its features. `earlier` was read for the same question."""
    here = [(reading, _possible(part, reading, shelf)) for reading in readings]
    left = [_only(reading, possible) for reading, possible in here]
    every = [*(_only(reading, _possible(part, reading, shelf)) for reading in earlier), *left]
    for (_, possible), rivals in zip(here, left, strict=True):
        for candidate, span in possible:
            article = shelf.article(span.passage.article_id)
            told = features(part, span, article, elsewhere=elsewhere, given=given)
            yield _named(part, span), told | as_read(candidate, rivals, every)


def _possible(part: Part, reading: Reading, shelf: Shelf) -> list[tuple[Candidate, Span]]:
    """The candidates that may answer, each with its tidied span."""
    article = shelf.article(reading.spans[0].span.passage.article_id) if reading.spans else None
    tidied = [(candidate, tidy(candidate.span, part.expects)) for candidate in reading.spans]
    return [
        (candidate, span)
        for candidate, span in tidied
        if span and article
        if not any(is_no_answer(part, one, article) for one in dict.fromkeys((span, _named(part, span))))
    ]


def _named(part: Part, span: Span) -> Span:
    """The person whom the span describes, by name where one stands beside it."""
    return with_name(span) if part.expects == "person" else span


def _only(reading: Reading, possible: Sequence[tuple[Candidate, Span]]) -> Reading:
    """The reading without the candidates that cannot answer: they are no rivals."""
    return replace(reading, spans=tuple(candidate for candidate, _ in possible))


def reading(hits: Sequence[Hit], reader: Reader, shelf: Shelf, *, among: int, several: bool = False) -> Read:
    """A way to read these hits. With `several` articles in one question, each may hold some of its names.

    The first layers of the reader choose which passages are read to the end. What has been read is
    remembered: a second look goes on where the first ended.
    """
    known: dict[tuple[Part, Passage, int], list[Span]] = {}
    readings: dict[tuple[str, int], list[Reading]] = {}
    ids = {hit.passage.article_id for hit in hits} if several else set()
    elsewhere = [shelf.article(article_id) for article_id in sorted(ids)]

    def looked_up(part: Part, passages: Sequence[Passage], n: int) -> list[Span]:
        kept = FIRST_LOOK if len(passages) <= FIRST_LOOK else READ_LATER
        looked = reader.look(part.question, passages, n=n, kept=kept)
        earlier = readings.get((part.question, n), [])
        readings[part.question, n] = [*earlier, *looked]
        return judge(part, looked, shelf, among=among, elsewhere=elsewhere, earlier=earlier)

    def read(part: Part, passages: Sequence[Passage], n: int) -> list[Span]:
        new = [passage for passage in passages if (part, passage, n) not in known]
        known.update({(part, passage, n): [] for passage in new})
        for span in [*looked_up(part, new, n), *_owned_up(part, new, n, looked_up)]:
            known[part, span.passage, n].append(span)
        both = [span for passage in passages for span in known[part, passage, n]]
        return sorted(both, key=lambda span: -span.score)

    return read


def _owned_up(part: Part, passages: Sequence[Passage], n: int, read: Read) -> list[Span]:
    """Who says that the deed was his, for a question who killed or hurt somebody: news seldom says more."""
    claim = owning_up(part) if asks_for_harm(part) else None
    claimed = [passage for passage in passages if phrases.first(passage.text, "owning_up")]
    return [span for span in read(claim, claimed, n) if owns_up(span)] if claim and claimed else []


def reading_by_sides(
    found: Sequence[tuple[Plan, Sequence[Hit]]], reader: Reader, shelf: Shelf, *, among: int
) -> tuple[list[Hit], Read]:
    """For a fact that several articles tell: what its sides find, each passage once, best first; and a way to
    read that asks each side's own question where it points."""
    sides = [
        (side.parts[0], {hit.passage for hit in hits}, reading(hits, reader, shelf, among=among))
        for side, hits in found
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
    found = iter(reader.study(pairs, n=1))
    read = []
    for part, (_, article, its) in zip(parts, asked, strict=True):
        readings = [next(found) for _ in its]
        read.append(judge(part, readings, Shelf.holding(article), among=len(its), given=True))
    return read
