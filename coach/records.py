"""How domain objects look as JSON: schema version 1, the one that scripts rely on."""

from __future__ import annotations

from typing import Any

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
    return question(item) | {"printed": item.printed, "place": item.place, "has_answer": bool(item.reference)}


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
