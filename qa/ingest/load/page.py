"""Reads a web page: its main text without menus and notices, and what it says about itself.

trafilatura finds the text, read strictly: that keeps the most of an article and the least of the rest. Title,
author, date, outlet and address come from JSON-LD where it is about this page (`linked_data`), then meta
tags, then the visible page: so more of them are right than trafilatura's (`benchmarks/pages.py`).
"""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urljoin, urlsplit

from qa.errors import LoadError
from qa.ingest.byline import byline_of
from qa.ingest.load.fragment import text_of_tree
from qa.ingest.load.furniture import without_furniture
from qa.ingest.load.linked_data import Linked, linked_data, name_of
from qa.ingest.load.research import of_factiva_fields, research_reader
from qa.ingest.load.shortcut import refuse_bookmarks
from qa.ingest.load.spans import caption_above, level
from qa.ingest.load.text import decode, read_all
from qa.types import Failure, RawArticle

MAX_PAGE_BYTES = 16 * 2**20  # the largest real page met has 3 MB; parsing takes 20 times the space
PARAGRAPH_CHARS = 80  # shorter paragraphs on a page are as often labels and buttons
MAX_HIDDEN = 500  # parts, each of which is measured: hostile pages hide things in things
MAX_HIDDEN_CHARS = 1_000_000
MAX_STORIES = 60  # articles on a page that are looked at
STORY_CHARS = 400  # of whole paragraphs: a teaser has one, and that is shorter
MAX_BYLINES = 100
MAX_PLAIN_LINES = 400  # elements from the top in which a byline without a mark is looked for
LEAST_CHARS = 25  # letters outside links; with less, links were taken for a story
MAX_LISTED_CHARS = 20_000  # no list of links is longer
LEAST_SHARE = 0.6  # of what is on the page, or of a looser reading: with less, the strict reading missed it
BYLINE_CHARS = 100  # longer "bylines" are paragraphs about the author


def _words(listed: str) -> list[str]:
    return listed.split()


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
_FACTIVA = re.compile(rb">\s*HD\s*<.{0,20000}>\s*(?:LP|TD)\s*<", re.DOTALL)
_EUROPRESSE = re.compile(rb"class=[\"'](?:[\w -]+ )?DocPublicationName\b")
_NEXIS = re.compile(rb">\s*1 of \d+ DOCUMENTS?\s*<", re.IGNORECASE)
_SAVED = re.compile(
    rb"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:)\s*(\S+)\s[^>]*?-->", re.IGNORECASE
)
_KEPT_COPY = re.compile(  # of the Internet Archive, and of archive.today under its many names
    r"https?://(?:web\.archive\.org/web/\d{4,14}[a-z_]*|archive\.(?:ph|today|is|md|li|vn|fo)/\d{4}[\d.-]*)/(?=https?:)"
)
_PAGE_OF = re.compile(
    r"\b(?:page|part|seite)\s+(\d{1,3})(?:\s*(?:of|/|von)\s*\d{1,3}|\s*[)\]|–—-]|\s*$)", re.IGNORECASE
)
_BARRIER = re.compile(
    r"pay-?wall|reg-?wall|barrier|subscri|upsell|offer|piano|tp-(?:modal|container)|metered|meter-|gate(?:way|d)?\b"
    r"|login|sign-?in|premium-(?:box|content-box|message)|locked",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"\bsubscribe\b.{0,40}\b(?:to (?:continue|keep|read|unlock)|now|today|for)\b|\balready (?:a "
    r"subscriber|have an account|a member)"
    r"|\b(?:log|sign) in\b.{0,40}\b(?:to|here)\b|\bsubscribers? only\b|\bfor subscribers\b|\bfree "
    r"articles? (?:this|left|remaining)"
    r"|\bunlimited (?:digital )?access\b|\bcancel (?:at )?any ?time\b|\bto continue reading\b|\bunlock "
    r"(?:this|the full)"
    r"|\bstart (?:your )?(?:free )?trial\b|\bthis (?:article|content|story) is (?:exclusively |only "
    r")?(?:for|reserved)\b",
    re.IGNORECASE,
)
_PUBLISHED_WORDS = re.compile(
    r"\b(?:first |originally )?(?:published|posted|issued|date of publication|publication "
    r"date)\b(?:\s+by\s.{2,60}?(?=\son\s))?(?:\s+(?:on|at))?\s*:?\s*"
    r"|\b(?:veröffentlicht|erschienen|publiée?|publicado|pubblicato|gepubliceerd|publicerad|publisert|udgivet)\b"
    r"(?:\s(?:am|le|el|em|il|op|den))?\s*:?\s*"
    r"|^date\s*:\s*",
    re.IGNORECASE,
)
MAX_CAPTIONS = 60
_CAPTION_NAMES = re.compile(
    r"(?:^|[\s_-])(?:caption-text|(?:image|photo|picture|media)[_-]?caption)(?:$|\s)", re.IGNORECASE
)
CAPTION_CHARS = 600
MAX_DATE_NODES = 4_000
DATE_LINE_CHARS = 160  # a line that says when an article came out is no longer
WALL_CHARS = 400
Facts = dict[str, list[str]]


def read_html(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """One article: a page's main text and its facts; or the articles of an archive's page of results."""
    data = read_all(stream)
    refuse_bookmarks(data)
    if _FACTIVA.search(data):
        tree = _parsed(decode(data))
        if listed := [_fields_of(table) for table in tree.iter("table")]:
            documents = [fields for fields in listed if {"HD", "PD"} <= fields.keys()]
            for number, fields in enumerate(documents, start=1):
                yield of_factiva_fields(fields, source if len(documents) == 1 else f"{source}#{number}")
            if documents:
                return
    if _EUROPRESSE.search(data):
        downloaded = list(_of_europresse(_parsed(decode(data)), source))
        yield from downloaded
        if downloaded:
            return
    if _NEXIS.search(data) and (archive := research_reader(text := _spaced_lines(data))):
        yield from archive(text, source)
        return
    yield page(data, source)


def _spaced_lines(data: bytes) -> str:
    """A page's lines with an empty one between them, as texts for download have between paragraphs."""
    return text_of_tree(_parsed(decode(data))).replace("\n", "\n\n")


def _of_europresse(tree: Any, source: str) -> Iterator[RawArticle]:
    """The articles of a download from Europresse: it marks outlet, day, headline and text by class."""
    listed = [node for node in tree.iter("article") if _by_class(node, "docOcurrContainer")]
    for number, node in enumerate(listed, start=1):
        headed = _by_class(node, "DocHeader")
        day = re.search(r"\d{1,2} [^\W\d_]{3,} \d{4}|[^\W\d_]{3,} \d{1,2}, \d{4}", headed or "")
        body = next(each for each in node.iter() if "docOcurrContainer" in (each.get("class") or ""))
        yield RawArticle(
            source if len(listed) == 1 else f"{source}#{number}",
            text_of_tree(body),
            title=_by_class(node, "titreArticleVisu") or _by_class(node, "titreArticle"),
            outlet=_by_class(node, "DocPublicationName"),
            author=_by_class(node, "docAuthors"),
            published=day.group() if day else None,
        )


def _by_class(node: Any, name: str) -> str | None:
    """What the first element of that class says."""
    found = (_content(each) for each in node.iter() if name in str(each.get("class") or "").split())
    return next(filter(None, found), None)


def read_webarchive(stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
    """One article: the page in Safari's property list."""
    try:
        held = plistlib.loads(read_all(stream))
        main = held["WebMainResource"]
        data, address = main["WebResourceData"], main.get("WebResourceURL")
    except (plistlib.InvalidFileException, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise LoadError("It is no web archive of Safari, or it is damaged.") from None
    yield page(data, source, address=_web(address), charset=main.get("WebResourceTextEncodingName"))


def _fields_of(table: Any) -> dict[str, str]:
    """Factiva's two-letter fields in the rows of a table."""
    rows = ([cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr"))
    return {
        name: text_of_tree(cells[1])
        for cells in rows
        if len(cells) > 1 and re.fullmatch(r"[A-Z]{2,3}", name := _content(cells[0]))
    }


def page(data: bytes, source: str, *, address: str | None = None, charset: str | None = None) -> RawArticle:
    """The article on a page that was found at `address`. Raises LoadError when there is none."""
    if len(data) > MAX_PAGE_BYTES:
        raise LoadError(f"The page is larger than {MAX_PAGE_BYTES // 2**20} MB; no article is.")
    declared = _CHARSET.search(data[:4096])
    named = declared and (declared.group(1) or declared.group(2)).decode("ascii")
    tree = _parsed(decode(data, declared=charset or named or None))
    metas = _metas(tree)
    stated = _stated_address(tree, metas)
    linked = linked_data(tree, address=stated, titles=[*_own_titles(tree, metas)])
    article = linked.article
    found_at = address or _saved_from(data)
    address = _original(stated or _linked_address(tree, article, metas) or found_at)
    captions = _captions(tree)
    locked = _is_locked(article)
    text = _text(tree, article, locked=locked, captions=captions)
    if not text or _is_links(text, tree):
        raise LoadError("There is no article on this page: nothing but menus, scripts or pictures.")
    return RawArticle(
        source=source,
        text=text,
        title=_title(tree, article, metas),
        outlet=_outlet(tree, linked, metas, address),
        author=_author(tree, linked, metas),
        published=_published(tree, article, metas, address),
        url=address,
        modified=_modified(tree, article, metas),
        language=_language(tree, article, metas),
        page=_page_number(tree, found_at, address),
        captions=tuple(captions),
        remark="Only a part: the page is behind a paywall." if locked else _others_on(tree, text),
    )


def _others_on(tree: Any, text: str) -> str | None:
    """What to report of other whole stories on the page, of which this is one; None where there are none."""
    stories = [
        node
        for node in islice(tree.iter("article"), MAX_STORIES)
        if next(node.iterancestors("article", "aside", "footer", "nav"), None) is None
    ]
    other = 0
    for node in stories if len(stories) > 1 else ():
        lines = [line for p in node.iter("p") if len(line := _content(p)) > PARAGRAPH_CHARS]
        missing = [line for line in lines if line[:PARAGRAPH_CHARS] not in text]
        other += sum(map(len, missing)) > STORY_CHARS and len(missing) == len(lines)
    if not other:
        return None
    plural = "stories" if other > 1 else "story"
    return f"The page holds {other} other {plural} beside it, not read. Load the page of each."


def _own_titles(tree: Any, metas: Facts) -> Iterator[str]:
    """What the page calls itself, outside JSON-LD."""
    yield from (metas[name][0] for name in ("og:title", "twitter:title", "title") if name in metas)
    yield from _headings(tree)[:3]
    if window := _title_of_window(tree):
        yield window


def _saved_from(data: bytes) -> str | None:
    """The address that a browser wrote into the page when it saved it."""
    match = _SAVED.search(data[:4096])
    return _web(match.group(1).decode("utf-8", "replace")) if match else None


def _original(address: str | None) -> str | None:
    """The address of the page that an archive keeps a copy of; any other as it is."""
    return _KEPT_COPY.sub("", address) if address else None


def _web(address: Any) -> str | None:
    text = str(address or "").strip()
    return text if re.match(r"https?://[^/\s]", text) else None


def _is_locked(article: dict[str, Any]) -> bool:
    """Whether the page says that its article is not free to read, of which a saved page then has a part."""
    return str(article.get("isAccessibleForFree", "")).strip().lower() in ("false", "no", "0")


def _page_number(tree: Any, found_at: str | None, address: str | None) -> int | None:
    """The number of a later page of a story; None for the first, and for a story on one page.

    Pages after the first often name the first one's address as theirs, so that their own has to be looked
    for: in the window's title, in where the page was found, and in what comes before and after it.
    """
    title = _content(node) if (node := tree.find(".//head/title")) is not None else ""
    match = _PAGE_OF.search(title)
    if match:
        return _later(int(match.group(1)))
    for place in (found_at, address):
        try:
            query = dict(parse_qsl(urlsplit(place or "").query))
            number = next((query[name] for name in ("page", "pg", "pagina", "seite") if name in query), "")
        except ValueError:
            continue
        behind = re.search(r"/(?:page|seite|p)[/-](\d{1,3})/?$", place or "")
        if number.isdecimal() or behind:
            return _later(int(number if number.isdecimal() else behind[1] if behind else 1))
    links = {(node.get("rel") or "").lower(): node.get("href") or "" for node in tree.iter("link")}
    if not links.get("prev") and not links.get("previous"):
        return None
    following = re.search(r"(?:page|pg|p)[=/-](\d{1,3})\b", links.get("next", ""))
    before = re.search(r"(?:page|pg|p)[=/-](\d{1,3})\b", links.get("prev") or links.get("previous") or "")
    return _later(int(before[1]) + 1 if before else int(following[1]) - 1 if following else 2)


def _later(number: int) -> int | None:
    return number if 1 < number < 500 else None


def _captions(tree: Any) -> list[str]:
    """What stands below the pictures of the article, each once: those with paragraphs of the story near."""
    found = []
    marked = (n for n in tree.iter("figcaption", "p", "div") if n.tag == "figcaption" or _is_caption(n))
    for node in islice(marked, MAX_CAPTIONS):
        around = {ancestor.tag for ancestor in node.iterancestors()}
        text = _content(node)
        linked = sum(len(_content(link)) for link in node.iter("a"))
        own = around.isdisjoint({"a", "nav", "aside", "footer"}) and linked < 0.7 * len(text)
        if own and 10 < len(text) < CAPTION_CHARS and _is_among_paragraphs(node):
            found.append(text)
    return list(dict.fromkeys(found))


def _is_caption(node: Any) -> bool:
    """Whether an element is named as WordPress and others name the words below a picture."""
    return len(node) < 6 and _CAPTION_NAMES.search(node.get("class") or "") is not None


def _is_among_paragraphs(caption: Any) -> bool:
    """Whether one of the elements around a picture holds paragraphs of a story, as a teaser's do not."""
    for around in islice(caption.iterancestors(), 1, 5):
        if any(len(_content(p)) > PARAGRAPH_CHARS for p in islice(around.iterchildren("p"), 20)):
            return True
    return False


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


def _text(tree: Any, article: dict[str, Any], *, locked: bool, captions: Sequence[str]) -> str:
    """The main text: read strictly, read loosely where that misses most of it, else as JSON-LD gives it."""
    if locked:
        _drop_barriers(tree)
    visible = sum(len(text) for node in tree.iter("p") if len(text := _content(node)) > PARAGRAPH_CHARS)
    _drop_hidden(tree)
    for table in list(tree.iter("table")):
        level(table)
        caption_above(table)
    text = _extracted(tree, favor_precision=True)
    if len(text) < LEAST_SHARE * visible or len(text) < 1000:
        loose = _extracted(tree, favor_precision=False)
        text = text if len(text) >= LEAST_SHARE * len(loose) else loose
    body = name_of(article.get("articleBody")) or ""
    whole = "\n" in body.strip() and "\n" not in text.strip() and text.split() == body.split()
    text = body if whole or len(text) < LEAST_SHARE * len(body) else text
    entries = _live_entries(article)
    text = entries if len(text) < len(entries) else text
    text = _before_the_wall(text) if locked else text
    dropped = set(captions)
    lines = (line for line in without_furniture(text).split("\n") if line not in dropped)
    return "\n".join(line for line in lines if not _NOTICE.fullmatch(line))


def _live_entries(article: dict[str, Any]) -> str:
    """The entries of a live blog, which a page shows a few at a time: headline and text of each."""
    entries = article.get("liveBlogUpdate")
    lines = [
        name_of(each.get(name)) or ""
        for each in (entries if isinstance(entries, list) else [])
        if isinstance(each, dict)
        for name in ("headline", "articleBody")
    ]
    return "\n".join(filter(None, lines))


def _drop_barriers(tree: Any) -> None:
    """Takes away the boxes that ask for money or a login: they are named so, and hold less than the page."""
    total = len(_content(tree))
    for node in list(tree.iter("div", "section", "aside", "form")):
        named = _BARRIER.search(f"{node.get('class') or ''} {node.get('id') or ''}")
        if named and node.getparent() is not None:
            words = _content(node)
            if len(words) < 0.8 * total and _WALL.search(words):
                node.drop_tree()


def _before_the_wall(text: str) -> str:
    """The lines of a page that is not free, up to the first that asks to subscribe, and no offers after
    it.
    """
    kept: list[str] = []
    for line in text.split("\n"):
        if _WALL.search(line) and len(line) < WALL_CHARS:
            break
        kept.append(line)
    return "\n".join(kept) if any(len(line) > PARAGRAPH_CHARS for line in kept) else text


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


def _title(tree: Any, article: dict[str, Any], metas: Facts) -> str | None:
    return (
        _given_title(tree, article) or _first(metas, _TITLE_METAS) or _title_of_window(tree) or _heading(tree)
    )


def _given_title(tree: Any, article: dict[str, Any]) -> str | None:
    """JSON-LD's headline, or its name where the page calls itself so: Wikipedia's headline is no title."""
    headline, name = name_of(article.get("headline")) or "", name_of(article.get("name")) or ""
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


def _outlet(tree: Any, linked: Linked, metas: Facts, address: str | None) -> str | None:
    return (
        _first(metas, _OUTLET_METAS[:1])
        or linked.name(linked.article.get("publisher"))
        or _first(metas, _OUTLET_METAS)
        or _outlet_in_title(tree, address)
    )


def _outlet_in_title(tree: Any, address: str | None) -> str | None:
    """The site's name behind the title, where it is that of the host: "Wikinews" for en.wikinews.org."""
    title = _content(node) if (node := tree.find(".//head/title")) is not None else ""
    cuts = list(_SEPARATOR.finditer(title))
    try:
        labels = (urlsplit(address or "").hostname or "").split(".")[:-1]
    except ValueError:
        return None
    if not cuts or not labels:
        return None
    name = re.split(r",\s|\s[–—-]\s", title[cuts[-1].end() :])[0].strip()
    folded = re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("the "))
    same = any(len(label) > 2 and (folded == (bare := label.replace("-", "")) or bare in (f"the{folded}",)
               or (len(bare) > 2 and folded.startswith(bare))) for label in labels)  # fmt: skip
    return name if folded and same else None


def _author(tree: Any, linked: Linked, metas: Facts) -> str | None:
    """Names from JSON-LD, meta tags, then the page's own byline; never an address."""
    given = [
        linked.name(linked.article.get("author")),
        *(", ".join(metas[n]) for n in _AUTHOR_METAS if n in metas),
    ]
    for names in (*given, *map(_name_in, _bylines(tree)), *_plain_bylines(tree)):
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


def _plain_bylines(tree: Any) -> Iterator[str]:
    """Names in short lines near the top that say "By" and a name, and nothing else but an outlet or a day."""
    for node in islice(tree.iter("p", "div", "span", "address", "h4", "h5"), MAX_PLAIN_LINES):
        small = sum(1 for _ in islice(node.iter(), 9)) < 9
        text = _content(node) if small and not _in_margin(node) else ""
        if 6 < len(text) < BYLINE_CHARS and (found := byline_of(text)):
            yield found.author
            return


def _is_byline(node: Any) -> bool:
    marked = node.get("rel") == "author" or "author" in (node.get("itemprop") or "")
    return marked or _BYLINE_NAMES.search(f"{node.get('class') or ''} {node.get('id') or ''}") is not None


def _published(tree: Any, article: dict[str, Any], metas: Facts, address: str | None) -> str | None:
    given = name_of(article.get("datePublished")) or name_of(article.get("dateCreated"))
    return given or _first(metas, _DATE_METAS) or _shown_date(tree) or _date_of(address)


def _written_date(tree: Any, words: re.Pattern[str]) -> str | None:
    """The date that stands behind "Published" in a short line of the page, as it is written there."""
    for node in islice(tree.iter("div", "p", "span", "li", "small", "em", "time", "td"), MAX_DATE_NODES):
        if _in_margin(node):
            continue
        line = _content(node) if len(node) < 12 else ""
        match = words.search(line) if 8 < len(line) < DATE_LINE_CHARS else None
        if match:
            rest = re.split(r"[|•·]|\b(?:updated|modified|by)\b", line[match.end() :], flags=re.IGNORECASE)[0]
            if re.search(r"\d", rest):
                return rest.strip(" :,-–—")
    return None


def _in_margin(node: Any) -> bool:
    return next(node.iterancestors("table", "aside", "footer", "nav"), None) is not None


def _shown_date(tree: Any) -> str | None:
    """The `<time>` that is marked as the publication's, a date behind "Published", else the first `<time>`
    outside tables, margins and links to other stories."""
    times = [node for node in tree.iter("time") if node.get("datetime")]
    marked = [
        n
        for n in times
        if n.get("pubdate") is not None
        or "datePublished" in (n.get("itemprop") or "")
        or "dt-published" in (n.get("class") or "")  # microformats2
    ]
    if marked:
        return str(marked[0].get("datetime"))
    if written := _written_date(tree, _PUBLISHED_WORDS):
        return written
    plain = (node for node in times if not _in_margin(node) and next(node.iterancestors("a"), None) is None)
    return next((str(node.get("datetime")) for node in plain), None)


def _modified(tree: Any, article: dict[str, Any], metas: Facts) -> str | None:
    marked = (n.get("datetime") for n in tree.iter("time") if "dateModified" in (n.get("itemprop") or ""))
    return name_of(article.get("dateModified")) or _first(metas, _MODIFIED_METAS) or next(marked, None)


def _language(tree: Any, article: dict[str, Any], metas: Facts) -> str | None:
    """As the page is marked; a template's mark is right more often than an export's JSON-LD is there."""
    given = tree.get("lang") or tree.get("xml:lang") or name_of(article.get("inLanguage"))
    return given or _first(metas, _LANGUAGE_METAS)


def _date_of(address: str | None) -> str | None:
    match = _DATE_IN_ADDRESS.search(address or "")
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else None


def _stated_address(tree: Any, metas: Facts) -> str | None:
    """The canonical address; one that names a whole site is a mistake that would make its articles one."""
    links = [node.get("href") for node in tree.iter("link") if (node.get("rel") or "").lower() == "canonical"]
    return _story_address(tree, metas, [*links, *metas.get("og:url", [])])


def _linked_address(tree: Any, article: dict[str, Any], metas: Facts) -> str | None:
    """The address that JSON-LD gives the article."""
    marked = [
        node.get("href")
        for node in islice(tree.iter("a"), 5_000)
        if "p-canonical" in (node.get("class") or "")
    ]
    given = [_reference(article.get("mainEntityOfPage")), _reference(article.get("url")), *marked]
    return _story_address(tree, metas, given)


def _reference(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) else None


def _story_address(tree: Any, metas: Facts, given: Sequence[str | None]) -> str | None:
    base = tree.find(".//base")
    start = (base.get("href") if base is not None else None) or _first(metas, ["og:url"]) or ""
    for each in given:
        try:
            address = str(urljoin(start, (each or "").strip()))
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.netloc and (parts.path.strip("/") or parts.query):
            return address
    return None
