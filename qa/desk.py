"""The desk: opens the store and the models, and hands questions on to those who know; `archive` has the rest.

`Assistant` may be used from several threads; the models load on first use.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qa.answer.brief import Brief, mentioning, news
from qa.answer.evidence import read_given
from qa.answer.flow import answers, plan_for
from qa.answer.retrieve import evidence_from, retrieve_from
from qa.answer.shelf import Shelf
from qa.answer.tell import dated
from qa.answer.text import growing
from qa.answer.topic import Topic, topic_of
from qa.archive import Archive
from qa.ingest.blocks import blocks
from qa.ingest.chunk import chunk
from qa.question.asked import Day, as_day, checked
from qa.question.conversation import History, as_turns
from qa.types import Answer, Article, Hit, Passage, Plan, Quote, Span

TIMELINE_HITS = 100  # passages that a timeline is drawn from


class Assistant(Archive):
    """A desk that answers from stored articles. Made by `qa.open`; close it, or use it in a `with` block."""

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        now: Day = None,
        since: Day = None,
        until: Day = None,
        outlet: str | Sequence[str] | None = None,
        articles: Sequence[str] | None = None,
    ) -> Answer:
        """What the articles say, each statement with its quote; `not_found` when they do not.

        Only articles published from `since` to `until`, of one `outlet` or of several, and with their ids
        among `articles` may answer, where those are given. `history` are earlier turns: Turns, answers,
        (question, answer) pairs or messages with role and content. `now` is the day that "today" means, by
        default the newest article's. Raises QuestionError.
        """
        within = {"since": since, "until": until, "outlet": outlet, "articles": articles}
        *_, answer = self._asked(question, history=history, now=now, **within)
        return answer

    def stream(self, question: str, **options: Any) -> Iterator[Answer]:
        """The same answer with its text growing; the last one is whole and equals what `ask` returns.

        What a chat model writes is shown sentence by sentence, each once it has been checked.
        """
        for answer in self._asked(question, **options):
            if answer.written_by is None:
                yield from growing(answer)
            yield answer

    def _asked(
        self, question: str, *, history: History = (), now: Day = None, **within: Any
    ) -> Iterator[Answer]:
        """The answer; before it, if a chat model writes, the answer as far as it is written."""
        started = time.perf_counter()
        asked, turns, today = self._checked(question), as_turns(history), as_day(now, "now")
        for answer in answers(asked, turns, self.engine, now=today, within=self._filters(**within)):
            took = round((time.perf_counter() - started) * 1000)
            yield replace(answer, took_ms=took, notice=answer.notice or self.store.notice)

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        now: Day = None,
        since: Day = None,
        until: Day = None,
        outlet: str | None = None,
    ) -> list[Hit]:
        """The `k` passages that fit the query best, with the same meaning of days and outlets as `ask`."""
        planned = self._plan(query, now, since, until, outlet)
        return retrieve_from(self.store, self.engine.embedder, planned, Shelf(self.store), k=k)

    def timeline(
        self,
        topic: str,
        *,
        now: Day = None,
        since: Day = None,
        until: Day = None,
        outlet: str | None = None,
    ) -> list[Quote]:
        """What the articles say of a topic, a sentence a story, oldest first; empty when they do not.

        Days and outlets as in `ask`.
        """
        planned, shelf = self._plan(topic, now, since, until, outlet), Shelf(self.store)
        hits = evidence_from(self.store, self.engine.embedder, planned, shelf, k=TIMELINE_HITS)
        spans = dated(planned, hits, shelf)
        return [Quote(shelf.article(span.passage.article_id), span.start, span.end) for span in spans]

    def topic(
        self,
        topic: str,
        *,
        now: Day = None,
        since: Day = None,
        until: Day = None,
        outlet: str | None = None,
    ) -> Topic:
        """What there is of a topic: its timeline, the articles that speak of it, and whom they name.

        Days and outlets as in `ask`.
        """
        events = self.timeline(topic, now=now, since=since, until=until, outlet=outlet)
        within = self._filters(since, until, outlet)
        return topic_of(self._checked(topic), events, self.store, within=within)

    def news(self, *, since: Day = None, after: str | None = None) -> Brief:
        """The newest stories, a sentence each: what came after a mark, else what is of `since` or later.

        `after` is the `mark` of an earlier call. Without both, and for a mark of another store, the last days
        that anything is known of.
        """
        return news(self.store, since=as_day(since, "since"), after=after)

    def mentions(self, topics: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
        """For each topic, with the mark of an earlier call of `news`, rows of the articles that speak of it
        and came since, the latest first. Looks through a bounded number of them.
        """
        return mentioning(self.store, topics)

    def read(self, question: str, text: str) -> list[Span]:
        """The words of any text that answer the question, best first; empty when the text does not say."""
        return self.read_many([(question, text)])[0]

    def read_many(self, pairs: Sequence[tuple[str, str]]) -> list[list[Span]]:
        """`read` for many pairs of question and text at once."""
        cut = [(self._checked(question), *self._cut(text)) for question, text in pairs]
        found = read_given(cut, self.engine.reader)
        return [[span for span in spans if span.score >= self.settings.answer_threshold] for spans in found]

    # LangChain

    def as_retriever(self, **options: Any) -> Any:
        """A LangChain BaseRetriever over `search`; options are `search`'s."""
        from qa.langchain import retriever

        return retriever(self, **options)

    def as_runnable(self) -> Any:
        """A LangChain Runnable from a question, or a dictionary of `ask`'s arguments, to an answer's JSON."""
        from qa.langchain import runnable

        return runnable(self)

    # Opening and closing

    def warm(self) -> None:
        """Loads the models and opens the store now, so that the first question does not wait for them."""
        self.engine.warm()

    @property
    def is_warm(self) -> bool:
        """Whether the models are there, so that the next question does not wait for them."""
        return self.engine.is_warm

    def close(self) -> None:
        """Lets go of the store. The assistant cannot be used afterwards."""
        if "kept" in self.__dict__:
            self.kept.close()
        self.engine.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _plan(self, asked: str, now: Day, since: Day, until: Day, outlet: str | None) -> Plan:
        within, today = self._filters(since, until, outlet), as_day(now, "now")
        return plan_for(self._checked(asked), self.store, now=today, within=within)

    def _checked(self, question: str) -> str:
        return checked(question, most=self.settings.question_chars)

    def _cut(self, text: str) -> tuple[Article, list[Passage]]:
        """The text as an article, and the passages that are read of it."""
        article = Article("", "", None, "", None, None, None, text)
        whole = Passage(article.id, 0, len(text), text)
        return article, list(chunk(article, blocks(text), max_words=self.settings.passage_words)) or [whole]
