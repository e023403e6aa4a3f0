"""Language models for tests: they say what a function says, count tokens by words, and remember what they were sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from coach.domain import Usage
from coach.errors import Ungradable
from coach.ports import Message, Reply


class WordCounter:
    """Counts a token for every four code points."""

    def count(self, text: str) -> int:
        return (len(text) + 3) // 4


class Scripted:
    """A ``ChatModel`` whose replies come from ``say``: JSON data for structured calls, text for the others.

    ``say`` may raise. A reply that ``check`` refuses is asked for once more, as the port promises.
    """

    provider = "scripted"
    model = "parrot-1"
    tokens = WordCounter()

    def __init__(self, say: Callable[[Sequence[Message]], Any], context: int = 16_000) -> None:
        self._say = say
        self.context = context
        self.sent: list[tuple[Message, ...]] = []

    def complete(self, messages: Sequence[Message], max_tokens: int) -> Reply:
        self.sent.append(tuple(messages))
        return Reply(str(self._say(messages)), Usage(100, 10))

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        self.sent.append(tuple(messages))
        for word in str(self._say(messages)).split(" "):
            yield word + " "

    def structured(
        self, messages: Sequence[Message], schema: Mapping[str, Any], check: Callable[[Any], Any], max_tokens: int
    ) -> tuple[Any, Usage]:
        for _ in range(2):
            self.sent.append(tuple(messages))
            try:
                return check(self._say(messages)), Usage(100, 10, 0.001)
            except ValueError as problem:
                said = str(problem)
        raise Ungradable(f"The model's reply could not be used: {said}", "Try again.")


def blocks(messages: Sequence[Message]) -> dict[str, Any]:
    """The data blocks of a prompt by name, as a model would read them."""
    found: dict[str, Any] = {}
    lines = messages[-1].text.split("\n")
    for at, line in enumerate(lines):
        if line.startswith("-----BEGIN ") and line.endswith("-----"):
            found[line.split(" ")[1]] = json.loads(lines[at + 1])
    return found
