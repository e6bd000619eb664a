"""Reads MediaWiki's export: an article a page of the wiki's own articles, as Wikinews has them.

Takes a parsed tree. Wikitext is read for its words: templates, tables, references and categories are left
out, links become what they show. Talk, templates and redirects are counted, not stored.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urljoin

from qa.errors import LoadError
from qa.ingest.load.fragment import text_of_html
from qa.ingest.load.markup import child, words
from qa.types import Failure, Notice, RawArticle

MAX_NESTED = 12  # templates in templates

_TEMPLATE = re.compile(r"\{\{(?:[^{}]|\{(?!\{)|\}(?!\}))*\}\}")
_TABLE = re.compile(r"^\{\|.*?^\|\}", re.DOTALL | re.MULTILINE)
_REFERENCE = re.compile(r"<ref\b[^<>]*/>|<(ref|gallery|math|timeline|nowiki)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_FILE = re.compile(
    r"\[\[(?:File|Image|Category|Datei|Bild|Kategorie|Fichier):(?:[^\[\]]|\[\[[^\[\]]*\]\]|\[[^\[\]]*\])*\]\]",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_OUTWARD = re.compile(r"\[(?:https?:)?//\S+(?:\s+([^\[\]]*))?\]")
_DATED = re.compile(r"\{\{\s*date\s*\|\s*(?:1=)?([^{}|]{6,40})\s*[|}]", re.IGNORECASE)
_SHOWN = re.compile(
    r"\{\{\s*(?:w|wikipedia|foreign language)\s*\|([^{}|]*)(?:\|([^{}|=]*))?(?:\|[^{}]*)?\}\}", re.I
)
_END = re.compile(
    r"^=+\s*(?:sources?|references?|external links|related news|see also|further reading|notes)\s*=+\s*$.*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^=+\s*(.*?)\s*=+\s*$", re.MULTILINE)
_ITEM = re.compile(r"^[*#:;]+\s*", re.MULTILINE)


def is_wiki(root: Any) -> bool:
    """Whether a tree is an export of MediaWiki."""
    return bool(root.tag == "mediawiki")


def read_wiki(root: Any, source: str) -> Iterator[RawArticle | Failure | Notice]:
    """The articles. Raises LoadError when there are no pages."""
    pages = list(root.iter("page"))
    if not pages:
        raise LoadError("The wiki's export holds no page.")
    site, base = words(child(root, "siteinfo", "sitename")), words(child(root, "siteinfo", "base"))
    language = next((held for key, held in root.items() if key.endswith("lang")), None)
    passed = 0
    for number, page in enumerate(pages, start=1):
        written = _newest(page)
        if (words(child(page, "ns")) or "0") != "0" or re.match(r"\s*#redirect\b", written, re.IGNORECASE):
            passed += 1
            continue
        title = words(child(page, "title"))
        text = text_of_wikitext(written)
        place = f"{source}#{words(child(page, 'id')) or number}"
        if not text:
            yield Failure(place, f"The page {title!r} has no text.")
            continue
        dated = _DATED.search(written)
        yield RawArticle(
            place,
            text,
            title=title,
            outlet=site,
            published=dated[1] if dated else None,
            modified=max((found for each in page.iter("timestamp") if (found := words(each))), default=None),
            url=urljoin(base, quote((title or "").replace(" ", "_"), safe="/:(),'!")) if base else None,
            language=language,
        )
    if passed:
        yield Notice(
            source, f"Beside its articles it holds {passed:,} other pages: talk, templates, redirects."
        )


def _newest(page: Any) -> str:
    """The text of the last revision."""
    revisions = sorted(page.iter("revision"), key=lambda each: words(child(each, "timestamp")) or "")
    node = child(revisions[-1], "text") if revisions else None
    return "".join(node.itertext()) if node is not None else ""


def text_of_wikitext(written: str) -> str:
    """The words of wikitext, a line a paragraph, "- " before list items."""
    text = _REFERENCE.sub("", _SHOWN.sub(lambda match: (match[2] or match[1]).strip(), written))
    text = _TABLE.sub("", _END.sub("", text))
    for _ in range(MAX_NESTED):
        text, count = _TEMPLATE.subn("", text)
        if not count:
            break
    text = _LINK.sub(r"\1", _FILE.sub("", text))
    text = _OUTWARD.sub(lambda match: match[1] or "", text)
    text = _ITEM.sub("- ", _HEADING.sub(r"\1", re.sub(r"'{2,}", "", text)))
    paragraphs = (html.escape(line, quote=False) for line in re.sub(r"</?\w[^<>]*>", "", text).split("\n"))
    lines = text_of_html("".join(f"<p>{line}</p>" for line in paragraphs if line.strip()))
    return html.unescape(lines)
