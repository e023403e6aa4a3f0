"""Is the model there, what can it do, how fast is it?"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from coach.errors import ConfigError, Ungradable
from coach.llm.chat import Chat
from coach.ports import ChatModel, Message

SAMPLE_TOKENS = 200
"""Room for the sample replies."""

SCHEMA = {
    "title": "check",
    "type": "object",
    "properties": {
        "quote": {"type": "string", "description": "the first sentence, word for word"},
        "sentences": {"type": "integer", "description": "how many sentences there are"},
    },
}

ASKED = (
    Message("system", "You read a short text and answer about it."),
    Message("user", "Text: Water boils at a lower temperature on a mountain. The air is thinner there."),
)


@dataclass(frozen=True, slots=True)
class Connection:
    """What a test of a model found."""

    provider: str
    model: str
    host: str
    """Empty for a model that is behind no server."""
    listed: bool | None
    """Whether the server lists the model; None where it lists none."""
    offered: tuple[str, ...]
    """What it lists."""
    rung: str
    """The rung of structured output that worked; empty: none did."""
    why_not: str
    """Where none did: what the model made of it."""
    refused: tuple[str, ...]
    """Parameters that the server does not take."""
    context: int
    """Tokens that prompt and reply may have together."""
    tokens_a_second: float | None
    """Of the sample reply, waiting included; None where the model wrote none."""
    exact_tokens: bool
    """Whether prompts are counted in the model's own tokens; else they are estimated."""


def check(model: ChatModel, monotonic: Callable[[], float] = time.monotonic) -> Connection:
    """Try a model with two sentences. Raises ConfigError and BackendUnreachable as ``ChatModel`` says.

    A model that cannot keep to a form is no error here: it may still talk.
    """
    chat = model if isinstance(model, Chat) else None
    offered = chat.offered() if chat else None
    names = tuple(name for name, _ in offered or ())
    if chat and offered:
        context = dict(offered).get(chat.model)
        if context:
            chat.memory.learn(chat.access, chat.model, context=context)
    started = monotonic()
    why_not, written = "", 0
    try:
        _, usage = model.structured(ASKED, SCHEMA, _checked, SAMPLE_TOKENS)
        written = usage.completion_tokens
    except Ungradable as problem:
        why_not = problem.message
    except ConfigError as problem:
        raise _with_names(problem, model.model, names) from None
    seconds = monotonic() - started
    facts = chat.memory.facts(chat.access, chat.model) if chat else None
    return Connection(
        model.provider,
        model.model,
        chat.access.host if chat else "",
        None if offered is None else model.model in names,
        names,
        facts.rung if facts and not why_not else "",
        why_not,
        facts.refused if facts else (),
        model.context,
        round(written / seconds, 1) if written and seconds > 0 else None,
        bool(getattr(model.tokens, "exact", False)),
    )


def _checked(body: Any) -> str:
    if not isinstance(body.get("quote"), str) or not isinstance(body.get("sentences"), int):
        raise ValueError("quote is to be a text and sentences a whole number")
    return str(body["quote"])


def _with_names(problem: ConfigError, model: str, names: tuple[str, ...]) -> ConfigError:
    near = get_close_matches(model, names, 5, 0.4) or names[:5]
    if not near or model in names:
        return problem
    return ConfigError(problem.message, f"It offers {', '.join(near)}. {problem.hint}")
