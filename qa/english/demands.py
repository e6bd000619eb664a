"""What a question insists on: takes a question, gives the names, quoted titles and numbers that the text
around an answer must show; and tells how much of one a text shows. Knows no articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import regex

from qa.english import lexicon
from qa.english.months import CALENDAR, DAY_AND_MONTH
from qa.english.names import TITLES, is_headline, name_spans
from qa.english.words import STOP_WORDS, Bag, content_words, fold, words
from qa.types import Demand

_QUOTED = regex.compile(r"[“\"]([^”\"]{2,60}?)[,.]?[”\"]")
_LONGEST_TITLE = 5  # words that carry meaning; a longer quotation is what somebody said
_NUMBER = regex.compile(rf"{DAY_AND_MONTH}|(?<![\w.])\$?(?P<number>\d+(?:[.,]\d+)*)", regex.IGNORECASE)
_SHORTEST_PLACE = 4  # letters of a place written small
_INITIALS = range(2, 7)  # letters of an acronym


def demands(question: str) -> tuple[Demand, ...]:
    """The names, quoted titles and numbers that an answer's surroundings must show, each once.

    Weekdays and months are no names here: time words are another matter. Without capitals ("killed in paris")
    what follows a preposition of place is taken for a name, unsurely.
    """
    found: list[Demand] = []
    plain = question
    for match in _QUOTED.finditer(question):
        title = _less_calendar(content_words(match.group(1)))
        if title and len(title) <= _LONGEST_TITLE:
            found.append(Demand(title))
            plain = plain.replace(match.group(), " " * len(match.group()))
    found += _named(plain) if _has_case(plain) else _places_written_small(plain)
    numbers = (match["number"] for match in _NUMBER.finditer(plain))
    found += [Demand((number.replace(",", ""),)) for number in numbers if number]
    return tuple(dict.fromkeys(found))


def _less_calendar(all_words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in all_words if word not in CALENDAR)


def _has_case(question: str) -> bool:
    """Whether capitals mean something here: neither all small nor Every Word A Capital."""
    return any(map(str.isupper, question[1:])) and not is_headline(question, share=0.9, least=4)


def _named(question: str) -> Iterator[Demand]:
    for start, end in name_spans(question):
        name = _less_calendar([word for word in words(question[start:end]) if word not in STOP_WORDS])
        if name and not (len(name) == 1 and (name[0] in TITLES or len(name[0]) == 1)):
            yield Demand(name, source=_is_source(question[:start], question[end:]))


def _is_source(before: str, after: str) -> bool:
    """Whether a name between these is that of a report's source: "the article by …", "the … article"."""
    reports = lexicon.words("report_nouns")
    following = [word for word in words(after)[:2] if word != "s"][:1]  # the "’s" of the name
    leading = [word for word in words(before)[-4:] if word not in ("the", "both")][-2:]
    by = len(leading) == 2 and leading[1] in ("from", "by", "in")
    return any(word.removesuffix("s") in reports for word in [*following, *leading[:1] * by])


def _places_written_small(question: str) -> Iterator[Demand]:
    all_words = [word for word in words(question) if word != "the"]
    for before, word in pairwise(all_words):
        no_place = (
            not word.isalpha() or word in STOP_WORDS or word in CALENDAR or word in lexicon.words("no_places")
        )
        if before in lexicon.words("place_prepositions") and len(word) >= _SHORTEST_PLACE and not no_place:
            yield Demand((word,), sure=False)


def met(demand: Demand, there: Bag) -> float:
    """How much of the demand a text shows, 0 to 1: its head counts half, the rest the other half.

    Countries, bodies and acronyms are known under their other names ("EU", "European Union").
    """
    if len(demand.words) == 1:
        return float(demand.words[0] in there or _by_another_name(demand.words, there))
    head = float(demand.words[-1] in there)
    rest = [word for word in demand.words[:-1] if word not in TITLES]
    if not rest:
        return head or float(_by_another_name(demand.words, there))
    share = sum(word in there for word in rest) / len(rest)
    return 1.0 if head + share == 0 and _by_another_name(demand.words, there) else (head + share) / 2


def _by_another_name(name: Sequence[str], there: Bag) -> bool:
    whole = " ".join(name)
    for one, others in lexicon.table("other_names").items():
        group = (one, *others)
        if whole in group or name[-1] in group:
            folded = fold(there.text)
            return any(there.has(alias) or (" " in alias and alias in folded) for alias in group)
    if len(name) > 1:  # European Union -> EU
        return there.has("".join(word[0] for word in name))
    return len(whole) in _INITIALS and whole.isalpha() and whole in _initials(there.text)


@lru_cache(maxsize=512)
def _initials(text: str) -> str:
    """The first letters of the words in order, those between names left out: "fda" is in those of "the Food
    and Drug Administration"."""
    return "".join(word[0] for word in words(text) if word not in ("of", "and", "the", "for"))
