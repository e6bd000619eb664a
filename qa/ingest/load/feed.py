"""Reads news feeds, RSS and Atom of any version: an article an entry, with full text where the feed has it.

feedparser does the parsing: it knows twenty years of malformed feeds, and forgives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from qa.errors import LoadError
from qa.ingest.load.fragment import text_of_html
from qa.ingest.load.page import page
from qa.ingest.load.text import read_all
from qa.types import Failure, RawArticle

_HTML = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)


def read_xml(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """Each entry of a feed; a page that is well-formed XML gives its article."""
    data = read_all(stream)
    if _HTML.search(data[:2048]):
        yield page(data, source)
    else:
        yield from feed(data, source)


def feed(data: bytes, source: str) -> Iterator[RawArticle | Failure]:
    """Each entry that has text. Raises LoadError for what is no feed, or one without entries."""
    import feedparser

    parsed = feedparser.parse(data)
    if not parsed.entries:
        raise LoadError(_why_empty(parsed))
    for number, entry in enumerate(parsed.entries, start=1):
        yield _article(entry, parsed.feed, f"{source}#{entry.get('id') or entry.get('link') or number}")
    if parsed.bozo and not isinstance(parsed.bozo_exception, feedparser.CharacterEncodingOverride):
        message = f"The feed is damaged ({parsed.bozo_exception}); what could be read of it was."
        if _is_cut(parsed.bozo_exception):
            yield Failure(source, message)


def _why_empty(parsed: Any) -> str:
    if parsed.version:
        return (
            "The feed has no entries." if not parsed.bozo else f"The feed is broken: {parsed.bozo_exception}."
        )
    reason = f" ({parsed.bozo_exception})" if parsed.bozo else ""
    return f"This XML is neither RSS nor Atom, and no page{reason}."


def _is_cut(error: Exception) -> bool:
    """Whether the XML ends before it is complete, so that entries may be lost."""
    return any(sign in str(error) for sign in ("no element found", "unclosed", "incomplete", "not closed"))


def _article(entry: Any, channel: Any, source: str) -> RawArticle | Failure:
    bodies = [text_of_html(part.get("value") or "") for part in entry.get("content", ())]
    summary = text_of_html(entry.get("summary") or "")
    text = max((*bodies, summary), key=len, default="")
    title = text_of_html(entry.get("title") or "")
    if not text.strip():
        return Failure(source, f"The entry has no text, only a title: {title[:80]!r}. Load its page instead.")
    origin = entry.get("source") or {}
    published = entry.get("published") or entry.get("created")
    return RawArticle(
        source=source,
        text=text,
        title=" ".join(title.split()) or None,
        outlet=_text(origin.get("title")) or _text(channel.get("title")),
        author=_authors(entry),
        published=published or entry.get("updated"),
        url=entry.get("link"),
        modified=entry["updated"] if published and "updated" in entry else None,
        language=entry.get("language") or channel.get("language"),
    )


def _text(written: str | None) -> str | None:
    return " ".join(text_of_html(written or "").split()) or None


def _authors(entry: Any) -> str | None:
    named = [author.get("name") for author in entry.get("authors", ()) if author.get("name")]
    return ", ".join(dict.fromkeys(named)) or entry.get("author")
