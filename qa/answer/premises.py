"""Whether a sentence speaks of what the question takes for granted: its year, its person and no namesake, the
women's race and no other, the dead where the dead are counted.

Takes a Part, a Span and the Article that it stands in. Knows no models.
"""

from __future__ import annotations

from itertools import takewhile

import regex

from qa.answer.values import is_given_name, sentence_of, sentence_text
from qa.english import lexicon
from qa.english.names import TITLES, name_spans
from qa.english.words import STOP_WORDS, bag, fold, root, words
from qa.types import Article, Part, Span

NAMESAKE_CHARS = (
    300  # before a sentence without the name, in which the last one of that surname is looked for
)
_YEAR = regex.compile(r"(?<![\w.,$£€-])(?:19|20)\d\d(?!\w|[.,]\d)")
_APOSTROPHE = regex.compile("[’']")
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
        known = given and given not in TITLES and demand.sure and f"{given} {surname}" in fold(article.text)
        other = _last_of_surname(span, surname) if known else []
        if other and given not in other and is_given_name(other[-2].title()) and not told & set(other):
            return True
    return False


def _last_of_surname(span: Span, surname: str) -> list[str]:
    """The name that the sentence gives to whom the surname belongs, else the last one before it; empty where
    a bare surname or nobody stands there."""
    start, end = (place - span.passage.start for place in sentence_of(span))
    text = span.passage.text
    here = _of_surname(text[start:end], surname)
    if not here and surname in words(text[start:end]):
        return []
    names = here or _of_surname(text[max(0, start - NAMESAKE_CHARS) : start], surname)[-1:]
    titled = [list(_less_titles(name)) for name in names]
    return titled[-1] if titled and all(len(name) > 1 for name in titled) else []


def _of_surname(text: str, surname: str) -> list[list[str]]:
    names = [words(text[start:end]) for start, end in name_spans(text)]
    return [name for name in names if name[-1:] == [surname]]


def _less_titles(name: list[str]) -> list[str]:
    titles = list(takewhile(lambda word: word in TITLES | STOP_WORDS, name))
    return name[len(titles) :]


def _lacks_distinction(part: Part, article: Article) -> bool:
    """The question asks of the women's, the junior or the indoor one, and the article has no such word."""
    asked = set(words(_APOSTROPHE.sub("", part.question))) & lexicon.words("distinguishing")
    there = bag(f"{article.title} {article.text}")
    return any(word not in there and word.removesuffix("s") not in there for word in asked)


def _counts_no_harm(part: Part, span: Span) -> bool:
    """The dead or the injured are counted, and no word of the sentence tells of any."""
    if part.expects != "number" or not part.name.startswith("how many"):
        return False
    if not _HARMED & set(map(root, words(part.question))):
        return False
    return not lexicon.words("toll_words") & set(words(sentence_text(span)))
