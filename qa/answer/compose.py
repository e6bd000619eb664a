"""Writes the answer: takes a Plan and rows of Values, gives an Answer of findings, quotes and plain words.

Every line opens with the value and closes with the sentence it is quoted from. Nothing is said that no quote
says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from qa.answer.values import Row, Value, in_full, sentence_of, sentence_text, with_preposition, with_qualifier
from qa.english.names import STOP_WORDS, bag, bare_name, content_words, words
from qa.question.grammar import expected
from qa.types import Answer, Article, Citation, Finding, Part, Plan, Quote, Span

SOURCES_SHOWN = 3  # quotes for one value; more only repeat it
SAYS = "says"  # the column whose value is the whole sentence
TOLD = 0.8  # share of its words that a chat model must have kept, else it is quoted as well
UNANSWERED = "The articles do not answer this: {question}"
_PREPOSED = ("where", "when", "why", "how")
_NUMBER = re.compile(r"\[(\d+)\]")
_NUMBER_MARK = re.compile(r"\s?\[\d+\]")


def compose(
    plan: Plan,
    rows: Sequence[Row],
    *,
    question: str,
    article_of: Callable[[str], Article],
    cluster_of: Callable[[str], str],
    threshold: float,
    differ: bool = False,
    side_by_side: bool = False,
    titled: bool = False,
) -> Answer:
    """The answer that the rows give, one line and one finding a row. `rows` must not be empty.

    `differ`: the rows are different values for one thing, shown newest first. `side_by_side`: each row is
    what one of several named articles says. `titled`: each row is an article, named by its title.
    """
    persons = frozenset(part.name for part in plan.parts if expected(part) == "person")
    writer = _Writer(article_of, cluster_of, threshold, persons)
    ordered = sorted(rows, key=lambda row: _day_of(row, article_of), reverse=True) if differ else list(rows)
    lines, findings = [], []
    for row in ordered:
        finding, quotes = writer.finding(row)
        findings.append(finding)
        dated = differ or side_by_side or titled
        source = _source(row, article_of, titled=titled) if dated else ""
        lines.append(_line(plan, row, finding, quotes, source=source))
    opening = [_as_of(plan)] if plan.relative and plan.as_of else []
    opening += ["Reports differ:"] if differ else []
    opening += [_unanswered(part) for part in plan.parts if not any(part.name in row for row in rows)]
    text = "\n".join([" ".join(opening), *lines] if opening else lines)
    return Answer(
        question=question,
        searched=plan.question,
        status="answered",
        text=text,
        findings=tuple(findings),
        citations=tuple(writer.citations),
        as_of=plan.as_of.isoformat() if plan.as_of else None,
    )


def not_found(
    plan: Plan,
    near: Iterable[Span],
    *,
    question: str,
    article_of: Callable[[str], Article],
    reason: str = "The articles do not answer that.",
) -> Answer:
    """The answer when there is none: says so, and quotes what comes closest."""
    closest = tuple(Quote(article_of(span.passage.article_id), span.start, span.end) for span in near)
    text = reason
    if closest:
        article = closest[0].article
        text += f" The closest they come is this{_from(article)}: {_quoted(closest[0])}"
    if plan.relative and plan.as_of:
        text = f"{_as_of(plan)} {text}"
    return Answer(
        question=question,
        searched=plan.question,
        status="not_found",
        text=text,
        closest=closest,
        as_of=plan.as_of.isoformat() if plan.as_of else None,
    )


def in_prose(answer: Answer, said: Sequence[str], *, written_by: str) -> Answer:
    """The answer told in sentences that a chat model wrote and that its quotes carry.

    A finding that they leave out keeps its own line; quotes that only support one of them are named behind.
    """
    opening, own = _lines(answer.text, answer.findings)
    told = " ".join(said)
    cited = set(map(int, _NUMBER.findall(told)))
    missing: list[str] = []
    beside: list[int] = []
    for finding, line in zip(answer.findings, own, strict=True):
        if _tells(told, finding) and cited & set(finding.citations):
            beside += [number for number in finding.citations if number not in cited]
        else:
            missing.append(line)
    also = f" (also {''.join(f'[{number}]' for number in dict.fromkeys(beside))})" if beside else ""
    return replace(answer, text="\n".join([*opening, told + also, *missing]), written_by=written_by)


def merged(answers: Sequence[Answer], *, question: str) -> Answer:
    """One answer from those to the parts of a question; each quote is numbered once, in order.

    As in every answer, at most one line stands before the lines of the findings; a part that the articles do
    not answer is named there. `answers` must not be empty.
    """
    citations: list[Citation] = []
    findings: list[Finding] = []
    opening: list[str] = []
    lines: list[str] = []
    for answer in answers:
        number_of = {one.number: _number(citations, one.quote) for one in answer.citations}
        findings += [
            replace(finding, citations=tuple(number_of[number] for number in finding.citations))
            for finding in answer.findings
        ]
        if answer.status == "answered":
            text = _NUMBER.sub(lambda match: f"[{number_of[int(match[1])]}]", answer.text)  # noqa: B023
            before, own = _lines(text, answer.findings)
            opening += before
            lines += own
        else:
            opening.append(UNANSWERED.format(question=answer.searched))
    closest = () if findings else tuple(quote for answer in answers for quote in answer.closest)
    return replace(
        answers[0],
        question=question,
        searched=question,
        status="answered" if findings else "not_found",
        text="\n".join([" ".join(opening), *lines] if opening else lines) if findings else answers[0].text,
        findings=tuple(findings),
        citations=tuple(citations),
        closest=closest,
    )


def _unanswered(part: Part) -> str:
    """Names the part of the question that no row answers."""
    if "{" in part.question:  # asked of each row's own event
        return f"The articles do not say {part.name.partition(' (')[0]}."
    return UNANSWERED.format(question=part.question)


def _lines(text: str, findings: Sequence[Finding]) -> tuple[list[str], list[str]]:
    """What stands before the findings, and the line of each."""
    lines = text.splitlines()
    return lines[: -len(findings)], lines[-len(findings) :]


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

    def __init__(
        self,
        article_of: Callable[[str], Article],
        cluster_of: Callable[[str], str],
        threshold: float,
        persons: frozenset[str],
    ) -> None:
        self.article_of = article_of
        self.cluster_of = cluster_of
        self.threshold = threshold
        self.persons = persons  # columns
        self.citations: list[Citation] = []

    def finding(self, row: Row) -> tuple[Finding, list[Quote]]:
        """The row as a finding, and its quotes in order; what names a person in full is quoted too."""
        quotes: list[Quote] = []
        clusters: set[str] = set()
        values: dict[str, Span] = {}
        for name, value in row.items():
            values[name] = self._shown(name, value.span)
            for span in (*self._witnesses(name, value, row), values[name]):
                quote = Quote(self.article_of(span.passage.article_id), *sentence_of(span))
                if any(_covers(other, quote) for other in quotes):
                    continue
                if not any(_repeats(other, quote) for other in quotes):
                    clusters.add(self.cluster_of(span.passage.article_id))
                quotes.append(quote)
        numbers = tuple(_number(self.citations, quote) for quote in quotes)
        return Finding(values, tuple(dict.fromkeys(numbers)), len(clusters)), quotes

    def _shown(self, name: str, span: Span) -> Span:
        return in_full(span, self.article_of(span.passage.article_id)) if name in self.persons else span

    def _witnesses(self, name: str, value: Value, row: Row) -> list[Span]:
        """The spans that are quoted for a value: the one shown, then one from each other wire story that does
        not say it in the same words."""
        if name != next(iter(row)):
            return [value.span]
        seen = {self.cluster_of(value.span.passage.article_id)}
        said = [words(sentence_text(value.span))]
        kept = [value.span]
        for span in value.spans[1:]:
            cluster = self.cluster_of(span.passage.article_id)
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


def _line(plan: Plan, row: Row, finding: Finding, quotes: Sequence[Quote], *, source: str) -> str:
    quoted = " ".join(
        f"{_quoted(quote)} [{number}]" for quote, number in zip(quotes, finding.citations, strict=False)
    )
    said = "" if SAYS in row else ", ".join(_words(name, span, row) for name, span in finding.values.items())
    said = said[:1].upper() + said[1:] if said.split(" ")[0] in STOP_WORDS else said
    head = ": ".join(part for part in (source, said) if part)
    more = f" ({finding.sources} independent sources)" if finding.sources > 1 else ""
    return f"{head}: {quoted}{more}" if head else quoted + more


def _words(name: str, span: Span, row: Row) -> str:
    text = span.text
    if name in _PREPOSED and name != next(iter(row)):
        text = with_preposition(span)
    elif name.startswith(("how many", "how much")):
        text = with_qualifier(span)
    text = " ".join(text.split())
    counted = name.startswith("how many ") and len(row) > 1
    return f"{text} {name.removeprefix('how many ')}" if counted else text


def _quoted(quote: Quote) -> str:
    """The sentence in quotation marks."""
    text = _in_one_line(quote.text)
    return f"“{text.strip('“”')}”" if text[:1] == "“" and text.count("“") == 1 else f"“{text}”"


def _in_one_line(text: str) -> str:
    """The text without marks that would look like citations."""
    return _NUMBER_MARK.sub("", " ".join(text.split()))


def _as_of(plan: Plan) -> str:
    return f"As of {_in_words(plan.as_of)}:" if plan.as_of else ""


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _source(row: Row, article_of: Callable[[str], Article], *, titled: bool = False) -> str:
    """Outlet and day of the row's first value: "Reuters, 25 April 2025"; or title, outlet and day."""
    article = article_of(next(iter(row.values())).span.passage.article_id)
    if titled:
        return f"{_in_one_line(article.title)}{_from(article)}"
    day = _in_words(date.fromisoformat(article.day)) if article.day else None
    return ", ".join(part for part in (article.outlet or article.title, day) if part)


def _from(article: Article) -> str:
    day = _in_words(date.fromisoformat(article.day)) if article.day else None
    known = ", ".join(part for part in (article.outlet, day) if part)
    return f" ({known})" if known else ""


def _day_of(row: Row, article_of: Callable[[str], Article]) -> str:
    """The day that is shown with it; an unsure span elsewhere may tell of another event."""
    return article_of(next(iter(row.values())).span.passage.article_id).day or ""
