"""Public question-answering tables in, labelled examples out: question, text, and where the answer stands.

Reads gzip JSON lines as `data/README.md` describes them. Knows nothing about models or tokens.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from qa.english.sentences import sentences

NEWSQA_DEV_SHARE = 4  # one NewsQA article of four is never trained on: benchmarks/reader.py reports on it
QUIZ_DEV = 570  # RealTime QA's first questions in the order of QUIZ_SEED are never trained on
QUIZ_SEED = 5
QUIZ_HITS = 60  # passages that words find for a quiz question, among which the answer is looked for
QUIZ_ANSWERING = 2  # of them, at most so many that hold the answer are used
QUIZ_OTHERS = 4  # that lack it, beside each
QUIZ_POOL = 12  # the best hits without the answer, from which the others are drawn
QUIZ_NONE = 4  # one question of so many also over hits without the answer alone
QUIZ_WORDS = 110  # of a passage, whole sentences
AROUND = 150  # characters on both sides of an answer that are compared with the question
INDEX_HEAP = 1_000_000_000  # bytes; all of a corpus in one segment
QUOTES = "\"'“”‘’ ."
NAME = re.compile(r"(?<=\s)[A-Z][\w’'-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w’'-]+)*")
NUMBER = re.compile(r"\b\d[\d,.]*\b")


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a text. `start`, `end` are characters of `context`; None where it does not answer."""

    question: str
    context: str
    start: int | None = None
    end: int | None = None
    facts: tuple[tuple[int, int, float], ...] = ()  # predicates: characters, and whether it happened, -3 to 3
    claims: tuple[tuple[int, int], ...] | None = None  # what is only said, in characters; None if unknown

    def __post_init__(self) -> None:
        assert self.start is None or (
            self.end is not None and 0 <= self.start < self.end <= len(self.context)
        )


def rows(path: Path) -> Iterator[dict]:
    """The records of a `.jsonl.gz` table."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def is_newsqa_dev(row: dict) -> bool:
    """Whether an article is kept aside: a hash of its text decides, so that all its questions go together."""
    return crc32(row["context"].encode()) % NEWSQA_DEV_SHARE == 0


def headed(example: Example, title: str) -> Example:
    """The example under its article's title, on a line of its own, as the reader sees passages."""
    line = f"{title}\n"
    more = len(line)
    return Example(
        example.question,
        line + example.context,
        None if example.start is None else example.start + more,
        None if example.end is None else example.end + more,
        tuple((start + more, end + more, value) for start, end, value in example.facts),
        None
        if example.claims is None
        else tuple((start + more, end + more) for start, end in example.claims),
    )


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


def newsqa_windows(row: dict, *, random_: random.Random, words: int = 130) -> Iterator[Example]:
    """A stretch of the article around the answer: NewsQA asks of a whole article, the reader sees passages.

    Stretches elsewhere in the article are no negatives: many of them answer in other words.
    """
    text = row["context"]
    if not row["answers"]:
        return
    start, end = agreed(row["answers"])
    tokens = [match.start() for match in re.finditer(r"\S+", text)]
    if not tokens:
        return
    first = max(index for index, offset in enumerate(tokens) if offset <= start)
    begin = max(0, first - random_.randrange(words * 3 // 4))
    left, right = tokens[begin], tokens[min(begin + words, len(tokens) - 1)]
    if start >= left and end <= right:
        yield Example(row["question"], text[left:right], start - left, end - left)


def quiz_split(folder: Path) -> tuple[list[dict], list[dict]]:
    """(kept aside, to train on): RealTime QA's questions, always the same ones."""
    questions = list(rows(folder / "questions.jsonl.gz"))
    random.Random(QUIZ_SEED).shuffle(questions)
    return questions[:QUIZ_DEV], questions[QUIZ_DEV:]


def quiz_groups(folder: Path, *, random_: random.Random) -> tuple[list[tuple[Example, ...]], dict[str, str]]:
    """Journalists' questions, each over passages of news, and the titles of those passages.

    Nobody has marked the answers: a passage counts as answering that words find for the question, that
    belongs to an article of the question, and that holds the answer's words (distant supervision, Mintz et
    al. 2009). It comes first; behind it stand passages of other articles that words find as well and that
    lack them: often another event of the same kind.
    """
    corpus, owners, titles = [], [], []
    for row in rows(folder / "articles.jsonl.gz"):
        for text in merged_sentences(row["text"], words=QUIZ_WORDS):
            corpus.append(text)
            owners.append(row["id"])
            titles.append(row["title"] or "")
    search = LexicalIndex([f"{title}\n{text}" for title, text in zip(titles, corpus, strict=True)])
    groups: list[tuple[Example, ...]] = []
    for row in quiz_split(folder)[1]:
        question, gold = row["question"], set(row["articles"])
        pattern = re.compile(
            rf"(?<!\w){re.escape(_first(row['answers']).strip(QUOTES))}(?!\w)", re.IGNORECASE
        )
        hits = [hit for hit, _ in search(question, k=QUIZ_HITS) if question not in corpus[hit]]  # no quizzes
        answering = [hit for hit in hits if owners[hit] in gold and pattern.search(corpus[hit])]
        lacking = [hit for hit in hits if owners[hit] not in gold and not pattern.search(corpus[hit])]
        others = [Example(question, corpus[hit]) for hit in lacking[:QUIZ_POOL]]
        if len(others) < QUIZ_OTHERS:
            continue
        for hit in answering[:QUIZ_ANSWERING]:
            start, end = _nearest(pattern, corpus[hit], question)
            groups.append((Example(question, corpus[hit], start, end), *random_.sample(others, QUIZ_OTHERS)))
        if random_.random() < 1 / QUIZ_NONE:
            groups.append(tuple(random_.sample(others, QUIZ_OTHERS)))
    return groups, dict(zip(corpus, titles, strict=True))


def _first(answers: Sequence[object]) -> str:
    """The first answer of a quiz question: a string, or a record with its text."""
    return str(answers[0]["text"]) if isinstance(answers[0], dict) else str(answers[0])


def _nearest(pattern: re.Pattern[str], text: str, question: str) -> tuple[int, int]:
    """Where the pattern stands among most words of the question; the first of equals."""
    asked = set(re.findall(r"\w{4,}", question.lower()))

    def shared(spot: re.Match[str]) -> int:
        around = text[max(0, spot.start() - AROUND) : spot.end() + AROUND].lower()
        return len(asked & set(re.findall(r"\w{4,}", around)))

    return max(pattern.finditer(text), key=shared).span()


def merged_sentences(text: str, *, words: int) -> list[str]:
    """Passages of whole sentences, at most so many words each; a longer sentence stands alone."""
    passages: list[str] = []
    first, last, count = 0, 0, 0
    for start, end in sentences(text):
        more = len(text[start:end].split())
        if count and count + more > words:
            passages.append(text[first:last])
            count = 0
        first = first if count else start
        last, count = end, count + more
    return [*passages, text[first:last]] if count else passages


def agreed(answers: Sequence[dict]) -> tuple[int, int]:
    """Where the answer stands that most people gave, the first of equals."""
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
        writer = self._index.writer(INDEX_HEAP, num_threads=1)  # one segment: equals keep their order
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
