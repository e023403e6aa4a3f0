"""A language model that says what it was told to say: the fake that ships beside the port, for tests and demonstrations.

It goes through the same reading of replies, the same second question and the same errors as a real one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from coach.domain import Usage
from coach.errors import CoachError, Ungradable
from coach.llm import structured
from coach.llm.providers import PROSE, SCHEMA
from coach.llm.replies import Said
from coach.llm.tokens import Estimate
from coach.ports import Message, Reply

T = TypeVar("T")

Line = str | CoachError | Callable[[Sequence[Message]], str]
"""A reply, an error to raise, or a function of the messages that makes a reply."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that the model was sent."""

    messages: tuple[Message, ...]
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    """None for prose."""


class ScriptedModel:
    """A ``ChatModel`` with a queue of replies; ``otherwise`` answers when the queue is empty. Safe between threads."""

    provider = "scripted"

    def __init__(
        self,
        *lines: Line,
        otherwise: Line | None = None,
        model: str = "scripted-1",
        context: int = 8192,
        cost_usd: float | None = None,
    ) -> None:
        self._lines = list(lines)
        self._otherwise = otherwise
        self._lock = threading.Lock()
        self.model = model
        self.context = context
        self.tokens = Estimate()
        self.cost_usd = cost_usd
        self.asked: list[Asked] = []
        """Every request, in order."""

    def complete(self, messages: Sequence[Message], max_tokens: int) -> Reply:
        """The next line. Raises Ungradable for an empty one."""
        text = self._next(messages, max_tokens, None)
        if not text.strip():
            raise Ungradable("The model's reply is empty.")
        return Reply(text, self._usage([(messages, text)]))

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        """The next line, word by word."""
        text = self.complete(messages, max_tokens).text
        yield from (piece for piece in _words(text) if piece)

    def structured(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        check: Callable[[Any], T],
        max_tokens: int,
    ) -> tuple[T, Usage]:
        """The next line as JSON; the line after it where ``check`` does not take that."""
        said: list[tuple[Sequence[Message], str]] = []

        def ask(asked: Sequence[Message], rung: str, wide: bool) -> Said:
            text = self._next(asked, max_tokens, schema)
            said.append((asked, text))
            return Said(text, "stop")

        return structured.converse(ask, messages, schema, check, SCHEMA).value, self._usage(said)

    def preview(
        self, messages: Sequence[Message], max_tokens: int, schema: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The body that a real model would send."""
        asked = messages if schema is None else structured.with_shape(messages, schema)
        form = structured.response_format(PROSE if schema is None else SCHEMA, schema or {})
        rows = [{"role": message.role, "content": message.text} for message in asked]
        body = {"model": self.model, "messages": rows, "max_tokens": max_tokens, "temperature": 0}
        return body | ({"response_format": form} if form else {})

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """What every call costs, as it was told."""
        return self.cost_usd

    def _next(self, messages: Sequence[Message], max_tokens: int, schema: Mapping[str, Any] | None) -> str:
        with self._lock:
            self.asked.append(Asked(tuple(messages), max_tokens, schema))
            line = self._lines.pop(0) if self._lines else self._otherwise
        if line is None:
            raise AssertionError("the scripted model was asked more often than it has lines")
        if isinstance(line, CoachError):
            raise line
        return line if isinstance(line, str) else line(messages)

    def _usage(self, said: Sequence[tuple[Sequence[Message], str]]) -> Usage:
        prompt = sum(self.tokens.count(message.text) for messages, _ in said for message in messages)
        return Usage(prompt, sum(self.tokens.count(text) for _, text in said), self.cost_usd)


def _words(text: str) -> list[str]:
    """``text`` cut after each space."""
    return [f"{word} " for word in text.split(" ")[:-1]] + [text.rpartition(" ")[2]]
