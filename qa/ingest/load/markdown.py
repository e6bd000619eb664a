"""Turns Markdown into plain text: headings and lists keep their marks, links and emphasis become words.

Takes and gives text. Knows nothing about files, nor about the facts above an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from qa.ingest.load.grid import grid_lines

if TYPE_CHECKING:
    from markdown_it.token import Token

_BREAKS = ("softbreak", "hardbreak")
_LITERAL = ("text", "code_inline", "html_inline")


def plain_text(markdown: str) -> str:
    """The words of CommonMark with its blank lines; without pictures, rules and the addresses of links.

    The rows of a table become lines that say what their figures are.
    """
    from markdown_it import MarkdownIt

    text, end = "", 0
    for (first, last), words in _blocks(MarkdownIt("commonmark").enable("table").parse(markdown)):
        text += ("\n\n" if text and first > end else "\n" if text else "") + words
        end = last
    return text


def _blocks(tokens: Iterable[Token]) -> Iterator[tuple[Sequence[int], str]]:
    """Paragraphs, headings, list items, tables in order, each with the lines that it takes, from and to."""
    mark, depth = "", 0
    rows: list[list[str]] = []  # of the table that is being read
    lines: Sequence[int] = (0, 0)
    for token in tokens:
        depth += token.nesting * token.type.endswith(("_list_open", "_list_close"))
        if token.type == "heading_open":
            mark = "#" * int(token.tag[1:]) + " "
        elif token.type == "list_item_open":
            mark = f"{'  ' * (depth - 1)}{token.info}{token.markup} "
        elif token.type in ("heading_close", "list_item_close"):
            mark = ""
        elif token.type == "table_open":
            lines = token.map or lines
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            yield lines, "\n".join(grid_lines(rows, headed=True))
            rows = []
        elif rows and token.type == "inline":
            rows[-1].append(_content(token))
        elif token.map and (content := _content(token)):
            yield token.map, mark + (content.replace("\n", " ") if mark.startswith("#") else content)
            mark = ""


def _content(token: Token) -> str:
    """The words of a block; empty for one that holds others."""
    if token.type == "inline":
        return "".join(_words(token.children or ()))
    return token.content.rstrip("\n")


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    """Emphasis begun within a word is none: "2*3*4" and "f**k" are no Markdown to whoever wrote them."""
    before, kept = "", []
    for token, following in zip_longest(tokens, tokens[1:]):
        words = "\n" if token.type in _BREAKS else token.content if token.type in _LITERAL else ""
        if token.nesting == 1:
            after = following.content[:1] if following else ""
            kept.append(token.markup if before.isalnum() and after.isalnum() and "*" in token.markup else "")
            words = kept[-1]
        elif token.nesting == -1:
            words = kept.pop()
        before = (before + words)[-1:]
        yield words
