"""Questions for a reason in other words, "What made the dam burst?", asked with "why".

Takes a question, gives a question. Knows no articles.
"""

from __future__ import annotations

from itertools import pairwise

from qa.english import lexicon, phrases
from qa.english.words import base_form, kinds_of
from qa.question.grammar import AUXILIARIES, PREPOSITIONS, TOKEN, as_question, split_sentences

_COMPARATIVES = ("better", "worse")  # which can be verbs too
_OBJECTS = {"him": "he", "her": "she", "them": "they", "me": "I", "us": "we"}


def asked_with_why(question: str) -> str:
    """The question with "why" in place of "for what reason", "how come" and "what made"; else the same."""
    for match in reversed(phrases.each(question, "for_what_reason")):
        why = "Why" if match.group()[0].isupper() else "why"
        question = question[: match.start()] + why + question[match.end() :]
    *before, last = split_sentences(question) or [""]
    caused = phrases.opening(last, "what_made")
    done = _less_to(last, caused.end(), caused.group()) if caused else ""
    return " ".join([*before, as_question(f"why did {done}")]) if done else question


def _less_to(text: str, start: int, opening: str) -> str:
    """ "the board fire Altman" of "the board to fire Altman", or of the same without the "to" behind "made";
    empty where no verb is seen."""
    tokens = list(TOKEN.finditer(text.rstrip(" ?.!"), start))
    told = [token.group() for token in tokens]
    for at, (word, after) in enumerate(pairwise([*told, ""])):
        made = opening.lower().endswith("made")
        if at and not made and word.lower() == "to" and _is_verb(after):
            return f"{_subject(text[start : tokens[at].start()])} {text[tokens[at].end() :].strip(' ?.!')}"
        if at and made and _is_verb(word) and _is_surely_verb(told[at - 1], word, after):
            return f"{_subject(text[start : tokens[at].start()])} {text[tokens[at].start() :].strip(' ?.!')}"
    return ""


def _subject(words: str) -> str:
    """ "he" of "him"."""
    return _OBJECTS.get(words.strip().lower(), words.strip())


def _is_verb(word: str) -> bool:
    small = word.lower() in lexicon.words("determiners") | PREPOSITIONS
    return word.islower() and not small and "VERB" in kinds_of(word) and base_form(word) == word


def _is_surely_verb(before: str, word: str, after: str) -> bool:
    """Whether a word that may be a verb is one: it can be nothing else, or has an object and no article."""
    kinds = kinds_of(word)
    if before.lower() in lexicon.words("determiners") or "ADJ" in kinds or word in _COMPARATIVES:
        return False
    follows = (
        after.lower() in lexicon.words("determiners") | PREPOSITIONS | AUXILIARIES or after[:1].isupper()
    )
    return "NOUN" not in kinds or follows or not after
