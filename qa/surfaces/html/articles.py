"""The collection: the masthead, the list of articles, what a search found, what an ingest did."""

from __future__ import annotations

from collections.abc import Sequence

from qa.surfaces.html.render import Row, one_line, render

SNIPPET_CHARS = 280  # two lines in the list of articles


def masthead_html(*, count: int, span: str) -> str:
    """Name, one line, what the collection holds, and the switch between light and dark."""
    held = f"{count:,} article{'' if count == 1 else 's'}" if count else "No articles yet"
    return render("masthead", held=held, span=span)


def articles_html(rows: Sequence[Row], *, total: int, can_remove: bool) -> str:
    """The list of articles, newest first; `total` counts also those that are not in `rows`."""
    return render("articles", rows=rows, more=total - len(rows), can_remove=can_remove)


def newest_html(rows: Sequence[Row]) -> str:
    """The newest articles, beside a conversation that has no sources yet; empty where there are none."""
    return render("newest", rows=rows) if rows else ""


def hits_html(rows: Sequence[Row]) -> str:
    """Passages that were found, best first, each opening its article."""
    return render("hits", rows=[{**row, "snippet": _shortened(row["text"])} for row in rows])


def report_html(report: Row) -> str:
    """What an ingest did, in a sentence, and what failed and why."""
    counts = [f"{report[word]} {word}" for word in ("added", "updated", "unchanged") if report[word]]
    return render("report", said=", ".join(counts) or "Nothing added", failed=report["failed"])


def _shortened(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= SNIPPET_CHARS else line[: SNIPPET_CHARS - 1].rsplit(" ", 1)[0] + "…"
