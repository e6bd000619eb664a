"""Loading: every format gives its articles with their facts; nothing bad stops the others or goes unnamed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import stat
import sys
import threading
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import LoadError
from qa.ingest.clean import clean
from qa.ingest.load import READERS, expand, load, load_bytes
from qa.ingest.load import text as text_module
from qa.ingest.load import web as web_module
from qa.ingest.load.markdown import plain_text
from qa.ingest.load.web import is_public
from qa.types import Failure, Notice, RawArticle

STORY = "Lt. Gen. Yaroslav Moskalik was killed by a bomb in Balashikha on Friday, investigators said."
MORE = (
    "Ukraine's security service has claimed responsibility for an earlier killing near Moscow, not for this."
)
RECORD = {
    "title": "General killed", "text": STORY, "source": "The Wire", "author": "Jane Doe",
    "published": "2025-04-25", "url": "https://wire.example/a",
}  # fmt: skip
PAGE = f"""<!doctype html><html><head><title>General killed | The Wire</title>
<meta property="og:title" content="General killed"><meta property="og:site_name" content="The Wire">
<meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2025-04-25T10:00:00+02:00">
<link rel="canonical" href="https://wire.example/a"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>General killed</h1>
<p>{STORY}</p><h2>What is known</h2><p>{MORE}</p></article>
<footer>We use cookies. <a href="/x">Read more</a></footer></body></html>"""
RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>The Wire</title><item><title>General killed</title><link>https://wire.example/a</link>
<author>Jane Doe</author><pubDate>Fri, 25 Apr 2025 08:00:00 GMT</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{STORY}</p><p>{MORE}</p>]]></content:encoded></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Wire</title>
<entry><title>General killed</title><id>tag:1</id><link href="https://wire.example/a"/>
<author><name>Jane Doe</name></author>
<published>2025-04-25T08:00:00Z</published>
<content type="html">&lt;p&gt;{STORY}&lt;/p&gt;</content></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Wire",
        "items": [
            {
                "id": "1", "url": "https://wire.example/a", "title": "General killed",
                "content_html": f"<p>{STORY}</p>",
                "date_published": "2025-04-25T08:00:00Z", "authors": [{"name": "Jane Doe"}],
            }
        ],
    }
)  # fmt: skip


def read(name: str, data: bytes | str) -> list[RawArticle | Failure]:
    return list(load_bytes(data.encode() if isinstance(data, str) else data, name))


def only(found: list[RawArticle | Failure]) -> RawArticle:
    assert len(found) == 1 and isinstance(found[0], RawArticle), found
    return found[0]


def failure(found: list[RawArticle | Failure]) -> str:
    """The reason of the one failure, which must be a sentence and no traceback."""
    (failed,) = (item for item in found if isinstance(item, Failure))
    assert failed.reason[0].isupper() or failed.reason[0].isdigit(), failed.reason
    assert failed.reason.endswith(".") and len(failed.reason) > 15, failed.reason
    return failed.reason


def pdf(text: str = STORY, *, image: bool = False) -> bytes:
    """A PDF of one page with a line of text, or with a picture and none."""
    stream = f"BT /F1 12 Tf 20 700 Td ({text}) Tj ET" if not image else "q 100 0 0 100 0 0 cm /I Do Q"
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>"
        + ("/XObject<</I 6 0 R>>" if image else "")
        + ">>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>"
        "stream\n0\nendstream",
    ]
    body, offsets = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj{part}endobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    count = len(parts) + 1
    end = f"trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {count}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def encrypted_pdf() -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt("secret", algorithm="RC4-128")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def docx() -> bytes:
    from docx import Document

    document = Document()
    document.core_properties.author = "Jane Doe"
    document.add_heading("General killed", level=0)
    document.add_paragraph(STORY)
    document.add_paragraph("One point", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Killed", "1"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def mail(*, attach: dict[str, bytes] | None = None, body: str = STORY) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "General killed", "Jane Doe <jane@wire.example>"
    message["Date"] = "Fri, 25 Apr 2025 10:00:00 +0200"
    message.set_content(body)
    for name, data in (attach or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def mhtml() -> bytes:
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://wire.example/saved"
    message.set_content(
        PAGE.replace('<link rel="canonical" href="https://wire.example/a">', ""), subtype="html"
    )
    message.add_related(b"x", maintype="image", subtype="png")
    return message.as_bytes()


def table(delimiter: str = ",") -> bytes:
    kept = io.StringIO()
    writer = csv.DictWriter(kept, RECORD, delimiter=delimiter)
    writer.writeheader()
    writer.writerows([RECORD, {**RECORD, "url": "https://wire.example/b"}])
    return kept.getvalue().encode()


def zipped(members: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return kept.getvalue()


# Every format gives the article and its facts.


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", PAGE), ("a.htm", PAGE), ("a.xml", RSS), ("a.rss", RSS), ("a.atom", ATOM),
        ("a.json", JSON_FEED), ("a.json", json.dumps(RECORD)), ("a.json", json.dumps([RECORD])),
        ("a.jsonl", json.dumps(RECORD) + "\n"), ("a.xml", PAGE.replace("<!doctype html>", "")),
        ("a.json", json.dumps({"status": "ok", "articles": [RECORD]})),
        ("a.txt", f"Title: General killed\nBy: Jane Doe\nSource: The Wire\nDate: 2025-04-25\n\n{STORY}"),
        ("a.md", f"---\ntitle: General killed\nby: Jane Doe\nsite: The Wire\ndate: 2025-04-25\n---\n{STORY}"),
    ],
)  # fmt: skip
def test_title_outlet_author_day_and_text_are_read_from(name: str, data: str) -> None:
    article = clean(only(read(name, data)))
    assert (article.title, article.outlet, article.author) == ("General killed", "The Wire", "Jane Doe")
    assert article.day == "2025-04-25"
    assert STORY in article.text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", pdf()), ("a.docx", docx()), ("a.eml", mail()), ("a.mhtml", mhtml()), ("a.mht", mhtml()),
        ("a.txt", STORY.encode()), ("a.md", f"# General killed\n\n{STORY}".encode()),
    ],
)  # fmt: skip
def test_the_text_is_read_from(name: str, data: bytes) -> None:
    assert STORY in clean(only(read(name, data))).text


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.csv", "a.pdf", "a.eml", "a.xml", "a.docx"])
def test_every_format_is_read_packed_as_well(name: str) -> None:
    data = {
        "a.txt": STORY.encode(), "a.html": PAGE.encode(), "a.jsonl": json.dumps(RECORD).encode(),
        "a.csv": table(), "a.pdf": pdf(), "a.eml": mail(), "a.xml": RSS.encode(), "a.docx": docx(),
    }[name]  # fmt: skip
    bare = [item.text for item in read(name, data) if isinstance(item, RawArticle)]
    packed = read(f"{name}.gz", gzip.compress(data, mtime=0))
    archived = read("all.zip", zipped({f"in/{name}": data, "in/picture.png": b"\x89PNG"}))
    assert bare and [getattr(item, "text", None) for item in packed] == bare
    assert [item.text for item in archived if isinstance(item, RawArticle)] == bare
    assert archived[-1] == Notice("all.zip/in/picture.png", "Nothing here reads .png files.", "passed_over")
    assert archived[0].source.startswith(f"all.zip/in/{name}")


def test_a_table_gives_an_article_a_row_whatever_separates_its_columns() -> None:
    for delimiter in ",;\t":
        found = [clean(item) for item in read("a.csv", table(delimiter)) if isinstance(item, RawArticle)]
        assert [article.url for article in found] == ["https://wire.example/a", "https://wire.example/b"]
        assert found[0].author == "Jane Doe" and found[0].text == STORY


@pytest.mark.parametrize(
    "record",
    [
        {"headline": "T", "articleBody": STORY, "publisher": {"name": "O"}, "datePublished": "2025-04-25"},
        {"name": "T", "content": STORY, "outlet": "O", "pub_date": "April 25, 2025"},
        {
            "Title": "T",
            "Body": STORY,
            "source": {"id": None, "name": "O"},
            "publishedAt": "2025-04-25T08:00:00Z",
        },
        {
            "title": {"rendered": "T"},
            "content": {"rendered": f"<p>{STORY}</p>"},
            "site": "O",
            "date": 1745575200,
        },
        {"page_content": STORY, "metadata": {"title": "T", "source": "O", "timestamp": 1745575200000}},
        {
            "_id": "7",
            "_source": {"title": "T", "text": STORY, "publisher": "O", "published_at": "25 Apr 2025"},
        },
        {
            "dc:title": "T",
            "fields": {"bodyText": STORY, "publication": "O"},
            "webPublicationDate": "2025-04-25",
        },
    ],
)
def test_the_usual_names_of_fields_are_understood(record: dict[str, Any]) -> None:
    article = clean(only(read("a.jsonl", json.dumps(record))))
    assert (article.title, article.text, article.outlet, article.day) == ("T", STORY, "O", "2025-04-25")


def test_authors_are_read_as_a_list_or_as_objects() -> None:
    for authors in (
        ["Jane Doe", "Joe Roe"],
        [{"name": "Jane Doe"}, {"name": "Joe Roe"}],
        "By Jane Doe, Joe Roe",
    ):
        assert (
            clean(only(read("a.json", json.dumps({"text": STORY, "authors": authors})))).author
            == "Jane Doe, Joe Roe"
        )


def test_a_record_is_named_by_its_own_id_else_by_its_number() -> None:
    lines = [
        {"id": "x7", "text": STORY},
        {"text": STORY},
        {"id": "y", "text": STORY, "url": "https://wire.example/a"},
    ]
    found = [
        item for item in read("d/a.jsonl", "\n".join(map(json.dumps, lines))) if isinstance(item, RawArticle)
    ]
    assert [item.source for item in found] == ["d/a.jsonl#x7", "d/a.jsonl#2", "d/a.jsonl#y"]
    assert [clean(item).id for item in found] == ["d/a.jsonl#x7", "d/a.jsonl#2", "https://wire.example/a"]


def test_a_page_keeps_paragraphs_and_headings_as_lines_and_leaves_the_rest() -> None:
    lines = clean(only(read("a.html", PAGE))).text.split("\n")
    assert lines == ["General killed", STORY, "What is known", MORE]


def test_json_ld_tells_more_than_meta_tags() -> None:
    facts = {
        "@graph": [
            {"@type": "WebPage", "name": "The Wire"},
            {
                "@type": "NewsArticle", "headline": "General dies", "datePublished": "2025-04-26T08:00:00Z",
                "author": [{"@type": "Person", "name": "Joe Roe"}], "publisher": {"name": "Not this"},
            },
        ]
    }  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps(facts)}</script></head>'
    article = clean(only(read("a.html", PAGE.replace("</head>", script))))
    assert (article.title, article.author, article.day) == ("General dies", "Joe Roe", "2025-04-26")
    assert article.outlet == "The Wire"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "a.html",
            PAGE.replace("<html>", '<html lang="en-GB">').replace(
                "<article>",
                '<article><time itemprop="dateModified" datetime="2025-04-26T09:30:00+01:00">26 April</time>',
            ),
        ),
        (
            "a.html",
            PAGE.replace(
                "</head>",
                '<meta property="article:modified_time" content="2025-04-26T09:30:00+01:00">'
                '<meta property="og:locale" content="en_GB"></head>',
            ),
        ),
        (
            "a.xml",
            ATOM.replace("</published>", "</published><updated>2025-04-26T09:30:00+01:00</updated>").replace(
                "</title>\n<entry>", "</title>\n<language>en-gb</language><entry>"
            ),
        ),
        ("a.json", {"text": STORY, "updated_at": "2025-04-26T09:30:00+01:00", "lang": "en-gb"}),
        ("a.txt", f"Title: T\nUpdated: 2025-04-26T09:30:00+01:00\nLanguage: en-GB\n\n{STORY}"),
    ],
)
def test_when_it_was_modified_and_its_language_are_read(name: str, data: str | dict[str, str]) -> None:
    article = clean(only(read(name, data if isinstance(data, str) else json.dumps(data))))
    assert (article.modified, article.language) == ("2025-04-26T09:30:00+01:00", "en-GB")


def test_a_canonical_address_of_the_whole_site_is_not_an_articles() -> None:
    page = PAGE.replace("https://wire.example/a", "https://wire.example/")
    assert only(read("a.html", page)).url is None


def test_the_date_shown_on_a_page_counts_when_no_tag_gives_one_but_not_one_in_a_table() -> None:
    bare = PAGE.replace("article:published_time", "nothing")
    shown = bare.replace("<article>", '<article><time datetime="2025-04-24">Thursday</time>')
    listed = bare.replace(
        "</article>", '<table><td><time datetime="1998-02-28">1998</time></table></article>'
    )
    assert clean(only(read("a.html", shown))).published == "2025-04-24"
    assert clean(only(read("a.html", listed))).published is None
    assert clean(only(read("a.html", bare.replace('/a"', '/2025/04/23/a"')))).published == "2025-04-23"


def test_notices_and_pointers_to_other_stories_are_not_read() -> None:
    notices = (
        "<p>Advertisement</p><p>READ MORE: Another general killed last year</p><p>Scroll down for video</p>"
    )
    assert clean(only(read("a.html", PAGE.replace("<h2>", notices + "<h2>")))).text.split("\n")[1:3] == [
        STORY,
        "What is known",
    ]


def test_what_a_browser_hides_is_not_read() -> None:
    page = PAGE.replace(
        "<article>", '<article><p style="display: none">Hidden words that nobody sees here.</p>'
    )
    assert "Hidden" not in only(read("a.html", page)).text


def test_wrapped_lines_become_paragraphs_and_short_ones_stay() -> None:
    lines = [
        "The general was killed on Friday when a bomb went",
        "off in a parked car near home, investigators said",
        "later.",
    ]
    wrapped, paragraph = "\n".join(lines) + "\n\n", " ".join(lines)
    assert only(read("a.txt", wrapped * 3)).text.split("\n\n")[:3] == [paragraph] * 3
    poem = "Short lines\nthat somebody broke\nfor a reason"
    assert only(read("a.txt", poem)).text == poem


def test_markdown_keeps_words_and_loses_marks() -> None:
    source = (
        "# General *killed*\n\nThe **bomb** [went off](http://x.example/(b)) ![](p.png)today\n\n- a 2*3*4 b\n"
    )
    found = only(read("a.md", source))
    assert found.title == "General killed"
    assert found.text.split("\n")[2:] == ["The bomb went off today", "", "- a 2*3*4 b"]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (r"He said f\*\*k & left a\_name", "He said f**k & left a_name"),  # as clippers write what they found
        ("f**k and s**t, 2*3*4", "f**k and s**t, 2*3*4"),
        ("see [the *report*][1]\n\n[1]: http://x.example", "see the report"),
        ("Deaths &mdash; <http://x.example>", "Deaths — http://x.example"),
        ("Two\nlines\n---\ntext", "## Two lines\n\ntext"),
        ("1986. A year\n- one\n  - **two**\n\nend", "1986. A year\n- one\n  - two\n\nend"),
        ("#\n\ntext", "text"),
        (
            "Deaths:\n\n| Town | **Dead** |\n|---|---|\n| Bari | 12 |\n| [Lecce](http://x.y) | 3 |\n\nend",
            "Deaths:\n\nTown: Bari; Dead: 12\nTown: Lecce; Dead: 3\n\nend",
        ),
        ("> quoted `words`\n\n***\n\nend", "quoted words\n\nend"),
    ],
)
def test_markdown_is_read_as_its_readers_see_it(written: str, plain: str) -> None:
    assert plain_text(written) == plain


@given(st.text("*_[]()!<>#-+1. \\\nab&;", max_size=80))
def test_whatever_markdown_stands_above_a_plain_line_the_line_is_kept(written: str) -> None:
    assert plain_text(f"{written}\n\n\nThe general died.").endswith("The general died.")


def test_a_mail_gives_what_is_attached_to_it_too() -> None:
    found = read(
        "m.eml", mail(attach={"report.pdf": pdf(), "logo.png": b"\x89PNG", "locked.pdf": encrypted_pdf()})
    )
    assert [item.source for item in found] == ["m.eml", "m.eml/report.pdf", "m.eml/locked.pdf"]
    assert "encrypted" in failure(found)


def test_html_in_plain_text_and_in_a_json_field_without_paragraphs_stays_text() -> None:
    hostile = "<script>alert(1)</script> and <b>bold</b>"
    assert only(read("a.txt", hostile)).text == hostile
    assert only(read("a.json", json.dumps({"text": hostile}))).text == hostile


# Bad input becomes a sentence.


@pytest.mark.parametrize("suffix", sorted(READERS))
@pytest.mark.parametrize("data", [b"", b" \n ", b"\x00"])
def test_an_empty_file_of_any_kind_is_named(suffix: str, data: bytes) -> None:
    failed = [item for item in read(f"a{suffix}", data) if isinstance(item, Failure)]
    articles = [item for item in read(f"a{suffix}", data) if isinstance(item, RawArticle)]
    for article in articles:
        with pytest.raises(LoadError):
            clean(article)
    assert bool(failed) != bool(articles)


def test_one_byte_is_no_article() -> None:
    with pytest.raises(LoadError, match="no text"):
        clean(only(read("a.txt", b"x")))


@given(st.binary(max_size=400), st.sampled_from(sorted(READERS)), st.booleans())
def test_no_bytes_under_any_suffix_raise(data: bytes, suffix: str, packed: bool) -> None:
    name = f"a{suffix}.gz" if packed else f"a{suffix}"
    for item in read(name, data):
        assert isinstance(item, RawArticle | Failure)


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("a.pdf", pdf()), ("a.docx", docx()), ("a.eml", mail(attach={"a.pdf": pdf()})),
        ("a.zip", zipped({"a.txt": STORY.encode()})), ("a.txt.gz", gzip.compress(STORY.encode(), mtime=0)),
        ("a.xml", RSS.encode()), ("a.html", PAGE.encode()),
    ],
)  # fmt: skip
def test_a_file_cut_anywhere_never_raises(name: str, whole: bytes) -> None:
    for end in range(0, len(whole), max(1, len(whole) // 40)):
        assert all(isinstance(item, RawArticle | Failure) for item in read(name, whole[:end]))


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "PNG image"),
        ("a.md", bytes(range(256)) * 20, "holds no text"),
        ("a.pdf", encrypted_pdf(), "encrypted"),
        ("a.pdf", pdf(image=True), "OCR"),
        ("a.pdf", b"not a pdf at all", "not a PDF"),
        ("a.pdf", b"%PDF-1.4\n" + b"\xff" * 300, "broken"),
        ("a.docx", b"PK\x03\x04 broken", "not a Word document"),
        ("a.html", b"<html><body><nav><a href='/'>Home</a></nav></body></html>", "no article"),
        ("a.html", b"<html><body><a href='/'>Home</a> <a href='/news'>News</a></body></html>", "no article"),
        (
            "a.xml",
            b"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title></channel></rss>",
            "no entries",
        ),
        ("a.xml", b"<?xml version='1.0'?><order><id>7</id></order>", "neither RSS nor Atom"),
        ("a.xml", RSS.replace(STORY, "").replace(MORE, "").replace("Short.", "").encode(), "no text"),
        ("a.json", b'{"id": 7, "total": 3}', "holds no text"),
        ("a.json", b"[1]", "an object"),
        ("a.json", b"[" * 100_000, "breaks off"),
        ("a.jsonl", b'{"text": ' + b"1" * 5000 + b"}", "not JSON"),
        ("a.csv", b"just one column\nof words\n", "header row"),
        ("a.mhtml", b"MIME-Version: 1.0\n\nno page here", "no page"),
        ("a.zip", b"", "empty"),
        ("a.zip", b"PK\x03\x04", "damaged"),
        ("a.zip", zipped({"a.png": b"x"}), "no file that can be read"),
        ("a.txt.gz", b"\x1f\x8b nonsense", "compressed"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, says: str) -> None:
    assert says in failure(read(name, data))


def test_json_that_breaks_off_gives_the_records_before_the_cut() -> None:
    whole = json.dumps({"articles": [{"text": f"{STORY} {number}"} for number in range(5)]})
    found = read("a.json", whole[:-40])
    assert [item.source for item in found[:-1]] == [f"a.json#{number}" for number in range(1, 5)]
    assert "before that: 4" in failure(found)


def test_a_bad_line_is_named_and_the_others_are_read() -> None:
    found = read("a.jsonl", json.dumps(RECORD) + '\n{"text": "cut\n[1]\n\n' + json.dumps(RECORD))
    assert [type(item) for item in found] == [RawArticle, Failure, Failure, RawArticle]
    assert [item.source for item in found[1:3]] == ["a.jsonl#2", "a.jsonl#3"]


def test_many_bad_lines_are_counted_rather_than_listed() -> None:
    found = read("a.jsonl", "nonsense\n" * 500 + json.dumps(RECORD))
    assert len(found) < 30 and "480 more" in found[-1].reason  # type: ignore[union-attr]
    assert any(isinstance(item, RawArticle) for item in found)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "iso8859-15"]
)
def test_western_text_is_read_in_whatever_encoding_it_was_saved(encoding: str) -> None:
    text = "Général – “l’été” à Besançon, a-t-il déclaré. " * 4
    if encoding == "iso8859-15":
        text = text.translate(str.maketrans("–“”’", '-""\''))
    assert only(read("a.txt", text.encode(encoding))).text == text


def test_cyrillic_and_chinese_are_recognised_in_their_old_encodings() -> None:
    russian = "Генерал-лейтенант Ярослав Москалик погиб при взрыве автомобиля в Балашихе. " * 5
    assert only(read("a.txt", russian.encode("cp1251"))).text == russian
    page = PAGE.replace("<head>", '<head><meta charset="gbk">').replace(
        STORY, "俄罗斯中将在莫斯科近郊的汽车爆炸中丧生。" * 5
    )
    assert "俄罗斯中将" in only(read("a.html", page.encode("gbk"))).text


def test_a_few_bad_bytes_do_not_change_how_the_rest_is_read() -> None:
    data = ("Général à Besançon. " * 100).encode()
    assert only(read("a.txt", data[:500] + b"\xff" + data[500:])).text.count("Général à Besançon.") >= 99


def test_nul_bytes_are_dropped() -> None:
    assert clean(only(read("a.txt", STORY.replace("killed", "kil\0led")))).text == STORY


def test_a_page_with_nothing_closed_is_read() -> None:
    page = f"<html><body><article><h1>General killed<p>{STORY}<p>{MORE}<div><div><p>Open"
    assert STORY in only(read("a.html", page)).text


def test_a_page_nested_ten_thousand_deep_does_not_raise() -> None:
    for item in read("a.html", "<div>" * 10_000 + STORY):
        assert isinstance(item, RawArticle | Failure)


def test_more_than_a_document_can_hold_is_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(500 * 2**20)  # sparse: no disk is used
    assert "64 MB" in failure(list(load(huge)))
    assert ".jsonl" in failure(list(load(huge)))


def test_lines_of_a_large_file_are_read_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.ingest.load.records.MAX_LINE_BYTES", 1000)
    read_so_far: list[int] = []

    class Watched(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            read_so_far.append(self.tell())
            return super().readline(size)

    line = json.dumps(RECORD).encode() + b"\n"
    found = READERS[".jsonl"](Watched(line * 1000 + b"x" * 5000 + b"\n" + line), "a.jsonl")
    assert isinstance(next(found), RawArticle) and read_so_far[-1] < 2 * len(line)
    rest = list(found)
    assert len([item for item in rest if isinstance(item, RawArticle)]) == 1000
    assert "longer than" in failure(rest)


def test_a_bomb_is_refused_in_gzip_and_in_zip() -> None:
    bomb = b"0" * (40 * 2**20)
    assert "bomb" in failure(read("a.jsonl.gz", gzip.compress(bomb, mtime=0)))
    assert "bomb" in failure(read("a.zip", zipped({"a.txt": bomb})))


def test_a_member_that_points_outside_is_refused_and_the_others_read() -> None:
    found = read(
        "a.zip", zipped({"../../evil.txt": b"evil words", "/root.txt": b"evil", "good.txt": STORY.encode()})
    )
    refused = [item for item in found if isinstance(item, Failure)]
    assert len(refused) == 2 and all("outside" in item.reason for item in refused)
    assert [item.text for item in found if isinstance(item, RawArticle)] == [STORY]


def test_an_archive_in_an_archive_is_named() -> None:
    assert "archive within" in failure(read("a.zip", zipped({"b.zip": zipped({"a.txt": b"words"})})))


def test_an_xml_bomb_is_no_feed() -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    feed = '<rss version="2.0"><channel>&a9;</channel></rss>'
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{levels}]>{feed}'
    assert len(read("a.xml", bomb)) == 1


def test_an_entity_never_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret words")
    attack = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]>'
    for name, data in (
        ("a.xml", RSS.replace("<rss", attack + "<rss").replace(STORY, "]]>&s;<![CDATA[")),
        ("a.html", attack + PAGE),
    ):
        assert not any("secret words" in getattr(item, "text", "") for item in read(name, data))


@pytest.mark.parametrize("date", ["0000-01-01", "2999-12-31", "yesterday"])
def test_a_date_that_cannot_be_is_no_date_and_the_article_is_kept(date: str) -> None:
    article = clean(only(read("a.json", json.dumps({**RECORD, "published": date}))))
    assert article.published is None and article.text == STORY


# Files, folders and what is neither.


def test_a_folder_gives_its_known_files_by_name_and_names_the_others(tmp_path: Path) -> None:
    for name in ("b.txt", "a.html", "sub/c.md.gz", ".hidden.txt", "picture.png", "no-suffix"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(STORY)
    found = list(expand([tmp_path]))
    paths = [item for item in found if isinstance(item, Path)]
    assert paths == [tmp_path / "a.html", tmp_path / "b.txt", tmp_path / "sub" / "c.md.gz"]
    passed = [item for item in found if isinstance(item, Notice)]
    assert [Path(item.source).name for item in passed] == ["no-suffix", "picture.png"]
    assert "reads .png files" in passed[1].reason
    assert list(expand([tmp_path / "no-suffix"])) == [tmp_path / "no-suffix"]


def test_globs_name_files_and_a_file_named_twice_is_loaded_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(STORY)
    assert list(expand([f"{tmp_path}/*.txt"])) == [tmp_path / "a.txt", tmp_path / "b.txt"]
    assert list(expand([f"{tmp_path}/**/*.txt", tmp_path, tmp_path / "a.txt"])).count(tmp_path / "a.txt") == 1
    assert list(expand(["-", "https://wire.example/feed"])) == ["-", "https://wire.example/feed"]


def test_what_is_not_there_and_a_folder_without_files_are_named(tmp_path: Path) -> None:
    assert "no such file" in failure(list(expand([tmp_path / "gone.txt"])))  # type: ignore[arg-type]
    assert "no file that can be read" in failure(list(expand([tmp_path])))  # type: ignore[arg-type]
    assert "no such file" in failure(list(load(tmp_path / "gone.txt")))
    assert "not an ordinary file" in failure(list(load(tmp_path)))


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    found = list(expand([tmp_path]))
    assert found == [tmp_path / "a.txt", tmp_path / "self.txt"]
    assert "cannot be read" in failure(list(load(tmp_path / "self.txt")))


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert stat.S_ISFIFO((tmp_path / "pipe.txt").stat().st_mode)
    assert "pipe" in failure(list(load(tmp_path / "pipe.txt")))  # would wait forever


def test_a_name_with_a_newline_or_broken_bytes_is_loaded_and_can_be_stored(tmp_path: Path) -> None:
    for name in (b"two\nlines.txt", b"bytes\xff.txt"):
        path = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name)))  # noqa: PTH118 - bytes
        path.write_text(STORY)
        article = clean(only(list(load(path))))
        assert article.text == STORY and article.id.encode("utf-8")


def test_a_file_without_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(STORY)

    def refuse(*_: object) -> int:  # root may read anything, so permission is taken away here
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert "permission" in failure(list(load(tmp_path / "a.txt")))


@pytest.mark.parametrize(
    "data",
    [
        STORY.encode(),
        PAGE.encode(),
        json.dumps(RECORD).encode(),
        RSS.encode(),
        pdf(),
        gzip.compress(STORY.encode(), mtime=0),
    ],
)
def test_standard_input_is_recognised_by_its_content(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    if data.startswith(b"\x1f\x8b"):
        return  # a packed stream is unpacked by whoever pipes it
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    found = only(list(load("-")))
    assert STORY in found.text and found.source.startswith("stdin-")


# Addresses.


class Site(BaseHTTPRequestHandler):
    """A small site on this machine: pages, a feed, and what goes wrong."""

    def do_GET(self) -> None:
        pages = {
            "/page": ("text/html; charset=utf-8", PAGE.encode()),
            "/bare": (
                "text/html",
                PAGE.replace('<link rel="canonical" href="https://wire.example/a">', "").encode(),
            ),
            "/feed": ("application/rss+xml", RSS.encode()),
            "/file.txt": ("text/plain", STORY.encode()),
            "/unsaid": ("application/octet-stream", pdf()),
        }
        redirects = {
            "/moved": "/bare", "/loop": "/loop", "/file": "file:///etc/passwd", "/inside": "http://10.0.0.1/secret",
            "/meta": "http://169.254.169.254/latest",
        }  # fmt: skip
        if self.path in redirects:
            self.send_response(302)
            self.send_header("Location", redirects[self.path])
            self.end_headers()
        elif self.path in pages:
            kind, data = pages[self.path]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(data)
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65_536)
            except OSError:
                return
        else:
            self.send_error(404)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/page", "/feed", "/file.txt", "/unsaid"])
def test_an_address_gives_its_article(site: str, path: str) -> None:
    assert STORY in clean(only(list(load(site + path, allow_private=True)))).text


def test_a_redirect_is_followed_and_its_end_is_the_address(site: str) -> None:
    assert only(list(load(f"{site}/moved", allow_private=True))).url == f"{site}/bare"


@pytest.mark.parametrize(
    ("path", "says"),
    [("/gone", "404"), ("/loop", "redirects more"), ("/file", "Only http"), ("/endless", "larger than")],
)
def test_an_address_that_gives_nothing_says_why(
    site: str, path: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_module, "MAX_BYTES", 2**20)
    assert says in failure(list(load(site + path, allow_private=True)))


def test_an_address_within_this_machine_is_refused_unless_allowed(site: str) -> None:
    assert "refused" in failure(list(load(f"{site}/page")))
    assert "refused" in failure(list(load(site.replace("127.0.0.1", "localhost") + "/page")))


def test_every_hop_is_checked(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(site.rpartition(":")[2])
    checked: list[str] = []

    def first_hop_only(address: str) -> bool:
        checked.append(address)
        return address == "127.0.0.1"

    monkeypatch.setattr(web_module, "is_public", first_hop_only)
    for path in ("/inside", "/meta"):
        assert "refused" in failure(list(load(f"http://127.0.0.1:{port}{path}")))
    assert "10.0.0.1" in checked and "169.254.169.254" in checked


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
     "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
     "::"],
)  # fmt: skip
def test_private_addresses_are_known_in_every_spelling(address: str) -> None:
    assert not is_public(address)
    assert is_public("93.184.216.34") and is_public("2606:2800:220:1::1")


def test_a_host_that_does_not_answer_is_named() -> None:
    assert "cannot be reached" in failure(list(load("http://127.0.0.1:1/", allow_private=True)))
    assert "no address" in failure(list(load("http://[nonsense/")))


def test_the_limit_of_a_document_is_what_its_message_says() -> None:
    assert text_module.MAX_BYTES == 64 * 2**20
