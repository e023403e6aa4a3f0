"""Hints in three steps: a direction, the key point named, the sentence of the reference that says it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from coach.coaching.sources import IMPORTANCE, named, reference_sentence
from coach.domain import KeyPoint, Question, Rubric

STEPS = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """One step of help."""

    step: int
    """1 to 3."""
    text: str
    """Addressed to the candidate."""
    point: KeyPoint | None
    """What it leads to; None where the question has no points."""


def hint(question: Question, rubric: Rubric, step: int, missed: Collection[str] = ()) -> Hint:
    """The hint of a step (1 to 3) towards the most important point; among ``missed`` (ids of points) where one is named.

    The three steps lead to the same point. Raises ValueError for another step.
    """
    if not 1 <= step <= STEPS:
        raise ValueError(f"there is no step {step}")
    point = _wanted(rubric, missed)
    if point is None:
        return Hint(step, "There is no reference answer to this question that a hint could come from.", None)
    if step == 1:
        probe = point.probe or "Begin with what it is, then what it is for, then what it costs."
        return Hint(step, f"Think about this: {probe}", point)
    if step == 2:
        return Hint(step, f"A good answer says this: {named(point)}", point)
    return Hint(step, f"The reference says: {reference_sentence(point, question.reference)}", point)


def _wanted(rubric: Rubric, missed: Collection[str]) -> KeyPoint | None:
    wanted = [point for point in rubric.points if point.id in missed] or list(rubric.points)
    return min(wanted, key=lambda point: IMPORTANCE[point.importance], default=None)
