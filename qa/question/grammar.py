"""The grammar of questions: which words ask, and how words are made a question.

Knows nothing of parts, time, outlets or articles.
"""

from __future__ import annotations

import re
from itertools import takewhile

from qa.english.names import listed

AUXILIARIES = frozenset(
    listed(
        """is are was were am be been do does did has have had will would can could should
    may might must shall
    isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't won't wouldn't can't couldn't
    shouldn't"""
    )
)
PREPOSITION = r"(?:by|with|to|for|from|in|on|at|about|against|under|of|into|during|until|since|over|near)"
NOUN = r"[^\W\d_][\w’'-]*"
WH = re.compile(
    rf"\b(?:{PREPOSITION}\s+)?(?:how\s+(?:many|much)(?:\s+(?!{'|'.join(sorted(AUXILIARIES))}\b){NOUN})?"
    rf"|how\s+(?:old|long|far|often|big|tall|high|large|fast|deep|soon|late|early)|who|whom|whose|where"
    rf"|when|why|how"
    rf"|what|which)\b",
    re.IGNORECASE,
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
    asks = not first or first in AUXILIARIES or re.fullmatch(PREPOSITION, first)
    return match.group().lower() in ("when", "where") and bool(comma) and not asks


def split_sentences(question: str) -> list[str]:
    """The sentences of a question; "Jan. 6", "U.S." and initials do not end one."""
    return [
        piece for piece in re.split(r"(?<=[a-z0-9”\")]{2}[.?!])\s+(?=[A-Z“\"])", question.strip()) if piece
    ]


def part_name(asked: str) -> str:
    """The column for words that ask: "by whom" is who, "in which city" is which."""
    low = re.sub(rf"^{PREPOSITION}\s+", "", " ".join(asked.lower().split()))
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
