"""Puts records together: means with intervals, latencies, the worst failures, and tables to read them in.

Takes the records of one run, gives a dictionary of numbers (`summarise`) or Markdown (`as_markdown`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from qa.evaluate.measures import (
    ANSWERS,
    RETRIEVAL,
    Measure,
    Record,
    answer_found,
    best_value,
    confidence,
    exactly_answered,
    fact_hit,
    free_answer,
    given,
    gold_article,
    overlap,
    plain,
    ranked_articles,
    right,
    said,
    worded_answer,
)

RESAMPLES = 1000  # of the bootstrap behind each interval
CERTAINTY = 0.95  # of the intervals
WORST = 50  # failures kept in the result
REFUSE = 0.95  # share of unanswerable questions that the reported threshold refuses


def summarise(records: Sequence[Record]) -> dict[str, Any]:
    """The numbers over all records, by kind, by distinct answer, the latencies, and the worst failures."""
    return {
        "questions": len(records),
        "retrieval": means(records, RETRIEVAL),
        "answers": means(records, ANSWERS),
        "threshold": refusal(records),
        "by_kind": {
            kind: {"questions": len(group), **means(group, {**RETRIEVAL, **ANSWERS})}
            for kind, group in _groups(records, lambda record: record.question.kind).items()
        },
        "by_answer": _by_answer(records),
        "latency_ms": {
            "search": _latency([record.search_ms for record in records]),
            "search and reading": _latency([record.ask_ms for record in records if record.answer]),
        },
        "failures": failures(records),
    }


def means(records: Sequence[Record], wanted: Mapping[str, Measure]) -> dict[str, dict[str, float]]:
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
    free = [(record, answer) for record in records if (answer := free_answer(record)) is not None]
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
    asked = [record for record in records if worded_answer(record)]
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
        return "invented" if given(answer) else None
    if not record.question.worded or right(answer, record.question):
        return None
    there = answer_found(record, 20)
    if given(answer):
        return "misread" if there else "not found"
    return "silent" if there else "missed"


def _failure(record: Record, cause: str) -> dict[str, Any]:
    question, answer = record.question, record.answer
    ranks = [rank for rank, one in enumerate(ranked_articles(record.ranked), start=1) if one in question.gold]
    return {
        "cause": cause,
        "id": question.id,
        "question": question.text,
        "day": question.day.isoformat() if question.day else None,
        "answers": list(question.answers),
        "said": best_value(answer),
        "score": round(confidence(answer), 3),
        "quotes": [one.quote.text for one in answer.citations[:3]] if answer else [],
        "unchecked": best_value(free_answer(record)),
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
