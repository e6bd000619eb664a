"""Fits how far to trust what was read: `qa/models/trust.json`, two logistic regressions (`qa.answer.trust`).

    python -m training.trust --data ../shared/data --more ../shared/data2 --pairs contrast.jsonl.gz

Asks questions with known answers of stores made for it, keeps each span that was read with its features,
and fits: first which spans answer, then which values do. Stores: paragraphs of one Wikipedia article (SQuAD's
training part with its unanswerable questions), news passages with altered ones (`training.contrast`), and
RealTime QA's articles, asked the training side's questions of before SPLIT and NewsQuizQA's even rows, whose
articles are not there. What is later, and every odd row, is only reported on. Goes on where it was killed.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import qa
from qa.answer.evidence import sightings
from qa.answer.flow import plan_for
from qa.answer.retrieve import retrieve_from
from qa.answer.shelf import Shelf
from qa.answer.trust import (
    FITTED_FILE,
    WORDY_WORDS,
    Scorer,
    Support,
    crossed,
    days_meant,
    leads,
    nearness,
    value_features,
)
from qa.answer.values import group
from qa.desk import Assistant
from qa.evaluate.measures import exact, f1
from qa.types import Filters, RawArticle, Span
from training.data import quiz_split, rows

SPLIT = "2022-12-01"  # RealTime QA's questions of before are fitted on
TITLES, OF_A_TITLE = 40, 18  # Wikipedia articles; questions of each kind
PAIRS, A_STORE = 1_000, 25  # contrast rows; passages in one store
QUIZ = 200  # of RealTime QA and of NewsQuizQA
READ, SPANS = 10, 3  # passages read to the end; spans of each
RIGHT = 0.6  # F1 from which a span answers
FIRM = 0.5  # inverse strength of the penalty on weights


@dataclass(frozen=True)
class Asked:
    """A question with what was read for it: spans with features, by passage rank, score and day."""

    kind: str
    answers: tuple[str, ...]
    expects: str
    among: int
    wordy_allowed: bool
    spans: tuple[tuple[Span, dict[str, float], int, float, float, float], ...]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.trust", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--more", type=Path, required=True)
    parser.add_argument(
        "--pairs", type=Path, required=True, help="contrast rows that no reader was trained on"
    )
    parser.add_argument("--work", type=Path, default=Path(".training/trust"))
    parser.add_argument("--share", type=float, default=1.0, help="of the stores that are asked")
    parser.add_argument("--to", type=Path, default=FITTED_FILE)
    chosen = parser.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    asked = gathered(chosen.data, chosen.more, chosen.pairs, work=chosen.work, share=chosen.share)
    spans = fit_spans(asked)
    values = fit_values(asked, spans)
    report(asked, spans, values)
    stored = {"span": as_json(spans), "value": as_json(values)}
    chosen.to.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def gathered(data: Path, more: Path, pairs: Path, *, work: Path, share: float) -> list[Asked]:
    """All questions with what was read for them, from `work` where they were asked already."""
    made: list[Asked] = []
    stores = [*wikipedia(data, more), *altered(pairs), *realtime(data)]
    chosen = stores[:: max(1, round(1 / share))] if share < 1 else stores
    for number, (name, articles, questions) in enumerate(chosen):
        kept = work / f"{name}.pickle"
        if not kept.exists():
            began = time.perf_counter()
            asked = list(ask(articles, questions, data=work / "stores" / name))
            kept.write_bytes(pickle.dumps(asked))
            print(
                f"{number + 1}/{len(chosen)} {name}: {len(asked)} in {time.perf_counter() - began:.0f} s",
                flush=True,
            )
        made += pickle.loads(kept.read_bytes())
    return made


# Stores: (name, articles, questions with kind and answers)

Store = tuple[str, list[RawArticle], list[Mapping[str, Any]]]


def wikipedia(data: Path, more: Path) -> Iterator[Store]:
    """The paragraphs of an article, asked what they answer and what they do not."""
    random_ = random.Random(3)
    of_title: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(more / "squad2_train_negatives/train.jsonl.gz"):
        of_title[row["title"]].append(row)
    of_text: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(data / "squad/train.jsonl.gz"):
        of_text[row["context"]].append(row)
    titles = sorted(of_title)
    random_.shuffle(titles)
    for title in titles[:TITLES]:
        texts = sorted({row["context"] for row in of_title[title]})
        without = random_.sample(of_title[title], min(OF_A_TITLE, len(of_title[title])))
        with_ = [row for text in texts for row in of_text[text]]
        with_ = random_.sample(with_, min(OF_A_TITLE, len(with_)))
        questions = [{"question": row["question"], "answers": (), "kind": "squad-none"} for row in without]
        questions += [
            {"question": row["question"], "answers": [one["text"] for one in row["answers"]], "kind": "squad"}
            for row in with_
        ]
        named = title.replace("_", " ")
        articles = [RawArticle(f"{title}#{number}", text, title=named) for number, text in enumerate(texts)]
        yield f"wikipedia-{title[:40].replace('/', '_')}", articles, questions


def altered(pairs: Path) -> Iterator[Store]:
    """News passages, of each pair either as it was or altered, asked of what they tell and do not."""
    random_ = random.Random(5)
    of_pair: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(pairs):
        of_pair[row["pair"]].append(row)
    chosen = [random_.choice(members) for _, members in sorted(of_pair.items())]
    random_.shuffle(chosen)
    for number in range(0, min(PAIRS, len(chosen)), A_STORE):
        some = chosen[number : number + A_STORE]
        articles = [RawArticle(f"{number}#{place}", row["context"]) for place, row in enumerate(some)]
        questions = [
            {
                "question": row["question"],
                "answers": [one["text"] for one in row["answers"]],
                "kind": row["kind"].partition(":")[0] + ("" if row["answers"] else "-none"),
            }
            for row in some
        ]
        yield f"altered-{number}", articles, questions


def realtime(data: Path) -> Iterator[Store]:
    """RealTime QA's articles, asked the quiz's questions that no reader was trained on, and NewsQuizQA's."""
    articles = [
        RawArticle(
            row["id"], row["text"], title=row["title"], outlet=row["source"], published=row["published"]
        )
        for row in rows(data / "realtimeqa/articles.jsonl.gz")
    ]
    aside, _ = quiz_split(data / "realtimeqa")
    early = [row for row in aside if row["date"] < SPLIT]
    late = [row for row in aside if row["date"] >= SPLIT]
    absent = list(rows(data / "newsquizqa/questions.jsonl.gz"))
    questions = [
        {"question": row["question"], "answers": row["answers"], "kind": kind, "now": row["date"]}
        for kind, some in (("realtime", early[:QUIZ]), ("realtime-later", late[: QUIZ // 2]))
        for row in some
    ]
    questions += [
        {"question": row["question"], "answers": (), "kind": kind, "now": row.get("date")}
        for kind, some in (("quiz-none", absent[::2][:QUIZ]), ("quiz-none-later", absent[1::2][: QUIZ // 2]))
        for row in some
    ]
    yield "realtime", articles, questions


# Asking


def ask(
    articles: Sequence[RawArticle], questions: Sequence[Mapping[str, Any]], *, data: Path
) -> Iterator[Asked]:
    """What is read for each question in a store of these articles; those of several parts are left out."""
    with qa.open(data) as desk:
        if not desk.articles():
            desk.ingest([_document(one) for one in articles])
        for row in questions:
            one = read_for(row, desk)
            if one is not None:
                yield one


def read_for(row: Mapping[str, Any], desk: Assistant) -> Asked | None:
    """What is read for one question; None where it asks for sentences or several things."""
    from qa.question.asked import as_day

    engine = desk.engine
    planned = plan_for(row["question"], engine.store, now=as_day(row.get("now"), "now"), within=Filters())
    if len(planned.parts) != 1 or planned.kind not in ("fact", "list"):
        return None
    part, shelf = planned.parts[0], Shelf(engine.store)
    hits = retrieve_from(engine.store, engine.embedder, planned, shelf, k=engine.settings.candidates)
    looked = engine.reader.look(part.question, [hit.passage for hit in hits], n=SPANS, kept=READ)
    among = engine.store.size()
    rank = {hit.passage: (number, hit.score) for number, hit in reversed(list(enumerate(hits, start=1)))}
    today, meant = Filters(planned.as_of, planned.as_of), days_meant(planned)
    spans = []
    for span, features in sightings(part, looked, shelf):
        day = [shelf.day(span.passage.article_id)]
        place, score = rank[span.passage]
        spans.append(
            (span, crossed(features, among=among), place, score, nearness(today, day), nearness(meant, day))
        )
    return Asked(row["kind"], tuple(row["answers"]), part.expects, among, part.name == "why", tuple(spans))


def _document(raw: RawArticle) -> Any:
    from langchain_core.documents import Document

    told = {"source": raw.source, "title": raw.title, "outlet": raw.outlet, "published": raw.published}
    return Document(page_content=raw.text, metadata={name: value for name, value in told.items() if value})


# Fitting


def is_fitted_on(one: Asked) -> bool:
    """Whether a question is of the side that is fitted on."""
    return not one.kind.endswith("-later")


def is_right(text: str, answers: Sequence[str]) -> bool:
    """Whether a span answers: people's words, or most of them."""
    return bool(answers) and (exact(text, answers) == 1 or f1(text, answers) >= RIGHT)


def fit_spans(asked: Sequence[Asked]) -> Scorer:
    """Which spans answer. Each question counts once, its best spans the more."""
    told, labels, weights = [], [], []
    for one in filter(is_fitted_on, asked):
        best = sorted(one.spans, key=lambda each: -each[1]["margin"])[:6]
        for place, (span, features, *_) in enumerate(best):
            told.append(features)
            labels.append(is_right(span.text, one.answers))
            weights.append(1.0 / (1 + place))
    return logistic(told, labels, weights)


def fit_values(asked: Sequence[Asked], spans: Scorer) -> Scorer:
    """Which values answer, given what the spans are worth."""
    told, labels, weights = [], [], []
    for one in filter(is_fitted_on, asked):
        for place, (text, features) in enumerate(values_of(one, spans)[:4]):
            told.append(features)
            labels.append(is_right(text, one.answers))
            weights.append(1.0 / (1 + place))
    return logistic(told, labels, weights)


def values_of(one: Asked, spans: Scorer) -> list[tuple[str, dict[str, float]]]:
    """The values that were found, with their features, the likeliest span first."""
    from dataclasses import replace

    about = {}
    scored = []
    for read, features, *rest in one.spans:
        span = replace(read, score=spans(features))
        about[span.passage, span.start, span.end] = rest
        scored.append(span)
    found = []
    values = group(scored, expected=one.expects)  # type: ignore[arg-type]
    for value, lead in zip(values, leads([value.score for value in values]), strict=True):
        its = [about[span.passage, span.start, span.end] for span in value.spans]
        support = Support(
            probability=value.score,
            times=len(value.spans),
            rank=min(place for place, *_ in its),
            found=max(score for _, score, *_ in its),
            fresh=max(fresh for *_, fresh, _ in its),
            timely=max(timely for *_, timely in its),
            wordy=not one.wordy_allowed and len(value.span.text.split()) > WORDY_WORDS,
            lead=lead,
        )
        found.append((value.span.text, value_features(support, among=one.among, by_clauses=False)))
    return found


def logistic(told: Sequence[Mapping[str, float]], labels: Sequence[bool], weights: Sequence[float]) -> Scorer:
    """A regression over named features; `neutral` holds the means of what another reader does not know."""
    names = sorted({name for features in told for name in features})
    column = {name: place for place, name in enumerate(names)}
    table = np.zeros((len(told), len(names)))  # (spans, features) float64
    for row, features in enumerate(told):
        for name, value in features.items():
            table[row, column[name]] = value
    scale = np.maximum(table.std(0), 1e-3)
    fitted = LogisticRegression(C=FIRM, max_iter=2_000).fit(table / scale, labels, sample_weight=weights)
    seldom = (table != 0).sum(0) < 12
    learnt = np.where(seldom, 0.0, fitted.coef_[0] / scale)
    neutral = {name: float(table[:, column[name]].mean()) for name in UNKNOWN if name in column}
    kept = {name: round(float(learnt[place]), 4) for name, place in column.items() if learnt[place]}
    return Scorer(round(float(fitted.intercept_[0]), 4), kept, {k: round(v, 4) for k, v in neutral.items()})


UNKNOWN = ("relevance", "happened", "event_happened", "claimed")  # to readers other than the shipped one


def as_json(scorer: Scorer) -> dict[str, Any]:
    return {"intercept": scorer.intercept, "weights": dict(scorer.weights), "neutral": dict(scorer.neutral)}


# Reporting


def report(asked: Sequence[Asked], spans: Scorer, values: Scorer) -> None:
    """By kind: of the questions with an answer how many are answered rightly and given, of the others how
    many are answered, at a threshold of a half and of .35; and how well right and other first values part."""
    rows_: dict[str, list[tuple[float, bool, bool]]] = defaultdict(list)
    for one in asked:
        made = sorted(((values(features), text) for text, features in values_of(one, spans)), reverse=True)
        trust, text = made[0] if made else (0.0, "")
        rows_[one.kind].append((trust, is_right(text, one.answers), bool(one.answers)))
    print("kind                 n   right@.5 given@.5 right@.35 given@.35  first right")
    for kind, some in sorted(rows_.items()):
        n = len(some)
        cells = [
            sum(right and trust >= least for trust, right, _ in some) / n if some[0][2] else float("nan")
            for least in (0.5, 0.35)
        ]
        given = [sum(trust >= least for trust, *_ in some) / n for least in (0.5, 0.35)]
        first = sum(right for _, right, _ in some) / n
        print(f"{kind:20} {n:4} {cells[0]:8.3f} {given[0]:8.3f} {cells[1]:8.3f} {given[1]:8.3f} {first:8.3f}")
    every = [each for some in rows_.values() for each in some]
    print(
        "AUROC of right first values:",
        round(roc_auc_score([r for _, r, _ in every], [t for t, *_ in every]), 3),
    )


if __name__ == "__main__":
    main()
