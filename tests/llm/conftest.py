"""Models behind servers on loopback, with small deadlines and no pauses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coach.llm.access import Access
from coach.llm.chat import Chat
from coach.llm.memory import Memory
from coach.llm.prices import TABLE, Prices
from coach.llm.providers import PROVIDERS
from coach.ports import Message
from llm.server import ModelServer

KEY = "sk-test-0123456789abcdefghijklmnop"
"""Shaped like a real one."""

MESSAGES = (Message("system", "You grade answers."), Message("user", "The answer: salt the key."))

SCHEMA = {
    "title": "verdict",
    "type": "object",
    "properties": {
        "quote": {"type": "string", "description": "from the answer"},
        "verdict": {"enum": ["covered", "missing"]},
    },
}

GOOD = {"quote": "salt the key", "verdict": "covered"}


def checked(body: Any) -> tuple[str, str]:
    """What these tests want of a reply."""
    if set(body) != {"quote", "verdict"} or body["verdict"] not in ("covered", "missing"):
        raise ValueError("give quote, and a verdict that is covered or missing")
    return body["quote"], body["verdict"]


@pytest.fixture
def notices() -> list[str]:
    """What models said to the user."""
    return []


@pytest.fixture
def pauses() -> list[float]:
    """How long models would have waited between requests."""
    return []


@pytest.fixture
def chat(tmp_path: Path, notices: list[str], pauses: list[float]) -> Callable[..., Chat]:
    """A model behind a server; what it finds out is kept in a file only with ``remembers``."""

    def opened(server: ModelServer | str, provider: str = "custom", **more: Any) -> Chat:
        url = server if isinstance(server, str) else server.url
        row = replace(PROVIDERS[provider], **more.pop("row", {}))
        given = {"model": "m-1", "key": KEY, "key_source": "environment", "timeout": 5.0} | more
        memory = Memory(tmp_path / "data" if given.pop("remembers", False) else None)
        return Chat(Access(row, url, **given), memory, Prices(TABLE), notices.append, pauses.append)

    return opened
