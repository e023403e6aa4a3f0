"""What an interview showed: scores, gaps, timing, stories, self-knowledge, and the three things to do next."""

from __future__ import annotations

from dataclasses import dataclass

from coach.domain import Importance, Outcome, Question
from coach.domain.practice import Override
from coach.practice.mock import Ending
from coach.practice.standing.calibration import Calibration


@dataclass(frozen=True, slots=True)
class Story:
    """What a behavioural answer has of a told experience (STAR, and what was learnt)."""

    situation: bool
    task: bool
    action: bool
    result: bool
    reflection: bool
    measured: bool
    """The result has a figure."""
    own: float
    """Share of I among I and we, 0 to 1."""

    @property
    def lacking(self) -> tuple[str, ...]:
        """The parts that are not there, in the order in which they are told."""
        names = ("situation", "task", "action", "result", "reflection")
        return tuple(name for name in names if not getattr(self, name))


@dataclass(frozen=True, slots=True)
class Gap:
    """A key point that was not made, or was got wrong."""

    point_id: str
    text: str
    importance: Importance
    outcome: Outcome
    why: str
    """What is true instead, or what was not found; may be empty."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a stronger answer says."""

    point_id: str
    text: str
    outcome: Outcome | None
    """What became of it in the answer; None where there was none, or no grade of it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question of the interview and what became of it."""

    number: int
    """Place in the interview, from 1."""
    question: Question
    ending: Ending
    attempt_id: str | None
    score: int | None
    """None where nothing was answered, or it could not be graded."""
    reason: str | None
    """Why there is no score."""
    override: Override | None
    confidence: float | None
    """Expected score, 0 to 1."""
    seconds: float
    allowed: float
    """Seconds it was given."""
    missing: tuple[Gap, ...]
    """False claims first, then what matters most."""
    outline: tuple[Step, ...]
    """A stronger answer, point by point."""
    story: Story | None
    """For behavioural answers only."""


@dataclass(frozen=True, slots=True)
class Second:
    """The weakest answer, given once more."""

    number: int
    before: int | None
    after: int | None
    gained: tuple[str, ...]
    """Key points that the second try made and the first did not."""


@dataclass(frozen=True, slots=True)
class Report:
    """An interview in figures and sentences."""

    mock: str
    """The interview's id."""
    score: int | None
    """Mean over the questions that came to their end: one left empty counts 0, one that could not be graded not at all."""
    graders: tuple[str, ...]
    """Who graded; more than one makes the mean doubtful."""
    answered: int
    asked: int
    """Questions that came on the screen."""
    seconds: float
    total: float
    """Seconds that the interview had."""
    questions: tuple[Answered, ...]
    calibration: Calibration
    second: Second | None
    next: tuple[str, ...]
    """At most three things to do, the most useful first."""
