"""What answering needs: the store, the models and the settings, opened by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.settings import Settings

if TYPE_CHECKING:
    from qa.models.chat_model import ChatModel
    from qa.models.embed import Embedder
    from qa.models.read import Reader
    from qa.store.store import Store


@dataclass(frozen=True, slots=True)
class Engine:
    """Handed from stage to stage; `chat_model` is None unless the settings name one."""

    store: Store
    embedder: Embedder
    reader: Reader
    chat_model: ChatModel | None
    settings: Settings
