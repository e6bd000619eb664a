"""Reads the teletype formats that agencies still send: ANPA 1312 (American) and IPTC 7901 (European).

Takes text, gives an article a story: headline, byline and day from their places, paragraphs whole again.
Headers, slugs, notes to editors and what is not for publication are left behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.errors import LoadError
from qa.types import Failure, RawArticle

_HEAD_CHARS = 4_000  # a transmission shows what it is within so many

# ANPA 1312: a service letter and four digits, then priority and category, then lines that begin with ^
_ANPA_START = re.compile(r"^[\x00-\x1f]*[a-zA-Z]\d{4}(?=[\x00-\x20-]|$)[^\n]{0,40}$", re.MULTILINE)
_ANPA_LINE = re.compile(r"^[\x00-\x1f ]*\^(.*?)(?:[<=>]\s*)?$")
_ANPA_SECOND = re.compile(r"^\s*[bfurdsaz] [a-z]\b.*$", re.IGNORECASE)
_ANPA_END = re.compile(
    r"^[\x00-\x20]*([A-Z]{2,5})-[A-Z]{2,4}-(\d\d)-(\d\d)-(\d\d)(?:(\d\d)|[ \t]+(\d{4})\s?(GMT|[ECMP][SD]T)?)",
    re.MULTILINE,
)
_HEADER_DAY = re.compile(r"\b(\d\d)-(\d\d)-(\d\d)\b")
_SLUG = re.compile(r"--|,\s?(?:\d+\w\w Ld|Writethru|Adv)|(?:^|\W)(?:BC|AM|PM|AP)-[A-Z]", re.IGNORECASE)
_DESK_NOTE = re.compile(
    r"(?:eds?|editors?|note to editors|ednote|advisory|correct(?:s|ion)|updates|adds)\s?:|"
    r"(?:[A-Z]{2,5}\s)?(?:photos?|graphics?|video|audio|eds)\b.{0,80}$",
    re.IGNORECASE,
)
_BY = re.compile(r"^\s*by\s+(?=\S)", re.IGNORECASE)
_JOB = re.compile(r"\b(?:writer|editor|correspondent|reporter|staff|columnist|critic)s?\b", re.IGNORECASE)
_DATELINE_AGENCY = re.compile(r"^[^()\n]{2,60}\(([A-Za-z][\w .&-]{1,40})\)\s*(?:_|—|–|--|-)")
_RULE = re.compile(r"^(?:_{2,}|-{3,}|\*(?:\s?\*)+|={3,})$")
_CLOSING = re.compile(
    r"(?:follow|on the net|online|contact|the story can be|(?:[A-Z]{2,4}|associated press) \w+ writers?)\b"
    r"|.*\bcontributed to this (?:report|story)\b|\(?(?:more|end|ends|mf|mfl)\)?\.?$",
    re.IGNORECASE,
)
_KILL = re.compile(
    r"\bmandatory kill\b|\bkill (?:notice|advisory|story)\b|(?:,|^)\s*(?:story )?kill\b", re.IGNORECASE
)
_EMBARGO = re.compile(
    r"(?:hold for release|(?:strictly )?embargo(?:ed)?)\b[\s:]*(?:for release|until|till|to"
    r"|for)?[\s:]*(.{6,60})",
    re.IGNORECASE,
)

# IPTC 7901: source and number, priority, category, word count, optional information; the day at the end
_7901_START = re.compile(
    r"^[\x00-\x1f]*([a-zA-Z]{2,4})(\d{3,4}) (\d) ([a-zA-Z]{1,4}) +(\d{1,5})\b[^\n]*$", re.MULTILINE
)
_7901_END = re.compile(
    r"^[\x00-\x1f]*(\d\d)(\d\d)(\d\d) ?(GMT|UTC|CET|CEST)? ([A-Za-z]{3})[a-z]* (\d\d(?:\d\d)?)[\x00-\x20]*$",
    re.MULTILINE,
)
_NOT_FOR_PRINT = re.compile(
    r"^(?:#+ .*|\*(?: \*)+|.*not (?:intended )?for publication.*|.*nicht zur Ver[öo]e?ffentlichung.*"
    r"|(?:editorial contacts?|notebook|note to editors|notizblock|redaktionelle hinweise)\s*:?)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_KEYWORDS = re.compile(r"^[^\s/][^/\n]*(?:/[^/\n]*)+/?$")
_TAKE = re.compile(
    r"^(?:\d+\w{0,2}[ .-]*(?:lead|ld|update|roundup|summary|take)|(?:lead|update|urgent|flash|eil"
    r"|roundup|correction"
    r"|corrected|extra|zusammenfassung)\b)[^a-z]{0,60}$|^\(.*\)$",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS_ELSEWHERE = {
    "mrz": 3,
    "mär": 3,
    "mai": 5,
    "okt": 10,
    "dez": 12,
    "fév": 2,
    "avr": 4,
    "aoû": 8,
    "déc": 12,
}


def is_anpa(text: str) -> bool:
    """Whether a text is an ANPA transmission: its first line, and lines that begin with a caret."""
    head = text[:_HEAD_CHARS]
    start = _ANPA_START.search(head[:200])
    return start is not None and len(re.findall(r"^[\x00-\x1f ]*\^.*[<=>]\s*$", head, re.MULTILINE)) >= 1


def is_7901(text: str) -> bool:
    """Whether a text is an IPTC 7901 message: its first line is one of those."""
    first = text.lstrip("\x00\x01\x02\x16 \r\n")[:200]
    return _7901_START.match(first) is not None


def read_anpa(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """The article of each transmission in a file."""
    yield from _each(text.replace("\r\n", "\n"), source, _ANPA_START, _of_anpa)


def read_7901(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """The article of each message in a file."""
    yield from _each(text.replace("\r\n", "\n"), source, _7901_START, _of_7901)


def _each(text: str, source: str, start: re.Pattern[str], read: object) -> Iterator[RawArticle | Failure]:
    assert callable(read)
    starts = [match.start() for match in start.finditer(text)] or [0]
    for number, (begin, end) in enumerate(zip(starts, [*starts[1:], len(text)], strict=True), start=1):
        place = source if len(starts) == 1 else f"{source}#{number}"
        try:
            yield read(text[begin:end], place)
        except LoadError as error:
            yield Failure(place, str(error))


def _of_anpa(text: str, source: str) -> RawArticle:
    header, body = _anpa_parts(text.split("\n"))
    marked = [line for line in header if line]
    slug = next((line for line in marked if _SLUG.search(line)), "")
    author, agency = _anpa_byline(marked)
    plain = [
        line for line in marked
        if line not in (slug, author, agency) and not _DESK_NOTE.match(line) and not _BY.match(line)
        and not _SLUG.search(line)
    ]  # fmt: skip
    paragraphs = _without_closing(_anpa_paragraphs(body))
    if not paragraphs:
        raise LoadError("The wire story has no text.")
    dateline = _DATELINE_AGENCY.match(paragraphs[0])
    whole = " ".join([slug, *marked])
    return RawArticle(
        source=source,
        text="\n".join(paragraphs),
        title=plain[0] if plain else None,
        outlet=agency or (dateline[1] if dateline else None),
        author=_BY.sub("", author) if author else None,
        published=_anpa_day(text),
        withdrawn="a mandatory kill" if _KILL.search(whole) else None,
        embargo=found[1] if (found := _EMBARGO.search(whole)) else None,
    )


def _anpa_parts(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines marked with a caret, each whole, and the lines of the story below them."""
    marked: list[str] = []
    opened = False
    body_begins = 0
    for number, line in enumerate(lines):
        stripped = line.rstrip()
        match = _ANPA_LINE.match(stripped)
        if match:
            marked.append(match[1].strip())
            opened = not stripped.endswith(("<", "=", ">"))
        elif opened and stripped and not re.match(r"\s", line):
            marked[-1] += " " + stripped.rstrip("<=>").strip()
            opened = not stripped.endswith(("<", "=", ">"))
        elif marked and stripped:
            body_begins = body_begins or number
            continue
        else:
            continue
        body_begins = 0
    if not marked:
        body_begins = 2
    return marked, [line for line in lines[body_begins or len(lines) :] if not _ANPA_SECOND.fullmatch(line)]


def _anpa_byline(marked: Sequence[str]) -> tuple[str | None, str | None]:
    """The line that begins with "By", and the agency in the line below it."""
    for number, line in enumerate(marked):
        if _BY.match(line):
            below = marked[number + 1] if number + 1 < len(marked) else ""
            agency = (
                below and len(below.split()) <= 6 and not _SLUG.search(below) and not _DESK_NOTE.match(below)
            )
            return line, (_JOB.sub("", below).strip(" ,") or None) if agency else None
    return None, None


def _anpa_paragraphs(lines: Sequence[str]) -> list[str]:
    """Paragraphs begin with a tab or spaces; other lines go on. Ends where the transmission does."""
    found: list[str] = []
    for line in lines:
        bare = re.sub(r"[\x00-\x08\x0b-\x1f]", "", line).rstrip()
        if _ANPA_END.match(bare) or re.fullmatch(r"\s*[A-Z]{2,4}-[A-Z]{2}-[\d-]+.*<", bare):
            break
        bare = bare.removesuffix("<")
        if not bare.strip():
            continue
        words = _as_typed(bare.strip())
        if re.match(r"[\t ]", bare) or not found or _RULE.match(words):
            found.append(words)
        elif not _RULE.match(found[-1]):
            found[-1] += " " + words
        else:
            found.append(words)
    return found


def _as_typed(line: str) -> str:
    """Teletype signs as print has them: `_` between words is a dash, `` and '' are quotation marks."""
    return re.sub(r"(?<=\s)_(?=\s)", "—", line).replace("``", '"').replace("''", '"')


def _without_closing(paragraphs: Sequence[str]) -> list[str]:
    """The story without rules, and without contacts and credits behind the last rule."""
    rules = [number for number, words in enumerate(paragraphs) if _RULE.match(words)]
    end = len(paragraphs)
    if rules and rules[-1] > 0 and all(_CLOSING.match(words) for words in paragraphs[rules[-1] + 1 :]):
        end = rules[-1]
    kept = [words for words in paragraphs[:end] if not _RULE.match(words)]
    while kept and re.fullmatch(r"\(?(?:more|end|ends)\)?", kept[-1], re.IGNORECASE):
        kept.pop()
    return kept


def _anpa_day(text: str) -> str | None:
    end = _ANPA_END.search(text)
    if end:
        month, day, year = end[2], end[3], end[4]
        if end[5]:
            month, day, year = end[2], end[3], end[4] + end[5]
        clock = f" {end[6][:2]}:{end[6][2:]} {end[7] or 'GMT'}" if end[6] else ""
        return f"{month}/{day}/{year}{clock}"
    header = _HEADER_DAY.search(text[:400])
    return f"{header[1]}/{header[2]}/{header[3]}" if header else None


def _of_7901(text: str, source: str) -> RawArticle:
    end = _7901_END.search(text)
    story = text[text.find("\n") + 1 : end.start() if end else len(text)]
    cut = _NOT_FOR_PRINT.search(story)
    lines = [
        line.strip("\x02\x03\x04 \t") for line in story[: cut.start() if cut else len(story)].split("\n")
    ]
    while lines and not lines[-1]:
        lines.pop()
    if lines and re.fullmatch(r"[a-z]{2,6}(?: [a-z]{2,4}){1,4}", lines[-1]):  # the desk's initials
        lines.pop()
    header, body = _7901_parts(lines)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", "\n".join(body)) if part.strip()]
    if not paragraphs:
        raise LoadError("The message has no text.")
    byline = next((line for line in header if _BY.match(line) or line.endswith("=")), None)
    title = [
        line for line in header if line != byline and not _KEYWORDS.match(line) and not _TAKE.match(line)
    ]
    agency = _DATELINE_AGENCY.match(paragraphs[0])
    author = _BY.sub("", byline or "").rstrip("= ").split(",")[0]
    whole = " ".join(header)
    return RawArticle(
        source=source,
        text="\n".join(paragraphs),
        title=" ".join(title) or None,
        outlet=agency[1] if agency else None,
        author=author if author and not re.search(r"\bcorrespondents?\b", author, re.IGNORECASE) else None,
        published=_7901_day(end) if end else None,
        withdrawn="a mandatory kill" if _KILL.search(whole) else None,
        embargo=found[1] if (found := _EMBARGO.search(whole)) else None,
    )


def _7901_parts(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The headline's lines, up to the byline or the empty line before the story, and the story's."""
    start = next((n for n, line in enumerate(lines) if _DATELINE_AGENCY.match(line)), None)
    if start is None:
        gaps = [n for n, line in enumerate(lines) if not line and any(lines[:n])]
        start = gaps[0] if gaps else 0
    return [line for line in lines[:start] if line], list(lines[start:])


def _7901_day(end: re.Match[str]) -> str | None:
    day, hour, minute, zone, month, year = end.groups()
    name = month.lower()
    number = _MONTHS.index(name) + 1 if name in _MONTHS else _MONTHS_ELSEWHERE.get(name)
    century = year if len(year) == 4 else f"20{year}"
    return f"{century}-{number:02}-{day} {hour}:{minute} {zone or ''}".strip() if number else None
