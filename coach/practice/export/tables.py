"""Every attempt as one row for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coach.domain import Outcome
from coach.domain.practice import Attempt
from coach.practice.export.cells import Cell, rows_as_csv

HEAD = (
    "id", "created_at", "number", "question_id", "deck", "section", "kind", "question", "answer", "status", "score",
    "band", "confidence", "low", "high", "own_score", "own_note", "expected", "seconds", "hints", "origin", "retry_of",
    "mock", "point", "flags", "covered", "partial", "missing", "contradicted", "grader", "rubric", "reason",
)  # fmt: skip
"""Names of the columns; those of key points hold their ids, with spaces between."""


def attempts_as_csv(attempts: Iterable[Attempt]) -> Iterator[str]:
    """The table line by line, the names of its columns first."""
    return rows_as_csv(HEAD, (_row(item) for item in attempts))


def _row(item: Attempt) -> list[Cell]:
    question, how, grade, own = item.question, item.circumstances, item.grade, item.override
    low, high = (grade.range if grade else None) or (None, None)
    points = {
        outcome: " ".join(verdict.point.id for verdict in grade.points if verdict.outcome is outcome) if grade else ""
        for outcome in Outcome
    }
    by = grade.grader if grade else None
    return [
        item.id,
        item.created_at.isoformat(),
        question.number or None,
        question.id,
        question.deck,
        question.section,
        question.kind.value,
        question.text,
        item.answer,
        grade.status.value if grade else "waiting",
        grade.score if grade else None,
        grade.band.value if grade and grade.band else None,
        grade.confidence if grade else None,
        low,
        high,
        own.score if own else None,
        own.note if own else None,
        how.confidence,
        how.seconds,
        how.hints,
        how.origin.value,
        how.retry_of,
        how.mock,
        how.point,
        " ".join(flag.value for flag in grade.flags) if grade else None,
        *(points[outcome] for outcome in Outcome),
        " ".join(part for part in (by.kind, by.name, by.version, by.model) if part) if by else None,
        by.rubric if by else None,
        grade.reason if grade else None,
    ]
