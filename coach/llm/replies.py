"""What servers send back, read with care: any field may be missing or of another type."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

THINKING = ("<think>", "</think>")
"""Tags between which some models think aloud, at the start of what should be the reply."""


@dataclass(frozen=True, slots=True)
class Said:
    """One reply."""

    text: str
    """Reasoning left out; may be empty."""
    finish: str = ""
    """``stop``, ``length``, ``content_filter`` …; empty where the server doesn't say."""
    refusal: str = ""
    """Why the model declined, in its words."""
    thought: bool = False
    """Whether it reasoned."""
    prompt_tokens: int | None = None
    """As the server counted."""
    completion_tokens: int | None = None
    """As the server counted, reasoning included."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One event of a streamed reply."""

    text: str = ""
    finish: str = ""
    refusal: str = ""
    thought: bool = False
    done: bool = False
    """Whether the server said that this is all."""


class Garbled(Exception):
    """The server does not speak Chat Completions; the message says what it sent instead."""


class ErrorInside(Exception):
    """An error that came with status 200."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


def said(raw: bytes) -> Said:
    """A reply that came in one piece. Raises Garbled, ErrorInside."""
    body = _object(raw)
    choice = _first_choice(body)
    if choice is None:
        raise Garbled("JSON without choices")
    message = _table(choice.get("message"))
    text, thought = _parts(message.get("content"))
    plain = _without_thinking(text)
    usage = _table(body.get("usage"))
    return Said(
        plain.strip(),
        _text(choice.get("finish_reason")),
        _text(message.get("refusal")),
        thought or plain != text or _reasons(message),
        _count(usage.get("prompt_tokens")),
        _count(usage.get("completion_tokens")),
    )


def pieces(lines: Iterable[str]) -> Iterator[Piece]:
    """A streamed reply, event by event. Raises Garbled, ErrorInside."""
    other: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "data":
            if value.strip() == "[DONE]":
                yield Piece(done=True)
                return
            if value.strip():
                yield _piece(_object(value.encode()))
        elif line.strip() and name not in ("", "event", "id", "retry"):
            other.append(line)
    if other:  # a server that doesn't stream sends the whole reply
        whole = said("\n".join(other).encode())
        yield Piece(whole.text, whole.finish or "stop", whole.refusal, whole.thought, done=True)


class ThinkingFilter:
    """Leaves out what a model thinks aloud at the start of a streamed reply."""

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"
        self.thought = False

    def passed(self, text: str) -> str:
        """What of the reply so far may be shown now."""
        if self._state == "reply":
            return text
        self._held += text
        opening, closing = THINKING
        if self._state == "start":
            begun = self._held.lstrip()
            if len(begun) < len(opening) and opening.startswith(begun):
                return ""
            self._state = "thinking" if begun.startswith(opening) else "reply"
            self.thought = self._state == "thinking"
        if self._state == "thinking":
            _, closed, rest = self._held.partition(closing)
            if not closed:
                self._held = self._held[-len(closing) :]
                return ""
            self._state, self._held = "gap", rest
        if self._state == "gap":
            self._held = self._held.lstrip()
            self._state = "reply" if self._held else "gap"
        shown, self._held = self._held, ""
        return shown

    def rest(self) -> str:
        """What was held back in the hope of a tag, at the end of the reply."""
        return "" if self._state == "thinking" else self._held


def models(raw: bytes) -> list[tuple[str, int | None]]:
    """Names of the models that a server lists, each with its context in tokens where it says so. Raises Garbled."""
    body = _object(raw)
    rows = body.get("data")
    if not isinstance(rows, list):
        raise Garbled("JSON without a list of models")
    found = []
    for row in map(_table, rows):
        if isinstance(row.get("id"), str):
            sizes = [_count(row.get(name)) for name in _CONTEXT_NAMES]
            sizes.append(_count(_table(row.get("meta")).get("n_ctx")))
            found.append((row["id"], next((size for size in sizes if size), None)))
    return found


_CONTEXT_NAMES = ("max_model_len", "context_length", "context_window", "max_context_length")
"""What vLLM, OpenRouter, Groq and Mistral call it."""


def error_text(raw: bytes) -> str:
    """What a server says of an error, in one line."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        text = re.sub(r"<[^>]*>", " ", raw.decode("utf-8", "replace"))
    else:
        text = _error_of(body) or json.dumps(body, ensure_ascii=False)
    return " ".join(text.split())


def _error_of(body: Any) -> str:
    table = _table(body)
    inner = table.get("error", table.get("detail", table.get("message")))
    if isinstance(inner, str):
        return inner
    words = _table(inner)
    parts = [words.get("message"), words.get("param"), words.get("code"), _table(words.get("innererror")).get("code")]
    return " ".join(str(part) for part in parts if isinstance(part, str | int) and str(part))


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Garbled("something that is not JSON" if raw.strip() else "nothing") from None
    if not isinstance(body, dict):
        raise Garbled("JSON that is no object")
    if body.get("error") and not body.get("choices"):
        code = _table(body["error"]).get("code")
        raise ErrorInside(code if isinstance(code, int) and 400 <= code < 600 else 500, error_text(raw))
    return body


def _piece(body: dict[str, Any]) -> Piece:
    choice = _first_choice(body)
    if choice is None:
        return Piece()
    delta = _table(choice.get("delta") or choice.get("message"))
    text, thought = _parts(delta.get("content"))
    return Piece(text, _text(choice.get("finish_reason")), _text(delta.get("refusal")), thought or _reasons(delta))


def _first_choice(body: dict[str, Any]) -> dict[str, Any] | None:
    choices = body.get("choices")
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None


def _parts(content: Any) -> tuple[str, bool]:
    """The words of a content, and whether there was reasoning beside them. Some send a list of typed parts."""
    if isinstance(content, str):
        return content, False
    if not isinstance(content, list):
        return "", False
    rows = [part if isinstance(part, dict) else {"type": "text", "text": part} for part in content]
    words = [row["text"] for row in rows if row.get("type") == "text" and isinstance(row.get("text"), str)]
    return "".join(words), any(row.get("type") != "text" for row in rows)


def _without_thinking(text: str) -> str:
    opening, closing = THINKING
    if text.lstrip().startswith(opening):
        return text.partition(closing)[2]
    return text


def _reasons(message: dict[str, Any]) -> bool:
    return any(isinstance(message.get(name), str) and message[name] for name in ("reasoning_content", "reasoning"))


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40 else None
