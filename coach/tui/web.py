"""The app in a browser on this machine, for whoever has the address that was printed and for nobody else."""

from __future__ import annotations

import hmac
import os
import secrets
import shlex
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from coach.errors import UsageError

if TYPE_CHECKING:
    from aiohttp import web
    from aiohttp.typedefs import Handler, Middleware

HOST = "127.0.0.1"

SHUTDOWN_SECONDS = 1.0
"""How long browser windows have to close when the server ends."""


def serve_app(port: int, say: Callable[[str], None]) -> None:
    """Serve until interrupted; ``say`` gets the lines for the user. Port 0 takes a free one. Raises UsageError."""
    from aiohttp import web

    listening = _listening(port)
    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(24)
    say(f"coach is at http://{HOST}:{port}/?token={token}")
    say("The address is the key: who has it can use the app and read your history. Ctrl+C ends it.")
    # A window starts the app in a process of its own, which has to find this very coach.
    root = str(Path(__file__).resolve().parent.parent.parent)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    web.run_app(
        _guarded(port, token),
        sock=listening,
        print=None,
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
    )


async def _guarded(port: int, token: str) -> web.Application:
    from textual_serve.server import Server

    class Quiet(Server):
        """Says nothing of its own when it starts."""

        async def on_startup(self, app: web.Application) -> None:
            return

    command = shlex.join([sys.executable, "-P", "-m", "coach.tui"])
    app: web.Application = await Quiet(
        command, host=HOST, port=port, title="coach", public_url=f"http://{HOST}:{port}"
    )._make_app()
    app.middlewares.append(guard(token, port))
    return app


def guard(token: str, port: int) -> Middleware:
    """A middleware in front of every path, the websocket and what does not exist included.

    The token comes once, in the address; from then on a cookie carries it, which no other page can send or read.
    Requests for another host, and websockets opened by another page, are refused whatever they carry.
    """
    from aiohttp import web

    cookie = f"coach-{port}"
    hosts = {f"{HOST}:{port}", f"localhost:{port}"}
    origins = {f"http://{host}" for host in hosts}

    def knows(given: str | None) -> bool:
        return given is not None and hmac.compare_digest(given.encode(), token.encode())

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host not in hosts or request.headers.get("Origin", f"http://{HOST}:{port}") not in origins:
            return web.Response(status=403, text="coach answers only at the address that `coach serve` printed.\n")
        if request.path == "/" and knows(request.query.get("token")):
            shown = web.Response(status=303, headers={"Location": f"http://{HOST}:{port}/"})
            shown.set_cookie(cookie, token, httponly=True, samesite="Strict", path="/")
            _close_off(shown, port)
            return shown
        if not knows(request.cookies.get(cookie)):
            return web.Response(status=403, text="Open the address that `coach serve` printed, with its token.\n")
        answer = await handler(request)
        if not answer.prepared:
            _close_off(answer, port)
        return answer

    return check


def _close_off(answer: web.StreamResponse, port: int) -> None:
    """The page loads nothing from elsewhere (its template names a font of a third party), and nobody may frame it."""
    answer.headers["Content-Security-Policy"] = (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"connect-src 'self' ws://{HOST}:{port}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"


def _listening(port: int) -> socket.socket:
    """A socket on loopback. Raises UsageError where the port is taken."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port))
    except OSError as problem:
        found.close()
        raise UsageError(
            f"Port {port} cannot be used: {problem.strerror}.", "Leave --port out to take a free one."
        ) from problem
    found.listen(16)
    return found
