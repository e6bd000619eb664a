"""Turns Markdown into plain text: headings and lists keep their marks, links and emphasis become their words.

Takes and gives text. Knows nothing about files, nor about the facts above an article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

_BREAKS = ("softbreak", "hardbreak")
_LITERAL = ("text", "code_inline", "html_inline")


def plain_text(markdown: str) -> str:
    """The words of CommonMark with its blank lines; without pictures, rules and the addresses of links."""
    from markdown_it import MarkdownIt

    text, mark, line, depth = "", "", 0, 0
    for token in MarkdownIt("commonmark").parse(markdown):
        depth += token.nesting * token.type.endswith(("_list_open", "_list_close"))
        if token.type == "heading_open":
            mark = "#" * int(token.tag[1:]) + " "
        elif token.type == "list_item_open":
            mark = f"{'  ' * (depth - 1)}{token.info}{token.markup} "
        elif token.type in ("heading_close", "list_item_close"):
            mark = ""
        elif token.map and (content := _content(token)):
            content = content.replace("\n", " ") if mark.startswith("#") else content
            text += ("\n\n" if text and token.map[0] > line else "\n" if text else "") + mark + content
            mark, line = "", token.map[1]
    return text


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
