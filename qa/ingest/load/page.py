"""Reads a web page: its main text without menus and notices, and what it says about itself.

trafilatura finds the text, read strictly: that keeps the most of an article and the least of the rest. Title,
author, date, outlet and address come from JSON-LD, then meta tags, then the visible page: so more of them are
right than trafilatura's (`benchmarks/pages.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

from qa.errors import LoadError
from qa.ingest.load.fragment import text_of_tree
from qa.ingest.load.text import decode, read_all
from qa.types import Failure, RawArticle

MAX_PAGE_BYTES = 16 * 2**20  # the largest real page met has 3 MB; parsing takes 20 times the space
PARAGRAPH_CHARS = 80  # shorter paragraphs on a page are as often labels and buttons
MAX_HIDDEN = 500  # parts, each of which is measured: hostile pages hide things in things
MAX_HIDDEN_CHARS = 1_000_000
MAX_BYLINES = 100
LEAST_CHARS = 25  # letters outside links; with less, links were taken for a story
MAX_LISTED_CHARS = 20_000  # no list of links is longer
LEAST_SHARE = 0.6  # of what is on the page, or of a looser reading: with less, the strict reading missed it
BYLINE_CHARS = 100  # longer "bylines" are paragraphs about the author


def _words(listed: str) -> list[str]:
    return listed.split()


_ARTICLE_TYPES = re.compile(r"(?:article|posting|report|story|webpage|review)$", re.IGNORECASE)
_TITLE_METAS = _words(
    "dc:title dcterm:title og:title dc.title dcterms.title title twitter:title parsely-title"
)
_AUTHOR_METAS = _words(
    """
    dc:creator dcterm:creator dc.creator dcterms.creator author parsely-author article:author
    sailthru.author byl citation_author og:article:author
    """
)
_DATE_METAS = _words(
    """
    article:published_time og:article:published_time datepublished article:published article.published
    og:published_time parsely-pub-date sailthru.date dc.date.issued dc.date dc:date dcterms.created
    dcterms.date pubdate publishdate publish-date publication_date cxenseparse:recs:publishtime
    citation_publication_date ptime date
    """
)
_MODIFIED_METAS = _words(
    "article:modified_time og:article:modified_time datemodified article:modified og:updated_time "
    "dcterms.modified dc.date.modified lastmod last-modified"
)
_LANGUAGE_METAS = _words("og:locale dc.language dcterms.language language content-language")
_OUTLET_METAS = _words(
    "og:site_name application-name dc.publisher dcterms.publisher publisher citation_journal_title"
)
_DATE_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?:/|$|-)")
_SEPARATOR = re.compile(r"\s(?:[|\\/>»–—-]|::)\s")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NOTICE = re.compile(
    r"-? ?(?:advertisement|advertising|scroll down for video|continue reading(?: the main story)?|read more"
    r"|share this(?: article)?|(?:read more|read also|related|see also):.{0,150}|(?:photo|image|video)s?"
    r"|sign up (?:for|to) .{0,80}newsletters?.{0,40}|we use cookies.{0,200})",
    re.IGNORECASE,
)
_BYLINE_TAGS = _words("a span div p address li td strong em cite h3 h4 h5")
_BYLINE_NAMES = re.compile(r"byline|author|dateline|writtenby|p-author", re.IGNORECASE)
_BY = re.compile(
    r"(?:[A-Z][\w &]{0,30}\s)?(?<!edited )by\s+(?=[A-ZÀ-Þ])|(?:por|par|von|di)\s+(?=[A-ZÀ-Þ])", re.IGNORECASE
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_AFTER_A_NAME = re.compile(
    rf"\s*(?:[|•·@]|\s[-–—]\s|\b(?:{_MONTHS})[a-z]*\.? \d|\b(?:updated|published|posted|on)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\d)",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"^(?:username|admin|staff|author|editor|last)$"
    r"|\b(?:follow|share|comments?|sign in|subscribe|menu|log in)\b",
    re.IGNORECASE,
)
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{3,20})|<\?xml[^>]{0,80}encoding=["']([\w-]+)""", re.I
)
Facts = dict[str, list[str]]


def read_html(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """One article: a page's main text and its facts."""
    yield page(read_all(stream), source)


def page(data: bytes, source: str, *, address: str | None = None, charset: str | None = None) -> RawArticle:
    """The article on a page that was found at `address`. Raises LoadError when there is none."""
    if len(data) > MAX_PAGE_BYTES:
        raise LoadError(f"The page is larger than {MAX_PAGE_BYTES // 2**20} MB; no article is.")
    declared = _CHARSET.search(data[:4096])
    named = declared and (declared.group(1) or declared.group(2)).decode("ascii")
    tree = _parsed(decode(data, declared=charset or named or None))
    article = _article_data(tree)
    metas = _metas(tree)
    address = _address(tree, article, metas) or address
    text = _text(tree, article)
    if not text or _is_links(text, tree):
        raise LoadError("There is no article on this page: nothing but menus, scripts or pictures.")
    return RawArticle(
        source=source,
        text=text,
        title=_title(tree, article, metas),
        outlet=_outlet(article, metas),
        author=_author(tree, article, metas),
        published=_published(tree, article, metas, address),
        url=address,
        modified=_modified(tree, article, metas),
        language=_language(tree, article, metas),
    )


def _is_links(text: str, tree: Any) -> bool:
    """Whether a short text is made of links, as a menu or a list of stories is."""
    rest = " ".join(text.split())
    if len(rest) > MAX_LISTED_CHARS:
        return False
    whole = rest
    for link in sorted({_content(link) for link in tree.iter("a")}, key=len, reverse=True):
        rest = rest.replace(link, "") if link else rest
    return rest != whole and sum(map(str.isalnum, rest)) < LEAST_CHARS


def _parsed(markup: str) -> Any:
    from lxml import etree, html

    try:
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=False)
        tree = html.document_fromstring(markup.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise LoadError(f"There is no page in it ({error}).") from None
    return tree


def _text(tree: Any, article: dict[str, Any]) -> str:
    """The main text: read strictly, read loosely where that misses most of it, else as JSON-LD gives it."""
    visible = sum(len(text) for node in tree.iter("p") if len(text := _content(node)) > PARAGRAPH_CHARS)
    _drop_hidden(tree)
    text = _extracted(tree, favor_precision=True)
    if len(text) < LEAST_SHARE * visible or len(text) < 1000:
        loose = _extracted(tree, favor_precision=False)
        text = text if len(text) >= LEAST_SHARE * len(loose) else loose
    body = _plain(article.get("articleBody"))
    text = body if len(text) < LEAST_SHARE * len(body) else text
    return "\n".join(line for line in text.split("\n") if not _NOTICE.fullmatch(line))


def _extracted(tree: Any, *, favor_precision: bool) -> str:
    from copy import deepcopy

    import trafilatura

    found = trafilatura.bare_extraction(
        deepcopy(tree), favor_precision=favor_precision, include_comments=False, with_metadata=False
    )
    return text_of_tree(found.body) if found is not None and found.body is not None else ""


def _drop_hidden(tree: Any) -> None:
    """Takes away what a browser would not show, unless that is most of the page (scripts reveal it later)."""
    hidden = [
        node
        for node in tree.iter("div", "section", "p", "span", "aside", "article")
        if node.get("hidden") is not None or _HIDDEN.search(node.get("style") or "")
    ]
    total = len(_content(tree))
    for node in hidden[:MAX_HIDDEN] if total < MAX_HIDDEN_CHARS else ():
        if node.getparent() is not None and len(_content(node)) < 0.7 * total:
            node.drop_tree()


def _content(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _article_data(tree: Any) -> dict[str, Any]:
    """The JSON-LD object that describes the article; `{}` when there is none."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            found += _objects(script.text or "")
    articles = [item for item in found if _ARTICLE_TYPES.search(_type(item))]
    return max(articles, key=_how_telling, default={})


def _how_telling(item: dict[str, Any]) -> tuple[bool, int]:
    """NewsArticle before WebPage, then by how many facts are given."""
    return not _type(item).lower().endswith("page"), sum(
        key in item for key in ("headline", "author", "datePublished")
    )


def _type(item: dict[str, Any]) -> str:
    kind = item.get("@type")
    return str(kind[0] if isinstance(kind, list) and kind else kind)


def _objects(script: str) -> list[dict[str, Any]]:
    script = re.sub(r"^\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*;?\s*$|^\s*<!--|-->\s*$", "", script)
    try:
        document = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return []
    items = document if isinstance(document, list) else [document]
    graphs = [item.get("@graph") for item in items if isinstance(item, dict)]
    nested = [entry for graph in graphs if isinstance(graph, list) for entry in graph]
    return [item for item in [*items, *nested] if isinstance(item, dict)]


def _metas(tree: Any) -> Facts:
    """Contents of meta tags by lower-case name; one tag may go by several names."""
    facts: Facts = {}
    for node in tree.iter("meta"):
        content = " ".join((node.get("content") or "").split())
        names = " ".join(filter(None, map(node.get, ("property", "name", "itemprop", "http-equiv"))))
        for name in names.lower().split() if content else ():
            facts.setdefault(name, []).append(content)
    return facts


def _first(metas: Facts, names: Sequence[str]) -> str | None:
    return next((metas[name][0] for name in names if name in metas), None)


def _plain(value: Any) -> str:
    """A JSON-LD value as text: the name of a thing, the names of several."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return _plain(value.get("name") or value.get("@id") or value.get("url"))
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, map(_plain, value[:20]))))
    return ""


def _title(tree: Any, article: dict[str, Any], metas: Facts) -> str | None:
    return (
        _given_title(tree, article) or _first(metas, _TITLE_METAS) or _title_of_window(tree) or _heading(tree)
    )


def _given_title(tree: Any, article: dict[str, Any]) -> str | None:
    """JSON-LD's headline, or its name where the page calls itself so: Wikipedia's headline is no title."""
    headline, name = _plain(article.get("headline")), _plain(article.get("name"))
    window = _content(node) if (node := tree.find(".//head/title")) is not None else ""
    return name if name and window.startswith(name) and headline not in window else headline or name


def _title_of_window(tree: Any) -> str | None:
    """The `<title>` without the site's name: what is behind the last separator, if enough stands before."""
    title = _content(node) if (node := tree.find(".//head/title")) is not None else ""
    cuts = list(_SEPARATOR.finditer(title))
    if cuts and len(title[: cuts[-1].start()].split()) > 2:
        return title[: cuts[-1].start()].strip()
    if not cuts and ": " in title and title not in _headings(tree):
        behind = title.rpartition(":")[2].strip()
        return behind if len(behind.split()) > 2 and behind in _headings(tree) else title
    return title or None


def _headings(tree: Any) -> list[str]:
    return [_content(node) for node in tree.iter("h1", "h2")]


def _heading(tree: Any) -> str | None:
    return next(filter(None, _headings(tree)), None)


def _outlet(article: dict[str, Any], metas: Facts) -> str | None:
    return (
        _first(metas, _OUTLET_METAS[:1]) or _plain(article.get("publisher")) or _first(metas, _OUTLET_METAS)
    )


def _author(tree: Any, article: dict[str, Any], metas: Facts) -> str | None:
    """Names from JSON-LD, meta tags, then the page's own byline; never an address."""
    given = [_plain(article.get("author")), *(", ".join(metas[n]) for n in _AUTHOR_METAS if n in metas)]
    for names in (*given, *map(_name_in, _bylines(tree))):
        if names and not re.match(r"https?://|www\.", names) and not _NOT_A_NAME.search(names):
            return ", ".join(dict.fromkeys(names.split(", ")))
    return None


def _name_in(byline: str) -> str:
    """The name in what a page shows as byline, without section and "by" before it, or a date behind it."""
    led = _BY.match(byline)
    name = _AFTER_A_NAME.split(byline[led.end() :] if led else byline)[0]
    return name.strip(" ,|·•-–—")


def _bylines(tree: Any) -> Iterator[str]:
    """What the page shows as its author: rel, itemprop, then class names, in the order of the page."""
    for node in islice(filter(_is_byline, tree.iter(*_BYLINE_TAGS)), MAX_BYLINES):
        text = _content(node)
        if 2 < len(text) < BYLINE_CHARS:
            yield text


def _is_byline(node: Any) -> bool:
    marked = node.get("rel") == "author" or "author" in (node.get("itemprop") or "")
    return marked or _BYLINE_NAMES.search(f"{node.get('class') or ''} {node.get('id') or ''}") is not None


def _published(tree: Any, article: dict[str, Any], metas: Facts, address: str | None) -> str | None:
    given = _plain(article.get("datePublished")) or _plain(article.get("dateCreated"))
    return given or _first(metas, _DATE_METAS) or _shown_date(tree) or _date_of(address)


def _shown_date(tree: Any) -> str | None:
    """The `<time>` that is marked as the publication's, else the first one outside tables and margins."""
    times = [node for node in tree.iter("time") if node.get("datetime")]
    marked = [
        n for n in times if n.get("pubdate") is not None or "datePublished" in (n.get("itemprop") or "")
    ]
    plain = (
        node for node in times if next(node.iterancestors("table", "aside", "footer", "nav"), None) is None
    )
    return next((str(node.get("datetime")) for node in (*marked, *plain)), None)


def _modified(tree: Any, article: dict[str, Any], metas: Facts) -> str | None:
    marked = (n.get("datetime") for n in tree.iter("time") if "dateModified" in (n.get("itemprop") or ""))
    return _plain(article.get("dateModified")) or _first(metas, _MODIFIED_METAS) or next(marked, None)


def _language(tree: Any, article: dict[str, Any], metas: Facts) -> str | None:
    """As the page is marked; a template's mark is right more often than an export's JSON-LD is there."""
    given = tree.get("lang") or tree.get("xml:lang") or _plain(article.get("inLanguage"))
    return given or _first(metas, _LANGUAGE_METAS)


def _date_of(address: str | None) -> str | None:
    match = _DATE_IN_ADDRESS.search(address or "")
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else None


def _address(tree: Any, article: dict[str, Any], metas: Facts) -> str | None:
    """The canonical address; one that names a whole site is a mistake that would make its articles one."""
    links = [node.get("href") for node in tree.iter("link") if (node.get("rel") or "").lower() == "canonical"]
    base = tree.find(".//base")
    start = (base.get("href") if base is not None else None) or _first(metas, ["og:url"]) or ""
    for given in (
        *links,
        *metas.get("og:url", []),
        _plain(article.get("mainEntityOfPage")),
        _plain(article.get("url")),
    ):
        try:
            address = str(urljoin(start, (given or "").strip()))
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.netloc and (parts.path.strip("/") or parts.query):
            return address
    return None
