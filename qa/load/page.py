"""Reads a web page: its main text without menus and notices, and what it says about itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from qa.errors import LoadError
from qa.load.text import decode, read_all
from qa.types import Failure, RawArticle


def read_html(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """One article: a page's main text and its facts."""
    yield page(decode(read_all(stream)), source)


def page(markup: str, source: str) -> RawArticle:
    """The article on a page. Raises LoadError when there is none."""
    import trafilatura

    found = trafilatura.bare_extraction(
        markup, favor_precision=True, include_comments=False, with_metadata=True
    )
    if found is None or not found.text:
        raise LoadError("There is no article on this page.")
    return RawArticle(
        source=source,
        text=found.text,
        title=found.title,
        outlet=found.sitename,
        author=found.author,
        published=found.date,
        url=found.url,
    )
