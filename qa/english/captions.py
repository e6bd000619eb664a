"""Marks the lines of a text that stand below pictures: they can be found, and are no evidence.

A picture's words often tell of another day and place than the story they illustrate. Knows no article.
"""

from __future__ import annotations

MARK = "[Picture] "


def caption_line(words: str) -> str:
    """A caption as a line of an article's text."""
    return MARK + " ".join(words.split())


def is_caption(text: str, start: int = 0) -> bool:
    """Whether the line of `text` that holds the character at `start` is a caption."""
    return text.startswith(MARK, text.rfind("\n", 0, start) + 1)
