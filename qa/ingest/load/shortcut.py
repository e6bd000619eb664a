"""Reads what only points to pages: shortcuts (.url, .webloc), lists of addresses, a browser's bookmarks.

None of these holds an article: each is a LoadError that names the addresses and says how to load them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from qa.errors import LoadError
from qa.ingest.load.text import decode, read_all
from qa.types import RawArticle

SHOWN = 3  # addresses that are named

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_BOOKMARKS = re.compile(rb"^\s*<!DOCTYPE NETSCAPE-Bookmark-file-1>", re.IGNORECASE)


def read_shortcut(stream: BinaryIO, source: str) -> Iterator[RawArticle]:
    """Raises LoadError: a shortcut to a page is not the page."""
    found = [
        address
        for address in _ADDRESS.findall(html.unescape(decode(read_all(stream))))
        if "apple.com/DTDs" not in address
    ]
    if not found:
        raise LoadError("It is a shortcut, and names no web address.")
    raise LoadError(load_them("It is a shortcut to a page", found[:1]))
    yield  # pragma: no cover - makes it a generator, as readers are


def is_address_list(text: str) -> bool:
    """Whether each line of a text is an address, and nothing else."""
    lines = text.split()
    return (
        bool(lines) and len(lines) == len(text.strip().splitlines()) and all(map(_ADDRESS.fullmatch, lines))
    )


def refuse_addresses(text: str) -> None:
    """Raises LoadError for a list of addresses."""
    if is_address_list(text):
        found = text.split()
        raise LoadError(load_them(f"It is a list of {len(found):,} addresses, and no article", found))


def refuse_bookmarks(data: bytes) -> None:
    """Raises LoadError for the bookmarks that a browser or a service exports."""
    if _BOOKMARKS.match(data[:400]):
        found = re.findall(r'(?i)<a[^>]*href="(https?://[^"]+)"', decode(data))
        raise LoadError(load_them(f"It is a list of {len(found):,} bookmarks, and no article", found))


def load_them(what: str, addresses: Sequence[str]) -> str:
    """A sentence that says what there is, and the command that loads the addresses."""
    more = " …" if len(addresses) > SHOWN else ""
    shown = " ".join(html.unescape(each) for each in addresses[:SHOWN])
    return f"{what}. Load the page{'s' if len(addresses) > 1 else ''}: `python ingest.py {shown}{more}`."
