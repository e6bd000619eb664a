"""Reads files, folders, archives and addresses, and gives the articles in them as they were written.

Takes a path, an `http(s)` address, `-` for standard input, or bytes with a name; gives RawArticles, and
a Failure with a sentence for each thing that could not be read. Never raises for bad input.
Knows nothing about cleaning or storing. A new format is a reader and a line in `READERS`.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from qa.errors import LoadError
from qa.load.page import read_html
from qa.load.records import read_json, read_jsonl
from qa.load.text import read_markdown, read_text
from qa.types import Failure, RawArticle

__all__ = ["READERS", "expand", "load", "load_bytes"]

Reader = Callable[[BinaryIO, str], Iterator[RawArticle | Failure]]

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
}
STDIN = "-"


def load(source: str | Path) -> Iterator[RawArticle | Failure]:
    """The articles of one file, in its order, and a Failure for each part that could not be read."""
    path = Path(source)
    name = name_of(path)
    try:
        with _open_file(path) as stream:
            yield from _read(stream, name)
    except OSError as error:
        yield Failure(name, _in_words(error))
    except LoadError as error:
        yield Failure(name, str(error))


def load_bytes(data: bytes, name: str) -> Iterator[RawArticle | Failure]:
    """The articles of an upload or of pasted text; the suffix of `name` says what it is."""
    yield from _read(io.BytesIO(data), name)


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
                else ""
                if isinstance(found, Failure)
                else os.path.realpath(found)
            )
            if not key or key not in seen:
                seen.add(key)
                yield found


def name_of(path: Path) -> str:
    """A path as a source: posix, and printable whatever bytes it is made of."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _expanded(given: str | Path) -> Iterator[Path | str | Failure]:
    if str(given) == STDIN or str(given).startswith(("http://", "https://")):
        yield str(given)
        return
    path = Path(given)
    if path.is_dir():
        yield from _in_folder(path)
    elif os.path.lexists(path):
        yield path
    else:
        matches = _matches(path)
        for match in matches:
            yield from _expanded(match)
        if not matches:
            yield Failure(name_of(path), "There is no such file or folder. Check the spelling.")


def _matches(pattern: Path) -> list[Path]:
    """What a glob names, by name; nothing when the path is no glob."""
    import glob

    if not glob.has_magic(str(pattern)):
        return []
    return [Path(match) for match in sorted(glob.glob(str(pattern), recursive=True))]  # noqa: PTH207 - absolute


def _in_folder(folder: Path) -> Iterator[Path | Failure]:
    found = 0
    for path in _walk(folder, seen=set()):
        found += 1
        yield path
    if not found:
        known = " ".join(sorted(READERS))
        yield Failure(name_of(folder), f"The folder holds no file that can be read. Readable are {known}.")


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
        if entry.is_dir():
            yield from _walk(entry, seen=seen)
        elif _suffix(entry.name) in READERS:
            yield entry


def _suffix(name: str) -> str:
    """The suffix that says what a file holds: `.jsonl` for `a.jsonl.gz`."""
    path = Path(name.lower())
    return Path(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _open_file(path: Path) -> BinaryIO:
    """An ordinary file, opened without ever waiting: a pipe or a device is refused, not read."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise LoadError("This is not an ordinary file but a folder, pipe or device. Give a file.")
    return os.fdopen(descriptor, "rb")


def _read(stream: BinaryIO, name: str) -> Iterator[RawArticle | Failure]:
    """What the reader for `name` finds in `stream`; what it stumbles over becomes a Failure at that point."""
    reader = READERS.get(_suffix(name), read_text)
    if name.lower().endswith(".gz"):
        stream = gzip.GzipFile(fileobj=stream)  # type: ignore[assignment]
    try:
        yield from reader(stream, name)
    except LoadError as error:
        yield Failure(name, str(error))
    except (OSError, EOFError, zlib.error) as error:
        yield Failure(name, _in_words(error))
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
        return f"The compressed data is damaged or cut short ({error}). What stood before it was read."
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"It cannot be read: {reason}."
