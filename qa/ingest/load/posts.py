"""Knows what messengers, feed readers and reference managers export: posts, saved entries, references.

Takes the names of one JSON object without case and punctuation, gives its facts under plain names, as
`shapes` does. A system's own messages ("joined the channel") have no text of their own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

Facts = dict[str, Any]

_SLACK_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_NO_TEXT = "A message without words."
ONLY_ABSTRACT = "Only a part: a reference manager keeps the abstract. Load its page."


def is_telegram(names: Facts) -> bool:
    """A message of Telegram Desktop's export."""
    return "dateunixtime" in names and names.get("type") in ("message", "service")


def of_telegram(names: Facts) -> Facts:
    text = names.get("text") if names.get("type") == "message" else None
    return {
        "text": "".join(map(_run, text)) if isinstance(text, list) else text,
        "title": None,
        "outlet": names.get("from"),
        "author": names.get("author") or names.get("forwardedfrom"),
        "published": names.get("dateunixtime"),
        "modified": names.get("editedunixtime"),
        "no_text": _NO_TEXT,
    }


def _run(part: Any) -> str:
    """The words of a stretch of a message, which is formatted or not."""
    words = part.get("text") if isinstance(part, Mapping) else part
    return words if isinstance(words, str) else ""


def is_slack(names: Facts) -> bool:
    """A message of a Slack export: its time is a number of seconds that is written as a string."""
    return names.get("type") == "message" and isinstance(names.get("ts"), str) and "text" in names


def of_slack(names: Facts) -> Facts:
    own = str(names.get("subtype") or "") not in ("", "thread_broadcast", "file_share", "bot_message")
    profile = names.get("userprofile")
    author = profile.get("real_name") if isinstance(profile, Mapping) else names.get("username")
    written = html.unescape(_SLACK_LINK.sub(_slack_words, str(names.get("text") or "")))
    return {
        "text": None if own else written,
        "author": author if isinstance(author, str) else None,
        "published": str(names["ts"]).partition(".")[0],
        "no_text": _NO_TEXT,
    }


def _slack_words(match: re.Match[str]) -> str:
    """What Slack shows of `<https://a.example|words>` and of `<@U12>`."""
    if match[2]:
        return match[2]
    return "" if match[1].startswith(("@", "#", "!")) else match[1]


def is_activity(names: Facts) -> bool:
    """An activity of an ActivityPub outbox, as Mastodon exports it."""
    return "actor" in names and "object" in names and names.get("type") in ("Create", "Announce", "Update")


def of_activity(names: Facts) -> Facts:
    held = names.get("object")
    note = held if isinstance(held, Mapping) else {}
    owner = str(note.get("attributedTo") or names.get("actor") or "").rstrip("/")
    shown, languages = note.get("url") or note.get("id"), note.get("contentMap")
    return {
        "text": note.get("content"),
        "title": note.get("name") or note.get("summary"),
        "author": owner.rpartition("/")[2].removeprefix("@"),
        "published": note.get("published") or names.get("published"),
        "modified": note.get("updated"),
        "url": shown if isinstance(shown, str) else None,
        "language": next(iter(languages), None) if isinstance(languages, Mapping) else None,
        "no_text": "It passes on what another wrote.",
    }


def is_reader_entry(names: Facts) -> bool:
    """An entry as Google Reader kept it, and Feedly, Inoreader and The Old Reader still do."""
    origin = names.get("origin")
    return isinstance(origin, Mapping) and "streamId" in origin


def of_reader_entry(names: Facts) -> Facts:
    origin = names["origin"]
    links = [
        each.get("href")
        for name in ("canonical", "alternate")
        if isinstance(names.get(name), list)
        for each in names[name]
        if isinstance(each, Mapping)
    ]
    bodies = [names.get("content"), names.get("summary")]
    return {
        "texts": [body.get("content") if isinstance(body, Mapping) else body for body in bodies],
        "title": names.get("title"),
        "author": names.get("author"),
        "outlet": origin.get("title"),
        "published": names.get("published"),
        "modified": names.get("updated") or None,
        "url": next((link for link in [*links, names.get("originid")] if _is_address(link)), None),
        "language": names.get("language"),
    }


def is_reference(names: Facts) -> bool:
    """A reference: CSL JSON, as Zotero and Mendeley export it, or Zotero's own."""
    csl = isinstance(names.get("issued"), Mapping) and ("containertitle" in names or "author" in names)
    return csl or ("itemtype" in names and "creators" in names)


def of_reference(names: Facts) -> Facts:
    people = names.get("author") or names.get("creators")
    found = (
        [_person(each) for each in people if isinstance(each, Mapping)] if isinstance(people, list) else []
    )
    return {
        "summary": names.get("abstract") or names.get("abstractnote"),
        "title": names.get("title"),
        "author": ", ".join(filter(None, found)),
        "outlet": names.get("containertitle")
        or names.get("publicationtitle")
        or names.get("websitetitle")
        or names.get("publisher"),
        "published": _issued(names.get("issued")) or names.get("date"),
        "url": names.get("url"),
        "language": names.get("language"),
        "remark": ONLY_ABSTRACT,
    }


def _person(entry: Mapping[str, Any]) -> str:
    given = entry.get("given") or entry.get("firstName") or ""
    family = entry.get("family") or entry.get("lastName") or entry.get("literal") or entry.get("name") or ""
    return f"{given} {family}".strip()


def _issued(issued: Any) -> str | None:
    """ISO 8601 for CSL's `{"date-parts": [[2025, 3, 3]]}`; a month or a year is no day."""
    if not isinstance(issued, Mapping):
        return None
    parts = issued.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    if len(first) == 3 and all(str(part).isdecimal() for part in first):
        year, month, day = map(int, first)
        return f"{year:04}-{month:02}-{day:02}"
    raw = issued.get("raw") or issued.get("literal")
    return raw if isinstance(raw, str) else None


def _is_address(written: Any) -> bool:
    return isinstance(written, str) and re.match(r"https?://", written) is not None


def of_ghost(document: Any) -> list[dict[str, Any]] | None:
    """The posts of a Ghost export, with their authors' names and the site's; None for any other document."""
    held = document.get("db") if isinstance(document, Mapping) else None
    data = held[0].get("data") if isinstance(held, list) and held and isinstance(held[0], Mapping) else None
    posts = data.get("posts") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(posts, list):
        return None
    names = {str(each.get("id")): each.get("name") for each in _objects(data, "users")}
    wrote: dict[str, list[str]] = {}
    for each in _objects(data, "posts_authors"):
        name = names.get(str(each.get("author_id")))
        if isinstance(name, str):
            wrote.setdefault(str(each.get("post_id")), []).append(name)
    site = next(
        (each.get("value") for each in _objects(data, "settings") if each.get("key") == "title"), None
    )
    return [
        {**post, "authors": wrote.get(str(post.get("id"))), "outlet": site}
        for post in posts
        if isinstance(post, Mapping) and post.get("type", "post") == "post"
    ]


def _objects(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    held = data.get(name)
    return [each for each in held if isinstance(each, Mapping)] if isinstance(held, list) else []
