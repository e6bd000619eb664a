"""What is seen of a span beside the reader's score: small named features, most of them yes or no.

The reader looks at a passage; this looks at the question's own demands. A name, place or year that it insists
on must stand near the answer; "how many" wants a number; words of the question are no answer to it. What each
feature costs is said in `qa.answer.trust`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice, takewhile
from typing import TYPE_CHECKING

import regex

from qa.answer.apposition import is_role
from qa.answer.cues import cues
from qa.answer.roles import is_other_role, roles
from qa.answer.trust import (
    ELSEWHERE,
    NEXT_SENTENCE,
    NOWHERE,
    SAME_PASSAGE,
    SAME_SENTENCE,
    TITLE_OR_LEDE,
    WORD_AT,
)
from qa.answer.values import (
    BREAK,
    BULLET,
    CLAUSE,
    LINK,
    SCALE_AFTER,
    beside,
    is_given_name,
    is_name,
    is_superseding,
    sentence_of,
    sentence_text,
)
from qa.english import lexicon, phrases
from qa.english.demands import met
from qa.english.names import TITLES
from qa.english.numbers import number
from qa.english.places import place_in
from qa.english.sentences import each_sentence, sentences
from qa.english.words import STOP_WORDS, Bag, alike, bag, content_words, fold, root, words
from qa.question.grammar import TOKEN, counted_noun
from qa.question.parts import denies
from qa.types import Article, Demand, Expected, Part, Span

if TYPE_CHECKING:
    from qa.models.read import Candidate, Reading

LEDE_SENTENCES = 2
DATELINE_CHARS = 40  # a city, a state and an opening bracket
OPTION_WORDS, OPTIONS_CHARS = 8, 300  # of an answer that a quiz offers, and of those above it
RIVAL_MOST = 8.0  # logits; beyond that a passage has one answer
NAME_CHARS = 40  # in which the last word of a name stands
COUNTED_WORDS = 3  # behind a number, of which one is what it counts: "9,600 adult volunteers"
SHORT_FORM = 3  # letters that a given name and its short form have in common
LONG_WORDS = 12  # a name, place, time or number takes fewer words

_PERSON_WORDS = bag(" ".join(sorted(lexicon.words("person_nouns"))))
_APPOSED = re.compile(r",?\s+(?:[A-Z][\w.]*\s+){1,5}[A-Z][\w-]+(?=[,.’'\s])(?!\s+[A-Z])")
_FULL_NAME = re.compile(r"\b[A-Z][a-z]+\.?\s+(?:[A-Z]\.\s+)?[A-Z][a-z]+(?:[-’'](?!s\b)\w+)*")
_TIME = re.compile(
    r"\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*\b|day"
    r"|night|morning|evening|noon"
    r"|week|month|year|decade|centur|hour|minute|spring|summer|autumn|fall|winter|today|tomorrow|ago|now"
    r"|after|before|beginning|during|since|\b(?:end|start|times?)\b|(?<!-)\b(?:age|era|period|war)\b"
    r"|until|when|while|soon|recent|earlier|later|christmas|easter|ramadan|thanksgiving|term|season",
    re.IGNORECASE,
)
# "beat", "fending off a challenge from", "victory over", and a few words that describe who comes next
_BEATEN = re.compile(
    r"\b(?:beat|beats|beating|defeat(?:s|ed|ing)|thrash(?:es|ed|ing)|trounc(?:es|ed|ing)|rout(?:s|ed|ing)"
    r"|fend(?:s|ed|ing)\s+off|oust(?:s|ed|ing)|edg(?:es|ed|ing)\s+(?:out|past)|overc[oa]m(?:e|es|ing)"
    r"|eliminat(?:es|ed|ing)|unseat(?:s|ed|ing)|(?:victory|win|wins|won|triumph\w*|prevail\w*)\s+(?:over|against))"
    r"(?:\s+(?!(?:after|and|as|at|because|before|but|by|for|in|of|on|that|through|to|when|while|who|with)\s)"
    r"[\w’'.-]+){0,7}\s+$"
)
_NUMBER_OF_NAME = re.compile(r"\b(?!(?:The|An?|In|On|At|By|About|Over|Some)\s)[A-Z][\w’-]*[^\S\n]+$")
_COUNTS_NO_MORE = re.compile(r"[^\S\n]+(?:at|by|for|from|has|in|is|on|to|was|with)\b|[^\S\n]*(?:[^\w\s]|$)")
_NAME_AFTER = re.compile(r"[^\S\n]+(?P<name>[A-Z][\w’'-]*)")
_NEXT_NUMBER = re.compile(r"\s\d{1,2}\.?$")
_LENGTH_OF_TIME = re.compile(
    r"^[\w.,]+(?:[-\s](?!an?\b|per\b|each\b)\w+)?[-\s](?:year|month|week|day|hour|minute|second)s?\b",
    re.IGNORECASE,
)
_DATES_BEFORE = re.compile(
    r"\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:\s+\d{1,2}(?:st|nd|rd|th)?)?,?"
    r"|in|since|until|by|of|from|before|after|early|late)\s+$",
    re.IGNORECASE,
)
_COUNTED_AFTER = re.compile(r"[^\S\n]+[a-z]+s\b")
_AMOUNT = re.compile(r"\b(?:no|none|dozens?|scores|hundreds?|thousands?|millions?|billions?|half|third"
r"|quarter|most|all|several|few|little|many|nothing|free|vast|single|couple|pair|twice|double|triple"
r"|majority|first|infinite\w*|\w+fold|second)\b", re.IGNORECASE)  # fmt: skip
_FIGURE = rf"[$£€]?\d[\d.,]*(?:{SCALE_AFTER.pattern})?"
_FIGURES = re.compile(rf"{_FIGURE}(?:,?\s(?:and|to)\s{_FIGURE})*")
_NO_WORDS = lexicon.words("no_answers")
# Counted apart, told in a breath.
_TOLLS = (("kill", "die", "death", "fatality"), ("injure", "wound", "hurt"))
_PLACE = re.compile(r"(?![\d\s,.%$]+\w*\Z)(?s:.*?)[^\W\d_]{2}")  # letters that are no unit of a number

_DOERS = ("er", "or", "ist", "man", "men", "ian", "ant", "ent", "ee", "eer", "ess")
# What a place costs and a way to its words, nearest first: those of a whole article are seldom needed.
Areas = Sequence[tuple[float, Callable[[], Bag]]]


def is_no_answer(part: Part, span: Span, article: Article) -> bool:
    """Whether the span cannot be one: it repeats the question, or is a scrap of the page around the text."""
    return (
        _is_echo(part, span)
        or _is_dateline(span)
        or ("address" not in part.aims and _is_in_link(span))
        or (part.expects == "person" and _is_apposition(span, part.demands))
        or is_other_role(part, span)
        or ("doer" in part.aims and _describes_asked(span, part.demands))
        or _is_of_another_kind(part, span)
        or ("doer" in part.aims and _is_elsewhere(part, span, article))
        or _is_option(article.text, *sentence_of(span))
    )


def features(
    part: Part, span: Span, article: Article, *, elsewhere: Sequence[Article] = (), given: bool = False
) -> dict[str, float]:
    """The features of a span that stands in the article; those of which nothing was seen are left out.

    `missing` is in logits; `far_words`, `sentence_words` and `clause_words` are shares; the others are 1.
    `elsewhere` are further articles that the question is about: each may hold some of its names. `given` says
    that the text came with the question: it is about it, in whatever words.
    """
    areas = _areas(article, *sentence_of(span), (span.passage.start, span.passage.end))
    seen = {
        "missing": sum(_missing(part.demands, article, areas, elsewhere)),
        "far_words": 0.0 if given else _far_words(part.words, areas),
        "sentence_words": _share(part.words, areas[0][1]()),
        "clause_words": _share(part.words, bag(_clause(span))),
        "in_title": float(span.start == 0 and "\n" not in span.passage.text[: span.end - span.passage.start]),
        f"asks_{part.expects}": 1.0,
        "asks_why": float(part.name == "why"),
        **dict.fromkeys(cues(part, span), 1.0),
        **dict.fromkeys(roles(part, span), 1.0),
        **dict.fromkeys(_about_another(part, span), 1.0),
        **dict.fromkeys(_misfits(part, span), 1.0),
    }
    return {name: value for name, value in seen.items() if value}


def as_read(candidate: Candidate, reading: Reading, every: Sequence[Reading] = ()) -> dict[str, float]:
    """What the reader says of a span, in logits; what it does not know is left out.

    `margin` is over "no answer", `rival` over the best other span of the passage, at most RIVAL_MOST. The
    gaps are to the best of `every` passage that was read for the same question: 0 for the best.
    """
    margin = candidate.start + candidate.end - (reading.nothing or 0.0)
    others = [one.start + one.end for one in reading.spans if one is not candidate]
    rival = candidate.start + candidate.end - max(others) if others else RIVAL_MOST
    relevances = [one.relevance for one in every if one.relevance is not None]
    known = {
        "relevance": reading.relevance,
        "relevance_gap": reading.relevance - max(relevances) if relevances and reading.relevance else None,
        "early": reading.early,
        "happened": candidate.happened,
        "event_happened": candidate.asked,
        "claimed": candidate.claimed,
    }
    seen = {
        "margin": margin,
        "margin_gap": margin - max((_margin(one) for one in every if one.spans), default=margin),
        "rival": max(-RIVAL_MOST, min(rival, RIVAL_MOST)),
        "span_words": math.log(1 + len(candidate.span.text.split())),
    }
    return seen | {name: value for name, value in known.items() if value is not None}


def _margin(reading: Reading) -> float:
    """Of the best span over "no answer"."""
    return max(one.start + one.end for one in reading.spans) - (reading.nothing or 0.0)


def missing(demands: Sequence[Demand], article: Article, start: int, end: int) -> float:
    """What `article.text[start:end]` and its surroundings lack of the names and numbers, in logits."""
    return sum(_missing(demands, article, _areas(article, start, end, (start, end))))


# Names and numbers


def _missing(
    wanted: Sequence[Demand],
    article: Article,
    areas: Areas,
    elsewhere: Sequence[Article] = (),
) -> list[float]:
    """The cost of each demand, by the nearest place that shows most of it; one of many weighs less."""
    costs = []
    for demand in wanted:
        if _is_year_of(demand, article):
            continue
        share, nearness = _nearest(demand, areas)
        if share < 1 and elsewhere:
            others = max(max(met(demand, bag(other.text)), met(demand, _head(other))) for other in elsewhere)
            share, nearness = max((share, nearness), (others, -ELSEWHERE))
        nowhere = NOWHERE / (1 if demand.source else math.sqrt(len(wanted)))
        costs.append(-nearness * share + nowhere * (1 - share))
    return costs


def _nearest(demand: Demand, areas: Areas) -> tuple[float, float]:
    """The largest share of the demand that a place shows, and how near the nearest such place is."""
    best = (0.0, -math.inf)
    for cost, place in areas:
        best = max(best, (met(demand, place()), -cost))
        if best[0] == 1:
            break
    return best


def _areas(article: Article, start: int, end: int, passage: tuple[int, int]) -> Areas:
    return [
        (SAME_SENTENCE, partial(bag, article.text[start:end])),
        (NEXT_SENTENCE, partial(_around, article, start, end)),
        (TITLE_OR_LEDE, partial(_head, article)),
        (SAME_PASSAGE, partial(bag, article.text[passage[0] : passage[1]])),
        (ELSEWHERE, partial(bag, article.text)),
    ]


@lru_cache(maxsize=512)
def _around(article: Article, start: int, end: int) -> Bag:
    """The words from the sentence before to the sentence after."""
    near = sentences(article.text, *_lines_around(article.text, start, end))
    before = max((s for s, e in near if e <= start), default=start)
    after = min((e for s, e in near if s >= end), default=end)
    return bag(article.text[before:after])


def _lines_around(text: str, start: int, end: int) -> tuple[int, int]:
    """From the line before, blank ones left out, to the line after."""
    before = len(text[: text.rfind("\n", 0, start) + 1].rstrip())
    after = len(text) - len(text[_end_of_line(text, end) :].lstrip())
    return text.rfind("\n", 0, before) + 1, _end_of_line(text, after)


def _end_of_line(text: str, start: int) -> int:
    found = text.find("\n", start)
    return len(text) if found < 0 else found


@lru_cache(maxsize=512)
def _head(article: Article) -> Bag:
    """Title, first sentences, outlet and author: what holds for every sentence of an article."""
    first = islice(each_sentence(article.text), LEDE_SENTENCES + 1)
    lede = " ".join(article.text[start:end] for start, end in first)
    return bag(" \n".join(part for part in (article.title, article.outlet, article.author, lede) if part))


def _is_year_of(demand: Demand, article: Article) -> bool:
    (word, *others) = demand.words
    return not others and article.published is not None and word == article.published[:4]


# The other words


def _far_words(plain: Sequence[str], areas: Areas) -> float:
    """How far from the answer the question's plain words stand: 0 all beside it, 1 none in the article."""
    if not plain:
        return 0.0
    far = [
        next(
            (share for share, (_, place) in zip(WORD_AT, areas, strict=False) if word in place()), WORD_AT[-1]
        )
        for word in plain
    ]
    return sum(far) / len(far)


def _share(plain: Sequence[str], there: Bag) -> float:
    """The share of the words that stand there; 1 where there are none."""
    return sum(word in there for word in plain) / len(plain) if plain else 1.0


def _about_another(part: Part, span: Span) -> Iterator[str]:
    """What tells that the sentence is about somebody else than the question.

    It names persons, but none of those in the question, besides the answer.
    """
    wanted = part.demands
    if not wanted:
        return
    sentence = sentence_text(span)
    here, asked, told = bag(sentence), bag(part.question), bag(span.text)
    if any(demand.words[-1] in here for demand in wanted if not demand.words[-1].isdigit()):
        return
    others = [name for name in _FULL_NAME.findall(sentence) if words(name)[-1] not in asked]
    if any(words(name)[-1] not in told for name in others):
        yield "other_person"


def _placed(span: Span) -> tuple[str, int, int]:
    """The passage's text, and where in it the span stands."""
    return span.passage.text, span.start - span.passage.start, span.end - span.passage.start


# The words of the answer


def _is_echo(part: Part, span: Span) -> bool:
    """Whether the span only repeats the question, or names again the person that it asks about."""
    asked = bag(part.question)
    told = content_words(span.text)
    every = told or words(span.text)
    if all(word in asked or word in _NO_WORDS for word in every) and _stand_together(told, part.question):
        return True
    if _is_part_of_asked_name(part, span):
        return True
    named_again = any(
        every[-1] == demand.words[-1] and not _is_namesake(span, demand) for demand in part.demands
    )
    return part.expects == "person" and named_again and not is_role(span.text)  # "the mayor of Ely"


def _is_namesake(span: Span, demand: Demand) -> bool:
    """Whether the span is a name with the surname that was asked about and another given name: neither the
    same nor short for it, as "Bernie" is for "Bernard"."""
    *given, _ = demand.words
    *before, _ = span.text.split()
    if not given or not before or not is_name(span) or not is_given_name(before[-1]):
        return False
    return all(fold(before[-1])[:SHORT_FORM] != name[:SHORT_FORM] for name in given)


def _stand_together(told: Sequence[str], question: str) -> bool:
    """Whether the words follow each other in the question: "Tower Theatre" is new where it asks "Tower
    District is centered around which historic theatre?"."""
    order = [root(word) for word in content_words(question)]
    wanted = [root(word) for word in told]
    return len(told) < 2 or any(
        order[first : first + len(wanted)] == wanted for first in range(len(order) - len(wanted) + 1)
    )


def _is_part_of_asked_name(part: Part, span: Span) -> bool:
    """Whether the span begins the very name that was asked about: "Yaroslav" of Yaroslav Moskalik."""
    after = _NAME_AFTER.match(span.passage.text, span.end - span.passage.start)
    if after is None or not is_name(span) or "given_name" in part.aims:
        return False
    return any(words(after["name"])[-1:] == [demand.words[-1]] for demand in part.demands)


def _is_apposition(span: Span, wanted: tuple[Demand, ...]) -> bool:
    """Whether the span describes the very person who was asked about: "a general, Lt. Gen. Igor Kirillov"."""
    text, end = span.passage.text, span.end - span.passage.start
    named = _APPOSED.match(text, end)
    return named is not None and any(words(named.group())[-1] == demand.words[-1] for demand in wanted)


def _describes_asked(span: Span, wanted: tuple[Demand, ...]) -> bool:
    """Whether the span stands behind a name of the question and a comma: "Moskalik, deputy chief of the
    staff", which says who he is and not who did it to him."""
    text, start, _ = _placed(span)
    before = text[:start].removesuffix("the ").removesuffix("a ").removesuffix("an ")
    ahead, name = (["", "", *words(before[-NAME_CHARS:])])[-2:]
    if not before.endswith(", ") or is_name(span) or ahead in lexicon.words("place_prepositions"):
        return False  # "In Ely, the mayor …", "Ely’s mayor, Ann Smith"
    return any(name == demand.words[-1] for demand in wanted)


def _is_dateline(span: Span) -> bool:
    """Whether the span is the agency in "London (CNN) —", which opens an article and answers nothing."""
    text, start, end = _placed(span)
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return len(line) < DATELINE_CHARS and line.rstrip().endswith("(") and text[end : end + 1] == ")"


def _is_in_link(span: Span) -> bool:
    """Whether the span is a piece of a web address, "8GLU4vaDXU" of "pic.twitter.com/8GLU4vaDXU"."""
    start, end = span.start - span.passage.start, span.end - span.passage.start
    return any(link.start() <= start and end <= link.end() for link in LINK.finditer(span.passage.text))


def _is_option(text: str, start: int, end: int) -> bool:
    """Whether the sentence is one of the answers that a quiz offers below its question, no item of a list."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    if not _may_be_option(text[start:end]) or BULLET.fullmatch(before):
        return False
    above = text[max(0, start - OPTIONS_CHARS) : start].replace("? ", "?\n").splitlines()
    lines = [line.rstrip() for line in reversed(above) if line.strip()]
    others = list(takewhile(_may_be_option, lines))
    below = text[end : end + OPTIONS_CHARS].lstrip().partition("\n")[0]
    asks = lines[len(others) :][:1]
    return bool(asks) and asks[0].endswith("?") and bool(others or _may_be_option(below))


def _may_be_option(line: str) -> bool:
    """Whether a line is a few words, neither a sentence nor a question; a number that follows is left off."""
    words_alone = _NEXT_NUMBER.sub("", line.strip())
    return 0 < len(words_alone.split()) <= OPTION_WORDS and words_alone[-1] not in ".!?…:"


def _is_of_another_kind(part: Part, span: Span) -> bool:
    """Whether the span can be no number, time or sum such as is asked for: it holds none, or counts something
    else; or it is the "group" of "no group"."""
    kind = part.expects
    if kind in ("number", "time", "span") and not _fits(kind, span):
        return True
    if kind == "number" and (
        _is_other_toll(part.question, span) or ("sum" in part.aims and _counts_time(span))
    ):
        return True
    if kind == "person" and not _fits(kind, span) and not _acts(words(span.text)):
        return True
    text, start, _ = _placed(span)
    nobody = set(words(span.text)) <= lexicon.words("no_persons")
    return kind == "person" and (nobody or words(text[max(0, start - 4) : start])[-1:] == ["no"])


def _acts(told: Sequence[str]) -> bool:
    """Whether a word is formed as those are that name who does something: "baker", "tourists"."""
    return any(word.removesuffix("s").endswith(_DOERS) for word in told)


def _is_elsewhere(part: Part, span: Span, article: Article) -> bool:
    """Whether nothing of a question of several words stands near."""
    asked = [*part.words, *(demand.words[-1] for demand in part.demands)]
    near = _around(article, *sentence_of(span))
    return len(asked) > 1 and not any(word in near for word in asked)


def _misfits(part: Part, span: Span) -> Iterator[str]:
    """What tells that the words are of the wrong kind for the question."""
    kind = part.expects
    if not _fits(kind, span):
        yield "wrong_kind"
    if part.name == "who" and kind == "any" and is_name(span) and words(span.text)[-1] not in TITLES:
        yield "another_name"
    if kind != "any" and len(span.text.split()) > LONG_WORDS:
        yield "too_long"
    if part.name == "why" and _is_no_reason(span):
        yield "no_reason"
    if _is_alone(span):
        yield "alone"
    if kind == "number" and (_is_other_toll(part.question, span) or _numbers_a_name(span)):
        yield "counts_other"
    if kind == "number":
        yield from _counted(part.question, span)
        if _is_superseded(span):
            yield "superseded"
    if "sum" in part.aims and _counts_time(span):
        yield "no_sum"
    if "winner" in part.aims and _is_beaten(span):
        yield "beaten"
    if kind == "person" and "denial" not in part.aims:
        clause = _clause(span)
        if phrases.first(clause, "nobody_phrases"):
            yield "nobody"
        elif denies(clause):
            yield "denied"


def _is_other_toll(question: str, span: Span) -> bool:
    """Whether the span counts the injured where the dead are asked for, or the other way round."""
    asked, told = (
        [any(word in there for word in toll) for toll in _TOLLS]
        for there in (bag(question), bag(_clause(span, CLAUSE)))
    )
    return sum(asked) == sum(told) == 1 and asked != told


def _counted(question: str, span: Span) -> Iterator[str]:
    """Whether what the number counts is what the question asks to count: "180 jobs", not "three weeks"."""
    wanted = counted_noun(question)
    text, _, end = _placed(span)
    following = [match.group().lower() for match in islice(TOKEN.finditer(text, end), COUNTED_WORDS)]
    nouns = [*words(span.text), *takewhile(str.isalpha, following)]
    if not wanted:
        return
    persons = wanted in _PERSON_WORDS and any(word in _PERSON_WORDS for word in nouns)
    if persons or any(alike(word, wanted) for word in nouns):
        yield "counts_asked"
    elif nouns and (nouns[-1] in lexicon.words("units_of_time") or _COUNTED_AFTER.match(text, end)):
        yield "counts_unasked"


def _is_superseded(span: Span) -> bool:
    """Whether the clause says that the figure no longer holds: "which at first gave a magnitude of 5.9"."""
    start = sentence_of(span)[0] - span.passage.start
    before = span.passage.text[start : span.start - span.passage.start]
    return is_superseding(before)


def _numbers_a_name(span: Span) -> bool:
    """Whether the number belongs to the name before it and counts nothing: "Super Bowl 57", "Windows 10"."""
    text, start, end = _placed(span)
    bare = span.text.isdecimal() and len(span.text) <= 3
    named = _NUMBER_OF_NAME.search(text, max(0, start - 30), start) if bare else None
    return named is not None and _COUNTS_NO_MORE.match(text, end) is not None


def _counts_time(span: Span) -> bool:
    """Whether the number says how long: "four years", which is no sum of money."""
    return _LENGTH_OF_TIME.search(span.passage.text[span.start - span.passage.start :][:40]) is not None


def _is_no_reason(span: Span) -> bool:
    """Whether the span is conceded or in doubt, "despite the rain" or "whether it rains", or only a sum."""
    text, start, _ = _placed(span)
    before = text[max(0, start - 30) : start]
    conceded = phrases.closing(before, "concessions") or phrases.opening(span.text, "concessions")
    return conceded is not None or _FIGURES.fullmatch(span.text) is not None


def _is_beaten(span: Span) -> bool:
    """Whether the span tells who was beaten."""
    text, start, _ = _placed(span)
    return _BEATEN.search(text, max(0, start - 120), start) is not None


def _is_alone(span: Span) -> bool:
    """Whether the sentence that the span stands in holds no other word."""
    return len(words(sentence_text(span))) == len(words(span.text))


def _fits(kind: Expected, span: Span) -> bool:
    text = span.text
    if kind == "number":
        if _is_year(span):
            return False
        return number(text) is not None or _AMOUNT.search(text) is not None
    if kind == "time":
        bare = (len(text) < 3 or "," in text) and text.replace(",", "").isdigit()
        is_sum = any(mark in text for mark in "$£€%")
        return _TIME.search(text) is not None and not is_sum and not bare
    if kind == "span":
        return _TIME.search(text) is not None and not all(mark.isdecimal() or mark in ".," for mark in text)
    if kind == "person":
        named = any(match.group()[0].isupper() for match in TOKEN.finditer(text))
        return named or any(word in _PERSON_WORDS for word in words(text))
    if kind in ("country", "state"):
        return place_in(text, kind) is not None
    if kind == "city":
        return _is_named(text) and place_in(text, "country") != (0, len(text))
    if kind == "name":
        return _is_named(text)
    if kind == "place":
        return _PLACE.match(text) is not None
    return True


def _is_year(span: Span) -> bool:
    """Whether the number dates something and counts nothing: "April 25, 2025", not "in 2025 homes"."""
    text, start, end = _placed(span)
    year = span.text.isdigit() and len(span.text) == 4 and span.text[:2] in ("19", "20")
    dates = year and _DATES_BEFORE.search(text, max(0, start - 20), start)
    return bool(dates) and _COUNTED_AFTER.match(text, end) is None


def _is_named(text: str) -> bool:
    """Whether a word of the text, small words apart, has a capital or a digit."""
    return any(
        not word[0].islower() and word.lower() not in STOP_WORDS
        for word in (match.group() for match in TOKEN.finditer(text))
        if word[0].isalnum()
    )


def _clause(span: Span, at: regex.Pattern[str] = BREAK) -> str:
    """The stretch between commas, or what else `at` matches, that the span stands in."""
    before, after = beside(span)
    return at.split(before)[-1] + span.text + at.split(after)[0]
