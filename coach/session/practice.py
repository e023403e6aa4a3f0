"""Practice that remembers: answers are kept, graded and scheduled. The one place where history meets grading."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from coach.domain.practice import Attempt, Circumstances, Draft, Origin, Override, StoredGrade, Summary
from coach.errors import ConfigError, NotFound, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.config import Settings
    from coach.domain import Grade, Question
    from coach.domain.plans import MissedPoint, Overview, Plan, Undone
    from coach.domain.practice import Card
    from coach.practice.history import History
    from coach.practice.schedule import Fsrs
    from coach.session import Session

WRITTEN_HERE = (Origin.APP, Origin.DRILL, Origin.MOCK)
"""Where an answer is typed into coach itself, so that its draft goes with its submission."""

RECENT = 12
"""Attempts on the first screen."""

WEAKEST = 5
"""Key points on the first screen."""


def utc_now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


class Practice:
    """The user's history and what follows from it. Every method raises StoreError where the history cannot be used."""

    def __init__(
        self,
        session: Session,
        clock: Callable[[], datetime] = utc_now,
        noise: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """``clock`` gives UTC, ``noise`` so many random bytes for ids."""
        self._session = session
        self._noise = noise
        self.now = clock

    # --- answering ----------------------------------------------------------------------------

    def submit(self, question: Question, answer: str, circumstances: Circumstances | None = None) -> Attempt:
        """Keep an answer. Once this returns it is on the disk, whatever becomes of its grade."""
        from coach.practice.attempts import new_id

        now = self.now()
        how = circumstances or Circumstances()
        attempt = Attempt(new_id(now, self._noise(4)), question, answer, now, how)
        self.history.submit(attempt, self.day_of(now), drop_draft=how.origin in WRITTEN_HERE and how.point is None)
        return attempt

    def graded(self, attempt: Attempt, grader: str = "auto") -> Attempt:
        """Grade a kept attempt and rate the cards that it may rate; the attempt as it is then.

        Raises what grading raises; the attempt then stays as it is and can be graded later.
        """
        import time

        started = time.perf_counter()
        made = self._grade(attempt, grader)
        return self.record(attempt, made, round(1000 * (time.perf_counter() - started)))

    def record(self, attempt: Attempt, made: Grade, elapsed_ms: int = 0) -> Attempt:
        """Keep a grade that was made elsewhere (in a worker, say), and rate the cards that it may rate."""
        from coach.practice.schedule import reviews_of

        day = self.day_of(attempt.created_at)
        return self.history.add_grade(
            attempt.id,
            StoredGrade(made, self.now(), elapsed_ms),
            self.schedule,
            lambda kept, card_of: reviews_of(kept, day, card_of),
        )

    def answered(
        self,
        question: Question,
        answer: str,
        circumstances: Circumstances | None = None,
        grader: str = "auto",
    ) -> Attempt:
        """Keep an answer, then grade it."""
        return self.graded(self.submit(question, answer, circumstances), grader)

    def _grade(self, attempt: Attempt, grader: str) -> Grade:
        return self._session.grade(attempt.question, attempt.answer, grader)

    # --- looking back -------------------------------------------------------------------------

    def attempt(self, name: str) -> Attempt:
        """The attempt with this id, or whose id alone begins so, or the ``last`` one. Raises NotFound, UsageError."""
        found = self.history.ids_like("" if name == "last" else name.strip().lower())
        if name == "last":
            found = found[:1]
        if not found:
            raise NotFound(f"No attempt {name!r}.", "`coach history` lists them.")
        if len(found) > 1 and name not in found:
            raise UsageError(f"Several attempts begin with {name!r}: {', '.join(found)}.", "Give more of the id.")
        return self.history.attempt(name if name in found else found[0])

    def attempts(
        self, question_id: str | None = None, limit: int | None = None, since: datetime | None = None
    ) -> list[Attempt]:
        """Attempts in full, newest first."""
        return self.history.attempts(question_id, limit, since)

    def summaries(
        self, question_id: str | None = None, limit: int | None = None, since: datetime | None = None
    ) -> list[Summary]:
        """Attempts without their texts, newest first: for lists and figures."""
        return self.history.summaries(question_id, limit, since)

    def override(self, name: str, score: int, note: str = "") -> Attempt:
        """Put one's own score beside the grade of an attempt; it counts for the schedule. Raises NotFound, UsageError."""
        from coach.practice.schedule import rating_of

        if not 0 <= score <= 100:
            raise UsageError(f"A score goes from 0 to 100, not {score}.")
        attempt = self.attempt(name)
        rating = rating_of(score, attempt.circumstances.hints)
        return self.history.override(attempt.id, Override(score, note, self.now()), rating)

    def undo(self) -> Undone:
        """Take back the last attempt, opinion or regrade. Raises NotFound where nothing is left."""
        done = self.history.undo(self.now())
        if done is None:
            raise NotFound("There is nothing to take back.", "`coach history` lists what there is.")
        return done

    def wipe(self) -> None:
        """Forget the whole history: attempts, grades, cards, drafts and backups."""
        self.history.wipe()

    def restored(self, found: Iterable[Attempt]) -> tuple[int, int]:
        """Bring in attempts of another machine: how many were new, and how many known ones gained something."""
        return self.history.restored(found, self.day_of)

    # --- drafts -------------------------------------------------------------------------------

    def save_draft(self, question_id: str, text: str, seconds: float = 0.0) -> None:
        """Keep what is being written; an empty text forgets it."""
        if text.strip():
            self.history.save_draft(Draft(question_id, text, self.now(), seconds))
        else:
            self.history.drop_draft(question_id)

    def draft(self, question_id: str) -> Draft | None:
        """What was being written for a question, or under another name."""
        return self.history.draft(question_id)

    def drafts(self) -> list[Draft]:
        """All that is being written, newest first."""
        return self.history.drafts()

    def drop_draft(self, question_id: str) -> None:
        """Forget a draft."""
        self.history.drop_draft(question_id)

    # --- what is due --------------------------------------------------------------------------

    def cards(self) -> list[Card]:
        """The cards of questions that the library still has, and of their key points; the one due first in front."""
        known = self._session.library.by_id
        return [card for card in self.history.cards(self.schedule, self.now()) if card.question_id in known]

    def due(self, now: datetime | None = None, points: bool = False) -> list[Card]:
        """The questions due on the local day of ``now``, longest overdue in front; with ``points`` the key points."""
        from coach.practice.schedule import due_cards

        cards = [card for card in self.cards() if (card.point_id is not None) == points]
        return due_cards(cards, self.day_of(now or self.now()), self.interview)

    def plan(self, now: datetime | None = None) -> Plan:
        """What is to be done today, and until the interview where its day is set."""
        from coach.practice.schedule import planned

        today = self.day_of(now or self.now())
        done = sum(review.point_id is None for review in self.history.reviewed_on(today))
        return planned(self.cards(), today, self.interview, done)

    def overview(self) -> Overview:
        """The figures of the first screen."""
        from coach.domain.plans import Overview
        from coach.practice.schedule import streak

        now = self.now()
        days = self.history.days()
        today = self.day_of(now)
        known = self._session.library.by_id
        return Overview(
            plan=self.plan(now),
            attempts=self.history.count(),
            today=self.history.count(today),
            streak=streak((day for day, _ in days), today),
            weakest=tuple(self.missed_points(WEAKEST)),
            recent=tuple(self.history.summaries(limit=RECENT)),
            seen=len(known.keys() & self.history.standings().keys()),
            questions=len(known),
        )

    def missed_points(self, limit: int | None = None) -> list[MissedPoint]:
        """Key points that were missed and not said since, the longest row of misses in front."""
        from coach.domain.plans import MissedPoint

        found = []
        for tally in self.history.tallies():
            question = self._session.library.by_id.get(tally.question_id)
            if not tally.missed_last or question is None:
                continue
            point = next((p for p in self._session.rubric(question).points if p.id == tally.point_id), None)
            if point is not None:
                found.append(MissedPoint(question, point, tally.missed))
            if limit is not None and len(found) >= limit:
                break
        return found

    # --- what it stands on --------------------------------------------------------------------

    @cached_property
    def history(self) -> History:
        """The user's history; created when it is first needed."""
        from coach.practice.history import History

        return History(self._session.paths.data / "history.db", self.now())

    @cached_property
    def schedule(self) -> Fsrs:
        """FSRS with the user's wishes. Raises ConfigError."""
        from coach.practice.schedule import Fsrs

        return Fsrs(_retention(self._session.settings), self._session.settings.max_interval)

    @cached_property
    def interview(self) -> date | None:
        """The day of the interview, where one is set. Raises ConfigError."""
        text = self._session.settings.interview
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as problem:
            raise ConfigError(f"COACH_INTERVIEW is no date: {text!r}.", "Write it as 2026-12-03.") from problem

    def day_of(self, at: datetime) -> date:
        """The local day of a time, by this machine's time zone."""
        return at.astimezone().date()


def _retention(settings: Settings) -> float:
    """A share or a percentage. Raises ConfigError."""
    from coach.practice.schedule import LEAST_RETENTION, MOST_RETENTION

    text = settings.retention
    try:
        value = float(text.rstrip("% "))
    except ValueError:
        value = 0.0
    value = value / 100 if value > 1 else value
    if not LEAST_RETENTION <= value <= MOST_RETENTION:
        raise ConfigError(
            f"COACH_RETENTION is not from {LEAST_RETENTION} to {MOST_RETENTION}: {text!r}.", "The default is 0.9."
        )
    return value
