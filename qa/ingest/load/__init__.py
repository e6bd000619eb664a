"""Reads files, folders, archives and addresses, and gives the articles in them as they were written.

Takes a path, an `http(s)` address, `-` for standard input, or bytes with a name; gives RawArticles, and a
Failure with a sentence for each thing that could not be read. Never raises for bad input.
Knows nothing about cleaning or storing. A new format is a reader and a line in `READERS`.
"""

from __future__ import annotations

import glob
import gzip
import hashlib
import io
import os
import re
import stat
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from qa.errors import LoadError
from qa.ingest.load.archive import read_zip, unpacked_gzip
from qa.ingest.load.document import read_docx, read_pdf
from qa.ingest.load.feed import read_xml
from qa.ingest.load.mail import read_eml, read_mhtml
from qa.ingest.load.page import page, read_html
from qa.ingest.load.records import read_json, read_jsonl
from qa.ingest.load.table import read_csv
from qa.ingest.load.text import read_markdown, read_text
from qa.ingest.load.web import fetch
from qa.types import Failure, RawArticle

__all__ = ["READERS", "expand", "load", "load_bytes"]

Reader = Callable[[BinaryIO, str], Iterator[RawArticle | Failure]]

STDIN = "-"
MAX_STDIN_BYTES = 2 * 2**30  # spooled to disk while it is read; larger dumps come as files
_IN_MEMORY = 16 * 2**20  # bytes of standard input kept in memory before a temporary file is used
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def load(source: str | Path, *, allow_private: bool = False) -> Iterator[RawArticle | Failure]:
    """The articles of one file, address or `-`, in order, and a Failure for each part that could not be read.

    `allow_private` lets an address lie within this machine or its network.
    """
    if isinstance(source, str) and _ADDRESS.match(source):
        yield from _guarded(source, lambda: _from_web(source, allow_private))
    elif str(source) == STDIN:
        yield from _guarded("standard input", _from_stdin)
    else:
        yield from _guarded(name_of(Path(source)), lambda: _from_file(Path(source)))


def load_bytes(data: bytes, name: str) -> Iterator[RawArticle | Failure]:
    """The articles of an upload or of pasted text; the suffix of `name` says what it is, else the content."""
    yield from _guarded(name, lambda: _read(io.BytesIO(data), name))


def expand(paths: Iterable[str | Path]) -> Iterator[Path | str | Failure]:
    """Each file to load, once, in the order given, folders and globs resolved by name.

    A folder gives the files whose suffix is known; a path given by itself is kept whatever its suffix.
    Addresses and `-` pass through. What does not exist, and a folder with nothing to read, is a Failure.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _expanded(path):
            key = (
                found
                if isinstance(found, str)
                else os.path.realpath(found)
                if isinstance(found, Path)
                else ""
            )
            if not key or key not in seen:
                seen.add(key)
                yield found


def name_of(path: Path) -> str:
    """A path as a source: posix, and printable whatever bytes it is made of."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _guarded(name: str, read: Callable[[], Iterator[RawArticle | Failure]]) -> Iterator[RawArticle | Failure]:
    """What `read` gives; whatever it stumbles over becomes a Failure at that point."""
    try:
        yield from read()
    except LoadError as error:
        yield Failure(name, str(error))
    except (OSError, EOFError, zlib.error) as error:
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
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return f"The compressed data is damaged or cut short ({error}). What stood before that was read."
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"It cannot be read: {reason}."


def _from_file(path: Path) -> Iterator[RawArticle | Failure]:
    with _open_file(path) as stream:
        yield from _read(stream, name_of(path))


def _open_file(path: Path) -> BinaryIO:
    """An ordinary file, opened without ever waiting: a pipe or a device is refused, not read."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise LoadError("This is not an ordinary file but a folder, pipe or device. Give a file.")
    return os.fdopen(descriptor, "rb")


def _from_stdin() -> Iterator[RawArticle | Failure]:
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
        yield from _read(spool, f"stdin-{digest.hexdigest()[:12]}")  # type: ignore[arg-type]


def _from_web(url: str, allow_private: bool) -> Iterator[RawArticle | Failure]:
    fetched = fetch(url, allow_private=allow_private)
    path = PurePosixPath(re.sub(r"[?#].*", "", url))
    suffix = (
        fetched.suffix or (path.suffix if _suffix(path.name) in READERS else "") or _suspected(fetched.data)
    )
    if suffix == ".html":
        yield page(fetched.data, url, address=fetched.address, charset=fetched.charset)
        return
    for found in _read(io.BytesIO(fetched.data), url, suffix=suffix):
        alone = isinstance(found, RawArticle) and found.source == url and not found.url
        yield replace(found, url=fetched.address) if alone and isinstance(found, RawArticle) else found


def _read(stream: BinaryIO, name: str, *, suffix: str | None = None) -> Iterator[RawArticle | Failure]:
    """What the reader for the suffix finds; where no suffix is known, the content says what it is."""
    if name.lower().endswith(".gz"):
        stream = unpacked_gzip(stream)
    suffix = suffix or _suffix(name)
    if suffix not in READERS:
        suffix = _suspected(stream.read(4096))
        stream.seek(0)
    yield from READERS[suffix](stream, name)


def _read_part(stream: BinaryIO, name: str) -> Iterator[RawArticle | Failure]:
    """A member of an archive or an attachment: its failure is its own; what is no article is passed over."""
    if _suffix(name) in READERS:
        yield from _guarded(name, lambda: _read(stream, name))


def _suffix(name: str) -> str:
    """The suffix that says what a file holds: `.jsonl` for `a.jsonl.gz`."""
    path = PurePosixPath(name.lower())
    return PurePosixPath(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _suspected(head: bytes) -> str:
    """The suffix that the first bytes of a file suggest."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1024].lower()
    if start.startswith(b"%pdf-"):
        return ".pdf"
    if start.startswith(b"pk\x03\x04"):
        return ".docx" if b"word/" in head or b"[Content_Types]" in head else ".zip"
    if re.match(rb"<!doctype html|<html|<head|<body", start):
        return ".html"
    if re.match(rb"<\?xml|<rss|<feed|<rdf", start):
        return ".xml"
    if start.startswith((b"{", b"[")):
        first = head.strip().split(b"\n", 1)[0].rstrip()
        return ".jsonl" if first.startswith(b"{") and (first.endswith(b"}") or len(first) > 1000) else ".json"
    return ".eml" if re.match(rb"(?:received|return-path|mime-version|delivered-to): ", start) else ".txt"


def _read_mail(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    return read_eml(stream, source, read_attachment=_read_part)


def _read_archive(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    found = False
    for part in read_zip(stream, source, read_member=_read_part):
        found = True
        yield part
    if not found:
        raise LoadError(f"The archive holds no file that can be read. Readable are {_known()}.")


READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".mhtml": read_mhtml,
    ".mht": read_mhtml,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".eml": _read_mail,
    ".xml": read_xml,
    ".rss": read_xml,
    ".atom": read_xml,
    ".rdf": read_xml,
    ".zip": _read_archive,
}


def _known() -> str:
    return " ".join(sorted(READERS))


def _expanded(given: str | Path) -> Iterator[Path | str | Failure]:
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


def _in_folder(folder: Path) -> Iterator[Path | Failure]:
    found = False
    for path in _walk(folder, seen=set()):
        found = True
        yield path
    if not found:
        yield Failure(name_of(folder), f"The folder holds no file that can be read. Readable are {_known()}.")


def _walk(folder: Path, *, seen: set[tuple[int, int]]) -> Iterator[Path | Failure]:
    """Files with a known suffix below `folder`, by name; each folder once, so that a loop of links ends."""
    try:
        status = folder.stat()
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield Failure(name_of(folder), _in_words(error))
        return
    if (status.st_dev, status.st_ino) in seen:
        return
    seen.add((status.st_dev, status.st_ino))
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if _is_folder(entry):
            yield from _walk(entry, seen=seen)
        elif _suffix(entry.name) in READERS:
            yield entry


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a loop of links, or no permission: load will say which
        return False
