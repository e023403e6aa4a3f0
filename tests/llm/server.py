"""A server on loopback that speaks Chat Completions, well or badly, as it is told.

    with ModelServer(says("first"), status(500), otherwise=says("from then on")) as server:
        server.url                # http://127.0.0.1:PORT/v1
        server.chats[0].body      # what the first request for a reply held

An answer is a function of (handler, request). Each request for a reply takes the next one; ``otherwise`` answers when
none is left. ``/models`` is answered apart, from ``models``.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: Any
    """Parsed; None for none."""

    @property
    def text(self) -> str:
        """Every message's words."""
        return "\n".join(row["content"] for row in self.body["messages"])


Answer = Callable[["Handler", Request], None]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: ModelServer._Server  # type: ignore[assignment]

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_CONNECT(self) -> None:
        """What a proxy is asked; this one declines."""
        self.server.owner.seen.append(
            Request("CONNECT", self.path, {k.lower(): v for k, v in self.headers.items()}, None)
        )
        self.send(502, b"")

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        request = Request(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            json.loads(raw) if raw else None,
        )
        try:
            self.server.owner.answer(request)(self, request)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def send(self, status: int, raw: bytes, kind: str = "application/json", headers: Mapping[str, str] = {}) -> None:
        """A whole reply."""
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def begin_stream(self) -> None:
        """The head of a streamed reply, which ends with its connection."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()

    def event(self, data: object) -> None:
        """One event of it."""
        text = data if isinstance(data, str) else json.dumps(data)
        self.wfile.write(f"data: {text}\n\n".encode())
        self.wfile.flush()


class ModelServer:
    """Runs while its ``with`` block does."""

    class _Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        owner: ModelServer

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that went away is no news."""

    def __init__(
        self,
        *script: Answer,
        otherwise: Answer | None = None,
        models: Answer | None = None,
        certificate: Path | None = None,
    ) -> None:
        self._script = list(script)
        self._otherwise = otherwise
        self._models = models or status(404, {"error": {"message": "no such page"}})
        self._certificate = certificate
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self.seen: list[Request] = []
        """Every request, in order."""

    def __enter__(self) -> ModelServer:
        self._server = self._Server(("127.0.0.1", 0), Handler)
        self._server.owner = self
        if self._certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The base URL."""
        scheme = "http" if self._certificate is None else "https"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def chats(self) -> list[Request]:
        """The requests for a reply."""
        return [request for request in self.seen if request.method == "POST"]

    def then(self, *script: Answer) -> None:
        """Further answers, before ``otherwise``."""
        with self._lock:
            self._script.extend(script)

    def answer(self, request: Request) -> Answer:
        """What a request gets."""
        with self._lock:
            self.seen.append(request)
            if request.method == "GET":
                return self._models
            if self._script:
                return self._script.pop(0)
        if self._otherwise is None:
            return status(418, {"error": {"message": "asked more often than the test expects"}})
        return self._otherwise


# --- answers ------------------------------------------------------------------------------------


def says(
    text: str | None,
    finish: str | None = "stop",
    usage: Mapping[str, Any] | None = USAGE,
    **message: Any,
) -> Answer:
    """A reply; as a stream in pieces of 5 characters, or a thousand pieces. ``message`` holds further fields of it."""

    def answer(handler: Handler, request: Request) -> None:
        if not (request.body or {}).get("stream"):
            choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
            handler.send(200, json.dumps({"id": "x", "choices": [choice], "usage": usage}).encode())
            return
        handler.begin_stream()
        size = max(5, len(text or "") // 1000)
        pieces = [text[at : at + size] for at in range(0, len(text), size)] if text else []
        for delta in [{"role": "assistant", **message}, *({"content": piece} for piece in pieces)]:
            handler.event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        handler.event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        handler.event("[DONE]")

    return answer


def says_json(value: object, **more: Any) -> Answer:
    """A reply that is JSON."""
    return says(json.dumps(value), **more)


def status(code: int, body: object = None, headers: Mapping[str, str] = {}) -> Answer:
    """An answer with a status of its own; a text is sent as HTML, anything else as JSON."""

    def answer(handler: Handler, request: Request) -> None:
        if isinstance(body, str):
            handler.send(code, body.encode(), "text/html", headers)
        else:
            handler.send(code, json.dumps(body or {"error": {"message": f"status {code}"}}).encode(), headers=headers)

    return answer


def sends(raw: bytes, kind: str = "application/json") -> Answer:
    """Any bytes, with status 200."""
    return lambda handler, request: handler.send(200, raw, kind)


def lists(*models: str | Mapping[str, Any]) -> Answer:
    """The list of models."""
    rows = [{"id": row} if isinstance(row, str) else dict(row) for row in models]
    return sends(json.dumps({"object": "list", "data": rows}).encode())


def refuses(parameter: str, then: Answer, code: int = 400, message: str = "") -> Answer:
    """An error while ``parameter`` is in the request (``response_format.json_schema`` for one form), else ``then``."""
    name, _, form = parameter.partition(".")
    words = message or f"Unsupported parameter: {name!r}."

    def answer(handler: Handler, request: Request) -> None:
        value = request.body.get(name)
        refused = value is not None and (not form or value["type"] == form)
        (status(code, {"error": {"message": words}}) if refused else then)(handler, request)

    return answer


def hangs() -> Answer:
    """Takes the request and says nothing, until the server closes."""

    def answer(handler: Handler, request: Request) -> None:
        handler.close_connection = True
        handler.server.owner.closing.wait(20)

    return answer


def drips(pause: float = 0.02) -> Answer:
    """One byte after the other without an end, each sooner than any pause between bytes would be noticed."""

    def answer(handler: Handler, request: Request) -> None:
        handler.close_connection = True
        streamed = request.body.get("stream")
        kind = "text/event-stream" if streamed else "application/json"
        handler.wfile.write(f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n".encode())
        event = json.dumps({"choices": [{"index": 0, "delta": {"content": "drop "}, "finish_reason": None}]})
        endless = f"data: {event}\n\n".encode() if streamed else b" "
        while not handler.server.owner.closing.is_set():
            for byte in endless:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                if handler.server.owner.closing.wait(pause if not streamed else pause / 20):
                    return

    return answer


def drips_its_head(pause: float = 0.02) -> Answer:
    """Never comes to the end of its headers."""

    def answer(handler: Handler, request: Request) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
        while not handler.server.owner.closing.wait(pause):
            handler.wfile.write(b"a")
            handler.wfile.flush()

    return answer


def disconnects() -> Answer:
    """Closes the connection without a word."""

    def answer(handler: Handler, request: Request) -> None:
        handler.close_connection = True

    return answer


def breaks_off(text: str = "half a rep") -> Answer:
    """Closes the connection in the middle of its reply."""

    def answer(handler: Handler, request: Request) -> None:
        if request.body.get("stream"):
            handler.begin_stream()
            handler.event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})
            return
        handler.close_connection = True
        raw = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n" + raw
        )

    return answer


def and_closes(answer: Answer) -> Answer:
    """Answers, and closes the connection without having said that it will."""

    def closing(handler: Handler, request: Request) -> None:
        answer(handler, request)
        handler.close_connection = True

    return closing


def redirects(target: str, code: int = 307) -> Answer:
    """Sends its caller elsewhere."""
    return lambda handler, request: handler.send(code, b"", headers={"location": target})


def echoes_key(code: int = 401) -> Answer:
    """An error that says the key back."""

    def answer(handler: Handler, request: Request) -> None:
        key = request.headers.get("authorization", "").removeprefix("Bearer ") or request.headers.get("api-key", "")
        words = f"Incorrect API key provided: {key}. You sent 'Bearer {key}', which ends in {key[-8:]}."
        status(code, {"error": {"message": words, "code": "invalid_api_key", "param": key}})(handler, request)

    return answer
