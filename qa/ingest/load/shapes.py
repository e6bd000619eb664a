"""Knows the records that other programs and agencies write: IPTC's ninjs and the exports of tools and
services.

Takes one JSON object, gives its facts under plain names (`text`, `title`, `outlet`, …), or None for a
record of no known shape, which is then read by its field names alone. A new tool is a function and a line
in `SHAPES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from qa.ingest.load.fragment import plain
from qa.ingest.load.markdown import plain_text
from qa.ingest.load.posts import (
    is_activity,
    is_reader_entry,
    is_reference,
    is_slack,
    is_telegram,
    of_activity,
    of_reader_entry,
    of_reference,
    of_slack,
    of_telegram,
)

Record = Mapping[str, Any]
Facts = dict[str, Any]

_BY = re.compile(r"^\s*by\s+", re.IGNORECASE)


def shaped(record: Record) -> Facts | None:
    """The facts of a record whose shape is known; None for any other."""
    names = {bare(key): value for key, value in record.items()}
    for is_it, facts in SHAPES:
        if is_it(names):
            return {name: value for name, value in facts(names).items() if value not in (None, "", [], {})}
    return None


def bare(key: Any) -> str:
    """A field's name without case, punctuation and prefix: `dc:creator`, `datePublished`,
    `date_published`.
    """
    return re.sub(r"[^a-z0-9]", "", str(key).rpartition(":")[2].lower())


def _get(record: Any, *path: str | int) -> Any:
    """The value at the end of a path of names and numbers; None where it breaks off."""
    for step in path:
        if isinstance(step, int):
            record = record[step] if isinstance(record, list) and -len(record) <= step < len(record) else None
        else:
            record = record.get(step) if isinstance(record, Mapping) else None
    return record


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _names(people: Any, *keys: str) -> str | None:
    """Names of a list of people, each a string or an object."""
    found = []
    for person in _list(people) or ([people] if people else []):
        name = person if isinstance(person, str) else next((p for k in keys if (p := _get(person, k))), None)
        if isinstance(name, str) and name.strip():
            found.append(name.strip())
    return ", ".join(dict.fromkeys(found)) or None


def _by_role(held: Any, role: str = "main") -> str | None:
    """The value of a list's entry in a role, else of the one without a role, else of the first."""
    entries = [
        entry for entry in _list(held) if isinstance(entry, Mapping) and isinstance(entry.get("value"), str)
    ]
    chosen = (
        [entry for entry in entries if str(entry.get("role", "")).lower() == role]
        or [entry for entry in entries if not entry.get("role")]
        or entries
    )
    return chosen[0]["value"] if chosen else None


# IPTC ninjs: iptc.org/standards/ninjs


def _is_ninjs(names: Facts) -> bool:
    standard = names.get("standard")
    if isinstance(standard, Mapping) and "ninjs" in str(standard.get("name")).lower():
        return True
    text = any(name.startswith("body") and name != "body" for name in names) or "bodies" in names
    dated = "versioncreated" in names or "pubstatus" in names
    return bool(
        ("guid" in names or "uri" in names)
        and dated
        and (text or "headline" in names or "associations" in names)
    )


def _of_ninjs(names: Facts) -> Facts:
    kind = str(names.get("type") or "text").lower()
    bodies = [entry.get("value") for entry in _list(names.get("bodies")) if isinstance(entry, Mapping)]
    main = _by_role(names.get("bodies"))
    texts = (
        [main]
        if main
        else [*bodies, *(v for n, v in names.items() if n.startswith("body") and n != "bodies")]
    )
    held = names.get("associations")
    pictures = list(held.values()) if isinstance(held, Mapping) else _list(held)
    people = (
        names.get("byline")
        or names.get("by")
        or _names(names.get("bylines"), "byline", "by", "name", "value")
    )
    return {
        "texts": [text for text in texts if isinstance(text, str)],
        "title": names.get("headline") or _by_role(names.get("headlines")) or names.get("title"),
        "author": _BY.sub("", people) if isinstance(people, str) else _names(people, "name"),
        "outlet": names.get("source")
        or _names(names.get("infosources") or names.get("infosource"), "name", "literal")
        or names.get("provider")
        or names.get("copyrightholder"),
        "published": names.get("firstcreated") or names.get("contentcreated") or names.get("versioncreated"),
        "modified": names.get("versioncreated"),
        "language": names.get("language"),
        "uid": names.get("guid") or names.get("uri"),
        "version": names.get("version") if not isinstance(names.get("version"), Mapping) else None,
        "status": names.get("pubstatus"),
        "embargo": names.get("embargoed"),
        "captions": [
            words
            for each in pictures
            if isinstance(each, Mapping)
            and (words := each.get("description_text") or each.get("body_text") or each.get("headline"))
            and isinstance(words, str)
        ],
        "no_text": None if kind in ("text", "composite", "article") else f"A {kind} item without text.",
        "url": names.get("canonicalurl") or names.get("link") if isinstance(names.get("link"), str) else None,
    }


# Tools that read pages


def _is_fundus(names: Facts) -> bool:
    return isinstance(_get(names.get("body"), "sections"), list) or (
        "plaintext" in names and "publishingdate" in names
    )


def _of_fundus(names: Facts) -> Facts:
    body = names.get("body")
    parts: list[str] = []
    for section in _list(_get(body, "sections")):
        parts += [*_lines(_get(section, "headline")), *_lines(_get(section, "paragraphs"))]
    summary = _lines(_get(body, "summary"))
    return {
        "text": "\n".join([*summary, *parts]) if parts else names.get("plaintext"),
        "title": names.get("title"),
        "author": _names(names.get("authors"), "name"),
        "published": names.get("publishingdate"),
        "modified": names.get("modifieddate"),
        "language": names.get("lang") or names.get("language"),
        "outlet": names.get("publisher"),
        "url": _get(names.get("html"), "requested_url") or names.get("url") or names.get("requestedurl"),
        "remark": "Only a part: the page is behind a paywall." if names.get("freeaccess") is False else None,
    }


def _lines(held: Any) -> list[str]:
    """The strings of a list, or the lines of a string, wherever a version keeps them."""
    if isinstance(held, Mapping):
        held = held.get("texts") or held.get("text") or held.get("_texts")
    if isinstance(held, str):
        return [line for line in held.split("\n") if line.strip()]
    return [line for line in _list(held) if isinstance(line, str) and line.strip()]


def _is_goose(names: Facts) -> bool:
    return "cleanedtext" in names


def _of_goose(names: Facts) -> Facts:
    meta, graph = names.get("meta"), names.get("opengraph")
    return {
        "text": names.get("cleanedtext"),
        "title": names.get("title") or _get(graph, "title"),
        "outlet": _get(graph, "site_name") or names.get("domain"),
        "author": _names(names.get("authors")),
        "published": names.get("publishdate") or names.get("publishdatetimeutc"),
        "url": _get(meta, "canonical") or names.get("finalurl") or _get(graph, "url"),
        "language": _get(meta, "lang"),
    }


def _is_news_please(names: Facts) -> bool:
    return "maintext" in names


def _of_news_please(names: Facts) -> Facts:
    return {
        "text": names.get("maintext"),
        "title": names.get("title") or names.get("titlepage"),
        "author": _names(names.get("authors")),
        "published": names.get("datepublish"),
        "modified": names.get("datemodify"),
        "url": names.get("url"),
        "outlet": names.get("sourcedomain"),
        "language": names.get("language"),
    }


def _is_trafilatura(names: Facts) -> bool:
    return "sourcehostname" in names or {"rawtext", "text", "excerpt", "fingerprint"} <= names.keys()


def _of_trafilatura(names: Facts) -> Facts:
    return {
        "text": names.get("text") or names.get("rawtext"),
        "title": names.get("title"),
        "author": _semicolons(names.get("author")),
        "published": names.get("date"),
        "outlet": names.get("sourcehostname") or names.get("sitename") or names.get("hostname"),
        "url": names.get("source") or names.get("url"),
        "language": names.get("language"),
    }


def _semicolons(names: Any) -> str | None:
    return ", ".join(part.strip() for part in names.split(";")) if isinstance(names, str) else None


def _is_readability(names: Facts) -> bool:
    return "textcontent" in names and "content" in names


def _of_readability(names: Facts) -> Facts:
    return {
        "texts": [names.get("content"), names.get("textcontent")],
        "title": names.get("title"),
        "author": names.get("byline"),
        "outlet": names.get("sitename"),
        "published": names.get("publishedtime") or names.get("datepublished") or names.get("published"),
        "language": names.get("lang"),
        "url": names.get("url"),
    }


def _is_newspaper(names: Facts) -> bool:
    return "topimage" in names and "text" in names and ("metalang" in names or "canonicallink" in names)


def _of_newspaper(names: Facts) -> Facts:
    return {
        "text": names.get("text"),
        "title": names.get("title"),
        "author": _names(names.get("authors")),
        "published": names.get("publishdate"),
        "outlet": names.get("metasitename") or _get(names.get("metadata"), "og", "site_name"),
        "url": names.get("canonicallink") or names.get("url") or names.get("originalurl"),
        "language": names.get("language") or names.get("metalang"),
    }


# Services


def _is_nyt(names: Facts) -> bool:
    return isinstance(names.get("headline"), Mapping) and ("leadparagraph" in names or "weburl" in names)


def _of_nyt(names: Facts) -> Facts:
    abstract, lead = names.get("abstract") or names.get("snippet"), names.get("leadparagraph")
    parts = [part for part in (abstract, lead) if isinstance(part, str) and part.strip()]
    if len(parts) == 2 and (parts[0] in parts[1] or parts[1] in parts[0]):
        parts = [max(parts, key=len)]
    byline = _get(names.get("byline"), "original")
    return {
        "text": "\n".join(parts),
        "title": _get(names.get("headline"), "main") or _get(names.get("headline"), "print_headline"),
        "author": _BY.sub("", byline) if isinstance(byline, str) else None,
        "outlet": names.get("source"),
        "published": names.get("pubdate"),
        "url": names.get("weburl"),
        "remark": "Only a part: the service gives the abstract and the first paragraph.",
    }


def _is_guardian(names: Facts) -> bool:
    return "weburl" in names and "webtitle" in names


def _of_guardian(names: Facts) -> Facts:
    fields = names.get("fields")
    return {
        "texts": [_get(fields, "body"), _get(fields, "bodyText"), *_guardian_blocks(names.get("blocks"))],
        "summary": _get(fields, "trailText") or _get(fields, "standfirst"),
        "title": _get(fields, "headline") or names.get("webtitle"),
        "author": _get(fields, "byline") or _names(
            [tag for tag in _list(names.get("tags")) if _get(tag, "type") == "contributor"], "webTitle"),
        "outlet": _get(fields, "publication") or "The Guardian",
        "published": names.get("webpublicationdate"),
        "modified": _get(fields, "lastModified"),
        "url": names.get("weburl"),
        "language": _get(fields, "lang"),
        "uid": None,
    }  # fmt: skip


def _guardian_blocks(blocks: Any) -> list[str]:
    bodies = [
        _get(block, "bodyHtml") or _get(block, "bodyTextSummary") for block in _list(_get(blocks, "body"))
    ]
    return ["\n".join(body for body in bodies if isinstance(body, str))] if bodies else []


def _is_arc(names: Facts) -> bool:
    return isinstance(names.get("contentelements"), list)


def _of_arc(names: Facts) -> Facts:
    """Arc XP's and other editors' stories: a list of elements."""
    elements = [each for each in names["contentelements"] if isinstance(each, Mapping)]
    texts = [
        str(each.get("content"))
        for each in elements
        if each.get("type") in ("text", "header", "raw_html", "quote") and each.get("content")
    ]
    captions = [each.get("caption") for each in elements if each.get("type") in ("image", "video")]
    address = names.get("canonicalurl") or names.get("websiteurl")
    return {
        "text": "\n".join(text if text.lstrip().startswith("<") else f"<p>{text}</p>" for text in texts),
        "title": _get(names.get("headlines"), "basic") or names.get("title"),
        "author": _names(_get(names.get("credits"), "by"), "name", "byline"),
        "published": names.get("displaydate") or names.get("firstpublishdate") or names.get("publishdate"),
        "modified": names.get("lastupdateddate"),
        "outlet": names.get("canonicalwebsite") or _get(names.get("source"), "name"),
        "url": address if str(address).startswith("http") else None,
        "language": names.get("language"),
        "uid": None if str(address).startswith("http") else names.get("id"),
        "captions": [caption for caption in captions if isinstance(caption, str)],
    }


def _is_drupal(names: Facts) -> bool:
    return isinstance(names.get("attributes"), Mapping) and isinstance(
        _get(names["attributes"], "body"), Mapping
    )


def _of_drupal(names: Facts) -> Facts:
    held = names["attributes"]
    alias = _get(held, "path", "alias")
    return {
        "text": _get(held, "body", "processed") or _get(held, "body", "value"),
        "title": held.get("title"),
        "published": held.get("created"),
        "modified": held.get("changed"),
        "language": held.get("langcode"),
        "status": "unpublished" if held.get("status") is False else None,
        "uid": names.get("id"),
        "url": alias if isinstance(alias, str) and alias.startswith("http") else None,
    }


def _is_wordpress(names: Facts) -> bool:
    return isinstance(_get(names.get("content"), "rendered"), str)


def _of_wordpress(names: Facts) -> Facts:
    utc = names.get("dategmt")
    changed = names.get("modifiedgmt")
    head = names.get("yoastheadjson")
    content = names.get("content")
    return {
        "text": _get(content, "rendered"),
        "title": _get(names.get("title"), "rendered"),
        "author": _names(_get(names.get("embedded"), "author"), "name") or _get(head, "author"),
        "outlet": _get(head, "og_site_name"),
        "published": f"{utc}+00:00" if utc else names.get("date"),
        "modified": f"{changed}+00:00" if changed else names.get("modified"),
        "url": names.get("link"),
        "status": "protected by a password" if _get(content, "protected") else names.get("status"),
        "embargo": (f"{utc}+00:00" if utc else names.get("date"))
        if names.get("status") == "future"
        else None,
        "language": names.get("lang"),
    }


def _is_newsdata(names: Facts) -> bool:
    return "articleid" in names and "sourceid" in names and "pubdate" in names


def _of_newsdata(names: Facts) -> Facts:
    text = names.get("content")
    paid = isinstance(text, str) and text.isupper() and "PLAN" in text
    return {
        "text": names.get("description") if paid or not text else text,
        "title": names.get("title"),
        "author": _names(names.get("creator")),
        "outlet": names.get("sourcename") or names.get("sourceid"),
        "published": f"{names.get('pubdate')} UTC",
        "url": names.get("link"),
        "remark": "Only a part: the service gives a summary without its paid plan." if paid else None,
    }


def _is_webz(names: Facts) -> bool:
    return isinstance(names.get("thread"), Mapping) and "text" in names


def _of_webz(names: Facts) -> Facts:
    thread = names["thread"]
    return {
        "text": names.get("text"),
        "title": names.get("title") or thread.get("title"),
        "author": names.get("author"),
        "outlet": thread.get("site_full") or thread.get("site"),
        "published": names.get("published") or thread.get("published"),
        "url": names.get("url") or thread.get("url"),
    }


def _is_event_registry(names: Facts) -> bool:
    return "datetimepub" in names and "uri" in names and "body" in names


def _of_event_registry(names: Facts) -> Facts:
    return {
        "text": names.get("body"),
        "title": names.get("title"),
        "author": _names(names.get("authors"), "name"),
        "outlet": _get(names.get("source"), "title") or _get(names.get("source"), "uri"),
        "published": names.get("datetimepub") or names.get("datetime") or names.get("date"),
        "url": names.get("url"),
        "language": {"eng": "en", "deu": "de", "fra": "fr", "spa": "es"}.get(
            str(names.get("lang")), names.get("lang")
        ),
    }


def _is_apple_news(names: Facts) -> bool:
    return isinstance(names.get("components"), list) and "identifier" in names


def _of_apple_news(names: Facts) -> Facts:
    """Apple News Format: components with roles, which may hold others."""
    held = list(_components(names["components"]))
    meta = names.get("metadata")
    told = ("body", "heading", "heading1", "heading2", "heading3", "quote", "intro")
    return {
        "text": "\n".join(_paragraphs(text, written) for role, text, written in held if role in told),
        "title": names.get("title") or next((text for role, text, _ in held if role == "title"), None),
        "author": _names(_get(meta, "authors"))
        or next((text for role, text, _ in held if role == "author"), None),
        "published": _get(meta, "datePublished") or _get(meta, "dateCreated"),
        "modified": _get(meta, "dateModified"),
        "url": _get(meta, "canonicalURL"),
        "language": names.get("language"),
        "captions": [text for role, text, _ in held if role == "caption"],
        "uid": names.get("identifier"),
    }


def _components(held: Any, depth: int = 0) -> Iterator[tuple[str, str, str]]:
    """Role, text and format of each component that has a text, in order."""
    for each in _list(held) if depth < 10 else ():
        if isinstance(each, Mapping):
            text = each.get("text")
            if isinstance(text, str):
                yield str(each.get("role")), text, str(each.get("format"))
            yield from _components(each.get("components"), depth + 1)


def _paragraphs(text: str, written: str) -> str:
    """A component's text without the marks of its format."""
    return re.sub(r"\n\s*\n", "\n", plain_text(text)) if written == "markdown" else plain(text)


def _is_trove(names: Facts) -> bool:
    return "articletext" in names and "heading" in names


def _of_trove(names: Facts) -> Facts:
    paper = _get(names.get("title"), "title") or _get(names.get("title"), "value")
    return {
        "text": names.get("articletext"),
        "title": names.get("heading"),
        "outlet": paper,
        "published": names.get("date"),
        "url": names.get("troveurl") or names.get("identifier"),
    }


SHAPES: Sequence[tuple[Callable[[Facts], bool], Callable[[Facts], Facts]]] = (
    (_is_ninjs, _of_ninjs),
    (_is_goose, _of_goose),
    (_is_news_please, _of_news_please),
    (_is_fundus, _of_fundus),
    (_is_trafilatura, _of_trafilatura),
    (_is_readability, _of_readability),
    (_is_newspaper, _of_newspaper),
    (_is_nyt, _of_nyt),
    (_is_guardian, _of_guardian),
    (_is_arc, _of_arc),
    (_is_drupal, _of_drupal),
    (_is_wordpress, _of_wordpress),
    (_is_newsdata, _of_newsdata),
    (_is_webz, _of_webz),
    (_is_event_registry, _of_event_registry),
    (_is_apple_news, _of_apple_news),
    (_is_trove, _of_trove),
    (is_telegram, of_telegram),
    (is_slack, of_slack),
    (is_activity, of_activity),
    (is_reader_entry, of_reader_entry),
    (is_reference, of_reference),
)


def nested_articles(record: Record) -> Iterator[Record]:
    """The text items that a ninjs package carries among its associations."""
    names = {bare(key): value for key, value in record.items()}
    held = names.get("associations")
    if str(names.get("type")).lower() in ("composite", "package") and isinstance(held, Mapping | list):
        for each in held.values() if isinstance(held, Mapping) else held:
            if isinstance(each, Mapping) and str(each.get("type")).lower() == "text":
                yield each
