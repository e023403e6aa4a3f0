"""The first screen's figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.domain.plans import MissedPoint, Overview
from coach.practice.planning.schedule import streak

if TYPE_CHECKING:
    from coach.session import Session
    from coach.session.practice import Practice

RECENT = 12
"""Attempts on the first screen."""

WEAKEST = 5
"""Key points on the first screen."""


def overview(practice: Practice, session: Session) -> Overview:
    """The figures of the first screen."""
    now = practice.now()
    today = practice.day_of(now)
    known = session.library.by_id
    return Overview(
        plan=practice.plan(now),
        attempts=practice.history.count(),
        today=practice.history.count(today),
        streak=streak((day for day, _ in practice.history.days()), today),
        weakest=tuple(missed_points(practice, session, WEAKEST)),
        recent=tuple(practice.history.summaries(limit=RECENT)),
        seen=len(known.keys() & practice.history.answered()),
        questions=len(known),
    )


def missed_points(practice: Practice, session: Session, limit: int | None) -> list[MissedPoint]:
    """Key points that were missed and not said since, the longest row of misses in front."""
    found: list[MissedPoint] = []
    for tally in practice.history.tallies():
        question = session.library.by_id.get(tally.question_id)
        if not tally.missed_last or question is None:
            continue
        if limit is not None and len(found) >= limit:
            break
        points = (point for point in session.rubric(question).points if point.id == tally.point_id)
        found += [MissedPoint(question, point, tally.missed) for point in points]
    return found
