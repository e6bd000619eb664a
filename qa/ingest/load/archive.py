"""Reads what is packed: gzip as a stream, zip member by member. Nothing is ever written to disk."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from qa.errors import LoadError
from qa.types import Failure, RawArticle

MAX_MEMBERS = 100_000
MAX_RATIO = 200  # text packs 3 to 10 times, logs 30; deflate's limit, reached by bombs only, is 1,032
BOMB_BYTES = 32 * 2**20  # unpacked bytes from which the ratio counts

ReadMember = Callable[[BinaryIO, str], Iterator[RawArticle | Failure]]


class _Unpacked(io.RawIOBase):
    """An unpacking stream that refuses to go on when it gives far more than was packed."""

    def __init__(self, stream: BinaryIO, packed: Callable[[], int]) -> None:
        super().__init__()
        self._stream = stream
        self._packed = packed
        self._given = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._given += len(data)
        if self._given > BOMB_BYTES and self._given > MAX_RATIO * max(1, self._packed()):
            raise LoadError(f"It unpacks to more than {MAX_RATIO} times its size: a zip bomb, refused.")
        buffer[: len(data)] = data
        return len(data)


def unpacked_gzip(stream: BinaryIO) -> BinaryIO:
    """The content of a gzip stream, read as it is needed."""
    unzipped = gzip.GzipFile(fileobj=stream)
    return io.BufferedReader(_Unpacked(unzipped, stream.tell))  # type: ignore[type-var, arg-type]


def read_zip(stream: BinaryIO, source: str, *, read_member: ReadMember) -> Iterator[RawArticle | Failure]:
    """The articles of each member, under `source/member`; a Failure for each that cannot be read."""
    if not stream.read(1):
        raise LoadError("The file is empty.")
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise LoadError(f"The archive is damaged or no zip file ({error}).") from None
    with archive:
        members = [
            info for info in archive.infolist() if not info.is_dir() and not _is_clutter(info.filename)
        ]
        if len(members) > MAX_MEMBERS:
            raise LoadError(f"It holds {len(members):,} files; at most {MAX_MEMBERS:,} are read. Split it.")
        if not members:
            raise LoadError("The archive holds no files.")
        for info in members:
            yield from _member(archive, info, source, read_member)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str, read_member: ReadMember
) -> Iterator[RawArticle | Failure]:
    name = f"{source}/{info.filename}"
    refusal = _refusal(info)
    if refusal:
        yield Failure(name, refusal)
        return
    try:
        with archive.open(info) as member:
            bounded = io.BufferedReader(_Unpacked(member, lambda: info.compress_size))  # type: ignore[type-var, arg-type]
            yield from read_member(bounded, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        yield Failure(name, f"This file of the archive is damaged or packed in an unknown way ({error}).")


def _refusal(info: zipfile.ZipInfo) -> str | None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in str(path.parts[:1]):
        return "Its name points outside the archive; refused."
    if info.flag_bits & 1:
        return "It is encrypted. Unpack the archive with its password and load the files."
    if path.suffix.lower() == ".zip":
        return "It is an archive within an archive. Unpack the outer one and load that."
    return None


def _is_clutter(name: str) -> bool:
    """Files that systems add to archives, and hidden ones."""
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in PurePosixPath(name).parts)
