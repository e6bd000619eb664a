"""The vector index on a Chroma server, which all nodes of a store share.

The same as in a folder, but for this: a handle always shows what is there now, the collection itself says up
to which change it holds everything, and a server that is gone is told in a sentence.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from qa.errors import ServerAway
from qa.store.address import CONNECT_S, ChromaAddress
from qa.store.vectors import Vectors

if TYPE_CHECKING:
    from qa.store.passages import Stored

BATCH = 1_000  # a request of 4,096 dimensions then has 22 MB; a server takes 40 MB at most
ANSWER_S = 60  # by default the client waits for ever
APPLIED = "applied"  # in the collection's metadata: as text, for its numbers are floats to other clients


class Served(Vectors):
    """A collection on a server. Nothing has to be closed; one client serves a whole process."""

    def __init__(self, address: ChromaAddress, name: str, *, make: bool = False) -> None:
        """`make` makes a missing collection, which only a writer may do; without it, raises Chroma's
        NotFoundError. ServerAway here and below when the server does not answer.
        """
        self._address = address
        with _in_words(address):
            self._client = _client(str(address), tuple(address.headers.items()))
            self._collection = self._open(name, make)

    def apply(self, *, gone: Iterable[tuple[int, int]], came: Iterable[Sequence[Stored]]) -> None:
        with _in_words(self._address):
            super().apply(gone=gone, came=_in_requests(came))

    def search(self, vector: npt.NDArray[np.float32], *, k: int) -> list[tuple[int, float]]:
        with _in_words(self._address):
            return super().search(vector, k=k)

    def count(self) -> int:
        with _in_words(self._address):
            return super().count()

    def numbers(self) -> list[int]:
        with _in_words(self._address):
            return super().numbers()

    def close(self) -> None:
        """Nothing is held open that matters."""

    @property
    def applied(self) -> int:
        """The last change it had taken up when it was opened; 0 for none."""
        return int((self._collection.metadata or {}).get(APPLIED, "0"))

    def set_applied(self, number: int) -> None:
        with _in_words(self._address):
            self._collection.modify(metadata={APPLIED: str(number)})


def drop(address: ChromaAddress, *, prefix: str = "", keep: str = "", exactly: str = "") -> None:
    """Removes every collection whose name begins with `prefix`, but `keep`; or the one named exactly so."""
    with _in_words(address):
        client = _client(str(address), tuple(address.headers.items()))
        for name in [collection.name for collection in client.list_collections()]:
            if name == exactly or (prefix and name.startswith(prefix) and name != keep):
                client.delete_collection(name)


def _in_requests(came: Iterable[Sequence[Stored]]) -> Iterator[Sequence[Stored]]:
    return (batch[start : start + BATCH] for batch in came for start in range(0, len(batch), BATCH))


@cache
def _client(address: str, headers: tuple[tuple[str, str], ...]) -> Any:
    """A new one takes 0.2 s. Raises whatever it meets when the server does not answer."""
    import chromadb
    import httpx

    scheme, _, place = address.partition("://")
    host, _, port = place.rpartition(":")
    socket.create_connection((host, int(port)), timeout=CONNECT_S).close()
    quiet = chromadb.Settings(anonymized_telemetry=False)
    client = chromadb.HttpClient(
        host=host, port=int(port), ssl=scheme == "https", headers=dict(headers), settings=quiet
    )
    session = getattr(client._server, "_session", None)  # chromadb 1.5.9 makes it with timeout=None
    if isinstance(session, httpx.Client):
        session.timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S)
    return client


@contextmanager
def _in_words(address: ChromaAddress) -> Iterator[None]:
    import httpx

    try:
        yield
    except (httpx.HTTPError, OSError) as error:
        raise _away(address, error) from None
    except ValueError as error:  # what HttpClient makes of a refused connection
        if "Could not connect" not in str(error):
            raise
        raise _away(address, error) from None


def _away(address: ChromaAddress, error: Exception) -> ServerAway:
    return ServerAway(
        f"The Chroma server {address} does not answer ({type(error).__name__}: {str(error)[:200]}). See that "
        "it runs and can be reached, then try again; what was stored stays stored."
    )
