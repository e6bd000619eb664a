"""Public tables in, pairs of texts out that should be found by each other: what the embedder learns from.

A question and its paragraph, a headline and a passage below it, neighbouring passages, a sentence and the
passage it was taken from, a claim and its evidence. Nothing of the sets that search is measured on: no
article and no question of RealTime QA, MultiHop-RAG or TIME. Knows nothing about models.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from training.data import is_newsqa_dev, merged_sentences, newsqa_windows, rows

PASSAGE_WORDS = 110  # as the product cuts
LEAST_WORDS = 12  # a shorter passage says too little to be found by anything
TITLED = 0.5  # share of the paragraphs that stand under their title, as passages are indexed
QUERY_CHARS, TEXT_CHARS = 300, 700  # longer texts are cut: their beginning tells what they are about


@dataclass(frozen=True, slots=True)
class Pair:
    """`query` should find `text`. Pairs of one `group` tell of the same thing: they are each other's
    hardest competitors where `text` differs, and never taken into one batch where it is the same.
    """

    query: str
    text: str
    group: str


def pairs(data: Path, more: Path | None, *, seed: int) -> list[Pair]:
    """All pairs, those of one group together, groups in a random order. The same for the same data and seed.

    `data`: the public tables; `more`: the second folder of them, whose claims and headlines are used too.
    """
    random_ = random.Random(seed)
    found = [
        *_questions(data / "squad/train.jsonl.gz", random_),
        *_questions(data / "squadshifts/new_wiki.jsonl.gz", random_),
        *_questions(data / "squadshifts/reddit.jsonl.gz", random_),
        *_questions(data / "squadshifts/amazon_reviews.jsonl.gz", random_),
        *_of_newsqa(data / "newsqa/half_a.jsonl.gz", random_),
        *_of_articles(rows(data / "bbc/articles.jsonl.gz"), random_),
        *_of_articles(rows(data / "news_clusters/articles.jsonl.gz"), random_),
    ]
    if more:
        found += [
            *_questions(more / "qed_nq/dev.jsonl.gz", random_),
            *_questions(more / "tweetqa/train.jsonl.gz", random_),
            *_claims(more / "fnc1/train.jsonl.gz", {"entailed", "contradicted", "reported_not_confirmed"}),
            *_claims(more / "fever_pairs/dev.jsonl.gz", {"entailed", "contradicted"}),
            *_claims(more / "msrp/train.jsonl.gz", {"paraphrase"}),
        ]
    groups: dict[str, list[Pair]] = {}
    for pair in dict.fromkeys(found):
        groups.setdefault(pair.group, []).append(pair)
    order = sorted(groups)
    random_.shuffle(order)
    return [pair for group in order for pair in groups[group]]


def _questions(table: Path, random_: random.Random) -> Iterator[Pair]:
    """Each question and its paragraph, and once a paragraph one of its sentences and the rest."""
    known = set()
    for row in rows(table):
        title, text = row["title"].replace("_", " ") if row.get("title") else "", row["context"]
        group = f"{table.parent.name}:{title}" if title else f"{table.parent.name}:{text}"
        under = f"{title}\n{text}" if title and random_.random() < TITLED else text
        yield _pair(row["question"], under, group)
        if text not in known:
            known.add(text)
            yield from _cloze(text, group, random_)


def _of_newsqa(table: Path, random_: random.Random) -> Iterator[Pair]:
    """Questions and what answers them, and the stories' own pairs; what is kept aside stays out."""
    known = set()
    for row in rows(table):
        if is_newsqa_dev(row):
            continue
        text = row["context"]
        for window in newsqa_windows(row, random_=random_):
            yield _pair(row["question"], window.context, f"newsqa:{text[:80]}")
        if text not in known:
            known.add(text)
            yield from _story("", text, f"newsqa:{text[:80]}", random_)


def _of_articles(table: Iterable[dict[str, Any]], random_: random.Random) -> Iterator[Pair]:
    for row in table:
        group = f"article:{row.get('cluster') or row['id']}"
        yield from _story(row.get("title") or "", row["text"], group, random_)


def _story(title: str, text: str, group: str, random_: random.Random) -> Iterator[Pair]:
    """Headline and each passage; a passage and the next; a sentence and the passage it was taken from."""
    passages = [one for one in merged_sentences(text, words=PASSAGE_WORDS) if _is_long(one)]
    for passage in passages:
        if title:
            yield _pair(title, passage, group)
        yield from _cloze(passage, group, random_, title=title)
    for one, other in pairwise(passages):
        yield _pair(one, other, group)


def _cloze(text: str, group: str, random_: random.Random, *, title: str = "") -> Iterator[Pair]:
    """A sentence of the text asks for the others (inverse cloze task, Lee et al. 2019)."""
    parts = merged_sentences(text, words=1)
    if len(parts) < 3:
        return
    taken = random_.randrange(len(parts))
    rest = " ".join(part for number, part in enumerate(parts) if number != taken)
    if _is_long(parts[taken], 6) and _is_long(rest):
        yield _pair(parts[taken], f"{title}\n{rest}" if title and random_.random() < TITLED else rest, group)


def _claims(table: Path, labels: Iterable[str]) -> Iterator[Pair]:
    for row in rows(table):
        if row["label"] in labels and _is_long(row["premise"]):
            yield _pair(row["hypothesis"], row["premise"], f"{table.parent.name}:{row['premise'][:80]}")


def _pair(query: str, text: str, group: str) -> Pair:
    return Pair(query[:QUERY_CHARS], text[:TEXT_CHARS], group)


def _is_long(text: str, words: int = LEAST_WORDS) -> bool:
    return len(text.split()) >= words


def batches(found: Sequence[Pair], *, size: int, together: int, seed: int) -> Iterator[list[Pair]]:
    """Batches of `size`, in which no query and no text occurs twice; a last, smaller one is left out.

    Up to `together` pairs of one group stand in one batch, so that each has competitors about its own
    subject. A pair that does not fit into the current batch waits for the next.
    """
    random_ = random.Random(seed)
    groups: dict[str, list[Pair]] = {}
    for pair in found:
        groups.setdefault(pair.group, []).append(pair)
    stretches = []
    for group in groups.values():
        random_.shuffle(group)
        stretches += [group[first : first + together] for first in range(0, len(group), together)]
    random_.shuffle(stretches)
    waiting: list[Pair] = [pair for stretch in stretches for pair in stretch]
    while len(waiting) >= size:
        batch: list[Pair] = []
        seen: set[str] = set()
        later: list[Pair] = []
        for number, pair in enumerate(waiting):
            if pair.query in seen or pair.text in seen:
                later.append(pair)
            else:
                seen |= {pair.query, pair.text}
                batch.append(pair)
            if len(batch) == size:
                waiting = later + waiting[number + 1 :]
                break
        else:
            return
        yield batch
