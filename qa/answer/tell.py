"""Picks the sentences that settle or sum up: takes a Plan and its Hits, gives sentences as Values, in order.

For questions whose answer is a sentence: yes or no, "tell me about …", "what happened to …", and for what
comes closest when nothing answers. Counts words, weighed by how rare they are among the hits.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from qa.answer.features import missing
from qa.answer.roles import asks_for_harm
from qa.answer.shelf import Shelf
from qa.answer.trust import (
    COMPARES,
    EARLY,
    LEANS,
    READ_SHARE,
    REFUSED,
    REFUSED_SIDE,
    SETTLES,
    TELLS,
    settles,
)
from qa.answer.values import BULLET, Value, is_headline, is_in_post
from qa.english import phrases
from qa.english.sentences import each_sentence, sentences
from qa.english.words import bag, content_words, rarity, root, words
from qa.types import Article, Hit, Passage, Plan, Search, Span

NEAR = 0.2  # share of the weight of the words asked for that a sentence near to the question holds
CLOSE = 3  # sentences shown when nothing answers
OF_AN_ARTICLE = 2  # sentences, as long as other articles say something
NEARLY_AS_MUCH = 4.0  # logits below the best one: a second sentence is shown
WORDS_WEIGH = 2.0  # logits that the question's words add, all of them, beside the reader
RANKED = 12  # sentences that the reader ranks for a yes-or-no question
SETTLING = 2  # sentences shown for one
LEDE_SENTENCES = 2  # news says in them what it is about
SENTENCES = 4  # of an answer to "tell me about"
DATED = 30  # sentences of a timeline; more is a list, not an overview
MORE_WORDS = 3  # beyond those of the headline, in a sentence that tells what happened
SAME_SENTENCE = 0.55  # share of words in common (Jaccard) from which two sentences say the same
SHORTEST_WORDS = 5  # captions settle nothing, and neither do headings

# Speech, a heading, or what goes on from the sentence before.
_LEANS = re.compile(
    r"^\W*[\"“'‘\[]|^[a-z]|^(?:It|This|That|These|Those|They|He|She|But|And|So|Then|Also|Since then)\b"
    r"|\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Yy]ou|[Yy]our)\b|[^.!”\"’)]$"
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    passage: Passage
    start: int
    end: int
    score: float
    rank: int
    tells: float = 0.0  # how well it stands by itself, for choosing among those that speak of the topic


def tell(
    plan: Plan, hits: Sequence[Hit], shelf: Shelf, *, read: Sequence[Span] = (), side: bool = False
) -> list[Value]:
    """The sentences that answer, in reading order; one for a side of a comparison, empty when none does.

    `side`: one side of a comparison is asked for. It is shown, not decided, so that less must be met. `read`
    are the reader's spans.
    """
    sums_up = plan.kind == "about"
    least = COMPARES if side else SETTLES if plan.kind == "yes_no" else TELLS
    (search,) = plan.searches
    found = _scored(search.topic, hits, shelf, read, known_only=side, sums_up=sums_up)
    speaking = [
        sentence
        for sentence in found
        if sentence.score >= least and _missing(search, sentence, shelf) < (REFUSED_SIDE if side else REFUSED)
    ]
    if not sums_up:
        return [_value(sentence) for sentence in _distinct(speaking, 1)]
    chosen = _told_first([one for one in speaking if _heads(search, one, shelf)] or speaking, plan, shelf)
    best = _distinct(_spread(chosen), SENTENCES)
    order = {sentence.passage.article_id: place for place, sentence in reversed(list(enumerate(chosen)))}
    best.sort(key=lambda sentence: (order[sentence.passage.article_id], sentence.start))
    return [_value(sentence) for sentence in best]


def _heads(search: Search, sentence: _Sentence, shelf: Shelf) -> bool:
    """Whether the title or the first sentences of its article speak of all of the topic."""
    article = shelf.article(sentence.passage.article_id)
    first = islice(each_sentence(article.text), LEDE_SENTENCES)
    lede = " ".join(article.text[start:end] for start, end in first)
    there = bag(f"{article.title} {lede}")
    return all(word in there for word in search.topic)


def _told_first(found: Sequence[_Sentence], plan: Plan, shelf: Shelf) -> list[_Sentence]:
    """The sentences, newest article first and one article a story where the latest is asked for."""
    if not plan.latest:
        return list(found)
    newest = sorted(found, key=lambda one: shelf.day(one.passage.article_id) or "", reverse=True)
    told: dict[str, str] = {}
    for one in newest:
        told.setdefault(shelf.cluster(one.passage.article_id), one.passage.article_id)
    return [one for one in newest if told[shelf.cluster(one.passage.article_id)] == one.passage.article_id]


def settling(
    plan: Plan,
    hits: Sequence[Hit],
    shelf: Shelf,
    rank: Callable[[str, Sequence[Passage]], list[float]],
    *,
    least: float = -math.inf,
) -> list[Value]:
    """The sentences that settle a yes-or-no question, or give a reason, best first; empty when none does.

    Those with most of its words are ranked by `rank`, which says how much a passage is about a question: a
    denial seldom uses the question's words. `least` is the logit that one needs.
    """
    (search,) = plan.searches
    found = _distinct(_scored(search.topic, hits, shelf), RANKED)
    about = rank(plan.question, [_alone(sentence) for sentence in found])
    ranked = sorted(zip(found, about, strict=True), key=lambda pair: -pair[1] - WORDS_WEIGH * pair[0].score)
    best = ranked[0][1] if ranked else 0.0
    settled = [
        sentence
        for sentence, its in ranked
        if its >= least and its >= best - NEARLY_AS_MUCH and _missing(search, sentence, shelf) < REFUSED
    ]
    return [_value(sentence) for sentence in settled[:SETTLING]]


def trusted_to_settle(
    settled: Sequence[Value], question: str, rank: Callable[[str, Sequence[Passage]], list[float]]
) -> list[Value]:
    """The same with their trust, which the best one's words tell and how much its passage is about the
    yes-or-no question. Empty for none."""
    if not settled:
        return []
    (around,) = rank(question, [settled[0].span.passage])
    trust = settles(around, settled[0].score)
    return [replace(value, trust=trust) for value in settled]


def _alone(sentence: _Sentence) -> Passage:
    """The sentence as a passage of its own."""
    offset = sentence.passage.start
    text = sentence.passage.text[sentence.start - offset : sentence.end - offset]
    return Passage(sentence.passage.article_id, sentence.start, sentence.end, text)


def _missing(search: Search, sentence: _Sentence, shelf: Shelf) -> float:
    article = shelf.article(sentence.passage.article_id)
    return missing(search.demands, article, sentence.start, sentence.end)


def lead(article: Article, passages: Sequence[Passage]) -> Value | None:
    """The first sentence in these passages that speaks most of what the title does; None without any.

    What stands before it is often a caption, an appeal or a scene.
    """
    titled, title = content_words(article.title), words(article.title)
    best: tuple[int, _Sentence] | None = None
    for passage in passages:
        for text, start, end in _sentences_of(passage):
            if title and words(text)[: len(title)] == title:
                continue
            there = bag(text)
            shared = sum(word in there for word in titled)
            if best is None or shared > best[0]:
                best = shared, _Sentence(passage, start, end, 1.0, 0)
    return _value(best[1]) if best else None


def closest(plan: Plan, hits: Sequence[Hit], shelf: Shelf) -> list[Span]:
    """The sentences nearest to the question, best first, for saying what the articles do say; none where no
    sentence holds enough of its words. Where who killed or hurt somebody is asked, first what says whether
    anybody has owned up to it."""
    near = [one for one in _scored(plan.topic, hits, shelf) if one.score >= NEAR]
    if asks_for_harm(plan.parts[0]):
        near.sort(key=lambda one: not _tells_of_owning_up(plan, one))
    found = _distinct(near, CLOSE)
    return [_value(sentence).span for sentence in found]


def _tells_of_owning_up(plan: Plan, sentence: _Sentence) -> bool:
    """Whether it names what the question insists on, and says that somebody or nobody has owned up to it."""
    text = _alone(sentence).text
    named = all(demand.words[-1] in bag(text) for demand in plan.parts[0].demands)
    return named and phrases.first(text, "owning_up") is not None


def dated(plan: Plan, hits: Sequence[Hit], shelf: Shelf) -> list[Span]:
    """The best sentence of each story that speaks of the topic, oldest first, undated last; copies once.

    One that says no more than the headline is told only where the story has no other.
    """
    search = plan.searches[0]
    kept: dict[str, _Sentence] = {}
    bare: dict[str, _Sentence] = {}
    for sentence in _scored(search.topic or content_words(search.text), hits, shelf, sums_up=True):
        if sentence.score >= TELLS and _missing(search, sentence, shelf) < REFUSED:
            article = shelf.article(sentence.passage.article_id)
            found = kept if _says_more(sentence, article) else bare
            found.setdefault(shelf.cluster(article.id), sentence)
    others = [sentence for story, sentence in bare.items() if story not in kept]
    spans = [_value(sentence).span for sentence in _distinct([*kept.values(), *others], DATED)]
    return sorted(spans, key=lambda span: shelf.day(span.passage.article_id) or "9999")


def _says_more(sentence: _Sentence, article: Article) -> bool:
    """Whether it has content words beyond the headline's."""
    titled = bag(article.title)
    said = content_words(article.text[sentence.start : sentence.end])
    return sum(word not in titled for word in said) >= MORE_WORDS


def _value(sentence: _Sentence) -> Value:
    probability = min(1.0, sentence.score)
    said = Span(sentence.passage, sentence.start, sentence.end, probability)
    return Value((said,), probability, probability)


def _scored(
    topic: Sequence[str],
    hits: Sequence[Hit],
    shelf: Shelf,
    read: Sequence[Span] = (),
    *,
    known_only: bool = False,
    sums_up: bool = False,
) -> list[_Sentence]:
    """All sentences of the hits, best first; without a topic those of the best article, first ones first.

    `known_only`: words that no hit has count nothing. `sums_up`: sentences that stand by themselves are
    wanted.
    """
    weights = rarity(topic, [hit.passage.text for hit in hits])
    if known_only:
        there = bag(" ".join(hit.passage.text for hit in hits))
        weights = {word: weight for word, weight in weights.items() if word in there}
    found = []
    for rank, hit in enumerate(hits):
        article = shelf.article(hit.passage.article_id)
        for text, first, last in _sentences_of(hit.passage):
            score = _carried(weights, text)
            if score or known_only:  # the reader alone does not make a sentence speak of the topic
                score += READ_SHARE * max(
                    (span.score for span in read if _holds(hit, first, last, span)), default=0.0
                )
            score += EARLY * (1 - first / max(1, len(article.text))) if score else 0.0
            tells = -LEANS * (sums_up and _LEANS.search(text) is not None)
            if topic or hit.passage.article_id == hits[0].passage.article_id:
                found.append(_Sentence(hit.passage, first, last, score, rank, tells))
    found.sort(key=lambda sentence: (-sentence.score - sentence.tells, sentence.rank, sentence.start))
    return [sentence for sentence in found if not is_in_post(_value(sentence).span)] or found


def _sentences_of(passage: Passage) -> Iterator[tuple[str, int, int]]:
    """The sentences that can be quoted: the text, and its offsets in the article without a bullet."""
    for start, end in sentences(passage.text):
        text = passage.text[start:end]
        if len(words(text)) >= SHORTEST_WORDS and not is_headline(text):
            bullet = BULLET.match(text)
            yield text, passage.start + start + (bullet.end() if bullet else 0), passage.start + end


def _holds(hit: Hit, start: int, end: int, span: Span) -> bool:
    return span.passage.article_id == hit.passage.article_id and start <= span.start and span.end <= end


def _carried(weights: dict[str, float], text: str) -> float:
    """The share of the topic's weight that a sentence holds; 1 where there is no topic."""
    total = sum(weights.values())
    if not total:
        return 1.0
    here = bag(text)
    return sum(weight for word, weight in weights.items() if word in here) / total


def _spread(found: Sequence[_Sentence]) -> list[_Sentence]:
    """The same with those behind the first OF_AN_ARTICLE of each article last."""
    seen: Counter[str] = Counter()
    first: list[_Sentence] = []
    later: list[_Sentence] = []
    for sentence in found:
        seen[sentence.passage.article_id] += 1
        (first if seen[sentence.passage.article_id] <= OF_AN_ARTICLE else later).append(sentence)
    return first + later


def _distinct(found: Sequence[_Sentence], count: int) -> list[_Sentence]:
    """The first so many sentences that do not say what a better one has said."""
    kept: list[tuple[_Sentence, frozenset[str]]] = []
    for sentence in found:
        offset = sentence.passage.start
        mine = frozenset(
            map(root, content_words(sentence.passage.text[sentence.start - offset : sentence.end - offset]))
        )
        if all(len(mine & other) < SAME_SENTENCE * max(1, len(mine | other)) for _, other in kept):
            kept.append((sentence, mine))
        if len(kept) == count:
            break
    return [sentence for sentence, _ in kept]
