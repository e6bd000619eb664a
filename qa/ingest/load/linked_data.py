"""Reads JSON-LD (schema.org) on a page: which of its objects is this page's article, and who its names mean.

Takes a parsed page and what it says of itself elsewhere; gives the article's object, or `{}` where all that
there is describes other stories. Broken JSON is salvaged for the facts that can be made out.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_ARTICLE_TYPES = re.compile(r"(?:article|posting|report|story|webpage|review)$", re.IGNORECASE)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_STRING = r'"((?:[^"\\\n]|\\.)*)"'
LEAST_SHARED = 0.4  # of a headline's words, for two headlines to mean one story
MAX_OBJECTS = 2_000


@dataclass(frozen=True, slots=True)
class Linked:
    """The page's own object, and every object by its `@id`."""

    article: dict[str, Any]
    by_id: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def name(self, value: Any) -> str | None:
        """The name of a thing, the names of several, references followed; an id alone is no name."""
        return name_of(value, self.by_id)


def linked_data(tree: Any, *, address: str | None, titles: Sequence[str]) -> Linked:
    """The JSON-LD of a page that has this address and these titles."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            found += _objects(script.text or "")
    by_id = {str(each["@id"]): each for each in _all(found) if each.get("@id") and len(each) > 1}
    articles = [each for each in found if _ARTICLE_TYPES.search(_type(each))]
    return Linked(_own(articles, address, titles), by_id)


def name_of(value: Any, by_id: Mapping[str, Mapping[str, Any]] | None = None, depth: int = 0) -> str | None:
    """A value as text: a string, a thing's name, the names of several."""
    if isinstance(value, str):
        if by_id and value in by_id and value.startswith(("http", "#", "_:")):
            return name_of(by_id[value], by_id, depth + 1) if depth < 5 else None
        return value.strip() or None
    if isinstance(value, list):
        names = (name_of(item, by_id, depth + 1) for item in value[:20]) if depth < 5 else ()
        return ", ".join(dict.fromkeys(name for name in names if name)) or None
    if isinstance(value, Mapping) and depth < 5:
        named = value.get("name") or value.get("@value") or value.get("alternateName")
        if named:
            return name_of(named, by_id, depth + 1)
        whole = (by_id or {}).get(str(value.get("@id")))
        return name_of(whole, by_id, depth + 1) if whole is not None and whole is not value else None
    return None


def _own(articles: list[dict[str, Any]], address: str | None, titles: Sequence[str]) -> dict[str, Any]:
    """The object whose address or headline is the page's; `{}` where there are only other stories."""
    here = [each for each in articles if address and _same_place(address, each)]
    if here:
        return max(here, key=_how_telling)
    elsewhere = [each for each in articles if address and _place(each) and not _same_place(address, each)]
    open_ones = [each for each in articles if each not in elsewhere]
    named = [each for each in open_ones if _is_titled(each, titles)]
    if named:
        return max(named, key=_how_telling)
    told = [each for each in articles if _is_titled(each, titles)]
    if told:
        return max(told, key=_how_telling)
    unnamed = [each for each in open_ones if not each.get("headline") and not (each.get("name") and titles)]
    if unnamed:
        return max(unnamed, key=_how_telling)
    stories = [each for each in open_ones if not _is_page(each)]
    if len(stories) == 1 and not (
        titles and _place(stories[0]) and _shared(stories[0], titles) < LEAST_SHARED / 2
    ):
        return stories[0]  # a headline for search engines may have no word in common with the page's
    return max((each for each in open_ones if _is_page(each)), key=_how_telling, default={})


def _how_telling(item: dict[str, Any]) -> tuple[bool, int]:
    """NewsArticle before WebPage, then by how many facts are given."""
    return not _is_page(item), sum(key in item for key in ("headline", "author", "datePublished"))


def _is_page(item: dict[str, Any]) -> bool:
    return _type(item).lower().endswith("page")


def _type(item: Mapping[str, Any]) -> str:
    kind = item.get("@type")
    return str(kind[0] if isinstance(kind, list) and kind else kind)


def _place(item: Mapping[str, Any]) -> str | None:
    """The address that an object says it has."""
    for key in ("mainEntityOfPage", "url", "@id"):
        value = item.get(key)
        if isinstance(value, Mapping):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and re.match(r"https?://[^/]+/.", value):
            return value
    return None


def _same_place(address: str, item: Mapping[str, Any]) -> bool:
    place = _place(item)
    return place is not None and _bare(place) == _bare(address)


def _bare(address: str) -> str:
    """Host and path, as two spellings of one address share them."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    host = (parts.hostname or "").removeprefix("www.").removeprefix("amp.").removeprefix("m.")
    path = re.sub(r"/amp/?$", "", parts.path).rstrip("/")
    return f"{host}{path.lower()}?{parts.query}" if not path else f"{host}{path.lower()}"


def _is_titled(item: Mapping[str, Any], titles: Iterable[str]) -> bool:
    return _shared(item, titles) >= LEAST_SHARED


def _shared(item: Mapping[str, Any], titles: Iterable[str]) -> float:
    """The share of words that an object's headline has in common with the most alike of the page's titles."""
    one = _words(name_of(item.get("headline")) or name_of(item.get("name")) or "")
    best = 0.0
    for title in titles:
        other = _words(title)
        if one and other:
            best = max(best, len(one & other) / min(len(one), len(other)))
    return best


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 2 or word.isdigit()}


def _all(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects and those within them, which others may refer to."""
    every: list[dict[str, Any]] = []
    stack: list[Any] = list(found)
    while stack and len(every) < MAX_OBJECTS:
        item = stack.pop()
        if isinstance(item, dict):
            every.append(item)
            stack += item.values()
        elif isinstance(item, list):
            stack += item
    return every


def _objects(script: str) -> list[dict[str, Any]]:
    script = re.sub(r"^\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*;?\s*$|^\s*<!--|-->\s*$", "", script)
    try:
        document = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        try:
            document = json.loads(_TRAILING_COMMA.sub(r"\1", script).rstrip("; \n"), strict=False)
        except (ValueError, RecursionError):
            if "&quot;" in script:
                return _objects(html.unescape(script))
            return _salvaged(script)
    items = document if isinstance(document, list) else [document]
    graphs = [item.get("@graph") for item in items if isinstance(item, dict)]
    nested = [entry for graph in graphs if isinstance(graph, list) for entry in graph]
    nested += [
        held for item in [*items, *nested] if isinstance(item, dict) if (held := item.get("mainEntity"))
    ]
    return [item for item in [*items, *nested] if isinstance(item, dict)]


def _salvaged(script: str) -> list[dict[str, Any]]:
    """The facts of the first article in JSON that cannot be parsed: quotes left open, commas too many."""
    start = re.search(r'"@type"\s*:\s*\[?\s*"(\w*(?:Article|Posting|Report))"', script)
    if start is None:
        return []
    found: dict[str, Any] = {"@type": start[1]}
    for name in ("datePublished", "dateModified", "dateCreated", "inLanguage", "isAccessibleForFree"):
        match = re.search(rf'"{name}"\s*:\s*(?:{_STRING}|(true|false))', script)
        if match:
            found[name] = match[1] or match[2]
    headline = re.search(r'"headline"\s*:\s*"(.*?)"\s*(?:,\s*"[@\w]+"\s*:|[}\n])', script, re.DOTALL)
    if headline:
        found["headline"] = headline[1].replace('\\"', '"')
    for name in ("author", "publisher"):
        match = re.search(rf'"{name}"\s*:\s*(\{{[^{{}}]*\}}|\[.*?\]|"[^"]*")', script, re.DOTALL)
        names = re.findall(rf'"name"\s*:\s*{_STRING}', match[1]) if match else []
        if names or (match and match[1].startswith('"')):
            found[name] = names or (match[1].strip('"') if match else None)
    return [found]
