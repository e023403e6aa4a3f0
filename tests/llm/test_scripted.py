"""The fake model keeps to the port."""

from __future__ import annotations

import json

import pytest

from coach.errors import BackendUnreachable, Ungradable
from coach.llm.scripted import ScriptedModel
from coach.ports import ChatModel
from llm.conftest import GOOD, MESSAGES, SCHEMA, checked


def test_it_says_its_lines_in_order_and_keeps_what_it_was_asked() -> None:
    fake = ScriptedModel("one", json.dumps(GOOD), lambda messages: messages[-1].text.upper(), cost_usd=0.5)
    model: ChatModel = fake
    assert model.complete(MESSAGES, 10).text == "one"
    value, usage = model.structured(MESSAGES, SCHEMA, checked, 20)
    assert value == ("salt the key", "covered")
    assert usage.cost_usd == 0.5
    assert usage.prompt_tokens > 10
    assert "".join(model.stream(MESSAGES, 30)) == "THE ANSWER: SALT THE KEY."
    assert [asked.max_tokens for asked in fake.asked] == [10, 20, 30]
    assert [asked.schema is None for asked in fake.asked] == [True, False, True]
    with pytest.raises(AssertionError, match="more often"):
        model.complete(MESSAGES, 10)


def test_it_asks_once_more_as_a_real_one_does() -> None:
    fake = ScriptedModel("prose", f"```json\n{json.dumps(GOOD)}\n```")
    fake.structured(MESSAGES, SCHEMA, checked, 20)
    assert len(fake.asked) == 2
    with pytest.raises(Ungradable):
        ScriptedModel(otherwise="prose").structured(MESSAGES, SCHEMA, checked, 20)


def test_it_fails_as_a_real_one_does() -> None:
    with pytest.raises(BackendUnreachable):
        ScriptedModel(BackendUnreachable("gone")).complete(MESSAGES, 10)
    with pytest.raises(Ungradable):
        ScriptedModel("").complete(MESSAGES, 10)


def test_its_preview_is_what_it_is_asked() -> None:
    fake = ScriptedModel(json.dumps(GOOD))
    preview = fake.preview(MESSAGES, 20, SCHEMA)
    fake.structured(MESSAGES, SCHEMA, checked, 20)
    sent = [{"role": message.role, "content": message.text} for message in fake.asked[0].messages]
    assert preview["messages"] == sent
