"""The collection: the masthead, the list of articles, what a search found, what an ingest did."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.english.sentences import sentences
from qa.english.words import content_words, root, words
from qa.surfaces.html.render import Piece, Row, one_line, pieces, render

SNIPPET_CHARS = 280  # two lines in the list of articles
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Notice:
    """What has just been done to the list, in a sentence, and whether it can be undone."""

    text: str
    undo: bool = False


def masthead_html(*, count: int, span: str, dated: int | None = None) -> str:
    """Name, one line, what the collection holds, and the switch between light and dark.

    `span` are the days or years of the `dated` articles, by default of all.
    """
    held = f"{count:,} article{'' if count == 1 else 's'}" if count else "No articles yet"
    some = dated is not None and 0 < dated < count
    return render("masthead", held=held, span=f"{dated:,} dated {span}" if some else span)


def articles_html(
    found: Row, *, chosen: bool = False, can_write: bool = False, notice: Notice | None = None
) -> str:
    """A page of the list, as `browse` gives it; `chosen` says that an outlet or a month was asked for."""
    values = {name: found[name] for name in ("total", "page", "pages")}
    return render(
        "articles", rows=found["articles"], **values, chosen=chosen, can_write=can_write, notice=notice
    )


def newest_html(rows: Sequence[Row]) -> str:
    """The newest articles, beside a conversation that has no sources yet; empty where there are none."""
    return render("newest", rows=rows) if rows else ""


def hits_html(
    found: Sequence[Row],
    query: str,
    *,
    chosen: bool = False,
    can_write: bool = False,
    notice: Notice | None = None,
) -> str:
    """The articles that a search found, best first, each with its best passage and the words marked."""
    rows = [
        {
            "article": row["article"],
            "hit": {
                **row["best"],
                "passages": row["passages"],
                "pieces": _snippet(row["best"]["text"], query),
            },
        }
        for row in found
    ]
    return render("hits", rows=rows, query=query, chosen=chosen, can_write=can_write, notice=notice)


def report_html(report: Row, *, came: Sequence[Row] = ()) -> str:
    """What an ingest did, in a sentence, and what failed and why. `came` are rows of what was added or
    updated, not necessarily all."""
    words_of = {"added": "added", "updated": "updated", "unchanged": "here already", "removed": "withdrawn"}
    counts = [f"{report[name]} {said}" for name, said in words_of.items() if report[name]]
    counts += [f"{len(report['failed'])} failed"] if report["failed"] else []
    return render(
        "report",
        said=", ".join(counts) or "Nothing added",
        came=came,
        more=max(0, report["added"] + report["updated"] - len(came)),
        failed=report["failed"],
        remarks=[*report["passed_over"], *report["remarks"]],
    )


def feeds_html(feeds: Sequence[Row], *, addresses: bool) -> str:
    """The known feeds, when each was loaded last and what failed; empty for none. `addresses`: this server
    loads any for who asks."""
    return render("feeds", feeds=feeds, addresses=addresses)


def _snippet(text: str, query: str) -> list[Piece]:
    """Some two lines of the passage, from the sentence on that has the first of the words, all marked."""
    asked = {root(word) for word in content_words(query) or words(query)}
    line = one_line(text)
    marks = [
        (match.start(), match.end(), "found")
        for match in _WORD.finditer(line)
        if any(root(word) in asked for word in words(match.group()))
    ]
    first = _fullest(line, marks)
    last = len(line) if len(line) - first <= SNIPPET_CHARS else line.rfind(" ", first, first + SNIPPET_CHARS)
    shown = line[first:last] + ("…" if last < len(line) else "")
    return pieces(
        shown,
        [
            (start - first, end - first, label)
            for start, end, label in marks
            if first <= start and end <= last
        ],
    )


def _fullest(text: str, marks: Sequence[tuple[int, int, str]]) -> int:
    """Where the sentence begins that has most of the marked words, each counted once; 0 without any."""

    def held(sentence: tuple[int, int]) -> int:
        start, end = sentence
        return len(
            {text[first:last].casefold() for first, last, _ in marks if start <= first and last <= end}
        )

    return max(sentences(text), key=held, default=(0, 0))[0]
