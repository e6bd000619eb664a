"""The named endpoints: those in NAMES.

Takes an Assistant, gives functions over plain JSON values, the same for Gradio's clients, HTTP and MCP.
Every error leaves as one sentence with a stable code. Knows nothing about the page.
"""

# Annotations are read by Gradio at run time, return types without evaluating them: no `from __future__` here.

import hashlib
import inspect
import json
import re
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import wraps
from pathlib import Path
from typing import Any

from pydantic import ValidationError, validate_call

from qa.desk import Assistant
from qa.errors import ArgumentError, NotAllowed, QAError, Unforeseen
from qa.ingest.load import load_bytes
from qa.question.conversation import as_turns
from qa.store.browse import named
from qa.surfaces.archive import ARCHIVE_NAMES, EVERYTHING, Access, Archive
from qa.types import Answer, Failure, IngestReport, Notice, RawArticle, Turn

ASKED_AT_ONCE = 2  # questions; each uses all cores the models are given, more only wait for one another
LOOKED_UP_AT_ONCE = 4
MOST_HITS = 100  # of one search
NAMES = (
    *("ask", "ask_stream", "search", "timeline", "articles", "article", "ingest", "remove", "chat"),
    *ARCHIVE_NAMES,
)
NOT_TOOLS = ("ask_stream", "chat")  # MCP has no growing results: `ask` gives the same answer

_UPLOADED, _PASTED = re.compile(r"^upload-[0-9a-f]{12}/"), re.compile(r"^pasted-[0-9a-f]{12}\b")

Heard = Callable[[str, Answer | QAError, float], None]  # question, outcome, seconds


class Endpoints(Archive):
    """The functions behind the names. Each takes and returns what JSON can say."""

    def __init__(self, desk: Assistant, access: Access = EVERYTHING) -> None:
        super().__init__(desk, access)
        self.heard: Heard | None = None  # told of every question and what became of it
        self._counting = threading.Lock()
        self._asking = 0

    @property
    def asking(self) -> int:
        """How many questions are on their way."""
        return self._asking

    def answers(self, question: str, **options: Any) -> Generator[Answer, None, None]:
        """The answer as it grows; the last is whole. The one way from a surface of the server to the desk."""
        started = time.perf_counter()
        outcome: Answer | QAError | None = None
        self._count(1)
        try:
            with no_surprise():
                for outcome in self.desk.stream(question, **options):
                    yield outcome
        except QAError as error:
            outcome = error
            raise
        finally:
            self._count(-1)
            if self.heard is not None and outcome is not None:
                self.heard(question, outcome, time.perf_counter() - started)

    def _count(self, by: int) -> None:
        with self._counting:
            self._asking += by

    def ask(  # noqa: PLR0917 - Gradio passes arguments by position
        self,
        question: str,
        history: list[Any] | None = None,
        now: str | None = None,
        since: str | None = None,
        until: str | None = None,
        outlet: str | list[str] | None = None,
        articles: list[str] | None = None,
    ) -> dict[str, Any]:
        """Answers a question from the news articles, each statement with the sentence it is quoted from.

        Args:
            question: What to ask, in plain words.
            history: Earlier questions, answers as returned, or messages with role and content, oldest first.
            now: The day that "today" means, as 2025-04-25; the newest article's when not given.
            since: Only articles of this day or later.
            until: Only articles of this day or earlier.
            outlet: Only articles of this outlet, or of these.
            articles: Only articles with these ids, as in `articles` and in citations.

        Returns:
            The answer with status ("answered", "unsure" or "not_found"), text, findings and citations.
        """
        within = {"since": since, "until": until, "outlet": outlet, "articles": articles}
        *_, answer = self.answers(question, history=turns(history), now=now, **within)
        return answer.to_dict()

    def ask_stream(  # noqa: PLR0917 - as above
        self,
        question: str,
        history: list[Any] | None = None,
        now: str | None = None,
        since: str | None = None,
        until: str | None = None,
        outlet: str | list[str] | None = None,
        articles: list[str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The same as `ask` with the text growing; the last value is the whole answer."""
        within = {"since": since, "until": until, "outlet": outlet, "articles": articles}
        for answer in self.answers(question, history=turns(history), now=now, **within):
            yield answer.to_dict()

    def search(self, query: str, k: int = 10) -> list[dict[str, Any]]:
        """Finds passages of the news articles that fit some words, best first.

        Args:
            query: What to look for.
            k: How many passages at most, 1 to 100.
        """
        if not 1 <= k <= MOST_HITS:
            raise ArgumentError(f"k is {k}; it must lie between 1 and {MOST_HITS}.")
        hits = self.desk.search(query, k=k)
        return [hit.to_dict(self.desk.article(hit.passage.article_id)) for hit in hits]

    def timeline(
        self, topic: str, since: str | None = None, until: str | None = None, outlet: str | None = None
    ) -> list[dict[str, Any]]:
        """Tells a topic in dated quotes of the news articles, one a story, oldest first.

        Args:
            topic: A name, a place, an event.
            since: Only articles of this day or later, as 2025-04-25.
            until: Only articles of this day or earlier.
            outlet: Only articles of this outlet.
        """
        quotes = self.desk.timeline(topic, since=since, until=until, outlet=outlet)
        return [quote.to_dict() for quote in quotes]

    def articles(self) -> list[dict[str, Any]]:
        """Lists the stored articles, newest first."""
        return [{str(name): value for name, value in row.items()} for row in self.desk.articles()]

    def article(self, id: str, revision: str | None = None) -> dict[str, Any]:
        """One article with its whole text, in which the offsets of citations count.

        Args:
            id: As in `articles` and in citations.
            revision: As in citations; the current one when not given.
        """
        return asdict(self.desk.article(id, revision))

    def ingest(  # noqa: PLR0917 - as above
        self,
        paths: list[str] | None = None,
        files: list[Any] | None = None,
        text: str | None = None,
        title: str | None = None,
        outlet: str | None = None,
        published: str | None = None,
        url: str | None = None,
    ) -> dict[str, Any]:
        """Stores articles, so that they can be asked.

        Args:
            paths: Files, folders or web addresses that the server reads itself.
            files: Uploaded files.
            text: The text of one article; title, outlet, published and url belong to it.
            title: Its headline.
            outlet: Who published it.
            published: When, as 2025-04-25.
            url: Its address.

        Returns:
            How many were added, updated and unchanged, and what failed and why.
        """
        self._must_write()
        if paths and not self.access.paths:
            raise NotAllowed(
                "This server reads no files of its own for others. Upload them, or send the text."
            )
        if "-" in (paths or ()):
            raise ArgumentError("paths holds '-', but a server has no standard input. Send the text instead.")
        read = [item for upload in files or () for item in uploaded(upload)]
        failed = tuple(item for item in read if isinstance(item, Failure))
        found: list[Any] = [*(paths or ()), *(item for item in read if not isinstance(item, Failure))]
        if text is not None:
            found.append(pasted(text, title=title, outlet=outlet, published=published, url=url))
        if not found and not failed:
            raise ArgumentError("Nothing was given to ingest. Send paths, files or text.")
        report = self.desk.ingest(found) if found else IngestReport()
        return _as_named(replace(report, failed=report.failed + failed)).to_dict()

    def remove(self, ids: list[str]) -> dict[str, Any]:
        """Removes articles; answers cite them no more.

        Args:
            ids: As in `articles`.

        Returns:
            How many were removed, which ids were unknown, and for `restore` the revisions that were removed.
        """
        self._must_write()
        stored = {row["id"]: row["revision"] for row in named(self.desk.store.catalogue, dict.fromkeys(ids))}
        removed = self.desk.remove(stored) if stored else 0
        unknown = [name for name in ids if name not in stored]
        return {"removed": removed, "unknown": unknown, "revisions": stored}

    def chat(self, message: str, history: list[Any] | None = None) -> Iterator[str]:
        """Answers as text that grows, for chat programs; [n] are the numbers of `ask`'s citations."""
        for answer in self.answers(message, history=turns(history)):
            yield answer.text

    def store(self, given: Sequence[Any], progress: Callable[[Any], None] | None = None) -> IngestReport:
        """Ingests paths and RawArticles; the Failures among them go to the report."""
        self._must_write()
        if not given:
            raise ArgumentError("Nothing was given to ingest. Send paths, files or text.")
        failed = tuple(item for item in given if isinstance(item, Failure))
        found = [item for item in given if not isinstance(item, Failure)]
        report = self.desk.ingest(found, progress=progress) if found else IngestReport()
        return _as_named(replace(report, failed=report.failed + failed))


def publish(endpoints: Endpoints) -> None:
    """Gives the endpoints their names on the Gradio page that is being built."""
    import gradio as gr

    kinds = {
        "ask": ("ask", ASKED_AT_ONCE),
        "ask_stream": ("ask", ASKED_AT_ONCE),
        "chat": ("ask", ASKED_AT_ONCE),
    }
    writes = dict.fromkeys(("ingest", "remove", "restore", "set_day"), ("write", 1))
    for name in NAMES:
        group, limit = {**kinds, **writes}.get(name, ("look up", LOOKED_UP_AT_ONCE))
        function = in_sentences(getattr(endpoints, name))
        if name in NOT_TOOLS:
            function._mcp_type = "stream"  # type: ignore[attr-defined]  # anything but "tool" is not listed
        gr.api(function, api_name=name, concurrency_limit=limit, concurrency_id=group)


def in_sentences(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, checking its arguments, whose every error is a `gr.Error` with a code."""
    signature = inspect.signature(function)
    checked = validate_call(function)

    def named(*args: Any, **kwargs: Any) -> Any:
        return checked(**signature.bind(*args, **kwargs).arguments)  # so that an error names its argument

    @wraps(function)
    def once(*args: Any, **kwargs: Any) -> Any:
        with _told():
            return named(*args, **kwargs)

    @wraps(function)
    def growing(*args: Any, **kwargs: Any) -> Iterator[Any]:
        with _told():
            yield from named(*args, **kwargs)

    return growing if inspect.isgeneratorfunction(function) else once


@contextmanager
def _told() -> Iterator[None]:
    """Only the text of a `gr.Error` reaches a client; its title carries the code."""
    import gradio as gr

    try:
        with no_surprise():
            yield
    except ValidationError as error:
        raise gr.Error(_in_words(error), title=ArgumentError.code, print_exception=False) from None
    except QAError as error:
        raise gr.Error(str(error), title=error.code, print_exception=False) from None


@contextmanager
def no_surprise() -> Iterator[None]:
    """Turns an error that nobody foresaw into a sentence; its traceback is printed."""
    try:
        yield
    except (QAError, ValidationError):
        raise
    except Exception as error:  # whatever it is, a client gets a sentence and the log the rest
        traceback.print_exc()
        raise Unforeseen from error


def _in_words(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    return f"The argument {name} cannot be used: {first['msg']}."


def turns(history: Sequence[Any] | None) -> list[Turn]:
    """Earlier turns from questions, answers as returned, (question, answer) pairs, or messages.

    A message's content is text or Gradio's content blocks. Raises ArgumentError.
    """
    found: list[Any] = []
    for item in history or ():
        if isinstance(item, str):
            found.append(Turn(item))
        elif isinstance(item, Mapping | Turn) or (isinstance(item, list | tuple) and len(item) == 2):
            found.append(item)
        else:
            raise ArgumentError(
                f"history holds {str(item)[:80]!r}. It takes questions, (question, answer) pairs, answers as "
                "returned, or messages with role and content."
            )
    return as_turns(found)


def uploaded(upload: Any) -> Iterator[RawArticle | Failure | Notice]:
    """The articles in a file that was uploaded to this server; no other file of its machine is read."""
    path, name = _path_and_name(upload)
    if not _is_uploaded(path):
        yield Failure(name, "This is not a file that was uploaded here. Upload it first.")
        return
    data = path.read_bytes()
    yield from load_bytes(data, f"upload-{_short_hash(data)}/{name}")


def _as_named(report: IngestReport) -> IngestReport:
    """The report with uploads and pasted texts under the names that their sender knows."""

    def named(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(each, source=_known_name(each.source)) for each in items)

    return replace(
        report,
        failed=named(report.failed),
        passed_over=named(report.passed_over),
        remarks=named(report.remarks),
    )


def _known_name(source: str) -> str:
    return "the pasted text" if _PASTED.match(source) else _UPLOADED.sub("", source)


def _path_and_name(upload: Any) -> tuple[Path, str]:
    fields = upload if isinstance(upload, Mapping) else {"path": str(upload)}
    path = Path(str(fields.get("path") or ""))
    return path, Path(str(fields.get("orig_name") or path.name)).name or "upload"


def _is_uploaded(path: Path) -> bool:
    from gradio.utils import get_upload_folder

    whole = path.resolve()
    return whole.is_relative_to(Path(get_upload_folder()).resolve()) and whole.is_file()


def pasted(
    text: str,
    *,
    title: str | None = None,
    outlet: str | None = None,
    published: str | None = None,
    url: str | None = None,
) -> RawArticle:
    """An article from text; the same text is the same article."""
    if not text.strip():
        raise ArgumentError("text is empty. Send the text of an article.")
    return RawArticle(
        source=f"pasted-{_short_hash(text.encode('utf-8', 'replace'))}",
        text=text,
        title=title or None,
        outlet=outlet or None,
        published=published or None,
        url=url or None,
    )


def _short_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def speak_json(mcp_server: Any) -> None:
    """Lets MCP tools return JSON: Gradio 6.31 gives `str(value)`, which no program but Python can read."""
    as_gradio = mcp_server.postprocess_output_data

    def postprocess(data: Any, root_url: str) -> Any:
        return as_gradio([_as_json(value) for value in data], root_url)

    mcp_server.postprocess_output_data = postprocess


def _as_json(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
