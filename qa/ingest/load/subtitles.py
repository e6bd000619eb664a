"""Reads subtitles, WebVTT and SubRip, as broadcasters write them: one article, the words spoken.

Cues are joined to sentences and paragraphs: a paragraph ends where another speaker begins, after a pause, or
after some sentences. What rolls up over several cues is read once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from qa.errors import LoadError
from qa.ingest.load.text import decode, read_all
from qa.types import RawArticle

PAUSE_SECONDS = 4.0  # of silence after a sentence: a new paragraph
PARAGRAPH_CHARS = 600  # a sentence that ends beyond this ends the paragraph

_TIMES = re.compile(
    r"^\s*(?:(\d{1,3}):)?(\d\d):(\d\d)[.,](\d{1,3})\s*-->\s*(?:(\d{1,3}):)?(\d\d):(\d\d)[.,](\d{1,3})"
)
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?[ \t]+([^<>]+)>")
_DASHED = re.compile(r"^(?:>>+\s*)?(?:([A-ZÀ-Þ][A-ZÀ-Þ .'’-]{1,40}):\s+)?")
_TAG = re.compile(r"</?[\w.:]+[^<>]*>|\{\\[^{}]*\}")
_HEADER = re.compile(r"\ufeff?WEBVTT(?:[ \t]*-?[ \t]*(.*))?")
_FINAL = (".", "!", "?", "…", ".”", '."', "!”", "?”")


def is_subtitles(text: str) -> bool:
    """Whether a text begins as WebVTT or SubRip does."""
    head = text.lstrip("\ufeff \r\n")[:400]
    if head.startswith("WEBVTT"):
        return True
    return re.match(r"\d{1,5}[ \t]*\r?\n[ \t]*\d\d:\d\d:\d\d,\d{3} -->", head) is not None


def read_subtitles(stream: BinaryIO, source: str) -> Iterator[RawArticle]:
    """One article. Raises LoadError when there are no words between the times."""
    yield of_subtitles(decode(read_all(stream)), source)


def of_subtitles(text: str, source: str) -> RawArticle:
    """The same of a text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    header = _HEADER.match(lines[0])
    paragraphs = list(_paragraphs(lines))
    if not paragraphs:
        raise LoadError("The subtitles hold no words.")
    facts = dict(re.findall(r"(?m)^(Title|Language)\s*:\s*(.+)$", "\n".join(lines[:12]))) if header else {}
    title = facts.get("Title") or (header[1] if header else None)
    return RawArticle(source, "\n".join(paragraphs), title=title or None, language=facts.get("Language"))


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """The words of the cues, a line a paragraph."""
    held, speaker, ended = "", "", 0.0
    for start, end, words, voice in _cues(lines):
        done = held.endswith(_FINAL) and (start - ended > PAUSE_SECONDS or len(held) > PARAGRAPH_CHARS)
        other = bool(voice) and voice != speaker
        if held and (done or other):
            yield held
            held = ""
        if other:
            speaker = voice
            held = f"{voice}:"
        held = f"{held} {words}".strip()
        ended = end
    if held:
        yield held


def _cues(lines: list[str]) -> Iterator[tuple[float, float, str, str]]:
    """Start and end in seconds, words, and who speaks them, of each cue; words shown before left out."""
    shown: list[str] = []
    at = 0
    while at < len(lines):
        times = _TIMES.match(lines[at])
        at += 1
        if times is None:
            continue
        own: list[str] = []
        while at < len(lines) and lines[at].strip():
            own.append(lines[at])
            at += 1
        voice = _VOICE.search(" ".join(own))
        plain = [" ".join(html.unescape(_TAG.sub("", line)).split()) for line in own]
        named = _DASHED.match(plain[0]) if plain else None
        speaker = voice[1].strip() if voice else (named[1] or "").title() if named else ""
        if plain and named and (named[1] or plain[0].startswith(">>")):
            plain[0] = plain[0][named.end() :]
        fresh = [line for line in plain if line and line not in shown]
        shown = [line for line in plain if line] or shown
        if fresh:
            yield _seconds(times.groups()[:4]), _seconds(times.groups()[4:]), " ".join(fresh), speaker


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")
