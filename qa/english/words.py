"""Words made comparable: takes text, gives folded words, those that carry a question, and the root that the
forms of a word share. Knows English spelling, not meaning.
"""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import regex
import Stemmer

from qa.english import lexicon

STOP_WORDS = lexicon.words("stop_words")

_LONG_NAME = (
    8  # letters of a stem from which one spelling of a foreign name is taken for another: Kirilov, Kirillov
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
# The dots of acronyms, the ending of a possessive and the commas of thousands. Each begins with a character
# that is written out, which the search leaps to: whole articles go through them.
_ACRONYM_DOT = re.compile(r"\.(?<=\b[A-Za-z]\.)(?:(?=[A-Za-z]\.)|(?<=\b[A-Za-z]\.[A-Za-z]\.))")
_AMERICA = re.compile(r"US(?<=\bUS)\b")
_POSSESSIVE = re.compile(r"'(?:(?<=\w')s\b|(?<=s')(?!\w))")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d)")
_ACCENT = regex.compile(r"\p{M}+")
# Apostrophes, and letters that Unicode does not take apart into a plain one and its accent. Replaced one by
# one: six times as quick as `str.translate` over an article.
_PLAIN = (
    ("’", "'"),
    ("‘", "'"),
    ("ł", "l"),
    ("Ł", "L"),
    ("ø", "o"),
    ("Ø", "O"),
    ("đ", "d"),
    ("Đ", "D"),
    ("ı", "i"),
)


def fold(text: str) -> str:
    """Lower case without accents, curly apostrophes or dots inside acronyms ("U.S." is "usa")."""
    text = _ACRONYM_DOT.sub("", text)
    text = _AMERICA.sub("usa", text)  # "us" is a small word
    if text.isascii():
        return text.lower()
    for written, plain in _PLAIN:
        text = text.replace(written, plain)
    return _ACCENT.sub("", unicodedata.normalize("NFKD", text)).casefold()


def words(text: str) -> list[str]:
    """Folded words and numbers in order, possessives dropped, thousands without commas."""
    return _TOKEN.findall(_THOUSANDS.sub("", _POSSESSIVE.sub("", fold(text))))


def content_words(text: str) -> list[str]:
    """The words that carry a question, in order, each once: no small words, no question words."""
    kept = (word for word in words(text) if word not in STOP_WORDS and (len(word) > 1 or word.isdigit()))
    return list(dict.fromkeys(kept))


# The forms of a word


@lru_cache(maxsize=65536)  # an archive's articles have some 100,000 different words, few of them often
def root(word: str) -> str:
    """What all forms of a folded word share: "killed", "killing" and "killer", "Russian" and "Russia".

    Snowball's stem of English, after irregular forms, and of a number its value. Not for reading.
    """
    value = figure(word)
    if value is not None:
        return f"{value:.15g}"
    plain = _irregular().get(word, word)
    found = _stem(_place_of_people(plain))
    return _families().get(found, found)


def alike(one: str, other: str) -> bool:
    """Whether two folded words are forms of one word: generals, Kirillov’s, Russian and Russia; not India
    and Indiana, nor police and policy."""
    return one == other or root(one) == root(other)


def figure(word: str) -> float | None:
    """The value of one word that is a number: "12", "twelve"; None for any other."""
    if not word[:1].isdigit():
        return lexicon.counts("number_words").get(word)
    try:
        return float(word)
    except ValueError:
        return None


def is_past(word: str) -> bool:
    """Whether the folded word looks like the past form of a verb: "played", "held"."""
    return word.endswith("ed") or word in lexicon.heads("irregular_verbs")


@lru_cache(maxsize=1024)
def base_form(verb: str) -> str:
    """The verb as it stands after "did": "kill" of "killed". Unchanged where it is no form of a verb."""
    low = verb.lower()
    if low in lexicon.heads("irregular_verbs"):
        return lexicon.heads("irregular_verbs")[low]
    from lemminflect import getLemma  # its tables take .2 s to load, which few questions need

    lemma = next(iter(getLemma(low, upos="VERB")), low)
    return verb if lemma == low else lemma


@lru_cache(maxsize=1024)
def kinds_of(word: str) -> frozenset[str]:
    """What the word can be as it stands, "NOUN", "VERB", "ADJ", "ADV": both of the first for "plan"."""
    from lemminflect import getAllLemmas

    low = word.lower()
    return frozenset(kind for kind, lemmas in getAllLemmas(low).items() if low in lemmas)


@lru_cache(maxsize=256)
def past_forms(verb: str) -> frozenset[str]:
    """How the verb, in its base form, stands in the past: "went", "gone" of "go", "cut" of "cut"."""
    from lemminflect import getInflection

    known = lexicon.table("irregular_verbs").get(verb, ())
    return frozenset((*known, *getInflection(verb, "VBD"), *getInflection(verb, "VBN")))


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def _stem(word: str) -> str:
    """Snowball's stem; a long one with one spelling for what is doubled or ends in "y": Zelenskyy."""
    stem: str = _stemmer().stemWord(word)
    if len(stem) < _LONG_NAME:
        return stem
    stem = stem.replace("y", "i")
    return "".join(char for char, before in zip(stem, " " + stem, strict=False) if char != before)


@cache
def _irregular() -> Mapping[str, str]:
    return {**lexicon.heads("irregular_verbs"), **lexicon.heads("irregular_nouns")}


@cache
def _families() -> Mapping[str, str]:
    """The stems of words that belong to the family of another one, with the stem of that."""
    return {_stem(word): _stem(head) for word, head in lexicon.heads("word_families").items()}


def _place_of_people(word: str) -> str:
    """ "russia" of "russian" and "russians"; the word itself where it calls nobody after a place."""
    return _peoples().get(word) or _peoples().get(word.removesuffix("s"), word)


@cache
def _peoples() -> Mapping[str, str]:
    """What people and things of a place are called, word for word: "korean" is of "korea"."""
    called = [*lexicon.heads("regions").items(), *lexicon.heads("nations").items()]
    pairs = ((words(name), words(place)) for name, place in called)
    return {name[-1]: place[-1] for name, place in pairs if len(name) == len(place)}


# The words of a text


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a text, kept so that any form of a word is found fast; a few kilobytes for an article."""

    text: str
    words: tuple[str, ...]  # each once, sorted
    roots: tuple[str, ...]  # sorted

    def __contains__(self, word: str) -> bool:
        """Whether the folded word stands in the text in any form."""
        return self.has(word) or _stands(self.roots, root(word))

    def has(self, word: str) -> bool:
        """Whether the folded word stands in the text in this very form."""
        return _stands(self.words, word)


def _stands(ordered: Sequence[str], word: str) -> bool:
    place = bisect_left(ordered, word)
    return place < len(ordered) and ordered[place] == word


@lru_cache(maxsize=1024)  # one question needs some 200, most of them sentences
def bag(text: str) -> Bag:
    """The words of a text for looking up."""
    found = set(map(sys.intern, words(text)))  # articles share most of their words
    return Bag(text, tuple(sorted(found)), tuple(sorted(set(map(root, found)))))


def rarity(asked: Iterable[str], texts: Sequence[str]) -> dict[str, float]:
    """How much each folded word tells, by how few of the texts have it (inverse document frequency); a word
    that none has tells most."""
    bags = [bag(text) for text in texts]
    counts = {word: sum(word in there for there in bags) for word in asked}
    return {word: math.log(1 + (len(bags) + 1) / (count + 0.5)) for word, count in counts.items()}
