"""Picks the sentences that settle or sum up: takes a Plan and its Hits, gives sentences as Values, in order.

For questions whose answer is a sentence: yes or no, "tell me about …", "what happened to …", and for what
comes closest when nothing answers. Counts words, weighed by how rare they are among the hits.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa.answer.values import BULLET, Value, is_headline
from qa.english.names import CALENDAR, bag, content_words, listed, names_in, rarity, stem, words
from qa.english.sentences import sentences
from qa.types import Article, Hit, Passage, Plan, Span

SETTLES = 0.6  # share of the question's weight that a sentence must carry to settle it
COMPARES = 0.3  # the same for one side of a comparison, whose clause says more than any one sentence
TELLS = 0.5
CLOSE = 3  # sentences shown when nothing answers
OF_AN_ARTICLE = 2  # sentences, as long as other articles say something
SENTENCES = 4  # of an answer to "tell me about"
DATED = 30  # sentences of a timeline; more is a list, not an overview
PASSAGE_SHARE = 0.25  # words that stand only in the rest of the passage count so much
READ_SHARE = 0.5  # what the reader's probability adds
TITLED = 0.2  # what is added where the title holds all of the topic, when summing up
LEANS = 0.3  # taken off a sentence that does not stand alone, when summing up
EARLY = 0.1  # what standing at the head of the article adds: news says the most important first
REFUSED = 2.5  # cost in logits of missing names from which a sentence is not about the question
REFUSED_SIDE = 4.0  # the same for a side, which is looked for in the article that was named
SAME_SENTENCE = 0.55  # share of words in common (Jaccard) from which two sentences say the same
SHORTEST_WORDS = 5  # captions settle nothing, and neither do headings

# Words that ask for a summary, and with a few more those that are no topic.
_SUMS_UP = frozenset(
    listed(
        """happened happen happening latest new summary summarize summarise overview background details
        information going describe explain situation today"""
    )
)
_NO_TOPIC = (
    _SUMS_UP | CALENDAR | frozenset(listed("headline headlines story stories top current recent more"))
)
_ASKS = frozenset(("what", "about", "tell", "say", "says", "more"))  # "then" asks for nothing
_TOPICLESS = _SUMS_UP | {"case", "true", "whether"}
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
    plan: Plan,
    hits: Sequence[Hit],
    *,
    article_of: Callable[[str], Article],
    missing: Callable[[str, Article, int, int], float],
    read: Sequence[Span] = (),
    side: bool = False,
) -> list[Value]:
    """The sentences that answer, in reading order; one for a yes-or-no question, empty when none does.

    `side`: one side of a comparison is asked for. It is shown, not decided, so that less must be met.

    `missing` says in logits what a sentence lacks of the question's names; `read` are the reader's spans.
    """
    least = COMPARES if side else SETTLES if plan.kind == "yes_no" else TELLS
    question = plan.searches[0] if len(plan.searches) == 1 else plan.question
    found = [
        sentence
        for sentence in _scored(
            question, hits, article_of, read, known_only=side, sum_up=plan.kind == "about"
        )
        if sentence.score >= least
        and missing(question, article_of(sentence.passage.article_id), sentence.start, sentence.end)
        < (REFUSED_SIDE if side else REFUSED)
    ]
    best = _distinct(_spread(found), SENTENCES if plan.kind == "about" else 1)
    if plan.kind == "about":
        best.sort(key=lambda sentence: (sentence.rank, sentence.start))
    return [_value(sentence) for sentence in best]


def has_no_topic(plan: Plan) -> bool:
    """Whether it asks for the news as such: "What happened this week?", "The latest headlines"."""
    if plan.kind != "about":
        return False
    asked = plan.searches[0]
    named = [word for name in names_in(asked) for word in words(name)]
    outlets = [word for outlet in plan.filters.outlets for word in words(outlet)]
    told = {word for word in [*content_words(asked), *named] if not word.isdigit()}
    return told <= _NO_TOPIC.union(outlets)


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


def closest(plan: Plan, hits: Sequence[Hit], *, article_of: Callable[[str], Article]) -> list[Span]:
    """The sentences nearest to the question, best first, for saying what the articles do say."""
    found = _distinct(_scored(plan.question, hits, article_of, ()), CLOSE)
    return [_value(sentence).span for sentence in found]


def dated(
    plan: Plan,
    hits: Sequence[Hit],
    *,
    article_of: Callable[[str], Article],
    cluster_of: Callable[[str], str],
    missing: Callable[[str, Article, int, int], float],
) -> list[Span]:
    """The best sentence of each story that speaks of the topic, oldest first, undated last; copies once."""
    topic = plan.searches[0]
    kept: dict[str, _Sentence] = {}
    for sentence in _scored(topic, hits, article_of, ()):
        article = article_of(sentence.passage.article_id)
        if sentence.score >= TELLS and missing(topic, article, sentence.start, sentence.end) < REFUSED:
            kept.setdefault(cluster_of(article.id), sentence)
    spans = [_value(sentence).span for sentence in _distinct(list(kept.values()), DATED)]
    return sorted(spans, key=lambda span: article_of(span.passage.article_id).day or "9999")


def _value(sentence: _Sentence) -> Value:
    probability = min(1.0, sentence.score)
    said = Span(sentence.passage, sentence.start, sentence.end, probability)
    return Value((said,), probability, probability)


def _scored(
    question: str,
    hits: Sequence[Hit],
    article_of: Callable[[str], Article],
    read: Sequence[Span],
    *,
    known_only: bool = False,
    sum_up: bool = False,
) -> list[_Sentence]:
    """All sentences of the hits, best first. `known_only`: words that no hit has count nothing.

    `sum_up`: a question without a topic of its own asks for the first sentences of the best article.
    """
    topic = [word for word in content_words(question) if word not in _TOPICLESS]
    asked = content_words(question)
    whole = _SUMS_UP.intersection(asked) if asked else _ASKS.intersection(words(question))
    if not topic and not (sum_up and whole):
        topic = asked or words(question)
    weights = rarity(topic, [hit.passage.text for hit in hits])
    if known_only:
        there = bag(" ".join(hit.passage.text for hit in hits))
        weights = {word: weight for word, weight in weights.items() if word in there}
    found = []
    for rank, hit in enumerate(hits):
        article = article_of(hit.passage.article_id)
        titled = TITLED * (sum_up and all(word in bag(article.title) for word in topic))
        around = bag(f"{article.title} {article.outlet or ''} {hit.passage.text}")
        for text, first, last in _sentences_of(hit.passage):
            score = _carried(topic, weights, text, around.text)
            if score or known_only:  # the reader alone does not make a sentence speak of the topic
                score += READ_SHARE * max(
                    (span.score for span in read if _holds(hit, first, last, span)), default=0.0
                )
            score += EARLY * (1 - first / max(1, len(article.text))) if score else 0.0
            tells = titled - LEANS * (sum_up and _LEANS.search(text) is not None)
            if topic or hit.passage.article_id == hits[0].passage.article_id:
                found.append(_Sentence(hit.passage, first, last, score, rank, tells))
    found.sort(key=lambda sentence: (-sentence.score - sentence.tells, sentence.rank, sentence.start))
    return found


def _sentences_of(passage: Passage) -> Iterator[tuple[str, int, int]]:
    """The sentences that can be quoted: the text, and its offsets in the article without a bullet."""
    for start, end in sentences(passage.text):
        text = passage.text[start:end]
        if len(words(text)) >= SHORTEST_WORDS and not is_headline(text):
            bullet = BULLET.match(text)
            yield text, passage.start + start + (bullet.end() if bullet else 0), passage.start + end


def _holds(hit: Hit, start: int, end: int, span: Span) -> bool:
    return span.passage.article_id == hit.passage.article_id and start <= span.start and span.end <= end


def _carried(topic: Sequence[str], weights: dict[str, float], text: str, around: str) -> float:
    total = sum(weights.values())
    if not total:  # "What is this article about?": its first sentences
        return 1.0
    here, near = bag(text), bag(around)
    carried = sum(
        weight * (1.0 if word in here else PASSAGE_SHARE if word in near else 0.0)
        for word, weight in weights.items()
    )
    return carried / total


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
            map(stem, content_words(sentence.passage.text[sentence.start - offset : sentence.end - offset]))
        )
        if all(len(mine & other) < SAME_SENTENCE * max(1, len(mine | other)) for _, other in kept):
            kept.append((sentence, mine))
        if len(kept) == count:
            break
    return [sentence for sentence, _ in kept]
