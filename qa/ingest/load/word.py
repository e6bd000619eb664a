"""Reads Word documents (.docx): the text as Word shows it with all changes accepted.

The XML is walked here: python-docx's own paragraph text leaves out what was inserted, moved, or stands in
content controls, smart tags and fields. What is deleted, hidden, or an instruction is left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from qa.errors import LoadError
from qa.ingest.load.grid import grid_lines, is_layout
from qa.ingest.load.research import research_reader
from qa.ingest.load.text import read_all
from qa.types import Failure, RawArticle

MAX_UNPACKED = 256 * 2**20  # bytes in an office file; pictures are most of it
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LEFT_OUT = frozenset(
    _W + name
    for name in (
        "del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "sdtPr", "tblPr", "trPr",
        "tcPr", "sectPr", "annotationRef", "fldData", "ruby",
    )
)  # fmt: skip
_SIGNS = {_W + "tab": " ", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-", _W + "softHyphen": "",
          _W + "ptab": " "}  # fmt: skip
_NO_AUTHOR = re.compile(
    r"^(?:lexisnexis|python-docx|microsoft office user|unknown|admin|user|author)$", re.IGNORECASE
)


def read_docx(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """One article: paragraphs, headings and tables in their order; or the articles of an archive's
    download.
    """
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    data = read_all(stream)
    refuse_office(data, "a Word document of the .docx kind")
    try:
        document = Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise LoadError(f"It is not a Word document of the .docx kind ({error}).") from None
    lines = [
        (style, line) for style, line in _lines(document.element.body, _style_names(document)) if line.strip()
    ]
    if not lines:
        raise LoadError("The document holds no text.")
    text = "\n".join(line for _, line in lines)
    archive = research_reader(text)
    if archive:
        yield from archive(text, source)
        return
    facts = document.core_properties
    titled = next((line for style, line in lines if style == "Title"), None)
    headed = next((line for style, line in lines if style == "Heading 1"), None)
    author = facts.author if facts.author and not _NO_AUTHOR.match(facts.author) else None
    title = titled or (facts.title or "").strip() or headed
    yield RawArticle(source, text, title, author=author, language=facts.language or None)


def refuse_office(data: bytes, wanted: str) -> None:
    """Raises LoadError for a zip that is another office file, is damaged, or unpacks to more than one can
    hold.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            size = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise LoadError(f"It is not {wanted} ({error}).") from None
    if size > MAX_UNPACKED:
        raise LoadError(f"It unpacks to {size // 2**20:,} MB, more than a document can hold; refused.")
    if any(name.startswith("xl/") for name in names):
        raise LoadError(SPREADSHEET)
    if any(name.startswith("ppt/") for name in names):
        raise LoadError("It is a PowerPoint presentation. Save its text as .docx or .txt and load that.")


SPREADSHEET = (
    "It is an Excel workbook, a spreadsheet. Save the sheet as .csv (File > Save as > CSV UTF-8), with "
    "a header row "
    "such as title,text,date,outlet, and load that: each row is an article."
)


def _style_names(document: Any) -> dict[str, str]:
    return {style.style_id: style.name or "" for style in document.styles}


def _lines(body: Any, styles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Style and text of each paragraph and each row, wherever controls and boxes put them."""
    stack = list(reversed(body))
    while stack:
        node = stack.pop()
        if node.tag == _W + "p":
            if not _is_deleted(node):
                style = _style(node, styles)
                yield style, ("- " if style.startswith("List") else "") + _words(node)
            boxes = [box for box in node.iter(_W + "txbxContent") if not _in_fallback(box)]
            stack += [inner for box in reversed(boxes) for inner in reversed(box)]
        elif node.tag == _W + "tbl":
            for line in _rows(node):
                yield "", line
        elif node.tag not in _LEFT_OUT and isinstance(node.tag, str):
            stack += reversed(node)


def _style(paragraph: Any, styles: dict[str, str]) -> str:
    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return styles.get(found.get(_W + "val"), "") if found is not None else ""


def _is_deleted(paragraph: Any) -> bool:
    """Whether the paragraph was moved away or deleted as a whole."""
    marks = paragraph.find(f"{_W}pPr/{_W}rPr")
    gone = marks is not None and any(marks.find(_W + name) is not None for name in ("del", "moveFrom"))
    return gone and not _words(paragraph).strip()


def _words(paragraph: Any) -> str:
    """What a paragraph shows, without text boxes: those are paragraphs of their own."""
    parts: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        node = stack.pop()
        if node.tag in _LEFT_OUT or node.tag in (_W + "txbxContent", _MC + "Fallback") or _is_hidden(node):
            continue
        if node.tag == _W + "t":
            parts.append(node.text or "")
        elif node.tag in _SIGNS:
            parts.append("" if node.get(_W + "type") == "page" else _SIGNS[node.tag])
        elif node.tag == _W + "sym":
            parts.append(_symbol(node))
        elif isinstance(node.tag, str):
            stack += reversed(node)
    return (
        " ".join(line for line in ("".join(parts)).split("\n") if line.strip())
        if "\n" in parts
        else "".join(parts)
    )


def _is_hidden(node: Any) -> bool:
    if node.tag != _W + "r":
        return False
    mark = node.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val") not in ("0", "false", "off")


def _symbol(node: Any) -> str:
    """A sign of a symbol font; those of the private area have no meaning outside it."""
    try:
        number = int(node.get(_W + "char") or "", 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= number <= 0xF8FF else chr(number)


def _in_fallback(node: Any) -> bool:
    """Whether an element is the old form of one that stands beside it, for old versions of Word."""
    return next(node.iterancestors(_MC + "Fallback"), None) is not None


def _rows(table: Any) -> list[str]:
    rows = [
        [" ".join(filter(None, (_words(p) for p in cell.iter(_W + "p")))) for cell in row.iter(_W + "tc")]
        for row in table.iter(_W + "tr")
        if next(row.iterancestors(_W + "tbl"), None) is table
    ]
    headed = next(table.iter(_W + "tblHeader"), None) is not None
    return (
        [cell for row in rows for cell in row if cell] if is_layout(rows) else grid_lines(rows, headed=headed)
    )
