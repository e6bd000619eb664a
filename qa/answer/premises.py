"""Whether a sentence speaks of what the question takes for granted: its year, its person and no namesake, the
women's race and no other, the dead where the dead are counted.

Takes a Part, a Span and the Article that it stands in. Knows no models.
"""

from __future__ import annotations

from itertools import takewhile

import regex

from qa.answer.values import is_given_name, sentence_text
from qa.english import lexicon
from qa.english.names import TITLES, name_spans
from qa.english.words import bag, fold, root, words
from qa.types import Article, Part, Span

_YEAR = regex.compile(r"(?<![\w.,$£€-])(?:19|20)\d\d(?!\w|[.,]\d)")
_ORDERS = frozenset(("before", "after", "since", "until", "than", "by", "from", "ago"))
_HARMED = frozenset(map(root, ("kill", "die", "injure", "wound", "hurt", "perish")))


def is_of_another(part: Part, span: Span, article: Article) -> bool:
    """Whether the sentence of the span speaks of another year, person, contest or count than the question."""
    return (
        _is_of_another_year(part, span)
        or _is_of_namesake(part, span, article)
        or _lacks_distinction(part, article)
        or _counts_no_harm(part, span)
    )


def _is_of_another_year(part: Part, span: Span) -> bool:
    """The sentence names a year, and the question another: "a walkout in 2021" to one of 2025."""
    asked = set(_YEAR.findall(part.question))
    if not asked or part.expects == "time" or _ORDERS & set(words(part.question)):
        return False
    told = set(_YEAR.findall(sentence_text(span))) - {span.text}
    return bool(told) and not told & asked


def _is_of_namesake(part: Part, span: Span, article: Article) -> bool:
    """The sentence speaks of somebody of the same surname with another first name; the article names both."""
    told = set(words(span.text))
    for demand in part.demands:
        given, surname = demand.words[-2:] if len(demand.words) > 1 else ("", "")
        known = given and given not in TITLES and demand.sure and _is_named(f"{given} {surname}", article)
        other = _full_name_in(sentence_text(span), surname) if known else []
        if other and given not in other and is_given_name(other[-2].title()) and not told & set(other):
            return True
    return False


def _is_named(name: str, article: Article) -> bool:
    """Whether the article names that person, and writes the surname always with a capital, unlike "army"."""
    surname = name.rpartition(" ")[2]
    return name in fold(article.text) and regex.search(rf"\b{regex.escape(surname)}\b", article.text) is None


def _full_name_in(sentence: str, surname: str) -> list[str]:
    """The words of the last full name with that surname in the sentence, without titles; empty where a bare
    surname or nobody of that name stands there."""
    names = [_less_titles(name) for name in _of_surname(sentence, surname)]
    return names[-1] if names and all(len(name) > 1 for name in names) else []


def _of_surname(text: str, surname: str) -> list[list[str]]:
    spans = [(start, end) for start, end in name_spans(text) if text[end : end + 2] not in ("’s", "'s")]
    names = [words(text[start:end]) for start, end in spans]
    return [name for name in names if name[-1:] == [surname]]


def _less_titles(name: list[str]) -> list[str]:
    titles = list(takewhile(lambda word: word in TITLES, name))
    return name[len(titles) :]


def _lacks_distinction(part: Part, article: Article) -> bool:
    """The question asks of the women's, the junior or the indoor one, and the article has no such word."""
    asked = set(words(part.question.replace("’", "").replace("'", ""))) & lexicon.words("distinguishing")
    there = bag(f"{article.title} {article.text}")
    return any(word not in there and word.removesuffix("s") not in there for word in asked)


def _counts_no_harm(part: Part, span: Span) -> bool:
    """The dead or the injured are counted, and no word of the sentence tells of any."""
    if part.expects != "number" or not part.name.startswith("how many"):
        return False
    if not _HARMED & set(map(root, words(part.question))):
        return False
    return not lexicon.words("toll_words") & set(words(sentence_text(span)))
