"""What became of an answer: verdicts with their evidence, the score with its parts, and who made it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coach.domain.questions import Passage, Question, Span
from coach.domain.rubrics import KeyPoint


class Outcome(StrEnum):
    """What became of one key point in one answer."""

    COVERED = "covered"
    PARTIAL = "partial"
    MISSING = "missing"
    CONTRADICTED = "contradicted"


class Status(StrEnum):
    """Whether there is a grade at all. ``UNGRADED`` is never a number."""

    GRADED = "graded"
    UNGRADED = "ungraded"


class Failure(StrEnum):
    """Why there is no grade: what a front end has to do about it differs."""

    CONFIGURATION = "configuration"
    """A key that was refused, a model that the server does not know."""
    UNREACHABLE = "unreachable"
    """The model's server does not answer; a later try may work."""
    UNUSABLE = "unusable"
    """The model answered, and nothing could be made of it."""
    NOTHING_TO_GRADE_BY = "nothing_to_grade_by"
    """No reference answer, or an answer in another language than it."""


class Band(StrEnum):
    """A score in words."""

    EXCELLENT = "excellent"
    STRONG = "strong"
    ACCEPTABLE = "acceptable"
    WEAK = "weak"
    POOR = "poor"
    NONE = "none"


class Flag(StrEnum):
    """What the guards noticed about an answer."""

    PROMPT_INJECTION = "prompt_injection"
    KEYWORD_STUFFING = "keyword_stuffing"
    QUESTION_ECHO = "question_echo"
    REPETITION = "repetition"
    GIBBERISH = "gibberish"
    NON_ANSWER = "non_answer"
    PASTED_REFERENCE = "pasted_reference"
    OFF_TOPIC = "off_topic"
    TRUNCATED = "truncated"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words quoted from the answer."""

    span: Span
    """Offsets into the answer as read."""
    quote: str
    """Exactly the answer's text at the span."""


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """What became of one key point."""

    point: KeyPoint
    """The point judged."""
    outcome: Outcome
    """``covered`` and ``partial`` have evidence and credit above 0, the others credit 0."""
    credit: float
    """0 to 1."""
    evidence: tuple[Evidence, ...] = ()
    """The answer's own words, best first."""
    note: str = ""
    """One sentence on why, addressed to the candidate."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A false claim in the answer."""

    claim: Evidence
    """What the candidate said."""
    reference: str
    """What it breaks."""
    confidence: float
    """0 to 1."""
    point_id: str = ""
    """The point it is about."""
    why: str = ""
    """One line for the candidate."""


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A summand of the score."""

    name: str
    """``points``, ``false_claims``, ``substance``, ``guards``, ``calibration`` …"""
    value: float
    """In points of 100; all parts sum exactly to the score."""
    why: str
    """In plain words."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What to do with the grade; every line is tied to a point."""

    summary: str
    keep: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    next_step: str = ""
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who graded, so that trends never mix graders unawares."""

    kind: str
    """``offline`` or ``llm``."""
    name: str
    """The grader's name."""
    version: str
    """Changes whenever equal input may give another grade."""
    rubric: str
    """The rubric's hash; empty where none was needed."""
    model: str | None = None
    """The language model; offline, the entailment model that read the claims, None where there was none."""
    prompt: str | None = None
    """The prompt's version; None offline."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a grade cost."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    """None where no price is known, and offline."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, or the reason why there is none."""

    question: Question
    status: Status
    grader: Provenance
    reason: str | None = None
    """Why there is no grade; None when graded."""
    failure: Failure | None = None
    """What kind of reason that is, where the grader knows."""
    score: int | None = None
    """0 to 100; None when ungraded."""
    band: Band | None = None
    confidence: float | None = None
    """0 to 1: how likely a person's score is close; how close, says ``coach.grading.certainty``."""
    range: tuple[int, int] | None = None
    """Where a person's score most likely lies."""
    parts: tuple[ScorePart, ...] = ()
    points: tuple[PointVerdict, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    flags: tuple[Flag, ...] = ()
    """In the order of the enumeration, no repeats."""
    feedback: Feedback = Feedback("")
    references: tuple[Passage, ...] = ()
    """The question's own answer first, then what else the answer touches."""
    usage: Usage = Usage()


def band_of(score: int) -> Band:
    """The band of a score from 0 to 100 (100 excellent, 80 strong, 60 acceptable, 40 weak, 20 poor)."""
    for least, band in (
        (90, Band.EXCELLENT),
        (70, Band.STRONG),
        (50, Band.ACCEPTABLE),
        (30, Band.WEAK),
        (10, Band.POOR),
    ):
        if score >= least:
            return band
    return Band.NONE
