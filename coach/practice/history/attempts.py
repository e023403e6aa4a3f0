"""Rows of attempts, answers, grades and opinions. Every function works inside the caller's transaction."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from coach import records
from coach.domain import Grade, Kind, Question, Status
from coach.domain.practice import Attempt, Circumstances, Origin, Override, Rating, Review, StoredGrade, Summary

if TYPE_CHECKING:
    import sqlite3

    from coach.domain.plans import Standing

_SUMMARY = (
    "id, question_id, deck, section, kind, number, created_at, day, status, score, grader_kind, grader_name, "
    "grader_version, grader_model, origin, seconds, hints, confidence, reference_shown, retry_of, mock, point, override"
)
"""The columns of a Summary, in the order of its fields."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Of ids: no letter that looks like a digit."""


def new_id(now: datetime, noise: bytes) -> str:
    """An id of 16 letters that sorts by time: milliseconds, then 30 bits of ``noise`` (at least 4 bytes)."""
    value = (round(now.timestamp() * 1000) << 30) | (int.from_bytes(noise[:4]) & ((1 << 30) - 1))
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(75, -1, -5))


def stamp(at: datetime) -> str:
    """A time as the tables keep it: UTC, of one width, so that it sorts as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """A time out of a table."""
    return datetime.fromisoformat(text)


def kept_text(text: str) -> str | bytes:
    """A text as the tables keep it: SQLite takes no half of a surrogate pair, which JSON may bring."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def given_text(kept: str | bytes) -> str:
    """A text out of a table, exactly as it was given."""
    return kept if isinstance(kept, str) else kept.decode("utf-8", "surrogatepass")


# --- writing ------------------------------------------------------------------------------------


def insert(connection: sqlite3.Connection, attempt: Attempt, day: date) -> None:
    """A new attempt with its answer; its grades, opinion and reviews are added by their own functions."""
    question, how = attempt.question, attempt.circumstances
    connection.execute(
        "INSERT INTO attempts (id, question_digest, question_id, deck, section, kind, number, created_at, day, origin, "
        "seconds, hints, confidence, reference_shown, retry_of, mock, point) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            attempt.id,
            _kept_question(connection, question),
            question.id,
            question.deck,
            question.section,
            question.kind.value,
            question.number,
            stamp(attempt.created_at),
            day.isoformat(),
            how.origin.value,
            how.seconds,
            how.hints,
            how.confidence,
            how.reference_shown,
            how.retry_of,
            how.mock,
            how.point,
        ),
    )
    connection.execute("INSERT INTO answers VALUES (?, ?)", (attempt.id, kept_text(attempt.answer)))


def add_grade(connection: sqlite3.Connection, attempt_id: str, stored: StoredGrade) -> int | None:
    """One more grade; its row, or None where the very same is there already."""
    text = json.dumps(records.grade(stored.grade, stored.elapsed_ms), ensure_ascii=False, separators=(",", ":"))
    raw = text.encode("utf-8", "surrogatepass")
    done = connection.execute(
        "INSERT OR IGNORE INTO grades (attempt_id, at, elapsed_ms, digest, body) VALUES (?, ?, ?, ?, ?)",
        (attempt_id, stamp(stored.at), stored.elapsed_ms, hashlib.sha256(raw).hexdigest()[:16], zlib.compress(raw)),
    )
    return done.lastrowid if done.rowcount else None


def add_override(connection: sqlite3.Connection, attempt_id: str, item: Override) -> None:
    """One more opinion; the latest counts."""
    connection.execute(
        "INSERT OR IGNORE INTO overrides (attempt_id, score, note, at) VALUES (?, ?, ?, ?)",
        (attempt_id, item.score, kept_text(item.note), stamp(item.at)),
    )


def settle(connection: sqlite3.Connection, attempt_id: str) -> None:
    """Bring what is kept ready for lists and figures in step with an attempt's grades and opinions."""
    seq, question_id = connection.execute(
        "SELECT seq, question_id FROM attempts WHERE id = ?", (attempt_id,)
    ).fetchone()
    row = connection.execute(
        "SELECT body FROM grades WHERE attempt_id = ? ORDER BY at DESC, seq DESC LIMIT 1", (attempt_id,)
    ).fetchone()
    made: dict[str, Any] = _unpacked(row[0]) if row else {"grader": {}, "points": ()}
    by = made["grader"]
    opinion = connection.execute(
        "SELECT score FROM overrides WHERE attempt_id = ? ORDER BY at DESC, seq DESC LIMIT 1", (attempt_id,)
    ).fetchone()
    connection.execute(
        "UPDATE attempts SET status = ?, score = ?, grader_kind = ?, grader_name = ?, grader_version = ?, "
        "grader_model = ?, override = ? WHERE seq = ?",
        (
            made.get("status"),
            made.get("score"),
            by.get("kind"),
            by.get("name"),
            by.get("version"),
            by.get("model"),
            opinion[0] if opinion else None,
            seq,
        ),
    )
    connection.execute("DELETE FROM verdicts WHERE question_id = ? AND attempt_seq = ?", (question_id, seq))
    connection.executemany(
        "INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?)",
        [(question_id, point["id"], seq, point["verdict"]) for point in made["points"] if not _is_extra(point)],
    )


def delete(connection: sqlite3.Connection, attempt_id: str) -> None:
    """An attempt with all that hangs on it."""
    connection.execute("DELETE FROM attempts WHERE id = ?", (attempt_id,))


def _is_extra(point: dict[str, Any]) -> bool:
    """Leaving out a bonus is no gap."""
    return bool(point["importance"] == "bonus" and point["verdict"] == "missing")


def _kept_question(connection: sqlite3.Connection, question: Question) -> str:
    body = json.dumps(
        records.question(question)
        | {"place": question.place, "printed": question.printed, "reference": question.reference},
        ensure_ascii=True,
    )
    digest = hashlib.sha256(body.encode()).hexdigest()[:24]
    connection.execute("INSERT OR IGNORE INTO questions VALUES (?, ?)", (digest, body))
    return digest


# --- reading ------------------------------------------------------------------------------------


def found(connection: sqlite3.Connection, where: str, values: Sequence[Any], limit: int | None) -> Iterator[Attempt]:
    """Attempts in full, newest first."""
    questions: dict[str, Question] = {}
    rows = connection.execute(
        "SELECT id, question_digest, created_at, origin, seconds, hints, confidence, reference_shown, retry_of, mock, "
        f"point, text FROM attempts JOIN answers ON attempt_id = id {where} ORDER BY created_at DESC, id DESC LIMIT ?",
        (*values, -1 if limit is None else limit),
    ).fetchall()
    for identity, digest, at, origin, seconds, hints, confidence, shown, retry_of, mock, point, text in rows:
        if digest not in questions:
            questions[digest] = _question(connection, digest)
        question = questions[digest]
        how = Circumstances(Origin(origin), seconds, hints, confidence, bool(shown), retry_of, mock, point)
        yield Attempt(
            identity,
            question,
            given_text(text),
            moment(at),
            how,
            tuple(_grades(connection, identity, question)),
            _override(connection, identity),
            tuple(reviews(connection, "WHERE attempt_id = ?", (identity,))),
        )


def summaries(connection: sqlite3.Connection, where: str, values: Sequence[Any], limit: int | None) -> list[Summary]:
    """Attempts without their texts, newest first."""
    rows = connection.execute(
        f"SELECT {_SUMMARY} FROM attempts {where} ORDER BY created_at DESC, id DESC LIMIT ?",
        (*values, -1 if limit is None else limit),
    )
    kinds, origins = {kind.value: kind for kind in Kind}, {origin.value: origin for origin in Origin}
    states: dict[str | None, Status | None] = {status.value: status for status in Status}
    return [
        Summary(
            row[0],
            row[1],
            row[2],
            row[3],
            kinds[row[4]],
            row[5],
            moment(row[6]),
            date.fromisoformat(row[7]),
            states.get(row[8]),
            row[9],
            row[10] or "",
            row[11] or "",
            row[12] or "",
            row[13] or "",
            origins[row[14]],
            row[15],
            row[16],
            row[17],
            bool(row[18]),
            *row[19:],
        )
        for row in rows
    ]


def reviews(connection: sqlite3.Connection, where: str, values: Sequence[Any]) -> Iterator[Review]:
    """Ratings, oldest first."""
    rows: Iterable[tuple[str, str, str, str, str, str]] = connection.execute(
        f"SELECT attempt_id, question_id, point_id, rating, at, day FROM reviews {where} ORDER BY at, attempt_id, point_id",
        values,
    )
    for attempt_id, question_id, point_id, rating, at, day in rows:
        yield Review(attempt_id, question_id, point_id or None, Rating(rating), moment(at), date.fromisoformat(day))


def _grades(connection: sqlite3.Connection, attempt_id: str, question: Question) -> Iterator[StoredGrade]:
    rows = connection.execute(
        "SELECT body, at, elapsed_ms FROM grades WHERE attempt_id = ? ORDER BY at, seq", (attempt_id,)
    ).fetchall()
    for body, at, elapsed_ms in rows:
        made: Grade = records.grade_from(_unpacked(body), question)
        yield StoredGrade(made, moment(at), elapsed_ms)


def _override(connection: sqlite3.Connection, attempt_id: str) -> Override | None:
    row = connection.execute(
        "SELECT score, note, at FROM overrides WHERE attempt_id = ? ORDER BY at DESC, seq DESC LIMIT 1", (attempt_id,)
    ).fetchone()
    return Override(row[0], given_text(row[1]), moment(row[2])) if row else None


def _question(connection: sqlite3.Connection, digest: str) -> Question:
    from coach.records.reading import question_from

    (body,) = connection.execute("SELECT body FROM questions WHERE digest = ?", (digest,)).fetchone()
    return question_from(json.loads(body))


def _unpacked(body: bytes) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(zlib.decompress(body))
    return made


def standings(connection: sqlite3.Connection, kept: int) -> dict[str, Standing]:
    """For every question that was answered as a whole: how often, when last, and its latest scores."""
    from coach.domain.plans import Standing

    counts = connection.execute("SELECT question_id, count(*), max(created_at) FROM attempts GROUP BY question_id")
    made = {}
    for question_id, count, last in counts.fetchall():
        rows = connection.execute(
            "SELECT coalesce(override, score) FROM attempts WHERE question_id = ? AND point IS NULL "
            "AND status = 'graded' ORDER BY created_at DESC LIMIT ?",
            (question_id, kept),
        )
        made[question_id] = Standing(question_id, count, moment(last), tuple(row[0] for row in rows)[::-1])
    return made
