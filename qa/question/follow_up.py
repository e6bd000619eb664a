"""Makes a follow-up stand alone: takes a question and the conversation, gives the question to search for.

Works by rule: a missing clause, name, place or pronoun is taken from the last questions and answers.
A question that stands alone stays as it is. Knows no articles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import takewhile

from qa.english import lexicon, phrases
from qa.english.days import time_words
from qa.english.months import CALENDAR
from qa.english.names import TITLES, after_preposition, names_in
from qa.english.places import is_nation
from qa.english.words import base_form, content_words, figure, is_past, root, words
from qa.question.grammar import (
    AUXILIARIES,
    PREPOSITIONS,
    WH,
    Match,
    as_question,
    asking,
    asks_who_somebody_is,
    counted_noun,
    counting_same,
    part_name,
    put_for,
    split_sentences,
)
from qa.question.parts import less_tails, part
from qa.question.topic import lacks_topic, topic, with_topic
from qa.types import Part, Turn

FOLLOW_UPS = 3
TURNS_LOOKED_AT = 4  # what was said longer ago is seldom meant by "he"
LONGEST_OTHER = 6  # words that "what about" puts into the last question
LONGEST_VALUE = 8  # words; what is longer is no antecedent as it stands

_ADJUNCTS = ("when", "where", "why", "how", "how long", "how often")
_ANY_DAY = date(2000, 1, 1)  # for finding time words, whatever they mean
_DEMONSTRATIVES = {"this", "that", "last", "next", "the"}


def condense(question: str, history: Sequence[Turn]) -> str:
    """The question as it can be searched without the conversation; the same words where it stands alone."""
    asked = " ".join(question.split())
    turns = [turn for turn in reversed(history[-TURNS_LOOKED_AT:]) if _said(turn)]
    if not asked or not turns:
        return asked
    last = _said(turns[0])
    if phrases.is_one(asked, "asks_for_more"):
        about = names_in(last) or _values(turns[0])
        return f"Tell me about {about[0]}" if about else last
    return (
        _bare_question(asked, last)
        or _what_about(asked, last)
        or _continued(asked, last, turns)
        or _with_names(asked, turns)
        or _with_topic(asked, turns)
        or asked
    )


def _said(turn: Turn) -> str:
    return " ".join((turn.searched or turn.question).split())


def _bare_question(asked: str, last: str) -> str | None:
    """ "and where?", "when?", "by whom?": the words that ask, put to the last question's clause."""
    bare = phrases.less_openings(asked, "continuations").strip(" ?.!")
    match = WH.match(bare)
    if match is None or is_past(match.group().lower().split()[-1]):  # "how many died" has its verb
        return None
    rest = bare[match.end() :].lower().split()
    if rest != ["else"] and len(rest) > (1 if part_name(match.group()) in ("which", "what") else 0):
        return None
    if part_name(bare) in ("what", "how much") and bare.lower() == "what":
        return None
    return _ask_again(bare, last)


def _ask_again(wh: str, last: str) -> str:
    """The last question with other words that ask, or with these added where both are needed."""
    clause = split_sentences(last)[-1].rstrip(" ?.!")
    clause, _ = less_tails(clause)
    lead = WH.match(clause)
    if lead is None:
        first = clause.split()[0].lower()
        return (
            as_question(f"{wh} {clause[0].lower()}{clause[1:]}")
            if first in AUXILIARIES
            else f"{clause}: {wh}?"
        )
    if wh.lower().endswith(" else"):
        return as_question(f"{wh} {clause[lead.end() :].strip()}")
    if part_name(lead.group()) in _ADJUNCTS and (part_name(wh) in _ADJUNCTS or wh.lower().startswith("by ")):
        return as_question(f"{wh} {clause[lead.end() :].strip()}")
    if part_name(lead.group()) == part_name(wh):
        return as_question(clause)
    return as_question(f"{clause} and {wh.lower()}")


def _what_about(asked: str, last: str) -> str | None:
    """ "what about Kirillov?", "and in Paris?": the last question about something else."""
    bare = asked.rstrip(" ?.!")
    opening = phrases.opening(bare, "what_about")
    other = bare[opening.end() :].strip() if opening else ""
    first = other.lower().partition(" ")[0]
    if not other or WH.match(other) or first in AUXILIARIES or len(other.split()) > LONGEST_OTHER:
        return None
    if phrases.is_one(other, "person_pronouns"):
        return None
    if first in lexicon.words("places_and_times") and first != other.lower():
        return _place_instead(other, last)
    return _verb_instead(other, last) or _topic_instead(other, last)


def _verb_instead(other: str, last: str) -> str | None:
    """ "and injured?": the last question with another verb."""
    verbs = [word for word in words(last) if is_past(word)]
    if " " in other or not other.islower() or not is_past(other) or not verbs:
        return None
    at = last.lower().rfind(verbs[-1])
    return last[:at] + other + last[at + len(verbs[-1]) :]


def _topic_instead(other: str, last: str) -> str | None:
    """The last question with its topic replaced: all of "the Mecca crane collapse" by "the ferry", its name
    alone by a name."""
    about, names = topic(last), names_in(last)
    phrase = (about.whose or about.phrase) if about else ""
    told = other.split()
    if "one" in told[1:]:
        phrase, noun = _last_thing(last)
        other = " ".join(noun if word == "one" else word for word in told)
    determined = told[0].lower() in lexicon.words("determiners")
    if phrase and phrase in last and (determined or not names):
        return last.replace(phrase, other)
    if not names:
        return as_question(f"What happened to {other}") if other[0].isupper() else None
    old = _same_sort(other, names)
    kept = "’s" if last[last.rfind(old) + len(old) :][:2] in ("'s", "’s") else ""
    start = last.rfind(old)
    after = last[start + len(old) + len(kept) :]
    return last[:start] + other + (kept and (kept if not other.endswith("s") else "’")) + after


def _last_thing(said: str) -> tuple[str, str]:
    """The last thing that a question names, where it is, and its noun: "the peat bog off Karsk", "bog"."""
    clause = split_sentences(said)[-1].rstrip(" ?.!")
    at = clause.rfind(" the ") + 1
    ends = lexicon.words("topic_prepositions") | AUXILIARIES
    noun = list(takewhile(lambda word: word.islower() and word not in ends, clause[at:].split()[1:]))
    return (clause[at:], noun[-1]) if at and noun else ("", "one")


def _place_instead(other: str, last: str) -> str:
    """The last question at another place or time."""
    times = time_words(last, now=_ANY_DAY)
    if times and time_words(other, now=_ANY_DAY):
        before = last[: times[-1].start].rstrip(" ?")
        while before.split()[-1:] and before.split()[-1].lower() in PREPOSITIONS | _DEMONSTRATIVES:
            before = before.rpartition(" ")[0]
        return as_question(f"{before} {other} {last[times[-1].end :].rstrip(' ?.!')}")
    places = after_preposition(last, "clause_places")
    if places:
        start, end = places[-1]
        return last[:start] + other + last[end:]
    return as_question(f"{last.rstrip(' ?.!')} {other}")


def _same_sort(other: str, names: Sequence[str]) -> str:
    """The name that the new one replaces: the last of the nations, of the acronyms or of the same length."""

    def likeness(name: str) -> tuple[bool, ...]:
        sorts = (is_nation, str.isupper, lambda text: len(text.split()))
        return tuple(sort(name) == sort(other) for sort in sorts)

    return max(reversed(names), key=likeness)


def _continued(asked: str, last: str, turns: Sequence[Turn]) -> str | None:
    """ "and how many were injured?": a clause that takes its place or noun from the last question."""
    if phrases.opening(asked, "going_on") is None:
        return None
    bare = phrases.less_openings(asked, "continuations")
    if _pronouns_in(bare):
        return _with_names(bare, turns)
    if WH.match(bare) is None and bare.split()[0].lower() not in AUXILIARIES:
        return None
    bare = counting_same(bare, last)
    places = after_preposition(last, "clause_places")
    if places and not names_in(bare) and not after_preposition(bare, "clause_places"):
        bare = f"{bare.rstrip(' ?.!')} {_place_in_full(last, *places[-1])}"
    return _with_topic(bare, turns) or as_question(bare.rstrip(" ?.!"))


def _place_in_full(said: str, start: int, end: int) -> str:
    """The place with the nouns that it is only the name of: "in the Ely crane collapse"."""
    if " the " not in said[start:end]:
        return said[start:end]
    ends = AUXILIARIES | PREPOSITIONS | lexicon.words("topic_prepositions")
    nouns = takewhile(lambda word: word.islower() and word not in ends, said[end:].rstrip(" ?.!").split())
    return " ".join([said[start:end], *nouns])


def _with_topic(asked: str, turns: Sequence[Turn]) -> str | None:
    """ "Where was the final played?": a question that leaves out of what takes what was asked about last."""
    if not lacks_topic(asked):
        return None
    same = _same_thing(asked, turns[0])
    if same:
        return same
    for turn in turns:
        meant = topic(_said(turn))
        if meant:
            full = with_topic(asked, meant, said=_said(turn))
            return full if full != asked else None
    return None


def _same_thing(asked: str, turn: Turn) -> str | None:
    """ "Why did the bank fail?" after "Which bank …?": "the bank" is the one that was the answer."""
    said = _said(turn)
    match = asking(said)
    values = _values(turn)
    if match is None or not values or part_name(match.group()) not in ("which", "what"):
        return None
    noun = said[match.end() :].strip().partition(" ")[0]
    before, the, after = asked.rstrip(" ?.!").partition(f"the {noun}")
    if not noun or not the or after[:1].isalnum():
        return None
    return as_question(before + values[0] + after)


# Pronouns


def _pronouns_in(asked: str) -> bool:
    plain = _less_clauses_with_that(asked)
    persons = phrases.first(plain, "person_pronouns") or phrases.first(plain, "plural_pronouns")
    return bool(persons or _there_in(plain) or _thing_in(plain))


def _less_clauses_with_that(text: str) -> str:
    """The text with spaces for each "that" which opens a clause and stands for nothing."""
    for match in phrases.each(text, "clauses_with_that"):
        at = match.start() + match.group().lower().index("that")
        text = text[:at] + "    " + text[at + len("that") :]
    return text


def _there_in(text: str) -> Match | None:
    """A "there" that stands for a place: not "is there"."""
    return next((match for match in phrases.each(text, "there") if match.group().lower() == "there"), None)


def follow_ups(asked: str, texts: Sequence[str]) -> list[str]:
    """Questions that an answer suggests: about the names in its `texts` that the question had not.

    Values first, then quotes. At most FOLLOW_UPS; empty when there is no new name.
    """
    known = set(words(asked))
    found: list[str] = []
    for source, name in [(text, name) for text in texts for name in names_in(text)]:
        mine = [word for word in words(name) if word not in TITLES]
        new = mine and not known & set(mine) and mine[0] not in CALENDAR
        if new and (len(mine) > 1 or len(name) > 3) and not _is_adjective(name, source):
            known |= set(mine)
            the = "the " if f"the {name}" in source or f"The {name}" in source else ""
            found.append(f"Tell me about {the}{name}")
    return found[:FOLLOW_UPS]


def _is_adjective(name: str, source: str) -> bool:
    """Whether the name only says whose something is: "Russian" in "a Russian general"."""
    after = source.partition(name)[2]
    of_a_people = name in lexicon.heads("nations") or name.endswith(("ian", "ican", "ese", "ish"))
    return of_a_people and " " not in name and after[:1] == " " and after[1:2].islower()


def standing_alone(pieces: Sequence[str]) -> tuple[str, ...]:
    """The pieces of one question, each with the person whom "he" or "her" means, told by those before it."""
    told: list[str] = []
    for piece in pieces:
        before = [Turn(text) for text in told]
        told.append(condense(piece, before) if before and phrases.first(piece, "person_pronouns") else piece)
    return tuple(told)


def parts_alone(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of one question, each saying of what it asks: "Who won the Cup and who scored?"."""
    told: list[Turn] = []
    alone: list[Part] = []
    for one in parts:
        if one.has_slot:
            alone.append(one)
            continue
        full = condense(one.question, told)
        if names_in(full) == names_in(one.question) and not _pronouns_in(one.question):
            full = one.question  # "the hydrographers" of the first part are no topic of the second
        alone.append(one if full == one.question else replace(part(one.name, full), asked=one.question))
        told.append(Turn(full))
    return tuple(alone)


def leans(asked: str) -> bool:
    """Whether the question seems to need the conversation: a pronoun, no topic, or hardly a word."""
    return _pronouns_in(asked) or lacks_topic(asked) or len(content_words(asked)) < 2


def _thing_in(asked: str) -> Match | None:
    """An "it", "this" or "that" that stands for something: not "is it true", not "that man"."""
    for match in phrases.each(asked, "thing_pronouns"):
        after = asked[match.end() :]
        follows = after.split()[0].strip("?.,!’'").lower() if after.split() else ""
        is_state = follows in lexicon.words("states_of_things") or after.split()[:2] == ["is", "true"]
        if is_state or follows in lexicon.words("units_of_time"):
            continue
        determines = match.group().lower() in ("this", "that") and follows not in AUXILIARIES
        if determines and follows and not after.lstrip().startswith("?"):
            continue
        return match
    return None


def _with_names(asked: str, turns: Sequence[Turn]) -> str | None:
    """The question with its pronouns replaced by what they stand for; each only once, then left."""
    if not _pronouns_in(asked) or _own_antecedent(asked):
        return None
    text = asked
    replaced = False
    for pronoun, find in _ANTECEDENTS:
        match = pronoun(text)
        meant = _first(find, turns) if match else None
        if match and meant:
            text = _put(text, match, meant)
            replaced = True
    match = None if replaced else _thing_in(_less_clauses_with_that(text))
    if match:
        meant = _asked_on(turns) or _first(_thing, turns)
        text = _put(text, match, meant) if meant else text
    return text[:1].upper() + text[1:] if text != asked else asked


def _own_antecedent(asked: str) -> bool:
    """Whether a name in the question itself comes before its pronoun: "Did Trump say he would go?"."""
    pronoun = phrases.first(asked, "person_pronouns") or phrases.first(asked, "plural_pronouns")
    return pronoun is not None and any(asked.find(name) < pronoun.start() for name in names_in(asked))


def _put(text: str, match: Match, meant: str) -> str:
    if match.group().lower() == "there":
        return text[: match.start()] + f"in {meant}" + text[match.end() :]
    return put_for(text, *match.span(), meant)


def _asked_on(turns: Sequence[Turn]) -> str | None:
    """The earlier answer that the last question was asked on with, whole: "Girl with a Pearl" of "How much is
    Girl with a Pearl worth?"."""
    said = _said(turns[0])
    earlier = (value for turn in turns[1:] for value in _values(turn))
    return next((value for value in earlier if " " in value and value in said), None)


def _first(find: Callable[[Turn], str | None], turns: Sequence[Turn]) -> str | None:
    return next((meant for meant in map(find, turns) if meant), None)


def _person(turn: Turn) -> str | None:
    """Who "he" or "she" is: the answer to a question for a person, else a name in the question or answer."""
    said = _said(turn)
    values = _values(turn)
    if _asks_who_did(said):
        return values[0] if values else _whoever("the one", said)
    return next(iter(names_in(said) or values), None)


def _plural(turn: Turn) -> str | None:
    said = _said(turn)
    values = _values(turn)
    match = asking(said)
    column = part_name(match.group()) if match else ""
    if column == "how many":
        return f"the {counted_noun(said)}"
    if column in ("who", "which") and values:
        return " and ".join(values[:3])
    if _asks_who_did(said):
        return _whoever("those", said)
    return next(iter(names_in(said) or values), None)


def _asks_who_did(said: str) -> bool:
    """Whether its answer is who is meant next: not that of "Who is Ann Li?" or "Who did she meet?"."""
    match = asking(said)
    if match is None or not (part_name(match.group()) == "who" or _asks_for_person(said[match.end() :])):
        return False
    return not _inverted(said[match.end() :]) and not asks_who_somebody_is(said)


def _asks_for_person(rest: str) -> bool:
    """Whether the noun behind "which" is one for persons: "envoy is in Moscow"."""
    noun = list(takewhile(lambda word: word.lower() not in AUXILIARIES and not is_past(word), rest.split()))
    return any(word in _persons() for word in words(" ".join(noun[-1:])))


@cache
def _persons() -> frozenset[str]:
    return lexicon.words("person_nouns") | TITLES


def _whoever(they: str, said: str) -> str:
    """Whom a question asked for that got no answer: "the one who was charged with attacking Paul Pelosi"."""
    clause = split_sentences(said)[-1].rstrip(" ?.!")
    return f"{they} {clause[:1].lower()}{clause[1:]}"


def _place(turn: Turn) -> str | None:
    match = asking(_said(turn))
    values = _values(turn)
    if match is not None and part_name(match.group()) == "where" and values:
        first, _, rest = values[0].partition(" ")
        return rest if rest and first in ("in", "at", "near") else values[0]
    places = after_preposition(_said(turn), "clause_places")
    return _said(turn)[slice(*places[-1])].partition(" ")[2] if places else None


def _thing(turn: Turn) -> str | None:
    """What "it" is: the thing that was the answer, the event that was asked about, else a name."""
    said = _said(turn)
    values = _values(turn)
    match = asking(said)
    asks_thing = match is not None and part_name(match.group()) in ("which", "what")
    if asks_thing and values and values[0][0].isupper() and not asks_who_somebody_is(said):
        return values[0]
    about = topic(said)
    asked_for = _which_thing(said) if asks_thing else None
    if asked_for or (about and about.phrase.startswith("the ")):
        return asked_for or (about.phrase if about else None)
    named = names_in(said) or values[:1]
    return _event(said, turn) or (named[-1] if named else None)


def _which_thing(said: str) -> str | None:
    """The thing that a question asked for and got no answer: "the painting that was taken from the museum" of
    "Which painting was taken from the museum?"."""
    clause = split_sentences(said)[-1].rstrip(" ?.!")
    tokens = clause.split()
    noun = list(takewhile(lambda word: word.lower() not in AUXILIARIES and not is_past(word), tokens[1:]))
    rest = tokens[1 + len(noun) :]
    if not noun or not rest or _inverted(" ".join(rest)):
        return None
    return f"the {' '.join(noun)} that {' '.join(rest)}"


def _event(said: str, turn: Turn) -> str | None:
    """ "How was Kirillov killed?" is about the killing of Kirillov."""
    verb = next((word for word in words(said) if is_past(word) and root(word) in _events()), None)
    if verb is None:
        about = phrases.opening(said, "after_happened")
        return f"what happened to {said[about.end() :].strip(' ?')}" if about else None
    noun = _events()[root(verb)]
    match = asking(said)
    who = match is not None and part_name(match.group()) == "who"
    done_to = _object_of(verb, said)
    victims = [done_to] if done_to else names_in(said)
    if who and not done_to:  # "Who was killed in Balashikha?"
        victims = _values(turn)[:1] or victims
    return f"the {noun} of {victims[0]}" if victims else f"the {noun}"


@cache
def _events() -> dict[str, str]:
    """The noun of each verb of news, by the verb's root."""
    return {root(verb): noun for verb, (noun,) in lexicon.table("event_nouns").items()}


def _object_of(verb: str, said: str) -> str:
    """What the verb was done to where the question is active: "Moskalik" of "Who killed Moskalik?"."""
    told = said.rstrip(" ?").split()
    low = [word.lower() for word in told]
    at = next((at for at, word in enumerate(low) if word in (verb, base_form(verb))), 0)
    active = at > 0 and (low[at - 1] in ("who", "what") or "did" in low[: at - 1])
    return " ".join(told[at + 1 :]) if active else ""


def _inverted(rest: str) -> bool:
    """Whether a subject follows: in "Who is Witkoff meeting", "he" is Witkoff and not the answer."""
    tokens = rest.split()
    if len(tokens) < 2 or tokens[0].lower() not in AUXILIARIES:
        return False
    return tokens[1][0].isupper() or tokens[0].lower() in ("did", "does", "do")


def _values(turn: Turn) -> list[str]:
    """What was answered, short enough to be put into a question: what stands before a comma, of a name with
    its place the name, of many words the first name; "the baker" of "a baker". No numbers."""
    values = []
    for told in turn.values:
        value = told.partition(", ")[0]
        named, _, rest = value.partition(" of ")
        if rest and names_in(f"Then {named}") == [named] and len(named.split()) > 1:
            value = named
        if len(value.split()) > LONGEST_VALUE:
            names = names_in(value)
            value = names[0] if names else ""
        article, _, noun = value.partition(" ")
        scales = lexicon.words("scale_words") | lexicon.counts("scales").keys()
        if any(figure(word) is None and word not in scales for word in words(value)):  # nobody is "59"
            values.append(f"the {noun}" if noun and article in ("a", "A", "an", "An", "The") else value)
    return list(dict.fromkeys(values))


_ANTECEDENTS: tuple[tuple[Callable[[str], Match | None], Callable[[Turn], str | None]], ...] = (
    (lambda text: phrases.first(text, "person_pronouns"), _person),
    (lambda text: phrases.first(text, "plural_pronouns"), _plural),
    (_there_in, _place),
)
