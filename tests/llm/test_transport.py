"""The wire's guards: no other host, no way around COACH_OFFLINE, no proxy that could read."""

from __future__ import annotations

import logging
import shutil
import socket
import subprocess
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach import config
from coach.errors import BackendUnreachable, CoachError, ConfigError
from coach.llm import access, transport
from coach.llm.access import Access
from coach.llm.chat import Chat
from coach.llm.deadline import Deadline
from coach.llm.memory import Memory
from coach.llm.prices import TABLE, Prices
from coach.llm.providers import PROVIDERS
from coach.llm.transport import GuardedTransport, proxy_for
from llm.conftest import KEY, MESSAGES
from llm.server import ModelServer, drips, echoes_key, redirects, says

FAR = Access(PROVIDERS["custom"], "https://model.example/v1", "m", KEY)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Host -> its addresses, in place of the system's resolver."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def looked_up(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host not in known:
            return real(host, port, *more, **named)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return known


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_reaches_nobody(code: int, chat: Callable[..., Chat]) -> None:
    with ModelServer(otherwise=says("Yes.")) as other:
        target = f"{other.url}/chat/completions"
        with ModelServer(otherwise=redirects(target, code)) as server, pytest.raises(ConfigError) as caught:
            chat(server).complete(MESSAGES, 50)
    assert other.seen == []
    assert other.url in caught.value.message
    assert len(server.seen) == 1


def test_a_key_goes_to_no_other_address_even_where_one_is_asked_for() -> None:
    with ModelServer(otherwise=says("Yes.")) as server, ModelServer(otherwise=says("Yes.")) as other:
        own = Access(PROVIDERS["custom"], server.url, "m", KEY)
        with httpx2.Client(transport=GuardedTransport(own, Deadline(5))) as client:
            assert client.post(f"{server.url}/chat/completions", json={}).status_code == 200
            with pytest.raises(ConfigError, match="another server"):
                client.post(f"{other.url}/chat/completions", json={})
    assert len(server.seen) == 1
    assert other.seen == []


@pytest.mark.parametrize("addresses", [["203.0.113.7"], ["127.0.0.1", "203.0.113.7"], ["192.168.1.5"], ["0.0.0.0"]])
def test_offline_nothing_is_tried_that_is_elsewhere(
    addresses: list[str], names: dict[str, list[str]], chat: Callable[..., Chat]
) -> None:
    names["model.example"] = addresses  # a connection to any of them would fail the test, see no_network
    with pytest.raises(ConfigError, match=r"COACH_OFFLINE=1 forbids .* model\.example:9"):
        chat("http://model.example:9/v1", offline=True).complete(MESSAGES, 50)


@pytest.mark.parametrize(
    "url", ["http://203.0.113.7/v1", "http://[2001:db8::1]/v1", "http://0.0.0.0:9/v1", "http://3405803783/v1"]
)
def test_offline_numbers_are_read_as_what_they_are(url: str, chat: Callable[..., Chat]) -> None:
    with pytest.raises(ConfigError, match="COACH_OFFLINE"):
        chat(url, offline=True).complete(MESSAGES, 50)


def test_offline_a_name_that_nobody_knows_is_not_this_machine(
    chat: Callable[..., Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*asked: Any, **named: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ConfigError, match="COACH_OFFLINE"):
        chat("https://model.example/v1", offline=True).complete(MESSAGES, 50)


def test_offline_a_name_of_this_machine_is_reached(names: dict[str, list[str]], chat: Callable[..., Chat]) -> None:
    with ModelServer(otherwise=says("Yes.")) as server:
        names["model.home"] = ["127.0.0.1"]
        port = server.url.rsplit(":", 1)[1]
        for host in ("model.home", "localhost", "127.0.0.1"):
            assert chat(f"http://{host}:{port}", offline=True).complete(MESSAGES, 50).text == "Yes."


def test_the_address_that_was_looked_at_is_the_one_that_is_reached(
    names: dict[str, list[str]], chat: Callable[..., Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is this machine when it is checked, and another a moment later."""
    asked: list[str] = []

    def fickle(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host != "model.home":
            return real(host, port, *more, **named)
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "203.0.113.7"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", fickle)
    with ModelServer(otherwise=says("Yes.")) as server:
        port = server.url.rsplit(":", 1)[1]
        assert chat(f"http://model.home:{port}", offline=True).complete(MESSAGES, 50).text == "Yes."
    assert asked == ["model.home"]


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch, chat: Callable[..., Chat]) -> None:
    def unknown(*asked: Any, **named: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(BackendUnreachable, match="Name or service not known"):
        chat("http://model.example/v1").complete(MESSAGES, 50)


@given(
    st.one_of(
        st.text(max_size=20).map("http://{}".format),
        st.text("a.-_%[]:@/?#1\u0661é", max_size=20).map("http://{}/v1".format),
    )
)
def test_any_address_is_an_explained_error(url: str) -> None:
    def unknown(*asked: Any, **named: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    loaded = config.load({"COACH_LLM_BASE_URL": url.replace("\0", ""), "COACH_LLM_MODEL": "m", "COACH_OFFLINE": "1"})
    with pytest.MonkeyPatch.context() as patch, pytest.raises(CoachError) as caught:
        patch.setattr(socket, "getaddrinfo", unknown)
        patch.setattr(socket.socket, "connect", unknown)
        Chat(access.resolve(loaded, {}), Memory(None), Prices(TABLE), sleep=lambda seconds: None).complete(MESSAGES, 5)
    assert caught.value.exit_code in (4, 5)


def test_a_name_that_is_looked_up_for_ever(monkeypatch: pytest.MonkeyPatch, chat: Callable[..., Chat]) -> None:
    with ModelServer() as server:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **named: server.closing.wait(5) and [])
        with pytest.raises(BackendUnreachable, match="took too long"):
            chat("http://model.example/v1", timeout=0.2).complete(MESSAGES, 50)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"])
def test_what_is_not_encrypted_goes_to_no_proxy(
    variable: str, chat: Callable[..., Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer(otherwise=says("Yes.")) as server, ModelServer(otherwise=says("proxied")) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        assert chat(server).complete(MESSAGES, 50).text == "Yes."
    assert proxy.seen == []


def test_a_proxy_for_an_encrypted_address_sees_its_name_and_nothing_else(
    chat: Callable[..., Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("http://", "http://me:pw@").removesuffix("/v1"))
        with pytest.raises(BackendUnreachable, match="cannot be reached") as caught:
            chat("https://model.example/v1").complete(MESSAGES, 50)
    assert [(request.method, request.path) for request in proxy.seen] == [("CONNECT", "model.example:443")]
    assert "proxy-authorization" in proxy.seen[0].headers
    assert KEY not in str(proxy.seen[0])
    assert "pw" not in str(caught.value)


def test_which_proxy_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_for(FAR) is None
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    found = proxy_for(FAR)
    assert found is not None
    assert (found.url, found.auth) == ("http://proxy.example:3128", None)
    assert proxy_for(replace(FAR, base_url="https://localhost/v1")) is None
    assert proxy_for(replace(FAR, base_url="http://model.example/v1")) is None
    assert proxy_for(replace(FAR, offline=True)) is None
    monkeypatch.setenv("NO_PROXY", ".example")
    assert proxy_for(FAR) is None


@pytest.mark.parametrize("proxy", ["socks5://proxy.example:1080", "http://", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_not_gone_around(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(ConfigError, match="HTTPS_PROXY"):
        proxy_for(FAR)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine that nobody vouches for, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    key, pem = tmp_path / "key.pem", tmp_path / "localhost.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(pem)]
    subprocess.run(command, check=True, capture_output=True)
    pem.write_text(pem.read_text() + key.read_text())
    return pem


def test_an_encrypted_server_is_reached_where_its_certificate_is_trusted(
    certificate: Path, chat: Callable[..., Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer(otherwise=says("Yes."), certificate=certificate) as server:
        transport._trusted.cache_clear()
        with pytest.raises(BackendUnreachable, match="is not trusted") as caught:
            chat(server).complete(MESSAGES, 50)
        assert "SSL_CERT_FILE" in caught.value.hint
        assert server.seen == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        transport._trusted.cache_clear()
        assert chat(server).complete(MESSAGES, 50).text == "Yes."
        assert "".join(chat(server).stream(MESSAGES, 50)) == "Yes."
        server.then(drips())
        with pytest.raises(BackendUnreachable, match="within"):
            chat(server, timeout=0.3).complete(MESSAGES, 50)
    transport._trusted.cache_clear()


@pytest.mark.parametrize("method", ["complete", "stream"])
def test_a_key_is_in_no_log_and_no_traceback(
    method: str, chat: Callable[..., Chat], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for logger in ("openai", "httpx2", "httpcore2", "httpcore2.http11", "httpcore2.connection"):
        caplog.set_level(logging.DEBUG, logger)
    with ModelServer(otherwise=echoes_key(401)) as server, pytest.raises(ConfigError) as caught:
        model = chat(server)
        list(model.stream(MESSAGES, 50)) if method == "stream" else model.complete(MESSAGES, 50)
    shown = "".join(traceback.format_exception(caught.value)) + str(caught.value) + repr(caught.value)
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    for text in (shown, logged):
        assert KEY not in text
        assert KEY[:12] not in text
        assert KEY[-12:] not in text
