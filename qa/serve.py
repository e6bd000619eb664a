"""Serves the page: takes the command line of `python app.py`, opens the store, warms the models, listens.

Says in one sentence what is wrong when it cannot, with exit code 2. Knows who may do what from where.
"""

from __future__ import annotations

import argparse
import ipaddress
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qa.errors import ArgumentError, NotAllowed, QAError, SettingsError

if TYPE_CHECKING:
    from qa.settings import Settings

OK, WRONG_USE = 0, 2
UPLOAD_BYTES = 200 * 2**20  # of one file; larger collections are ingested where they lie
BODY_BYTES = 16 * 2**20  # of any other request; a long conversation takes about 1 MB
CALLS = "/gradio_api/call/v2/"
UPLOADS = "/gradio_api/upload"
OWN_NAMES = ("localhost", "127.0.0.1", "::1")

Scope = MutableMapping[str, Any]
App = Callable[..., Awaitable[None]]


def main(argv: Sequence[str] | None = None) -> int:
    """`python app.py`: serves until it is interrupted."""
    arguments = _parser().parse_args(argv)
    try:
        return _serve(data=arguments.data, host=arguments.host, port=arguments.port)
    except QAError as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return OK


def page() -> Any:
    """The page over the store that the settings name, for those who serve Gradio Blocks themselves."""
    return _opened()[1]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="Serve the chat and its endpoints.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of the store (default data/)")
    parser.add_argument("--host", metavar="H", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="P", help="port to listen on (default 7860)")
    return parser


def _serve(**given: Any) -> int:
    desk, demo = _opened(**given)
    settings = desk.settings
    port = _free_port(settings)
    try:
        threading.Thread(target=_warm, args=(desk,), name="warming", daemon=True).start()
        _launch(demo, settings, port)
        _greet(desk, port)
        demo.block_thread()
    finally:
        desk.close()
    return OK


def _opened(**given: Any) -> tuple[Any, Any]:
    """The assistant and the page over it."""
    import qa
    from qa.api import Access, Endpoints
    from qa.chat import build

    desk = qa.open(**given)
    own = _is_own_machine(desk.settings.host)
    access = Access(write=own or desk.settings.network_writes, paths=own)
    return desk, build(Endpoints(desk, access))


def _launch(demo: Any, settings: Settings, port: int) -> None:
    """Gradio's `auth` leaves MCP open to all, so that with a login there is no MCP."""
    from starlette.middleware import Middleware

    from qa.api import speak_json

    login = tuple(settings.login.split(":", 1)) if settings.login else None
    with redirect_stdout(StringIO()):  # Gradio announces MCP even when quiet; `_greet` says it in one line
        demo.launch(
            prevent_thread_lock=True,
            server_name=settings.host,
            server_port=port,
            auth=login,
            mcp_server=login is None,
            max_file_size=UPLOAD_BYTES,
            enable_monitoring=False,
            quiet=True,
            app_kwargs={"middleware": [Middleware(Guard, own=_is_own_machine(settings.host))]},
        )
    if login is None:
        speak_json(demo.mcp_server_obj)


class Guard:
    """Stands before Gradio: refuses what other web pages send from a reader's browser, and what is too large.

    `own`: the server is for its own machine, so that it goes by no other name (no DNS rebinding). Calls that
    Gradio 6.31 would answer with "Internal Server Error" get a sentence: an unknown endpoint or argument.
    """

    def __init__(self, app: App, *, own: bool) -> None:
        self.app = app
        self.own = own

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal:
            await _reply(*refusal, scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(CALLS):
            await self._call(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _call(self, scope: Scope, receive: Any, send: Any) -> None:
        try:
            await self.app(scope, receive, send)
        except KeyError as error:
            sentence = f"There is no endpoint {error}. /gradio_api/openapi.json lists them."
            await _reply(404, ArgumentError.code, sentence, scope, receive, send)
        except TypeError as error:
            sentence = str(error).split(" Please click")[0].rstrip(".") + "."
            await _reply(422, ArgumentError.code, sentence, scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if self.own and _name(host) not in OWN_NAMES:
            return 403, NotAllowed.code, f"This server answers only to its own machine, not to {host!r}."
        origin = headers.get("origin")
        served = (host, headers.get("x-forwarded-host"))
        if (
            origin
            and scope["method"] not in ("GET", "HEAD", "OPTIONS")
            and urlsplit(origin).netloc not in served
        ):
            return 403, NotAllowed.code, f"Pages of {origin} may not ask this server."
        size = headers.get("content-length", "0")
        if size.isdecimal() and int(size) > BODY_BYTES and not scope["path"].startswith(UPLOADS):
            return (
                413,
                ArgumentError.code,
                f"The request has {int(size):,} bytes; at most {BODY_BYTES:,} are read.",
            )
        return None


async def _reply(  # noqa: PLR0917 - the last three are ASGI's
    status: int, code: str, sentence: str, scope: Scope, receive: Any, send: Any
) -> None:
    """An error in the words of Gradio's own: the sentence as `error`, the code as `title`."""
    from starlette.responses import JSONResponse

    await JSONResponse({"error": sentence, "title": code}, status)(scope, receive, send)


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    return urlsplit(f"//{host}").hostname or ""


def _warm(desk: Any) -> None:
    try:
        desk.warm()
    except QAError as error:  # the first question will say the same
        print(f"warning: {error}", file=sys.stderr)


def _greet(desk: Any, port: int) -> None:
    settings = desk.settings
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"Dateline is at http://{name}:{port}  (MCP: /gradio_api/mcp/, stop it with Ctrl+C)", flush=True)
    if not desk.articles():
        print("There are no articles yet. In another terminal: python ingest.py PATH", flush=True)
    if settings.login:
        print("MCP is off, because a login is asked for.", flush=True)
    elif not _is_own_machine(settings.host):
        print("Anyone who can reach this address can ask. Set QA_LOGIN=NAME:PASSWORD to ask who.", flush=True)


def _free_port(settings: Settings) -> int:
    """The port to listen on, a free one for 0. Raises SettingsError when it is taken or the host is wrong."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, kind, _, _, address = found[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except socket.gaierror:
        raise SettingsError(
            f"The host {settings.host!r} has no address. Use --host 127.0.0.1 for this machine."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror}. "
            "Stop what listens there, or choose another with --port (0 takes any that is free)."
        ) from None


def _is_own_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
