"""Puts what is read together: takes a Plan, its Hits and a way to read, gives rows of Values.

One row an event: the where of a row is asked with its who put into the question, and read where that who
stands. Knows no models; reading arrives as a function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qa.answer.earlier import asks_for_earlier, only_earlier
from qa.answer.evidence import FIRST_LOOK, Read
from qa.answer.joined import is_joined, with_joined
from qa.answer.outdated import still_standing
from qa.answer.premises import is_of_another
from qa.answer.shelf import Shelf
from qa.answer.stated import is_stated
from qa.answer.trust import (
    ENOUGH,
    RIVAL,
    Support,
    logit,
    nearness,
    trust,
)
from qa.answer.values import Row, Value, group, is_name, same, sentence_of, sentence_text
from qa.english.demands import met
from qa.english.names import bare_name
from qa.english.numbers import number
from qa.english.words import bag
from qa.question.parts import filled
from qa.types import Filters, Hit, Part, Passage, Plan, Span

SPANS_A_PASSAGE = 3  # a passage of news seldom names more people, places or numbers that answer one question
NEAR = 3  # values whose sentences may answer; more are no help
LIST_SPANS_A_PASSAGE = 6
LIST_ROWS = 12  # of what was asked for as a list
REASON_SHARE = 0.8  # of the threshold, for a reason: what reads as one is seldom another's, measured
MORE_SHARE = 0.6  # of the threshold, from which one more of several that are asked for is listed
NEWER_SHARE = 0.3  # of the threshold, from which a later figure is shown beside an earlier one
ROWS = 5  # more rows than a screen shows are no answer
PASSAGES_A_ROW = 6


@dataclass(frozen=True, slots=True)
class Assembled:
    """The rows, best first; `differ` says that they give different values for one and the same thing."""

    rows: tuple[Row, ...]
    differ: bool = False
    hope: float = 1.0  # the trust of the likeliest value, given or not
    near: tuple[Value, ...] = ()  # the likeliest values, where none is trusted enough to be given
    perhaps: Mapping[str, Value] = field(
        default_factory=dict
    )  # of each part that no row answers, the likeliest


@dataclass(frozen=True, slots=True)
class _Found:
    """What the rows of one question are put together from. `among`: how many passages were searched."""

    plan: Plan
    hits: Sequence[Hit]
    read: Read
    shelf: Shelf
    threshold: float
    among: int
    by_clauses: bool


def assemble(
    plan: Plan,
    hits: Sequence[Hit],
    read: Read,
    shelf: Shelf,
    *,
    threshold: float,
    among: int = 0,
    by_clauses: bool = False,
) -> Assembled:
    """The rows that answer the plan, from values at least `threshold` probable; none when nothing is.

    `among` is how many passages were searched. `by_clauses`: each clause of the question was searched and
    read by itself, so what is said again is said of several of them, and all hits are read. Else, where one
    value is wanted, the others only if the FIRST_LOOK best ones do not say it well ENOUGH.
    """
    looks = (hits[:FIRST_LOOK], hits) if _wants_one(plan) and not by_clauses else (hits,)
    made = Assembled(())
    for looked_at in looks:
        made = _assembled(_Found(plan, looked_at, read, shelf, threshold, among, by_clauses))
        if made.rows and made.hope >= ENOUGH:
            break
    return made


def _wants_one(plan: Plan) -> bool:
    """Whether one value answers: not a list, not several parts or persons, nor what reports may dispute."""
    (part, *others) = plan.parts
    return not others and plan.kind == "fact" and part.expects != "number" and not _may_be_several(part)


def _assembled(found: _Found) -> Assembled:
    first, *others = found.plan.parts
    values = _values(first, found)
    least = (REASON_SHARE if first.name == "why" else 1.0) * found.threshold
    likely = _stated(first, values, least)
    if likely and (found.plan.kind == "list" or _may_be_several(first)):
        likely = _stated(first, values, MORE_SHARE * least)
    if not others:
        hope = max((value.trust for value in values), default=0.0)
        near = () if likely else tuple(values[:NEAR])
        newer = _newer(values, likely[0], found) if likely else []
        return replace(_single(found.plan, likely, found.shelf, newer), hope=hope, near=near)
    perhaps: dict[str, Value] = {}
    if any(part.has_slot for part in others):
        rows = _event_rows(found, likely, perhaps)
    else:
        each = {part.name: _values(part, found) for part in others}
        perhaps = {part.name: value for part in others for value in _stated(part, each[part.name], 0.0)[:1]}
        several = found.plan.kind == "list"
        rows = _listed_beside(found, likely, each) if several else _joined(found, likely, each)
    for value in _stated(first, values, 0.0)[:1]:
        perhaps[first.name] = value
    left = {name: value for name, value in perhaps.items() if not any(name in row for row in rows)}
    return Assembled(tuple(rows), near=() if rows else tuple(values[:NEAR]), perhaps=left)


def _values(part: Part, found: _Found) -> list[Value]:
    """What answers the part, each with its trust, the likeliest to be meant first."""
    several = found.plan.kind == "list"
    n = LIST_SPANS_A_PASSAGE if several else SPANS_A_PASSAGE
    spans = _of_it(part, found.read(part, [hit.passage for hit in found.hits], n), found)
    if several or _may_be_named_together(part):
        spans = with_joined(spans, gapped=several)
    rank = {hit.passage: number for number, hit in reversed(list(enumerate(found.hits, start=1)))}
    score = {hit.passage: hit.score for hit in found.hits}
    today = Filters(found.plan.as_of, found.plan.as_of)

    def support(value: Value) -> Support:
        days = [found.shelf.day(span.passage.article_id) for span in value.spans]
        return Support(
            probability=value.score,
            times=len(value.spans),
            rank=min(rank.get(span.passage, len(found.hits) or 1) for span in value.spans),
            found=max(score.get(span.passage, 0.0) for span in value.spans),
            fresh=nearness(today, days),
        )

    values = _with_doubted(part, spans)
    valued = [
        _trusted(value, trust(support(value), among=found.among, by_clauses=found.by_clauses))
        for value in values
    ]
    left = still_standing(part, valued, found.hits, found.shelf)
    if asks_for_earlier(part.question):
        left = only_earlier(left)
    return sorted(left, key=lambda value: -value.trust)


def _of_it(part: Part, spans: Sequence[Span], found: _Found) -> list[Span]:
    """The spans whose sentences speak of what the part takes for granted."""
    article = found.shelf.article
    return [span for span in spans if not is_of_another(part, span, article(span.passage.article_id))]


def _with_doubted(part: Part, spans: Sequence[Span]) -> list[Value]:
    """The values; one that is stated as a fact is not gathered with what is only said of it."""
    apart: dict[bool, list[Span]] = {True: [], False: []}
    for span in spans:
        apart[is_stated(part, span)].append(span)
    values, doubted = (group(some, expected=part.expects) for some in (apart[True], apart[False]))
    known = [value.span.text for value in values]
    return [*values, *(one for one in doubted if not any(same(one.span.text, text) for text in known))]


def _stated(part: Part, values: Sequence[Value], least: float) -> list[Value]:
    """The values that are trusted at least so much, and stated as facts."""
    return [value for value in values if value.trust >= least and is_stated(part, value.span)]


def _trusted(value: Value, its_trust: float) -> Value:
    """The value with its trust, which is what its shown span is then said to be worth."""
    shown, *others = value.spans
    return replace(value, spans=(replace(shown, score=its_trust), *others), trust=its_trust)


# One part


def _single(plan: Plan, likely: Sequence[Value], shelf: Shelf, newer: Sequence[Value]) -> Assembled:
    """`newer` are figures of later reports that may have replaced the likeliest value."""
    part = plan.parts[0]
    if not likely:
        return Assembled(())
    several = plan.kind == "list"
    if several:
        return Assembled(tuple({part.name: value} for value in _listed(likely)))
    together = _together(likely, gapped=False)
    rivals = _apart(likely, RIVAL)
    if part.expects == "number" or newer:
        against = _independent([*rivals, *newer], shelf.cluster)
        return Assembled(tuple({part.name: value} for value in against), differ=len(against) > 1)
    shown = rivals[:ROWS] if _may_be_several(part) else [likely[0], *together]
    return Assembled(tuple({part.name: value} for value in shown))


def _listed(likely: Sequence[Value]) -> list[Value]:
    """What is shown of a list: the values nearly as probable as the first, and those in a row with it."""
    if not likely:
        return []
    return list(dict.fromkeys([*_apart(likely, RIVAL), *_together(likely, gapped=True)]))[:LIST_ROWS]


def _together(likely: Sequence[Value], *, gapped: bool) -> list[Value]:
    return [value for value in likely[1:] if is_joined(value.span, likely[0].span, gapped=gapped)]


def _newer(values: Sequence[Value], first: Value, found: _Found) -> list[Value]:
    """The figures that later articles give in sentences which speak as much of what is asked as that of the
    first value: a toll that has risen is told beside the older one."""
    (part, *_) = found.plan.parts
    day = _newest_day(first, found)
    speaks = _asked_words_in(first, part)
    if number(first.span.text) is None:
        return []
    return [
        value
        for value in values
        if value is not first
        and value.trust >= NEWER_SHARE * found.threshold
        and number(value.span.text) is not None
        and _newest_day(value, found) > day
        and _asked_words_in(value, part) >= speaks
    ]


def _newest_day(value: Value, found: _Found) -> str:
    return max(found.shelf.day(span.passage.article_id) or "" for span in value.spans)


def _asked_words_in(value: Value, part: Part) -> int:
    there = bag(sentence_text(value.span))
    return sum(word in there for word in part.words)


def _apart(values: Sequence[Value], within: float) -> list[Value]:
    """The first value and those nearly as probable, in other words of the text.

    Where a name is among them, names only: "a general" is one of the named, or nobody that can be told apart.
    """
    least = logit(values[0].score) - within
    near = [value for value in values if value is values[0] or logit(value.score) >= least]
    near = [value for value in near if is_name(value.span)] or near
    first, *others = near
    return [first, *(value for value in others if not _overlaps(value, first))]


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


def _may_be_named_together(part: Part) -> bool:
    """Whether one clause may name several that answer, joined by "and": not who somebody is."""
    one = part.question.lower().startswith(("who is the ", "who was the ", "who’s the ", "who's the "))
    return not one and part.expects in ("person", "name") and part.name in ("who", "which", "what")


def _may_be_several(part: Part) -> bool:
    """Whether several may be meant: a person asked for without naming anything that narrows it."""
    return part.name == "who" and not part.demands


# Several parts


def _event_rows(found: _Found, likely: Sequence[Value], perhaps: dict[str, Value]) -> list[Row]:
    """One row a value of the first part, its other cells asked with that value in the question. What is too
    unsure for a cell is put into `perhaps`, by its column."""
    first, *others = found.plan.parts
    if found.plan.kind == "list":
        events = _listed(likely)
    else:
        together = _together(likely, gapped=False) if _may_be_named_together(first) else []
        events = list(dict.fromkeys([*(_apart(likely, RIVAL) if likely else []), *together]))[:ROWS]
    rows: list[Row] = []
    for event in events:
        row: dict[str, Value] = {first.name: event}
        rest = [other for other in events if other is not event]
        for part in others:
            cell = _cell(part, row, rest, found)
            if cell and cell.score >= found.threshold:
                row[part.name] = cell
                row[first.name] = _shown_with(row[first.name], cell.span)
            elif cell:
                perhaps[part.name] = max(cell, perhaps.get(part.name, cell), key=lambda value: value.score)
        rows.append(row)
    whole = [row for row in rows if len(row) > 1]
    return rows if found.plan.kind == "list" else whole or rows


def _cell(part: Part, row: Row, rest: Sequence[Value], found: _Found) -> Value | None:
    """What the part likeliest is in this row: read where the row's first value stands, its own sentence
    preferred."""
    event = next(iter(row.values()))
    asked = filled(part, {name: value.span.text for name, value in row.items()})
    spans = [
        span
        for span in found.read(asked, _passages_of(event, found.hits), SPANS_A_PASSAGE)
        if is_stated(asked, span)
        and not _belongs_elsewhere(span, event, rest)
        and not any(same(span.text, value.span.text, "any") for value in row.values())
    ]
    best = max(group(spans, expected=part.expects), key=lambda value: value.score, default=None)
    return _beside(best, event.span) if best else None


def _beside(value: Value, shown: Span) -> Value:
    """The value in the form that it has in the sentence of that span, so that one quote carries both."""
    near = [
        span
        for span in value.spans
        if span.passage.article_id == shown.passage.article_id and sentence_of(span) == sentence_of(shown)
    ]
    if not near:
        return value
    return replace(value, spans=(near[0], *(span for span in value.spans if span is not near[0])))


def _passages_of(event: Value, hits: Sequence[Hit]) -> list[Passage]:
    """Where the value stands: first the passages that it was read in, then hits that name it."""
    passages = [span.passage for span in event.spans]
    head = bare_name(event.span.text)[-1:]
    passages += [hit.passage for hit in hits if head and head[0] in bag(hit.passage.text)]
    return list(dict.fromkeys(passages))[:PASSAGES_A_ROW]


def _shown_with(event: Value, cell: Span) -> Value:
    """The row's first value as the sentence of its cell has it, where it is nearly as probable there: so that
    one quote carries both."""
    shown, *others = event.spans
    for span in others:
        same_place = span.passage.article_id == cell.passage.article_id
        if same_place and sentence_of(span) == sentence_of(cell):
            rest = [other for other in event.spans if other is not span]
            return replace(event, spans=(replace(span, score=event.trust), *rest))
    return replace(event, spans=(shown, *others))


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


def _listed_beside(found: _Found, likely: Sequence[Value], each: Mapping[str, Sequence[Value]]) -> list[Row]:
    """A row each of what is listed, and one for each other part that asks for itself, of whose values `each`
    holds."""
    first, *others = found.plan.parts
    rows: list[Row] = [{first.name: value} for value in _listed(likely)]
    for part in others:
        rows += [{part.name: value} for value in _stated(part, each[part.name], found.threshold)[:1]]
    return rows


def _joined(found: _Found, likely: Sequence[Value], each: Mapping[str, Sequence[Value]]) -> list[Row]:
    """Parts that each ask for themselves: one row where they name the same things, else a row each."""
    first, *others = found.plan.parts
    kept = [value for value in likely if _speaks_of(value.span, first)]
    rows: list[dict[str, Value]] = [{first.name: kept[0]}] if kept else []
    for part in others:
        of_one = set(part.demands) == set(first.demands)
        values = [
            value
            for value in _stated(part, each[part.name], found.threshold)
            if _speaks_of(value.span, part) or not of_one
        ]
        if not values:
            continue
        near = _nearest(values, rows[0]) if rows and of_one else None
        if near and _fills_another(near, rows[0]):
            _to_the_surer(near, part, rows[0], kept, values)
        elif near:
            rows[0][part.name] = near
        else:
            rows.append({part.name: values[0]})
    return list(rows)


def _fills_another(value: Value, row: Row) -> bool:
    """Whether a column of the row holds the same words of the text."""
    return any(_overlaps(value, other) for other in row.values())


def _to_the_surer(
    value: Value, part: Part, row: dict[str, Value], firsts: Sequence[Value], values: Sequence[Value]
) -> None:
    """One value fills one column, for which it is trusted most; the other takes the next that is left."""
    name = next(iter(row))
    left = [one for one in values if not _fills_another(one, row)]
    next_first = [one for one in firsts if not _overlaps(one, value)]
    if value.trust > row[name].trust and next_first:
        row[name], row[part.name] = next_first[0], value
    elif left:
        row[part.name] = left[0]


def _nearest(values: Sequence[Value], row: Row) -> Value | None:
    """The first of the values that stands in a sentence of the row's own, else in an article of its own."""
    event = next(iter(row.values()))
    near = [value for value in values if _shares_article(value, event)]
    beside = [value for value in near if _shares_sentence(value.span, event)]
    return next(iter(beside or near), None)


def _speaks_of(span: Span, part: Part) -> bool:
    """Whether the span's own sentence names what the part asks about, so that no two events mix."""
    there = bag(sentence_text(span))
    return not part.demands or any(met(demand, there) for demand in part.demands)


def _shares_article(value: Value, event: Value) -> bool:
    return bool(
        {span.passage.article_id for span in value.spans} & {span.passage.article_id for span in event.spans}
    )
