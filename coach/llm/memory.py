"""What was found out about a server and its model, kept between runs: a small file that may be deleted at any time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from coach.errors import StoreError
from coach.llm.access import Access
from coach.llm.providers import RUNGS
from coach.storage import write_atomically, writer_lock

FILE = "llm.json"
"""Its name in the user's data folder."""

KEPT_FOR = timedelta(days=30)
"""After which a server is asked anew: it may have learnt something."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one server does with one model."""

    rung: str = ""
    """The rung of structured output that worked; empty: not tried yet."""
    refused: tuple[str, ...] = ()
    """Parameters that it does not take."""
    thinks: bool = False
    """Whether it reasons within the limit of its reply, and needs a larger one."""
    context: int = 0
    """Tokens, as the server says; 0: it doesn't."""
    told: bool = False
    """Whether the user was told what goes there."""


class Memory:
    """Facts by provider, address and model. Safe to share between threads and processes."""

    def __init__(self, folder: Path | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = folder / FILE if folder else None
        self._now = now
        self._lock = threading.Lock()
        self._known: dict[str, Facts] = {}

    def facts(self, access: Access, model: str) -> Facts:
        """What is known; nothing where the file is missing, damaged or too old."""
        name = _name(access, model)
        with self._lock:
            if name not in self._known:
                self._known[name] = self._read().get(name, Facts())
            return self._known[name]

    def learn(self, access: Access, model: str, **changes: Any) -> Facts:
        """Keep what was found out. Where it cannot be written it is kept for this run: it can be found out again."""
        known = self.facts(access, model)
        learnt = replace(known, **changes)
        if learnt == known:
            return known
        name = _name(access, model)
        with self._lock:
            self._known[name] = learnt
            if self._path is not None:
                with suppress(StoreError):
                    self._write(name, learnt)
        return learnt

    def _read(self) -> dict[str, Facts]:
        rows = self._rows()
        found = {}
        for name, row in rows.items():
            facts = _facts(row, self._now())
            if facts is not None:
                found[name] = facts
        return found

    def _rows(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            body = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        rows = body.get("models") if isinstance(body, dict) else None
        return rows if isinstance(rows, dict) else {}

    def _write(self, name: str, facts: Facts) -> None:
        assert self._path is not None
        with writer_lock(self._path.with_suffix(".lock"), "remembering a language model", wait_seconds=1.0):
            rows = self._rows() | {name: asdict(facts) | {"since": self._now().isoformat()}}
            write_atomically(self._path, json.dumps({"models": rows}, indent=1, sort_keys=True) + "\n")


def _name(access: Access, model: str) -> str:
    return f"{access.provider.name} {access.base_url} {model}"


def _facts(row: Any, now: datetime) -> Facts | None:
    """The facts of one row of the file, or None where it is of another shape. Old ones are asked for anew."""
    if not isinstance(row, dict):
        return None
    try:
        since = datetime.fromisoformat(row["since"])
        told = row["told"] is True
        if not timedelta(0) <= now - since <= KEPT_FOR:
            return Facts(told=told)
        return Facts(
            row["rung"] if row["rung"] in RUNGS else "",
            tuple(str(item) for item in row["refused"]),
            row["thinks"] is True,
            max(0, int(row["context"])),
            told,
        )
    except (KeyError, TypeError, ValueError):
        return None
