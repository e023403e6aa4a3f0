"""An attempt whose grade is made by hand: it looks the same whatever the grader learns."""

from __future__ import annotations

from datetime import UTC, datetime

from coach.domain import (
    Contradiction,
    Evidence,
    Feedback,
    Grade,
    Importance,
    KeyPoint,
    Kind,
    Outcome,
    PointVerdict,
    Provenance,
    Question,
    ScorePart,
    Span,
    Status,
    band_of,
)
from coach.domain.practice import Attempt, Circumstances, Origin, StoredGrade

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

REFERENCE = "**Order:** a linked list holds the entries in order of use. **Look-up:** a hash map finds them in O(1)."

QUESTION = Question("q1", 1, "caches", 1, Kind.CONCEPT, "How does an LRU cache work?", REFERENCE, "Eviction", "1")

ANSWER = "A linked list keeps the entries in order. Finding one takes linear time. I would cap its size."


def said(words: str) -> Evidence:
    """These words, where they stand in the answer."""
    at = ANSWER.index(words)
    return Evidence(Span(at, at + len(words)), words)


def point(name: str, text: str, importance: Importance = Importance.MUST, reference: Span | None = None) -> KeyPoint:
    """A key point."""
    return KeyPoint(name, text, importance, 1.0, reference=reference)


GRADE = Grade(
    QUESTION,
    Status.GRADED,
    Provenance("offline", "rubric", "1", "hash"),
    score=48,
    band=band_of(48),
    confidence=0.7,
    range=(40, 60),
    parts=(
        ScorePart("points", 60.0, "One of three points made."),
        ScorePart("false_claims", -12.0, "One false claim."),
    ),
    points=(
        PointVerdict(
            point("p1", "A linked list holds the entries in order of use.", reference=Span(11, 55)),
            Outcome.COVERED,
            0.9,
            (said("A linked list keeps the entries in order."),),
            "Said, and right.",
        ),
        PointVerdict(point("p2", "A hash map finds an entry in constant time."), Outcome.CONTRADICTED, 0.0),
        PointVerdict(
            point("p3", "The size is bounded.", Importance.SHOULD),
            Outcome.PARTIAL,
            0.5,
            (said("I would cap its size."),),
        ),
        PointVerdict(point("p4", "Eviction takes the entry at the end.", Importance.BONUS), Outcome.MISSING, 0.0),
    ),
    contradictions=(
        Contradiction(
            said("Finding one takes linear time."),
            "a hash map finds them in O(1)",
            0.9,
            "p2",
            "A hash map finds it in constant time.",
        ),
    ),
    feedback=Feedback(
        "The order is right, the look-up is not.",
        ("Order of use.",),
        ("Look-up.",),
        "Read on hash maps.",
        "How is an entry found?",
    ),
)

ATTEMPT = Attempt(
    "a1", QUESTION, ANSWER, AT, Circumstances(Origin.APP, 65.0, confidence=0.6), (StoredGrade(GRADE, AT),)
)
