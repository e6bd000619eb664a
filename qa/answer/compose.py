"""Makes the answer: takes a Plan and rows of Values, gives findings, the words of each, and their quotes.

Every line opens with the value and closes with the sentence it is quoted from. Nothing is said that no quote
says. The text is made of it later (`qa.answer.text`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from qa.answer.reasons import tells_reason
from qa.answer.shelf import Shelf
from qa.answer.text import MARK, in_words, source, without_marks
from qa.answer.trust import FRESH_DAYS
from qa.answer.values import Row, Value, in_full, sentence_of, sentence_text, with_hedge, with_preposition
from qa.answer.verdict import verdict
from qa.english.names import bare_name
from qa.english.words import STOP_WORDS, bag, content_words, words
from qa.question.parts import filled
from qa.types import REPORTS_DIFFER, SAYS, UNSURE, Answer, Citation, Finding, Line, Part, Plan, Quote, Span

UNSURE_QUOTES = 3  # sentences that may answer; more are a search
SOURCES_SHOWN = 3  # quotes for one value; more only repeat it
TOLD = 0.8  # share of its words that a chat model must have kept, else it is quoted as well
NOT_ANSWERED = "No answer to that was found in the articles."
UNANSWERED = "No answer was found to this: "
APART = "Ask this by itself: "
QUOTED = "The quote may answer this too: "
_PREPOSED = ("where", "when", "why", "how")


def compose(
    plan: Plan,
    rows: Sequence[Row],
    shelf: Shelf,
    *,
    question: str,
    threshold: float,
    differ: bool = False,
    titled: bool = False,
    perhaps: Mapping[str, Value] | None = None,
) -> Answer:
    """The answer that the rows give, one line and one finding a row. `rows` must not be empty.

    `differ`: the rows are different values for one thing, shown newest first. `titled`: each row is an
    article, named by its title. The rows of a comparison are named by outlet and day. `perhaps` are values of
    columns that no row has, whose sentences may answer.
    """
    persons = frozenset(part.name for part in plan.parts if part.expects == "person")
    writer = _Writer(shelf, threshold, persons)
    ordered = sorted(rows, key=lambda row: _day_of(row, shelf), reverse=True) if differ else list(rows)
    findings = [writer.finding(row) for row in ordered]
    several = len({citation.quote.article.id for citation in writer.citations}) > 1
    named = differ or titled or plan.kind == "compare" or (plan.kind == "about" and several)
    lines = [
        _line(row, finding, _source(row, shelf, titled=titled) if named else "", _asked_later(plan, row))
        for row, finding in zip(ordered, findings, strict=True)
    ]
    opening = _as_of(plan, writer.citations)
    opening += [REPORTS_DIFFER] if differ else []
    if plan.kind == "yes_no":
        opening.append(verdict(plan.searches[0], plan.question, writer.citations[0].quote.text))
    shown = [citation.quote for citation in writer.citations]
    left: list[Quote] = []
    for part in (part for part in plan.parts if not any(part.name in row for row in rows)):
        near = (perhaps or {}).get(part.name)
        if near is not None:
            quote = _perhaps(near.span, shelf)
            known = any(_covers(one, quote) for one in shown)
            left += [] if known else [quote]
            opening.append((QUOTED if known else UNSURE) + _asked(part, rows))
        elif part.name != "why" or not any(tells_reason(quote.text, plan.topic) for quote in shown):
            opening.append(UNANSWERED + _asked(part, rows))
    opening += [APART + without_marks(plan.apart)] if plan.apart else []
    return Answer(
        question=question,
        searched=plan.question,
        status="answered",
        opening=tuple(opening),
        lines=tuple(lines),
        findings=tuple(findings),
        citations=tuple(writer.citations),
        closest=tuple(dict.fromkeys(left)),
        as_of=plan.as_of.isoformat() if plan.as_of else None,
    )


def not_found(
    plan: Plan, near: Iterable[Span], shelf: Shelf, *, question: str, reason: str = NOT_ANSWERED
) -> Answer:
    """The answer when there is none: says so, and quotes what comes closest."""
    closest = tuple(Quote(shelf.article(span.passage.article_id), span.start, span.end) for span in near)
    return Answer(
        question=question,
        searched=plan.question,
        status="not_found",
        opening=(*_as_of(plan), reason),
        closest=closest,
        as_of=plan.as_of.isoformat() if plan.as_of else None,
    )


def unsure(
    plan: Plan, likely: Sequence[Span], near: Iterable[Span], shelf: Shelf, *, question: str
) -> Answer:
    """The answer where only a sentence may answer: quotes that sentence, and gives no value.

    `likely` are values that are not trusted, best first; `near` sentences that are near to the question.
    """
    quotes = [_perhaps(span, shelf) for span in likely]
    quotes += [Quote(shelf.article(span.passage.article_id), span.start, span.end) for span in near]
    return Answer(
        question=question,
        searched=plan.question,
        status="unsure",
        opening=tuple(_as_of(plan)),
        closest=tuple(dict.fromkeys(quotes))[:UNSURE_QUOTES],
        as_of=plan.as_of.isoformat() if plan.as_of else None,
    )


def _perhaps(span: Span, shelf: Shelf) -> Quote:
    """The sentence of the span, which may answer; its words are told apart where they are not all of it."""
    start, end = sentence_of(span)
    likely = (span.start, span.end) if (span.start, span.end) != (start, end) else None
    return Quote(shelf.article(span.passage.article_id), start, end, likely)


def in_prose(answer: Answer, said: Sequence[str], *, written_by: str) -> Answer:
    """The answer told in sentences that a chat model wrote and that its quotes carry.

    A finding that they leave out keeps its own line; quotes that only support one of them are named behind.
    """
    told = " ".join(said)
    cited = set(map(int, MARK.findall(told)))
    lines: list[Line] = []
    beside: list[int] = []
    for finding, line in zip(answer.findings, answer.lines, strict=True):
        retold = _tells(told, finding) and bool(cited & set(finding.citations))
        beside += [number for number in finding.citations if retold and number not in cited]
        lines.append(replace(line, retold=retold))
    also = f" (also {''.join(f'[{number}]' for number in dict.fromkeys(beside))})" if beside else ""
    return replace(answer, prose=told + also, lines=tuple(lines), written_by=written_by)


def merged(answers: Sequence[Answer], *, question: str) -> Answer:
    """One answer from those to the parts of a question; each quote is numbered once, in order.

    A part that the articles do not answer is named in the opening. `answers` must not be empty.
    """
    citations: list[Citation] = []
    findings: list[Finding] = []
    lines: list[Line] = []
    opening: list[str] = []
    left: list[Quote] = []
    for answer in answers:
        number_of = {one.number: _number(citations, one.quote) for one in answer.citations}
        for finding, line in zip(answer.findings, answer.lines, strict=True):
            numbers = tuple(number_of[number] for number in finding.citations)
            findings.append(replace(finding, citations=numbers))
            lines.append(replace(line, citations=numbers))
        if answer.status == "answered":
            opening += answer.opening
            left += answer.closest
            continue
        unsure = answer.status == "unsure"
        left += answer.closest[:1] if unsure else ()
        opening.append((UNSURE if unsure else UNANSWERED) + without_marks(answer.searched))
    closest = left if findings else [quote for answer in answers for quote in answer.closest]
    return replace(
        answers[0],
        question=question,
        searched=question,
        status="answered" if findings else "not_found",
        opening=tuple(opening) if findings else answers[0].opening,
        lines=tuple(lines),
        findings=tuple(findings),
        citations=tuple(citations),
        closest=tuple(dict.fromkeys(closest)),
    )


def _asked(part: Part, rows: Sequence[Row]) -> str:
    """The part's question, with what the rows have found in it: "Where was Ann Lee killed?"."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    values = {name: " or ".join(row[name].span.text for row in rows if name in row) for name in names}
    asked = filled(part, values).question if part.has_slot else part.question
    return f"{without_marks(asked).rstrip(' ?.!')}?"


def _number(citations: list[Citation], quote: Quote) -> int:
    """The number of the quote among the citations, to which it is added if it is new."""
    for citation in citations:
        if citation.quote == quote:
            return citation.number
    citations.append(Citation(len(citations) + 1, quote))
    return len(citations)


def _tells(told: str, finding: Finding) -> bool:
    """Whether it holds the values; of a whole sentence, nearly all that carries meaning."""
    there = bag(told)

    def holds(name: str, span: Span) -> bool:
        wanted = content_words(span.text) if name == SAYS else bare_name(span.text)
        return sum(word in there for word in wanted) >= (TOLD if name == SAYS else 1.0) * len(wanted)

    return all(holds(name, span) for name, span in finding.values.items())


class _Writer:
    """Numbers the quotes in the order of their first use."""

    def __init__(self, shelf: Shelf, threshold: float, persons: frozenset[str]) -> None:
        self.shelf = shelf
        self.threshold = threshold
        self.persons = persons  # columns
        self.citations: list[Citation] = []

    def finding(self, row: Row) -> Finding:
        """The row as a finding, its quotes numbered in order; what names a person in full is quoted too."""
        quotes: list[Quote] = []
        clusters: set[str] = set()
        values: dict[str, Span] = {}
        for name, value in row.items():
            values[name] = self._shown(name, value.span)
            for span in (*self._witnesses(name, value, row), values[name]):
                quote = Quote(self.shelf.article(span.passage.article_id), *sentence_of(span))
                if any(_covers(other, quote) for other in quotes):
                    continue
                if not any(_repeats(other, quote) for other in quotes):
                    clusters.add(self.shelf.cluster(span.passage.article_id))
                quotes.append(quote)
        numbers = tuple(_number(self.citations, quote) for quote in quotes)
        return Finding(values, tuple(dict.fromkeys(numbers)), len(clusters))

    def _shown(self, name: str, span: Span) -> Span:
        if name in self.persons:
            return in_full(span, self.shelf.article(span.passage.article_id))
        placed = with_preposition(span) if name == "where" else span
        if (
            len(placed.text.split()) > len(span.text.split()) + 1
        ):  # "near his Moscow residence", not "in Kyiv"
            return placed
        return span if name == SAYS else with_hedge(span, counts=name.startswith(("how many", "how much")))

    def _witnesses(self, name: str, value: Value, row: Row) -> list[Span]:
        """The spans that are quoted for a value: the one shown, then one from each other wire story that does
        not say it in the same words."""
        if name != next(iter(row)):
            return [value.span]
        seen = {self.shelf.cluster(value.span.passage.article_id)}
        said = [words(sentence_text(value.span))]
        kept = [value.span]
        for span in value.spans[1:]:
            cluster = self.shelf.cluster(span.passage.article_id)
            if cluster in seen or span.score < self.threshold or len(kept) == SOURCES_SHOWN:
                continue
            told = words(sentence_text(span))
            if told not in said:
                seen.add(cluster)
                said.append(told)
                kept.append(span)
        return kept


def _covers(one: Quote, other: Quote) -> bool:
    return one.article.id == other.article.id and one.start <= other.start and other.end <= one.end


def _repeats(one: Quote, other: Quote) -> bool:
    """Whether both say the same word for word, as a copy does of an article that is none as a whole."""
    return one.article.id != other.article.id and words(one.text) == words(other.text)


def _asked_later(plan: Plan, row: Row) -> str:
    """The clause of the question that the row answers, as it was asked; empty for the first of several."""
    name = next(iter(row))
    later = (
        part.asked or part.question for part in plan.parts[1:] if part.name == name and not part.has_slot
    )
    return without_marks(next(later, ""))


def _line(row: Row, finding: Finding, named: str, asked: str = "") -> Line:
    """How a row is told: `named` by its article, with the question that is `asked` before what answers it."""
    cells = [] if SAYS in row else [_words(name, span, row) for name, span in finding.values.items()]
    if cells and cells[0].split(" ")[0] in STOP_WORDS:
        cells[0] = cells[0][:1].upper() + cells[0][1:]
    value = " ".join(part for part in (asked, ", ".join(cells)) if part)
    told = ": ".join(part for part in (named, value) if part)
    return Line(told, finding.citations, value=cells[0] if cells else "")


def _words(name: str, span: Span, row: Row) -> str:
    text = span.text
    if name in _PREPOSED and name != next(iter(row)):
        text = with_preposition(span).text
    text = without_marks(text)
    counted = name.removeprefix("how many ")
    return f"{text} {counted}" if counted != name and counted[0] != "(" else text


def _as_of(plan: Plan, shown: Sequence[Citation] = ()) -> list[str]:
    """What an answer opens with whose question depends on the day: "As of 25 April 2025:", the day of the
    newest article that is shown where the latest was asked for."""
    days = [citation.quote.article.day for citation in shown if citation.quote.article.day]
    meant = plan.favoured
    near = [day for day in days if meant and meant.days_outside(date.fromisoformat(day)) <= FRESH_DAYS]
    if shown and meant and not near:
        return []  # what is shown is of another time
    day = max(days) if plan.latest and days else plan.as_of.isoformat() if plan.as_of else ""
    return [f"As of {in_words(day)}:"] if plan.relative and day else []


def _source(row: Row, shelf: Shelf, *, titled: bool = False) -> str:
    """Outlet and day of the row's first value: "Reuters, 25 April 2025"; or title, outlet and day."""
    article = shelf.article(next(iter(row.values())).span.passage.article_id)
    if titled:
        return f"{without_marks(article.title)}{source(article)}"
    day = in_words(article.day) if article.day else None
    return ", ".join(part for part in (article.outlet or article.title, day) if part)


def _day_of(row: Row, shelf: Shelf) -> str:
    """The day that is shown with it; an unsure span elsewhere may tell of another event."""
    return shelf.day(next(iter(row.values())).span.passage.article_id) or ""
