"""All figures of practice together: what ``coach stats`` shows, what reports are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from coach import records
from coach.domain import Question
from coach.domain.practice import Card, Summary
from coach.practice.planning.forecast import Forecast, Recall, forecast
from coach.practice.standing import progress
from coach.practice.standing.calibration import Calibration, Guess, calibrate, confident_errors, guesses
from coach.practice.standing.points import PointStanding, weak
from coach.practice.standing.progress import Covered, Opinion, Standing, Week
from coach.practice.standing.readiness import Readiness, readiness
from coach.practice.standing.trends import Trend, grader_of, trend


@dataclass(frozen=True, slots=True)
class Figures:
    """Where somebody stands at one moment."""

    at: datetime
    """UTC."""
    section: str | None
    """Only questions whose section's name contains this; None: all."""
    attempts: int
    """Graded attempts at whole questions; batches and single points left out."""
    ungraded: int
    """Attempts that wait for a grade or could not get one."""
    graders: tuple[str, ...]
    """Who graded, the latest first. Figures that go over all attempts mix them where there are several."""
    trend: Trend | None
    """Over everything; None below three comparable attempts."""
    readiness: Readiness
    sections: tuple[Standing, ...]
    """The weakest first."""
    kinds: tuple[Standing, ...]
    """The weakest first."""
    questions: tuple[Standing, ...]
    """By question id, the weakest first."""
    weeks: tuple[Week, ...]
    coverage: tuple[Covered, ...]
    points: tuple[PointStanding, ...]
    """Key points that were not said the last time, the one to work on first in front."""
    calibration: Calibration
    confident_errors: tuple[Guess, ...]
    """The widest gap first."""
    forecast: Forecast
    opinion: Opinion


def figures(
    questions: Sequence[Question],
    summaries: Sequence[Summary],
    points: Sequence[PointStanding],
    cards: Sequence[Card],
    recall: Recall,
    at: datetime,
    today: date,
    section: str | None = None,
) -> Figures:
    """Work everything out. ``summaries`` in any order; ``at`` is UTC, ``today`` the user's day."""
    if section:
        questions = [item for item in questions if _within(item.section, section)]
        summaries = [row for row in summaries if _within(row.section, section)]
        inside = {item.id for item in questions}
        points = [item for item in points if item.question_id in inside]
        cards = [card for card in cards if card.question_id in inside]
    rows = progress.counted(summaries)
    found = guesses(rows)
    return Figures(
        at,
        section,
        len(rows),
        sum(row.score is None for row in summaries),
        tuple(dict.fromkeys(grader_of(row) for row in reversed(rows))),
        trend(progress.unaided(rows)),
        readiness(questions, rows, at),
        tuple(progress.standings(rows, progress.section_of)),
        tuple(progress.standings(rows, lambda row: row.kind.value)),
        tuple(progress.standings(rows, lambda row: row.question_id)),
        tuple(progress.weeks(rows)),
        tuple(progress.coverage(questions, rows)),
        tuple(weak(points)),
        calibrate(found),
        tuple(confident_errors(found, rows)),
        forecast(cards, recall, today),
        progress.opinion(rows),
    )


def _within(name: str | None, part: str) -> bool:
    return part.lower() in (name or "").lower()


def as_record(value: Any) -> Any:
    """Figures as JSON has them: dataclasses by their fields, times in ISO 8601, shares rounded to four places."""
    if isinstance(value, Question):
        return records.question(value)
    if is_dataclass(value):
        return {item.name: as_record(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, tuple | list):
        return [as_record(item) for item in value]
    return value
