"""`coach serve`: nothing is served to whoever does not have the address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer, unused_port

from coach.errors import UsageError
from coach.tui.web import _guarded, _listening
from tests.tui.conftest import journey

TOKEN = "the-token-of-this-test"


@asynccontextmanager
async def served() -> AsyncIterator[tuple[str, ClientSession]]:
    """The address of a server, and a browser that has not been there yet."""
    port = unused_port()
    app: web.Application = await _guarded(port, TOKEN)
    async with (
        TestServer(app, host="127.0.0.1", port=port) as server,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser,
    ):
        assert server.port == port
        yield f"http://127.0.0.1:{port}", browser


@pytest.mark.parametrize(
    "path", ["/", "/ws", "/static/js/textual.js", "/nothing", "/?token=wrong", "/ws?token=" + TOKEN]
)
@journey
async def test_without_the_token_no_path_answers(path: str) -> None:
    async with served() as (address, browser), browser.get(address + path) as answer:
        assert answer.status == 403
        assert "coach" in await answer.text()


@journey
async def test_with_the_token_the_page_is_served_and_loads_nothing_from_elsewhere() -> None:
    async with served() as (address, browser):
        async with browser.get(f"{address}/?token={TOKEN}") as answer:
            assert answer.status == 200
            assert str(answer.url) == f"{address}/"
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert TOKEN not in await answer.text()
        async with browser.get(f"{address}/static/js/textual.js") as answer:
            assert answer.status == 200


@journey
async def test_another_page_cannot_use_the_browsers_cookie() -> None:
    async with served() as (address, browser):
        async with browser.get(f"{address}/?token={TOKEN}") as answer:
            cookie = answer.history[0].headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        async with browser.get(address, headers={"Host": "rebound.example"}) as answer:
            assert answer.status == 403
        with pytest.raises(WSServerHandshakeError) as refused:
            await browser.ws_connect(f"{address}/ws", headers={"Origin": "http://elsewhere.example"})
        assert refused.value.status == 403


def test_a_port_that_is_taken_is_an_error_with_a_way_on() -> None:
    taken = _listening(0)
    try:
        assert taken.getsockname()[0] == "127.0.0.1"
        with pytest.raises(UsageError, match="cannot be used"):
            _listening(taken.getsockname()[1])
    finally:
        taken.close()
        asyncio.set_event_loop(None)
