"""From a question to an answer: understand -> plan -> retrieve -> read -> rows -> compose -> verify -> text.

Takes a question, a conversation and an Engine. Each stage is a file of this room; here they are put in order.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.answer.compose import NOT_ANSWERED, compose, merged, not_found, unsure
from qa.answer.engine import Engine
from qa.answer.evidence import reading, reading_by_sides
from qa.answer.mend import mended, unknown_words, with_capitals
from qa.answer.news import leads, stories
from qa.answer.reasons import gives_reason
from qa.answer.retrieve import evidence_from
from qa.answer.rows import Assembled, assemble
from qa.answer.shelf import Shelf
from qa.answer.tell import closest, settling, tell, trusted_to_settle
from qa.answer.text import with_text
from qa.answer.values import Row
from qa.answer.verify import verify
from qa.answer.written import split, standalone, written
from qa.english.words import content_words
from qa.question.follow_up import condense
from qa.question.manner import reply
from qa.question.parts import part
from qa.question.plan import of_topic, plan
from qa.question.topic import lacks_topic
from qa.types import SAYS, Answer, Filters, Hit, Plan, Turn

if TYPE_CHECKING:
    from datetime import date

    from qa.store.store import Store

LIKELY_REASON = 0.2  # trust in words that give a reason, from which their sentence is told, if it is about it
GIVES_REASON = 3.0  # the reader's logit that a sentence is about a "why", from which its reason is told
ANSWERED_AGAIN = 2  # turns; what was said longer ago is seldom meant
SMALL_STORE = 60  # passages; their first layers are read in half a second
SIDE_HITS = 8  # passages looked at for each side of a comparison
SUMMED_UP = 30  # passages that sentences are chosen from where they sum up; the reader sees only the first
READ_FOR_SENTENCES = 8  # passages the reader sees when the answer is a sentence and it only helps to choose


def answers(
    asked: str, history: Sequence[Turn], engine: Engine, *, now: date | None, within: Filters
) -> Iterator[Answer]:
    """The answer; before it, if a chat model writes, the answer as far as it is written.

    `now` is the day that "today" means, by default the newest article's; `within` filters exactly.
    """
    said = reply(asked)
    if said is not None:
        yield with_text(Answer(asked, asked, "not_found", opening=(said,)))
        return
    told = _with_answers(asked, history, engine, now=now, within=within)
    alone = standalone(asked, told, engine)
    if alone != asked and lacks_topic(asked) and not _is_known(alone, asked, engine.store):
        alone = asked  # what nobody tells of is not what is asked on about
    searched = _mended(alone, engine, now=now, within=within)
    planned, answer = _answered(searched, asked, engine, now=now, within=within)
    if answer.status == "not_found" and searched != asked and lacks_topic(asked):
        itself, by_itself = _answered(asked, asked, engine, now=now, within=within)  # a change of subject
        if by_itself.status == "answered":
            planned, answer = itself, by_itself
    yield from written(answer, planned.parts[0].question, engine)


def _is_known(alone: str, asked: str, store: Store) -> bool:
    """Whether any article has what the conversation adds to a question."""
    added = set(content_words(alone)).difference(content_words(asked))
    return not added or bool(store.search(" ".join(added), None, k=1)[0])


def _with_answers(
    asked: str, history: Sequence[Turn], engine: Engine, *, now: date | None, within: Filters
) -> Sequence[Turn]:
    """The last turns, those that came without their answers answered again where the question leans on
    them: "who runs it?" means what was the answer."""
    last = history[-ANSWERED_AGAIN:]
    if condense(asked, last) == asked or all(turn.answer or turn.values for turn in last):
        return history
    told = list(history[:-ANSWERED_AGAIN])
    for turn in last:
        if turn.answer or turn.values:
            told.append(turn)
            continue
        searched = standalone(turn.question, told, engine)
        _, answer = _answered(searched, turn.question, engine, now=now, within=within)
        values = tuple(line.value for line in answer.lines if line.value)
        told.append(replace(turn, searched=searched, values=values))
    return told


def _mended(searched: str, engine: Engine, *, now: date | None, within: Filters) -> str:
    """The question without slips of the keyboard, by the words of what is found for the rest of it."""
    store = engine.store
    slips = unknown_words(searched, stands=lambda word: bool(store.search(word, None, k=1)[0]))
    if not slips:
        return searched
    planned, shelf = plan_for(searched, store, now=now, within=within), Shelf(store)
    hits = evidence_from(store, engine.embedder, planned, shelf, k=engine.settings.candidates)
    return mended(searched, slips, (hit.passage.text for hit in hits))


def plan_for(searched: str, store: Store, *, now: date | None, within: Filters) -> Plan:
    """The question, read with what the store knows: its newest day and its outlets."""
    return plan(
        searched,
        now=now or store.newest_day(),
        since=within.since,
        until=within.until,
        outlet=within.outlets,
        articles=within.articles,
        outlets=store.outlets(),
    )


def looked_at(engine: Engine) -> int:
    """How many passages are looked at: in a small store all of them, so that none is missed that says it in
    other words."""
    size, most = engine.store.size(), engine.settings.candidates
    return max(most, size) if size <= SMALL_STORE else most


def _answered(
    searched: str, asked: str, engine: Engine, *, now: date | None, within: Filters
) -> tuple[Plan, Answer]:
    """The plan of the question and its answer; one of several things may be answered thing by thing."""
    planned = plan_for(searched, engine.store, now=now, within=within)
    pieces = split(searched, engine) if planned.asks_more else [searched]
    if len(pieces) == 1:
        answer = _checked(planned, asked, engine)
    else:
        plans = [plan_for(piece, engine.store, now=now, within=within) for piece in pieces]
        told = [
            replace(_checked(one, asked, engine), searched=piece)
            for one, piece in zip(plans, pieces, strict=True)
        ]
        answer = merged(told, question=asked)
    return planned, with_text(replace(answer, searched=searched))


def _checked(planned: Plan, asked: str, engine: Engine) -> Answer:
    """The answer as far as it stands; to a noun phrase that no words answer, what is told of it."""
    answer = verify(_Asked(planned, asked, engine).answer(), engine.store.article)
    topic = of_topic(planned) if answer.status != "answered" else None
    return verify(_Asked(topic, asked, engine).answer(), engine.store.article) if topic else answer


class _Asked:
    """One question on its way: what it asks for, and the articles that are looked at for it."""

    def __init__(self, planned: Plan, asked: str, engine: Engine) -> None:
        self.plan = planned
        self.question = asked
        self.engine = engine
        self.shelf = Shelf(engine.store)

    def answer(self) -> Answer:
        """By what kind of question it is."""
        if self.plan.kind == "compare":
            return self._compared(self.plan)
        if self.plan.news:
            news = stories(self.plan, self.engine.store)
            if len(news) != 1 or self.plan.favoured:  # the only article is told, not listed
                return self._listed(news)
        most = looked_at(self.engine)
        hits = self._hits(self.plan, max(most, SUMMED_UP) if self.plan.kind == "about" else most)
        self._take_capitals(hits)
        found = self._rows(self.plan, hits)
        if found.rows:
            return self._composed(self.plan, found)
        least = self.engine.settings.unsure_threshold
        if self.plan.kind == "yes_no" and self.plan.sides and all(near.trust < least for near in found.near):
            return self._compared(replace(self.plan, kind="compare"))
        return self._reasoned(found, hits) or self._unsure(found, hits) or self._not_found(hits[:most])

    def _take_capitals(self, hits: Sequence[Hit]) -> None:
        """Reads a question that is written small again with the names that the passages show."""
        cased = with_capitals(self.plan.question, (hit.passage.text for hit in hits))
        if cased != self.plan.question and not self.plan.sides:
            within = self.plan.filters
            self.plan = plan_for(cased, self.engine.store, now=self.plan.as_of, within=within)

    def _listed(self, news: list[str]) -> Answer:
        """The first sentence of the first articles, each with its outlet and day."""
        rows = leads(news, self.engine.store, self.shelf)
        return self._composed(self.plan, Assembled(rows), titled=True) if rows else self._not_found(())

    def _compared(self, planned: Plan) -> Answer:
        """Each side answered by itself and all shown, what settles two of them once; not found when one side
        has nothing."""
        rows: dict[Hashable, Row] = {}
        answered = 0
        seen: list[Hit] = []
        shown: dict[Filters, set[str]] = {}  # articles, by what they were found by
        for side in planned.sides:
            hits = self._hits(side, SIDE_HITS)
            seen += hits[:1]
            before = shown.setdefault(side.filters, set()) if side.filters != planned.filters else set()
            row = self._row_of_side(side, hits, before)
            if row is not None:
                answered += 1
                rows.setdefault(_place(row), row)
                before |= {value.span.passage.article_id for value in row.values()}
        if answered < len(planned.sides):
            return self._not_found(seen)
        return self._composed(planned, Assembled(tuple(rows.values())))

    def _row_of_side(self, side: Plan, hits: Sequence[Hit], before: set[str]) -> Row | None:
        """What answers the side, from an article that was not shown `before` if there is one: two articles of
        one outlet are two, if both say something."""
        new = [hit for hit in hits if hit.passage.article_id not in before]
        again = [hit for hit in hits if hit.passage.article_id in before]
        for some in (new, again):
            rows = self._rows(side, some, side=True).rows if some else ()
            if rows:
                return rows[0]
        return None

    def _hits(self, planned: Plan, k: int) -> list[Hit]:
        return evidence_from(self.engine.store, self.engine.embedder, planned, self.shelf, k=k)

    def _rows(self, planned: Plan, hits: Sequence[Hit], *, side: bool = False) -> Assembled:
        """The rows that answer, by sentences or by the words the reader picks."""
        if planned.parts[0].name == SAYS:
            return self._sentences(planned, hits, side=side)
        by_sides = bool(planned.sides) and len(planned.parts) == 1
        if by_sides:
            found = [(each, self._hits(each, SIDE_HITS)) for each in planned.sides]
            hits, read = reading_by_sides(
                found, self.engine.reader, self.shelf, among=self.engine.store.size()
            )
        else:
            read = reading(
                hits,
                self.engine.reader,
                self.shelf,
                among=self.engine.store.size(),
                several=bool(planned.sides),
            )
        return assemble(
            planned,
            hits,
            read,
            self.shelf,
            threshold=self.engine.settings.answer_threshold,
            among=self.engine.store.size(),
            by_clauses=by_sides,
        )

    def _sentences(self, planned: Plan, hits: Sequence[Hit], *, side: bool) -> Assembled:
        """Sentences that answer. The first hits decide whether there are any; more hold better ones."""
        if planned.kind == "yes_no" and not side:
            rank = self.engine.reader.rank
            settled = trusted_to_settle(settling(planned, hits, self.shelf, rank), planned.question, rank)
            sure = [value for value in settled if value.trust >= self.engine.settings.answer_threshold]
            return Assembled(tuple({SAYS: value} for value in sure), near=tuple(settled))
        read = reading(hits, self.engine.reader, self.shelf, among=self.engine.store.size())
        spans = read(planned.parts[0], [hit.passage for hit in hits[:READ_FOR_SENTENCES]], 1)
        first = hits[: self.engine.settings.candidates]
        told = tell(planned, first, self.shelf, read=spans, side=side)
        if told and len(hits) > len(first):
            told = tell(planned, hits, self.shelf, read=spans, side=side) or told
        return Assembled(tuple({SAYS: value} for value in told))

    def _reasoned(self, found: Assembled, hits: Sequence[Hit]) -> Answer | None:
        """The sentence that gives a reason, where one was asked for and no words alone are trusted."""
        if [part.name for part in self.plan.parts] != ["why"]:
            return None
        settled = settling(self.plan, hits, self.shelf, self.engine.reader.rank, least=GIVES_REASON)
        likely = [value.span for value in found.near[:1] if value.trust >= LIKELY_REASON]
        told = [value for value in settled if gives_reason(value.span, self.plan.topic, likely)][:1]
        asked = replace(self.plan, parts=(part(SAYS, self.plan.question),))
        return self._composed(asked, Assembled(tuple({SAYS: value} for value in told))) if told else None

    def _composed(self, planned: Plan, found: Assembled, *, titled: bool = False) -> Answer:
        return compose(
            planned,
            found.rows,
            self.shelf,
            question=self.question,
            threshold=self.engine.settings.answer_threshold,
            differ=found.differ,
            titled=titled,
            perhaps={
                name: value
                for name, value in found.perhaps.items()
                if value.trust >= self.engine.settings.unsure_threshold
            },
        )

    def _unsure(self, found: Assembled, hits: Sequence[Hit]) -> Answer | None:
        """The sentences that may answer, where a value is worth showing but not trusted; else None."""
        least = self.engine.settings.unsure_threshold
        spans = [value.span for value in found.near if value.trust >= least]
        if not spans:
            return None
        others = closest(self.plan, hits[: self.engine.settings.candidates], self.shelf)
        return unsure(self.plan, spans, others, self.shelf, question=self.question)

    def _not_found(self, hits: Sequence[Hit]) -> Answer:
        near = closest(self.plan, hits, self.shelf)
        return not_found(
            self.plan, near, self.shelf, question=self.question, reason=self._reason(hits if near else ())
        )

    def _reason(self, hits: Sequence[Hit]) -> str:
        """Why there is no answer, in a sentence."""
        if hits:
            return NOT_ANSWERED
        if not self.engine.store.articles():
            return "There are no articles yet. Add some: python ingest.py PATH"
        wanted = self.plan.filters
        if wanted.outlets and not set(wanted.outlets) & set(self.engine.store.outlets()):
            return f"There is no article of {' or '.join(map(repr, wanted.outlets))}."
        if wanted.articles:
            return "The chosen articles do not speak of it."
        if wanted != Filters():
            return "There is no article of these days and this outlet that speaks of it."
        return "No article speaks of that."


def _place(row: Row) -> Hashable:
    """Where the values of the row stand."""
    spans = [value.span for value in row.values()]
    return tuple((span.passage.article_id, span.start, span.end) for span in spans)
