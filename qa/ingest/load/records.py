"""Reads articles kept as records, JSON or JSON lines, under the names that exports and search engines use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from qa.errors import LoadError
from qa.ingest.load.fragment import plain
from qa.ingest.load.text import decode, read_all
from qa.types import Failure, RawArticle

MAX_LINE_BYTES = 16 * 2**20  # one record; longer lines are skipped, so that memory stays bounded
MAX_BAD_LINES = 20  # reported one by one; the rest as a number


# Field names without case and punctuation, best first.
def _words(listed: str) -> list[str]:
    return listed.split()


_TEXT = _words(
    """
    text body content articlebody articletext fulltext bodytext maintext contenttext contenthtml
    bodyhtml story pagecontent markdown html article contentencoded description summary abstract
    """
)
_TITLE = _words(
    """
    title headline heading articletitle webtitle hed name
    """
)
_OUTLET = [
    "outlet",
    "source",
    "sourcename",
    "publisher",
    "publication",
    "newspaper",
    "sitename",
    "site",
    "provider",
    "agency",
    "domain",
]
_PUBLISHED = _words(
    """
    published datepublished publishedat publisheddate publicationdate pubdate publishdate
    publishtime firstpublished webpublicationdate date datetime timestamp isodate time created
    createdat datecreated updated updatedat datemodified modified
    """
)
_MODIFIED = _words("modified datemodified modifiedat lastmodified updated updatedat dateupdated")
_LANGUAGE = _words("language lang inlanguage locale")
_AUTHOR = _words(
    """
    author authors byline creator dccreator writer reporter journalist by
    """
)
_URL = _words(
    """
    url canonicalurl canonical link weburl permalink articleurl sourceurl externalurl href
    mainentityofpage
    """
)
_ID = _words(
    """
    id docid articleid guid uid uuid key
    """
)
_LISTS = _words(
    """
    articles items entries results documents docs records stories posts news data rows hits response
    feed
    """
)
_NESTED = _words("fields metadata meta attributes article data")
_FILE_NAME = re.compile(r"^[^ ]*[/\\][^ ]*$|\.(?:txt|md|html?|jsonl?|csv|pdf|docx|xml)$", re.IGNORECASE)
_INSIDE = (
    "rendered",
    "name",
    "value",
    "text",
    "title",
    "html",
    "full",
    "original",
    "@value",
    "#text",
    "@id",
    "url",
)


def read_json(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """Each article of a JSON document: one record, a list, a JSON Feed, or a list within an envelope."""
    text = decode(read_all(stream))
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield from _salvaged(text, source, error)
        return
    found = _records(document)
    if found is None:
        yield Failure(source, _no_text(document))
        return
    envelope = document.get("title") if isinstance(document, dict) and "items" in document else None
    alone = isinstance(document, dict) and len(found) == 1 and found[0] is document
    for number, record in enumerate(found, start=1):
        yield from article_of(record, source, number=None if alone else number, outlet=_string(envelope))


def read_jsonl(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """Each line's article, one line in memory at a time, so a file may have any size."""
    bad = number = 0
    for line in _lines(stream):
        number += 1
        for found in _article_of_line(line, source, number):
            if isinstance(found, Failure):
                bad += 1
                if bad > MAX_BAD_LINES:
                    continue
            yield found
    if not number:
        raise LoadError("The file is empty.")
    if bad > MAX_BAD_LINES:
        yield Failure(
            source, f"{bad - MAX_BAD_LINES} more lines could not be read, for reasons like the above."
        )


def article_of(
    record: Any, source: str, *, number: int | None, outlet: str | None = None
) -> Iterator[RawArticle | Failure]:
    """The article that one record holds. Its source ends in the record's own id, else in its number."""
    if isinstance(record, str):
        record = {"text": record}
    if not isinstance(record, Mapping):
        yield Failure(_place(source, number), f"A record should be an object, but this is {_kind(record)}.")
        return
    fields = _flattened(record)
    own_id = _first(fields, _ID)
    place = _place(source, own_id or number)
    text = _first(fields, _TEXT)
    if not text or not text.strip():
        yield Failure(place, _no_text(record))
        return
    url = _first(fields, _URL)
    named = _first(fields, _OUTLET)
    if named and re.match(r"https?://", named):
        url, named = url or named, None
    elif named and _FILE_NAME.search(named):  # LangChain's loaders call the file a source
        named = None
    if url is None and own_id and re.match(r"https?://", own_id):
        url = own_id
    yield RawArticle(
        source=place,
        text=plain(text),
        title=_first(fields, _TITLE),
        outlet=named or outlet,
        author=_first(fields, _AUTHOR),
        published=_first(fields, _PUBLISHED),
        url=url,
        modified=_first(fields, _MODIFIED),
        language=_first(fields, _LANGUAGE),
    )


def _place(source: str, part: str | int | None) -> str:
    return source if part is None else f"{source}#{part}"


def _flattened(record: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by their bare names; those of a nested object (`metadata`, `fields`) fill what is missing."""
    flat: dict[str, Any] = {}
    nested: list[Mapping[str, Any]] = []
    for key, value in record.items():
        name = re.sub(r"[^a-z0-9]", "", str(key).rpartition(":")[2].lower())
        if isinstance(value, Mapping) and (name in _NESTED or key == "_source"):
            nested.append(value)
        else:
            flat.setdefault(name, value)
    for inner in nested:
        flat = {
            **_flattened(inner),
            **{name: value for name, value in flat.items() if value not in (None, "")},
        }
    return flat


def _first(fields: Mapping[str, Any], names: Sequence[str]) -> str | None:
    for name in names:
        text = _string(fields.get(name))
        if text and text.strip():
            return text
    return None


def _string(value: Any) -> str | None:
    """A field's value as text: names of a list joined, the text within an object found."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return next((text for key in _INSIDE if (text := _string(value.get(key)))), None)
    if isinstance(value, Sequence):
        texts = [text for item in value[:1000] if (text := _string(item))]
        return ("\n" if sum(map(len, texts)) > 400 else ", ").join(texts) or None
    return None


def _records(document: Any, depth: int = 0) -> Sequence[Any] | None:
    """The list of records in a document, wherever its envelope keeps it; None when there is none."""
    if isinstance(document, str) and depth:
        return None
    if isinstance(document, list):
        return document
    if not isinstance(document, Mapping):
        return None
    keys = {re.sub(r"[^a-z0-9]", "", str(key).lower()): key for key in document}
    lists = [document[keys[name]] for name in (*_LISTS, "graph") if name in keys]
    for held in lists:
        if isinstance(held, list | dict) and depth < 3 and (found := _records(held, depth + 1)):
            return found
    if _first(_flattened(document), _TEXT):
        return [document]
    values = list(document.values())
    if len(values) > 1 and all(isinstance(value, Mapping) for value in values):
        return [{"id": key, **value} for key, value in document.items()]
    return None


def _no_text(record: Any) -> str:
    if not isinstance(record, Mapping):
        return f"There is no article in it: it is {_kind(record)}."
    names = ", ".join(str(key)[:40] for key in list(record)[:8])
    return f"It holds no text (looked for text, body, content and the like; it has {names or 'no fields'})."


def _kind(value: Any) -> str:
    names = {list: "a list", dict: "an object", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The filled lines of a stream; None for one that is longer than a record may be."""
    while line := stream.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES or line.endswith(b"\n"):
            if line.strip():
                yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE_BYTES)
        yield None


def _article_of_line(line: bytes | None, source: str, number: int) -> Iterator[RawArticle | Failure]:
    place = _place(source, number)
    if line is None:
        yield Failure(place, f"The line is longer than {MAX_LINE_BYTES // 2**20} MB and was skipped.")
        return
    try:
        record = json.loads(decode(line))
    except LoadError as error:
        yield Failure(place, str(error))
    except (ValueError, RecursionError) as error:
        yield Failure(place, f"The line is not JSON: {_json_error(error)}.")
    else:
        yield from article_of(record, source, number=number)


def _json_error(error: Exception) -> str:
    return (
        str(error)
        if isinstance(error, json.JSONDecodeError)
        else "it is nested too deeply, or a number is too long"
    )


def _salvaged(text: str, source: str, error: Exception) -> Iterator[RawArticle | Failure]:
    """The whole records before JSON breaks off, or the lines of a file that was JSON lines all along."""
    decoder = json.JSONDecoder()
    number = 0
    at = _first_record(text)
    while at is not None:
        try:
            record, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        number += 1
        yield from article_of(record, source, number=number)
        following = re.compile(r"[\s,]*(?=\{)").match(text, end)
        at = following.end() if following else None
        if following is None and re.fullmatch(r"[\s\]}]*", text[end:]):
            return
    kept = f" Read before that: {number}." if number else ""
    yield Failure(source, f"The JSON breaks off: {_json_error(error)}.{kept}")


def _first_record(text: str) -> int | None:
    match = (
        re.search(r"\[\s*(?=\{)", text)
        if not re.match(r"\s*\{.*\}\s*\n\s*\{", text)
        else re.match(r"\s*", text)
    )
    return match.end() if match else None
