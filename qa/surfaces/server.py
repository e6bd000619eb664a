"""Serves the page: takes the command line of `python app.py`, opens the store, warms the models, listens.

Says in one sentence what is wrong when it cannot, with exit code 2. Knows who may do what from where.
"""

from __future__ import annotations

import argparse
import base64
import hmac
import ipaddress
import math
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qa.errors import ArgumentError, NotAllowed, QAError, SettingsError, TooManyCalls
from qa.models.runtime import give_back, share_heaps
from qa.surfaces.html.guide import guide, has_guide
from qa.surfaces.meter import Meter

if TYPE_CHECKING:
    from qa.settings import Settings

OK, WRONG_USE = 0, 2
UPLOAD_BYTES = 200 * 2**20  # of one file; larger collections are ingested where they lie
BODY_BYTES = 16 * 2**20  # of any other request; a long conversation takes about 1 MB
CALLS = "/gradio_api/call/v2/"
RESULTS = "/gradio_api/call/"
UPLOADS = "/gradio_api/upload"
MCP, HEALTH, METRICS = "/gradio_api/mcp", "/health", "/metrics"
GUIDE = "/api"  # docs/api.md
READY = "/health/ready"  # whether a proxy may send questions; HEALTH: whether the process lives
BASIC = (MCP, METRICS)  # what Gradio's login does not cover
SESSIONS = 1_000  # pages whose state is kept, the last used; Gradio's own 10,000 take 2 GB
GIVE_BACK_EVERY = 16  # answers; it takes 20 ms
OWN_NAMES = ("localhost", "127.0.0.1", "::1")

Scope = MutableMapping[str, Any]
App = Callable[..., Awaitable[None]]


def main(argv: Sequence[str] | None = None) -> int:
    """`python app.py`: serves until it is interrupted."""
    share_heaps()
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
    return _opened()[2]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="Serve the chat and its endpoints.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of the store (default data/)")
    parser.add_argument("--host", metavar="H", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="P", help="port to listen on (default 7860)")
    return parser


def _serve(**given: Any) -> int:
    from qa.settings import load_settings

    settings = load_settings(**given)
    port = _free_port(settings)  # before anything that takes seconds
    desk, endpoints, demo = _opened(**given)
    meter = Meter(desk, log=settings.log)
    endpoints.heard = _heard_by(meter)
    try:
        threading.Thread(target=_warm, args=(desk,), name="warming", daemon=True).start()
        _launch(demo, settings, port, meter)
        _greet(desk, port)
        demo.block_thread()
    finally:
        desk.close()
    return OK


def _heard_by(meter: Meter) -> Callable[..., None]:
    """What is called after each answer: counts it, and now and then gives back memory."""
    answers = count(1)

    def heard(*answer: Any) -> None:
        meter.heard(*answer)
        if next(answers) % GIVE_BACK_EVERY == 0:
            give_back()

    return heard


def _opened(**given: Any) -> tuple[Any, Any, Any]:
    """The assistant, its endpoints, and the page over them."""
    import qa
    from qa.surfaces.api import Endpoints
    from qa.surfaces.archive import Access
    from qa.surfaces.page.build import build

    desk = qa.open(**given)
    own = _is_own_machine(desk.settings.host)
    access = Access(write=own or desk.settings.network_writes, paths=own)
    endpoints = Endpoints(desk, access)
    return desk, endpoints, build(endpoints)


def _launch(demo: Any, settings: Settings, port: int, meter: Meter) -> None:
    """Gradio's `auth` guards page and endpoints and leaves MCP open: there `Guard` asks for the login."""
    from starlette.middleware import Middleware

    from qa.surfaces.api import speak_json

    login: Any = tuple(settings.login.split(":", 1)) if settings.login else None
    if login:
        _log_mcp_in(login)
    own = _is_own_machine(settings.host)
    guard = Middleware(
        Guard,
        own=own,
        login=settings.login,
        meter=meter,
        calls=0 if own else settings.calls_per_minute,
        forget=partial(_forget, demo),
    )
    with redirect_stdout(StringIO()):  # Gradio announces MCP even when quiet; `_greet` says it in one line
        demo.launch(
            prevent_thread_lock=True,
            server_name=settings.host,
            server_port=port,
            auth=login,
            mcp_server=True,
            max_file_size=UPLOAD_BYTES,
            enable_monitoring=False,
            state_session_capacity=SESSIONS,
            quiet=True,
            app_kwargs={"middleware": [guard]},
        )
    speak_json(demo.mcp_server_obj)


def _forget(demo: Any, session: str) -> None:
    """Lets go of what Gradio keeps of a session: 0.2 MB, a copy of what every part of the page is set to."""
    demo.state_holder.session_data.pop(session, None)
    demo.state_holder.time_last_used.pop(session, None)


def _log_mcp_in(login: tuple[str, str]) -> None:
    """Gradio 6.31's MCP calls the server's own endpoints with a client that is not logged in; this one is."""
    from gradio.mcp import GradioMCPServer
    from gradio_client import Client

    def client(self: Any) -> Any:
        if self._client_instance is None:
            headers = {"x-gradio-user": "mcp"}
            options = {"download_files": False, "verbose": False, "analytics_enabled": False}
            self._client_instance = Client(self.local_url, auth=login, headers=headers, **options)
        return self._client_instance

    GradioMCPServer._get_or_create_client = client


class Guard:
    """Stands before Gradio: refuses what other web pages send from a reader's browser, what is too large, and
    what is too much.

    `own`: the server is for its own machine, so that it goes by no other name (no DNS rebinding). `calls`:
    what one address may send in a minute, logins among them; 0 means any number. Calls that Gradio 6.31 would
    answer with "Internal Server Error" get a sentence: an unknown endpoint or argument, an upload of nothing.
    `forget` is called with the session of a plain HTTP call when its result has been read: nobody comes back.
    Answers GUIDE itself, and for the owner HEALTH, which says only that the server lives, READY, and METRICS.
    """

    def __init__(
        self,
        app: App,
        *,
        own: bool,
        login: str | None = None,
        meter: Meter | None = None,
        calls: int = 0,
        forget: Callable[[str], None] | None = None,
    ) -> None:
        self.app = app
        self.forget = forget
        self.own = own
        self.login = login
        self.meter = meter
        self.rate = Rate(calls) if calls else None

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if scope["type"] == "http" and not scope["path"].startswith(UPLOADS):
            receive = _bounded(receive)
        if refusal:
            await _reply(refusal, scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == HEALTH:
            await _send("ok\n", scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == GUIDE and has_guide():
            await _send(guide(), scope, receive, send, kind="text/html")
        elif scope["type"] == "http" and scope["path"] == READY and self.meter:
            await self._ready(self.meter, scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == METRICS and self.meter:
            await _send(await _in_thread(self.meter.text), scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(RESULTS) and scope["method"] == "GET":
            await self._result(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(CALLS):
            await self._call(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(UPLOADS):
            await self._upload(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _ready(self, meter: Meter, scope: Scope, receive: Any, send: Any) -> None:
        """200 and `ready`, or 503 and what is lacking: no address, no version, for anyone may ask."""
        lacking = await _in_thread(meter.lacks)
        said = f"not ready: {lacking}\n" if lacking else "ready\n"
        await _send(said, scope, receive, send, status=503 if lacking else 200)

    async def _call(self, scope: Scope, receive: Any, send: Any) -> None:
        try:
            await self.app(scope, receive, send)
        except KeyError as error:
            sentence = f"There is no endpoint {error}. /gradio_api/openapi.json lists them."
            await _reply(Refusal(404, ArgumentError.code, sentence), scope, receive, send)
        except TypeError as error:
            sentence = str(error).split(" Please click")[0].rstrip(".") + "."
            await _reply(Refusal(422, ArgumentError.code, sentence), scope, receive, send)

    async def _upload(self, scope: Scope, receive: Any, send: Any) -> None:
        try:
            await self.app(scope, receive, send)
        except (AttributeError, TypeError):
            sentence = "The upload holds no file. Send files as multipart/form-data, each as a part `files`."
            await _reply(Refusal(422, ArgumentError.code, sentence), scope, receive, send)

    async def _result(self, scope: Scope, receive: Any, send: Any) -> None:
        """Of a call that it does not know, Gradio says so and then breaks off in the middle of a chunk."""
        begun = False

        async def sent(message: Any) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sent)
        except RuntimeError:
            if not begun:
                raise
            await send({"type": "http.response.body", "body": b""})
        if self.forget:
            self.forget(scope["path"].rstrip("/").rpartition("/")[2])  # the event is its own session

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if self.own and _name(host) not in OWN_NAMES:
            sentence = f"This server answers only to its own machine, not to {host!r}."
            return Refusal(403, NotAllowed.code, sentence)
        origin = headers.get("origin")
        served = (host, headers.get("x-forwarded-host"))
        if (
            origin
            and scope["method"] not in ("GET", "HEAD", "OPTIONS")
            and urlsplit(origin).netloc not in served
        ):
            return Refusal(403, NotAllowed.code, f"Pages of {origin} may not ask this server.")
        too_many = self._too_many(scope)  # before the login is looked at: guesses count
        if too_many:
            return too_many
        if self.login and scope["path"].startswith(BASIC) and not _knows(headers, self.login):
            sentence = "This server asks for a login: send it as HTTP Basic authorization."
            return Refusal(401, NotAllowed.code, sentence, {"WWW-Authenticate": 'Basic realm="Dateline"'})
        size = headers.get("content-length", "0")
        if size.isdecimal() and int(size) > BODY_BYTES and not scope["path"].startswith(UPLOADS):
            sentence = f"The request has {int(size):,} bytes; at most {BODY_BYTES:,} are read."
            return Refusal(413, ArgumentError.code, sentence)
        return None

    def _too_many(self, scope: Scope) -> Refusal | None:
        """This machine is not counted: MCP's calls come from it, and a proxy on it names its callers."""
        address, _ = scope.get("client") or ("", 0)
        counted = scope["method"] == "POST" or scope["path"].startswith(BASIC)
        if self.rate is None or not counted or _is_own_machine(address):
            return None
        wait = self.rate.wait(address)
        if not wait:
            return None
        sentence = f"At most {self.rate.calls} calls a minute are answered. Try again in {wait} seconds."
        return Refusal(429, TooManyCalls.code, sentence, {"Retry-After": str(wait)})


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is said instead of an answer: HTTP status, the error's code, a sentence, and headers."""

    status: int
    code: str
    sentence: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Rate:
    """How often an address may call: a window that moves (`limits`)."""

    def __init__(self, calls: int) -> None:
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self.calls = calls
        self._item = RateLimitItemPerMinute(calls)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, address: str) -> int:
        """Counts a call; 0 if it may go on, else after how many seconds the next may."""
        if self._limiter.hit(self._item, address):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(self._item, address).reset_time - time.time()))


def _bounded(receive: Any) -> Any:
    """A request without a length is read only so far."""
    read = 0

    async def bounded() -> Any:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return message if read <= BODY_BYTES else {"type": "http.disconnect"}

    return bounded


def _knows(headers: Mapping[str, str], login: str) -> bool:
    """Whether the request carries the login, as HTTP Basic has it."""
    given = headers.get("authorization", "")
    wanted = "Basic " + base64.b64encode(login.encode()).decode()
    return hmac.compare_digest(given.encode(), wanted.encode())


async def _in_thread(function: Callable[[], Any]) -> Any:
    """What it gives; the database that it asks may take seconds, and others are served meanwhile."""
    from starlette.concurrency import run_in_threadpool

    return await run_in_threadpool(function)


async def _send(
    text: str, scope: Scope, receive: Any, send: Any, *, status: int = 200, kind: str = "text/plain"
) -> None:
    from starlette.responses import Response

    await Response(text, status, media_type=kind)(scope, receive, send)


async def _reply(refusal: Refusal, scope: Scope, receive: Any, send: Any) -> None:
    """An error in the words of Gradio's own: the sentence as `error`, the code as `title`."""
    from starlette.responses import JSONResponse

    said = {"error": refusal.sentence, "title": refusal.code}
    await JSONResponse(said, refusal.status, dict(refusal.headers))(scope, receive, send)


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
    if not settings.login and not _is_own_machine(settings.host):
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
