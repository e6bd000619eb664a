"""How many of them: sentences that count people or things, and rows that ask for the right number.

The number asked for stands beside another one, or is not given at all.
"""

from __future__ import annotations

import random
import re

from training.asking import ask, ask_far, roughened, sentence_case
from training.clauses import GROUP_NOUNS, Phrase, Sentence
from training.drawing import FAR, Draw
from training.passages import Article, Row, answered, refused


def count_rows(draw: Draw, kind: str, one: Article, index: int) -> list[Row]:
    """The dead and the hurt of a sentence: each number, one that is not given, and the two exchanged."""
    sentence = one.sentences[index]
    told = casualties(sentence)
    if len(told) < 2:
        return []
    passage = draw.passage(one, index, event=one.clauses.get(index))
    if passage is None:
        return []
    text = passage.text()[0]
    rows = []
    for state, number in told[:3]:
        question = _state_question(draw, state)
        rows.append(answered(passage, None, question, number.text, "counts:original", span=number))
    absent = [
        s
        for s in STATES
        if s not in {state for state, _ in told} and not re.search(STATES[s], text, re.IGNORECASE)
    ]
    for state in draw.random_.sample(absent, min(2, len(absent))):
        rows.append(
            refused(
                passage,
                None,
                _state_question(draw, state),
                kind,
                tempting=draw.random_.choice(told)[1].text,
            )
        )
    (first, a), (second, b) = told[0], told[1]
    if a.text.lower() != b.text.lower():
        low, high = sorted((a, b), key=lambda n: n.start)
        raw = sentence.text
        said = (
            raw[: low.start]
            + _like(high.text, low.text)
            + raw[low.start + len(low.text) : high.start]
            + _like(low.text, high.text)
            + raw[high.start + len(high.text) :]
        )
        moved = {low.start: high.text, high.start: low.text}
        for state, number in ((first, a), (second, b)):
            rows.append(
                answered(passage, said, _state_question(draw, state), moved[number.start], "counts:exchanged")
            )
    return rows


def _state_question(draw: Draw, state: str) -> str:
    question = draw.random_.choice(STATE_QUESTIONS[state] + GENERAL_STATE_QUESTIONS).format(s=state)
    return roughened(question, random_=draw.random_)


def number_rows(draw: Draw, kind: str, one: Article, index: int) -> list[Row]:
    """Two counts of the same things in neighbouring clauses: each, and a third that is not given."""
    found = one.clauses[index]
    near = ask(found, random_=draw.random_, roles=["number"])
    passage = draw.passage(one, index, event=found) if near else None
    if passage is None:
        return []
    holder = found.patient if found.patient and found.patient.number else found.agent
    if holder is None or not holder.number or not holder.counted:
        return []
    noun = holder.counted
    people = holder.who and lemma_of_noun(holder.head) not in GROUP_NOUNS
    second, other, third = draw.random_.sample(PEOPLE_TOLD if people else THINGS_TOLD, 3)
    if any(part in found.forms()["fin"] for told in (second, other, third) for part in told.split()[-1:]):
        return []
    count = other_number(holder.number, random_=draw.random_)
    count3 = other_number(holder.number, random_=draw.random_, beside=count)
    fin = found.forms()["fin"]
    template = draw.random_.choice(NUMBER_WORDINGS)
    said = template.format(
        fin=fin,
        Fin=sentence_case(fin),
        n=count,
        N=sentence_case(count),
        noun=noun,
        told=second,
        n3=count3,
        told3=third,
    )
    with_third = "{told3}" in template
    text = passage.text(said)[0]
    if len(re.findall(rf"(?<![\w.,]){re.escape(count)}(?![\w]|[.,]\d)", text, re.IGNORECASE)) != 1:
        return []
    far = ask_far(found, "number", random_=draw.random_) if draw.random_.random() < FAR else None
    first = far or near[0]
    rows = [
        answered(passage, None, first.question, holder.number, "number:original", span=first.answer),
        answered(passage, said, first.question, holder.number, "number:moved"),
        answered(passage, said, _count_question(draw, noun, second), count, "number:moved"),
        refused(
            passage,
            said,
            _count_question(draw, noun, other),
            kind,
            tempting=draw.random_.choice([count, holder.number]),
        ),
    ]
    if with_third:
        rows.append(answered(passage, said, _count_question(draw, noun, third), count3, "number:moved"))
    stranger = draw.random_.choice(PERSONS if people else THINGS)
    swapped_noun = near[0].question.replace(holder.counted, stranger)
    if swapped_noun != near[0].question and stranger.split()[-1] not in text and draw.random_.random() < 0.6:
        rows.append(
            refused(passage, draw.random_.choice([said, None]), swapped_noun, kind, tempting=holder.number)
        )
    return rows


def _count_question(draw: Draw, noun: str, told: str) -> str:
    wording = draw.random_.choice(COUNT_QUESTIONS).format(noun=noun, told=told)
    return roughened(wording, random_=draw.random_)


def casualties(sentence: Sentence) -> list[tuple[str, Phrase]]:
    """(state, number) for each state of people that the sentence counts, where it is plain."""
    words = sentence.words
    found: list[tuple[str, Phrase]] = []
    for index, word in enumerate(words):
        state = next((name for name, forms_ in STATE_FORMS.items() if word.text.lower() in forms_), None)
        if state is None or word.pos not in {"VERB", "ADJ"}:
            continue
        active = word.tag == "VBG" or (
            word.tag == "VBD" and any(w.head == index and w.dep == "dobj" for w in words)
        )
        near = (
            range(index + 1, min(index + 6, len(words)))
            if active
            else range(index - 1, max(index - 8, -1), -1)
        )
        for i in near:
            if words[i].text in {",", ";", "."} or words[i].pos == "VERB":
                break
            if words[i].ent == "CARDINAL" and words[i].pos == "NUM":
                after = words[i + 1] if i + 1 < len(words) else word
                if (
                    after.pos != "NUM"
                    and words[i - 1].pos != "NUM"
                    and after.text not in {"%", "-", "percent"}
                ):
                    found.append((state, Phrase(words[i].text, words[i].start, who=False, plural=False)))
                break
    states, starts = {state for state, _ in found}, {number.start for _, number in found}
    return found if len(states) == len(found) == len(starts) else []


def _like(number: str, other: str) -> str:
    """A number in another's place: with a capital where that had one."""
    return number[0].upper() + number[1:] if other[0].isupper() else number[0].lower() + number[1:]


def lemma_of_noun(noun: str) -> str:
    """A plural's singular, roughly."""
    return re.sub(r"s$", "", re.sub(r"ies$", "y", noun.lower()))


def other_number(number: str, *, random_: random.Random, beside: str = "") -> str:
    """Another count of about the same size, written alike."""
    digits = re.sub(r"\D", "", number)
    while True:
        if digits and number.replace(",", "").isdigit():
            value = max(
                2, int(int(digits) * random_.choice([0.2, 0.4, 0.6, 1.5, 2, 3, 4]) + random_.randint(0, 9))
            )
            found = f"{value:,}" if "," in number or value >= 10_000 else str(value)
        else:
            found = random_.choice([*NUMERALS, *map(str, range(13, 90))])
        if found not in {number.lower(), beside}:
            return found


NUMERALS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
STATES = {
    "killed": r"kill|dead|die|death|fatal",
    "injured": r"injur|hurt|wound|casualt",
    "missing": r"missing|unaccounted",
    "arrested": r"arrest|detain|custody",
    "rescued": r"rescue|saved",
    "evacuated": r"evacuat",
    "displaced": r"displac|homeless",
    "hospitalized": r"hospital",
}
STATE_FORMS = {
    "killed": {"killed", "killing", "died", "dead"},
    "injured": {"injured", "injuring", "wounded", "wounding", "hurt"},
    "missing": {"missing"},
    "arrested": {"arrested", "arresting", "detained", "detaining"},
    "rescued": {"rescued", "rescuing"},
    "evacuated": {"evacuated", "evacuating"},
    "displaced": {"displaced", "displacing"},
    "hospitalized": {"hospitalized", "hospitalised"},
}
GENERAL_STATE_QUESTIONS = (
    "How many people were {s}?",
    "how many were {s}",
    "How many {s}?",
    "number of people {s}",
    "Do you know how many were {s}?",
)
STATE_QUESTIONS = {
    "killed": (
        "How many people died?",
        "how many dead",
        "What is the death toll?",
        "How many lost their lives?",
        "How many fatalities were there?",
    ),
    "injured": (
        "How many people were hurt?",
        "how many wounded",
        "How many got hurt?",
        "How many suffered injuries?",
        "number of injuries",
    ),
    "missing": (
        "How many people are missing?",
        "how many have not been found",
        "How many are unaccounted for?",
        "how many still missing",
    ),
    "arrested": (
        "How many arrests were made?",
        "How many people were taken into custody?",
        "how many detained",
        "How many were led away by police?",
    ),
    "rescued": (
        "How many people were saved?",
        "How many were brought to safety?",
        "how many pulled out alive",
    ),
    "evacuated": ("How many people had to leave?", "How many were brought out?", "how many evacuated"),
    "displaced": ("How many people lost their homes?", "how many made homeless", "How many had to flee?"),
    "hospitalized": (
        "How many people were taken to hospital?",
        "how many in hospital",
        "How many ended up in hospital?",
    ),
}
PEOPLE_TOLD = (
    "were on the list",
    "were rescued",
    "were evacuated",
    "were taken to hospital",
    "were questioned",
    "escaped unhurt",
    "are still unaccounted for",
    "had signed up",
    "had been invited",
    "were released later",
    "were waiting outside",
    "stayed at home",
    "had applied",
    "came by bus",
    "were turned away",
    "left early",
    "are being sought",
    "had been there before",
    "spoke to reporters",
    "asked for help",
)
THINGS_TOLD = (
    "were counted before",
    "had been promised",
    "are still to come",
    "were expected",
    "followed later",
    "were ruled out",
    "had been planned",
    "were mentioned earlier",
    "came from abroad",
    "are being discussed",
    "were listed by mistake",
    "had been announced",
    "are in doubt",
    "were added the next day",
)
NUMBER_WORDINGS = (
    "{N} {noun} {told}, and {fin}.",
    "{Fin}, while {n} {told}.",
    "{Fin}; another {n} {told}.",
    "{N} {told}. {Fin}.",
    "{Fin}. A further {n} {told}.",
    "{N} {noun} {told} before {fin}.",
    "While {n} {noun} {told}, {fin}.",
    "{Fin}, and {n} {told}.",
    "{N} {noun} {told} and {n3} {told3}; {fin}.",
    "{Fin}, {n} {told} and {n3} {told3}.",
    "{N} {told}, officials said; {fin}.",
    "{Fin}, according to officials, who added that {n} {told}.",
    "Earlier, {n} {noun} {told}. Later, {fin}.",
    "Besides the {n} who or which {told}, {n3} {told3}. {Fin}.",
    "It was confirmed that {n} {noun} {told} and that {fin}.",
    "{Fin}. The day before, {n} {told}, and {n3} {told3}.",
)
COUNT_QUESTIONS = (
    "How many {noun} {told}?",
    "How many {told}?",
    "how many {noun} {told}",
    "What number of {noun} {told}?",
    "What is the number of {noun} that {told}?",
    "Do we know how many {noun} {told}?",
    "Of the {noun}, how many {told}?",
)
THINGS = (
    "houses",
    "cars",
    "schools",
    "planes",
    "shops",
    "trains",
    "bridges",
    "ships",
    "factories",
    "animals",
)
PERSONS = (
    "children",
    "doctors",
    "soldiers",
    "tourists",
    "teachers",
    "police officers",
    "students",
    "firefighters",
)
