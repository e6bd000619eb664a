"""Public question-answering tables in, labelled examples out: question, text, and where the answer stands.

Reads gzip JSON lines as `data/README.md` describes them. Knows nothing about models or tokens.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

NEWSQA_DEV_SHARE = 4  # one NewsQA article of four is never trained on: benchmarks/reader.py reports on it
POOL = 8  # lexical look-alikes fetched for a question; one of those without the answer is taken
NAME = re.compile(r"(?<=\s)[A-Z][\w’'-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w’'-]+)*")
NUMBER = re.compile(r"\b\d[\d,.]*\b")


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a text. `start`, `end` are characters of `context`; None where it does not answer."""

    question: str
    context: str
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        assert self.start is None or (
            self.end is not None and 0 <= self.start < self.end <= len(self.context)
        )


def rows(path: Path) -> Iterator[dict]:
    """The records of a `.jsonl.gz` table."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def positives(table: Iterable[dict]) -> list[tuple[str, Example]]:
    """(title, example) for each answerable row; the answer most annotators gave, the first of equals."""
    return [
        (row["title"], Example(row["question"], row["context"], *_agreed(row["answers"])))
        for row in table
        if row.get("answerable", True) and row["answers"]
    ]


def is_newsqa_dev(row: dict) -> bool:
    """Whether an article is kept aside: a hash of its text decides, so that all its questions go together."""
    return crc32(row["context"].encode()) % NEWSQA_DEV_SHARE == 0


def look_alikes(examples: Sequence[Example], *, corpus: Sequence[str], seed: int) -> list[Example]:
    """For each example the same question over a passage that words find for it but that lacks the answer.

    Passages come from `corpus` by BM25 (tantivy, stemmed). Examples without such a passage give nothing.
    """
    random_ = random.Random(seed)
    search = LexicalIndex(corpus)
    found = []
    for example in examples:
        answer = example.context[example.start : example.end].lower()
        found_rows = [row for row, _ in search(example.question, k=POOL)]
        others = [corpus[row] for row in found_rows if answer not in corpus[row].lower()]
        if others:
            found.append(Example(example.question, random_.choice(others[: POOL // 2])))
    return found


def swapped(examples: Sequence[Example], *, seed: int) -> list[Example]:
    """For each example its text under a question about somebody, some place or some number else.

    One name or number of the question is replaced by one from another question; the new one does not stand
    in the text, so the text does not answer. ("Who was killed in Paris?" over a death in Moscow.)
    """
    random_ = random.Random(seed)
    names = [name for example in examples for name in NAME.findall(example.question)]
    numbers = [number for example in examples for number in NUMBER.findall(example.question)]
    found = []
    for example in examples:
        for pattern, others in ((NUMBER, numbers), (NAME, names)):
            spots = [spot for spot in pattern.finditer(example.question) if spot.group() in example.context]
            if spots and others:
                spot, other = random_.choice(spots), random_.choice(others)
                if other.lower() not in example.context.lower():
                    question = example.question[: spot.start()] + other + example.question[spot.end() :]
                    found.append(Example(question, example.context))
                break
    return found


def mixture(data: Path, *, seed: int) -> list[Example]:
    """The examples of a training run, shuffled. The same for the same data and seed.

    Answerable: SQuAD, QAMR (news and encyclopaedia sentences), SQuADShifts (new Wikipedia, Reddit), NewsQA
    without its kept-aside articles. Unanswerable: look-alikes and swapped questions of SQuAD.
    """
    random_ = random.Random(seed)
    squad = [example for _, example in positives(rows(data / "squad/train.jsonl.gz"))]
    random_.shuffle(squad)
    corpus = sorted({example.context for example in squad})
    qamr = [
        example for part in ("dev", "test") for _, example in positives(rows(data / f"qamr/{part}.jsonl.gz"))
    ]
    wiki = [example for _, example in positives(rows(data / "squadshifts/new_wiki.jsonl.gz"))]
    reddit = [example for _, example in positives(rows(data / "squadshifts/reddit.jsonl.gz"))]
    news = [
        example
        for row in rows(data / "newsqa/half_a.jsonl.gz")
        if not is_newsqa_dev(row)
        for example in newsqa_windows(row, random_=random_)
    ]
    examples = [
        *squad[:62_000],
        *random_.sample(qamr, 9_000),
        *wiki,
        *random_.sample(reddit, 4_000),
        *news,
        *look_alikes(squad[:26_000], corpus=corpus, seed=seed),
        *swapped(squad[26_000:52_000], seed=seed)[:12_000],
    ]
    random_.shuffle(examples)
    return examples


def newsqa_windows(row: dict, *, random_: random.Random, words: int = 130) -> Iterator[Example]:
    """A stretch of the article around the answer, and one stretch elsewhere in it, without the answer.

    NewsQA asks of a whole article; the reader sees passages.
    """
    text = row["context"]
    if not row["answers"]:
        return
    start, end = _agreed(row["answers"])
    tokens = [match.start() for match in re.finditer(r"\S+", text)]
    if not tokens:
        return
    first = max(index for index, offset in enumerate(tokens) if offset <= start)
    begin = max(0, first - random_.randrange(words * 3 // 4))
    left, right = tokens[begin], tokens[min(begin + words, len(tokens) - 1)]
    if start >= left and end <= right:
        yield Example(row["question"], text[left:right], start - left, end - left)
    answer = text[start:end].lower()
    others = [tokens[index : index + words] for index in range(0, len(tokens) - words // 2, words)]
    away = [text[chunk[0] : chunk[-1]] for chunk in others if chunk[-1] < left or chunk[0] > right]
    away = [stretch for stretch in away if answer not in stretch.lower()]
    if away:
        yield Example(row["question"], random_.choice(away))


def _agreed(answers: Sequence[dict]) -> tuple[int, int]:
    votes: dict[tuple[int, int], int] = defaultdict(int)
    for answer in answers:
        votes[answer["start"], answer["start"] + len(answer["text"])] += 1
    return max(votes, key=lambda span: votes[span])


class LexicalIndex:
    """BM25 over texts in memory (tantivy, stemmed): call it with a question."""

    def __init__(self, corpus: Sequence[str]) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=False, tokenizer_name="en_stem")
        builder.add_integer_field("row", stored=True)
        self._index = tantivy.Index(builder.build())
        writer = self._index.writer()
        for number, text in enumerate(corpus):
            writer.add_document(tantivy.Document(text=text, row=number))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def __call__(self, question: str, *, k: int) -> list[tuple[int, float]]:
        """(row of the corpus, score), best first; empty for a question without words."""
        words = " ".join(re.findall(r"\w+", question)).lower()
        if not words:
            return []
        query = self._index.parse_query(words, ["text"])
        found = self._searcher.search(query, k).hits
        return [(self._searcher.doc(address)["row"][0], score) for score, address in found]
