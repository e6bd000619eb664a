"""Reads a question: takes one that stands alone, gives a Plan, which is all that later stages know of it.

Knows the grammar of questions, time words and the names of the outlets at hand; nothing of articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from qa.english.days import TimeWord, time_words, without
from qa.question.follow_up import parts_alone
from qa.question.grammar import AUXILIARIES, WH, asking, split_sentences
from qa.question.keywords import asks_for_news, search, topic_words
from qa.question.parts import part, parts_of
from qa.question.sides import narrowed, with_sides
from qa.types import SAYS, Filters, Kind, Part, Plan

KEYWORDS_AT_MOST = 8  # words; a longer line without a question word is a riddle, not a search

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
        searches=(search(timeless, filters, kind),),
        topic=topic_words(asked),
        filters=filters,
        latest=any(word.latest for word in found),
        as_of=now,
        favoured=favoured,
        relative=any(word.relative for word in found),
        asks_more=_askers(asked) > len(parts),
    )
    made = with_sides(whole, found, given, outlets)
    news = made.kind == "about" and asks_for_news(timeless, made.filters.outlets)
    return replace(made, news=news)


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
            filters = narrowed(filters, word.since, word.until)
        elif favoured is None:
            favoured = Filters(word.since, word.until)
        elif _meet(favoured, word):
            favoured = narrowed(favoured, word.since, word.until)
        else:  # two stretches apart: everything from the first to the last
            favoured = Filters(_least(favoured.since, word.since), _most(favoured.until, word.until))
    return filters, favoured


def _meet(favoured: Filters, word: TimeWord) -> bool:
    return not (
        (favoured.until and word.since and favoured.until < word.since)
        or (favoured.since and word.until and word.until < favoured.since)
    )


def _least(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else None


def _most(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else None
