"""Contrast rows from real news: what happened beside what did not, who did it beside whom it befell.

`python -m training.contrast --data ../shared/data --data2 ../shared/data2 --out FOLDER` writes
`contrast.jsonl.gz`. Each row: {id, question, context, answers: [{text, start}], answerable, kind, pair}, and
`tempting` (a span of the context that must not be given) where nothing answers. `pair` groups a passage with its
altered ones. Sentences come from articles of the training side only; nothing here is asked by hand.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from training.asking import (
    Asked,
    ask,
    ask_adverbial,
    ask_far,
    bare,
    roughened,
    sentence_case,
    wh,
)
from training.clauses import (
    GROUP_NOUNS,
    PAST_ONLY,
    WEEKDAY,
    Clause,
    Phrase,
    Sentence,
    analyse,
    clause,
    inflect,
    is_prose,
    model,
    relabelled,
    unreal,
)
from training.wordings import (
    BESIDE,
    BORNE_OUT,
    CONDITIONS,
    CONVERSE_AGENT,
    CULPABLE,
    DAYS,
    FACTUAL,
    SAME_AS,
    SOURCES,
    SYMMETRIC,
    PLURAL_SOURCES,
    TABLES,
    UNPLANNED,
    VERBS,
    Wording,
)

SEED = 7
MIN_WORDS, MAX_WORDS = 40, 130  # of a passage, as the reader sees them
PARAGRAPHS = 14  # of an article that are read: what is new stands above
HELD_OUT_FROM = "2023-01-01"  # later RealTime QA articles are kept for measuring
SHARED_WORDS = 8  # a sentence of so many words that a kept-aside set has as well is left out
FAR = 0.5  # share of questions worded far from the text
BESIDE_SHARE = 0.2  # of undone facts stand in their real sentence, with another one beside it
IN_PLACE = 0.3  # of negated and hedged sentences stay whole but for the verb
UNITS = {  # how many passages are altered for each kind
    "unreal": 520, "negated": 320, "denied": 320, "hedged": 300, "conditional": 240, "planned": 240, "cancelled": 260,
    "staged": 260, "roles": 420, "no_agent": 220, "counts": 160, "number": 200, "premise": 480, "mismatch": 280, "absent": 300,
    "paraphrase": 560,
}  # fmt: skip
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Article:
    """The sentences of an article that read like prose, and their plain clauses by index."""

    id: str
    sentences: tuple[Sentence, ...]
    clauses: dict[int, Clause]
    unreal: dict[int, tuple[Clause, str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring sentences; the one at `target` is what altered passages exchange."""

    texts: tuple[str, ...]
    breaks: tuple[str, ...]  # what stands before each text
    target: int

    def text(self, other: str | None = None) -> tuple[str, int]:
        """(passage, where the target starts), with `other` in the target's place if given."""
        out, start = "", 0
        for index, text in enumerate(self.texts):
            out += self.breaks[index] if index else ""
            if index == self.target:
                start = len(out)
                text = text if other is None else other
            out += text
        return out, start


    def beside(self, more: str, *, before: bool) -> Passage:
        """The passage with a further sentence before or after the target."""
        at = self.target if before else self.target + 1
        texts = (*self.texts[:at], more, *self.texts[at:])
        lead = self.breaks[self.target] if before else " "
        breaks = (*self.breaks[:at], lead, *self.breaks[at:])
        if before:
            breaks = (*breaks[: at + 1], " ", *breaks[at + 2 :])
        return Passage(texts, breaks, self.target + before)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the whole collection, by label: those that a corpus of news has more than once."""

    by_label: dict[str, tuple[str, ...]]

    def draw(self, label: str, *, random_: random.Random, outside: str = "") -> str:
        """A name that does not stand in `outside`."""
        while True:
            found = random_.choice(self.by_label[label])
            if not any(part in outside for part in found.split() if len(part) > 3):
                return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.contrast", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public tables")
    parser.add_argument("--data2", type=Path, required=True, help="folder of the second set of tables")
    parser.add_argument("--out", type=Path, required=True, help="where contrast.jsonl.gz goes")
    parser.add_argument("--articles", type=int, default=3000, help="how many articles are parsed")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    nlp = model()
    texts = article_texts(options.data, options.data2, limit=options.articles, seed=options.seed)
    kept_aside = kept_aside_sentences(options.data)
    articles = parsed_articles(texts, nlp=nlp, kept_aside=kept_aside)
    made = contrast_rows(articles, seed=options.seed)
    write(made, options.out / "contrast.jsonl.gz")
    for kind, count in sorted(Counter(str(row["kind"]) for row in made).items()):
        print(f"{count:6}  {kind}")
    answerable = sum(bool(row["answerable"]) for row in made)
    print(f"{len(made):6}  rows, {answerable} of them answerable, in {options.out / 'contrast.jsonl.gz'}")


def article_texts(data: Path, data2: Path, *, limit: int, seed: int) -> list[tuple[str, list[str]]]:
    """(id, paragraphs) of articles of the training side, shuffled; SystemExit that names a missing table."""
    tables = {
        "realtimeqa": data / "realtimeqa/articles.jsonl.gz",
        "bbc": data / "bbc/articles.jsonl.gz",
        "clusters": data / "news_clusters/articles.jsonl.gz",
        "polnear": data2 / "polnear/train.articles.jsonl.gz",
    }
    shares = {"realtimeqa": 0.58, "bbc": 0.24, "clusters": 0.13, "polnear": 0.05}
    random_ = random.Random(seed)
    chosen = []
    for name, path in tables.items():
        found = [row for row in table(path) if name != "realtimeqa" or "" < (row["published"] or "")[:10] < HELD_OUT_FROM]
        random_.shuffle(found)
        chosen += [(str(row["id"]), _paragraphs(row["text"])) for row in found[: int(limit * shares[name])]]
    random_.shuffle(chosen)
    return chosen


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if len(line.split()) >= 6][:PARAGRAPHS]


def table(path: Path) -> Iterator[dict]:
    """The records of a `.jsonl.gz` table; SystemExit that names it where it is missing."""
    if not path.exists():
        raise SystemExit(f"{path} is missing. Give the folders of the tables with --data and --data2.")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def kept_aside_sentences(data: Path) -> frozenset[str]:
    """Sentences of what is only measured on: demo articles and SQuAD's development half, normalised."""
    found = set()
    for path, key in ((data / "wikinews/articles.jsonl.gz", "text"), (data / "squad/dev.jsonl.gz", "context")):
        for text in {row[key] for row in table(path)}:
            found |= {_normal(part) for part in re.split(r"(?<=[.!?])\s+|\n+", text)}
    return frozenset(one for one in found if len(one.split()) >= SHARED_WORDS)


def _normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def parsed_articles(
    texts: Sequence[tuple[str, list[str]]], *, nlp: object, kept_aside: frozenset[str]
) -> list[Article]:
    """Articles parsed, with progress on the error output; kept-aside sentences are left out."""
    found = []
    parsed = analyse((paragraphs for _, paragraphs in texts), nlp=nlp)
    for count, ((name, _), sentences) in enumerate(zip(texts, parsed, strict=True), 1):
        found.append(article(name, sentences, kept_aside=kept_aside))
        if count % 100 == 0 or count == len(texts):
            print(f"\rparsed {count} of {len(texts)} articles", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def article(name: str, sentences: Sequence[Sentence], *, kept_aside: frozenset[str] = frozenset()) -> Article:
    """An article of parsed sentences, without those kept aside and those that it says twice."""
    seen: set[str] = set()
    kept = []
    for one in relabelled([one for one in sentences if is_prose(one.text)]):
        normal = _normal(one.text)
        if normal not in kept_aside and normal not in seen:
            kept.append(one)
        seen.add(normal)
    clauses = {index: found for index, one in enumerate(kept) if (found := clause(one)) is not None}
    unrealised = {index: said for index, one in enumerate(kept) if (said := unreal(one)) is not None}
    return Article(name, tuple(kept), clauses, unrealised)


def names_of(articles: Iterable[Article]) -> Names:
    """Names to put in place of others: full names of persons; places and bodies named in several articles."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in articles:
        seen = {(text, label) for sentence in one.sentences for text, label, _ in sentence.names()}
        for text, label in seen:
            counts[label][text] += 1
    acting = Counter(
        found.subject.text
        for one in articles
        for found in one.clauses.values()
        if found.subject.label == "ORG" and not found.passive
    )  # bodies that do something: what a small model calls a body is often none
    plain = re.compile(r"[A-Z][a-zé]+(?: [A-Z][a-zé]+)*")
    full = re.compile(r"[A-Z][a-zé]{2,} [A-Z][a-zé]{2,}")
    return Names(
        {
            "PERSON": tuple(sorted(t for t, n in counts["PERSON"].items() if full.fullmatch(t) and n >= 2)),
            "GPE": tuple(sorted(t for t, n in counts["GPE"].items() if plain.fullmatch(t) and n >= 4)),
            "ORG": tuple(sorted(t for t, n in acting.items() if plain.fullmatch(t) and n >= 2 and len(t) > 3)),
            "NORP": tuple(sorted(t for t, n in counts["NORP"].items() if plain.fullmatch(t) and n >= 4)),
        }
    )


def contrast_rows(articles: Sequence[Article], *, seed: int, units: dict[str, int] = UNITS) -> list[Row]:
    """All rows, in groups, the groups shuffled. The same for the same articles and seed."""
    maker = Maker(articles, names_of(articles), random.Random(seed))
    groups: list[list[Row]] = []
    for kind, wanted in units.items():
        made = maker.groups(kind, wanted)
        print(f"{kind}: {len(made)} of {wanted} passages", file=sys.stderr)
        groups += made
    random.Random(seed).shuffle(groups)
    return [row | {"id": f"contrast-{number}"} for number, row in enumerate(row for group in groups for row in group)]


@dataclass
class Maker:
    """Draws clauses and makes the rows of one kind after the other, each clause in few of them."""

    articles: Sequence[Article]
    names: Names
    random_: random.Random
    uses: Counter[tuple[int, int]] = field(default_factory=Counter)

    def groups(self, kind: str, wanted: int) -> list[list[Row]]:
        spots = [
            (a, i)
            for a, one in enumerate(self.articles)
            for i in (one.unreal if kind == "unreal" else range(len(one.sentences)) if kind == "counts" else one.clauses)
        ]
        self.random_.shuffle(spots)
        if kind not in {"unreal", "counts"}:
            spots.sort(key=lambda spot: self.uses[spot] - self._worth(kind, self.articles[spot[0]].clauses[spot[1]]))
        make: Callable[[str, Article, int], list[Row]] = {
            "roles": self.roles, "no_agent": self.no_agent, "number": self.number, "premise": self.premise,
            "unreal": self.unreal, "counts": self.counts, "mismatch": self.mismatch, "absent": self.absent, "paraphrase": self.paraphrase,
        }.get(kind, self.event)  # fmt: skip
        found: list[list[Row]] = []
        for a, i in spots:
            if len(found) == wanted:
                break
            made = [row for row in make(kind, self.articles[a], i) if row]
            if len(made) > 1:
                self.uses[a, i] += 1
                found.append([row | {"pair": f"{kind}-{len(found)}"} for row in made])
        return found

    def _worth(self, kind: str, found: Clause) -> float:
        """Clauses with names, and verbs that can be asked about in other words, come first."""
        agent, patient = found.agent, found.patient
        worth = 0.7 * bool(agent and agent.named) + 0.7 * bool(patient and patient.named)
        worth += 0.5 * (found.verb in VERBS) + 0.3 * bool(agent and patient)
        if kind in TABLES:
            worth += 0.8 * bool(agent and agent.who)
        if kind in {"roles", "paraphrase", "no_agent"}:
            worth += 1.5 * (SAME_AS.get(found.verb, found.verb) in CONVERSE_AGENT)
        return worth + self.random_.random()

    # passages

    def passage(self, one: Article, index: int, *, silent: bool = True) -> Passage | None:
        """A window of two to five sentences around one; `silent`: the others do not tell of its event."""
        event = one.clauses.get(index)
        sentences = one.sentences
        wanted, most = self.random_.randint(2, 5), self.random_.randint(70, MAX_WORDS)
        first = last = index
        count = len(sentences[index].text.split())
        open_left = open_right = True
        while last - first + 1 < wanted or count < MIN_WORDS:
            left = open_left and first > 0
            right = open_right and last + 1 < len(sentences)
            if not left and not right:
                break
            to_left = left and (not right or self.random_.random() < 0.45)
            next_ = first - 1 if to_left else last + 1
            words = len(sentences[next_].text.split())
            fits = count + words <= most and not (silent and event and tells(sentences[next_], event))
            if not fits:
                if to_left:
                    open_left = False
                else:
                    open_right = False
                continue
            first, last, count = min(first, next_), max(last, next_), count + words
        if count < MIN_WORDS or last == first:
            return None
        window = sentences[first : last + 1]
        breaks = [
            " " if k and window[k].paragraph == window[k - 1].paragraph else "\n\n" for k in range(len(window))
        ]
        return Passage(tuple(s.text for s in window), tuple(breaks), index - first)

    # questions

    def question(self, found: Clause, *, roles: Sequence[str] = ("agent", "patient", "number"), far: float = FAR, names: dict[str, str] | None = None, whole: bool = False) -> Asked | None:
        near = ask(found, random_=self.random_, roles=roles, names=names, whole=whole)
        if not near:
            return None
        one = self.random_.choice(near)
        if self.random_.random() < far:
            return ask_far(found, one.role, random_=self.random_, names=names) or one
        return replace(one, question=self._typed(one.question))

    def _typed(self, question: str) -> str:
        return question.lower().rstrip("?") if self.random_.random() < 0.08 else question

    # rows

    def event(self, kind: str, one: Article, index: int) -> list[Row]:
        """A fact, the same fact undone, and questions that the undoing does answer."""
        found = one.clauses[index]
        if not possible(kind, found):
            return []
        passage = self.passage(one, index)
        asked = self.question(found) if passage else None
        if passage is None or asked is None:
            return []
        if kind in BESIDE and self.random_.random() < BESIDE_SHARE:
            return self.beside(kind, found, passage, asked)
        altered = self.altered(kind, found, passage, asked)
        if altered is None:
            return []
        said, wording, words = altered
        plain = sentence_case(found.forms()["fin"]) + "." if self.random_.random() < 0.4 else None
        rows = [answered(passage, plain, asked.question, asked.answer.text, f"{kind}:original", span=None if plain else asked.answer)]
        rows.append(self.refused(passage, said, asked.question, kind, tempting=asked.answer.text))
        if self.random_.random() < 0.4:
            other = self.question(found, roles=[asked.role], far=0.9)
            if other and other.question != asked.question:
                rows.append(self.refused(passage, said, other.question, kind, tempting=asked.answer.text))
        said_so = wording.ask if wording else IN_PLACE_ASKED[kind]
        words = words or self.words(found, passage) or {}
        if said_so and words and self.random_.random() < 0.75:
            question, answer = self.random_.choice(said_so)
            rows.append(self.kept_question(kind, passage, said, question, answer, words))
        if self.random_.random() < 0.45:
            rows.append(self.factual(kind, found, passage, asked))
        return [row for row in rows if row]

    def beside(self, kind: str, found: Clause, passage: Passage, asked: Asked) -> list[Row]:
        """The real sentence as it is, and one beside it that takes it back, or bears it out."""
        words = self.words(found, passage)
        if words is None:
            return []
        rows = [answered(passage, None, asked.question, asked.answer.text, f"{kind}:original", span=asked.answer)]
        for table_, undone in ((BESIDE[kind], True), (BORNE_OUT, False)):
            where, text = self.random_.choice(table_)
            more = agreeing(text.format_map(words))
            other = passage.beside(more, before=where == "before")
            if undone:
                rows.append(self.refused(other, None, asked.question, kind, tempting=asked.answer.text))
            elif self.random_.random() < 0.7:
                rows.append(answered(other, None, asked.question, asked.answer.text, f"{kind}:factual", span=asked.answer))
        return rows

    def unreal(self, kind: str, one: Article, index: int) -> list[Row]:
        """Real sentences of what may, will or did not happen: asked as a fact, asked as it is, and made a fact."""
        found, lead, around = one.unreal[index]
        passage = self.passage(one, index)
        asked = self.question(found) if passage else None
        if passage is None or asked is None or not (found.agent or found.patient):
            return []
        rows = [self.refused(passage, None, asked.question, kind, tempting=asked.answer.text)]
        extra = found.forms(leave=[r for r in ("time", "place") if self.random_.random() < 0.4])
        verb = extra["part"] if lead.startswith(("was ", "were ")) else extra["inf"]
        asking = f"{wh(found.subject)} {lead.replace('were ', 'was ')} {verb}"
        if self.random_.random() < 0.25:
            asking = self.random_.choice(("any idea {q}", "Tell me {q}.", "Can you say {q}?", "Do you know {q}?")).format(q=asking).rstrip("?") + "?"
        rows.append(answered(passage, None, roughened(sentence_case(asking.rstrip("?.")) + "?", random_=self.random_), found.subject.text, "unreal:asked", span=found.subject))
        object_ = found.piece("object")
        if object_ and object_.phrase and not found.passive and self.random_.random() < 0.6:
            prt = found.piece("particle")
            rest = f" {prt.text}" if prt else ""
            question = f"{wh(object_.phrase)} {around.format(S=found.subject.text)} {found.verb}{rest}?"
            rows.append(answered(passage, None, roughened(sentence_case(question), random_=self.random_), object_.phrase.text, "unreal:asked", span=object_.phrase))
        whole = found.rest()
        if self.random_.random() < 0.7 and (PAST_ONLY.search(whole) or found.piece("time") is None) and lead not in {"would"}:
            said = sentence_case(found.forms()["fin"]) + "."
            rows.append(answered(passage, said, asked.question, asked.answer.text, "unreal:factual"))
        return rows

    def counts(self, kind: str, one: Article, index: int) -> list[Row]:
        """A sentence of the dead and the hurt: each number asked for, one that is not given, and the two exchanged."""
        sentence = one.sentences[index]
        told = casualties(sentence)
        if len(told) < 2:
            return []
        passage = self.passage(one, index)
        if passage is None:
            return []
        text = passage.text()[0]
        rows = []
        for state, number in told[:3]:
            question = self._state_question(state)
            rows.append(answered(passage, None, question, number.text, "counts:original", span=number))
        absent = [s for s in STATES if s not in {state for state, _ in told} and not re.search(STATES[s], text, re.IGNORECASE)]
        for state in self.random_.sample(absent, min(2, len(absent))):
            rows.append(self.refused(passage, None, self._state_question(state), kind, tempting=self.random_.choice(told)[1].text))
        (first, a), (second, b) = told[0], told[1]
        if a.text.lower() != b.text.lower():
            low, high = sorted((a, b), key=lambda n: n.start)
            raw = sentence.text
            said = raw[: low.start] + _like(high.text, low.text) + raw[low.start + len(low.text) : high.start] + _like(low.text, high.text) + raw[high.start + len(high.text) :]
            moved = {low.start: high.text, high.start: low.text}
            for state, number in ((first, a), (second, b)):
                rows.append(answered(passage, said, self._state_question(state), moved[number.start], "counts:exchanged"))
        return rows

    def _state_question(self, state: str) -> str:
        question = self.random_.choice(STATE_QUESTIONS[state] + GENERAL_STATE_QUESTIONS).format(s=state)
        return roughened(question, random_=self.random_)

    def altered(self, kind: str, found: Clause, passage: Passage, asked: Asked) -> tuple[str, Wording | None, dict[str, str]] | None:
        """(what stands in the target's place, its wording, the words put in)."""
        countless = not QUANTIFIED.match(found.subject.text)
        if kind in {"negated", "hedged"} and countless and self.random_.random() < IN_PLACE:
            said = in_place(kind, found, random_=self.random_)
            if said:
                return said, None, {}
        wordings = [w for w in TABLES[kind] if fits(w, found, asked)]
        if kind == "negated" and QUANTIFIED.match(found.subject.text):
            wordings = [w for w in wordings if w.needs in {"counted", "nobody"} or w.text.startswith("It is not true")]
        self.random_.shuffle(wordings)
        for wording in wordings:
            words = self.words(found, passage, future=wording.when == "future")
            if words:
                return agreeing(wording.text.format_map(words)), wording, words
        return None

    def words(self, found: Clause, passage: Passage, *, future: bool = False) -> dict[str, str] | None:
        """What stands for the placeholders of a wording; None where the clause cannot be put off."""
        whole = passage.text()[0]
        leave: set[str] = set()
        if future:
            leave = {"time"}
            if PAST_ONLY.search(found.rest(leave=leave)) or any(p.phrase and p.phrase.label in {"DATE", "TIME"} for p in found.pieces if p.role == "other"):
                return None
        source = self.random_.choice(SOURCES)
        words = found.forms(leave=leave)
        cond, cond_past = self.random_.choice(CONDITIONS)
        plural = found.subject.plural
        words |= {
            "src": source,
            "P": self.names.draw("PERSON", random_=self.random_, outside=whole),
            "Other": self.names.draw("PERSON", random_=self.random_, outside=whole),
            "day": self.random_.choice([day for day in DAYS if day not in whole] or DAYS),
            "neg_vp": f"was not {words['part']}" if found.passive else f"did not {words['inf']}",
            "wh0": wh(found.subject),
            "noun": found.subject.counted,
            "wh": sentence_case(wh(found.subject)),
            "was": "was",
            "part0": words["part"],
            "vp0": words["vp"],
            "aux_did": words["were"] if found.passive else "did",
            "bare": words["part"] if found.passive else words["inf"],
            "are": "are" if plural else "is",
            "have_": "have" if plural else "has",
            "plan": "plan" if plural else "plans",
            "hope": "hope" if plural else "hopes",
        }
        words["cond"], words["cond_past"] = cond.format_map(words), cond_past.format_map(words)
        words |= {f"{name[0].upper()}{name[1:]}": sentence_case(words[name]) for name in ("fin", "neg", "negc", "never", "src")}
        words["SC"], words["OtherC"] = sentence_case(words["S"]), sentence_case(words["Other"])
        return words

    def kept_question(self, kind: str, passage: Passage, said: str, question: str, answer: str, words: dict[str, str]) -> Row:
        """A question that the altered passage answers; empty if its answer does not stand there."""
        text = words[answer] if answer in words else answer.format_map(words)
        if "{wh}" in question or "{wh0}" in question:
            words = words | {"are": "is", "were": "was", "have_": "has", "has": "has", "vp": re.sub(r"^were\b", "was", words["vp"]), "have": words["have"]}
        filled = agreeing(question.format_map(words))
        return answered(passage, said, roughened(filled, random_=self.random_), text, f"{kind}:asked")

    def factual(self, kind: str, found: Clause, passage: Passage, asked: Asked) -> Row:
        """The fact in a sentence that has the kind's words and takes nothing back."""
        wordings = [w for w in FACTUAL[kind] if fits(w, found, asked)]
        words = self.words(found, passage)
        if not wordings or words is None:
            return {}
        said = agreeing(self.random_.choice(wordings).text.format_map(words))
        return answered(passage, said, asked.question, asked.answer.text, f"{kind}:factual")

    def refused(self, passage: Passage, said: str | None, question: str, kind: str, *, tempting: str = "") -> Row:
        text, start = passage.text(said)
        found = locate(text, tempting, after=start) or locate(text, tempting)
        return {
            "question": question,
            "context": text,
            "answers": [],
            "answerable": False,
            "kind": kind,
            "tempting": {"text": text[found[0] : found[1]], "start": found[0]} if found else None,
        }

    def roles(self, kind: str, one: Article, index: int) -> list[Row]:
        """Who did it and whom it befell, each asked, then asked the wrong way round; in both voices."""
        found = one.clauses[index]
        agent, patient = found.agent, found.patient
        if agent is None or patient is None or not (agent.who and patient.who) or found.verb in SYMMETRIC:
            return []
        passage = self.passage(one, index)
        if passage is None or found.piece("particle"):
            return []
        turned = turn_voice(found) if self.random_.random() < 0.5 else None
        rows: list[Row] = []
        for role, answer in (("agent", agent), ("patient", patient)):
            asked = self.question(found, roles=[role], far=0.6)
            if asked:
                rows.append(answered(passage, turned, asked.question, answer.text, "roles:original", span=None if turned else answer))
        swapped = {"agent": patient.text, "patient": agent.text}
        for role, tempting in (("agent", patient), ("patient", agent)):
            asked = self.question(found, roles=[role], far=0.55, names=swapped)
            if asked and self.random_.random() < 0.8:
                rows.append(self.refused(passage, turned, asked.question, "roles", tempting=tempting.text))
        if agent.named and patient.named and not found.passive and self.random_.random() < 0.5:
            other = exchanged(found)
            asked = self.question(found, roles=["agent", "patient"], far=0.5, names=swapped)
            if asked:
                answer = patient if asked.role == "agent" else agent
                rows.append(answered(passage, other, asked.question, answer.text, "roles:exchanged"))
        return rows

    def no_agent(self, kind: str, one: Article, index: int) -> list[Row]:
        """What happened is told without who did it; who did it is asked."""
        found = one.clauses[index]
        agent, patient = found.agent, found.patient
        if agent is None or patient is None or not agent.who or found.piece("particle"):
            return []
        passage = self.passage(one, index)
        if passage is None:
            return []
        said = dropped_agent(found)
        text = passage.text(said)[0]
        if any(part in text for part in re.findall(r"\w{4,}", agent.text) if part not in patient.text):
            return []
        asked = self.question(found, roles=["agent"], far=0.55)
        if asked is None:
            return []
        rows = [answered(passage, None, asked.question, agent.text, "no_agent:original", span=agent)]
        others = [
            name
            for sentence in one.sentences
            if sentence.text in passage.texts
            for name, label, _ in sentence.names()
            if label in {"PERSON", "ORG", "NORP"} and name in text and name not in patient.text
        ]
        tempting = self.random_.choice(others) if others else patient.text
        rows.append(self.refused(passage, said, asked.question, kind, tempting=tempting))
        passive = f"{wh(patient)} was {inflect(found.verb, 'VBN')}{found.rest(leave={'object', 'agent', 'time', 'place'})}?"
        what = roughened(sentence_case(passive), random_=self.random_)
        rows.append(answered(passage, said, what, patient.text, "no_agent:asked"))
        return rows

    def number(self, kind: str, one: Article, index: int) -> list[Row]:
        """Two counts of the same things in neighbouring clauses: each asked for, and a third that is not given."""
        found = one.clauses[index]
        near = ask(found, random_=self.random_, roles=["number"])
        passage = self.passage(one, index) if near else None
        if passage is None:
            return []
        holder = found.patient if found.patient and found.patient.number else found.agent
        if holder is None or not holder.number or not holder.counted:
            return []
        noun = holder.counted
        people = holder.who and lemma_of_noun(holder.head) not in GROUP_NOUNS
        second, other, third = self.random_.sample(PEOPLE_TOLD if people else THINGS_TOLD, 3)
        if any(part in found.forms()["fin"] for told in (second, other, third) for part in told.split()[-1:]):
            return []
        count = other_number(holder.number, random_=self.random_)
        count3 = other_number(holder.number, random_=self.random_, beside=count)
        fin = found.forms()["fin"]
        template = self.random_.choice(NUMBER_WORDINGS)
        said = template.format(fin=fin, Fin=sentence_case(fin), n=count, N=sentence_case(count), noun=noun, told=second, n3=count3, told3=third)
        with_third = "{told3}" in template
        text = passage.text(said)[0]
        if len(re.findall(rf"(?<![\w.,]){re.escape(count)}(?![\w]|[.,]\d)", text, re.IGNORECASE)) != 1:
            return []
        far = ask_far(found, "number", random_=self.random_) if self.random_.random() < FAR else None
        first = far or near[0]
        rows = [
            answered(passage, None, first.question, holder.number, "number:original", span=first.answer),
            answered(passage, said, first.question, holder.number, "number:moved"),
            answered(passage, said, self._count_question(noun, second), count, "number:moved"),
            self.refused(passage, said, self._count_question(noun, other), kind, tempting=self.random_.choice([count, holder.number])),
        ]
        if with_third:
            rows.append(answered(passage, said, self._count_question(noun, third), count3, "number:moved"))
        stranger = self.random_.choice(PERSONS if people else THINGS)
        swapped_noun = near[0].question.replace(holder.counted, stranger)
        if swapped_noun != near[0].question and stranger.split()[-1] not in text and self.random_.random() < 0.6:
            rows.append(self.refused(passage, self.random_.choice([said, None]), swapped_noun, kind, tempting=holder.number))
        return rows

    def _count_question(self, noun: str, told: str) -> str:
        wording = self.random_.choice(COUNT_QUESTIONS).format(noun=noun, told=told)
        return roughened(wording, random_=self.random_)

    def premise(self, kind: str, one: Article, index: int) -> list[Row]:
        """The question names another person, place, body, day or year than the passage does."""
        found = one.clauses[index]
        passage = self.passage(one, index)
        if passage is None:
            return []
        roles = ["agent", "patient", "number", "when", "where"]
        asked = self.question(found, roles=roles, far=0.3, whole=True)
        if asked is None:
            return []
        text = passage.text()[0]
        wrong = self.wrong_premise(asked, one, passage, index)
        if wrong is None:
            return []
        rows = [answered(passage, None, asked.question, asked.answer.text, "premise:original", span=asked.answer)]
        rows.append(self.refused(passage, None, wrong, kind, tempting=asked.answer.text))
        second = self.wrong_premise(asked, one, passage, index)
        if second and second != wrong and self.random_.random() < 0.4:
            rows.append(self.refused(passage, None, second, kind, tempting=asked.answer.text))
        return rows if text else []

    def wrong_premise(self, asked: Asked, one: Article, passage: Passage, index: int) -> str | None:
        """The question with one of its names, days or years exchanged for another; None if it has none."""
        text = passage.text()[0]
        sentence = one.sentences[index]
        spots: list[tuple[str, str]] = []
        doers = {phrase.text for c in [one.clauses[index]] for phrase in (c.agent, c.patient) if phrase}
        for name, label, _ in sentence.names():
            if label == "ORG" and name not in doers:
                continue
            if label in {"PERSON", "GPE", "ORG", "NORP"} and re.search(rf"\b{re.escape(name)}\b", asked.question):
                new = self._other_name(name, label, text, sentence)
                if new:
                    spots.append((name, new))
        day = WEEKDAY.search(asked.question)
        if day:
            spots += [(day.group(), self.random_.choice([d for d in DAYS if d not in text] or ["Sunday"]))] * 2
        year = re.search(r"\b(?:19|20)\d\d\b", asked.question)
        if year:
            new_year = str(int(year.group()) + self.random_.choice([-4, -3, -2, -1, 1, 2, 3]))
            if new_year not in text:
                spots.append((year.group(), new_year))
        if not spots:
            return None
        old, new = self.random_.choice(spots)
        return asked.question.replace(old, new)

    def _other_name(self, name: str, label: str, text: str, sentence: Sentence) -> str | None:
        words = name.split()
        draw = self.random_.random()
        first = self.names.draw("PERSON", random_=self.random_, outside=text).split()[0]
        if label == "PERSON" and len(words) == 2 and draw < 0.4 and words[1].isalpha():
            return f"{first} {words[1]}"  # the same surname
        if label == "PERSON" and len(words) == 1 and draw < 0.25 and name.isalpha():
            return None
        new = self.names.draw(label, random_=self.random_, outside=text)
        return new.split()[-1] if label == "PERSON" and len(words) == 1 else new

    def mismatch(self, kind: str, one: Article, index: int) -> list[Row]:
        """When, where, why or for how much is asked of a passage that gives none."""
        found = one.clauses[index]
        passage = self.passage(one, index)
        asked = self.question(found) if passage else None
        if passage is None or asked is None:
            return []
        text = passage.text()[0]
        lacking = [word for word, pattern in GIVEN.items() if not pattern.search(text)]
        labels = {label for s in one.sentences if s.text in passage.texts for _, label, _ in s.names()}
        if labels & {"DATE", "TIME"}:
            lacking = [w for w in lacking if not w.startswith(("When", "On what", "What year", "How long"))]
        if labels & {"GPE", "LOC", "FAC"}:
            lacking = [w for w in lacking if not w.startswith(("Where", "In which"))]
        if "MONEY" in labels:
            lacking = [w for w in lacking if not w.startswith("For how much")]
        lacking = [w for w in lacking if not (w.startswith("For how much") and found.verb not in PRICED)]
        lacking = [w for w in lacking if not (w.startswith("With what") and found.verb not in CULPABLE)]
        person = next((p for p in (found.agent, found.patient) if p and p.label == "PERSON" and not p.plural), None)
        if person and not re.search(r"\d|years? old|aged|born|birth", text):
            lacking += ["old", "born"]
        if not lacking:
            return []
        word = self.random_.choice(lacking)
        if word in {"old", "born"} and person:
            asking = self.random_.choice(AGE_QUESTIONS).format(p=person.text)
        else:
            asking = ask_adverbial(found, word)
        question = roughened(asking, random_=self.random_)
        numbers = re.findall(r"(?<![\w.])\d[\d,.]*\d|(?<![\w.])\d", text)
        tempting = self.random_.choice(numbers) if numbers and self.random_.random() < 0.7 else (found.patient or found.subject).text
        rows = [
            answered(passage, None, asked.question, asked.answer.text, "mismatch:original", span=asked.answer),
            self.refused(passage, None, question, kind, tempting=tempting),
        ]
        timed = ask(found, random_=self.random_, roles=["when", "where"])
        if timed:
            given = self.random_.choice(timed)
            rows.append(answered(passage, None, given.question, given.answer.text, "mismatch:given", span=given.answer))
        return rows

    def absent(self, kind: str, one: Article, index: int) -> list[Row]:
        """A question of another sentence of the same article, over a passage that does not tell it."""
        found = one.clauses[index]
        asked = self.question(found)
        home = self.passage(one, index)
        others = [i for i in one.clauses if abs(i - index) > 2]
        if asked is None or home is None or not others:
            return []
        away = self.passage(one, self.random_.choice(others))
        if away is None:
            return []
        text = away.text()[0]
        answer_words = [w for w in re.findall(r"\w{4,}", asked.answer.text)] or [asked.answer.text]
        if any(w in text for w in answer_words) and asked.role != "number":
            return []
        if any(tells(s, found) for s in one.sentences if s.text in away.texts):
            return []
        names = [n for s in one.sentences if s.text in away.texts for n, label, _ in s.names() if label == (asked.answer.label or "PERSON") and n not in asked.question]
        tempting = self.random_.choice(names) if names else ""
        return [
            answered(home, None, asked.question, asked.answer.text, "absent:original", span=asked.answer),
            self.refused(away, None, asked.question, kind, tempting=tempting),
        ]

    def paraphrase(self, kind: str, one: Article, index: int) -> list[Row]:
        """A fact asked for in words far from its own, two or three times."""
        found = one.clauses[index]
        passage = self.passage(one, index, silent=False)
        if passage is None or found.verb not in VERBS:
            return []
        rows = []
        seen: set[str] = set()
        for _ in range(3):
            role = self.random_.choice(["agent", "patient", "agent", "patient", "when", "where", "number"])
            asked = ask_far(found, role, random_=self.random_)
            if asked and asked.question.lower() not in seen:
                seen.add(asked.question.lower())
                rows.append(answered(passage, None, asked.question, asked.answer.text, kind, span=asked.answer))
        return rows


def answered(passage: Passage, said: str | None, question: str, answer: str, kind: str, *, span: Phrase | None = None) -> Row:
    """An answerable row; empty where the answer does not stand in the target. `span`: where in the real sentence."""
    text, start = passage.text(said)
    target = said if said is not None else passage.texts[passage.target]
    if span is not None and said is None:
        place: tuple[int, int] | None = (start + span.start, start + span.start + len(span.text))
        if text[place[0] : place[1]].lower() != span.text.lower():
            place = None
    else:
        place = locate(text, answer, after=start, before=start + len(target))
    if place is None:
        return {}
    return {
        "question": question,
        "context": text,
        "answers": [{"text": text[place[0] : place[1]], "start": place[0]}],
        "answerable": True,
        "kind": kind,
    }


def locate(text: str, wanted: str, *, after: int = 0, before: int | None = None) -> tuple[int, int] | None:
    """Where the words stand, whole, whatever their case; None where they do not."""
    if not wanted:
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)", re.IGNORECASE)
    spot = pattern.search(text, after, len(text) if before is None else before)
    return spot.span() if spot else None


def tells(sentence: Sentence, event: Clause) -> bool:
    """Whether a neighbour seems to tell of the clause's event: its verb or noun, or two of its names."""
    verb = VERBS.get(event.verb)
    words = {word.lemma.lower() for word in sentence.words} | {word.text.lower() for word in sentence.words}
    marks = {event.verb, *((verb.noun,) if verb and verb.noun else ())}
    if verb:
        marks |= {other for other in verb.others if " " not in other}
    if marks & words:
        return True
    text = sentence.text.lower()
    agent, patient = event.agent, event.patient
    heads = [phrase.head.lower() for phrase in (agent, patient) if phrase]
    return len(heads) == 2 and all(head in text for head in heads)


def fits(wording: Wording, found: Clause, asked: Asked) -> bool:
    """Whether a clause can stand in a wording."""
    agent = found.agent
    doer = not found.passive and agent is not None and agent.who
    needs = wording.needs
    if needs == "counted":
        return bool(found.subject.number and found.subject.counted)
    if needs == "nobody":
        return found.subject.who and asked.role != ("patient" if not found.passive else "agent")
    return (
        not needs
        or (needs == "doer" and doer)
        or (needs == "active" and not found.passive)
        or (needs == "passive" and found.passive)
        or (needs == "culprit" and doer and found.verb in CULPABLE)
        or (needs == "single" and not found.subject.plural and found.subject.named)
        or (needs == "body" and doer and found.subject.label == "ORG")
    )


def possible(kind: str, found: Clause) -> bool:
    """Whether the clause can be undone that way and still be English that somebody would write."""
    agent = found.agent
    doer = agent is not None and agent.who
    if kind in {"planned", "cancelled"}:
        return found.verb not in UNPLANNED and (doer or found.passive)
    if kind == "denied" or kind == "conditional":
        return doer or found.passive or found.verb in VERBS
    return True


IN_PLACE_ASKED = {
    "negated": (("{wh} {neg_vp}?", "S"), ("{wh} was it that {neg_vp}?", "S")),
    "hedged": (("{wh} may {have}?", "S"), ("{wh} is said to {have}?", "S")),
}
QUANTIFIED = re.compile(
    r"(?:all|every|at least|more|most|many|several|some|nearly|almost|about|around|hundreds|thousands|dozens|over|up to|a number"
    r"|both|few|less|fewer|only|just|millions|two|three|four|five|six|seven|eight|nine|ten|\d)\b",
    re.IGNORECASE,
)  # "all did not" is either none or not all


def agreeing(text: str) -> str:
    """The text with the verbs of plural sources in the plural: templates are written for one."""
    subject = "|".join(PLURAL_SOURCES)
    verbs = "|".join(PLURAL_VERBS)
    return re.sub(
        rf"\b({subject})( no longer | )({verbs})\b",
        lambda spot: f"{spot[1]}{spot[2]}{PLURAL_VERBS[spot[3]]}",
        text,
        flags=re.IGNORECASE,
    )


PLURAL_VERBS = {
    "has": "have", "wants": "want", "denies": "deny", "plans": "plan", "fears": "fear", "sells": "sell",
    "estimates": "estimate", "gives": "give", "loses": "lose", "is": "are", "was": "were",
}  # fmt: skip


def in_place(kind: str, found: Clause, *, random_: random.Random) -> str | None:
    """The real sentence with nothing but its verb negated or hedged; None where more verbs follow."""
    sentence = found.sentence
    if any(word.pos == "VERB" and word.start >= found.end for word in sentence.words):
        return None
    start, end = found.group
    if len(sentence.text[start:end].split()) > 3 or any(w.pos == "ADV" and start < w.start < end for w in sentence.words):
        return None
    part = inflect(found.verb, "VBN")
    were = "were" if found.subject.plural else "was"
    if kind == "negated":
        options = (f"{were} not {part}", f"{were}n’t {part}", f"{were} never {part}") if found.passive else (f"did not {found.verb}", f"didn’t {found.verb}", f"never {inflect(found.verb, 'VBD')}")
    else:
        have = f"have been {part}" if found.passive else f"have {part}"
        options = (f"may {have}", f"might {have}", f"could {have}", f"{were} allegedly {part}" if found.passive else f"allegedly {inflect(found.verb, 'VBD')}")
    return sentence.text[:start] + random_.choice(options) + sentence.text[end:]


def turn_voice(found: Clause) -> str | None:
    """The clause in the other voice, as a sentence; None without both roles."""
    agent, patient = found.agent, found.patient
    if agent is None or patient is None:
        return None
    extra = found.rest(leave={"object", "agent"})
    if found.passive:
        said = f"{agent.text} {inflect(found.verb, 'VBD')} {patient.text}{extra}"
    else:
        were = "were" if patient.plural else "was"
        said = f"{patient.text} {were} {inflect(found.verb, 'VBN')} by {agent.text}{extra}"
    return sentence_case(said) + "."


def dropped_agent(found: Clause) -> str:
    """The event in the passive, without who did it, as a sentence."""
    patient = found.patient
    assert patient is not None
    were = "were" if patient.plural else "was"
    extra = found.rest(leave={"object", "agent"})
    return sentence_case(f"{patient.text} {were} {inflect(found.verb, 'VBN')}{extra}.")


def exchanged(found: Clause) -> str:
    """An active clause with doer and done-to exchanged, as a sentence."""
    agent, patient = found.agent, found.patient
    assert agent is not None and patient is not None
    extra = found.rest(leave={"object"})
    return sentence_case(f"{patient.text} {inflect(found.verb, 'VBD')} {agent.text}{extra}.")


def lemma_of_noun(noun: str) -> str:
    """A plural's singular, roughly."""
    return re.sub(r"s$", "", re.sub(r"ies$", "y", noun.lower()))


def casualties(sentence: Sentence) -> list[tuple[str, Phrase]]:
    """(state, number) for each state of people that the sentence counts, where the number's place is plain."""
    words = sentence.words
    found: list[tuple[str, Phrase]] = []
    for index, word in enumerate(words):
        state = next((name for name, forms_ in STATE_FORMS.items() if word.text.lower() in forms_), None)
        if state is None or word.pos not in {"VERB", "ADJ"}:
            continue
        active = word.tag == "VBG" or (word.tag == "VBD" and any(w.head == index and w.dep == "dobj" for w in words))
        near = range(index + 1, min(index + 6, len(words))) if active else range(index - 1, max(index - 8, -1), -1)
        for i in near:
            if words[i].text in {",", ";", "."} or words[i].pos == "VERB":
                break
            if words[i].ent == "CARDINAL" and words[i].pos == "NUM":
                after = words[i + 1] if i + 1 < len(words) else word
                if after.pos != "NUM" and words[i - 1].pos != "NUM" and after.text not in {"%", "-", "percent"}:
                    found.append((state, Phrase(words[i].text, words[i].start, who=False, plural=False)))
                break
    states, starts = {state for state, _ in found}, {number.start for _, number in found}
    return found if len(states) == len(found) == len(starts) else []


def _like(number: str, other: str) -> str:
    """A number in another's place: with a capital where that had one."""
    return number[0].upper() + number[1:] if other[0].isupper() else number[0].lower() + number[1:]


STATES = {
    "killed": r"kill|dead|die|death|fatal", "injured": r"injur|hurt|wound|casualt", "missing": r"missing|unaccounted",
    "arrested": r"arrest|detain|custody", "rescued": r"rescue|saved", "evacuated": r"evacuat", "displaced": r"displac|homeless",
    "hospitalized": r"hospital",
}  # fmt: skip
STATE_FORMS = {
    "killed": {"killed", "killing", "died", "dead"},
    "injured": {"injured", "injuring", "wounded", "wounding", "hurt"},
    "missing": {"missing"},
    "arrested": {"arrested", "arresting", "detained", "detaining"},
    "rescued": {"rescued", "rescuing"},
    "evacuated": {"evacuated", "evacuating"},
    "displaced": {"displaced", "displacing"},
    "hospitalized": {"hospitalized", "hospitalised"},
}
GENERAL_STATE_QUESTIONS = ("How many people were {s}?", "how many were {s}", "How many {s}?", "number of people {s}", "Do you know how many were {s}?")
STATE_QUESTIONS = {
    "killed": ("How many people died?", "how many dead", "What is the death toll?", "How many lost their lives?", "How many fatalities were there?"),
    "injured": ("How many people were hurt?", "how many wounded", "How many got hurt?", "How many suffered injuries?", "number of injuries"),
    "missing": ("How many people are missing?", "how many have not been found", "How many are unaccounted for?", "how many still missing"),
    "arrested": ("How many arrests were made?", "How many people were taken into custody?", "how many detained", "How many were led away by police?"),
    "rescued": ("How many people were saved?", "How many were brought to safety?", "how many pulled out alive"),
    "evacuated": ("How many people had to leave?", "How many were brought out?", "how many evacuated"),
    "displaced": ("How many people lost their homes?", "how many made homeless", "How many had to flee?"),
    "hospitalized": ("How many people were taken to hospital?", "how many in hospital", "How many ended up in hospital?"),
}  # fmt: skip
NUMERALS = "two three four five six seven eight nine ten eleven twelve".split()


def other_number(number: str, *, random_: random.Random, beside: str = "") -> str:
    """Another count of about the same size, written alike."""
    digits = re.sub(r"\D", "", number)
    while True:
        if digits and number.replace(",", "").isdigit():
            value = max(2, int(int(digits) * random_.choice([0.2, 0.4, 0.6, 1.5, 2, 3, 4]) + random_.randint(0, 9)))
            found = f"{value:,}" if "," in number or value >= 10_000 else str(value)
        else:
            found = random_.choice([*NUMERALS, *map(str, range(13, 90))])
        if found not in {number.lower(), beside}:
            return found


PEOPLE_TOLD = (
    "were on the list", "were rescued", "were evacuated", "were taken to hospital", "were questioned", "escaped unhurt",
    "are still unaccounted for", "had signed up", "had been invited", "were released later", "were waiting outside",
    "stayed at home", "had applied", "came by bus", "were turned away", "left early", "are being sought", "had been there before",
    "spoke to reporters", "asked for help",
)  # fmt: skip
THINGS_TOLD = (
    "were counted before", "had been promised", "are still to come", "were expected", "followed later", "were ruled out",
    "had been planned", "were mentioned earlier", "came from abroad", "are being discussed", "were listed by mistake",
    "had been announced", "are in doubt", "were added the next day",
)  # fmt: skip
NUMBER_WORDINGS = (
    "{N} {noun} {told}, and {fin}.",
    "{Fin}, while {n} {told}.",
    "{Fin}; another {n} {told}.",
    "{N} {told}. {Fin}.",
    "{Fin}. A further {n} {told}.",
    "{N} {noun} {told} before {fin}.",
    "While {n} {noun} {told}, {fin}.",
    "{Fin}, and {n} {told}.",
    "{N} {noun} {told} and {n3} {told3}; {fin}.",
    "{Fin}, {n} {told} and {n3} {told3}.",
    "{N} {told}, officials said; {fin}.",
    "{Fin}, according to officials, who added that {n} {told}.",
    "Earlier, {n} {noun} {told}. Later, {fin}.",
    "Besides the {n} who or which {told}, {n3} {told3}. {Fin}.",
    "It was confirmed that {n} {noun} {told} and that {fin}.",
    "{Fin}. The day before, {n} {told}, and {n3} {told3}.",
)
COUNT_QUESTIONS = (
    "How many {noun} {told}?",
    "How many {told}?",
    "how many {noun} {told}",
    "What number of {noun} {told}?",
    "What is the number of {noun} that {told}?",
    "Do we know how many {noun} {told}?",
    "Of the {noun}, how many {told}?",
)
THINGS = ("houses", "cars", "schools", "planes", "shops", "trains", "bridges", "ships", "factories", "animals")
PERSONS = ("children", "doctors", "soldiers", "tourists", "teachers", "police officers", "students", "firefighters")
PRICED = frozenset("buy sell acquire purchase fine award sue rent hire sign pay donate".split())
AGE_QUESTIONS = ("How old is {p}?", "How old was {p} at the time?", "When was {p} born?", "Where was {p} born?", "What is the age of {p}?", "What is {p}'s middle name?")
_TIME = re.compile(
    r"\d{4}|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\b(?:today|yesterday|tomorrow|week|month|year|night|morning|evening"
    r"|afternoon|ago|Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec|when|after|before|during|earlier|later|recent)",
)
_REASON = re.compile(
    r"\b(?:because|since|due|reason|after|following|over|amid|as|for|to|so|in order|therefore|why|cause|result|response|given"
    r"|citing|concern|from|out of|thanks|despite)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:in|at|near|outside|inside|across|where|there|here|town|city|country|street)\b", re.IGNORECASE)
_MONEY = re.compile(r"[$£€]|\b(?:dollar|pound|euro|cent|million|billion|bn|cost|price|paid|pay)", re.IGNORECASE)
GIVEN = {
    "When": _TIME,
    "On what day": _TIME,
    "What year": _TIME,
    "Why": _REASON,
    "For what reason": _REASON,
    "Where": _PLACE,
    "In which city": _PLACE,
    "For how much money": _MONEY,
    "With what weapon": re.compile(r"gun|knife|weapon|shot|shoot|bomb|with|rifle|pistol|missile|rocket", re.IGNORECASE),
}


def write(made: Iterable[Row], path: Path) -> None:
    """Gzip JSON lines, the same bytes for the same rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as file:
        for row in made:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


if __name__ == "__main__":
    main()
