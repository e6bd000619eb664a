"""Fetches a page or a feed, within limits of size, time and hops, and never from a private address.

Every hop's host is resolved here, each of its addresses checked, and the checked address connected to, so
that a name that changes its mind between check and use gains nothing. Proxies are not used.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from qa.errors import LoadError
from qa.ingest.load.text import MAX_BYTES

if TYPE_CHECKING:
    import httpcore

MAX_HOPS = 5
MAX_SECONDS = 30.0  # for the whole of one address, redirects included
CONNECT_SECONDS = 10.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # IPv4 addresses in IPv6
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": "dateline/0.1 (reads articles to answer questions from them)",
    "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,*/*;q=0.5",
    "Accept-Encoding": "identity",
}
_SUFFIXES = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/rss+xml": ".xml",
    "application/atom+xml": ".xml", "application/rdf+xml": ".xml", "application/xml": ".xml",
    "text/xml": ".xml", "application/json": ".json", "application/feed+json": ".json",
    "application/x-ndjson": ".jsonl", "application/pdf": ".pdf", "text/csv": ".csv", "text/markdown": ".md",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: `address` is where the last redirect led; `suffix` says what it is, or is ""."""

    data: bytes
    address: str
    suffix: str
    charset: str | None


def fetch(url: str, *, allow_private: bool = False) -> Fetched:
    """What stands at `url`. Raises LoadError, with the reason, when it cannot or may not be had.

    `allow_private` admits this machine and its network: for tests, and for feeds of one's own house.
    """
    import httpcore

    deadline = time.monotonic() + MAX_SECONDS
    with httpcore.ConnectionPool(network_backend=_backend(allow_private)) as pool:
        for _ in range(MAX_HOPS + 1):
            _check(url)
            try:
                found = _get(pool, url, deadline)
            except (
                httpcore.NetworkError,
                httpcore.ProtocolError,
                httpcore.TimeoutException,
                OSError,
            ) as error:
                raise LoadError(
                    f"The host {urlsplit(url).hostname} cannot be reached: {str(error) or 'too slow'}."
                ) from None
            if isinstance(found, Fetched):
                return found
            url = urljoin(url, found)
    raise LoadError(f"It redirects more than {MAX_HOPS} times.")


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise LoadError(f"This is no address: {error}.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise LoadError(f"Only http and https addresses are read, not {url[:100]!r}.")


def _get(pool: httpcore.ConnectionPool, url: str, deadline: float) -> Fetched | str:
    """What one hop gives: its content, or the address it redirects to."""
    left = max(0.1, deadline - time.monotonic())
    limits = {"connect": min(CONNECT_SECONDS, left), "read": left, "write": left, "pool": left}
    with pool.stream("GET", _ascii(url), headers=_HEADERS, extensions={"timeout": limits}) as response:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
        }
        if response.status in _REDIRECTS and "location" in headers:
            return headers["location"]
        if response.status != 200:
            raise LoadError(f"The server answered {response.status} instead of the page.")
        if headers.get("content-encoding", "identity") != "identity":
            raise LoadError(f"The server sent it as {headers['content-encoding']}, which was not asked for.")
        data = _bounded(response.iter_stream(), deadline)
    kind, _, rest = headers.get("content-type", "").partition(";")
    charset = rest.partition("charset=")[2].split(";")[0].strip("\"' ") or None
    return Fetched(data, url, _SUFFIXES.get(kind.strip().lower(), ""), charset)


def _bounded(chunks: Iterable[bytes], deadline: float) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > MAX_BYTES:
            raise LoadError(f"It is larger than {MAX_BYTES // 2**20} MB.")
        if time.monotonic() > deadline:
            raise LoadError(f"It took longer than {MAX_SECONDS:.0f} seconds.")
    return bytes(data)


def _ascii(url: str) -> str:
    """The address with its host in IDNA and the rest percent-encoded, as it goes over the wire."""
    from urllib.parse import quote

    parts = urlsplit(url)
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except UnicodeError:
        raise LoadError(f"This is no address: {url[:100]!r}.") from None
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?") if parts.query else ""
    return f"{parts.scheme}://{host}{port}{path}{query}"


def _backend(allow_private: bool) -> Any:
    """A network that connects to checked addresses only."""
    import httpcore

    class CheckedNetwork(httpcore.SyncBackend):
        def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore.NetworkStream:
            return super().connect_tcp(_resolved(host, port, allow_private), port, *args, **options)

    return CheckedNetwork()


def _resolved(host: str, port: int, allow_private: bool) -> str:
    """One numeric address of `host`. Raises LoadError when any of them lies in a private network."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    private = [address for address in addresses if not is_public(address)]
    if private and not allow_private:
        raise LoadError(
            f"The host {host} is {private[0]}, an address within this machine or its network; refused. "
            "The setting QA_PRIVATE_ADDRESSES=true allows it."
        )
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet's, looked at through IPv6's ways to write IPv4."""
    number = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address):
        if number in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)))
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo[1] if number.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return number.is_global and not number.is_multicast
