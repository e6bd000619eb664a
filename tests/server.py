"""Starts the real `python app.py` for a test, and asks it over plain HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
START_S = 240.0  # a start takes 3 to 10 s on two quiet cores; a busy machine gets time
ANSWER_S = 120.0
LOGIN = "reader:secret"  # of `guarded_server`


@dataclass(frozen=True)
class Server:
    """A running app."""

    url: str
    process: subprocess.Popen[bytes]
    output: Path  # a file: a pipe that nobody reads would be full after some hundred questions
    data: Path  # folder of its store

    def printed(self, *, lines: int = 0) -> str:
        """What the app has printed; waits until it is so many lines."""
        deadline = time.monotonic() + START_S
        while self.output.read_text().count("\n") < lines and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.output.read_text()

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=ANSWER_S) as response:
            return str(response.read().decode())

    def begin(self, endpoint: str, **arguments: Any) -> str:
        """Posts a call to the named endpoint, over Gradio's plain HTTP; gives the event to read it by."""
        request = urllib.request.Request(
            f"{self.url}/gradio_api/call/v2/{endpoint}",
            data=json.dumps(arguments).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=ANSWER_S) as response:
            return str(json.load(response)["event_id"])

    def call(self, endpoint: str, **arguments: Any) -> Any:
        """What the named endpoint returns."""
        event = self.begin(endpoint, **arguments)
        lines = self.get(f"/gradio_api/call/{endpoint}/{event}").splitlines()
        events = list(zip(lines[::3], lines[1::3], strict=False))
        name, data = events[-1]
        assert name == "event: complete", lines
        return json.loads(data.removeprefix("data: "))[0]

    def ask(self, question: str, **arguments: Any) -> dict[str, Any]:
        answer = self.call("ask", question=question, **arguments)
        assert isinstance(answer, dict), answer
        return answer


def same(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what may differ from call to call."""
    return {name: value for name, value in answer.items() if name != "took_ms"}


def tool(server: Server, name: str, *, headers: dict[str, str] | None = None, **arguments: Any) -> Any:
    """What an MCP tool returns, through the official client."""
    import httpx
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def call() -> Any:
        own = httpx.AsyncClient(headers=headers, timeout=60, follow_redirects=True)
        async with (
            streamable_http_client(server.url + "/gradio_api/mcp/", http_client=own) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            if name == "list":
                return await session.list_tools()
            return await session.call_tool(name, arguments)

    with ThreadPoolExecutor(1) as aside:  # a browser of the same process may be running a loop here
        return aside.submit(asyncio.run, call()).result()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    data: Path,
    *options: str,
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
    root: Path = ROOT,
) -> Iterator[Server]:
    """The app of the checkout `root` over the store in `data`, ready to be asked; ended with the block."""
    port = port or free_port()
    command = [sys.executable, "app.py", "--data", str(data), "--port", str(port), *options]
    output, printed = tempfile.mkstemp(prefix="app-", suffix=".log")
    process = subprocess.Popen(
        command, cwd=root, env=dict(environment or os.environ), stdout=output, stderr=subprocess.STDOUT
    )
    os.close(output)
    server = Server(f"http://127.0.0.1:{port}", process, Path(printed), data)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        server.output.unlink()


def _wait(server: Server) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise AssertionError(f"the app ended with {server.process.returncode}:\n{server.printed()}")
        try:
            server.get("/")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the app did not answer within {START_S:.0f} s")
