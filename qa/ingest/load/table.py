"""Reads articles kept as a table: CSV with a header row, separated by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from qa.errors import LoadError
from qa.ingest.load.records import (
    MAX_LINE_BYTES,
    Fields,
    article_of,
    may_hold_text,
    without_texts,
)
from qa.ingest.load.text import decode
from qa.types import Failure, Notice, RawArticle

_SAMPLE = 65_536  # bytes that tell encoding and separator


def read_csv(
    stream: BinaryIO, source: str, *, fields: Fields | None = None
) -> Iterator[RawArticle | Failure | Notice]:
    """Each row's article, one row in memory at a time. Columns are named as fields of JSON are."""
    sample = stream.read(_SAMPLE)
    if not sample.strip():
        raise LoadError("The file is empty.")
    head = decode(sample)
    stream.seek(0)
    separator = re.match(r"\ufeff?sep=(.)\r?\n", head)  # what Excel takes for the separator, and writes
    text = io.TextIOWrapper(stream, encoding=_encoding(sample), errors="replace", newline="")
    csv.field_size_limit(MAX_LINE_BYTES)
    try:
        if separator:
            text.readline()
        delimiter = separator[1] if separator else _delimiter(head)
        rows = csv.DictReader((line.replace("\0", "") for line in text), delimiter=delimiter)
        if not rows.fieldnames or len(rows.fieldnames) < 2:
            raise LoadError("It has no header row with at least two columns, such as title,text,date.")
        if not fields and not may_hold_text(rows.fieldnames):
            yield _addresses(rows, source)
            return
        yield from _articles(rows, source, fields)
    except csv.Error as error:
        yield Failure(source, f"The table breaks off: {error}. The rows before that were read.")
    finally:
        text.detach()  # the stream belongs to whoever opened it


def _addresses(rows: csv.DictReader[str], source: str) -> Failure:
    """What to say of a table without a column for texts."""
    columns = ", ".join(name for name in rows.fieldnames or () if name)[:200]
    listed = [
        value for row in rows for value in row.values()
        if isinstance(value, str) and re.match(r"https?://[^/\s]+/\S", value)
    ]  # fmt: skip
    if listed:
        return Failure(source, without_texts(rows.line_num - 1, listed[0]))
    return Failure(
        source,
        f"No column is named as a text is (text, content, body …; it has {columns}). Use --field text=NAME.",
    )


def _articles(
    rows: csv.DictReader[str], source: str, mapped: Fields | None
) -> Iterator[RawArticle | Failure | Notice]:
    for number, row in enumerate(rows, start=1):
        if any(value for value in row.values()):
            fields = {name.lstrip("\ufeff"): value for name, value in row.items() if isinstance(name, str)}
            yield from article_of(fields, source, number=number, fields=mapped)


def _encoding(sample: bytes) -> str:
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        sample[: sample.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(head: str) -> str:
    first = head.lstrip("\ufeff").split("\n", 1)[0]
    return max(",;\t|", key=first.count)
