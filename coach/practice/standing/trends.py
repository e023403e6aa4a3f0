"""Whether scores rise or fall: by the slope that half of all pairs lie above, so that one odd day decides nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coach.domain.practice import Summary

LEAST = 3
"""Attempts from which a trend is given at all."""

MOST = 100
"""The latest attempts that a trend looks at: older ones say what was, not where it goes."""

SURE_BELOW = 0.1
"""Chance, if nothing changed, of an order as marked as this one: below it a trend is called sure."""

FLAT_WITHIN = 1.0
"""Points of 100 a month within which scores are called level."""

MONTH = 30 * 86400.0
"""Seconds."""


class Direction(StrEnum):
    """Where scores go."""

    RISING = "rising"
    FALLING = "falling"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Trend:
    """Where scores go, and how much there is to it."""

    direction: Direction
    per_month: float | None
    """Points of 100 in 30 days; None where everything happened within a day."""
    sure: bool
    """Whether chance alone would seldom give such an order. Never with three attempts."""
    attempts: int
    """Attempts it rests on."""
    grader: str
    """Who graded all of them."""
    left_out: int
    """Attempts that other graders graded: their scores are not comparable and were left out."""


def grader_of(row: Summary) -> str:
    """A grader in words, with its version: what must not be mixed."""
    parts = (row.grader_kind, row.grader_name, row.grader_version, row.grader_model)
    return " ".join(dict.fromkeys(part for part in parts if part))


def trend(rows: Iterable[Summary]) -> Trend | None:
    """The trend of graded attempts; None below three by the grader that graded the latest."""
    graded = sorted((row for row in rows if row.score is not None), key=lambda row: (row.created_at, row.id))
    if not graded:
        return None
    grader = grader_of(graded[-1])
    own = [row for row in graded if grader_of(row) == grader]
    if len(own) < LEAST:
        return None
    latest = own[-MOST:]
    scores = [float(row.score or 0) for row in latest]
    slope = _slope([row.created_at for row in latest], scores)
    order = _order(scores)
    return Trend(
        _direction(slope, order),
        slope,
        _chance(scores, order) < SURE_BELOW,
        len(latest),
        grader,
        len(graded) - len(own),
    )


def _direction(slope: float | None, order: int) -> Direction:
    level = order == 0 if slope is None else abs(slope) < FLAT_WITHIN
    if level:
        return Direction.LEVEL
    return Direction.RISING if (order if slope is None else slope) > 0 else Direction.FALLING


def _slope(times: Sequence[datetime], scores: Sequence[float]) -> float | None:
    """Median slope over all pairs, in points a month; None where they span less than a day."""
    if (times[-1] - times[0]).total_seconds() < 86400:
        return None
    slopes = sorted(
        (scores[later] - scores[first]) / (times[later] - times[first]).total_seconds()
        for first in range(len(times))
        for later in range(first + 1, len(times))
        if times[later] > times[first]
    )
    middle = len(slopes) // 2
    median = slopes[middle] if len(slopes) % 2 else (slopes[middle - 1] + slopes[middle]) / 2
    return median * MONTH


def _order(scores: Sequence[float]) -> int:
    """Pairs in rising order less pairs in falling order."""
    return sum(
        (scores[later] > scores[first]) - (scores[later] < scores[first])
        for first in range(len(scores))
        for later in range(first + 1, len(scores))
    )


def _chance(scores: Sequence[float], order: int) -> float:
    """Probability of an order as marked as this, either way, if order meant nothing (Mann and Kendall's test)."""
    count = len(scores)
    ties = [scores.count(value) for value in set(scores)]
    variance = (count * (count - 1) * (2 * count + 5) - sum(tie * (tie - 1) * (2 * tie + 5) for tie in ties)) / 18
    if variance <= 0 or order == 0:
        return 1.0
    return math.erfc((abs(order) - 1) / math.sqrt(variance) / math.sqrt(2))
