"""Writes a table as lines that can be read one by one: each row's cells with the headings above them.

Takes rows of cells, gives lines: "Party: Greens; Votes: 41,220; Seats: 17". A row taken by itself, as answers
quote it, then says what its figures are. Knows nothing about the format the table stood in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_COLUMNS = 60
HEADING_CHARS = 80  # longer cells head no column
CELL_CHARS = 300  # longer cells are paragraphs: the table lays out a page

_FIGURE = re.compile(r"\d")


def grid_lines(rows: Sequence[Sequence[str]], *, headed: bool = False) -> list[str]:
    """A line a row. `headed`: the first row is marked as headings; else it is taken for one by its look."""
    filled = [[" ".join(cell.split()) for cell in row[:MAX_COLUMNS]] for row in rows]
    filled = [row for row in filled if any(row)]
    if len(filled) < 2 or not (headed or _looks_headed(filled)):
        return [" ".join(dict.fromkeys(filter(None, row))) for row in filled]
    head = [cell.rstrip(":") for cell in filled[0]]
    return [_line(head, row) for row in filled[1:]]


def is_layout(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table arranges a page rather than figures: one column, or cells as long as paragraphs."""
    widths = sorted(len(row) for row in rows)
    return not rows or widths[len(widths) // 2] < 2 or any(len(c) > CELL_CHARS for row in rows for c in row)


def _looks_headed(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is words, all of them different, above columns of which one is figures."""
    head, *below = rows
    names = [cell for cell in head if cell]
    if len(names) < 2 or len(set(names)) < len(names) or len(names) < len(head) - 1:
        return False
    if any(_FIGURE.search(cell) and not re.fullmatch(r"(?:19|20)\d\d", cell) for cell in names):
        return False
    if any(len(cell) > HEADING_CHARS for cell in names):
        return False
    columns = range(1, len(head))
    return any(all(_FIGURE.search(row[at]) for row in below if len(row) > at and row[at]) for at in columns)


def _line(head: Sequence[str], row: Sequence[str]) -> str:
    if len([cell for cell in row if cell]) < 2:  # a sub-heading, or a note over all columns
        return " ".join(filter(None, row))
    named = [
        f"{head[at]}: {cell}" if at < len(head) and head[at] and head[at] != cell else cell
        for at, cell in enumerate(row)
        if cell
    ]
    return "; ".join(named)
