"""Whether a sentence states a value as a fact: not what would have been, what a novel tells, what somebody is
only accused of, what a denied report said, or what somebody only wishes or offers.

Takes a Part and a Span. Knows the order of English words, no models. What the question itself asks for that
way ("How many would have gone?", "What is he accused of?") is stated.
"""

from __future__ import annotations

from itertools import takewhile

import regex

from qa.answer.roles import asked_events, asks_for_harm, harms
from qa.answer.values import CLAUSE, beside
from qa.english import lexicon, phrases
from qa.english.words import bag, is_past, root, words
from qa.question.grammar import AUXILIARIES
from qa.question.parts import denies
from qa.types import Part, Span

NEAR_WORDS = 4  # between a verb of wishing, or a modal, and what it is said of
REPORT_WORDS = 5  # between a denial and the report that it denies
DEED_WORDS = 10  # behind "accused of", in which the deed is named
_TURN = regex.compile(r"[;:]|,\s+(?:and|but|saying|adding)\b")
_PAST = frozenset(("did", "was", "were", "has", "have", "had", "got", "took", "died", "killed"))
_QUOTED = regex.compile(r"[“‘\"]([^”’\"]{3,80})[”’\"]")
_DENIED_DOING = regex.compile(r"\b(?:deny|denied|denies|denying)(?=\s+\w+ing\b)")
_ACCUSED_NEXT = regex.compile(r"^\W{0,2}(?:who\s+)?(?:(?:is|was|were|are|has|have|had|been|also)\s+){0,3}")


def is_stated(part: Part, span: Span) -> bool:
    """Whether the sentence of the span says as a fact what the part asks for."""
    before, after = beside(span)
    return not (
        _is_hypothetical(part, before, after)
        or _is_made_up(part, before, span.text + after)
        or _is_accusation(part, before, span.text, after)
        or _is_denied_report(part, before)
        or _is_wished(part, before)
    )


def _is_hypothetical(part: Part, before: str, after: str) -> bool:
    """ "There would have been 240 children in it", "up to 5,000 could drown"."""
    counts = part.expects in ("number", "span", "time")
    if not counts or phrases.first(part.question, "hypothetical") or _asks(part, "wish_words"):
        return False
    ahead = CLAUSE.split(before)[-1]
    behind = " ".join(CLAUSE.split(after)[0].split()[: NEAR_WORDS - 1])
    return any(phrases.first(near, "hypothetical") is not None for near in (ahead, behind))


def _is_made_up(part: Part, before: str, rest: str) -> bool:
    """What happens in a novel, a film or a drill, unless the question is about one."""
    if _asks(part, "made_up_works") or _asks(part, "made_up") or _names_title(part, before + rest):
        return False
    if lexicon.words("made_up") & set(words(CLAUSE.split(before)[-1] + CLAUSE.split(rest)[0])):
        return True
    told = words(before)
    works = [at for at, word in enumerate(told) if word in lexicon.words("made_up_works")]
    return bool(works) and phrases.first(" ".join(told[works[0] + 1 :]), "made_up_telling") is not None


def _names_title(part: Part, sentence: str) -> bool:
    """Whether the question holds words of a title that the sentence has in quotation marks."""
    titles = [bag(match.group(1)) for match in _QUOTED.finditer(sentence)]
    return any(word in title for title in titles for demand in part.demands for word in demand.words)


def _is_accusation(part: Part, before: str, value: str, after: str) -> bool:
    """Whether what is asked is only what somebody is accused of, and the value belongs to that: "on charges
    of taking 2.4 million in bribes", or is who is accused: "a baker accused of the murder", "the prosecutor
    argued that Lee killed her"."""
    if phrases.first(part.question, "accusing") or _asks(part, "hedging_words"):
        return False
    deeds = asked_events(part)
    if deeds & harms() and not asks_for_harm(part):
        return False  # where and when somebody was killed is told, whoever is accused of it
    leads = [*phrases.each(before, "accusing"), *_DENIED_DOING.finditer(before)]
    if asks_for_harm(part):
        leads = sorted([*leads, *phrases.each(before, "claiming")], key=lambda lead: lead.end())
    if leads:
        inside = before[leads[-1].end() :]
        if CLAUSE.search(inside) is None:
            return _tells(deeds, inside + CLAUSE.split(after)[0])
    follows = _ACCUSED_NEXT.sub("", after)
    accused = phrases.opening(follows, "accusing") if "doer" in part.aims else None
    return accused is not None and _tells(deeds, _before_verb(follows[accused.end() :]))


def _before_verb(text: str) -> str:
    """The words up to the verb of the sentence: "murdering a pilot" of "murdering a pilot was acquitted"."""
    told = words(text)[:DEED_WORDS]
    return " ".join(takewhile(lambda word: not is_past(word) and word not in AUXILIARIES, told))


def _is_denied_report(part: Part, before: str) -> bool:
    """ "He laughed off a report that he had been promised the ministry"."""
    if denies(part.question) or phrases.first(part.question, "dismissing"):
        return False
    for denial in phrases.each(before, "dismissing"):
        rest = before[denial.end() :]
        reported = set(words(rest)[:REPORT_WORDS]) & lexicon.words("report_claims")
        if reported and _TURN.search(rest) is None:
            return True
    return False


def _is_wished(part: Part, before: str) -> bool:
    """ "The prosecutors had asked for five years", where the question asks how many there were."""
    if part.expects not in ("number", "span") or _asks(part, "wish_words"):
        return False
    if not _PAST & set(words(part.question)):
        return False
    near = " ".join(CLAUSE.split(before)[-1].split()[-NEAR_WORDS:])
    return phrases.first(near, "wishing") is not None


def _asks(part: Part, name: str) -> bool:
    return bool(set(words(part.question)) & lexicon.words(name))


def _tells(deeds: frozenset[str], text: str) -> bool:
    """Whether one of the deeds is named there, in any form."""
    return any(root(word) in deeds for word in words(text))
