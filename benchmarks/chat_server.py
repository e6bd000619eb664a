"""A chat model as a server speaks it (OpenAI's protocol), told what to do: write, fail, hang, break off."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = str | int | Callable[[dict[str, Any]], str]

HANG, CUT, GARBAGE, ENDLESS = "\0hang", "\0cut", "\0garbage", "\0endless"


class ChatServer:
    """`reply` is what it does next: a text, a status, a word of those above, or what is made of a request."""

    def __init__(self) -> None:
        self.reply: Reply = ""
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(outer) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(body)
                outer.keys.append(self.headers.get("Authorization"))
                reply = outer.reply(body) if callable(outer.reply) else outer.reply
                if isinstance(reply, int):
                    self._whole(reply, {"error": {"message": f"status {reply}", "type": "test"}})
                elif reply == HANG:
                    outer.closing.wait(60)
                elif reply == GARBAGE:
                    self._whole(200, "<html>Welcome</html>")
                else:
                    self._stream(reply)

            def _whole(self, status: int, body: Any) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def _stream(self, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                try:
                    for piece in _pieces(text.removeprefix(CUT)):
                        self._event({"delta": {"role": "assistant", "content": piece}, "index": 0})
                    if text.startswith(CUT):
                        self.close_connection = True
                        return
                    while text == ENDLESS and not outer.closing.wait(0.001):
                        self._event({"delta": {"content": "and so on "}, "index": 0})
                    self._event({"delta": {}, "index": 0, "finish_reason": "stop"})
                    self._chunk(b"data: [DONE]\n\n")
                    self._chunk(b"")
                except (BrokenPipeError, ConnectionResetError):
                    pass

            def _event(self, choice: dict[str, Any]) -> None:
                event = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
                self._chunk(b"data: " + json.dumps({**event, "choices": [choice]}).encode() + b"\n\n")

            def _chunk(self, data: bytes) -> None:
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    server = ChatServer()
    try:
        yield server
    finally:
        server.close()


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), 7):
        yield text[start : start + 7]
