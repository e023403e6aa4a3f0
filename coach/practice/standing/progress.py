"""Where somebody stands: by section, kind, question and week, and how much of the corpus that covers.

Only graded attempts at whole questions count, by the machine's score. What others answered (a batch) is not progress.
A figure that could mix graders says so: ``graders`` names everyone who graded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, median

from coach.domain import Question
from coach.domain.practice import Origin, Summary
from coach.practice.standing.trends import Trend, grader_of, trend

HELD_FROM = 60
"""Score from which a question counts as held: the core is right."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Figures of a group of attempts."""

    name: str
    """The section, kind or question."""
    attempts: int
    """Graded attempts, retries and aided ones too."""
    questions: int
    """Different questions among them."""
    first: float | None
    """Mean score of each question's first unaided attempt; None where every one was aided."""
    latest: float | None
    """Mean score of each question's latest unaided attempt; None where every one was aided."""
    best: int
    """Highest score."""
    seconds: float | None
    """Median time an answer took; None where nobody measured it."""
    last: datetime
    """UTC; the latest attempt."""
    graders: tuple[str, ...]
    """Who graded, the latest first. More than one: ``first`` and ``latest`` may not be comparable."""
    trend: Trend | None
    """None below three comparable attempts."""


@dataclass(frozen=True, slots=True)
class Week:
    """The attempts of one week under one grader."""

    start: date
    """Its Monday, in the user's own days."""
    grader: str
    attempts: int
    score: float
    """Mean of its unaided attempts."""


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a section has been practised."""

    section: str
    """The section's name; the deck's where it has none."""
    questions: int
    answered: int
    """Questions with at least one graded attempt."""
    held: int
    """Questions whose latest unaided score is ``HELD_FROM`` or more."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """The candidate's own scores beside the machine's."""

    count: int
    difference: float | None
    """Mean of own score less the machine's; None where there is none."""


def counted(summaries: Iterable[Summary]) -> list[Summary]:
    """Graded attempts at whole questions by the candidate, oldest first."""
    rows = [row for row in summaries if row.score is not None and row.point is None and row.origin is not Origin.BATCH]
    return sorted(rows, key=lambda row: (row.created_at, row.id))


def unaided(rows: Iterable[Summary]) -> list[Summary]:
    """Those that show what somebody knows: no hints, no reference in sight, no second try with the feedback in mind."""
    return [row for row in rows if row.first and not row.hints]


def section_of(row: Summary | Question) -> str:
    """How a section is named where several decks meet."""
    return row.section or row.deck or "outside any deck"


def standings(rows: Sequence[Summary], by: Callable[[Summary], str]) -> list[Standing]:
    """One standing for each group, the weakest first."""
    groups: dict[str, list[Summary]] = {}
    for row in rows:
        groups.setdefault(by(row), []).append(row)
    found = [_standing(name, group) for name, group in groups.items()]
    return sorted(found, key=lambda item: (101.0 if item.latest is None else item.latest, item.name))


def latest_of(rows: Iterable[Summary]) -> dict[str, Summary]:
    """Each question's latest attempt; ``rows`` oldest first."""
    return {row.question_id: row for row in rows}


def first_of(rows: Iterable[Summary]) -> dict[str, Summary]:
    """Each question's first attempt; ``rows`` oldest first."""
    found: dict[str, Summary] = {}
    for row in rows:
        found.setdefault(row.question_id, row)
    return found


def weeks(rows: Sequence[Summary]) -> list[Week]:
    """Mean scores week by week, one row for each grader, oldest first; weeks without an attempt are left out."""
    groups: dict[tuple[date, str], list[int]] = {}
    for row in unaided(rows):
        monday = row.day - timedelta(days=row.day.weekday())
        groups.setdefault((monday, grader_of(row)), []).append(row.score or 0)
    return [Week(start, grader, len(scores), fmean(scores)) for (start, grader), scores in sorted(groups.items())]


def coverage(questions: Iterable[Question], rows: Sequence[Summary]) -> list[Covered]:
    """How much of each section has been practised, in the order of the questions."""
    answered = {row.question_id for row in rows}
    held = {name for name, row in latest_of(unaided(rows)).items() if (row.score or 0) >= HELD_FROM}
    sections: dict[str, list[str]] = {}
    for question in questions:
        sections.setdefault(section_of(question), []).append(question.id)
    return [
        Covered(name, len(ids), sum(item in answered for item in ids), sum(item in held for item in ids))
        for name, ids in sections.items()
    ]


def opinion(rows: Iterable[Summary]) -> Opinion:
    """How the candidate's own scores differ from the machine's."""
    found = [row.override - row.score for row in rows if row.override is not None and row.score is not None]
    return Opinion(len(found), fmean(found) if found else None)


def _standing(name: str, rows: Sequence[Summary]) -> Standing:
    own = unaided(rows)
    times = [row.seconds for row in rows if row.seconds is not None]
    graders = list(dict.fromkeys(grader_of(row) for row in reversed(rows)))
    return Standing(
        name,
        len(rows),
        len({row.question_id for row in rows}),
        _mean(first_of(own).values()),
        _mean(latest_of(own).values()),
        max(row.score or 0 for row in rows),
        median(times) if times else None,
        rows[-1].created_at,
        tuple(graders),
        trend(own),
    )


def _mean(rows: Iterable[Summary]) -> float | None:
    scores = [row.score for row in rows if row.score is not None]
    return fmean(scores) if scores else None
