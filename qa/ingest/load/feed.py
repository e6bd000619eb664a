"""Reads news feeds, RSS and Atom of any version: an article an entry, with full text where the feed has it.

feedparser does the parsing: it knows twenty years of malformed feeds, and forgives them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from qa.errors import LoadError
from qa.ingest.load.fragment import parsed_html, text_of_html
from qa.ingest.load.furniture import without_furniture
from qa.types import Failure, Notice, RawArticle

LISTED_SHARE = 0.6  # of an entry's letters within links: it lists other stories


def feed(data: bytes, source: str) -> Iterator[RawArticle | Failure | Notice]:
    """Each entry that has text. Raises LoadError for what is no feed, or one without entries."""
    import feedparser

    parsed = feedparser.parse(data)
    if not parsed.entries:
        raise LoadError(_why_empty(parsed))
    passed = 0
    for number, entry in enumerate(parsed.entries, start=1):
        if _is_no_post(entry):
            passed += 1
            continue
        yield _article(entry, parsed.feed, f"{source}#{entry.get('id') or entry.get('link') or number}")
    if passed:
        yield Notice(source, f"Beside its posts it holds {passed} settings, templates or comments.")
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
    bodies = [*(part.get("value") or "" for part in entry.get("content", ())), entry.get("summary") or ""]
    written = [(without_furniture(text_of_html(body)), body) for body in bodies]
    text, markup = max(written, key=lambda each: len(each[0]), default=("", ""))
    title = " ".join(text_of_html(entry.get("title") or "").split())
    link = entry.get("link")
    if not text.strip() or _lists_others(markup, link):
        return Failure(source, f"The entry has no text, only a title: {title[:80]!r}. Load its page instead.")
    origin = entry.get("source") or {}
    published = entry.get("published") or entry.get("created")
    return RawArticle(
        source=source,
        text=text,
        title=title if title and title != " ".join(text.split()) else None,
        outlet=_text(origin.get("title")) or _text(channel.get("title")),
        author=_authors(entry),
        published=published or entry.get("updated"),
        url=link,
        modified=entry["updated"] if published and "updated" in entry else None,
        language=entry.get("language") or channel.get("language"),
        withdrawn="draft" if str(entry.get("app_draft") or entry.get("draft")).lower() == "yes" else None,
        captions=tuple(_captions(entry)),
    )


def _is_no_post(entry: Any) -> bool:
    """Whether an entry of Blogger's export is a setting, a template or a comment."""
    terms = [str(tag.get("term")) for tag in entry.get("tags", ())]
    kinds = [term.rpartition("#")[2] for term in terms if "schemas.google.com/blogger" in term]
    return any(kind not in ("post", "page") for kind in kinds)


def _lists_others(markup: str, link: str | None) -> bool:
    """Whether an entry says nothing itself but links other stories, as Google News' do."""
    root = parsed_html(markup) if "<a" in markup else None
    if root is None:
        return False
    linked = sum(len("".join(node.itertext())) for node in root.iter("a"))
    whole = len("".join(root.itertext()).strip())
    aggregated = (urlsplit(link or "").hostname or "") == "news.google.com"
    lists = next(root.iter("ol", "ul"), None) is not None and next(root.iter("p"), None) is None
    return linked > 0 and (aggregated or (lists and linked > LISTED_SHARE * whole and whole < 2_000))


def _captions(entry: Any) -> Iterator[str]:
    for part in entry.get("media_content", ()):
        for name in ("description", "text"):
            if isinstance(part, dict) and (found := _text(part.get(name))):
                yield found


def _text(written: str | None) -> str | None:
    return " ".join(text_of_html(written or "").split()) or None


def _authors(entry: Any) -> str | None:
    named = [author.get("name") for author in entry.get("authors", ()) if author.get("name")]
    return ", ".join(dict.fromkeys(named)) or entry.get("author")
