"""What of a chat model's text may be shown: a sentence with the quotes that carry it, or none.

A quote carries what it says itself, with its polarity, its hedges and who it is attributed to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from qa.answer.text import MARK, MARKS
from qa.english import lexicon
from qa.english.names import FULL_TITLES
from qa.english.numbers import numbers
from qa.english.words import STOP_WORDS, alike, bag, content_words, words

Similar = Callable[[str, str], float]  # cosine of two texts
Picks = Callable[[str], str | None]  # the words of a text that answer the question, if any

MOST_QUESTION = 300  # characters of a question that a chat model has rewritten
LEAST_WORDS = 4  # that carry meaning; fewer are no statement ("The jackpot was sold in Florida")
IN_ORDER = 0.9  # share of a statement's words that the quote has in their order: "A sued B" is not "B sued A"
MOST_UNMARKED = 5  # words in a row that carry meaning and may be told of another's speech as one's own
NEAR = 3  # words: how near in the quote two words may stand to be told beside each other, whatever is between
BESIDE = 8  # words on both sides of it within which a quote's "not" and "said" count
LEAST_COSINE = 0.6  # between statement and quote; what it is set by: benchmarks/README.md
_BEFORE_MORE = (":", ",", ";", "–", "—")  # a headline, or half of a sentence
# Who says it, or how sure it is: what a quote hedges is not told as a fact.
_SAYING = lexicon.words("saying_verbs")
_HEDGES = _SAYING | lexicon.words("hedges")
_NEGATIONS = lexicon.words("negations")
_RELATIONS = lexicon.words("relations")  # what the quote does not relate is not related
_BINDING = lexicon.words("binding_words")
_PAUSE = ","
_PAUSES = frozenset(",;:()–—")
_PREPOSITIONS = lexicon.words("quote_prepositions")
_DESCRIBING = frozenset(("a", "an", "and", "the"))
_PRONOUNS = lexicon.words("subject_pronouns")  # whom they mean, only their quote says


def carried(sentence: str, quotes: Mapping[int, str], *, similar: Similar, picks: Picks) -> str | None:
    """The sentence as it may be shown, its numbers those of the quotes that carry it; None if none does.

    Each stretch before a [n] is a statement by itself. A quote carries it that holds its names, numbers and
    pronouns to the letter, its other words in any form and nearly all in their order; that denies when it
    denies, hedges when it hedges, relates what it relates and is nobody's speech told as a fact; that means
    about the same (cosine), and gives the same answer to the question. Two quotes never carry a statement
    together: they may tell of two events. A sentence without a number gets that of the quote that carries it
    and is nearest.
    """
    if "?" in sentence:
        return None
    if not _marks(sentence):
        return _numbered(sentence.strip(), quotes, similar=similar, picks=picks)
    shown: list[str] = []
    rest = sentence.strip()
    while match := MARKS.search(rest):
        statement, marks = rest[: match.start()], list(dict.fromkeys(_marks(match.group())))
        if not set(marks) <= quotes.keys():
            return None
        kept = [n for n in marks if _carries(statement, quotes[n], similar=similar, picks=picks)]
        if not kept:
            return None
        shown.append(statement.rstrip() + " " + "".join(f"[{number}]" for number in kept))
        rest = rest[match.end() :]
    if not shown or any(map(str.isalnum, rest)):
        return None
    return "".join(shown) + rest.rstrip()


def _numbered(sentence: str, quotes: Mapping[int, str], *, similar: Similar, picks: Picks) -> str | None:
    carrying = [n for n, quote in quotes.items() if _carries(sentence, quote, similar=similar, picks=picks)]
    if not carrying:
        return None
    nearest = max(carrying, key=lambda number: similar(sentence, quotes[number]))
    bare = sentence.rstrip(".!")
    return f"{bare} [{nearest}]{sentence[len(bare) :]}"


def _carries(statement: str, quote: str, *, similar: Similar, picks: Picks) -> bool:
    return objection(statement, quote, similar=similar, picks=picks) is None


def objection(statement: str, quote: str, *, similar: Similar, picks: Picks) -> str | None:
    """Why the quote does not carry the statement, in a word or two; None if it does."""
    said, there = _plain_words(statement), _plain_words(quote)
    content = [word for word in said if word not in STOP_WORDS]
    if said == there and len(content) >= LEAST_WORDS:
        return None
    if len(content) < LEAST_WORDS or statement.rstrip().endswith(_BEFORE_MORE):
        return "no statement"
    known = _names_and_numbers(quote, every=True) | _opens_otherwise(said, quote)
    if not _names_and_numbers(statement) <= known:
        return "names or numbers"
    if not _PRONOUNS & set(said) <= set(there):
        return "a pronoun"
    if not all(any(alike(word, other) for other in there) for word in content):
        return "other words"
    if _in_order(content, there) < IN_ORDER * len(content):
        return "other order"
    if not _joins_as(quote, statement):
        return "put together otherwise"
    around = _around(content, there)
    if _denies(said) != _denies(around):
        return "denial"
    if (_hedges(around) and not _hedges(said)) or (_one_of(around) and not _one_of(said)):
        return "told as a fact"
    if _says(around) and not _says(said):
        return "told as a fact"
    if _unhedged(said, there) or (_speech(quote, content) and not _attributes(statement, said)):
        return "told as a fact"
    if set(said[1:]) & _RELATIONS - set(there):
        return "a relation"
    if _breaks_off(content[-1], there):
        return "a part of it"
    if similar(statement, quote) < LEAST_COSINE:
        return "far in meaning"
    picked = {word for word in _plain_words(picks(statement) or "") if word not in STOP_WORDS}
    told = {word for word in _plain_words(picks(quote) or "") if word not in STOP_WORDS}
    if picked and told and not any(alike(one, other) for one in picked for other in told):
        return "another answer"
    return None


def _plain_words(text: str) -> list[str]:
    return [FULL_TITLES.get(word, word) for word in words(MARK.sub(" ", text).replace("%", " percent"))]


def _names_and_numbers(text: str, *, every: bool = False) -> set[str]:
    """The words with a capital, but for a small word, and all numbers.

    With `every` all words: what a quote writes small may be written large.
    """
    plain = MARK.sub(" ", text)
    spelled = plain if every else " ".join(word for word in plain.split() if any(map(str.isupper, word)))
    found = {word for word in _plain_words(spelled) if every or word not in STOP_WORDS}
    return {word for word in found if not word[0].isdigit()} | {f"{value:g}" for value in numbers(plain)}


def _opens_otherwise(said: Sequence[str], quote: str) -> set[str]:
    """The first word, if it has its capital from standing there: the quote has it small in another form."""
    small = _plain_words(" ".join(word for word in quote.split() if word.strip("“\"‘'(")[:1].islower()))
    return {word for word in said[:1] if any(alike(word, other) for other in small)}


def _in_order(content: Sequence[str], there: Sequence[str]) -> int:
    """How many of the words stand in the other text in the same order (longest common subsequence)."""
    row = [0] * (len(there) + 1)
    for word in content:
        before, row = row, [0]
        for place, other in enumerate(there, start=1):
            row.append(before[place - 1] + 1 if alike(word, other) else max(before[place], row[-1]))
    return row[-1]


def _joins_as(quote: str, statement: str) -> bool:
    """Whether words side by side belong together in the quote.

    They are near there, or what stands between and is left out is a clause with a comma or dash at one of its
    ends, a phrase that a preposition opens, or only small or only describing words.
    """
    parts = re.split(r"([,;:()–—])(?!\d)", MARK.sub(" ", quote))
    there = [word for part in parts for word in ([_PAUSE] if part in _PAUSES else _plain_words(part))]
    said = _plain_words(statement)
    told = [at for at, word in enumerate(said) if word not in STOP_WORDS]
    places = {at: [place for place, word in enumerate(there) if alike(said[at], word)] for at in told}
    return all(
        any(
            _belong(there, one, two, kept=said[first + 1 : second])
            for one in places[first]
            for two in places[second]
        )
        for first, second in pairwise(told)
        if places[first] and places[second]
    )


def _belong(there: Sequence[str], one: int, two: int, *, kept: Sequence[str]) -> bool:
    """Whether the words at two places belong together when only `kept` is told of what is between them."""
    between = list(there[min(one, two) + 1 : max(one, two)])
    if sum(word != _PAUSE for word in between) < NEAR:
        return True
    if one > two:
        return False
    after = list(kept)
    while after and between and after[-1] == between[-1]:
        after.pop()
        between.pop()
    while after and between and after[0] == between[0]:
        del after[0], between[0]
    if not between or _PAUSE in (between[0], between[-1]):
        return True
    if all(word in STOP_WORDS for word in between):
        return True
    if all(word not in STOP_WORDS or word in _DESCRIBING for word in between):
        return True
    opened = between[0] in _PREPOSITIONS and between[-1] not in STOP_WORDS
    return opened and not _RELATIONS.intersection(between)


def _around(content: Sequence[str], there: Sequence[str]) -> Sequence[str]:
    """The stretch of the quote that the words come from, with a little on both sides."""
    places = [place for place, other in enumerate(there) if any(alike(word, other) for word in content)]
    return there[max(0, places[0] - BESIDE) : places[-1] + BESIDE + 1] if places else there


def _denies(said: Sequence[str]) -> bool:
    return any(word in _NEGATIONS or word.endswith("n't") for word in said)


def _hedges(said: Sequence[str]) -> bool:
    return any(word in _HEDGES for word in _without_claims(said))


def _says(said: Sequence[str]) -> bool:
    return any(word in _SAYING for word in _without_claims(said))


def _without_claims(said: Sequence[str]) -> list[str]:
    """Without the verbs of claiming responsibility, which is no claim."""
    followed = zip(said, [*said[1:], ""], strict=True)
    return [word for word, following in followed if following != "responsibility"]


def _unhedged(said: Sequence[str], there: Sequence[str]) -> bool:
    """Whether the word after a hedge of the quote is told, and the hedge is not."""
    told, there = set(said), _without_claims(there)
    for place, word in enumerate(there):
        if word not in _HEDGES or (word in _SAYING and told & _SAYING) or word in told:
            continue
        following = next((other for other in there[place + 1 :] if other not in STOP_WORDS), None)
        if following and any(alike(following, one) for one in told):
            return True
    return False


def _speech(quote: str, content: Sequence[str]) -> bool:
    """Whether more than a few words come from between quotation marks; a mark may be left open."""
    spoken = [
        word
        for part in re.findall(r"[“\"]([^“”\"]*)", quote)[:: 1 if "“" in quote else 2]
        for word in words(part)
    ]
    return _in_order(content, [word for word in spoken if word not in STOP_WORDS]) > MOST_UNMARKED


def _attributes(statement: str, said: Sequence[str]) -> bool:
    return _says(said) or any(mark in statement for mark in '“"')


def _breaks_off(last: str, there: Sequence[str]) -> bool:
    """Whether wherever the last word stands in the quote, words follow that it does not go without."""
    following = [after for word, after in zip(there, [*there[1:], ""], strict=True) if alike(word, last)]
    return bool(following) and all(after in _BINDING for after in following)


def _one_of(said: Sequence[str]) -> bool:
    """ "One of the most famous" is not the most famous."""
    return ("one", "of") in pairwise(said) or "among" in said


def from_conversation(question: str, *, asked: str, said: Sequence[str]) -> bool:
    """Whether a model's question says only what the conversation said, and leaves out nothing asked."""
    new, old = content_words(question), content_words(asked)
    known = bag(" ".join([asked, *said]))
    return (
        bool(new)
        and len(question) <= MOST_QUESTION
        and all(word in known for word in new)
        and _names_and_numbers(question) <= _names_and_numbers(known.text, every=True)
        and all(word in bag(question) for word in old)
    )


def _marks(text: str) -> list[int]:
    return [int(number) for number in MARK.findall(text)]
