"""The flow from a question to an answer: condense -> plan -> retrieve -> read -> judge -> compose -> verify.

`Assistant` holds the store and the models, which load on first use, and may be used from several threads.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property, partial
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from qa.answer.assemble import FIRST_LOOK, Assembled, Read, assemble, trust_in_given
from qa.answer.compose import compose, in_prose, merged, not_found
from qa.answer.excerpt import excerpts
from qa.answer.judge import judge, lacking
from qa.answer.retrieve import clauses, dense_texts, lead_weight, lexical_words, retrieve
from qa.answer.tell import closest, dated, has_no_topic, lead, tell
from qa.answer.values import Row
from qa.answer.verify import carried, from_conversation, verify
from qa.english.captions import is_caption
from qa.english.sentences import sentences
from qa.errors import ChatModelError, NotStored, QuestionError
from qa.ingest.blocks import blocks
from qa.ingest.chunk import chunk
from qa.question.follow_up import condense, leans, parts_alone, standing_alone
from qa.question.grammar import about_same
from qa.question.plan import SAYS, asks_more, plan
from qa.question.topic import lacks_topic
from qa.settings import Settings
from qa.types import Answer, Article, Filters, Hit, IngestReport, Part, Passage, Plan, Quote, Span, Turn

if TYPE_CHECKING:
    from qa.ingest.flow import Progress
    from qa.models.chat_model import ChatModel
    from qa.models.embed import Embedder
    from qa.models.read import Reader
    from qa.store.store import Store

STREAM_CHARS = 60  # an answer grows by about so much at a time
TIMELINE_HITS = 100  # passages that a timeline is drawn from
SIDE_HITS = 8  # passages looked at for each side of a comparison
MOST_PARTS = 4  # that a chat model may split a question into
NOT_CARRIED = (
    "What the chat model {name} wrote is not carried by the quotes, so the articles’ own words are shown."
)
_ENDED = re.compile(r"""[.!?\])"'”’»]\s*$""")
SUMMED_UP = 30  # passages that sentences are chosen from where they sum up; the reader sees only the first
NEWS_DAYS = 7  # what counts as the news where a question names no days
STORIES = 6  # of the news; more is a list, for which there is the articles tab
LEAD_PASSAGES = 2  # of an article, in which its first sentence is looked for
READ_FOR_SENTENCES = 8  # passages the reader sees when the answer is a sentence and it only helps to choose

Day = date | str | None
History = Sequence[Turn | Mapping[str, Any] | tuple[str, str]]


class Assistant:
    """A desk that answers from stored articles. Made by `qa.open`; close it, or use it in a `with` block."""

    def __init__(self, settings: Settings, *, embedder: Any = None) -> None:
        self.settings = settings
        self._embedder_given = embedder if embedder is not None else settings.embedder
        self._lock = RLock()
        _ = self.chat_model  # so that a wrong name is said now

    # Asking

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        now: Day = None,
        since: Day = None,
        until: Day = None,
        outlet: str | None = None,
    ) -> Answer:
        """What the articles say, each statement with its quote; `not_found` when they do not.

        `history` are earlier turns: Turns, (question, answer) pairs or messages with role and content. `now`
        is the day that "today" means, by default the newest article's. Raises QuestionError.
        """
        *_, answer = self._asked(question, history=history, now=now, since=since, until=until, outlet=outlet)
        return answer

    def stream(self, question: str, **options: Any) -> Iterator[Answer]:
        """The same answer with its text growing; the last one is whole and equals what `ask` returns.

        What a chat model writes is shown sentence by sentence, each once it has been checked.
        """
        for answer in self._asked(question, **options):
            if answer.written_by is None:
                yield from self._growing(answer)
            yield answer

    def _asked(self, question: str, *, history: History = (), **days: Any) -> Iterator[Answer]:
        """The answer; before it, if a chat model writes, the answer as far as it is written."""
        started = time.perf_counter()
        asked = self._checked(question)
        searched = self._standalone(asked, as_turns(history))
        answer = self._answered_in_parts(searched, asked, **days)
        if answer.status == "not_found" and searched != asked and lacks_topic(asked):
            by_itself = self._answered_in_parts(asked, asked, **days)  # it may have changed the subject
            answer = by_itself if by_itself.status == "answered" else answer
        for written in self._written(answer):
            yield replace(written, took_ms=round((time.perf_counter() - started) * 1000))

    def _answered_in_parts(self, searched: str, asked: str, **options: Any) -> Answer:
        answers = [self._answered(part, asked, **options) for part in self._parts(searched)]
        answer = answers[0] if len(answers) == 1 else merged(answers, question=asked)
        return replace(answer, searched=searched)

    def _answered(self, searched: str, asked: str, **options: Any) -> Answer:
        planned = self._plan(searched, **options)
        answer = verify(self._answer(planned, asked, _Held(self.store)), self.store.article)
        return replace(answer, searched=searched)

    def _growing(self, answer: Answer) -> Iterator[Answer]:
        for end in _growth(answer.text):
            text = answer.text[:end]
            shown = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
            citations = tuple(citation for citation in answer.citations if citation.number in shown)
            yield replace(answer, text=text, findings=(), citations=citations, closest=())

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
        planned = self._plan(self._checked(query), now, since, until, outlet)
        return self._retrieve(planned, k, _Held(self.store))

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
        planned = self._plan(self._checked(topic), now, since, until, outlet)
        held = _Held(self.store)
        hits = self._evidence(planned, TIMELINE_HITS, held)
        spans = dated(planned, hits, article_of=held.article, cluster_of=held.cluster, missing=lacking)
        return [Quote(held.article(span.passage.article_id), span.start, span.end) for span in spans]

    def read(self, question: str, text: str) -> list[Span]:
        """The words of any text that answer the question, best first; empty when the text does not say."""
        return self.read_many([(question, text)])[0]

    def read_many(self, pairs: Sequence[tuple[str, str]]) -> list[list[Span]]:
        """`read` for many pairs of question and text at once."""
        texts = [_as_article(text) for _, text in pairs]
        parts = [plan(self._checked(question), now=None).parts[0] for question, _ in pairs]
        passages = [self._passages(article) for article in texts]
        asked = [
            (part.question, passage) for part, own in zip(parts, passages, strict=True) for passage in own
        ]
        found = iter(self.reader.read_many(asked, n=1))
        results = []
        for part, article, own in zip(parts, texts, passages, strict=True):
            spans = [span for _ in own for span in next(found)]
            judged = judge(
                part,
                spans,
                article_of=lambda _, article=article: article,  # type: ignore[misc]
                given=True,
            )
            trusted = [replace(span, score=trust_in_given(span.score)) for span in judged]
            results.append([span for span in trusted if span.score >= self.settings.answer_threshold])
        return results

    # Articles

    def ingest(
        self,
        paths: Iterable[Any] | str | Path,
        *,
        remove_missing: bool = False,
        fields: Mapping[str, str] | None = None,
        progress: Callable[[Progress], None] | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> IngestReport:
        """Stores files, folders, addresses or LangChain Documents; one bad file never stops the run.

        `fields` says where records of an unknown kind keep their facts: `{"text": "body.content"}`.

        `on_wait` is called when somebody else is writing and this has to wait; here and below.
        """
        from qa.ingest.flow import ingest

        given = [paths] if isinstance(paths, str | Path) else list(paths)
        return ingest(
            given,
            store=self.store,
            embed=self._embed,
            max_words=self.settings.passage_words,
            remove_missing=remove_missing,
            allow_private=self.settings.private_addresses,
            fields=fields,
            progress=progress,
            on_wait=on_wait,
        )

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
            self.store.rebuild(self._embed)

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
        self.store.refresh()
        self.embedder.embed(["warm"])
        self.reader.read_many([("Who?", Passage("", 0, 5, "Warm."))])

    def close(self) -> None:
        """Lets go of the store. The assistant cannot be used afterwards."""
        store = self.__dict__.pop("store", None)
        if store is not None:
            store.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def embedder(self) -> Embedder:
        from qa.models.embed import load_embedder

        with self._lock:
            return self.__dict__.get("embedder") or load_embedder(self._embedder_given, threads=self._threads)

    @cached_property
    def reader(self) -> Reader:
        from qa.models.read import load_reader

        with self._lock:
            return self.__dict__.get("reader") or load_reader(self.settings.reader, threads=self._threads)

    @cached_property
    def store(self) -> Store:
        from qa.store.store import Store

        with self._lock:
            name, dim = self._embedder_kind()
            return self.__dict__.get("store") or Store.open(
                self.settings.data,
                embedder=name,
                dim=dim,
                database_url=self.settings.database_url,
                chroma_url=self.settings.chroma_url,
            )

    def _embedder_kind(self) -> tuple[str, int]:
        """Name and dimensions; the packaged embedder's are known without loading it."""
        from qa.models.embed import MINILM, MINILM_DIM

        known = self._embedder_given == MINILM and "embedder" not in self.__dict__
        return (MINILM, MINILM_DIM) if known else (self.embedder.name, self.embedder.dim)

    def _embed(self, texts: Sequence[str]) -> Any:
        return self.embedder.embed(texts)

    @property
    def _threads(self) -> int | None:
        return self.settings.threads or None

    # The chat model, if there is one; each step has its way without

    @cached_property
    def chat_model(self) -> ChatModel | None:
        """The chat model that the settings name, or None."""
        chosen = self.settings
        if chosen.chat_model is None:
            return None
        from qa.models.chat_model import ChatModel

        return ChatModel(chosen.chat_model, url=chosen.chat_model_url, seconds=chosen.chat_model_seconds)

    def _standalone(self, asked: str, history: Sequence[Turn]) -> str:
        """The question without the conversation: by the chat model if that says no more than was said."""
        by_rule = condense(asked, history)
        if self.chat_model is None or not history or (by_rule == asked and not leans(asked)):
            return by_rule
        try:
            rewritten = self.chat_model.standalone(asked, history)
        except ChatModelError:
            return by_rule
        said = [text for turn in history for text in (turn.question, turn.searched, turn.answer)]
        return rewritten if from_conversation(rewritten, asked=asked, said=said) else by_rule

    def _parts(self, searched: str) -> list[str]:
        """The question, or those it is made of, if it asks for several things and the rules see only one."""
        if self.chat_model is None or not asks_more(searched, len(plan(searched, now=None).parts)):
            return [searched]
        try:
            split = self.chat_model.split(searched)[:MOST_PARTS]
        except ChatModelError:
            return [searched]
        kept = [part for part in split if from_conversation(part, asked="", said=[searched])]
        return kept if len(kept) > 1 and len(kept) == len(split) else [searched]

    def _written(self, answer: Answer) -> Iterator[Answer]:
        """The answer in the chat model's words, growing by sentences that a quote carries; else as it is."""
        if self.chat_model is None or answer.status != "answered":
            yield answer
            return
        quotes = {citation.number: citation.quote.text for citation in answer.citations}
        part = plan(answer.searched, now=None).parts[0].question
        similar = cache(self._similar)  # the quotes come again with every sentence
        picks = cache(partial(self._pick, part))
        said: list[str] = []
        try:
            for sentence in complete(self.chat_model.write(answer.searched, answer)):
                checked = carried(sentence, quotes, similar=similar, picks=picks)
                if checked and checked not in said:
                    said.append(checked)
                    yield self._in_prose(answer, said)
        except ChatModelError as error:
            yield replace(answer, notice=f"{error} This is the answer in the articles’ own words.")
            return
        if not said:
            yield replace(answer, notice=NOT_CARRIED.format(name=self.chat_model.name))

    def _in_prose(self, answer: Answer, said: Sequence[str]) -> Answer:
        assert self.chat_model is not None
        prose = in_prose(answer, said, written_by=self.chat_model.name)
        return replace(verify(prose, self.store.article), searched=answer.searched)

    def _similar(self, one: str, other: str) -> float:
        vectors = self.embedder.embed([one, other])  # (2, dim), unit length
        return float(vectors[0] @ vectors[1])

    def _pick(self, question: str, text: str) -> str | None:
        spans = self.reader.read_many([(question, Passage("", 0, len(text), text))])[0]
        return spans[0].text if spans and spans[0].score >= self.settings.answer_threshold else None

    # The steps

    def _checked(self, question: str) -> str:
        asked = question.strip() if isinstance(question, str) else ""
        if not re.search(r"[^\W\d_]{2}|\d", asked):
            what = "holds no words" if asked else "is empty"
            raise QuestionError(f"The question {what}. Ask something, for example: Who was killed and where?")
        if len(asked) > self.settings.question_chars:
            raise QuestionError(
                f"The question has {len(asked):,} characters; at most {self.settings.question_chars:,} are "
                "answered. Shorten it, or ingest the text and ask about it."
            )
        return asked

    def _plan(
        self,
        searched: str,
        now: Day = None,
        since: Day = None,
        until: Day = None,
        outlet: str | None = None,
    ) -> Plan:
        filters = self._filters(since, until, outlet)
        planned = plan(
            searched,
            now=as_day(now, "now") or self.store.newest_day(),
            since=filters.since,
            until=filters.until,
            outlet=filters.outlets[0] if filters.outlets else None,
            outlets=self.store.outlets(),
        )
        return replace(planned, searches=standing_alone(planned.searches), parts=parts_alone(planned.parts))

    def _filters(self, since: Day, until: Day, outlet: str | None) -> Filters:
        first, last = as_day(since, "since"), as_day(until, "until")
        if first and last and last < first:
            raise QuestionError(f"since ({first}) lies after until ({last}). Swap them.")
        wanted = outlet.strip() if outlet else ""
        known = {name.casefold(): name for name in self.store.outlets()} if wanted else {}
        return Filters(first, last, (known.get(wanted.casefold(), wanted),) if wanted else ())

    def _retrieve(self, planned: Plan, k: int, held: _Held) -> list[Hit]:
        days: dict[str, str | None] = {}
        texts = dense_texts(planned)
        lead = lead_weight(texts)
        vectors = dict(zip(texts, self.embedder.embed(texts), strict=True))

        def search(text: str, filters: Filters, n: int) -> tuple[list[Hit], list[Hit]]:
            found = self.store.search(lexical_words(text), vectors.get(text), k=n, filters=filters, lead=lead)
            new = {hit.passage.article_id for hits in found for hit in hits} - days.keys()
            days.update(self.store.days(new))
            return found

        hits = retrieve(planned, search, k=k, cluster_of=self.store.clusters, day_of=days.get)
        held.fetch({hit.passage.article_id for hit in hits})
        return [hit for hit in hits if held.has(hit.passage)]

    def _evidence(self, planned: Plan, k: int, held: _Held) -> list[Hit]:
        """What `_retrieve` finds, without the words below pictures: those can be found, and answer
        nothing.
        """
        hits = self._retrieve(planned, k, held)
        return [h for h in hits if not is_caption(held.article(h.passage.article_id).text, h.passage.start)]

    def _answer(self, planned: Plan, asked: str, held: _Held) -> Answer:
        if planned.kind == "compare":
            return self._compare(planned, asked, held)
        if has_no_topic(planned):
            news = self._news(planned)
            if len(news) != 1 or planned.favoured:  # the only article is told, not listed
                return self._listed(planned, news, asked, held)
        most = self.settings.candidates
        hits = self._evidence(planned, max(most, SUMMED_UP) if planned.kind == "about" else most, held)
        found = self._rows(planned, hits, held)
        if found.rows:
            return self._composed(planned, found, asked, held)
        told = clauses(planned.searches[0]) if planned.kind == "yes_no" and planned.filters.outlets else []
        if len(told) > 1:
            each = (planned.filters,) * len(told)
            sides = replace(planned, kind="compare", searches=standing_alone(told), narrowed=each)
            return self._compare(sides, asked, held)
        return self._not_found(planned, hits[:most], asked, held)

    def _news(self, planned: Plan) -> list[str]:
        """An article of each story of the days that are meant, those with most articles first; where none are
        meant of the last ones, newest first."""
        days = planned.favoured or planned.filters
        named = bool(days.since or days.until)
        if not named and planned.as_of:
            days = Filters(planned.as_of - timedelta(days=NEWS_DAYS), planned.as_of)
        within = replace(planned.filters, since=days.since, until=days.until)
        stories: dict[str, list[dict[str, Any]]] = {}
        for row in self.store.articles(within):
            stories.setdefault(row["cluster"] or row["id"], []).append(row)
        ordered = list(stories.values())
        if named and not planned.relative:
            ordered.reverse()  # of days that are written out the first is the one that is meant
        if named:
            ordered.sort(key=len, reverse=True)
        return [story[0]["id"] for story in ordered]

    def _listed(self, planned: Plan, news: Sequence[str], asked: str, held: _Held) -> Answer:
        """The first sentence of the first articles, each with its outlet and day."""
        held.fetch(set(news[:STORIES]))
        leads = (
            lead(held.article(article_id), self.store.passages(article_id)[:LEAD_PASSAGES])
            for article_id in news
        )
        rows = tuple({SAYS: value} for value in islice(filter(None, leads), STORIES))
        if not rows:
            return self._not_found(planned, (), asked, held)
        return self._composed(planned, Assembled(rows), asked, held, titled=True)

    def _rows(self, planned: Plan, hits: Sequence[Hit], held: _Held, *, side: bool = False) -> Assembled:
        """The rows that answer, by sentences or by the words the reader picks."""
        if planned.parts[0].name == SAYS:
            read = self._reading(planned, hits, held)
            spans = read(planned.parts[0], [hit.passage for hit in hits[:READ_FOR_SENTENCES]], 1)
            told_in = partial(tell, planned, article_of=held.article, missing=lacking, read=spans, side=side)
            first = hits[: self.settings.candidates]
            told = told_in(first)  # decides whether there is an answer; more hits hold better sentences
            if told and len(hits) > len(first):
                told = told_in(hits) or told
            return Assembled(tuple({SAYS: value} for value in told))
        by_clauses = bool(planned.narrowed) and len(planned.parts) == 1
        if by_clauses:
            hits, read = self._clauses(planned, held)
        else:
            read = self._reading(planned, hits, held)
        threshold = self.settings.answer_threshold
        return assemble(
            planned,
            hits,
            read,
            threshold=threshold,
            cluster_of=held.cluster,
            day_of=held.day,
            among=self.store.size(),
            by_clauses=by_clauses,
        )

    def _reading(self, planned: Plan, hits: Sequence[Hit], held: _Held) -> Read:
        """Reads and judges. With several articles in one question, each may hold some of its names.

        The first hits are read whole, the others where they share most words with the question. What has been
        read and judged is remembered: a second look goes on where the first ended.
        """
        known: dict[tuple[Part, Passage, int], list[Span]] = {}
        found_in = [hit.passage for hit in hits]
        ids = {hit.passage.article_id for hit in hits} if planned.narrowed else set()
        elsewhere = [held.article(article_id) for article_id in sorted(ids)]

        def read(part: Part, passages: Sequence[Passage], n: int) -> list[Span]:
            new = [passage for passage in passages if (part, passage, n) not in known]
            asked = excerpts(part.question, new, found=found_in, whole=FIRST_LOOK)
            found = self.reader.read_many([(part.question, passage) for passage in asked], n=n)
            spans = [
                replace(span, passage=passage)
                for passage, its in zip(new, found, strict=True)
                for span in its
            ]
            known.update({(part, passage, n): [] for passage in new})
            for span in judge(part, spans, article_of=held.article, elsewhere=elsewhere):
                known[part, span.passage, n].append(span)
            judged = [span for passage in passages for span in known[part, passage, n]]
            return sorted(judged, key=lambda span: -span.score)

        return read

    def _clauses(self, planned: Plan, held: _Held) -> tuple[list[Hit], Read]:
        """For a fact that several articles tell: what its clauses find, each where it points, best first;
        and a way to read that asks each clause there."""
        pointed: list[tuple[str, set[Passage], Read]] = []
        found: list[Hit] = []
        for text, filters in zip(planned.searches[1:], planned.narrowed[1:], strict=True):
            clause = replace(planned, searches=(text,), narrowed=(), filters=filters)
            hits = self._evidence(clause, SIDE_HITS, held)
            question = about_same(planned.question, text)
            pointed.append((question, {hit.passage for hit in hits}, self._reading(clause, hits, held)))
            found += hits

        def read(part: Part, passages: Sequence[Passage], n: int) -> list[Span]:
            spans: list[Span] = []
            for question, its, read_one in pointed:
                asked = replace(part, question=question)
                spans += read_one(asked, [passage for passage in passages if passage in its], n)
            return sorted(spans, key=lambda span: -span.score)

        best: dict[Passage, Hit] = {}
        for hit in sorted(found, key=lambda hit: -hit.score):
            best.setdefault(hit.passage, hit)
        return list(best.values()), read

    def _compare(self, planned: Plan, asked: str, held: _Held) -> Answer:
        """Each side answered by itself and all shown, what settles two of them once; not found when one side
        has nothing."""
        rows: dict[Hashable, Row] = {}
        answered = 0
        seen: list[Hit] = []
        shown: dict[Filters, set[str]] = {}  # articles, by what they were found by
        for text, filters in zip(planned.searches, planned.narrowed, strict=True):
            side = replace(planned, question=text, searches=(text,), filters=filters, narrowed=())
            name = planned.parts[0].name
            side = replace(side, parts=(Part(name, text),), kind="yes_no" if name == SAYS else "fact")
            hits = self._evidence(side, SIDE_HITS, held)
            seen += hits[:1]
            before = shown.setdefault(filters, set()) if filters != planned.filters else set()
            new = [hit for hit in hits if hit.passage.article_id not in before]
            again = [hit for hit in hits if hit.passage.article_id in before]
            for some in (new, again):  # two articles of one outlet are two, if both say something
                found = self._rows(side, some, held, side=True).rows[:1] if some else ()
                if found:
                    break
            for row in found:
                answered += 1
                rows.setdefault(_place(row), row)
                before |= {value.span.passage.article_id for value in row.values()}
        if answered < len(planned.searches):
            return self._not_found(planned, seen, asked, held)
        return self._composed(planned, Assembled(tuple(rows.values())), asked, held)

    def _composed(
        self, planned: Plan, found: Assembled, asked: str, held: _Held, *, titled: bool = False
    ) -> Answer:
        return compose(
            planned,
            found.rows,
            question=asked,
            article_of=held.article,
            cluster_of=held.cluster,
            threshold=self.settings.answer_threshold,
            differ=found.differ,
            side_by_side=planned.kind == "compare",
            titled=titled,
        )

    def _not_found(self, planned: Plan, hits: Sequence[Hit], asked: str, held: _Held) -> Answer:
        near = closest(planned, hits, article_of=held.article)
        reason = self._reason(planned, hits)
        return not_found(planned, near, question=asked, article_of=held.article, reason=reason)

    def _reason(self, planned: Plan, hits: Sequence[Hit]) -> str:
        if hits:
            return "The articles do not answer that."
        if not self.store.articles():
            return "There are no articles yet. Add some: python ingest.py PATH"
        wanted = planned.filters
        if wanted.outlets and wanted.outlets[0] not in self.store.outlets():
            return f"There is no article of {wanted.outlets[0]!r}."
        if wanted != Filters():
            return "There is no article of these days and this outlet that speaks of it."
        return "No article speaks of that."

    def _passages(self, article: Article) -> list[Passage]:
        whole = Passage(article.id, 0, len(article.text), article.text)
        return list(chunk(article, blocks(article.text), max_words=self.settings.passage_words)) or [whole]


class _Held:
    """The articles that one question looks at, each fetched once, so that none changes under the answer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._articles: dict[str, Article | None] = {}
        self._clusters: dict[str, str] = {}

    def fetch(self, ids: set[str]) -> None:
        """Fetches articles that are looked at next, all at once."""
        new = ids - self._articles.keys()
        self._articles.update({**dict.fromkeys(new), **self._store.current(new)})

    def article(self, article_id: str) -> Article:
        article = self._find(article_id)
        if article is None:
            raise NotStored(f"The article {article_id!r} has just been removed. Ask again.")
        return article

    def day(self, article_id: str) -> str | None:
        article = self._find(article_id)
        return article.day if article else None

    def has(self, passage: Passage) -> bool:
        """Whether the passage is still what stands there: its article may have been removed or rewritten."""
        article = self._find(passage.article_id)
        return article is not None and article.text[passage.start : passage.end] == passage.text

    def cluster(self, article_id: str) -> str:
        if article_id not in self._clusters:
            self._clusters[article_id] = self._store.clusters([article_id]).get(article_id) or article_id
        return self._clusters[article_id]

    def _find(self, article_id: str) -> Article | None:
        if article_id not in self._articles:
            try:
                self._articles[article_id] = self._store.article(article_id)
            except NotStored:
                self._articles[article_id] = None
        return self._articles[article_id]


def _place(row: Row) -> Hashable:
    """Where the values of the row stand."""
    spans = [value.span for value in row.values()]
    return tuple((span.passage.article_id, span.start, span.end) for span in spans)


def as_day(day: Day, name: str) -> date | None:
    """A day from a date or from ISO 8601. Raises QuestionError that says which argument is wrong."""
    if day is None or day == "":
        return None
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        return datetime.fromisoformat(day).date()
    except (ValueError, TypeError):
        raise QuestionError(f"{name} is {day!r}, which is not a day. Write it as 2025-04-25.") from None


def as_turns(history: History) -> list[Turn]:
    """Turns from Turns, (question, answer) pairs, or messages whose content is text or Gradio's blocks."""
    turns: list[Turn] = []
    for item in history or ():
        if isinstance(item, Turn):
            turns.append(item)
        elif isinstance(item, Mapping):
            text = _text_of(item.get("content"))
            if item.get("role") == "user":
                turns.append(Turn(text))
            elif turns and item.get("role") == "assistant":
                turns[-1] = replace(
                    turns[-1], answer="\n".join(part for part in (turns[-1].answer, text) if part)
                )
        else:
            question, answer = item
            turns.append(Turn(_text_of(question), _text_of(answer)))
    return turns


def _text_of(content: Any) -> str:
    """The text of a message: a string, a block, or a list of blocks of which some hold text."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        return _text_of(content.get("text"))
    if isinstance(content, Iterable):
        return "\n".join(text for text in map(_text_of, content) if text)
    return ""


def _as_article(text: str) -> Article:
    return Article("", "", None, "", None, None, None, text)


def complete(pieces: Iterable[str]) -> Iterator[str]:
    """Sentences as soon as they are whole, each with the [n] that stand behind it.

    A last one that just stops was cut off by the model's own limit, and is left out.
    """
    text, told = "", 0
    for piece in pieces:
        text += piece
        whole = _sentences_with_marks(text)
        if len(whole) - 1 > told and re.search(r"[^\W\d_]", whole[-1]):  # a [n] may still be on its way
            yield from whole[told:-1]
            told = len(whole) - 1
    rest = _sentences_with_marks(text)[told:]
    yield from rest if not rest or _ENDED.search(rest[-1]) else rest[:-1]


def _sentences_with_marks(text: str) -> list[str]:
    """Sentences of a model's text; a [n] after the full stop belongs to the sentence before it."""
    found: list[str] = []
    for start, end in sentences(text):
        sentence = text[start:end]
        marks = re.match(r"(?:\s*\[\d+\])+[.!?]?", sentence)
        if marks and found:
            found[-1] += f" {marks.group().strip()}"
            sentence = sentence[marks.end() :].strip()
        if sentence:
            found.append(sentence)
    return found


def _growth(text: str) -> Iterator[int]:
    """Where the growing text may end: at line ends and at spaces, never inside a [n]."""
    end = 0
    for match in re.finditer(r"\s+", text):
        if match.start() - end >= STREAM_CHARS or "\n" in match.group():
            end = match.start()
            yield end
