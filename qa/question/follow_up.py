"""Makes a follow-up stand alone: takes a question and the conversation, gives the question to search for.

Works by rule: a missing clause, name, place or pronoun is taken from the last questions and answers.
A question that stands alone stays as it is. Knows no articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.english.names import CALENDAR, TITLES, content_words, is_past, names_in, words
from qa.english.words import base_form
from qa.english.places import is_nation
from qa.question.grammar import AUXILIARIES, WH, as_question, asking, part_name, split_sentences
from qa.question.parts import part
from qa.question.topic import lacks_topic, topic, with_topic
from qa.types import Part, Turn

FOLLOW_UPS = 3
TURNS_LOOKED_AT = 4  # what was said longer ago is seldom meant by "he"
LONGEST_VALUE = 8  # words; what is longer is no antecedent as it stands

_CONTINUES = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks|thank you|and|but|so|or|also"
    r"|then)[\s,.!]+)+",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(r"^(?:what|how)\s+about\s+(?P<rest>.+)$|^(?:and|or)\s+(?P<rest2>.+)$", re.IGNORECASE)
_MORE = re.compile(
    r"^(?:please\s+)?(?:tell me more|more(?: details?)?|go on|anything else"
    r"|what else)\s*[?.!]*$",
    re.I,
)
_ADJUNCTS = ("when", "where", "why", "how", "how long", "how often")
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:they|them|their|theirs)\b", re.IGNORECASE)
_OF_A_PEOPLE = re.compile(r"^\w+(?:ian|ican|ese|ish)$")
_THING = re.compile(
    r"\b(?:it|its|this|that)\b(?!\s+(?:is\s+true|week|weekend|month|year|time|day"
    r"|morning)\b)",
    re.IGNORECASE,
)
_THERE = re.compile(r"\bthere\b(?<!is there)(?<!are there)(?<!was there)(?<!were there)", re.IGNORECASE)
_CLAUSE_THAT = re.compile(
    r"\bthat\s+(?:the|a|an)\b|(?:(?<=\btrue )|(?<=\bsay )|(?<=\bsaid )|(?<=\bclaim )|(?<=\bclaimed ))that\b",
    re.I,
)
_CALENDAR = "|".join(word.capitalize() for word in sorted(CALENDAR))
_PLACE = re.compile(
    rf"\s+(?:in|at|near|on|outside|inside|from)\s+(?:the\s+)?(?!(?:{_CALENDAR})\b)[A-Z][\w’'.-]*"
    r"(?:\s+(?:of\s+|the\s+)*[A-Z][\w’'.-]*)*"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_EVENTS = {
    "killed": "killing",
    "assassinated": "assassination",
    "murdered": "murder",
    "died": "death",
    "attacked": "attack",
    "bombed": "bombing",
    "elected": "election",
    "arrested": "arrest",
    "fired": "firing",
    "shot": "shooting",
    "injured": "injury",
    "invaded": "invasion",
    "destroyed": "destruction",
    "signed": "signing",
    "won": "victory",
    "resigned": "resignation",
    "announced": "announcement",
    "exploded": "explosion",
    "annexed": "annexation",
    "sanctioned": "sanctioning",
    "launched": "launch",
    "struck": "strike",
    "crashed": "crash",
    "sentenced": "sentencing",
}


def condense(question: str, history: Sequence[Turn]) -> str:
    """The question as it can be searched without the conversation; the same words where it stands alone."""
    asked = " ".join(question.split())
    turns = [turn for turn in reversed(history[-TURNS_LOOKED_AT:]) if _said(turn)]
    if not asked or not turns:
        return asked
    last = _said(turns[0])
    if _MORE.match(asked):
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
    bare = _CONTINUES.sub("", asked).strip(" ?.!")
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
    clause = re.sub(
        rf"\s*(?:,|\band\b)\s*(?:by |in |to |with )?(?:{WH.pattern})(?:\s+else)?$",
        "",
        clause,
        flags=re.IGNORECASE,
    )
    lead = WH.match(clause)
    if lead is None:
        first = clause.split()[0].lower()
        return (
            as_question(f"{wh} {clause[0].lower()}{clause[1:]}")
            if first in AUXILIARIES
            else f"{clause}: {wh}?"
        )
    else_ = re.fullmatch(r"(\w+) else", wh, re.IGNORECASE)
    if else_:
        return as_question(f"{wh} {clause[lead.end() :].strip()}")
    if part_name(lead.group()) in _ADJUNCTS and (part_name(wh) in _ADJUNCTS or wh.lower().startswith("by ")):
        return as_question(f"{wh} {clause[lead.end() :].strip()}")
    if part_name(lead.group()) == part_name(wh):
        return as_question(clause)
    return as_question(f"{clause} and {wh.lower()}")


def _what_about(asked: str, last: str) -> str | None:
    """ "what about Kirillov?", "and in Paris?": the last question about something else."""
    match = _WHAT_ABOUT.match(asked.rstrip(" ?.!"))
    if match is None:
        return None
    other = (match["rest"] or match["rest2"]).strip()
    if WH.match(other) or other.split()[0].lower() in AUXILIARIES or len(other.split()) > 6:
        return None
    place = re.match(r"(?:in|at|near|on|outside|inside|from|during|by)\s", other, re.IGNORECASE)
    if place:
        return _place_instead(other, last)
    names = names_in(last)
    if not names:
        return as_question(f"What happened to {other}") if other[0].isupper() else None
    old = _same_sort(other, names)
    kept = "’s" if last[last.rfind(old) + len(old) :][:2] in ("'s", "’s") else ""
    start = last.rfind(old)
    after = last[start + len(old) + len(kept) :]
    return last[:start] + other + (kept and (kept if not other.endswith("s") else "’")) + after


def _place_instead(other: str, last: str) -> str:
    year, new = _YEAR.search(last), _YEAR.search(other)
    if year and new:
        return last[: year.start()] + new.group() + last[year.end() :]
    matches = list(_PLACE.finditer(last))
    if matches:
        return last[: matches[-1].start()] + " " + other + last[matches[-1].end() :]
    return as_question(f"{last.rstrip(' ?.!')} {other}")


def _same_sort(other: str, names: Sequence[str]) -> str:
    """The name that the new one replaces: the last of the nations, of the acronyms or of the same length."""

    def likeness(name: str) -> tuple[bool, ...]:
        sorts = (is_nation, str.isupper, lambda text: len(text.split()))
        return tuple(sort(name) == sort(other) for sort in sorts)

    return max(reversed(names), key=likeness)


def _continued(asked: str, last: str, turns: Sequence[Turn]) -> str | None:
    """ "and how many were injured?": a clause that takes its place or noun from the last question."""
    if not re.match(r"(?:and|but|or|so|also)\b", asked, re.IGNORECASE):
        return None
    bare = _CONTINUES.sub("", asked)
    if _pronouns_in(bare):
        return _with_names(bare, turns)
    if WH.match(bare) is None and bare.split()[0].lower() not in AUXILIARIES:
        return None
    counted = re.search(r"how many (\w+) (?:were|are|was|have|had|got)\b", last, re.IGNORECASE)
    if counted:
        bare = re.sub(
            r"^how many (?=were|are|was|have|had|got)", f"how many {counted.group(1)} ", bare, flags=re.I
        )
    place = list(_PLACE.finditer(last))
    if place and not names_in(bare) and not _PLACE.search(bare):
        bare = f"{bare.rstrip(' ?.!')}{place[-1].group()}"
    return _with_topic(bare, turns) or as_question(bare.rstrip(" ?.!"))


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
    the = re.compile(rf"\bthe\s+{re.escape(noun)}\b", re.IGNORECASE)
    if not noun or not the.search(asked):
        return None
    return as_question(the.sub(lambda _: values[0], asked.rstrip(" ?.!"), count=1))


# Pronouns


def _pronouns_in(asked: str) -> bool:
    plain = _CLAUSE_THAT.sub(" ", asked)
    return bool(_PERSON.search(plain) or _PLURAL.search(plain) or _THERE.search(plain) or _thing_in(plain))


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
            the = "the " if re.search(rf"\b[Tt]he {re.escape(name)}\b", source) else ""
            found.append(f"Tell me about {the}{name}")
    return found[:FOLLOW_UPS]


def _is_adjective(name: str, source: str) -> bool:
    """Whether the name only says whose something is: "Russian" in "a Russian general"."""
    return bool(_OF_A_PEOPLE.search(name) and re.search(rf"\b{re.escape(name)}\s+[a-z]", source))


def standing_alone(pieces: Sequence[str]) -> tuple[str, ...]:
    """The pieces of one question, each with the person whom "he" or "her" means, told by those before it."""
    told: list[str] = []
    for piece in pieces:
        before = [Turn(text) for text in told]
        told.append(condense(piece, before) if before and _PERSON.search(piece) else piece)
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
        alone.append(one if full == one.question else part(one.name, full))
        told.append(Turn(full))
    return tuple(alone)


def leans(asked: str) -> bool:
    """Whether the question seems to need the conversation: a pronoun, no topic, or hardly a word."""
    return _pronouns_in(asked) or lacks_topic(asked) or len(content_words(asked)) < 2


def _thing_in(asked: str) -> re.Match[str] | None:
    """An "it", "this" or "that" that stands for something: not "is it true", not "that man"."""
    for match in _THING.finditer(asked):
        after = asked[match.end() :]
        follows = after.split()[0].strip("?.,!’'").lower() if after.split() else ""
        if follows in ("true", "possible", "likely", "raining", "snowing"):
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
    for pattern, find in ((_PERSON, _person), (_PLURAL, _plural), (_THERE, _place)):
        match = pattern.search(text)
        meant = _first(find, turns) if match else None
        if match and meant:
            text = _put(text, match, meant)
            replaced = True
    match = (
        _thing_in(_CLAUSE_THAT.sub(lambda found: " " * len(found.group()), text)) if not replaced else None
    )
    if match:
        meant = _first(_thing, turns)
        text = _put(text, match, meant) if meant else text
    return text[:1].upper() + text[1:] if text != asked else asked


def _own_antecedent(asked: str) -> bool:
    """Whether a name in the question itself comes before its pronoun: "Did Trump say he would go?"."""
    pronoun = _PERSON.search(asked) or _PLURAL.search(asked)
    return pronoun is not None and any(asked.find(name) < pronoun.start() for name in names_in(asked))


def _put(text: str, match: re.Match[str], meant: str) -> str:
    possessive = match.group().lower() in ("his", "their", "its") or (
        match.group().lower() == "her" and re.match(r"\s+[a-z]+", text[match.end() :]) is not None
    )
    if match.group().lower() == "there":
        return text[: match.start()] + f"in {meant}" + text[match.end() :]
    ending = ("’" if meant.endswith("s") else "’s") if possessive else ""
    return text[: match.start()] + meant + ending + text[match.end() :]


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
    if column in ("who", "which") and values:
        return " and ".join(values[:3])
    if _asks_who_did(said):
        return _whoever("those", said)
    return next(iter(names_in(said) or values), None)


def _asks_who_did(said: str) -> bool:
    """Whether its answer is who is meant next: not that of "Who is Ann Li?" or "Who did she meet?"."""
    match = asking(said)
    if match is None or part_name(match.group()) != "who":
        return False
    return not _inverted(said[match.end() :]) and not _asks_what_it_is(said)


def _whoever(they: str, said: str) -> str:
    """Whom a question asked for that got no answer: "the one who was charged with attacking Paul Pelosi"."""
    clause = split_sentences(said)[-1].rstrip(" ?.!")
    return f"{they} {clause[:1].lower()}{clause[1:]}"


def _place(turn: Turn) -> str | None:
    match = asking(_said(turn))
    values = _values(turn)
    if match is not None and part_name(match.group()) == "where" and values:
        return re.sub(r"^(?:in|at|near)\s+", "", values[0])
    place = _PLACE.search(_said(turn))
    return re.sub(r"^\s*\w+\s+", "", place.group()) if place else None


def _thing(turn: Turn) -> str | None:
    """What "it" is: the thing that was the answer, the event that was asked about, else a name."""
    said = _said(turn)
    values = _values(turn)
    match = asking(said)
    asks_thing = match is not None and part_name(match.group()) in ("which", "what")
    if asks_thing and values and values[0][0].isupper() and not _asks_what_it_is(said):
        return values[0]
    about = topic(said)
    if about and about.phrase.startswith("the "):
        return about.phrase
    named = names_in(said) or values[:1]
    return _event(said, turn) or (named[-1] if named else None)


def _event(said: str, turn: Turn) -> str | None:
    """ "How was Kirillov killed?" is about the killing of Kirillov."""
    verb = next((word for word in words(said) if word in _EVENTS), None)
    if verb is None:
        about = re.match(r"what happened (?:to|in|at)\s+(.+?)\s*\??$", said, re.IGNORECASE)
        return f"what happened to {about.group(1)}" if about else None
    match = asking(said)
    who = match is not None and part_name(match.group()) == "who"
    active = re.search(
        rf"\b(?:who|what|did\s+.+?)\s+(?:{verb}|{base_form(verb)})"
        rf"\s+(.+?)\s*\??$",
        said,
        re.IGNORECASE,
    )
    victims = [active.group(1)] if active else names_in(said)
    if who and not active:  # "Who was killed in Balashikha?"
        victims = _values(turn)[:1] or victims
    return f"the {_EVENTS[verb]} of {victims[0]}" if victims else f"the {_EVENTS[verb]}"


def _asks_what_it_is(said: str) -> bool:
    """ "Who is Steve Witkoff?" asks what he is; its answer is no name for him."""
    asks = r"(?:who|what)(?:['’]s|\s+(?:is|was|are|were))\s+(?-i:[A-Z])\S*(?:\s+(?-i:[A-Z])\S*)*\s*\??$"
    return re.match(asks, said, re.IGNORECASE) is not None


def _inverted(rest: str) -> bool:
    """Whether a subject follows: in "Who is Witkoff meeting", "he" is Witkoff and not the answer."""
    tokens = rest.split()
    if len(tokens) < 2 or tokens[0].lower() not in AUXILIARIES:
        return False
    return tokens[1][0].isupper() or tokens[0].lower() in ("did", "does", "do")


def _values(turn: Turn) -> list[str]:
    """What was answered, short enough to be put into a question: what stands before a comma, of many words
    the first name."""
    values = []
    for told in turn.values:
        value = told.partition(", ")[0]
        if len(value.split()) > LONGEST_VALUE:
            names = names_in(value)
            value = names[0] if names else ""
        if value:
            values.append(value)
    return list(dict.fromkeys(values))
