"""What a span says: tidies it, tells whether two say the same, and gathers those that do.

Takes Spans, gives Values. Like `names`, any stage may import it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from qa.english import lexicon, phrases
from qa.english.months import CALENDAR
from qa.english.names import NAME, NAME_WORD, TITLES, bare_name, has_capital, name_spans
from qa.english.names import is_headline as has_headline_case
from qa.english.names import is_name as is_written_as_name
from qa.english.numbers import number
from qa.english.places import is_nation, place_in
from qa.english.sentences import sentences
from qa.english.words import STOP_WORDS, content_words, fold, words
from qa.types import Article, Expected, Passage, Span

HEDGE_CHARS = 30  # before a value, in which its hedge stands
FULLER_NAME_SHARE = 0.5  # a fuller form is shown when it is at least this share as probable as the best one

_TITLE = lexicon.one_of(map(str.capitalize, TITLES))
_TITLES_BEFORE = regex.compile(rf"(?:\b{_TITLE}\b\.?[^\S\n]+)+$")
_TITLE_NEXT = regex.compile(rf"[^\S\n]+(?={_TITLE}\b)")
_REST_OF_NAME = regex.compile(rf"(?:[^\S\n]+(?=\p{{Lu}}\w){NAME_WORD})+")
_IN_TOWN = regex.compile(rf"[^\S\n]+in[^\S\n]+(?:the[^\S\n]+)?{NAME}(?:,[^\S\n]+{NAME}(?=[,.]))?")
_NEAR_ANOTHER = regex.compile(rf"[^\S\n]+(?:(?:just|right)[^\S\n]+)?(?:near|outside)[^\S\n]+{NAME}")
_EDGES = " \t\n“”\"'‘’,.;:!?()[]–—-*•…"
_SCALE = lexicon.one_of(lexicon.words("scale_words"))
SCALE_AFTER = regex.compile(rf"\s?%|[-\s]{_SCALE}\b|(?:bn|m|k)\b")
LINK = regex.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.@-])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+", regex.IGNORECASE
)
# Where what is said ends, with what begins another clause, and by a mark alone; not inside "2,000" or "5:30".
CLAUSE = regex.compile(r"[;:–—()]|,(?!\d)|\b(?:and|but|while|because|although)\b")
BREAK = regex.compile(r"[,;:–—](?!\d)")
BULLET = regex.compile(r"^[\s\-*•–—>]+")


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that was found, with every span that states it, the one to show first.

    `score` is the probability of the best of them by itself, `trust` what is left of it in a large store.
    """

    spans: tuple[Span, ...]
    score: float
    trust: float

    @property
    def span(self) -> Span:
        return self.spans[0]


Row = Mapping[str, Value]  # one event: what was asked for, by name


def tidy(span: Span, expected: Expected = "any") -> Span | None:
    """The span as it is shown; None if nothing is left.

    Without quotes and commas at its edges; a person with the titles, a place with the larger one it is near.
    """
    text, offset = span.passage.text, span.passage.start
    start, end = span.start - offset, span.end - offset
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES and not _is_abbreviation(text, start, end):
        end -= 1
    if text[max(start, end - 2) : end] in ("’s", "'s"):
        end -= 2
    leading = phrases.opening(text[start:end], "span_openings")
    if leading and expected not in ("time", "span", "number") and not _is_count(text[start:end]):
        start = min(end, start + leading.end() + 1)
    end = _bracket_closed(text, start, end)
    start = _less_dateline(text, start, end)
    if start >= end:
        return None
    if text[start].isupper() and expected == "person":
        start, end = _whole_name(text, start, end)
    if expected == "place":  # where it lies: "Balashikha near Moscow", "his school in Irving"
        near = (_NEAR_ANOTHER if is_written_as_name(text[start:end]) else _IN_TOWN).match(text, end)
        end = near.end() if near else end
    if text[start:end].lower() == "no" and expected == "number":
        counted, *_ = [*text[end:].split(maxsplit=1), ""]  # "no damage"
        end = text.index(counted, end) + len(counted.rstrip(_EDGES))
    if expected == "number":
        more = SCALE_AFTER.match(text, end)
        end = more.end() if more and text[end - 1].isdigit() else end
    if expected in ("country", "state"):
        within = place_in(text[start:end], expected)
        if within:
            start, end = start + within[0], start + within[1]
    if text[start - 1 : start] == "“" and "”" in text[start:end]:
        start -= 1
    if "“" in text[start:end] and "”" not in text[start:end] and text[end : end + 1] == "”":
        end += 1
    if '"' in (text[start - 1 : start], text[end : end + 1]) and text[start:end].count('"') % 2:
        start, end = (start - 1, end) if text[start - 1 : start] == '"' else (start, end + 1)
    if text[start - 1 : start] == "$":
        start -= 1
    return replace(span, start=start + offset, end=end + offset)


def _is_count(text: str) -> bool:
    """Whether the words are a number with what limits it: "at least 76 people"."""
    limit = phrases.opening(text, "qualifiers")
    return limit is not None and number(" ".join(text[limit.end() :].split()[:1])) is not None


def in_full(span: Span, article: Article) -> Span:
    """A person's surname as the article first gives it with a given name: "Sam Altman" of "Altman".

    The span itself where it is no surname alone, or the article never says more.
    """
    *titles, surname = span.text.split()
    if not surname[:1].isupper() or any(word.casefold().rstrip(".") not in TITLES for word in titles):
        return span
    whole = Passage(article.id, 0, len(article.text), article.text)
    for start, end in name_spans(article.text):
        given = _given_name(article.text[start:end], surname)
        if given is not None:
            found = replace(span, passage=whole, start=start + given, end=end)
            named = tidy(found, "person")
            if named is not None and is_name(named) and named.text.endswith(surname):
                return named
    return span


def _less_dateline(text: str, start: int, end: int) -> int:
    """The start behind the town that opens an article, "PARIS - Ann Lee": "Ann Lee"."""
    opens = not text[text.rfind("\n", 0, start) + 1 : start].strip()
    town = next((mark for mark in (" - ", " – ", " — ") if mark in text[start:end]), "")
    at = text.index(town, start) if opens and town else start
    return at + len(town) if town and text[start:at].isupper() else start


def _given_name(name: str, surname: str) -> int | None:
    """Where the given name before the surname begins in the name; None where there is none, or no surname."""
    *before, last = name.split()
    at = len(before) - 1
    while at > 0 and (before[at] in lexicon.words("name_particles") or before[at].endswith(".")):
        at -= 1
    if last != surname or at < 0 or not is_given_name(before[at].rstrip(".")):
        return None
    return name.index(before[at])


def is_given_name(word: str) -> bool:
    """Whether a word that opens a name may be a given one: no title, nation, weekday or small word."""
    folded = fold(word)
    if folded in lexicon.words("small_given_names"):
        return has_capital(word)
    others = (TITLES, STOP_WORDS, CALENDAR, lexicon.words("no_given_names"))
    small = word in lexicon.words("name_particles") or not has_capital(word)
    return not small and not any(folded in words for words in others) and not is_nation(word)


def _bracket_closed(text: str, start: int, end: int) -> int:
    """The end with the bracket that closes the last one opened, or before it where there is more in it."""
    opened = text.rfind("(", start, end)
    if opened < 0 or ")" in text[opened:end]:
        return end
    return end + 1 if text[end : end + 1] == ")" else len(text[:opened].rstrip(_EDGES))


def _whole_name(text: str, start: int, end: int) -> tuple[int, int]:
    """The name with its titles and whole, without a nation before them.

    "Lt. Gen. Yaroslav Moskalik" of "Yaroslav" and of "Russian Lt. Gen. Yaroslav Moskalik".
    """
    titled = _TITLE_NEXT.search(text, start, end)
    if titled and is_nation(text[start : titled.start()]):
        start = titled.end()
    titles = _TITLES_BEFORE.search(text, max(0, start - 60), start)
    line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
    goes_on = not is_headline(line) and is_written_as_name(text[start:end])
    rest = _REST_OF_NAME.match(text, end) if goes_on else None
    whole = _less_calendar(text, start, rest.end() if rest else end)
    return (titles.start() if titles else start), whole


def _less_calendar(text: str, start: int, end: int) -> int:
    """The end of the name without a weekday or "Image" behind it: "Hugh McGuire Sunday"."""
    *name, last = text[start:end].split(" ")
    while name and (last.casefold() in CALENDAR or last == "Image"):
        end -= len(last) + 1
        *name, last = name
    return end


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether the full stop at the end belongs to the word: "U.S.", "Jr.", "a.m."."""
    return text[end - 1] == "." and _ABBREVIATION.search(text[start:end]) is not None


_ABBREVIATION = regex.compile(r"(?:\b\p{L}\.\p{L}|\b(?:Jr|Sr|Inc|Co|Corp|Ltd))\.$")


def with_preposition(span: Span) -> Span:
    """The span with the preposition it stands with: "near his Moscow residence"; itself without one."""
    before = span.passage.text[: span.start - span.passage.start]
    kept = before
    while (word := phrases.closing(kept[-30:], "before_nouns")) and kept[-1:].isspace():
        kept = kept[: len(kept) - len(kept[-30:]) + word.start()]
    found = phrases.closing(kept[-30:], "place_time_prepositions") if kept[-1:].isspace() else None
    return (
        replace(span, start=span.passage.start + len(kept) - len(kept[-30:]) + found.start())
        if found
        else span
    )


def with_hedge(span: Span, *, counts: bool) -> Span:
    """The span with what limits or hedges it: "at least 12", "107 or more" where it `counts`, "thought to be
    a fire"."""
    behind = phrases.opening(span.passage.text[span.end - span.passage.start :].lstrip(), "qualifiers_behind")
    if counts and behind and number(span.text) is not None:
        at = span.passage.text.index(behind.group(), span.end - span.passage.start)
        span = replace(span, end=span.passage.start + at + len(behind.group()))
    before = span.passage.text[: span.start - span.passage.start]
    spaced = before.rstrip("$€£") if counts else before
    found = phrases.closing(spaced[-HEDGE_CHARS:], "qualifiers" if counts else "hedge_leads")
    if found is None or not spaced[-1:].isspace():
        return span
    return replace(
        span, start=span.start - (len(before) - (len(spaced) - len(spaced[-HEDGE_CHARS:]) + found.start()))
    )


@lru_cache(maxsize=1024)  # judging asks several times for each span, and each time is a split of the passage
def sentence_of(span: Span) -> tuple[int, int]:
    """The sentence or sentences that the span stands in, as offsets in the article; bullets are left off."""
    text, offset = span.passage.text, span.passage.start
    touched = [
        (start, end)
        for start, end in sentences(text)
        if start < span.end - offset and span.start - offset < end
    ]
    if not touched:
        return span.start, span.end
    start, end = min(touched[0][0], span.start - offset), max(touched[-1][1], span.end - offset)
    bullet = BULLET.match(text[start : span.start - offset])
    return start + (bullet.end() if bullet else 0) + offset, end + offset


def sentence_text(span: Span) -> str:
    """The words of the sentence or sentences that the span stands in."""
    start, end = sentence_of(span)
    return span.passage.text[start - span.passage.start : end - span.passage.start]


def beside(span: Span) -> tuple[str, str]:
    """What stands before and behind the span in its sentence or sentences."""
    text, offset = span.passage.text, span.passage.start
    start, end = sentence_of(span)
    return text[start - offset : span.start - offset], text[span.end - offset : end - offset]


def is_superseding(before: str) -> bool:
    """Whether what stands before a figure says that it no longer holds: "which at first gave"."""
    return phrases.first(BREAK.split(before)[-1], "superseding") is not None


def same(one: str, other: str, expected: Expected = "any") -> bool:
    """Whether two values say the same: equal numbers, a name and its fuller form, one inside the other."""
    first, second = _said(one), _said(other)
    if first.folded == second.folded:
        return True
    if expected == "number":
        return first.number is not None and first.number == second.number
    if first.number != second.number:
        return False
    name, full = sorted((first.name, second.name), key=len)
    if not name:
        return False
    if expected == "person":
        return name == full[-len(name) :] or name == full[: len(name)] or set(name) <= set(full)
    return first.content <= second.words or second.content <= first.words


@dataclass(frozen=True, slots=True)
class _Said:
    folded: str
    number: float | None
    name: tuple[str, ...]
    content: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=8192)
def _said(text: str) -> _Said:
    all_words = frozenset(words(text))
    content = frozenset(content_words(text)) or all_words
    return _Said(fold(text), number(text), bare_name(text), content, all_words)


def group(spans: Iterable[Span], *, expected: Expected = "any") -> list[Value]:
    """Spans that say the same gathered into values, most probable first. The fullest likely form is shown."""
    gathered: list[list[Span]] = []
    for span in sorted(spans, key=lambda span: (-span.score, span.passage.article_id, span.start)):
        mine = next((found for found in gathered if same(found[0].text, span.text, expected)), None)
        if mine is None:
            gathered.append([span])
        else:
            mine.append(span)
    return [_value(found, expected) for found in gathered]


def _value(spans: Sequence[Span], expected: Expected) -> Value:
    likely = [span for span in spans if span.score >= FULLER_NAME_SHARE * spans[0].score]
    likely = [span for span in likely if not is_in_post(span)] or likely
    shown = likely[0]
    if expected in ("name", "any") and is_name(shown):  # not "Jets" where "New York Jets" stands as well
        fuller = [span for span in likely if shown.text in span.text and is_name(span) and _is_one(span.text)]
        shown = max(fuller, key=lambda span: (len(span.text), span.score), default=shown)
    elif expected == "person":
        shown = max(
            likely,
            key=lambda span: (min(len(bare_name(span.text)), 3), is_name(span), span.score),
        )
    rest = [span for span in spans if span is not shown]
    return Value((shown, *rest), spans[0].score, spans[0].score)


def is_in_post(span: Span) -> bool:
    """Whether the line of the span is an embedded post: it holds a web address. What the article says of the
    same is shown before it."""
    text, place = span.passage.text, span.start - span.passage.start
    line = text[text.rfind("\n", 0, place) + 1 :].partition("\n")[0]
    return LINK.search(line) is not None


def _is_one(name: str) -> bool:
    """Whether the words name one thing, not several in a row."""
    return not {",", "&", "and"} & set(name.replace(",", " , ").split())


def is_name(span: Span) -> bool:
    """Whether the words are a name and nothing else: "Lt. Gen. Igor Kirillov", not "envoy Steve Witkoff".

    In a headline, Where Every Word Has A Capital, nothing tells a name.
    """
    return is_written_as_name(span.text) and not is_headline(sentence_text(span))


def is_headline(sentence: str) -> bool:
    """Whether nearly all longer words have a capital and no full stop closes the line."""
    return sentence.rstrip()[-1:] not in '.!?”"' and has_headline_case(sentence, share=0.8, least=3)
