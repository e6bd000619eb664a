"""Reads WordPress's own export (WXR): an article a published post; drafts are named and never stored.

Takes a parsed tree. WordPress keeps a post as HTML without paragraphs: a blank line makes one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from qa.errors import LoadError
from qa.ingest.load.fragment import text_of_html
from qa.ingest.load.furniture import without_furniture, without_shortcodes
from qa.ingest.load.markup import child, words
from qa.types import Failure, Notice, RawArticle

_NO_TEXTS = frozenset(
    [
        "attachment",
        "nav_menu_item",
        "revision",
        "custom_css",
        "customize_changeset",
        "oembed_cache",
        "user_request",
        "wp_block",
        "wp_template",
        "wp_template_part",
        "wp_global_styles",
        "wp_navigation",
        "acf-field",
        "acf-field-group",
    ]
)
_BLOCK = re.compile(r"<!--.*?-->", re.DOTALL)
_IS_BLOCK = re.compile(
    r"^\s*</?(?:p|div|h[1-6]|ul|ol|li|table|blockquote|figure|pre|section|hr|form)\b", re.IGNORECASE
)


def is_wordpress(root: Any) -> bool:
    """Whether a tree is an export of WordPress."""
    return root.tag == "rss" and child(root, "wxr_version") is not None


def read_wordpress(root: Any, source: str) -> Iterator[RawArticle | Failure | Notice]:
    """The published posts. Raises LoadError when there are no items."""
    channel = child(root, "channel")
    items = list(root.iter("item"))
    if not items:
        raise LoadError("The WordPress export has no items.")
    names = {
        words(child(author, "author_login")): words(child(author, "author_display_name"))
        for author in root.iter("author")
    }
    outlet, language = _direct(channel, "title"), _direct(channel, "language")
    passed: Counter[str] = Counter()
    for number, item in enumerate(items, start=1):
        kind = words(child(item, "post_type")) or "post"
        if kind in _NO_TEXTS or kind == "page":
            passed[kind] += 1
            continue
        place = f"{source}#{words(child(item, 'post_id')) or number}"
        yield _post(item, place, names, outlet, language)
    if passed:
        listed = ", ".join(f"{count} {kind}" for kind, count in passed.most_common())
        yield Notice(source, f"Beside its posts it holds {listed}; these are no articles.")


def _post(
    item: Any, place: str, names: dict[str | None, str | None], outlet: str | None, language: str | None
) -> RawArticle | Failure:
    written = _longest(item, "encoded") or _direct(item, "description") or ""
    text, captions = text_of_post(written)
    if not text.strip():
        return Failure(place, f"The post {_direct(item, 'title') or ''!r} has no text.")
    author = words(child(item, "creator"))
    status = (words(child(item, "status")) or "publish").lower()
    day = words(child(item, "post_date_gmt"))
    utc = f"{day}+00:00" if day and not day.startswith("0000") else None
    locked = "protected by a password" if words(child(item, "post_password")) else None
    modified = words(child(item, "post_modified_gmt"))
    return RawArticle(
        source=place,
        text=text,
        title=_direct(item, "title"),
        outlet=outlet,
        author=names.get(author) or author,
        published=_direct(item, "pubDate") or utc,
        modified=f"{modified}+00:00" if modified and not modified.startswith("0000") else None,
        url=_direct(item, "link"),
        language=language,
        withdrawn=locked or (None if status in ("publish", "future", "inherit") else status),
        embargo=(utc or _direct(item, "pubDate")) if status == "future" else None,
        captions=tuple(captions),
    )


def text_of_post(written: str) -> tuple[str, list[str]]:
    """A post's text, a line a paragraph, and the captions of its pictures."""
    plain, captions = without_shortcodes(_BLOCK.sub("\n", written))
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", plain.replace("\r\n", "\n")))
    marked = (part if _IS_BLOCK.match(part) else f"<p>{part}</p>" for part in paragraphs if part)
    return without_furniture(text_of_html("\n".join(marked))), captions


def _longest(item: Any, tag: str) -> str | None:
    """The longest of the encoded parts: the content rather than the excerpt."""
    found = ["".join(node.itertext()) for node in item.iter(tag)]
    return max(found, key=len, default=None) or None


def _direct(node: Any, tag: str) -> str | None:
    """The text of a child, not of one further down."""
    return words(next((each for each in node if each.tag == tag), None)) if node is not None else None
