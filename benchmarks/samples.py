"""Makes a file of each format, of the size that such files have: a hundred stories, or one of some length.

The stories are made up; so is everybody in them. Gives bytes by name, for `benchmarks/formats.py`.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from html import escape

STORIES = 100
PARAGRAPHS = 10
DAY = "2024-03-12"


def paragraphs(number: int) -> list[str]:
    """The text of a story: some 2,700 characters."""
    return [
        f"The pilots of harbour {number} ended their strike on day {at} of it, the port of Marenka said. "
        f"Ilse Brandt, who speaks for {200 + at} of them, said: “We have what we asked for, and we go back.” "
        "Ferries to the island of Tolm will sail again from Friday morning, later than planned, with fares as before."
        for at in range(PARAGRAPHS)
    ]


def samples() -> dict[str, bytes]:
    """A file of each format by its name."""
    made = {name: make() for name, make in MAKERS.items()}
    return {name: data.encode() if isinstance(data, str) else data for name, data in made.items()}


def _records() -> list[dict[str, str]]:
    return [
        {
            "title": f"Pilots go back {n}",
            "text": "\n".join(paragraphs(n)),
            "published": DAY,
            "outlet": "Velden Courier",
        }
        for n in range(STORIES)
    ]


def _json_lines() -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in _records())


def _csv() -> str:
    rows = [",".join(f'"{value}"' for value in record.values()) for record in _records()]
    return "\n".join(["title,text,published,outlet", *rows])


def _html(number: int = 0) -> str:
    inside = "".join(f"<p>{line}</p>" for line in paragraphs(number))
    menu = "".join(f'<li><a href="/{at}">Section {at}</a></li>' for at in range(60))
    return (
        f"<html lang='en'><head><title>Pilots go back {number} | Velden Courier</title>"
        f"<meta property='article:published_time' content='{DAY}'></head><body><nav><ul>{menu}</ul></nav>"
        f"<article><h1>Pilots go back {number}</h1>{inside}</article><footer><ul>{menu}</ul></footer></body></html>"
    )


def _marked(number: int) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in paragraphs(number))


def _nitf(number: int = 0) -> str:
    return (
        f"<nitf><head><docdata><doc-id id-string='v-{number}'/><date.issue norm='20240312T090000Z'/></docdata></head>"
        f"<body><body.head><hedline><hl1>Pilots go back {number}</hl1></hedline></body.head>"
        f"<body.content>{_marked(number)}</body.content></body></nitf>"
    )


def _newsml() -> str:
    items = [
        f"<newsItem guid='urn:v:{n}' version='1'><itemMeta><itemClass qcode='ninat:text'/></itemMeta><contentMeta>"
        f"<headline>Pilots go back {n}</headline></contentMeta><contentSet><inlineXML>"
        f"<html xmlns='http://www.w3.org/1999/xhtml'><body>{_marked(n)}</body></html></inlineXML></contentSet></newsItem>"
        for n in range(STORIES)
    ]
    return f"<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><itemSet>{''.join(items)}</itemSet></newsMessage>"


def _ninjs() -> str:
    return json.dumps([
        {"uri": f"urn:v:{n}", "type": "text", "versioncreated": DAY, "headline": f"Pilots go back {n}",
         "body_xhtml": _marked(n)} for n in range(STORIES)
    ])  # fmt: skip


def _anpa() -> str:
    stories = [
        f"a{n:04}\nr i bc-pilots{n}  03-12 0400\n^BC-Pilots {n}<\n^Pilots go back {n}<\n^By Ilse Brandt=\n^Velden News=\n"
        + "".join(f"\t{line}\n" for line in paragraphs(n))
        + "VN-WS-03-12-24 1014GMT\n"
        for n in range(STORIES)
    ]
    return "\n".join(stories)


def _iptc() -> str:
    return "\n".join(
        f"vna{n:04} 4 pl 300  vna {n:04}\n\nPilots go back {n}\n\nMarenka (vna) - "
        + "\n\n".join(paragraphs(n))
        + "\n\n121014 GMT Mar 24\n"
        for n in range(STORIES)
    )


def _nexis() -> str:
    return "\n".join(
        f"\n{n + 1} of {STORIES} DOCUMENTS\n\n        Velden Courier\n\n        March 12, 2024 Tuesday\n\n"
        f"Pilots go back {n}\n\nLENGTH: 400 words\n\n"
        + "\n\n".join(paragraphs(n))
        + "\n\nLANGUAGE: ENGLISH\n"
        for n in range(STORIES)
    )


def _factiva() -> str:
    return "\n".join(
        f"The pilots of the harbour go back {n}\n\n400 words\n12 March 2024\nVelden Courier\nVELD\nEnglish\n"
        "(c) 2024 Velden Courier\n\n"
        + "\n\n".join(paragraphs(n))
        + f"\n\nDocument VELD000020240312ek3c{n:05}\n\n"
        for n in range(STORIES)
    )


def _proquest() -> str:
    rule = "_" * 60
    stories = [
        f"Document {n + 1} of {STORIES}\n\nPilots go back {n}\n\nFull text: "
        + "\n\n".join(paragraphs(n))
        + f"\n\nPublication title: Velden Courier\n\nPublication date: Mar 12, 2024\n\nProQuest document ID: {n}\n\n{rule}\n"
        for n in range(STORIES)
    ]
    return f"{rule}\n" + "\n".join(stories)


def _rss() -> str:
    items = [
        f"<item><title>Pilots go back {n}</title><link>https://velden.example/{n}</link>"
        f"<description>{escape(_marked(n))}</description></item>"
        for n in range(STORIES)
    ]
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Velden</title>{''.join(items)}</channel></rss>"


def _wordpress() -> str:
    items = [
        f"<item><title>Pilots go back {n}</title><link>https://velden.example/{n}</link><wp:post_id>{n}</wp:post_id>"
        f"<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
        f"<content:encoded><![CDATA[{chr(10).join(line + chr(10) for line in paragraphs(n))}]]></content:encoded></item>"
        for n in range(STORIES)
    ]
    return (
        "<?xml version='1.0'?><rss version='2.0' xmlns:wp='http://wordpress.org/export/1.2/' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>Velden</title>"
        f"<wp:wxr_version>1.2</wp:wxr_version>{''.join(items)}</channel></rss>"
    )


def _elements() -> str:
    stories = (
        f"<story><title>Pilots go back {n}</title><body>{_marked(n)}</body></story>" for n in range(STORIES)
    )
    return f"<?xml version='1.0'?><stories>{''.join(stories)}</stories>"


def _wiki() -> str:
    pages = [
        f"<page><title>Pilots go back {n}</title><ns>0</ns><id>{n}</id><revision><text>{{{{date|March 12, 2024}}}}\n"
        + "\n\n".join(f"[[Harbour|{line[:3]}]]{line[3:]}" for line in paragraphs(n))
        + "</text></revision></page>"
        for n in range(STORIES)
    ]
    return f"<mediawiki><siteinfo><sitename>Velden</sitename></siteinfo>{''.join(pages)}</mediawiki>"


def _mail(number: int = 0) -> str:
    text = "\n\n".join(paragraphs(number))
    return (
        f"From: Ilse Brandt <ilse@velden.example>\nSubject: Pilots go back {number}\nMessage-ID: <{number}@velden.example>\n"
        f"Date: Tue, 12 Mar 2024 10:00:00 +0100\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    )


def _mbox() -> str:
    return "\n".join(f"From ilse@velden.example Tue Mar 12 10:00:00 2024\n{_mail(n)}" for n in range(STORIES))


def _rtf() -> bytes:
    text = "".join(line + r"\par " for n in range(STORIES // 10) for line in paragraphs(n))
    return (r"{\rtf1\ansi\ansicpg1252 " + text + "}").encode("cp1252")


def _docx() -> bytes:
    from docx import Document

    document = Document()
    for n in range(STORIES // 10):
        for line in paragraphs(n):
            document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _odt() -> bytes:
    lines = "".join(f"<text:p>{line}</text:p>" for n in range(STORIES // 10) for line in paragraphs(n))
    content = (
        "<?xml version='1.0'?><office:document-content xmlns:office='o' xmlns:text='t'><office:body><office:text>"
        f"{lines}</office:text></office:body></office:document-content>"
    )
    return _zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _epub() -> bytes:
    chapters = {f"{n}.xhtml": _html(n) for n in range(STORIES // 10)}
    items = "".join(
        f"<item id='c{name}' href='{name}' media-type='application/xhtml+xml'/>" for name in chapters
    )
    spine = "".join(f"<itemref idref='c{name}'/>" for name in chapters)
    package = f"<package><metadata/><manifest>{items}</manifest><spine>{spine}</spine></package>"
    container = "<container><rootfiles><rootfile full-path='c.opf'/></rootfiles></container>"
    return _zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "c.opf": package,
            **chapters,
        }
    )


def _zipped(files: dict[str, str]) -> bytes:
    """A zip file that is not compressed, so that its size is that of what it holds."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return held.getvalue()


def _warc() -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    held = io.BytesIO()
    writer = WARCWriter(held, gzip=False)
    for n in range(STORIES // 10):
        status = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        body = io.BytesIO(_html(n).encode())
        writer.write_record(
            writer.create_warc_record(
                f"https://velden.example/{n}", "response", payload=body, http_headers=status
            )
        )
    return held.getvalue()


def _subtitles() -> str:
    lines = [line for n in range(STORIES // 10) for line in paragraphs(n)]
    cues = (
        f"{at:02}:{at % 60:02}:00.000 --> {at:02}:{at % 60:02}:04.000\n{line}\n"
        for at, line in enumerate(lines)
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def _ris() -> str:
    return "\n".join(
        f"TY  - NEWS\nTI  - Pilots go back {n}\nDA  - 2024/03/12\nAB  - {' '.join(paragraphs(n))}\nER  - \n"
        for n in range(STORIES)
    )


def _sgml() -> str:
    return "\n".join(
        f"<DOC>\n<DOCNO>VN240312-{n:04}</DOCNO>\n<HEADLINE>Pilots go back {n}</HEADLINE>\n<TEXT>\n"
        + "\n\n".join(paragraphs(n))
        + "\n</TEXT>\n</DOC>"
        for n in range(STORIES)
    )


def _markdown() -> str:
    return f"---\ntitle: Pilots go back\ndate: {DAY}\n---\n\n" + "\n\n".join(
        f"**{line[:10]}**{line[10:]}" for n in range(STORIES // 10) for line in paragraphs(n)
    )


MAKERS: dict[str, Callable[[], str | bytes]] = {
    "JSON Lines.jsonl": _json_lines,
    "JSON.json": lambda: json.dumps({"articles": _records()}),
    "table.csv": _csv,
    "text.txt": lambda: "\n\n".join(line for n in range(STORIES // 10) for line in paragraphs(n)),
    "Markdown.md": _markdown,
    "page.html": _html,
    "NITF.nitf": _nitf,
    "NewsML-G2.xml": _newsml,
    "ninjs.json": _ninjs,
    "ANPA 1312.txt": _anpa,
    "IPTC 7901.txt": _iptc,
    "Nexis.txt": _nexis,
    "Factiva.txt": _factiva,
    "ProQuest.txt": _proquest,
    "TREC.sgml": _sgml,
    "RIS.ris": _ris,
    "RSS.xml": _rss,
    "WordPress.xml": _wordpress,
    "MediaWiki.xml": _wiki,
    "other XML.xml": _elements,
    "mail.eml": _mail,
    "mailbox.mbox": _mbox,
    "RTF.rtf": _rtf,
    "Word.docx": _docx,
    "OpenDocument.odt": _odt,
    "EPUB.epub": _epub,
    "WARC.warc": _warc,
    "WebVTT.vtt": _subtitles,
}
