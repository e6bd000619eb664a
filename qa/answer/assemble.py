"""Puts what the reader finds together: takes a Plan, its Hits and a way to read, gives rows of Values.

One row an event: the where of a row is asked with its who put into the question, and read where that who
stands. Knows no models; reading arrives as a function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.answer.values import Row, Value, group, is_name, same, sentence_of, sentence_text
from qa.english.names import bag, bare_name, demands, met, number
from qa.question.grammar import expected
from qa.types import Filters, Hit, Part, Passage, Plan, Span

SPANS_A_PASSAGE = (
    3  # one passage of news seldom names more people, places or numbers that answer one question
)
FIRST_LOOK = 4  # hits; the next ones seldom say it better, see benchmarks/README.md
ENOUGH = 0.5  # trust in what the first look finds; who asks for less is given the better of both looks
HOPE = 0.05  # share of the threshold; where the first look finds less, the next ones find nothing
ROWS = 5  # more rows than a screen shows are no answer
RIVAL = 2.0  # another value is shown too when it is at most so many logits less probable than the best
LIST_RIVAL = 3.0  # the same where several were asked for
SAME_SENTENCE = (
    0.2  # added to the probability of a cell that stands in the sentence of its row, when choosing
)
NEAR_SHARE = 0.8  # of a cell's forms one in the shown sentence of its row is shown, if it has this share
CELL_SHARE = 0.6  # a cell needs this share of the threshold: its row is already established
PASSAGES_A_ROW = 6
# What puts one value before another, in logits; fitted on RealTime QA, see benchmarks/README.md.
SURE = 0.75  # its probability, as a logit
FIRST = 1.1  # the best rank of a passage that says it, as 1 / rank
FRESH = 1.0  # the nearest day to "today" of an article that says it, fading to a third over FRESH_DAYS
FRESH_DAYS = 14.0
AGAIN = 1.2  # how often it is said, as a logarithm
AGAIN_BY_CLAUSES = 2.0  # the same where each clause of the question was searched and read by itself
WORDY, WORDY_WORDS = 2.1, 6  # taken off a value of more words than that; a cause takes many
# Whether it is trusted is another matter: in a large store something nearly fits every question. There it
# depends, as a logit, on how probable the value is, how often it is said, how well its passage was found and
# how near its day is to the days that are meant; in one of an article or two on how probable it is, and a
# little on how well found. Between the two by the logarithm, steep at first.
TRUST_SURE, TRUST_AGAIN, TRUST_FOUND, TRUST_TIMELY, TRUST_LEAST = 0.32, 0.8, 2.6, 1.25, 3.96
TRUST_AGAIN_BY_CLAUSES = 2.2
SMALL_FOUND, SMALL_WELL, SMALL_LEAST = 0.8, 2.0, 0.45
LARGE, BEND = 120_000, 0.7  # passages

Read = Callable[[Part, Sequence[Passage], int], list[Span]]  # judged spans of all passages, best first


@dataclass(frozen=True, slots=True)
class Assembled:
    """The rows, best first; `differ` says that they give different values for one and the same thing."""

    rows: tuple[Row, ...]
    differ: bool = False
    hope: float = 1.0  # the trust of the likeliest value, given or not


def assemble(
    plan: Plan,
    hits: Sequence[Hit],
    read: Read,
    *,
    threshold: float,
    cluster_of: Callable[[str], str] = str,
    day_of: Callable[[str], str | None] = lambda _: None,
    among: int = 0,
    by_clauses: bool = False,
) -> Assembled:
    """The rows that answer the plan, from values at least `threshold` probable; none when nothing is.

    `cluster_of` gives the wire story of an article: values differ only between independent reports. `day_of`
    gives its day, `YYYY-MM-DD`; `among` is how many passages were searched. `by_clauses`: each clause of the
    question was searched and read by itself, so what is said again is said of several of them, and all hits
    are read. Else, where one value is wanted, the others only if the FIRST_LOOK best ones do not say it well
    ENOUGH and give some HOPE.
    """
    looks = (hits[:FIRST_LOOK], hits) if _wants_one(plan) and not by_clauses else (hits,)
    found = Assembled(())
    for looked_at in looks:
        found = _assembled(
            plan,
            looked_at,
            read,
            threshold=threshold,
            cluster_of=cluster_of,
            day_of=day_of,
            among=among,
            by_clauses=by_clauses,
        )
        if (found.rows and found.hope >= ENOUGH) or found.hope < HOPE * threshold:
            break
    return found


def _wants_one(plan: Plan) -> bool:
    """Whether one value answers: not a list, not several parts or persons, nor what reports may dispute."""
    (part, *others) = plan.parts
    return not others and plan.kind == "fact" and expected(part) != "number" and not _may_be_several(part)


def _assembled(
    plan: Plan,
    hits: Sequence[Hit],
    read: Read,
    *,
    threshold: float,
    cluster_of: Callable[[str], str],
    day_of: Callable[[str], str | None],
    among: int,
    by_clauses: bool,
) -> Assembled:
    first, *others = plan.parts
    share, found = _largeness(among), {hit.passage: hit.score for hit in hits}
    today, meant = Filters(plan.as_of, plan.as_of), _meant(plan)
    again, trusted_again = (AGAIN_BY_CLAUSES, TRUST_AGAIN_BY_CLAUSES) if by_clauses else (AGAIN, TRUST_AGAIN)

    def fresh(span: Span) -> float:
        return _nearness(today, day_of(span.passage.article_id))

    def timely(value: Value) -> float:
        return max(_nearness(meant, day_of(span.passage.article_id)) for span in value.spans)

    def values_of(part: Part) -> list[Value]:
        values = _values(part, hits, read, fresh, again)
        return [_trusted(value, found, timely(value), share, trusted_again) for value in values]

    values = values_of(first)
    likely = [value for value in values if value.trust >= threshold]
    if not others:
        hope = max((value.trust for value in values), default=0.0)
        return replace(_single(plan, likely, cluster_of), hope=hope)
    if any("{" in part.question for part in others):
        return Assembled(tuple(_event_rows(plan, likely, hits, read, threshold)))
    return Assembled(tuple(_joined(plan, likely, values_of, threshold=threshold)))


def _values(
    part: Part, hits: Sequence[Hit], read: Read, fresh: Callable[[Span], float], again: float
) -> list[Value]:
    """What answers the part, the likeliest to be meant first."""
    rank = {hit.passage: number for number, hit in reversed(list(enumerate(hits, start=1)))}
    last = len(hits) or 1

    def standing(value: Value) -> float:
        return (
            SURE * _logit(value.score)
            + FIRST / min(rank.get(span.passage, last) for span in value.spans)
            + FRESH * max(map(fresh, value.spans))
            + again * math.log(len(value.spans))
            - WORDY * (part.name != "why" and len(value.span.text.split()) > WORDY_WORDS)
        )

    spans = read(part, [hit.passage for hit in hits], SPANS_A_PASSAGE)
    return sorted(group(spans, expected=expected(part)), key=lambda value: -standing(value))


def _trusted(
    value: Value, found: Mapping[Passage, float], timely: float, share: float, again: float
) -> Value:
    """The value with its trust, which is what its shown span is then said to be worth."""
    sure, well = _logit(value.score), max(found.get(span.passage, 0.0) for span in value.spans)
    small = _trust_in_small(sure, well)
    large = (
        TRUST_SURE * sure
        + again * math.log(len(value.spans))
        + TRUST_FOUND * well
        + TRUST_TIMELY * timely
        - TRUST_LEAST
    )
    trust = 1 / (1 + math.exp(-((1 - share) * small + share * large)))
    shown, *others = value.spans
    return replace(value, spans=(replace(shown, score=trust), *others), trust=trust)


def _trust_in_small(sure: float, well: float) -> float:
    return sure + SMALL_FOUND * min(well, SMALL_WELL) - SMALL_LEAST


def trust_in_given(probability: float) -> float:
    """How far to trust a value that probable, read in a text that was given with the question."""
    return 1 / (1 + math.exp(-_trust_in_small(_logit(probability), SMALL_WELL)))


def _largeness(passages: int) -> float:
    """0 for a single passage, 1 for a large store, .45 for five articles and .68 for seventy."""
    return float(min(math.log(max(passages, 1)) / math.log(LARGE), 1.0) ** BEND)


def _meant(plan: Plan) -> Filters:
    """The days that the question means: those that it or the caller names, else "today" alone."""
    for days in (plan.filters, plan.favoured):
        if days and (days.since or days.until):
            return days
    return Filters(plan.as_of, plan.as_of)


def _nearness(stretch: Filters, day: str | None) -> float:
    """1 for an article of these days, falling towards 0 with its distance; 0 where a day is not known."""
    if day is None or not (stretch.since or stretch.until):
        return 0.0
    return math.exp(-stretch.days_outside(date.fromisoformat(day)) / FRESH_DAYS)


# One part


def _single(plan: Plan, likely: Sequence[Value], cluster_of: Callable[[str], str]) -> Assembled:
    part = plan.parts[0]
    if not likely:
        return Assembled(())
    rivals = _apart(likely, LIST_RIVAL if plan.kind == "list" else RIVAL)
    if plan.kind == "list":
        return Assembled(tuple({part.name: value} for value in rivals[:ROWS]))
    if expected(part) == "number":
        against = _independent(rivals, cluster_of)
        return Assembled(tuple({part.name: value} for value in against), differ=len(against) > 1)
    shown = rivals[:ROWS] if _may_be_several(part) else likely[:1]
    return Assembled(tuple({part.name: value} for value in shown))


def _apart(values: Sequence[Value], within: float) -> list[Value]:
    """The first value and those nearly as probable, in other words of the text.

    Where a name is among them, names only: "a general" is one of the named, or nobody that can be told apart.
    """
    least = _logit(values[0].score) - within
    near = [value for value in values if value is values[0] or _logit(value.score) >= least]
    near = [value for value in near if is_name(value.span)] or near
    first, *others = near
    return [first, *(value for value in others if not _overlaps(value, first))]


def _logit(probability: float) -> float:
    inside = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


def _overlaps(value: Value, other: Value) -> bool:
    return any(
        one.passage == two.passage and one.start < two.end and two.start < one.end
        for one in value.spans[:1]
        for two in other.spans
    )


def _independent(values: Sequence[Value], cluster_of: Callable[[str], str]) -> list[Value]:
    """The first value, and the other numbers that independent reports give in its place."""
    first, *others = values
    mine = {cluster_of(span.passage.article_id) for span in first.spans}
    kept = [first]
    for value in others:
        theirs = {cluster_of(span.passage.article_id) for span in value.spans}
        if not theirs & mine and number(value.span.text) is not None:
            kept.append(value)
            mine |= theirs
    return kept[:ROWS]


def _may_be_several(part: Part) -> bool:
    """Whether several may be meant: a person asked for without naming anything that narrows it."""
    return part.name == "who" and not demands(part.question)


# Several parts


def _event_rows(
    plan: Plan, likely: Sequence[Value], hits: Sequence[Hit], read: Read, threshold: float
) -> list[Row]:
    """One row a value of the first part, its other cells asked with that value in the question."""
    first, *others = plan.parts
    events = _apart(likely, RIVAL)[:ROWS] if likely else []
    rows: list[Row] = []
    for event in events:
        row: dict[str, Value] = {first.name: event}
        rest = [other for other in events if other is not event]
        for part in others:
            cell = _cell(part, row, rest, hits, read, least=CELL_SHARE * threshold)
            if cell:
                row[part.name] = cell
        rows.append(row)
    whole = [row for row in rows if len(row) > 1]
    return whole or rows


def _cell(
    part: Part,
    row: Mapping[str, Value],
    rest: Sequence[Value],
    hits: Sequence[Hit],
    read: Read,
    *,
    least: float,
) -> Value | None:
    """What the part is in this row: read where the row's first value stands, its own sentence preferred."""
    event = next(iter(row.values()))
    filled = replace(part, question=_fill(part.question, row))
    passages = _passages_of(event, hits)
    spans = [
        span
        for span in read(filled, passages, SPANS_A_PASSAGE)
        if not _belongs_elsewhere(span, event, rest)
        and not any(same(span.text, value.span.text, "any") for value in row.values())
    ]
    values = group(spans, expected=expected(part))
    best = max(
        values,
        key=lambda value: value.score + SAME_SENTENCE * _shares_sentence(value.span, event),
        default=None,
    )
    return _beside(best, event.span) if best and best.score >= least else None


def _beside(value: Value, shown: Span) -> Value:
    """The value in the form that it has in the sentence of that span, so that one quote carries both."""
    near = [
        span
        for span in value.spans
        if span.score >= NEAR_SHARE * value.score
        and span.passage.article_id == shown.passage.article_id
        and sentence_of(span) == sentence_of(shown)
    ]
    if not near:
        return value
    return replace(value, spans=(near[0], *(span for span in value.spans if span is not near[0])))


def _fill(question: str, row: Mapping[str, Value]) -> str:
    for name, value in row.items():
        counted = str(value.span.text).split()[0] if name.startswith("how many") else value.span.text
        question = question.replace("{" + name + "}", counted)
    return " ".join(question.split())


def _passages_of(event: Value, hits: Sequence[Hit]) -> list[Passage]:
    """Where the value stands: first the passages that it was read in, then hits that name it."""
    passages = [span.passage for span in event.spans]
    head = bare_name(event.span.text)[-1:]
    passages += [hit.passage for hit in hits if head and head[0] in bag(hit.passage.text)]
    return list(dict.fromkeys(passages))[:PASSAGES_A_ROW]


def _shares_sentence(span: Span, event: Value) -> bool:
    mine = sentence_of(span)
    return any(
        other.passage.article_id == span.passage.article_id and sentence_of(other) == mine
        for other in event.spans
    )


def _belongs_elsewhere(span: Span, event: Value, rest: Sequence[Value]) -> bool:
    """Whether the span's sentence speaks of another row's value and not of this one's."""
    there = bag(sentence_text(span))

    def named(value: Value) -> bool:
        head = bare_name(value.span.text)[-1:]
        return bool(head) and head[0] in there

    return not named(event) and any(named(other) for other in rest)


def _joined(
    plan: Plan, likely: Sequence[Value], values_of: Callable[[Part], list[Value]], *, threshold: float
) -> list[Row]:
    """Parts that each ask for themselves: one row where they name the same things, else a row each."""
    first, *others = plan.parts
    kept = [value for value in likely if _speaks_of(value.span, first)]
    rows: list[dict[str, Value]] = [{first.name: kept[0]}] if kept else []
    for part in others:
        of_one = set(demands(part.question)) == set(demands(first.question))
        values = [
            value
            for value in values_of(part)
            if value.trust >= threshold and (_speaks_of(value.span, part) or not of_one)
        ]
        if not values:
            continue
        mate = rows[0] if rows and of_one else None
        if mate is None:
            rows.append({part.name: values[0]})
            continue
        event = next(iter(mate.values()))
        near = [value for value in values if _shares_article(value, event)]
        if near:
            mate[part.name] = next((value for value in near if _shares_sentence(value.span, event)), near[0])
        else:
            rows.append({part.name: values[0]})
    return list(rows)


def _speaks_of(span: Span, part: Part) -> bool:
    """Whether the span's own sentence names what the part asks about, so that no two events mix."""
    wanted = demands(part.question)
    there = bag(sentence_text(span))
    return not wanted or any(met(demand, there) for demand in wanted)


def _shares_article(value: Value, event: Value) -> bool:
    return bool(
        {span.passage.article_id for span in value.spans} & {span.passage.article_id for span in event.spans}
    )
