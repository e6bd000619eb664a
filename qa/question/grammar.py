"""The grammar of questions: which words ask, and how words are made a question.

Knows nothing of parts, time, outlets or articles.
"""

from __future__ import annotations

from itertools import pairwise, takewhile

import regex

from qa.english import lexicon, phrases
from qa.english.names import has_capital
from qa.english.words import is_past, kinds_of, words

AUXILIARIES = lexicon.words("auxiliaries")
PREPOSITIONS = lexicon.words("question_prepositions")
PREPOSITION = lexicon.one_of(PREPOSITIONS)
NOUN = r"[^\W\d_][\w’'-]*"
WH = regex.compile(
    rf"\b(?:{PREPOSITION}\s+)?(?:how\s+(?:many|much)(?:\s+(?!{lexicon.one_of(AUXILIARIES)}\b){NOUN})?"
    rf"|how\s+(?:old|long|far|often|big|tall|high|large|fast|deep|soon|late|early)"
    rf"|who|whom|whose|where|when|why|how|what|which)\b",
    regex.IGNORECASE,
)
TOKEN = regex.compile(r"\w+(?:[.’'-]\w+)*|[^\w\s]")  # a word, or a mark
_SENTENCE_END = regex.compile(
    r"(?<=[a-z0-9”\")]{2}[.?!])\s+(?=[A-Z“\"])"
)  # not of "Jan. 6", "U.S.", initials
_TITLE_AT_END = regex.compile(rf"\b{lexicon.one_of(lexicon.words('abbreviations_before_names'))}\.$")
_COUNTED = ("were", "are", "was", "have", "had", "got")  # what follows "how many people"

_LONGEST_OWNER = 4  # words; what is longer owns nothing with "’s"
_COUNTED_PHRASE = 3  # words after "how many" that are taken for what is counted

Match = regex.Match[str]


def asking(question: str) -> Match | None:
    """The words that ask, in the last sentence that has any: at its start, its end, or else the first."""
    for sentence in reversed(split_sentences(question)):
        offset = question.rfind(sentence)
        matches = list(WH.finditer(question, offset, offset + len(sentence)))
        if not matches:
            continue
        first = matches[0]
        if question[offset : first.start()].strip():  # "… when a crane collapsed in which city?"
            for match in reversed(matches):
                before = question[offset : match.start()].rstrip()
                name = part_name(match.group())
                if name in ("which", "what", "how many", "how much") and not before.endswith(","):
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


def _opens_a_clause(match: Match, question: str) -> bool:
    """Whether the word only says when or where: "When the levee broke, who was blamed?"."""
    clause, comma, _ = question[match.end() :].partition(",")
    first, *_ = [*clause.lower().split(), ""]
    asks = not first or first in AUXILIARIES or first in PREPOSITIONS
    return match.group().lower() in ("when", "where") and bool(comma) and not asks


def split_sentences(question: str) -> list[str]:
    """The sentences of a question; "Jan. 6", "Gen. Lee", "U.S." and initials do not end one."""
    pieces: list[str] = []
    for piece in filter(None, _SENTENCE_END.split(question.strip())):
        if pieces and _TITLE_AT_END.search(pieces[-1]):
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    return pieces


def part_name(asked: str) -> str:
    """The column for words that ask: "by whom" is who, "in which city" is which."""
    all_words = asked.lower().split()
    if len(all_words) > 1 and all_words[0] in PREPOSITIONS:
        del all_words[0]
    match all_words:
        case ["whom" | "whose"]:
            return "who"
        case ["how", "many" | "much" as amount, *_]:
            return f"how {amount}"
        case ["which" | "what" as asker, *_]:
            return asker
    return " ".join(all_words)


def asks_who_somebody_is(question: str) -> bool:
    """Whether what is known of a name is asked: "Who is Steve Witkoff?", "What was the Stasi?"."""
    asker, *named = [*TOKEN.findall(question.replace("’", "'").rstrip(" ?.!"))] or [""]
    asker, _, verb = asker.lower().partition("'")
    if not verb and named:
        verb, *named = named
    if named and named[0].lower() == "the":
        del named[0]
    is_be = verb.lower() in ("s", "is", "was", "are", "were")
    return asker in ("who", "what") and is_be and bool(named) and all(has_capital(word) for word in named)


def about_same(question: str, clause: str) -> str:
    """The clause as a question of its own for what the whole asks: "Which company is also accused …?"."""
    match = asking(question)
    bare = phrases.less_openings(clause.lstrip(" ,;"), "clause_joiners").rstrip(" ?.,;")
    if match is None or asking(clause) is not None:
        return as_question(bare)
    noun = []
    if part_name(match.group()) in ("which", "what"):
        following = question[match.end() :].partition(",")[0].split()[:2]
        noun = list(takewhile(lambda word: word.lower() not in AUXILIARIES, following))
    return as_question(f"{match.group()} {' '.join(noun)} {bare}")


def as_question(text: str) -> str:
    """The words as a question: a capital first, a question mark last."""
    text = " ".join(text.split())
    return text[:1].upper() + text[1:] + "?"


def put_for(text: str, start: int, end: int, meant: str) -> str:
    """The text with what is meant in place of the pronoun that stands there: "Lee’s hat" of "his hat"."""
    pronoun, after = text[start:end].lower(), text[end:].lstrip()
    follows = next(iter(after.rstrip(" ?.!").split()), "")
    owns = pronoun in ("his", "their", "its") or (
        pronoun == "her" and after[:1].islower() and can_be_owned(follows)
    )
    owned = list(takewhile(can_be_owned, text[end:].rstrip(" ?.!").split())) if owns else []
    if owned and len(meant.split()) > _LONGEST_OWNER:
        left = text[end:].split(maxsplit=len(owned))[len(owned) :]
        return " ".join([f"{text[:start]}the {' '.join(owned)} of {meant}".strip(), *left])
    ending = ("’" if meant.endswith("s") else "’s") if owns else ""
    return text[:start] + meant + ending + text[end:]


def can_be_owned(word: str) -> bool:
    """Whether the word can be part of what somebody owns: "first film" of "her first film called"."""
    return word.isalpha() and word.lower() not in AUXILIARIES | PREPOSITIONS and not is_past(word.lower())


def counting_same(clause: str, said: str) -> str:
    """The clause with what `said` counts where it leaves that out: "how many people were injured"."""
    counted = next((noun for noun, verb in _after_how_many(said) if verb in _COUNTED), counted_noun(said))
    start = clause.lower().find("how many ")
    verb, *_ = [*clause[start + len("how many ") :].split(), ""]
    if not counted or start != 0 or not (verb.lower() in _COUNTED or _is_no_noun(verb)):
        return clause
    return f"{clause[: len('how many')]} {counted} {clause[len('how many ') :]}"


def _is_no_noun(word: str) -> bool:
    """Whether the word is a verb and can be no noun: "live", "survived"."""
    kinds = kinds_of(word)
    return word.islower() and "NOUN" not in kinds and ("VERB" in kinds or is_past(word))


def _after_how_many(text: str) -> list[tuple[str, str]]:
    """The two words after each "how many"."""
    every = text.split()
    low = [word.lower() for word in every]
    places = (at for at in range(len(low) - 3) if low[at : at + 2] == ["how", "many"])
    return [(every[at + 2], low[at + 3]) for at in places]


def counted_noun(question: str) -> str:
    """The noun that a question asks to count: "jobs" of "How many new jobs are there?"; else empty."""
    every = words(question)
    at = next((at for at, pair in enumerate(pairwise(every)) if pair == ("how", "many")), None)
    following = every[at + 2 :] if at is not None else []
    ends = AUXILIARIES | PREPOSITIONS
    noun = list(takewhile(lambda word: word not in ends and not is_past(word), following))[:_COUNTED_PHRASE]
    return noun[-1] if noun else ""
