"""What a model has already been paid for: its usable replies, kept until the work that they belong to is done.

One line of JSON a reply, keyed by everything that was sent, written at once and readable by its owner only. An
interrupted batch finds its replies here, and code makes the same grades of them again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from coach.domain import Usage
from coach.errors import StoreUnwritable
from coach.storage import make_folder, unwritable

if TYPE_CHECKING:
    from coach.ports import ChatModel, Message, Reply, TokenCounter

T = TypeVar("T")


class Journal:
    """A file of replies by key. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Read what is there; a line cut by a crash is passed over. Raises StoreUnwritable where it can't be kept."""
        self.path = path
        self._lock = Lock()
        self._known: dict[str, tuple[Any, Usage]] = {}
        make_folder(path.parent)
        try:
            raw = path.read_text(encoding="utf-8") if path.exists() else ""
        except (OSError, UnicodeDecodeError):
            raw = ""
        for line in raw.split("\n"):
            self._read(line)
        self.found = len(self._known)
        """How many replies were there from an earlier run."""
        self._needs_newline = bool(raw) and not raw.endswith("\n")

    def get(self, key: str) -> tuple[Any, Usage] | None:
        """The reply kept under ``key`` with what it cost."""
        with self._lock:
            return self._known.get(key)

    def put(self, key: str, data: Any, usage: Usage) -> None:
        """Keep a reply. Raises StoreUnwritable."""
        line = json.dumps({"key": key, "data": data, "usage": asdict(usage)}, ensure_ascii=False) + "\n"
        with self._lock:
            self._known[key] = (data, usage)
            try:
                handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                with os.fdopen(handle, "ab") as file:
                    file.write((("\n" if self._needs_newline else "") + line).encode("utf-8", "surrogatepass"))
            except OSError as problem:
                raise unwritable(self.path, problem) from problem
            self._needs_newline = False

    def close(self, done: bool) -> None:
        """Forget everything where the work is ``done``; keep it for the next try otherwise."""
        if done:
            self.path.unlink(missing_ok=True)

    def _read(self, line: str) -> None:
        try:
            row = json.loads(line)
            usage = row["usage"]
            self._known[str(row["key"])] = (
                row["data"],
                Usage(int(usage["prompt_tokens"]), int(usage["completion_tokens"]), usage["cost_usd"]),
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            return  # cut by a crash, or not ours: that reply is asked for again


class Journalled:
    """A ``ChatModel`` that answers from a journal what it was asked before."""

    def __init__(self, model: ChatModel, journal: Journal) -> None:
        self._model = model
        self._journal = journal

    @property
    def provider(self) -> str:
        """The name of its row in the table of providers."""
        return self._model.provider

    @property
    def model(self) -> str:
        """The model's name, as sent to the server."""
        return self._model.model

    @property
    def context(self) -> int:
        """Tokens that prompt and reply may have together."""
        return self._model.context

    @property
    def tokens(self) -> TokenCounter:
        """Counts in the model's tokens."""
        return self._model.tokens

    def complete(self, messages: Sequence[Message], max_tokens: int) -> Reply:
        """Not kept."""
        return self._model.complete(messages, max_tokens)

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        """Not kept."""
        return self._model.stream(messages, max_tokens)

    def structured(
        self, messages: Sequence[Message], schema: Mapping[str, Any], check: Callable[[Any], T], max_tokens: int
    ) -> tuple[T, Usage]:
        """The reply kept for these very messages, else the model's, which is kept."""
        key = self._key(messages, schema)
        kept = self._journal.get(key)
        if kept is not None:
            try:
                return check(kept[0]), kept[1]
            except ValueError:
                pass  # kept by a version that read replies differently: ask again
        seen: list[Any] = []

        def remembered(data: Any) -> T:
            made = check(data)
            seen[:] = [data]
            return made

        made, usage = self._model.structured(messages, schema, remembered, max_tokens)
        if seen:
            with suppress(StoreUnwritable):  # a full disk costs another payment after an interruption, not this grade
                self._journal.put(key, seen[0], usage)
        return made, usage

    def preview(
        self, messages: Sequence[Message], max_tokens: int, schema: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """What the model itself would send."""
        return self._model.preview(messages, max_tokens, schema)

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """As the model itself."""
        return self._model.cost(prompt_tokens, completion_tokens)

    def _key(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        content = [self.provider, self.model, schema, [[item.role, item.text] for item in messages]]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
