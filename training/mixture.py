"""What the reader is shown, and in what shares: public tables in, bundles of labelled units out.

A unit is a question over the texts that are compared with one another. A bundle is what belongs into one
batch: a question and its twin that the same text does not answer. Every source is a small function;
`mixture` says how much of each goes into a part. Knows nothing about models or tokens.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from training.data import (
    Example,
    LexicalIndex,
    agreed,
    headed,
    is_newsqa_dev,
    newsqa_windows,
    quiz_groups,
    rows,
    swapped,
)

WINDOW_WORDS = (60, 125)  # of a text, as long as the passages that are read in use
TITLED = 0.5  # share of the texts with a known title that stand under it
NEAR = 0.7  # likeness from which a question without an answer is the twin of one with
GROUP = 2  # look-alikes beside the text that answers
FACT_SENTENCES = 4  # sentences whose predicates are marked, joined to a text
T = TypeVar("T")
PARTS = 2  # from the start; a third goes on with what they have left


@dataclass(frozen=True, slots=True)
class Unit:
    """A question over texts that are normalised together; `ranked`: their order is learnt as well."""

    examples: tuple[Example, ...]
    ranked: bool = False


Bundle = tuple[Unit, ...]  # stays in one batch


@dataclass(frozen=True)
class Shares:
    """How many bundles of each source a part holds, at most."""

    twins: int
    negatives: int
    positives: int
    groups: int
    quizzes: int
    roles: int
    srl: int
    attributions: int
    events: int
    tweets: int
    templates: int
    requests: int
    discourse: int
    facts: int


SHARES = (
    Shares(
        twins=5_000, negatives=1_500, positives=4_500, groups=600, quizzes=1_000, roles=6_000, srl=4_000,
        attributions=1_800, events=1_000, tweets=1_500, templates=2_000, requests=700, discourse=1_000,
        facts=6_000,
    ),
    Shares(
        twins=3_000, negatives=500, positives=2_000, groups=400, quizzes=1_000, roles=4_000, srl=1_500,
        attributions=1_000, events=500, tweets=800, templates=400, requests=500, discourse=600, facts=6_000,
    ),
    Shares(
        twins=5_000, negatives=5_000, positives=9_000, groups=500, quizzes=0, roles=2_500, srl=1_500,
        attributions=600, events=500, tweets=0, templates=300, requests=0, discourse=300, facts=3_000,
    ),
)  # fmt: skip


def mixture(data: Path, more: Path, *, seed: int, part: int, pairs: Sequence[Path] = ()) -> list[Bundle]:
    """The bundles of a part, shuffled; the same for the same files, seed and part.

    `data`, `more`: folders of the public tables. `pairs`: tables of contrast pairs, all of them in this
    part. No two parts share a question of SQuAD, RealTime QA, PolNeAR, CASIE, TweetQA or the templates; the
    roles and NewsQA are few and matter most, so every part has all of them, NewsQA in other stretches.
    The first PARTS have a half each, the next one what those have left.
    """
    shares = SHARES[part]
    random_ = random.Random(seed * 1_000 + part * 100)
    order = random.Random(seed)
    squad = [
        Example(row["question"], row["context"], *agreed(row["answers"]))
        for row in rows(data / "squad/train.jsonl.gz")
    ]
    title_of = {row["context"]: row["title"].replace("_", " ") for row in rows(data / "squad/train.jsonl.gz")}

    def share(bundles: Iterable[Bundle], name: str) -> list[Bundle]:
        """This part's share of a source."""
        every = list(bundles)
        order.shuffle(every)
        own = (
            every[part::PARTS]
            if part < PARTS
            else left_of(every, [getattr(taken, name) for taken in SHARES[:PARTS]])
        )
        return own[: getattr(shares, name)]

    negatives = list(rows(more / "squad2_train_negatives/train.jsonl.gz"))
    asked = {row["context"] for row in negatives}
    of_their_texts = [example for example in squad if example.context in asked]
    news = [
        example
        for row in rows(data / "newsqa/half_a.jsonl.gz")
        if not is_newsqa_dev(row)
        for example in newsqa_windows(row, random_=random_)
    ]
    quiz, quiz_titles = quiz_groups(data / "realtimeqa", random_=order)
    bundles = [
        *share(twins(negatives, random_=order), "twins"),
        *share(alone(lonely(negatives, random_=order)), "negatives"),
        *share(alone(cropped(one, random_=order) for one in of_their_texts), "positives"),
        *share(groups(of_their_texts[::7], sorted(asked), random_=order), "groups"),
        *share(((Unit(examples, ranked=True),) for examples in quiz), "quizzes"),
        *groups(news[part % PARTS :: PARTS], [one.context for one in news], random_=random_),
        *alone(news[1 - part % PARTS :: PARTS]),
        *alone(swapped(news, seed=seed + part)),
        *by_pair(rows(more / "roles_qasrl/train.jsonl.gz"))[: shares.roles],
        *share(alone(srl(more)), "srl"),
        *share(alone(attributions(more / "polnear")), "attributions"),
        *share(by_pair(rows(more / "event_casie/train.qa.jsonl.gz")), "events"),
        *share(alone(map(labelled, rows(more / "tweetqa/train.jsonl.gz"))), "tweets"),
        *share(by_pair(rows(more / "checklist_squad/train.jsonl.gz")), "templates"),
        *share(alone(map(labelled, rows(more / "qed_nq/dev.jsonl.gz"))), "requests"),
        *share(alone(discourse(more)), "discourse"),
        *share(alone(facts(more, [one.question for one in news], random_=order)), "facts"),
        *(bundle for table in pairs for bundle in by_pair(rows(table))),
    ]
    random_.shuffle(bundles)
    title_of |= quiz_titles
    return [titled(bundle, title_of, random_=random_) for bundle in bundles]


def shown(data: Path, more: Path, *, seed: int) -> set[str]:
    """The questions that any part shows, contrast pairs aside: what is fitted later asks others."""
    parts = (mixture(data, more, seed=seed, part=part) for part in range(len(SHARES)))
    return {one.question for part in parts for bundle in part for unit in bundle for one in unit.examples}


def left_of(every: Sequence[T], taken: Sequence[int]) -> list[T]:
    """What parts that take turns, and took so many each, have left: the first one's, then the next one's."""
    return [one for part, count in enumerate(taken) for one in every[part :: len(taken)][count:]]


def alone(examples: Iterable[Example]) -> Iterator[Bundle]:
    """Each example for itself."""
    return ((Unit((example,)),) for example in examples)


def labelled(row: dict) -> Example:
    """The example of a row: its answer that most people gave, none where it is not answered."""
    found = agreed(row["answers"]) if row["answers"] else (None, None)
    return Example(row["question"], row["context"], *found)


def by_pair(table: Iterable[dict]) -> list[Bundle]:
    """Rows of one `pair` in one bundle, at most four; each is normalised alone."""
    of_pair: dict[str, list[Example]] = defaultdict(list)
    for number, row in enumerate(table):
        if all(row["context"][one["start"] :].startswith(one["text"]) for one in row["answers"]):
            of_pair[row.get("pair") or str(number)].append(labelled(row))
    return [
        tuple(Unit((example,)) for example in members[first : first + 4])
        for members in of_pair.values()
        for first in range(0, len(members), 4)
    ]


def window(text: str, start: int, end: int, *, random_: random.Random) -> tuple[int, int]:
    """Where a stretch of WINDOW_WORDS around characters `start` to `end` begins and ends."""
    spots = [match.span() for match in re.finditer(r"\S+", text)]
    words = random_.randint(*WINDOW_WORDS)
    if len(spots) <= words:
        return 0, len(text)
    first = next(number for number, (_, right) in enumerate(spots) if right > start)
    last = next(number for number, (_, right) in enumerate(spots) if right >= end)
    spare = max(0, words - (last - first + 1))
    begin = max(0, min(first - random_.randint(0, spare), len(spots) - words))
    return spots[begin][0], spots[min(len(spots), max(begin + words, last + 1)) - 1][1]


def cropped(example: Example, *, random_: random.Random) -> Example:
    """The example in a stretch of its text."""
    left, right = window(example.context, example.start or 0, example.end or 1, random_=random_)
    return within(example, left, right)


def within(example: Example, left: int, right: int) -> Example:
    """The example over the characters `left` to `right` of its text, which hold its answer."""
    context = example.context[left:right]
    if example.start is None or example.end is None:
        return replace(example, context=context)
    return replace(example, context=context, start=example.start - left, end=example.end - left)


def twins(negatives: Iterable[dict], *, random_: random.Random) -> Iterator[Bundle]:
    """A question without an answer beside the like one that has it, over the same stretch."""
    for row in negatives:
        near = row.get("near")
        if not near or near["sim"] < NEAR:
            continue
        start, text = near["answer"]["start"], near["answer"]["text"]
        end = start + len(text)
        if row["context"][start:end] != text:
            continue
        left, right = window(row["context"], start, end, random_=random_)
        both = (
            Example(near["question"], row["context"], start, end),
            Example(row["question"], row["context"]),
        )
        yield tuple(Unit((within(one, left, right),)) for one in both)


def lonely(negatives: Iterable[dict], *, random_: random.Random) -> Iterator[Example]:
    """Questions without an answer and without a twin, over a stretch anywhere in their text."""
    for row in negatives:
        near = row.get("near")
        if near and near["sim"] >= NEAR:
            continue
        anywhere = random_.randrange(len(row["context"]))
        yield within(
            Example(row["question"], row["context"]),
            *window(row["context"], anywhere, anywhere + 1, random_=random_),
        )


def groups(examples: Sequence[Example], corpus: Sequence[str], *, random_: random.Random) -> Iterator[Bundle]:
    """A question over its text and over others of `corpus` that words find and that lack the answer."""
    search = LexicalIndex(corpus)
    for example in examples:
        answer = example.context[example.start : example.end].lower()
        hits = [corpus[row] for row, _ in search(example.question, k=GROUP * 4)]
        others = [text for text in hits if answer not in text.lower()][: GROUP * 2]
        chosen = [
            cropped(Example(example.question, text), random_=random_)
            for text in random_.sample(others, min(GROUP, len(others)))
        ]
        if chosen:
            yield (Unit((cropped(example, random_=random_), *chosen), ranked=True),)


def srl(more: Path) -> Iterator[Example]:
    """Questions about the roles of verbs and nouns; those that say "someone" or "something" are left out."""
    for name in ("qanom/train", "qasrl_gs/wikinews.dev", "qasrl_gs/wikipedia.dev"):
        for row in rows(more / f"{name}.jsonl.gz"):
            if not re.search(r"\bsome(?:one|thing|where|how)\b", row["question"]) and row["answers"]:
                yield labelled(row)


def discourse(more: Path) -> Iterator[Example]:
    """Questions about reasons, results and conditions, whose answers are clauses."""
    for row in rows(more / "qadiscourse/wikinews_train.jsonl.gz"):
        if row["answers"]:
            yield labelled({**row, "question": row["question"].replace(" _ ", " ")})


def attributions(folder: Path) -> Iterator[Example]:
    """Who says what, with what is only said marked in the text."""
    text_of = {row["id"]: row["text"] for row in rows(folder / "train.articles.jsonl.gz")}
    said: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows(folder / "train.attributions.jsonl.gz"):
        said[row["doc"]] += [(one["start"], one["start"] + len(one["text"])) for one in row["content"]]
    for row in rows(folder / "train.qa.jsonl.gz"):
        document = row["id"].removeprefix("polnear-").rsplit("-E", 1)[0]
        begin = text_of[document].find(row["context"]) if document in text_of else -1
        stop = begin + len(row["context"])
        inside = [
            (left - begin, right - begin) for left, right in said[document] if left >= begin and right <= stop
        ]
        yield replace(labelled(row), claims=tuple(inside) if begin >= 0 else None)


def facts(more: Path, questions: Sequence[str], *, random_: random.Random) -> Iterator[Example]:
    """Texts of unrelated sentences whose predicates are marked, under a question about something else."""
    marks: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for name in ("uw_factuality", "uds_it_happened", "meantime"):
        for row in rows(more / name / "train.jsonl.gz"):
            marks[row["sentence"]].append((row["start"], row["end"], row["value"]))
    order = sorted(marks)
    random_.shuffle(order)
    while order:
        chosen, order = order[:FACT_SENTENCES], order[FACT_SENTENCES:]
        text, found = "", []
        for sentence in chosen:
            text += " " * bool(text)
            found += [(start + len(text), end + len(text), value) for start, end, value in marks[sentence]]
            text += sentence
        yield Example(random_.choice(questions), text, facts=tuple(found))


def titled(bundle: Bundle, title_of: dict[str, str], *, random_: random.Random) -> Bundle:
    """Some bundles with their texts under their titles, as the reader sees passages of articles."""
    if random_.random() >= TITLED:
        return bundle
    return tuple(
        replace(
            unit,
            examples=tuple(
                headed(one, title_of[one.context]) if title_of.get(one.context) else one
                for one in unit.examples
            ),
        )
        for unit in bundle
    )
