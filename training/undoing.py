"""Rows of each kind of contrast: an event undone or turned round, beside the event itself.

A function a kind: the clause at `index` of an article in, a group of rows out, or none where it does not fit.
"""

from __future__ import annotations

import random
import re

from training.asking import Asked, ask, ask_adverbial, ask_far, roughened, same_sense, sentence_case, wh
from training.clauses import PAST_ONLY, WEEKDAY, Clause, Sentence, inflect
from training.drawing import Draw, agreeing
from training.lexicon import words as words_of
from training.passages import Article, Passage, Row, answered, refused, tells
from training.wordings import (
    BESIDE,
    BORNE_OUT,
    CULPABLE,
    DAYS,
    FACTUAL,
    SYMMETRIC,
    TABLES,
    UNPLANNED,
    VERBS,
    Wording,
)

BESIDE_SHARE = 0.2  # of undone facts stand in their real sentence, with another one beside it
IN_PLACE = 0.3  # of negated and hedged sentences stay whole but for the verb


def event_rows(draw: Draw, kind: str, one: Article, index: int) -> list[Row]:
    """A fact, the same fact undone, and questions that the undoing does answer."""
    found = one.clauses[index]
    if not possible(kind, found):
        return []
    passage = draw.passage(one, index, event=found)
    asked = draw.question(found) if passage else None
    if passage is None or asked is None:
        return []
    if kind in BESIDE and draw.random_.random() < BESIDE_SHARE:
        return beside_rows(draw, kind, found, passage, asked)
    altered = alter(draw, kind, found, passage, asked)
    if altered is None:
        return []
    said, wording, words = altered
    plain = sentence_case(found.forms()["fin"]) + "." if draw.random_.random() < 0.4 else None
    rows = [
        answered(
            passage,
            plain,
            asked.question,
            asked.answer.text,
            f"{kind}:original",
            span=None if plain else asked.answer,
        )
    ]
    rows.append(refused(passage, said, asked.question, kind, tempting=asked.answer.text))
    if draw.random_.random() < 0.4:
        other = draw.question(found, roles=[asked.role], far=0.9)
        if other and other.question != asked.question:
            rows.append(refused(passage, said, other.question, kind, tempting=asked.answer.text))
    said_so = wording.ask if wording else IN_PLACE_ASKED[kind]
    words = words or draw.words(found, passage) or {}
    if said_so and words and draw.random_.random() < 0.75:
        rows.append(asked_as_said(draw, kind, passage, said, ask=draw.random_.choice(said_so), words=words))
    if draw.random_.random() < 0.45:
        rows.append(borne_out(draw, kind, found, passage, asked))
    return [row for row in rows if row]


def alter(
    draw: Draw, kind: str, found: Clause, passage: Passage, asked: Asked
) -> tuple[str, Wording | None, dict[str, str]] | None:
    """(what stands in the target's place, its wording, the words put in)."""
    countless = not QUANTIFIED.match(found.subject.text)
    if kind in {"negated", "hedged"} and countless and draw.random_.random() < IN_PLACE:
        said = in_place(kind, found, random_=draw.random_)
        if said:
            return said, None, {}
    wordings = [w for w in TABLES[kind] if fits(w, found, asked)]
    if kind == "negated" and QUANTIFIED.match(found.subject.text):
        wordings = [
            w for w in wordings if w.needs in {"counted", "nobody"} or w.text.startswith("It is not true")
        ]
    draw.random_.shuffle(wordings)
    for wording in wordings:
        words = draw.words(found, passage, future=wording.when == "future")
        if words:
            return agreeing(wording.text.format_map(words)), wording, words
    return None


def beside_rows(draw: Draw, kind: str, found: Clause, passage: Passage, asked: Asked) -> list[Row]:
    """The real sentence as it is, and one beside it that takes it back, or bears it out."""
    words = draw.words(found, passage)
    if words is None:
        return []
    rows = [answered(passage, None, asked.question, asked.answer.text, f"{kind}:original", span=asked.answer)]
    for table_, undone in ((BESIDE[kind], True), (BORNE_OUT, False)):
        where, text = draw.random_.choice(table_)
        more = agreeing(text.format_map(words))
        other = passage.beside(more, before=where == "before")
        if undone:
            rows.append(refused(other, None, asked.question, kind, tempting=asked.answer.text))
        elif draw.random_.random() < 0.7:
            rows.append(
                answered(other, None, asked.question, asked.answer.text, f"{kind}:factual", span=asked.answer)
            )
    return rows


def asked_as_said(
    draw: Draw, kind: str, passage: Passage, said: str, *, ask: tuple[str, str], words: dict[str, str]
) -> Row:
    """A question that the altered passage answers; empty if its answer does not stand there."""
    question, answer = ask
    text = words[answer] if answer in words else answer.format_map(words)
    if "{wh}" in question or "{wh0}" in question:
        words = words | {
            "are": "is",
            "were": "was",
            "have_": "has",
            "has": "has",
            "vp": re.sub(r"^were\b", "was", words["vp"]),
            "have": words["have"],
        }
    filled = agreeing(question.format_map(words))
    return answered(passage, said, roughened(filled, random_=draw.random_), text, f"{kind}:asked")


def borne_out(draw: Draw, kind: str, found: Clause, passage: Passage, asked: Asked) -> Row:
    """The fact in a sentence that has the kind's words and takes nothing back."""
    wordings = [w for w in FACTUAL[kind] if fits(w, found, asked)]
    words = draw.words(found, passage)
    if not wordings or words is None:
        return {}
    said = agreeing(draw.random_.choice(wordings).text.format_map(words))
    return answered(passage, said, asked.question, asked.answer.text, f"{kind}:factual")


def fits(wording: Wording, found: Clause, asked: Asked) -> bool:
    """Whether a clause can stand in a wording."""
    agent = found.agent
    doer = not found.passive and agent is not None and agent.who
    needs = wording.needs
    if needs in {"doer", "body"} and found.verb in UNPLANNED and not wording.text.startswith("{SC} {are}"):
        return False
    if needs == "counted":
        return bool(found.subject.number and found.subject.counted)
    if needs == "nobody":
        return found.subject.who and asked.role != ("patient" if not found.passive else "agent")
    return (
        not needs
        or (needs == "doer" and doer)
        or (needs == "active" and not found.passive)
        or (needs == "passive" and found.passive)
        or (needs == "culprit" and doer and found.verb in CULPABLE)
        or (needs == "single" and not found.subject.plural and found.subject.named)
        or (needs == "body" and doer and found.subject.label == "ORG")
    )


def possible(kind: str, found: Clause) -> bool:
    """Whether the clause can be undone that way and still be English that somebody would write."""
    agent = found.agent
    doer = agent is not None and agent.who
    if kind in {"planned", "cancelled"}:
        return found.verb not in UNPLANNED and (doer or found.passive)
    if kind in {"denied", "conditional"}:
        return doer or found.passive or found.verb in VERBS
    return True


IN_PLACE_ASKED = {
    "negated": (("{wh} {neg_vp}?", "S"), ("{wh} was it that {neg_vp}?", "S")),
    "hedged": (("{wh} may {have}?", "S"), ("{wh} is said to {have}?", "S")),
}
QUANTIFIED = re.compile(
    r"(?:all|every|at least|more|most|many|several|some|nearly|almost|about|around|hundreds|thousands"
    r"|dozens|over|up to|a number"
    r"|both|few|less|fewer|only|just|millions|two|three|four|five|six|seven|eight|nine|ten|\d)\b",
    re.IGNORECASE,
)  # "all did not" is either none or not all


def in_place(kind: str, found: Clause, *, random_: random.Random) -> str | None:
    """The real sentence with nothing but its verb negated or hedged; None where more verbs follow."""
    sentence = found.sentence
    if any(word.pos == "VERB" and word.start >= found.end for word in sentence.words):
        return None
    start, end = found.group
    if len(sentence.text[start:end].split()) > 3 or any(
        w.pos == "ADV" and start < w.start < end for w in sentence.words
    ):
        return None
    part = inflect(found.verb, "VBN")
    were = "were" if found.subject.plural else "was"
    if kind == "negated":
        options = (
            (f"{were} not {part}", f"{were}n’t {part}", f"{were} never {part}")
            if found.passive
            else (f"did not {found.verb}", f"didn’t {found.verb}", f"never {inflect(found.verb, 'VBD')}")
        )
    else:
        have = f"have been {part}" if found.passive else f"have {part}"
        options = (
            f"may {have}",
            f"might {have}",
            f"could {have}",
            f"{were} allegedly {part}" if found.passive else f"allegedly {inflect(found.verb, 'VBD')}",
        )
    return sentence.text[:start] + random_.choice(options) + sentence.text[end:]


def unreal_rows(draw: Draw, kind: str, one: Article, index: int) -> list[Row]:
    """Real sentences of what may, will or did not happen: asked as a fact, as it is, and made a fact."""
    found, lead, around = one.unreal[index]
    passage = draw.passage(one, index, event=found)
    asked = draw.question(found) if passage else None
    if passage is None or asked is None or not (found.agent or found.patient):
        return []
    rows = [refused(passage, None, asked.question, kind, tempting=asked.answer.text)]
    extra = found.forms(leave=[r for r in ("time", "place") if draw.random_.random() < 0.4])
    verb = extra["part"] if lead.startswith(("was ", "were ")) else extra["inf"]
    asking = f"{wh(found.subject)} {lead.replace('were ', 'was ')} {verb}"
    if draw.random_.random() < 0.25:
        asking = (
            draw.random_.choice(("any idea {q}", "Tell me {q}.", "Can you say {q}?", "Do you know {q}?"))
            .format(q=asking)
            .rstrip("?")
            + "?"
        )
    rows.append(
        answered(
            passage,
            None,
            roughened(sentence_case(asking.rstrip("?.")) + "?", random_=draw.random_),
            found.subject.text,
            "unreal:asked",
            span=found.subject,
        )
    )
    object_ = found.piece("object")
    if object_ and object_.phrase and not found.passive and draw.random_.random() < 0.6:
        prt = found.piece("particle")
        rest = f" {prt.text}" if prt else ""
        question = f"{wh(object_.phrase)} {around.format(S=found.subject.text)} {found.verb}{rest}?"
        rows.append(
            answered(
                passage,
                None,
                roughened(sentence_case(question), random_=draw.random_),
                object_.phrase.text,
                "unreal:asked",
                span=object_.phrase,
            )
        )
    whole = found.rest()
    if (
        draw.random_.random() < 0.7
        and (PAST_ONLY.search(whole) or found.piece("time") is None)
        and lead not in {"would"}
    ):
        said = sentence_case(found.forms()["fin"]) + "."
        rows.append(answered(passage, said, asked.question, asked.answer.text, "unreal:factual"))
    return rows


def role_rows(draw: Draw, kind: str, one: Article, index: int) -> list[Row]:
    """Who did it and whom it befell, each asked, then asked the wrong way round; in both voices."""
    found = one.clauses[index]
    agent, patient = found.agent, found.patient
    if agent is None or patient is None or not (agent.who and patient.who) or found.verb in SYMMETRIC:
        return []
    passage = draw.passage(one, index, event=found)
    if passage is None or found.piece("particle"):
        return []
    ways = [None, None, turn_voice(found), turn_voice(found), as_noun(found, random_=draw.random_)]
    turned = draw.random_.choice(ways)
    rows: list[Row] = []
    for role, answer in (("agent", agent), ("patient", patient)):
        asked = draw.question(found, roles=[role], far=0.6)
        if asked:
            rows.append(
                answered(
                    passage,
                    turned,
                    asked.question,
                    answer.text,
                    "roles:original",
                    span=None if turned else answer,
                )
            )
    swapped = {"agent": patient.text, "patient": agent.text}
    for role, tempting in (("agent", patient), ("patient", agent)):
        asked = draw.question(found, roles=[role], far=0.55, names=swapped)
        if asked and draw.random_.random() < 0.8:
            rows.append(refused(passage, turned, asked.question, "roles", tempting=tempting.text))
    if all(row.get("answerable") for row in rows if row):
        return []
    if agent.named and patient.named and not found.passive and draw.random_.random() < 0.5:
        other = exchanged(found)
        asked = draw.question(found, roles=["agent", "patient"], far=0.5, names=swapped)
        if asked:
            answer = patient if asked.role == "agent" else agent
            rows.append(answered(passage, other, asked.question, answer.text, "roles:exchanged"))
    return rows


def turn_voice(found: Clause) -> str | None:
    """The clause in the other voice, as a sentence; None without both roles."""
    agent, patient = found.agent, found.patient
    if agent is None or patient is None:
        return None
    extra = found.rest(leave={"object", "agent"})
    if found.passive:
        said = f"{agent.text} {inflect(found.verb, 'VBD')} {patient.text}{extra}"
    else:
        were = "were" if patient.plural else "was"
        said = f"{patient.text} {were} {inflect(found.verb, 'VBN')} by {agent.text}{extra}"
    return sentence_case(said) + "."


def as_noun(found: Clause, *, random_: random.Random) -> str | None:
    """The event as a noun: "The killing of A by B was confirmed."; None where the verb has none."""
    agent, patient = found.agent, found.patient
    verb = VERBS.get(found.verb)
    if agent is None or patient is None or verb is None or not verb.noun or not same_sense(found):
        return None
    on = (
        "on"
        if verb.noun in {"attack", "assault", "raid"}
        else "into"
        if verb.noun == "investigation"
        else "of"
    )
    event = f"{verb.noun} {on} {patient.text} by {agent.text}"
    return sentence_case(random_.choice(NOUN_WORDINGS).format(e=event))


NOUN_WORDINGS = (
    "the {e} was the talk of the day.",
    "officials confirmed the {e}.",
    "the {e} came as a surprise to many.",
    "much has been said about the {e}.",
    "a report described the {e} in detail.",
    "the {e} made headlines.",
    "after the {e}, calls for an inquiry grew louder.",
    "few had expected the {e}.",
)


def exchanged(found: Clause) -> str:
    """An active clause with doer and done-to exchanged, as a sentence."""
    agent, patient = found.agent, found.patient
    assert agent is not None and patient is not None
    extra = found.rest(leave={"object"})
    return sentence_case(f"{patient.text} {inflect(found.verb, 'VBD')} {agent.text}{extra}.")


def no_agent_rows(draw: Draw, kind: str, one: Article, index: int) -> list[Row]:
    """What happened is told without who did it; who did it is asked."""
    found = one.clauses[index]
    agent, patient = found.agent, found.patient
    if agent is None or patient is None or not agent.who or found.piece("particle"):
        return []
    passage = draw.passage(one, index, event=found)
    if passage is None:
        return []
    said = dropped_agent(found)
    text = passage.text(said)[0]
    if any(part in text for part in re.findall(r"\w{4,}", agent.text) if part not in patient.text):
        return []
    asked = draw.question(found, roles=["agent"], far=0.55)
    if asked is None:
        return []
    rows = [answered(passage, None, asked.question, agent.text, "no_agent:original", span=agent)]
    others = [
        name
        for sentence in one.sentences
        if sentence.text in passage.texts
        for name, label, _ in sentence.names()
        if label in {"PERSON", "ORG", "NORP"} and name in text and name not in patient.text
    ]
    tempting = draw.random_.choice(others) if others else patient.text
    rows.append(refused(passage, said, asked.question, kind, tempting=tempting))
    rest = found.rest(leave={"object", "agent", "time", "place"})
    passive = f"{wh(patient)} was {inflect(found.verb, 'VBN')}{rest}?"
    what = roughened(sentence_case(passive), random_=draw.random_)
    rows.append(answered(passage, said, what, patient.text, "no_agent:asked"))
    return rows


def dropped_agent(found: Clause) -> str:
    """The event in the passive, without who did it, as a sentence."""
    patient = found.patient
    assert patient is not None
    were = "were" if patient.plural else "was"
    extra = found.rest(leave={"object", "agent"})
    return sentence_case(f"{patient.text} {were} {inflect(found.verb, 'VBN')}{extra}.")


def premise_rows(draw: Draw, kind: str, one: Article, index: int) -> list[Row]:
    """The question names another person, place, body, day or year than the passage does."""
    found = one.clauses[index]
    passage = draw.passage(one, index, event=found)
    if passage is None:
        return []
    roles = ["agent", "patient", "number", "when", "where"]
    asked = draw.question(found, roles=roles, far=0.3, whole=True)
    if asked is None:
        return []
    text = passage.text()[0]
    wrong = wrong_premise(draw, asked, one, passage, index)
    if wrong is None:
        return []
    rows = [answered(passage, None, asked.question, asked.answer.text, "premise:original", span=asked.answer)]
    rows.append(refused(passage, None, wrong, kind, tempting=asked.answer.text))
    second = wrong_premise(draw, asked, one, passage, index)
    if second and second != wrong and draw.random_.random() < 0.4:
        rows.append(refused(passage, None, second, kind, tempting=asked.answer.text))
    return rows if text else []


def wrong_premise(draw: Draw, asked: Asked, one: Article, passage: Passage, index: int) -> str | None:
    """The question with one of its names, days or years exchanged for another; None if it has none."""
    text = passage.text()[0]
    sentence = one.sentences[index]
    spots: list[tuple[str, str]] = []
    doers = {phrase.text for c in [one.clauses[index]] for phrase in (c.agent, c.patient) if phrase}
    for name, label, _ in sentence.names():
        if (label == "ORG" and name not in doers) or NAMED_AFTER.search(name):
            continue
        alone = rf"(?<![A-Z]\w )(?<![a-z.] [A-Z]\. )(?<!\w){re.escape(name)}(?!\w| [A-Z])"
        longer = re.search(rf"\b[A-Z][\w.]+ {re.escape(name)}\b", asked.question[4:])
        if label in {"PERSON", "GPE", "ORG", "NORP"} and not longer and re.search(alone, asked.question):
            new = _other_name(draw, name, label, text, sentence)
            if new:
                spots.append((name, new))
    day = WEEKDAY.search(asked.question)
    if day:
        spots += [(day.group(), draw.random_.choice([d for d in DAYS if d not in text] or ["Sunday"]))] * 2
    year = re.search(r"\b(?:19|20)\d\d\b", asked.question)
    if year:
        new_year = str(int(year.group()) + draw.random_.choice([-4, -3, -2, -1, 1, 2, 3]))
        if new_year not in text:
            spots.append((year.group(), new_year))
    if not spots:
        return None
    old, new = draw.random_.choice(spots)
    vowel = new[0] in "AEIOU"
    question = re.sub(rf"\b(a|A)n? {re.escape(old)}", rf"\1{'n' if vowel else ''} {old}", asked.question)
    return question.replace(old, new)


def _other_name(draw: Draw, name: str, label: str, text: str, sentence: Sentence) -> str | None:
    words = name.split()
    chance = draw.random_.random()
    first = draw.names.draw("PERSON", random_=draw.random_, outside=text).split()[0]
    if label == "PERSON" and len(words) == 2 and chance < 0.4 and words[1].isalpha():
        return f"{first} {words[1]}"  # the same surname
    if label == "PERSON" and len(words) == 1 and chance < 0.25 and name.isalpha():
        return None
    new = draw.names.draw(label, random_=draw.random_, outside=text)
    return new.split()[-1] if label == "PERSON" and len(words) == 1 else new


def mismatch_rows(draw: Draw, kind: str, one: Article, index: int) -> list[Row]:
    """When, where, why, for how much or how old is asked of a passage that gives none."""
    found = one.clauses[index]
    passage = draw.passage(one, index, event=found)
    asked = draw.question(found) if passage else None
    if passage is None or asked is None:
        return []
    text = passage.text()[0]
    labels = {label for s in one.sentences if s.text in passage.texts for _, label, _ in s.names()}
    lacking = [ask_adverbial(found, word) for word in lacking_words(text, labels, found)]
    people = [p for p in (found.agent, found.patient) if p and p.label == "PERSON" and not p.plural]
    if not AGE.search(text):
        lacking += [draw.random_.choice(AGE_QUESTIONS).format(p=person.text) for person in people]
    if not lacking:
        return []
    question = roughened(draw.random_.choice(lacking), random_=draw.random_)
    numbers = re.findall(r"(?<![\w.])\d[\d,.]*\d|(?<![\w.])\d", text)
    likely = numbers and draw.random_.random() < 0.7
    tempting = draw.random_.choice(numbers) if likely else (found.patient or found.subject).text
    rows = [
        answered(passage, None, asked.question, asked.answer.text, "mismatch:original", span=asked.answer),
        refused(passage, None, question, kind, tempting=tempting),
    ]
    for given in ask(found, random_=draw.random_, roles=["when", "where"])[:1]:
        rows.append(
            answered(passage, None, given.question, given.answer.text, "mismatch:given", span=given.answer)
        )
    return rows


def lacking_words(text: str, labels: set[str], found: Clause) -> list[str]:
    """Question words that a passage cannot answer: it neither has their words nor names of their kind."""
    return [
        word
        for word, (given, kinds, verbs) in GIVEN.items()
        if not given.search(text) and not labels & kinds and (not verbs or found.verb in verbs)
    ]


def absent_rows(draw: Draw, kind: str, one: Article, index: int) -> list[Row]:
    """A question of another sentence of the same article, over a passage that does not tell it."""
    found = one.clauses[index]
    asked = draw.question(found)
    home = draw.passage(one, index, event=found)
    others = [i for i in one.clauses if abs(i - index) > 2]
    if asked is None or home is None or not others:
        return []
    away = draw.passage(one, draw.random_.choice(others), event=None)
    if away is None:
        return []
    text = away.text()[0]
    answer_words = re.findall(r"\w{4,}", asked.answer.text) or [asked.answer.text]
    if any(w in text for w in answer_words) and asked.role != "number":
        return []
    if any(tells(one, i, found) for i, s in enumerate(one.sentences) if s.text in away.texts):
        return []
    names = [
        n
        for s in one.sentences
        if s.text in away.texts
        for n, label, _ in s.names()
        if label == (asked.answer.label or "PERSON") and n not in asked.question
    ]
    tempting = draw.random_.choice(names) if names else ""
    return [
        answered(home, None, asked.question, asked.answer.text, "absent:original", span=asked.answer),
        refused(away, None, asked.question, kind, tempting=tempting),
    ]


def paraphrase_rows(draw: Draw, kind: str, one: Article, index: int) -> list[Row]:
    """A fact asked for in words far from its own, two or three times."""
    found = one.clauses[index]
    passage = draw.passage(one, index, event=None)
    if passage is None or found.verb not in VERBS:
        return []
    rows = []
    seen: set[str] = set()
    for _ in range(3):
        role = draw.random_.choice(["agent", "patient", "agent", "patient", "when", "where", "number"])
        asked = ask_far(found, role, random_=draw.random_)
        if asked and asked.question.lower() not in seen:
            seen.add(asked.question.lower())
            rows.append(answered(passage, None, asked.question, asked.answer.text, kind, span=asked.answer))
    return rows


NAMED_AFTER = re.compile(
    r"Airport|Hospital|Cent(?:er|re)|School|College|University|Street|Bridge|Act|Prize|Award|Stadium|Park"
)
ARMED = words_of("armed")
PRICED = words_of("priced")
AGE_QUESTIONS = (
    "How old is {p}?",
    "How old was {p} at the time?",
    "When was {p} born?",
    "Where was {p} born?",
    "What is the age of {p}?",
    "What is {p}'s middle name?",
)
_TIME = re.compile(
    r"\d{4}|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\b(?:today|yesterday|tomorrow|week|month|year|night|morning"
    r"|evening|afternoon|ago|Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec|when|after|before|during"
    r"|earlier|later|recent)",
)
_REASON = re.compile(
    r"\b(?:because|since|due|reason|after|following|over|amid|as|for|to|so|in order|therefore|why|cause"
    r"|result|response|given|citing|concern|from|out of|thanks|despite)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|near|outside|inside|across|where|there|here|town|city|country|street)\b", re.IGNORECASE
)
_MONEY = re.compile(
    r"[$£€]|\b(?:dollar|pound|euro|cent|million|billion|bn|cost|price|paid|pay)", re.IGNORECASE
)
_TIMES, _PLACES = frozenset({"DATE", "TIME"}), frozenset({"GPE", "LOC", "FAC"})
NO_WORDS: frozenset[str] = frozenset()
GIVEN = {  # question word: what a passage that answers it has, names that it has, verbs that it fits (or all)
    "When": (_TIME, _TIMES, NO_WORDS),
    "On what day": (_TIME, _TIMES, NO_WORDS),
    "What year": (_TIME, _TIMES, NO_WORDS),
    "Why": (_REASON, NO_WORDS, NO_WORDS),
    "For what reason": (_REASON, NO_WORDS, NO_WORDS),
    "Where": (_PLACE, _PLACES, NO_WORDS),
    "In which city": (_PLACE, _PLACES, NO_WORDS),
    "For how much money": (_MONEY, frozenset({"MONEY"}), PRICED),
    "With what weapon": (
        re.compile(r"gun|knife|weapon|shot|shoot|bomb|with|rifle|pistol|missile|rocket", re.IGNORECASE),
        NO_WORDS,
        ARMED,
    ),
}
AGE = re.compile(r"\d|years? old|aged|born|birth")
