"""Reads documents: PDF and Word. pypdf and python-docx do the parsing, without programs to install."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from qa.errors import LoadError
from qa.ingest.load.text import read_all
from qa.types import Failure, RawArticle

MAX_PAGES = 2_000  # a year of a weekly; beyond it, something is wrong
MAX_UNPACKED = 256 * 2**20  # bytes in a Word file; pictures are most of it
_FURNITURE_SHARE = 0.5  # a line on more pages than this is a running title
_SHORT_PAGE = 6  # lines; on shorter pages the edge is the text
_NO_TITLE = re.compile(
    r"untitled|microsoft word|^doc\d|\.(?:docx?|pdf|indd|qxd|tex|dvi)$|^\W*$", re.IGNORECASE
)


def read_pdf(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """One article: the text of all pages, lines joined to paragraphs, running titles and numbers dropped."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks on fonts are no news to a reader
    data = read_all(stream)
    if b"%PDF-" not in data[:1024]:
        raise LoadError("It is not a PDF: it does not begin like one.")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise LoadError("The PDF is encrypted. Save it without its password and load that.")
        yield _of_pdf(reader, source)
    except (PyPdfError, RecursionError, KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise LoadError(f"The PDF is broken: {error or type(error).__name__}.") from None


def _of_pdf(reader: Any, source: str) -> RawArticle:
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise LoadError(f"The PDF has {count:,} pages; at most {MAX_PAGES:,} are read. Split it.")
    pages = [page.extract_text() or "" for page in reader.pages]
    text = _paragraphs(_without_furniture(pages))
    if sum(map(str.isalnum, text)) < 2:
        raise LoadError(_why_no_text(reader))
    facts = reader.metadata or {}
    title = str(facts.get("/Title") or "").strip()
    return RawArticle(
        source=source,
        text=text,
        title=None if _NO_TITLE.search(title) or len(title.split()) < 2 else title,
        author=str(facts.get("/Author") or "").strip() or None,
    )


def _why_no_text(reader: Any) -> str:
    if any("/XObject" in (page.get("/Resources") or {}) for page in reader.pages):
        return (
            "The PDF holds pictures of pages and no text: it was scanned. Run OCR on it and load the result."
        )
    return "The PDF holds no text."


def _without_furniture(pages: Sequence[str]) -> list[list[str]]:
    """The lines of each page without page numbers, and without what stands at the edge of most pages."""
    lines = [[line.strip() for line in page.split("\n")] for page in pages]
    edges = Counter(edge for page in lines for edge in {_numberless(line) for line in page[:2] + page[-2:]})
    often = max(3, _FURNITURE_SHARE * len(pages))
    running = {edge for edge, seen in edges.items() if seen > often} | {""}
    return [_without_edges(page, running) if len(page) > _SHORT_PAGE else page for page in lines]


def _without_edges(page: list[str], running: set[str]) -> list[str]:
    """A page less its first and last two lines where they run on other pages too, or are numbers only."""
    top = [line for line in page[:2] if line and _numberless(line) not in running]
    end = [line for line in page[-2:] if line and _numberless(line) not in running]
    return top + page[2:-2] + end


def _numberless(line: str) -> str:
    return re.sub(r"\d+", "", line).strip()


def _paragraphs(pages: Sequence[Sequence[str]]) -> str:
    """Lines joined where broken for width; a short line, or an early end of a sentence, ends one."""
    lines = [line for page in pages for line in page]
    filled = sorted(len(line) for line in lines if line)
    width = filled[int(0.9 * (len(filled) - 1))] if filled else 0
    text = ""
    before = ""
    for line in lines:
        if not before or not line:
            text += "\n" + line
        elif re.search(r"[^\W\d_]-$", before) and line[:1].islower():
            text = text[:-1] + line
        elif len(before) > 0.9 * width or (
            len(before) > 0.6 * width and not before.endswith((".", "!", "?", ":"))
        ):
            text += " " + line
        else:
            text += "\n" + line
        before = line
    return text.strip()


def read_docx(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """One article: a Word file's paragraphs, headings and tables in their order."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    data = read_all(stream)
    _refuse_bomb(data)
    try:
        document = Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise LoadError(f"It is not a Word document of the .docx kind ({error}).") from None
    lines = [line for part in document.iter_inner_content() for line in _lines(part)]
    if not any(line.strip() for line in lines):
        raise LoadError("The document holds no text.")
    facts = document.core_properties
    title = (facts.title or "").strip() or _styled_title(document)
    yield RawArticle(
        source,
        "\n".join(lines),
        title=title or None,
        author=facts.author or None,
        language=facts.language or None,
    )


def _refuse_bomb(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile as error:
        raise LoadError(f"It is not a Word document of the .docx kind ({error}).") from None
    if size > MAX_UNPACKED:
        raise LoadError(f"It unpacks to {size // 2**20:,} MB, more than a document can hold; refused.")


def _lines(part: Any) -> list[str]:
    if hasattr(part, "rows"):
        return [" ".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in part.rows]
    style = (part.style.name if part.style is not None else "") or ""
    return [("- " if style.startswith("List") else "") + part.text] if part.text.strip() else []


def _styled_title(document: Any) -> str:
    named = (part for part in document.paragraphs if part.style is not None and part.text.strip())
    return next((part.text.strip() for part in named if part.style.name in ("Title", "Heading 1")), "")
