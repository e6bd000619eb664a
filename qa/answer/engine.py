"""What answering needs: the store and the models that the settings name, each opened when first wanted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any

from qa.settings import Settings
from qa.types import Passage

if TYPE_CHECKING:
    from qa.models.chat_model import ChatModel
    from qa.models.embed import Embedder
    from qa.models.read import Reader
    from qa.store.store import Store


class Engine:
    """Handed from stage to stage, and used from several threads.

    `embedder` stands for the one of the settings: a name, or LangChain Embeddings.
    """

    def __init__(self, settings: Settings, *, embedder: Any = None) -> None:
        self.settings = settings
        self.embedder_given = embedder if embedder is not None else settings.embedder
        self._threads = settings.threads or None
        self._lock = RLock()

    @cached_property
    def embedder(self) -> Embedder:
        """The model that makes vectors. Raises ModelError."""
        from qa.models.embed import load_embedder

        with self._lock:
            made = self.__dict__.get("embedder")
            return made or load_embedder(self.chosen_embedder, threads=self._threads)

    @cached_property
    def reader(self) -> Reader:
        """The model that reads. Raises ModelError."""
        from qa.models.read import load_reader

        with self._lock:
            return self.__dict__.get("reader") or load_reader(self.settings.reader, threads=self._threads)

    @cached_property
    def store(self) -> Store:
        """The articles and their indexes. Raises StoreError."""
        from qa.store.store import Store

        with self._lock:
            name, dim = self.embedder_kind()
            return self.__dict__.get("store") or Store.open(
                self.settings.data,
                embedder=name,
                dim=dim,
                database_url=self.settings.database_url,
                chroma_url=self.settings.chroma_url,
                any_embedder=self._takes_what_is_there,
            )

    @cached_property
    def chat_model(self) -> ChatModel | None:
        """The chat model that the settings name, or None. Raises SettingsError."""
        from qa.models.chat_model import ChatModel

        chosen = self.settings
        url, seconds = chosen.chat_model_url, chosen.chat_model_seconds
        return ChatModel(chosen.chat_model, url=url, seconds=seconds) if chosen.chat_model else None

    def embed(self, texts: Sequence[str]) -> Any:
        """(n, dim) float32, unit length; loads the embedder only now."""
        return self.embedder.embed(texts)

    @property
    def chosen_embedder(self) -> Any:
        """The embedder that is to be loaded: what was given, or what the store was made with."""
        return self.store.embedder if self._takes_what_is_there else self.embedder_given

    def embedder_kind(self) -> tuple[str, int]:
        """Name and dimensions; those of the embedders that come along are known without loading."""
        from qa.models.embed import KNOWN

        given = self.embedder_given
        if isinstance(given, str) and given in KNOWN and "embedder" not in self.__dict__:
            return KNOWN[given]
        return self.embedder.name, self.embedder.dim

    @property
    def _takes_what_is_there(self) -> bool:
        """Whether a store goes on with the embedder that made it, whichever that is."""
        from qa.models.embed import AUTO

        return isinstance(self.embedder_given, str) and self.embedder_given == AUTO

    def warm(self) -> None:
        """Loads the models and opens the store now."""
        self.store.refresh()
        self.embedder.embed(["warm"])
        self.reader.read_many([("Who?", Passage("", 0, 5, "Warm."))])

    @property
    def is_warm(self) -> bool:
        """Whether the models are there."""
        return "embedder" in self.__dict__ and "reader" in self.__dict__

    def close(self) -> None:
        """Lets go of the store."""
        store = self.__dict__.pop("store", None)
        if store is not None:
            store.close()
