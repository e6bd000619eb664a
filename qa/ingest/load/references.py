"""Reads what reference managers and databases export as RIS: an article a reference whose abstract is there.

What has an address only is named, with what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from qa.errors import LoadError
from qa.ingest.load.posts import ONLY_ABSTRACT
from qa.ingest.load.text import decode, read_all
from qa.types import Failure, RawArticle

FULL_TEXT_WORDS = 300  # an "abstract" with more is the article, as newspaper databases export it

_FIELD = re.compile(r"^([A-Z][A-Z0-9])  ?-(?: (.*))?$")


def is_ris(text: str) -> bool:
    """Whether a text begins as RIS does."""
    return re.match(r"\ufeff?\s*TY  ?- [A-Z]{2,6}[ \t]*\r?\n", text[:200]) is not None


def read_ris(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """The articles. Raises LoadError when there are no references."""
    yield from of_ris(decode(read_all(stream)), source)


def of_ris(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """The same of a text."""
    found = list(_references(text))
    if not found:
        raise LoadError("It holds no reference: no line of it begins with TY, as RIS has it.")
    for number, fields in enumerate(found, start=1):
        yield _of_fields(fields, source if len(found) == 1 else f"{source}#{number}")


def _references(text: str) -> Iterator[dict[str, list[str]]]:
    fields: dict[str, list[str]] = {}
    name = ""
    for line in text.replace("\r\n", "\n").lstrip("\ufeff").split("\n"):
        match = _FIELD.match(line.rstrip())
        if match is None:
            if name and line.strip():
                fields[name][-1] += "\n" + line.strip()
            continue
        name = match[1]
        if name == "ER":
            if fields:
                yield fields
            fields, name = {}, ""
        else:
            fields.setdefault(name, []).append((match[2] or "").strip())
    if "TY" in fields:
        yield fields


def _of_fields(fields: dict[str, list[str]], source: str) -> RawArticle | Failure:
    def first(*names: str) -> str | None:
        return next((held for name in names for held in fields.get(name, ()) if held), None)

    title, url = first("TI", "T1", "CT"), first("UR", "L2", "LK")
    texts = [held for name in ("AB", "N2", "N1") for held in fields.get(name, ())]
    text = max(texts, key=len, default="")
    if not any(map(str.isalnum, text)):
        advice = f" Load its address instead: `python ingest.py {url}`." if url else ""
        return Failure(source, f"The reference {title!r} comes without a text.{advice}")
    authors = [name for tag in ("AU", "A1") for name in fields.get(tag, ())]
    return RawArticle(
        source,
        text,
        title=title,
        outlet=first("T2", "JO", "JF", "JA", "PB"),
        author=", ".join(re.sub(r"^([^,]+),\s*([^,]+)$", r"\2 \1", name) for name in authors) or None,
        published=(first("DA", "Y1", "PY") or "").strip("/") or None,
        url=url,
        language=first("LA"),
        remark=None if len(text.split()) > FULL_TEXT_WORDS else ONLY_ABSTRACT,
    )
