"""Parsed articles in, passages of neighbouring sentences out, and rows whose answers are slices of a passage.

Knows nothing about what did not happen.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from training.clauses import Clause, Phrase, Sentence, clause, is_prose, relabelled, unreal
from training.wordings import VERBS

Row = dict[str, object]
MIN_WORDS, MAX_WORDS = 40, 130  # of a passage, as the reader sees them


@dataclass(frozen=True, slots=True)
class Article:
    """The sentences of an article that read like prose, and their plain clauses by index."""

    id: str
    sentences: tuple[Sentence, ...]
    clauses: dict[int, Clause]
    unreal: dict[int, tuple[Clause, str, str]] = field(default_factory=dict)
    vocabularies: tuple[frozenset[str], ...] = ()  # of each sentence: words and lemmas in lower case


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
            out += other if index == self.target and other is not None else text
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


def _telling(name: str) -> list[str]:
    """The parts of a name that tell it from others; all of a short one."""
    return [part for part in name.split() if len(part) > 3] or [name]


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the whole collection, by label: those that a corpus of news has more than once."""

    by_label: dict[str, tuple[str, ...]]

    def draw(self, label: str, *, random_: random.Random, outside: str = "") -> str:
        """A name that does not stand in `outside`; ValueError if all of them do."""
        fitting = [
            name for name in self.by_label[label] if not any(part in outside for part in _telling(name))
        ]
        if not fitting:
            raise ValueError(f"No name of the kind {label} is left: all stand in the text.")
        return random_.choice(fitting)


def article(name: str, sentences: Sequence[Sentence], *, kept_aside: frozenset[str] = frozenset()) -> Article:
    """An article of parsed sentences, without those kept aside and those that it says twice."""
    seen: set[str] = set()
    kept = []
    for one in relabelled([one for one in sentences if is_prose(one.text)]):
        bare = normal(one.text)
        if bare not in kept_aside and bare not in seen:
            kept.append(one)
        seen.add(bare)
    clauses = {index: found for index, one in enumerate(kept) if (found := clause(one)) is not None}
    unrealised = {index: said for index, one in enumerate(kept) if (said := unreal(one)) is not None}
    vocabularies = tuple(
        frozenset(part.lower() for word in one.words for part in (word.text, word.lemma)) for one in kept
    )
    return Article(name, tuple(kept), clauses, unrealised, vocabularies)


def normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


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
            "ORG": tuple(
                sorted(t for t, n in acting.items() if plain.fullmatch(t) and n >= 2 and len(t) > 3)
            ),
            "NORP": tuple(sorted(t for t, n in counts["NORP"].items() if plain.fullmatch(t) and n >= 4)),
        }
    )


def window(one: Article, index: int, *, event: Clause | None, random_: random.Random) -> Passage | None:
    """A window of two to five sentences around one; the others do not tell of `event`."""
    sentences = one.sentences
    wanted, most = random_.randint(2, 5), random_.randint(70, MAX_WORDS)
    first = last = index
    count = len(sentences[index].text.split())
    open_left = open_right = True
    while last - first + 1 < wanted or count < MIN_WORDS:
        left = open_left and first > 0
        right = open_right and last + 1 < len(sentences)
        if not left and not right:
            break
        to_left = left and (not right or random_.random() < 0.45)
        next_ = first - 1 if to_left else last + 1
        words = len(sentences[next_].text.split())
        fits = count + words <= most and not (event and tells(one, next_, event))
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


def tells(one: Article, index: int, event: Clause) -> bool:
    """Whether a sentence seems to tell of the clause's event: its verb or noun, or both its names."""
    verb = VERBS.get(event.verb)
    marks = {event.verb, *((verb.noun,) if verb and verb.noun else ())}
    if verb:
        marks |= {other for other in verb.others if " " not in other}
    if marks & one.vocabularies[index]:
        return True
    text = one.sentences[index].text.lower()
    heads = [phrase.head.lower() for phrase in (event.agent, event.patient) if phrase]
    return len(heads) == 2 and all(head in text for head in heads)


def answered(
    passage: Passage, said: str | None, question: str, answer: str, kind: str, *, span: Phrase | None = None
) -> Row:
    """An answerable row; empty where the answer does not stand in the target. `span`: its place there."""
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


def refused(passage: Passage, said: str | None, question: str, kind: str, *, tempting: str = "") -> Row:
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


def locate(text: str, wanted: str, *, after: int = 0, before: int | None = None) -> tuple[int, int] | None:
    """Where the words stand, whole, whatever their case; None where they do not."""
    if not wanted:
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)", re.IGNORECASE)
    spot = pattern.search(text, after, len(text) if before is None else before)
    return spot.span() if spot else None
