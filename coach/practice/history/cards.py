"""Rows of reviews, cards and tallies. Cards follow from reviews, tallies from verdicts: both can be thrown away.

Every function works inside the caller's transaction. ``''`` stands for the whole question in ``point_id`` columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from coach.domain import Kind
from coach.domain.practice import Card, Rating, Review
from coach.practice.history.attempts import moment, reviews, stamp

if TYPE_CHECKING:
    import sqlite3

    from coach.domain.plans import Tally

Key = tuple[str, str]
"""(question id, point id or '')."""

_CARD = "question_id, point_id, due, days, stability, difficulty, last_review, last_day, reviews, lapses"


class Schedule(Protocol):
    """What makes a card out of reviews."""

    @property
    def fingerprint(self) -> str:
        """Equal fingerprints make equal cards of equal reviews."""
        ...

    def card(self, kind: Kind, history: Sequence[Review]) -> Card:
        """The card after these reviews (at least one), oldest first."""
        ...


# --- reviews ------------------------------------------------------------------------------------


def add_reviews(connection: sqlite3.Connection, items: Iterable[Review]) -> None:
    """More ratings; their cards are stale from now on."""
    for item in items:
        connection.execute(
            "INSERT OR IGNORE INTO reviews VALUES (?, ?, ?, ?, ?, ?)",
            (
                item.attempt_id,
                item.question_id,
                item.point_id or "",
                item.rating.value,
                stamp(item.at),
                item.day.isoformat(),
            ),
        )
        spoil(connection, [(item.question_id, item.point_id or "")])


def rerate(connection: sqlite3.Connection, attempt_id: str, rating: Rating) -> Rating | None:
    """Change what an attempt rated its whole question; the rating before, or None where it rated nothing."""
    row = connection.execute(
        "SELECT question_id, rating FROM reviews WHERE attempt_id = ? AND point_id = ''", (attempt_id,)
    ).fetchone()
    if row is None:
        return None
    connection.execute(
        "UPDATE reviews SET rating = ? WHERE attempt_id = ? AND point_id = ''", (rating.value, attempt_id)
    )
    spoil(connection, [(row[0], "")])
    return Rating(row[1])


def keys_of(connection: sqlite3.Connection, attempt_id: str) -> list[Key]:
    """The cards that an attempt rated."""
    return connection.execute(
        "SELECT question_id, point_id FROM reviews WHERE attempt_id = ?", (attempt_id,)
    ).fetchall()


# --- cards --------------------------------------------------------------------------------------


def spoil(connection: sqlite3.Connection, keys: Iterable[Key]) -> None:
    """Mark cards as stale; one without reviews left goes."""
    for key in keys:
        (left,) = connection.execute(
            "SELECT count(*) FROM reviews WHERE question_id = ? AND point_id = ?", key
        ).fetchone()
        if left:
            connection.execute("INSERT OR REPLACE INTO cards (question_id, point_id) VALUES (?, ?)", key)
        else:
            connection.execute("DELETE FROM cards WHERE question_id = ? AND point_id = ?", key)


def spoil_all(connection: sqlite3.Connection) -> None:
    """Throw every card away and mark it as stale."""
    connection.execute("DELETE FROM cards")
    connection.execute("INSERT INTO cards (question_id, point_id) SELECT DISTINCT question_id, point_id FROM reviews")


def stale(connection: sqlite3.Connection) -> list[Key]:
    """The cards that have to be worked out again."""
    return connection.execute("SELECT question_id, point_id FROM cards WHERE due IS NULL").fetchall()


def work_out(connection: sqlite3.Connection, key: Key, schedule: Schedule) -> None:
    """Make one card out of its reviews."""
    history = list(reviews(connection, "WHERE question_id = ? AND point_id = ?", key))
    row = connection.execute(
        "SELECT kind FROM attempts WHERE question_id = ? ORDER BY created_at DESC LIMIT 1", (key[0],)
    ).fetchone()
    card = schedule.card(Kind(row[0]) if row else Kind.CONCEPT, history)
    connection.execute(
        f"INSERT OR REPLACE INTO cards ({_CARD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key,
            card.due.isoformat(),
            card.interval,
            card.stability,
            card.difficulty,
            stamp(card.last_review),
            card.last_day.isoformat(),
            card.reviews,
            card.lapses,
        ),
    )


def cards(connection: sqlite3.Connection, where: str = "", values: Sequence[str] = ()) -> list[Card]:
    """Cards that are not stale, the one due first in front."""
    rows = connection.execute(
        f"SELECT {_CARD} FROM cards WHERE due IS NOT NULL {where} ORDER BY due, stability, question_id, point_id",
        values,
    )
    return [
        Card(
            question_id,
            point_id or None,
            date.fromisoformat(due),
            days,
            stability,
            difficulty,
            moment(last_review),
            date.fromisoformat(last_day),
            count,
            lapses,
        )
        for question_id, point_id, due, days, stability, difficulty, last_review, last_day, count, lapses in rows
    ]


# --- tallies ------------------------------------------------------------------------------------


def add_up(connection: sqlite3.Connection, question_id: str) -> None:
    """Count a question's verdicts anew, in the order in which the answers were given."""
    rows = connection.execute(
        "SELECT point_id, outcome FROM verdicts JOIN attempts ON seq = attempt_seq WHERE verdicts.question_id = ? "
        "ORDER BY created_at, id",
        (question_id,),
    )
    counted: dict[str, list[int | str]] = {}
    for point_id, outcome in rows:
        found = counted.setdefault(point_id, [0, 0, 0, ""])
        missed = outcome in ("missing", "contradicted")
        found[0] = int(found[0]) + 1
        found[1] = int(found[1]) + missed
        found[2] = int(found[2]) + 1 if missed else 0
        found[3] = outcome
    connection.execute("DELETE FROM tallies WHERE question_id = ?", (question_id,))
    connection.executemany(
        "INSERT INTO tallies VALUES (?, ?, ?, ?, ?, ?)",
        [(question_id, point_id, *found) for point_id, found in counted.items()],
    )


def tallies(connection: sqlite3.Connection) -> list[Tally]:
    """What was missed how often, most misses in front."""
    from coach.domain import Outcome
    from coach.domain.plans import Tally

    rows = connection.execute(
        "SELECT question_id, point_id, asked, missed, missed_last, last_outcome FROM tallies "
        "ORDER BY missed_last DESC, missed DESC, question_id, point_id"
    )
    return [
        Tally(question_id, point_id, asked, missed, in_a_row, Outcome(last))
        for question_id, point_id, asked, missed, in_a_row, last in rows
    ]
