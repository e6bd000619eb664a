"""The Gradio page: the chat, the article beside it, the list of articles, and the named endpoints under it.

Takes endpoints over an Assistant, gives Gradio Blocks. HTML comes from `render`, looks from `static/`.
Knows nothing about ports, hosts and logins; those are `serve`'s.
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from qa.errors import QAError
from qa.question.follow_up import follow_ups
from qa.surfaces.api import ASKED_AT_ONCE, Endpoints, pasted, publish, turns, uploaded
from qa.surfaces.html import (
    answer_html,
    article_html,
    articles_html,
    conversation_markdown,
    day_in_words,
    escape,
    hits_html,
    masthead_html,
    notice_html,
    question_html,
    report_html,
    span_in_words,
    thinking_html,
    timeline_html,
    timeline_markdown,
    welcome_html,
)

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when Gradio is imported
import gradio as gr

STATIC = Path(__file__).parent / "static"
TURNS_KEPT = 40  # of a conversation, in the browser; localStorage holds 5 MB and an answer takes up to 50 kB
QUESTION_SHOWN = 600  # characters of a question in the chat; what is longer is no question
LISTED = 100  # articles in the list; more are found by searching
FOUND = 20  # passages that a search in the list shows
BARS = ((92, "1d"), (730, "7d"), (10**9, "30d"))  # longest span in days, width of a bar
EXAMPLES = 4  # questions that the empty chat offers
EXAMPLES_S = 2.0  # how often a page asks whether they are known; until then only
FEEDBACK_FILE = "feedback.jsonl"  # in the store's folder
FEEDBACK = ("Right", "Wrong", "Wrong source")
STORAGE = "dateline"  # localStorage key; its content is the reader's own and no secret
EVERY_OUTLET = "Every outlet"
ASK = "Ask"

# Asked in the background to offer those that the articles answer.
CANDIDATES = (
    "Who was killed and where?",
    "How many people were injured?",
    "Who claimed responsibility?",
    "Who is meeting whom?",
    "Who won?",
    "What was announced?",
    "Who was arrested?",
)

PROGRESS = gr.Progress()  # a default of this type is how Gradio hands one over

Answers = Sequence[Mapping[str, Any]]


def build(endpoints: Endpoints) -> Any:
    """The page over an assistant, as Gradio Blocks that know their own looks when they are launched."""
    with gr.Blocks(title="Dateline", analytics_enabled=False) as demo:
        publish(endpoints)  # first, so that the names are theirs
        _Page(endpoints, demo).draw()
    demo.queue(default_concurrency_limit=4, max_size=256)
    demo.launch = partial(demo.launch, **looks())
    return demo


def looks() -> dict[str, Any]:
    """Options of `launch` that say how the page looks. Fonts are the system's: nothing is fetched."""
    sans = ("ui-sans-serif", "system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
    theme = gr.themes.Base(
        primary_hue="stone",
        neutral_hue="stone",
        radius_size="sm",
        font=sans,
        font_mono=("ui-monospace", "Menlo", "Consolas", "monospace"),
    )
    theme.set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#181614",
        body_text_color="#1d1a17",
        body_text_color_dark="#ebe6de",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#211e1b",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_label_text_color="#665e55",
        block_label_text_color_dark="#aaa196",
        block_title_text_color="#665e55",
        block_title_text_color_dark="#aaa196",
        border_color_primary="#e2ddd4",
        border_color_primary_dark="#3a342e",
        input_background_fill="#ffffff",
        input_background_fill_dark="#211e1b",
        button_primary_background_fill="#1d1a17",
        button_primary_background_fill_dark="#ebe6de",
        button_primary_text_color="#faf9f6",
        button_primary_text_color_dark="#181614",
        color_accent="#8c3a10",
    )
    return {
        "theme": theme,
        "css": (STATIC / "page.css").read_text(),
        "head": '<meta name="color-scheme" content="light dark">',
        "footer_links": ["api"],
        "run_history": False,
        "ssr_mode": False,
        "favicon_path": STATIC / "icon.png",
    }


class _Page:
    """Components and what happens when they are used."""

    def __init__(self, endpoints: Endpoints, blocks: Any) -> None:
        self.endpoints = endpoints
        self.desk = endpoints.desk
        self.blocks = blocks
        self.examples = Examples(endpoints)
        self.judged: dict[str, Any] = {}  # the last feedback that was kept

    # What stands where

    def draw(self) -> None:
        self.soon = gr.Timer(EXAMPLES_S)
        self.log = gr.BrowserState([], storage_key=STORAGE, secret=STORAGE)
        self.masthead = gr.HTML(self._masthead(), elem_id="masthead", apply_default_css=False)
        with gr.Row(elem_id="desk", equal_height=False):
            with gr.Column(elem_id="main", min_width=0), gr.Tabs(elem_id="tabs"):
                with gr.Tab("Ask", id="ask"):
                    self._draw_chat()
                with gr.Tab("Timeline", id="timeline") as over_time:
                    self._draw_timeline()
                with gr.Tab("Articles", id="articles") as tab:
                    self._draw_articles()
            with gr.Column(elem_id="aside", min_width=0):
                self._draw_panel()
        self._connect(tab)
        self._connect_timeline(over_time)

    def _draw_chat(self) -> None:
        self.chatbot = gr.Chatbot(
            elem_id="chat",
            label="Conversation",
            show_label=False,
            container=False,
            layout="panel",
            height=None,
            autoscroll=False,  # panel.js brings the newest question to the top instead
            latex_delimiters=[],
            allow_tags=False,
            buttons=[],
            group_consecutive_messages=False,
            feedback_options=FEEDBACK,
            placeholder=welcome_html(),
        )
        with gr.Column(elem_id="dock", min_width=0):
            self.question = gr.Textbox(
                elem_id="question",
                label="Question",
                show_label=False,
                container=False,
                placeholder="Ask the articles…",
                submit_btn=ASK,
                max_lines=6,
                autofocus=True,
            )
            with gr.Row(elem_id="under"):
                with gr.Accordion("Only some articles", open=False, elem_id="filters"), gr.Row():
                    self.outlet = gr.Dropdown([EVERY_OUTLET], value=EVERY_OUTLET, label="Outlet")
                    self.since, self.until = _day_box("From"), _day_box("To")
                with gr.Row(elem_id="tools"):
                    self.new = gr.Button("New conversation", size="sm", min_width=0)
                    self.as_markdown = gr.Button("Save as text", size="sm", min_width=0)
                    self.as_json = gr.Button("Save as JSON", size="sm", min_width=0)
        self.saved = gr.Textbox(visible=False)

    def _draw_timeline(self) -> None:
        self.topic = gr.Textbox(
            elem_id="topic",
            label="Topic",
            show_label=False,
            container=False,
            placeholder="A name, a place, an event…",
            submit_btn="Show",
            max_lines=1,
        )
        self.days = gr.BarPlot(
            x="day",
            y="articles",
            y_aggregate="sum",
            x_title="",
            y_title=" ",
            y_axis_format="d",
            label="Articles by day: drag over some to see only those",
            height=150,
            elem_id="days",
            visible=False,
        )
        with gr.Row(elem_id="window"):
            self.chosen_days = gr.HTML("", elem_id="chosen-days", apply_default_css=False)
            self.all_days = gr.Button("All days", size="sm", min_width=0, visible=False)
        self.told = gr.HTML(
            '<p class="empty">What the articles say of a topic, in their order of days.</p>',
            elem_id="told",
            apply_default_css=False,
        )
        with gr.Row(elem_id="keep"):
            self.timeline_as_markdown = gr.Button("Save as text", size="sm", min_width=0)
            self.timeline_as_json = gr.Button("Save as JSON", size="sm", min_width=0)
        self.dated = gr.State([])

    def _draw_articles(self) -> None:
        self.query = gr.Textbox(
            elem_id="query",
            label="Search the articles",
            show_label=False,
            container=False,
            placeholder="Search the articles…",
            submit_btn="Search",
            max_lines=1,
        )
        if self.endpoints.access.write:
            self._draw_form()
        self.listing = gr.HTML(
            "", elem_id="listing", apply_default_css=False, js_on_load=(STATIC / "listing.js").read_text()
        )

    def _draw_form(self) -> None:
        with gr.Accordion("Add articles", open=False, elem_id="add"):
            self.files = gr.File(label="Files", file_count="multiple", height=120)
            self.text = gr.Textbox(label="Or paste the text of one article", lines=6, max_lines=14)
            with gr.Row():
                self.title = gr.Textbox(label="Headline")
                self.by = gr.Textbox(label="Outlet")
                self.day = _day_box("Published")
            self.add = gr.Button("Add", variant="primary", elem_id="add-button")
            self.report = gr.HTML("", elem_id="report", apply_default_css=False)

    def _draw_panel(self) -> None:
        def open_article(wanted: Mapping[str, Any]) -> str:  # Gradio marks it, which a method does not bear
            return self.open_article(wanted)

        self.panel = gr.HTML(
            "",
            elem_id="panel",
            apply_default_css=False,
            html_template=(STATIC / "panel.html").read_text(),
            js_on_load=(STATIC / "panel.js").read_text(),
            server_functions=[open_article],
        )

    # What happens when

    def _connect(self, articles_tab: Any) -> None:
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asking = {**private, "concurrency_id": "ask", "concurrency_limit": ASKED_AT_ONCE}
        given = [self.question, self.log, self.outlet, self.since, self.until]
        shown = [self.question, self.chatbot, self.log, self.masthead]

        # "multiple", because a question that was stopped counts as running until its thread is done.
        asked = self.question.submit(self.ask, given, shown, trigger_mode="multiple", **asking)
        picked = [
            pick(self.chosen, None, self.question, **private).then(self.ask, given, shown, **asking)
            for pick in (self.chatbot.example_select, self.chatbot.option_select)
        ]
        self.question.stop(
            self.stopped, self.log, [self.question, self.chatbot], cancels=[asked, *picked], **private
        )
        self.chatbot.like(self.judge, self.log, None, **private)
        self.new.click(
            lambda: (_question_box(""), [], []), None, [self.question, self.chatbot, self.log], **private
        )
        self._save(self.as_markdown, conversation_markdown, self.log, "conversation.md", private)
        self.as_json.click(
            None,
            self.log,
            None,
            js="(log) => window.dateline.save('conversation.json', JSON.stringify(log, null, 2))",
            **private,
        )
        self.blocks.load(self.arrive, self.log, [self.chatbot, self.masthead, self.outlet], **private)
        self.soon.tick(self.offer, None, [self.chatbot, self.soon], **private)
        articles_tab.select(self.list_articles, self.query, self.listing, **private)
        self.query.submit(self.list_articles, self.query, self.listing, **private)
        if self.endpoints.access.write:
            self._connect_writing(private)

    def _connect_timeline(self, tab: Any) -> None:
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        given = [self.topic, self.outlet, self.since, self.until]
        shown = [self.told, self.dated]
        window = [self.since, self.until, self.chosen_days, self.all_days]
        tab.select(self.plot_days, None, self.days, **private)
        tab.select(
            self.window_in_words, [self.since, self.until], [self.chosen_days, self.all_days], **private
        )
        self.topic.submit(self.tell_timeline, given, shown, **private)
        self.days.select(self.narrow, None, window, **private).then(
            self.tell_timeline, given, shown, **private
        )
        self.all_days.click(lambda: ("", "", "", gr.Button(visible=False)), None, window, **private).then(
            self.tell_timeline, given, shown, **private
        )
        topic = [self.topic, self.dated]
        self._save(self.timeline_as_markdown, timeline_markdown, topic, "timeline.md", private)
        self._save(self.timeline_as_json, _indented, self.dated, "timeline.json", private)

    def _save(self, button: Any, text_of: Any, given: Any, name: str, private: Mapping[str, Any]) -> None:
        """The button hands the reader a file of that name, whose text is made here."""
        button.click(text_of, given, self.saved, **private).then(
            None, self.saved, None, js=f"(text) => window.dateline.save('{name}', text)", **private
        )

    def _connect_writing(self, private: Mapping[str, Any]) -> None:
        given = [self.files, self.text, self.title, self.by, self.day]
        writing = {**private, "concurrency_id": "write", "concurrency_limit": 1}
        shown = [self.report, self.files, self.text, self.listing, self.masthead, self.outlet]
        self.add.click(self.ingest, given, shown, **{**writing, "show_progress": "full"})
        removed = [self.listing, self.masthead, self.outlet]
        self.listing.remove(self.remove, self.query, removed, **writing)

    def arrive(self, log: list[Any]) -> tuple[Any, ...]:
        """What a reader finds on opening the page: the conversation as it was left, and the collection."""
        chat = gr.Chatbot(value=messages(log or [], self.examples.ready()), examples=self._offered())
        return chat, self._masthead(), self._outlets()

    def offer(self) -> tuple[Any, Any]:
        """The example questions, as soon as it is known which of them the articles answer."""
        examples = self._offered()
        if not examples and not self.examples.known:
            return gr.skip(), gr.skip()
        return gr.Chatbot(examples=examples), gr.Timer(active=False)

    def chosen(self, event: gr.SelectData) -> str:
        """The question that was clicked: an example, or one offered where there was no answer."""
        return str(event.value["text"] if isinstance(event.value, dict) else event.value)

    def ask(
        self, question: str, log: list[Any], outlet: str | None, since: str, until: str
    ) -> Iterator[tuple[Any, ...]]:
        """The conversation with the answer growing at its end. A question that fails stays in the box."""
        if not (question or "").strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        log = log or []
        before = [*messages(log), said(question)]
        busy = gr.Textbox(value="", submit_btn=False, stop_btn=True)
        yield busy, [*before, told(thinking_html())], gr.skip(), gr.skip()
        options = {
            "history": turns(log),
            "since": since or None,
            "until": until or None,
            "outlet": _outlet(outlet),
        }
        try:
            for answer in self.endpoints.answers(question, **options):
                growing = [*before, told(answer_html(answer.to_dict(), whole=False))]
                yield gr.skip(), growing, gr.skip(), gr.skip()
        except QAError as error:
            shown = [*before, told(notice_html(str(error)))]
            yield _question_box(question), shown, gr.skip(), gr.skip()
            return
        log = [*log, answer.to_dict()][-TURNS_KEPT:]
        yield _question_box(), messages(log, self.examples.ready()), log, self._masthead()

    def stopped(self, log: list[Any]) -> tuple[Any, Any]:
        """The conversation without the question that was stopped."""
        return _question_box(), messages(log or [], self.examples.ready())

    def judge(self, log: list[Any], event: gr.LikeData) -> None:
        """Keeps what a reader thinks of an answer in the store's folder."""
        answer = log[min(_first(event.index) // 2, len(log) - 1)] if log else {}
        row = {"feedback": event.liked, "answer": answer}
        if row == self.judged:  # Gradio 6.31 sends a choice twice
            return
        self.judged = row
        row = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **row}
        with (Path(self.desk.settings.data) / FEEDBACK_FILE).open("a") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        gr.Info("Thank you. Kept on this machine.", duration=3)

    def open_article(self, wanted: Mapping[str, Any]) -> str:
        """The panel's content: an article with the sentence marked that was clicked."""
        try:
            article = self.desk.article(str(wanted["id"]), wanted.get("revision") or None)
        except QAError as error:
            return notice_html(str(error))
        start, end = wanted.get("start"), wanted.get("end")
        whole = start is not None and end is not None
        return article_html(article, int(start), int(end)) if whole else article_html(article)  # type: ignore[arg-type]

    def list_articles(self, query: str) -> str:
        """The articles, newest first; with words to look for, the passages that fit them."""
        if (query or "").strip():
            try:
                hits = self.desk.search(query, k=FOUND)
            except QAError as error:
                return notice_html(str(error))
            return hits_html([hit.to_dict(self.desk.article(hit.passage.article_id)) for hit in hits])
        rows = self.desk.articles()
        return articles_html(rows[:LISTED], total=len(rows), can_remove=self.endpoints.access.write)

    def plot_days(self) -> Any:
        """How many articles there are of which day, in bars of a day, a week or a month."""
        import pandas as pd

        counted = Counter(row["published"][:10] for row in self.desk.articles() if row["published"])
        if len(counted) < 2:
            return gr.BarPlot(visible=False)
        days = pd.to_datetime(list(counted))
        width = next(name for most, name in BARS if (days.max() - days.min()).days <= most)
        table = pd.DataFrame({"day": days, "articles": list(counted.values())})
        most = table.set_index("day")["articles"].resample(width).sum().max()
        top = 2 if most == 1 else None  # with 1 the axis would name it twice
        return gr.BarPlot(value=table, x_bin=width, y_lim=[0, top], visible=True)

    def narrow(self, event: gr.SelectData) -> tuple[Any, ...]:
        """The days that were dragged over, as filters of question and timeline alike."""
        first, last = (datetime.fromtimestamp(float(second), UTC).date() for second in event.index)
        return first.isoformat(), last.isoformat(), *self.window_in_words(str(first), str(last))

    def window_in_words(self, since: str, until: str) -> tuple[Any, Any]:
        """Says which days count, if not all."""
        if not since and not until:
            return "", gr.Button(visible=False)
        said = " – ".join(day_in_words(day) if day else "…" for day in (since, until))
        return f'<p class="small">Only {escape(said)}</p>', gr.Button(visible=True)

    def tell_timeline(self, topic: str, outlet: str | None, since: str, until: str) -> tuple[Any, Any]:
        """The dated quotes of a topic, shown and to be saved."""
        if not (topic or "").strip():
            return gr.skip(), gr.skip()
        try:
            rows = self.endpoints.timeline(topic, since or None, until or None, _outlet(outlet))
        except QAError as error:
            return notice_html(str(error)), []
        return timeline_html(rows), rows

    def ingest(  # noqa: PLR0917 - Gradio passes what stands in the form by position
        self, files: Any, text: str, title: str, outlet: str, day: str, progress: Any = PROGRESS
    ) -> tuple[Any, ...]:
        """Stores what was uploaded and pasted, and says what became of it."""
        given: list[Any] = [item for upload in files or () for item in uploaded(upload)]
        try:
            if (text or "").strip():
                given.append(pasted(text, title=title, outlet=outlet, published=day))
            report = self.endpoints.store(
                given, lambda done: progress((done.done, done.total or None), desc="Reading", unit="articles")
            )
        except QAError as error:
            return notice_html(str(error)), gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        self.examples.prepare()
        return (
            report_html(report.to_dict()),
            None,
            "",
            self.list_articles(""),
            self._masthead(),
            self._outlets(),
        )

    def remove(self, query: str, event: gr.EventData) -> tuple[Any, ...]:
        """Removes the article whose button was clicked."""
        self.endpoints.remove([str(event.id)])
        return self.list_articles(query), self._masthead(), self._outlets()

    def _masthead(self) -> str:
        span = self.desk.store.day_span() or (None, None)
        return masthead_html(count=self.desk.store.catalogue.count(), span=span_in_words(*span))

    def _offered(self) -> list[dict[str, str]] | None:
        return [{"text": question} for question in self.examples.ready()] or None

    def _outlets(self) -> Any:
        return gr.Dropdown(choices=[EVERY_OUTLET, *self.desk.store.outlets()])


class Examples:
    """Questions for an empty chat: the owner's, else those of CANDIDATES that the articles answer."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._desk = endpoints.desk
        self._lock = threading.Lock()
        self._found: tuple[str, ...] = endpoints.desk.settings.examples
        self._generation = -1

    @property
    def known(self) -> bool:
        """Whether the candidates have been asked about the articles as they are now."""
        return bool(self._desk.settings.examples) or self._generation == self._desk.store.generation

    def ready(self) -> tuple[str, ...]:
        """What is known now; asks again in the background when the articles have changed."""
        self.prepare()
        return self._found[:EXAMPLES]

    def prepare(self) -> None:
        """Asks the candidates, one after the other, in a thread of its own."""
        if not self.known and self._lock.acquire(blocking=False):
            threading.Thread(target=self._ask_all, name="examples", daemon=True).start()

    def _ask_all(self) -> None:
        try:
            generation = self._desk.store.generation
            found: list[str] = []
            for question in CANDIDATES:
                if len(found) < EXAMPLES and self._desk.ask(question).status == "answered":
                    found.append(question)
            self._found, self._generation = tuple(found), generation
        except QAError:  # a store that cannot be searched says so when the reader asks
            self._found = ()
        finally:
            self._lock.release()


def messages(log: Answers, offers: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """A conversation as the chatbot shows it.

    With `offers`, it ends in what to ask next: about names that the last answer mentions, or `offers` where
    there was no answer.
    """
    shown = [
        message for answer in log for message in (said(str(answer["question"])), told(answer_html(answer)))
    ]
    if log and offers is not None:
        last = log[-1]
        suggested = follow_ups(last["question"], _texts(last)) if last["status"] == "answered" else offers
        shown[-1]["options"] = [{"value": question, "label": question} for question in suggested]
    return shown


def _texts(answer: Mapping[str, Any]) -> list[str]:
    """An answer's values, then its quotes."""
    values = [value["text"] for finding in answer["findings"] for value in finding["values"].values()]
    return [*values, *(citation["quote"] for citation in answer["citations"])]


def _outlet(chosen: str | None) -> str | None:
    """The outlet to filter by, if one was chosen."""
    return None if chosen in (None, "", EVERY_OUTLET) else chosen


def _indented(rows: Answers) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2)


def said(question: str) -> dict[str, Any]:
    """A question as a message; as HTML of ours, because the chatbot would run the HTML in a plain one."""
    short = question if len(question) <= QUESTION_SHOWN else question[: QUESTION_SHOWN - 1] + "…"
    return {"role": "user", "content": _html(question_html(short))}


def told(html: str) -> dict[str, Any]:
    """An answer as a message."""
    return {"role": "assistant", "content": _html(html)}


def _day_box(label: str) -> Any:
    """A day, as 2025-04-25; panel.js makes it the browser's date picker. Gradio's own has no label."""
    return gr.Textbox(label=label, placeholder="2025-04-25", max_lines=1, elem_classes="day")


def _question_box(question: str | None = None) -> Any:
    """The box ready for the next question, or with one that failed."""
    kept = {} if question is None else {"value": question}
    return gr.Textbox(**kept, submit_btn=ASK, stop_btn=False)


def _html(html: str) -> Any:
    return gr.HTML(html, apply_default_css=False, js_on_load=None)


def _first(index: Any) -> int:
    return int(index[0] if isinstance(index, list | tuple) else index)
