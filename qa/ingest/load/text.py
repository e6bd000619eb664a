"""Makes text of bytes: finds the encoding, refuses what is none, joins lines that were broken for width."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from qa.errors import LoadError
from qa.ingest.load.archive import raise_if_cut

MAX_BYTES = 64 * 2**20  # one document: three times the longest novel; beyond it, memory is at risk
_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\x1f\x8b": "a gzip file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"SQLite format 3": "a database",
    b"\xd0\xcf\x11\xe0": "an old Office document",
}
_WIDE = re.compile(r"(?:utf|ucs)[-_]?(?:16|32|2|4)", re.IGNORECASE)
_TELETYPE = re.compile(rb"[\x00\x01\x16]{1,6}[A-Za-z]{1,4}\d{3,4}")  # how a wire's transmission begins
_SAMPLE = 65_536  # bytes looked at to tell text from binary
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_CONTROL = 0.02  # share of control characters in text; in binary about a tenth
_MAX_HIGH = 0.35  # share of accented letters in Western text; in Cyrillic or Chinese it is 0.8 and more
_HIGH = re.compile(rb"[\x80-\xff]")
_WESTERN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ‘’“”–—…•€£§©®°«»¡¿·´\s\x00-\x7f\u00a0™½¼¾²³ªº¢¥±×†‡¶]*")

_BROKEN = re.compile(r"(?<=[^\n])\n(?![ \t]*(?:\n|[-*•#>]|\d{1,2}[.)] ))[ \t]*")


def read_all(stream: BinaryIO) -> bytes:
    """The whole stream. Raises LoadError when it is empty, or larger than one document can be, and what
    stopped an unpacked one before it gave anything.
    """
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise LoadError(
            f"It holds more than {MAX_BYTES // 2**20} MB, more than one article can. "
            "Split it, or save it as .jsonl, one article a line, which may be of any size."
        )
    if not data.strip():
        raise_if_cut(stream)
        raise LoadError("The file is empty.")
    return data


def decode(data: bytes, *, declared: str | None = None) -> str:
    """Text from bytes in whatever encoding they seem to have. Raises LoadError when they are no text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    wide = _wide_encoding(data[:_SAMPLE])
    if wide:
        return data.decode(wide, "replace")
    _refuse_binary(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_foreign(data, declared)


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is NUL."""
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[offset::2]
        if (
            len(half) > 8
            and half.count(0) > 0.7 * len(half)
            and sample[1 - offset :: 2].count(0) < 0.1 * len(half)
        ):
            return encoding
    return None


def _refuse_binary(data: bytes) -> None:
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise LoadError(f"It is not text: it begins like {what}. Give it the suffix of what it is.")
    sample = data[:_SAMPLE]
    if _TELETYPE.match(sample):
        return
    if len(_CONTROL.findall(sample)) > _MAX_CONTROL * len(sample) and len(sample) > 16:
        raise LoadError(
            "It is no document that can be read: it holds no text. If it is one of a known kind, give it the "
            "suffix of that kind."
        )


def _decode_foreign(data: bytes, declared: str | None) -> str:
    if declared and not _WIDE.match(declared):  # what is wide has been told by its bytes
        try:
            return data.decode(declared)
        except (LookupError, UnicodeDecodeError):
            pass  # declared wrongly, or unknown: look for ourselves
    mended = data.decode("utf-8", "replace")
    broken = mended.count("\ufffd")
    if (
        broken * 10 <= len(mended) - len(mended.encode("ascii", "ignore"))
        and broken * 1000 <= len(mended) + 1000
    ):
        return mended  # UTF-8 with a few bytes lost
    western = data.decode("cp1252", "replace")
    if _WESTERN.fullmatch(western) and len(_HIGH.findall(data)) < _MAX_HIGH * len(data):
        return western
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 4 * _SAMPLE]).best()
    return data.decode(best.encoding, "replace") if best else western


def unwrapped(text: str, *, always: bool = False) -> str:
    """Text wrapped at a fixed width with its paragraphs made whole; other text as it is.

    `always`: the text is known to be wrapped, whatever it looks like.
    """
    if always:
        return re.sub(_BROKEN, " ", text.replace("\r\n", "\n"))
    lines = text.replace("\r\n", "\n").split("\n")
    filled = [line for line in lines if line.strip()]
    widest = max(map(len, filled), default=0)
    paragraphs = re.split(r"\n[ \t]*\n", text)
    if not 40 <= widest <= 100 or len(filled) < 1.5 * len([p for p in paragraphs if p.strip()]):
        return text
    broken = sum(
        1 for line in filled if len(line) > 0.7 * widest and not line.rstrip().endswith((".", "!", "?", ":"))
    )
    if broken < 0.5 * len(filled):
        return text
    return re.sub(_BROKEN, " ", text)
