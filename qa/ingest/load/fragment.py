"""Turns a piece of HTML, as feeds and JSON exports carry it, into text whose paragraphs are lines."""

from __future__ import annotations

import re
from typing import Any

from qa.ingest.load.grid import grid_lines, is_layout
from qa.ingest.load.spans import level

_LOOKS_LIKE_HTML = re.compile(
    r"<(?:p|div|br|h[1-6]|ul|ol|li|article|section|table|blockquote|figure)\b[^<>]*>", re.I
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_BLOCKS = _words(
    """
    p div h1 h2 h3 h4 h5 h6 ul ol li blockquote section article table tr pre hr header footer dl dt
    dd figure br head item quote row lb list code ab main aside address title
    hl1 hl2 bq block credit fn nitf-table
    """
)
_ITEMS = _words("li item")
_CELLS = _words("td th cell")
_ROWS = _words("tr row")
_HEADS = _words("th")
MAX_TABLE_ROWS = 2_000
_WHOLE_HTML = re.compile(r"\s*<(?:p|div|h[1-6]|ul|ol|b|i|a|em|strong|span|img|br)\b[^<>]*>", re.IGNORECASE)
MAX_DEPTH = 3  # times that one piece of HTML is written inside another's text
_SILENT = _words(
    """
    script style noscript template svg iframe object form button select figcaption
    media media-caption media-producer ednote
    """
)


def plain(written: str) -> str:
    """`written` without its tags when it is HTML, and as it is when it is text."""
    return text_of_html(written) if _LOOKS_LIKE_HTML.search(written) else written


def text_of_html(written: str) -> str:
    """The text of an HTML fragment: a line a block, "- " before list items; "" when it holds none.

    Feeds encode HTML once too often: what holds no tag, and is HTML once it is decoded, is read again.
    """
    for _ in range(MAX_DEPTH):
        root = parsed_html(written)
        written = text_of_tree(root) if root is not None else ""
        if root is None or len(root) or not _WHOLE_HTML.match(written):
            break
    return written


def parsed_html(written: str) -> Any:
    """The fragment as an lxml tree in a `div`; None when there is nothing in it."""
    from lxml import etree, html

    try:
        return html.fragment_fromstring(written.replace("\0", ""), create_parent="div")
    except (etree.ParserError, ValueError):
        return None


def text_of_tree(root: Any) -> str:
    """The same of an lxml tree, in HTML, NITF or trafilatura's TEI; figures in tables keep their headings."""
    parts: list[str] = []
    _gather(root, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line and line != "-")


def _gather(root: Any, parts: list[str]) -> None:
    """Text in document order, line ends around blocks. A stack, since hostile pages nest thousands deep."""
    stack: list[Any] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        tag = node.tag if isinstance(node.tag, str) else None
        if tag is None or tag in _SILENT:
            continue
        if tag == "table" and (lines := _table(node)):
            parts.append("\n" + "\n".join(lines) + "\n")
            continue
        if tag == "q":
            stack.append("”")
            parts.append("“")
        edge = "\n" if tag in _BLOCKS else " " if tag in _CELLS else ""
        parts.append(edge + ("- " if tag in _ITEMS else ""))
        stack.append(edge)
        for child in reversed(node):
            stack += [_flat(child.tail), child]
        stack.append(_flat(node.text))


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _table(node: Any) -> list[str]:
    """The lines of a table of figures; none for one that lays out a page."""
    if next(node.iterdescendants("table", "h1", "h2", "h3", "h4", "ul", "ol", "img"), None) is not None:
        return []
    if any(len(list(cell.iter("p"))) > 1 for cell in node.iter(*_CELLS)):
        return []
    level(node)
    rows = list(node.iter(*_ROWS))[:MAX_TABLE_ROWS]
    cells_of = [[cell for cell in row if cell.tag in _CELLS] for row in rows]
    spread = [[text for cell in row for text in _spread(cell)] for row in cells_of]
    if is_layout(spread):
        return []
    first = cells_of[0] if cells_of else []
    headed = bool(first) and sum(map(_is_head, first)) >= max(2, len(first) - 1)
    caption = next(node.iterchildren("caption"), None)
    title = " ".join("".join(caption.itertext()).split()) if caption is not None else ""
    lines = grid_lines(spread, headed=headed)
    return [title, *lines] if title else lines


def _spread(cell: Any) -> list[str]:
    """The cell's text once for each column it spans, so that headings stand above their figures."""
    text = " ".join("".join(cell.itertext()).split())
    span = str(cell.get("colspan") or "")
    return [text, *[""] * (min(int(span), 20) - 1 if span.isdecimal() and int(span) else 0)]


def _is_head(cell: Any) -> bool:
    return cell.tag in _HEADS or cell.get("role") == "head"
