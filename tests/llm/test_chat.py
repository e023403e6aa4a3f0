"""Repetitions, streams, reasoning, usage: what one call does beyond asking."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from coach.errors import BackendUnreachable, ConfigError, Ungradable
from coach.llm.chat import Chat
from coach.ports import ChatModel, Message
from llm.conftest import GOOD, KEY, MESSAGES, SCHEMA, checked
from llm.server import (
    ModelServer,
    and_closes,
    breaks_off,
    disconnects,
    hangs,
    lists,
    refuses,
    says,
    says_json,
    sends,
    status,
)


def test_it_is_a_chat_model(chat: Callable[..., Chat]) -> None:
    model: ChatModel = chat("http://127.0.0.1:9/v1")
    assert model.context == 8192
    assert model.tokens.count("one two") > 0


@pytest.mark.parametrize("method", ["complete", "stream", "structured"])
def test_what_passes_is_tried_again_as_often_as_the_setting_says(
    method: str, chat: Callable[..., Chat], pauses: list[float]
) -> None:
    with ModelServer(disconnects(), status(503), says_json(GOOD)) as server:
        model = chat(server)
        if method == "complete":
            assert json.loads(model.complete(MESSAGES, 50).text) == GOOD
        elif method == "stream":
            assert json.loads("".join(model.stream(MESSAGES, 50))) == GOOD
        else:
            assert model.structured(MESSAGES, SCHEMA, checked, 50)[0][1] == "covered"
    assert pauses == [0.5, 1.0]
    assert len(server.chats) == 3


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_a_broken_server_is_asked_no_more_than_that(
    retries: int, chat: Callable[..., Chat], pauses: list[float]
) -> None:
    with ModelServer(otherwise=status(502)) as server, pytest.raises(BackendUnreachable, match="status 502"):
        chat(server, max_retries=retries).complete(MESSAGES, 50)
    assert len(server.chats) == retries + 1
    assert len(pauses) == retries


def test_a_broken_server_is_called_so_after_the_whole_ladder(chat: Callable[..., Chat]) -> None:
    with ModelServer(otherwise=status(500)) as server, pytest.raises(BackendUnreachable, match="fault of its own"):
        chat(server).structured(MESSAGES, SCHEMA, checked, 50)
    forms = [request.body.get("response_format", {}).get("type") for request in server.chats]
    assert forms == ["json_schema", "json_schema", "json_object", None, None]


def test_a_connection_that_is_closed_after_an_error_does_not_count_as_broken(chat: Callable[..., Chat]) -> None:
    answer = and_closes(refuses("response_format", says_json(GOOD), 500))
    with ModelServer(otherwise=answer) as server:
        assert chat(server, max_retries=0).structured(MESSAGES, SCHEMA, checked, 50)[0][1] == "covered"
    assert len(server.chats) == 3


def test_one_fault_of_the_server_does_not_cost_a_rung(chat: Callable[..., Chat]) -> None:
    with ModelServer(status(500), says_json(GOOD)) as server:
        model = chat(server)
        model.structured(MESSAGES, SCHEMA, checked, 50)
    assert model.memory.facts(model.access, "m-1").rung == "json_schema"


def test_a_server_is_given_the_time_it_asks_for(chat: Callable[..., Chat], pauses: list[float]) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    with ModelServer(
        status(429, headers={"retry-after": "2"}), status(429, headers={"retry-after": date}), says("Yes.")
    ) as server:
        assert chat(server).complete(MESSAGES, 50).text == "Yes."
    assert 1 < pauses[0] <= 2
    assert 1 < pauses[1] <= 3


@pytest.mark.parametrize("wait", ["60", "3600", "99999999"])
def test_but_not_more_than_the_call_has(wait: str, chat: Callable[..., Chat], pauses: list[float]) -> None:
    with ModelServer(otherwise=status(429, headers={"retry-after": wait})) as server, pytest.raises(BackendUnreachable):
        chat(server).complete(MESSAGES, 50)
    assert len(server.chats) == 1
    assert pauses == []


def test_what_one_call_is_told_holds_for_the_next(chat: Callable[..., Chat], pauses: list[float]) -> None:
    with ModelServer(status(429, headers={"retry-after": "2"}), says("Yes."), says("Yes.")) as server:
        model = chat(server, max_retries=0)
        with pytest.raises(BackendUnreachable):
            model.complete(MESSAGES, 50)
        assert pauses == []
        model.complete(MESSAGES, 50)
        assert 0 < pauses[0] <= 2
        chat(server).complete(MESSAGES, 50)
    assert len(pauses) == 1


@pytest.mark.parametrize("wait", ["soon", "-1", "", "Mon, 99 Nov"])
def test_a_wait_that_is_none_is_passed_over(wait: str, chat: Callable[..., Chat], pauses: list[float]) -> None:
    with ModelServer(status(429, headers={"retry-after": wait}), says("Yes.")) as server:
        assert chat(server).complete(MESSAGES, 50).text == "Yes."
    assert pauses == [0.5]


def test_one_deadline_holds_for_all_repetitions_together(chat: Callable[..., Chat]) -> None:
    with ModelServer(says("no JSON"), hangs(), says_json(GOOD)) as server, pytest.raises(BackendUnreachable):
        chat(server, timeout=0.4).structured(MESSAGES, SCHEMA, checked, 50)
    assert len(server.chats) <= 2


def test_a_stream_that_breaks_off_keeps_what_was_said_and_is_not_asked_again(chat: Callable[..., Chat]) -> None:
    got: list[str] = []
    with ModelServer(otherwise=breaks_off("half a rep")) as server, pytest.raises(BackendUnreachable, match="broke"):
        got.extend(_each(chat(server), got))
    assert "".join(got) == "half a rep"
    assert len(server.chats) == 1


def _each(model: Chat, got: list[str]) -> list[str]:
    for piece in model.stream(MESSAGES, 50):
        got.append(piece)
    return []


def test_a_stream_cut_at_its_limit_says_so_at_its_end(chat: Callable[..., Chat]) -> None:
    got: list[str] = []
    with ModelServer(says("half a reply", finish="length")) as server, pytest.raises(Ungradable, match="cut off"):
        _each(chat(server), got)
    assert "".join(got) == "half a reply"


def test_a_stream_that_nobody_reads_to_its_end_is_closed(chat: Callable[..., Chat]) -> None:
    with ModelServer(says("many words " * 50)) as server:
        stream = chat(server).stream(MESSAGES, 50)
        assert next(stream) == "many "
        stream.close()  # type: ignore[attr-defined]


def test_a_server_that_does_not_stream_is_read_all_the_same(chat: Callable[..., Chat]) -> None:
    whole = json.dumps({"choices": [{"message": {"content": "All at once."}, "finish_reason": "stop"}]}, indent=1)
    with ModelServer(sends(whole.encode())) as server:
        assert "".join(chat(server).stream(MESSAGES, 50)) == "All at once."


def test_what_a_model_thinks_aloud_is_left_out_of_a_stream(chat: Callable[..., Chat]) -> None:
    with ModelServer(says("<think>salt, or not?</think>\n\nSalt it.")) as server:
        assert "".join(chat(server).stream(MESSAGES, 50)) == "Salt it."


@pytest.mark.parametrize("event", ["not json", "[1]", '{"choices": 7}', '{"error": {"message": "overloaded"}}'])
def test_odd_events_are_no_crash(event: str, chat: Callable[..., Chat]) -> None:
    answer = sends(f"data: {event}\n\n".encode(), "text/event-stream")
    with ModelServer(otherwise=answer) as server, pytest.raises(BackendUnreachable):
        list(chat(server).stream(MESSAGES, 50))


def test_a_model_that_spends_its_room_on_reasoning_gets_more_from_then_on(chat: Callable[..., Chat]) -> None:
    spent = says("", finish="length", reasoning_content="Let me think")
    with ModelServer(spent, says_json(GOOD), says_json(GOOD)) as server:
        model = chat(server)
        model.structured(MESSAGES, SCHEMA, checked, 50)
        model.structured(MESSAGES, SCHEMA, checked, 50)
    assert [request.body["max_tokens"] for request in server.chats] == [50, 200, 200]


def test_so_it_is_in_a_stream(chat: Callable[..., Chat]) -> None:
    with ModelServer(says("", finish="length", reasoning_content="Let me think"), says("Yes.")) as server:
        model = chat(server)
        with pytest.raises(Ungradable, match="thought, and said nothing"):
            list(model.stream(MESSAGES, 50))
        assert list(model.stream(MESSAGES, 50)) == ["Yes."]
    assert [request.body["max_tokens"] for request in server.chats] == [50, 200]


@pytest.mark.parametrize("text", ["\x1b[0m", "\u200b\u200b", " \n\t"])
def test_what_cannot_be_seen_is_no_reply(text: str, chat: Callable[..., Chat]) -> None:
    with ModelServer(otherwise=says(text)) as server, pytest.raises(Ungradable, match="empty"):
        chat(server).complete(MESSAGES, 50)


def test_room_never_exceeds_the_context(chat: Callable[..., Chat]) -> None:
    with ModelServer(says("", finish="length", reasoning_content="Hm"), says("Yes.")) as server:
        chat(server, context=100).complete(MESSAGES, 50)
    assert 50 <= server.chats[1].body["max_tokens"] < 100


@pytest.mark.parametrize(
    "usage", [None, {}, {"prompt_tokens": "many", "completion_tokens": -1}, {"prompt_tokens": True}]
)
def test_tokens_are_estimated_where_the_server_does_not_count(usage: Any, chat: Callable[..., Chat]) -> None:
    with ModelServer(says("Salt the key.", usage=usage)) as server:
        counted = chat(server).complete(MESSAGES, 50).usage
    assert 10 < counted.prompt_tokens < 40
    assert 3 < counted.completion_tokens < 10


def test_what_a_call_costs(chat: Callable[..., Chat]) -> None:
    with ModelServer(otherwise=says("Yes.")) as server:
        assert chat(server, "openai", model="gpt-4o").complete(MESSAGES, 50).usage.cost_usd == pytest.approx(0.00045)
        assert chat(server, "openai", model="unheard-of").complete(MESSAGES, 50).usage.cost_usd is None
        assert chat(server, "ollama").complete(MESSAGES, 50).usage.cost_usd == 0.0


def test_a_preview_is_exactly_what_is_sent(chat: Callable[..., Chat]) -> None:
    with ModelServer(says_json(GOOD), says("Yes.")) as server:
        model = chat(server)
        previews = [model.preview(MESSAGES, 50, SCHEMA), model.preview(MESSAGES, 50)]
        assert server.seen == []
        model.structured(MESSAGES, SCHEMA, checked, 50)
        model.complete(MESSAGES, 50)
    assert [request.body for request in server.chats] == previews


def test_a_key_in_an_answer_is_not_sent_and_one_in_a_reply_not_shown(chat: Callable[..., Chat]) -> None:
    with ModelServer(says(f"Your key is {KEY}.")) as server:
        reply = chat(server).complete([Message("user", f"my notes: {KEY}")], 50)
    assert reply.text == "Your key is [key]."
    assert server.chats[0].text == "my notes: [key]"


@pytest.mark.parametrize(
    "words",
    [
        "System role not supported",
        "messages[0].role: 'system' is not allowed",
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
    ],
)
def test_a_model_that_knows_no_system_is_told_as_a_user(words: str, chat: Callable[..., Chat]) -> None:
    with ModelServer(status(400, {"error": {"message": words}}), says("Yes."), says_json(GOOD)) as server:
        model = chat(server)
        model.complete(MESSAGES, 50)
        model.structured(MESSAGES, SCHEMA, checked, 50)
    for request in server.chats[1:]:
        assert [row["role"] for row in request.body["messages"]] == ["user"]
        assert request.text.startswith("You grade answers.")
        assert request.text.endswith("The answer: salt the key.")


def test_a_reply_cannot_steer_the_terminal(chat: Callable[..., Chat]) -> None:
    text = "red \x1b[31malert\x07 and \x1b]0;title\x07 more"
    with ModelServer(says(text), says(text), says("", refusal=text)) as server:
        model = chat(server)
        assert model.complete(MESSAGES, 50).text == "red alert and  more"
        assert "\x1b" not in "".join(model.stream(MESSAGES, 50))
        with pytest.raises(Ungradable) as caught:
            model.complete(MESSAGES, 50)
    assert "\x1b" not in str(caught.value)


def test_a_server_that_lists_the_key_as_a_model_is_not_quoted(chat: Callable[..., Chat]) -> None:
    with ModelServer(models=lists(f"m-{KEY}", "two")) as server, pytest.raises(ConfigError, match="several") as caught:
        chat(server, model="").complete(MESSAGES, 50)
    assert KEY not in str(caught.value)


def test_text_that_cannot_be_encoded_is_sent_without_what_cannot(chat: Callable[..., Chat]) -> None:
    with ModelServer(says("Yes.")) as server:
        chat(server).complete([Message("user", "half \ud800 a letter")], 50)
    assert server.chats[0].text == "half ? a letter"


def test_many_threads_share_a_model(chat: Callable[..., Chat], notices: list[str]) -> None:
    with ModelServer(otherwise=says_json(GOOD)) as server, ThreadPoolExecutor(8) as pool:
        model = chat(server)
        found = list(pool.map(lambda _: model.structured(MESSAGES, SCHEMA, checked, 50)[0][1], range(24)))
    assert found == ["covered"] * 24
    assert len(notices) == 1


def test_what_leaves_is_said_once_and_never_again(chat: Callable[..., Chat], notices: list[str]) -> None:
    with ModelServer(otherwise=says("Yes.")) as server:
        model = chat(server, remembers=True)
        assert notices == []
        model.complete(MESSAGES, 50)
        model.complete(MESSAGES, 50)
        chat(server, remembers=True).complete(MESSAGES, 50)
    assert len(notices) == 1
    assert "m-1" in notices[0]
    assert server.url.split("/")[2] in notices[0]


def test_a_server_with_one_model_needs_no_name_for_it(chat: Callable[..., Chat]) -> None:
    with ModelServer(says("Yes."), models=lists("the-only-one")) as server:
        model = chat(server, model="")
        assert model.complete(MESSAGES, 50).text == "Yes."
    assert model.model == "the-only-one"
    assert server.chats[0].body["model"] == "the-only-one"


def test_one_with_several_does_and_says_which(chat: Callable[..., Chat]) -> None:
    with ModelServer(models=lists("one", "two")) as server, pytest.raises(ConfigError, match="one, two"):
        chat(server, model="").complete(MESSAGES, 50)
    with ModelServer() as server, pytest.raises(ConfigError, match="No model"):
        chat(server, model="").complete(MESSAGES, 50)


def test_where_nothing_can_be_remembered_it_works_all_the_same(
    chat: Callable[..., Chat], tmp_path: Path, notices: list[str]
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with ModelServer(otherwise=says("Yes.")) as server:
        model = chat(server, remembers=True)
        assert model.complete(MESSAGES, 50).text == "Yes."
        assert model.complete(MESSAGES, 50).text == "Yes."
    assert len(notices) == 1
