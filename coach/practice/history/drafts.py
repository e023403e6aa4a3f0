"""Rows of drafts, and of small states kept by name. Every function works inside the caller's transaction."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from coach.domain.practice import Draft
from coach.practice.history.attempts import given_text, kept_text, moment, stamp

if TYPE_CHECKING:
    import sqlite3


def save(connection: sqlite3.Connection, draft: Draft) -> None:
    """Put a draft in the place of the last one of its key."""
    connection.execute(
        "INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?)",
        (draft.question_id, kept_text(draft.text), stamp(draft.saved_at), draft.seconds),
    )


def found(connection: sqlite3.Connection) -> list[Draft]:
    """All drafts, newest first."""
    rows = connection.execute("SELECT key, text, saved_at, seconds FROM drafts ORDER BY saved_at DESC, key")
    return [Draft(key, given_text(text), moment(at), seconds) for key, text, at, seconds in rows]


def one(connection: sqlite3.Connection, key: str) -> Draft | None:
    """The draft of a key."""
    row = connection.execute("SELECT text, saved_at, seconds FROM drafts WHERE key = ?", (key,)).fetchone()
    return Draft(key, given_text(row[0]), moment(row[1]), row[2]) if row else None


def drop(connection: sqlite3.Connection, key: str) -> None:
    """Forget the draft of a key."""
    connection.execute("DELETE FROM drafts WHERE key = ?", (key,))


def state(connection: sqlite3.Connection, key: str) -> Any:
    """What was kept under a name; None where there is nothing."""
    row = connection.execute("SELECT body FROM states WHERE key = ?", (key,)).fetchone()
    return json.loads(row[0]) if row else None


def set_state(connection: sqlite3.Connection, key: str, value: Any, now: datetime) -> None:
    """Keep a JSON value under a name; None forgets it."""
    if value is None:
        connection.execute("DELETE FROM states WHERE key = ?", (key,))
    else:
        connection.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", (key, json.dumps(value), stamp(now)))
