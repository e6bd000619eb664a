"""Reads PDF documents. pypdf does the parsing, without programs to install."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from qa.errors import LoadError
from qa.ingest.load.text import read_all
from qa.types import Failure, RawArticle

MAX_PAGES = 2_000  # a year of a weekly; beyond it, something is wrong
_FURNITURE_SHARE = 0.5  # a line on more pages than this is a running title
_SHORT_PAGE = 6  # lines; on shorter pages the edge is the text
_QUOTES = "\"'“‘(["
_JOINED_GLYPHS = {"f_f": "ff", "f_i": "fi", "f_l": "fl", "f_f_i": "ffi", "f_f_l": "ffl", "T_h": "Th"}
# First halves of words that keep their hyphen: twenty-five, well-known, self-made.
_HYPHENATED = re.compile(
    r"(?:^|\W)(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one|two|three|four|five|six|seven|eight|nine"
    r"|ten|well|self|long|short|high|low|half|old|new|first|second|third|so|ill|full|part|far|near|hard|soft|wide"
    r"|open|cross|all|ex|non|vice|co|mid|anti|pro|post|pre|semi|multi|hand|home|state|world|war|record|fact|face"
    r"|father|mother|brother|sister|son|daughter|one-time|left|right|north|south|east|west|free|tax|oil|gas|coal"
    r"|back|front|year|month|week|day|much|ever|best|better|worst|late|early|large|small|big|black|white)$",
    re.IGNORECASE,
)
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
    _mend_glyph_names(reader)
    pages = [page.extract_text() or "" for page in reader.pages]
    text = _paragraphs(_without_furniture([_once(page) for page in pages]))
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


def _mend_glyph_names(reader: Any) -> None:
    """Gives fonts the names of letters that pypdf knows: `five` for `five.oldstyle`, `fi` for `f_i`.

    Adobe's glyph list says that what follows a point is a variant. pypdf takes the whole name, knows it
    not, and writes it into the text.
    """
    from pypdf.generic import NameObject

    seen: set[int] = set()
    for page in reader.pages:
        fonts = (page.get("/Resources") or {}).get("/Font") or {}
        for font in fonts.get_object().values() if hasattr(fonts, "get_object") else ():
            encoding = font.get_object().get("/Encoding")
            names = encoding.get_object().get("/Differences") if hasattr(encoding, "get_object") and hasattr(
                encoding.get_object(), "get") else None  # fmt: skip
            if names is None or id(names) in seen:
                continue
            seen.add(id(names))
            for at, name in enumerate(names):
                if isinstance(name, str) and (plain := _glyph(name[1:])) != name[1:]:
                    names[at] = NameObject(f"/{plain}")


def _glyph(name: str) -> str:
    """The glyph's name without its variant, where what is left is one that the list knows."""
    from pypdf._codecs.adobe_glyphs import adobe_glyphs

    plain = name.partition(".")[0] or name
    plain = _JOINED_GLYPHS.get(plain, plain)
    variant = re.fullmatch(r"([A-Za-z]+?)(?:oldstyle|small|superior|inferior)", plain)
    if variant and f"/{variant[1]}" in adobe_glyphs:
        plain = variant[1]
    return plain if f"/{plain}" in adobe_glyphs else name


def _once(page: str) -> str:
    """A page with what was printed twice, to look bold, read once: "HHeeaadd" and the same line again."""
    lines: list[str] = []
    for line in page.split("\n"):
        bare = line.strip()
        if len(bare) >= 8 and len(bare) % 2 == 0 and bare[::2] == bare[1::2]:
            bare = bare[::2]
        half, rest = divmod(len(bare), 2)
        if not rest and half >= 12 and bare[:half] == bare[half:]:
            bare = bare[:half]
        if not (lines and len(bare) >= 12 and bare == lines[-1]):
            lines.append(bare)
    return "\n".join(lines)


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
    whole = "\n".join(lines)
    filled = sorted(len(line) for line in lines if line)
    width = filled[int(0.9 * (len(filled) - 1))] if filled else 0
    text = ""
    before = ""
    for line in lines:
        if not before or not line:
            text += "\n" + line
        elif before.endswith("\u00ad") and line[:1].isalpha():
            text = text[:-1] + line
        elif re.search(r"[^\W\d_]-$", before) and line[:1].isalpha():
            text = (text if _keeps_hyphen(before, line, whole) else text[:-1]) + line
        elif len(before) > 0.9 * width or (
            len(before) > 0.6 * width and not before.endswith((".", "!", "?", ":"))
        ):
            text += " " + line
        else:
            text += "\n" + line
        before = line
    return text.strip()


def _keeps_hyphen(before: str, line: str, whole: str) -> bool:
    """Whether a hyphen at a line's end belongs to the word: Stratford-/upon-Avon, twenty-/five,
    Bosnia-/Herzegovina.
    """
    first = before[:-1].rsplit(maxsplit=1)[-1]
    second = re.match(r"[\w'’]+(-?)", line)
    if second is None or not line[:1].islower() or second[1] or "-" in first:
        return True
    rest = second.group()
    if re.search(rf"\b{re.escape(first.lstrip(_QUOTES))}-{re.escape(rest)}\b", whole):
        return True
    if re.search(rf"\b{re.escape(first.lstrip(_QUOTES))}{re.escape(rest)}\b", whole):
        return False
    return _HYPHENATED.search(first) is not None
