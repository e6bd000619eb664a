"""Reads the import format of Movable Type, in which TypePad and other systems hand out their posts.

Fields stand on lines of their own, longer ones between rules of five dashes; a rule of eight ends a post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.ingest.load.fragment import plain
from qa.types import Failure, RawArticle

_POST = re.compile(r"^-{8}[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"^-{5}[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"^([A-Z][A-Z ]{2,20}):[ \t]*(.*)$")


def is_movable_type(text: str) -> bool:
    """Whether a text is such an export."""
    head = text[:4_000]
    return re.match(r"\s*(?:AUTHOR|TITLE|BASENAME): ", head) is not None and "\n-----\nBODY:" in head.replace(
        "\r", ""
    )


def read_movable_type(text: str, source: str) -> Iterator[RawArticle | Failure]:
    """The posts; drafts are held back. Comments are no part of them."""
    posts = [post for post in _POST.split(text.replace("\r\n", "\n")) if post.strip()]
    for number, post in enumerate(posts, start=1):
        place = source if len(posts) == 1 else f"{source}#{number}"
        head, *sections = _RULE.split(post)
        facts = {m[1]: m[2].strip() for line in head.split("\n") if (m := _FIELD.match(line.strip()))}
        longer = {
            m[1]: section.strip()[m.end() :]
            for section in sections
            if (m := re.match(r"([A-Z ]+):", section.strip()))
        }
        text_of = "\n\n".join(
            plain(longer[name]).strip() for name in ("BODY", "EXTENDED BODY") if longer.get(name)
        )
        if not any(map(str.isalnum, text_of)):
            yield Failure(place, f"The post {facts.get('TITLE')!r} has no text.")
            continue
        status = facts.get("STATUS", "Publish")
        yield RawArticle(
            place,
            text_of,
            title=facts.get("TITLE"),
            author=facts.get("AUTHOR"),
            published=facts.get("DATE"),
            withdrawn=None if status.lower() in ("publish", "future") else status,
            embargo=facts.get("DATE") if status.lower() == "future" else None,
        )
