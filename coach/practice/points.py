"""Key points over all attempts: which ones are said, which ones go missing again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from coach.domain import Grade, Importance, Outcome, PointVerdict, Status
from coach.domain.practice import Attempt, Origin

_WEIGHT = {Importance.MUST: 1.0, Importance.SHOULD: 0.6, Importance.BONUS: 0.2}
"""What missing a point of that importance counts in the order of the list."""


@dataclass(frozen=True, slots=True)
class PointStanding:
    """One key point over the attempts in which it was asked."""

    question_id: str
    question: str
    """The question's text."""
    point_id: str
    text: str
    importance: Importance
    asked: int
    """Graded attempts in which it could have been said."""
    covered: int
    partial: int
    missing: int
    contradicted: int
    last: Outcome
    """What became of it the last time."""
    last_at: datetime
    """UTC."""
    misses_in_a_row: int
    """How often in a row it was missing or contradicted, up to now."""


def standings(attempts: Iterable[Attempt]) -> list[PointStanding]:
    """Each key point that was ever asked, the one to work on first in front. Batches don't count.

    A point that the rubric has since dropped or reworded is another point: it stays under its old id.
    """
    seen: dict[tuple[str, str], list[tuple[datetime, Grade, PointVerdict]]] = {}
    for attempt in sorted(attempts, key=lambda item: (item.created_at, item.id)):
        grade = attempt.grade
        if grade is None or grade.status is not Status.GRADED or attempt.circumstances.origin is Origin.BATCH:
            continue
        for verdict in grade.points:
            key = (attempt.question.id, verdict.point.id)
            seen.setdefault(key, []).append((attempt.created_at, grade, verdict))
    found = [_standing(history) for history in seen.values()]
    return sorted(found, key=lambda item: (-_need(item), item.question_id, item.point_id))


def weak(found: Iterable[PointStanding]) -> list[PointStanding]:
    """Those that were not said the last time and are no mere bonus, in the given order."""
    return [item for item in found if item.misses_in_a_row and item.importance is not Importance.BONUS]


def _standing(history: list[tuple[datetime, Grade, PointVerdict]]) -> PointStanding:
    outcomes = [verdict.outcome for _, _, verdict in history]
    at, grade, last = history[-1]
    row = 0
    for outcome in reversed(outcomes):
        if outcome not in (Outcome.MISSING, Outcome.CONTRADICTED):
            break
        row += 1
    return PointStanding(
        grade.question.id,
        grade.question.text,
        last.point.id,
        last.point.text,
        last.point.importance,
        len(outcomes),
        outcomes.count(Outcome.COVERED),
        outcomes.count(Outcome.PARTIAL),
        outcomes.count(Outcome.MISSING),
        outcomes.count(Outcome.CONTRADICTED),
        last.outcome,
        at,
        row,
    )


def _need(item: PointStanding) -> float:
    """How much a point needs work: misses in a row first, a false claim more than a gap, by importance."""
    wrong = 1.0 if item.last is Outcome.CONTRADICTED else 0.0
    return _WEIGHT[item.importance] * (item.misses_in_a_row + wrong)
