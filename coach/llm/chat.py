"""A language model behind a server that speaks Chat Completions, as the port ``ChatModel`` wants it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from coach.domain import Usage
from coach.errors import ConfigError, Ungradable
from coach.llm import consent, prices, structured, tokens
from coach.llm.access import Access
from coach.llm.deadline import Deadline, Gate
from coach.llm.failures import Failure
from coach.llm.memory import Facts, Memory
from coach.llm.openai_compatible import LENGTHS, Exchange, load, without_system
from coach.llm.providers import PROSE
from coach.llm.redaction import without_key
from coach.llm.replies import Said
from coach.ports import Message, Reply, TokenCounter
from coach.text.printable import printable

if TYPE_CHECKING:
    from coach.config import Paths

T = TypeVar("T")

WIDER = 4
"""How many times more room a reply gets from a model that reasons within it."""

MOST_TEXT = 1_000_000
"""Characters of a streamed reply."""


def opened(access: Access, paths: Paths, notice: Callable[[str], None]) -> Chat:
    """The model of an access, with what is remembered of it. Raises ConfigError for an unusable price file."""
    table = prices.load(paths.config_file.with_name(prices.FILE))
    return Chat(access, Memory(paths.data), table, notice)


class Chat:
    """A ``ChatModel``. Safe to share between threads: each call has its own connection and deadline."""

    def __init__(
        self,
        access: Access,
        memory: Memory,
        table: prices.Prices,
        notice: Callable[[str], None] = lambda message: None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.access = access
        self.memory = memory
        self._prices = table
        self._notice = notice
        self._sleep = sleep
        self._monotonic = monotonic
        self._gate = Gate(monotonic)
        self._telling = threading.Lock()

    @property
    def provider(self) -> str:
        """The name of its row in the table of providers."""
        return self.access.provider.name

    @cached_property
    def model(self) -> str:
        """The model's name, as sent to the server; where the user named none, the only one that it offers."""
        if self.access.model:
            return self.access.model
        offered = self.offered()
        if offered is None or not offered:
            raise ConfigError(f"No model of {self.access.host} is named.", "Set COACH_LLM_MODEL.")
        if len(offered) > 1:
            names = ", ".join(name for name, _ in offered[:12])
            raise ConfigError(
                f"{self.access.host} offers several models: {names}.", "Set COACH_LLM_MODEL to one of them."
            )
        return offered[0][0]

    @property
    def context(self) -> int:
        """Tokens that prompt and reply may have together."""
        return self.access.context or self._facts.context or self.access.provider.context

    @cached_property
    def tokens(self) -> TokenCounter:
        """Counts in its own tokens, or a conservative estimate."""
        return tokens.counter(self.model)

    @property
    def _facts(self) -> Facts:
        return self.memory.facts(self.access, self.model)

    # --- calls --------------------------------------------------------------------------------

    def complete(self, messages: Sequence[Message], max_tokens: int) -> Reply:
        """One reply in prose. Raises as ``ChatModel`` says."""
        with self._call() as call:
            said = call.sent(self._body(messages, max_tokens))
            if self._ran_out(said) and not said.text:
                said = call.sent(self._body(messages, max_tokens, wide=True))
            _usable(said)
            return Reply(self._shown(said.text), self._usage(call))

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        """The same in pieces, as they come."""
        with self._call() as call:
            said, shown = Said(""), 0
            for piece in call.streamed(self._body(messages, max_tokens)):
                if isinstance(piece, Said):
                    said = piece
                    break
                shown += len(piece)
                if shown > MOST_TEXT:
                    raise Ungradable("The model's reply has no end.", "Try once more, or another model.")
                yield self._shown(piece)
            self._ran_out(said)
            _usable(said)

    def structured(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        check: Callable[[Any], T],
        max_tokens: int,
    ) -> tuple[T, Usage]:
        """One reply as JSON of ``schema``, made into a value by ``check``. Raises as ``ChatModel`` says."""
        with self._call() as call:

            def ask(asked: Sequence[Message], rung: str, wide: bool) -> Said:
                said = call.sent(self._body(asked, max_tokens, schema=schema, rung=rung, wide=wide))
                if said.refusal or said.finish == "content_filter":
                    _usable(said)
                return said

            found = structured.converse(ask, messages, schema, check, self._rung)
            changes = {"rung": found.rung} | ({"thinks": True} if found.widened else {})
            self.memory.learn(self.access, self.model, **changes)
            return found.value, self._usage(call)

    def preview(
        self, messages: Sequence[Message], max_tokens: int, schema: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The body of the request that such a call would send first. Sends nothing."""
        if schema is None:
            return self._body(messages, max_tokens)
        return self._body(structured.with_shape(messages, schema), max_tokens, schema=schema, rung=self._rung)

    def offered(self) -> list[tuple[str, int | None]] | None:
        """The models that the server lists, with their context where it says so; None where it lists none."""
        with self._call() as call:
            return call.listed()

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """US dollars, or None where no price is known."""
        return self._prices.cost(self.access, self.model, prompt_tokens, completion_tokens)

    # --- requests -----------------------------------------------------------------------------

    @property
    def _rung(self) -> str:
        return self._facts.rung or self.access.provider.rung

    def _body(
        self,
        messages: Sequence[Message],
        max_tokens: int,
        *,
        schema: Mapping[str, Any] | None = None,
        rung: str = PROSE,
        wide: bool = False,
    ) -> dict[str, Any]:
        facts = self._facts
        names = (self.access.provider.length_name, *LENGTHS)
        length = next((name for name in names if name not in facts.refused), None)
        rows = [{"role": item.role, "content": self._clean(_encodable(item.text))} for item in messages]
        body: dict[str, Any] = {
            "model": self.model,
            "messages": without_system(rows) if "system" in facts.refused else rows,
        }
        if length:
            body[length] = self._room(messages, max_tokens) if wide or facts.thinks else max_tokens
        if "temperature" not in facts.refused:
            body["temperature"] = 0
        form = structured.response_format(rung, schema) if schema is not None else None
        if form is not None:
            body["response_format"] = form
        return body

    def _ran_out(self, said: Said) -> bool:
        """Whether reasoning left no room for the reply; the next one then gets more."""
        if said.thought and said.finish == "length":
            self.memory.learn(self.access, self.model, thinks=True)
            return True
        return False

    def _room(self, messages: Sequence[Message], max_tokens: int) -> int:
        """Tokens for a reply with reasoning in it: more than asked for, as far as the context allows."""
        left = self.context - sum(self.tokens.count(message.text) for message in messages)
        return max(max_tokens, min(max_tokens * WIDER, left))

    def _shown(self, text: str) -> str:
        """What a model said, without what would move a terminal's cursor."""
        return printable(self._clean(text))

    def _clean(self, text: str) -> str:
        return without_key(text, self.access.key)

    def _usage(self, call: Exchange) -> Usage:
        """What the call cost: as counted by the server, else by us."""
        prompt = completion = 0
        for body, said in call.replies:
            text = "\n".join(row["content"] for row in body["messages"])
            prompt += self.tokens.count(text) if said.prompt_tokens is None else said.prompt_tokens
            completion += self.tokens.count(said.text) if said.completion_tokens is None else said.completion_tokens
        return Usage(prompt, completion, self.cost(prompt, completion))

    @contextmanager
    def _call(self) -> Iterator[Exchange]:
        """One call: a deadline, connections that end with it, and nothing but explained errors to the outside."""
        load()  # takes a second or two, which are not the model's
        deadline = Deadline(self.access.timeout, self._monotonic)
        exchange = Exchange(self.access, deadline, self._gate, self._sleep, self._before, self._refuses)
        try:
            yield exchange
        except Failure as failure:
            # What the libraries raised may hold the server's words as they came; only ours go on.
            raise failure.error from None
        finally:
            exchange.close()

    def _before(self) -> None:
        """Say what leaves the machine, the first time that something does."""
        with self._telling:
            if not self._facts.told:
                self._notice(consent.first_notice(self.access, self.model))
                self.memory.learn(self.access, self.model, told=True)

    def _refuses(self, names: Sequence[str]) -> None:
        known = self._facts.refused
        self.memory.learn(self.access, self.model, refused=tuple(dict.fromkeys([*known, *names])))


def _usable(said: Said) -> None:
    """Raise Ungradable for a reply that is none."""
    hint = "Try another model, or --grader offline."
    if said.refusal:
        raise Ungradable(f"The model declined: {' '.join(printable(said.refusal).split())[:300]}", hint)
    if said.finish == "content_filter":
        raise Ungradable("The provider's content filter stopped the reply.", hint)
    empty = not printable(said.text).strip()
    if empty and said.thought:
        raise Ungradable("The model thought, and said nothing.", "Try once more, or a model that reasons less.")
    if empty:
        raise Ungradable("The model's reply is empty.", hint)
    if said.finish == "length":
        raise Ungradable("The model's reply was cut off at its limit of tokens.", hint)


def _encodable(text: str) -> str:
    """``text`` without halves of characters, which cannot be sent."""
    return text.encode("utf-8", "replace").decode()
