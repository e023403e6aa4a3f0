"""From verdicts to a score, and every part of it in plain words.

The score is a sum of whole-numbered parts: what the points earn, minus false claims, minus what is said without
substance, minus what the guards take, and the calibration that fits the scale to experienced interviewers'. Each
part moves the score in one direction only; length is no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.domain import Flag, Kind, Outcome, PointVerdict, ScorePart
from coach.grading.verdicts import Weighed, Weighing
from coach.text.sentences import Statement

ENOUGH = 0.70
"""Share of the rubric's weight that makes an excellent answer: nobody is asked to recite every point."""

FALSE_CLAIM_COST = 90.0
"""Points of 100 that an answer loses whose statements all say misconceptions."""

LIST_CAP = 8
"""Most that a list of terms can get."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A score with its parts."""

    score: int
    parts: tuple[ScorePart, ...]
    confidence: float
    range: tuple[int, int]
    flags: tuple[Flag, ...] = ()


def credit(weighed: Weighed) -> float:
    """What a point earns, 0 to 1."""
    return float(np.clip(weighed.support, 0.0, 1.0))


def assess(
    kind: Kind,
    verdicts: Sequence[PointVerdict],
    weighing: Weighing,
    statements: Sequence[Statement],
    flags: Sequence[Flag],
) -> Assessment:
    """The score of an answer that the guards let through."""
    total = sum(verdict.point.weight for verdict in verdicts)
    earned = sum(verdict.point.weight * verdict.credit for verdict in verdicts) / total
    points = min(100.0, 100.0 * earned / ENOUGH)
    false = float(np.clip(-weighing.lean, 0, 1).mean())
    parts = [ScorePart("points", round(points), _points_why(verdicts))]
    lost = -round(min(points, FALSE_CLAIM_COST * false))
    parts.append(ScorePart("false_claims", lost, "Statements that say the contrary of what is true."))
    running = round(points) + lost
    cut = 0
    if Flag.KEYWORD_STUFFING in flags:
        cut = min(0, LIST_CAP - running)
    parts.append(ScorePart("guards", cut, "What the guards take away."))
    score = max(0, min(100, running + cut))
    return Assessment(score, tuple(parts), 0.5, (max(0, score - 20), min(100, score + 20)))


def _points_why(verdicts: Sequence[PointVerdict]) -> str:
    count = {outcome: sum(verdict.outcome is outcome for verdict in verdicts) for outcome in Outcome}
    return (
        f"{count[Outcome.COVERED]} of {len(verdicts)} points covered, {count[Outcome.PARTIAL]} in part, "
        f"{count[Outcome.MISSING]} missing, {count[Outcome.CONTRADICTED]} contradicted."
    )
