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

SAMPLE_TOKENS = 96
"""Room for each of the two sample replies."""

SCHEMA = {
    "title": "check",
    "type": "object",
    "properties": {
        "place": {"enum": ["mountain", "sea"]},
        "air": {"enum": ["thinner", "thicker"]},
    },
}
"""Words to choose from: what is tried is the form, not the model's learning."""

ASKED = (
    Message("system", "You read a short text and answer about it."),
    Message("user", "Text: Water boils at a lower temperature on a mountain. The air is thinner there."),
)

TOLD = (Message("user", "Say in three sentences why water boils at a lower temperature on a mountain."),)


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
    first_word_after: float | None
    """Seconds until the first word of a sample reply in prose; None where there was none."""
    tokens_a_second: float | None
    """From then on; None where it came in one piece, or not at all."""
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
    why_not = ""
    try:
        model.structured(ASKED, SCHEMA, _checked, SAMPLE_TOKENS)
    except Ungradable as problem:
        why_not = problem.message
    except ConfigError as problem:
        raise _with_names(problem, model.model, names) from None
    first, rate = _speed(model, monotonic)
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
        first,
        rate,
        bool(getattr(model.tokens, "exact", False)),
    )


def _speed(model: ChatModel, monotonic: Callable[[], float]) -> tuple[float | None, float | None]:
    """Seconds to the first word, and tokens a second after it."""
    started = monotonic()
    moments: list[float] = []
    text = ""
    try:
        for piece in model.stream(TOLD, SAMPLE_TOKENS):
            moments.append(monotonic())
            text += piece
    except Ungradable:
        pass  # cut off at the limit, as a long-winded model is: its speed is known all the same
    if not moments:
        return None, None
    seconds = moments[-1] - moments[0]
    rate = round(model.tokens.count(text) / seconds, 1) if len(moments) > 2 and seconds > 0 else None
    return round(moments[0] - started, 2), rate


def _checked(body: Any) -> None:
    for name, row in SCHEMA["properties"].items():  # type: ignore[attr-defined]
        if body.get(name) not in row["enum"]:
            raise ValueError(f"{name} is to be one of {', '.join(row['enum'])}")


def _with_names(problem: ConfigError, model: str, names: tuple[str, ...]) -> ConfigError:
    near = get_close_matches(model, names, 5, 0.4) or names[:5]
    if not near or model in names:
        return problem
    return ConfigError(problem.message, f"It offers {', '.join(near)}. {problem.hint}")
