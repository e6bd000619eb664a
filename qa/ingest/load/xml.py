"""Reads XML: its root element says whether it is a feed, an agency's message, an export or a tool's output.

A list that holds no article, a sitemap or a list of feeds, is named, with what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from qa.errors import LoadError
from qa.ingest.load.elements import is_jats, is_scan, of_jats, read_elements, read_scan
from qa.ingest.load.feed import feed
from qa.ingest.load.fragment import text_of_html, text_of_tree
from qa.ingest.load.iptc import is_iptc, read_iptc
from qa.ingest.load.markup import child, is_cut, parse_xml, value, words
from qa.ingest.load.office import read_odt
from qa.ingest.load.page import page
from qa.ingest.load.text import read_all
from qa.ingest.load.wiki import is_wiki, read_wiki
from qa.ingest.load.wordpress import is_wordpress, read_wordpress
from qa.types import Failure, Notice, RawArticle

SHOWN_ADDRESSES = 3

_HEAD = 4096
_HTML = re.compile(
    rb"^[^<]*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s>/]")
_FEEDS = frozenset({"rss", "feed", "rdf", "channel"})
_WORDPRESS = re.compile(rb"wordpress\.org/export/|<wp:wxr_version")


def read_xml(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure | Notice]:
    """Each entry of a feed, each article of an agency's message or an export; a page gives its article."""
    data = read_all(stream)
    if _HTML.match(data[:_HEAD]):
        yield page(data, source)
        return
    root = _root_of(data)
    if root in _FEEDS and not _WORDPRESS.search(data[:_HEAD]):
        yield from feed(data, source)
        return
    if root == "office:document" or (root == "document" and b"opendocument" in data[:_HEAD]):
        stream.seek(0)
        yield from read_odt(stream, source)
        return
    yield from _of_tree(parse_xml(data), data, source)


def _root_of(data: bytes) -> str:
    """The name of the first element, in lower case and without a prefix; "" where there is none."""
    head = re.sub(rb"(?s)<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", b"", data[: 16 * _HEAD])
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")
    match = _ROOT.search(head)
    return match.group(1).decode("ascii").lower() if match else ""


def _of_tree(root: Any, data: bytes, source: str) -> Iterator[RawArticle | Failure | Notice]:
    if is_iptc(root):
        yield from read_iptc(root, source)
    elif is_wordpress(root):
        yield from read_wordpress(root, source)
    elif root.tag in ("TEI", "teiCorpus") or (root.tag == "doc" and child(root, "main") is not None):
        yield from _of_trafilatura(root, source)
    elif is_wiki(root):
        yield from read_wiki(root, source)
    elif is_scan(root):
        yield from read_scan(root, source)
    elif is_jats(root):
        yield of_jats(root, source)
    elif root.tag == "en-export":
        yield from _of_evernote(root, source)
    elif root.tag in ("urlset", "sitemapindex"):
        raise LoadError(_sitemap(root))
    elif root.tag in ("opml", "OPML"):
        raise LoadError(_subscriptions(root))
    elif root.tag == "html":
        yield page(data, source)
        return
    else:
        yield from read_elements(root, source)
    if is_cut(root):
        yield Failure(source, "The XML is cut short; what could be read of it was.")


def _sitemap(root: Any) -> str:
    links = [found for node in root.iter("loc") if (found := words(node))]
    what = "sitemap of sitemaps" if root.tag == "sitemapindex" else "sitemap"
    shown = " ".join(links[:SHOWN_ADDRESSES])
    return (
        f"It is a {what}: a list of {len(links):,} addresses, and no article. "
        f"Load the addresses: `python ingest.py {shown}{' …' if len(links) > SHOWN_ADDRESSES else ''}`."
    )


def _subscriptions(root: Any) -> str:
    links = [found for node in root.iter("outline") if (found := value(node, "xmlUrl"))]
    shown = " ".join(links[:SHOWN_ADDRESSES])
    return (
        f"It is a list of {len(links):,} feeds (OPML), and no article. "
        f"Load the addresses: `python ingest.py {shown}{' …' if len(links) > SHOWN_ADDRESSES else ''}`."
    )


def _of_evernote(root: Any, source: str) -> Iterator[RawArticle | Failure]:
    """The notes of an Evernote export, each an article that was clipped."""
    for number, note in enumerate(root.iter("note"), start=1):
        place, title = f"{source}#{number}", words(child(note, "title"))
        written = "".join(held.itertext()) if (held := child(note, "content")) is not None else ""
        text = text_of_html(re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", "", written))
        if not text.strip():
            yield Failure(place, f"The note {title!r} has no text.")
            continue
        yield RawArticle(
            place,
            text,
            title=title,
            author=words(child(note, "author")),
            published=words(child(note, "created")),
            modified=words(child(note, "updated")),
            url=words(child(note, "source-url")),
        )


def _of_trafilatura(root: Any, source: str) -> Iterator[RawArticle | Failure]:
    """The articles of trafilatura's XML, its own or TEI."""
    documents = list(root.iter("TEI")) if root.tag == "teiCorpus" else [root]
    for number, document in enumerate(documents, start=1):
        place = source if len(documents) == 1 else f"{source}#{number}"
        found = _of_tei(document, place) if document.tag == "TEI" else _of_doc(document, place)
        yield found if found.text.strip() else Failure(place, "The document has no text.")


def _of_doc(document: Any, source: str) -> RawArticle:
    main = child(document, "main")
    return RawArticle(
        source=source,
        text=text_of_tree(main if main is not None else document),
        title=value(document, "title"),
        outlet=value(document, "sitename") or value(document, "hostname"),
        author=(value(document, "author") or "").replace(";", ",") or None,
        published=value(document, "date"),
        url=value(document, "source") or value(document, "url"),
        language=value(document, "language"),
    )


def _paper(head: Any) -> str | None:
    """The newspaper that a TEI file was made of, which is not who made it."""
    described = child(head, "sourceDesc")
    titles = described.iter("title") if described is not None else ()
    return next((words(node) for node in titles if value(node, "level") == "j"), None)


def _without_apparatus(body: Any) -> None:
    """Takes an edition's notes away, and line ends of the print: `har<lb break="no"/>bour` is one word."""
    for node in list(body.iter("note", "fw", "lb")):
        broken = node.tag == "lb" and value(node, "break") != "no"
        node.clear(keep_tail=True)
        node.tag, node.text = "seg", " " if broken else None


def _of_tei(document: Any, source: str) -> RawArticle:
    head, body = child(document, "teiHeader"), child(document, "text", "body")
    for comments in list(body.iterdescendants("div")) if body is not None else ():
        if value(comments, "type") == "comments" and comments.getparent() is not None:
            comments.getparent().remove(comments)
    if body is not None and value(child(head, "application"), "ident") != "Trafilatura":
        _without_apparatus(body)
    dated = (
        [node for node in head.iter("date") if words(node) or value(node, "when")] if head is not None else []
    )
    return RawArticle(
        source=source,
        text=text_of_tree(body) if body is not None else "",
        title=words(child(head, "titleStmt", "title")) or words(child(head, "title")),
        outlet=_paper(head)
        or words(child(head, "publicationStmt", "publisher"))
        or words(child(head, "publisher")),
        author=", ".join(dict.fromkeys(filter(None, map(words, child(head, "fileDesc").iter("author")))))
        or None
        if child(head, "fileDesc") is not None
        else None,
        published=next(
            (value(node, "when") or words(node) for node in dated if value(node, "type") != "download"), None
        ),
        url=value(child(head, "ptr"), "target"),
        language=value(document, "lang"),
    )
