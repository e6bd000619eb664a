"""Makes an Article of what a reader found: sound characters, whole paragraphs, a title, a date, an identity.

The cleaned text is the article's text, and every offset from here on refers to it. Words are never changed,
only how they are encoded and spaced. Knows nothing about file formats or stores.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from qa.english.captions import caption_line
from qa.english.sentences import sentences
from qa.errors import LoadError
from qa.ingest.byline import Byline, byline_apart
from qa.ingest.dates import DATE_IN_WORDS, is_day_first, iso_date
from qa.types import Article, RawArticle

TITLE_CHARS = 110  # longest title that is made from a text's first sentence
TITLE_WORDS = 20
HEAD_CHARS = 600  # a date of publication that stands in the text stands this near its beginning
LEAST_LETTERS = 2  # one letter is not a text

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "ĳ": "ij"}
_LIGATURE = re.compile("[" + "".join(_LIGATURES) + "]")
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\u180e]"
)
# Joiners shape Persian words and emoji; after Latin letters they are waste.
_JOINERS = re.compile("[\u200c\u200d]+(?<=[A-Za-z0-9 .,;:\u200c\u200d][\u200c\u200d])")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x1c-\x1e]")
_ODD_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SPACES = re.compile("  +")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f\ufffe\uffff]")
_C1 = re.compile("[\x80-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile("\n{3,}")
_TEX_QUOTES = re.compile("``|(?<=\\S)''(?!')")
_HALF = "\x80-\xbfŒœŠšŽžŸƒˆ˜‚„†‡•‰‹›€™"  # second halves of UTF-8 pairs, as Windows shows them
_MOJIBAKE = re.compile(f"[ÂÄÅÐÑâãäåïðì][{_HALF}–—‘’“”…]|Ã[{_HALF}]")  # "MANHÃ”" is Portuguese
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|ocid|cmpid|igshid|ncid|smid|partner|ref_src"
)
_BYLINE = re.compile(r"^\s*(?:(?:written|posted|reported|story|words|text)\s+)?by:?\s+", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_][A-Za-z]{4})?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_.@].*)?")
_POST_CREDIT = re.compile(r"\(@\w{1,30}\)\s+(.{8,30})$", re.MULTILINE)
_ENDS_A_SENTENCE = (".", ":", ";", ",", "!", "…", "”", '"')
_NO_TITLE = re.compile(
    r"(?:untitled|index|article|document|page|stdin|pasted(?: text)?|text|new|unnamed|tmp\w*)\d*"
)


def clean(raw: RawArticle) -> Article:
    """The article that `raw` holds. Raises LoadError when there is no text in it."""
    text = clean_text(raw.text)
    if len(list(islice(filter(str.isalnum, text), LEAST_LETTERS))) < LEAST_LETTERS:
        raise LoadError(f"{raw.source} holds no text.")
    byline, text = _byline_apart(text, raw)
    title = _one_line(raw.title) or _title_from(text, raw.source)
    url = _url(raw.url)
    outlet = _one_line(raw.outlet) or (byline.outlet if byline else None) or _host(url)
    author = _author(raw.author) or (byline.author if byline else None)
    day_first = is_day_first(raw.language, _host(url))
    published = iso_date(raw.published, day_first=day_first) or (byline.published if byline else None)
    published = published or _date_in(text)
    text = _with_captions(text, raw.captions)
    return Article(
        id=article_id(raw),
        revision=_revision(title, outlet, author, published, text),
        url=url,
        title=title,
        outlet=outlet,
        author=author,
        published=published,
        text=text,
        modified=iso_date(raw.modified, day_first=day_first),
        language=_language(raw.language),
    )


def with_day(article: Article, day: str) -> Article:
    """The article as of that day, `YYYY-MM-DD`: a revision of its own."""
    revision = _revision(article.title, article.outlet, article.author, day, article.text)
    return replace(article, published=day, revision=revision)


def article_id(raw: RawArticle) -> str:
    """What stays the same over revisions: the format's own identity, the address, else the source.

    A later page of a story has an identity of its own, whatever address it gives: it does not replace the
    first.
    """
    name = raw.uid or _identity(_url(raw.url)) or raw.source
    return f"{name}#page={raw.page}" if raw.page else name


def _byline_apart(text: str, raw: RawArticle) -> tuple[Byline | None, str]:
    """The byline above the text and the rest; one that names another author than the format gives stays
    there.
    """
    byline, rest = byline_apart(text)
    if byline and raw.author and byline.author.casefold() not in raw.author.casefold():
        return None, text
    return byline, rest


def _with_captions(text: str, captions: Sequence[str]) -> str:
    """The text with a line for each caption below it, save those that it holds already."""
    whole = (" ".join(clean_text(words).split()) for words in captions)
    lines = [caption_line(words) for words in dict.fromkeys(whole) if words and words not in text]
    return "\n\n".join([text, "\n".join(lines)]) if lines else text


def clean_text(written: str) -> str:
    """Text with sound characters (NFC, none invisible), single spaces, and paragraphs as lines."""
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", written))
    text = _unscrambled(text)
    text = _C1.sub(_as_windows_wrote_it, text)
    text = _SURROGATES.sub("\ufffd", text)
    text = _JOINERS.sub("", _INVISIBLE.sub("", text))
    text = _LIGATURE.sub(lambda match: _LIGATURES[match.group()], text)
    text = unicodedata.normalize("NFC", text)
    if "``" in text:
        text = _TEX_QUOTES.sub('"', text)
    text = _SPACES.sub(" ", _ODD_SPACES.sub(" ", text))
    text = "\n".join(line.strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


def _unscrambled(text: str) -> str:
    """UTF-8 once read as Latin-1 ("Â£", "donâ€™t") mended, line by line, where ftfy is sure."""
    if not _MOJIBAKE.search(text):
        return text
    import ftfy

    return "\n".join(ftfy.fix_encoding(line) if _MOJIBAKE.search(line) else line for line in text.split("\n"))


def _as_windows_wrote_it(match: re.Match[str]) -> str:
    return match.group().encode("latin-1").decode("cp1252", "ignore")


def _one_line(written: str | None) -> str | None:
    """A title or a name: cleaned, entities resolved, on one line; None when nothing is left."""
    if not written:
        return None
    text = html.unescape(written) if _ENTITY.search(written) else written
    return " ".join(clean_text(text).split()) or None


def _title_from(text: str, source: str) -> str:
    """A title for a text without one: its first line if like one, else its file's name, else its lede."""
    first, _, rest = text.partition("\n")
    line = first.lstrip("# ").strip()
    short = 0 < len(line) <= TITLE_CHARS and len(line.split()) <= TITLE_WORDS and rest.strip()
    if short and (first.startswith("#") or not line.endswith(_ENDS_A_SENTENCE)):
        return line
    return _title_from_name(source, text) or _shortened(text)


def _title_from_name(source: str, text: str) -> str | None:
    """`second-russian-general-killed.txt` as words, each spelled with the capitals that the text gives it."""
    if "#" in source or "://" in source:
        return None
    name = PurePosixPath(source).name
    stem = re.sub(r"(?:\.(?:gz|zip|[a-z]{2,5}))+$", "", name, flags=re.IGNORECASE)
    words = re.sub(r"[-_+.\s]+|%20", " ", stem).split()
    named = [word for word in words if len(word) > 2 and word.isalpha()]
    if len(named) < 2 or _NO_TITLE.fullmatch(stem.lower()):
        return None
    spelled = " ".join(_as_spelled(word, text) for word in words)
    return spelled[:1].upper() + spelled[1:]


def _as_spelled(word: str, text: str) -> str:
    """The commonest spelling of a lower-case word within the text's sentences; itself when not there."""
    if not word.islower() or not word.isalpha():
        return word
    spellings = Counter(re.findall(rf"(?<=[a-z,] ){re.escape(word)}\b", text, re.IGNORECASE))
    return spellings.most_common(1)[0][0] if spellings else word


def _shortened(text: str) -> str:
    start, end = sentences(text, 0, 2000)[0]
    first = text[start:end]
    if len(first) <= TITLE_CHARS:
        return first
    return first[:TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",;:-–— ") + "…"


def _url(written: str | None) -> str | None:
    url = (written or "").strip()
    return url if re.match(r"https?://[^\s/]+", url, re.IGNORECASE) else None


def _identity(url: str | None) -> str | None:
    """The address that stays the same however it was reached: no fragment, no tracking, lower-case host."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = parts.query
    if _TRACKING.search(query):
        kept = [(key, value) for key, value in parse_qsl(query, True) if not _TRACKING.fullmatch(key)]
        query = urlencode(kept)
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""  # pages drawn by scripts
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, query, fragment))


def _host(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    return host.removeprefix("www.") or None


def _author(written: str | None) -> str | None:
    """Names without "By", addresses and e-mails; None when nothing but those was given."""
    line = _BYLINE.sub("", _one_line(written) or "")
    line = re.sub(r"\(?https?://[^\s)]+\)?|\S+@\S+\.\w+|\(\s*\)", "", line)
    return re.sub(r"\s+", " ", line).strip(" ,;|·•-–—") or None


def _language(written: str | None) -> str | None:
    """A language tag, spelled "en" or "en-GB"; None for anything else."""
    match = _LANGUAGE.fullmatch((written or "").strip())
    if match is None:
        return None
    language, country = match[1].lower(), match[2]
    return f"{language}-{country.upper()}" if country else language


def _date_in(text: str) -> str | None:
    """The day a text gives itself: a dated line at its head, else the newest date of an embedded post."""
    head = text[:HEAD_CHARS]
    for line in head.split("\n"):
        match = DATE_IN_WORDS.search(line)
        if match and (_only_dates(line, match) or match.end() == len(line)):
            return iso_date(match.group())
    posts = [day for written in _POST_CREDIT.findall(text) if (day := iso_date(written))]
    return max(posts, default=None)


def _only_dates(line: str, match: re.Match[str]) -> bool:
    """Whether a line is there to say the date: "Updated: 2017-09-15 17:52", "Xinhua | May 2, 2025"."""
    return len(line) - len(match.group()) <= 40 and not line[match.end() :].strip(" .").isalpha()


def _revision(title: str, outlet: str | None, author: str | None, published: str | None, text: str) -> str:
    content = "\0".join((title, outlet or "", author or "", published or "", text))
    return hashlib.sha256(content.encode()).hexdigest()[:16]
