"""What a class wrote, and what it shows: points missed by many, misconceptions held by many, answers much alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from coach.domain import Grade, Importance, Outcome, Question, Status
from coach.practice.classroom.alike import Pair, pairs

LEAST_SHARE = 0.25
"""Share of the answers to a question from which a missed point is one of the class (and at least 2 answers)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of one student."""

    key: str
    """Stable over runs: of the student, the question and the answer."""
    line: int
    """1-based line or record in the input."""
    student: str
    answer: str
    """As handed in."""
    question: Question | None
    """None where the line could not be used."""
    grade: Grade | None = None
    error: str | None = None
    """What was wrong with the line."""
    override: int | None = None
    """The teacher's score, 0 to 100; it counts where there is one."""
    note: str = ""
    """The teacher's."""

    @property
    def score(self) -> int | None:
        """The score that counts: the teacher's, else the machine's."""
        if self.override is not None:
            return self.override
        return self.grade.score if self.grade else None


@dataclass(frozen=True, slots=True)
class Missed:
    """A key point that many left out or got wrong."""

    question: Question
    text: str
    importance: Importance
    missing: int
    contradicted: int
    answers: int
    """Graded answers to the question."""


@dataclass(frozen=True, slots=True)
class Held:
    """A false claim that several made about one point."""

    question: Question
    why: str
    """What is true instead."""
    students: int
    quotes: tuple[str, ...]
    """How two of them put it."""


@dataclass(frozen=True, slots=True)
class OnQuestion:
    """One question over the class."""

    question: Question
    answers: int
    graded: int
    mean: float | None
    median: float | None
    spread: tuple[int, int, int, int, int]
    """Answers that scored 0-29, 30-49, 50-69, 70-89, 90-100."""


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """A class over all questions."""

    students: int
    answers: int
    graded: int
    overridden: int
    mean: float | None
    """Of the students' means."""
    questions: tuple[OnQuestion, ...]
    """In the order in which they first come."""
    missed: tuple[Missed, ...]
    """Missed by most first."""
    misconceptions: tuple[Held, ...]
    """Held by most first."""
    alike: tuple[tuple[Question, Entry, Entry, Pair], ...]
    """Pairs of near-identical answers to one question by two students, the most alike first."""


def class_figures(entries: Sequence[Entry]) -> ClassFigures:
    """What the class shows."""
    by_question: dict[str, tuple[Question, list[Entry]]] = {}
    for entry in entries:
        if entry.question is not None:
            by_question.setdefault(entry.question.id, (entry.question, []))[1].append(entry)
    asked = list(by_question.values())
    means = [mean for rows in by_student(entries).values() if (mean := mean_score(rows)) is not None]
    missed = [item for question, rows in asked for item in _missed(question, rows)]
    held = [item for question, rows in asked for item in _held(question, rows)]
    alike = [item for question, rows in asked for item in _alike(question, rows)]
    return ClassFigures(
        len(by_student(entries)),
        len(entries),
        sum(entry.score is not None for entry in entries),
        sum(entry.override is not None for entry in entries),
        fmean(means) if means else None,
        tuple(_on_question(question, rows) for question, rows in asked),
        tuple(sorted(missed, key=lambda item: (-(item.missing + item.contradicted) / item.answers, item.text))),
        tuple(sorted(held, key=lambda item: (-item.students, item.why))),
        tuple(sorted(alike, key=lambda item: -item[3].share)),
    )


def by_student(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Each student's answers, in the order of the input."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.student, []).append(entry)
    return found


def mean_score(entries: Iterable[Entry]) -> float | None:
    """Mean of the scores that count; None without one."""
    scores = [entry.score for entry in entries if entry.score is not None]
    return fmean(scores) if scores else None


def _on_question(question: Question, rows: Sequence[Entry]) -> OnQuestion:
    scores = [entry.score for entry in rows if entry.score is not None]
    low, weak, fair, strong, best = (
        sum(first <= score <= last for score in scores)
        for first, last in ((0, 29), (30, 49), (50, 69), (70, 89), (90, 100))
    )
    return OnQuestion(
        question,
        len(rows),
        len(scores),
        fmean(scores) if scores else None,
        median(scores) if scores else None,
        (low, weak, fair, strong, best),
    )


def _graded(rows: Iterable[Entry]) -> list[tuple[Entry, Grade]]:
    return [(entry, entry.grade) for entry in rows if entry.grade and entry.grade.status is Status.GRADED]


def _missed(question: Question, rows: Sequence[Entry]) -> list[Missed]:
    graded = _graded(rows)
    outcomes: dict[str, list[Outcome]] = {}
    points = {}
    for _, grade in graded:
        for verdict in grade.points:
            points[verdict.point.id] = verdict.point
            outcomes.setdefault(verdict.point.id, []).append(verdict.outcome)
    found = []
    for name, point in points.items():
        missing, wrong = outcomes[name].count(Outcome.MISSING), outcomes[name].count(Outcome.CONTRADICTED)
        if missing + wrong >= max(2, LEAST_SHARE * len(graded)) and point.importance is not Importance.BONUS:
            found.append(Missed(question, point.text, point.importance, missing, wrong, len(graded)))
    return found


def _held(question: Question, rows: Sequence[Entry]) -> list[Held]:
    """Claims that break the same point for the same reason count as one misconception; two students hold it, or more."""
    claims: dict[tuple[str, str], dict[str, str]] = {}
    for entry, grade in _graded(rows):
        for found in grade.contradictions:
            why = found.why or f"The reference says: {found.reference}"
            quote = found.claim.span.of(entry.answer) or found.claim.quote
            claims.setdefault((found.point_id, why), {}).setdefault(entry.student, quote)
    return [
        Held(question, why, len(quotes), tuple(quotes.values())[:2])
        for (_, why), quotes in claims.items()
        if len(quotes) > 1
    ]


def _alike(question: Question, rows: Sequence[Entry]) -> list[tuple[Question, Entry, Entry, Pair]]:
    known = {entry.key: entry for entry in rows}
    found = pairs({entry.key: entry.answer for entry in rows}, (question.text, question.reference))
    return [
        (question, known[pair.first], known[pair.second], pair)
        for pair in found
        if known[pair.first].student != known[pair.second].student
    ]
