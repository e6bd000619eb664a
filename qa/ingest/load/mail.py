"""Reads e-mail and saved pages in MIME: `.eml` with what is attached to it, `.mbox`, `.mhtml`.

A message is an article; a newsletter of several stories of some length gives several. Its HTML is taken
where the plain part is a stub. Signatures, hidden previews and the footer of a mailing list are left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, BinaryIO

from qa.errors import LoadError
from qa.ingest.load.fragment import parsed_html, text_of_tree
from qa.ingest.load.page import page
from qa.ingest.load.text import MAX_BYTES, read_all
from qa.types import Failure, Notice, RawArticle

MAX_ATTACHMENTS = 50
MAX_INNER = 500  # messages within a message, as digests carry them
STUB_SHARE = 0.5  # of the HTML part's letters: a plain part with less is a note that there is one
SIGNATURE_LINES = 8
FORWARD_NOTE_CHARS = 300  # above a forwarded message; more is a text of the sender's own
STORY_WORDS = 60  # a section of a newsletter with fewer is an item of it, no story by itself

ReadAttachment = Callable[[BinaryIO, str], Iterator[RawArticle | Failure | Notice]]

_FROM_LINE = re.compile(rb"^From \S+.{0,80}\d{4}\s*(?:[+-]\d{4}\s*)?$")
_STUB = re.compile(
    r"\bview (?:this|it|in)\b.{0,60}\bbrowser\b|\bdoes not support html\b|\benable html\b", re.IGNORECASE
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0|font-size\s*:\s*[01]px|mso-hide\s*:\s*all"
    r"|opacity\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"\bunsubscribe\b|\bview (?:this|it|in|online)\b.{0,60}\bbrowser\b|\bmanage (?:your "
    r")?(?:preferences|subscription)"
    r"|\byou(?:'re|’re| are)? (?:received?|receiving|getting) this\b|\bupdate your (?:email )?preferences\b"
    r"|\bforward(?:ed)? (?:this|to a friend)\b|\bsigned up (?:for|to|at)\b|\bprivacy policy\b|\bsent to "
    r"\S+@\S+",
    re.IGNORECASE,
)
_FOOTER_CHARS = 300


def read_mhtml(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """One article: the page that a browser saved with its pictures."""
    message = _parsed(read_all(stream))
    for part in message.walk():
        if part.get_content_type() == "text/html":
            address = message.get("Snapshot-Content-Location") or part.get("Content-Location")
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                yield page(body, source, address=_web(address), charset=part.get_content_charset())
                return
    raise LoadError("There is no page in it: no part of it is HTML.")


def is_mbox(head: bytes) -> bool:
    """Whether a file begins as a mailbox does: a "From " line, then a header."""
    first, _, rest = head.lstrip(b"\r\n").partition(b"\n")
    return _FROM_LINE.match(first.strip()) is not None and re.match(rb"[\w-]+:|>From ", rest) is not None


def read_mbox(
    stream: BinaryIO, source: str, *, read_attachment: ReadAttachment | None = None
) -> Iterator[RawArticle | Failure | Notice]:
    """The articles of each message, one in memory at a time (RFC 4155; `>From` is unquoted)."""
    stream.seek(0)
    number = 0
    for number, data in enumerate(_messages(stream), start=1):
        place = f"{source}#{number}"
        if data is None:
            yield Failure(place, f"The message is larger than {MAX_BYTES // 2**20} MB and was skipped.")
            continue
        try:
            yield from _of_message(_parsed(data), place, read_attachment)
        except LoadError as error:
            yield Failure(place, str(error))
    if not number:
        raise LoadError("The mailbox holds no message.")


def _messages(stream: BinaryIO) -> Iterator[bytes | None]:
    """Each message's bytes; None for one that is too large."""
    held, size, after_empty, begun = bytearray(), 0, True, False
    while line := stream.readline(MAX_BYTES):
        if after_empty and line.startswith(b"From ") and _FROM_LINE.match(line.strip()):
            if begun:
                yield bytes(held) if size <= MAX_BYTES else None
            held, size, begun = bytearray(), 0, True
        elif begun:
            size += len(line)
            if size <= MAX_BYTES:
                held += line[1:] if re.match(rb">+From ", line) else line
        after_empty = not line.strip()
    if begun:
        yield bytes(held) if size <= MAX_BYTES else None


def read_eml(
    stream: BinaryIO, source: str, *, read_attachment: ReadAttachment
) -> Iterator[RawArticle | Failure | Notice]:
    """The message as an article, then the articles of files and messages attached to it."""
    data = read_all(stream)
    if is_mbox(data[:4096]):
        yield from read_mbox(stream, source, read_attachment=read_attachment)
        return
    message = _parsed(data)
    if not message.keys():
        raise LoadError("It is no e-mail: it has no headers.")
    yield from _of_message(message, source, read_attachment)


def _of_message(
    message: EmailMessage, source: str, read_attachment: ReadAttachment | None, depth: int = 0
) -> Iterator[RawArticle | Failure | Notice]:
    inner = [part for part in message.walk() if part.get_content_type() == "message/rfc822"][:MAX_INNER]
    attached = [part for part in message.iter_attachments() if part.get_filename()][:MAX_ATTACHMENTS]
    text, tree = _body(message)
    if text.strip():
        whole = RawArticle(
            source=source,
            text=text,
            title=_header(message, "Subject"),
            author=_sender(message),
            published=_header(message, "Date"),
            language=_header(message, "Content-Language"),
            uid=f"mid:{identity.strip('<> ')}" if (identity := _header(message, "Message-ID")) else None,
        )
        whole = _forwarded(whole)
        stories = _stories(tree, whole) if tree is not None else []
        yield from stories or [whole]
    elif not attached and not inner:
        raise LoadError("The message has no text.")
    for number, part in enumerate(inner if depth < 3 else (), start=1):
        payload = part.get_payload()
        nested = payload[0] if isinstance(payload, list) and payload else None
        if isinstance(nested, EmailMessage):
            try:
                yield from _of_message(nested, f"{source}/{number}", read_attachment, depth + 1)
            except LoadError as error:
                yield Failure(f"{source}/{number}", str(error))
    for part in attached if read_attachment else ():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and read_attachment:
            yield from read_attachment(io.BytesIO(payload), f"{source}/{part.get_filename()}")


_FORWARDED = re.compile(
    r"^(?:-{3,} ?(?:forwarded|original) message ?-{3,}|begin forwarded message:|_{10,}(?=\s*\nfrom: ))\s*$",
    re.I | re.M,
)
_FORWARDED_HEADER = re.compile(r"^(From|Date|Sent|Subject|To|Cc|Reply-To):[ \t]*(.*)$")


def _forwarded(whole: RawArticle) -> RawArticle:
    """The message that was passed on, by its own subject, sender and day, where that is what a mail holds."""
    match = _FORWARDED.search(whole.text)
    if match is None or match.start() > FORWARD_NOTE_CHARS:
        return whole
    facts: dict[str, str] = {}
    lines = whole.text[match.end() :].strip("\n").split("\n")
    for line in lines:
        found = _FORWARDED_HEADER.match(line.strip().strip("*").replace(":*", ":"))
        if found is None:
            break
        facts[found[1]] = found[2].strip()
    text = "\n".join(lines[len(facts) :]).strip()
    if "From" not in facts or not any(map(str.isalnum, text)):
        return whole
    name, address = parseaddr(facts["From"])
    note = " ".join(whole.text[: match.start()].split())
    return replace(
        whole,
        text=text,
        remark=f"Passed on by {whole.author}; the note above it is left out: “{note}”." if note else None,
        title=facts.get("Subject") or whole.title,
        author=name or address or whole.author,
        published=facts.get("Date") or facts.get("Sent") or whole.published,
    )


def _parsed(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)  # policy.default makes nothing else
    return message


def _header(message: EmailMessage, name: str) -> str | None:
    """A header's words. A date is taken as it was written: the library makes UTC of zones that it does not
    know.
    """
    if name == "Date":
        found = next((str(value) for key, value in message.raw_items() if key.lower() == "date"), None)
    else:
        try:
            found = str(message.get(name, ""))
        except (ValueError, IndexError, TypeError, AttributeError):  # headers that the library cannot parse
            found = next(
                (str(value) for key, value in message.raw_items() if key.lower() == name.lower()), None
            )
    return " ".join((found or "").split()) or None


def _sender(message: EmailMessage) -> str | None:
    name, address = parseaddr(_header(message, "From") or "")
    return name or address or None


def _body(message: EmailMessage) -> tuple[str, Any]:
    """The text of the fuller part, and its tree where that is the HTML one."""
    plain = _plain(message)
    markup = _content(message.get_body(preferencelist=("html",)))
    tree = parsed_html(markup) if markup else None
    if tree is None:
        return plain, None
    _drop_hidden(tree)
    shown = _without_footer(text_of_tree(tree))
    if not plain.strip() or (_letters(plain) < STUB_SHARE * _letters(shown)) or (
        _STUB.search(plain[:300]) and _letters(plain) < _letters(shown)
    ):  # fmt: skip
        return shown, tree
    return plain, None


def _plain(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    text = _content(part).replace("\r\n", "\n")
    if part is None:
        return ""
    flowed = str(part.get_param("format", "")).lower() == "flowed"
    text = _flowed(text, delsp=str(part.get_param("delsp", "")).lower() == "yes") if flowed else text
    return _without_footer(_without_signature(text))


def _content(part: Any) -> str:
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):  # a charset nobody knows
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _flowed(text: str, *, delsp: bool) -> str:
    """Lines that end in a space joined with the next (RFC 3676); `delsp` takes that space away."""
    lines: list[str] = []
    open_line, depth = False, ""
    for written in text.split("\n"):
        marks = re.match(r">*", written)
        quoted = marks.group() if marks else ""
        line = written[len(quoted) :].removeprefix(" ")
        flows = line.endswith(" ") and line != "-- "
        words = line[:-1] if flows and delsp else line
        if open_line and line != "-- " and quoted == depth:
            lines[-1] += words
        else:
            lines.append(f"{quoted} {words}" if quoted else words)
        open_line, depth = flows, quoted
    return "\n".join(lines)


def _without_signature(text: str) -> str:
    """The text above the signature; many programs drop the space that should stand behind its two dashes."""
    above = re.split(r"(?m)^-- $", text)[0]
    bare = re.search(rf"(?m)\n--\n(?:[^\n]{{0,80}}\n?){{1,{SIGNATURE_LINES}}}\Z", above.rstrip() + "\n")
    return above[: bare.start()] if bare else above


def _without_footer(text: str) -> str:
    """The text without what a mailing service says of itself, which stands at the beginning and the end."""
    lines = text.strip().split("\n")
    while (
        len(lines) > 1
        and len(lines[-1]) < _FOOTER_CHARS
        and (_FOOTER.search(lines[-1]) or not lines[-1].strip())
    ):
        lines.pop()
    while (
        len(lines) > 1
        and len(lines[0]) < _FOOTER_CHARS
        and (_FOOTER.search(lines[0]) or not lines[0].strip())
    ):
        lines.pop(0)
    return "\n".join(lines)


def _drop_hidden(tree: Any) -> None:
    hidden = [
        n
        for n in tree.iterdescendants()
        if n.get("hidden") is not None or _HIDDEN.search(n.get("style") or "")
    ]
    for node in hidden:
        if node.getparent() is not None:
            node.drop_tree()


def _stories(tree: Any, whole: RawArticle) -> list[RawArticle]:
    """The stories of a newsletter: sections below headings, each long enough to stand alone; else none."""
    headings = [node for node in tree.iter("h1", "h2", "h3") if "".join(node.itertext()).strip()]
    tags = [node.tag for node in headings]
    level = max(set(tags), key=tags.count, default=None)
    titles = {" ".join("".join(n.itertext()).split()): n for n in headings if n.tag == level}
    if len(titles) < 2:
        return []
    sections: list[tuple[str, list[str]]] = []
    for line in whole.text.split("\n"):
        if line in titles:
            sections.append((line, []))
        elif sections:
            sections[-1][1].append(line)
    if len(sections) < 2 or any(len(" ".join(lines).split()) < STORY_WORDS for _, lines in sections):
        return []
    return [
        replace(
            whole,
            source=f"{whole.source}#{number}",
            text="\n".join(lines),
            title=title,
            outlet=whole.author,
            author=None,
            url=_story_address(titles[title]),
            uid=f"{whole.uid}#{number}" if whole.uid else None,
        )
        for number, (title, lines) in enumerate(sections, start=1)
    ]


def _story_address(heading: Any) -> str | None:
    link = next(heading.iter("a"), None)
    parent = heading.getparent()
    link = parent if link is None and parent is not None and parent.tag == "a" else link
    return _web(link.get("href")) if link is not None else None


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _web(address: object) -> str | None:
    text = str(address or "").strip()
    return text if text.startswith(("http://", "https://")) else None
