"""How domain objects look as JSON: schema version 1, the one that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coach.domain import (
        Contradiction,
        Document,
        Evidence,
        Grade,
        KeyPoint,
        Passage,
        PointVerdict,
        Question,
        Rubric,
        Span,
    )
    from coach.domain.practice import Attempt, Card, Override, Review, StoredGrade, Summary

SCHEMA_VERSION = 1
"""Raised when a field changes its meaning or goes; new fields don't raise it."""

Record = dict[str, Any]


def items(rows: list[Record]) -> Record:
    """The frame of every list."""
    return {"schema_version": SCHEMA_VERSION, "items": rows}


def question(item: Question) -> Record:
    """A question without its answer. ``number`` is null for one outside any deck."""
    return {
        "number": item.number or None,
        "id": item.id,
        "deck": item.deck or None,
        "section": item.section,
        "kind": item.kind.value,
        "text": item.text,
    }


def listed_question(item: Question) -> Record:
    """A question in a listing: with what a reader needs to choose one."""
    return question(item) | {
        "printed": item.printed,
        "place": item.place,
        "has_answer": bool(item.reference),
        "material": item.material,
    }


def document(item: Document) -> Record:
    """A document as parsed, for ``import --dry-run``."""
    return {
        "title": item.title,
        "deck": item.deck,
        "source": item.source,
        "questions": [
            {
                "deck": item.deck,
                "section": found.section,
                "number": _as_number(found.printed),
                "question": found.text,
                "text": found.text,
                "answer": found.answer,
                "has_answer": found.has_answer,
                "line": found.line,
                "material": found.material,
                "doubt": found.doubt or None,
            }
            for found in item.questions
        ],
        "orphans": [{"text": left.text, "line": left.line} for left in item.orphans],
        "notes": list(item.notes),
    }


def rubric(item: Rubric) -> Record:
    """A rubric with all its phrasings."""
    return {
        "schema_version": SCHEMA_VERSION,
        "question": item.question_id,
        "origin": item.origin,
        "hash": item.hash,
        "points": [_key_point(point) for point in item.points],
        "searches": list(item.searches),
        "asides": [{"right": aside.right, "wrong": aside.wrong, "why": aside.why} for aside in item.asides],
    }


def _key_point(item: KeyPoint) -> Record:
    return {
        "id": item.id,
        "text": item.text,
        "importance": item.importance.value,
        "weight": item.weight,
        "probe": item.probe,
        "right": list(item.right),
        "misconceptions": [
            {"text": wrong.text, "why": wrong.why, "also": list(wrong.also)} for wrong in item.misconceptions
        ],
    }


def passage(item: Passage) -> Record:
    """A passage that a search found."""
    return {"question": question(item.question), "section": item.section, "text": item.text, "score": item.score}


def grade(item: Grade, elapsed_ms: int = 0) -> Record:
    """A grade in full."""
    reference = item.question.reference
    return {
        "schema_version": SCHEMA_VERSION,
        "question": question(item.question),
        "status": item.status.value,
        "reason": item.reason,
        **({"failure": item.failure.value} if item.failure else {}),
        "score": item.score,
        "band": item.band.value if item.band else None,
        "confidence": item.confidence,
        "range": list(item.range) if item.range else None,
        "score_parts": [{"name": part.name, "value": part.value, "why": part.why} for part in item.parts],
        "points": [_point(verdict, reference) for verdict in item.points],
        "contradictions": [_contradiction(found) for found in item.contradictions],
        "flags": [flag.value for flag in item.flags],
        "feedback": {
            "summary": item.feedback.summary,
            "keep": list(item.feedback.keep),
            "fix": list(item.feedback.fix),
            "next_step": item.feedback.next_step,
            "follow_up": item.feedback.follow_up,
        },
        "references": [
            {
                "question": question(found.question),
                "section": found.section,
                "excerpt": found.text,
                "score": found.score,
            }
            for found in item.references
        ],
        "grader": {
            "kind": item.grader.kind,
            "name": item.grader.name,
            "version": item.grader.version,
            "model": item.grader.model,
            "prompt": item.grader.prompt,
            "rubric": item.grader.rubric,
        },
        "usage": {
            "prompt_tokens": item.usage.prompt_tokens,
            "completion_tokens": item.usage.completion_tokens,
            "cost_usd": item.usage.cost_usd,
        },
        "elapsed_ms": elapsed_ms,
    }


def attempt(item: Attempt) -> Record:
    """An attempt in full: what ``coach history ID --json`` prints and what a new machine reads back."""
    how = item.circumstances
    made = item.grade
    return {
        "id": item.id,
        "question": question(item.question) | {"place": item.question.place, "printed": item.question.printed},
        "reference": item.question.reference,
        "answer": item.answer,
        "created_at": item.created_at.isoformat(),
        "status": made.status.value if made else None,
        "reason": made.reason if made else None,
        "score": made.score if made else None,
        "circumstances": {
            "origin": how.origin.value,
            "seconds": how.seconds,
            "hints": how.hints,
            "confidence": how.confidence,
            "reference_shown": how.reference_shown,
            "retry_of": how.retry_of,
            "mock": how.mock,
            "point": how.point,
        },
        "grades": [stored_grade(found) for found in item.grades],
        "override": _override(item.override) if item.override else None,
        "reviews": [_review(found) for found in item.reviews],
    }


def stored_grade(item: StoredGrade) -> Record:
    """A grade of the history."""
    return {"at": item.at.isoformat(), "grade": grade(item.grade, item.elapsed_ms)}


def summary(item: Summary) -> Record:
    """An attempt in a list, without its texts."""
    return {
        "id": item.id,
        "question": item.question_id,
        "number": item.number or None,
        "deck": item.deck or None,
        "section": item.section,
        "kind": item.kind.value,
        "created_at": item.created_at.isoformat(),
        "status": item.status.value if item.status else None,
        "score": item.score,
        "override": item.override,
        "confidence": item.confidence,
        "seconds": item.seconds,
        "hints": item.hints,
        "origin": item.origin.value,
        "retry_of": item.retry_of,
        "mock": item.mock,
        "point": item.point,
        "grader": {"kind": item.grader_kind, "name": item.grader_name, "version": item.grader_version}
        if item.status
        else None,
    }


def card(item: Card) -> Record:
    """A card with when it is due."""
    return {
        "question": item.question_id,
        "point": item.point_id,
        "due": item.due.isoformat(),
        "interval": item.interval,
        "stability": round(item.stability, 4),
        "difficulty": round(item.difficulty, 4),
        "last_review": item.last_review.isoformat(),
        "reviews": item.reviews,
        "lapses": item.lapses,
    }


def attempt_from(record: Record) -> Attempt:
    """The attempt that ``attempt`` wrote. Raises UsageError for a record that it could not have written."""
    from coach.records import reading

    return reading.attempt_from(record)


def grade_from(record: Record, item: Question) -> Grade:
    """The grade that ``grade`` wrote for a question; raises UsageError.

    What a record leaves out is empty: a key point's phrasings and its probe.
    """
    from coach.records import reading

    return reading.grade_from(record, item)


def _override(item: Override) -> Record:
    return {"score": item.score, "note": item.note, "at": item.at.isoformat()}


def _review(item: Review) -> Record:
    return {
        "point": item.point_id,
        "rating": item.rating.value,
        "at": item.at.isoformat(),
        "day": item.day.isoformat(),
    }


def _point(item: PointVerdict, reference: str) -> Record:
    return {
        "id": item.point.id,
        "text": item.point.text,
        "weight": item.point.weight,
        "importance": item.point.importance.value,
        "verdict": item.outcome.value,
        "credit": item.credit,
        "evidence": [_evidence(found) for found in item.evidence],
        "reference": _quoted(item.point.reference, reference),
        "note": item.note,
    }


def _contradiction(item: Contradiction) -> Record:
    return {
        "claim": _evidence(item.claim),
        "reference": item.reference,
        "confidence": item.confidence,
        "point": item.point_id,
        "why": item.why,
    }


def _evidence(item: Evidence) -> Record:
    return {"start": item.span.start, "end": item.span.end, "quote": item.quote}


def _quoted(span: Span | None, text: str) -> Record | None:
    return {"start": span.start, "end": span.end, "quote": span.of(text)} if span else None


def _as_number(printed: str | None) -> int | str | None:
    return int(printed) if printed is not None and printed.isdecimal() else printed
