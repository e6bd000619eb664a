"""The text of an answer, made last: its opening, the words of each finding, and the quotes behind them.

Takes an Answer, gives it with its text, whole or growing. Nothing reads that text again: what a later stage
or a page needs of it stands in `opening`, `lines` and `prose`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from qa.english.quotation import quoted as in_quotes
from qa.types import UNSURE, Answer, Article, Finding, Line, Quote

STREAM_CHARS = 200  # of a growing text at a time: each step costs a reader's browser some 30 ms
MARK = re.compile(r"\[(\d+)\]")
MARKS = re.compile(r"(?:\s*\[\d+\])+")  # one after the other, with the spaces before them


def with_text(answer: Answer) -> Answer:
    """The answer with its text: the opening on one line, what a chat model wrote, then each finding that this
    does not retell on a line of its own."""
    return replace(answer, text="\n".join(_paragraphs(answer)))


def growing(answer: Answer) -> Iterator[Answer]:
    """The answer while its text grows: without findings, its lines and citations as far as they stand
    there."""
    for end in _ends(answer.text):
        shown = {int(number) for number in MARK.findall(answer.text[:end])}
        yield replace(
            answer,
            text=answer.text[:end],
            lines=tuple(_begun(answer, end, shown)),
            findings=(),
            citations=tuple(citation for citation in answer.citations if citation.number in shown),
            closest=(),
        )


def quoted(quote: Quote) -> str:
    """The sentence in quotation marks, those within it single; none twice around what is all quotation."""
    text = without_marks(quote.text)
    return in_quotes(text.strip("“”") if text[:1] == "“" and text.count("“") == 1 else text)


def without_marks(text: str) -> str:
    """The text in one line, without what would look like a citation."""
    return MARKS.sub("", " ".join(text.split()))


def source(article: Article) -> str:
    """Its outlet and day, in brackets behind what is told of it: " (Reuters, 25 April 2025)"."""
    known = ", ".join(part for part in (article.outlet, article.day and in_words(article.day)) if part)
    return f" ({known})" if known else ""


def in_words(day: str) -> str:
    """`2025-04-25` as "25 April 2025"."""
    known = date.fromisoformat(day)
    return f"{known.day} {known:%B %Y}"


def _opening(answer: Answer) -> list[str]:
    """The sentences before the findings; those that name what is left open are told behind them."""
    left = [one for one in answer.opening if one.startswith(UNSURE)]
    return [one for one in answer.opening if one not in left or len(left) != len(answer.closest)]


def _paragraphs(answer: Answer) -> list[str]:
    opening = _opening(answer)
    if answer.status == "not_found" and answer.closest:
        nearest = answer.closest[0]
        opening.append(f"The closest they come is this{source(nearest.article)}: {quoted(nearest)}")
    if answer.status == "unsure" and answer.closest:
        first = answer.closest[0]
        opening.append(f"This may answer it{source(first.article)}: {quoted(first)}")
    told = [_line(line, finding, answer) for line, finding in _told(answer) if not line.retold]
    if answer.status == "answered":
        left = [f"{one} " for one in answer.opening if one not in opening] or [""] * len(answer.closest)
        told += [
            f"{asked}This may answer it{source(one.article)}: {quoted(one)}"
            for asked, one in zip(left, answer.closest, strict=True)
        ]
    return [*([" ".join(opening)] if opening else []), *([answer.prose] if answer.prose else []), *told]


def _told(answer: Answer) -> Iterator[tuple[Line, Finding]]:
    return zip(answer.lines, answer.findings, strict=True)


def _line(line: Line, finding: Finding, answer: Answer) -> str:
    quotes = {citation.number: quoted(citation.quote) for citation in answer.citations}
    told = " ".join(f"{quotes[number]} [{number}]" for number in line.citations)
    more = f" ({finding.sources} independent sources)" if finding.sources > 1 else ""
    return f"{line.words}: {told}{more}" if line.words else told + more


def _ends(text: str) -> Iterator[int]:
    """Where the growing text may end: at line ends and at spaces, never inside a [n]."""
    end = 0
    for match in re.finditer(r"\s+", text):
        if match.start() - end >= STREAM_CHARS or "\n" in match.group():
            end = match.start()
            yield end


def _begun(answer: Answer, end: int, shown: Collection[int]) -> Iterator[Line]:
    """The lines that have begun before that place of the text, as far as they stand there."""
    opening = _opening(answer)
    start = len(" ".join(opening)) + 1 if opening else 0
    for line, finding in _told(answer):
        if start >= end:
            return
        numbers = tuple(number for number in line.citations if number in shown)
        yield replace(line, words=line.words[: end - start], citations=numbers)
        start += len(_line(line, finding, answer)) + 1
