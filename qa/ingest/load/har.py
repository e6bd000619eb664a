"""Reads what a browser's network tools save (HTTP Archive, HAR 1.2): an article a page that was loaded."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from qa.errors import LoadError
from qa.ingest.load.page import page
from qa.types import Failure, Notice, RawArticle


def is_har(document: Any) -> bool:
    """Whether a JSON document is such an archive."""
    log = document.get("log") if isinstance(document, Mapping) else None
    return isinstance(log, Mapping) and isinstance(log.get("entries"), list)


def of_har(document: Mapping[str, Any], source: str) -> Iterator[RawArticle | Failure | Notice]:
    """The pages among its responses. Raises LoadError when there is none with its content."""
    found = others = 0
    for entry in document["log"]["entries"]:
        held = _page(entry) if isinstance(entry, Mapping) else None
        if held is None:
            others += 1
            continue
        address, data = held
        try:
            yield page(data, f"{source}#{address}", address=address)
            found += 1
        except LoadError:
            others += 1
    if not found:
        raise LoadError(
            "The HTTP archive holds no page with an article. Save it with the contents of responses."
        )
    if others:
        yield Notice(source, f"{others:,} of its responses are no articles: scripts, pictures, menus.")


def _page(entry: Mapping[str, Any]) -> tuple[str, bytes] | None:
    """Address and content of a response that is a page."""
    request, response = entry.get("request"), entry.get("response")
    content = response.get("content") if isinstance(response, Mapping) else None
    if not isinstance(request, Mapping) or not isinstance(content, Mapping):
        return None
    text, kind = content.get("text"), str(content.get("mimeType"))
    if not isinstance(text, str) or "html" not in kind or str(response.get("status")) != "200":  # type: ignore[union-attr]
        return None
    try:
        packed = content.get("encoding") == "base64"
        data = base64.b64decode(text) if packed else text.encode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None
    return str(request.get("url")), data
