"""The tab with the conversation: questions, answers that grow, what to ask next, what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.surfaces.api import ASKED_AT_ONCE, Endpoints, turns
from qa.surfaces.html.answer import answer_html, notice_html, thinking_html, welcome_html
from qa.surfaces.html.keep import conversation_markdown
from qa.surfaces.page.collection import Collection
from qa.surfaces.page.feedback import VERDICTS, Feedback
from qa.surfaces.page.messages import messages, said, told
from qa.surfaces.page.parts import PRIVATE, first, save_as_json_on, save_on, small_button
from qa.surfaces.page.scope import Scope, within
from qa.surfaces.page.starters import Starters

TURNS_KEPT = 40  # of a conversation, in the browser; localStorage holds 5 MB and an answer takes up to 50 kB
STARTERS_S = 2.0  # how often a page asks whether starters are known; until then only
STORAGE = "dateline"  # localStorage key; its content is the reader's own and no secret
ASK = "Ask"


class Ask:
    """Components of the tab and what happens when they are used."""

    def __init__(self, endpoints: Endpoints, collection: Collection, starters: Starters) -> None:
        self.endpoints = endpoints
        self.collection = collection
        self.starters = starters
        self.feedback = Feedback(Path(endpoints.desk.settings.data))
        self.soon = gr.Timer(STARTERS_S)
        self.log = gr.BrowserState([], storage_key=STORAGE, secret=STORAGE)
        self.chatbot = gr.Chatbot(
            elem_id="chat",
            label="Conversation",
            show_label=False,
            container=False,
            layout="panel",
            height=None,
            autoscroll=False,  # page.js brings the newest question to the top instead
            latex_delimiters=[],
            allow_tags=False,
            buttons=[],
            group_consecutive_messages=False,
            feedback_options=VERDICTS,
            placeholder=welcome_html(),
        )
        with gr.Column(elem_id="dock", min_width=0):
            self._draw_dock()
        self.saved = gr.Textbox(visible=False)

    def _draw_dock(self) -> None:
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
            self.scope = Scope()
            with gr.Row(elem_id="tools"):
                self.new = small_button("New conversation")
                self.as_markdown = small_button("Save as text")
                self.as_json = small_button("Save as JSON")

    def connect(self, demo: Any) -> None:
        """Ties events to the functions below."""
        asking: dict[str, Any] = {**PRIVATE, "concurrency_id": "ask", "concurrency_limit": ASKED_AT_ONCE}
        given = [self.question, self.log, *self.scope.chosen]
        shown = [self.question, self.chatbot, self.log, self.collection.masthead]

        # "multiple", because a question that was stopped counts as running until its thread is done.
        asked = self.question.submit(self.ask, given, shown, trigger_mode="multiple", **asking)
        picked = [
            pick(chosen, None, self.question, **PRIVATE).then(self.ask, given, shown, **asking)
            for pick in (self.chatbot.example_select, self.chatbot.option_select)
        ]
        self.question.stop(
            self.stopped, self.log, [self.question, self.chatbot], cancels=[asked, *picked], **PRIVATE
        )
        self.chatbot.like(self.judge, self.log, None, **PRIVATE)
        self.new.click(
            lambda: (_question_box(""), [], []), None, [self.question, self.chatbot, self.log], **PRIVATE
        )
        save_on(self.as_markdown, conversation_markdown, self.log, self.saved, "conversation.md")
        save_as_json_on(self.as_json, self.log, "conversation.json")
        demo.load(self.arrive, self.log, [self.chatbot, *self.collection.shown], **PRIVATE)
        self.soon.tick(self.offer, None, [self.chatbot, self.soon], **PRIVATE)

    def arrive(self, log: list[Any]) -> tuple[Any, ...]:
        """What a reader finds on opening the page: the conversation as it was left, and the collection."""
        chat = gr.Chatbot(value=messages(log or [], self.starters.ready()), examples=self._offered())
        return chat, *self.collection.refreshed()

    def offer(self) -> tuple[Any, Any]:
        """The starter questions, as soon as it is known which of them the articles answer."""
        offered = self._offered()
        if not offered and not self.starters.known:
            return gr.skip(), gr.skip()
        return gr.Chatbot(examples=offered), gr.Timer(active=False)

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
        try:
            options = {"history": turns(log), **within(outlet, since, until)}
            for answer in self.endpoints.answers(question, **options):
                growing = [*before, told(answer_html(answer.to_dict(), whole=False))]
                yield gr.skip(), growing, gr.skip(), gr.skip()
        except QAError as error:
            shown = [*before, told(notice_html(str(error)))]
            yield _question_box(question), shown, gr.skip(), gr.skip()
            return
        log = [*log, answer.to_dict()][-TURNS_KEPT:]
        shown = messages(log, self.starters.ready())
        yield _question_box(), shown, log, self.collection.masthead_html()

    def stopped(self, log: list[Any]) -> tuple[Any, Any]:
        """The conversation without the question that was stopped."""
        return _question_box(), messages(log or [], self.starters.ready())

    def judge(self, log: list[Any], event: gr.LikeData) -> None:
        """Keeps what a reader thinks of an answer in the store's folder."""
        answer = log[min(first(event.index) // 2, len(log) - 1)] if log else {}
        if self.feedback.keep(str(event.liked), answer):
            gr.Info("Thank you. Kept on this machine.", duration=3)

    def _offered(self) -> list[dict[str, str]] | None:
        return [{"text": question} for question in self.starters.ready()] or None


def chosen(event: gr.SelectData) -> str:
    """The question that was clicked: an example, or one offered where there was no answer."""
    return str(event.value["text"] if isinstance(event.value, dict) else event.value)


def _question_box(question: str | None = None) -> Any:
    """The box ready for the next question, or with one that failed."""
    kept = {} if question is None else {"value": question}
    return gr.Textbox(**kept, submit_btn=ASK, stop_btn=False)
