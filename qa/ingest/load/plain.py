"""Reads `.txt` and Markdown: what agencies and archives send as text, and articles with a header of facts.

Which of these a text is, its first lines say. What none of them claims is one article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from qa.ingest.load.mail import is_mbox, read_mbox
from qa.ingest.load.markdown import plain_text
from qa.ingest.load.movable_type import is_movable_type, read_movable_type
from qa.ingest.load.records import Fields, article_of
from qa.ingest.load.references import is_ris, of_ris
from qa.ingest.load.research import research_reader
from qa.ingest.load.sgml import is_sgml, read_sgml
from qa.ingest.load.shortcut import refuse_addresses
from qa.ingest.load.subtitles import is_subtitles, of_subtitles
from qa.ingest.load.text import decode, read_all, unwrapped
from qa.ingest.load.wire import is_7901, is_anpa, read_7901, read_anpa
from qa.types import Failure, Notice, RawArticle

MAX_MATTER = 50_000  # characters of front matter
HEADER_LINES = 14

_FIELDS = frozenset(
    [
        "title",
        "headline",
        "author",
        "authors",
        "byline",
        "by",
        "source",
        "outlet",
        "publisher",
        "publication",
        "site",
        "date",
        "published",
        "pubdate",
        "url",
        "link",
        "canonical",
        "modified",
        "updated",
        "language",
        "lang",
        "embargo",
        "embargoed",
        "status",
        "draft",
    ]
)
_HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z ]{0,20}?)[ \t]*:[ \t]+(\S.*)")
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_TOML_MATTER = re.compile(r"\s*\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|$)", re.DOTALL)
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{1,300}\|)?([^\[\]\n]{1,300})\]\]")
_FOOTNOTE = re.compile(r"^\[\^[^\]\s]{1,40}\]:.*(?:\n[ \t]+\S.*)*\n?", re.MULTILINE)
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,40}\]")


def read_text(
    stream: BinaryIO, source: str, *, fields: Fields | None = None
) -> Iterator[RawArticle | Failure | Notice]:
    """The articles of a wire, an archive's download or a mailbox; else the whole file as one article."""
    data = read_all(stream)
    text = decode(data)
    refuse_addresses(text)
    archive = research_reader(text)
    if is_anpa(text):
        yield from read_anpa(text, source)
    elif is_7901(text):
        yield from read_7901(text, source)
    elif archive:
        yield from archive(text, source)
    elif is_mbox(data[:4096]):
        yield from read_mbox(stream, source)
    elif is_sgml(text):
        yield from read_sgml(text, source)
    elif is_subtitles(text):
        yield of_subtitles(text, source)
    elif is_movable_type(text):
        yield from read_movable_type(text, source)
    elif is_ris(text):
        yield from of_ris(text, source)
    else:
        facts, body = _header(text)
        yield from _with_facts(unwrapped(body), facts, source)


def read_markdown(
    stream: BinaryIO, source: str, *, fields: Fields | None = None
) -> Iterator[RawArticle | Failure | Notice]:
    """One article: headings and lists keep their marks, links and emphasis become their words."""
    text = decode(read_all(stream)).replace("\r\n", "\n")
    facts, body = _header(text)
    body = plain_text(_FOOTNOTE_MARK.sub("", _FOOTNOTE.sub("", _WIKI_LINK.sub(r"\1", body))))
    first, _, _ = body.partition("\n")
    if first.startswith("# ") and not facts.keys() & {"title", "headline"}:
        facts["title"] = first.strip("# ")
    yield from _with_facts(unwrapped(body), facts, source)


def _with_facts(text: str, facts: dict[str, Any], source: str) -> Iterator[RawArticle | Failure | Notice]:
    """The article of a text and the facts above it, which are named as in any record."""
    facts = {
        name: value for name, value in facts.items() if name.lower() not in ("text", "body", "content", "id")
    }
    facts.pop("description", None)
    if "published" not in facts and "date" in facts:
        facts.pop("created", None)  # when the note was made
    for found in article_of({**facts, "text": "-"}, source, number=None):
        yield replace(found, source=source, text=text) if isinstance(found, RawArticle) else found


def _header(text: str) -> tuple[dict[str, Any], str]:
    """The facts in YAML or TOML front matter or in `Name: value` lines above an empty one, and the text
    below.
    """
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    matter = _FRONT_MATTER.match(text[:MAX_MATTER])
    if matter:
        return _of_yaml(matter.group(1)), text[matter.end() :]
    toml = _TOML_MATTER.match(text[:MAX_MATTER])
    if toml:
        return _of_toml(toml.group(1)), text[toml.end() :]
    head, gap, body = text.lstrip("\n").partition("\n\n")
    if "\n" not in head and not _HEADER_LINE.fullmatch(head):  # the title stands above the facts
        inner, gap_below, rest = body.lstrip("\n").partition("\n\n")
        facts = _of_header(inner.split("\n")) if gap_below else {}
        if len(facts.keys() & _FIELDS) > 1:
            return facts, f"{head}\n\n{rest}"
    lines = head.split("\n")
    facts = _of_header(lines) if gap else {}
    return (facts, body) if facts.keys() & _FIELDS else ({}, text)


def _of_header(lines: list[str]) -> dict[str, Any]:
    """The facts of lines that are all `Name: value`; none where one is not."""
    whole = len(lines) <= HEADER_LINES and all(_HEADER_LINE.fullmatch(line.strip()) for line in lines)
    return _of_lines(lines) if whole else {}


def _of_lines(lines: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in lines:
        match = _HEADER_LINE.fullmatch(line.strip())
        if match:
            name = match.group(1).lower().strip()
            found.setdefault(
                {"site": "outlet", "by": "author"}.get(name, name), match.group(2).strip().strip("\"'[]")
            )
    return found


def _of_yaml(written: str) -> dict[str, Any]:
    """Front matter's facts; of YAML that is broken, its plain lines."""
    import yaml

    try:
        held = yaml.load(written, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        held = None
    facts = held if isinstance(held, dict) else _of_lines(written.split("\n"))
    return {str(name).lower(): _unlinked(value) for name, value in facts.items()}


def _of_toml(written: str) -> dict[str, Any]:
    import tomllib

    try:
        held = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, RecursionError):
        return _of_lines([line.replace(" = ", ": ") for line in written.split("\n")])
    return {
        name.lower(): value if isinstance(value, bool | list | dict) else str(value)
        for name, value in held.items()
    }


def _unlinked(value: Any) -> Any:
    """`[[Jane Doe]]` as her name, wherever YAML or a reader of it put the brackets; "true" as what it
    says.
    """
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if isinstance(value, list):
        return [_unlinked(each) for each in value[:100]]
    if isinstance(value, str):
        if value in ("true", "false"):
            return value == "true"
        return _WIKI_LINK.sub(r"\1", value)
    return value
