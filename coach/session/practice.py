"""Practice that remembers: answers are kept, graded and scheduled. The one place where history meets grading."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from coach.domain.practice import Attempt, Circumstances, Draft, Origin, Override, StoredGrade, Summary
from coach.errors import NotFound, Ungradable, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from coach.domain import Grade, Question
    from coach.domain.plans import Difference, MissedPoint, Overview, Plan, PointOutcome, Undone, Wish
    from coach.domain.practice import Card
    from coach.practice.history import History
    from coach.practice.planning.schedule import Fsrs
    from coach.session import Session

WRITTEN_HERE = (Origin.APP, Origin.DRILL, Origin.MOCK)
"""Where an answer is typed into coach itself, so that its draft goes with its submission."""


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
        from coach.practice.history.attempts import new_id

        now = self.now()
        how = circumstances or Circumstances()
        _ = self.schedule  # a setting that cannot be used is told before an answer is graded in vain
        attempt = Attempt(new_id(now, self._noise(4)), question, answer, now, how)
        self.history.submit(attempt, self.day_of(now), drop_draft=how.origin in WRITTEN_HERE and how.point is None)
        return attempt

    def graded(self, attempt: Attempt, grader: str = "auto", samples: int = 1) -> Attempt:
        """Grade a kept attempt and rate the cards that it may rate; the attempt as it is then.

        Raises what grading raises; the attempt then stays as it is and can be graded later.
        """
        import time

        started = time.perf_counter()
        made = self.grade(attempt, grader, samples)
        return self.record(attempt, made, round(1000 * (time.perf_counter() - started)))

    def record(self, attempt: Attempt, made: Grade, elapsed_ms: int = 0) -> Attempt:
        """Keep a grade that was made elsewhere (in a worker, say), and rate the cards that it may rate."""
        from coach.practice.planning.schedule import reviews_of

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

    def grade(self, attempt: Attempt, grader: str, samples: int = 1) -> Grade:
        """A grade of a kept attempt, not kept itself. A single point is always graded offline."""
        if attempt.circumstances.point is None:
            return self._session.grade(attempt.question, attempt.answer, grader, samples)
        from coach.session.asking import point_grade

        return point_grade(self._session, attempt.question, attempt.circumstances.point, attempt.answer)

    # --- looking back -------------------------------------------------------------------------

    def attempt(self, name: str) -> Attempt:
        """The attempt with this id, or whose id alone begins so, or the ``last`` one. Raises NotFound, UsageError."""
        if name == "last":
            found = [row.id for row in self.history.summaries(limit=1)]
        else:
            found = self.history.ids_like(name.strip().lower())
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
        from coach.practice.planning.schedule import rating_of

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
        from coach.practice.planning.schedule import due_cards

        cards = [card for card in self.cards() if (card.point_id is not None) == points]
        return due_cards(cards, self.day_of(now or self.now()), self.interview)

    def plan(self, now: datetime | None = None, cards: list[Card] | None = None) -> Plan:
        """What is to be done today, and until the interview where its day is set."""
        from coach.practice.planning.schedule import planned

        today = self.day_of(now or self.now())
        done = sum(review.point_id is None for review in self.history.reviewed_on(today))
        return planned(self.cards() if cards is None else cards, today, self.interview, done)

    def overview(self) -> Overview:
        """The figures of the first screen."""
        from coach.session.outlook import overview

        return overview(self, self._session)

    def missed_points(self, limit: int | None = None) -> list[MissedPoint]:
        """Key points that were missed and not said since, the longest row of misses in front."""
        from coach.session.outlook import missed_points

        return missed_points(self, self._session, limit)

    # --- what to ask --------------------------------------------------------------------------

    def next_questions(self, wish: Wish, count: int | None = None, seed: int | None = None) -> list[Question]:
        """Up to ``count`` questions in the order in which to ask them; a ``seed`` makes it repeatable. Raises NotFound."""
        from coach.session import asking

        return asking.next_questions(self, self._session, wish, count, seed)

    def listed(self, wish: Wish) -> list[Question]:
        """All questions of a wish, for lists. Raises NotFound for an unknown deck."""
        from coach.session import asking

        return asking.listed(self, self._session, wish)

    def next_points(self, wish: Wish, count: int | None = None) -> list[MissedPoint]:
        """Key points to ask for in a short review, in that order. Raises NotFound."""
        from coach.session import asking

        return asking.next_points(self, self._session, wish, count)

    def grade_point(self, question: Question, point_id: str, text: str) -> PointOutcome:
        """What a short answer says about one key point; keeps nothing. Raises NotFound, Ungradable.

        To keep it and rate the point's card: ``answered`` with circumstances that name the point.
        """
        from coach.grading.point import outcome_of
        from coach.session.asking import point_grade

        made = point_grade(self._session, question, point_id, text)
        if made.score is None:
            raise Ungradable(made.reason or "The answer cannot be graded.")
        return outcome_of(made)

    def regraded(
        self, grader: str = "auto", since: datetime | None = None, pending: bool = False
    ) -> Iterator[Difference]:
        """Grade old answers anew, newest first; both grades are kept, nothing is scheduled. Raises ConfigError.

        ``pending``: only those without a grade.
        """
        from coach.session.regrading import regraded

        return regraded(self, self._session, grader, since, pending)

    # --- what it stands on --------------------------------------------------------------------

    @cached_property
    def history(self) -> History:
        """The user's history; created when it is first needed."""
        from coach.practice.history import History

        return History(self.path, self.now())

    @property
    def path(self) -> Path:
        """Where the history is, once there is one."""
        return self._session.paths.data / "history.db"

    @cached_property
    def schedule(self) -> Fsrs:
        """FSRS with the user's wishes. Raises ConfigError."""
        from coach.practice.planning.schedule import Fsrs

        return Fsrs(self.retention, self._session.settings.max_interval)

    @property
    def retention(self) -> float:
        """The desired share of recall. Raises ConfigError."""
        from coach.session.aims import retention

        return retention(self._session.settings)

    @cached_property
    def interview(self) -> date | None:
        """The day of the interview, where one is set. Raises ConfigError."""
        from coach.session.aims import interview

        return interview(self._session.settings)

    def day_of(self, at: datetime) -> date:
        """The local day of a time, by this machine's time zone."""
        return at.astimezone().date()
