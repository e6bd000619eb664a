"""Makes a table of HTML plain: each cell in its own row and column, and one row of headings above the others.

Changes the tree. A cell that spans rows stands in each of them, so that every row can be read by itself; rows
of headings become one, "2025 Votes" for Votes below 2025. A plain table is left as it is.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

MAX_SPAN = 60  # columns or rows; more is a layout, or a trap
MAX_ROWS = 500
MAX_CELLS = 20_000
MAX_HEAD_ROWS = 3


def level(table: Any) -> None:
    """Does so with one table of figures; one that holds other tables lays out a page, and stays."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    spans = any(_span(cell, name) > 1 for row in cells for cell in row for name in ("rowspan", "colspan"))
    if not spans or len(rows) > MAX_ROWS or next(table.iterdescendants("table"), None) is not None:
        return
    titles = 0
    while titles < len(cells) - 1 and len(cells[titles]) == 1 and _span(cells[titles][0], "colspan") > 1:
        titles += 1
    _title(table, rows[:titles])
    rows, cells = rows[titles:], cells[titles:]
    grid = _grid(cells)
    if sum(map(len, grid)) > MAX_CELLS:
        return
    heads = _heads(cells)
    for row, wanted in zip(rows, grid, strict=True):
        for cell in list(row):
            if cell.tag in ("td", "th"):
                row.remove(cell)
        row.extend(wanted)
    if heads > 1:
        _join(grid[:heads])
        for row in rows[1:heads]:
            row.getparent().remove(row)


def _title(table: Any, rows: list[Any]) -> None:
    """Makes rows of one cell over all columns, above the headings, a part of the table's caption."""
    words = [" ".join("".join(row.itertext()).split()) for row in rows]
    for row in rows:
        row.getparent().remove(row)
    if not any(words):
        return
    caption = next(table.iterchildren("caption"), None)
    if caption is None:
        caption = table.makeelement("caption", {})
        table.insert(0, caption)
    caption.text = ", ".join(filter(None, [" ".join("".join(caption.itertext()).split()), *words]))
    for inner in list(caption):
        caption.remove(inner)


def caption_above(table: Any) -> None:
    """Makes a table's caption a paragraph above it: trafilatura takes it for the row of headings."""
    caption = next(table.iterchildren("caption"), None)
    words = " ".join("".join(caption.itertext()).split()) if caption is not None else ""
    if caption is None:
        return
    table.remove(caption)
    if words and table.getparent() is not None:
        paragraph = table.makeelement("p", {})
        paragraph.text = words
        table.addprevious(paragraph)


def _grid(cells: list[list[Any]]) -> list[list[Any]]:
    """The cells of each row by column. What spans columns is repeated in headings, and else followed by
    empty cells."""
    held: dict[tuple[int, int], Any] = {}
    for at, row in enumerate(cells):
        column = 0
        for cell in row:
            while (at, column) in held:
                column += 1
            down, right = _span(cell, "rowspan"), _span(cell, "colspan")
            for name in ("rowspan", "colspan"):
                cell.attrib.pop(name, None)
            cell.tail = None
            for y in range(at, min(at + down, len(cells))):
                for x in range(column, column + right):
                    first = (y, x) == (at, column)
                    held[y, x] = cell if first else _copy(cell, filled=x == column or cell.tag == "th")
            column += right
    widths = [max((x for y, x in held if y == at), default=-1) + 1 for at in range(len(cells))]
    return [[held[at, x] for x in range(width) if (at, x) in held] for at, width in enumerate(widths)]


def _copy(cell: Any, *, filled: bool) -> Any:
    if filled:
        return deepcopy(cell)
    return cell.makeelement(cell.tag, {})


def _heads(cells: list[list[Any]]) -> int:
    """How many rows of headings stand above the figures."""
    count = 0
    for row in cells[: MAX_HEAD_ROWS + 1]:
        if not row or not all(cell.tag == "th" for cell in row):
            break
        count += 1
    return count if count <= MAX_HEAD_ROWS and count < len(cells) else 1


def _join(heads: list[list[Any]]) -> None:
    """Writes what stands in a column's headings into the first of them."""
    for x, cell in enumerate(heads[0]):
        column = [" ".join("".join(row[x].itertext()).split()) for row in heads if x < len(row)]
        words = " ".join(dict.fromkeys(filter(None, column)))
        for inner in list(cell):
            cell.remove(inner)
        cell.text = words


def _span(cell: Any, name: str) -> int:
    written = str(cell.get(name) or "").strip()
    return min(max(1, int(written)), MAX_SPAN) if written.isdecimal() and len(written) < 5 else 1
