"""How an interview over these questions would go today, as far as the attempts tell; with what that rests on.

Every question of the corpus is equally likely to be asked. One that was answered is expected to go as it did: the mean
of its latest unaided scores. One that never was is expected to go as first attempts did, in its section where there
are some, drawn towards all first attempts where there are few. The range holds four fifths of such interviews if the
attempts are typical; nothing is added for nerves, and nothing taken off for what has faded since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import fmean, pvariance

from coach.domain import Question
from coach.domain.practice import Summary
from coach.practice.standing.progress import first_of, section_of, unaided
from coach.practice.standing.trends import grader_of

LEAST_QUESTIONS = 8
"""Different questions answered below which there is no estimate: an interview's worth."""

INTERVIEW = 8
"""Questions of the interview that is imagined."""

LATEST = 3
"""Attempts at a question that its expectation is the mean of."""

DRAWN = 3.0
"""First attempts that the mean of all is worth beside a section's own."""

STALE = timedelta(days=90)
"""Age from which an attempt says little about today."""

FOUR_FIFTHS = 1.2816
"""Standard deviations either side that hold four fifths."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """An estimate with its basis."""

    score: int | None
    """Expected mean score of such an interview, 0 to 100; None where there is too little to go by."""
    range: tuple[int, int] | None
    """Where four fifths of such interviews would end."""
    basis: tuple[str, ...]
    """What it rests on and what it leaves out, in sentences."""


def readiness(questions: Sequence[Question], rows: Sequence[Summary], now: datetime) -> Readiness:
    """The estimate over ``questions`` from the attempts ``rows``, oldest first."""
    known = {question.id for question in questions}
    every = [row for row in unaided(rows) if row.question_id in known]
    if not every:
        return Readiness(None, None, ("No question of these was answered without help yet.",))
    grader = grader_of(every[-1])
    own = [row for row in every if grader_of(row) == grader]
    by_question: dict[str, list[int]] = {}
    for row in own:
        by_question.setdefault(row.question_id, []).append(row.score or 0)
    basis = _basis(len(questions), every, own, by_question, now)
    if len(by_question) < LEAST_QUESTIONS:
        need = f"An estimate needs {LEAST_QUESTIONS} different questions answered without help."
        return Readiness(None, None, (need, *basis))
    unseen = _unseen(own)
    expected = [
        fmean(by_question[question.id][-LATEST:]) if question.id in by_question else unseen(section_of(question))
        for question in questions
    ]
    score = fmean(expected)
    spread = FOUR_FIFTHS * sqrt(_variance(own, by_question) * (1 / INTERVIEW + 1 / len(by_question)))
    low, high = max(0.0, score - spread), min(100.0, score + spread)
    return Readiness(round(score), (round(low), round(high)), basis)


def _unseen(own: Sequence[Summary]) -> _Unseen:
    firsts = list(first_of(own).values())
    overall = fmean(row.score or 0 for row in firsts)
    sections: dict[str, list[int]] = {}
    for row in firsts:
        sections.setdefault(section_of(row), []).append(row.score or 0)
    return _Unseen(
        overall,
        {name: (sum(scores) + DRAWN * overall) / (len(scores) + DRAWN) for name, scores in sections.items()},
    )


@dataclass(frozen=True, slots=True)
class _Unseen:
    """What to expect of a question that was never answered."""

    overall: float
    sections: dict[str, float]

    def __call__(self, section: str) -> float:
        return self.sections.get(section, self.overall)


def _variance(own: Iterable[Summary], by_question: dict[str, list[int]]) -> float:
    """Of single scores: between questions and within them, never less than a grader's own unsteadiness (5 points)."""
    latest = [score for scores in by_question.values() for score in scores[-LATEST:]]
    return max(float(pvariance(latest)), 25.0)


def _basis(
    questions: int,
    every: Sequence[Summary],
    own: Sequence[Summary],
    by_question: dict[str, list[int]],
    now: datetime,
) -> tuple[str, ...]:
    fresh = sum(row.created_at >= now - STALE for row in own)
    lines = [
        f"{len(by_question)} of {questions} questions answered without help, in {len(own)} attempts, "
        f"{fresh} of them in the last {STALE.days} days.",
        f"Graded by {grader_of(own[-1])}." + _others(len(every) - len(own)),
    ]
    if len(by_question) < questions:
        rest = questions - len(by_question)
        lines.append(f"The other {rest} are expected to go as your first attempts did.")
    lines.append(
        f"The range holds four fifths of interviews of {INTERVIEW} questions like yours; nerves are not in it."
    )
    return tuple(lines)


def _others(count: int) -> str:
    if not count:
        return ""
    return f" {count} {'attempt' if count == 1 else 'attempts'} by other graders left out: their scores differ."
