"""Questions, grades and attempts to practise with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from coach.domain import (
    Evidence,
    Feedback,
    Flag,
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
from coach.domain.practice import Attempt, Circumstances, Review, StoredGrade
from coach.practice.history import History
from coach.practice.history.attempts import new_id
from coach.practice.planning.schedule import Fsrs, reviews_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def day_of(at: datetime) -> date:
    return at.date()


def question(number: int = 1, kind: Kind = Kind.CONCEPT, **changes: object) -> Question:
    fields: dict[str, object] = {
        "id": f"q{number}",
        "number": number,
        "deck": "deck",
        "place": number,
        "kind": kind,
        "text": f"What does question {number} ask?",
        "reference": f"Reference {number}.",
        "section": f"Section {number % 3}",
    }
    return Question(**(fields | changes))  # type: ignore[arg-type]


def point(name: str, importance: Importance = Importance.MUST) -> KeyPoint:
    return KeyPoint(name, f"The point {name}.", importance, 1.0)


def graded(
    item: Question,
    score: int = 80,
    points: Sequence[tuple[str, Outcome]] = (),
    flags: tuple[Flag, ...] = (),
    version: str = "1",
) -> Grade:
    verdicts = []
    for name, outcome in points:
        said = outcome in (Outcome.COVERED, Outcome.PARTIAL)
        evidence = (Evidence(Span(0, 4), "Some"),) if said else ()
        verdicts.append(PointVerdict(point(name), outcome, 0.8 if said else 0.0, evidence, "Why."))
    return Grade(
        item,
        Status.GRADED,
        Provenance("offline", "rubric", version, "hash"),
        score=score,
        band=band_of(score),
        confidence=0.5,
        range=(max(0, score - 10), min(100, score + 10)),
        parts=(ScorePart("points", score, "Because."),),
        points=tuple(verdicts),
        flags=flags,
        feedback=Feedback("Summary.", ("keep",), ("fix",), "next", "follow"),
    )


def ungraded(item: Question) -> Grade:
    return Grade(item, Status.UNGRADED, Provenance("offline", "rubric", "1", ""), reason="No reference.")


class Desk:
    """A history with a clock that is moved by hand."""

    def __init__(self, path, schedule: Fsrs | None = None) -> None:  # type: ignore[no-untyped-def]
        self.path = path
        self.now = NOON
        self.schedule = schedule or Fsrs()
        self.history = History(path, self.now)
        self._ids = 0

    def reopen(self) -> None:
        self.history.close()
        self.history = History(self.path, self.now)

    def later(self, **amount: float) -> None:
        self.now += timedelta(**amount)

    def submit(self, item: Question, answer: str = "Some answer.", how: Circumstances | None = None) -> Attempt:
        self._ids += 1
        made = Attempt(new_id(self.now, self._ids.to_bytes(4)), item, answer, self.now, how or Circumstances())
        self.history.submit(made, day_of(self.now))
        return made

    def grade(self, attempt: Attempt, made: Grade) -> Attempt:
        day = day_of(attempt.created_at)
        return self.history.add_grade(
            attempt.id,
            StoredGrade(made, self.now, 5),
            self.schedule,
            lambda kept, card_of: reviews_of(kept, day, card_of),
        )

    def answered(
        self,
        item: Question,
        score: int = 80,
        points: Sequence[tuple[str, Outcome]] = (),
        how: Circumstances | None = None,
        flags: tuple[Flag, ...] = (),
    ) -> Attempt:
        return self.grade(self.submit(item, how=how), graded(item, score, points, flags))

    def reviews(self) -> list[Review]:
        return self.history.reviews()
