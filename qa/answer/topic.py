"""A topic over time: which articles speak of it, what they say of it by day, and whom they name beside it.

Takes words and hits, gives ids, quotes and names. Nothing here is an answer: it is what there is to read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from qa.answer.figures import Change, changes
from qa.answer.retrieve import lexical_words
from qa.english import lexicon
from qa.english.months import CALENDAR
from qa.english.names import TITLES, names_in
from qa.english.places import is_nation
from qa.english.words import bag, content_words, fold, words
from qa.types import Article, Filters, Hit, Quote

if TYPE_CHECKING:
    from qa.store.store import Store

TOPIC_HITS = 1_000  # passages among which the articles of a topic are counted
READ_FOR_NAMES = 40  # articles; who is named in none of these is not of the topic
NAMES = 10  # shown
NAMED_WORDS = 4  # of a name; what is longer is a heading
TWICE = 2  # articles that name it, or mentions in the only one that speaks of the topic
_ENDS = (".", "!", "?", "”", '"', "’")  # of a line that is no heading


@dataclass(frozen=True, slots=True)
class Topic:
    """What the store holds of a topic. `events` are oldest first, undated last; `articles` are ids, all that
    speak of it, best first, where there are not `more`; `names` those that most of these articles name, with
    how many do."""

    events: tuple[Quote, ...]
    articles: tuple[str, ...]
    names: tuple[tuple[str, int], ...]
    more: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "events": [_event(*pair) for pair in zip(self.events, changes(self.events), strict=True)],
            "articles": list(self.articles),
            "names": [{"name": name, "articles": count} for name, count in self.names],
            "more": self.more,
        }


def _event(quote: Quote, change: Change | None) -> dict[str, Any]:
    """The quote; with `change` where an earlier one of the same story gives another figure."""
    return {**quote.to_dict(), **({"change": asdict(change)} if change else {})}


def topic_of(topic: str, events: Sequence[Quote], store: Store, *, within: Filters) -> Topic:
    """The topic, with the events that were found of it and the articles that `within` admits."""
    hits, _ = store.search(lexical_words(topic), None, k=TOPIC_HITS, filters=within)
    told = (quote.article.id for quote in events)
    articles = tuple(dict.fromkeys([*speaking(topic, hits), *told]))
    read = store.current(articles[:READ_FOR_NAMES])
    names = names_beside(topic, list(read.values()))
    return Topic(tuple(events), articles, tuple(names), more=len(hits) == TOPIC_HITS)


def speaking(topic: str, hits: Iterable[Hit]) -> list[str]:
    """The articles, by id, of the passages that hold every word of the topic in some form, in order."""
    asked = content_words(topic) or words(topic)
    found = dict.fromkeys(hit.passage.article_id for hit in hits if mentions(hit.passage.text, asked))
    return list(found)


def mentions(text: str, asked: Sequence[str]) -> bool:
    """Whether the text holds each of these folded words in some form; False for none."""
    there = bag(text)
    return bool(asked) and all(word in there for word in asked)


def names_beside(topic: str, articles: Sequence[Article]) -> list[tuple[str, int]]:
    """The names that stand in most of these articles, without the topic's own, and in how many they do."""
    asked = set(words(topic)) | {word for article in articles for word in words(article.outlet or "")}
    standing: Counter[str] = Counter()
    mentioned: Counter[str] = Counter()
    for article in articles[:READ_FOR_NAMES]:
        named = _named(article)
        standing.update(named.keys())
        mentioned.update(named)
    counts = standing if len(articles) > 1 else mentioned
    told = [name for name, count in counts.items() if count >= TWICE and not asked & set(words(name))]
    told.sort(key=lambda name: (-standing[name], -mentioned[name], name))
    return [(name, standing[name]) for name in told[:NAMES]]


def _named(article: Article) -> Counter[str]:
    """How often each name stands in the article's sentences, in the longest form that it has there."""
    lines = (line for line in article.text.split("\n") if line.rstrip().endswith(_ENDS))
    found = Counter(name for line in lines for name in map(_bare, names_in(line)) if _is_telling(name))
    longest: dict[str, str] = {}
    for name in sorted(found, key=lambda name: (-len(name.split()), name)):
        longest.setdefault(words(name)[-1], name)
    total: Counter[str] = Counter()
    for name, count in found.items():
        total[longest[words(name)[-1]]] += count
    return total


def _bare(name: str) -> str:
    """ "Barack Obama" of "President Barack Obama", "Zelensky" of "Ukrainian President Zelensky"."""
    parts = name.split()
    while (
        parts
        and not is_nation(" ".join(parts))
        and (fold(parts[0]).rstrip(".") in TITLES or (len(parts) > 1 and _is_no_part(parts[0])))
    ):
        del parts[0]
    return " ".join(parts)


def _is_no_part(word: str) -> bool:
    return word in lexicon.heads("nations") or word == "The"


def _is_telling(name: str) -> bool:
    """Whether it names somebody or something by itself: not "Russian", not "Monday"."""
    own = words(name)
    return (
        0 < len(own) <= NAMED_WORDS
        and (len(own) > 1 or (len(name) > 3 and not name.isupper()))
        and name not in lexicon.heads("nations")
        and fold(name).split()[0] not in CALENDAR
    )
