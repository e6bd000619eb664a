"""Fits how far to trust what was read: `qa/models/trust.json`, two scorers (`qa.answer.trust`).

    python -m training.trust --data ../shared/data --more ../shared/data2 --pairs contrast.jsonl.gz

Asks questions with known answers of stores made for it, keeps each span that was read with its features,
and fits: first which spans answer, then which values do. Stores: paragraphs of one Wikipedia article (SQuAD's
training part with its unanswerable questions; SQuADshifts' newer Wikipedia), news passages with altered ones
(`training.contrast`), NewsQA's articles that no reader was trained on, alone and among others, half of their
questions asked where their article is not; stories of WikiEvents, asked in few words; and RealTime QA's
articles, asked questions kept aside of before SPLIT and NewsQuizQA's even rows, whose articles are not there.
Later questions, odd rows and half of NewsQA's articles are only reported on. Goes on where it was killed;
what was read is kept, for features that change.
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
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

import qa
from qa.answer.evidence import sightings
from qa.answer.flow import looked_at, plan_for
from qa.answer.retrieve import evidence_from
from qa.answer.shelf import Shelf
from qa.answer.trust import (
    FITTED_FILE,
    Scorer,
    Support,
    Tree,
    largeness,
    nearness,
    value_features,
)
from qa.answer.values import group
from qa.desk import Assistant
from qa.evaluate.measures import exact, f1, plain
from qa.models.read import Reader, Reading
from qa.question.asked import as_day
from qa.types import Filters, Passage, RawArticle, Span
from training.__main__ import SEED
from training.data import is_newsqa_dev, quiz_split, rows
from training.mixture import shown

SPLIT = "2022-12-01"  # RealTime QA's questions of before are fitted on
TITLES, OF_A_TITLE = 30, 16  # Wikipedia articles; questions of each kind
NEWER, NEWER_TEXTS = 240, 40  # questions on newer Wikipedia; paragraphs in one store
PAIRS, A_STORE = 1_500, 25  # contrast rows; passages in one store
TWICE = ("absent", "mismatch", "paraphrase", "premise")  # kinds of contrast rows that come twice as often
NEWS = 107  # questions of each NewsQA store: with 320, short questions fall below an even chance
NEWS_STORES = (12, 60, 1_000)  # their articles, the last among others
QUIZ = 200  # of RealTime QA and of NewsQuizQA
READ, SPANS = 10, 3  # passages read to the end; spans of each
EVENT_STORIES, EVENTS_ABSENT = 110, 1  # stories of WikiEvents; questions of each that it does not answer
SHORT_QUESTIONS = {  # by the beginning of the kind of event and the roles that answer
    ("Life.Die", ("victim",)): "Who was killed?",
    ("Life.Die", ("killer",)): "Who killed them?",
    ("Life.Injure", ("victim",)): "Who was injured?",
    ("Life.Die", ("place",)): "Where were people killed?",
    ("Conflict.Attack", ("attacker",)): "Who attacked?",
    ("Conflict.Attack", ("target",)): "Who or what was attacked?",
    ("Conflict.Attack", ("place",)): "Where was the attack?",
    ("Justice.ArrestJailDetain", ("detainee",)): "Who was arrested?",
    ("Justice.ArrestJailDetain", ("jailer",)): "Who made the arrest?",
    ("Justice.ChargeIndict", ("defendant",)): "Who was charged?",
    ("Justice.Sentence", ("defendant",)): "Who was sentenced?",
    ("Contact.Contact.Meet", ("participant",)): "Who met?",
}
RIGHT = 0.6  # F1 from which a span answers
MORE_WORDS = 6  # around people's words: they were asked for few, a reader may give all
LEAF = 25  # spans at least in a leaf of a tree
FIRM = 0.5  # inverse strength of the penalty on a regression's weights
SELDOM = 12  # rows
FOLDS = 5
BEST_SPANS, BEST_VALUES = 6, 4  # of a question that are fitted on


@dataclass(frozen=True)
class Asked:
    """A question with what was read for it: spans with features, by passage rank, score and day."""

    kind: str
    answers: tuple[str, ...]
    expects: str
    among: int
    spans: tuple[tuple[Span, dict[str, float], int, float, float], ...]


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
    values = fit_values(asked)
    report(asked, spans, values)
    stored = {"span": as_json(spans), "value": as_json(values)}
    chosen.to.write_text(as_text(stored), encoding="utf-8")


def as_text(stored: Mapping[str, Any]) -> str:
    """JSON, a tree a line."""
    kinds = []
    for kind, told in stored.items():
        trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in told["trees"])
        rest = json.dumps({name: value for name, value in told.items() if name != "trees"})[1:-1]
        kinds.append(f'"{kind}": {{{rest}, "trees": [\n{trees}\n]}}')
    return "{" + ",\n".join(kinds) + "}\n"


def gathered(data: Path, more: Path, pairs: Path, *, work: Path, share: float) -> list[Asked]:
    """All questions with what was read for them, from `work` where they were asked already."""
    made: list[Asked] = []
    stores = [
        *wikipedia(data, more),
        *newer(data),
        *altered(pairs),
        *newsqa(data),
        *events(more),
        *realtime(data),
    ]
    chosen = stores[:: max(1, round(1 / share))] if share < 1 else stores
    for number, (name, articles, questions) in enumerate(chosen):
        kept = work / f"{name}.pickle"
        if not kept.exists():
            began = time.perf_counter()
            asked = list(ask(articles, questions, work=work, name=name))
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
    """The paragraphs of an article, asked what they answer and what not, in questions of no reader."""
    random_ = random.Random(3)
    seen = shown(data, more, seed=SEED)
    of_title: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(more / "squad2_train_negatives/train.jsonl.gz"):
        if row["question"] not in seen:
            of_title[row["title"]].append(row)
    of_text: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(data / "squad/train.jsonl.gz"):
        if row["question"] not in seen:
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


def newer(data: Path) -> Iterator[Store]:
    """Paragraphs of newer Wikipedia articles, which no reader was trained on, asked what they answer."""
    every = list(rows(data / "squadshifts/new_wiki.jsonl.gz"))
    random.Random(9).shuffle(every)
    texts = list(dict.fromkeys(row["context"] for row in every))
    of_text: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in every:
        of_text[row["context"]].append(row)
    for number in range(0, NEWER // 2, NEWER_TEXTS):
        some = texts[number : number + NEWER_TEXTS]
        articles = [RawArticle(f"{number}#{place}", text) for place, text in enumerate(some)]
        questions = [
            {"question": row["question"], "answers": [one["text"] for one in row["answers"]], "kind": "newer"}
            for text in some
            for row in of_text[text][:2]
        ]
        yield f"newer-{number}", articles, questions


def newsqa(data: Path) -> Iterator[Store]:
    """News articles that no reader was trained on, in stores of several sizes. Their questions were asked by
    people who had seen a headline, so in words of their own; half of those asked have no article there."""
    random_ = random.Random(11)
    of_text: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(data / "newsqa/half_a.jsonl.gz"):
        if is_newsqa_dev(row) and row["answers"]:
            of_text[row["context"]].append(row)
    texts = sorted(of_text, key=lambda text: crc32(text.encode()[::-1]))
    half = len(texts) // 2
    others = [
        RawArticle(
            row["id"], row["text"], title=row["title"], outlet=row["source"], published=row["published"]
        )
        for row in rows(data / "realtimeqa/articles.jsonl.gz")
    ]
    for suffix, its in (("", texts[:half]), ("-later", texts[half:])):
        for size in NEWS_STORES:
            there = random_.sample(its, min(size, len(its) // 2))
            absent = [text for text in its if text not in set(there)]
            present = [row for text in there for row in of_text[text]]
            missing = [row for text in absent for row in of_text[text]]
            articles = [RawArticle(f"news#{place}", text) for place, text in enumerate(there)]
            articles += random_.sample(others, size - len(there)) if size > 2 * len(there) else []
            most = (NEWS if not suffix else NEWS // 2) // 2
            questions = [
                {
                    "question": row["question"],
                    "answers": [one["text"] for one in row["answers"]] if rows_ is present else (),
                    "kind": ("newsqa" if rows_ is present else "newsqa-none") + suffix,
                }
                for rows_ in (present, missing)
                for row in random_.sample(rows_, min(most, len(rows_)))
            ]
            yield f"newsqa-{size}{suffix}", articles, questions


def events(more: Path) -> Iterator[Store]:
    """News of one event each (WikiEvents, Li et al. 2021), asked in few words: "Who was arrested?"."""
    of_doc: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(more / "event_wikievents/train.events.jsonl.gz"):
        of_doc[row["doc"]].append(row)
    for name, told in sorted(of_doc.items(), key=lambda item: crc32(item[0].encode()))[:EVENT_STORIES]:
        said: dict[str, set[str]] = defaultdict(set)
        for row in told:
            for (kind, role), question in SHORT_QUESTIONS.items():
                if row["event_type"].startswith(kind):
                    said[question] |= {one["text"] for one in row["args"] if one["role"] in role}
        texts = sorted({row["context"] for row in told})
        articles = [RawArticle(f"{name}#{place}", text) for place, text in enumerate(texts)]
        every = set(SHORT_QUESTIONS.values())
        asked = [(question, tuple(sorted(words))) for question, words in sorted(said.items()) if words]
        absent = sorted(every - said.keys(), key=lambda question: crc32(f"{name}{question}".encode()))
        asked += [(question, ()) for question in absent[:EVENTS_ABSENT]]
        questions = [
            {"question": question, "answers": answers, "kind": "event" if answers else "event-none"}
            for question, answers in asked
        ]
        yield f"event-{name}", articles, questions


def altered(pairs: Path) -> Iterator[Store]:
    """News passages, of each pair either as it was or altered, asked of what they tell and do not."""
    random_ = random.Random(5)
    of_pair: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(pairs):
        of_pair[row["pair"]].append(row)
    chosen = [random_.choice(members) for _, members in sorted(of_pair.items())]
    chosen += [
        random_.choice(members)
        for _, members in sorted(of_pair.items())
        if members[0]["kind"].partition(":")[0] in TWICE
    ]
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


class Remembering:
    """A reader that keeps what it has looked at, so that the same is not read twice."""

    def __init__(self, reader: Reader, file: Path) -> None:
        self.reader, self._file = reader, file
        self._known: dict[tuple[str, tuple[str, ...]], list[Reading]] = {}
        if file.exists():
            self._known = pickle.loads(file.read_bytes())

    def look(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """As `Reader.look`, of at most READ passages to the end, SPANS spans of each."""
        key = question, tuple(passage.text for passage in passages)
        if key not in self._known:
            self._known[key] = self.reader.look(question, passages, n=SPANS, kept=READ)
        return self._known[key]

    def keep(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_bytes(pickle.dumps(self._known))


def ask(
    articles: Sequence[RawArticle], questions: Sequence[Mapping[str, Any]], *, work: Path, name: str
) -> Iterator[Asked]:
    """What is read for each question in a store of these articles; those of several parts are left out."""
    with qa.open(work / "stores" / name) as desk:
        if not desk.articles():
            desk.ingest([_document(one) for one in articles])
        reader = Remembering(desk.engine.reader, work / "looked" / f"{name}.pickle")
        for row in questions:
            one = read_for(row, desk, reader)
            if one is not None:
                yield one
        reader.keep()


def read_for(row: Mapping[str, Any], desk: Assistant, reader: Remembering) -> Asked | None:
    """What is read for one question; None where it asks for sentences or several things."""
    engine = desk.engine
    planned = plan_for(row["question"], engine.store, now=as_day(row.get("now"), "now"), within=Filters())
    if len(planned.parts) != 1 or planned.kind not in ("fact", "list"):
        return None
    part, shelf = planned.parts[0], Shelf(engine.store)
    hits = evidence_from(engine.store, engine.embedder, planned, shelf, k=looked_at(engine))
    looked = reader.look(part.question, [hit.passage for hit in hits])
    among = engine.store.size()
    rank = {hit.passage: (number, hit.score) for number, hit in reversed(list(enumerate(hits, start=1)))}
    today = Filters(planned.as_of, planned.as_of)
    spans = []
    for span, features in sightings(part, looked, shelf):
        day = [shelf.day(span.passage.article_id)]
        place, score = rank[span.passage]
        here = features | {"large": largeness(among)}
        spans.append((span, here, place, score, nearness(today, day)))
    return Asked(row["kind"], tuple(row["answers"]), part.expects, among, tuple(spans))


def _document(raw: RawArticle) -> Any:
    from langchain_core.documents import Document

    told = {"source": raw.source, "title": raw.title, "outlet": raw.outlet, "published": raw.published}
    return Document(page_content=raw.text, metadata={name: value for name, value in told.items() if value})


# Fitting


def is_fitted_on(one: Asked) -> bool:
    """Whether a question is of the side that is fitted on."""
    return not one.kind.endswith("-later")


def is_right(text: str, answers: Sequence[str]) -> bool:
    """Whether a span answers: people's words, most of them, or these with a few more around them."""
    if not answers:
        return False
    if exact(text, answers) == 1 or f1(text, answers) >= RIGHT:
        return True
    told = plain(text).split()
    return any(_holds(told, plain(answer).split(), MORE_WORDS) for answer in answers)


def _holds(told: Sequence[str], wanted: Sequence[str], more: int) -> bool:
    """Whether the words stand side by side in what is told, which has at most `more` others."""
    n = len(wanted)
    return 0 < n <= len(told) <= n + more and any(told[i : i + n] == wanted for i in range(len(told) - n + 1))


def fit_spans(asked: Sequence[Asked], *, but: int | None = None) -> Scorer:
    """Which spans answer. Each question counts once, its best spans the more. `but` leaves out a fold."""
    told, labels, weights = [], [], []
    for number, one in enumerate(asked):
        if not is_fitted_on(one) or number % FOLDS == but:
            continue
        best = sorted(one.spans, key=lambda each: -each[1]["margin"])[:BEST_SPANS]
        for place, (span, features, *_) in enumerate(best):
            told.append(features)
            labels.append(is_right(span.text, one.answers))
            weights.append(1.0 / (1 + place))
    return averaged(logistic(told, labels, weights), boosted(told, labels, weights, leaves=8, rounds=220))


def fit_values(asked: Sequence[Asked]) -> Scorer:
    """Which values answer, given what the spans are worth to a scorer that never saw their question."""
    told, labels, weights = [], [], []
    for fold in range(FOLDS):
        spans = fit_spans(asked, but=fold)
        for one in (one for one in asked[fold::FOLDS] if is_fitted_on(one)):
            for place, (text, features) in enumerate(values_of(one, spans)[:BEST_VALUES]):
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
    for value in values:
        its = [about[span.passage, span.start, span.end] for span in value.spans]
        support = Support(
            probability=value.score,
            times=len(value.spans),
            rank=min(place for place, *_ in its),
            found=max(score for _, score, *_ in its),
            fresh=max(fresh for *_, fresh in its),
        )
        found.append((value.span.text, value_features(support, among=one.among, by_clauses=False)))
    return found


def boosted(
    told: Sequence[Mapping[str, float]],
    labels: Sequence[bool],
    weights: Sequence[float],
    *,
    leaves: int,
    rounds: int,
) -> Scorer:
    """Boosted trees over named features, the clear ones held to their direction; `neutral` holds the means of
    what another reader does not know."""
    names, table = as_table(told)
    fitted = HistGradientBoostingClassifier(
        max_leaf_nodes=leaves,
        learning_rate=0.05,
        max_iter=rounds,
        min_samples_leaf=LEAF,
        l2_regularization=5.0,
        monotonic_cst=[DIRECTIONS.get(name, 0) for name in names],
        early_stopping=False,
        random_state=1,
    ).fit(table, labels, sample_weight=weights)
    trees = [_tree(stage[0].nodes, 0, names) for stage in fitted._predictors]
    neutral = {name: round(float(table[:, names.index(name)].mean()), 4) for name in UNKNOWN if name in names}
    return Scorer(round(float(fitted._baseline_prediction[0, 0]), 4), {}, trees, neutral)


def logistic(told: Sequence[Mapping[str, float]], labels: Sequence[bool], weights: Sequence[float]) -> Scorer:
    """A regression over named features, the clear ones held to their direction; what was hardly ever seen
    weighs nothing."""
    names, table = as_table(told)
    scale = np.maximum(table.std(0), 1e-3)
    scaled, wanted, counts = table / scale, np.where(labels, 1.0, -1.0), np.asarray(weights)

    def loss(at: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        """Of an intercept and weights, and its slope."""
        by = wanted * (at[0] + scaled @ at[1:])
        pull = -counts * wanted * expit(-by)
        slope = np.concatenate(([pull.sum()], scaled.T @ pull + at[1:] / FIRM))
        return float(counts @ np.logaddexp(0.0, -by) + at[1:] @ at[1:] / (2 * FIRM)), slope

    bounds = [(None, None), *(_bounds(DIRECTIONS.get(name.removesuffix("_large"), 0)) for name in names)]
    best = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    learnt = np.where((table != 0).sum(0) < SELDOM, 0.0, best[1:] / scale)
    kept = {name: round(float(weight), 4) for name, weight in zip(names, learnt, strict=True) if weight}
    return Scorer(round(float(best[0]), 4), kept, [], {})


def _bounds(direction: int) -> tuple[float | None, float | None]:
    return (0.0 if direction > 0 else None, 0.0 if direction < 0 else None)


def averaged(one: Scorer, other: Scorer) -> Scorer:
    """The mean of two in logits: a regression goes on where trees have seen nothing."""
    return Scorer(
        (one.base + other.base) / 2,
        {name: weight / 2 for name, weight in {**one.weights, **other.weights}.items()},
        [_halved(tree) for tree in (*one.trees, *other.trees)],
        {**one.neutral, **other.neutral},
    )


def _halved(tree: Tree) -> Tree:
    if isinstance(tree, list):
        name, limit, lower, higher = tree
        return [name, limit, _halved(lower), _halved(higher)]
    return tree / 2


def as_table(told: Sequence[Mapping[str, float]]) -> tuple[list[str], npt.NDArray[np.float64]]:
    """The names of the features, and a table (spans or values, features) of them."""
    names = sorted({name for features in told for name in features})
    column = {name: place for place, name in enumerate(names)}
    table = np.zeros((len(told), len(names)))
    for row, features in enumerate(told):
        for name, value in features.items():
            table[row, column[name]] = value
    return names, table


def _tree(nodes: Any, number: int, names: Sequence[str]) -> Tree:
    node = nodes[number]
    if node["is_leaf"]:
        return round(float(node["value"]), 4)
    lower, higher = (_tree(nodes, int(node[side]), names) for side in ("left", "right"))
    return [names[int(node["feature_idx"])], round(float(node["num_threshold"]), 4), lower, higher]


# What can only speak for a span or a value, and what only against it.
DIRECTIONS = {
    **dict.fromkeys(
        ("margin", "margin_gap", "relevance", "relevance_gap", "early", "sentence_words", "clause_words"), 1
    ),
    **dict.fromkeys(("span", "times", "found", "fresh", "first", "counts_asked"), 1),
    **dict.fromkeys(
        ("missing", "far_words", "alone", "wrong_kind", "other_person", "counts_other", "denied"), -1
    ),
    **dict.fromkeys(("unreal_words_sentence", "unreal_words_clause", "negating_words_clause"), -1),
}
UNKNOWN = (
    "relevance",
    "relevance_gap",
    "early",
    "happened",
    "event_happened",
    "claimed",
)  # to readers other than the shipped one


def as_json(scorer: Scorer) -> dict[str, Any]:
    return {
        "base": scorer.base,
        "weights": dict(scorer.weights),
        "neutral": dict(scorer.neutral),
        "trees": list(scorer.trees),
    }


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
