"""Key points over all attempts: which ones go missing again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coach.domain import Importance, KeyPoint, Outcome, Question, Rubric
from coach.domain.plans import Tally

_WEIGHT = {Importance.MUST: 1.0, Importance.SHOULD: 0.6, Importance.BONUS: 0.2}
"""What missing a point of that importance counts in the order of the list."""


@dataclass(frozen=True, slots=True)
class PointStanding:
    """One key point over the attempts in which it was asked."""

    question_id: str
    number: int
    """The question's."""
    question: str
    """The question's text."""
    point_id: str
    text: str
    importance: Importance
    asked: int
    """Graded attempts in which it could have been said."""
    missed: int
    """In how many of them it was missing or contradicted."""
    misses_in_a_row: int
    """Up to now; 0 where it was said the last time."""
    last: Outcome


def standings(
    tallies: Iterable[Tally], question_of: Callable[[str], Question | None], rubric_of: Callable[[Question], Rubric]
) -> list[PointStanding]:
    """Each key point that was ever asked and that is still in the rubric, the one to work on first in front."""
    points: dict[str, dict[str, KeyPoint]] = {}
    found = []
    for tally in tallies:
        question = question_of(tally.question_id)
        if question is None:
            continue
        if question.id not in points:
            points[question.id] = {point.id: point for point in rubric_of(question).points}
        point = points[question.id].get(tally.point_id)
        if point is not None:
            found.append(_standing(question, point, tally))
    return sorted(found, key=lambda item: (-_need(item), -item.missed, item.number, item.point_id))


def weak(found: Iterable[PointStanding]) -> list[PointStanding]:
    """Those that were not said the last time and are no mere bonus, in the given order."""
    return [item for item in found if item.misses_in_a_row and item.importance is not Importance.BONUS]


def _need(item: PointStanding) -> float:
    """How much a point needs work: misses in a row first, a false claim more than a gap, by importance."""
    wrong = 1.0 if item.last is Outcome.CONTRADICTED else 0.0
    return _WEIGHT[item.importance] * (item.misses_in_a_row + wrong)


def _standing(question: Question, point: KeyPoint, tally: Tally) -> PointStanding:
    return PointStanding(
        question.id,
        question.number,
        question.text,
        point.id,
        point.text,
        point.importance,
        tally.asked,
        tally.missed,
        tally.missed_last,
        tally.last_outcome,
    )
