"""The tab with the conversation: questions, answers that grow, what to ask next, what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.store.kept import Kept
from qa.surfaces.api import ASKED_AT_ONCE, Endpoints, turns
from qa.surfaces.html.answer import (
    Starter,
    answer_html,
    notice_html,
    offers_html,
    thinking_html,
    welcome_html,
)
from qa.surfaces.html.keep import conversation_markdown, conversation_text
from qa.surfaces.page.collection import Collection
from qa.surfaces.page.messages import messages, said, told
from qa.surfaces.page.next import Next
from qa.surfaces.page.panel import is_revised
from qa.surfaces.page.parts import PRIVATE, WORDS, begun, html, save_as_json_on, save_on, small_button
from qa.surfaces.page.scope import Picked, Scope, scope_of, scope_words, within
from qa.surfaces.page.starters import Starters

TURNS_KEPT = 40  # of a conversation, in the browser; localStorage holds 5 MB and an answer takes up to 50 kB
STARTERS_S = 2.0  # how often a page asks whether there are articles and starters; until then only
STORAGE = "dateline"  # localStorage key; its content is the reader's own and no secret
ASK = "Ask"
OPENED = "answer"  # of the page's address: the answer that it opens
GROWING = "Articles were being added when this was asked: ask again to have them answer as well."

Log = list[dict[str, Any]]


class Ask:
    """Components of the tab and what happens when they are used."""

    def __init__(self, endpoints: Endpoints, collection: Collection, starters: Starters, kept: Kept) -> None:
        self.endpoints = endpoints
        self.desk = endpoints.desk
        self.collection = collection
        self.starters = starters
        self.next = Next(endpoints)
        self.kept = kept
        self.soon = gr.Timer(STARTERS_S)
        self.log = gr.BrowserState([], storage_key=STORAGE, secret=STORAGE)
        self.welcome = html(self._welcome(), elem_id="welcome")  # the chatbot strips what its buttons carry
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
        )
        self.offers = html(elem_id="offers")
        html('<p class="unsent" role="alert"></p>', elem_id="unsent")
        with gr.Column(elem_id="dock", min_width=0):
            self._draw_dock()
        self.saved = gr.Textbox(visible=False)

    def _draw_dock(self) -> None:
        self.scope = Scope()
        self.question = gr.Textbox(
            elem_id="question",
            elem_classes=WORDS,
            label="Question",
            show_label=False,
            container=False,
            placeholder="Ask the articles…",
            submit_btn=ASK,
            max_lines=6,
            autofocus=True,
        )
        small_button("⋯", elem_id="more")
        with gr.Row(elem_id="under"):
            self.scope.draw()
            with gr.Row(elem_id="tools"):
                self.new = small_button("New conversation", elem_id="new-conversation")
                self.history = small_button("History", elem_id="history-button")
                self.as_markdown = small_button("Save as Markdown", elem_classes="saves")
                self.as_text = small_button("Text", elem_classes="saves")
                self.as_json = small_button("JSON", elem_classes="saves")
                self.keys = small_button("Keys", elem_id="keys-button")

    def connect(self, demo: Any, panel: Any) -> None:
        """Ties events to the functions below; `panel` tells what was clicked in answers and beside them."""
        self.scope.connect(panel)
        asking: dict[str, Any] = {**PRIVATE, "concurrency_id": "ask", "concurrency_limit": ASKED_AT_ONCE}
        given = [self.question, self.log, *self.scope.chosen]
        shown = [self.question, self.chatbot, self.log, self.collection.masthead]
        suggesting: dict[str, Any] = {**PRIVATE, "concurrency_id": "suggest", "concurrency_limit": 1}

        # "multiple", because a question that was stopped counts as running until its thread is done.
        asked = [
            self.question.submit(self.ask, given, shown, trigger_mode="multiple", **asking),
            panel.again(self.again, given[1:], shown, trigger_mode="multiple", **asking),
        ]
        for one in asked:
            one.then(self.suggest, [self.log, *self.scope.chosen], self.offers, **suggesting)
        self.question.stop(self.stopped, self.log, [self.question, self.chatbot], cancels=asked, **PRIVATE)
        self._connect_tools(panel)
        self.log.change(None, self.log, None, js="(log) => window.dateline.remember(log)", **PRIVATE)
        found = [self.welcome, self.chatbot, self.log, *self.collection.shown]
        demo.load(self.arrive, self.log, found, **PRIVATE)
        self.soon.tick(self.offer, None, [self.welcome, self.soon], **PRIVATE)

    def _connect_tools(self, panel: Any) -> None:
        begun = [self.question, self.chatbot, self.log, *self.scope.chosen]
        # The box is left as it is: page.js has cleared it, before more was typed.
        self.new.click(
            lambda: (_question_box(), [], [], [], "", "", []),
            None,
            begun,
            js="() => window.dateline.begin()",
            **PRIVATE,
        )
        panel.reopen(self.reopen, None, [self.chatbot, self.log], **PRIVATE)
        self.history.click(None, None, None, js="() => window.dateline.history()", **PRIVATE)
        self.keys.click(None, None, None, js="() => window.dateline.keys()", **PRIVATE)
        save_on(self.as_markdown, conversation_markdown, self.log, self.saved, "conversation.md")
        save_on(self.as_text, conversation_text, self.log, self.saved, "conversation.txt")
        save_as_json_on(self.as_json, self.log, "conversation.json")

    def arrive(self, log: Log, request: gr.Request) -> tuple[Any, ...]:
        """What a reader finds on opening the page: the conversation as it was left, or the answer that the
        address names, and the collection."""
        name = request.query_params.get(OPENED)
        opened = self.kept.answers([name]) if name else []
        log = [self._checked(row) for row in opened or log or []]
        shown = messages(log)
        if name and not opened:
            shown.append(told(notice_html("The answer of this address is no longer kept here.")))
        return self._welcome(self.starters.ready()), shown, log, *self.collection.refreshed()

    def reopen(self, event: gr.EventData) -> tuple[Any, Any]:
        """A conversation of the history, with the revisions that its answers quoted."""
        log = [self._checked(row) for row in self.kept.answers([str(name) for name in event.ids])]
        if not log:
            return [told(notice_html("The answers of this conversation are no longer kept here."))], []
        return messages(log), log

    def offer(self) -> tuple[Any, Any]:
        """The empty chat's welcome: asked for until there are articles and it is known what they answer."""
        known, starters = self.starters.known, self.starters.ready()
        if not self._has_articles():
            return self._welcome(), gr.skip()
        if not known:
            return gr.skip(), gr.skip()
        return self._welcome(starters), gr.Timer(active=False)

    def ask(  # noqa: PLR0917 - Gradio passes by position
        self,
        question: str,
        log: Log,
        outlets: list[str] | None,
        since: str,
        until: str,
        articles: Picked | None,
    ) -> Iterator[tuple[Any, ...]]:
        """The conversation with the answer growing at its end. A question that fails stays in the box."""
        yield from self._answered(question, log or [], scope_of(outlets, since, until, articles))

    def again(  # noqa: PLR0917 - as above
        self,
        log: Log,
        outlets: list[str] | None,
        since: str,
        until: str,
        articles: Picked | None,
        event: gr.EventData,
    ) -> Iterator[tuple[Any, ...]]:
        """The same for what is asked by a click: what an answer offers, or, where it `replaces` it, the last
        question as it was, edited, or of all articles."""
        everywhere = bool(event.everywhere)
        scope = scope_of(None, "", "", None) if everywhere else scope_of(outlets, since, until, articles)
        before = (log or [])[:-1] if event.replaces else log or []
        yield from self._answered(str(event.question or ""), before, scope)

    def _answered(self, question: str, log: Log, scope: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        if not (question or "").strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        before = [*messages(log), said(question)]
        busy = gr.Textbox(value="", submit_btn=False, stop_btn=True)
        grows = self.collection.growing
        thinking = told(thinking_html(is_warm=self.desk.is_warm, growing=grows))
        try:
            with begun(self.endpoints.answers(question, history=turns(log), **within(scope))) as answers:
                # First the question, then the button that stops it: one stopped at once would stay behind.
                yield gr.skip(), [*before, thinking], gr.skip(), gr.skip()
                yield busy, gr.skip(), gr.skip(), gr.skip()
                for number, answer in enumerate(answers):
                    if number and not answer.written_by:
                        continue  # it is whole already: each more step takes a browser some 30 ms
                    growing = [*before, told(answer_html(answer.to_dict(), whole=False))]
                    yield gr.skip(), growing, gr.skip(), gr.skip()
        except QAError as error:
            shown = [*before, told(notice_html(str(error)))]
            yield _question_box(question), shown, gr.skip(), gr.skip()
            return
        more = {"notice": GROWING} if grows else {}
        row = {**more, **answer.to_dict(), "scope": scope, "scope_words": scope_words(scope)}
        log = [*log, {**row, "id": self.kept.keep(row)}][-TURNS_KEPT:]
        yield _question_box(), messages(log), log, self.collection.masthead_html()

    def suggest(
        self, log: Log, outlets: list[str] | None, since: str, until: str, articles: Picked | None
    ) -> str:
        """What to ask next, once it is known what would be answered."""
        if not log:
            return ""
        scope = scope_of(outlets, since, until, articles)
        found = log[-1]["status"] == "answered"
        starters = [one.question for one in self.starters.ready()]
        offers = self.next.after(log, within(scope)) if found else starters
        return offers_html(offers, after=log[-1].get("id") or "", found=found)

    def stopped(self, log: Log) -> tuple[Any, Any]:
        """The conversation without the question that was stopped."""
        return _question_box(), messages(log or [])

    def _checked(self, row: dict[str, Any]) -> dict[str, Any]:
        """An answer whose citations say whether their article has been revised since."""

        def looked_up(quotes: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return [
                {**one, "revised": is_revised(self.endpoints, one["article_id"], one["revision"])}
                for one in quotes
            ]

        return {**row, "citations": looked_up(row["citations"]), "closest": looked_up(row["closest"])}

    def _welcome(self, starters: Sequence[Starter] = ()) -> str:
        return welcome_html(
            has_articles=self._has_articles(),
            can_add=self.endpoints.access.write,
            growing=self.collection.growing,
            starters=starters,
        )

    def _has_articles(self) -> bool:
        """Whether there are any that a question finds."""
        catalogue = self.desk.store.catalogue
        return catalogue.published > 0 and catalogue.count() > 0


def _question_box(question: str | None = None) -> Any:
    """The box ready for the next question, or with one that failed."""
    kept = {} if question is None else {"value": question}
    return gr.Textbox(**kept, submit_btn=ASK, stop_btn=False)
