"""Reads rich text kept as a tree of objects: Editor.js, ProseMirror, Slate, Sanity, Contentful, Lexical.

All of them are lists of blocks that hold runs of text, under a few names. Takes such a value, gives its text,
a line a block, "- " before list items; "" for any other value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from qa.ingest.load.fragment import plain

MAX_DEPTH = 40

_INNER = ("content", "children", "nodes", "blocks", "items", "root", "document", "data", "paragraphs")
_RUN = ("text", "value")
_INLINE = re.compile(
    r"^(?:link|inline.*|hyperlink|text|span|strong|em|bold|italic|mention|a|autolink|entry-hyperlink)$",
    re.IGNORECASE,
)
_SILENT = re.compile(
    r"image|embed|video|figure|gallery|code|iframe|hr|divider|delimiter|advert|asset", re.IGNORECASE
)


def text_of_blocks(value: Any) -> str:
    """The text of a tree of blocks; "" for what is none, a record among them."""
    if not _is_tree(value):
        return ""
    return "\n".join(line for part in _lines(value, 0) if (line := part.strip()) and line != "-")


def _is_tree(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(
            isinstance(each, Mapping) and (_kind(each) or "children" in each) for each in value
        )
    if not isinstance(value, Mapping) or value.keys() & {"title", "headline", "heading"}:
        return False
    return bool(_kind(value)) or any(
        isinstance(value.get(name), list | Mapping) for name in ("blocks", "root", "document")
    )


def _lines(node: Any, depth: int) -> Iterator[str]:
    """A line a block: a node whose own children are runs is one, any other is what its children are."""
    if depth > MAX_DEPTH or isinstance(node, str | int | float | None):
        return
    if isinstance(node, list):
        if node and all(_is_run(each) for each in node):
            yield _joined(node, depth)
            return
        for each in node:
            yield from [plain(each)] if isinstance(each, str) else _lines(each, depth + 1)
        return
    if _SILENT.search(_kind(node)):
        return
    if _is_run(node):
        yield _joined([node], depth)
        return
    mark = "- " if re.search(r"list.?item", _kind(node), re.IGNORECASE) else ""
    for name in _INNER:
        if isinstance(held := node.get(name), list | Mapping):
            for line in _lines(held, depth + 1):
                yield mark + line
                mark = ""


def _joined(runs: list[Any], depth: int) -> str:
    return "".join(_words(run, depth) for run in runs)


def _words(run: Any, depth: int) -> str:
    """The words of a run, or of what is within a link."""
    if isinstance(run, str):
        return plain(run)
    if depth > MAX_DEPTH or not isinstance(run, Mapping):
        return ""
    own = next((held for name in _RUN if isinstance(held := run.get(name), str)), None)
    if own is not None:
        return plain(own)
    inner = next((held for name in _INNER if isinstance(held := run.get(name), list)), [])
    return _joined(inner, depth + 1) or ("\n" if re.search("break", _kind(run), re.IGNORECASE) else "")


def _is_run(node: Any) -> bool:
    """Whether a node is words within a block: it has a text of its own, or is a link around some."""
    if not isinstance(node, Mapping):
        return False
    if any(isinstance(node.get(name), str) for name in _RUN):
        return True
    return _INLINE.match(_kind(node)) is not None or "break" in _kind(node).lower()


def _kind(node: Mapping[str, Any]) -> str:
    return str(node.get("type") or node.get("_type") or node.get("nodeType") or "")
