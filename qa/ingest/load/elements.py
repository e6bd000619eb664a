"""Reads XML of no known kind: elements that repeat and have a text among their children are articles.

Takes a parsed tree, gives the articles of its records, read by the names of their elements as JSON is by the
names of its fields. Also the scanned pages of libraries (ALTO, PAGE) and articles in the Journal Article Tag
Suite (JATS), whose names say too little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from qa.errors import LoadError
from qa.ingest.load.fragment import text_of_html, text_of_tree
from qa.ingest.load.markup import child, value, words
from qa.ingest.load.records import article_of, may_hold_text
from qa.types import Failure, Notice, RawArticle

LEAST_CHARS = 60  # of text without a name; less is a label
MAX_LEVELS = 4  # of elements around the records
_MARKUP = frozenset(
    """
    p br b i u em strong a span div ul ol li h1 h2 h3 h4 h5 h6 blockquote table img figure hr sub sup para
    paragraph heading subhead block
    """.split()  # noqa: SIM905
)
_SOLR = frozenset({"str", "arr", "date", "int", "long", "bool", "float", "double", "field"})


def read_elements(root: Any, source: str) -> Iterator[RawArticle | Failure | Notice]:
    """The articles of the records below `root`. Raises LoadError when no element of it reads as one."""
    if next(root.iter("ParagraphStyleRange"), None) is not None:
        yield from of_incopy(root, source)
        return
    records = _records(root) if root.tag != "tt" else []
    if not records and (article := _of_paragraphs(root, source)):
        yield article
        return
    if not records:
        raise LoadError(
            "This XML is neither RSS nor Atom, no page, and no element of it is named as an article's text "
            "is (text, body, content …). Convert it to .jsonl, or to one of those."
        )
    for number, record in enumerate(records, start=1):
        yield from article_of(_fields(record), source, number=None if len(records) == 1 else number)


def _of_paragraphs(root: Any, source: str) -> RawArticle | None:
    """The paragraphs of a document as one article: DocBook, FictionBook; timed text, whose lines go on."""
    lines = [line for node in root.iter("p", "para", "simpara") if (line := words(node))]
    text = (" " if root.tag == "tt" else "\n").join(lines)
    if len(text) < LEAST_CHARS:
        return None
    return RawArticle(source, text, title=words(next(root.iter("title", "book-title"), None)))


def of_incopy(root: Any, source: str) -> Iterator[RawArticle]:
    """The stories of InCopy and InDesign (ICML, IDML): a break ends a paragraph, wherever its styles end."""
    stories = [node for node in root.iter("Story") if next(node.iterancestors("Story"), None) is None] or [
        root
    ]
    texts = []
    for story in stories:
        pieces = ("\n" if node.tag == "Br" else node.text or "" for node in story.iter("Content", "Br"))
        texts.append(
            "\n".join(line for part in "".join(pieces).split("\n") if (line := " ".join(part.split())))
        )
    texts = [text for text in texts if len(text) >= LEAST_CHARS]
    if not texts:
        raise LoadError("The InDesign file holds no story of any length.")
    for number, text in enumerate(texts, start=1):
        yield RawArticle(source if len(texts) == 1 else f"{source}#{number}", text)


def _records(root: Any) -> Sequence[Any]:
    """The elements that hold a text among their children: the root, or the ones that repeat most below it."""
    level = [root]
    for _ in range(MAX_LEVELS):
        found = [node for node in level if _has_text(_fields(node))]
        if found:
            tag = Counter(node.tag for node in found).most_common(1)[0][0]
            return [node for node in level if node.tag == tag]
        level = [inner for node in level for inner in node if isinstance(inner.tag, str)]
    return []


def _has_text(fields: dict[str, Any]) -> bool:
    """Whether one of the fields is named as a text and is one; a container may be called "article" too."""
    written = [
        name
        for name, held in fields.items()
        if isinstance(held, str) or (isinstance(held, list) and all(isinstance(each, str) for each in held))
    ]
    return may_hold_text(written)


def _fields(node: Any) -> dict[str, Any]:
    """Attributes and children by name; several of one name are a list."""
    fields: dict[str, Any] = {key.rpartition("}")[2]: held for key, held in node.items()}
    for inner in node:
        if not isinstance(inner.tag, str):
            continue
        name = (value(inner, "name") if inner.tag in _SOLR else None) or inner.tag
        held = _value(inner)
        if not name or held in (None, "", {}):
            continue
        if name in fields and isinstance(fields[name], list):
            fields[name].append(held)
        else:
            fields[name] = [fields[name], held] if name in fields else held
    return fields


def _value(node: Any) -> Any:
    """An element's text, its paragraphs as lines; the fields of one that holds others."""
    children = {inner.tag for inner in node if isinstance(inner.tag, str)}
    if not children:
        written = "".join(node.itertext()).strip()
        return text_of_html(written) if "</" in written else written
    if children & _MARKUP or (node.text and node.text.strip()):
        return text_of_tree(node)
    return [words(inner) for inner in node] if node.tag == "arr" else _fields(node)


# Scanned pages: loc.gov/standards/alto, github.com/PRImA-Research-Lab/PAGE-XML


def is_scan(root: Any) -> bool:
    """Whether a tree is what character recognition wrote of a page."""
    return root.tag in ("alto", "PcGts")


def read_scan(root: Any, source: str) -> Iterator[RawArticle]:
    """One article: each block a paragraph, words that were divided at a line's end whole again."""
    regions = [
        *(_alto_block(block) for block in root.iter("TextBlock")),
        *(_page_block(block) for block in root.iter("TextRegion")),
    ]
    text = "\n".join(filter(None, regions))
    if not text:
        raise LoadError("The scanned page holds no words: nothing was recognised on it.")
    yield RawArticle(source, text, language=value(next(root.iter("TextBlock"), None), "LANG"))


def _alto_block(block: Any) -> str:
    found: list[str] = []
    for string in block.iter("String"):
        kind, whole = value(string, "SUBS_TYPE"), value(string, "SUBS_CONTENT")
        if kind == "HypPart2" and whole:
            continue
        found.append(whole if kind == "HypPart1" and whole else value(string, "CONTENT") or "")
    return " ".join(filter(None, found))


def _page_block(block: Any) -> str:
    text = ""
    for line in block.iter("TextLine"):
        own = next((words(child(each, "Unicode")) for each in line if each.tag == "TextEquiv"), None) or ""
        text = text[:-1] + own if text.endswith(("-", "¬")) and own[:1].islower() else f"{text} {own}"
    return text.strip()


# JATS: jats.nlm.nih.gov


def is_jats(root: Any) -> bool:
    return root.tag == "article" and child(root, "article-meta") is not None


def of_jats(root: Any, source: str) -> RawArticle:
    """The article of one document. Raises LoadError when it has no body."""
    meta, body = child(root, "article-meta"), child(root, "body")
    text = text_of_tree(body) if body is not None else ""
    if not text:
        raise LoadError("The article has no body; an abstract is no article.")
    dated = child(meta, "pub-date")
    day = [(words(child(dated, part)) or "").zfill(2) for part in ("year", "month", "day")]
    names = [
        " ".join(filter(None, (words(child(each, "given-names")), words(child(each, "surname")))))
        for each in meta.iter("contrib")
        if value(each, "contrib-type") in (None, "author")
    ]
    doi = next((words(each) for each in meta.iter("article-id") if value(each, "pub-id-type") == "doi"), None)
    return RawArticle(
        source,
        text,
        title=words(child(meta, "article-title")),
        outlet=words(child(root, "journal-title")),
        author=", ".join(filter(None, names)) or None,
        published=value(dated, "iso-8601-date") or "-".join(day) if dated is not None else None,
        url=f"https://doi.org/{doi}" if doi else None,
        language=value(root, "lang"),
    )
