"""JSON from a model: the ladder of ways to ask for it, and what can still be read out of a careless reply."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from coach.errors import Ungradable
from coach.llm.providers import OBJECT, PROSE, RUNGS, SCHEMA
from coach.llm.replies import Said
from coach.ports import Message

T = TypeVar("T")

STARTS = 200
"""How many opening braces of a reply are tried as the start of its JSON."""

SHOWN = 2_000
"""Characters of an unusable reply that the model is shown when it is asked once more."""


class FormatRefused(Exception):
    """The server does not take this rung. ``reason`` is what to tell the user should it be the last one."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(str(reason))
        self.reason = reason


Ask = Callable[[Sequence[Message], str, bool], Said]
"""(messages, rung, whether the reply needs more room than usual) -> reply. Raises FormatRefused."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What the ladder came to."""

    value: T
    rung: str
    """The rung on which it was found."""
    widened: bool
    """Whether it took more room, because the first reply was spent on reasoning."""


def converse(
    ask: Ask, messages: Sequence[Message], schema: Mapping[str, Any], check: Callable[[Any], T], rung: str
) -> Outcome[T]:
    """Ask from ``rung`` downwards for JSON that ``check`` takes; once more with the error where it doesn't.

    Raises Ungradable where the second reply cannot be used either, and what ``ask`` raises.
    """
    asked = with_shape(messages, schema)
    said, rung = _descend(ask, asked, rung, False)
    try:
        return Outcome(extracted(said.text, check), rung, False)
    except Unusable as problem:
        first = problem
    cut = said.finish == "length"
    if first.shapeless and not cut and rung != PROSE:
        rung = RUNGS[RUNGS.index(rung) + 1]
    again = [*asked, *_once_more(said.text, _cut_off if cut else str(first), schema)]
    second, rung = _descend(ask, again, rung, cut or not said.text)
    try:
        return Outcome(extracted(second.text, check), rung, said.thought and (cut or not said.text))
    except Unusable as problem:
        reason = "it was cut off at its limit" if second.finish == "length" else str(problem)
        raise Ungradable(
            f"The model's reply could not be used, nor its second one: {_short(reason)}.",
            "Try another model, or --grader offline.",
        ) from None


def response_format(rung: str, schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the request says of the form of its reply on a rung; None on the last one."""
    if rung == PROSE:
        return None
    if rung == OBJECT:
        return {"type": "json_object"}
    name = re.sub(r"\W+", "_", str(schema.get("title", "")))[:60].strip("_") or "reply"
    return {"type": SCHEMA, SCHEMA: {"name": name, "strict": True, "schema": strict(schema)}}


def strict(schema: Any) -> Any:
    """A schema as strict servers want it: every object closed, every property required."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if schema.get("type") == "object" and isinstance(schema.get("properties"), Mapping):
        closed |= {"additionalProperties": False, "required": list(schema["properties"])}
    return closed


def with_shape(messages: Sequence[Message], schema: Mapping[str, Any]) -> list[Message]:
    """The messages, the first system one ending in the shape of the reply.

    It is said on every rung, since some servers take a schema and pass it over.
    """
    text = f"Reply with one JSON object of this shape and nothing else:\n{shape(schema)}"
    found = list(messages)
    for place, message in enumerate(found):
        if message.role == "system":
            found[place] = Message("system", f"{message.text}\n\n{text}")
            return found
    return [Message("system", text), *found]


def shape(schema: Mapping[str, Any]) -> str:
    """A schema as an example with words in place of values; one with references as it is."""
    if "$ref" in json.dumps(schema):
        return json.dumps(schema, ensure_ascii=False)
    return _shape(schema)


class Unusable(Exception):
    """A reply that holds no JSON that can be used; the message says why, for the model to read."""

    def __init__(self, message: str, *, shapeless: bool = False) -> None:
        super().__init__(message)
        self.shapeless = shapeless
        """Whether there is no JSON object in it at all."""


def extracted(text: str, check: Callable[[Any], T]) -> T:
    """The value of the one JSON object in a reply, however it is wrapped. Raises Unusable."""
    if not text.strip():
        raise Unusable("it was empty", shapeless=True)
    accepted: list[tuple[str, T]] = []
    problem: Unusable | None = None
    for body in _objects(text):
        try:
            value = check(body)
        except ValueError as found:
            problem = problem or Unusable(_short(str(found)) or "its values are not of the shape asked for")
        else:
            accepted.append((json.dumps(body, sort_keys=True), value))
    if len({body for body, _ in accepted}) > 1:
        raise Unusable("it holds more than one JSON object that could be meant")
    if accepted:
        return accepted[0][1]
    raise problem or Unusable("there is no complete JSON object in it", shapeless=True)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The outermost JSON objects of a text, in order."""
    at = tried = 0
    decoder = json.JSONDecoder(parse_constant=_no_number)
    while tried < STARTS and (at := text.find("{", at)) >= 0:
        tried += 1
        try:
            body, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
        else:
            yield body


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def _descend(ask: Ask, messages: Sequence[Message], rung: str, wide: bool) -> tuple[Said, str]:
    for candidate in RUNGS[RUNGS.index(rung) :]:
        try:
            return ask(messages, candidate, wide), candidate
        except FormatRefused as refused:
            reason = refused.reason
    raise reason from None


_cut_off = "it was cut off before its end; be brief"


def _once_more(text: str, problem: str, schema: Mapping[str, Any]) -> list[Message]:
    shown = text if len(text) <= SHOWN else text[:SHOWN] + " …"
    asked = f"That reply could not be used: {problem}. Reply once more, with nothing but one JSON object of this shape:\n{shape(schema)}"
    return [*([Message("assistant", shown)] if text.strip() else []), Message("user", asked)]


def _short(text: str) -> str:
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= 300 else line[:299] + "…"


def _shape(schema: Any) -> str:
    if not isinstance(schema, Mapping):
        return "…"
    if "enum" in schema:
        return " or ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    options = schema.get("anyOf", schema.get("oneOf"))
    if isinstance(options, list):
        return " or ".join(_shape(option) for option in options)
    kind = schema.get("type")
    if isinstance(kind, list):
        return " or ".join(_shape({**schema, "type": one}) for one in kind)
    if kind == "object":
        rows = (
            f"{json.dumps(name, ensure_ascii=False)}: {_shape(inner)}"
            for name, inner in schema.get("properties", {}).items()
        )
        return "{" + ", ".join(rows) + "}"
    if kind == "array":
        return f"[{_shape(schema.get('items', {}))}, …]"
    said = schema.get("description")
    plain = {
        "string": '"text"',
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "null": "null",
    }
    word = plain.get(str(kind), "value")
    if not said:
        return word
    return json.dumps(f"<{said}>", ensure_ascii=False) if kind == "string" else f"{word} <{said}>"
