"""The desk: opens the store and the models, and hands questions, articles and paths on to those who know.

`Assistant` may be used from several threads; the models load on first use.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.answer.brief import Brief, mentioning, news
from qa.answer.engine import Engine
from qa.answer.evidence import read_given
from qa.answer.flow import answers, plan_for
from qa.answer.retrieve import evidence_from, retrieve_from
from qa.answer.shelf import Shelf
from qa.answer.tell import dated
from qa.answer.text import growing
from qa.answer.topic import Topic, topic_of
from qa.errors import ArgumentError, SettingsError
from qa.ingest.blocks import blocks
from qa.ingest.chunk import chunk
from qa.question.asked import Day, as_day, checked, filters
from qa.question.conversation import History, as_turns
from qa.settings import Settings
from qa.store import browse as archive
from qa.types import Answer, Article, Filters, Hit, IngestReport, Passage, Plan, Quote, Span

if TYPE_CHECKING:
    from qa.ingest.cluster import Cluster
    from qa.ingest.flow import Progress
    from qa.store.store import Store

TIMELINE_HITS = 100  # passages that a timeline is drawn from


class Assistant:
    """A desk that answers from stored articles. Made by `qa.open`; close it, or use it in a `with` block."""

    def __init__(self, settings: Settings, *, embedder: Any = None) -> None:
        self.settings = settings
        self.engine = Engine(settings, embedder=embedder)
        _ = self.engine.chat_model  # so that a wrong name is said now

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

    # Articles

    def ingest(
        self,
        paths: Iterable[Any] | str | Path,
        *,
        remove_missing: bool = False,
        scheduler: str | None = None,
        fields: Mapping[str, str] | None = None,
        progress: Callable[[Progress], None] | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> IngestReport:
        """Stores files, folders, addresses or LangChain Documents; one bad file never stops the run.

        `scheduler` is the address of a Dask scheduler whose workers read and embed instead of this machine.
        `fields` says where records of an unknown kind keep their facts: `{"text": "body.content"}`.
        `on_wait` is called when somebody else is writing and this has to wait; here and below.
        """
        from qa.ingest.flow import ingest

        given = [paths] if isinstance(paths, str | Path) else list(paths)
        run = partial(
            ingest,
            given,
            store=self.store,
            max_words=self.settings.passage_words,
            remove_missing=remove_missing,
            allow_private=self.settings.private_addresses,
            fields=fields,
            progress=progress,
            on_wait=on_wait,
        )
        if scheduler is None:
            return run(embed=self.engine.embed)
        with self._cluster(scheduler, given) as cluster:
            return run(embed=cluster.embed, read=cluster.read)

    @contextmanager
    def _cluster(self, scheduler: str, given: Sequence[Any]) -> Iterator[Cluster]:
        """Workers that have been told what of `given` they will read."""
        from qa.ingest.cluster import changed, connected
        from qa.ingest.load import expand

        if not isinstance(self.engine.embedder_given, str):
            raise SettingsError(
                "Workers can load an embedder by its name only, not one that was given as such."
            )
        with connected(
            scheduler,
            embedder=self.engine.chosen_embedder,
            max_words=self.settings.passage_words,
            allow_private=self.settings.private_addresses,
        ) as cluster:
            files = self.store.catalogue.read_files()
            known = {name: (file.size, file.modified_ns) for name, (file, _) in files.items()}
            cluster.expect(changed(expand([item for item in given if isinstance(item, str | Path)]), known))
            yield cluster

    def watch(
        self,
        paths: Iterable[str | Path],
        *,
        every_s: float | None = None,
        remove_missing: bool = False,
        progress: Callable[[Progress], None] | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> Iterator[IngestReport]:
        """Ingests, then goes on for ever with what comes or changes: a report each time something did.

        Files are looked at every second; addresses are loaded every `every_s` seconds.
        """
        from qa.ingest.watch import ADDRESS_S, watch

        for batch in watch(list(paths), every_s=every_s or ADDRESS_S, removals=remove_missing):
            yield self.ingest(batch, remove_missing=remove_missing, progress=progress, on_wait=on_wait)

    def remove(self, ids: Iterable[str], *, on_wait: Callable[[], None] | None = None) -> int:
        """Removes articles; gives how many there were."""
        with self.store.writing(on_wait=on_wait):
            removed = self.store.remove(list(ids))
            self.store.commit()
        return removed

    def put_back(self, removed: Mapping[str, str], *, on_wait: Callable[[], None] | None = None) -> int:
        """Undoes `remove`: ids with the revision that each had; gives how many were put back."""
        from qa.ingest.again import put_back

        with self.store.writing(on_wait=on_wait):
            self.store.check_embedder()
            return put_back(self.store, self.engine.embed, removed, max_words=self.settings.passage_words)

    def set_day(self, id: str, day: Day, *, on_wait: Callable[[], None] | None = None) -> Article:
        """Gives an undated article its day. Raises NotStored, and ArgumentError where it says one itself."""
        from qa.ingest.again import set_day

        known = as_day(day, "day")
        if known is None:
            raise ArgumentError("day is empty. Write it as 2025-04-25.")
        with self.store.writing(on_wait=on_wait):
            self.store.check_embedder()
            most = self.settings.passage_words
            return set_day(self.store, self.engine.embed, id, known.isoformat(), max_words=most)

    def browse(
        self,
        *,
        outlet: str | None = None,
        month: str | None = None,
        order: archive.Order = "newest",
        page: int = 1,
    ) -> dict[str, Any]:
        """A page of the stored articles, from 1 on, and how many there are of each outlet and month.

        `month` is `2015-09` or `2015`; an empty outlet or month means articles without one. A page beyond
        the last is the last.
        """
        chosen = archive.Chosen(outlet=outlet, month=month)
        return archive.page(self.store.catalogue, chosen, order=order, number=page)

    def articles(
        self, *, since: Day = None, until: Day = None, outlet: str | None = None
    ) -> list[dict[str, Any]]:
        """The stored articles as rows, newest first."""
        return self.store.articles(self._filters(since, until, outlet))

    def article(self, id: str, revision: str | None = None) -> Article:
        """One stored article. Raises NotStored."""
        return self.store.article(id, revision)

    def check(self) -> list[str]:
        """What is wrong with the store, each with the command that mends it; empty when it is sound."""
        return self.store.check()

    def rebuild(self, *, on_wait: Callable[[], None] | None = None) -> None:
        """Builds both indexes anew from the catalogue; embeds anew only for another embedder."""
        with self.store.writing(on_wait=on_wait):
            self.store.rebuild(self.engine.embed)

    def copy(
        self,
        *,
        to_data: Path | None = None,
        to_database: str | None = None,
        to_chroma: str | None = None,
        on_copied: Callable[[str, int, int], None] | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> dict[str, Any]:
        """Copies the store to servers, or to another folder; gives the verified rows of each table.

        On servers this folder goes on as this node's own. Raises StoreError.
        """
        from qa.store.copy import copy
        from qa.store.store import Store

        name, dim = self.store.catalogue.made_with
        target = Store.open(
            to_data or self.settings.data,
            embedder=name,
            dim=dim,
            database_url=to_database,
            chroma_url=to_chroma,
            for_copy=True,
        )
        try:
            return copy(self.store, target, on_copied=on_copied, on_wait=on_wait).to_dict()
        finally:
            target.close()

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
        self.engine.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def store(self) -> Store:
        return self.engine.store

    def _plan(self, asked: str, now: Day, since: Day, until: Day, outlet: str | None) -> Plan:
        within, today = self._filters(since, until, outlet), as_day(now, "now")
        return plan_for(self._checked(asked), self.store, now=today, within=within)

    def _checked(self, question: str) -> str:
        return checked(question, most=self.settings.question_chars)

    def _filters(
        self,
        since: Day = None,
        until: Day = None,
        outlet: str | Sequence[str] | None = None,
        articles: Sequence[str] | None = None,
    ) -> Filters:
        return filters(since, until, outlet, articles, known=self.store.outlets)

    def _cut(self, text: str) -> tuple[Article, list[Passage]]:
        """The text as an article, and the passages that are read of it."""
        article = Article("", "", None, "", None, None, None, text)
        whole = Passage(article.id, 0, len(text), text)
        return article, list(chunk(article, blocks(text), max_words=self.settings.passage_words)) or [whole]
