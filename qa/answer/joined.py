"""Names that stand in a row, "Ann Li, Bo Ek and Carl Dahl": what is said of one of them is said of each.

Takes spans, gives spans. Knows no question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from qa.answer.values import sentence_of, tidy
from qa.english import lexicon
from qa.english.names import name_spans
from qa.english.numbers import number
from qa.types import Span

_COMMA, _AND = (",",), ("and", ", and", "&")
_FIGURE = rf"(?:[$£€]?\d[\d.,]*|{lexicon.one_of(lexicon.counts('number_words'))})"
# "Lind lost 3 percent and Ek 2 percent": the verb is said once; what stands between the two names.
_GAP = regex.compile(
    rf"[a-z]+(?:[^\S\n]+[a-z]+)?[^\S\n]+{_FIGURE}[^,;.]{{0,40}}?,?[^\S\n]+and(?:[^\S\n]+the)?"
)
# "Ann Li, 33, and Bo Ek, 51", "Ann Li, 33, a driver from Ely, and Bo Ek"
_ASIDE = regex.compile(r",[^\S\n]\d{1,3}(?:,[^\S\n](?:an?|the)[^\S\n][^,;.()]{1,50})?(?=,)")
_AGE = regex.compile(rf"{_ASIDE.pattern},(?P<and>[^\S\n]and)?")
_FIGURE_NEXT = regex.compile(rf"[^\S\n]+{_FIGURE}\b")
_ONE_MORE = regex.compile(r",?[^\S\n]+and[^\S\n]+an?[^\S\n]+\w+[^\S\n]+(?:of|aged)[^\S\n]+(?P<of>\d+)\b")


def with_joined(spans: Sequence[Span], *, gapped: bool = False) -> list[Span]:
    """The spans, one of several names as each of them, and after each name those that stand in a row with it,
    with its score; each place once, best first. `gapped` rows say the verb once: "Lind lost 3 percent and Ek
    2 percent"."""
    found: dict[tuple[str, int, int], Span] = {}
    for span in (one for several in spans for one in _numbers_apart(several)):
        row = row_of(span, gapped=gapped)
        inside = [name for name in row if span.start <= name[0] and name[1] <= span.end]
        for start, end in row if inside else [(span.start, span.end)]:
            one = tidy(replace(span, start=start, end=end), "person") if inside else span
            if one is not None:
                found.setdefault((one.passage.article_id, one.start, one.end), one)
    return sorted(found.values(), key=lambda span: -span.score)


def _numbers_apart(span: Span) -> list[Span]:
    """ "22 and 37" as two spans, with the 29 of "22 and 37, and a woman of 29"; any other as it is."""
    first, mark, second = span.text.partition(" and ")
    if not mark or number(first) is None or number(second) is None:
        return [span]
    apart = [replace(span, end=span.start + len(first)), replace(span, start=span.end - len(second))]
    more = _ONE_MORE.match(span.passage.text, span.end - span.passage.start)
    offset = span.passage.start
    third = [replace(span, start=offset + more.start("of"), end=offset + more.end("of"))] if more else []
    return [*apart, *third]


def is_joined(one: Span, other: Span, *, gapped: bool = False) -> bool:
    """Whether both stand in one row of names."""
    same = one.passage.article_id == other.passage.article_id
    return same and any(start <= one.start and one.end <= end for start, end in row_of(other, gapped=gapped))


def row_of(span: Span, *, gapped: bool = False) -> list[tuple[int, int]]:
    """Where the names of the row stand, as offsets in the article; empty where an "and" joins none to it."""
    start, end = sentence_of(span)
    offset = span.passage.start
    text = span.passage.text[start - offset : end - offset]
    told = [aside.span() for aside in _ASIDE.finditer(text)]
    names = [name for name in name_spans(text) if not any(first < name[0] < last for first, last in told)]
    rows: list[list[tuple[int, int]]] = []
    for one in names:
        between = text[rows[-1][-1][1] : one[0]].strip() if rows else ""
        gap = gapped and _GAP.fullmatch(between) and _FIGURE_NEXT.match(text, one[1])
        if rows and (between in _COMMA or between in _AND or _AGE.fullmatch(between) or gap):
            rows[-1].append(one)
        else:
            rows.append([one])
    for row in rows:
        mine = any(start + first < span.end and span.start < start + last for first, last in row)
        ends = text[row[-2][1] : row[-1][0]].strip() if len(row) > 1 else ""
        aged = _AGE.fullmatch(ends)
        if mine and (ends in _AND or (aged and aged["and"]) or _GAP.fullmatch(ends)):
            return [(start + first, start + last) for first, last in row]
    return []
