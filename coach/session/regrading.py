"""Old answers through a new grader: both grades are kept, the new one counts, and nothing is scheduled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from coach.domain import Grade, Status
from coach.domain.plans import Difference
from coach.domain.practice import Attempt, StoredGrade
from coach.errors import BackendUnreachable, NotFound, Ungradable

if TYPE_CHECKING:
    from coach.session import Session
    from coach.session.practice import Practice


def regraded(
    practice: Practice, session: Session, grader: str, since: datetime | None, pending: bool
) -> Iterator[Difference]:
    """Grade old answers anew, newest first, and say what changed; ``pending``: only those without a grade.

    Each new grade is kept at once; the whole run is undone as one. Raises ConfigError where the grader cannot be used.
    """
    found = practice.history.pending() if pending else practice.attempts(since=since)
    run: int | None = None
    for number, attempt in enumerate(found, 1):
        if pending and since is not None and attempt.created_at < since:
            continue
        session.progress("Grading", number, len(found))
        stored, reason = _made(practice, attempt, grader)
        # An answer that cannot be graded now keeps the grade it has.
        if stored is not None and (stored.grade.status is Status.GRADED or attempt.grade is None):
            try:
                run = practice.history.regraded(attempt.id, stored, run)
            except NotFound:
                continue  # taken back meanwhile, by another process
        yield _difference(attempt, stored.grade if stored else None, reason)


def _made(practice: Practice, attempt: Attempt, grader: str) -> tuple[StoredGrade | None, str | None]:
    started = time.perf_counter()
    try:
        made = practice.grade(attempt, grader)
    except (Ungradable, BackendUnreachable, NotFound) as problem:
        return None, problem.message
    return StoredGrade(made, practice.now(), round(1000 * (time.perf_counter() - started))), made.reason


def _difference(attempt: Attempt, after: Grade | None, reason: str | None) -> Difference:
    before = _graded(attempt)
    old = {verdict.point.id: verdict for verdict in before.points} if before else {}
    changes = tuple(
        (verdict.point.text, old[verdict.point.id].outcome.value, verdict.outcome.value)
        for verdict in (after.points if after else ())
        if verdict.point.id in old and old[verdict.point.id].outcome is not verdict.outcome
    )
    return Difference(
        attempt.id,
        attempt.question,
        before.score if before else None,
        after.score if after else None,
        _name(before),
        _name(after),
        reason,
        changes,
    )


def _graded(attempt: Attempt) -> Grade | None:
    return attempt.grade if attempt.grade and attempt.grade.status is Status.GRADED else None


def _name(grade: Grade | None) -> str:
    if grade is None:
        return ""
    by = grade.grader
    return f"{by.name} {by.version}" + (f" {by.model}" if by.model else "")
