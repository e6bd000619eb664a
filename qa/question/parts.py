"""Splits a compound question: takes one that stands alone, gives its parts, each read once.

"Who was killed and where?" has two; the second asks about the value of the first. Knows nothing of time,
outlets or articles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import takewhile

import regex

from qa.english import lexicon, phrases
from qa.english.demands import demands
from qa.english.names import after_preposition
from qa.english.words import base_form, content_words, is_past, root, words
from qa.question.expects import expected
from qa.question.grammar import (
    AUXILIARIES,
    NOUN,
    PREPOSITION,
    PREPOSITIONS,
    TOKEN,
    WH,
    Match,
    as_question,
    asking,
    asks_who_somebody_is,
    counting_same,
    part_name,
    put_for,
    split_sentences,
)
from qa.question.reasons import asked_with_why
from qa.types import Aim, Part

# Words that ask and stand by themselves, and what joins them to others: "who", "in which city", "how many".
_BARE = regex.compile(
    rf"(?:{PREPOSITION}\s+)?(?:how\s+(?:many|much|old|long)|(?:which|what)\s+{NOUN}|who|whom|when|where|why"
    rf"|how|what)(?:\s+else)?(?!\w)",
    regex.IGNORECASE,
)
_AND = regex.compile(r"\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s*&\s*", regex.IGNORECASE)
_TWO_COUNTS = regex.compile(
    r"(?P<head>how many(?:\s+\w+)?\s+(?:were|was|are|have been|had been))\s+(?P<one>\w+(?:ed|t|n))"
    r"\s+(?:and|or)\s+(?P<two>\w+(?:ed|t|n))\b(?P<rest>.*)",
    regex.IGNORECASE,
)
_GAP = (":", "…", "__", "...")  # what stands for the words that complete a sentence
_LONGEST_NOUN = 3  # words after "which" that are taken for what it asks for


def parts_of(question: str) -> tuple[Part, ...]:
    """What a question asks for, one part a thing. `{who}` in a question stands for that part's value."""
    question = asked_with_why(question)
    bare = question.strip().rstrip(" ?!.")
    if len(split_sentences(question)) == 1:
        for split in (_two_counts, _leading, _tailed, _two_clauses):
            found = split(bare)
            if found:
                return _named_apart(found)
    match = asking(question)
    if match is None:
        question = _made_asking(question)
        match = asking(question)
    return (part(part_name(match.group()) if match else "what", question),)


def less_yes_no_tail(question: str) -> tuple[str, str]:
    """The question without a yes-or-no question behind an "and", and that: "will he be charged" of "What is
    he accused of and will he be charged?". Empty where there is none."""
    bare = question.strip().rstrip(" ?!.")
    for joint in reversed(list(_AND.finditer(bare))):
        verb, subject, *rest = [*bare[joint.end() :].split(), "", ""]
        small = lexicon.words("determiners") | lexicon.words("subject_pronouns")
        is_subject = subject[:1].isupper() or subject.lower() in small
        opens = WH.match(bare) and len(bare[: joint.start()].split()) > 1
        if verb in AUXILIARIES and is_subject and any(rest) and opens:
            return as_question(bare[: joint.start()]), as_question(bare[joint.end() :])
    return question, ""


def part(name: str, question: str) -> Part:
    """The part that the question asks for, with what its grammar says of it."""
    wanted = demands(question)
    named = {word for demand in wanted for word in demand.words}
    last = split_sentences(question)[-1] if question.strip() else ""
    return Part(
        name,
        question,
        expects=expected(name, question),
        demands=wanted,
        words=tuple(word for word in content_words(last) if word not in named),
        aims=aims(question),
    )


def filled(of: Part, values: Mapping[str, str]) -> Part:
    """The part asked about these values of other parts, by their columns: "Where was Ann Lee killed?"."""
    question = of.question
    for name, value in values.items():
        counted = value.split()[0] if name.startswith("how many") else value
        question = question.replace("{" + name + "}", counted)
    return part(of.name, " ".join(question.split()))


def owning_up(of: Part) -> Part | None:
    """The part asked for who says that the deed was his: "Who claimed responsibility for the killing of Ann
    Lee?" of "Who killed Ann Lee?". None where no deed follows the word that asks."""
    asker, _, rest = of.question.rstrip(" ?.!").partition(" ")
    named = phrases.opening(rest, "doer_openings")
    verb, _, done_to = rest.partition(" ")
    noun = lexicon.table("event_nouns").get(base_form(verb.lower()), ("",))[0]
    did = verb == "did"  # "did the killing of Ann Lee"
    deed = done_to if did else rest[named.end() :].strip() if named else f"the {noun} of {done_to}"
    known = named or did or noun
    if asker.lower() != "who" or not known or not done_to:
        return None
    return part(of.name, f"Who claimed responsibility for {deed}?")


def aims(question: str) -> frozenset[Aim]:
    """What it asks for that its column does not tell."""
    found = {aim for aim, is_asked in _AIMS.items() if is_asked(question)}
    return frozenset(found)


def denies(text: str) -> bool:
    """Whether the text denies something: "did not claim", "refused to say"."""
    return phrases.first(text, "denials") is not None


def _asks_for_doer(question: str) -> bool:
    """ "Who attacked Sumy?" and "By whom was it attacked?", not "Who was attacked?" or "Who died?"."""
    asker, *rest = [match.group() for match in TOKEN.finditer(question.rstrip(" ?.!"))] or [""]
    if asker.lower() == "by" or rest[-1:] == ["by"]:
        return True
    if asker.lower() in ("which", "what"):
        noun = list(
            takewhile(lambda word: word.lower() not in AUXILIARIES and not is_past(word.lower()), rest)
        )
        rest = rest[len(noun) :] if 0 < len(noun) <= _LONGEST_NOUN else []
    elif asker.lower() != "who":
        return False
    return bool(rest) and (_acts(rest) or phrases.opening(" ".join(rest), "doer_openings") is not None)


def _acts(rest: list[str]) -> bool:
    """Whether who is asked for does what these words say: "is suing", "has bought", "will replace"."""
    (verb, after, *_) = [rest[0].lower(), *rest[1:], ""]
    if verb in ("is", "are", "was", "were"):
        return after == "to" or (after.endswith("ing") and after != "being")
    if verb in ("has", "have", "had"):
        return after not in ("been", "died")
    if verb in AUXILIARIES:
        determined = after[:1].isupper() or after.lower() in lexicon.words("determiners")
        return verb not in ("do", "does", "did") and not determined and after != "be"
    return verb not in ("died", "dies")


def _asks_for_winner(question: str) -> bool:
    return phrases.first(question, "winning_words") is not None and not _asks_for_loser(question)


def _asks_for_loser(question: str) -> bool:
    """ "Who lost?", "Whom did Nadal beat?", "Who was narrowly defeated?"."""
    told = words(question)
    beaten = [at for at, word in enumerate(told) if word in ("beat", "defeat")]
    defeated = [at for at, word in enumerate(told) if word == "defeated"]
    return (
        phrases.first(question, "losing_words") is not None
        or any("did" in told[: at - 1] for at in beaten if at > 1)
        or any({"was", "were", "been", "be"} & set(told[max(0, at - 2) : at]) for at in defeated)
    )


def _asks_for_sum(question: str) -> bool:
    """ "How much did it cost?", not "How much longer …?"."""
    told = words(question)[:4]
    asked = told[1:] if told[:1] in (["for"], ["by"]) else told
    return asked[:2] == ["how", "much"] and not lexicon.words("time_qualifiers").intersection(asked[2:3])


_AIMS: Mapping[Aim, Callable[[str], bool]] = {
    "doer": _asks_for_doer,
    "winner": _asks_for_winner,
    "sum": _asks_for_sum,
    "denial": denies,
    "address": lambda question: phrases.first(question, "web_words") is not None,
    "given_name": lambda question: phrases.first(question, "given_names") is not None,
}


def _made_asking(question: str) -> str:
    """A sentence with a gap as a question: "She led:" as "She led what?", "This actor won" as "Which …?"."""
    gap = question.rstrip().endswith(_GAP)
    before_gap = question.rstrip(" :…_.")
    last = words(before_gap)[-1:]
    this = _last_demonstrative(question)
    if this and not (gap and lexicon.words("gap_openers").intersection(last)):
        which = "Which" if this.group()[0] == "T" else "which"
        return f"{question[: this.start()]}{which}{question[this.end() :]}".rstrip(" .:…_") + "?"
    return f"{before_gap} what?" if gap else question


def _last_demonstrative(question: str) -> Match | None:
    """The last "this" or "these" that stands before a noun, but "this week"."""
    found = None
    for match in TOKEN.finditer(question):
        following = question[match.end() :].split(maxsplit=1)[:1]
        noun = words(following[0])[:1] if following and following[0][0].isalpha() else []
        is_time = lexicon.words("units_of_time").intersection(noun)
        if match.group() in ("This", "this", "These", "these") and noun and not is_time:
            found = match
    return found


def _leading(bare: str) -> list[Part]:
    """ "When and by whom was Moskalik killed": every head takes the rest."""
    heads, rest = _heads(bare)
    if len(heads) < 2 or not rest or rest.split()[0].lower() not in AUXILIARIES:
        return []
    subject = next((head for head in heads if part_name(head) in ("who", "what", "how many")), None)
    if subject and not _inverted(rest.split()):  # "who, when and where was killed"
        others = [head for head in heads if head != subject]
        return _tailed(f"{subject} {rest} and {' and '.join(others)}")
    return [Part(part_name(head), as_question(f"{head} {rest}")) for head in heads]


def _heads(bare: str) -> tuple[list[str], str]:
    """The words that ask at the beginning, joined by "and" or a comma, and what follows the last of them."""
    heads: list[str] = []
    at = 0
    while head := _BARE.match(bare, at):
        heads.append(head.group())
        joint = _AND.match(bare, head.end())
        at = head.end()
        if joint is None:
            break
        at = joint.end()
    return heads, bare[at:].strip()


def _tailed(bare: str) -> list[Part]:
    """ "who was killed and where": the tail asks about the event that the main clause names."""
    main, tails = less_tails(bare)
    if not tails:
        return []
    lead = WH.match(main)
    if lead is None:
        if main.split()[0].lower() not in AUXILIARIES:
            return []
        return [Part(part_name(tail), as_question(f"{tail} {main[0].lower()}{main[1:]}")) for tail in tails]
    first = Part(part_name(lead.group()), as_question(main))
    return [first, *(Part(part_name(tail), _tail_question(lead, main, tail)) for tail in tails)]


def less_tails(bare: str) -> tuple[str, list[str]]:
    """The clause without the bare words that ask behind it, and those: "who was killed" of "… and where"."""
    for joint in _AND.finditer(bare):
        tails = [piece.strip() for piece in _AND.split(bare[joint.end() :])]
        if bare[: joint.start()].strip() and all(map(_BARE.fullmatch, tails)):
            return bare[: joint.start()].strip(), tails
    return bare, []


def _tail_question(lead: Match, main: str, tail: str) -> str:
    """The tail's question about the main clause: "where" to "who was killed" is "Where was {who} killed?"."""
    asked, rest = main[: lead.end()], main[lead.end() :].strip()
    noun_first, rest = _noun_with(asked, rest)
    value = _slot(asked, noun_first)
    tokens = rest.split()
    if not tokens:
        return as_question(tail)
    auxiliary = tokens[0].lower() in AUXILIARIES
    if part_name(asked) in ("when", "where", "why", "how") or part_name(asked).startswith(
        ("how long", "how often")
    ):
        return as_question(f"{tail} {rest}")
    if part_name(tail) in ("who", "what", "how many") and not auxiliary:
        return as_question(f"{tail} {rest}")
    if not auxiliary:
        return as_question(f"{tail} did {value} {base_form(tokens[0])} {' '.join(tokens[1:])}")
    if _inverted(tokens):
        return as_question(f"{tail} {rest} {value}")
    return as_question(f"{tail} {tokens[0]} {value} {' '.join(tokens[1:])}")


def _inverted(tokens: list[str]) -> bool:
    """Whether a subject follows the auxiliary: "did Trump say", "was the bomb found"."""
    if tokens[0].lower() in ("do", "does", "did", "didn't", "don't", "doesn't"):
        return True
    return len(tokens) > 2 and (tokens[1][0].isupper() or tokens[1].lower() in lexicon.words("determiners"))


def _noun_with(asked: str, rest: str) -> tuple[str, str]:
    """The noun of "which general was …" taken off the rest; empty for other askers."""
    if part_name(asked) not in ("which", "what"):
        return "", rest
    noun: list[str] = []
    tokens = rest.split()
    while tokens and tokens[0].lower() not in AUXILIARIES and len(noun) < _LONGEST_NOUN:
        noun.append(tokens.pop(0))
    return (" ".join(noun), " ".join(tokens)) if tokens and noun else ("", rest)


def _slot(asked: str, noun: str) -> str:
    """What stands for the value in another part's question: its preposition, the slot, what is counted."""
    first, *rest = asked.split()
    preposition = f"{first.lower()} " if rest and first.lower() in PREPOSITIONS else ""
    counted = (
        " ".join(rest[1:] if not preposition else rest[2:]) if part_name(asked).startswith("how ") else ""
    )
    return f"{preposition}{{{part_name(asked)}}}" + (f" {counted}" if counted else "")


def _two_counts(bare: str) -> list[Part]:
    """ "how many were killed and injured in Kyiv": two numbers."""
    match = _TWO_COUNTS.match(bare)
    if match is None:
        return []
    head, rest = match["head"], match["rest"]
    return [
        Part(f"how many {verb.lower()}", as_question(f"{head} {verb}{rest}"))
        for verb in (match["one"], match["two"])
    ]


def _two_clauses(bare: str) -> list[Part]:
    """Two whole questions joined by "and"; a place named at the end of one holds for the other too."""
    one, two = _cut_in_two(bare)
    if not two or WH.match(one) is None or len(one.split()) < 2:
        return []
    two = _about_its_answer(two, one)
    for source in (two, one):
        place = _place_at_end(source)
        other = one if source is two else two
        if place and not demands("Then " + other) and "{" not in other:
            one, two = (one + place, two) if source is two else (one, two + place)
    two = counting_same(two, one)
    return [_whole(one), *(_tailed(two) or _two_clauses(two) or [_whole(two)])]


def _about_its_answer(clause: str, first: str) -> str:
    """The clause with a slot for each pronoun that means what answers the first one: "how old was {who}" of
    "who was hurt and how old was he". The same where the first asks for no thing or person that acts there.
    """
    asked = WH.match(first)
    name = part_name(asked.group()) if asked else ""
    if asked is None or name not in ("who", "which", "what") or asks_who_somebody_is(first):
        return clause
    rest = _noun_with(asked.group(), first[asked.end() :].strip())[1].split()
    if not rest or (rest[0].lower() in AUXILIARIES and _inverted(rest)):
        return clause
    meant: tuple[str, ...]
    if name == "who" or expected(name, first) == "person":
        meant = ("person_pronouns", "plural_pronouns")
    elif len(rest) > 1 and rest[0].lower() in AUXILIARIES and is_past(rest[1].lower()) and "by" not in rest:
        meant = ("plural_pronouns", "thing_pronouns")  # "it" is what was sold, not what somebody else sold
    else:
        meant = ("plural_pronouns",)
    slot = f"{{{name}}}"
    pronouns = [match.span() for one in meant for match in phrases.each(clause, one)]
    for start, end in sorted([*pronouns, *_each_of(clause, first)], reverse=True):
        if not demands("Then " + clause[:start]):  # "did Lee say that he": his own
            clause = put_for(clause, start, end, slot)
    for plural, singular in _AGREEING:
        clause = clause.replace(f" {plural} {slot}", f" {singular} {slot}")
    return clause


def _each_of(clause: str, first: str) -> list[tuple[int, int]]:
    """Where "each", "each of them" or "each victim" stands, of the victims that the first clause asks for."""
    places = []
    for match in phrases.each(clause, "each_of_them"):
        noun = TOKEN.match(clause, match.end() + 1)
        after = noun.group().lower() if noun else ""
        if noun and root(after) in map(root, words(first)):
            places.append((match.start(), noun.end()))
        elif not after or after in AUXILIARIES | PREPOSITIONS or is_past(after):
            places.append(match.span())
    return places


_AGREEING = (("are", "is"), ("were", "was"), ("do", "does"), ("have", "has"))


def _cut_in_two(bare: str) -> tuple[str, str]:
    """The first clause that asks and the rest: cut at "and", or at a comma where an "and" comes later."""
    joints = [(joint, "and" in joint.group().lower()) for joint in _AND.finditer(bare)]
    for number, (joint, by_and) in enumerate(joints):
        more = any(later and WH.match(bare, other.end()) for other, later in joints[number + 1 :])
        if (by_and or more) and _asks_as_clause(bare[joint.end() :], by_and=by_and):
            return bare[: joint.start()].strip(), bare[joint.end() :].strip()
    return bare, ""


def _asks_as_clause(text: str, *, by_and: bool) -> bool:
    """Whether a clause with a verb of its own begins there: "how many were hurt", "why did it fall".

    Behind a comma alone an auxiliary must follow the words that ask, but "who".
    """
    asked = WH.match(text)
    following = text[asked.end() :].lower().split() if asked else []
    if asked is None or not following:
        return False
    name = part_name(asked.group())
    if name in ("how many", "how much") or asked.group().lower().split()[-1] == "who":
        return True
    if by_and and name in ("which", "what") and len(following) > 2 and is_past(following[1]):
        return True  # "which team drafted Pickett"
    at = next((at for at, word in enumerate(following[: 1 + by_and]) if word in AUXILIARIES), None)
    return at is not None and len(following) > at + 1


def _place_at_end(clause: str) -> str:
    """The place that a clause ends with, its preposition before it: " in the Gaza Strip"; else nothing."""
    found = after_preposition(clause, "place_adjuncts")
    return f" {clause[found[-1][0] :]}" if found and found[-1][1] == len(clause) else ""


def _whole(clause: str) -> Part:
    lead = WH.match(clause)
    return Part(part_name(lead.group()) if lead else "what", as_question(clause))


def _named_apart(parts: list[Part]) -> tuple[Part, ...]:
    """Columns with different names: the second "how many" is told by its verb, else by a number."""
    named: dict[str, Part] = {}
    for one in parts:
        name = one.name
        if [other.name for other in parts].count(name) > 1 and name == "how many":
            name = f"{name} {_verb_of(one.question)}".rstrip()
        name = name if name not in named else f"{name} ({len(named) + 1})"
        named[name] = part(name, one.question)
    return tuple(named.values())


def _verb_of(question: str) -> str:
    """The word after the first auxiliary or two: "injured" of "How many have been injured?"."""
    told = words(question)
    before = list(takewhile(lambda word: word not in _BEFORE_VERB, told))
    after = told[len(before) + 1 :]
    return next((word for word in after if word not in ("been", "there")), "")


_BEFORE_VERB = ("were", "was", "are", "have", "had", "been", "got")
