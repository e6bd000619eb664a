"""What can go wrong in front of a user. Each message says what happened and what to do about it."""

from __future__ import annotations


class QAError(Exception):
    """Base of all errors that a surface shows as one sentence instead of a traceback.

    `code` is stable and machine-readable; the text may improve from release to release.
    """

    code = "error"


class SettingsError(QAError):
    """A setting is unknown or has a value that cannot work."""

    code = "settings"


class LoadError(QAError):
    """A file could not be read as articles."""

    code = "load"


class QuestionError(QAError):
    """A question cannot be asked as it is: empty, or too long."""

    code = "question"


class NotStored(QAError):
    """An article was named that the store does not hold."""

    code = "not_stored"


class StoreError(QAError):
    """The store cannot be used as it is; the message names the command that mends it."""

    code = "store"


class ServerAway(StoreError):
    """A server that holds a part of the store does not answer; it may do so again."""

    code = "server_away"


class EmbedderMismatch(StoreError):
    """The store was built with another embedder than the settings ask for."""

    code = "embedder_mismatch"


class StoreBusy(StoreError):
    """Another process holds the write lock for longer than the caller was willing to wait."""

    code = "store_busy"


class ClusterError(QAError):
    """Ingest over many machines cannot go on: the scheduler or its workers are gone or are others."""

    code = "cluster"


class ModelError(QAError):
    """A model is missing, damaged or of the wrong kind."""

    code = "model"


class ChatModelError(QAError):
    """The optional chat model did not do what it was asked for; the answer is given without it."""

    code = "chat_model"


class ArgumentError(QAError):
    """A call has an argument that is missing, unknown or of the wrong type."""

    code = "argument"


class NotAllowed(QAError):
    """Something was asked for that this server does not do for others than its own machine."""

    code = "not_allowed"


class TooManyCalls(QAError):
    """One address calls the server more often than its owner allows."""

    code = "too_many_calls"


class Unforeseen(QAError):
    """A fault of ours: what is shown in its place, while the traceback goes to the server's log."""

    code = "internal"

    def __init__(self) -> None:
        super().__init__("Something unforeseen went wrong here. The server’s log tells its owner more.")
