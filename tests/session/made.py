"""Histories without a grader: answers and made-up grades over the session's own questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from coach.domain import (
    Contradiction,
    Evidence,
    Grade,
    Outcome,
    PointVerdict,
    Provenance,
    Question,
    Span,
    Status,
    band_of,
)
from coach.domain.practice import Attempt, Circumstances, Origin
from coach.session import Session

START = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **span: float) -> None:
        self.at += timedelta(**span)


def grade(session: Session, question: Question, score: int, grader: str = "rubric") -> Grade:
    """A grade in which as many points are covered as the score says, and the last one is wrong below 50."""
    points = session.rubric(question).points
    said = round(score / 100 * len(points))
    outcomes = [Outcome.COVERED if at < said else Outcome.MISSING for at in range(len(points))]
    if score < 50:
        outcomes[-1] = Outcome.CONTRADICTED
    evidence = (Evidence(Span(0, 2), "It"),)
    return Grade(
        question,
        Status.GRADED,
        Provenance("offline", grader, "1", "hash"),
        score=score,
        band=band_of(score),
        confidence=0.5,
        range=(score, score),
        points=tuple(
            PointVerdict(point, how, float(how is Outcome.COVERED), evidence if how is Outcome.COVERED else (), "Note.")
            for point, how in zip(points, outcomes, strict=True)
        ),
        contradictions=(Contradiction(evidence[0], "ref", 0.9, points[-1].id, "Not so."),) if score < 50 else (),
    )


def answered(
    session: Session, question: Question, score: int | None, answer: str = "It is so.", **how: object
) -> Attempt:
    """An answer in the history, with a made-up grade unless ``score`` is None."""
    attempt = session.practice.submit(question, answer, Circumstances(**{"origin": Origin.DRILL} | how))  # type: ignore[arg-type]
    return attempt if score is None else session.practice.record(attempt, grade(session, question, score))


def scripted(*scores: int) -> Callable[[Session], Callable[[Question, str, str], Grade]]:
    """A grader in place of the session's: gives these scores in turn."""

    def of(session: Session) -> Callable[[Question, str, str], Grade]:
        waiting: Iterator[int] = iter(scores)
        return lambda question, answer, grader="auto", *rest: grade(session, question, next(waiting))

    return of
