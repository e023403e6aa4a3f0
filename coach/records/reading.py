"""JSON records back to domain objects: what the history keeps, and what another machine exported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from coach.domain import (
    Band,
    Contradiction,
    Evidence,
    Failure,
    Feedback,
    Flag,
    Grade,
    Importance,
    KeyPoint,
    Kind,
    Outcome,
    Passage,
    PointVerdict,
    Provenance,
    Question,
    ScorePart,
    Span,
    Status,
    Usage,
)
from coach.domain.practice import Attempt, Circumstances, Origin, Override, Rating, Review, StoredGrade
from coach.errors import UsageError

Record = dict[str, Any]
T = TypeVar("T")


def attempt_from(record: Record) -> Attempt:
    """The attempt in a record. Raises UsageError, saying what is wrong with it."""
    return _read("an attempt", _attempt, record)


def grade_from(record: Record, question: Question) -> Grade:
    """The grade in a record. Raises UsageError."""
    return _read("a grade", lambda item: _grade(item, question), record)


def question_from(record: Record) -> Question:
    """The question in a record; what the record lacks is empty. Raises UsageError."""
    return _read("a question", _question, record)


def _read(what: str, reader: Callable[[Record], T], record: Record) -> T:
    try:
        return reader(record)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise UsageError(
            f"This is no record of {what}: {type(problem).__name__}: {problem}.",
            "Use what `coach export --format json` or `coach history --json` wrote.",
        ) from problem


def moment(text: str) -> datetime:
    """A time as written, in UTC. Raises ValueError for one without a zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return found.astimezone(UTC)


def _attempt(record: Record) -> Attempt:
    question = _question(record["question"] | {"reference": record.get("reference", "")})
    identity, answer = record["id"], record["answer"]
    if not isinstance(identity, str) or not identity or not isinstance(answer, str):
        raise ValueError("its id and answer must be text")
    override = record.get("override")
    return Attempt(
        identity,
        question,
        answer,
        moment(record["created_at"]),
        _circumstances(record.get("circumstances") or {}),
        tuple(_stored(item, question) for item in record.get("grades") or ()),
        Override(_percent(override["score"]), str(override["note"]), moment(override["at"])) if override else None,
        tuple(_review(item, identity, question.id) for item in record.get("reviews") or ()),
    )


def _circumstances(record: Record) -> Circumstances:
    seconds, confidence = record.get("seconds"), record.get("confidence")
    return Circumstances(
        origin=Origin(record.get("origin", Origin.GRADE.value)),
        seconds=None if seconds is None else float(seconds),
        hints=int(record.get("hints", 0)),
        confidence=None if confidence is None else float(confidence),
        reference_shown=bool(record.get("reference_shown", False)),
        retry_of=record.get("retry_of"),
        mock=record.get("mock"),
        point=record.get("point"),
    )


def _stored(record: Record, question: Question) -> StoredGrade:
    made = record["grade"]
    return StoredGrade(_grade(made, question), moment(record["at"]), int(made.get("elapsed_ms", 0)))


def _review(record: Record, attempt_id: str, question_id: str) -> Review:
    return Review(
        attempt_id,
        question_id,
        record.get("point"),
        Rating(record["rating"]),
        moment(record["at"]),
        date.fromisoformat(record["day"]),
    )


def _question(record: Record) -> Question:
    return Question(
        id=str(record["id"]),
        number=record.get("number") or 0,
        deck=record.get("deck") or "",
        place=record.get("place") or 0,
        kind=Kind(record["kind"]),
        text=str(record["text"]),
        reference=record.get("reference") or "",
        section=record.get("section"),
        printed=record.get("printed"),
    )


def _grade(record: Record, question: Question) -> Grade:
    made_by, feedback, usage = record["grader"], record["feedback"], record["usage"]
    band, span, score = record["band"], record["range"], record["score"]
    return Grade(
        question,
        Status(record["status"]),
        Provenance(
            made_by["kind"], made_by["name"], made_by["version"], made_by["rubric"], made_by["model"], made_by["prompt"]
        ),
        reason=record["reason"],
        failure=Failure(record["failure"]) if record.get("failure") else None,
        score=None if score is None else _percent(score),
        band=Band(band) if band else None,
        confidence=record["confidence"],
        range=(span[0], span[1]) if span else None,
        parts=tuple(ScorePart(part["name"], part["value"], part["why"]) for part in record["score_parts"]),
        points=tuple(_verdict(item) for item in record["points"]),
        contradictions=tuple(
            Contradiction(
                _evidence(item["claim"]), item["reference"], item["confidence"], item.get("point", ""), item["why"]
            )
            for item in record["contradictions"]
        ),
        flags=tuple(Flag(flag) for flag in record["flags"]),
        feedback=Feedback(
            feedback["summary"],
            tuple(feedback["keep"]),
            tuple(feedback["fix"]),
            feedback["next_step"],
            feedback["follow_up"],
        ),
        references=tuple(
            Passage(_question(item["question"]), item["excerpt"], item["section"], item["score"])
            for item in record["references"]
        ),
        usage=Usage(usage["prompt_tokens"], usage["completion_tokens"], usage["cost_usd"]),
    )


def _verdict(record: Record) -> PointVerdict:
    reference = record["reference"]
    point = KeyPoint(
        record["id"],
        record["text"],
        Importance(record["importance"]),
        record["weight"],
        reference=Span(reference["start"], reference["end"]) if reference else None,
    )
    evidence = tuple(_evidence(item) for item in record["evidence"])
    return PointVerdict(point, Outcome(record["verdict"]), record["credit"], evidence, record["note"])


def _evidence(record: Record) -> Evidence:
    return Evidence(Span(record["start"], record["end"]), record["quote"])


def _percent(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise ValueError(f"{value!r} is no score from 0 to 100")
    return value
