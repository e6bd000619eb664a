"""What is said but asks nothing that articles could answer: greetings, thanks, and other languages.

Takes what was typed, gives a sentence to answer it with, or none. Knows no articles.
"""

from __future__ import annotations

import unicodedata

from qa.english import lexicon, phrases
from qa.english.words import STOP_WORDS, words

GREETED = (
    "Ask what the articles report: who, what, where, when, why or how many. "
    "For example: Who was killed and where?"
)
OTHER_LANGUAGE = "Dateline reads English. Ask in English, please."


def reply(asked: str) -> str | None:
    """What to say to words that ask nothing of the articles; None for a question."""
    if words(asked) and not words(phrases.less_openings(asked.strip(), "small_talk")):
        return GREETED
    return OTHER_LANGUAGE if _is_other_language(asked) else None


def _is_other_language(asked: str) -> bool:
    """Whether no word is English and some are small words of another language or in another script."""
    told = words(asked)
    if any(word in STOP_WORDS and len(word) > 2 for word in told):
        return False
    letters = [char for char in asked if char.isalpha()]
    others = [char for char in letters if not unicodedata.name(char, "").startswith("LATIN")]
    first, *later = asked.split()
    small = words(" ".join([first, *filter(str.islower, later)]))  # Michelle Wie is a name
    return 2 * len(others) > len(letters) or bool(lexicon.words("foreign_words").intersection(small))
