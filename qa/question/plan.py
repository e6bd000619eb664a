"""Reads a question: takes one that stands alone, gives a Plan, which is all that later stages know of it.

Knows the grammar of questions, time words and the names of the outlets at hand; nothing of articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from qa.english.days import TimeWord, time_words, without
from qa.english.names import content_words, demands
from qa.question.follow_up import parts_alone, standing_alone
from qa.question.grammar import AUXILIARIES, WH, about_same, asking, split_sentences
from qa.question.keywords import asks_for_news, clauses, topic_words
from qa.question.parts import part, parts_of
from qa.types import SAYS, Filters, Kind, Part, Plan, Search

KEYWORDS_AT_MOST = 8  # words; a longer line without a question word is a riddle, not a search
PUBLISHED_SLACK = timedelta(days=1)  # "the article of 25 April": outlets and readers differ by a time zone

_POLITE = re.compile(
    r"^(?:(?:please|ok(?:ay)?|hi|hello|hey|so|well)[\s,!]+)*(?:(?:can|could|would"
    r"|will) you (?:please )?(?:tell me|say|explain|"
    r"find out)|do you know|tell me|i(?:['’]d| would) like to know|i want to know|any idea"
    r"|do the articles say|does it say)"
    r"\s*[,:]?\s+(?=(?:by |in |to |with |for |from )?(?:who|whom|whose|what|when|where|why|how|which|if"
    r"|whether)\b)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:please\s+)?(?:tell (?:me|us) (?:more |something |everything )?(?:about|of)|what (?:do"
    r"|can) (?:we|you|i|they) (?:know|say|tell me)"
    r" (?:about|of)|what is (?:known|reported|new|going on|happening) ?(?:about|with|in|on|of)?"
    r"|what(?:['’]s) (?:known|new|going on|"
    r"happening)|give me (?:a |an |the |some )?(?:summary|overview|news|latest|background|details"
    r"|information)|summari[sz]e|"
    r"what(?:['’]s| is| are) (?:in )?(?:the )?(?:latest|news|situation)|"
    r"(?:any|the|latest|more) (?:news|details|information) (?:on|about|from|of)|"
    r"what (?:has |had )?happened(?: to| in| at| with| on| during| after| when| between|\s*\??$)|"
    r"what(?:['’]?s| is| was| are| were) .{2,60} about\??$|news (?:on|about|from)|"
    r"background (?:on|to))(?!\w)",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^(?:list|name)\s+(?:all|every|the)\b|\b(?:which|what)\s+(?:two|three|four|five|six|seven|\d+)\s+(?:[\w’'-]+\s+){0,2}?\w+s\b"
    r"|^(?:which|what)\s+(?!is\b|was\b|does\b|has\b|this\b|news\b)\w+(?:ies|[^s\W]s)\s+(?:were|are|have"
    r"|did|do|will|can)\b"
    r"|^who\s+(?:all\s+)?(?:were|are)\s+(?!the\b|you\b)|\bwho\s+else\b",
    re.IGNORECASE,
)
_LATE_AUXILIARY = re.compile(
    r",\s+(?:did|does|do|is|was|are|were|has|have|had|will|would"
    r"|can)\s",
    re.IGNORECASE,
)
_CLOZE = re.compile(r":\s*$|_{2,}|…\s*$|\.\.\.\s*$")
_BOTH = re.compile(
    r"\bboth\s+(?P<a>[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*)*)\s+and"
    r"\s+(?P<b>[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*)*)"
)
_OPENS = re.compile(r"^\s*|[,;?]\s+(?:and\s+|or\s+)?|(?<![,;?])\s+and\s+", re.IGNORECASE)


def plan(
    question: str,
    *,
    now: date | None,
    since: date | None = None,
    until: date | None = None,
    outlet: str | None = None,
    outlets: Sequence[str] = (),
) -> Plan:
    """What the question asks for, what to search for, and which days and outlets count.

    `since`, `until` and `outlet` filter exactly. Time words of the question favour their days; a range or a
    day of publication written out filters. `outlets` are the names that the store knows.
    """
    asked = plain(question)
    found = time_words(asked, now=now)
    given = Filters(since, until, (outlet,) if outlet else ())
    filters, favoured = _days(found, given)
    timeless = without(asked, found) or asked
    kind: Kind = "about" if _ABOUT.match(timeless) else _kind(asked)
    parts = parts_alone(_parts(asked, kind))
    whole = Plan(
        question=asked,
        kind=kind,
        parts=parts,
        searches=(_search(timeless, filters, kind),),
        topic=topic_words(asked),
        filters=filters,
        latest=any(word.latest for word in found),
        as_of=now,
        favoured=favoured,
        relative=any(word.relative for word in found),
        asks_more=_askers(asked) > len(parts),
    )
    made = _several(whole, found, given, outlets)
    news = made.kind == "about" and asks_for_news(timeless, made.filters.outlets)
    return replace(made, news=news)


def _search(text: str, filters: Filters, kind: Kind) -> Search:
    """What to look for, read once. `kind` is that of the question that it belongs to."""
    return Search(
        text,
        filters,
        clauses=clauses(text),
        topic=topic_words(text, sums_up=kind == "about"),
        demands=demands(text),
    )


def _askers(question: str) -> int:
    """How many words seem to ask, each where a clause opens: "Who won, what did he say and why …?"."""
    return sum(WH.match(question, opened.end()) is not None for opened in _OPENS.finditer(question))


def plain(question: str) -> str:
    """The question in one line, without the politeness around it."""
    line = " ".join(question.split())
    bare = _POLITE.sub("", line)
    return bare[:1].upper() + bare[1:]


def _kind(question: str) -> Kind:
    last = split_sentences(question)[-1] if question else ""
    first = re.sub(r"[^\w'’]", "", last.split(" ")[0]).lower().replace("’", "'") if last else ""
    if _ABOUT.match(question):
        return "about"
    if _LIST.search(question):
        return "list"
    if first in AUXILIARIES and last.rstrip().endswith("?") and len(parts_of(question)) == 1:
        return "yes_no" if not _ends_asking(last) else "fact"
    if first in AUXILIARIES and WH.search(last) is None and len(last.split()) > 2:
        return "yes_no"
    if first == "whether" or (asking(question) is None and _LATE_AUXILIARY.search(question)):
        return "yes_no"
    if asking(question) or _CLOZE.search(question) or len(question.split()) > KEYWORDS_AT_MOST:
        return "fact"
    return "about"


def _ends_asking(sentence: str) -> bool:
    """Whether the words that ask stand last: "Is Witkoff meeting who?"."""
    matches = list(WH.finditer(sentence))
    return bool(matches) and not sentence[matches[-1].end() :].strip(" ?!.")


def _parts(question: str, kind: Kind) -> tuple[Part, ...]:
    if kind in ("about", "yes_no"):
        return (part(SAYS, question),)
    cloze = _CLOZE.search(question) and not _ends_asking(question)
    return parts_of(question)[:1] if cloze or kind == "list" else parts_of(question)


def _days(found: Iterable[TimeWord], given: Filters) -> tuple[Filters, Filters | None]:
    """The days that filter and the days that are favoured; what the caller gave is never widened."""
    filters, favoured = given, None
    for word in found:
        if word.since is None and word.until is None:
            continue
        if word.exact and word.since != word.until:
            filters = _narrow(filters, word.since, word.until)
        elif favoured is None:
            favoured = Filters(word.since, word.until)
        elif _meet(favoured, word):
            favoured = _narrow(favoured, word.since, word.until)
        else:  # two stretches apart: everything from the first to the last
            favoured = Filters(_least(favoured.since, word.since), _most(favoured.until, word.until))
    return filters, favoured


def _narrow(filters: Filters, since: date | None, until: date | None) -> Filters:
    since = max((day for day in (filters.since, since) if day), default=None)
    until = min((day for day in (filters.until, until) if day), default=None)
    return replace(filters, since=since, until=until)


def _meet(favoured: Filters, word: TimeWord) -> bool:
    return not (
        (favoured.until and word.since and favoured.until < word.since)
        or (favoured.since and word.until and word.until < favoured.since)
    )


def _least(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else None


def _most(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else None


# Several articles in one question


@dataclass(frozen=True, slots=True)
class _Mention:
    """Where the question points at certain articles: by outlet, by day of publication, or both."""

    start: int
    end: int
    outlet: str | None
    day: date | None


def _several(whole: Plan, found: Sequence[TimeWord], given: Filters, outlets: Sequence[str]) -> Plan:
    """The plan with a side of its own for each thing or article that the question names."""
    both = _BOTH.search(whole.question)
    mentions = _mentions(whole.question, found, outlets)
    distinct = {(mention.outlet, mention.day) for mention in mentions}
    if both and not any(both.start() <= mention.start < both.end() for mention in mentions):
        return _each(whole, both)
    another = _ANOTHER.search(whole.question) or (
        whole.kind == "yes_no" and all(_points_at_report(whole.question, mention) for mention in mentions)
    )
    if len(distinct) > 1 or (len(mentions) > 1 and another):
        return _side_by_side(whole, mentions, given)
    if mentions and _points_at_report(whole.question, mentions[0]):
        only = _filters_of(mentions[:1], given)[0]
        filters = _narrow(replace(whole.filters, outlets=only.outlets), only.since, only.until)
        (search,) = whole.searches
        whole = replace(whole, filters=filters, searches=(replace(search, filters=filters),))
    return _by_clauses(whole)


def _each(whole: Plan, both: re.Match[str]) -> Plan:
    """ "Where were both A and B killed?" asks the same of A and of B."""
    texts = tuple(
        whole.question[: both.start()] + both[name] + whole.question[both.end() :] for name in ("a", "b")
    )
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
        _search(text, each, whole.kind) for text, each in zip(alone, (given, *filters), strict=True)
    )
    return replace(whole, searches=searches, sides=tuple(_clause(whole, search) for search in searches[1:]))


def _clause(whole: Plan, search: Search) -> Plan:
    """What a fact that several articles tell is asked in one of them."""
    question = about_same(whole.question, search.text)
    return replace(
        whole,
        question=question,
        parts=(part(whole.parts[0].name, question),),
        searches=(search,),
        filters=search.filters,
    )


def _compared(whole: Plan, texts: Sequence[str], filters: Sequence[Filters]) -> Plan:
    """The plan whose sides are these texts, each asked of what its filters admit."""
    sides = tuple(_side(whole, text, each) for text, each in zip(standing_alone(texts), filters, strict=True))
    searches = tuple(search for side in sides for search in side.searches)
    return replace(whole, kind="compare", searches=searches, sides=sides)


def _side(whole: Plan, text: str, filters: Filters) -> Plan:
    name = whole.parts[0].name
    kind: Kind = "yes_no" if name == SAYS else "fact"
    return replace(
        whole,
        question=text,
        kind=kind,
        parts=(part(name, text),),
        searches=(_search(text, filters, kind),),
        filters=filters,
    )


def _by_clauses(whole: Plan) -> Plan:
    """What is asked of one outlet with yes or no has a side for each of its clauses, for want of a sentence
    that settles them all."""
    (search,) = whole.searches
    if whole.kind != "yes_no" or not whole.filters.outlets or len(search.clauses) == 1:
        return whole
    sides = tuple(_side(whole, text, whole.filters) for text in standing_alone(search.clauses))
    return replace(whole, sides=sides)


def _filters_of(mentions: Sequence[_Mention], given: Filters) -> tuple[Filters, ...]:
    return tuple(
        _narrow(
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
    found: list[tuple[int, int, str]] = []
    spelled = [(spelling, outlet) for outlet in outlets for spelling in _spellings(outlet)]
    for spelling, outlet in sorted(spelled, key=lambda pair: -len(pair[0])):
        for match in re.finditer(rf"(?<!\w){re.escape(spelling)}(?!\w)", question):
            if not any(match.start() < end and start < match.end() for start, end, _ in found):
                found.append((match.start(), match.end(), outlet))
    return sorted(found)


def _spellings(outlet: str) -> list[str]:
    """ "CNBC | World Business News Leader" is also CNBC, "The Verge" also Verge."""
    short = re.split(r"\s+[|–—-]\s+", outlet)[0].strip()
    bare = re.sub(r"^The\s+", "", short)
    names = {outlet, short, bare if len(bare) >= 5 else short}
    names |= {short.upper()} if len(short) <= 4 else set()
    return [name for name in names if len(name) >= 2]


_ANOTHER = re.compile(r"\b(?:another|other|later|earlier|previous|second|both)\b", re.IGNORECASE)
_REPORTS = r"(?:article|headline|report|piece|story|coverage|account|review|interview|editorial)s?"
_SAYS = (
    r"(?:report|say|said|suggest|claim|discuss|cover|describe|publish|note|mention|state|indicate"
    r"|write|wrote|writes|highlight|focus)\w*"
)


def _points_at_report(question: str, mention: _Mention) -> bool:
    """Whether the name is the source ("TechCrunch reported") and not the subject ("fired by CNN")."""
    if mention.outlet is None:
        return True
    before, after = question[: mention.start].rstrip(" '‘“\""), question[mention.end :].lstrip(" '’”\",")
    return bool(
        re.search(
            rf"(?:according to|as per|per|{_REPORTS}\s+(?:by|in|from|of|on)|{_SAYS}\s+(?:by|in|on))(?:"
            rf"\s+the)?$",
            before,
            re.I,
        )
        or re.match(rf"(?:s\s+)?(?:\w+\s+)?(?:{_REPORTS}|{_SAYS})\b", after, re.I)
    )


_BOUNDARY = re.compile(
    r",\s+(?:while|whereas|and|but|with|in contrast|compared)?|;|\s(?:while|whereas"
    r"|and|but|than|compared (?:to|with)|in contrast to|before|after)\s"
)


_TO_MENTION = re.compile(
    r"(?:\b(?:by|from|in|on|the|both|to|according to|and|of)\b[\s'‘\"]*)+$", re.IGNORECASE
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
            kept.append(_TO_MENTION.sub(" ", question[at : mention.start]))
            at = mention.end
    text = "".join([*kept, question[at:end]])
    text = re.sub(
        rf"\b{_REPORTS}\b|\b(?:did|does|do|the|by|from|in|on|according to)\s+(?=['’,]|$)", " ", text
    )
    return " ".join(text.replace("''", " ").split()).strip(" ,;?")
