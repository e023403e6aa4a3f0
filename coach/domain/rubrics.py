"""What an answer to a question is graded by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coach.domain.questions import Span


class Importance(StrEnum):
    """What leaving a key point out means."""

    MUST = "must"
    SHOULD = "should"
    BONUS = "bonus"


@dataclass(frozen=True, slots=True)
class Misconception:
    """A false claim that candidates make about one key point."""

    text: str
    """As a candidate would say it."""
    why: str = ""
    """What is true instead, addressed to the candidate; empty where the point itself says it."""
    also: tuple[str, ...] = ()
    """Other ways to say the same falsehood."""


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One thing that a good answer says."""

    id: str
    """Unique within its rubric, stable while its text is."""
    text: str
    """The point as one statement."""
    importance: Importance
    """What it counts for."""
    weight: float
    """Share in the score before normalising; > 0."""
    right: tuple[str, ...] = ()
    """Other right ways to say it."""
    misconceptions: tuple[Misconception, ...] = ()
    """Common false claims on this very point."""
    probe: str = ""
    """A question that asks for the point without giving it away."""
    reference: Span | None = None
    """Where the reference answer says it; None where it does not."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A detail beyond the key points: right it costs and earns nothing by itself, wrong it is a false claim."""

    right: str
    """How a candidate says it rightly."""
    wrong: str
    """The false claim about the very same detail."""
    why: str = ""
    """What is right instead, addressed to the candidate."""


@dataclass(frozen=True, slots=True)
class Rubric:
    """What an answer to one question is graded by."""

    question_id: str
    """Whose rubric it is."""
    points: tuple[KeyPoint, ...]
    """In the order in which they are shown; may be empty (then nothing can be graded)."""
    origin: str
    """``shipped``, ``derived`` or ``edited``."""
    hash: str
    """Hex digest over everything that can change a grade."""
    searches: tuple[str, ...] = ()
    """How somebody with this problem would put it; for the search, and for what the question is about."""
    asides: tuple[Aside, ...] = ()
    """Details beyond the key points; empty in derived rubrics."""
