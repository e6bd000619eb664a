"""What part a span plays where a question asks who did something: whether it did it, suffered it, or is only
whose word it is. Each is a small named feature, or a reason why the span is no answer. Knows the order of
English words, no models.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.answer.values import beside, sentence_text
from qa.english import lexicon, phrases
from qa.english.names import TITLES, name_spans
from qa.english.words import bag, is_past, root, words
from qa.question.grammar import AUXILIARIES, PREPOSITIONS, TOKEN, asking
from qa.types import Part, Span

BEFORE_NAME = 6  # words of a name, its titles and an article, that may stand between it and its verb
APPOSED_WORDS = 14  # between two commas, of what describes a name: ", deputy chief of the staff,"
NEAR_BY = 12  # words between a verb and its "by"
_ARTICLES = frozenset(("the", "a", "an", "his", "her", "its", "their"))
_BE = frozenset(("was", "were", "is", "are", "been", "being", "be"))
_HELPS = _BE | {"has", "have", "had", "also", "then", "later", "first", "both", "all", "not", "who"}


@dataclass(frozen=True, slots=True)
class _Place:
    """The words of a sentence before and after a span, as they are written."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def is_other_role(part: Part, span: Span) -> bool:
    """Whether the span cannot be who did it: it suffered that, or is whose word it is, or did it to somebody
    else than was asked about."""
    if "doer" not in part.aims:
        return False
    place = _around(span)
    events = _deeds(part)
    if _suffers(place, events) or (_is_source(place) and not _asks_for_speaker(part)):
        return True
    if _is_reversed(part, span, events):
        return True
    return bool(events & harms()) and _has_other_object(part, span, events)


def roles(part: Part, span: Span) -> Iterator[str]:
    """The features of the part that the span plays."""
    place = _around(span)
    preposition = _asked_preposition(part.question)
    if preposition:
        stands = _less_name(place.before)[-1:]
        yield "asked_preposition" if "".join(stands).lower() == preposition else "other_preposition"
    if "doer" not in part.aims:
        return
    events = _deeds(part)
    if _is_agent(place, events):
        yield "doer_agent"
    elif owns_up(span):
        yield "doer_owns_up"
    elif _less_name(place.before)[-1:] == ("by",):
        yield "doer_by"
    asked = asked_events(part)
    if not any(root(word) in asked for word in words(sentence_text(span))):
        yield "doer_elsewhere"
    elif _has_other_object(part, span, events):
        yield "doer_of_another"
    if _speaks(place) and not _asks_for_speaker(part):
        yield "doer_speaks"


def owns_up(span: Span) -> bool:
    """Whether the span says that the deed was its own: "the group has claimed responsibility"."""
    rest = " ".join(_less_helps(_tokens(beside(span)[1])))
    return phrases.opening(rest, "owning_up") is not None


def asks_for_harm(part: Part) -> bool:
    """Whether it asks who killed, hurt or took somebody."""
    return "doer" in part.aims and bool(asked_events(part) & harms())


def _around(span: Span) -> _Place:
    return _Place(*map(_tokens, beside(span)))


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(TOKEN.findall(text.replace("’", "'")))


@lru_cache(maxsize=64)
def _asked_preposition(question: str) -> str:
    """The preposition that the answer stands with: "with" of "With whom …?"; else empty."""
    asked = asking(question)
    first, *others = asked.group().lower().split() if asked else [""]
    last = words(question)[-1:]
    if others and first in PREPOSITIONS:
        return first
    return last[0] if asked and last and last[0] in PREPOSITIONS else ""


@lru_cache(maxsize=64)
def asked_events(part: Part) -> frozenset[str]:
    """The roots of the words for what was done; where one is a harm, of every harm."""
    asked = {root(word) for word in part.words}
    return frozenset(asked | harms()) if asked & harms() or not asked else frozenset(asked)


@lru_cache(maxsize=64)
def _deeds(part: Part) -> frozenset[str]:
    """The same of verbs alone: who won the election may well be elected."""
    told = words(part.question)
    modal = {after for before, after in pairwise(told) if before in AUXILIARIES | {"to"}}
    verbs = {root(word) for word in part.words if is_past(word) or word.endswith("ing") or word in modal}
    return frozenset(verbs | (asked_events(part) & harms()))


@lru_cache(maxsize=1)
def harms() -> frozenset[str]:
    """The roots of the words for killing, hurting or taking somebody."""
    return frozenset(map(root, lexicon.words("harms")))


def _suffers(place: _Place, events: frozenset[str]) -> bool:
    """Whether it was done to what stands there: "X was killed", "killed X", "killing of X", "X's death"."""
    after = _less_apposition(place.after)
    if after[:2] == ("'", "s"):
        return len(after) > 2 and root(after[2].lower()) in events & harms()
    done = _less_helps(after)
    passive = bool(_BE & {word.lower() for word in after[: len(after) - len(done)]})
    verb = done[0].lower() if done else ""
    if root(verb) in events and (passive or _lacks_object(done)) and (is_past(verb) or verb == "dies"):
        return True
    before = _less_name(place.before)
    if not before:
        return False
    last = before[-1].lower()
    if last == "of":
        return any(root(word.lower()) in events & harms() for word in before[-3:-1])
    ahead = (
        before[-2].lower() if len(before) > 1 else ","
    )  # "the shooting" is no verb, nor what opens a clause
    is_verb = ahead != "," and ahead not in lexicon.words("determiners")
    acts = is_verb and (is_past(last) or last.endswith(("ing", "s")))
    return acts and root(last) in events and last not in lexicon.words("saying_verbs")


def _lacks_object(done: Sequence[str]) -> bool:
    """Whether nobody follows a verb of harm, so that its subject suffered it: "generals shot in May"."""
    verb, after, *_ = (*done, "", "")
    preposed = not after[:1].isalnum() or after.lower() in lexicon.words("topic_prepositions")
    return root(verb.lower()) == root("die") or after == "by" or (root(verb.lower()) in harms() and preposed)


def _is_agent(place: _Place, events: frozenset[str]) -> bool:
    """Whether what stands there did it: "X killed", "was killed by X"."""
    before = _less_name(place.before)
    if before[-1:] == ("by",):
        return any(root(word.lower()) in events for word in before[-NEAR_BY:-1])
    after = _less_apposition(place.after)
    done = _less_helps(after)
    passive = bool(_BE & {word.lower() for word in after[: len(after) - len(done)]})
    return bool(done) and not passive and root(done[0].lower()) in events and not _suffers(place, events)


def _has_other_object(part: Part, span: Span, events: frozenset[str]) -> bool:
    """Whether the sentence tells it of somebody else: it names none of those in the question, and one whom
    it was done to."""
    sentence = sentence_text(span)
    here, asked = bag(sentence), bag(f"{part.question} {span.text}")
    if not part.demands or any(demand.words[-1] in here for demand in part.demands):
        return False
    for start, end in name_spans(sentence):
        place = _Place(_tokens(sentence[:start]), _tokens(sentence[end:]))
        if words(sentence[start:end])[-1] not in asked and _suffers(place, events):
            return True
    return False


def _is_reversed(part: Part, span: Span, events: frozenset[str]) -> bool:
    """Whether the sentence says that it was done by whom the question gives: "replaced by Ann Lee" does not
    tell who replaces her."""
    sentence = sentence_text(span)
    named = {demand.words[-1] for demand in part.demands}
    for start, end in name_spans(sentence):
        before = _less_name(_tokens(sentence[:start]))
        by = before[-1:] == ("by",) and any(root(word.lower()) in events for word in before[-3:-1])
        if by and words(sentence[start:end])[-1] in named:
            return True
    return False


def _is_source(place: _Place) -> bool:
    return tuple(word.lower() for word in _less_name(place.before)[-2:]) == ("according", "to")


def _speaks(place: _Place) -> bool:
    said = _less_helps(_less_apposition(place.after))[:1]
    return bool(said) and said[0].lower() in lexicon.words("saying_words")


def _asks_for_speaker(part: Part) -> bool:
    return bool(lexicon.words("saying_words") & {*part.words, *words(part.question)})


def _less_name(before: Sequence[str]) -> tuple[str, ...]:
    """What stands before a name, without its titles and article: "death of" of "death of the Lt. Gen."."""
    kept = list(before)
    for _ in range(BEFORE_NAME):
        last = kept[-1] if kept else ""
        titled = last[:1].isupper() or last.lower() in TITLES or last.lower() in _ARTICLES
        if not (titled or (last == "." and kept[-2:-1] and kept[-2].lower() in TITLES)):
            break
        kept.pop()
    return tuple(kept)


def _less_apposition(after: Sequence[str]) -> tuple[str, ...]:
    """What follows a name, without what describes it between commas."""
    if after[:1] != (",",):
        return tuple(after)
    if "".join(after[1:2]).lower() in _HELPS | {"which"}:
        return tuple(after[1:])
    closing = next((at for at, word in enumerate(after[1:APPOSED_WORDS], 1) if word == ","), 0)
    return tuple(after[closing + 1 :]) if closing else tuple(after)


def _less_helps(after: Sequence[str]) -> tuple[str, ...]:
    """The words from the main verb on: "killed" of "has reportedly been killed"."""
    at = next(
        (at for at, word in enumerate(after) if word.lower() not in _HELPS and not word.endswith("ly")),
        len(after),
    )
    return tuple(after[at:])
