"""What is measured of one question: each measure a number from 0 to 1, or None where it does not apply.

Takes records (a question, what search ranked, what was answered); RETRIEVAL and ANSWERS name them all.
Knows nothing of files, desks or tables.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from qa.types import Answer

Ranked = tuple[tuple[str, str], ...]  # (article id, passage text), best first

DEPTH = 50  # passages ranked for one question; MAP looks no deeper
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


Measure = Callable[[Record], float | None]


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


# Measures


def gold_article(record: Record, k: int) -> float | None:
    """Whether a gold article is among the first k distinct articles."""
    gold = record.question.gold
    return float(bool(gold.intersection(ranked_articles(record.ranked)[:k]))) if gold else None


def gain(record: Record, k: int = 10) -> float | None:
    """nDCG of the first k distinct articles, every gold article worth the same."""
    gold = record.question.gold
    if not gold:
        return None
    discounts = 1 / np.log2(np.arange(2, k + 2))  # (k,)
    found = [one in gold for one in ranked_articles(record.ranked)[:k]]
    return float(discounts[: len(found)][found].sum() / discounts[: len(gold)].sum())


def average_precision(record: Record) -> float | None:
    """Mean of the precisions at the gold articles; one beyond the ranked passages counts 0."""
    gold = record.question.gold
    if not gold:
        return None
    found = np.array([one in gold for one in ranked_articles(record.ranked)], dtype=bool)
    precisions = np.cumsum(found) / np.arange(1, len(found) + 1)
    return float(precisions[found].sum() / len(gold))


def ranked_articles(ranked: Ranked) -> list[str]:
    """Ids of the articles by their best passage, each once."""
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
    return exact(best_value(record.answer), record.question.answers) if worded_answer(record) else None


def overlap(record: Record) -> float | None:
    return f1(best_value(record.answer), record.question.answers) if worded_answer(record) else None


def said(record: Record) -> float | None:
    """Whether the answer's text holds a gold answer; nothing found counts 0."""
    if not (worded_answer(record) and record.answer):
        return None
    return given(record.answer) * contains(record.answer.text, record.question.answers)


def answered(record: Record) -> float | None:
    return given(record.answer) if record.answer and record.question.answerable else None


def refused(record: Record) -> float | None:
    return 1 - given(record.answer) if record.answer and not record.question.answerable else None


def kept(record: Record) -> float | None:
    """Whether an answer that is right without a threshold is also given with it."""
    free = free_answer(record)
    if free is None or not right(free, record.question):
        return None
    return given(record.answer)


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


def given(answer: Answer | None) -> float:
    """1 if something was answered, 0 if it was refused."""
    return float(answer is not None and answer.status == "answered")


def worded_answer(record: Record) -> bool:
    """Whether it was asked, not only searched for, and its answer is words."""
    return record.answer is not None and record.question.worded


def free_answer(record: Record) -> Answer | None:
    """The answer as it is without a threshold."""
    return record.unchecked or record.answer


def _nothing_refused(measure: Measure) -> Measure:
    """The measure of the answer without a threshold: comparable with a baseline that answers everything."""
    return lambda record: measure(replace(record, answer=free_answer(record)))


RETRIEVAL: dict[str, Measure] = {
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
ANSWERS: dict[str, Measure] = {
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
