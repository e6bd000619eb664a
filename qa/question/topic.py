"""What a question is about, as a phrase that the next can take over; and whether one leaves it out.

"Who won the 2022 World Cup?" is about "the 2022 World Cup"; "Where was the final played?" does not say.
Knows the grammar of short questions, nothing of conversations. Like `names`, any stage may import it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import regex

from qa.english import lexicon, phrases
from qa.english.names import names_in
from qa.english.words import STOP_WORDS, alike, bag, content_words, is_past, kinds_of, words
from qa.question.grammar import AUXILIARIES, TOKEN, WH, Match, as_question, split_sentences

LONGEST = 14  # words; a longer phrase is a story of its own
NOUN_WORDS = 2  # small words that belong to a name before or after it: "the deadly Maui wildfires"

_WHERE_OR_WHEN = lexicon.words("where_or_when")
_PREPOSITIONS = lexicon.words("topic_prepositions")
_DEFINITE = lexicon.words("definite_words")
_DETERMINERS = lexicon.words("determiners")
_ROLES = lexicon.words("office_letters")
_PRONOUNS = lexicon.words("pronouns")
_NO_THINGS = AUXILIARIES | _PRONOUNS | {"this", "that", "these", "those", "there"}
_ACTS_AFTER = AUXILIARIES | {"to"}  # "what happened to"
_NOUN = rf"(?P<noun>{lexicon.one_of(_ROLES)}\b|[a-z][\w-]*(?:\s+[a-z][\w-]*){{0,3}})"
_THE_THING = regex.compile(rf"\b[Tt]he\s+(?!one\b|others?\b){_NOUN}")
_PLACE_OF = regex.compile(
    rf"(?:\bthe\s+(?P<noun>[a-z][\w-]*(?:\s+[a-z][\w-]*){{0,{NOUN_WORDS - 1}}})"
    r"|(?<=\s)\p{Lu}[\w’-]*)\s+(?:in|of|at|on|near)\s+$"
)
_SECOND_QUESTION = regex.compile(rf"\s*(?:,|\band\b)\s*(?:and\s+)?(?:{WH.pattern}).*$", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Topic:
    """A phrase, and the preposition of place or time that it stood with, if any.

    `whose` is what was asked of it: "the mayor of Kyiv" in "Who is the mayor of Kyiv?". `acts`: it is a bare
    name that does something, and nobody is killed "in Witkoff".
    """

    phrase: str
    preposition: str = ""
    whose: str = ""
    acts: bool = False


def topic(question: str) -> Topic | None:
    """What the question is about: what it asks to be told of, else its names with what belongs to them, else
    the thing that it speaks of. None where it names nothing."""
    asked = _SECOND_QUESTION.sub("", split_sentences(question)[-1].strip(" ?.!")) if question.strip() else ""
    phrase, described = told_about(asked), _described(asked)
    if _names_a_thing(phrase):
        return Topic(phrase)
    if _names_a_thing(described):
        whose, of, rest = described.partition(" of ")
        if of and whose.startswith("the ") and whose.islower():
            return Topic(rest, whose=described)
        if described[0].islower():
            return Topic(described)
        if names_in(f"Then {described}") == [described]:  # not "Altman accused of"
            return Topic(described, acts=True)
    named, thing = _around_names(asked), _thing_in(asked)
    later = named and thing and asked.find(thing.phrase) > asked.find(named.phrase)
    return thing if later else named or thing  # "did Congress pass the bill" is about the bill


def asks_about(question: str) -> bool:
    """Whether it asks for all that is told of a thing: "Tell me about …", "What is this article about?"."""
    bare = phrases.less_openings(question.strip(), "greetings")
    told = words(bare)
    is_what = told[:1] in (["what"], ["what's"], ["whats"]) and told[-1] == "about"
    opens = phrases.opening(bare, "about_openings") or phrases.is_one(bare, "what_happened")
    return bool(opens) or (is_what and len(told) > 2)


def told_about(question: str) -> str:
    """What it asks to be told of: "Kyiv" of "What is the latest on Kyiv?"; else empty."""
    bare = phrases.less_openings(question.strip(), "greetings")
    opening = phrases.opening(bare, "about_openings")
    return phrases.less_openings(bare[opening.end() :].lstrip(), "of_about") if opening else ""


def _described(asked: str) -> str:
    """What it asks the nature of: "the mayor of Kyiv" in "Who is the mayor of Kyiv?"; else empty."""
    is_be = phrases.opening(asked, "who_is")
    thing = asked[is_be.end() :].lstrip() if is_be else ""
    definite = thing[:1].isupper() or thing.startswith(("the ", "The ", "a ", "an "))
    return phrases.less_openings(thing, "the_name_of") if definite else ""


def lacks_topic(question: str) -> bool:
    """Whether the question could be about anything: it names nothing that tells which thing it means.

    "How many people died?" and "Who is the judge?", but not "Why are prices rising?" or "Who is the pope?".
    """
    tokens = [match.group().lower() for match in _each_word(question)]
    named = any(name not in _ROLES for name in names_in(question)) or any(
        char.isdigit() or char in '“”"' for char in question
    )
    told = (lexicon.words("only_one") | _PRONOUNS).intersection(tokens) or _says_which(tokens)
    if named or told or not tokens:
        return False
    rest, inverted = _after_asking(tokens)
    return rest is not None and not _names_something(rest, inverted)


def _says_which(tokens: Sequence[str]) -> bool:
    """Whether a noun is told apart from others: "a bank", "the next game", "the largest city"."""
    before = ["", *tokens]
    return any(
        (word in ("a", "an") and one != "there")
        or (one == "the" and (word in ("next", "upcoming") or (word.endswith("est") and len(word) > 3)))
        for one, word in zip(before, tokens, strict=False)
    )


def _each_word(text: str, start: int = 0) -> list[Match]:
    """The words, where they stand, without the marks between them."""
    return [match for match in TOKEN.finditer(text, start) if match.group()[0].isalnum()]


def with_topic(question: str, meant: Topic, *, said: str = "") -> str:
    """The question about that topic: "Where was the final of the 2022 World Cup played?".

    `said` is what was asked before. Unchanged where the topic acts and nothing tells that it is meant.
    """
    asked = question.rstrip(" ?.!")
    second = _SECOND_QUESTION.search(asked)
    tail = asked[second.start() :] if second and second.start() else ""
    asked = asked.removesuffix(tail)
    definite = _THE_THING.search(asked)
    if definite is None:
        if meant.acts and not any(word in bag(said) for word in content_words(asked)):
            return question
        return as_question(f"{asked} {meant.preposition or 'in'} {meant.phrase}{tail}")
    noun = _noun_phrase(asked, definite)
    end = definite.start("noun") + len(noun)
    for phrase in (meant.whose, meant.phrase):
        if any(_is_head(words(noun)[-1], word) for word in words(phrase)):
            return as_question(f"{asked[: definite.start()]}{phrase}{asked[end:]}{tail}")
    return as_question(f"{asked[:end]} {meant.preposition or 'of'} {meant.phrase}{asked[end:]}{tail}")


def _is_head(noun: str, word: str) -> bool:
    """Whether the word is the noun or made of it: "fire" in "wildfires"."""
    return alike(noun, word) or (len(noun) > 3 and word.removesuffix("s").endswith(noun))


# What a question is about


def _names_a_thing(phrase: str) -> bool:
    """Whether the phrase can be taken over as it stands: neither a pronoun nor a verb, nor a whole story."""
    tokens = words(phrase)
    return bool(tokens) and tokens[0] not in _NO_THINGS and len(phrase.split()) <= LONGEST


def _around_names(asked: str) -> Topic | None:
    """The last name with the words around that belong to it; an earlier one that stands apart joins it."""
    names = names_in(asked)
    if not names:
        return None
    start, end = _phrase_around(asked, asked.rfind(names[-1]), asked.rfind(names[-1]) + len(names[-1]))
    before = asked[:start].split()
    preposition = before[-1].lower() if before and before[-1].lower() in _WHERE_OR_WHEN else ""
    apart = [name for name in names if asked.find(name) + len(name) < start]
    phrase = asked[start:end]
    if apart and not preposition:
        return Topic(f"{apart[-1]} and {phrase}")
    acts = phrase == names[-1] and bool(before) and before[-1].lower() in _ACTS_AFTER
    return Topic(phrase, preposition, acts=acts)


def _phrase_around(asked: str, start: int, end: int) -> tuple[int, int]:
    """The name with its article, with what it owns or what is called by it, its year and where it is."""
    before = _each_word(asked[:start])
    for word in reversed(before[-NOUN_WORDS - 1 :]):  # "the", "the 2022", "the deadly"
        if _ends_phrase(word.group()):
            break
        if word.group().lower() in _DEFINITE or word.group().isdigit():
            start = word.start()
    end = _with_nouns_after(asked, start, end)
    year = _year_behind(asked[end:])
    place_of = _PLACE_OF.search(asked[:start])  # "the earthquake in" Turkey
    if place_of and _verb_follows(asked, place_of.start()) and " " in (place_of["noun"] or ""):
        place_of = None  # "did the jury decide in"
    return (place_of.start() if place_of else start), end + year


def _year_behind(after: str) -> int:
    """How far the text goes on with a year or a day: " in 2022", " on April 5"."""
    following = _each_word(after)[:3]
    told = [match.group().lower() for match in following]
    number = next((at for at, word in enumerate(told) if word.isdigit()), 0)
    return following[number].end() if number and told[0] in ("in", "on", "of") else 0


def _with_nouns_after(asked: str, start: int, end: int) -> int:
    """The end of "the Maui wildfires" and "Prigozhin’s plane", from that of the name."""
    owns = 2 if asked[end:].startswith(("'s", "’s")) else int(asked[end : end + 1] in ("'", "’"))
    if not owns and not asked[start:].lower().startswith("the "):
        return end
    following = _each_word(asked, end + owns)
    nouns = list(takewhile(lambda word: not _ends_phrase(word.group(), also=_DETERMINERS), following))
    if _verb_follows(asked, start):
        nouns = nouns[: _place_of_verb([word.group() for word in nouns])]
    elif len(following) > NOUN_WORDS or len(nouns) < len(following):
        return end
    elif nouns and is_past(nouns[-1].group().lower()):
        nouns.pop()
    return nouns[-1].end() if nouns else end


def _place_of_verb(following: Sequence[str]) -> int:
    """Where in the words behind a name, "flag referendum take place", the verb stands that "did" asks for:
    the first that is no noun, else one with a noun before it, rather within than at the end."""
    kinds = [kinds_of(word) for word in following]
    sure = [at for at, kind in enumerate(kinds) if "VERB" in kind and "NOUN" not in kind]
    may_be = [at for at, kind in enumerate(kinds) if at and "VERB" in kind]
    within = [at for at in may_be if at < len(following) - 1]
    return next(iter([*sure, *reversed(within), *may_be]), max(0, len(following) - 1))


def _verb_follows(asked: str, start: int) -> bool:
    """Whether what starts there is the subject of a verb behind it: "did Prigozhin’s plane crash"."""
    return asked[:start].lower().split()[-1:] in (["do"], ["does"], ["did"])


def _ends_phrase(word: str, *, also: frozenset[str] = frozenset()) -> bool:
    low = word.lower()
    return low in AUXILIARIES or low in _PREPOSITIONS or low in also or WH.fullmatch(low) is not None


def _thing_in(asked: str) -> Topic | None:
    """The last thing with an article: "the strike" of "Who called the strike?"."""
    things = list(_THE_THING.finditer(asked))
    return Topic(f"the {_noun_phrase(asked, things[-1])}") if things else None


# Whether a question says what it is about


def _after_asking(tokens: Sequence[str]) -> tuple[list[str] | None, bool]:
    """What follows the words that ask, and whether a subject comes first there; None for no question."""
    rest = list(tokens[1:] if tokens[0] in _PREPOSITIONS else tokens)
    if not rest:
        return None, False
    lead = rest[0]
    if lead in AUXILIARIES:
        return rest[1:], True
    match = WH.match(" ".join(rest))
    if match is None:
        return None, False
    rest = rest[len(match.group().split()) :]
    if lead in ("which", "what") and len(rest) > 1 and rest[0] not in AUXILIARIES:
        noun = rest[1] in AUXILIARIES or not is_past(rest[0])  # "which team won", not "what caused it"
        rest = rest[1:] if noun else rest
    if not rest or rest[0] not in AUXILIARIES:
        return rest, False
    counted = match.group().startswith(("how many", "how much"))
    subject = lead in ("when", "where", "why", "how", "what") and not counted
    return rest[1:], subject or rest[0] in ("do", "does", "did")


def _names_something(rest: Sequence[str], inverted: bool) -> bool:
    """Whether a noun stands there without "the", which is then what the question is about.

    `inverted`: the subject comes first, else one word, which is the verb.
    """
    plain = 0 if inverted and not _is_generic(rest[0] if rest else "") else 1  # words that may be verbs
    told = 0
    definite = after_preposition = False
    for word in rest:
        if word in _PREPOSITIONS:
            definite, after_preposition = False, True
            continue
        if word in (_DEFINITE | lexicon.words("indefinite_words")):
            definite = True
        elif not definite and not _is_generic(word):
            told += 1
            if after_preposition or told > plain:
                return True
        after_preposition = False
    return False


def _is_generic(word: str) -> bool:
    return word in lexicon.words("events_of_any") or word in STOP_WORDS or word.endswith("ly")


def _noun_phrase(asked: str, the: Match) -> str:
    """The words after "the" up to a preposition, less the verb that closes the question."""
    following = the["noun"]
    tokens: list[str] = []
    for token in following.split():
        if _ends_phrase(token):
            break
        tokens.append(token)
    closes = asked.endswith(following) and len(tokens) == len(following.split())
    if closes and len(tokens) > 1 and (_verb_follows(asked, the.start()) or is_past(tokens[-1])):
        tokens.pop()
    return " ".join(tokens) or following.split(maxsplit=1)[0]
