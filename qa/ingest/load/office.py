"""Reads OpenDocument text (.odt, .fodt) and RTF, and says what to do with office files that are not read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from qa.errors import LoadError
from qa.ingest.load.grid import grid_lines, is_layout
from qa.ingest.load.markup import child, parse_xml, value, words
from qa.ingest.load.research import research_reader
from qa.ingest.load.text import read_all
from qa.ingest.load.word import SPREADSHEET, refuse_office
from qa.types import Failure, RawArticle

MAX_SPACES = 1_000
MAX_RTF_DEPTH = 5_000  # groups in groups
_ODF = re.compile(r"application/vnd\.oasis\.opendocument\.(\w+)")
_SILENT = frozenset(
    [
        "tracked-changes",
        "annotation",
        "note-citation",
        "note-body",
        "sequence-decls",
        "forms",
        "bookmark",
        "ruby-text",
        "hidden-text",
        "hidden-paragraph",
        "index-title-template",
        "table-of-content",
        "alphabetical-index",
        "bibliography",
        "script",
        "title",
        "desc",
    ]
)
_HIDDEN = re.compile(
    r"\{(?:\\[a-uw-z]\w*\s?)*\\v(?:\\\w+)*\s[^{}]*\}|\\v(?=[\\ ])(?:(?!\\plain|\\par\b)[^{}])*?\\v0\b ?"
)
_ROWS = re.compile(r"(?m)^[^|\n]*\|[^\n]*(?:\n+[^|\n]*\|[^\n]*)+$")  # a line a row, cells between bars
_INFO = re.compile(rb"\{\\info\b")


def read_odt(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """One article: headings, paragraphs, lists and tables of an OpenDocument text, zipped or flat."""
    data = read_all(stream)
    if data.lstrip()[:1] == b"<":
        content = facts = parse_xml(data)
    else:
        content, facts = _unzipped(data)
    body = child(content, "body")
    kind = body[0].tag if body is not None and len(body) else "nothing"
    if kind != "text":
        raise LoadError(f"The OpenDocument file holds a {kind} and no text. Save it as .odt, .csv or .pdf.")
    lines = [(tag, line) for tag, line in _odf_lines(body[0]) if line.strip()]
    if not lines:
        raise LoadError("The document holds no text.")
    text = "\n".join(line for _, line in lines)
    if archive := research_reader(text):
        yield from archive(text, source)
        return
    heading = next((line for tag, line in lines if tag == "h"), None)
    author = words(child(facts, "initial-creator")) or words(child(facts, "creator"))
    title = words(child(facts, "meta", "title"))
    yield RawArticle(source, text, title or heading, author=author, language=words(child(facts, "language")))


def _unzipped(data: bytes) -> tuple[Any, Any]:
    refuse_office(data, "an OpenDocument text")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            content = parse_xml(archive.read("content.xml"))
            facts = parse_xml(archive.read("meta.xml")) if "meta.xml" in archive.namelist() else content
        except (KeyError, zipfile.BadZipFile, RuntimeError, EOFError) as error:
            raise LoadError(
                f"It is not an OpenDocument text, or it is damaged or encrypted ({error})."
            ) from None
    return content, facts


def _odf_lines(node: Any) -> Iterator[tuple[str, str]]:
    """Tag and text of each paragraph, heading and row, in order."""
    stack = [(inner, "") for inner in reversed(node)]
    while stack:
        node, mark = stack.pop()
        if not isinstance(node.tag, str) or node.tag in _SILENT:
            continue
        if node.tag in ("p", "h"):
            yield node.tag, mark + _odf_words(node)
            stack += [(inner, "") for box in node.iter("text-box") for inner in reversed(box)]
        elif node.tag == "table":
            rows = [
                [
                    " ".join(filter(None, map(_odf_words, cell.iter("p", "h"))))
                    for cell in row
                    if "cell" in cell.tag
                ]
                for row in node.iter("table-row")
            ]
            headed = child(node, "table-header-rows") is not None
            for line in (
                [c for row in rows for c in row if c] if is_layout(rows) else grid_lines(rows, headed=headed)
            ):
                yield "table", line
        else:
            stack += [(inner, "- " if node.tag == "list-item" else mark) for inner in reversed(node)]


def _odf_words(paragraph: Any) -> str:
    parts: list[str] = []
    stack: list[Any] = [paragraph]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if node is not paragraph and (tag in _SILENT or tag == "text-box" or not tag):
            continue
        if tag == "s":
            count = value(node, "c") or "1"
            parts.append(" " * (min(int(count), MAX_SPACES) if count.isdecimal() else 1))
        elif tag in ("tab", "line-break"):
            parts.append(" ")
        for inner in reversed(node):
            stack += [inner.tail or "", inner]
        stack.append(node.text or "")
    return " ".join("".join(parts).split())


def read_rtf(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """One article, or the articles of an archive's download: the text without control words."""
    from striprtf.striprtf import rtf_to_text

    data = read_all(stream)
    if not data.lstrip()[:5].startswith(b"{\\rt"):
        raise LoadError("It is not RTF: it does not begin like one.")
    written = _HIDDEN.sub("", _without_pictures(data).decode("latin-1"))
    if _depth(written) > MAX_RTF_DEPTH:
        raise LoadError("Its groups are nested too deeply to be read.")
    try:
        text = rtf_to_text(written, errors="replace")
    except (ValueError, IndexError, KeyError, LookupError) as error:
        raise LoadError(f"The RTF is broken: {error}.") from None
    text = "\n".join(line.strip(" |\t") for line in text.replace("\x0c", "\n").split("\n"))
    if not any(map(str.isalnum, text)):
        raise LoadError("The document holds no text.")
    if archive := research_reader(text):
        yield from archive(text, source)
        return
    facts = _rtf_facts(data)
    yield RawArticle(source, _ROWS.sub(_grid, text).strip(), facts.get("title"), author=facts.get("author"))
    if data.count(b"{") > data.count(b"}") + 2:
        yield Failure(source, "The RTF is cut short; what stood before that was read.")


def _grid(match: re.Match[str]) -> str:
    """The rows of a table as lines that say what their figures are."""
    rows = [[cell.strip() for cell in row.split("|")] for row in match.group().split("\n") if row.strip()]
    return "\n".join([c for row in rows for c in row if c] if is_layout(rows) else grid_lines(rows))


def _rtf_facts(data: bytes) -> dict[str, str]:
    """`\\title` and `\\author` of the information group."""
    from striprtf.striprtf import rtf_to_text

    start = _INFO.search(data)
    found: dict[str, str] = {}
    if start:
        info = data[start.start() : start.start() + 4_000].decode("latin-1")
        page = re.search(r"\\ansicpg(\d+)", data[:500].decode("latin-1"))
        for name, written in re.findall(r"\{\\(title|author)\s?((?:[^{}]|\{[^{}]*\}){0,500})\}", info):
            code = f"\\ansicpg{page[1]}" if page else ""
            words = rtf_to_text(f"{{\\rtf1\\ansi{code} {written}}}", errors="replace").strip()
            if words:
                found.setdefault(name, " ".join(words.split()))
    return found


def _without_pictures(data: bytes) -> bytes:
    """The document without the hexadecimal digits of its pictures, which may be most of it."""
    return re.sub(rb"(?:[0-9a-fA-F]{32,}\s*){4,}", b"", data)


def _depth(written: str) -> int:
    deepest = depth = 0
    for sign in re.findall(r"(?<!\\)[{}]", written):
        depth += 1 if sign == "{" else -1
        deepest = max(deepest, depth)
    return deepest


def refuse(reason: str) -> Any:
    """A reader for a kind of file that is known and not read: it says what to do."""

    def read(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        if not stream.read(1):
            raise LoadError("The file is empty.")
        raise LoadError(reason)
        yield  # pragma: no cover - makes it a generator, as readers are

    return read


REFUSED = {
    ".xlsx": SPREADSHEET,
    ".xlsm": SPREADSHEET,
    ".xls": SPREADSHEET,
    ".ods": SPREADSHEET.replace("an Excel workbook, a spreadsheet", "a spreadsheet"),
    ".doc": "It is an old Word document. Open it and save it as .docx, or run `soffice --convert-to "
    "docx` on it.",
    ".pptx": "It is a PowerPoint presentation. Save its text as .docx or .txt and load that.",
    ".ppt": "It is a PowerPoint presentation. Save its text as .docx or .txt and load that.",
    ".pages": "It is a Pages document. Export it as .docx (File > Export to > Word) and load that.",
    ".msg": "It is an Outlook message. Save it as .eml or as text and load that.",
    ".pst": "It is an Outlook mailbox. Export it as .mbox (`readpst` does) and load that.",
    ".indd": "It is an InDesign document. Save it as .idml (File > Save a copy) or export its text as .rtf.",
    ".qxp": "It is a QuarkXPress document. Export its text as .rtf or .docx and load that.",
    ".numbers": "It is a Numbers spreadsheet. Export it as .csv, a row an article, and load that.",
    ".mobi": "It is a Kindle book. Convert it to .epub (Calibre does) and load that.",
    ".azw3": "It is a Kindle book. Convert it to .epub (Calibre does) and load that.",
    ".parquet": "It is a Parquet table. Write it as .jsonl (pandas: `to_json(lines=True, "
    "orient='records')`).",
    ".rar": "It is a RAR archive. Unpack it and load the folder.",
    ".zst": "It is packed with Zstandard. Unpack it (`zstd -d FILE`) and load what comes out.",
    ".7z": "It is a 7-Zip archive. Unpack it and load the folder.",
}
