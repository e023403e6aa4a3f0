"""``coach doctor`` and ``coach config`` about the language model: what it can do, what would leave, never a key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from llm.server import ModelServer, echoes_key, lists, says_json

from cli.conftest import Result

KEY = "sk-test-0123456789abcdefghijklmnop"
SEEN = {"place": "mountain", "air": "thinner"}


def test_doctor_tries_the_model_only_when_asked(coach: Callable[..., Result], own_home: Path) -> None:
    with ModelServer(otherwise=says_json(SEEN), models=lists("m-1")) as server:
        own = {"COACH_LLM_BASE_URL": server.url, "COACH_LLM_MODEL": "m-1", "COACH_LLM_API_KEY": KEY}
        result = coach("doctor", "--json", home=own_home, **own)
        assert server.seen == []
        assert "language model" not in {row["name"] for row in result.items}
        leaves = next(row["detail"] for row in result.items if row["name"] == "leaves this machine")
        host = server.url.split("/")[2]
        assert host in leaves
        assert "on this machine" in leaves
        result = coach("doctor", "--llm", home=own_home, **own)
    assert result.code == 0
    assert KEY not in result.out + result.err
    said = " ".join(result.out.split())
    assert f"language model: custom, m-1 at {host}; structured output by json_schema" in said
    assert "From now on" in result.err


def test_a_refused_key_is_exit_code_4_and_not_shown(coach: Callable[..., Result], own_home: Path) -> None:
    with ModelServer(otherwise=echoes_key(401)) as server:
        own = {"COACH_LLM_BASE_URL": server.url, "COACH_LLM_MODEL": "m-1", "COACH_LLM_API_KEY": KEY}
        result = coach("doctor", "--llm", home=own_home, **own)
    assert result.code == 4
    assert "refuses the key" in result.out
    assert KEY[:8] not in result.out + result.err


def test_a_server_that_is_not_there_is_exit_code_5(coach: Callable[..., Result], own_home: Path) -> None:
    with ModelServer() as server:
        url = server.url
    result = coach("doctor", "--llm", home=own_home, COACH_LLM_BASE_URL=url, COACH_LLM_MODEL="m-1")
    assert result.code == 5
    assert "cannot be reached" in result.out


def test_a_key_in_the_shell_enables_nothing(coach: Callable[..., Result]) -> None:
    for name, value in (("OPENAI_API_KEY", KEY), ("COACH_LLM_API_KEY", KEY)):
        result = coach("config", "--json", **{name: value})
        row = next(row for row in result.items if row["variable"] == name)
        assert (row["value"], row["source"]) == ("set", "environment")
        assert KEY not in result.out + result.err
    result = coach("doctor", "--json", OPENAI_API_KEY=KEY)
    leaves = next(row["detail"] for row in result.items if row["name"] == "leaves this machine")
    assert "alone enables nothing" in leaves
