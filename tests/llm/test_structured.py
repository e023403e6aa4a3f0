"""JSON out of careless replies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import Ungradable
from coach.llm import structured
from coach.llm.replies import Said
from coach.llm.structured import FormatRefused, Unusable, extracted, response_format, shape, strict, with_shape
from coach.ports import Message
from llm.conftest import GOOD, MESSAGES, SCHEMA, checked

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PROSE = st.text(st.characters(exclude_characters="{}"), max_size=60)


def anything(body: Any) -> Any:
    return body


@given(st.dictionaries(st.text(max_size=8), VALUES, min_size=1, max_size=4), PROSE, PROSE)
def test_an_object_is_found_in_any_prose(body: dict[str, Any], before: str, after: str) -> None:
    for indent in (None, 2):
        assert extracted(before + json.dumps(body, indent=indent) + after, anything) == body
        assert extracted(f"{before}\n```json\n{json.dumps(body, indent=indent)}\n```\n{after}", anything) == body


@given(st.text(max_size=300))
def test_any_text_is_an_object_or_unusable(text: str) -> None:
    try:
        assert isinstance(extracted(text, anything), dict)
    except Unusable as problem:
        assert str(problem)


@given(st.dictionaries(st.text(max_size=8), VALUES, min_size=1, max_size=3), st.integers(1, 40))
def test_a_cut_object_is_never_taken_for_a_whole_one(body: dict[str, Any], cut: int) -> None:
    text = json.dumps({"whole": body})
    with pytest.raises(Unusable):
        extracted(text[: max(1, len(text) - cut)], lambda found: found["whole"] if "whole" in found else _refuse())


def _refuse() -> Any:
    raise ValueError("not whole")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "no",
        "[1, 2]",
        "{",
        '{"a": NaN}',
        '{"a": Infinity}',
        "{" * 5000,
        '{"a":' * 5000,
        '{"a": ' + "9" * 5000 + "}",
    ],
    ids=["empty", "blank", "prose", "list", "cut", "nan", "infinity", "braces", "deep", "long number"],
)
def test_what_is_no_object_is_unusable(text: str) -> None:
    with pytest.raises(Unusable):
        extracted(text, anything)


def test_one_object_of_several_is_taken_where_only_it_fits() -> None:
    text = f'For example {{"score": 100}}, but my verdict is {json.dumps(GOOD)}'
    assert extracted(text, checked) == ("salt the key", "covered")


def test_none_is_taken_where_two_fit() -> None:
    text = json.dumps(GOOD) + json.dumps(GOOD | {"verdict": "missing"})
    with pytest.raises(Unusable, match="more than one"):
        extracted(text, checked)


def test_what_is_wrong_is_said_to_the_model_and_no_more_than_once() -> None:
    asked: list[Sequence[Message]] = []
    replies = iter(['{"score": 100}', '{"score": 99}', json.dumps(GOOD)])

    def ask(messages: Sequence[Message], rung: str, wide: bool) -> Said:
        asked.append(messages)
        return Said(next(replies), "stop")

    with pytest.raises(Ungradable, match="nor its second one: give quote") as caught:
        structured.converse(ask, MESSAGES, SCHEMA, checked, "json_schema")
    assert caught.value.exit_code == 6
    assert len(asked) == 2
    assert "give quote, and a verdict" in asked[1][-1].text
    assert asked[1][-2] == Message("assistant", '{"score": 100}')


def test_a_long_bad_reply_is_not_sent_back_whole() -> None:
    asked: list[Sequence[Message]] = []

    def ask(messages: Sequence[Message], rung: str, wide: bool) -> Said:
        asked.append(messages)
        return Said("x" * 100_000, "stop") if len(asked) == 1 else Said(json.dumps(GOOD), "stop")

    structured.converse(ask, MESSAGES, SCHEMA, checked, "prose")
    assert len(asked[1][-2].text) < 3000


def test_a_server_that_passes_the_schema_over_is_asked_on_the_next_rung() -> None:
    rungs: list[str] = []

    def ask(messages: Sequence[Message], rung: str, wide: bool) -> Said:
        rungs.append(rung)
        return Said("Covered!" if rung == "json_schema" else json.dumps(GOOD), "stop")

    assert structured.converse(ask, MESSAGES, SCHEMA, checked, "json_schema").rung == "json_object"
    assert rungs == ["json_schema", "json_object"]


def test_the_last_rung_refused_is_the_error() -> None:
    def ask(messages: Sequence[Message], rung: str, wide: bool) -> Said:
        raise FormatRefused(Ungradable(f"not {rung}"))

    with pytest.raises(Ungradable, match="not prose"):
        structured.converse(ask, MESSAGES, SCHEMA, checked, "json_object")


def test_the_shape_ends_the_first_system_message_and_leaves_the_rest() -> None:
    found = with_shape(MESSAGES, SCHEMA)
    assert found[0].text.startswith("You grade answers.\n\nReply with one JSON object")
    assert found[1:] == list(MESSAGES[1:])
    assert [message.role for message in with_shape(MESSAGES[1:], SCHEMA)] == ["system", "user"]


def test_a_shape_in_words() -> None:
    schema = {
        "type": "object",
        "properties": {
            "points": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}},
            "sure": {"type": "boolean"},
            "credit": {"type": ["number", "null"]},
            "note": {"anyOf": [{"type": "string", "description": "why"}, {"type": "null"}]},
        },
    }
    assert shape(schema) == (
        '{"points": [{"id": "text"}, …], "sure": true or false, "credit": number or null, "note": "<why>" or null}'
    )
    assert "$ref" in shape({"type": "object", "properties": {"x": {"$ref": "#/$defs/x"}}})


def test_a_strict_schema_is_closed_all_the_way_down() -> None:
    inner = {"type": "object", "properties": {"id": {"type": "string"}, "note": {"type": "string"}}, "required": ["id"]}
    found = strict({"type": "object", "properties": {"rows": {"type": "array", "items": inner}}})
    assert found["required"] == ["rows"]
    assert found["properties"]["rows"]["items"]["required"] == ["id", "note"]
    assert found["properties"]["rows"]["items"]["additionalProperties"] is False
    assert inner["required"] == ["id"]


def test_forms() -> None:
    form = response_format("json_schema", SCHEMA)
    assert form is not None
    assert (form["json_schema"]["name"], form["json_schema"]["strict"]) == ("verdict", True)
    assert response_format("json_object", SCHEMA) == {"type": "json_object"}
    assert response_format("prose", SCHEMA) is None
