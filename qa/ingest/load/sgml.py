"""Reads the tagged text of research collections: TREC and Gigaword (`<DOC>`), Reuters-21578 (`<REUTERS>`).

Takes text, gives an article a document. These are not XML: tags are upper case, some are never closed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from qa.types import Failure, RawArticle

_DOCUMENT = re.compile(r"<(DOC|REUTERS)\b([^<>]*)>(.*?)(?:</\1>|(?=<\1\b)|\Z)", re.DOTALL)
_DAY_IN_NUMBER = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d{3})|(?<!\d)(\d\d)(\d\d)(\d\d)(?!\d)")


def is_sgml(text: str) -> bool:
    """Whether a text is such a collection."""
    return re.match(r"\s*(?:<!DOCTYPE lewis[^>]*>\s*)?<(?:DOC|REUTERS)\b", text) is not None


def read_sgml(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """The article of each document that has a text."""
    found = list(_DOCUMENT.finditer(text.replace("\r\n", "\n")))
    for number, match in enumerate(found, start=1):
        facts, inside = match[2], match[3]
        name = _within(inside, "DOCNO", "DOCID") or _fact(facts, "id", "NEWID")
        place = f"{source}#{name or number}" if len(found) > 1 or name else source
        body = _raw(inside, "BODY") or _raw(inside, "TEXT") or ""
        body = re.sub(r"(?s)<(TITLE|DATELINE|AUTHOR)>.*?</\1>", "", body)
        paragraphs = re.split(r"</?P>|\n\s*\n|\n(?=[ \t]{3,}\S)", body)
        lines = [" ".join(re.sub(r"<[^<>]*>", " ", html.unescape(part)).split()) for part in paragraphs]
        story = "\n".join(line for line in lines if line and line.lower() not in ("reuter", "&#3;"))
        if not any(map(str.isalnum, story)):
            yield Failure(place, "The document has no text.")
            continue
        yield RawArticle(
            place,
            story.strip("\x03 \n"),
            title=_within(inside, "HEADLINE", "HEAD", "HL", "TITLE", "TI"),
            author=_within(inside, "BYLINE", "AUTHOR"),
            published=_within(inside, "DATE", "DATE_TIME", "DATETIME", "DD", "PUBDATE") or _day_of(name),
            outlet=_within(inside, "SOURCE", "PUB", "SO"),
        )


def _raw(text: str, tag: str) -> str | None:
    match = re.search(rf"<{tag}\b[^<>]*>(.*?)(?:</{tag}>|\Z)", text, re.DOTALL)
    return match[1] if match else None


def _within(text: str, *tags: str) -> str | None:
    for tag in tags:
        match = re.search(rf"<{tag}\b[^<>]*>(.*?)</{tag}>", text, re.DOTALL)
        words = " ".join(re.sub(r"<[^<>]*>", " ", html.unescape(match[1])).split()) if match else ""
        if words:
            return words
    return None


def _fact(facts: str, *names: str) -> str | None:
    for name in names:
        match = re.search(rf"\b{name}\s*=\s*[\"']?([^\"'\s>]+)", facts, re.IGNORECASE)
        if match:
            return match[1]
    return None


def _day_of(number: str | None) -> str | None:
    """The day within a document's number: APW_ENG_20100104.0001, AP880212-0001."""
    match = _DAY_IN_NUMBER.search(number or "")
    if match is None:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (f"19{match[4]}", match[5], match[6])
    return f"{year}-{month}-{day}"
