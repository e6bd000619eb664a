"""Reads what press archives hand out for download: Nexis, Nexis Uni, Factiva and ProQuest, an article each.

Takes the lines of a text (of a `.txt`, `.docx` or `.rtf`, or of a page's fields), gives an article a document
with its own outlet, day, headline and byline. Covers, search summaries, codes and copyright lines are left
out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from qa.ingest.dates import iso_date
from qa.ingest.load.text import unwrapped
from qa.types import Failure, RawArticle

_HEAD_CHARS = 200_000  # the cover of an export may list a hundred titles before the first article

_NEXIS_NUMBER = re.compile(
    r"^[ \t]*(?:document )?\d+ (?:of|von|de|di) \d+ (?:documents?|dokumenten?|documenti)\b.*$",
    re.IGNORECASE | re.MULTILINE,
)
_NEXIS_FIELD = re.compile(r"^([A-Z][A-Z /-]{2,30}):(?:[ \t]+(.*))?$")
_NEXIS_LEADING = frozenset(
    ("BYLINE SECTION LENGTH DATELINE HIGHLIGHT HEADLINE SERIES EDITION SOURCE TYPE COLUMN").split()  # noqa: SIM905
)
_COPYRIGHT = re.compile(r"^\s*(?:\(c\)|©|copyright\b)|all rights reserved", re.IGNORECASE)
_UNI_LABEL = re.compile(
    r"^(Section|Length|Byline|Highlight|Dateline|Series|Edition|Source|Author)\s*:\s*(.*)$", re.IGNORECASE
)
_UNI_END = re.compile(
    r"^(?:Classification|Graphic|Notes|Correction|Load-Date\s*:.*|End of Document)$", re.IGNORECASE
)
_FACTIVA_END = re.compile(r"^\s*Document ([A-Za-z]{2,8}[A-Za-z0-9]{8,30})\s*$", re.MULTILINE)
_FACTIVA_WORDS = re.compile(r"^\s*[\d,]{1,7} words\s*$", re.MULTILINE)
_FACTIVA_FIELD = re.compile(
    r"^(SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|ART|CO|IN|NS|RE|IPC|IPD|PUB|AN|CLM|RF|CT)"
    r"(?:\t+|[ ]{2,}|\s*\||\s*$)(.*)$"
)
_NAMES = re.compile(
    r"(?:By )?[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w.'’-]*){1,2}"
    r"(?:(?:, | and |, and )[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w.'’-]*){1,2})*"
)
_NEWSBANK_END = re.compile(
    r"^\s*(?:Record(?: Number)?|OpenURL Link|Accession Number)\s*:[^\n]*$", re.MULTILINE
)
_NEWSBANK_FIELD = re.compile(
    r"^\s*(Author/Byline|Author|Byline|Edition|Section|Page|Readability|Article Text|Index terms|Column"
    r"|Source|Dateline)\s*:[ \t]*(.*)$",
    re.MULTILINE | re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^(Title|Authors?|Source|Publication(?: title| date)?|Date|Language|Document type|ISSN|Abstract)\s*:"
    r"[ \t]*(\S.*)$",
    re.MULTILINE | re.IGNORECASE,
)
_FULL_TEXT = re.compile(
    r"^(?:Full Text|Article Text|Full Text Body)(?:\s*:|[ \t]*$)", re.MULTILINE | re.IGNORECASE
)
_PROQUEST_RULE = re.compile(r"^_{20,}[ \t]*$", re.MULTILINE)
_PROQUEST_LABELS = (
    r"Author|Publication info|Abstract|Links|Full text|Location|Title|Publication title|Publication "
    r"date|Publication"
    r" year|Publication subject|Publisher|Place of publication|Country of publication|Section|Source "
    r"type|Source"
    r"|ISSN|e-ISSN|ISBN|Language of publication|Language|Document type|Document feature|ProQuest document ID"
    r"|Document URL|Copyright|Last updated|Database|Subject|Company ?/ ?organization|People|Company"
    r"|Classification"
    r"|First page|Pages|Volume|Issue|Dateline|Identifier ?/ ?keyword|Business indexing term|Column"
    r"|Edition|Credit"
    r"|Caption|Illustration|Correction|Number of pages|Accession number|Entry date"
)
_PROQUEST_FIELD = re.compile(rf"^({_PROQUEST_LABELS})\s*:[ \t]*(.*)$")
_LANGUAGES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "dutch": "nl",
    "portuguese": "pt", "swedish": "sv", "danish": "da", "norwegian": "no",
}  # fmt: skip
_NO_TEXT = re.compile(r"^(?:full text )?(?:not available|unavailable)\b|^none\b", re.IGNORECASE)
_MIN_FULL = 2  # letters


def research_reader(text: str) -> Callable[[str, str], Iterator[RawArticle | Failure]] | None:
    """The reader for an archive's download; None for any other text."""
    head = text[:_HEAD_CHARS]
    if _NEXIS_NUMBER.search(head) and re.search(r"^(?:LENGTH|LOAD-DATE|LÄNGE):", text, re.MULTILINE):
        return read_nexis
    if re.search(r"^\s*End of Document\s*$", text, re.MULTILINE) and re.search(
        r"^\s*Body\s*$", text, re.MULTILINE
    ):
        return read_nexis_uni
    if _FACTIVA_END.search(text) and (_FACTIVA_WORDS.search(text) or re.search(r"^HD\b", text, re.MULTILINE)):
        return read_factiva
    if _PROQUEST_RULE.search(head) and re.search(
        r"^\s*(?:ProQuest document ID|Full text)\s*:", text, re.MULTILINE
    ):
        return read_proquest
    if _NEWSBANK_END.search(text) and len(_NEWSBANK_FIELD.findall(head)) > 1:
        return read_newsbank
    if len(_LABELLED.findall(head)) > 1 and _FULL_TEXT.search(head):
        return read_labelled
    return None


def _numbered(found: Sequence[RawArticle | Failure], source: str) -> Iterator[RawArticle | Failure]:
    """Each under the export's name and its number in it."""
    from dataclasses import replace

    for number, each in enumerate(found, start=1):
        yield replace(each, source=source if len(found) == 1 else f"{source}#{number}")


# LexisNexis, "download as text"


def read_nexis(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """An article for each "n of m DOCUMENTS"."""
    text = text.replace("\r\n", "\n")
    starts = list(_NEXIS_NUMBER.finditer(text))
    ends = [*(match.start() for match in starts[1:]), len(text)]
    found = [
        _of_nexis(text[match.end() : end].split("\n"), source)
        for match, end in zip(starts, ends, strict=True)
    ]
    yield from _numbered(found, source)


def _of_nexis(lines: Sequence[str], source: str) -> RawArticle | Failure:
    fields, first, last = _nexis_fields(lines)
    begin = next((n for n, line in enumerate(lines) if _NEXIS_FIELD.match(line.strip())), len(lines))
    outlet, day, headline = _nexis_head(lines[:begin])
    body = [line for line in lines[first:last] if not _COPYRIGHT.search(line)]
    text = unwrapped("\n".join(body).strip("\n"), always=True)
    if sum(map(str.isalnum, text)) < _MIN_FULL:
        return Failure(source, f"The document {headline!r} has no text in the download.")
    return RawArticle(
        source=source,
        text=text,
        title=fields.get("HEADLINE") or headline,
        outlet=outlet,
        author=fields.get("BYLINE"),
        published=day or fields.get("LOAD-DATE"),
        language=_language(fields.get("LANGUAGE")),
        captions=tuple(filter(None, [fields.get("GRAPHIC")])),
    )


def _nexis_fields(lines: Sequence[str]) -> tuple[dict[str, str], int, int]:
    """The fields of a document, and where its text begins and ends among the lines."""
    fields: dict[str, str] = {}
    first, last = 0, len(lines)
    name = ""
    for number, line in enumerate(lines):
        match = _NEXIS_FIELD.match(line.strip())
        if match:
            name = match[1].strip()
            if name in _NEXIS_LEADING and last == len(lines):
                first = number + 1
            elif name not in _NEXIS_LEADING or first:
                last = min(last, number)
            fields.setdefault(name, (match[2] or "").strip())
        elif not line.strip():
            name = ""
        elif name:  # a field goes on until an empty line
            fields[name] = f"{fields[name]} {line.strip()}".strip()
            first = number + 1 if last == len(lines) else first
    return fields, first, last


def _nexis_head(lines: Sequence[str]) -> tuple[str | None, str | None, str | None]:
    """Outlet, day and headline of the centred lines and the paragraph that stand above the fields."""
    blocks = [part for part in re.split(r"\n\s*\n", "\n".join(lines)) if part.strip()]
    outlet = day = headline = None
    for block in blocks:
        written = [line for line in block.split("\n") if line.strip() and not _COPYRIGHT.search(line)]
        if not written:
            continue
        dated = next((found for line in written if (found := day_in(line))), None)
        if outlet is None and not dated:
            outlet = " ".join(line.strip() for line in written)
        elif day is None and dated:
            day = dated
        elif day is not None and not re.match(r"[ \t]{4}", written[0]):
            headline = headline or " ".join(line.strip() for line in written)
    return outlet, day, headline


def day_in(line: str) -> str | None:
    """The day that a line is there to say: "March 13, 2020 Friday 4:51 PM EST", "Freitag 13. März 2020"."""
    bare = " ".join(line.split())
    if not 6 <= len(bare) <= 70 or not re.search(r"\b(?:1[6-9]|20)\d\d\b", bare):
        return None
    head = re.match(r"^.*?\b(?:1[6-9]|20)\d\d\b", bare)
    short = (head.group() if head else bare).strip(" ,")
    return iso_date(bare) or iso_date(short)


# Nexis Uni, "download as .docx"


def read_nexis_uni(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """An article up to each "End of Document"."""
    parts = re.split(r"(?im)^\s*End of Document\s*$", text)
    found = [_of_nexis_uni([line.strip() for line in part.split("\n")], source) for part in parts]
    yield from _numbered([each for each in found if each is not None], source)


def _of_nexis_uni(lines: Sequence[str], source: str) -> RawArticle | Failure | None:
    begin = next((n for n, line in enumerate(lines) if line.lower() == "body"), None)
    if begin is None:
        return None
    end = next((n for n in range(begin + 1, len(lines)) if _UNI_END.match(lines[n])), len(lines))
    head = [line for line in lines[:begin] if line]
    dated = next(
        (n for n in range(len(head) - 1, -1, -1) if day_in(head[n]) and not _COPYRIGHT.search(head[n])), None
    )
    labels = {match[1].lower(): match[2] for line in head[dated or 0 :] if (match := _UNI_LABEL.match(line))}
    text = "\n".join(line for line in lines[begin + 1 : end] if line)
    title = head[dated - 2] if dated is not None and dated > 1 else None
    if sum(map(str.isalnum, text)) < _MIN_FULL:
        return Failure(source, f"The document {title!r} has no text in the download.")
    tail = {m[1].lower(): m[2] for line in lines[end:] if (m := re.match(r"([\w-]+)\s*:\s*(.+)$", line))}
    return RawArticle(
        source=source,
        text=text,
        title=title,
        outlet=head[dated - 1] if dated else None,
        author=labels.get("byline") or labels.get("author"),
        published=day_in(head[dated]) if dated is not None else tail.get("load-date"),
        language=_language(tail.get("language")),
    )


# Dow Jones Factiva


def read_factiva(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """An article up to each "Document …" line, whether its fields are marked or stand in their order."""
    parts: list[tuple[str, str]] = []
    start = 0
    for match in _FACTIVA_END.finditer(text):
        parts.append((text[start : match.start()], match[1]))
        start = match.end()
    found = []
    for part, number in parts:
        marked = _factiva_marked(part)
        found.append(
            of_factiva_fields(marked, source, number) if marked else _of_factiva(part, source, number)
        )
    yield from _numbered(found, source)


def of_factiva_fields(
    fields: Mapping[str, str], source: str, number: str | None = None
) -> RawArticle | Failure:
    """The article of Factiva's two-letter fields: HD headline, LP and TD text, SN outlet, PD day, BY
    author.
    """
    text = "\n".join(filter(None, (fields.get("LP"), fields.get("TD"))))
    if sum(map(str.isalnum, text)) < _MIN_FULL:
        return Failure(source, f"The document {fields.get('HD')!r} has no text in the download.")
    day, clock = fields.get("PD") or "", fields.get("ET") or ""
    return RawArticle(
        source=source,
        text=text,
        title=" ".join((fields.get("HD") or "").split()) or None,
        outlet=fields.get("SN"),
        author=fields.get("BY"),
        published=(iso_date(f"{day} {clock}") or iso_date(day)) if day else None,
        language=_language(fields.get("LA")),
        uid=number or re.sub(r"^Document\s+", "", fields.get("AN") or "") or None,
    )


def _factiva_marked(part: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in part.split("\n"):
        match = _FACTIVA_FIELD.match(line)
        if match:
            name = match[1]
            fields[name] = match[2].strip(" |\t")
        elif name:
            fields[name] = f"{fields[name]}\n{line.strip(' |')}".strip()
    return fields if {"HD", "PD"} <= fields.keys() else {}


def _of_factiva(part: str, source: str, number: str) -> RawArticle | Failure:
    lines = [line.strip() for line in part.replace("\r\n", "\n").split("\n")]
    counted = next((n for n, line in enumerate(lines) if _FACTIVA_WORDS.fullmatch(line)), None)
    if counted is None:
        return Failure(source, f"The document {number} is not in the form of a Factiva download.")
    above = "\n".join(lines[:counted]).strip().split("\n\n")
    byline = above.pop() if len(above) > 1 and "\n" not in above[-1].strip() else None
    title = above[-1].split("\n") if above else []
    if not byline and len(title) > 1 and _NAMES.fullmatch(title[-1]) and len(title[-2].split()) > 3:
        byline = title.pop()
    if len(title) > 1 and len(title[0].split()) <= 3:  # the section stands above the headline
        title = title[1:]
    dated = next((n for n in range(counted + 1, min(counted + 4, len(lines))) if iso_date(lines[n])), counted)
    clock = lines[dated + 1] if re.fullmatch(r"\d{1,2}:\d\d(?: ?[AP]M)?(?: GMT)?", lines[dated + 1]) else ""
    outlet = lines[dated + (2 if clock else 1)]
    rest = dated + (3 if clock else 2)
    ends = next((n for n in range(rest, min(rest + 12, len(lines))) if _COPYRIGHT.search(lines[n])), None)
    if ends is None:
        ends = next((n for n in range(rest, len(lines)) if not lines[n]), rest) - 1
    text = "\n".join(line for line in lines[ends + 1 :] if line)
    if sum(map(str.isalnum, text)) < _MIN_FULL:
        return Failure(source, f"The document {' '.join(title)!r} has no text in the download.")
    named = next((found for line in lines[rest:ends] if (found := _language(line))), None)
    return RawArticle(
        source=source,
        text=text,
        title=" ".join(title) or None,
        outlet=outlet,
        author=byline,
        published=iso_date(f"{lines[dated]} {clock}") or iso_date(lines[dated]),
        language=named,
        uid=number,
    )


# NewsBank, and what EBSCO and Gale write


def read_newsbank(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """An article up to each record's number."""
    starts = [0, *(match.end() for match in _NEWSBANK_END.finditer(text))]
    parts = [text[begin:end] for begin, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    found = [_of_newsbank(part, source) for part in parts if _NEWSBANK_FIELD.search(part)]
    yield from _numbered(found, source)


def _of_newsbank(part: str, source: str) -> RawArticle | Failure:
    """Headline, outlet and day above the labels, in whichever order; the text below them."""
    lines = [line.strip() for line in part.replace("\r\n", "\n").split("\n")]
    labels = [n for n, line in enumerate(lines[:40]) if _NEWSBANK_FIELD.match(line)]
    facts = {m[1].lower(): m[2].strip() for n in labels if (m := _NEWSBANK_FIELD.match(lines[n]))}
    outlet = day = title = None
    for line in (line for line in lines[: labels[-1]] if line and not _NEWSBANK_FIELD.match(line)):
        dated = re.search(r"[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4}", line)
        if dated:
            day, before = dated.group(), line[: dated.start()].rstrip(" -–—")
            outlet = outlet or before or title
            title = None if title == outlet else title
        elif not _COPYRIGHT.search(line):
            title = title or line
    body = [
        line
        for line in lines[labels[-1] + 1 :]
        if line and not (_COPYRIGHT.match(line) or _NEWSBANK_END.match(line))
    ]
    text = "\n".join(body)
    if sum(map(str.isalnum, text)) < _MIN_FULL:
        return Failure(source, f"The document {title!r} has no text in the download.")
    outlet = re.sub(r"\s*\([^()]*\)$", "", re.sub(r"^([^,(]+), The\b", r"The \1", outlet or "")).strip()
    author = facts.get("author/byline") or facts.get("author") or facts.get("byline")
    return RawArticle(source, text, title=title, outlet=outlet or None, author=author, published=day)


def read_labelled(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """One article whose facts stand in labelled lines above "Full Text:"."""
    text = text.replace("\r\n", "\n")
    full = _FULL_TEXT.search(text)
    assert full is not None  # `research_reader` looked
    facts = {match[1].lower(): match[2].strip() for match in _LABELLED.finditer(text[: full.start()])}
    body = text[full.end() :].strip()
    if sum(map(str.isalnum, body)) < _MIN_FULL:
        yield Failure(source, f"The document {facts.get('title')!r} has no text in the download.")
        return
    told = facts.get("source") or facts.get("publication title") or facts.get("publication") or ""
    day = re.search(
        r"\d{1,2}/\d{1,2}/\d{4}|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4}", told
    )
    yield RawArticle(
        source,
        unwrapped(body),
        title=facts.get("title"),
        outlet=re.split(r"[.;]\s|\s\(", told[: day.start()] if day else told)[0].strip(" .,;") or None,
        author=_in_order(facts.get("authors") or facts.get("author")),
        published=facts.get("publication date") or facts.get("date") or (day.group() if day else None),
        language=_language(facts.get("language")),
    )


# ProQuest


def read_proquest(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """An article between two lines of underscores, where there is a full text."""
    parts = _PROQUEST_RULE.split(text.replace("\r\n", "\n"))
    found = [_of_proquest(part, source) for part in parts]
    yield from _numbered([each for each in found if each is not None], source)


def _of_proquest(part: str, source: str) -> RawArticle | Failure | None:
    fields = _proquest_fields(part.split("\n"))
    if not {"ProQuest document ID", "Full text", "Publication title", "Publication info"} & fields.keys():
        return None
    headline = next(
        (line.strip() for line in part.split("\n")
         if line.strip() and not re.match(r"\s*Document \d+ of \d+\s*$", line) and not
         _PROQUEST_FIELD.match(line)), None
    )  # fmt: skip
    text = fields.get("Full text", "").strip()
    title = fields.get("Title") or headline
    if sum(map(str.isalnum, text)) < _MIN_FULL or _NO_TEXT.match(text):
        return Failure(
            source, f"The document {title!r} comes without its full text; an abstract is no article."
        )
    info = fields.get("Publication info") or ""
    return RawArticle(
        source=source,
        text=text,
        title=title,
        outlet=fields.get("Publication title") or re.split(r"\s*[;:]\s*", info)[0] or None,
        author=_in_order(fields.get("Author")),
        published=fields.get("Publication date") or _day_within(info),
        language=_language(fields.get("Language of publication") or fields.get("Language")),
        uid=f"proquest:{number}" if (number := fields.get("ProQuest document ID")) else None,
    )


def _proquest_fields(lines: Sequence[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        match = _PROQUEST_FIELD.match(line.strip())
        if match:
            name = match[1]
            fields.setdefault(name, match[2])
        elif name == "Full text" or (name and line.strip() and not fields[name]):
            fields[name] += "\n" + line
    return {name: written.strip() for name, written in fields.items()}


def _day_within(text: str) -> str | None:
    match = re.search(
        r"\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\b|\b[A-Z][a-z]{2,8} \d{1,2}, \d{4}\b", text.replace("]", " ")
    )
    return match.group() if match else None


def _in_order(names: str | None) -> str | None:
    """ "Brandt, Ilse" as Ilse Brandt; several stand apart with semicolons."""
    if not names:
        return None
    people = [part.strip().rstrip(".") for part in names.split(";") if part.strip()]
    return ", ".join(re.sub(r"^([^,]+),\s*([^,]+)$", r"\2 \1", person) for person in people)


def _language(name: str | None) -> str | None:
    return _LANGUAGES.get((name or "").strip().split(" ")[0].strip(";,").lower())
