"""Turns a piece of HTML, as feeds and JSON exports carry it, into text whose paragraphs are lines."""

from __future__ import annotations

import re
from typing import Any

_LOOKS_LIKE_HTML = re.compile(
    r"<(?:p|div|br|h[1-6]|ul|ol|li|article|section|table|blockquote|figure)\b[^<>]*>", re.I
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_BLOCKS = _words(
    """
    p div h1 h2 h3 h4 h5 h6 ul ol li blockquote section article table tr pre hr header footer dl dt
    dd figure br head item quote row lb list code ab
    """
)
_ITEMS = _words("li item")
_CELLS = _words("td th cell")
_SILENT = _words(
    """
    script style noscript template svg iframe object form button select figcaption
    """
)


def plain(written: str) -> str:
    """`written` without its tags when it is HTML, and as it is when it is text."""
    return text_of_html(written) if _LOOKS_LIKE_HTML.search(written) else written


def text_of_html(written: str) -> str:
    """The text of an HTML fragment: a line a block, "- " before list items; "" when it holds none."""
    from lxml import etree, html

    try:
        root = html.fragment_fromstring(written.replace("\0", ""), create_parent="div")
    except (etree.ParserError, ValueError):
        return ""
    return text_of_tree(root)


def text_of_tree(root: Any) -> str:
    """The same of an lxml tree, in HTML or in trafilatura's TEI."""
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
        edge = "\n" if tag in _BLOCKS else " " if tag in _CELLS else ""
        parts.append(edge + ("- " if tag in _ITEMS else ""))
        stack.append(edge)
        for child in reversed(node):
            stack += [_flat(child.tail), child]
        stack.append(_flat(node.text))


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
