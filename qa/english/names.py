"""Words and names made comparable: takes text, gives folded words, the words that carry a question, and the
names and numbers that a question insists on. Knows English spelling, not meaning.

Like `types`, any stage may import it.
"""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.types import Demand


def listed(text: str) -> tuple[str, ...]:
    """The words of a list that is written as running text."""
    return tuple(text.split())


STOP_WORDS = frozenset(
    listed(
        """a about above after again all also am an and any are as at away be been before being below between
    both but by can could did do does doing down during each either else ever every few for from further
    get gets getting give given go goes going got had has have having he her here hers herself him
    himself his i if in into is it its itself just know known let many may me might mine more most much
    must my myself no nor not now of off on once only or other our ours out over own part per please put
    same say says said shall she should so some such tell than that the their theirs them themselves
    then there these they this those through to too under until up upon us very was we were will with
    within without would yes yet you your yours who whom whose what which when where why how old long
    far often anyone anybody someone somebody anything something everyone name named called call kind
    type according reportedly report reports reported article
    articles news"""
    )
)
MONTHS = listed("january february march april may june july august september october november december")
WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
CALENDAR = frozenset([*MONTHS, *WEEKDAYS, *listed("jan feb mar apr jun jul aug sep sept oct nov dec")])

TITLES = frozenset(
    listed(
        """lt gen lieutenant general col colonel maj major capt captain sgt sergeant adm admiral cmdr
    commander cpl brig brigadier marshal field staff vice president prime minister premier chancellor
    secretary sen senator rep representative congressman congresswoman gov governor mayor judge justice chief
    attorney dr doctor prof professor mr mrs ms miss sir dame lord lady king queen prince princess pope
    cardinal bishop archbishop rev reverend rabbi imam sheikh emir sultan ayatollah deputy acting former
    speaker ambassador envoy coach sheriff detective officer first foreign defense defence interior"""
    )
)
# One thing, several words that share no spelling: what question and article often call differently.
_ALIASES: tuple[tuple[str, ...], ...] = (
    ("uk", "britain", "british", "briton", "britons", "united kingdom", "england", "english"),
    ("usa", "america", "american", "americans", "united states", "nationwide", "federal"),
    ("eu", "european union", "brussels"),
    ("un", "united nations"),
    ("france", "french"),
    ("netherlands", "dutch", "holland"),
    ("spain", "spanish", "spaniards"),
    ("ireland", "irish"),
    ("wales", "welsh"),
    ("scotland", "scottish", "scots"),
    ("poland", "polish", "poles"),
    ("denmark", "danish", "danes"),
    ("sweden", "swedish", "swedes"),
    ("finland", "finnish", "finns"),
    ("turkey", "turkish", "turkiye", "turks"),
    ("greece", "greek", "greeks"),
    ("switzerland", "swiss"),
    ("thailand", "thai", "thais"),
    ("philippines", "filipino", "philippine", "filipinos"),
    ("peru", "peruvian"),
    ("myanmar", "burma", "burmese"),
    ("covid", "covid-19", "coronavirus"),
    ("russia", "kremlin"),
    ("white house", "president", "administration"),
    ("supreme court", "justices"),
    ("congress", "senate", "house", "congressional", "lawmakers"),
)
_NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        listed(
            """zero one two three four five six seven eight nine ten
            eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"""
        )
    )
} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "dozen": 12,
}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
    "k": 1e3,
}

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
# Each begins with a character that is written out, which the search leaps to: whole articles go through them.
_POSSESSIVE = re.compile(r"'(?:(?<=\w')s\b|(?<=s')(?!\w))")
_AMERICA = re.compile(r"US(?<=\bUS)\b")
_ACRONYM_DOT = re.compile(r"\.(?<=\b[A-Za-z]\.)(?:(?=[A-Za-z]\.)|(?<=\b[A-Za-z]\.[A-Za-z]\.))")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d)")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# A run of capitalised words; small words may stand inside ("Summit of the Americas", "Ursula von der Leyen").
_CAPITAL = r"(?:[A-Z][\w.&]*(?:[-’'](?!s\b)\w+)*)"
_RUN = re.compile(rf"{_CAPITAL}(?:(?:\s+(?:of|the|de|del|von|van|der|al|bin|for)){{0,2}}\s+{_CAPITAL})*")
_WRITTEN_NAME = re.compile(
    r"(?:[A-Z][\w&]*(?:\.(?=\s[A-Z]))?(?:[-’'](?!s\b)\w+)*)(?:(?:\s+(?:of|the|de|von|van|der|al|bin))*"
    r"\s+[A-Z][\w&]*"
    r"(?:\.(?=\s[A-Z]))?(?:[-’'](?!s\b)\w+)*)*"
)
_NUMBER = re.compile(r"(?<![\w.])\$?\d+(?:[.,]\d+)*")
_QUOTED = re.compile(r"[“\"]([^”\"]{2,60}?)[,.]?[”\"]")
_SOURCE_BEFORE = re.compile(
    r"\b(?:article|report|piece|story|coverage)s?\s+(?:from|by|in|on)\s+(?:both\s+)?(?:the\s+)?['‘“\"]?$",
    re.IGNORECASE,
)
_SOURCE_AFTER = re.compile(
    r"['’”\"]*(?:s['’]?)?\s+(?:article|piece|story|editorial|coverage)s?\b", re.IGNORECASE
)
_DAY = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*",
    re.IGNORECASE,
)
_PLACE_AFTER = re.compile(r"\b(?:in|at|near|from|outside|inside)\s+(?:the\s+)?([a-z]{4,})\b")


def fold(text: str) -> str:
    """Lower case without accents, curly apostrophes or dots inside acronyms ("U.S." is "us")."""
    text = _ACRONYM_DOT.sub("", text)
    text = _AMERICA.sub("usa", text)  # "us" is a small word
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'"))
    return _NOT_ASCII.sub(_without_accent, plain).casefold()


def _without_accent(char: re.Match[str]) -> str:
    return "" if unicodedata.combining(char.group()) else char.group()


def words(text: str) -> list[str]:
    """Folded words and numbers in order, possessives dropped, thousands without commas."""
    return _TOKEN.findall(_THOUSANDS.sub("", _POSSESSIVE.sub("", fold(text))))


def content_words(text: str) -> list[str]:
    """The words that carry a question, in order, each once: no small words, no question words."""
    kept = (word for word in words(text) if word not in STOP_WORDS and (len(word) > 1 or word.isdigit()))
    return list(dict.fromkeys(kept))


# Past forms that share no beginning with their verb, or too little of one.
_FORMS = """become became|begin began begun|bite bit bitten|break broke broken
    bring brought|build built|buy bought|catch caught|choose chose chosen|come came|deal dealt
    die died dead|draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten
    fall fell fallen|feel felt|fight fought|find found|flee fled|fly flew flown
    forget forgot forgotten|freeze froze frozen|get got gotten|give gave given|go went gone
    grow grew grown|hear heard|hide hid hidden|hold held|keep kept|know knew known|lead led
    leave left|lend lent|lose lost|make made|mean meant|meet met|pay paid|ride rode ridden
    ring rang rung|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold|send sent
    shake shook shaken|shoot shot|show showed shown|shrink shrank shrunk|sing sang sung
    sink sank sunk|sit sat|sleep slept|speak spoke spoken|spend spent|stand stood|steal stole stolen
    strike struck|swear swore sworn|swim swam swum|take took taken|teach taught|tear tore torn
    tell told|think thought|throw threw thrown|understand understood|wake woke woken|wear wore worn
    win won|write wrote written|child children|man men|woman women|person people"""
_VERBS = {form: line.split()[0] for line in re.split(r"[|\n]", _FORMS) for form in line.split()[1:]}
_NO_VERBS = frozenset(listed("children men women people"))


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """The word without the commonest English endings; made for comparing, not for reading."""
    word = _VERBS.get(word, word)
    for ending, instead, least in (
        ("ies", "y", 5),
        ("sses", "ss", 6),
        ("ings", "", 7),
        ("ing", "", 6),
        ("ied", "y", 5),
        ("ed", "", 5),
        ("es", "", 5),
        ("s", "", 4),
    ):
        if len(word) >= least and word.endswith(ending) and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "ls":  # "stopp"
        word = word[:-1]
    return word.rstrip("e") if len(word) > 4 else word


def is_past(word: str) -> bool:
    """Whether the folded word looks like the past form of a verb: "played", "held"."""
    return word.endswith("ed") or (word in _VERBS and word not in _NO_VERBS)


@lru_cache(maxsize=16384)
def alike(one: str, other: str) -> bool:
    """Whether two folded words are one word in two forms: Kirillov’s, generals, Russian and Russia."""
    if one == other or stem(one) == stem(other):
        return True
    if one[0].isdigit() or other[0].isdigit():
        return number(one) is not None and number(one) == number(other)
    short, long = sorted((one, other), key=len)
    if len(short) < 4:
        return False
    shared = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return shared >= max(4, len(short) - 1) and len(long) - shared <= 4


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a text, kept so that any form of a word is found fast; a few kilobytes for an article."""

    text: str
    words: tuple[str, ...]  # each once, sorted
    stems: tuple[str, ...]  # sorted

    def __contains__(self, word: str) -> bool:
        """Whether the folded word stands in the text in any form."""
        if self.has(word) or _stands(self.stems, stem(word)):
            return True
        beginning = word[:_BEGINNING]
        place = bisect_left(self.words, beginning)
        while place < len(self.words) and self.words[place][:_BEGINNING] == beginning:
            if alike(word, self.words[place]):
                return True
            place += 1
        return False

    def has(self, word: str) -> bool:
        """Whether the folded word stands in the text in this very form."""
        return _stands(self.words, word)


_BEGINNING = 4  # letters; words that share fewer are never forms of one word


def _stands(ordered: Sequence[str], word: str) -> bool:
    place = bisect_left(ordered, word)
    return place < len(ordered) and ordered[place] == word


@lru_cache(maxsize=1024)  # one question needs some 200, most of them sentences
def bag(text: str) -> Bag:
    """The words of a text for looking up."""
    found = set(map(sys.intern, words(text)))  # articles share most of their words
    return Bag(text, tuple(sorted(found)), tuple(sorted(set(map(stem, found)))))


def rarity(asked: Sequence[str], texts: Sequence[str]) -> dict[str, float]:
    """How much each folded word tells, by how few of the texts have it (inverse document frequency); a word
    that none has tells most."""
    bags = [bag(text) for text in texts]
    counts = {word: sum(word in there for there in bags) for word in asked}
    return {word: math.log(1 + (len(bags) + 1) / (count + 0.5)) for word, count in counts.items()}


def number(text: str) -> float | None:
    """The first number in the text, in figures or words: "at least 12" is 12, "two million" 2,000,000."""
    return next(iter(numbers(text)), None)


def numbers(text: str) -> list[float]:
    """All numbers in the text, in order; empty when there is none."""
    found: list[float] = []
    tokens = words(text.replace("-", " "))
    index = 0
    while index < len(tokens):
        token = tokens[index]
        value = _value(token)
        index += 1
        if value is None and token in _SCALES and len(token) > 2:
            value, index = 1.0, index - 1  # "a million"
        if value is None:
            continue
        if token.endswith("ty") and index < len(tokens) and (_value(tokens[index]) or 10) < 10:  # forty two
            value, index = value + (_value(tokens[index]) or 0), index + 1
        last = index + 2
        while index < min(last, len(tokens)) and tokens[index] in _SCALES:
            value, index = value * _SCALES[tokens[index]], index + 1
        found.append(value)
    return found


def _value(token: str) -> float | None:
    if token[0].isdigit():
        try:
            return float(token)
        except ValueError:
            return None
    return _NUMBER_WORDS.get(token)


def demands(question: str) -> tuple[Demand, ...]:
    """The names, quoted titles and numbers that an answer's surroundings must show.

    Weekdays and months are no names here: time words are another matter. Without capitals ("killed in paris")
    what follows a preposition of place is taken for a name, unsurely.
    """
    found: list[Demand] = []
    plain = question
    for match in _QUOTED.finditer(question):
        quoted = [word for word in content_words(match.group(1)) if word not in CALENDAR]
        if quoted and len(quoted) <= 5:
            found.append(Demand(tuple(quoted)))
            plain = plain.replace(match.group(), " " * len(match.group()))
    if _has_case(plain):
        found += [Demand(name, source=source) for name, source in _capitalised(plain)]
    else:
        found += [
            Demand((word,), sure=False)
            for word in _PLACE_AFTER.findall(plain.lower())
            if word not in STOP_WORDS and word not in CALENDAR and word not in _NOT_PLACES
        ]
    found += [
        Demand((value,))
        for value in (
            match.group().lstrip("$").replace(",", "") for match in _NUMBER.finditer(_DAY.sub(" ", plain))
        )
    ]
    return tuple(dict.fromkeys(found))


_NOT_PLACES = frozenset(
    listed("world week month year years past future last next history charge power total order time today")
)


def _has_case(question: str) -> bool:
    """Whether capitals mean something here: neither all small nor Every Word A Capital."""
    initials = [word[0] for word in re.findall(r"[^\W\d_]{4,}", question)]
    capitals = sum(initial.isupper() for initial in initials)
    if len(initials) >= 4 and capitals >= 0.9 * len(initials):
        return False
    return any(char.isupper() for char in question[1:])


def _capitalised(question: str) -> Iterable[tuple[tuple[str, ...], bool]]:
    """The names in the text, each with whether it is named as the source of a report."""
    for match in _RUN.finditer(question):
        tokens = words(match.group())
        opener = len(tokens) == 1 or tokens[0] in _OPENERS
        if _opens_sentence(question, match.start()) and opener:
            tokens = tokens[1:]
        tokens = [word for word in tokens if word not in STOP_WORDS and word not in CALENDAR]
        if tokens and not (len(tokens) == 1 and (tokens[0] in TITLES or len(tokens[0]) == 1)):
            before, after = question[: match.start()], question[match.end() :]
            yield tuple(tokens), bool(_SOURCE_BEFORE.search(before) or _SOURCE_AFTER.match(after))


_OPENERS = STOP_WORDS | frozenset(
    listed("""despite while after before since during considering following among amid""")
)


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"“'‘(")
    return not before or before[-1] in ".?!:"


def names_in(text: str) -> list[str]:
    """Names as they are written, in order, without the words that open a sentence or ask."""
    found = []
    for match in _WRITTEN_NAME.finditer(text):
        tokens = match.group().split()
        opens = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".?!"
        while tokens and opens and (tokens[0].lower() in STOP_WORDS or len(tokens) == 1):
            tokens, opens = tokens[1:], False
        if tokens and not (len(tokens) == 1 and (words(tokens[0]) or [""])[0] in TITLES | CALENDAR | {"i"}):
            found.append(" ".join(tokens))
    return found


def met(demand: Demand, there: Bag) -> float:
    """How much of the demand a text shows, 0 to 1: its head counts half, the rest the other half.

    Countries, bodies and acronyms are known under their other names ("EU", "European Union").
    """
    if len(demand.words) == 1:
        return float(demand.words[0] in there or _by_another_name(demand.words, there))
    head = float(demand.words[-1] in there)
    rest = [word for word in demand.words[:-1] if word not in TITLES]
    if not rest:
        return head or float(_by_another_name(demand.words, there))
    share = sum(word in there for word in rest) / len(rest)
    return 1.0 if head + share == 0 and _by_another_name(demand.words, there) else (head + share) / 2


def _by_another_name(name: Sequence[str], there: Bag) -> bool:
    whole = " ".join(name)
    for group in _ALIASES:
        if whole in group or name[-1] in group:
            folded = fold(there.text)
            return any(there.has(alias) or (" " in alias and alias in folded) for alias in group)
    if len(name) > 1:  # European Union -> EU
        return there.has("".join(word[0] for word in name))
    if 2 <= len(whole) <= 6 and whole.isalpha():  # FDA -> Food and Drug Administration
        initials = r"\w*\W+(?:(?:of|and|the|for)\W+)?".join(whole)
        return re.search(rf"\b{initials}\w*", fold(there.text)) is not None
    return False


def bare_name(text: str) -> tuple[str, ...]:
    """A value's words without titles and articles, for telling whether two spans name the same thing."""
    all_words = words(text)
    bare = tuple(word for word in all_words if word not in TITLES and word not in STOP_WORDS)
    return bare or tuple(all_words)
