"""A clause in, questions about it out, near its words and far from them, each with the role that answers it.

Knows nothing about files, passages or what did not happen.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from training.clauses import WEEKDAY, YEAR, Clause, Phrase, inflect
from training.lexicon import words as words_of
from training.wordings import CONVERSE_AGENT, CONVERSE_PATIENT, INTRANSITIVE, SAME_AS, VERBS, WRAPS


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. `role`: agent, patient, when, where or number. `far`: worded unlike the text."""

    question: str
    role: str
    answer: Phrase
    far: bool = False


def wh(phrase: Phrase, *, subject: bool = True) -> str:
    """The question word of a phrase, in lower case."""
    return "who" if phrase.who else "what"


def ask(
    clause: Clause,
    *,
    random_: random.Random,
    roles: Sequence[str] = ("agent", "patient", "when", "where", "number"),
    names: dict[str, str] | None = None,
    whole: bool = False,
) -> list[Asked]:
    """Near questions for every role of the clause that can be asked for, one wording each, drawn.

    `names`: other words to put for "agent" and "patient" (role swaps, false premises).
    `whole`: time and place of the clause are part of the question.
    """
    found = []
    for role in roles:
        embedded = embedded_question(clause, role, random_=random_, names=names, whole=whole)
        if embedded is None:
            continue
        direct, _, answer = embedded
        found.append(Asked(sentence_case(direct) + "?", role, answer))
    return found


def ask_far(
    clause: Clause, role: str, *, random_: random.Random, names: dict[str, str] | None = None
) -> Asked | None:
    """A question for the role in words far from the text: other verb, other side, noun, small talk, typos."""
    ways = [_converse, _converse, _nominal, _synonym, _synonym, _wrapped, _keywords, _cleft, _other_voice]
    random_.shuffle(ways)
    for way in ways:
        made = way(clause, role, random_, names)
        if made is None:
            continue
        question, answer = made
        return Asked(roughened(question, random_=random_), role, answer, far=True)
    return None


def embedded_question(
    clause: Clause,
    role: str,
    *,
    random_: random.Random,
    names: dict[str, str] | None = None,
    verb: str | None = None,
    whole: bool = False,
) -> tuple[str, str, Phrase] | None:
    """(direct, embedded, answer): "who did A see" and "who A saw". None if the clause lacks the role.

    `verb`: words to say in place of the verb ("take over"); only its first word is inflected.
    """
    # a question seldom says all: where and when it was is left out at will, what the verb needs stays
    dropped = {one for one in ("time", "place") if not whole and random_.random() < 0.5}
    dropped |= {"when": {"time"}, "where": {"place"}}.get(role, set())
    said = _Said.of(clause, names or {}, verb or clause.verb, dropped)
    if role == "agent":
        return _for_agent(clause, said)
    if role == "patient":
        return _for_patient(clause, said, random_)
    if role in {"when", "where"}:
        return _for_adverbial(clause, role, said, random_)
    return _for_number(clause, said) if role == "number" else None


@dataclass(frozen=True, slots=True)
class _Said:
    """The parts of a clause as a question says them. `extra`: what follows the verb beside its object."""

    a: str
    p: str
    was: str
    past: str
    part: str
    stem: str
    extra: str

    @classmethod
    def of(cls, clause: Clause, names: dict[str, str], verb: str, dropped: set[str]) -> _Said:
        agent, patient = clause.agent, clause.patient
        particle = clause.piece("particle")
        prt = f" {particle.text}" if particle else ""
        plural = patient is not None and patient.plural and not names.get("patient")
        return cls(
            a=names.get("agent") or (agent.text if agent else ""),
            p=names.get("patient") or (patient.text if patient else ""),
            was="were" if plural else "was",
            past=_inflected(verb, "VBD") + prt,
            part=_inflected(verb, "VBN") + prt,
            stem=verb + prt,
            extra=clause.rest(leave={"object", "agent", "particle"} | dropped),
        )


def _for_agent(clause: Clause, said: _Said) -> tuple[str, str, Phrase] | None:
    agent, patient = clause.agent, clause.patient
    if agent is None or (clause.passive and patient is None):
        return None
    object_ = f" {said.p}" if patient is not None else ""
    direct = f"{wh(agent)} {said.past}{object_}{said.extra}"
    return direct, direct, agent


def _for_patient(clause: Clause, said: _Said, random_: random.Random) -> tuple[str, str, Phrase] | None:
    agent, patient = clause.agent, clause.patient
    if patient is None or (agent is None and not said.extra):
        return None
    word = wh(patient)
    by = f" by {said.a}" if agent else ""
    if agent is None or (clause.passive and random_.random() < 0.6):
        direct = f"{word} was {said.part}{by}{said.extra}"
        return direct, direct, patient
    return (
        f"{word} did {said.a} {said.stem}{said.extra}",
        f"{word} {said.a} {said.past}{said.extra}",
        patient,
    )


def _for_adverbial(
    clause: Clause, role: str, said: _Said, random_: random.Random
) -> tuple[str, str, Phrase] | None:
    piece = clause.piece("time" if role == "when" else "place")
    if piece is None or piece.phrase is None or (role == "when" and not DATED.search(piece.text)):
        return None
    word = role
    if role == "when" and random_.random() < 0.3:
        day = WEEKDAY.search(piece.text)
        word = "on which day" if day else "in what year" if YEAR.match(piece.phrase.text) else "when"
    agent, patient = clause.agent, clause.patient
    if patient is not None and (agent is None or random_.random() < 0.4):
        by = f" by {said.a}" if agent is not None and random_.random() < 0.5 else ""
        rest = f"{said.part}{by}{said.extra}"
        return f"{word} {said.was} {said.p} {rest}", f"{word} {said.p} {said.was} {rest}", piece.phrase
    if agent is None:
        return None
    tail = f" {said.p}{said.extra}" if patient is not None else said.extra
    return f"{word} did {said.a} {said.stem}{tail}", f"{word} {said.a} {said.past}{tail}", piece.phrase


DATED = re.compile(r"\d|yesterday|week|month|year|morning|night|evening|[A-Z][a-z]+day\b")


def _for_number(clause: Clause, said: _Said) -> tuple[str, str, Phrase] | None:
    """The number of what or who is counted: of the patient first, else of the agent."""
    agent, patient = clause.agent, clause.patient
    phrase = next((one for one in (patient, agent) if one and one.number and one.counted), None)
    if phrase is None:
        return None
    count = f"how many {phrase.counted}"
    number = Phrase(phrase.number, phrase.number_start, who=False, plural=False)
    if phrase is not patient:
        object_ = f" {said.p}" if patient is not None else ""
        direct = f"{count} {said.past}{object_}{said.extra}"
        return direct, direct, number
    if agent is None or clause.passive:
        by = f" by {said.a}" if agent else ""
        direct = f"{count} were {said.part}{by}{said.extra}"
        return direct, direct, number
    return (
        f"{count} did {said.a} {said.stem}{said.extra}",
        f"{count} {said.a} {said.past}{said.extra}",
        number,
    )


def ask_adverbial(clause: Clause, word: str, *, names: dict[str, str] | None = None) -> str:
    """ "Why did A see B?" for any clause and any question word, without its time and place."""
    names = names or {}
    agent, patient = clause.agent, clause.patient
    extra = clause.rest(leave={"object", "agent", "particle", "time", "place"})
    particle = clause.piece("particle")
    prt = f" {particle.text}" if particle else ""
    if clause.passive and patient:
        was = "were" if patient.plural else "was"
        by = f" by {agent.text}" if agent else ""
        return f"{word} {was} {patient.text} {inflect(clause.verb, 'VBN')}{prt}{by}{extra}?"
    object_ = f" {patient.text}" if patient else ""
    return f"{word} did {clause.subject.text} {clause.verb}{prt}{object_}{extra}?"


def _inflected(words: str, tag: str) -> str:
    first, _, rest = words.partition(" ")
    return f"{inflect(first, tag)} {rest}" if rest else inflect(first, tag)


def _synonym(
    clause: Clause, role: str, random_: random.Random, names: dict[str, str] | None
) -> tuple[str, Phrase] | None:
    verb = VERBS.get(clause.verb)
    if verb is None or not verb.others or clause.piece("particle") or not same_sense(clause):
        return None
    other = random_.choice(verb.others)
    if other.startswith("be "):
        return None
    if (
        other.endswith(
            (" of", " to", " with", " at", " on", " against", " after", " for", " over", " into", " from")
        )
        and clause.patient
        and (role in {"when", "where"} or (clause.passive and role != "agent"))
    ):
        return None
    made = embedded_question(clause, role, random_=random_, names=names, verb=other)
    return made and (sentence_case(made[0]) + "?", made[2])


def _wrapped(
    clause: Clause, role: str, random_: random.Random, names: dict[str, str] | None
) -> tuple[str, Phrase] | None:
    verb = VERBS.get(clause.verb)
    other = (
        random_.choice(verb.others)
        if verb and verb.others and not clause.piece("particle") and role == "agent" and same_sense(clause)
        else None
    )
    if other and other.startswith("be "):
        other = None
    made = embedded_question(clause, role, random_=random_, names=names, verb=other)
    return made and (random_.choice(WRAPS).format(q=made[1]), made[2])


def _keywords(
    clause: Clause, role: str, random_: random.Random, names: dict[str, str] | None
) -> tuple[str, Phrase] | None:
    names = names or {}
    verb = VERBS.get(clause.verb)
    part = inflect(clause.verb, "VBN")
    agent, patient = clause.agent, clause.patient
    a = bare(names.get("agent") or (agent.text if agent else ""))
    p = bare(names.get("patient") or (patient.text if patient else ""))
    extra = clause.rest(leave={"object", "agent", "particle", "time", "place"})
    if role == "agent" and agent and patient:
        options = [f"who {inflect(clause.verb, 'VBD')} {p}", f"{p} {part} by who"]
        if verb and verb.noun:
            options.append(f"{p} {verb.noun} who did it")
        if verb and verb.doer:
            options += [f"{verb.doer} of {p}", f"name of the {verb.doer} {p}"]
        return random_.choice(options), agent
    if role == "patient" and patient and agent:
        options = [
            f"{a} {inflect(clause.verb, 'VBD')} {wh(patient)}{extra}",
            f"{wh(patient)} was {part} by {a}",
        ]
        if verb and verb.done_to and patient.who:
            options += [f"{verb.done_to} of {a}", f"{a} {verb.done_to} name"]
        return random_.choice(options), patient
    made = embedded_question(clause, role, random_=random_, names=names)
    if made is None:
        return None
    thing = p or a
    if role == "number":
        phrase = patient if patient and patient.number else agent
        if phrase is None:
            return None
        place = clause.piece("place")
        there = f" {bare(place.phrase.text)}" if place and place.phrase else ""
        return random_.choice(
            [f"number of {phrase.counted} {part}{there}", f"how many {phrase.counted} {part}{there}"]
        ), made[2]
    if role not in {"when", "where"}:
        return None
    if clause.passive or patient:
        return f"{thing} {part} {role}", made[2]
    return f"{thing} {inflect(clause.verb, 'VBD')}{extra} {role}", made[2]


def _nominal(
    clause: Clause, role: str, random_: random.Random, names: dict[str, str] | None
) -> tuple[str, Phrase] | None:
    verb = VERBS.get(clause.verb)
    if verb is None or clause.piece("particle") or not same_sense(clause):
        return None
    names = names or {}
    agent, patient = clause.agent, clause.patient
    a = names.get("agent") or (agent.text if agent else "")
    p = names.get("patient") or (patient.text if patient else "")
    options: list[str] = []
    on = (
        "on"
        if verb.noun in {"attack", "assault", "ban", "raid"}
        else "into"
        if verb.noun == "investigation"
        else "of"
    )
    if role == "agent" and agent and patient and agent.who:
        if verb.noun:
            event = f"the {verb.noun} {on} {p}"
            options += [
                f"Who was behind {event}?",
                f"Who was responsible for {event}?",
                f"Whose doing was {event}?",
            ]
            if verb.done_to:
                options += [f"Who carried out {event}?"]
        if verb.doer:
            options += [f"Who was the {verb.doer} of {p}?"]
            if verb.doer in {"winner", "loser", "critic"}:
                options = [f"Who was the {verb.doer} when it came to {p}?"]
        return (random_.choice(options), agent) if options else None
    if role == "patient" and agent and patient and patient.who:
        if verb.done_to:
            options += [f"Who was the {verb.done_to} of {a}?"]
            if verb.done_to == "loser":
                options = [f"Who was the loser against {a}?"]
        if verb.noun in BEFALLEN:
            options += [f"Whose {verb.noun} was the work of {a}?"]
        return (random_.choice(options), patient) if options else None
    if role in {"when", "where"} and verb.noun:
        made = embedded_question(clause, role, random_=random_, names=names)
        if made is None:
            return None
        thing = p if patient else a
        event = f"the {verb.noun} {on if patient else 'of'} {thing}"
        if role == "when":
            options = [
                f"When did {event} take place?",
                f"What was the date of {event}?",
                f"When was {event}?",
                f"How long ago or when was {event}?",
            ]
        else:
            options = [
                f"Where did {event} take place?",
                f"What was the scene of {event}?",
                f"Where was {event}?",
            ]
        return random_.choice(options), made[2]
    return None


BEFALLEN = words_of("befallen")


def _converse(
    clause: Clause, role: str, random_: random.Random, names: dict[str, str] | None
) -> tuple[str, Phrase] | None:
    verb = SAME_AS.get(clause.verb, clause.verb)
    agent, patient = clause.agent, clause.patient
    if agent is None or patient is None or clause.piece("particle") or not agent.who:
        return None
    table = CONVERSE_AGENT if role == "agent" else CONVERSE_PATIENT if role == "patient" else {}
    options = list(table.get(verb, ()))
    human = {
        "kill",
        "shoot",
        "arrest",
        "beat",
        "sentence",
        "sack",
        "accuse",
        "praise",
        "rescue",
        "fine",
        "charge",
        "sue",
        "hire",
    }
    if not options or (verb in human and not patient.who):
        return None
    if role == "patient" and patient.who:
        options = [
            one
            for one in options
            if not one.startswith(("What", "To what", "On what", "With what", "Under what"))
        ]
    elif role == "patient":
        options = [
            one
            for one in options
            if not one.startswith(("Who ", "Whom ", "Whose", "At whom", "Behind whom ", "From whom"))
        ]
    if not options:
        return None
    names = names or {}
    question = random_.choice(options).format(
        a=names.get("agent") or agent.text, p=names.get("patient") or patient.text
    )
    return question, agent if role == "agent" else patient


def _cleft(
    clause: Clause, role: str, random_: random.Random, names: dict[str, str] | None
) -> tuple[str, Phrase] | None:
    made = embedded_question(clause, role, random_=random_, names=names)
    if made is None or role not in {"agent", "patient"}:
        return None
    word, _, rest = made[1].partition(" ")
    options = [f"{word} was it that {rest}?", f"so {made[0]}?", f"{made[0]} exactly?"]
    if word == "who":
        options += [
            f"What is the name of whoever {rest}?",
            f"the one who {rest} is who?",
            f"Which person or group was it that {rest}?",
        ]
    else:
        options += [f"What is the thing that {rest}?", f"Which thing was it that {rest}?"]
    return sentence_case(random_.choice(options)), made[2]


def _other_voice(
    clause: Clause, role: str, random_: random.Random, names: dict[str, str] | None
) -> tuple[str, Phrase] | None:
    agent, patient = clause.agent, clause.patient
    if agent is None or patient is None:
        return None
    names = names or {}
    a, p = names.get("agent") or agent.text, names.get("patient") or patient.text
    particle = clause.piece("particle")
    prt = f" {particle.text}" if particle else ""
    part = inflect(clause.verb, "VBN") + prt
    extra = clause.rest(leave={"object", "agent", "particle", "time", "place"})
    was = "were" if patient.plural and not names.get("patient") else "was"
    if role == "agent":
        word = "whom" if agent.who else "what"
        options = [f"By {word} {was} {p} {part}{extra}?", f"{sentence_case(p)} {was} {part} by {word}?"]
        if not extra:
            options.append(f"{'Who' if agent.who else 'What'} {was} {p} {part} by?")
        return random_.choice(options), agent
    if role == "patient":
        if clause.passive:
            return f"{sentence_case(wh(patient))} did {a} {clause.verb}{prt}{extra}?", patient
        return f"{sentence_case(wh(patient))} was {part} by {a}{extra}?", patient
    return None


def same_sense(clause: Clause) -> bool:
    """Whether the table's other words fit: with an object, or for the few verbs that need none."""
    return (clause.patient is None) == (clause.verb in INTRANSITIVE)


def bare(text: str) -> str:
    """A phrase without its article, as people type it into a search box."""
    return re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.IGNORECASE)


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def roughened(question: str, *, random_: random.Random) -> str:
    """Some questions as people type them: lower case, no mark at the end, a slip of the finger."""
    draw = random_.random()
    if draw < 0.22:
        question = question.lower().rstrip("?.")
    elif draw < 0.30:
        question = question.rstrip("?.")
    if random_.random() < 0.08:
        question = mistyped(question, random_=random_)
    return question


def mistyped(question: str, *, random_: random.Random) -> str:
    """One plain word of five letters or more with two letters exchanged, one lost or one doubled."""
    words = list(re.finditer(r"(?<!\w)[a-z]{5,}(?!\w)", question))
    if not words:
        return question
    spot = random_.choice(words)
    word = spot.group()
    at = random_.randrange(1, len(word) - 2)
    slip = random_.randrange(3)
    if slip == 0:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif slip == 1:
        word = word[:at] + word[at + 1 :]
    else:
        word = word[:at] + word[at] + word[at:]
    return question[: spot.start()] + word + question[spot.end() :]
