"""One answer, or a file of them, to grades."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coach.catalogue.kinds import kind_of
from coach.domain import Grade, Question
from coach.errors import CoachError, ConfigError, UsageError

if TYPE_CHECKING:
    from coach.session import Session


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What became of one line of a batch."""

    line: int
    """1-based line or record in the input."""
    id: str | None
    """As given."""
    grade: Grade | None
    """None where the line could not be used."""
    elapsed_ms: int = 0
    error: str | None = None
    """What was wrong with the line."""


def graded(session: Session, question: Question, answer: str, grader: str) -> Grade:
    """Grade one answer with the grader asked for. Raises ConfigError where that needs a model that isn't there."""
    wanted = chosen(session, grader)
    if wanted == "llm":
        raise ConfigError(
            "Grading with a language model is not part of this version.",
            "Use --grader offline (no key, no network), or unset COACH_LLM_* and COACH_GRADER.",
        )
    return session.offline_grader.grade(question, session.rubric(question), answer)


def ad_hoc_question(text: str, reference: str) -> Question:
    """A question outside any deck, from the command line."""
    import hashlib

    digest = hashlib.sha256(f"{text}\0{reference}".encode()).hexdigest()[:10]
    return Question(f"x{digest}", 0, "", 0, kind_of(text), " ".join(text.split()), reference)


def batch(session: Session, text: str, is_csv: bool, grader: str) -> Iterator[BatchLine]:
    """A grade, or what is wrong, for each line of JSONL or record of CSV, in order."""
    for number, row in _csv_rows(text) if is_csv else _json_rows(text):
        started = time.perf_counter()
        given = row.get("id") if isinstance(row, dict) else None
        name = None if given is None else str(given)
        try:
            question, answer = _fields(session, row)
            grade = graded(session, question, answer, grader)
        except ConfigError:
            raise
        except CoachError as problem:
            yield BatchLine(number, name, None, error=str(problem))
            continue
        yield BatchLine(number, name, grade, round(1000 * (time.perf_counter() - started)))


def _fields(session: Session, row: Any) -> tuple[Question, str]:
    if isinstance(row, str):
        raise UsageError(row)
    if not isinstance(row, dict):
        raise UsageError("The line is no JSON object.", 'Write {"q": 9, "answer": "…"}.')
    wanted, answer = row.get("q"), row.get("answer")
    if isinstance(wanted, bool) or not isinstance(wanted, int | str) or wanted == "":
        raise UsageError("The line has no usable q.", "Give the question's number, deck/number or id.")
    if not isinstance(answer, str):
        raise UsageError("The line has no answer.", 'Write {"q": 9, "answer": "…"}.')
    return session.library.find(str(wanted)), answer


def _json_rows(text: str) -> Iterator[tuple[int, Any]]:
    lines = text.split("\n")
    if lines and not lines[-1].strip():
        lines.pop()
    for number, line in enumerate(lines, 1):
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError):
            yield number, "The line is not JSON."


def _csv_rows(text: str) -> Iterator[tuple[int, Any]]:
    csv.field_size_limit(1 << 26)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or []}
    if "q" not in names or "answer" not in names:
        raise UsageError("The CSV file has no columns q and answer.", "Name them in its first line.")
    try:
        for number, row in enumerate(reader, 1):
            picked = {key: row.get(names[key]) for key in ("q", "answer", "id") if key in names}
            yield number, {key: value for key, value in picked.items() if not (key == "id" and not value)}
    except csv.Error as problem:
        raise UsageError(f"The CSV file cannot be read: {problem}.", "Check its quotes.") from problem


def chosen(session: Session, grader: str) -> str:
    """``offline`` or ``llm``: what grades when ``grader`` is asked for (``auto``: as the settings say)."""
    settings = session.settings
    wanted = settings.grader if grader == "auto" else grader
    if wanted != "auto":
        return wanted
    return "llm" if settings.llm_provider or settings.llm_base_url or settings.llm_model else "offline"
