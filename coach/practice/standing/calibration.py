"""How well somebody knows what they know: the score they expected, asked before the grade, against the grade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from coach.domain.practice import Summary

BINS = 5
"""Steps of the curve: a person who gives a round number means about a fifth of the scale."""

CONFIDENT_FROM, WRONG_BELOW, MENDED_FROM = 0.7, 0.5, 0.7
"""Guess from which somebody was sure, score below which they were wrong, and score from which the error is mended."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One expectation and what came of it."""

    attempt_id: str
    question_id: str
    at: datetime
    """UTC."""
    confidence: float
    """Expected score, 0 to 1."""
    score: float
    """The grade's score, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Step:
    """A fifth of the scale of expectations."""

    low: float
    high: float
    count: int
    """Guesses in it."""
    confidence: float | None
    """Their mean expectation; None where there are none."""
    score: float | None
    """Their mean score."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Expectations against scores over some guesses."""

    count: int
    """Guesses it rests on."""
    brier: float | None
    """Mean squared distance of expectation and score, both 0 to 1: 0 is perfect. None without a guess."""
    baseline: float | None
    """The same figure for one who always expects their own mean score. Above it, the guesses say nothing."""
    bias: float | None
    """Mean expectation less mean score: above 0 is overconfident."""
    curve: tuple[Step, ...]
    """From low to high expectations, always ``BINS`` steps."""


def guesses(summaries: Iterable[Summary]) -> list[Guess]:
    """The graded attempts at whole questions before which an expectation was asked, in the given order."""
    return [
        Guess(row.id, row.question_id, row.created_at, row.confidence, row.score / 100)
        for row in summaries
        if row.confidence is not None and row.score is not None and row.point is None
    ]


def calibrate(found: Sequence[Guess]) -> Calibration:
    """Expectations against scores."""
    curve = tuple(_step(found, at) for at in range(BINS))
    if not found:
        return Calibration(0, None, None, None, curve)
    count = len(found)
    mean = sum(guess.score for guess in found) / count
    brier = sum((guess.confidence - guess.score) ** 2 for guess in found) / count
    baseline = sum((guess.score - mean) ** 2 for guess in found) / count
    bias = sum(guess.confidence - guess.score for guess in found) / count
    return Calibration(count, brier, baseline, bias, curve)


def confident_errors(found: Iterable[Guess], answered: Iterable[Summary]) -> list[Guess]:
    """Where somebody was sure and wrong, and has not done better since: the widest gap first, one a question.

    ``answered`` are the attempts that may have mended an error; hints and retries mend nothing.
    """
    mended: dict[str, datetime] = {}
    for row in answered:
        if row.first and not row.hints and row.score is not None and row.score / 100 >= MENDED_FROM:
            mended[row.question_id] = max(row.created_at, mended.get(row.question_id, row.created_at))
    latest: dict[str, Guess] = {}
    for guess in found:
        wrong = guess.confidence >= CONFIDENT_FROM and guess.score < WRONG_BELOW
        known = latest.get(guess.question_id)
        if wrong and (known is None or known.at <= guess.at):
            latest[guess.question_id] = guess
    open_ones = [guess for guess in latest.values() if guess.at > mended.get(guess.question_id, _long_ago(guess.at))]
    return sorted(open_ones, key=lambda guess: (guess.score - guess.confidence, guess.question_id))


def _long_ago(like: datetime) -> datetime:
    return datetime.min.replace(tzinfo=like.tzinfo)


def _step(found: Sequence[Guess], at: int) -> Step:
    inside = [guess for guess in found if min(int(guess.confidence * BINS), BINS - 1) == at]
    count = len(inside)
    return Step(
        at / BINS,
        (at + 1) / BINS,
        count,
        sum(guess.confidence for guess in inside) / count if count else None,
        sum(guess.score for guess in inside) / count if count else None,
    )
