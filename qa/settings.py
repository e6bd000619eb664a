"""All settings in one frozen value: defaults, then `dateline.toml`, then `QA_*` environment, then arguments.

Built once in a surface; stages take plain values. Unknown keys are refused.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import TomlConfigSettingsSource

from qa.errors import SettingsError

SETTINGS_FILE = Path("dateline.toml")
PREFIX = "QA_"
SECRET = ("database_url", "chroma_url", "chat_model_url", "login")  # may hold a password: never repeated


class Settings(BaseSettings):
    """What can be chosen. Every field is also an environment variable: `QA_DATA`, `QA_READER`, …"""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", validate_default=True)

    data: Path = Field(Path("data"), description="Folder of the store.")
    embedder: str = Field(
        "auto",
        description="`auto`: what made the store, `fast` for a new one; `fast` (built in), `minilm` "
        "(packaged), or a sentence-transformers name or path.",
    )
    reader: str = Field(
        "builtin", description="`builtin`, or an extractive question-answering model's name or path."
    )
    threads: int = Field(0, ge=0, description="Threads a model may use; 0 means all cores, at most 4.")
    passage_words: int = Field(110, ge=20, le=400, description="Longest passage, in words.")
    candidates: int = Field(
        20, ge=1, le=200, description="Passages that are looked at for one question, at most."
    )
    answer_threshold: float = Field(0.5, ge=0, le=1, description="Least probability of a span that is shown.")
    unsure_threshold: float = Field(
        0.12,
        ge=0,
        le=1,
        description="Least probability of a span whose sentence is shown as one that may answer.",
    )
    database_url: str | None = Field(
        None,
        description="Where the catalogue is, instead of a file: `postgresql://NAME:PASSWORD@HOST/DATABASE`.",
    )
    chroma_url: str | None = Field(None, description="Address of a Chroma server, instead of a folder.")
    question_chars: int = Field(2_000, ge=100, description="Longest question, in characters.")
    chat_model: str | None = Field(
        None,
        pattern=r"^[a-z_]+:.+$",
        description="A chat model that phrases answers, `PROVIDER:MODEL`, such as `ollama:llama3.2`.",
    )
    chat_model_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Where it runs, for `openai:…` on a server of your own (llama.cpp, vLLM, LM Studio).",
    )
    chat_model_seconds: float = Field(20.0, gt=0, le=600, description="After so long it is not waited for.")
    private_addresses: bool = Field(
        False, description="Whether pages and feeds of this machine and its network may be ingested."
    )
    host: str = Field("127.0.0.1", description="Address the chat listens on.")
    port: int = Field(7860, ge=0, le=65535, description="Port the chat listens on.")
    login: str | None = Field(
        None, pattern=r"^[^:]+:.+$", description="`NAME:PASSWORD` that the chat and its endpoints ask for."
    )
    network_writes: bool = Field(
        False, description="Whether ingest and remove also work when the chat listens beyond this machine."
    )
    calls_per_minute: int = Field(
        120,
        ge=0,
        description="Calls of one address when the chat listens beyond this machine; 0: any number.",
    )
    log: Literal["off", "events", "questions"] = Field(
        "events",
        description="What the chat logs: nothing, a line a question, or its words too.",
    )
    examples: tuple[str, ...] = Field(
        (), description="Questions the chat offers; without any, those that the articles answer."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, SETTINGS_FILE)


def load_settings(**given: Any) -> Settings:
    """The settings in force; arguments that are None count as not given.

    Raises SettingsError for an unknown key or an impossible value, naming where it came from.
    """
    unknown = _unknown_variables()
    if unknown:
        raise SettingsError(f"Unknown setting {unknown[0]} in the environment. Known: {_known_variables()}.")
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        raise SettingsError(_in_words(error)) from None
    except ValueError as error:  # tomllib.TOMLDecodeError is one
        raise SettingsError(f"{SETTINGS_FILE} cannot be read: {error}. Mend or remove it.") from None


def _unknown_variables() -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def _known_variables() -> str:
    return ", ".join(PREFIX + name.upper() for name in Settings.model_fields)


def _in_words(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"Unknown setting {name!r}. Known: {', '.join(Settings.model_fields)}."
    given = "what was given" if first["loc"] and first["loc"][0] in SECRET else repr(first["input"])
    return f"Setting {name!r} cannot be {given}: {first['msg']}."
