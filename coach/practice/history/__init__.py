"""Everything that was ever answered, in one SQLite file of the user's data folder.

An attempt is on the disk before its grading begins, and stays whatever becomes of that. Times are UTC and come in as
arguments, like the local days that belong to them. Every method raises StoreError where the file cannot be used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.domain.practice import Attempt, Card, Draft, Override, Rating, Review, StoredGrade, Summary
from coach.errors import NotFound
from coach.practice.history import actions, attempts, cards, drafts
from coach.practice.history.attempts import stamp
from coach.practice.history.cards import Key, Schedule
from coach.practice.history.database import Database

if TYPE_CHECKING:
    import sqlite3

    from coach.domain.plans import Standing, Tally, Undone

CardOf = Callable[[str | None], Card | None]
"""The card of a key point of the question at hand, or (None) of the whole question."""

Rates = Callable[[Attempt, CardOf], list[Review]]
"""Which reviews come of an attempt, given the cards as they are."""

SCORES_KEPT = 5
"""Of a question's latest attempts, for its standing."""


class History:
    """The history in one file. Threads may share it; each has a connection of its own."""

    def __init__(self, path: Path, now: datetime) -> None:
        """Open the file, creating or migrating it. Raises StoreError."""
        self.database = Database(path, now)

    def close(self) -> None:
        """Close every connection; for when no thread uses it any more."""
        self.database.close()

    # --- attempts -----------------------------------------------------------------------------

    def submit(self, attempt: Attempt, day: date, drop_draft: bool = False) -> None:
        """Keep a new attempt, without a grade yet. Once this returns, nothing loses the answer."""
        with self.database.writing() as connection:
            attempts.insert(connection, attempt, day)
            actions.add(connection, "attempt", attempt.id, {}, attempt.created_at)
            if drop_draft:
                drafts.drop(connection, attempt.question.id)

    def add_grade(self, attempt_id: str, stored: StoredGrade, schedule: Schedule, rates: Rates) -> Attempt:
        """Add an attempt's grade, and the reviews that come of it, in one step; the attempt as it is then.

        Raises NotFound where the attempt was taken back meanwhile.
        """
        with self.database.writing() as connection:
            attempt = self._one(connection, attempt_id)
            attempts.add_grade(connection, attempt_id, stored)
            attempts.settle(connection, attempt_id)
            cards.add_up(connection, attempt.question.id)
            attempt = self._one(connection, attempt_id)
            if not attempt.reviews:

                def card_of(point_id: str | None) -> Card | None:
                    key = (attempt.question.id, point_id or "")
                    self._fresh(connection, schedule, attempt.created_at, [key])
                    return next(iter(cards.cards(connection, "AND question_id = ? AND point_id = ?", key)), None)

                cards.add_reviews(connection, rates(attempt, card_of))
            return self._one(connection, attempt_id)

    def regraded(self, attempt_id: str, stored: StoredGrade, action: int | None = None) -> int:
        """Add a newer grade of an old attempt. It counts from now on, and never schedules.

        Gives a number to be passed on with the next attempt, so that the whole run is undone at once. Raises NotFound.
        """
        with self.database.writing() as connection:
            attempt = self._one(connection, attempt_id)
            row = attempts.add_grade(connection, attempt_id, stored)
            attempts.settle(connection, attempt_id)
            cards.add_up(connection, attempt.question.id)
            return actions.add_regrade(connection, action, attempt_id, row, stored.at)

    def override(self, attempt_id: str, opinion: Override, rating: Rating) -> Attempt:
        """Put an opinion beside the grades; where the attempt rated its question, ``rating`` takes that one's place.

        Raises NotFound.
        """
        with self.database.writing() as connection:
            self._one(connection, attempt_id)
            before = cards.rerate(connection, attempt_id, rating)
            attempts.add_override(connection, attempt_id, opinion)
            attempts.settle(connection, attempt_id)
            detail = {"at": stamp(opinion.at), "rating": before.value if before else None}
            actions.add(connection, "override", attempt_id, detail, opinion.at)
            return self._one(connection, attempt_id)

    def attempt(self, attempt_id: str) -> Attempt:
        """One attempt in full. Raises NotFound."""
        with self.database.reading() as connection:
            return self._one(connection, attempt_id)

    def attempts(
        self, question_id: str | None = None, limit: int | None = None, since: datetime | None = None
    ) -> list[Attempt]:
        """Attempts in full, newest first."""
        where, values = _where(question_id, since)
        with self.database.reading() as connection:
            return list(attempts.found(connection, where, values, limit))

    def pending(self) -> list[Attempt]:
        """Attempts without a grade, ungraded ones too; newest first."""
        with self.database.reading() as connection:
            return list(attempts.found(connection, "WHERE status IS NOT 'graded'", (), None))

    def summaries(
        self, question_id: str | None = None, limit: int | None = None, since: datetime | None = None
    ) -> list[Summary]:
        """Attempts without their texts, newest first."""
        where, values = _where(question_id, since)
        with self.database.reading() as connection:
            return attempts.summaries(connection, where, values, limit)

    def ids_like(self, start: str) -> list[str]:
        """Ids that begin with ``start``, the latest in front, at most 5."""
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM attempts WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 5",
                (start, start + "\U0010ffff"),
            )
            return [row[0] for row in rows]

    def undo(self, now: datetime) -> Undone | None:
        """Take back what was done last here; None where nothing is left. A taken back attempt is kept aside."""
        with self.database.writing() as connection:
            return actions.undo(connection, now)

    def wipe(self) -> None:
        """Forget everything, backups too."""
        self.database.erased()

    def check(self) -> list[str]:
        """What is wrong in the file; empty where all is well."""
        return self.database.check()

    def restored(self, found: Iterable[Attempt], day_of: Callable[[datetime], date]) -> tuple[int, int]:
        """Bring in attempts of another machine: how many were new, and how many known ones gained something.

        Doing it again changes nothing. Attempts are told apart by their ids alone.
        """
        new = gained = 0
        touched = set()
        with self.database.writing() as connection:
            for attempt in found:
                known = connection.execute("SELECT 1 FROM attempts WHERE id = ?", (attempt.id,)).fetchone()
                if not known:
                    attempts.insert(connection, attempt, day_of(attempt.created_at))
                changed = self._add_what_lacks(connection, attempt)
                new, gained = new + (not known), gained + bool(known and changed)
                if changed:
                    attempts.settle(connection, attempt.id)
                    touched.add(attempt.question.id)
            for question_id in touched:
                cards.add_up(connection, question_id)
        return new, gained

    def _add_what_lacks(self, connection: sqlite3.Connection, attempt: Attempt) -> bool:
        """Grades, opinion and reviews of an attempt that is there; whether there was anything new."""
        before = connection.total_changes
        for stored in attempt.grades:
            attempts.add_grade(connection, attempt.id, stored)
        if attempt.override:
            attempts.add_override(connection, attempt.id, attempt.override)
        known = cards.keys_of(connection, attempt.id)
        cards.add_reviews(
            connection, [item for item in attempt.reviews if (item.question_id, item.point_id or "") not in known]
        )
        return connection.total_changes > before

    # --- what follows from them ---------------------------------------------------------------

    def cards(self, schedule: Schedule, now: datetime) -> list[Card]:
        """Every card, the one due first in front."""
        with self.database.reading() as connection:
            known = drafts.state(connection, "schedule") == schedule.fingerprint and not cards.stale(connection)
            if known:
                return cards.cards(connection)
        with self.database.writing() as connection:
            self._fresh(connection, schedule, now)
            return cards.cards(connection)

    def reviews(self, question_id: str | None = None, point_id: str | None = None) -> list[Review]:
        """Ratings, oldest first: all, or those of one card."""
        with self.database.reading() as connection:
            if question_id is None:
                return list(attempts.reviews(connection, "", ()))
            key = (question_id, point_id or "")
            return list(attempts.reviews(connection, "WHERE question_id = ? AND point_id = ?", key))

    def reviewed_on(self, day: date) -> list[Review]:
        """The ratings of a local day."""
        with self.database.reading() as connection:
            return list(attempts.reviews(connection, "WHERE day = ?", (day.isoformat(),)))

    def tallies(self) -> list[Tally]:
        """Key points with how often they were missed, the longest row of misses in front."""
        with self.database.reading() as connection:
            return cards.tallies(connection)

    def standings(self) -> dict[str, Standing]:
        """For every question that was ever answered as a whole, by its id: what the latest attempts show."""
        with self.database.reading() as connection:
            return attempts.standings(connection, SCORES_KEPT)

    def answered(self) -> set[str]:
        """Ids of the questions that were ever answered."""
        with self.database.reading() as connection:
            return {row[0] for row in connection.execute("SELECT DISTINCT question_id FROM attempts")}

    def count(self, day: date | None = None) -> int:
        """How many attempts there are, in all or on a local day."""
        where, values = ("WHERE day = ?", (day.isoformat(),)) if day else ("", ())
        with self.database.reading() as connection:
            return int(connection.execute(f"SELECT count(*) FROM attempts {where}", values).fetchone()[0])

    def days(self) -> Iterable[tuple[date, int]]:
        """(local day, attempts on it), latest first; read lazily."""
        with self.database.reading() as connection:
            for day, count in connection.execute("SELECT day, count(*) FROM attempts GROUP BY day ORDER BY day DESC"):
                yield date.fromisoformat(day), count

    # --- drafts and states --------------------------------------------------------------------

    def save_draft(self, draft: Draft) -> None:
        """Keep a draft in the place of the last one of its question."""
        with self.database.writing() as connection:
            drafts.save(connection, draft)

    def draft(self, question_id: str) -> Draft | None:
        """The draft of a question."""
        with self.database.reading() as connection:
            return drafts.one(connection, question_id)

    def drafts(self) -> list[Draft]:
        """All drafts, newest first."""
        with self.database.reading() as connection:
            return drafts.found(connection)

    def drop_draft(self, question_id: str) -> None:
        """Forget the draft of a question."""
        with self.database.writing() as connection:
            drafts.drop(connection, question_id)

    def state(self, key: str) -> Any:
        """A JSON value kept under a name (a mock interview that goes on, say); None where there is none."""
        with self.database.reading() as connection:
            return drafts.state(connection, key)

    def set_state(self, key: str, value: Any, now: datetime) -> None:
        """Keep a JSON value under a name; None forgets it."""
        with self.database.writing() as connection:
            drafts.set_state(connection, key, value, now)

    # --- inside -------------------------------------------------------------------------------

    def _one(self, connection: sqlite3.Connection, attempt_id: str) -> Attempt:
        found = next(attempts.found(connection, "WHERE id = ?", (attempt_id,), 1), None)
        if found is None:
            raise NotFound(f"No attempt {attempt_id!r}.", "`coach history` lists them.")
        return found

    def _fresh(
        self, connection: sqlite3.Connection, schedule: Schedule, now: datetime, only: list[Key] | None = None
    ) -> None:
        """Work stale cards out again: all of them, or those of ``only``."""
        if drafts.state(connection, "schedule") != schedule.fingerprint:
            cards.spoil_all(connection)
            drafts.set_state(connection, "schedule", schedule.fingerprint, now)
        waiting = cards.stale(connection)
        for key in waiting if only is None else [key for key in waiting if key in only]:
            cards.work_out(connection, key, schedule)


def _where(question_id: str | None, since: datetime | None) -> tuple[str, list[str]]:
    conditions, values = [], []
    if question_id is not None:
        conditions.append("question_id = ?")
        values.append(question_id)
    if since is not None:
        conditions.append("created_at >= ?")
        values.append(stamp(since))
    return ("WHERE " + " AND ".join(conditions) if conditions else ""), values
