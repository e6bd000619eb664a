"""The grammar of questions: which words ask, what kind of thing they ask for, where a compound one splits.

Takes a question that stands alone, gives its parts. Knows nothing of time, outlets or articles.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Literal

from qa.english.names import demands, listed
from qa.types import Part

# "country" and "state" are to be among those there are, "city" not; "name" is a proper name of anything else;
# "span" is how long something takes.
Expected = Literal["person", "number", "time", "span", "place", "country", "state", "city", "name", "any"]

_NOUNS: dict[Expected, frozenset[str]] = {
    "time": frozenset(listed("year month day date decade weekday")),
    "number": frozenset(listed("percentage percent age number amount")),
    "country": frozenset(listed("country nation")),
    "state": frozenset(listed("state")),
    "city": frozenset(listed("city town capital borough suburb village")),
    "person": frozenset(
        listed(
            """politician lawmaker senator congressman congresswoman representative governor
            mayor president minister premier chancellor monarch king queen prince princess
            leader general judge justice official candidate nominee ceo founder
            billionaire entrepreneur businessman actor actress comedian singer musician
            rapper artist songwriter composer director filmmaker author writer novelist
            poet host anchor journalist celebrity star model athlete player quarterback
            pitcher golfer boxer swimmer skier skater gymnast sprinter runner footballer
            striker coach driver astronaut scientist lawyer attorney figure person man
            woman"""
        )
    ),
    "name": frozenset(
        listed(
            """company firm airline automaker carmaker manufacturer retailer supermarket
            chain restaurant brand bank team club university college school newspaper
            magazine network channel broadcaster studio app platform website movie film
            show series song album novel musical band agency organization organisation
            island river lake mountain volcano planet airport museum stadium hurricane
            storm typhoon continent province county"""
        )
    ),
}
_NOUN_PHRASE = 6  # words after "which" among which its noun is looked for

AUXILIARIES = frozenset(
    listed(
        """is are was were am be been do does did has have had will would can could should
    may might must shall
    isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't won't wouldn't can't couldn't
    shouldn't"""
    )
)
_PREPOSITION = r"(?:by|with|to|for|from|in|on|at|about|against|under|of|into|during|until|since|over|near)"
_NOUN = r"[^\W\d_][\w’'-]*"
WH = re.compile(
    rf"\b(?:{_PREPOSITION}\s+)?(?:how\s+(?:many|much)(?:\s+(?!{'|'.join(sorted(AUXILIARIES))}\b){_NOUN})?"
    rf"|how\s+(?:old|long|far|often|big|tall|high|large|fast|deep|soon|late|early)|who|whom|whose|where"
    rf"|when|why|how"
    rf"|what|which)\b",
    re.IGNORECASE,
)
_BARE = (
    rf"(?:{_PREPOSITION}\s+)?(?:how\s+(?:many|much|old|long)|(?:which|what)\s+{_NOUN}|who|whom|when"
    rf"|where|why|how|what)(?:\s+else)?"
)
_AND = r"(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s*&\s*)"
_TAILED = re.compile(rf"(?P<main>.+?){_AND}(?P<tails>{_BARE}(?:{_AND}{_BARE})*)$", re.IGNORECASE)
_LEADING = re.compile(rf"(?P<heads>{_BARE}(?:{_AND}{_BARE})+)\s+(?P<rest>\S.*)$", re.IGNORECASE)
_TWO_CLAUSES = re.compile(
    rf"(?P<one>.+?)(?:\s*,\s*|\s+)and\s+(?P<two>(?:(?:{_PREPOSITION}\s+)?(?:how\s+(?:many|much)\s.+|who\s+.+"
    rf"|(?:what|which|when|where|why|how|whom)\s+(?:{_NOUN}\s+)?(?:{'|'.join(sorted(AUXILIARIES))})\s+.+))$)",
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


def asking(question: str) -> re.Match[str] | None:
    """The words that ask, in the last sentence that has any: at its start, its end, or else the first."""
    for sentence in reversed(split_sentences(question)):
        offset = question.rfind(sentence)
        matches = list(WH.finditer(question, offset, offset + len(sentence)))
        if not matches:
            continue
        first = matches[0]
        if question[offset : first.start()].strip():  # "… when a crane collapsed in which city?"
            for match in reversed(matches):
                low, before = match.group().lower(), question[offset : match.start()].rstrip()
                if re.search(r"\b(?:which|what|how (?:many|much))\b", low) and not before.endswith(","):
                    return match
        if len(matches) > 1 and _opens_a_clause(first, question):
            first, *matches = matches[1:]
        for match in (first, *matches[-1:]):
            before = question[offset : match.start()].rstrip()
            after = question[match.end() : offset + len(sentence)].strip(" ?.!:")
            if not before or before[-1] in ",:;—-" or not after:
                return match
        return first
    return None


def _opens_a_clause(match: re.Match[str], question: str) -> bool:
    """Whether the word only says when or where: "When the levee broke, who was blamed?"."""
    clause, comma, _ = question[match.end() :].partition(",")
    first, *_ = [*clause.lower().split(), ""]
    asks = not first or first in AUXILIARIES or re.fullmatch(_PREPOSITION, first)
    return match.group().lower() in ("when", "where") and bool(comma) and not asks


def split_sentences(question: str) -> list[str]:
    """The sentences of a question; "Jan. 6", "U.S." and initials do not end one."""
    return [
        piece for piece in re.split(r"(?<=[a-z0-9”\")]{2}[.?!])\s+(?=[A-Z“\"])", question.strip()) if piece
    ]


def part_name(asked: str) -> str:
    """The column for words that ask: "by whom" is who, "in which city" is which."""
    low = re.sub(rf"^{_PREPOSITION}\s+", "", " ".join(asked.lower().split()))
    if low in ("whom", "whose"):
        return "who"
    return re.sub(r"^(how (?:many|much)|which|what)\b.*", r"\1", low)


def about_same(question: str, clause: str) -> str:
    """The clause as a question of its own for what the whole asks: "Which company is also accused …?"."""
    match = asking(question)
    bare = re.sub(r"^(?:[\s,;]|(?:and|but|while|whereas|also)\b)+", "", clause, flags=re.IGNORECASE).rstrip(
        " ?.,;"
    )
    if match is None or asking(clause) is not None:
        return as_question(bare)
    noun = []
    if part_name(match.group()) in ("which", "what"):
        following = question[match.end() :].partition(",")[0].split()[:2]
        noun = list(takewhile(lambda word: word.lower() not in AUXILIARIES, following))
    return as_question(f"{match.group()} {' '.join(noun)} {bare}")


def expected(part: Part) -> Expected:
    """What kind of words can answer the part, as far as its grammar says."""
    if part.name.startswith("how long"):
        return "span"
    if part.name.startswith(("how many", "how much", "how old", "how far", "how tall", "how high")):
        return "number"
    if part.name.startswith("when"):
        return "time"
    if part.name.startswith("where"):
        return "place"
    if part.name.startswith("who"):
        described = re.search(
            r"\b[Ww]ho(?:'s|’s| is| was| are| were)\s+(?:the\s+)?[A-Z]\S*(?:\s+[A-Z]\S*)*\s*\??$",
            part.question,
        )
        return "any" if described else "person"
    return _expected_of_noun(part)


def _expected_of_noun(part: Part) -> Expected:
    """By the noun that "which" or "what" asks for: the last known one before the verb."""
    match = asking(part.question)
    if match is None:
        return "any"
    following, described = re.subn(r"^\s*(?:was|is)\s+the\s+", " ", part.question[match.end() :])
    found: Expected = "any"
    tokens = re.findall(r"[^\W_][\w-]*(?:[’']\w+)?|[,:;?]", following)[:_NOUN_PHRASE]
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        word, possessive = re.subn(r"[’']s$", "", token.lower())
        if word in AUXILIARIES or word in _PHRASE_ENDS:
            break
        kinds = [kind for kind, nouns in _NOUNS.items() if word in nouns or _singular(word) in nouns]
        if kinds and not _is_no_noun(before, token, after):
            found = kinds[0]
        if described and (possessive or after.endswith("ing")):  # "what was the singer filming"
            return "any"
        if possessive:
            break  # "which country's leader": the country is what is asked for
    return found


def _is_no_noun(before: str, word: str, after: str) -> bool:
    """Whether what looks like a noun is none: "United States", "a theory states that", "general term"."""
    if word.lower() in ("state", "states", "country", "city"):
        named = word[0].isupper() and (before[:1].isupper() or after[:1].isupper())
        return named or after.lower() == "that"
    return word == "general" and after.lower() in _GENERAL


_GENERAL = frozenset(
    listed("term name word idea theory principle purpose rule kind type trend belief category area field")
)


def _singular(word: str) -> str:
    return re.sub(r"ies$", "y", word) if word.endswith("ies") else word.removesuffix("s")


_PHRASE_ENDS = frozenset(
    listed(
        """, : ; ? in of at on to from for by with that who which and this next last early late these his her
        a an the"""
    )
)


def parts_of(question: str) -> tuple[Part, ...]:
    """What a question asks for, one part a thing. `{who}` in a question stands for that part's value."""
    bare = question.strip().rstrip(" ?!.")
    if len(split_sentences(question)) == 1:
        for split in (_two_counts, _leading, _tailed, _two_clauses):
            parts = split(bare)
            if parts:
                return _named_apart(parts)
    match = asking(question)
    if match is None:
        question = _made_asking(question)
        match = asking(question)
    return (Part(part_name(match.group()) if match else "what", question),)


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
    preposition = re.match(rf"{_PREPOSITION}\s+", asked, re.IGNORECASE)
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
    named: list[Part] = []
    for part in parts:
        name = part.name
        if [other.name for other in parts].count(name) > 1 and name == "how many":
            verb = re.search(r"\b(?:were|was|are|have|had|been|got)\s+(?:been\s+)?(\w+)", part.question)
            name = f"{name} {verb.group(1)}" if verb else name
        taken = {other.name for other in named}
        name = name if name not in taken else f"{name} ({len(named) + 1})"
        named.append(Part(name, part.question))
    return tuple(named)


def _pieces(listed: str) -> list[str]:
    return [piece.strip() for piece in re.split(_AND, listed) if piece.strip()]


def as_question(text: str) -> str:
    """The words as a question: a capital first, a question mark last."""
    text = " ".join(text.split())
    return text[:1].upper() + text[1:] + "?"


_IRREGULAR = {
    "won": "win",
    "said": "say",
    "took": "take",
    "became": "become",
    "began": "begin",
    "led": "lead",
    "fell": "fall",
    "fled": "flee",
    "died": "die",
    "lost": "lose",
    "made": "make",
    "came": "come",
    "went": "go",
    "met": "meet",
    "shot": "shoot",
    "told": "tell",
    "gave": "give",
    "got": "get",
    "left": "leave",
    "bought": "buy",
    "sold": "sell",
    "built": "build",
    "broke": "break",
    "found": "find",
    "held": "hold",
    "struck": "strike",
    "wrote": "write",
    "caused": "cause",
    "spoke": "speak",
    "drove": "drive",
    "stole": "steal",
    "sent": "send",
    "signed": "sign",
}


def base_form(verb: str) -> str:
    """The verb as it stands after "did"; a guess for regular verbs."""
    low = verb.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if low.endswith("ied"):
        return low[:-3] + "y"
    if low.endswith("ed") and len(low) > 4:
        stem = low[:-2]
        if re.search(
            r"(?:[cgsvz]|[^aeiou][aeiou]r|at|it|ut|id|ad|u|[aeiou]s|[^aeiou]l|in|os)$", stem
        ) and not re.search(r"(?:ss|it|in)$", stem):
            return stem + "e"
        return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz" else stem
    return verb
