"""Attempts, grades and questions made up for tests, and how hypothesis makes them up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from coach.domain import (
    Contradiction,
    Evidence,
    Grade,
    Importance,
    KeyPoint,
    Kind,
    Outcome,
    PointVerdict,
    Provenance,
    Question,
    Span,
    Status,
    band_of,
)
from coach.domain.practice import Attempt, Circumstances, Origin, StoredGrade, Summary

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday."""

OFFLINE = Provenance("offline", "rubric", "1", "hash")


def question(number: int, kind: Kind = Kind.CONCEPT, section: str | None = "Basics", deck: str = "deck") -> Question:
    return Question(f"q{number}", number, deck, number, kind, f"What is thing {number}?", "It is a thing.", section)


def summary(question_id: str = "q1", score: int | None = 50, days: float = 0, **more: Any) -> Summary:
    at = NOON + timedelta(days=days)
    values: dict[str, Any] = {
        "id": f"{at.timestamp():020.6f}-{question_id}-{score}",
        "question_id": question_id,
        "deck": "deck",
        "section": "Basics",
        "kind": Kind.CONCEPT,
        "number": 1,
        "created_at": at,
        "day": at.date(),
        "status": Status.GRADED if score is not None else None,
        "score": score,
        "grader_kind": "offline",
        "grader_name": "rubric",
        "grader_version": "1",
        "grader_model": "",
        "origin": Origin.GRADE,
        "seconds": None,
        "hints": 0,
        "confidence": None,
        "reference_shown": False,
        "retry_of": None,
        "mock": None,
        "point": None,
        "override": None,
    }
    return Summary(**(values | more))


def verdict(name: str, outcome: Outcome, importance: Importance = Importance.MUST) -> PointVerdict:
    credit = {Outcome.COVERED: 1.0, Outcome.PARTIAL: 0.5}.get(outcome, 0.0)
    point = KeyPoint(name, f"Point {name} is so.", importance, 1.0, probe=f"What of {name}?")
    evidence = (Evidence(Span(0, 2), "It"),) if credit else ()
    return PointVerdict(point, outcome, credit, evidence, f"On {name}.")


def grade(
    asked: Question, score: int | None, verdicts: tuple[PointVerdict, ...] = (), wrong: str = "", **more: Any
) -> Grade:
    if score is None:
        return Grade(asked, Status.UNGRADED, OFFLINE, reason="No reference.", **more)
    claims = (
        (Contradiction(Evidence(Span(0, 2), "It"), "The truth.", 0.9, wrong, f"Not so: {wrong}."),) if wrong else ()
    )
    return Grade(
        asked,
        Status.GRADED,
        OFFLINE,
        score=score,
        band=band_of(score),
        confidence=0.6,
        range=(max(0, score - 10), min(100, score + 10)),
        points=verdicts,
        contradictions=claims,
        **more,
    )


def attempt(
    name: str,
    asked: Question,
    made: Grade | None,
    days: float = 0,
    answer: str = "It is so.",
    **circumstances: Any,
) -> Attempt:
    at = NOON + timedelta(days=days)
    stored = (StoredGrade(made, at, 12),) if made else ()
    return Attempt(name, asked, answer, at, Circumstances(**circumstances), stored)


def summaries_strategy(most: int = 30) -> st.SearchStrategy[list[Summary]]:
    """Attempts in any order, some ungraded, some with expectations, by two graders."""
    one = st.builds(
        lambda number, score, days, confidence, grader, hints, again: summary(
            f"q{number}",
            score,
            days,
            confidence=confidence,
            grader_name=grader,
            hints=hints,
            retry_of="x" if again else None,
            section="Basics" if number % 2 else None,
            kind=list(Kind)[number % len(Kind)],
            seconds=float(score or 0),
        ),
        st.integers(1, 12),
        st.one_of(st.none(), st.integers(0, 100)),
        st.floats(0, 400, allow_nan=False),
        st.one_of(st.none(), st.floats(0, 1, allow_nan=False)),
        st.sampled_from(["rubric", "judge"]),
        st.integers(0, 2),
        st.booleans(),
    )
    return st.lists(one, max_size=most)
