"""Rows of what was done, and how it is taken back. Every function works inside the caller's transaction."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from coach import records
from coach.practice.history import attempts, cards
from coach.practice.history.attempts import stamp

if TYPE_CHECKING:
    import sqlite3

    from coach.domain.plans import Undone
    from coach.domain.practice import Attempt


def add(connection: sqlite3.Connection, what: str, attempt_id: str | None, detail: dict[str, Any], at: datetime) -> int:
    """Note that something was done; the note's number."""
    done = connection.execute(
        "INSERT INTO actions (what, attempt_id, detail, at) VALUES (?, ?, ?, ?)",
        (what, attempt_id, json.dumps(detail), stamp(at)),
    )
    return int(done.lastrowid or 0)


def add_regrade(
    connection: sqlite3.Connection, action: int | None, attempt_id: str, row: int | None, at: datetime
) -> int:
    """Note one more grade of a run of new grades, which is undone as a whole; the run's number."""
    kept = connection.execute("SELECT detail FROM actions WHERE seq = ? AND what = 'regrade'", (action,)).fetchone()
    if action is None or kept is None:
        return add(connection, "regrade", None, {"grades": [[attempt_id, row]] if row is not None else []}, at)
    detail = json.loads(kept[0])
    if row is not None:
        detail["grades"].append([attempt_id, row])
    connection.execute("UPDATE actions SET detail = ? WHERE seq = ?", (json.dumps(detail), action))
    return action


def undo(connection: sqlite3.Connection, now: datetime) -> Undone | None:
    """Take back the latest action; None where none is left."""
    from coach.domain.plans import Undone

    row = connection.execute("SELECT seq, what, attempt_id, detail FROM actions ORDER BY seq DESC LIMIT 1").fetchone()
    if row is None:
        return None
    seq, what, attempt_id, text = row
    detail = json.loads(text)
    connection.execute("DELETE FROM actions WHERE seq = ?", (seq,))
    if what == "regrade":
        return _undo_regrade(connection, detail["grades"])
    attempt = next(attempts.found(connection, "WHERE id = ?", (attempt_id,), 1), None)
    if attempt is None:
        return undo(connection, now)
    made = attempt.grade
    if what == "override":
        _undo_override(connection, attempt, detail)
        return Undone(what, (attempt.id,), attempt.question, attempt.override.score if attempt.override else None)
    _set_aside(connection, attempt, now)
    return Undone(what, (attempt.id,), attempt.question, made.score if made else None)


def _set_aside(connection: sqlite3.Connection, attempt: Attempt, now: datetime) -> None:
    body = zlib.compress(json.dumps(records.attempt(attempt)).encode())
    connection.execute("INSERT OR REPLACE INTO undone VALUES (?, ?, ?)", (attempt.id, stamp(now), body))
    keys = cards.keys_of(connection, attempt.id)
    attempts.delete(connection, attempt.id)
    cards.spoil(connection, keys)
    cards.add_up(connection, attempt.question.id)


def _undo_override(connection: sqlite3.Connection, attempt: Attempt, detail: dict[str, Any]) -> None:
    from coach.domain.practice import Rating

    connection.execute("DELETE FROM overrides WHERE attempt_id = ? AND at = ?", (attempt.id, detail["at"]))
    if detail["rating"]:
        cards.rerate(connection, attempt.id, Rating(detail["rating"]))
    attempts.settle(connection, attempt.id)


def _undo_regrade(connection: sqlite3.Connection, grades: list[tuple[str, int]]) -> Undone:
    from coach.domain.plans import Undone

    ids = tuple(attempt_id for attempt_id, _ in grades)
    question = None
    for attempt_id, row in grades:
        connection.execute("DELETE FROM grades WHERE seq = ?", (row,))
        attempt = next(attempts.found(connection, "WHERE id = ?", (attempt_id,), 1), None)
        if attempt is not None:
            attempts.settle(connection, attempt_id)
            cards.add_up(connection, attempt.question.id)
            question = question or attempt.question
    return Undone("regrade", ids, question, None)
