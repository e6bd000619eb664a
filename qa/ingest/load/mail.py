"""Reads e-mail and saved pages in MIME: `.eml` with what is attached to it, and `.mhtml`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import BinaryIO

from qa.errors import LoadError
from qa.ingest.load.fragment import text_of_html
from qa.ingest.load.page import page
from qa.ingest.load.text import read_all
from qa.types import Failure, RawArticle

MAX_ATTACHMENTS = 50

ReadAttachment = Callable[[BinaryIO, str], Iterator[RawArticle | Failure]]


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


def read_eml(
    stream: BinaryIO, source: str, *, read_attachment: ReadAttachment
) -> Iterator[RawArticle | Failure]:
    """The message as an article, then the articles of files attached to it."""
    message = _parsed(read_all(stream))
    if not message.keys():
        raise LoadError("It is no e-mail: it has no headers.")
    text = _body(message)
    attached = [part for part in message.iter_attachments() if part.get_filename()][:MAX_ATTACHMENTS]
    name, address = parseaddr(str(message.get("From", "")))
    if text.strip():
        yield RawArticle(
            source=source,
            text=text,
            title=str(message.get("Subject", "")) or None,
            author=name or address or None,
            published=str(message.get("Date", "")) or None,
            language=str(message.get("Content-Language", "")) or None,
        )
    elif not attached:
        raise LoadError("The message has no text.")
    for part in attached:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield from read_attachment(io.BytesIO(payload), f"{source}/{part.get_filename()}")


def _parsed(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)  # policy.default makes nothing else
    return message


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except LookupError:  # a charset nobody knows
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return text_of_html(text) if part.get_content_type() == "text/html" else text


def _web(address: object) -> str | None:
    text = str(address or "").strip()
    return text if text.startswith(("http://", "https://")) else None
