"""Reads a question: takes one that stands alone, gives a Plan, which is all that later stages know of it.

Knows the grammar of questions, time words and the names of the outlets at hand; nothing of articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import regex

from qa.english import lexicon, phrases
from qa.english.days import TimeWord, time_words, without
from qa.english.words import STOP_WORDS, figure, is_past, words
from qa.question.follow_up import parts_alone
from qa.question.grammar import AUXILIARIES, WH, asking, split_sentences
from qa.question.keywords import asks_for_news, search, topic_words
from qa.question.parts import less_yes_no_tail, part, parts_of
from qa.question.sides import narrowed, with_sides
from qa.question.topic import asks_about
from qa.types import SAYS, Filters, Kind, Part, Plan

LIST_REQUEST_WORDS = 4  # "Please list all of them"
KEYWORDS_AT_MOST = 8  # words; a longer line without a question word is a riddle, not a search

_OPENS = regex.compile(r"^\s*|[,;?]\s+(?:and\s+|or\s+)?|(?<![,;?])\s+and\s+", regex.IGNORECASE)


def plan(
    question: str,
    *,
    now: date | None,
    since: date | None = None,
    until: date | None = None,
    outlet: str | Sequence[str] | None = None,
    articles: Sequence[str] = (),
    outlets: Sequence[str] = (),
) -> Plan:
    """What the question asks for, what to search for, and which days and outlets count.

    `since`, `until`, `outlet` and `articles` filter exactly. Time words of the question favour their days; a
    range or a day of publication written out filters. `outlets` are the names that the store knows.
    """
    asked, listed = _less_list_request(plain(question))
    found = time_words(asked, now=now)
    only = (outlet,) if isinstance(outlet, str) and outlet else tuple(outlet or ())
    given = Filters(since, until, only, tuple(articles))
    filters, favoured = _days(found, given)
    timeless = without(asked, found) or asked
    kind: Kind = "about" if asks_about(timeless) else "list" if listed else _kind(asked)
    alone, apart = less_yes_no_tail(asked) if kind in ("fact", "list") else (asked, "")
    parts = parts_alone(_parts(alone, kind))
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
        apart=apart,
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
    request = phrases.opening(bare := phrases.less_openings(line, "greetings"), "polite_requests")
    rest = bare[request.end() :].lstrip(" ,:") if request else ""
    asks = WH.match(rest) or rest.lower().startswith(("if ", "whether "))
    bare = rest if asks else bare if _asks_for_list(words(bare)) else line
    return bare[:1].upper() + bare[1:]


def _less_list_request(question: str) -> tuple[str, bool]:
    """The question without a last sentence that only wants all of them, "Please list everyone.", and whether
    there was one."""
    *asked, last = split_sentences(question) or [""]
    told = words(phrases.less_openings(last, "greetings"))
    wants_all = bool(asked) and len(told) <= LIST_REQUEST_WORDS and told[:1] in (["list"], ["name"])
    return (" ".join(asked), True) if wants_all else (question, False)


def of_topic(plan: Plan) -> Plan | None:
    """The plan of a noun phrase asked for as a fact, "magnitude of the quake?", as that of a topic to be told
    of; None for any other."""
    if not _is_asked_noun(plan.question):
        return None
    (whole, *_) = plan.searches
    found = search(whole.text, plan.filters, "about")
    return replace(plan, kind="about", parts=(part(SAYS, plan.question),), searches=(found,), sides=())


def _is_asked_noun(question: str) -> bool:
    """Whether it is a noun phrase that asks for one thing of another: "the ferry's owner?"."""
    told = question.split()
    related = "’s " in question or "'s " in question or bool({"of", "by", "in"} & set(told[1:-1]))
    return question.endswith("?") and len(told) > 2 and related and asking(question) is None


def _kind(question: str) -> Kind:
    last = split_sentences(question)[-1] if question else ""
    first = next(iter(words(last)), "")
    if asks_about(question):
        return "about"
    if _asks_for_list(words(question)):
        return "list"
    if first in AUXILIARIES and last.rstrip().endswith("?") and len(parts_of(question)) == 1:
        return "yes_no" if not _ends_asking(last) else "fact"
    if first in AUXILIARIES and WH.search(last) is None and len(last.split()) > 2:
        return "yes_no"
    if first == "whether" or (asking(question) is None and _asks_late(question)):
        return "yes_no"
    if (
        asking(question)
        or _is_asked_noun(question)
        or _is_cloze(question)
        or len(question.split()) > KEYWORDS_AT_MOST
    ):
        return "fact"
    return "about"


def _asks_for_list(told: Sequence[str]) -> bool:
    """Whether several are asked for: "Which two …s", "Which countries were", "Who were", "Who else"."""
    match told:
        case ["list" | "name", "all" | "every" | "the" | "everyone", *_] | ["who", "all", "were" | "are", *_]:
            return True
        case ["what" | "who", "were" | "are", "the", noun, *_]:
            return noun.endswith("s") and noun not in _NO_PLURALS
        case ["who", "were" | "are", after, *_]:
            return after != "you"
        case ["which" | "what", noun, "were" | "are" | "have" | "did" | "do" | "will" | "can", *_]:
            return noun.endswith("s") and noun[-2:-1] != "s" and noun not in _NO_PLURALS
        case ["which" | "what", noun, verb, *_] if is_past(verb):  # "Which parties won seats?"
            return noun.endswith("s") and not noun.endswith(_SINGULAR_IN_S) and noun not in _NO_PLURALS
        case ["which" | "what", first, noun, verb, *_] if _is_noun_with_past(first, noun, verb):
            return noun.endswith("s") and not noun.endswith(_SINGULAR_IN_S)
    pairs = list(pairwise(told))
    if ("who", "else") in pairs:
        return True
    counted = (at for at, (one, many) in enumerate(pairs) if one in ("which", "what") and _is_few(many))
    nouns = (told[at + 2 : at + 5] for at in counted)
    return any(word.endswith("s") for few in nouns if few[:1] != ["s"] for word in few)  # not "the 1990s"


def _is_noun_with_past(first: str, noun: str, verb: str) -> bool:
    """ "Which bank shares fell?", not "Which city was struck?" nor "Which one, as reported, …?"."""
    small = {first, noun} & (AUXILIARIES | STOP_WORDS)
    return is_past(verb) and not (small or is_past(first) or is_past(noun))


_SINGULAR_IN_S = ("ss", "us", "is")  # "Which bus crashed?"
_NO_PLURALS = ("is", "was", "does", "has", "this", "news")


def _is_few(word: str) -> bool:
    """Whether the word is a number from two on: "which three cities"."""
    return (figure(word) or 0) > 1


def _asks_late(question: str) -> bool:
    """Whether it asks behind a comma: "After the raid, was he arrested?"."""
    clauses = (clause.lower().split() for clause in question.split(", ")[1:])
    return any(len(clause) > 1 and clause[0] in lexicon.words("auxiliaries_late") for clause in clauses)


def _is_cloze(question: str) -> bool:
    """Whether it is a sentence with a gap: "The company is named:"."""
    return question.rstrip().endswith((":", "…", "...")) or "__" in question


def _ends_asking(sentence: str) -> bool:
    """Whether the words that ask stand last: "Is Witkoff meeting who?"."""
    matches = list(WH.finditer(sentence))
    return bool(matches) and not sentence[matches[-1].end() :].strip(" ?!.")


def _parts(question: str, kind: Kind) -> tuple[Part, ...]:
    if kind in ("about", "yes_no"):
        return (part(SAYS, question),)
    cloze = _is_cloze(question) and not _ends_asking(question)
    return parts_of(question)[:1] if cloze else parts_of(question)


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
