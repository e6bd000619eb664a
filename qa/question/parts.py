"""Splits a compound question: takes one that stands alone, gives its parts, each read once.

"Who was killed and where?" has two; the second asks about the value of the first. Knows nothing of time,
outlets or articles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from qa.english.names import content_words, demands, listed
from qa.question.expects import expected
from qa.question.grammar import (
    AUXILIARIES,
    NOUN,
    PREPOSITION,
    WH,
    as_question,
    asking,
    base_form,
    part_name,
    split_sentences,
)
from qa.types import Aim, Part

_BARE = (
    rf"(?:{PREPOSITION}\s+)?(?:how\s+(?:many|much|old|long)|(?:which|what)\s+{NOUN}|who|whom|when"
    rf"|where|why|how|what)(?:\s+else)?"
)
_AND = r"(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s*&\s*)"
_TAILED = re.compile(rf"(?P<main>.+?){_AND}(?P<tails>{_BARE}(?:{_AND}{_BARE})*)$", re.IGNORECASE)
_LEADING = re.compile(rf"(?P<heads>{_BARE}(?:{_AND}{_BARE})+)\s+(?P<rest>\S.*)$", re.IGNORECASE)
_TWO_CLAUSES = re.compile(
    rf"(?P<one>.+?)(?:\s*,\s*|\s+)and\s+(?P<two>(?:(?:{PREPOSITION}\s+)?(?:how\s+(?:many|much)\s.+|who\s+.+"
    rf"|(?:what|which|when|where|why|how|whom)\s+(?:{NOUN}\s+)?(?:{'|'.join(sorted(AUXILIARIES))})\s+.+))$)",
    re.IGNORECASE,
)
# "When was it lost, how many were aboard and why …": a comma for the first "and"
_BETWEEN_CLAUSES = re.compile(
    rf"\s*,\s+(?=(?:how\s+(?:many|much)\s|(?:what|which|when|where|why|how|who)\s+(?:{'|'.join(sorted(AUXILIARIES))})\s)"
    r".*\sand\s+(?:how|what|which|when|where|why|who)\s)",
    re.IGNORECASE,
)
_TWO_COUNTS = re.compile(
    r"(?P<head>how many(?:\s+\w+)?\s+(?:were|was|are|have been|had been))\s+(?P<one>\w+(?:ed|t|n))"
    r"\s+(?:and|or)\s+"
    r"(?P<two>\w+(?:ed|t|n))\b(?P<rest>.*)",
    re.IGNORECASE,
)
_TAIL_PLACE = re.compile(
    r"\s(?:in|at|near|on|from|during|outside)\s+(?:the\s+)?[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*)*$"
)
_DETERMINERS = frozenset(
    listed("""the a an his her their its he she it they this that these those our my any some""")
)

DENIAL = re.compile(r"\b(?:never|not|denie[sd]|refused? to)\b|n['’]t\b", re.IGNORECASE)
_AIMS: dict[Aim, re.Pattern[str]] = {
    "doer": re.compile(
        r"^(?:by\s+)?who\s+(?!is\b|are\b|was\b|were\b|died\b|has been\b|have been\b)", re.IGNORECASE
    ),
    "winner": re.compile(
        r"\b(?:w[io]ns?|winners?|victor(?:y|ies|ious)|champions?|beat|beats|beating|defeat(?:s|ed|ing)"
        r"|triumph\w*|crowned|elected)\b",
        re.IGNORECASE,
    ),
    "sum": re.compile(
        r"^(?:for\s+|by\s+)?how\s+much\b(?!\s+(?:time|longer|older|later|earlier)\b)", re.IGNORECASE
    ),
    "denial": DENIAL,
    "address": re.compile(
        r"\b(?:accounts?|address(?:es)?|handles?|links?|online|pages?|sites?|urls?|web\w*)\b", re.IGNORECASE
    ),
    "given_name": re.compile(r"\b(?:first|full|given|middle|christian)\s+names?\b", re.IGNORECASE),
}
_LOSER = re.compile(
    r"\b(?:lose|loses|losing|lost|losers?|beaten|runners?-up|opponents?|rivals?|suffered|eliminated|over|against"
    r"|did\s.+\s(?:beat|defeat)|defeated\s+by|(?:was|were|been|be)\s+(?:\w+\s+)?defeated)\b",
    re.IGNORECASE,
)


def parts_of(question: str) -> tuple[Part, ...]:
    """What a question asks for, one part a thing. `{who}` in a question stands for that part's value."""
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


def aims(question: str) -> frozenset[Aim]:
    """What it asks for that its column does not tell."""
    found = {aim for aim, words in _AIMS.items() if words.search(question)}
    return frozenset(found - {"winner"} if _LOSER.search(question) else found)


def _made_asking(question: str) -> str:
    """A sentence with a gap as a question: "She led:" as "She led what?", "This actor won" as "Which …?"."""
    gap = _GAP.search(question)
    these = list(_THESE.finditer(question))
    if these and not _OPEN_END.search(question):
        word = these[-1].group()
        which = "Which" if word[0] == "T" else "which"
        return f"{question[: these[-1].start()]}{which}{question[these[-1].end() :]}".rstrip(" .:…_") + "?"
    return f"{question[: gap.start()]} what?" if gap else question


_GAP = re.compile(r"\s*(?::|…|_{2,}|\.{3})\s*$")
_OPEN_END = re.compile(
    r"\b(?:by|in|of|for|as|to|since|from|with|titled|called|is|be)\s*(?::|…|_{2,}|\.{3})\s*$"
)
_THESE = re.compile(
    r"\b(?:[Tt]his|[Tt]hese)(?=\s+(?!(?:week|month|year|season|summer|fall|autumn|winter|spring|morning)\b)[^\W\d_])"
)


def _leading(bare: str) -> list[Part]:
    """ "When and by whom was Moskalik killed": every head takes the rest."""
    match = _LEADING.match(bare)
    if match is None or match["rest"].split()[0].lower() not in AUXILIARIES:
        return []
    heads, rest = _pieces(match["heads"]), match["rest"]
    subject = next((head for head in heads if part_name(head) in ("who", "what", "how many")), None)
    if subject and not _inverted(rest.split()):  # "who, when and where was killed"
        others = [head for head in heads if head != subject]
        return _tailed(f"{subject} {rest} and {' and '.join(others)}")
    return [Part(part_name(head), as_question(f"{head} {rest}")) for head in heads]


def _tailed(bare: str) -> list[Part]:
    """ "who was killed and where": the tail asks about the event that the main clause names."""
    match = _TAILED.match(bare)
    if match is None:
        return []
    main, tails = match["main"].strip(), _pieces(match["tails"])
    lead = WH.match(main)
    if lead is None:
        if main.split()[0].lower() not in AUXILIARIES:
            return []
        return [Part(part_name(tail), as_question(f"{tail} {main[0].lower()}{main[1:]}")) for tail in tails]
    first = Part(part_name(lead.group()), as_question(main))
    return [first, *(Part(part_name(tail), _tail_question(lead, main, tail)) for tail in tails)]


def _tail_question(lead: re.Match[str], main: str, tail: str) -> str:
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
    return len(tokens) > 2 and (tokens[1][0].isupper() or tokens[1].lower() in _DETERMINERS)


def _noun_with(asked: str, rest: str) -> tuple[str, str]:
    """The noun of "which general was …" taken off the rest; empty for other askers."""
    if part_name(asked) not in ("which", "what"):
        return "", rest
    noun: list[str] = []
    tokens = rest.split()
    while tokens and tokens[0].lower() not in AUXILIARIES and len(noun) < 3:
        noun.append(tokens.pop(0))
    return (" ".join(noun), " ".join(tokens)) if tokens and noun else ("", rest)


def _slot(asked: str, noun: str) -> str:
    """What stands for the value in another part's question: its preposition, the slot, what is counted."""
    preposition = re.match(rf"{PREPOSITION}\s+", asked, re.IGNORECASE)
    counted = re.search(r"how\s+(?:many|much)\s+(.+)", asked, re.IGNORECASE)
    slot = "{" + part_name(asked) + "}" + (f" {counted.group(1)}" if counted else "")
    return (preposition.group().lower() if preposition else "") + slot


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
    match = _TWO_CLAUSES.match(_BETWEEN_CLAUSES.sub(" and ", bare))
    if match is None or WH.match(match["one"]) is None or len(match["one"].split()) < 2:
        return []
    one, two = match["one"].strip(), match["two"].strip()
    for source in (two, one):
        place = _TAIL_PLACE.search(source)
        other = one if source is two else two
        if place and not demands("Then " + other):
            one, two = (one + place.group(), two) if source is two else (one, two + place.group())
    counted = re.search(r"how many (\w+) (?:were|are|was|have|had)\b", one, re.IGNORECASE)
    if counted:
        two = re.sub(r"^how many (?=were|are|was|have|had)", f"how many {counted.group(1)} ", two)
    return [_whole(one), *(_tailed(two) or _two_clauses(two) or [_whole(two)])]


def _whole(clause: str) -> Part:
    lead = WH.match(clause)
    return Part(part_name(lead.group()) if lead else "what", as_question(clause))


def _named_apart(parts: list[Part]) -> tuple[Part, ...]:
    """Columns with different names: the second "how many" is told by its verb, else by a number."""
    named: dict[str, Part] = {}
    for one in parts:
        name = one.name
        if [other.name for other in parts].count(name) > 1 and name == "how many":
            verb = re.search(r"\b(?:were|was|are|have|had|been|got)\s+(?:been\s+)?(\w+)", one.question)
            name = f"{name} {verb.group(1)}" if verb else name
        name = name if name not in named else f"{name} ({len(named) + 1})"
        named[name] = part(name, one.question)
    return tuple(named.values())


def _pieces(listed: str) -> list[str]:
    return [piece.strip() for piece in re.split(_AND, listed) if piece.strip()]
