"""Every row of the table of providers, against a server that behaves well and against many that don't."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from coach.errors import BackendUnreachable, CoachError, ConfigError, Ungradable
from coach.llm.chat import Chat
from coach.llm.providers import PROVIDERS
from llm.conftest import GOOD, KEY, MESSAGES, SCHEMA, checked
from llm.server import (
    Answer,
    ModelServer,
    breaks_off,
    disconnects,
    drips,
    drips_its_head,
    echoes_key,
    hangs,
    redirects,
    refuses,
    says,
    says_json,
    sends,
    status,
)

ROWS = sorted(PROVIDERS)
HELD = ("salt the key", "covered")


def completed(model: Chat) -> object:
    return model.complete(MESSAGES, 50).text


def streamed(model: Chat) -> object:
    return "".join(model.stream(MESSAGES, 50))


def structured(model: Chat) -> object:
    return model.structured(MESSAGES, SCHEMA, checked, 50)[0]


CALLS: dict[str, Callable[[Chat], object]] = {"complete": completed, "stream": streamed, "structured": structured}


@pytest.mark.parametrize("row", ROWS)
def test_a_good_server_is_understood(row: str, chat: Callable[..., Chat]) -> None:
    with ModelServer(says("Salt the key."), says("Salt the key."), says_json(GOOD)) as server:
        model = chat(server, row)
        reply = model.complete(MESSAGES, 50)
        assert reply.text == "Salt the key."
        assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (100, 20)
        assert list(model.stream(MESSAGES, 50)) == ["Salt ", "the k", "ey."]
        value, usage = model.structured(MESSAGES, SCHEMA, checked, 50)
    assert value == HELD
    assert usage.prompt_tokens == 100
    assert (model.provider, model.model) == (row, "m-1")
    assert [request.path for request in server.seen] == ["/v1/chat/completions"] * 3
    for request in server.seen:
        assert request.body["model"] == "m-1"
        assert [message["role"] for message in request.body["messages"]] == ["system", "user"]
        assert request.body[PROVIDERS[row].length_name] == 50
        assert request.body["temperature"] == 0
    form = server.seen[2].body["response_format"]
    assert form["type"] == PROVIDERS[row].rung
    assert '{"quote": "<from the answer>", "verdict": "covered" or "missing"}' in server.seen[2].text


@pytest.mark.parametrize("row", ROWS)
def test_the_key_travels_in_its_header_and_nothing_of_the_shell_beside_it(
    row: str, chat: Callable[..., Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_WEBHOOK_SECRET"):
        monkeypatch.setenv(name, "from-the-shell")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer from-the-shell\nX-Mine: from-the-shell")
    with ModelServer(otherwise=says("Yes.")) as server:
        chat(server, row).complete(MESSAGES, 50)
        chat(server, row, key="").complete(MESSAGES, 50)
    with_key, without = (request.headers for request in server.seen)
    header = PROVIDERS[row].key_header.lower()
    assert with_key[header] == (KEY if header == "api-key" else f"Bearer {KEY}")
    assert {"authorization", "api-key"} & set(without) == set()
    known = {"host", "accept", "content-type", "user-agent", "content-length", "accept-encoding", header}
    assert set(with_key) == known
    assert "from-the-shell" not in json.dumps([with_key, without])


GARBAGE: dict[str, tuple[Answer, type[CoachError]]] = {
    "refusal": (says("", refusal="I cannot do that."), Ungradable),
    "content filter": (says("", finish="content_filter"), Ungradable),
    "empty": (says(""), Ungradable),
    "null": (says(None), Ungradable),
    "reasoning only": (says("", reasoning_content="Let me think"), Ungradable),
    "reasoning only, in tags": (says("<think>Let me think"), Ungradable),
    "cut at the limit": (says('{"quote": "salt', finish="length"), Ungradable),
    "prose": (says("I would call that covered."), Ungradable),
    "other types": (says_json({"quote": 7, "verdict": ["covered"]}), Ungradable),
    "a list": (says_json([GOOD, {"quote": "x", "verdict": "missing"}]), Ungradable),
    "only a score": (says_json({"score": 100}), Ungradable),
    "credit 99": (says_json({"quote": "salt the key", "verdict": "covered", "credit": 99}), Ungradable),
    "nested deep": (says("[" * 100_000 + "{" * 100_000), Ungradable),
    "5 MB of text": (says("y" * 5_000_000), Ungradable),
    "5 MB of nothing": (sends(b" " * 5_000_000), Ungradable),
    "no JSON": (sends(b"<html>Welcome to the hotel</html>", "text/html"), BackendUnreachable),
    "no bytes": (sends(b""), BackendUnreachable),
    "JSON without choices": (sends(b'{"object": "list"}'), BackendUnreachable),
    "choices of another type": (sends(b'{"choices": "none"}'), BackendUnreachable),
    "an error with status 200": (sends(b'{"error": {"message": "no such model", "code": 404}}'), ConfigError),
    "400 without end": (status(400), Ungradable),
    "400, and why in 5 MB": (status(400, "z" * 5_000_000), Ungradable),
    "401": (echoes_key(401), ConfigError),
    "403": (echoes_key(403), ConfigError),
    "404": (status(404, {"error": {"message": "model 'm-1' not found"}}), ConfigError),
    "400 for an unknown model": (status(400, {"message": "Invalid model: m-1"}), ConfigError),
    "402": (status(402), ConfigError),
    "too long": (status(400, {"error": {"message": "maximum context length is 2048 tokens"}}), Ungradable),
    "content policy": (status(400, {"error": {"code": "content_filter", "message": "no"}}), Ungradable),
    "429": (status(429), BackendUnreachable),
    "out of credit": (status(429, {"error": {"code": "insufficient_quota"}}), BackendUnreachable),
    "500": (status(500), BackendUnreachable),
    "503": (status(503, "<h1>Service Unavailable</h1>"), BackendUnreachable),
    "disconnect": (disconnects(), BackendUnreachable),
    "breaks off": (breaks_off(), BackendUnreachable),
    "redirect": (redirects("http://127.0.0.1:9/elsewhere?token=t"), ConfigError),
    "redirect within": (redirects("/v1/chat/completions", 308), ConfigError),
}
"""What a server may do -> (its answer to everything, what the user is told)."""


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("case", GARBAGE)
def test_a_bad_server_is_an_explained_error(row: str, case: str, chat: Callable[..., Chat]) -> None:
    answer, kind = GARBAGE[case]
    with ModelServer(otherwise=answer) as server, pytest.raises(CoachError) as caught:
        structured(chat(server, row))
    assert type(caught.value) is kind
    assert caught.value.message.endswith((".", "”"))
    assert caught.value.hint
    assert len(caught.value.message) < 700
    assert KEY[:8] not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert len(server.chats) <= 7


ONLY_JSON = ("prose", "other types", "a list", "only a score", "credit 99", "nested deep")
IN_PROSE = [case for case in GARBAGE if case not in ONLY_JSON]


@pytest.mark.parametrize("call", ["complete", "stream"])
@pytest.mark.parametrize("case", IN_PROSE)
def test_so_it_is_in_prose(call: str, case: str, chat: Callable[..., Chat]) -> None:
    answer, kind = GARBAGE[case]
    with ModelServer(otherwise=answer) as server, pytest.raises(CoachError) as caught:
        CALLS[call](chat(server))
    assert type(caught.value) is kind
    assert KEY[:8] not in str(caught.value)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("answer", [hangs(), drips(), drips_its_head()], ids=["hang", "drip", "drip of headers"])
def test_a_call_ends_at_its_deadline_whatever_the_server_does(
    call: str, answer: Answer, chat: Callable[..., Chat]
) -> None:
    with ModelServer(otherwise=answer) as server, pytest.raises(BackendUnreachable, match=r"within 0\.3 seconds"):
        CALLS[call](chat(server, timeout=0.3))
    assert len(server.seen) <= 1


@pytest.mark.parametrize("row", ROWS)
def test_a_hanging_server_is_unreachable(row: str, chat: Callable[..., Chat]) -> None:
    with ModelServer(otherwise=hangs()) as server, pytest.raises(BackendUnreachable) as caught:
        structured(chat(server, row, timeout=0.2))
    assert caught.value.exit_code == 5


@pytest.mark.parametrize("row", ROWS)
def test_nobody_listens(row: str, chat: Callable[..., Chat], pauses: list[float]) -> None:
    with ModelServer() as server:
        url = server.url
    with pytest.raises(BackendUnreachable, match="cannot be reached") as caught:
        structured(chat(url, row))
    assert caught.value.hint == (PROVIDERS[row].hint or "Check COACH_LLM_BASE_URL and the network.")
    assert pauses == []


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"```json\n{json.dumps(GOOD)}\n```", {}),
        (f"Here is my verdict:\n\n{json.dumps(GOOD)}\n\nI hope that helps {{:-}}!", {}),
        (f"<think>Is it {{covered}}?</think>{json.dumps(GOOD)}", {}),
        (json.dumps(GOOD), {"reasoning_content": "Is it covered?"}),
        (json.dumps(GOOD) + "\n" + json.dumps(GOOD), {}),
    ],
    ids=["fenced", "in prose", "after thinking", "beside reasoning", "said twice"],
)
def test_json_is_found_however_it_is_wrapped(
    row: str, text: str, message: dict[str, Any], chat: Callable[..., Chat]
) -> None:
    with ModelServer(says(text, **message)) as server:
        assert structured(chat(server, row)) == HELD
    assert len(server.chats) == 1


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(
    "bad",
    ['{"quote": "salt', "Covered, I would say.", "", json.dumps({"score": 99})],
    ids=["cut", "prose", "empty", "score only"],
)
def test_one_bad_reply_is_asked_about_once(row: str, bad: str, chat: Callable[..., Chat]) -> None:
    with ModelServer(says(bad), says_json(GOOD)) as server:
        value, usage = chat(server, row).structured(MESSAGES, SCHEMA, checked, 50)
    assert value == HELD
    assert usage.prompt_tokens == 200
    again = server.chats[1].body["messages"]
    assert "could not be used" in again[-1]["content"]
    assert "verdict" in again[-1]["content"]
    assert [row["role"] for row in again] == ["system", "user", *(["assistant"] if bad else []), "user"]


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("code", [400, 422, 500])
def test_the_ladder_is_climbed_down_and_the_rung_remembered(row: str, code: int, chat: Callable[..., Chat]) -> None:
    for parameter, rung in (("response_format.json_schema", "json_object"), ("response_format", "prose")):
        words = f"'response_format.type' must not be {parameter}"
        with ModelServer(otherwise=refuses(parameter, says_json(GOOD), code, words)) as server:
            model = chat(server, row, remembers=True)
            assert structured(model) == HELD
            assert model.memory.facts(model.access, "m-1").rung == rung
            before = len(server.chats)
            assert structured(chat(server, row, remembers=True)) == HELD
            assert len(server.chats) == before + 1
            assert structured(chat(server, row, model="m-2", remembers=True)) == HELD


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("parameter", ["temperature", "max_tokens", "max_completion_tokens"])
def test_a_parameter_that_is_refused_is_left_out_from_then_on(
    row: str, parameter: str, named: bool, chat: Callable[..., Chat]
) -> None:
    words = f"Unsupported parameter: '{parameter}' is not supported with this model." if named else "Bad request"
    with ModelServer(otherwise=refuses(parameter, says("Yes."), 400, words)) as server:
        assert completed(chat(server, row, remembers=True)) == "Yes."
        first = len(server.chats)
        assert completed(chat(server, row, remembers=True)) == "Yes."
        assert streamed(chat(server, row, remembers=True)) == "Yes."
    assert len(server.chats) == first + 2
    for request in server.chats[first:]:
        assert parameter not in request.body
        assert {"max_tokens", "max_completion_tokens"} & set(request.body)
