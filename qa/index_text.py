"""What is indexed with a passage: its words, and above them the title, outlet and day of its article.

Takes plain values, gives one string; knows nothing about indexes. Both indexes and the reranker agree on it.
"""

from __future__ import annotations

from datetime import date


def index_text(title: str, outlet: str | None, day: str | None, text: str) -> str:
    """The passage under a line such as "Flood in Genoa (Reuters, 3 May 2024)"; unknown parts are left out."""
    known = ", ".join(part for part in (outlet, _in_words(day)) if part)
    heading = f"{title} ({known})" if known else title
    return f"{heading}\n{text}" if heading else text


def _in_words(day: str | None) -> str | None:
    if day is None:
        return None
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {parsed:%B} {parsed.year}"
