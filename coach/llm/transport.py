"""The wire under openai: one deadline, one host, one key for it, no redirects, no more bytes than can be wanted.

The SDK is never given the key. It is put on here, at the last step, and only for the address that it was given for;
so no header, log line or exception of the SDK can hold it. Headers that the SDK makes of variables in the shell
(OPENAI_ORG_ID, OPENAI_CUSTOM_HEADERS …) or of the machine are left out.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

import httpcore2
import httpx2

from coach.errors import ConfigError, Ungradable
from coach.llm.access import Access, is_loopback
from coach.llm.deadline import Deadline

MOST_BYTES = 2_000_000
"""Of a reply that comes in one piece: a hundred times what a grade is."""

MOST_STREAMED = 32_000_000
"""Of a streamed reply, where each word travels in an envelope of hundreds of bytes, and reasoning with it."""

MOST_OF_AN_ERROR = 64_000
"""Of a reply that reports an error; the rest is not read."""

CONNECT_SECONDS = 10.0
"""How long one address may take to accept a connection."""

_SENT = (b"host", b"content-type", b"content-length", b"accept", b"user-agent")

Resolve = Callable[[str, int], list[str]]
"""Host and port to the numbers of its addresses."""


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


class GuardedTransport(httpx2.BaseTransport):
    """Carries the requests of one call to one server."""

    def __init__(self, access: Access, deadline: Deadline, resolve: Resolve = resolved) -> None:
        self._access = access
        backend = _Backend(deadline, access.offline, access.host, resolve)
        proxy = proxy_for(access)
        context = _trusted() if access.origin[0] == "https" else None
        # No connection is used twice: some servers close theirs after an error without saying so.
        kept = 0
        self._pool: httpcore2.ConnectionPool
        if proxy is None:
            self._pool = httpcore2.ConnectionPool(
                ssl_context=context, network_backend=backend, max_keepalive_connections=kept
            )
        else:
            self._pool = httpcore2.HTTPProxy(
                proxy_url=proxy.url,
                proxy_auth=proxy.auth,
                ssl_context=context,
                network_backend=backend,
                max_keepalive_connections=kept,
            )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request. Raises ConfigError for any other address than that of ``access``."""
        url = request.url
        if (url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme, 0)) != self._origin():
            raise ConfigError("A request was about to leave for another server than the one that is set.")
        headers = [(name, value) for name, value in request.headers.raw if name.lower() in _SENT]
        headers.append((b"Accept-Encoding", b"identity"))
        if self._access.key:
            name = self._access.provider.key_header
            value = f"Bearer {self._access.key}" if name.lower() == "authorization" else self._access.key
            headers.append((name.encode(), value.encode()))
        with _translated():
            response = self._pool.handle_request(
                httpcore2.Request(
                    method=request.method,
                    url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=headers,
                    content=request.stream,
                    extensions={},
                )
            )
        assert isinstance(response.stream, Iterable)
        failed = response.status >= 300
        kind = {name.lower(): value for name, value in response.headers}.get(b"content-type", b"")
        most = MOST_OF_AN_ERROR if failed else MOST_STREAMED if b"event-stream" in kind else MOST_BYTES
        return httpx2.Response(
            status_code=response.status,
            headers=[(name, value) for name, value in response.headers if name.lower() != b"content-encoding"],
            stream=_Bounded(response.stream, most, cut=failed),
            extensions={},
        )

    def _origin(self) -> tuple[str, str, int]:
        scheme, host, port = self._access.origin
        return scheme, httpx2.URL(self._access.base_url).host or host, port

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that the environment names."""

    url: str
    auth: tuple[str, str] | None


def proxy_for(access: Access) -> Proxy | None:
    """The proxy to reach a server through. Raises ConfigError for a kind that isn't supported.

    Only for encrypted addresses elsewhere: the proxy then passes bytes on that it cannot read, and learns the host's
    name. What is not encrypted, and what stays on this machine, goes to no proxy; and with COACH_OFFLINE nothing does,
    since a proxy on this machine would carry it further.
    """
    if access.origin[0] != "https" or access.stays or access.offline:
        return None
    proxies = getproxies_environment()
    named = proxies.get("https") or proxies.get("all") or ""
    if not named or proxy_bypass_environment(access.origin[1], proxies):
        return None
    try:
        url = httpx2.URL(named if "://" in named else f"http://{named}")
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigError(
            "The proxy that HTTPS_PROXY names cannot be used.",
            f"Name an http:// or https:// proxy, or put {access.origin[1]} into NO_PROXY.",
        )
    auth = (url.username, url.password) if url.username else None
    return Proxy(str(url.copy_with(username=None, password=None)), auth)


class _Bounded(httpx2.SyncByteStream):
    """A reply up to a number of bytes; beyond it an error is cut off, and anything else cannot be used."""

    def __init__(self, stream: Iterable[bytes], most: int, *, cut: bool) -> None:
        self._stream, self._most, self._cut = stream, most, cut

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        with _translated():
            for piece in self._stream:
                read += len(piece)
                if read > self._most:
                    if self._cut:
                        return
                    raise Ungradable(
                        f"The model's reply is longer than {self._most // 1_000_000} MB.",
                        "Try once more, or another model.",
                    )
                yield piece

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


class _Stream(httpcore2.NetworkStream):
    """A connection on which every step has only the rest of the deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _rest(self._deadline, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _rest(self._deadline, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        rest = min(_rest(self._deadline, httpcore2.ConnectTimeout), CONNECT_SECONDS)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, rest), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Opens connections: names are resolved first, and what may not be reached is refused before it is tried."""

    def __init__(self, deadline: Deadline, offline: bool, host: str, resolve: Resolve) -> None:
        self._deadline, self._offline, self._host, self._resolve = deadline, offline, host, resolve
        self._real = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        try:
            addresses = self._addresses(host.strip("[]"), port)
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
            if not self._offline:
                raise
            addresses = [host]  # a name that nobody knows here is not this machine's
        if self._offline and not all(is_loopback(address) for address in addresses):
            raise ConfigError(
                f"COACH_OFFLINE=1 forbids every connection but to this machine, and {self._host} is elsewhere.",
                "Use a model on this machine, --grader offline, or unset COACH_OFFLINE.",
            )
        problem: Exception = httpcore2.ConnectError("no address")
        for position, address in enumerate(addresses):
            rest = _rest(self._deadline, httpcore2.ConnectTimeout) / (len(addresses) - position)
            try:
                stream = self._real.connect_tcp(
                    address, port, min(rest, CONNECT_SECONDS), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as found:
                problem = found
                continue
            return _Stream(stream, self._deadline)
        raise problem

    def _addresses(self, host: str, port: int) -> list[str]:
        """Resolve in a thread of its own: the system's resolver keeps no deadline."""
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            pass
        answers: queue.Queue[list[str] | OSError] = queue.Queue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except OSError as problem:
                answers.put(problem)

        threading.Thread(target=ask, daemon=True, name="coach-resolve").start()
        try:
            found = answers.get(timeout=min(_rest(self._deadline, httpcore2.ConnectTimeout), CONNECT_SECONDS))
        except queue.Empty:
            raise httpcore2.ConnectTimeout("the name could not be looked up in time") from None
        if isinstance(found, OSError):
            raise httpcore2.ConnectError(f"the name is not known ({found.strerror or found})") from None
        return found


def _rest(deadline: Deadline, late: type[Exception]) -> float:
    left = deadline.left
    if left <= 0:
        raise late("the call's time is over")
    return left


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


_NAMES = (
    "ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout", "ConnectError", "ReadError", "WriteError",
    "ProxyError", "UnsupportedProtocol", "LocalProtocolError", "RemoteProtocolError",
)  # fmt: skip


@contextmanager
def _translated() -> Iterator[None]:
    """What httpcore2 raises, in the words of httpx2, which openai understands."""
    try:
        yield
    except tuple(getattr(httpcore2, name) for name in _NAMES) as problem:
        name = next(name for name in _NAMES if isinstance(problem, getattr(httpcore2, name)))
        raise getattr(httpx2, name)(str(problem)) from None
