"""The optional chat model: takes a question with quotes, gives text that nobody has checked yet.

The only file that knows a chat model. It may phrase an answer, complete a follow-up, and split a question;
whether anything it wrote is used is for others to decide. Nothing is sent but to the address that the
settings name, and nothing waits longer than it was told to.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qa.errors import ChatModelError, SettingsError
from qa.types import Answer, Turn

PROMPTS = Path(__file__).parent / "prompts"
CLIENTS = {"openai": "langchain_openai", "ollama": "langchain_ollama", "anthropic": "langchain_anthropic"}
# Named here, so that no other variable of the environment can send quotes elsewhere.
ADDRESSES = {
    "openai": "https://api.openai.com/v1",
    "ollama": "http://127.0.0.1:11434",
    "anthropic": "https://api.anthropic.com",
}
KEY = "CHAT_MODEL_KEY"  # the environment's variable for a server at an address of one's own
MOST_TOKENS = 400  # of a reply; four sentences take about 150
MOST_CHARS = 2_400  # of a reply; one that is longer has lost the thread
SHORT_SECONDS = 8.0  # for a follow-up or a split; without them the rules do
CLIENT_SECONDS = 5.0  # more than the reader waits: which of the two gives up must not be left to chance
REST_SECONDS = 30.0  # after it was too slow, it is left alone for so long
TURNS_SHOWN = 3
SAID_CHARS = 400  # of an earlier answer
Messages = list[tuple[str, str]]  # (role, text)
_LOCAL = ("127.0.0.1", "localhost", "::1")


class ChatModel:
    """A chat model by its LangChain name. Safe to call from several threads.

    Every method raises ChatModelError, whose text is a sentence for the reader.
    """

    def __init__(self, name: str, *, url: str | None = None, seconds: float = 20.0) -> None:
        """`name` is an `init_chat_model` string, `url` the address of a server. Raises SettingsError."""
        self.provider, _, self.model = name.partition(":")
        self.url = url or ADDRESSES.get(self.provider)
        self.seconds = seconds
        self.where = urlsplit(self.url).netloc if self.url else self.provider
        self._own_server = url is not None
        self._rests_until = 0.0
        self._lock = threading.Lock()
        self._made: Any = None
        client = CLIENTS.get(self.provider, f"langchain_{self.provider}")
        if find_spec(client) is None:
            extra = self.provider in CLIENTS
            command = "pip install '.[llm]'" if extra else f"pip install {client.replace('_', '-')}"
            raise SettingsError(f"The chat model {name!r} needs its client. Install it: {command}")

    @property
    def name(self) -> str:
        """What to call it, and where it runs: "llama3.2 at 127.0.0.1:11434"."""
        return f"{self.model} at {self.where}"

    def write(self, question: str, answer: Answer) -> Iterator[str]:
        """An answer in prose, piece by piece as it comes, from the answer's quotes."""
        quotes = "\n".join(
            _fenced("quote", citation.quote.text, number=citation.number) for citation in answer.citations
        )
        shown, told = _prompt("write_example").split("\n---\n")  # small models learn the form from it
        messages = [
            ("system", _prompt("write")),
            ("human", shown),
            ("ai", told),
            ("human", f"Question: {question}\n\n{quotes}"),
        ]
        yield from self._reply(messages, seconds=self.seconds)

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """The question with what it refers to put in. One line, which may be nonsense."""
        turns = "\n".join(
            _fenced("turn", f"Reader: {turn.searched or turn.question}\nAnswer: {turn.answer[:SAID_CHARS]}")
            for turn in history[-TURNS_SHOWN:]
        )
        return self._line(_prompt("standalone"), f"{turns}\n\nLast question: {question}")

    def split(self, question: str) -> list[str]:
        """The questions that a question of many parts is made of."""
        text = self._whole(_prompt("split"), f"Question: {question}")
        return [line.strip(" -*•\t") for line in text.splitlines() if line.strip()]

    def _line(self, system: str, asked: str) -> str:
        lines = [line.strip() for line in self._whole(system, asked).splitlines() if line.strip()]
        return lines[0].strip("\"“”' ") if lines else ""

    def _whole(self, system: str, asked: str) -> str:
        messages = [("system", system), ("human", asked)]
        return "".join(self._reply(messages, seconds=min(self.seconds, SHORT_SECONDS)))

    def _reply(self, messages: Messages, *, seconds: float) -> Iterator[str]:
        """The reply piece by piece. A thread of its own waits for it, so that a server that hangs holds
        nobody up: after `seconds` the reader goes on without."""
        if time.monotonic() < self._rests_until:
            raise ChatModelError(f"The chat model {self.name} was too slow and is left alone for a moment.")
        pieces: queue.Queue[str | Exception | None] = queue.Queue()
        stop = threading.Event()
        threading.Thread(
            target=self._listen, args=(messages, pieces, stop), name="chat model", daemon=True
        ).start()
        try:
            ready = pieces.get()  # the client takes seconds to import, and no server is to blame for them
            if isinstance(ready, Exception):
                pieces.put(ready)
            ends, length = time.monotonic() + seconds, 0
            while True:
                try:
                    piece = pieces.get(timeout=max(0.0, ends - time.monotonic()))
                except queue.Empty:
                    self._rests_until = time.monotonic() + REST_SECONDS
                    raise ChatModelError(
                        f"The chat model {self.name} did not finish within {seconds:g} seconds."
                    ) from None
                if piece is None:
                    break
                if isinstance(piece, Exception):
                    raise ChatModelError(
                        f"The chat model {self.name} could not be used: {_first_line(piece)}"
                    ) from piece
                length += len(piece)
                if length > MOST_CHARS:
                    raise ChatModelError(f"The chat model {self.name} did not come to an end.")
                yield piece
            if not length:
                raise ChatModelError(f"The chat model {self.name} wrote nothing.")
        finally:
            stop.set()

    def _listen(
        self, messages: Messages, pieces: queue.Queue[str | Exception | None], stop: threading.Event
    ) -> None:
        try:
            from langsmith import tracing_context

            with tracing_context(enabled=False):  # whatever the environment says: nothing goes elsewhere
                client = self._chat()
                pieces.put("")
                for chunk in client.stream(messages):
                    if stop.is_set():
                        return
                    if isinstance(chunk.text, str) and chunk.text:
                        pieces.put(str(chunk.text))
            pieces.put(None)
        except Exception as error:  # noqa: BLE001 - clients of every provider, each with errors of its own
            pieces.put(error)

    def _chat(self) -> Any:
        """The LangChain model, made on first use: the clients take seconds to import."""
        with self._lock:
            if self._made is None:
                from langchain.chat_models import init_chat_model

                self._made = init_chat_model(self.model, model_provider=self.provider, **self._options())
            return self._made

    def _options(self) -> dict[str, Any]:
        """Every client names its options in its own way. No retries: the reader waits for nobody twice."""
        import os

        import httpx

        local = urlsplit(self.url or "").hostname in _LOCAL
        timeout = self.seconds + CLIENT_SECONDS
        if self.provider == "ollama":
            return {
                "base_url": self.url,
                "num_predict": MOST_TOKENS,
                "temperature": 0.0,
                "client_kwargs": {"timeout": timeout, "trust_env": not local},
            }
        common = {"timeout": timeout, "max_retries": 0, "max_tokens": MOST_TOKENS}
        if self.provider != "openai":
            return {**common, **({"base_url": self.url} if self.url else {})}
        if not self._own_server:
            return {**common, "base_url": self.url}
        # The key of the well-known address is never shown to another one.
        client = httpx.Client(timeout=timeout, trust_env=not local)
        return {
            **common,
            "base_url": self.url,
            "temperature": 0.0,
            "api_key": os.environ.get(KEY) or "none",
            "http_client": client,
        }


def _prompt(name: str) -> str:
    return (PROMPTS / f"{name}.txt").read_text(encoding="utf-8").strip()


def _fenced(kind: str, text: str, **marks: object) -> str:
    """Text of an article or a reader as material: it cannot close its own fence."""
    plain = " ".join(text.split()).replace("<", "‹").replace(">", "›")
    given = "".join(f' {name}="{value}"' for name, value in marks.items())
    return f"<{kind}{given}>{plain}</{kind}>"


def _first_line(error: Exception) -> str:
    """What went wrong, short enough for one line."""
    said = str(error).strip() or type(error).__name__
    with suppress(AttributeError, TypeError):
        said = str(error.body["message"])  # type: ignore[attr-defined]  # OpenAI's errors are long
    line = re.split(r"[\r\n]", said)[0][:160].rstrip(". ")
    return f"{line}."
