"""Several articles or things in one question: takes a Plan, gives it with a side for each of them.

"Did TechCrunch report …, while Fortune says …?" has two. Knows the names of the outlets at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

import regex

from qa.english import lexicon, phrases
from qa.english.days import TimeWord
from qa.english.names import name_spans
from qa.english.words import content_words, root, words
from qa.question.follow_up import standing_alone
from qa.question.grammar import about_same
from qa.question.keywords import search
from qa.question.parts import part
from qa.types import SAYS, Filters, Kind, Plan, Search

PUBLISHED_SLACK = timedelta(days=1)  # "the article of 25 April": outlets and readers differ by a time zone


@dataclass(frozen=True, slots=True)
class _Mention:
    """Where the question points at certain articles: by outlet, by day of publication, or both."""

    start: int
    end: int
    outlet: str | None
    day: date | None


def with_sides(whole: Plan, found: Sequence[TimeWord], given: Filters, outlets: Sequence[str]) -> Plan:
    """The plan with a side of its own for each thing or article that the question names."""
    both = _both(whole.question)
    mentions = _mentions(whole.question, found, outlets)
    distinct = {(mention.outlet, mention.day) for mention in mentions}
    if both and not any(both[0] <= mention.start < both[1] for mention in mentions):
        return _each(whole, both)
    another = phrases.first(whole.question, "another_words") or (
        whole.kind == "yes_no" and all(_points_at_report(whole.question, mention) for mention in mentions)
    )
    if len(distinct) > 1 or (len(mentions) > 1 and another):
        return _side_by_side(whole, mentions, given)
    if mentions and _points_at_report(whole.question, mentions[0]):
        only = _filters_of(mentions[:1], given)[0]
        filters = narrowed(replace(whole.filters, outlets=only.outlets), only.since, only.until)
        (whole_of_it,) = whole.searches
        whole = replace(whole, filters=filters, searches=(replace(whole_of_it, filters=filters),))
    return _by_clauses(whole)


def _both(question: str) -> tuple[int, int, tuple[str, str]] | None:
    """Where "both A and B" stands, and the two names."""
    for (start, end), (begin, stop) in pairwise(name_spans(question)):
        before = question[:start].rstrip()
        if before.lower().endswith("both") and question[end:begin].strip() == "and":
            return len(before) - len("both"), stop, (question[start:end], question[begin:stop])
    return None


def _each(whole: Plan, both: tuple[int, int, tuple[str, str]]) -> Plan:
    """ "Where were both A and B killed?" asks the same of A and of B."""
    start, end, names = both
    texts = tuple(whole.question[:start] + name + whole.question[end:] for name in names)
    return _compared(whole, texts, (whole.filters,) * 2)


def _side_by_side(whole: Plan, mentions: Sequence[_Mention], given: Filters) -> Plan:
    """A search for each article pointed at; what asks for a fact also searches for the whole question."""
    texts = _segments(whole.question, mentions)
    filters = _filters_of(mentions, given)
    whole = replace(whole, filters=given, favoured=None)
    if whole.kind == "yes_no" or (whole.kind == "about" and len(mentions) > 1):
        return _compared(whole, texts, filters)
    (all_of_it,) = whole.searches
    alone = standing_alone((all_of_it.text, *texts))
    searches = tuple(
        search(text, each, whole.kind) for text, each in zip(alone, (given, *filters), strict=True)
    )
    return replace(whole, searches=searches, sides=tuple(_clause(whole, one) for one in searches[1:]))


def _clause(whole: Plan, within: Search) -> Plan:
    """What a fact that several articles tell is asked in one of them."""
    question = about_same(whole.question, within.text)
    return replace(
        whole,
        question=question,
        parts=(part(whole.parts[0].name, question),),
        searches=(within,),
        filters=within.filters,
    )


def _compared(whole: Plan, texts: Sequence[str], filters: Sequence[Filters]) -> Plan:
    """The plan whose sides are these texts, each asked of what its filters admit."""
    sides = tuple(_side(whole, text, each) for text, each in zip(standing_alone(texts), filters, strict=True))
    searches = tuple(one for side in sides for one in side.searches)
    return replace(whole, kind="compare", searches=searches, sides=sides)


def _side(whole: Plan, text: str, filters: Filters) -> Plan:
    name = whole.parts[0].name
    kind: Kind = "yes_no" if name == SAYS else "fact"
    return replace(
        whole,
        question=text,
        kind=kind,
        parts=(part(name, text),),
        searches=(search(text, filters, kind),),
        filters=filters,
    )


def _by_clauses(whole: Plan) -> Plan:
    """What is asked of one outlet with yes or no has a side for each of its clauses, for want of a sentence
    that settles them all."""
    (whole_of_it,) = whole.searches
    if whole.kind != "yes_no" or not whole.filters.outlets or len(whole_of_it.clauses) == 1:
        return whole
    sides = tuple(_side(whole, text, whole.filters) for text in standing_alone(whole_of_it.clauses))
    return replace(whole, sides=sides)


def _filters_of(mentions: Sequence[_Mention], given: Filters) -> tuple[Filters, ...]:
    return tuple(
        narrowed(
            replace(
                given, outlets=(mention.outlet,) if mention.outlet and not given.outlets else given.outlets
            ),
            mention.day - PUBLISHED_SLACK if mention.day else None,
            mention.day + PUBLISHED_SLACK if mention.day else None,
        )
        for mention in mentions
    )


def _mentions(question: str, found: Sequence[TimeWord], outlets: Sequence[str]) -> list[_Mention]:
    """Outlets and days of publication in order; a day close behind an outlet belongs to it."""
    named = _outlets_in(question, outlets)
    days = [(word.start, word.end, word.since) for word in found if word.exact and word.since == word.until]
    mentions: list[_Mention] = []
    for start, end, outlet in named:
        upto = next((other for other, _, _ in named if other > start), len(question))
        day = next((one for one in days if end <= one[0] < upto), None)
        if day:
            days.remove(day)
        mentions.append(_Mention(start, end, outlet, day[2] if day else None))
    mentions += [_Mention(start, end, None, day) for start, end, day in days]
    return sorted(mentions, key=lambda mention: mention.start)


def _outlets_in(question: str, outlets: Sequence[str]) -> list[tuple[int, int, str]]:
    """Where outlets are named, as written or in short; longest names first, so none hides inside another."""
    outlet_of = _spelled(tuple(outlets))
    found = _any_of(tuple(outlets)).finditer(question) if outlet_of else ()
    return [(match.start(), match.end(), outlet_of[match.group()]) for match in found]


@lru_cache(maxsize=8)  # stores
def _any_of(outlets: tuple[str, ...]) -> regex.Pattern[str]:
    return regex.compile(rf"(?<!\w){lexicon.one_of(_spelled(outlets))}(?!\w)")


@lru_cache(maxsize=8)
def _spelled(outlets: tuple[str, ...]) -> dict[str, str]:
    """The outlet of each spelling."""
    return {spelling: outlet for outlet in reversed(outlets) for spelling in _spellings(outlet)}


def _spellings(outlet: str) -> list[str]:
    """ "CNBC | World Business News Leader" is also CNBC, "The Verge" also Verge."""
    short = outlet
    for mark in (" | ", " – ", " — ", " - "):
        short = short.partition(mark)[0].strip()
    bare = short.removeprefix("The ")
    names = {outlet, short, bare if len(bare) >= 5 else short}
    names |= {short.upper()} if len(short) <= 4 else set()
    return [name for name in names if len(name) >= 2]


def _points_at_report(question: str, mention: _Mention) -> bool:
    """Whether the name is the source ("TechCrunch reported") and not the subject ("fired by CNN")."""
    if mention.outlet is None:
        return True
    nouns, verbs = ({root(word) for word in lexicon.words(name)} for name in ("report_nouns", "report_verbs"))
    before = [word for word in words(question[: mention.start])[-3:] if word != "the"]
    what, by = map(root, ["", "", *before][-2:])
    follows = [root(word) for word in words(question[mention.end :])[:3] if word != "s"][:2]
    return (
        phrases.closing(question[: mention.start].rstrip(" '‘“\""), "according_to") is not None
        or (what in nouns and by in ("by", "in", "from", "of", "on"))
        or (what in verbs and by in ("by", "in", "on"))
        or any(word in nouns or word in verbs for word in follows)
    )


_BOUNDARY = regex.compile(
    r",\s+(?:while|whereas|and|but|with|in contrast|compared)?|;|\s(?:while|whereas"
    r"|and|but|than|compared (?:to|with)|in contrast to|before|after)\s"
)
# What is left of a mention without its outlet: "the … article", "according to …,".
_LEFT_OVER = regex.compile(
    rf"\b{lexicon.one_of(lexicon.words('report_nouns'))}s?\b"
    r"|\b(?:did|does|do|the|by|from|in|on|according to)\s+(?=['’,]|$)"
)


def _segments(question: str, mentions: Sequence[_Mention]) -> tuple[str, ...]:
    """The question around each mention, without the outlets' names; all of it where that says little."""
    cuts = [0]
    for one, other in pairwise(mentions):
        between = list(_BOUNDARY.finditer(question, one.end, other.start))
        cuts.append(between[-1].start() if between else one.end)
    cuts.append(len(question))
    whole = _without_mentions(question, 0, len(question), mentions)
    pieces = [_without_mentions(question, a, b, mentions) for a, b in pairwise(cuts)]
    return tuple(piece if len(content_words(piece)) >= 3 else whole for piece in pieces)


def _without_mentions(question: str, start: int, end: int, mentions: Sequence[_Mention]) -> str:
    kept, at = [], start
    for mention in mentions:
        if start <= mention.start < end:
            kept.append(_less_pointer(question[at : mention.start]))
            at = mention.end
    text = _LEFT_OVER.sub(" ", "".join([*kept, question[at:end]]))
    return " ".join(text.replace("''", " ").split()).strip(" ,;?")


def _less_pointer(before: str) -> str:
    """What stands before an outlet, without the words that point at it: "according to the"."""
    bare = before.rstrip(" '‘\"")
    while match := phrases.closing(bare, "before_source"):
        before = bare[: match.start()] + " "
        bare = before.rstrip(" '‘\"")
    return before


def narrowed(filters: Filters, since: date | None, until: date | None) -> Filters:
    """The filters with these days as well: never wider than they were."""
    since = max((day for day in (filters.since, since) if day), default=None)
    until = min((day for day in (filters.until, until) if day), default=None)
    return replace(filters, since=since, until=until)
