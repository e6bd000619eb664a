"""Cuts text into sentences: takes text, gives exact offsets, in order, covering everything but white space.

Made for English news: titles, initials, "a.m.", decimals, quotes closing after the full stop. A line's end
always ends a sentence. Like `types`, any stage may import it; it knows nothing about articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from qa.english import lexicon

# Stop marks with whatever closes after them, then white space; or a line's end. Chinese and Japanese stops
# need no space, and neither does a word glued to the next sentence by a careless scraper ("he said.The").
_CANDIDATE = re.compile(
    r"""(?<![.!?…]) [.!?…]++ ["'”’»)\]}]*+ (?:[ ][”»])? (?=\s|$)
      | [。！？]+ ["'”’»」』）\]]*
      | [.!?] (?<=[a-z]{3}[.!?]) ["”’]? (?=["“‘]?[A-Z][a-z]+[ ,])
      | \n""",
    re.VERBOSE,
)
_BEFORE_A_NAME = lexicon.words("abbreviations_before_names")
_BEFORE_A_NUMBER = lexicon.words("abbreviations_before_numbers")
# These may end a sentence; they do when the next word is one that sentences start with.
_MAY_END = lexicon.words("abbreviations_that_may_end")
_STARTERS = lexicon.words("sentence_starters")
_LAST_WORD = re.compile(r"[^\W\d_](?:[^\s(\[“\"'’/—–-]*)$")
_OPENING = "\"'“‘«([{—–-*_ "
_ELLIPSES = ("…", "..", "...")  # four dots are an ellipsis and a full stop
_LIST_NUMBER = re.compile(r"(?:^|\n)[ \t]*\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})\Z")
_LONGEST_ABBREVIATION = 24  # characters looked at before a full stop
_LOOK_AHEAD = 40  # characters looked at after it: opening marks and one word
_LONGEST_QUOTATION = 400  # characters; beyond that, whole sentences matter more than a whole quotation


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]` as offsets in `text`: in order, apart, none empty or padded."""
    return list(each_sentence(text, start, end))


def each_sentence(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """What `sentences` gives, one after the other, for who needs only the first ones.

    A sentence never runs over a line's end, so that lines may be cut by themselves.
    """
    end = len(text) if end is None else min(end, len(text))
    begin = start
    for match in _CANDIDATE.finditer(text, start, end):
        stop = match.end()
        if text[stop - 1] == "\n" or _ends(text, begin, match.start(), stop):
            yield from _bare(text, begin, stop)
            begin = stop
    yield from _bare(text, begin, end)


def _bare(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without space around it; nothing where it holds nothing else."""
    piece = text[start:end]
    bare = piece.strip()
    if bare:
        lead = len(piece) - len(piece.lstrip())
        yield start + lead, start + lead + len(bare)


def _ends(text: str, begin: int, mark: int, stop: int) -> bool:
    """Whether the stop mark at `text[mark:stop]` ends the sentence begun at `begin`."""
    after = text[stop : stop + _LOOK_AHEAD].lstrip(" \t")
    if not after or after[0] == "\n" or text[mark] in "。！？":
        return True
    if after[0] in ".,;:?!…)]}%":  # spaced dots, or the mark belongs to what is still open
        return False
    following = after.lstrip(_OPENING)
    if following and following[0].islower():
        return False
    if text[mark:stop] in _ELLIPSES:  # a thought that goes on, or one that breaks off within a story
        return False
    if text[mark:stop] == "." and _is_abbreviation(text, mark, following):
        return False
    return not _is_inside_a_quotation(text, begin, stop)


def _is_abbreviation(text: str, mark: int, following: str) -> bool:
    """Whether the full stop at `mark` belongs to the word before it; `following` comes after."""
    left = text[max(0, mark - _LONGEST_ABBREVIATION) : mark].rstrip(" ")
    if _LIST_NUMBER.search(text, max(0, mark - 8), mark):
        return True
    word = _LAST_WORD.search(left)
    if word is None:
        return False
    name, low = word.group(), word.group().lower()
    if low in _BEFORE_A_NUMBER and following[:1].isdigit():
        return True
    if name in _BEFORE_A_NAME:
        return True
    if low in _MAY_END or _is_acronym(name) or (len(name) == 1 and name.isupper()):
        return not _starts_a_sentence(following)
    return False


def _is_acronym(name: str) -> bool:
    """Whether these are letters with full stops between them: U.S, a.m, J.R.R."""
    letters = name.split(".")
    return len(letters) > 1 and all(len(letter) == 1 and letter.isalpha() for letter in letters)


def _starts_a_sentence(following: str) -> bool:
    return "".join(takewhile(str.isalpha, following)).lower() in _STARTERS


def _is_inside_a_quotation(text: str, begin: int, stop: int) -> bool:
    """Whether the sentence goes on after the quotation its mark is in: `told him, “Stop! Go!” as he`."""
    if stop - begin > _LONGEST_QUOTATION:
        return False
    inner = text[begin + 1 : stop]  # a sentence that begins with its quotation may be cut in it
    if inner.rfind("“") > inner.rfind("”"):
        closing = "”"
    elif inner.count('"') % 2:
        closing = '"'
    else:
        return False
    closed = text.find(closing, stop, stop + _LONGEST_QUOTATION)
    if closed < 0 or "\n" in text[stop:closed]:
        return False
    return text[closed + 1 : closed + 3].lstrip(" ")[:1].islower()
