"""Public question-answering tables in, labelled examples out: question, text, and where the answer stands.

Reads gzip JSON lines as `data/README.md` describes them. Knows nothing about models or tokens.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from qa.english.sentences import sentences
from qa.english.words import STOP_WORDS

PARTS = 6  # of a mixture, each enough for a stage of some 75 minutes
NEWSQA_DEV_SHARE = 4  # one NewsQA article of four is never trained on: benchmarks/reader.py reports on it
TITLED = 0.5  # share of the units whose texts stand under their article's title
POOL = 8  # lexical look-alikes fetched for a question; one of those without the answer is taken
QUIZ_DEV = 570  # RealTime QA's first questions in the order of QUIZ_SEED are never trained on
QUIZ_SEED = 5
QUIZ_HITS = 60  # passages that words find for a quiz question, among which the answer is looked for
QUIZ_ANSWERING = 3  # of them, at most so many that hold the answer are used
QUIZ_OTHERS = 2  # that lack it, beside each
QUIZ_POOL = 12  # the best hits without the answer, from which the others are drawn
QUIZ_NONE = 4  # one question of so many also over hits without the answer alone
QUIZ_WORDS = 110  # of a passage, whole sentences
AROUND = 150  # characters on both sides of an answer that are compared with the question
INDEX_HEAP = 1_000_000_000  # bytes; all of a corpus in one segment
REWORDED = 0.4  # of the questions over one text, beside them with a word changed
NEGATED = 0.1  # of those, with a "not" instead
HELPER = re.compile(r"\b(?:did|do|does|is|are|was|were|can|could|has|have|had|will|would|should)\b")
PLAIN = re.compile(r"\b[a-z]{4,}\b")
QUOTES = "\"'“”‘’ ."
NAME = re.compile(r"(?<=\s)[A-Z][\w’'-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w’'-]+)*")
NUMBER = re.compile(r"\b\d[\d,.]*\b")
OPPOSITES = (
    "first last", "before after", "above below", "more less", "most least", "highest lowest",
    "largest smallest", "biggest smallest", "higher lower", "increase decrease", "increased decreased",
    "increasing decreasing", "began ended", "begin end", "start stop", "started stopped", "won lost",
    "win lose", "northern southern", "north south", "eastern western", "east west", "oldest youngest",
    "older younger", "early late", "old new", "male female", "men women", "legal illegal", "public private",
    "allowed forbidden", "accepted rejected", "support oppose", "supported opposed", "agree disagree",
    "agreed disagreed", "open close", "opened closed", "included excluded", "joined left", "strong weak",
    "rich poor", "common rare", "maximum minimum", "success failure", "buy sell", "bought sold",
    "advantage disadvantage", "can cannot",
)  # fmt: skip
NO_NAME = re.compile(
    r"(?:a|after|an|and|as|at|but|by|for|he|his|i|if|in|its?|many|on|one|she|some|the|they|this|when)\b",
    re.IGNORECASE,
)


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


Unit = tuple[Example, ...]  # one question over the texts that are normalised together


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


def look_alikes(examples: Sequence[Example], *, corpus: Sequence[str], seed: int) -> list[Unit]:
    """For each example itself, beside its question over a passage that words find but that lacks the answer.

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
            found.append((example, Example(example.question, random_.choice(others[: POOL // 2]))))
    return found


def headed(example: Example, title: str) -> Example:
    """The example under its article's title, on a line of its own, as the reader sees passages."""
    line = f"{title}\n"
    if example.start is None or example.end is None:
        return Example(example.question, line + example.context)
    return Example(
        example.question, line + example.context, example.start + len(line), example.end + len(line)
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


def altered(examples: Sequence[Example], *, seed: int) -> list[Example]:
    """For each example its text under its question with one detail changed, so that it no longer answers.

    A name or number of the question becomes another one of the same text, or a word its opposite: kinds of
    unanswerable questions in Rajpurkar et al. 2018. Nothing for a question without such a detail.
    """
    random_ = random.Random(seed)
    opposite = {}
    for pair in OPPOSITES:
        one, other = pair.split()
        opposite.setdefault(one, other)
        opposite.setdefault(other, one)
    word = re.compile(rf"\b(?:{'|'.join(map(re.escape, opposite))})\b")
    found = []
    for example in examples:
        question, text = example.question, example.context
        answer = text[example.start : example.end]
        changes: list[tuple[int, int, str]] = []
        for pattern in (NAME, NUMBER):
            inside = {
                one
                for one in pattern.findall(text)
                if one not in question and one not in answer and answer not in one and not NO_NAME.match(one)
            }
            for spot in pattern.finditer(question):
                if spot.group() in text and inside:
                    changes.append((*spot.span(), random_.choice(sorted(inside))))
        changes += [(*spot.span(), opposite[spot.group()]) for spot in word.finditer(question)]
        if changes:
            start, end, other = random_.choice(changes)
            found.append(Example(question[:start] + other + question[end:], text))
    return found


def reworded(
    examples: Sequence[Example], *, related: Callable[[str], Sequence[str]], seed: int
) -> list[Example]:
    """For each example its text under its question with one plain word changed, so that it no longer answers.

    "What did they sign?" becomes "What did they join?", or "What did they not sign?". `related` gives what
    could stand in a word's place. Nothing for a question without such a word. A few of the made questions
    are answered all the same; no one has read them.
    """
    random_ = random.Random(seed)
    found = []
    for example in examples:
        question = example.question
        plain = [spot for spot in PLAIN.finditer(question) if spot.group() not in STOP_WORDS]
        spots = [spot for spot in plain if related(spot.group())]
        helper = HELPER.search(question)
        if helper and random_.random() < NEGATED:
            changed = f"{question[: helper.end()]} not{question[helper.end() :]}"
        elif spots:
            spot = random_.choice(spots)
            other = random_.choice(related(spot.group()))
            changed = question[: spot.start()] + other + question[spot.end() :]
        else:
            continue
        found.append(Example(changed, example.context))
    return found


def mixture(
    data: Path, *, seed: int, part: int, related: Callable[[str], Sequence[str]] | None = None
) -> list[Unit]:
    """The units of one stage, shuffled. The same for the same data, seed and `part`.

    A unit is a question over one text, or over one that answers and one that does not, normalised together.
    Answerable: SQuAD, QAMR (news and encyclopaedia sentences), SQuADShifts (new Wikipedia), NewsQA without
    its kept-aside articles, RealTime QA without its kept-aside questions. Unanswerable: look-alikes beside
    their answerable ones, swapped questions, and altered ones, whose originals are there as well. Every
    part holds its own share of SQuAD, QAMR and SQuADShifts and all of NewsQA, in other stretches; the first
    one RealTime QA's questions.
    With `related`, reworded questions as well.
    """
    random_ = random.Random(seed)
    titled = positives(rows(data / "squad/train.jsonl.gz"))
    title_of = {example.context: title.replace("_", " ") for title, example in titled}
    squad = [example for _, example in titled]
    random_.shuffle(squad)
    qamr = [
        example for part in ("dev", "test") for _, example in positives(rows(data / f"qamr/{part}.jsonl.gz"))
    ]
    random_.shuffle(qamr)
    wiki = [example for _, example in positives(rows(data / "squadshifts/new_wiki.jsonl.gz"))]
    random_.shuffle(wiki)
    random_ = random.Random(seed * 1_000 + part * 100)
    news = [
        example
        for row in rows(data / "newsqa/half_a.jsonl.gz")
        if not is_newsqa_dev(row)
        for example in newsqa_windows(row, random_=random_)
    ]
    pairs, kept, alone = (len(squad) * tenths // 10 for tenths in (4, 6, 9))
    units: list[Unit] = [
        *look_alikes(squad[:pairs], corpus=sorted(title_of), seed=seed),
        *((example,) for example in squad[pairs:alone]),
        *((example,) for example in altered(squad[kept:alone], seed=seed)),
        *((example,) for example in swapped(squad[alone:], seed=seed)),
        *((example,) for example in qamr[: len(squad) // 3]),
        *((example,) for example in wiki),
    ]
    random_.shuffle(units)
    quiz: list[Unit] = []
    if part == 0:  # seen again in every part, answers are learnt by heart
        quiz, quiz_title_of = quiz_units(data / "realtimeqa", random_=random_)
        title_of |= quiz_title_of
    # NewsQA is little and matters most: all of it in every part.
    news_units = look_alikes(news, corpus=[one.context for one in news], seed=seed)
    shared = units[part::PARTS]
    mixed = shared + news_units + quiz
    if related is not None:
        single = [unit[0] for unit in shared if len(unit) == 1 and unit[0].start is not None]
        chosen = single[: int(len(single) * REWORDED)]
        mixed += [(example,) for example in reworded(chosen, related=related, seed=seed)]
    random_.shuffle(mixed)
    return [
        tuple(
            headed(example, title_of[example.context])
            if under_title and example.context in title_of
            else example
            for example in unit
        )
        for unit in mixed
        for under_title in (random_.random() < TITLED,)
    ]


def newsqa_windows(row: dict, *, random_: random.Random, words: int = 130) -> Iterator[Example]:
    """A stretch of the article around the answer: NewsQA asks of a whole article, the reader sees passages.

    Stretches elsewhere in the article are no negatives: many of them answer in other words.
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


def quiz_split(folder: Path) -> tuple[list[dict], list[dict]]:
    """(kept aside, to train on): RealTime QA's questions, always the same ones."""
    questions = list(rows(folder / "questions.jsonl.gz"))
    random.Random(QUIZ_SEED).shuffle(questions)
    return questions[:QUIZ_DEV], questions[QUIZ_DEV:]


def quiz_units(folder: Path, *, random_: random.Random) -> tuple[list[Unit], dict[str, str]]:
    """Journalists' questions over passages of news, and the titles of those passages.

    Nobody has marked the answers: a passage counts as answering that words find for the question, that
    belongs to an article of the question, and that holds the answer's words (distant supervision, Mintz et
    al. 2009). Beside it stand passages of other articles that words find as well and that lack them: often
    another event of the same kind.
    """
    corpus, owners, titles = [], [], []
    for row in rows(folder / "articles.jsonl.gz"):
        for text in merged_sentences(row["text"], words=QUIZ_WORDS):
            corpus.append(text)
            owners.append(row["id"])
            titles.append(row["title"] or "")
    search = LexicalIndex([f"{title}\n{text}" for title, text in zip(titles, corpus, strict=True)])
    units: list[Unit] = []
    for row in quiz_split(folder)[1]:
        question, gold = row["question"], set(row["articles"])
        pattern = re.compile(rf"(?<!\w){re.escape(row['answers'][0].strip(QUOTES))}(?!\w)", re.IGNORECASE)
        hits = [hit for hit, _ in search(question, k=QUIZ_HITS) if question not in corpus[hit]]  # no quizzes
        answering = [hit for hit in hits if owners[hit] in gold and pattern.search(corpus[hit])]
        lacking = [hit for hit in hits if owners[hit] not in gold and not pattern.search(corpus[hit])]
        others = [Example(question, corpus[hit]) for hit in lacking[:QUIZ_POOL]]
        if len(others) < QUIZ_OTHERS:
            continue
        for hit in answering[:QUIZ_ANSWERING]:
            start, end = _nearest(pattern, corpus[hit], question)
            beside = random_.sample(others, QUIZ_OTHERS)
            units.append((Example(question, corpus[hit], start, end), *beside))
        if random_.random() < 1 / QUIZ_NONE:
            units.append(tuple(random_.sample(others, QUIZ_OTHERS)))
    return units, dict(zip(corpus, titles, strict=True))


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
