"""Reads what is packed: gzip as a stream, zip member by member. Nothing is ever written to disk."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO

from qa.errors import LoadError
from qa.types import Failure, Notice, RawArticle

MAX_MEMBERS = 100_000
MAX_RATIO = 200  # text packs 3 to 10 times, logs 30; deflate's limit, reached by bombs only, is 1,032
MAX_TAR_BYTES = 64 * 2**20  # a tar's members are read into memory: its stream cannot go back
BOMB_BYTES = 32 * 2**20  # unpacked bytes from which the ratio counts

CUT = (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError)  # what streams raise that end too early
ReadMember = Callable[[BinaryIO, str], Iterator[RawArticle | Failure | Notice]]


class _Unpacked(io.RawIOBase):
    """An unpacking stream that refuses to go on when it gives far more than was packed."""

    def __init__(self, stream: Any, packed: Callable[[], int]) -> None:
        super().__init__()
        self._stream = stream
        self._packed = packed
        self._given = 0
        self.cut: Exception | None = None  # why the stream ended early, when it did

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.cut = None
        return int(self._stream.seek(offset, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            data = self._stream.read1(len(buffer))  # `read` of a stream that is cut short loses what it has
        except CUT as error:
            if self.cut is not None:
                raise
            self.cut = error  # first what stood before, then the error
            return 0
        self._given += len(data)
        if self._given > BOMB_BYTES and self._given > MAX_RATIO * max(1, self._packed()):
            raise LoadError(f"It unpacks to more than {MAX_RATIO} times its size: a zip bomb, refused.")
        buffer[: len(data)] = data
        return len(data)


def raise_if_cut(stream: BinaryIO) -> None:
    """Raises the error of an unpacked stream that ended early, which a reader of the whole did not notice."""
    cut = getattr(getattr(stream, "raw", None), "cut", None)
    if cut is not None:
        raise cut


def unpacked_gzip(stream: BinaryIO) -> BinaryIO:
    """The content of a gzip stream, read as it is needed."""
    unzipped = gzip.GzipFile(fileobj=stream)
    return io.BufferedReader(_Unpacked(unzipped, stream.tell))  # type: ignore[type-var]


def unpacked(stream: IO[bytes], packed: BinaryIO) -> BinaryIO:
    """The content of another packed stream over the file `packed`, within the same limit."""
    return io.BufferedReader(_Unpacked(stream, packed.tell))  # type: ignore[type-var]


def read_tar(
    stream: BinaryIO, source: str, *, read_member: ReadMember
) -> Iterator[RawArticle | Failure | Notice]:
    """The articles of each member of a tar archive, in order, under `source/member`. Raises
    tarfile.TarError.
    """
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for number, info in enumerate(archive):
            if number >= MAX_MEMBERS:
                yield Failure(
                    source, f"It holds more than {MAX_MEMBERS:,} files; the rest was not read. Split it."
                )
                return
            member = archive.extractfile(info) if info.isfile() else None
            if member is None or _is_clutter(info.name):
                continue
            held = io.BytesIO(member.read(MAX_TAR_BYTES + 1))
            name = f"{source}/{info.name}"
            if info.size > MAX_TAR_BYTES:
                yield Failure(
                    name, f"It is larger than {MAX_TAR_BYTES // 2**20} MB. Unpack the archive and load it."
                )
            else:
                yield from read_member(held, name)


def read_zip(
    stream: BinaryIO, source: str, *, read_member: ReadMember
) -> Iterator[RawArticle | Failure | Notice]:
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
        pages = {
            str(PurePosixPath(info.filename).with_suffix("")) for info in members if _is_page(info.filename)
        }
        for info in members:
            if owner := next((name for name in _saved_with(info.filename) if name in pages), None):
                reason = f"It belongs to the saved page {PurePosixPath(owner).name!r}."
                yield Notice(f"{source}/{info.filename}", reason, "passed_over")
            else:
                yield from _member(archive, info, source, read_member)


def bounded_member(member: IO[bytes], info: zipfile.ZipInfo) -> BinaryIO:
    """A member's stream, which refuses to go on where it unpacks to far more than was packed."""
    return io.BufferedReader(_Unpacked(member, lambda: info.compress_size))  # type: ignore[type-var]


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str, read_member: ReadMember
) -> Iterator[RawArticle | Failure | Notice]:
    name = f"{source}/{info.filename}"
    refusal = _refusal(info)
    if refusal:
        yield Failure(name, refusal)
        return
    try:
        with archive.open(info) as member:
            yield from read_member(bounded_member(member, info), name)
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


def _is_page(name: str) -> bool:
    return name.lower().endswith((".html", ".htm", ".xhtml"))


def _saved_with(name: str) -> Iterator[str]:
    """The pages that a member may belong to: `news/story` for `news/story_files/frame.html`."""
    for folder in PurePosixPath(name).parents:
        if folder.name.endswith("_files"):
            yield str(folder).removesuffix("_files")


def _is_clutter(name: str) -> bool:
    """Files that systems add to archives, and hidden ones."""
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in PurePosixPath(name).parts)
