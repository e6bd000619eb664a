"""Measures search and answers on articles and questions with known answers, and shows what went wrong.

Takes two JSON-lines files (plain or gzip), gives a dictionary of numbers with their confidence intervals.
Articles: `{id, url, title, source, published, text}`. Questions: `{id, question, date, answers, articles,
facts, kind, answerable}`, of which only `question` is required: what is absent is not measured.
`python -m qa eval` and `benchmarks/quality.py` are built on it. Knows the desk only by its surface.
"""

from __future__ import annotations

import gzip
import json
import re
import string
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from qa.errors import LoadError
from qa.types import Answer, Failure

if TYPE_CHECKING:
    from qa.desk import Assistant

Value = TypeVar("Value")
Row = Mapping[str, Any]
Ranked = tuple[tuple[str, str], ...]  # (article id, passage text), best first

DEPTH = 50  # passages ranked for one question; MAP looks no deeper
RESAMPLES = 1000  # of the bootstrap behind each interval
CERTAINTY = 0.95  # of the intervals
WORST = 50  # failures kept in the result
REFUSE = 0.95  # share of unanswerable questions that the reported threshold refuses
# Answers that are judgements: no article says "no", so a system that quotes is measured by its quotes there.
JUDGEMENTS = frozenset({"yes", "no", "true", "false", "consistent", "inconsistent", "similar", "different"})
FACT_CHARS = 25  # a quote shorter than this, white space removed, is no evidence that a fact was found


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what is known of its answer. `gold` are ids of stored articles, `day` its "today"."""

    id: str
    text: str
    day: date | None = None
    answers: tuple[str, ...] = ()
    gold: frozenset[str] = frozenset()
    facts: tuple[str, ...] = ()
    kind: str = ""
    answerable: bool = True

    @property
    def worded(self) -> bool:
        """Whether its answer is words that an article can contain."""
        return self.answerable and any(plain(one) not in JUDGEMENTS for one in self.answers)


@dataclass(frozen=True, slots=True)
class Record:
    """What one question brought.

    `answer` is None where only search is measured; `unchecked` is the answer without a threshold, asked for
    where `answer` was refused, so that scores of refused answers are known.
    """

    question: Question
    ranked: Ranked
    search_ms: float
    answer: Answer | None = None
    unchecked: Answer | None = None
    ask_ms: float = 0.0


def evaluate(
    articles: Path,
    questions: Path,
    *,
    data: Path | None = None,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """All measures of a desk over `articles` asked `questions` (the first `limit` of them).

    `data` keeps the store for the next run; without it a temporary one is built and removed.
    `settings` go to `qa.open`. `progress` is called with how many questions are done, and how many there are.
    """
    import qa

    with tempfile.TemporaryDirectory(prefix="dateline-eval-") as scratch:
        store = data or Path(scratch)
        desk = qa.open(store, **settings)
        unchecked = qa.open(store, **{**settings, "answer_threshold": 0.0})
        try:
            report = desk.ingest([articles])
            asked = read_questions(questions, stored_ids(articles))[:limit]
            records = list(ask_all(desk, asked, unchecked=unchecked, progress=progress))
        finally:
            unchecked.close()
            desk.close()
    stored = report.added + report.updated + report.unchanged
    return {"articles": stored, "failed": len(report.failed), **summarise(records)}


# Reading


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file, plain or gzip. Raises LoadError, naming the line, for others."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _object(line, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{path} cannot be read: {error}. Give JSON lines, plain or gzip.") from None


def _object(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise LoadError(f"{place} is not JSON: {error}.") from None
    if not isinstance(row, dict):
        raise LoadError(f"{place} should be an object with fields.")
    return row


def stored_ids(articles: Path) -> dict[str, str]:
    """Each row's own id -> the id under which the store keeps that article."""
    from qa.ingest.clean import clean
    from qa.ingest.load import load

    ids = {}
    for raw in load(articles):
        if not isinstance(raw, Failure):
            own = raw.source.rpartition("#")[2]
            ids[own] = clean(replace(raw, text="Only the identity is wanted here.")).id
    return ids


def read_questions(path: Path, stored: Mapping[str, str]) -> list[Question]:
    """The questions of a file; gold articles that are not `stored` are left out."""
    return [_question(row, number, stored) for number, row in enumerate(read_rows(path), start=1)]


def _question(row: Row, number: int, stored: Mapping[str, str]) -> Question:
    text = row.get("question") or row.get("query")
    if not isinstance(text, str) or not text.strip():
        raise LoadError(f"Question {number} has no `question`.")
    gold = row.get("articles") or row.get("relevant") or []
    if row.get("labels") == "weak":  # articles that merely contain the answer's words
        gold = []
    day = row.get("date")
    return Question(
        id=str(row.get("id", number)),
        text=text,
        day=date.fromisoformat(day[:10]) if day else None,
        answers=tuple(map(str, row.get("answers") or ())),
        gold=frozenset(stored[str(one)] for one in gold if str(one) in stored),
        facts=tuple(fact["text"] if isinstance(fact, dict) else str(fact) for fact in row.get("facts") or ()),
        kind=str(row.get("kind") or ""),
        answerable=bool(row.get("answerable", True)),
    )


# Asking


def ask_all(
    desk: Assistant,
    questions: Sequence[Question],
    *,
    unchecked: Assistant | None = None,
    answers: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Record]:
    """One record a question, in order. Without `answers`, only search is measured."""
    if questions:  # the first call loads models and opens indexes; its time is nobody's latency
        _ask(desk, questions[0], None, answers=answers)
    for done, question in enumerate(questions, start=1):
        yield _ask(desk, question, unchecked, answers=answers)
        if progress:
            progress(done, len(questions))


def _ask(desk: Assistant, question: Question, unchecked: Assistant | None, *, answers: bool) -> Record:
    hits, search_ms = timed(lambda: desk.search(question.text, k=DEPTH, now=question.day))
    ranked = tuple((hit.passage.article_id, hit.passage.text) for hit in hits)
    record = Record(question, ranked, search_ms)
    if not answers:
        return record
    answer, ask_ms = timed(lambda: desk.ask(question.text, now=question.day))
    free = None
    if unchecked and answer.status == "not_found":
        free = unchecked.ask(question.text, now=question.day)
    return replace(record, answer=answer, unchecked=free, ask_ms=ask_ms)


def timed(call: Callable[[], Value]) -> tuple[Value, float]:
    """What `call` gives, and how many milliseconds it took."""
    started = time.perf_counter()
    value = call()
    return value, (time.perf_counter() - started) * 1000


# Comparing words


def plain(text: str) -> str:
    """SQuAD's normalisation (Rajpurkar et al. 2016): lower case, no punctuation, articles or spare spaces."""
    bare = "".join(char for char in text.lower() if char not in _PUNCTUATION)
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", bare).split())


_PUNCTUATION = frozenset(string.punctuation) | set("’‘“”–—…")
_POSSESSIVE = re.compile(r"[’']s\b")


def exact(said: str, answers: Iterable[str]) -> float:
    """1 if `said` is one of the answers, normalised."""
    return float(any(plain(said) == plain(one) for one in answers))


def f1(said: str, answers: Iterable[str]) -> float:
    """Overlap of words with the answer that it fits best, 0 to 1."""
    return max((_overlap(plain(said).split(), plain(one).split()) for one in answers), default=0.0)


def _overlap(said: list[str], answer: list[str]) -> float:
    shared = sum((Counter(said) & Counter(answer)).values())
    return 2 * shared / (len(said) + len(answer)) if shared else float(said == answer)


def contains(text: str, answers: Iterable[str]) -> float:
    """1 if one of the answers stands in the text as whole words, normalised; "Brazil’s" holds "Brazil"."""
    words = f" {plain(_POSSESSIVE.sub('', text))} "
    wanted = (plain(_POSSESSIVE.sub("", one)) for one in answers)
    return float(any(f" {one} " in words for one in wanted if one))


def bare(text: str) -> str:
    """Text without white space, as MultiHop-RAG compares facts (Tang and Yang 2024)."""
    return "".join(text.split())


# What is measured of one record: a number from 0 to 1, or None where it does not apply.


def gold_article(record: Record, k: int) -> float | None:
    """Whether a gold article is among the first k distinct articles."""
    gold = record.question.gold
    return float(bool(gold.intersection(_articles(record.ranked)[:k]))) if gold else None


def gain(record: Record, k: int = 10) -> float | None:
    """nDCG of the first k distinct articles, every gold article worth the same."""
    gold = record.question.gold
    if not gold:
        return None
    discounts = 1 / np.log2(np.arange(2, k + 2))  # (k,)
    found = [one in gold for one in _articles(record.ranked)[:k]]
    return float(discounts[: len(found)][found].sum() / discounts[: len(gold)].sum())


def average_precision(record: Record) -> float | None:
    """Mean of the precisions at the gold articles; one beyond the ranked passages counts 0."""
    gold = record.question.gold
    if not gold:
        return None
    found = np.array([one in gold for one in _articles(record.ranked)], dtype=bool)
    precisions = np.cumsum(found) / np.arange(1, len(found) + 1)
    return float(precisions[found].sum() / len(gold))


def _articles(ranked: Ranked) -> list[str]:
    return list(dict.fromkeys(article for article, _ in ranked))


def fact_hit(record: Record, k: int) -> float | None:
    """Whether some gold fact stands in one of the first k passages (MultiHop-RAG's Hits@k)."""
    first = _first_fact(record)
    return None if first is None else float(first < k)


def fact_rank(record: Record, k: int = 10) -> float | None:
    """One over the rank of the first passage with a gold fact, 0 beyond k (MultiHop-RAG's MRR@k)."""
    first = _first_fact(record)
    return None if first is None else (1 / (first + 1) if first < k else 0.0)


def _first_fact(record: Record) -> int | None:
    """Rank, from 0, of the first passage that holds a gold fact; DEPTH if none does."""
    facts = [bare(fact) for fact in record.question.facts]
    if not facts:
        return None
    texts = (bare(text) for _, text in record.ranked)
    return next((rank for rank, text in enumerate(texts) if any(fact in text for fact in facts)), DEPTH)


def facts_found(record: Record, k: int) -> float | None:
    """The share of a question's facts that stand in its first k passages."""
    facts = record.question.facts
    texts = [bare(text) for _, text in record.ranked[:k]]
    return sum(any(bare(fact) in text for text in texts) for fact in facts) / len(facts) if facts else None


def answer_found(record: Record, k: int) -> float | None:
    """Whether one of the first k passages holds the words of an answer, wherever they come from."""
    if not record.question.worded:
        return None
    return max((contains(text, record.question.answers) for _, text in record.ranked[:k]), default=0.0)


def exactly_answered(record: Record) -> float | None:
    return exact(best_value(record.answer), record.question.answers) if _worded_answer(record) else None


def overlap(record: Record) -> float | None:
    return f1(best_value(record.answer), record.question.answers) if _worded_answer(record) else None


def said(record: Record) -> float | None:
    """Whether the answer's text holds a gold answer; nothing found counts 0."""
    if not (_worded_answer(record) and record.answer):
        return None
    return _answered(record.answer) * contains(record.answer.text, record.question.answers)


def answered(record: Record) -> float | None:
    return _answered(record.answer) if record.answer and record.question.answerable else None


def refused(record: Record) -> float | None:
    return 1 - _answered(record.answer) if record.answer and not record.question.answerable else None


def kept(record: Record) -> float | None:
    """Whether an answer that is right without a threshold is also given with it."""
    free = _free(record)
    if free is None or not right(free, record.question):
        return None
    return _answered(record.answer)


def quoted(record: Record) -> float | None:
    """Of a right answer: whether a cited quote holds it."""
    answer = record.answer
    if answer is None or not right(answer, record.question):
        return None
    return max((contains(one.quote.text, record.question.answers) for one in answer.citations), default=0.0)


def fact_cited(record: Record) -> float | None:
    """Of a given answer: whether a cited quote is, holds or is part of a gold fact."""
    answer, facts = record.answer, record.question.facts
    if answer is None or not facts or answer.status != "answered":
        return None
    quotes = [bare(one.quote.text) for one in answer.citations]
    return float(any(_same(quote, bare(fact)) for quote in quotes for fact in facts))


def _same(quote: str, fact: str) -> bool:
    return fact in quote or (len(quote) >= FACT_CHARS and quote in fact)


def right(answer: Answer, question: Question) -> bool:
    """Whether the first value says a gold answer, alone or within a few words more."""
    value = best_value(answer)
    return bool(question.worded and (exact(value, question.answers) or contains(value, question.answers)))


def best_value(answer: Answer | None) -> str:
    """The words that answer, of the first finding; empty when nothing was found."""
    if answer is None or answer.status != "answered":
        return ""
    return next((span.text for finding in answer.findings for span in finding.values.values()), "")


def confidence(answer: Answer | None) -> float:
    """The best score of any value in the answer, 0 when there is none."""
    findings = answer.findings if answer else ()
    return max((span.score for finding in findings for span in finding.values.values()), default=0.0)


def _answered(answer: Answer | None) -> float:
    return float(answer is not None and answer.status == "answered")


def _worded_answer(record: Record) -> bool:
    return record.answer is not None and record.question.worded


def _free(record: Record) -> Answer | None:
    """The answer as it is without a threshold."""
    return record.unchecked or record.answer


def _nothing_refused(measure: Callable[[Record], float | None]) -> Callable[[Record], float | None]:
    """The measure of the answer without a threshold: comparable with a baseline that answers everything."""
    return lambda record: measure(replace(record, answer=_free(record)))


RETRIEVAL: dict[str, Callable[[Record], float | None]] = {
    "gold article @1": lambda record: gold_article(record, 1),
    "gold article @5": lambda record: gold_article(record, 5),
    "gold article @10": lambda record: gold_article(record, 10),
    "nDCG@10": gain,
    "MAP": average_precision,
    "fact Hits@4": lambda record: fact_hit(record, 4),
    "fact Hits@10": lambda record: fact_hit(record, 10),
    "fact MRR@10": fact_rank,
    "share of facts @4": lambda record: facts_found(record, 4),
    "share of facts @10": lambda record: facts_found(record, 10),
    "answer's words @1": lambda record: answer_found(record, 1),
    "answer's words @5": lambda record: answer_found(record, 5),
    "answer's words @20": lambda record: answer_found(record, 20),
}
ANSWERS: dict[str, Callable[[Record], float | None]] = {
    "exact": exactly_answered,
    "F1": overlap,
    "gold answer in the text": said,
    "exact, nothing refused": _nothing_refused(exactly_answered),
    "F1, nothing refused": _nothing_refused(overlap),
    "gold answer in the text, nothing refused": _nothing_refused(said),
    "answered": answered,
    "right answer's quote holds it": quoted,
    "quote holds a gold fact": fact_cited,
    "refused, of the unanswerable": refused,
    "kept, of the right answers": kept,
}


# Putting together


def summarise(records: Sequence[Record]) -> dict[str, Any]:
    """The numbers over all records, by kind, by distinct answer, the latencies, and the worst failures."""
    return {
        "questions": len(records),
        "retrieval": measures(records, RETRIEVAL),
        "answers": measures(records, ANSWERS),
        "threshold": refusal(records),
        "by_kind": {
            kind: {"questions": len(group), **measures(group, {**RETRIEVAL, **ANSWERS})}
            for kind, group in _groups(records, lambda record: record.question.kind).items()
        },
        "by_answer": _by_answer(records),
        "latency_ms": {
            "search": _latency([record.search_ms for record in records]),
            "search and reading": _latency([record.ask_ms for record in records if record.answer]),
        },
        "failures": failures(records),
    }


def measures(
    records: Sequence[Record], wanted: Mapping[str, Callable[[Record], float | None]]
) -> dict[str, dict[str, float]]:
    """Mean, interval and number of questions of every measure that applies to some record."""
    found = {}
    for name, measure in wanted.items():
        values = [value for record in records if (value := measure(record)) is not None]
        if values:
            found[name] = interval(values)
    return found


def interval(values: Sequence[float]) -> dict[str, float]:
    """The mean with its 95 % interval by bootstrap over questions; the seed is fixed, so runs compare."""
    data = np.asarray(values, dtype=float)  # (n,)
    rng = np.random.default_rng(0)
    means = np.array([data[rng.integers(0, len(data), len(data))].mean() for _ in range(RESAMPLES)])
    low, high = np.quantile(means, [(1 - CERTAINTY) / 2, (1 + CERTAINTY) / 2])
    return {"value": float(data.mean()), "low": float(low), "high": float(high), "n": len(data)}


def refusal(records: Sequence[Record]) -> dict[str, float]:
    """How well scores tell right answers from answers to unanswerable questions; empty without both.

    `auroc` is over both groups; `threshold` is the score that refuses REFUSE of the unanswerable, `kept`
    the share of right answers that it keeps.
    """
    free = [(record, answer) for record in records if (answer := _free(record)) is not None]
    good = [confidence(answer) for record, answer in free if right(answer, record.question)]
    bad = [confidence(answer) for record, answer in free if not record.question.answerable]
    if not good or not bad:
        return {}
    scores = np.array(good)[:, None], np.array(bad)[None, :]
    wins = (scores[0] > scores[1]).mean() + (scores[0] == scores[1]).mean() / 2
    threshold = float(np.quantile(bad, REFUSE))
    kept_share = float((np.array(good) > threshold).mean())
    return {
        "auroc": float(wins),
        "refused": REFUSE,
        "threshold": threshold,
        "kept": kept_share,
        "right": len(good),
        "unanswerable": len(bad),
    }


def _groups(records: Iterable[Record], key: Callable[[Record], str]) -> dict[str, list[Record]]:
    """Records by what `key` says of them; empty when it says the same of all."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    return groups if len(groups) > 1 else {}


def _by_answer(records: Sequence[Record]) -> dict[str, float]:
    """The mean over distinct gold answers, so that a frequent one does not decide; empty without answers."""
    asked = [record for record in records if _worded_answer(record)]
    groups = _groups(asked, lambda record: plain(record.question.answers[0]))
    if not groups:
        return {}
    means = {
        name: float(np.mean([np.mean([measure(record) for record in group]) for group in groups.values()]))
        for name, measure in {
            "exact": exactly_answered,
            "F1": overlap,
            "gold answer in the text": said,
        }.items()
    }
    return {"distinct answers": len(groups), **means}


def _latency(times: Sequence[float]) -> dict[str, float]:
    if not times:
        return {}
    return {"p50": float(np.median(times)), "p95": float(np.quantile(times, 0.95)), "n": len(times)}


def failures(records: Iterable[Record]) -> list[dict[str, Any]]:
    """The worst first, in the order of CAUSES, and the surest first within each."""
    causes = [(record, cause) for record in records if (cause := cause_of(record))]
    order = list(CAUSES)
    causes.sort(key=lambda pair: (order.index(pair[1]), -confidence(pair[0].answer)))
    each = max(1, WORST // len(order))
    first = [pair for name in order for pair in [one for one in causes if one[1] == name][:each]]
    return [_failure(record, cause) for record, cause in first]


CAUSES = {
    "invented": "answered a question that the articles do not answer",
    "misread": "a passage with the answer was found, something else was said",
    "not found": "no passage with the answer was found, something else was said",
    "silent": "a passage with the answer was found, nothing was said",
    "missed": "no passage with the answer was found, nothing was said",
    "not ranked": "the gold article is not among the first ten",
}


def cause_of(record: Record) -> str | None:
    """What went wrong with one question, a key of CAUSES; None if nothing did."""
    answer = record.answer
    if answer is None:
        return "not ranked" if gold_article(record, 10) == 0 or fact_hit(record, 10) == 0 else None
    if not record.question.answerable:
        return "invented" if _answered(answer) else None
    if not record.question.worded or right(answer, record.question):
        return None
    there = answer_found(record, 20)
    if _answered(answer):
        return "misread" if there else "not found"
    return "silent" if there else "missed"


def _failure(record: Record, cause: str) -> dict[str, Any]:
    question, answer = record.question, record.answer
    ranks = [rank for rank, one in enumerate(_articles(record.ranked), start=1) if one in question.gold]
    return {
        "cause": cause,
        "id": question.id,
        "question": question.text,
        "day": question.day.isoformat() if question.day else None,
        "answers": list(question.answers),
        "said": best_value(answer),
        "score": round(confidence(answer), 3),
        "quotes": [one.quote.text for one in answer.citations[:3]] if answer else [],
        "unchecked": best_value(_free(record)),
        "gold_rank": ranks[0] if ranks else None,
        "first": [article for article, _ in record.ranked[:3]],
    }


# Showing


def as_markdown(result: Mapping[str, Any]) -> str:
    """The result as tables: every number with its interval and how many questions it is over."""
    over = f"{result['articles']:,} articles, " if "articles" in result else ""
    lines = [f"{over}{result['questions']:,} questions. Intervals: 95 %, bootstrap over questions.", ""]
    lines += ["| measure | value | interval | questions |", "|---|---|---|---|"]
    for name, cell in {**result["retrieval"], **result["answers"]}.items():
        lines.append(f"| {name} | {cell['value']:.3f} | {cell['low']:.3f}–{cell['high']:.3f} | {cell['n']} |")
    for name, times in result["latency_ms"].items():
        if times:
            lines.append(
                f"| {name}, ms p50 / p95 | {times['p50']:.0f} / {times['p95']:.0f} | | {times['n']} |"
            )
    return "\n".join([*lines, *_threshold_lines(result), *_kind_lines(result), *_cause_lines(result)]) + "\n"


def _threshold_lines(result: Mapping[str, Any]) -> list[str]:
    at = result["threshold"]
    lines = []
    if at:
        lines += [
            "",
            f"Scores tell right answers ({at['right']}) from answers to unanswerable questions "
            f"({at['unanswerable']}) with AUROC {at['auroc']:.3f}; refusing {at['refused']:.0%} of the "
            f"latter (threshold {at['threshold']:.3f}) keeps {at['kept']:.1%} of the former.",
        ]
    if by := result["by_answer"]:
        lines += [
            "",
            f"Over {by['distinct answers']} distinct answers, each counted once: exact {by['exact']:.3f}, "
            f"F1 {by['F1']:.3f}, gold answer in the text {by['gold answer in the text']:.3f}.",
        ]
    return lines


def _kind_lines(result: Mapping[str, Any]) -> list[str]:
    kinds = result["by_kind"]
    names = [name for name in {**RETRIEVAL, **ANSWERS} if any(name in cells for cells in kinds.values())]
    if not kinds:
        return []
    lines = [
        "",
        "| by kind | "
        + " | ".join(f"{kind or 'other'} ({kinds[kind]['questions']})" for kind in kinds)
        + " |",
    ]
    lines.append("|---" * (len(kinds) + 1) + "|")
    for name in names:
        cells = [f"{kinds[kind][name]['value']:.3f}" if name in kinds[kind] else "" for kind in kinds]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _cause_lines(result: Mapping[str, Any]) -> list[str]:
    worst = result["failures"]
    lines = ["", "Failures to read:"] if worst else []
    for one in worst[:10]:
        gold = " / ".join(one["answers"]) or "nothing"
        brought = "" if one["cause"] == "not ranked" else f" → “{one['said']}”, expected “{gold}”"
        lines.append(f"- {one['cause']}: “{one['question']}”{brought}.")
    return lines
