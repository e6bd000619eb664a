"""What the page is made of: HTML and Markdown from answers and articles, and what a reader's actions do."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Generator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import QuestionError
from qa.surfaces.api import Endpoints
from qa.surfaces.archive import Access
from qa.surfaces.html.answer import answer_html, places, question_html, welcome_html
from qa.surfaces.html.article import article_html
from qa.surfaces.html.articles import articles_html, masthead_html, report_html
from qa.surfaces.html.keep import as_markdown, conversation_markdown, conversation_text, quote_text
from qa.surfaces.html.render import escape, safe_link, span_in_words, years_in_words
from qa.surfaces.server import main
from qa.types import REPORTS_DIFFER, Answer, Article, Citation, Finding, Line, Passage, Quote, Span

if TYPE_CHECKING:
    from qa.desk import Assistant

TEXT = (
    "Two bridges were closed.\nMayor Ada Quill closed the <b>Old</b> Bridge in Ely. Nobody was hurt.\n"
    "The bridge opens again in May."
)
HOSTILE = "<script>x</script><img src=x onerror=x>\"'`{{value}}${x}[x](javascript:x)"


def article(**fields: Any) -> Article:
    known = {
        "id": "ely.txt",
        "revision": "r1",
        "url": "https://example.org/ely",
        "title": "Bridges closed",
        "outlet": "Test Gazette",
        "author": None,
        "published": "2025-04-20",
        "text": TEXT,
    }
    return Article(**{**known, **fields})


def span(words: str, of: Article) -> Span:
    start = of.text.index(words)
    return Span(Passage(of.id, 0, len(of.text), of.text), start, start + len(words), 0.9)


def answer(of: Article, *, sources: int = 1, columns: tuple[str, ...] = ("who", "where")) -> Answer:
    sentence = "Mayor Ada Quill closed the <b>Old</b> Bridge in Ely."
    start = of.text.index(sentence)
    words = {"who": "Mayor Ada Quill", "where": "Ely"}
    values = {name: span(words[name], of) for name in columns}
    return Answer(
        question="Who closed what, and where?",
        searched="Who closed what, and where?",
        status="answered",
        text=f"{', '.join(words[name] for name in columns)}: “{sentence}” [1]",
        lines=(Line(", ".join(words[name] for name in columns), (1,), words[columns[0]]),),
        findings=(Finding(values, (1,), sources),),
        citations=(Citation(1, Quote(of, start, start + len(sentence))),),
        as_of="2025-04-20",
    )


class Elements(HTMLParser):
    """The elements of some HTML, with their attributes, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def marked(source: str) -> list[str]:
    return [html.unescape(text) for text in re.findall(r"<mark[^>]*>(.*?)</mark>", source, re.DOTALL)]


# Answers


def test_each_value_is_marked_in_its_sentence() -> None:
    assert marked(answer_html(answer(article()).to_dict())) == ["Mayor Ada Quill", "Ely"]


def test_a_compound_answer_is_a_table_and_a_single_value_is_large() -> None:
    compound = answer_html(answer(article()).to_dict())
    single = answer_html(answer(article(), columns=("who",)).to_dict())
    assert "<table" in compound
    assert 'class="lead"' not in compound
    assert "<table" not in single
    assert '<p class="lead">Mayor Ada Quill</p>' in single


def test_a_citation_knows_where_it_leads() -> None:
    elements = Elements(answer_html(answer(article()).to_dict())).found
    cite = next(attributes for tag, attributes in elements if attributes.get("class") == "cite")
    start, end = int(cite["data-start"] or ""), int(cite["data-end"] or "")
    assert TEXT[start:end] == "Mayor Ada Quill closed the <b>Old</b> Bridge in Ely."
    assert (cite["data-article-id"], cite["data-revision"]) == ("ely.txt", "r1")
    assert "Bridges closed" in (cite["aria-label"] or "")


def test_independent_sources_are_counted_only_when_there_are_several() -> None:
    assert "2 independent sources" in answer_html(answer(article(), sources=2).to_dict())
    assert "independent" not in answer_html(answer(article()).to_dict())


def test_the_searched_question_is_shown_only_when_it_differs() -> None:
    plain = answer(article()).to_dict()
    assert "Searched for" not in answer_html(plain)
    assert "Searched for: Who closed it?" in answer_html({**plain, "searched": "Who closed it?"})


def test_what_a_chat_model_wrote_says_so_and_stands_above_its_quotes() -> None:
    row = answer(article()).to_dict()
    prose = "Mayor <i>Quill</i> closed the bridge [1]."
    shown = answer_html({**row, "text": prose, "written_by": "m at <host>"})
    text = Elements(shown).text
    assert "Mayor <i>Quill</i> closed the bridge" in text
    assert "Written by m at <host>" in text
    assert shown.index("Written by") < shown.index("<blockquote>")
    assert marked(shown) == ["Mayor Ada Quill", "Ely"]


def test_why_a_chat_model_was_not_used_stands_below_the_answer() -> None:
    shown = answer_html({**answer(article()).to_dict(), "notice": "It was <slow>."})
    assert "It was <slow>." in Elements(shown).text
    assert shown.index("<blockquote>") < shown.index("It was")


def test_reports_that_differ_are_seen_at_a_glance() -> None:
    row = answer(article(), columns=("who",)).to_dict()
    shown = answer_html({**row, "opening": ["As of 20 April 2025:", REPORTS_DIFFER]})
    assert "Reports differ" in shown
    assert "As of 20 April 2025" in shown


def test_not_found_says_so_and_shows_what_is_closest() -> None:
    near = Quote(article(), 0, 24)
    shown = answer_html(
        Answer(
            "x", "x", "not_found", opening=("No answer to that was found in the articles.",), closest=(near,)
        ).to_dict()
    )
    assert "No answer to that was found in the articles." in shown
    assert "“Two bridges were closed.”" in shown


def test_what_may_answer_the_rest_stands_below_the_findings() -> None:
    row = answer(article(), columns=("who",)).to_dict()
    left = Quote(article(), 0, 24).to_dict()
    shown = answer_html({**row, "closest": [left], "opening": ["Not sure of this: How many?"]})
    assert "How many? This may answer it:" in shown
    assert shown.index("This may answer it:") > shown.index("finding")
    assert "“Two bridges were closed.”" in shown
    assert "This may answer it:" not in answer_html(row)


def test_the_words_that_may_answer_are_marked_in_their_sentence() -> None:
    near = Quote(article(), 0, 24, likely=(0, 11))
    shown = answer_html(Answer("x", "x", "unsure", closest=(near,)).to_dict())
    assert '“<mark title="May answer">Two bridges</mark> were closed.”' in shown


def test_a_growing_answer_shows_the_words_so_far() -> None:
    row = answer(article(), columns=("who",)).to_dict()
    shown = answer_html({**row, "text": "Mayor Ada Quill: “Mayor Ada", "findings": []}, whole=False)
    assert Elements(shown).text.strip() == "Mayor Ada Quill“Mayor Ada"


# Nothing is run


@pytest.mark.parametrize("field", ["title", "outlet", "url", "id"])
def test_hostile_fields_of_an_article_stay_text_in_answers(field: str) -> None:
    hostile = article(**{field: HOSTILE})
    allowed = {"div", "table", "thead", "tbody", "tr", "th", "td", "section", "figure", "blockquote"}
    allowed |= {"figcaption", "mark", "button", "span", "p", "ol", "li"}
    for tag, attributes in Elements(answer_html(answer(hostile).to_dict())).found:
        assert tag in allowed
        assert not any(name.startswith("on") for name in attributes)


@given(st.text())
def test_escaped_text_reads_as_it_was_and_holds_no_template(text: str) -> None:
    escaped = escape(text)
    assert html.unescape(escaped) == html.unescape(html.escape(text))
    assert not set(escaped) & set("<>\"'{}$")


@given(st.text(alphabet="<b>/&\"'{$}\n word"), st.integers(0, 40), st.integers(0, 40))
def test_any_article_is_shown_whole_with_only_the_quoted_words_marked(text: str, a: int, b: int) -> None:
    start, end = min(a, b), max(a, b)
    shown = article_html(article(text=text, url=None), (start, end))
    body = shown[shown.index('<div class="source-body">') :]
    assert "".join(Elements(body).text.split()) == "".join(text.split())
    assert "".join("".join(marked(body)).split()) == "".join(text[start:end].split())


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//x", ""]
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert safe_link(url) is None
    assert "href" not in article_html(article(url=url))


def test_a_question_is_shown_as_typed() -> None:
    assert Elements(question_html(HOSTILE)).text.strip() == HOSTILE


def test_file_names_and_reasons_in_a_report_stay_text() -> None:
    report = {
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
        "failed": [{"source": HOSTILE, "reason": "<i>no</i>"}],
        "passed_over": [],
        "remarks": [{"source": "a.zip", "reason": HOSTILE}],
    }
    came = [{"id": HOSTILE, "revision": "r", "title": HOSTILE}]
    shown = Elements(report_html(report, came=came))
    assert shown.text.count(HOSTILE) == 3 and "<i>no</i>" in shown.text
    assert {tag for tag, _ in shown.found} <= {"div", "p", "ul", "li", "b", "button"}


def test_a_saved_conversation_has_its_quotes_and_runs_nothing() -> None:
    row = answer(article()).to_dict()
    saved = conversation_markdown([{**row, "question": "# <script>x</script> [x](javascript:x)"}])
    assert "<https://example.org/ely>" in saved
    assert r"\<b>Old\</b>" in saved
    assert not re.search(r"(?<!\\)<script", saved)
    assert "](" not in saved.replace("\\](", "")


def test_a_quote_to_take_along_names_outlet_day_and_address() -> None:
    (citation,) = answer(article()).to_dict()["citations"]
    told = quote_text({**citation, "quote": 'He said "yes" to it.'})
    assert told == "“He said ‘yes’ to it.”, Test Gazette, 20 April 2025, https://example.org/ely"


def test_a_saved_conversation_quotes_each_sentence_once() -> None:
    row = answer(article()).to_dict()
    for saved in (conversation_markdown([row]), conversation_text([row])):
        assert saved.count("Mayor Ada Quill closed the") == 1


@given(st.text(alphabet="*_`#>+-=1.) [a\\\n", min_size=1))
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    from markdown_it import MarkdownIt

    shown = Elements(MarkdownIt().render(as_markdown(text))).text
    assert shown.split() == text.split()


def test_all_quotes_of_an_answer_are_marked_and_the_asked_one_more_so() -> None:
    first, second = (0, 24), (TEXT.index("Nobody"), TEXT.index("Nobody") + 16)
    shown = article_html(article(), second, [first, second])
    assert re.findall(r'<mark class="([^"]*)"[^>]*>(.*?)</mark>', shown) == [
        ("quoted", "Two bridges were closed."),
        ("quoted now", "Nobody was hurt."),
    ]


@pytest.mark.parametrize("first", ["Bridges closed", "Sunday, April 20, 2025", "BRIDGES  CLOSED"])
def test_a_first_line_that_repeats_headline_or_day_is_left_out_unless_quoted(first: str) -> None:
    of = article(text=f"{first}\nTwo bridges were closed.")
    assert first not in Elements(article_html(of)).text.split("Ask only")[1]
    assert first in Elements(article_html(of, (0, len(first)))).text.split("Ask only")[1]


def test_a_sentence_that_stands_above_is_not_repeated_in_full() -> None:
    row = answer(article(), columns=("who",)).to_dict()
    assert "<details" not in answer_html(row)
    assert "<details" in answer_html(row, above=places(row))


def test_as_of_is_the_day_of_the_newest_article_shown() -> None:
    row = answer(article(), columns=("who",)).to_dict()
    shown = Elements(answer_html({**row, "opening": ["As of 28 November 2026:"]})).text
    assert "As of 20 April 2025" in shown
    assert "2026" not in shown


def test_an_unsure_answer_looks_like_none() -> None:
    shown = answer_html(Answer("x", "x", "unsure", closest=(Quote(article(), 0, 24),)).to_dict())
    assert "Not sure" in shown
    assert "none-found" not in shown


def test_the_scope_is_said_in_the_same_words_on_chips_and_answers() -> None:
    from qa.surfaces.page.scope import chips_html, scope_of, scope_words, within

    scope = scope_of(["BBC"], "2025-03-01", "", [{"id": "a", "title": "Ely mourns"}])
    assert scope_words(scope) == "Only BBC · from 1 March 2025 · “Ely mourns”"
    for words in ("BBC", "from 1 March 2025", "“Ely mourns”"):
        assert words in Elements(chips_html(scope)).text
    assert within(scope) == {"outlet": ["BBC"], "since": "2025-03-01", "until": None, "articles": ["a"]}
    nothing = scope_of(None, None, None, None)
    assert (scope_words(nothing), chips_html(nothing).strip()) == ("", "")


def test_while_articles_are_added_the_conversation_says_so(own_data: Path) -> None:
    import gradio as gr

    import qa
    from qa.surfaces.page.ask import GROWING, Ask
    from qa.surfaces.page.collection import Collection
    from qa.surfaces.page.starters import Starters

    with qa.open(own_data) as desk, gr.Blocks():
        endpoints = Endpoints(desk)
        collection = Collection(endpoints)
        ask = Ask(endpoints, collection, Starters(endpoints), desk.kept)

        def asked() -> tuple[str, Any]:
            steps = list(ask.ask("Who was killed?", [], [], "", "", []))
            (last,) = steps[-1][2]
            return steps[0][1][-1]["content"].value, last.get("notice")

        assert not collection.growing
        of = desk.article(desk.articles()[0]["id"])
        with desk.store.writing():
            passages = desk.store.passages(of.id)
            vectors = desk.engine.embed([passage.text for passage in passages])
            new = replace(of, id="new", revision="new")
            desk.store.add(new, [replace(one, article_id="new") for one in passages], vectors)
            thinking, notice = asked()
            assert "being added" in thinking and notice == GROWING
            desk.store.commit()
        thinking, notice = asked()
        assert "being added" not in thinking and notice is None


def test_an_empty_store_says_how_to_begin() -> None:
    assert "are being read" in welcome_html(has_articles=False, can_add=True, growing=True)
    assert "Add articles to begin" in welcome_html(has_articles=False, can_add=True)
    assert "python ingest.py" in welcome_html(has_articles=False, can_add=False)
    assert "What would you like to know?" in welcome_html()


# The collection


def test_the_masthead_says_what_the_collection_covers() -> None:
    assert span_in_words(date(2025, 4, 20), date(2025, 5, 1)) == "20 April 2025 – 1 May 2025"
    assert span_in_words(date(2025, 4, 20), date(2025, 4, 20)) == "20 April 2025"
    assert "1 article<" in masthead_html(count=1, span="")
    assert "7,707 articles" in masthead_html(count=7707, span="")
    assert years_in_words(date(2006, 1, 12), date(2023, 2, 23)) == "2006–2023"
    assert "43 dated 2006–2023" in masthead_html(count=243, dated=43, span="2006–2023")
    assert "dated" not in masthead_html(count=43, dated=43, span="2006–2023")


def test_articles_can_be_removed_only_where_that_is_allowed() -> None:
    row = {"id": "a", "revision": "r", "title": "T", "outlet": None, "published": None}
    found = {"articles": [row], "total": 51, "page": 2, "pages": 2}
    for can_write in (True, False):
        shown = articles_html(found, can_write=can_write)
        assert all((name in shown) == can_write for name in ("Remove", "Set its day"))
        assert "51 articles, page 2 of 2" in shown


# The page over a real desk


def test_the_page_of_a_reader_who_may_not_write_has_no_form(desk: Assistant) -> None:
    from qa.surfaces.page.build import build

    def labels(access: Access) -> set[str]:
        blocks = build(Endpoints(desk, access)).blocks.values()
        return {str(getattr(block, "label", "")) for block in blocks}

    assert "Add articles" in labels(Access())
    assert "Add articles" not in labels(Access(write=False, paths=False))


def test_what_a_browser_keeps_of_the_news_is_written_in_the_order_that_it_was_asked_for(
    desk: Assistant,
) -> None:
    """Gradio's queue takes waiting events of different kinds in any order: a topic that is followed while the
    tab opens was forgotten when its opening came to an end later."""
    from qa.surfaces.page.build import build
    from qa.surfaces.page.news import FOLLOWED, SEEN

    page = build(Endpoints(desk, Access()))
    written = [
        step
        for step in page.fns.values()
        if any(getattr(one, "storage_key", None) in (SEEN, FOLLOWED) for one in step.outputs)
    ]
    assert {step.name for step in written} >= {"arrive", "open", "follow", "unfollow"}
    assert {(step.concurrency_id, step.concurrency_limit) for step in written} == {("news", 1)}


def test_only_questions_that_the_articles_answer_are_offered(desk: Assistant) -> None:
    from qa.surfaces.page.starters import CANDIDATES, Starters

    starters = Starters(Endpoints(desk))
    starters.prepare()
    for _ in range(600):
        if starters.known:
            break
        time.sleep(0.1)
    assert starters.known
    assert 0 < len(starters.ready()) < len(CANDIDATES)
    assert all(desk.ask(one.question).status == "answered" for one in starters.ready())
    assert {one.day for one in starters.ready()} == {"2025-04-25"}


def test_feedback_names_the_answer_that_it_is_about(tmp_path: Path) -> None:
    from qa.store.kept import Kept
    from qa.surfaces.page.feedback import FEEDBACK_FILE, Feedback

    kept = Kept(tmp_path)
    feedback = Feedback(tmp_path, kept)
    name = str(kept.keep({"question": "who?"}))
    assert feedback.judge(name, "Wrong")
    assert not feedback.judge("unknown", "Wrong")
    assert not feedback.judge(name, "<b>")
    (line,) = (tmp_path / FEEDBACK_FILE).read_text().splitlines()
    row = json.loads(line)
    assert (row["feedback"], row["answer"]["question"]) == ("Wrong", "who?")


def test_help_is_quick_and_wrong_use_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--port", "many"])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_what_is_offered_next_is_answered_and_waits_for_readers(desk: Assistant) -> None:
    from qa.surfaces.page.next import Next

    endpoints = Endpoints(desk)
    log = [desk.ask("How many people were injured in Kyiv?").to_dict()]
    offered = Next(endpoints).after(log, {})
    assert offered
    assert all(desk.ask(question, history=log).status == "answered" for question in offered)
    reader = endpoints.answers("Who was injured?")
    next(reader)
    assert Next(endpoints).after(log, {}) == []
    reader.close()
    assert endpoints.asking == 0


def test_work_begins_before_its_first_outcome_is_asked_for_and_is_over_when_it_is_left() -> None:
    from qa.surfaces.page.parts import begun

    started, closed = Event(), Event()

    def items() -> Generator[int, None, None]:
        started.set()
        try:
            yield from range(3)
        finally:
            closed.set()

    with begun(items()) as found:
        assert started.wait(5)
        assert list(found) == [0, 1, 2]
    closed.clear()
    with begun(items()):
        pass  # a question that is stopped before it shows anything
    assert closed.is_set()

    def fails() -> Generator[int, None, None]:
        yield from ()
        raise QuestionError("none")

    with pytest.raises(QuestionError), begun(fails()) as found:
        list(found)
