"""Parses XML that others wrote: names without their namespaces, named characters known, nothing fetched.

Takes bytes, gives an lxml tree. Refuses documents whose entities expand into one another. Knows no format.
"""

from __future__ import annotations

import html
import re
from contextlib import suppress
from typing import Any

from qa.errors import LoadError
from qa.ingest.load.text import MAX_BYTES, decode

MAX_ENTITIES = 300  # the named characters of HTML, as old DTDs spell them out, are 253
MAX_DEPTH = 2_000  # elements in elements

_DECLARED = re.compile(r"<!ENTITY\s+(?:%\s+)?[\w.:-]+\s+(?:SYSTEM|PUBLIC)?[^>]*>", re.IGNORECASE)
_NESTED = re.compile(r"""<!ENTITY\s+(?:%\s+)?[\w.:-]+\s+["'][^"'>]*&[A-Za-z][\w.-]*;""", re.IGNORECASE)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,80}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\s+[^\[>]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_BAD_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z][\w.-]{0,40}|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


def parse_xml(data: bytes) -> Any:
    """The root of a document, its tags without namespaces. Raises LoadError for what is no XML at all.

    What is damaged or cut short is read as far as it goes; `is_cut(root)` then says so.
    """
    from lxml import etree

    if len(data) > MAX_BYTES:
        raise LoadError(f"It holds more than {MAX_BYTES // 2**20} MB. Split it.")
    declared = _ENCODING.match(data[:200])
    text = decode(data, declared=declared.group(1).decode("ascii") if declared else None)
    text = _plain_entities(_PROLOGUE.sub("", _BAD_CHARS.sub("", text.lstrip("\ufeff"))))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True,
        remove_pis=True, strip_cdata=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise LoadError(f"The XML is broken: {error}.") from None
    if root is None:
        raise LoadError("The XML is broken: nothing of it can be read.")
    for node in root.iter(etree.Element):
        if "}" in node.tag or ":" in node.tag:
            with suppress(ValueError):  # a damaged name, which lxml reads and does not write
                node.tag = re.sub(r"^(?:\{[^}]*\}|[\w.-]+:)", "", node.tag)
    cut = [
        error for error in parser.error_log if "Premature end" in error.message or "EndTag" in error.message
    ]
    if cut:
        root.set("dateline-cut", cut[0].message)
    return root


def is_cut(root: Any) -> bool:
    """Whether the document ended before it was complete."""
    return root.get("dateline-cut") is not None


def child(node: Any, *path: str) -> Any:
    """The first element at the end of a path of tags, anywhere on the way; None when there is none."""
    for tag in path:
        node = next(node.iterdescendants(tag), None) if node is not None else None
    return node


def words(node: Any) -> str | None:
    """All text in an element on one line; None when it is missing or empty."""
    return (" ".join("".join(node.itertext()).split()) or None) if node is not None else None


def value(node: Any, name: str) -> str | None:
    """An attribute, whatever its namespace; None when it, or the element, is missing or empty."""
    if node is None:
        return None
    found = node.get(name) or next(
        (each for key, each in node.items() if key.rpartition("}")[2] == name), None
    )
    return found.strip() or None if found else None


def _plain_entities(text: str) -> str:
    """`&eacute;` and the document's own plain entities as characters. Raises LoadError for ones within
    ones.
    """
    doctype = _DOCTYPE.search(text[:200_000])
    own: dict[str, str] = {}
    if "<!ENTITY" in text[:200_000].upper():
        head = text[:200_000]
        if len(_DECLARED.findall(head)) > MAX_ENTITIES or _NESTED.search(head):
            raise LoadError("It defines entities that expand into one another: a trap, refused.")
        own = dict(re.findall(r"""<!ENTITY\s+([\w.:-]+)\s+["']([^"'<>]{0,200})["']\s*>""", head))
    if doctype:
        text = text[: doctype.start()] + text[doctype.end() :]
    if "&" not in text:
        return text

    def replaced(match: re.Match[str]) -> str:
        name = match[1]
        if name in _XML_ENTITIES:
            return match.group()
        written = own.get(name)
        character = html.unescape(written) if written is not None else html.unescape(match.group())
        return html.escape(character) if character != match.group() else f"&amp;{name};"

    return _LOOSE_AMPERSAND.sub("&amp;", _NAMED.sub(replaced, text))
