"""What practice leaves behind: attempts with their grades, and the cards that decide what is asked next.

A *day* is the user's local day, kept as it was lived: crossing time zones changes no day that is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from coach.domain.grades import Grade, Status
from coach.domain.questions import Kind, Question


class Origin(StrEnum):
    """Where an attempt was made."""

    GRADE = "grade"
    DRILL = "drill"
    MOCK = "mock"
    BATCH = "batch"
    APP = "app"
    POINTS = "points"


class Rating(StrEnum):
    """How well something was recalled, in FSRS's terms."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


@dataclass(frozen=True, slots=True)
class Override:
    """The candidate's own opinion of an attempt; it stands beside the machine's grade, never over it."""

    score: int
    """0 to 100."""
    note: str
    """May be empty."""
    at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How an answer came about: what decides whether it may rate a card."""

    origin: Origin = Origin.GRADE
    seconds: float | None = None
    """Time taken from the question to the submission; None where nobody measured it."""
    hints: int = 0
    """Steps of hints taken before the submission, 0 to 3."""
    confidence: float | None = None
    """The candidate's own guess of the score before the grade, 0 to 1; None where it was not asked."""
    reference_shown: bool = False
    """Whether the reference was on the screen before the submission."""
    retry_of: str | None = None
    """Id of the attempt that this one repeats; None for a first attempt."""
    mock: str | None = None
    """Id of the mock interview that it belongs to."""
    point: str | None = None
    """Id of the key point that it answers, where only that was asked (a probe or a follow-up)."""


@dataclass(frozen=True, slots=True)
class StoredGrade:
    """A grade in the history. An attempt keeps every one that it ever got."""

    grade: Grade
    at: datetime
    """UTC."""
    elapsed_ms: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer that was submitted. It exists from the submission on, whatever becomes of its grade."""

    id: str
    """Sorts by time; unique over machines."""
    question: Question
    """As it was when it was answered: documents change, history doesn't."""
    answer: str
    """Exactly as submitted."""
    created_at: datetime
    """UTC."""
    circumstances: Circumstances = Circumstances()
    grades: tuple[StoredGrade, ...] = ()
    """Oldest first; empty while it waits for its grade. The last one counts."""
    override: Override | None = None
    reviews: tuple[Review, ...] = ()
    """The ratings that came of it: of its question's card, and of cards of key points."""

    @property
    def grade(self) -> Grade | None:
        """The grade that counts, which may be an ungraded one; None while it waits for one."""
        return self.grades[-1].grade if self.grades else None


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that is being written."""

    question_id: str
    text: str
    saved_at: datetime
    """UTC."""
    seconds: float = 0.0
    """Time spent on it so far."""


@dataclass(frozen=True, slots=True)
class Card:
    """What FSRS knows of a question, or of one key point of it."""

    question_id: str
    point_id: str | None
    """None: the whole question."""
    due: date
    """The local day from which it is due."""
    interval: int
    """Days from the last review to ``due``; at least 1."""
    stability: float
    """Days until the chance of recall falls to 90 %."""
    difficulty: float
    """1 to 10."""
    last_review: datetime
    """UTC."""
    last_day: date
    """The local day of that."""
    reviews: int
    """How often it was rated; at least 1."""
    lapses: int
    """How often it was rated ``again`` after it had been learnt."""


@dataclass(frozen=True, slots=True)
class Review:
    """One rating of one card: cards are a pure function of these."""

    attempt_id: str
    question_id: str
    point_id: str | None
    """None: the whole question."""
    rating: Rating
    at: datetime
    """UTC."""
    day: date
    """The local day on which the answer was submitted."""


@dataclass(frozen=True, slots=True)
class Summary:
    """An attempt without its texts, for lists, sparklines and figures."""

    id: str
    question_id: str
    deck: str
    section: str | None
    kind: Kind
    number: int
    """0 for a question outside any deck."""
    created_at: datetime
    """UTC."""
    day: date
    """The local day on which it was submitted."""
    status: Status | None
    """None while it waits for its grade."""
    score: int | None
    """Of the grade that counts; None without one."""
    grader_kind: str
    """``offline`` or ``llm``; like the next three empty without a grade."""
    grader_name: str
    grader_version: str
    grader_model: str
    """The language model; empty offline."""
    origin: Origin
    seconds: float | None
    hints: int
    confidence: float | None
    """As asked before the grade, 0 to 1."""
    reference_shown: bool
    retry_of: str | None
    mock: str | None
    point: str | None
    override: int | None
    """The candidate's own score, beside the grade's."""

    @property
    def first(self) -> bool:
        """Whether it is a whole answer of one's own: no retry, no single point, the reference not in sight."""
        return self.retry_of is None and self.point is None and not self.reference_shown
