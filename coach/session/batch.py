"""A file of answers to grades, line by line; with a language model several at once, and never paid for twice."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coach.domain import Failure, Grade, Question, Status
from coach.errors import CoachError, ConfigError, StoreUnwritable, UsageError
from coach.session.grading import chosen

if TYPE_CHECKING:
    from pathlib import Path

    from coach.session import Session
    from coach.session.journal import Journal
    from coach.session.judging import Plan


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
    attempt: str | None = None
    """The attempt's id, where it is kept."""


def batch(
    session: Session,
    text: str,
    is_csv: bool,
    grader: str,
    jobs: int = 1,
    samples: int = 1,
    journal: Path | None = None,
    save: bool = False,
) -> Iterator[BatchLine]:
    """A grade, or what is wrong, for each line of JSONL or record of CSV, in order.

    With a language model ``jobs`` calls run at once, and its replies are kept in ``journal`` (default: in the data
    folder, by the content of ``text``) until every line has its grade: a run that was interrupted goes on there.
    ``save`` keeps the answers in the history. Raises ConfigError where a model is asked for and none is set.
    """
    rows = list(_csv_rows(text) if is_csv else _json_rows(text))
    if chosen(session, grader) != "llm":
        for number, row in rows:
            line = _line(session, number, row, lambda question, answer: session.grade(question, answer, grader))
            yield _kept(session, line, row) if save else line
        return
    judged = _judged(session, iter(rows), jobs, samples, journal or default_journal(session, text))
    for line, (_, row) in zip(judged, rows, strict=True):
        yield _kept(session, line, row) if save else line


def _kept(session: Session, line: BatchLine, row: Any) -> BatchLine:
    """The line with its answer and its grade in the history."""
    from coach.domain.practice import Circumstances, Origin

    if line.grade is None:
        return line
    attempt = session.practice.submit(line.grade.question, row["answer"], Circumstances(Origin.BATCH))
    session.practice.record(attempt, line.grade, line.elapsed_ms)
    return replace(line, attempt=attempt.id)


def planned(session: Session, text: str, is_csv: bool, samples: int = 1) -> Iterator[Plan | Grade]:
    """What a batch would send for each usable line; sends nothing."""
    from coach.session.judging import plan

    for _, row in _csv_rows(text) if is_csv else _json_rows(text):
        try:
            question, answer = _fields(session, row)
        except CoachError:
            continue
        yield plan(session, question, answer, samples)


def default_journal(session: Session, text: str) -> Path:
    """Where a model's replies to this batch are kept when its results go to standard output."""
    return (
        session.paths.data / "batches" / f"{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()[:16]}.jsonl"
    )


def _judged(
    session: Session, rows: Iterator[tuple[int, Any]], jobs: int, samples: int, path: Path
) -> Iterator[BatchLine]:
    from coach.session.side_by_side import in_order

    session.model  # noqa: B018 - a model that can't be opened is an error of the whole batch
    session.offline_grader, session.library, session.snapshot  # noqa: B018 - opened here, not by several threads at once
    grade, journal = _grade_once(session, samples, path)
    settled = True
    for line in in_order(lambda item: _line(session, *item, grade), rows, jobs):
        settled = settled and not (line.grade and line.grade.failure in _TRANSIENT)
        yield line
    if journal is not None:
        journal.close(done=settled)


_TRANSIENT = (Failure.CONFIGURATION, Failure.UNREACHABLE, Failure.UNUSABLE)
"""Failures after which another run of the same batch makes sense."""


def _grade_once(session: Session, samples: int, path: Path) -> tuple[Callable[[Question, str], Grade], Journal | None]:
    """Grades with the model, until the key or the model is refused: then every further line gets that reason, unsent."""
    from coach.session.journal import Journal
    from coach.session.judging import judged

    try:
        journal = Journal(path)
    except StoreUnwritable as problem:
        session.notice(f"This batch can't be resumed if it is interrupted. {problem}")
        journal = None
    if journal is not None and journal.found:
        session.notice(f"Going on where an earlier run stopped: {journal.found} replies are there already.")
    refused: list[Grade] = []

    def grade(question: Question, answer: str) -> Grade:
        if refused:
            return replace(refused[0], question=question)
        made = judged(session, question, answer, samples, journal)
        if made.status is Status.UNGRADED and made.failure is Failure.CONFIGURATION:
            refused.append(made)
        return made

    return grade, journal


def _line(session: Session, number: int, row: Any, grade: Callable[[Question, str], Grade]) -> BatchLine:
    started = time.perf_counter()
    given = row.get("id") if isinstance(row, dict) else None
    name = None if given is None else str(given)
    try:
        question, answer = _fields(session, row)
        made = grade(question, answer)
    except ConfigError:
        raise
    except CoachError as problem:
        return BatchLine(number, name, None, error=str(problem))
    return BatchLine(number, name, made, round(1000 * (time.perf_counter() - started)))


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
