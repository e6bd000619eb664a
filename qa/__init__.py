"""Ask news articles; every answer is quoted.

    import qa
    desk = qa.open("data")
    answer = desk.ask("who was killed and where?")

Importing this loads neither models nor indexes: names come in on first use.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.desk import Assistant

_HOME = {
    "Assistant": "qa.desk",
    "Settings": "qa.settings",
    **dict.fromkeys(
        [
            "Answer",
            "Article",
            "Citation",
            "Filters",
            "Finding",
            "Hit",
            "IngestReport",
            "Passage",
            "Quote",
            "Span",
            "Turn",
        ],
        "qa.types",
    ),
    **dict.fromkeys(
        ["QAError", "QuestionError", "NotStored", "StoreError", "SettingsError", "ModelError", "LoadError"],
        "qa.errors",
    ),
}
__all__ = ["open", *_HOME]  # noqa: PLE0604


def open(data: str | Path | None = None, **settings: Any) -> Assistant:
    """An assistant over the store in the folder `data`; an empty store is made if there is none.

    `settings` are those of `qa.settings`; `embedder` may also be LangChain Embeddings. Raises SettingsError.
    """
    from qa.desk import Assistant
    from qa.settings import load_settings

    embedder = settings.get("embedder")
    if embedder is not None and not isinstance(embedder, str):
        settings = {**settings, "embedder": type(embedder).__name__}
    return Assistant(load_settings(data=data, **settings), embedder=embedder)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
