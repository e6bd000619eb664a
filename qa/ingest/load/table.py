"""Reads articles kept as a table: CSV with a header row, separated by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from qa.errors import LoadError
from qa.ingest.load.records import MAX_LINE_BYTES, article_of
from qa.ingest.load.text import decode
from qa.types import Failure, RawArticle

_SAMPLE = 65_536  # bytes that tell encoding and separator


def read_csv(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """Each row's article, one row in memory at a time. Columns are named as fields of JSON are."""
    sample = stream.read(_SAMPLE)
    if not sample.strip():
        raise LoadError("The file is empty.")
    head = decode(sample)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=_encoding(sample), errors="replace", newline="")
    csv.field_size_limit(MAX_LINE_BYTES)
    try:
        rows = csv.DictReader((line.replace("\0", "") for line in text), delimiter=_delimiter(head))
        if not rows.fieldnames or len(rows.fieldnames) < 2:
            raise LoadError("It has no header row with at least two columns, such as title,text,date.")
        yield from _articles(rows, source)
    except csv.Error as error:
        yield Failure(source, f"The table breaks off: {error}. The rows before that were read.")
    finally:
        text.detach()  # the stream belongs to whoever opened it


def _articles(rows: csv.DictReader[str], source: str) -> Iterator[RawArticle | Failure]:
    for number, row in enumerate(rows, start=1):
        if any(value for value in row.values()):
            fields = {name.lstrip("\ufeff"): value for name, value in row.items() if isinstance(name, str)}
            yield from article_of(fields, source, number=number)


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
