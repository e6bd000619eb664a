"""Formats beyond those of agencies and archives: exports of programs, services and libraries, and what only
points to pages."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from qa.errors import LoadError
from qa.ingest.clean import clean
from qa.ingest.hold import why_held
from qa.ingest.load import load_bytes
from qa.ingest.load.warc import read_warc
from qa.types import Article, Failure, Notice, RawArticle

STORY = "A ferry sank off Marenka on Tuesday, killing 14 people, the coast guard of Northland said."
MORE = "The ferry had left the island of Tolm with 112 passengers on board, and it sank twenty minutes later."
LAST = "Its owner, Tolm Lines, said that the cause was not known and that divers would search the wreck on Friday."
BODY = f"<p>{STORY}</p><p>{MORE}</p><p>{LAST}</p>"


def found(name: str, data: Any) -> list[Any]:
    if isinstance(data, dict | list):
        data = json.dumps(data)
    return list(load_bytes(data.encode() if isinstance(data, str) else data, name))


def articles(name: str, data: Any) -> list[Article]:
    return [clean(each) for each in found(name, data) if isinstance(each, RawArticle)]


def only(name: str, data: Any) -> Article:
    came = articles(name, data)
    assert len(came) == 1, came
    return came[0]


def failure(name: str, data: Any) -> str:
    came = found(name, data)
    assert len(came) == 1 and isinstance(came[0], Failure), came
    return came[0].reason


# Records of programs and services


def test_a_story_of_a_media_service_is_found_within_what_wraps_it() -> None:
    item = {
        "uri": "urn:nna:1", "type": "text", "pubstatus": "usable", "versioncreated": "2024-03-12T10:00:00Z",
        "headline": "Ferry sinks", "bylines": [{"by": "By ILSE BRANDT", "title": "Staff"}],
        "body_nitf": f"<block><p>{STORY}</p><p>{MORE}</p></block>",
    }  # fmt: skip
    article = only("a.json", {"data": {"items": [{"meta": {"score": 1}, "item": item}]}})
    assert (article.title, article.author, article.day) == ("Ferry sinks", "ILSE BRANDT", "2024-03-12")
    assert article.text.split("\n") == [STORY, MORE]


def test_a_text_cut_by_its_service_is_marked_also_where_the_summary_is_longer() -> None:
    record = {"title": "Ferry sinks", "description": STORY, "content": f"{STORY[:40]}… [+2829 chars]"}
    (raw,) = found("a.json", {"articles": [record]})
    assert raw.text == STORY
    assert "2,829" in raw.remark


def test_saved_entries_of_feed_readers_give_their_fuller_text_and_their_feed() -> None:
    entry = {
        "id": "tag:1", "title": "Ferry sinks", "author": "Ilse Brandt", "published": 1710237600000,
        "origin": {"streamId": "feed/x", "title": "The Velden Courier"},
        "canonical": [{"href": "https://courier.example/f"}],
        "summary": {"content": f"<p>{STORY}</p>"}, "content": {"content": BODY},
    }  # fmt: skip
    article = only("a.json", {"items": [entry]})
    assert article.outlet == "The Velden Courier"
    assert (article.url, article.published) == ("https://courier.example/f", "2024-03-12T10:00:00+00:00")
    assert LAST in article.text


def test_messages_of_a_channel_are_articles_and_its_own_notices_are_not() -> None:
    messages = [
        {"id": 1, "type": "service", "date_unixtime": "1710237600", "action": "create", "text": ""},
        {"id": 2, "type": "message", "date": "2024-03-12T11:00:00", "date_unixtime": "1710237600",
         "from": "Velden News", "text": ["A ferry sank off ", {"type": "bold", "text": "Marenka"}, "."]},
    ]  # fmt: skip
    notice, raw = found("result.json", {"name": "Velden News", "messages": messages})
    assert isinstance(notice, Notice) and notice.kind == "passed_over"
    article = clean(raw)
    assert article.text == "A ferry sank off Marenka."
    assert (article.outlet, article.published) == ("Velden News", "2024-03-12T10:00:00+00:00")


def test_slack_messages_have_names_and_moments_and_joining_is_no_message() -> None:
    article = only("2024-03-12.json", [
        {"type": "message", "user": "U1", "ts": "1710237600.000200", "user_profile": {"real_name": "Ilse Brandt"},
         "text": "<@U2> Ferry sank off Marenka, see <https://courier.example/f|our story>."},
        {"type": "message", "subtype": "channel_join", "user": "U2", "ts": "1710237601.000200", "text": "joined"},
    ])  # fmt: skip
    assert article.text == "Ferry sank off Marenka, see our story."
    assert (article.author, article.published) == ("Ilse Brandt", "2024-03-12T10:00:00+00:00")


def test_posts_of_an_outbox_are_read_and_what_it_passes_on_is_not() -> None:
    note = {"type": "Note", "content": f"<p>{STORY}</p>", "url": "https://m.example/@nt/1", "published":
            "2024-03-12T10:00:00Z", "attributedTo": "https://m.example/users/nt", "contentMap": {"en": "x"}}  # fmt: skip
    acts = [
        {"id": "a1", "type": "Create", "actor": "https://m.example/users/nt", "object": note},
        {
            "id": "a2",
            "type": "Announce",
            "actor": "https://m.example/users/nt",
            "object": "https://m.example/2",
        },
    ]
    article = only("outbox.json", {"type": "OrderedCollection", "orderedItems": acts})
    assert (article.text, article.author, article.language) == (STORY, "nt", "en")


def test_a_reference_keeps_names_and_day_and_says_that_it_is_an_abstract() -> None:
    csl = {"id": "x", "type": "article-newspaper", "title": "Ferry sinks", "container-title": "The Velden Courier",
           "abstract": STORY, "author": [{"family": "Brandt", "given": "Ilse"}],
           "issued": {"date-parts": [[2024, 3, 12]]}}  # fmt: skip
    (raw,) = found("zotero.json", [csl])
    assert "abstract" in raw.remark
    assert (raw.outlet, raw.author, raw.published) == ("The Velden Courier", "Ilse Brandt", "2024-03-12")


def test_ris_is_read_by_its_tags_and_a_reference_without_a_text_names_its_address() -> None:
    ris = f"TY  - NEWS\nAU  - Brandt, Ilse\nTI  - Ferry sinks\nT2  - The Velden Courier\nDA  - 2024/03/12/\nAB  - {STORY}\nER  - \n"
    article = only("a.ris", ris)
    assert (article.title, article.author, article.day) == ("Ferry sinks", "Ilse Brandt", "2024-03-12")
    bare = "TY  - NEWS\nTI  - Ferry sinks\nUR  - https://courier.example/f\nER  - \n"
    assert "python ingest.py https://courier.example/f" in failure("a.txt", bare)


def test_a_ghost_export_gives_its_posts_with_their_authors_and_holds_back_drafts() -> None:
    posts = [
        {"id": "1", "title": "Ferry sinks", "html": BODY, "status": "published", "type": "post",
         "published_at": "2024-03-12T10:00:00.000Z"},
        {"id": "2", "title": "Not out", "html": BODY, "status": "draft", "type": "post"},
        {"id": "3", "title": "About us", "html": BODY, "status": "published", "type": "page"},
    ]  # fmt: skip
    data = {"posts": posts, "users": [{"id": "u", "name": "Ilse Brandt"}], "settings":
            [{"key": "title", "value": "The Velden Courier"}], "posts_authors": [{"post_id": "1", "author_id": "u"}]}  # fmt: skip
    out, draft = found("ghost.json", {"db": [{"meta": {}, "data": data}]})
    assert (out.author, out.outlet) == ("Ilse Brandt", "The Velden Courier")
    assert why_held(out) is None and why_held(draft)


@pytest.mark.parametrize(
    "record",
    [
        {
            "_id": {"$oid": "5f"},
            "title": "Ferry sinks",
            "body": STORY,
            "date": {"$date": "2024-03-12T10:00:00Z"},
        },
        {"id": "1", "title_t": "Ferry sinks", "body_txt": [STORY], "date_dt": "2024-03-12T10:00:00Z"},
    ],
)
def test_records_of_databases_are_read_whatever_they_add_to_names_and_values(record: dict[str, Any]) -> None:
    article = only("a.json", [record])
    assert (article.title, article.text, article.day) == ("Ferry sinks", STORY, "2024-03-12")


# XML of many kinds


def test_xml_of_no_known_kind_is_read_by_the_names_of_its_elements() -> None:
    story = f"<article id='1'><title>Ferry sinks</title><author>Ilse Brandt</author><date>2024-03-12</date><body><p>{STORY}</p><p>{MORE}</p></body></article>"
    other = (
        f"<article id='2'><title>Divers search</title><date>2024-03-15</date><body>{LAST}</body></article>"
    )
    first, second = articles("a.xml", f"<?xml version='1.0'?><articles>{story}{other}</articles>")
    assert (first.title, first.author, first.day) == ("Ferry sinks", "Ilse Brandt", "2024-03-12")
    assert first.text.split("\n") == [STORY, MORE]
    assert (second.title, second.text) == ("Divers search", LAST)


def test_solrs_answer_in_xml_is_read_by_the_names_it_gives() -> None:
    xml = f'<response><result><doc><str name="title">Ferry sinks</str><arr name="content"><str>{STORY}</str></arr></doc></result></response>'
    assert (only("a.xml", xml).title, only("a.xml", xml).text) == ("Ferry sinks", STORY)


def test_a_damaged_name_of_an_element_costs_that_element_only() -> None:
    xml = f"<?xml version='1.0'?><stories><story><title>Ferry sinks</title><a\ufffd:b>x</a\ufffd:b><body>{STORY}</body></story></stories>"
    assert only("a.xml", xml).text == STORY


def test_xml_without_any_text_is_refused_in_a_sentence() -> None:
    assert "no element of it is named" in failure("a.xml", "<config><port>8080</port></config>")


def test_blogger_drafts_are_held_back_and_templates_are_no_articles() -> None:
    def entry(number: int, kind: str, more: str = "") -> str:
        return (
            f"<entry><id>p{number}</id><published>2024-03-12T10:00:00Z</published>{more}"
            f"<category scheme='http://schemas.google.com/g/2005#kind' "
            f"term='http://schemas.google.com/blogger/2008/kind#{kind}'/>"
            f"<title>Ferry {number}</title><content type='html'>&lt;p&gt;{STORY}&lt;/p&gt;</content></entry>"
        )

    draft = "<app:control xmlns:app='http://purl.org/atom/app#'><app:draft>yes</app:draft></app:control>"
    xml = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Velden</title>{entry(1, 'template')}{entry(2, 'post')}{entry(3, 'post', draft)}</feed>"
    out, held, notice = found("blog.xml", xml)
    assert (out.title, why_held(out)) == ("Ferry 2", None)
    assert why_held(held)
    assert "1 settings" in notice.reason


def test_evernote_gives_an_article_a_note() -> None:
    note = f"<note><title>Ferry sinks</title><content><![CDATA[<?xml version='1.0'?><en-note><div>{STORY}</div><div>{MORE}</div></en-note>]]></content><created>20240312T100000Z</created><note-attributes><author>Ilse Brandt</author><source-url>https://courier.example/f</source-url></note-attributes></note>"
    article = only(
        "a.enex", f"<?xml version='1.0'?><!DOCTYPE en-export SYSTEM 'x'><en-export>{note}</en-export>"
    )
    assert article.text.split("\n") == [STORY, MORE]
    assert (article.url, article.author, article.day) == (
        "https://courier.example/f",
        "Ilse Brandt",
        "2024-03-12",
    )


def test_a_scanned_page_is_paragraphs_of_whole_words() -> None:
    alto = """<alto><Layout><Page><PrintSpace><TextBlock><TextLine><String CONTENT="The"/><SP/><String CONTENT="har"
      SUBS_TYPE="HypPart1" SUBS_CONTENT="harbour"/><HYP CONTENT="-"/></TextLine><TextLine><String CONTENT="bour"
      SUBS_TYPE="HypPart2" SUBS_CONTENT="harbour"/><String CONTENT="closed."/></TextLine></TextBlock><TextBlock>
      <TextLine><String CONTENT="Nobody"/><String CONTENT="drowned."/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>"""
    assert only("p1.xml", alto).text.split("\n") == ["The harbour closed.", "Nobody drowned."]


def test_tei_leaves_out_an_editions_notes_and_takes_the_papers_name() -> None:
    tei = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Ferry sinks</title></titleStmt>
      <publicationStmt><publisher>A Library</publisher></publicationStmt><sourceDesc><bibl><title level="j">Velden Courier</title>
      <date when="1924-03-12"/></bibl></sourceDesc></fileDesc></teiHeader><text><body><p>The har<lb break="no"/>bour is
      <lb/>closed.<note>sic</note></p></body></text></TEI>"""
    article = only("a.xml", tei)
    assert (article.text, article.outlet, article.day) == (
        "The harbour is closed.",
        "Velden Courier",
        "1924-03-12",
    )


def test_a_wikis_export_gives_the_words_of_its_articles() -> None:
    text = "{{date|March 12, 2024}}\n{{byline|date={{CURRENTDAY}}}}\nA '''ferry''' sank off [[Marenka|the port of Marenka]].&lt;ref&gt;x&lt;/ref&gt;\n\n[[File:a.jpg|thumb|The [[wreck]].]]\nDivers search [https://x.example the wreck].\n\n== Sources ==\n* {{source|url=x}}\n[[Category:Ferries]]"
    page = "<page><title>{}</title><ns>{}</ns><id>1</id><revision><timestamp>2024-03-13T10:00:00Z</timestamp><text>{}</text></revision></page>"
    wiki = f"<mediawiki><siteinfo><sitename>Wikinews</sitename><base>https://en.wikinews.org/wiki/Main_Page</base></siteinfo>{page.format('Ferry sinks', 0, text)}{page.format('Talk:Ferry sinks', 1, 'No')}</mediawiki>"
    article = only("wiki.xml", wiki)
    assert article.text.split("\n") == ["A ferry sank off the port of Marenka.", "Divers search the wreck."]
    assert (article.outlet, article.day) == ("Wikinews", "2024-03-12")
    assert article.url == "https://en.wikinews.org/wiki/Ferry_sinks"


# Documents


def epub(chapters: list[tuple[str, str]]) -> bytes:
    names = [f"a{number}.xhtml" for number in range(len(chapters))]
    items = "".join(f"<item id='{n}' href='{n}' media-type='application/xhtml+xml'/>" for n in names)
    spine = "".join(f"<itemref idref='{n}'/>" for n in reversed(names))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            "<container><rootfiles><rootfile full-path='O/c.opf'/></rootfiles></container>",
        )
        archive.writestr("O/c.opf", f"<package><metadata><title>The Velden Courier</title><date>2024-03-12</date>"
                         f"<language>en</language></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>")  # fmt: skip
        for name, (title, body) in zip(names, chapters, strict=True):
            archive.writestr(
                f"O/{name}",
                f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>",
            )
    return held.getvalue()


def test_an_issue_as_a_book_is_an_article_a_chapter_in_reading_order() -> None:
    data = epub([("Ferry sinks", BODY), ("Divers search the wreck", BODY)])
    for name in ("issue.epub", "issue.zip"):
        first, second = articles(name, data)
        assert (first.title, second.title) == ("Divers search the wreck", "Ferry sinks")
        assert (first.outlet, first.day, first.language) == ("The Velden Courier", "2024-03-12", "en")


def test_subtitles_are_sentences_by_speaker_and_what_rolls_up_is_read_once() -> None:
    vtt = """WEBVTT - Harbour inquiry

NOTE a note

1
00:01.000 --> 00:04.500
<v Ilse Brandt>The ferry left at nine.

2
00:00:04.500 --> 00:00:09.000
<v Ilse Brandt>It had 112 people on board,

3
00:00:09.000 --> 00:00:12.000
It had 112 people on board,
and the sea was calm.

4
00:00:12.000 --> 00:00:13.000
<v Per Dahl>Thank you.
"""
    article = only("a.vtt", vtt)
    assert article.title == "Harbour inquiry"
    spoken = "Ilse Brandt: The ferry left at nine. It had 112 people on board, and the sea was calm."
    assert article.text.split("\n") == [spoken, "Per Dahl: Thank you."]


def test_subrip_is_known_by_its_first_lines_whatever_its_name() -> None:
    srt = "1\n00:00:01,000 --> 00:00:04,500\n<i>The ferry left</i>\n\n2\n00:00:04,500 --> 00:00:06,000\nat nine.\n"
    assert only("a.srt", srt).text == only("a.txt", srt).text == "The ferry left at nine."


# What only points to pages


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.url", "[InternetShortcut]\r\nURL=https://courier.example/f\r\n"),
        ("a.webloc", "<plist><dict><key>URL</key><string>https://courier.example/f</string></dict></plist>"),
        ("a.txt", "https://courier.example/f\nhttps://courier.example/g\n"),
        (
            "a.html",
            '<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><DT><A HREF="https://courier.example/f">Ferry</A></DL>',
        ),
    ],
)
def test_what_points_to_pages_names_them_and_says_how_to_load_them(name: str, data: str) -> None:
    assert "python ingest.py https://courier.example/f" in failure(name, data)


# Pages


def page(body: str, head: str = "", title: str = "Ferry sinks | The Velden Courier") -> str:
    return f"<html lang='en'><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "kept",
    [
        "https://web.archive.org/web/20240313101010/https://veldencourier.example/f",
        "https://archive.ph/2024.03.13-101010/https://veldencourier.example/f",
    ],
)
def test_a_copy_in_an_archive_has_the_address_of_its_page(kept: str) -> None:
    article = only("a.html", page(f"<article>{BODY}</article>", f'<link rel="canonical" href="{kept}">'))
    assert article.url == "https://veldencourier.example/f"


def test_a_page_saved_by_singlefile_has_the_address_it_was_saved_from() -> None:
    saved = "<!--\n Page saved with SingleFile \n url: https://veldencourier.example/f \n saved date: Tue Mar 12 2024\n-->"
    assert only("a.html", saved + page(f"<article>{BODY}</article>")).url == "https://veldencourier.example/f"


def test_headings_over_two_rows_and_columns_stand_with_each_figure() -> None:
    table = """<table><caption>Result</caption><tr><th rowspan=2>Party</th><th colspan=2>2024</th></tr>
      <tr><th>Votes</th><th>Seats</th></tr><tr><td>Labour</td><td>52,310</td><td>21</td></tr>
      <tr><td>Greens</td><td>41,220</td><td>17</td></tr></table>"""
    rows = [
        "Party: Labour; 2024 Votes: 52,310; 2024 Seats: 21",
        "Party: Greens; 2024 Votes: 41,220; 2024 Seats: 17",
    ]
    lines = only(
        "a.html", page(f"<article><h1>Vote</h1><p>{STORY}</p>{table}<p>{MORE}</p></article>")
    ).text.split("\n")
    assert [line for line in lines if "Party" in line] == rows
    assert "Result" in lines


def test_a_title_over_all_columns_is_no_heading_of_each() -> None:
    table = "<table><tr><th colspan=2>By votes</th></tr><tr><th>Party</th><th>Votes</th></tr><tr><td>Labour</td><td>52,310</td></tr></table>"
    text = only("a.json", {"title": "T", "text": f"<p>{STORY}</p>{table}"}).text
    assert text.split("\n")[1:] == ["By votes", "Party: Labour; Votes: 52,310"]


def test_a_name_that_spans_rows_stands_in_each_of_them() -> None:
    table = """<table><tr><th>Region</th><th>Town</th><th>Dead</th></tr><tr><td rowspan=2>North</td><td>Marenka</td>
      <td>14</td></tr><tr><td>Tolm</td><td>3</td></tr></table>"""
    text = only("a.json", {"title": "T", "text": f"<p>{STORY}</p>{table}"}).text
    assert "Region: North; Town: Tolm; Dead: 3" in text


def test_entries_of_a_live_blog_that_the_page_does_not_show_are_read() -> None:
    entries = [{"@type": "BlogPosting", "headline": f"Entry {n}", "articleBody": text} for n, text in
               enumerate((STORY, MORE, LAST))]  # fmt: skip
    linked = {"@type": "LiveBlogPosting", "headline": "Ferry: live", "liveBlogUpdate": entries}
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>'
    text = only(
        "a.html", page(f"<main><h1>Ferry: live</h1><p>{STORY}</p></main>", script, "Ferry: live")
    ).text
    assert all(part in text for part in (STORY, MORE, LAST))


def test_a_byline_without_a_mark_is_read_where_it_stands_alone() -> None:
    body = f"<h1>Ferry sinks</h1><div>By ILSE BRANDT | The Velden Courier</div><div>{BODY}</div>"
    assert only("a.html", page(body)).author == "ILSE BRANDT"


def test_a_story_exported_by_medium_has_its_day_author_and_address() -> None:
    body = f"""<article class="h-entry"><h1 class="p-name">Ferry sinks</h1><section class="e-content">{BODY}</section>
      <footer><p>By <a class="p-author h-card" href="x">Ilse Brandt</a> on <a href="y"><time class="dt-published"
      datetime="2024-03-12T10:00:00Z">March 12</time></a>.</p><a href="https://medium.example/f" class="p-canonical">
      Canonical link</a></footer></article>"""
    article = only("a.html", page(body))
    assert (article.author, article.day, article.url) == (
        "Ilse Brandt",
        "2024-03-12",
        "https://medium.example/f",
    )


# Mail and archives


def test_a_mail_that_passes_on_a_story_is_that_story() -> None:
    mail = f"""From: Desk <desk@courier.example>
Subject: Fwd: Ferry sinks
Date: Wed, 13 Mar 2024 10:00:00 +0100
Content-Type: text/plain; charset=utf-8

FYI

---------- Forwarded message ---------
From: Ilse Brandt <ilse@courier.example>
Date: Tue, 12 Mar 2024 at 10:00
Subject: Ferry sinks

{STORY}
--
Desk, The Velden Courier
Tel. 123 456
"""
    (raw,) = found("a.eml", mail)
    article = clean(raw)
    assert (article.title, article.author, article.day) == ("Ferry sinks", "Ilse Brandt", "2024-03-12")
    assert article.text == STORY
    assert "FYI" in raw.remark


def test_flowed_lines_are_joined_with_lines_of_the_same_depth_only() -> None:
    mail = "From: a@b.example\nSubject: S\nContent-Type: text/plain; format=flowed\n\n> The ferry \n> sank.\nWe know \nmore.\n"
    assert only("a.eml", mail).text.split("\n") == ["> The ferry sank.", "We know more."]


def test_factiva_with_its_codes_on_lines_of_their_own_is_read_by_them() -> None:
    fields = {"HD": "Ferry sinks off Marenka", "BY": "Ilse Brandt", "WC": "20 words", "PD": "12 March 2024",
              "SN": "The Velden Courier", "LA": "English", "LP": STORY, "TD": MORE}  # fmt: skip
    text = (
        "\n".join(f"{name}\n{held}\n" for name, held in fields.items())
        + "\nAN\nDocument VELD000020240312ek3c0000a\n"
    )
    article = only("a.txt", text)
    assert (article.title, article.author, article.outlet) == (
        "Ferry sinks off Marenka",
        "Ilse Brandt",
        "The Velden Courier",
    )
    assert article.text.split("\n") == [STORY, MORE]


def test_factivas_byline_below_the_headline_is_no_part_of_it() -> None:
    text = f"""Ferry sinks off the port of Marenka
Ilse Brandt
20 words
12 March 2024
The Velden Courier
VELD
English
(c) 2024 The Velden Courier

{STORY}

Document VELD000020240312ek3c0000a
"""
    article = only("a.txt", text)
    assert (article.title, article.author) == ("Ferry sinks off the port of Marenka", "Ilse Brandt")


# Texts in pieces


def run(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


@pytest.mark.parametrize(
    "held",
    [
        {"body": [STORY, MORE]},
        {
            "blocks": [
                {"type": "paragraph", "data": {"text": STORY}},
                {"type": "paragraph", "data": {"text": MORE}},
            ]
        },
        {
            "content": {
                "type": "doc",
                "content": [
                    {"type": "paragraph", "content": [run(STORY[:20]), run(STORY[20:])]},
                    {"type": "image", "attrs": {"alt": "x"}},
                    {"type": "paragraph", "content": [run(MORE)]},
                ],
            }
        },
        {
            "body": [
                {"_type": "block", "children": [{"_type": "span", "text": STORY}]},
                {"_type": "block", "children": [{"_type": "span", "text": MORE}]},
            ]
        },
        {
            "body": {
                "nodeType": "document",
                "content": [
                    {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": STORY}]},
                    {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": MORE}]},
                ],
            }
        },
    ],
)
def test_rich_text_kept_as_a_tree_or_a_list_is_paragraphs(held: dict[str, Any]) -> None:
    article = only("a.json", {"title": "Ferry sinks", **held})
    assert (article.title, article.text.split("\n")) == ("Ferry sinks", [STORY, MORE])


def test_records_in_groups_and_within_a_wrapper_are_found() -> None:
    story = {"id": "1", "heading": "Ferry sinks", "articleText": f"<p>{STORY}</p>", "date": "1924-03-12",
             "title": {"id": "3", "title": "The Velden Argus"}, "troveUrl": "https://trove.example/1"}  # fmt: skip
    grouped = {"category": [{"code": "newspaper", "records": {"total": 1, "article": [story]}}]}
    article = only("a.json", grouped)
    assert (article.title, article.outlet, article.text) == ("Ferry sinks", "The Velden Argus", STORY)
    assert only("b.json", {"story": {"heading": "Ferry sinks", "text": STORY}}).title == "Ferry sinks"


def test_a_record_within_a_record_is_no_text_whatever_it_is_called() -> None:
    assert "holds no text" in failure(
        "a.json", {"category": [{"article": [{"headline": "Ferry sinks", "n": 1}]}]}
    )


def test_a_table_says_its_separator_as_excel_writes_it() -> None:
    assert only("a.csv", f"sep=;\ntitle;text;date\nFerry sinks;{STORY};12.03.2024\n").day == "2024-03-12"


def test_json_text_sequences_are_lines_of_json() -> None:
    assert only("a.jsonl", f'\x1e{{"title": "Ferry sinks", "text": "{STORY}"}}\n').text == STORY


def test_facts_below_the_title_of_a_note_are_its_facts() -> None:
    note = f"# Ferry sinks\n\nAuthor: Ilse Brandt\nPublished: March 12, 2024\nURL: https://courier.example/f\n\n{STORY}\n"
    article = only("a.md", note)
    assert (article.title, article.author, article.day) == ("Ferry sinks", "Ilse Brandt", "2024-03-12")
    assert "Author:" not in article.text


def test_a_name_stands_for_the_outlet_where_another_field_has_an_address() -> None:
    article = only(
        "a.md",
        f"---\ntitle: Ferry sinks\nsource: https://courier.example/f\npublisher: Velden Courier\n---\n{STORY}\n",
    )
    assert (article.outlet, article.url) == ("Velden Courier", "https://courier.example/f")


def test_a_table_in_markdown_keeps_its_headings_with_each_row() -> None:
    text = only(
        "a.md",
        f"{STORY}\n\n| Party | Votes |\n|---|---:|\n| Labour | 52,310 |\n| Greens | 41,220 |\n\n{MORE}\n",
    ).text
    assert "Party: Labour; Votes: 52,310\nParty: Greens; Votes: 41,220" in text
    assert "|" not in text


def test_a_weekday_in_a_byline_is_no_outlet() -> None:
    article = only(
        "a.txt", f"Ferry sinks\nBy Ilse Brandt | Velden Courier | Tue 12 Mar 2024 09.15 GMT\n\n{STORY}\n"
    )
    assert (article.author, article.outlet) == ("Ilse Brandt", "Velden Courier")
    assert article.published == "2024-03-12T09:15:00+00:00"


def test_an_opendocument_text_that_is_stored_unpacked_is_read() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", f"<office:document-content xmlns:office='o' xmlns:text='t'><office:body><office:text>"
                         f"<text:p>{STORY}</text:p></office:text></office:body></office:document-content>")  # fmt: skip
    assert only("a.odt", held.getvalue()).text == STORY


def test_rtf_leaves_out_what_is_hidden_and_keeps_tables_by_their_headings() -> None:
    rtf = r"{\rtf1\ansi {\v a secret}The ferry sank.\v more\v0  It was Tuesday.\par\trowd Party\cell Votes\cell\row\trowd Labour\cell 52,310\cell\row}"
    text = only("a.rtf", rtf).text
    assert "secret" not in text and "more" not in text
    assert "Party: Labour; Votes: 52,310" in text


# What browsers and crawlers keep


def web_archive(*pages: tuple[str, list[tuple[str, str]], bytes]) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    held = io.BytesIO()
    writer = WARCWriter(held, gzip=True)
    for address, headers, body in pages:
        status = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
        record = writer.create_warc_record(address, "response", payload=io.BytesIO(body), http_headers=status)
        writer.write_record(record)
    return held.getvalue()


def test_pages_packed_with_brotli_are_read_and_so_are_those_behind_them() -> None:
    import brotli

    whole = page(f"<article>{BODY}</article>").encode()
    packed = [("Content-Encoding", "br")]
    data = web_archive(
        ("https://a.example/1", packed, brotli.compress(whole)), ("https://a.example/2", [], whole)
    )
    assert [each.url for each in articles("a.warc.gz", data)] == [
        "https://a.example/1",
        "https://a.example/2",
    ]
    huge = brotli.compress(b"<p>" + b"word " * 8_000_000)
    bomb, after = found(
        "a.warc.gz", web_archive(("https://a.example/1", packed, huge), ("https://a.example/2", [], whole))
    )
    assert isinstance(bomb, Failure) and "larger than" in bomb.reason
    assert isinstance(after, RawArticle)


def test_what_a_browser_recorded_gives_its_pages() -> None:
    content = {"mimeType": "text/html; charset=utf-8", "text": page(f"<article>{BODY}</article>")}
    script = {"mimeType": "text/javascript", "text": "var a"}
    entries = [
        {"request": {"url": f"https://a.example/{n}"}, "response": {"status": 200, "content": held}}
        for n, held in enumerate((content, script))
    ]
    article = only("a.har", {"log": {"version": "1.2", "entries": entries}})
    assert article.url == "https://a.example/0" and STORY in article.text


def test_what_is_packed_in_a_way_nobody_reads_says_how_to_unpack_it() -> None:
    assert "zstd -d" in failure("crawl.warc.zst", b"\x28\xb5\x2f\xfd" + bytes(100))


# Downloads of press archives as pages and labelled texts


def test_downloads_of_europresse_are_an_article_each() -> None:
    def one(title: str, day: str) -> str:
        return (
            f"<article><header><span class='DocPublicationName'>Velden Courier</span><span class='DocHeader'>News, {day}, "
            f"p. 4</span><p class='titreArticleVisu rdp__articletitle'>{title}</p></header>"
            f"<div class='docOcurrContainer'>{BODY}</div></article>"
        )

    html = f"<html><head><title>Europresse</title></head><body>{one('Ferry sinks', 'Tuesday 12 March 2024')}{one('Divers search', 'March 15, 2024')}</body></html>"
    first, second = articles("a.html", html)
    assert (first.title, first.outlet, first.day) == ("Ferry sinks", "Velden Courier", "2024-03-12")
    assert (second.title, second.day) == ("Divers search", "2024-03-15")


def test_a_nexis_download_as_a_page_is_read_as_its_text_is() -> None:
    parts = ["1 of 1 DOCUMENT", "Velden Courier", "March 12, 2024 Tuesday", "Ferry sinks", "BYLINE: Ilse Brandt",
             "LENGTH: 40 words", STORY, MORE, "LOAD-DATE: March 13, 2024"]  # fmt: skip
    article = only(
        "a.html", f"<html><body>{''.join(f'<div><p>{part}</p></div>' for part in parts)}</body></html>"
    )
    assert (article.title, article.outlet, article.author) == ("Ferry sinks", "Velden Courier", "Ilse Brandt")
    assert article.day == "2024-03-12"
    assert article.text.split("\n\n") == [STORY, MORE]


def test_newsbank_records_are_an_article_each_without_their_labels() -> None:
    def record(title: str, number: int) -> str:
        return (
            f"{title}\n\nVelden Courier, The (Velden) - March 12, 2024\nAuthor/Byline: Ilse Brandt\nEdition: Final\n"
            f"Page: A4\n\n{STORY}\n\n{MORE}\n\nRecord Number: {number}\nCopyright (c) 2024 Velden Courier\n\n"
        )

    first, second = articles("a.txt", record("Ferry sinks", 1) + record("Divers search", 2))
    assert (first.title, first.outlet, first.author) == ("Ferry sinks", "The Velden Courier", "Ilse Brandt")
    assert (second.title, second.day) == ("Divers search", "2024-03-12")
    assert first.text.split("\n") == second.text.split("\n") == [STORY, MORE]


def test_labelled_facts_above_a_full_text_are_facts() -> None:
    text = f"Title: Ferry sinks\nAuthors: Brandt, Ilse\nSource: Velden Courier. 3/12/2024, p4.\nFull Text: {STORY}\n"
    article = only("a.txt", text)
    assert (article.title, article.author, article.outlet) == ("Ferry sinks", "Ilse Brandt", "Velden Courier")
    assert (article.text, article.day) == (STORY, "2024-03-12")


def test_another_whole_story_on_a_page_is_reported() -> None:
    stories = [[f"Of the {kind} there was much to be told in the town of Velden that day, number {n} of its papers wrote." for n in
                range(6)] for kind in ("ferry", "bakery")]  # fmt: skip
    html = "".join(
        f"<article><h2>{s[0][7:12]}</h2>{''.join(f'<p>{p}</p>' for p in s)}</article>" for s in stories
    )
    (raw,) = found("a.html", page(html, title="Archive"))
    read = sum(story[0] in raw.text for story in stories)
    assert read == 2 or "1 other story" in raw.remark
    teaser = f"<article><h2>Other</h2><p>{LAST}</p></article>"
    (raw,) = found("a.html", page(f"<article>{BODY}</article>{teaser}"))
    assert raw.remark is None


# Layout and timed text


STYLED = (
    f"<Story><ParagraphStyleRange><CharacterStyleRange><Content>{STORY[:30]}</Content></CharacterStyleRange>"
    f"<CharacterStyleRange><Content>{STORY[30:]}</Content><Br/></CharacterStyleRange></ParagraphStyleRange>"
    f"<ParagraphStyleRange><CharacterStyleRange><Content>{MORE}</Content></CharacterStyleRange></ParagraphStyleRange></Story>"
)


def test_stories_of_indesign_are_whole_paragraphs_and_page_numbers_are_no_stories() -> None:
    assert only("a.icml", f"<?xml version='1.0'?><Document>{STYLED}</Document>").text.split("\n") == [
        STORY,
        MORE,
    ]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("designmap.xml", "<Document/>")
        archive.writestr("Stories/Story_u1.xml", f"<i:Story xmlns:i='x'>{STYLED}</i:Story>")
        archive.writestr(
            "Stories/Story_u2.xml",
            "<i:Story xmlns:i='x'><Story><ParagraphStyleRange><Content>4</Content></ParagraphStyleRange></Story></i:Story>",
        )
    assert only("a.idml", held.getvalue()).text.split("\n") == [STORY, MORE]


def test_timed_text_is_read_on_over_its_lines_whatever_the_files_name() -> None:
    tt = f"<tt xmlns='http://www.w3.org/ns/ttml'><body><div><p begin='1s'>{STORY[:44]}</p><p begin='4s'>{STORY[45:]}</p></div></body></tt>"
    assert only("a.ttml", tt).text == only("captions", tt).text == STORY


def test_a_document_in_xml_without_named_texts_is_its_paragraphs() -> None:
    book = f"<article xmlns='http://docbook.org/ns/docbook'><title>Ferry sinks</title><para>{STORY}</para><para>{MORE}</para></article>"
    article = only("a.docbook", book)
    assert (article.title, article.text.split("\n")) == ("Ferry sinks", [STORY, MORE])


def test_words_in_angle_brackets_are_no_xml() -> None:
    assert only("chat.log", f"<ilse> {STORY}\n<per> {MORE}\n").text.startswith("<ilse> A ferry")


def test_the_last_line_of_a_wire_gives_its_moment_behind_a_control_character_too() -> None:
    wire = f"\x16\x16\x01a1000\x1f\r\nr i \x13 bc-ferry 03-12 0180\r\n^BC-Ferry,0180<\r\n^Ferry sinks<\r\n\t{STORY}\r\n\x03NNA-WS-03-12-24 1014CDT<\r\n"
    assert only("a.tst", wire).published == "2024-03-12T10:14:00-05:00"


# Facts of pages as their templates write them


def linked(held: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(held)}</script>'


@pytest.mark.parametrize(
    "head",
    [
        linked(
            {
                "@type": "WebPage",
                "mainEntity": {
                    "@type": "NewsArticle",
                    "headline": "Ferry sinks",
                    "datePublished": "2024-03-12T09:00:00+01:00",
                },
            }
        ),
        '<script type="application/ld+json">{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Ferry sinks&quot;,&quot;datePublished&quot;:&quot;2024-03-12T09:00:00+01:00&quot;}</script>',
        '<meta property="article:published_time" content="2024-03-12T09:00:00GMT+0100">',
    ],
)
def test_the_day_is_read_wherever_a_template_puts_it(head: str) -> None:
    assert (
        only("a.html", page(f"<article><h1>Ferry sinks</h1>{BODY}</article>", head)).published
        == "2024-03-12T09:00:00+01:00"
    )


@pytest.mark.parametrize(
    ("line", "language", "published"),
    [
        ("Posted by Ilse Brandt on March 12, 2024 at 9:15pm", "en", "2024-03-12T21:15:00"),
        ("Veröffentlicht am 03.05.2024 um 09:15 Uhr", "de", "2024-05-03T09:15:00"),
        ("Publié le 03/05/2024 à 09h15", "fr", "2024-05-03T09:15:00"),
    ],
)
def test_the_day_beside_the_word_for_published_is_the_pages(line: str, language: str, published: str) -> None:
    html = page(f"<article><h1>Ferry sinks</h1><p class='meta'>{line}</p>{BODY}</article>")
    assert only("a.html", html.replace("lang='en'", f"lang='{language}'")).published == published


def test_an_article_that_only_json_ld_holds_keeps_its_paragraphs() -> None:
    held = {"@type": "NewsArticle", "headline": "Ferry sinks", "articleBody": f"{STORY}\n\n{MORE}\n\n{LAST}"}
    text = only("a.html", page('<div id="app"></div>', linked(held))).text
    assert [line for line in text.split("\n") if line] == [STORY, MORE, LAST]


def test_captions_of_wordpress_stand_apart() -> None:
    picture = '<div class="wp-caption"><img><p class="wp-caption-text">Divers at work near the wreck on Friday.</p></div>'
    text = only("a.html", page(f"<article><h1>Ferry sinks</h1>{BODY}{picture}</article>")).text
    assert "[Picture] Divers at work near the wreck on Friday." in text.split("\n")


# Publishing systems


def test_apple_news_gives_the_words_of_its_components_by_their_roles() -> None:
    article = only("article.json", {
        "version": "1.7", "identifier": "v-1", "title": "Ferry sinks", "language": "en",
        "metadata": {"authors": ["Ilse Brandt"], "datePublished": "2024-03-12T10:00:00Z"},
        "components": [
            {"role": "title", "text": "Ferry sinks"},
            {"role": "section", "components": [{"role": "body", "format": "markdown", "text": f"**A ferry** sank.\n\n{MORE}"}]},
            {"role": "caption", "text": "Divers at work near the wreck."},
            {"role": "body", "format": "html", "text": f"<p>{LAST}</p>"},
        ],
    })  # fmt: skip
    assert (article.title, article.author, article.day) == ("Ferry sinks", "Ilse Brandt", "2024-03-12")
    assert article.text.split("\n\n")[0].split("\n") == ["A ferry sank.", MORE, LAST]
    assert "[Picture] Divers at work near the wreck." in article.text


def test_posts_of_movable_type_are_articles_and_its_drafts_are_held_back() -> None:
    def post(title: str, status: str) -> str:
        return (
            f"AUTHOR: Ilse Brandt\nTITLE: {title}\nSTATUS: {status}\nDATE: 03/12/2024 10:00:00 AM\n-----\nBODY:\n<p>{STORY}</p>\n"
            f"-----\nEXTENDED BODY:\n<p>{MORE}</p>\n-----\nCOMMENT:\nAUTHOR: Reader\nNo!\n-----\n--------\n"
        )

    out, draft = found("posts.txt", post("Ferry sinks", "Publish") + post("Not out", "Draft"))
    article = clean(out)
    assert (article.title, article.author, article.published) == (
        "Ferry sinks",
        "Ilse Brandt",
        "2024-03-12T10:00:00",
    )
    assert article.text.split("\n\n") == [STORY, MORE]
    assert why_held(draft)


def test_xml_of_newspapers_systems_is_read_by_its_names_also_below_a_doc() -> None:
    doc = f"<?xml version='1.0'?><doc><story><headline><p>Ferry sinks</p></headline><byline>Ilse Brandt</byline><text><p>{STORY}</p><p>{MORE}</p></text></story></doc>"
    article = only("a.xml", doc)
    assert (article.title, article.author) == ("Ferry sinks", "Ilse Brandt")
    assert article.text.split("\n") == [STORY, MORE]
    prism = f"<pam:message xmlns:pam='p' xmlns:dc='d'><pam:article><head><dc:title>Ferry sinks</dc:title><dc:creator>Ilse Brandt</dc:creator></head><body><p>{STORY}</p></body></pam:article></pam:message>"
    assert (only("b.xml", prism).title, only("b.xml", prism).author) == ("Ferry sinks", "Ilse Brandt")


def test_what_does_not_begin_as_a_web_archive_is_not_read_through() -> None:
    """500 MB of something else took minutes: a record was looked for in all of it."""

    class Zeros(io.BytesIO):
        given = 0

        def read(self, size: int | None = -1) -> bytes:
            self.given += max(size or 0, 0)
            assert self.given < 100_000, "it goes on reading"
            return bytes(max(size or 0, 0))

    with pytest.raises(LoadError, match="It is no web archive"):
        list(read_warc(Zeros(), "zeros.warc", read_other=lambda *_: iter(())))
