"""Reads web archives, WARC (ISO 28500) and the older ARC, plain, gzipped or packed as WACZ: an article a
page.

warcio parses the records; a page costs a hundred times as much to read as its record, so that a faster parser
would not be felt (`benchmarks/formats.py`). One record is in memory at a time.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from qa.errors import LoadError
from qa.ingest.load.archive import bounded_member, unpacked_gzip
from qa.ingest.load.page import MAX_PAGE_BYTES, page
from qa.ingest.load.text import decode
from qa.types import Failure, Notice, RawArticle

PAGE_KINDS = frozenset({"text/html", "application/xhtml+xml"})
OTHER_KINDS = {"application/pdf": ".pdf", "application/rss+xml": ".xml", "application/atom+xml": ".xml"}
BEGINNINGS = (b"WARC/", b"filedesc:", b"\x1f\x8b")  # of the first record: as WARC, as ARC, gzipped
HEAD_BYTES = 64
SHOWN = 5  # addresses named of each kind of record that gave no article

ReadOther = Callable[[BinaryIO, str], Iterator[RawArticle | Failure | Notice]]


def read_warc(
    stream: BinaryIO, source: str, *, read_other: ReadOther
) -> Iterator[RawArticle | Failure | Notice]:
    """The article of each response that is a page, at its `WARC-Target-URI`; what else there is, counted
    and named.

    `read_other` reads the responses that are PDFs or feeds.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    _know_brotli()
    ended = _Ended(stream)
    if not ended.head.lstrip().startswith(BEGINNINGS):
        raise LoadError("It is no web archive: it holds no record.")
    records = ArchiveIterator(ended, arc2warc=True)
    passed: dict[str, list[str]] = defaultdict(list)
    kinds: Counter[str] = Counter()
    found = 0
    try:
        for record in records:
            kinds[record.rec_type] += 1
            for each in _of_record(record, source, passed, read_other):
                found += isinstance(each, RawArticle)
                yield each
    except (ArchiveLoadFailed, EOFError, OSError, ValueError, LoadError, AttributeError) as error:
        yield Failure(
            source, f"The web archive is damaged or cut short ({error}). Read before that: {found} pages."
        )
    else:
        if kinds and not ended.is_whole:
            yield Failure(
                source, f"The web archive is cut short within a record. Read before that: {found} pages."
            )
    if not kinds:
        raise LoadError("It is no web archive: it holds no record.")
    yield from _accounted(source, passed)
    if not found and not passed:
        raise LoadError(
            f"The web archive holds no page ({', '.join(f'{n} {kind}' for kind, n in kinds.items())})."
        )


class _Brotli:
    """A decompressor as warcio wants one.

    Its own sets an attribute on brotli's, which takes none: each page that was packed so would end the
    reading of the archive (`findings/`). What unpacks to more than a page may hold is cut there.
    """

    unused_data = None

    def __init__(self) -> None:
        import brotli

        self._inner = brotli.Decompressor()

    def decompress(self, data: bytes) -> bytes:
        if not self._inner.can_accept_more_data():
            return b""
        return bytes(self._inner.process(data, output_buffer_limit=MAX_PAGE_BYTES + 1))

    def flush(self) -> bytes:
        return b""


def _know_brotli() -> None:
    from warcio.bufferedreaders import BufferedReader

    BufferedReader.DECOMPRESSORS["br"] = _Brotli


class _Ended:
    """A stream that knows how it ended: warcio takes a record that is cut off for the end of the archive."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.head = self._ahead = stream.read(HEAD_BYTES)
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        if self._ahead:
            most = len(self._ahead) if size < 0 else size
            data, self._ahead = self._ahead[:most], self._ahead[most:]
        else:
            data = self._stream.read(size)
        self._tail = (self._tail + data)[-4:] if data else self._tail
        return data

    @property
    def is_whole(self) -> bool:
        """Whether the last bytes are the empty lines behind a record."""
        return self._tail.endswith((b"\n\r\n", b"\n\n"))


def _accounted(source: str, passed: dict[str, list[str]]) -> Iterator[Notice]:
    for why, addresses in passed.items():
        shown = ", ".join(addresses[:SHOWN]) + (" …" if len(addresses) > SHOWN else "")
        yield Notice(source, f"{len(addresses):,} passed over, {why}: {shown}")


def _of_record(
    record: Any, source: str, passed: dict[str, list[str]], read_other: ReadOther
) -> Iterator[RawArticle | Failure | Notice]:
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    address = address.strip("<> ")
    if record.rec_type == "conversion":  # Common Crawl's WET: the text of a page
        text = decode(record.content_stream().read())
        yield RawArticle(f"{source}#{address}", text, url=address, published=_day(record))
        return
    if record.rec_type not in ("response", "resource") or not address.startswith(("http://", "https://")):
        return
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    kind, charset = _kind(record)
    if status != "200":
        passed[f"answered {status}"].append(address)
        return
    if kind not in PAGE_KINDS and kind not in OTHER_KINDS:
        passed[f"of the kind {kind or 'unknown'}"].append(address)
        return
    try:
        data = _content(record)
    except (AttributeError, ValueError, TypeError) as error:
        yield Failure(
            f"{source}#{address}", f"The record cannot be unpacked ({error}). The others were read."
        )
        return
    if (
        data is not None and getattr(record.raw_stream, "limit", 0) > 0
    ):  # warcio gives what there is, and no error
        raise EOFError(f"the record of {address} lacks its end")
    if data is None:
        yield Failure(
            f"{source}#{address}", f"The page is larger than {MAX_PAGE_BYTES // 2**20} MB; no article is."
        )
        return
    if kind in OTHER_KINDS:
        yield from _placed(read_other(io.BytesIO(data), f"{source}#{address}{OTHER_KINDS[kind]}"), address)
        return
    try:
        article = page(data, f"{source}#{address}", address=address, charset=charset)
    except LoadError as error:
        passed[str(error).rstrip(".")].append(address)
        return
    except Exception as error:  # noqa: BLE001 - parsers of foreign pages raise anything; one page, one line
        yield Failure(f"{source}#{address}", f"The page could not be understood ({type(error).__name__}).")
        return
    yield replace(article, published=article.published or _day(record))


def _placed(
    found: Iterator[RawArticle | Failure | Notice], address: str
) -> Iterator[RawArticle | Failure | Notice]:
    """What a file in the archive gave, at its address where it names none."""
    for each in found:
        yield replace(each, url=each.url or address) if isinstance(each, RawArticle) else each


def _kind(record: Any) -> tuple[str, str | None]:
    """Media type and charset, as the server said them; as the archive says, where there was no server."""
    headers = record.http_headers or record.rec_headers
    given = (
        headers.get_header("Content-Type")
        or record.rec_headers.get_header("WARC-Identified-Payload-Type")
        or ""
    )
    kind, _, rest = given.partition(";")
    charset = rest.lower().partition("charset=")[2].split(";")[0].strip("\"' ") or None
    return kind.strip().lower(), charset


def _content(record: Any) -> bytes | None:
    """The body without its transfer and content encoding; None when it is larger than a page may be."""
    stream = record.content_stream()
    data = bytearray()
    while chunk := stream.read(2**16):
        data += chunk
        if len(data) > MAX_PAGE_BYTES:
            return None
    return bytes(data)


def _day(record: Any) -> str | None:
    return record.rec_headers.get_header("WARC-Date") or None


def read_wacz(
    stream: BinaryIO, source: str, *, read_other: ReadOther
) -> Iterator[RawArticle | Failure | Notice]:
    """The pages of each WARC in a WACZ (specs.webrecorder.net); its index and its list of pages are no
    articles.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise LoadError(f"The WACZ is damaged or no zip file ({error}).") from None
    with archive:
        inner = [info for info in archive.infolist() if info.filename.lower().endswith((".warc", ".warc.gz"))]
        if not inner:
            raise LoadError("The WACZ holds no WARC file.")
        for info in inner:
            place = f"{source}/{info.filename}"
            try:
                with archive.open(info) as member:
                    held = bounded_member(member, info)
                    held = unpacked_gzip(held) if info.filename.lower().endswith(".gz") else held
                    yield from read_warc(held, place, read_other=read_other)
            except (LoadError, zipfile.BadZipFile, RuntimeError, EOFError, OSError) as error:
                yield Failure(place, f"This file of the WACZ is damaged ({error}).")
