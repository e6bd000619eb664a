"""Formats of the trade beyond one example of each: their variants, their statuses, and what is no article."""

from __future__ import annotations

import gzip
import io
import json
import plistlib
import tarfile
import zipfile
from typing import Any

import pytest

from qa.errors import LoadError
from qa.ingest.clean import clean
from qa.ingest.hold import why_held
from qa.ingest.load import load_bytes
from qa.types import Article, Failure, Notice, RawArticle

STORY = "A ferry sank off Marenka on Tuesday, killing 14 people, the coast guard of Northland said."
MORE = "The ferry had left the island of Tolm with 112 passengers on board, and it sank twenty minutes later."


def found(name: str, data: bytes | str) -> list[Any]:
    return list(load_bytes(data.encode() if isinstance(data, str) else data, name))


def articles(name: str, data: bytes | str) -> list[Article]:
    return [clean(each) for each in found(name, data) if isinstance(each, RawArticle)]


def only(name: str, data: bytes | str) -> Article:
    came = found(name, data)
    assert len(came) == 1 and isinstance(came[0], RawArticle), came
    return clean(came[0])


def raw(name: str, data: bytes | str) -> RawArticle:
    came = found(name, data)
    assert len(came) == 1 and isinstance(came[0], RawArticle), came
    return came[0]


def failure(name: str, data: bytes | str) -> str:
    came = found(name, data)
    assert len(came) == 1 and isinstance(came[0], Failure), came
    return came[0].reason


# NITF


NITF = f"""<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE nitf SYSTEM "http://www.nitf.org/IPTC/NITF/3.3/specification/dtd/nitf-3-3.dtd">
<nitf><head><docdata management-status="usable"><doc-id id-string="1815718"/><date.issue norm="20240312"/>
</docdata><pubdata name="The Velden Courier" date.publication="20240312T000000" ex-ref="http://courier.example/f"/>
</head><body><body.head><hedline><hl1>Ferry sinks</hl1></hedline><byline class="normalized_byline">Brandt, Ilse
</byline></body.head><body.content><block class="lead_paragraph"><p>LEAD: {STORY}</p></block>
<block class="full_text"><p>{MORE} Caf\xe9 &eacute;t&eacute; &amp; more.</p>
<table><tr><th>Port</th><th>Dead</th></tr><tr><td>Marenka</td><td>14</td></tr></table>
<media><media-caption>Rescue boats at dawn near the wreck.</media-caption></media></block></body.content></body></nitf>
"""


def test_nitf_in_an_old_encoding_with_named_characters_keeps_them() -> None:
    article = only("a.xml", NITF.encode("latin-1"))
    assert "Café été & more." in article.text
    assert (article.title, article.outlet, article.day) == ("Ferry sinks", "The Velden Courier", "2024-03-12")
    assert article.url == "http://courier.example/f"


def test_nitf_captions_stand_apart_and_its_tables_keep_their_headings() -> None:
    article = only("a.xml", NITF.encode("latin-1"))
    assert "[Picture] Rescue boats at dawn near the wreck." in article.text.split("\n")
    assert "Port: Marenka; Dead: 14" in article.text.split("\n")


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_nitf_that_was_withdrawn_is_held(status: str) -> None:
    data = NITF.replace('"usable"', f'"{status}"').encode("latin-1")
    assert status in (why_held(raw("a.xml", data)) or "")


def test_an_embargo_ahead_is_held_and_one_that_has_passed_is_not() -> None:
    def dated(norm: str) -> RawArticle:
        marked = NITF.replace("</docdata>", f'<date.release norm="{norm}"/></docdata>')
        return raw("a.xml", marked.encode("latin-1"))

    assert "embargo" in (why_held(dated("20990101T000000Z")) or "")
    assert why_held(dated("20240312T180000Z")) is None


def test_a_byline_loses_the_title_of_its_writer_and_keeps_who_comes_after() -> None:
    line = "<byline>By <person>Ilse Brandt</person><byttl>Staff Writer</byttl> and Tomas Hale</byline>"
    data = NITF.replace("<byline", "<x").replace("</byline>", "</x>" + line)
    assert only("a.xml", data.encode("latin-1")).author == "Ilse Brandt"
    plain = data.replace("<person>", "").replace("</person>", "")
    assert "Staff" not in (only("a.xml", plain.encode("latin-1")).author or "")


# NewsML


def g2(content: str, status: str = "stat:usable", kind: str = "ninat:text", more: str = "") -> str:
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:a:1" version="3">
    <itemMeta><itemClass qcode="{kind}"/><provider literal="NPA"/><versionCreated>2024-03-12T09:40:00Z</versionCreated>
    <pubStatus qcode="{status}"/>{more}</itemMeta><contentMeta><headline>Ferry sinks</headline>
    <creator><name>Ilse Brandt</name></creator></contentMeta><contentSet>{content}</contentSet></newsItem>"""


INLINE = (
    f'<inlineXML contenttype="application/xhtml+xml"><html><body><p>{STORY}</p></body></html></inlineXML>'
)


def test_a_news_item_alone_and_plain_text_within_are_read() -> None:
    for content in (INLINE, f'<inlineData contenttype="text/plain">{STORY}\n\n{MORE}</inlineData>'):
        article = only("a.xml", g2(content))
        assert article.text.startswith(STORY)
        assert (article.title, article.outlet, article.author) == ("Ferry sinks", "NPA", "Ilse Brandt")
        assert article.id == "urn:a:1" and article.day == "2024-03-12"


def test_a_picture_item_is_named_and_no_failure() -> None:
    data = g2('<remoteContent href="p.jpg"/>', kind="ninat:picture")
    came = found("a.xml", data)
    assert isinstance(came[0], Notice) and "picture" in came[0].reason


@pytest.mark.parametrize("status", ["stat:canceled", "stat:withheld"])
def test_a_news_item_that_was_withdrawn_is_held(status: str) -> None:
    assert status.partition(":")[2] in (why_held(raw("a.xml", g2(INLINE, status))) or "")


def test_a_news_item_under_embargo_is_held() -> None:
    data = g2(INLINE, more="<embargoed>2099-01-01T00:00:00Z</embargoed>")
    assert "embargo" in (why_held(raw("a.xml", data)) or "")


def test_newsml_1_gives_its_items_with_their_lines() -> None:
    data = f"""<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>npa.example</ProviderId>
    <DateId>20240312</DateId><NewsItemId>n7</NewsItemId><RevisionId Update="N">2</RevisionId>
    <PublicIdentifier>urn:newsml:npa.example:20240312:n7:2</PublicIdentifier></NewsIdentifier></Identification>
    <NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20240312T091500Z</FirstCreated>
    <ThisRevisionCreated>20240312T093000Z</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement>
    <NewsComponent><NewsLines><HeadLine>Ferry sinks</HeadLine><ByLine>By Ilse Brandt</ByLine></NewsLines>
    <AdministrativeMetadata><Provider><Party FormalName="North Press Agency"/></Provider></AdministrativeMetadata>
    <ContentItem><DataContent><p>{STORY}</p><p>{MORE}</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"""
    article = only("a.xml", data)
    assert article.text == f"{STORY}\n{MORE}"
    assert (article.title, article.author, article.outlet) == (
        "Ferry sinks",
        "Ilse Brandt",
        "North Press Agency",
    )
    assert article.published == "2024-03-12T09:15:00+00:00"


# ninjs


def ninjs(**facts: Any) -> dict[str, Any]:
    return {
        "uri": "urn:n:1", "type": "text", "versioncreated": "2024-03-12T09:40:00Z", "pubstatus": "usable",
        "headline": "Ferry sinks", "body_text": f"{STORY}\n\n{MORE}", **facts,
    }  # fmt: skip


def test_a_list_of_ninjs_and_one_within_an_envelope_give_an_article_each() -> None:
    items = [ninjs(uri=f"urn:n:{n}") for n in range(3)]
    for held in (items, {"_items": items, "_meta": {"total": 3}}, {"items": items}):
        assert [each.id for each in articles("a.json", json.dumps(held))] == ["urn:n:0", "urn:n:1", "urn:n:2"]


def test_ninjs_in_lines_of_json_is_read_too() -> None:
    assert only("a.jsonl", json.dumps(ninjs())).title == "Ferry sinks"


def test_a_ninjs_picture_is_named_and_its_caption_is_no_article() -> None:
    came = found("a.json", json.dumps({**ninjs(type="picture", body_text=""), "description_text": "Boats."}))
    assert isinstance(came[0], Notice) and "picture" in came[0].reason


def test_ninjs_3_with_names_in_camel_case_is_read() -> None:
    record = {
        "standard": {"name": "ninjs", "version": "3.0"}, "uri": "urn:n:9", "type": "text", "pubStatus": "canceled",
        "versionCreated": "2024-03-12T09:40:00Z", "headlines": [{"role": "main", "value": "Ferry sinks"}],
        "bodies": [{"role": "main", "contentType": "text/plain", "value": STORY}],
    }  # fmt: skip
    one = raw("a.json", json.dumps(record))
    assert (one.title, one.text, one.withdrawn) == ("Ferry sinks", STORY, "canceled")


# Wires


def test_an_anpa_file_of_two_stories_gives_two() -> None:
    def story(number: int) -> str:
        return (
            f"\x16\x16\x01a{number:04}\x1f-----\r\nr i \x13\x11BC-Ferry{number}\x12 03-12 0100\r\n"
            f"^BC-Ferry {number}, 1st Ld-Writethru,100<\r\n^Ferry {number} sinks<\r\n^By ILSE BRANDT=\r\n"
            f"^Associated Press Writer=\r\n\tMARENKA (AP) _ {STORY}\r\n\t{MORE}\r\n"
            f"\x03\r\n\tAP-WF-03-12-24 0937GMT<\r\n\x04\r\n"
        )

    came = articles("a.tst", story(1) + story(2))
    assert [each.title for each in came] == ["Ferry 1 sinks", "Ferry 2 sinks"]
    assert came[0].text.split("\n") == [f"MARENKA (AP) — {STORY}", MORE]
    assert came[0].published == "2024-03-12T09:37:00+00:00" and came[0].author == "ILSE BRANDT"


def test_a_mandatory_kill_on_the_wire_is_held() -> None:
    data = "a0001-----\nu i BC-Ferry 03-12 0100\n^BC-Ferry, Mandatory Kill,100<\n^Ferry sinks<\n\tMARENKA (AP) _ Kill it.\n"
    assert "kill" in (why_held(raw("a.tst", data)) or "")


def test_a_7901_message_joins_its_lines_and_keeps_its_desk_to_itself() -> None:
    data = (
        "bdt0193 4 pl 386  dpa 0587\n\nNorthland/Accidents/\n(Update 0900 - adds toll)\nFerry sinks off Marenka\n"
        "By Ilse Brandt, dpa =\n\nMarenka (dpa) - A ferry sank off the port of Marenka\non Tuesday.\n\n"
        "Fourteen people died, the coast guard\nsaid.\n\n# Notebook\n\n## Contacts\n- desk@dpa.example\n\n"
        "dpa ib th\n120937 Mar 24\n"
    )
    article = only("a.txt", data)
    assert article.text.split("\n") == [
        "Marenka (dpa) - A ferry sank off the port of Marenka on Tuesday.",
        "Fourteen people died, the coast guard said.",
    ]
    assert (article.title, article.author, article.day) == (
        "Ferry sinks off Marenka",
        "Ilse Brandt",
        "2024-03-12",
    )


def test_a_note_that_starts_with_letters_and_digits_is_no_wire() -> None:
    assert only("a.txt", f"Room a1234 is closed.\n\n{STORY}\n").text.startswith("Room a1234 is closed.")


# Archives' downloads, in the formats that they come in


def test_nexis_in_rtf_gives_an_article_each() -> None:
    def rtf(number: int) -> str:
        return (
            rf"\pard {number} of 2 DOCUMENTS\par\par The Velden Courier\par\par March 1{number}, 2020 Friday\par\par "
            rf"Ferry {number} sinks\par\par BYLINE: Ilse Brandt\par\par LENGTH: 52 words\par\par {STORY}\par\par "
            rf"{MORE}\par\par LOAD-DATE: March 20, 2020\par\par Copyright 2020 Courier\par All Rights Reserved\par"
        )

    came = articles("a.rtf", r"{\rtf1\ansi " + rtf(1) + rtf(2) + "}")
    assert [each.title for each in came] == ["Ferry 1 sinks", "Ferry 2 sinks"]
    assert [each.day for each in came] == ["2020-03-11", "2020-03-12"]
    assert came[0].text.split() == f"{STORY} {MORE}".split() and came[0].outlet == "The Velden Courier"


def test_factiva_fields_in_a_text_are_read() -> None:
    data = (
        f"HD  Ferry sinks\nBY  By Ilse Brandt\nWC  52 words\nPD  13 March 2020\nSN  The Velden Courier\nLA  English\n"
        f"LP  {STORY}\nTD  {MORE}\nAN  Document VELCOU0020200313eg3d00012\n\nDocument VELCOU0020200313eg3d00012\n"
    )
    article = only("a.txt", data)
    assert article.text == f"{STORY}\n{MORE}" and article.language == "en"
    assert (article.title, article.outlet, article.day) == ("Ferry sinks", "The Velden Courier", "2020-03-13")


def test_a_proquest_document_without_its_full_text_is_named() -> None:
    rule = "_" * 60
    data = (
        f"{rule}\n\nFerry sinks\n\nAbstract: A ferry sank.\n\nTitle: Ferry sinks\n\nPublication title: Courier\n\n"
        f"ProQuest document ID: 7\n{rule}\n\nFull text: {STORY}\n\nTitle: Other\n\nProQuest document ID: 8\n{rule}\n"
    )
    came = found("a.txt", data)
    assert isinstance(came[0], Failure) and "full text" in came[0].reason
    assert isinstance(came[1], RawArticle) and came[1].text == STORY


def test_the_collections_of_research_give_their_documents() -> None:
    data = (
        f'<DOC id="APW_ENG_20100104.0001" type="story" >\n<HEADLINE>\nFerry sinks\n</HEADLINE>\n<TEXT>\n<P>\n{STORY}\n</P>\n'
        f"<P>\n{MORE}\n</P>\n</TEXT>\n</DOC>\n<DOC>\n<DOCNO> AP880212-0001 </DOCNO>\n<HEAD>Other</HEAD>\n<TEXT>\n{STORY}\n</TEXT>\n</DOC>\n"
    )
    came = articles("a.sgml", data)
    assert [(each.title, each.day) for each in came] == [
        ("Ferry sinks", "2010-01-04"),
        ("Other", "1988-02-12"),
    ]
    assert came[0].text == f"{STORY}\n{MORE}"


# Web archives


def warc(*records: tuple[str, str, str, bytes]) -> bytes:
    """(type, address, status and type of the response, body)."""
    written = b""
    for kind, address, http, body in records:
        status, _, content = http.partition(" ")
        block = f"HTTP/1.1 {status} X\r\nContent-Type: {content}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-04-05T13:00:00Z\r\n"
            f"WARC-Target-URI: {address}\r\nContent-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        written += head.encode() + block + b"\r\n\r\n"
    return written


HTML = f"<html><head><title>Ferry sinks</title></head><body><article><h1>Ferry sinks</h1><p>{STORY}</p><p>{MORE}</p></article></body></html>"


def test_a_web_archive_gives_its_pages_and_counts_the_rest() -> None:
    data = warc(
        ("request", "https://a.example/1", "200 text/html", b""),
        ("response", "https://a.example/1", "200 text/html; charset=utf-8", HTML.encode()),
        ("response", "https://a.example/gone", "404 text/html", b"<html>Not found</html>"),
        ("response", "https://a.example/p.jpg", "200 image/jpeg", b"\xff\xd8\xff"),
    )
    for name, held in (("c.warc", data), ("c.warc.gz", gzip.compress(data)), ("c", data)):
        came = found(name, held)
        pages = [each for each in came if isinstance(each, RawArticle)]
        assert [(page.url, page.published) for page in pages] == [
            ("https://a.example/1", "2024-04-05T13:00:00Z")
        ]
        said = " ".join(each.reason for each in came if isinstance(each, Notice))
        assert "answered 404" in said and "image/jpeg" in said and "https://a.example/gone" in said


def test_a_wacz_gives_the_pages_of_its_archives_and_not_its_list_of_pages() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr(
            "pages/pages.jsonl", '{"format":"json-pages-1.0"}\n{"url":"https://a.example/1","text":"x y z"}\n'
        )
        data = warc(("response", "https://a.example/1", "200 text/html", HTML.encode()))
        archive.writestr("archive/data.warc.gz", gzip.compress(data))
    for name in ("crawl.wacz", "crawl.zip"):
        assert only(name, held.getvalue()).url == "https://a.example/1"


def test_a_web_archive_that_is_cut_gives_what_stood_before_and_says_so() -> None:
    records = [warc(("response", f"https://a.example/{n}", "200 text/html", HTML.encode())) for n in range(3)]
    data = b"".join(records)
    packed = b"".join(gzip.compress(record) for record in records)  # a member a record, as crawlers write it
    cut = {"c.warc.gz": packed[:-12], "in-a-page.warc": data[:-100], "in-a-header.warc": data[:-400]}
    for name, held in cut.items():
        came = found(name, held)
        assert sum(isinstance(each, RawArticle) for each in came) >= 2
        assert any(isinstance(each, Failure) and "cut short" in each.reason for each in came), came


def test_safari_s_archive_and_a_tar_of_pages_are_read() -> None:
    page = {
        "WebResourceData": HTML.encode(),
        "WebResourceURL": "https://a.example/1",
        "WebResourceTextEncodingName": "UTF-8",
    }
    saved = plistlib.dumps({"WebMainResource": page}, fmt=plistlib.FMT_BINARY)
    assert only("a.webarchive", saved).url == "https://a.example/1"
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for name, data in (("n/a.html", HTML.encode()), ("n/b.bin", b"\x00")):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    for name in ("all.tar.gz", "all.tgz"):
        came = found(name, held.getvalue())
        assert isinstance(came[0], RawArticle) and came[0].source == f"{name}/n/a.html"
        assert isinstance(came[1], Notice) and came[1].source == f"{name}/n/b.bin"


# Documents


def test_rtf_keeps_signs_beyond_ascii_and_a_table_its_cells() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252\uc1{\*\generator X;}\pard Tom\'e1s \u268?apek said \u8220\'93yes\u8221\'94.\par "
        + STORY.encode()
        + rb"\par}"
    )
    text = only("a.rtf", data).text
    assert text.startswith("Tomás Čapek said “yes”.") and STORY in text
    assert only("named.doc", data).text == text


@pytest.mark.parametrize("name", ["a.doc", "a.xls", "a.msg"])
def test_an_old_office_file_says_what_to_do(name: str) -> None:
    reason = failure(name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "ave it as" in reason or "save" in reason.lower()


# Other tools


RECORDS: dict[str, dict[str, Any]] = {
    "readability": {
        "title": "T", "byline": "Ilse Brandt", "lang": "en", "content": f"<div><p>{STORY}</p><p>{MORE}</p></div>",
        "textContent": f"{STORY}{MORE}", "length": 190, "excerpt": "Short.", "siteName": "O", "publishedTime": "2025-04-25",
    },
    "newspaper4k": {
        "url": "https://o.example/a", "title": "T", "top_image": "", "authors": ["Ilse Brandt"], "text": f"{STORY}\n\n{MORE}",
        "publish_date": "2025-04-25 10:00:00", "summary": "Short.", "meta_lang": "en", "meta_site_name": "O",
        "canonical_link": "https://o.example/a", "meta_description": "Short.",
    },
    "event registry": {
        "uri": "7", "lang": "eng", "date": "2025-04-25", "time": "10:00:00", "dateTimePub": "2025-04-25T09:58:00Z",
        "url": "https://o.example/a", "title": "T", "body": f"{STORY}\n\n{MORE}", "source": {"uri": "o.example", "title": "O"},
        "authors": [{"uri": "ilse@o.example", "name": "Ilse Brandt"}],
    },
    "arc": {
        "headlines": {"basic": "T"}, "credits": {"by": [{"name": "Ilse Brandt"}]}, "display_date": "2025-04-25T10:00:00Z",
        "content_elements": [{"type": "text", "content": STORY}, {"type": "image", "caption": "Boats near the wreck."},
                             {"type": "text", "content": MORE}], "source": {"name": "O"},
    },
    "wordpress": {
        "id": 7, "date_gmt": "2025-04-25T10:00:00", "link": "https://o.example/a", "status": "publish",
        "title": {"rendered": "T"}, "content": {"rendered": f"<p>{STORY}</p><p>{MORE}</p>", "protected": False},
        "_embedded": {"author": [{"name": "Ilse Brandt"}]}, "yoast_head_json": {"og_site_name": "O"},
    },
    "webz": {
        "thread": {"site_full": "O", "title": "T"}, "title": "T", "text": f"{STORY}\n{MORE}", "author": "Ilse Brandt",
        "published": "2025-04-25T10:00:00.000+03:00", "url": "https://o.example/a", "uuid": "u",
    },
}  # fmt: skip


@pytest.mark.parametrize("tool", RECORDS)
def test_what_other_tools_write_is_read_without_being_told_how(tool: str) -> None:
    article = only("a.json", json.dumps(RECORDS[tool]))
    story = [line for line in article.text.split("\n") if line and not line.startswith("[Picture]")]
    assert story == [STORY, MORE]
    assert (article.title, article.author, article.outlet, article.day) == (
        "T",
        "Ilse Brandt",
        "O",
        "2025-04-25",
    )


def test_trafilatura_s_xml_is_read_in_both_kinds() -> None:
    own = (
        f'<doc sitename="O" title="T" author="Ilse Brandt" date="2025-04-25" source="https://o.example/a" hostname="o.example">'
        f"<main><p>{STORY}</p><head>Next</head><p>{MORE}</p></main><comments><p>Spam.</p></comments></doc>"
    )
    tei = (
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title type="main">T</title>'
        f"<author>Ilse Brandt</author></titleStmt><publicationStmt><publisher>O</publisher><date>2025-04-25</date>"
        f'</publicationStmt></fileDesc></teiHeader><text><body><div type="entry"><p>{STORY}</p><p>{MORE}</p></div>'
        f'<div type="comments"><p>Spam.</p></div></body></text></TEI>'
    )
    for data in (own, tei):
        article = only("a.xml", data)
        assert STORY in article.text and MORE in article.text and "Spam" not in article.text
        assert (article.title, article.author, article.outlet, article.day) == (
            "T",
            "Ilse Brandt",
            "O",
            "2025-04-25",
        )


@pytest.mark.parametrize(
    "listed",
    [
        {
            "articles": [
                {
                    "url": "https://a.example/1",
                    "title": "T",
                    "seendate": "20240405T120000Z",
                    "domain": "a.example",
                }
            ]
        },
        [{"url": "https://a.example/1", "title": "T"}, {"url": "https://a.example/2", "title": "U"}],
    ],
)
def test_a_list_of_addresses_says_so_once(listed: Any) -> None:
    assert "Load the address" in failure("a.json", json.dumps(listed))


def test_an_unknown_record_is_read_where_one_says_its_facts_stand() -> None:
    record = {"kop": "Veer", "inhoud": {"delen": [{"tekst": STORY}]}, "wanneer": "2025-04-25"}
    assert "--field" in failure("a.json", json.dumps(record))
    fields = {"text": "inhoud.delen.0.tekst", "title": "kop", "published": "wanneer"}
    came = list(load_bytes(json.dumps(record).encode(), "a.json", fields=fields))
    assert [(each.text, each.title, each.published) for each in came] == [(STORY, "Veer", "2025-04-25")]


@pytest.mark.parametrize("status", [{"status": "draft"}, {"draft": True}, {"pubstatus": "withheld"}])
def test_a_record_that_is_not_published_is_held(status: dict[str, Any]) -> None:
    assert why_held(raw("a.json", json.dumps({"title": "T", "text": STORY, **status}))) is not None


def test_a_draft_in_front_matter_is_held() -> None:
    assert why_held(raw("a.md", f"---\ntitle: T\ndraft: true\n---\n{STORY}\n")) is not None


def test_an_embargo_written_above_a_text_is_held() -> None:
    assert why_held(raw("a.txt", f"EMBARGOED UNTIL 00:01 GMT, 3 March 2027\n\n{STORY}\n")) is not None
    assert why_held(raw("a.txt", f"The embargo on arms until 2027 was lifted.\n\n{STORY}\n")) is None


# Bad input: a sentence for each


def test_xml_whose_entities_expand_into_one_another_is_refused() -> None:
    bomb = '<!DOCTYPE nitf [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><nitf><body><p>&b;</p></body></nitf>'
    assert "refused" in failure("a.xml", bomb)


def test_xml_never_reads_a_file_that_it_names() -> None:
    data = f'<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf><body><body.content><p>{STORY} &x;</p></body.content></body></nitf>'
    assert "root:" not in only("a.xml", data).text


SAMPLES: dict[str, bytes] = {
    "a.nitf": NITF.encode("latin-1"),
    "b.xml": g2(INLINE).encode(),
    "c.json": json.dumps(ninjs()).encode(),
    "d.rtf": rb"{\rtf1\ansi\pard " + STORY.encode() + rb"\par " + MORE.encode() + rb"\par}",
    "e.warc": warc(("response", "https://a.example/1", "200 text/html", HTML.encode())),
    "f.mbox": f"From a@b Thu Mar 14 06:30:00 2024\nFrom: A <a@b>\nSubject: S\n\n{STORY}\n".encode(),
    "g.html": HTML.encode(),
    "h.eml": f"From: A <a@b>\nSubject: S\n\n{STORY}\n".encode(),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_cut_anywhere_gives_sentences_and_never_an_error(name: str) -> None:
    data = SAMPLES[name]
    for end in {0, 1, 7, len(data) // 3, len(data) // 2, len(data) - 9, len(data) - 1}:
        for each in found(name, data[:end]):
            assert isinstance(each, RawArticle | Notice) or each.reason.endswith((".", ".)", "`."))
            assert "Traceback" not in getattr(each, "reason", "")
            assert "could not be understood" not in getattr(each, "reason", "")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b"[" * 3000 + b"]" * 3000),
        ("a.xml", b"<nitf><body><body.content>" + b"<block>" * 3000 + STORY.encode() + b"</block>" * 3000 + b"</body.content></body></nitf>"),
        ("a.rtf", b"{\\rtf1 " + b"{" * 9000 + b"x" + b"}" * 9001),
        ("a.html", b"<html><body>" + b"<div>" * 3000 + f"<p>{STORY} {MORE}</p>".encode() + b"</body></html>"),
    ],
)  # fmt: skip
def test_what_is_nested_thousands_deep_gives_an_article_or_a_sentence(name: str, data: bytes) -> None:
    for each in found(name, data):
        assert isinstance(each, RawArticle) or "could not be understood" not in each.reason


def test_a_file_that_declares_another_encoding_than_it_has_is_read_all_the_same() -> None:
    data = NITF.replace("iso-8859-1", "utf-16").encode("latin-1")
    assert "Café" in only("a.xml", data).text


def test_a_text_that_is_nothing_raises_a_sentence() -> None:
    with pytest.raises(LoadError, match="no text"):
        clean(RawArticle("a", " . "))
