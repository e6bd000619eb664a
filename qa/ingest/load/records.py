"""Reads articles kept as records, JSON or JSON lines, under the names that exports and search engines use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from qa.errors import LoadError
from qa.ingest.load.fragment import plain
from qa.ingest.load.furniture import cut_off, without_furniture
from qa.ingest.load.har import is_har, of_har
from qa.ingest.load.page import page
from qa.ingest.load.posts import of_ghost
from qa.ingest.load.rich import text_of_blocks
from qa.ingest.load.shapes import bare, nested_articles, shaped
from qa.ingest.load.text import decode, read_all
from qa.types import Failure, Notice, RawArticle

MAX_LINE_BYTES = 16 * 2**20  # one record; longer lines are skipped, so that memory stays bounded
MAX_ENVELOPES = 5  # lists and objects around a list of records
MAX_GROUPS = 1_000  # of records in a list of lists
MAX_BAD_LINES = 20  # reported one by one; the rest as a number


# Field names without case and punctuation, best first.
def _words(listed: str) -> list[str]:
    return listed.split()


_TEXT = _words(
    """
    text body content articlebody articletext fulltext bodytext maintext contenttext contenthtml
    bodyhtml bodyxhtml story storytext pagecontent markdown article contentencoded cleanedtext textcontent
    plaintext postcontent contentmarkdown textplain texthtml fullcontent newstext newscontent rawcontent
    content0 mainbody transcript selftext ocrtext ocreng ocr paragraphs document doc html
    """
)
_SUMMARY = _words(
    "leadparagraph description summary abstract snippet lead excerpt dek standfirst trailtext teaser"
)
_PAGE = _words("html rawhtml pagehtml sourcehtml htmlsource htmlcontent htmltext")
_TITLE = _words(
    """
    title headline heading articletitle webtitle hed newstitle posttitle storytitle titletext name subject
    """
)
_OUTLET = [
    "outlet",
    "outletname",
    "source",
    "sourcename",
    "publisher",
    "publication",
    "newspaper",
    "sitename",
    "site",
    "provider",
    "agency",
    "medianame",
    "mediumname",
    "paper",
    "magazine",
    "channel",
    "website",
    "sitetitle",
    "domain",
    "hostname",
    "host",
    "sourcedomain",
    "domainname",
]
_PUBLISHED = _words(
    """
    published datepublished publishedat publisheddate publicationdate pubdate publishdate datepublish
    publishingdate publishedon publishedtime publishtime publicationtime publishedtimestamp firstpublished
    firstpublishedat webpublicationdate postdate postdategmt dategmt articledate newsdate storydate
    displaydate issuedate dateissued releasedate seendate date datetime timestamp isodate time firstcreated
    created createdat datecreated createdtime createdutc versioncreated updated updatedat datemodified
    modified
    """
)
_MODIFIED = _words(
    "modified datemodified modifiedat lastmodified updated updatedat dateupdated datemodify "
    "modifieddate lastupdated "
    "versioncreated updatedon modifiedtime"
)
_LANGUAGE = _words("language lang inlanguage locale languagecode langcode humanlanguage")
_VERSION = _words("version revision versionnumber revisionnumber")
_STATUS = _words("pubstatus publicationstatus poststatus status state workflowstate")
_EMBARGO = _words("embargoed embargo embargoeduntil embargountil embargodate embargotime")
_CAPTION = _words("caption captions imagecaption imagecaptions photocaption leadcaption")
_AUTHOR = _words(
    """
    author authors byline authorname authornames creator dccreator writer writers reporter journalist by
    contributors publishedby
    """
)
_URL = _words(
    """
    url canonicalurl canonical canonicallink link weburl permalink articleurl newsurl storyurl pageurl
    sourceurl externalurl href finalurl address uri mainentityofpage
    """
)
_ID = _words(
    """
    id docid articleid guid uid uuid key
    """
)
_LISTS = _words(
    """
    articles items entries results documents docs records stories posts news newsitems data rows hits response
    feed collection
    """
)
_LISTS_ONLY = _words(
    "value list content objects nodes edges children messages ordereditems category article"
)  # elsewhere these hold one thing
_NESTED = _words("fields metadata meta attributes article data sys head header")
_WRAPPED = _words("item tweet node post story")  # what services put around a record, with a number or two
_SUFFIX = re.compile(r"_(?:txt|text|t|ss?|t?dt|en|txt_en|text_en|str)$")  # of Solr's dynamic fields
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
    "$date",
    "$oid",
    "$numberLong",
    "url",
)
_TEXT_INSIDE = ("rendered", "value", "text", "html", "full", "original", "content", "@value", "#text")


def read_json(
    stream: BinaryIO, source: str, *, fields: Fields | None = None
) -> Iterator[RawArticle | Failure | Notice]:
    """Each article of a JSON document: one record, a list, a JSON Feed, or a list within an envelope."""
    text = decode(read_all(stream))
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield from _salvaged(text, source, error, fields)
        return
    if is_har(document):
        yield from of_har(document, source)
        return
    found = of_ghost(document) or _records(document, mapped=bool(fields))
    if found is None:
        yield Failure(source, _no_text(document))
        return
    if addresses := _only_addresses(found):
        yield Failure(source, addresses)
        return
    around = _around(document)
    alone = isinstance(document, dict) and len(found) == 1 and found[0] is document
    for number, record in enumerate(found, start=1):
        place = None if alone else number
        yield from article_of(record, source, number=place, around=around, fields=fields)


def _around(document: Any) -> dict[str, str | None]:
    """What a feed or a channel says of all that is in it: its name and its language."""
    if not isinstance(document, Mapping) or not document.keys() & {"items", "messages"}:
        return {}
    title = document.get("title") or (document.get("name") if "messages" in document else None)
    return {"outlet": _string(title), "language": _string(document.get("language"))}


def read_jsonl(
    stream: BinaryIO, source: str, *, fields: Fields | None = None
) -> Iterator[RawArticle | Failure | Notice]:
    """Each line's article, one line in memory at a time, so a file may have any size."""
    bad = number = 0
    for line in _lines(stream):
        number += 1
        for found in _article_of_line(line, source, number, fields):
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
    record: Any,
    source: str,
    *,
    number: int | None,
    around: Mapping[str, str | None] | None = None,
    fields: Fields | None = None,
) -> Iterator[RawArticle | Failure | Notice]:
    """The article that one record holds. Its source ends in the record's own id, else in its number.

    `around` are facts of all records of a file, for what this one does not say itself. `fields` says where a
    fact stands, by names joined with points (`{"text": "body.content"}`), before all else.
    """
    if isinstance(record, str):
        record = {"text": record}
    if not isinstance(record, Mapping):
        yield Failure(_place(source, number), f"A record should be an object, but this is {_kind(record)}.")
        return
    for inner in nested_articles(record):
        yield from article_of(inner, source, number=None, around=around)
    record = _unwrapped(record)
    known = shaped(record) or {}
    held = _flattened(record)
    if not known and not may_hold_text(held):
        held = _flattened({_SUFFIX.sub("", str(key)): value for key, value in record.items()})
    given = {name: _string(_at(record, path)) for name, path in (fields or {}).items()}
    facts = {**_facts(held, known), **{name: value for name, value in given.items() if value}}
    place = _place(source, _first(held, _ID) or known.get("uid") or number)
    text, captions = facts.pop("text"), facts.pop("captions")
    if given.get("text"):
        text = plain(given["text"] or "")
    if _is_removed(text, facts["title"]):
        yield Failure(place, "The article was removed by its publisher; nothing but that is in the record.")
        return
    if not text.strip() and (markup := _page_of(held)):
        yield page(markup.encode("utf-8", "replace"), place, address=facts["url"])
        return
    if not text.strip():
        yield (
            Notice(place, known["no_text"], "passed_over")
            if "no_text" in known
            else Failure(place, _no_text(record))
        )
        return
    text, missing = cut_off(text)
    missing = missing or _cut_beside(held, known)
    remark = known.get("remark")
    if missing:
        remark = (
            f"Only a part: {missing:,} characters more were cut off by whoever exported it. Load its page."
        )
    yield RawArticle(
        source=place,
        text=text,
        **{**facts, **{name: value for name, value in (around or {}).items() if not facts[name]}},
        captions=tuple(captions),
        remark=remark,
    )


Fields = Mapping[str, str]


_OPEN = frozenset({"title", "outlet", "author", "language"})  # what a known shape may keep under another name


def _unwrapped(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record within one that only wraps it: `{"meta": …, "item": {…}}`."""
    names = {bare(key): value for key, value in record.items()}
    inner = next((names[name] for name in _WRAPPED if isinstance(names.get(name), Mapping)), None)
    own_text = any(isinstance(names.get(name), str) for name in _TEXT)
    return inner if inner is not None and len(names) <= 3 and not own_text else record


def _cut_beside(held: Mapping[str, Any], known: Mapping[str, Any]) -> int:
    """How many characters an export says it left out, where a fuller text of the record was taken instead."""
    given = () if known else (held.get(name) for name in _TEXT)
    return max((cut_off(text)[1] for text in given if isinstance(text, str)), default=0)


def _facts(held: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Every fact of a RawArticle but its source: as its shape gives it, else by the names of fields."""

    def fact(name: str, names: Sequence[str]) -> str | None:
        told = _string(known.get(name))
        return told or (None if known and name not in _OPEN else _first(held, names))

    url, named, own_id = fact("url", _URL), fact("outlet", _OUTLET), _first(held, _ID)
    if named and re.match(r"https?://", named):
        others = (_first(held, [name]) for name in _OUTLET)
        url, named = url or named, next((each for each in others if each and "://" not in each), None)
    url = url if url is None or re.match(r"https?://|www\.|//", url.strip()) else None
    if named and _FILE_NAME.search(named):  # LangChain's loaders call the file a source
        named = None
    if url is None and own_id and re.match(r"https?://", own_id):
        url = own_id
    captions = known.get("captions", []) if known else [_first(held, _CAPTION)]
    uid = fact("uid", [])
    return {
        "text": _text(held, known),
        "title": fact("title", _TITLE),
        "outlet": named,
        "author": fact("author", _AUTHOR),
        "published": fact("published", _PUBLISHED),
        "url": url,
        "modified": fact("modified", _MODIFIED),
        "language": fact("language", _LANGUAGE),
        "uid": uid,
        "version": fact("version", _VERSION),
        "withdrawn": _withdrawn(held, known),
        "embargo": fact("embargo", _EMBARGO),
        "captions": [plain(words) for words in captions if isinstance(words, str) and words.strip()],
    }


def _text(held: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """The longest of a record's texts; a summary only where there is nothing else.

    Of texts that say the same, the one with the most paragraphs: many exports hold HTML and the same
    without tags.
    """
    if known:
        given = [known.get("text"), *known.get("texts", [])]
        found = [text for value in given if (text := _as_text(value))]
        return _fullest(found) or _as_text(known.get("summary"))
    names = (name for name in (*_TEXT, "blocks") if name not in _PAGE)
    found = [text for name in names if (text := _as_text(held.get(name)))]
    cut = [text for text in found if cut_off(text)[1]]
    summaries = [text for name in _SUMMARY if (text := _as_text(held.get(name)))]
    if not found or (len(cut) == len(found) and _letters(_fullest(summaries)) > _letters(_fullest(found))):
        return _fullest(summaries) or _as_text(_no_page(held.get("html")))
    return _fullest([*found, _as_text(_no_page(held.get("html")))])


def _as_text(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        value = "\n".join(value)  # a list of texts is one of paragraphs
    written = text_of_blocks(value) or _written(value)
    return without_furniture(plain(written)) if written else ""


def _written(value: Any) -> str | None:
    """The text that a field is or wraps; a record within a record is no text, whatever it is called."""
    if isinstance(value, Mapping):
        return next((text for key in _TEXT_INSIDE if (text := _written(value.get(key)))), None)
    if isinstance(value, list):
        return "\n".join(filter(None, map(_written, value[:1000])))
    return _string(value)


def _fullest(texts: Sequence[str]) -> str:
    if len(texts) < 2:
        return texts[0] if texts else ""
    longest = max(map(_letters, texts), default=0)
    same = [text for text in texts if _letters(text) >= 0.9 * longest]
    return max(same, key=lambda text: len(text.strip().split("\n")), default="")


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _page_of(held: Mapping[str, Any]) -> str | None:
    """A whole page that a record carries as HTML."""
    found = (_string(held.get(name)) for name in (*_PAGE, "content", "body", "text"))
    return next((markup for markup in found if markup and _WHOLE_PAGE.search(markup[:2000])), None)


def _no_page(value: Any) -> Any:
    return None if isinstance(value, str) and _WHOLE_PAGE.search(value[:2000]) else value


_WHOLE_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_REMOVED = re.compile(
    r"\s*\[?(?:removed|deleted|article removed|content removed|this article has been removed)\]?\.?\s*", re.I
)
_NOT_OUT = frozenset(
    [
        "draft",
        "autodraft",
        "pending",
        "private",
        "trash",
        "canceled",
        "cancelled",
        "withheld",
        "killed",
        "kill",
        "recalled",
        "spiked",
        "unpublished",
        "deleted",
        "archivedraft",
        "inprogress",
        "protectedbyapassword",
        "submitted",
        "fetched",
        "routed",
        "rejected",
        "withdrawn",
    ]
)


def _is_removed(text: str, title: str | None) -> bool:
    return bool(_REMOVED.fullmatch(text)) or (not text.strip() and bool(title and _REMOVED.fullmatch(title)))


def _withdrawn(held: Mapping[str, Any], known: Mapping[str, Any]) -> str | None:
    """The status that keeps a record from being told: `pubstatus: canceled`, `status: draft`, `draft:
    true`.
    """
    if held.get("draft") is True or held.get("published") is False or held.get("ispublished") is False:
        return "draft"
    statuses = [known.get("status"), *(held.get(name) for name in _STATUS)]
    return next((each for each in statuses if isinstance(each, str) and bare(each) in _NOT_OUT), None)


def _at(record: Any, path: str) -> Any:
    """What stands at `body.content.0`."""
    for step in path.split("."):
        if isinstance(record, Mapping):
            record = record.get(step)
        elif isinstance(record, list) and step.lstrip("-").isdecimal():
            record = record[int(step)] if -len(record) <= int(step) < len(record) else None
        else:
            return None
    return record


def _place(source: str, part: str | int | None) -> str:
    return source if part is None else f"{source}#{part}"


def _flattened(record: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by their bare names; those of a nested object (`metadata`, `fields`) fill what is missing."""
    flat: dict[str, Any] = {}
    nested: list[Mapping[str, Any]] = []
    for key, value in record.items():
        name = bare(key)
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


def _only_addresses(records: Sequence[Any]) -> str | None:
    """What to say of a list whose records have addresses and no texts; None of any other."""
    listed = [record for record in records if isinstance(record, Mapping)]
    if not listed or len(listed) < len(records):
        return None
    held = [_flattened(record) for record in listed[:1000]]
    if any(
        _text(each, shaped(record) or {}).strip() or _page_of(each)
        for each, record in zip(held, listed, strict=False)
    ):
        return None
    links = [address for each in held if (address := _first(each, _URL)) and re.match(r"https?://", address)]
    if len(links) < len(held) or any(shaped(record) for record in listed[:10]):
        return None
    return without_texts(len(listed), links[0])


def may_hold_text(columns: Iterable[str | None]) -> bool:
    """Whether any column of a table is named as a text, a summary or a page is."""
    known = {*_TEXT, *_SUMMARY, *_PAGE}
    return any(bare(name) in known for name in columns if name)


def without_texts(count: int, example: str) -> str:
    """What to say of a list of articles that has their addresses only."""
    noun = "its article" if count == 1 else f"{count:,} articles"
    return (
        f"It lists {noun} without a text. Load the address of each: `python ingest.py {example}` and so on, "
        "or a file of pages that were saved."
    )


def _records(document: Any, depth: int = 0, *, mapped: bool = False) -> Sequence[Any] | None:
    """The list of records in a document, wherever its envelope keeps it; None when there is none."""
    if isinstance(document, str) and depth:
        return None
    if isinstance(document, list):
        return _within(document, depth, mapped=mapped) or document
    if not isinstance(document, Mapping):
        return None
    document = _unwrapped(document)
    if shaped(document) and _text(_flattened(document), shaped(document) or {}):
        return [document]
    keys = {re.sub(r"[^a-z0-9]", "", str(key).lower()): key for key in document}
    lists = [document[keys[name]] for name in (*_LISTS, "graph") if name in keys]
    lists += [held for name in _LISTS_ONLY if isinstance(held := document.get(keys.get(name, "")), list)]
    for held in lists:
        if (
            isinstance(held, list | dict)
            and depth < MAX_ENVELOPES
            and (found := _records(held, depth + 1, mapped=mapped))
        ):
            return found
    flat = _flattened(document)
    if mapped or _text(flat, {}) or _page_of(flat) or shaped(document):
        return [document]
    values = list(document.values())
    if len(values) > 1 and all(isinstance(value, Mapping) for value in values):
        return [{"id": key, **value} for key, value in document.items()]
    return None


def _within(listed: Sequence[Any], depth: int, *, mapped: bool) -> list[Any]:
    """The records within the groups of a list, where the groups themselves hold no text."""
    groups = [each for each in listed[:MAX_GROUPS] if isinstance(each, Mapping)]
    if depth >= MAX_ENVELOPES or mapped or len(groups) < len(listed) or any(map(_is_record, groups)):
        return []
    found = [_records(group, depth + 1) for group in groups]
    return [
        record
        for records in found
        for record in records or ()
        if isinstance(record, Mapping) and _is_record(record)
    ]


def _is_record(record: Mapping[str, Any]) -> bool:
    """Whether a record has a text, is of a known shape, or names an article by its address or headline."""
    flat = _flattened(_unwrapped(record))
    return bool(shaped(record) or _text(flat, {}) or _page_of(flat) or _first(flat, [*_URL, *_TITLE]))


def _no_text(record: Any) -> str:
    if not isinstance(record, Mapping):
        return f"There is no article in it: it is {_kind(record)}."
    names = ", ".join(str(key)[:40] for key in list(record)[:8])
    address = _first(_flattened(record), _URL)
    more = " Say where it stands: --field text=NAME." if record else ""
    if address and re.match(r"https?://", address):
        more = f" Load its address instead: {address}"
    fields = names or "no fields"
    return f"It holds no text (looked for text, body, content and the like; it has {fields}).{more}"


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


def _article_of_line(
    line: bytes | None, source: str, number: int, fields: Fields | None
) -> Iterator[RawArticle | Failure | Notice]:
    place = _place(source, number)
    if line is None:
        yield Failure(place, f"The line is longer than {MAX_LINE_BYTES // 2**20} MB and was skipped.")
        return
    try:
        record = json.loads(decode(line.lstrip(b"\x1e")))  # RFC 7464 begins each record with that sign
    except LoadError as error:
        yield Failure(place, str(error))
    except (ValueError, RecursionError) as error:
        yield Failure(place, f"The line is not JSON: {_json_error(error)}.")
    else:
        yield from article_of(record, source, number=number, fields=fields)


def _json_error(error: Exception) -> str:
    return (
        str(error)
        if isinstance(error, json.JSONDecodeError)
        else "it is nested too deeply, or a number is too long"
    )


def _salvaged(
    text: str, source: str, error: Exception, fields: Fields | None
) -> Iterator[RawArticle | Failure | Notice]:
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
        yield from article_of(record, source, number=number, fields=fields)
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
