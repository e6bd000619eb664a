"""Cuts text into sentences: takes text, gives exact offsets, in order, covering everything but white space.

Made for English news: titles, initials, "a.m.", decimals, quotes closing after the full stop. A line's end
always ends a sentence. Like `types`, any stage may import it; it knows nothing about articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Stop marks with whatever closes after them, then white space; or a line's end. Chinese and Japanese stops
# need no space, and neither does a word glued to the next sentence by a careless scraper ("he said.The").
_CANDIDATE = re.compile(
    r"""(?<![.!?…]) [.!?…]++ ["'”’»)\]}]*+ (?:[ ][”»])? (?=\s|$)
      | [。！？]+ ["'”’»」』）\]]*
      | [.!?] (?<=[a-z]{3}[.!?]) ["”’]? (?=["“‘]?[A-Z][a-z]+[ ,])
      | \n""",
    re.VERBOSE,
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_BEFORE_A_NAME = _words(
    """
    Adj Adm Adml Ald Amb Asst Atty Brig Capt Cdr Cllr Cmdt Secy Treas Pte Pty Sgts Smt Wm Chas Jas Geo Jos
    Thos Edw Robt Benj Saml Jno Bdr Sqn Wg Flt Cmdr Col Comdr Cpl Cpt Det Dr Drs Ens Fr Ft Gen Gens Gov Govs
    Hon Insp Lt Lts Maj Messrs Mlle Mme Mr Mrs Ms Msgr Mt Mx Pfc Ph Pres Prof Pvt Rep Reps Rev Rt
    Sen Sens Sgt Spc Sra Srta Ste Supt Univ Assn vs v viz cf eg ie approx est GEN LT COL MAJ CAPT
    SGT DR MR MRS MS SEN REP GOV
    """
)
_BEFORE_A_NUMBER = _words(
    """
    jan feb mar apr jun jul aug sep sept oct nov dec p pp pg no nos fig figs ch vol art sec c ca rs
    """
)
# These may end a sentence; they do when the next word is one that sentences start with.
_MAY_END = _words(
    """
    inc corp co ltd llc plc jr sr etc esq bros dept blvd rd hwy ext st ave ft min max hr hrs al ala ariz ark
    calif colo conn fla ga ill ind kan ky md mich minn miss mo mont neb nev okla ore penn tenn tex
    va vt wis wyo ont que tue tues wed thu thur thurs fri jan feb apr aug sept oct nov dec lb lbs oz
    mph kg approx
    """
)
_STARTERS = _words(
    """
    a about above according across after again against all almost along already also although amid
    among an and another any anyone are as asked at authorities back because before behind being
    below beneath besides between both but by can could critics despite did do does during each
    earlier either elsewhere even eventually every everyone everything few finally first following
    for former from further furthermore given had has have he her here hers his how however i if in
    indeed instead investigators is it its just last later like many maybe meanwhile moreover more
    most much my neither never nevertheless next no nobody none nonetheless nor not nothing now of
    off officials on once one only or other others our out over perhaps please police prosecutors
    rather reporters residents second several she shortly should similarly since so some someone
    something sometimes soon still such than thanks that the their then there therefore these they
    this those though through throughout thus to today together tomorrow tonight too toward two
    under unless unlike until up upon was we were what when where whereas whether which while who
    whoever whose why will with within without witnesses would yesterday yet you your
    """
)
_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W\d_](?:[^\s(\[“\"'’/—–-]*)$")
_OPENING = "\"'“‘«([{—–-*_ "
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")  # U.S  a.m  J.R.R
_ELLIPSIS = re.compile(r"…|\.{2,3}")  # four dots are an ellipsis and a full stop
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
    if _ELLIPSIS.fullmatch(text, mark, stop):  # a thought that goes on, or one that breaks off within a story
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
    if low in _MAY_END or _ACRONYM.fullmatch(name) or (len(name) == 1 and name.isupper()):
        return not _starts_a_sentence(following)
    return False


def _starts_a_sentence(following: str) -> bool:
    match = _WORD.match(following)
    return match is not None and match.group().lower() in _STARTERS


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
