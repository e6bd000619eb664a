"""Reads files, folders, archives and addresses, and gives the articles in them as they were written.

Takes a path, an `http(s)` address, `-` for standard input, or bytes with a name; gives RawArticles, a Failure
with a sentence for each thing that could not be read, and a Notice for what is no article. Never raises for
bad input, and passes over nothing without a word.
Knows nothing about cleaning or storing. A new format is a reader and a line in `READERS`.
"""

from __future__ import annotations

import bz2
import glob
import gzip
import hashlib
import io
import lzma
import os
import re
import stat
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from qa.errors import LoadError
from qa.ingest.load.archive import raise_if_cut, read_tar, read_zip, unpacked, unpacked_gzip
from qa.ingest.load.document import read_pdf
from qa.ingest.load.epub import read_epub
from qa.ingest.load.mail import is_mbox, read_eml, read_mbox, read_mhtml
from qa.ingest.load.office import REFUSED, read_odt, read_rtf, refuse
from qa.ingest.load.page import page, read_html, read_webarchive
from qa.ingest.load.plain import read_markdown, read_text
from qa.ingest.load.records import Fields, read_json, read_jsonl
from qa.ingest.load.references import read_ris
from qa.ingest.load.shortcut import read_shortcut
from qa.ingest.load.subtitles import read_subtitles
from qa.ingest.load.table import read_csv
from qa.ingest.load.warc import read_wacz, read_warc
from qa.ingest.load.web import fetch
from qa.ingest.load.word import read_docx
from qa.ingest.load.xml import read_xml
from qa.types import Failure, Notice, RawArticle

__all__ = ["READERS", "expand", "load", "load_bytes"]

Found = RawArticle | Failure | Notice
Reader = Callable[..., Iterator[Found]]  # (stream, source), and `fields=` for those in `_MAPPED`

STDIN = "-"
MAX_STDIN_BYTES = 2 * 2**30  # spooled to disk while it is read; larger dumps come as files
_IN_MEMORY = 16 * 2**20  # bytes of standard input kept in memory before a temporary file is used
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def load(source: str | Path, *, allow_private: bool = False, fields: Fields | None = None) -> Iterator[Found]:
    """The articles of one file, address or `-`, in order, and a Failure for each part that could not be read.

    `allow_private` lets an address lie within this machine or its network. `fields` says where the facts of
    records stand that are of no known shape: `{"text": "body.content"}`.
    """
    if isinstance(source, str) and _ADDRESS.match(source):
        yield from _guarded(source, lambda: _from_web(source, allow_private, fields))
    elif str(source) == STDIN:
        yield from _guarded("standard input", lambda: _from_stdin(fields))
    else:
        yield from _guarded(name_of(Path(source)), lambda: _from_file(Path(source), fields))


def load_bytes(data: bytes, name: str, *, fields: Fields | None = None) -> Iterator[Found]:
    """The articles of an upload or of pasted text; the suffix of `name` says what it is, else the content."""
    yield from _guarded(name, lambda: _read(io.BytesIO(data), name, fields=fields))


def expand(paths: Iterable[str | Path]) -> Iterator[Path | str | Failure | Notice]:
    """Each file to load, once, in the order given, folders and globs resolved by name.

    A folder gives the files whose suffix or first bytes are known, and a Notice for each other one, hidden
    ones aside; a path given by itself is kept whatever its suffix. Addresses and `-` pass through. What
    does not exist, and a folder with nothing to read, is a Failure.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _expanded(path):
            key = (
                os.path.realpath(found)
                if isinstance(found, Path)
                else found
                if isinstance(found, str)
                else ""
            )
            if not key or key not in seen:
                seen.add(key)
                yield found


def name_of(path: Path) -> str:
    """A path as a source: posix, and printable whatever bytes it is made of."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _guarded(name: str, read: Callable[[], Iterator[Found]]) -> Iterator[Found]:
    """What `read` gives; whatever it stumbles over becomes a Failure at that point."""
    try:
        yield from read()
    except LoadError as error:
        yield Failure(name, str(error))
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        yield Failure(name, _in_words(error))
    except RecursionError:
        yield Failure(name, "Its parts are nested too deeply to be read.")
    except Exception as error:  # noqa: BLE001 - parsers of foreign formats raise anything; one file, one line
        yield Failure(
            name, f"Its content could not be understood ({type(error).__name__}: {str(error)[:200]})."
        )


def _in_words(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "No permission to read it. Allow reading, or run as its owner."
    if isinstance(error, FileNotFoundError):
        return "There is no such file or folder. Check the spelling."
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile | lzma.LZMAError):
        return f"The compressed data is damaged or cut short ({error}). What stood before that was read."
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"It cannot be read: {reason}."


def _from_file(path: Path, fields: Fields | None) -> Iterator[Found]:
    with _open_file(path) as stream:
        yield from _read(stream, name_of(path), fields=fields)


def _open_file(path: Path) -> BinaryIO:
    """An ordinary file, opened without ever waiting: a pipe or a device is refused, not read."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise LoadError("This is not an ordinary file but a folder, pipe or device. Give a file.")
    return os.fdopen(descriptor, "rb")


def _from_stdin(fields: Fields | None) -> Iterator[Found]:
    """Standard input, named by a hash of its content so that two texts piped in are two articles."""
    digest = hashlib.sha256()
    size = 0
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        while chunk := sys.stdin.buffer.read(2**20):
            size += len(chunk)
            if size > MAX_STDIN_BYTES:
                raise LoadError(f"Standard input holds more than {MAX_STDIN_BYTES // 2**30} GB. Give a file.")
            digest.update(chunk)
            spool.write(chunk)
        spool.seek(0)
        yield from _read(spool, f"stdin-{digest.hexdigest()[:12]}", fields=fields)  # type: ignore[arg-type]


def _from_web(url: str, allow_private: bool, fields: Fields | None) -> Iterator[Found]:
    fetched = fetch(url, allow_private=allow_private)
    path = PurePosixPath(re.sub(r"[?#].*", "", url))
    suffix = fetched.suffix or (path.suffix if _suffix(path.name) in READERS else "")
    suffix = suffix or _suspected(io.BytesIO(fetched.data))
    if suffix == ".html":
        yield page(fetched.data, url, address=fetched.address, charset=fetched.charset)
        return
    for found in _read(io.BytesIO(fetched.data), url, suffix=suffix, fields=fields):
        alone = isinstance(found, RawArticle) and found.source == url and not found.url
        yield replace(found, url=fetched.address) if alone and isinstance(found, RawArticle) else found


def _read(
    stream: BinaryIO, name: str, *, suffix: str | None = None, fields: Fields | None = None
) -> Iterator[Found]:
    """What the reader for the suffix finds; where no suffix is known or the content belies it, the content
    says.
    """
    stream = _unpacked(stream, name)
    given = suffix or _suffix(name)
    suffix = given if suffix else _kind(stream, given)
    reader = READERS[suffix]
    yield from reader(stream, name, fields=fields) if fields and suffix in _MAPPED else reader(stream, name)
    raise_if_cut(stream)


def _unpacked(stream: BinaryIO, name: str) -> BinaryIO:
    """The stream, unpacked where its name or its first bytes say that it is packed."""
    head = stream.read(6)
    stream.seek(0)
    lower = name.lower()
    if lower.endswith(".gz") or head.startswith(b"\x1f\x8b"):
        return unpacked_gzip(stream)
    if lower.endswith(".bz2") or head.startswith(b"BZh"):
        return unpacked(bz2.BZ2File(stream), stream)
    if lower.endswith(".xz") or head.startswith(b"\xfd7zXZ\x00"):
        return unpacked(lzma.LZMAFile(stream), stream)
    return stream


def _kind(stream: BinaryIO, suffix: str) -> str:
    """The suffix of what a file holds: its own, unless it is unknown or the first bytes tell another kind.

    `.txt` and `.doc` are given to anything that has words in it.
    """
    head = stream.read(4096)
    stream.seek(0)
    if suffix in READERS and suffix not in _LOOSE:
        if suffix in (".jsonl", ".ndjson") and head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"["):
            return ".json"
        return suffix
    sure = _signed(head, stream)
    return sure or (suffix if suffix in READERS else _suspected(stream))


def _read_part(stream: BinaryIO, name: str, fields: Fields | None = None) -> Iterator[Found]:
    """A member of an archive or an attachment: its failure is its own; what nobody reads is named."""
    if _suffix(name) in READERS:
        yield from _guarded(name, lambda: _read(stream, name, fields=fields))
        return
    head = stream.read(4096)
    if kind := _signed(head, None):
        whole = io.BytesIO(head + stream.read(MAX_PART_BYTES))
        yield from _guarded(name, lambda: _read(whole, name, suffix=kind, fields=fields))
        return
    yield Notice(name, _why_passed(_suffix(name)), "passed_over")


def _suffix(name: str) -> str:
    """The suffix that says what a file holds: `.jsonl` for `a.jsonl.gz`."""
    path = PurePosixPath(name.lower())
    if path.suffix == ".tgz":
        return ".tar"
    return PurePosixPath(path.stem).suffix if path.suffix in (".gz", ".bz2", ".xz") else path.suffix


def _signed(head: bytes, stream: BinaryIO | None) -> str:
    """The suffix of a kind that its first bytes tell for certain; "" for anything else."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1024]
    for signature, suffix in _SIGNATURES:
        if start.startswith(signature):
            return suffix
    if start.startswith(b"PK\x03\x04"):
        return _zipped(head, stream)
    lower = start.lower()
    if re.match(rb"<!doctype html|<html|<head|<body", lower):
        return ".html"
    if re.match(rb"<\?xml|<rss|<feed|<rdf|<nitf|<newsml|<newsitem|<newsmessage|<urlset", lower):
        return ".xml"
    if is_mbox(head):
        return ".mbox"
    if (
        re.match(rb"(?:from: .*saved by|snapshot-content-location:)", lower)
        or b"multipart/related" in lower[:600]
    ):
        return ".mhtml" if b"content-location" in head.lower() or b"snapshot" in lower else ".eml"
    return (
        ".eml" if re.match(rb"(?:received|return-path|mime-version|delivered-to|message-id): ", lower) else ""
    )


def _zipped(head: bytes, stream: BinaryIO | None) -> str:
    """What a zip file is: the names in it say so, or the first of them where no more is at hand."""
    names = ""
    if stream is not None:
        try:
            with zipfile.ZipFile(stream) as archive:
                names = "\n".join(archive.namelist()[:10_000])
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            pass
        stream.seek(0)
    if b"opendocument.text" in head[:200]:
        return ".odt"
    if b"opendocument." in head[:200]:
        return ".ods"
    if b"application/epub+zip" in head[:200]:
        return ".epub"
    if "word/document" in names or b"word/" in head:
        return ".docx"
    if "xl/workbook" in names or b"xl/" in head:
        return ".xlsx"
    if "ppt/presentation" in names or b"ppt/" in head:
        return ".pptx"
    if re.search(r"^archive/.*\.warc(?:\.gz)?$", names, re.MULTILINE) and "datapackage" in names:
        return ".wacz"
    return ".docx" if b"[Content_Types]" in head else ".zip"


def _suspected(stream: BinaryIO) -> str:
    """The suffix that the first bytes of a file suggest."""
    head = stream.read(4096)
    stream.seek(0)
    if sure := _signed(head, stream):
        return sure
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1024].lower()
    if (tag := re.match(rb"<([a-z][\w.:-]*)[\s>]", start)) and _is_closed(stream, tag.group(1)):
        return ".html" if tag.group(1) in _FRAGMENTS and b"xmlns" not in start else ".xml"
    if start.startswith((b"{", b"[")):
        first = head.strip().split(b"\n", 1)[0].rstrip()
        return ".jsonl" if first.startswith(b"{") and (first.endswith(b"}") or len(first) > 1000) else ".json"
    return ".txt"


def _is_closed(stream: BinaryIO, tag: bytes) -> bool:
    """Whether a file that begins with a tag ends with it."""
    if tag in (b"doc", b"reuters"):
        return False
    stream.seek(0, io.SEEK_END)
    stream.seek(max(0, stream.tell() - 200))
    tail = stream.read(200).lower()
    stream.seek(0)
    return tail.rstrip().endswith(b"</" + tag + b">")


def _read_layout(stream: BinaryIO, source: str) -> Iterator[Found]:
    """The stories of an InDesign document in exchange format (IDML); its styles and pictures are none."""

    def read_member(member: BinaryIO, name: str) -> Iterator[Found]:
        if "/Stories/" in name:
            for each in _guarded(name, lambda: read_xml(member, name)):
                if not (isinstance(each, Failure) and "no story" in each.reason):
                    yield each

    yield from _something(read_zip(stream, source, read_member=read_member))


def _read_mail(stream: BinaryIO, source: str) -> Iterator[Found]:
    return read_eml(stream, source, read_attachment=_read_attachment)


def _read_mailbox(stream: BinaryIO, source: str) -> Iterator[Found]:
    return read_mbox(stream, source, read_attachment=_read_attachment)


def _read_attachment(stream: BinaryIO, name: str) -> Iterator[Found]:
    """What is attached to a mail; its logos and pictures are part of its looks."""
    if _suffix(name) not in _MEDIA:
        yield from _read_part(stream, name)


def _read_archive(stream: BinaryIO, source: str, *, fields: Fields | None = None) -> Iterator[Found]:
    kind = _zipped(stream.read(200), stream)
    stream.seek(0)
    if kind in (".odt", ".ods", ".wacz", ".epub"):
        yield from READERS[kind](stream, source)
        return
    yield from _something(read_zip(stream, source, read_member=partial(_read_part, fields=fields)))


def _read_tar(stream: BinaryIO, source: str, *, fields: Fields | None = None) -> Iterator[Found]:
    try:
        yield from _something(read_tar(stream, source, read_member=partial(_read_part, fields=fields)))
    except tarfile.TarError as error:
        yield Failure(
            source, f"The archive is damaged or cut short ({error}). What stood before that was read."
        )


def _something(found: Iterator[Found]) -> Iterator[Found]:
    """What an archive holds; raises when that is nothing that can be read."""
    read = False
    for each in found:
        read = read or not (isinstance(each, Notice) and each.kind == "passed_over")
        yield each
    if not read:
        raise LoadError(f"The archive holds no file that can be read. Readable are {_known()}.")


def _read_web_archive(stream: BinaryIO, source: str) -> Iterator[Found]:
    return read_warc(stream, source, read_other=_read_part)


def _read_wacz(stream: BinaryIO, source: str) -> Iterator[Found]:
    return read_wacz(stream, source, read_other=_read_part)


MAX_PART_BYTES = 64 * 2**20
_SIGNATURES = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"WARC/", ".warc"),
    (b"filedesc://", ".arc"),
    (b"\xd0\xcf\x11\xe0", ".doc"),
    (b"PAR1", ".parquet"),
    (b"Rar!\x1a\x07", ".rar"),
    (b"\x28\xb5\x2f\xfd", ".zst"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"bplist00", ".webarchive"),
)
READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".tst": read_text,
    ".anpa": read_text,
    ".iptc": read_text,
    ".sgm": read_text,
    ".sgml": read_text,
    ".wire": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".mhtml": read_mhtml,
    ".mht": read_mhtml,
    ".webarchive": read_webarchive,
    ".json": read_json,
    ".har": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".odt": read_odt,
    ".fodt": read_odt,
    ".rtf": read_rtf,
    ".eml": _read_mail,
    ".mbox": _read_mailbox,
    ".mbx": _read_mailbox,
    ".xml": read_xml,
    ".rss": read_xml,
    ".atom": read_xml,
    ".rdf": read_xml,
    ".nitf": read_xml,
    ".newsml": read_xml,
    ".opml": read_xml,
    ".wxr": read_xml,
    ".tei": read_xml,
    ".enex": read_xml,
    ".warc": _read_web_archive,
    ".arc": _read_web_archive,
    ".wet": _read_web_archive,
    ".wacz": _read_wacz,
    ".epub": read_epub,
    ".idml": _read_layout,
    ".icml": read_xml,
    ".ttml": read_xml,
    ".dfxp": read_xml,
    ".vtt": read_subtitles,
    ".srt": read_subtitles,
    ".ris": read_ris,
    ".url": read_shortcut,
    ".webloc": read_shortcut,
    ".zip": _read_archive,
    ".tar": _read_tar,
    **{suffix: refuse(reason) for suffix, reason in REFUSED.items()},
}
_FRAGMENTS = frozenset(
    {b"p", b"div", b"article", b"section", b"main", b"h1", b"h2", b"table", b"ul", b"b", b"span"}
)
_MAPPED = frozenset(
    {".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".zip", ".tar"}
)  # readers that take `fields`
_LOOSE = frozenset({".txt", ".text", ".doc", ".xls"})
_MEDIA = frozenset(
    [
        ".jpg",
        ".jpeg",
        ".png",
        ".gif",
        ".webp",
        ".svg",
        ".ico",
        ".bmp",
        ".tif",
        ".tiff",
        ".heic",
        ".avif",
        ".mp3",
        ".mp4",
        ".m4a",
        ".mov",
        ".avi",
        ".wav",
        ".ogg",
        ".webm",
        ".css",
        ".js",
        ".mjs",
        ".map",
        ".woff",
        ".woff2",
        ".ttf",
        ".otf",
        ".eot",
        ".psd",
        ".ai",
        ".eps",
        ".indd",
        ".qxd",
        ".qxp",
        ".exe",
        ".dll",
        ".so",
        ".db",
        ".sqlite",
        ".log",
        ".tmp",
    ]
)
_SAVED_FOLDER = re.compile(
    r"^(.+?)(?:_files|-files|\.files|_Dateien|-Dateien|_fichiers|_archivos|_file)$", re.IGNORECASE
)


def _known() -> str:
    return " ".join(sorted(READERS.keys() - REFUSED.keys()))


def _why_passed(suffix: str) -> str:
    return (
        f"Nothing here reads {suffix} files."
        if suffix
        else "It has no suffix, and its content is no known kind."
    )


def _expanded(given: str | Path) -> Iterator[Path | str | Failure | Notice]:
    if str(given) == STDIN or _ADDRESS.match(str(given)):
        yield str(given)
        return
    path = Path(given)
    if path.is_dir():
        yield from _in_folder(path)
    elif os.path.lexists(path):
        yield path
    else:
        matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(str(path)) else []  # noqa: PTH207
        for match in matches:
            yield from _expanded(match)
        if not matches:
            yield Failure(name_of(path), "There is no such file or folder. Check the spelling.")


def _in_folder(folder: Path) -> Iterator[Path | Failure | Notice]:
    found = False
    for path in _walk(folder, seen=set()):
        found = found or not isinstance(path, Notice)
        yield path
    if not found:
        yield Failure(name_of(folder), f"The folder holds no file that can be read. Readable are {_known()}.")


def _walk(folder: Path, *, seen: set[tuple[int, int]], page: str = "") -> Iterator[Path | Failure | Notice]:
    """The files below `folder`, by name; each folder once, so that a loop of links ends.

    `page`, where given, is the saved page that the folder belongs to: its pictures and frames are no
    articles.
    """
    try:
        status = folder.stat()
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield Failure(name_of(folder), _in_words(error))
        return
    if (status.st_dev, status.st_ino) in seen:
        return
    seen.add((status.st_dev, status.st_ino))
    pages = {entry.stem for entry in entries if entry.suffix.lower() in (".html", ".htm", ".xhtml")}
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if _is_folder(entry):
            saved = _SAVED_FOLDER.match(entry.name)
            owner = saved[1] if saved and saved[1] in pages else page
            yield from _walk(entry, seen=seen, page=owner)
        elif page:
            yield Notice(name_of(entry), f"It belongs to the saved page {page!r}.", "passed_over")
        elif _suffix(entry.name) in READERS or _is_signed(entry):
            yield entry
        else:
            yield Notice(name_of(entry), _why_passed(_suffix(entry.name)), "passed_over")


def _is_signed(path: Path) -> bool:
    """Whether a file of an unknown suffix begins like a kind that is read."""
    if path.suffix.lower() in _MEDIA:
        return False
    try:
        with _open_file(path) as stream:
            return _signed(stream.read(4096), None) != ""
    except (OSError, LoadError):
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a loop of links, or no permission: load will say which
        return False
