"""Reads what agencies send as XML: NITF, NewsML-G2 and NewsML 1, alone or one within the other.

Takes a parsed tree, gives an article for each text in it; an item that is a picture, a package or a note is a
Notice. Statuses, versions and embargoes are handed on as written. The formats: iptc.org/standards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from qa.errors import LoadError
from qa.ingest.load.fragment import text_of_html, text_of_tree
from qa.ingest.load.markup import child, value, words
from qa.types import Failure, Notice, RawArticle

_KEYED = re.compile(r"^[\w.-]+:")  # the scheme of a qcode: `stat:usable`
_USABLE = frozenset({"usable", "", "embargoed"})


def is_iptc(root: Any) -> bool:
    """Whether a tree is one of these formats."""
    return root.tag in ("nitf", "newsMessage", "newsItem", "NewsML", "packageItem", "newsItems", "newsitem")


def read_iptc(root: Any, source: str) -> Iterator[RawArticle | Failure | Notice]:
    """The articles of one document. Raises LoadError when it holds none at all."""
    if root.tag == "nitf":
        yield of_nitf(root, source)
        return
    items = list(root.iter("newsItem", "NewsItem", "newsitem"))
    readers = {"newsItem": _of_g2, "NewsItem": _of_newsml_1, "newsitem": _of_rcv1}
    others = list(root.iter("packageItem", "conceptItem", "knowledgeItem", "planningItem"))
    alone = len(items) + len(others) == 1
    for number, item in enumerate(items, start=1):
        yield readers[item.tag](item, source if alone else f"{source}#{value(item, 'guid') or number}")
    for other in others:
        yield Notice(
            f"{source}#{value(other, 'guid') or other.tag}", f"A {other.tag} holds no text of its own."
        )
    if not items and not others:
        raise LoadError("The NewsML message holds no item.")


# NITF: iptc.org/std/NITF


def of_nitf(root: Any, source: str) -> RawArticle:
    """The article of one NITF document. Raises LoadError when its body is empty."""
    content = child(root, "body.content")
    if content is None:
        content = child(root, "body")
    captions = tuple(
        text for node in root.iter("media-caption", "caption") if (text := words(node)) and len(text) > 1
    )
    text = text_of_tree(content) if content is not None else ""
    if not text.strip():
        raise LoadError("The NITF document has no text in its body.")
    identity = child(root, "doc-id")
    key = child(root, "du-key")
    data = child(root, "docdata")
    return RawArticle(
        source=source,
        text=text,
        title=_nitf_headline(root),
        outlet=_nitf_outlet(root),
        author=_nitf_author(root),
        published=_norm(child(root, "date.issue"))
        or value(child(root, "pubdata"), "date.publication")
        or _norm(child(root, "story.date"))
        or words(child(root, "story.date"))
        or _norm(child(root, "date.release")),
        modified=_nitf_modified(root),
        url=value(child(root, "pubdata"), "ex-ref") or _web(value(child(root, "doc-id"), "id-string")),
        language=value(child(root, "body"), "lang") or value(root, "lang"),
        uid=_global(value(identity, "id-string") or value(key, "key"), value(identity, "regsrc"), "nitf"),
        version=value(key, "generation") or value(key, "version"),
        withdrawn=_withdrawn(value(data, "management-status")),
        embargo=_norm(child(root, "date.release")),
        captions=captions,
    )


def _nitf_headline(root: Any) -> str | None:
    for path in (("body.head", "hl1"), ("hl1",), ("body.head", "hedline"), ("head", "title")):
        if found := words(child(root, *path)):
            return found
    return None


def _nitf_author(root: Any) -> str | None:
    """Names from each byline, without titles (`byttl`) and the agency's own line."""
    names = []
    for line in root.iter("byline"):
        people = [found for node in line.iter("person") if (found := words(node))]
        for title in list(line.iter("byttl", "virtloc")):
            title.tail, tail = None, title.tail
            parent = title.getparent()
            before = title.getprevious()
            parent.remove(title)
            if before is not None:
                before.tail = f"{before.tail or ''} {tail or ''}"
            else:
                parent.text = f"{parent.text or ''} {tail or ''}"
        names.append(", ".join(people) or words(line) or "")
    return (
        ", ".join(dict.fromkeys(filter(None, (re.sub(r"^\s*by\s+", "", n, flags=re.I) for n in names))))
        or None
    )


def _nitf_outlet(root: Any) -> str | None:
    return (
        words(child(root, "body.head", "distributor"))
        or value(child(root, "pubdata"), "name")
        or value(child(root, "doc.copyright"), "holder")
        or words(child(root, "copyrite.holder"))
        or value(child(root, "pubdata"), "issn")
        or value(child(root, "doc-id"), "regsrc")
    )


def _nitf_modified(root: Any) -> str | None:
    revised = [found for node in root.iter("revision-history") if (found := value(node, "norm"))]
    return max(revised, default=None) or value(child(root, "date.modified"), "norm")


def _norm(node: Any) -> str | None:
    return value(node, "norm")


# NewsML-G2: iptc.org/standards/newsml-g2


def _of_g2(item: Any, source: str) -> RawArticle | Failure | Notice:
    kind = _bare(value(child(item, "itemClass"), "qcode"))
    try:
        article = _g2_content(item, source)
    except LoadError as error:
        article, reason = None, str(error)
    else:
        reason = "Its content is kept elsewhere (remoteContent)."
    if article is None:
        if kind and kind != "text":
            return Notice(source, f"An item that is {kind} and no text.")
        return Failure(source, f"The item has no text. {reason}")
    meta = child(item, "contentMeta")
    itemed = child(item, "itemMeta")
    return replace(
        article,
        title=_g2_headline(item) or article.title,
        outlet=_g2_name(child(item, "provider")) or _g2_name(child(item, "infoSource"))
        or _g2_name(child(item, "copyrightHolder")) or article.outlet,
        author=_g2_author(meta) or article.author,
        published=words(child(item, "firstCreated")) or words(child(item, "contentCreated"))
        or words(child(item, "versionCreated")) or article.published,
        modified=words(child(item, "versionCreated")) or words(child(item, "contentModified")),
        url=_g2_address(item) or article.url,
        language=value(child(meta, "language") if meta is not None else None, "tag")
        or value(item, "lang") or article.language,
        uid=value(item, "guid") or article.uid,
        version=value(item, "version") or article.version,
        withdrawn=_withdrawn(_bare(value(child(itemed, "pubStatus") if itemed is not None else None,
        "qcode"))) or article.withdrawn,
        embargo=words(child(itemed, "embargoed") if itemed is not None else None) or article.embargo,
    )  # fmt: skip


def _g2_content(item: Any, source: str) -> RawArticle | None:
    """The longest text of its renditions: NITF, XHTML or plain; None when it has none inline."""
    found: list[RawArticle] = []
    for part in item.iter("inlineXML", "inlineData"):
        nested = child(part, "nitf")
        if nested is not None:
            found.append(of_nitf(nested, source))
        elif len(part):
            body = child(part, "body")
            captions = tuple(text for node in part.iter("figcaption") if (text := words(node)))
            title = words(child(part, "h1")) or words(child(part, "title"))
            found.append(
                RawArticle(source, text_of_tree(body if body is not None else part), title, captions=captions)
            )
        elif words(part):
            written = "".join(part.itertext())
            markup = "html" in (value(part, "contenttype") or "") or re.search(r"</\w+>", written)
            found.append(RawArticle(source, text_of_html(written) if markup else written.strip()))
    return max((each for each in found if each.text.strip()), key=lambda each: len(each.text), default=None)


def _g2_headline(item: Any) -> str | None:
    """The headline without a role, or the main one; else the first."""
    lines = [node for node in item.iter("headline") if words(node)]
    plain = (node for node in lines if not value(node, "role") or "main" in str(value(node, "role")))
    return words(next(plain, lines[0] if lines else None))


def _g2_author(meta: Any) -> str | None:
    if meta is None:
        return None
    named = [words(node) for node in meta.iter("by")] or [
        _g2_name(node) for node in meta.iter("creator", "contributor") if child(node, "name") is not None
    ]
    return ", ".join(dict.fromkeys(filter(None, named))) or None


def _g2_name(node: Any) -> str | None:
    """The name of a party: as words, else the literal or the code it goes by."""
    return (
        words(child(node, "name")) or value(node, "literal") or _bare(value(node, "qcode")) or None
        if node is not None
        else None
    )


def _g2_address(item: Any) -> str | None:
    for node in item.iter("link"):
        if "canonical" in (value(node, "rel") or "").lower() and (found := _web(value(node, "href"))):
            return found
    return _web(value(item, "guid"))


# NewsML 1: the older standard, still sent


def _of_newsml_1(item: Any, source: str) -> RawArticle | Failure | Notice:
    content = child(item, "DataContent")
    nested = child(item, "nitf")
    pieces = [
        text
        for node in item.iter("DataContent")
        if (text := text_of_tree(next((b for b in node.iter("body.content", "body")), node))).strip()
    ]
    if not pieces:
        kind = value(child(item, "MediaType"), "FormalName") or value(
            child(item, "NewsItemType"), "FormalName"
        )
        if content is None or (kind or "").lower() not in ("", "text", "news"):
            return Notice(source, f"An item without text of its own ({kind or 'no content'}).")
        return Failure(source, "The item has no text.")
    inner = of_nitf(nested, source) if nested is not None else RawArticle(source, max(pieces, key=len))
    identity = [words(child(item, name)) for name in ("ProviderId", "DateId", "NewsItemId")]
    managed = child(item, "NewsManagement")
    return replace(
        inner,
        title=words(child(item, "HeadLine")) or inner.title,
        outlet=inner.outlet or value(child(item, "Provider", "Party"), "FormalName")
        or words(child(item, "CopyrightHolder")) or words(child(item, "CreditLine")),
        author=words(child(item, "ByLine")) or inner.author,
        published=words(child(item, "FirstCreated")) or words(child(item, "DateAndTime")) or inner.published,
        modified=words(child(item, "ThisRevisionCreated")),
        language=value(child(item, "Language"), "FormalName") or inner.language,
        uid=words(child(item, "PublicIdentifier")) or ":".join(filter(None, identity)) or inner.uid,
        version=words(child(item, "RevisionId")),
        withdrawn=_withdrawn(value(child(managed, "Status") if managed is not None else None, "FormalName")),
        embargo=words(child(managed, "StatusWillChange", "DateAndTime")) if managed is not None
        and (value(child(managed, "Status"), "FormalName") or "").lower() == "embargoed" else inner.embargo,
    )  # fmt: skip


def _of_rcv1(item: Any, source: str) -> RawArticle | Failure:
    """A `<newsitem>` of Reuters' corpora."""
    body = child(item, "text")
    text = text_of_tree(body) if body is not None else ""
    if not text.strip():
        return Failure(source, "The item has no text.")
    day = next(
        (value(node, "value") for node in item.iter("dc") if "published" in (node.get("element") or "")), None
    )
    return RawArticle(
        source,
        text,
        title=words(child(item, "headline")) or words(child(item, "title")),
        author=words(child(item, "byline")),
        published=value(item, "date") or day,
        language=value(item, "lang"),
        uid=_global(value(item, "itemid"), "reuters", "rcv1"),
    )


def _global(number: str | None, owner: str | None, kind: str) -> str | None:
    """An identity that holds beyond one sender: a URN as it is, a bare number only with whose it is."""
    if not number or ":" in number or (not number.isdecimal() and len(number) > 8):
        return number
    return f"{kind}:{owner}:{number}" if owner else None


def _withdrawn(status: str | None) -> str | None:
    """The status, where it says that the item must not be told."""
    bare = (status or "").strip().lower()
    return None if bare in _USABLE else bare


def _bare(code: str | None) -> str | None:
    return _KEYED.sub("", code).strip() or None if code else None


def _web(written: str | None) -> str | None:
    return written if written and re.match(r"https?://", written) else None
