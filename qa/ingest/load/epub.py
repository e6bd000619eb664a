"""Reads EPUB books, as newspapers and programs (Calibre, Instapaper) pack an issue: an article a chapter.

The book's own facts (its title, publisher, day, language) are those of each chapter that gives none.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote

from qa.errors import LoadError
from qa.ingest.load.markup import child, parse_xml, value, words
from qa.ingest.load.page import MAX_PAGE_BYTES, page
from qa.ingest.load.text import read_all
from qa.types import Failure, Notice, RawArticle

MAX_CHAPTERS = 5_000
_NO_STORY = frozenset({"nav", "cover", "cover-image"})


def read_epub(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure | Notice]:
    """The articles in reading order. Raises LoadError for what is no EPUB, or one that is encrypted."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(read_all(stream)))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise LoadError(f"The EPUB is damaged or no zip file ({error}).") from None
    with archive:
        if "META-INF/encryption.xml" in archive.namelist() and "META-INF/rights.xml" in archive.namelist():
            raise LoadError("The EPUB is protected against copying. Load one without protection.")
        try:
            package, folder = _package(archive)
            chapters = _chapters(package, folder)[:MAX_CHAPTERS]
        except (KeyError, zipfile.BadZipFile, RuntimeError, EOFError) as error:
            raise LoadError(f"The EPUB is damaged: {error}.") from None
        alone = len(chapters) == 1
        others = 0
        for name in chapters:
            try:
                found = _article(archive, name, source if alone else f"{source}/{name}", package, alone=alone)
            except LoadError:
                others += 1
            except (KeyError, zipfile.BadZipFile, RuntimeError, EOFError) as error:
                yield Failure(f"{source}/{name}", f"This chapter of the EPUB is damaged ({error}).")
            else:
                yield found
        if others == len(chapters):
            raise LoadError("The EPUB holds no chapter with a text.")
        if others:
            yield Notice(source, f"{others} of its chapters are covers or lists, and no articles.")


def _package(archive: zipfile.ZipFile) -> tuple[Any, PurePosixPath]:
    """The package document and the folder that its names are relative to."""
    container = parse_xml(archive.read("META-INF/container.xml"))
    path = value(child(container, "rootfile"), "full-path")
    if path is None:
        raise LoadError("The EPUB does not say where its package is.")
    return parse_xml(archive.read(path)), PurePosixPath(path).parent


def _chapters(package: Any, folder: PurePosixPath) -> list[str]:
    """The names of the pages in reading order, without covers and tables of contents."""
    items = {value(item, "id"): item for item in package.iter("item")}
    found = []
    for reference in package.iter("itemref"):
        item = items.get(value(reference, "idref"))
        kinds = {*(value(item, "properties") or "").split(), value(item, "id")} if item is not None else set()
        href = value(item, "href")
        if href and not kinds & _NO_STORY and "html" in (value(item, "media-type") or ""):
            found.append(str(folder / unquote(href)))
    return found


def _article(archive: zipfile.ZipFile, name: str, place: str, package: Any, *, alone: bool) -> RawArticle:
    info = archive.getinfo(name)
    if info.file_size > MAX_PAGE_BYTES:
        raise LoadError(f"The chapter is larger than {MAX_PAGE_BYTES // 2**20} MB; no article is.")
    found = page(archive.read(info), place)
    whole = words(child(package, "title"))
    return replace(
        found,
        title=(whole if alone else None) or found.title,
        outlet=found.outlet or words(child(package, "publisher")) or (None if alone else whole),
        author=found.author or (words(child(package, "creator")) if alone else None),
        published=found.published or words(child(package, "date")),
        language=found.language or words(child(package, "language")),
    )
