"""Lowers the probability of spans that cannot be the answer: takes a part, its spans and their articles.

The reader looks at a passage; this looks at the question's own demands. A name, place or year that it
insists on must stand near the answer; "how many" wants a number; words of the question are no answer to it.
Costs are in logits, so that a calibrated probability stays one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice, takewhile

from qa.answer.values import BULLET, SCALE_AFTER, is_name, sentence_of, sentence_text, tidy
from qa.english.names import (
    STOP_WORDS,
    TITLES,
    Bag,
    Demand,
    bag,
    content_words,
    demands,
    listed,
    met,
    number,
    stem,
    words,
)
from qa.english.places import place_in
from qa.english.sentences import each_sentence, sentences
from qa.question.grammar import Expected, expected, split_sentences
from qa.types import Article, Part, Span

# Where a demanded name stands, and what its distance from the answer costs, in logits.
SAME_SENTENCE, NEXT_SENTENCE, TITLE_OR_LEDE, SAME_PASSAGE, ELSEWHERE = 0.0, 0.5, 0.7, 1.0, 1.5
OTHER_ARTICLE = 1.5  # of the several that the question is about
NOWHERE = 5.0  # even a reader that is 99 % sure (logit 4.6) falls below an even chance
UNSURE_NOWHERE = 4.0  # the same for words that only look like names
OTHER_WORDS = 2.0  # if none of the question's other words stands in the article; less where some are near
WORD_AT = (0.0, 0.2, 0.4, 0.4, 0.7, 1.0)  # share of that by the same five places, and for nowhere
COMPETES = 0.7  # the sentence names somebody else and not the one who was asked about
SUFFERS = 3.5  # the same, and the sentence tells what was done to the answer
WRONG_KIND = 4.0  # "when" answered with a name
NOBODY, DENIED = 3.0, 1.0  # "no group has claimed …" answers no question for who has; "did not claim" seldom
HOPELESS = 0.01  # a probability that no ranking makes an answer of
LEDE_SENTENCES = 2
DATELINE_CHARS = 40  # a city, a state and an opening bracket
ALONE = 3.0  # a heading or an item of a list says nothing of what was asked
BEATEN = 3.0  # "won, fending off Marine Le Pen" does not say that she won
OPTION_WORDS, OPTIONS_CHARS = 8, 300  # of an answer that a quiz offers, and of those above it
LONG_WORDS, TOO_LONG = 12, 3.0  # a name, place, time or number takes fewer words

_PERSON_WORDS = bag(
    "man woman men women boy girl child children people person police officer officers soldier soldiers"
    " troops student students worker workers family mother father son daughter wife husband brother sister"
    " doctor teacher driver pilot gunman suspect suspects militants rebels protesters residents voters"
    " customers company group team government authorities officials scientists researchers players fans judge"
    " jury court army service agency president king queen minister lawmaker politician leader owner member"
    " friend neighbor neighbour parents couple passenger tourist immigrant migrant refugee detainee prisoner"
    " inmate activist lawyer prosecutor investigator inspector engineer contractor expert party coalition"
    " consortium council congress parliament senate committee representatives supporters opposition nurse"
    " patient victim survivor farmer crew body"
    " citizen individual scholar critic consumer fighter"
)
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
_SUFFERS = re.compile(
    r",?\s+(?:was|were|is|are|has been|have been|had been|being)\s+(?:\w+ly\s+)?(?P<what>\w+ed)\b"
)
# "the killing of Kirillov", for a question that asks who did something
_VICTIM_OF = re.compile(
    r"\b(?:killing|murder|assassination|death|shooting|stabbing|poisoning|arrest|abduction|kidnapping)s?"
    r"\s+of\s+(?:the\s+)?(?:[A-Z][\w.]*\s+)*$"
)
_WHO_DID = re.compile(
    r"(?:by\s+)?who\s+(?!is\b|are\b|was\b|were\b|died\b|has been\b|have been\b)", re.IGNORECASE
)
_WON = re.compile(
    r"\b(?:w[io]ns?|winners?|victor(?:y|ies|ious)|champions?|beat|beats|beating|defeat(?:s|ed|ing)"
    r"|triumph\w*|crowned|elected)\b",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"\b(?:lose|loses|losing|lost|losers?|beaten|runners?-up|opponents?|rivals?|suffered|eliminated|over|against"
    r"|did\s.+\s(?:beat|defeat)|defeated\s+by|(?:was|were|been|be)\s+(?:\w+\s+)?defeated)\b",
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
_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<![\w.@-])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+", re.IGNORECASE)
_OF_LINKS = re.compile(
    r"\b(?:accounts?|address(?:es)?|handles?|links?|online|pages?|sites?|urls?|web\w*)\b", re.IGNORECASE
)
_NEXT_NUMBER = re.compile(r"\s\d{1,2}\.?$")
_OF_THE_NAME = re.compile(r"\b(?:first|full|given|middle|christian)\s+names?\b", re.IGNORECASE)
_SUM = re.compile(r"(?:for\s+|by\s+)?how\s+much\b(?!\s+(?:time|longer|older|later|earlier)\b)", re.IGNORECASE)
_LENGTH_OF_TIME = re.compile(
    r"^[\w.,]+(?:[-\s](?!an?\b|per\b|each\b)\w+)?[-\s](?:year|month|week|day|hour|minute|second)s?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATES_BEFORE = re.compile(
    r"\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:\s+\d{1,2}(?:st|nd|rd|th)?)?,?"
    r"|in|since|until|by|of|from|before|after|early|late)\s+$",
    re.IGNORECASE,
)
_COUNTED_AFTER = re.compile(r"[^\S\n]+[a-z]+s\b")
_BARE_NUMBER = re.compile(r"\d{1,2}|\d{1,3}(?:,\d{3})+")
_AMOUNT = re.compile(r"\b(?:no|none|dozens?|scores|hundreds?|thousands?|millions?|billions?|half|third"
r"|quarter|most|all|several|few|little|many|nothing|free|vast|single|couple|pair|twice|double|triple"
r"|majority|first|infinite\w*|\w+fold|second)\b", re.IGNORECASE)  # fmt: skip
_CONCEDES = re.compile(r"(?:despite|in\s+spite\s+of|although|though|whether)\s", re.IGNORECASE)
_FIGURE = rf"[$£€]?\d[\d.,]*(?:{SCALE_AFTER.pattern})?"
_FIGURES = re.compile(rf"{_FIGURE}(?:,?\s(?:and|to)\s{_FIGURE})*")
_CONCEDED = re.compile(rf"\b{_CONCEDES.pattern}(?:(?:the|an?|its|their|his|her)\s)?$", re.IGNORECASE)
_NO_WORDS = frozenset(
    listed(
        """a an and at by for from he her his in it its of on or our she that the their these they this those
    to we with"""
    )
)
# Counted apart, told in a breath.
_TOLLS = (("kill", "die", "death", "fatality"), ("injure", "wound", "hurt"))
_NOBODY = re.compile(
    r"\b(?:no (?:one|other|group|country|person|company|side|party|team)|nobody|none)\b", re.IGNORECASE
)
_BREAK = re.compile(r"[,;:–—]")
_BREAK_OR_AND = re.compile(r"[,;:–—]|\b(?:and|but|while)\b")
_DENIAL = re.compile(r"\b(?:never|not|denie[sd]|refused? to)\b|n['’]t\b", re.IGNORECASE)

# What a place costs and a way to its words, nearest first: those of a whole article are seldom needed.
Areas = Sequence[tuple[float, Callable[[], Bag]]]


def judge(
    part: Part,
    spans: Iterable[Span],
    *,
    article_of: Callable[[str], Article],
    elsewhere: Sequence[Article] = (),
    given: bool = False,
) -> list[Span]:
    """The spans, tidied, each with the probability that is left of its own, best first.

    `elsewhere` are further articles that the question is about: each may hold some of its names. `given` says
    that the text came with the question: it is about it, in whatever words.
    """
    kind = expected(part)
    wanted = demands(part.question)
    carried = _carried(split_sentences(part.question)[-1], wanted)
    judged = []
    for raw in spans:
        span = tidy(raw, kind) if raw.score >= HOPELESS else None
        if span is None or _is_echo(part.question, span, wanted, kind) or _is_dateline(span):
            continue
        if _is_in_link(span) and not _OF_LINKS.search(part.question):
            continue
        if kind == "person" and _is_apposition(span, wanted):
            continue
        article = article_of(span.passage.article_id)
        sentence = sentence_of(span)
        if _is_option(article.text, *sentence):
            continue
        areas = _areas(article, *sentence, (span.passage.start, span.passage.end))
        cost = (
            sum(_costs(wanted, article, areas, elsewhere))
            + (0.0 if given else _far(carried, areas))
            + _competing(wanted, span, part.question, kind)
            + _misfit(part, kind, span)
        )
        judged.append(replace(span, score=_less(span.score, cost)))
    return sorted(judged, key=lambda span: -span.score)


def lacking(question: str, article: Article, start: int, end: int) -> float:
    """What `article.text[start:end]` and its surroundings lack of the question's names, in logits."""
    return sum(_costs(demands(question), article, _areas(article, start, end, (start, end))))


def _less(probability: float, cost: float) -> float:
    if cost == 0:
        return probability
    inside = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(cost - math.log(inside / (1 - inside))))


# Names and numbers


def _costs(
    wanted: tuple[Demand, ...],
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
            share, nearness = max((share, nearness), (others, -OTHER_ARTICLE))
        nowhere = NOWHERE if demand.sure else UNSURE_NOWHERE
        nowhere /= 1 if demand.source else math.sqrt(len(wanted))
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


def _carried(question: str, wanted: tuple[Demand, ...]) -> list[str]:
    named = {word for demand in wanted for word in demand.words}
    return [word for word in content_words(question) if word not in named]


def _far(carried: list[str], areas: Areas) -> float:
    """The cost of the question's plain words that stand far from the answer or nowhere."""
    if not carried:
        return 0.0
    far = [
        next(
            (share for share, (_, place) in zip(WORD_AT, areas, strict=False) if word in place()), WORD_AT[-1]
        )
        for word in carried
    ]
    return OTHER_WORDS * sum(far) / len(far)


def _competing(wanted: tuple[Demand, ...], span: Span, question: str, kind: Expected) -> float:
    """The cost of a sentence that is about somebody else than the question.

    It names persons, but none of those in the question, besides the answer; or it says what was done to the
    answer, and not what was asked: "Kirillov was killed" does not say who killed Moskalik.
    """
    if not wanted:
        return 0.0
    sentence = sentence_text(span)
    here, asked, told = bag(sentence), bag(question), bag(span.text)
    if any(demand.words[-1] in here for demand in wanted if not demand.words[-1].isdigit()):
        return 0.0
    text, start, end = span.passage.text, span.start - span.passage.start, span.end - span.passage.start
    suffers = _SUFFERS.match(text, end)
    suffered = suffers is not None and not asked.has(suffers["what"].lower())
    if kind == "person" and (suffered or (_WHO_DID.match(question) and _VICTIM_OF.search(text[:start]))):
        return SUFFERS
    others = [name for name in _FULL_NAME.findall(sentence) if words(name)[-1] not in asked]
    return COMPETES if any(words(name)[-1] not in told for name in others) else 0.0


# The words of the answer


def _is_echo(question: str, span: Span, wanted: tuple[Demand, ...], kind: Expected) -> bool:
    """Whether the span only repeats the question, or names again the person that it asks about."""
    asked = bag(question)
    told = content_words(span.text)
    every = told or words(span.text)
    if all(word in asked or word in _NO_WORDS for word in every) and _stand_together(told, question):
        return True
    if _is_part_of_asked_name(question, span, wanted):
        return True
    return kind == "person" and any(every[-1] == demand.words[-1] for demand in wanted)


def _stand_together(told: Sequence[str], question: str) -> bool:
    """Whether the words follow each other in the question: "Tower Theatre" is new where it asks "Tower
    District is centered around which historic theatre?"."""
    order = [stem(word) for word in content_words(question)]
    wanted = [stem(word) for word in told]
    return len(told) < 2 or any(
        order[first : first + len(wanted)] == wanted for first in range(len(order) - len(wanted) + 1)
    )


def _is_part_of_asked_name(question: str, span: Span, wanted: tuple[Demand, ...]) -> bool:
    """Whether the span begins the very name that was asked about: "Yaroslav" of Yaroslav Moskalik."""
    after = _NAME_AFTER.match(span.passage.text, span.end - span.passage.start)
    if after is None or not is_name(span) or _OF_THE_NAME.search(question):
        return False
    return any(words(after["name"])[-1:] == [demand.words[-1]] for demand in wanted)


def _is_apposition(span: Span, wanted: tuple[Demand, ...]) -> bool:
    """Whether the span describes the very person who was asked about: "a general, Lt. Gen. Igor Kirillov"."""
    text, end = span.passage.text, span.end - span.passage.start
    named = _APPOSED.match(text, end)
    return named is not None and any(words(named.group())[-1] == demand.words[-1] for demand in wanted)


def _is_dateline(span: Span) -> bool:
    """Whether the span is the agency in "London (CNN) —", which opens an article and answers nothing."""
    text, start, end = span.passage.text, span.start - span.passage.start, span.end - span.passage.start
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return len(line) < DATELINE_CHARS and line.rstrip().endswith("(") and text[end : end + 1] == ")"


def _is_in_link(span: Span) -> bool:
    """Whether the span is a piece of a web address, "8GLU4vaDXU" of "pic.twitter.com/8GLU4vaDXU"."""
    start, end = span.start - span.passage.start, span.end - span.passage.start
    return any(link.start() <= start and end <= link.end() for link in _LINK.finditer(span.passage.text))


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


def _misfit(part: Part, kind: Expected, span: Span) -> float:
    cost = 0.0 if _fits(kind, span) else WRONG_KIND
    if part.name == "who" and kind == "any" and is_name(span) and words(span.text)[-1] not in TITLES:
        cost += WRONG_KIND  # "Who is Keir Starmer?" does not ask for another name
    if kind != "any" and len(span.text.split()) > LONG_WORDS:
        cost += TOO_LONG
    if part.name == "why" and _is_no_reason(span):
        cost += WRONG_KIND
    if _is_alone(span):
        cost += ALONE
    if kind == "number" and (_is_other_toll(part.question, span) or _numbers_a_name(span)):
        cost += WRONG_KIND
    if _SUM.match(part.question) and _counts_time(span):
        cost += WRONG_KIND
    if _is_beaten(part.question, span):
        cost += BEATEN
    if kind == "person" and not _DENIAL.search(part.question):
        clause = _clause(span)
        cost += NOBODY if _NOBODY.search(clause) else DENIED if _DENIAL.search(clause) else 0.0
    return cost


def _is_other_toll(question: str, span: Span) -> bool:
    """Whether the span counts the injured where the dead are asked for, or the other way round."""
    asked, told = (
        [any(word in there for word in toll) for toll in _TOLLS]
        for there in (bag(question), bag(_clause(span, _BREAK_OR_AND)))
    )
    return sum(asked) == sum(told) == 1 and asked != told


def _numbers_a_name(span: Span) -> bool:
    """Whether the number belongs to the name before it and counts nothing: "Super Bowl 57", "Windows 10"."""
    text, start, end = span.passage.text, span.start - span.passage.start, span.end - span.passage.start
    bare = re.fullmatch(r"\d{1,3}", span.text) and _NUMBER_OF_NAME.search(text, max(0, start - 30), start)
    return bool(bare) and _COUNTS_NO_MORE.match(text, end) is not None


def _counts_time(span: Span) -> bool:
    """Whether the number says how long: "four years", which is no sum of money."""
    return _LENGTH_OF_TIME.search(span.passage.text[span.start - span.passage.start :][:40]) is not None


def _is_no_reason(span: Span) -> bool:
    """Whether the span is conceded or in doubt, "despite the rain" or "whether it rains", or only a sum."""
    text, start, end = span.passage.text, span.start - span.passage.start, span.end - span.passage.start
    conceded = _CONCEDED.search(text, max(0, start - 30), start) or _CONCEDES.match(text, start, end)
    return conceded is not None or _FIGURES.fullmatch(span.text) is not None


def _is_beaten(question: str, span: Span) -> bool:
    """Whether the span tells who was beaten, where the question asks who won."""
    if not _WON.search(question) or _LOST.search(question):
        return False
    start = span.start - span.passage.start
    return _BEATEN.search(span.passage.text, max(0, start - 120), start) is not None


def _is_alone(span: Span) -> bool:
    """Whether the sentence that the span stands in holds no other word."""
    return len(re.findall(r"\w+", sentence_text(span))) == len(re.findall(r"\w+", span.text))


def _fits(kind: Expected, span: Span) -> bool:
    text = span.text
    if kind == "number":
        if _is_year(span):
            return False
        return number(text) is not None or _AMOUNT.search(text) is not None
    if kind == "time":
        return _TIME.search(text) is not None and not _BARE_NUMBER.fullmatch(text)
    if kind == "span":
        return _TIME.search(text) is not None and not re.fullmatch(r"[\d.,]+", text)
    if kind == "person":
        named = any(word[0].isupper() for word in re.findall(r"[^\W\d_]+", text))
        return named or any(word in _PERSON_WORDS for word in words(text))
    if kind in ("country", "state"):
        return place_in(text, kind) is not None
    if kind == "city":
        return _is_named(text) and place_in(text, "country") != (0, len(text))
    if kind == "name":
        return _is_named(text)
    if kind == "place":
        return re.search(r"[^\W\d_]{2}", text) is not None and not re.fullmatch(r"[\d\s,.%$]+\w*", text)
    return True


def _is_year(span: Span) -> bool:
    """Whether the number dates something and counts nothing: "April 25, 2025", not "in 2025 homes"."""
    text, start, end = span.passage.text, span.start - span.passage.start, span.end - span.passage.start
    dates = _YEAR.fullmatch(span.text) and _DATES_BEFORE.search(text, max(0, start - 20), start)
    return bool(dates) and _COUNTED_AFTER.match(text, end) is None


def _is_named(text: str) -> bool:
    """Whether a word of the text, small words apart, has a capital or a digit."""
    return any(
        not word[0].islower() and word.lower() not in STOP_WORDS for word in re.findall(r"[^\W_]+", text)
    )


def _clause(span: Span, at: re.Pattern[str] = _BREAK) -> str:
    """The stretch between commas, or what else `at` matches, that the span stands in."""
    start, end = sentence_of(span)
    offset = span.passage.start
    before = span.passage.text[start - offset : span.start - offset]
    after = span.passage.text[span.end - offset : end - offset]
    return at.split(before)[-1] + span.text + at.split(after)[0]
