"""Addresses of servers: which may be given, how they are opened, how they are shown: without passwords."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from qa.errors import SettingsError

CONNECT_S = 5  # a machine that is gone does not refuse, it is silent
DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
DATABASE_FORM = "Write it as postgresql://NAME:PASSWORD@HOST:5432/DATABASE"
CHROMA_FORM = "Write it as http://HOST:8000"
# A session whose machine has lost its power or its network is over after half a minute, and with it the
# writer's lock; by default PostgreSQL waits for two hours.
KEEPALIVE_S = {"tcp_keepalives_idle": 10, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 4}


def engine_of(url: str) -> sa.Engine:
    """The database at an address, not yet connected. Raises SettingsError for what is no address of one."""
    try:
        parsed = sa.make_url(url)
        driver = DRIVERS.get(parsed.drivername)
    except (ArgumentError, ValueError):  # their texts may hold the password
        raise SettingsError(f"The database address cannot be understood. {DATABASE_FORM}.") from None
    if driver is None:
        raise SettingsError(
            f"A catalogue is kept in PostgreSQL or SQLite, not in {parsed.drivername!r}. {DATABASE_FORM}."
        )
    if driver == "sqlite":
        return sa.create_engine(url)
    try:
        return sa.create_engine(
            parsed.set(drivername=driver), connect_args=_postgres_options(parsed), **_pool()
        )
    except ModuleNotFoundError:
        raise SettingsError("PostgreSQL needs one more package: pip install 'dateline[many]'.") from None


def _postgres_options(url: sa.URL) -> dict[str, Any]:
    given = url.query.get("options", "")
    own = " ".join(f"-c {name}={value}" for name, value in KEEPALIVE_S.items())
    return {
        "connect_timeout": int(str(url.query.get("connect_timeout", CONNECT_S))),
        "application_name": "dateline",
        "client_encoding": "utf8",  # else a database of SQL_ASCII answers in bytes, at which SQLAlchemy falls
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 4,
        "options": f"{own} {given}".strip(),
    }


def _pool() -> dict[str, Any]:
    """Connections are tried before use: the server may have been started anew since."""
    return {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 24}


def shown(url: sa.URL) -> str:
    """Where a database is, for an error or a log: never who asks, or with which password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or str(url.query.get("host", "this machine"))
    port = f":{url.port}" if url.port else ""
    return f"{url.database or 'PostgreSQL'} at {host}{port}"


@dataclass(frozen=True, slots=True)
class ChromaAddress:
    """A Chroma server: one that asks for a name and a password (HTTP Basic, by a proxy) gets them."""

    host: str
    port: int
    secure: bool
    headers: dict[str, str] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}"


def chroma_of(url: str) -> ChromaAddress:
    """The parts of `http(s)://[NAME:PASSWORD@]HOST[:PORT]`. Raises SettingsError."""
    try:
        parts = urlsplit(url)
        host, port, secure = parts.hostname, parts.port, parts.scheme == "https"
    except ValueError:
        raise SettingsError(
            f"The address of the Chroma server cannot be understood. {CHROMA_FORM}."
        ) from None
    if parts.scheme not in ("http", "https") or not host:
        raise SettingsError(f"The address of the Chroma server is no web address. {CHROMA_FORM}.")
    headers = {}
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
    return ChromaAddress(host, port or (443 if secure else 8000), secure, headers)
