"""What practice holds for the days to come, and what a learner may wish to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from coach.domain.grades import Outcome
from coach.domain.practice import Card, Summary
from coach.domain.questions import Kind, Question
from coach.domain.rubrics import KeyPoint


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a key point was said and missed, over the grades that count."""

    question_id: str
    point_id: str
    asked: int
    """In how many attempts it was judged."""
    missed: int
    """In how many it was missing or contradicted."""
    missed_last: int
    """How many misses in a row the latest attempts make; 0 where the last one said it."""
    last_outcome: Outcome


@dataclass(frozen=True, slots=True)
class MissedPoint:
    """A key point that was missed and not said since."""

    question: Question
    point: KeyPoint
    times: int
    """How often it was missed in all."""
    card: Card | None = None
    """Its own card; None where it has none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, and until when."""

    today: date
    due: int
    """Questions due today or earlier; with an interview ahead, all that come due before it."""
    by: date | None
    """The day of the interview; None without one."""
    a_day: int
    """Questions a day from today on, so that all is done before the interview; without one, what is due today."""
    left_today: int
    """Of those, the ones that today still asks for."""
    points: int
    """Key points due today or earlier."""
    beyond: int = 0
    """Questions that come due on the day of the interview or after it: they rest."""
    over: bool = False
    """Whether the interview is over: then nothing is due until another date is set."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the latest attempts at one question show."""

    question_id: str
    attempts: int
    last_at: datetime
    """UTC, of the latest one."""
    scores: tuple[int, ...]
    """Of the latest whole attempts, oldest first, at most 5; the candidate's own score counts where there is one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be asked. Empty: whatever is best."""

    due: bool = False
    """Only what is due."""
    weak: bool = False
    """Only what went badly, or has a key point that was missed."""
    new: bool = False
    """Only what was never answered."""
    deck: str | None = None
    """A deck's slug or title."""
    section: str | None = None
    """Part of a section's name."""
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of the first screen."""

    plan: Plan
    attempts: int
    """In all."""
    today: int
    """Attempts made today."""
    streak: int
    """Days in a row with an attempt, up to today; a day that is not over yet does not break it."""
    weakest: tuple[MissedPoint, ...]
    """The points missed most and not said since."""
    recent: tuple[Summary, ...]
    """The latest attempts, newest first."""
    seen: int
    """Questions of the library that were answered at least once."""
    questions: int
    """Questions of the library."""


@dataclass(frozen=True, slots=True)
class PointOutcome:
    """What one or two sentences say about a single key point."""

    outcome: Outcome
    credit: float
    """0 to 1; 0 where missing or contradicted."""
    note: str
    """Why, in one sentence for the candidate."""
    why: str = ""
    """Where a misconception was said: what is true instead."""
    quote: str = ""
    """The words that decided it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new grade of an old answer changes."""

    attempt_id: str
    question: Question
    before: int | None
    """The score that counted; None where there was none."""
    after: int | None
    """The new one; None where it could not be graded."""
    before_by: str
    """The grader's name and version; empty where there was no grade."""
    after_by: str
    reason: str | None = None
    """Why there is no new score."""
    points: tuple[tuple[str, str, str], ...] = ()
    """(point's text, outcome before, outcome after) where they differ."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What ``undo`` took back."""

    what: str
    """``attempt``, ``override`` or ``regrade``."""
    attempts: tuple[str, ...]
    """Ids of the attempts that it concerned."""
    question: Question | None
    """Of the first of them; None where that is gone."""
    score: int | None
    """The score that was taken back; None where there was none."""
