"""What a teacher hands back and keeps: a sheet for each student, a page on the class, a table to check."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from coach.domain import Outcome
from coach.practice.classroom import ClassFigures, Entry, by_student, mean_score
from coach.practice.export import charts
from coach.practice.export.blocks import Block, Bullets, Chart, Heading, Quote, Table, Text
from coach.practice.export.cells import Cell, guarded, rows_as_csv, unguarded
from coach.practice.export.report import OUTCOME_WORDS

REVIEW_HEAD = (
    "key", "override", "note", "score", "confidence", "low", "high", "student", "q", "question", "why", "flags", "answer",
)  # fmt: skip
"""Columns of ``review.csv``; ``override`` and ``note`` are the teacher's."""

UNSURE_BELOW = 0.5
"""Confidence below which a grade ought to be looked at."""

MOST_MISSED, MOST_HELD, MOST_ALIKE = 12, 12, 20
"""Rows of the class page."""


def sheet(student: str, entries: Sequence[Entry]) -> list[Block]:
    """One student's answers with what became of them."""
    mean = mean_score(entries)
    count = f"{len(entries)} {'answer' if len(entries) == 1 else 'answers'}"
    blocks: list[Block] = [
        Heading(1, student),
        Text(f"{count}, {'no score yet' if mean is None else f'{mean:.0f} of 100 on average'}."),
    ]
    for entry in entries:
        blocks += _answered(entry)
    blocks.append(Text(_provenance(entries)))
    return blocks


def _answered(entry: Entry) -> Iterator[Block]:
    question = entry.question
    if question is None:
        yield Heading(2, "An answer that could not be used")
        yield Text(entry.error or "")
        yield Quote(entry.answer)
        return
    yield Heading(2, f"{question.number}. {question.text}" if question.number else question.text)
    yield Text(_score_text(entry))
    if entry.note:
        yield Text(f"Note: {entry.note}")
    yield Quote(entry.answer)
    grade = entry.grade
    if grade is None or grade.score is None:
        return
    if grade.feedback.summary and entry.override is None:
        yield Text(grade.feedback.summary)
    rows = tuple(
        (
            OUTCOME_WORDS[verdict.outcome],
            verdict.point.text,
            "; ".join(f"“{found.span.of(entry.answer)}”" for found in verdict.evidence[:1]),
        )
        for verdict in grade.points
    )
    if rows:
        yield Table(("", "Key point", "Your words"), rows)
    wrong = tuple(
        f"“{found.claim.span.of(entry.answer)}” {found.why or found.reference}" for found in grade.contradictions
    )
    if wrong:
        yield Text("Said, and not so:")
        yield Bullets(wrong)
    if grade.feedback.next_step:
        yield Text(f"Next: {grade.feedback.next_step}")


def _score_text(entry: Entry) -> str:
    machine = entry.grade.score if entry.grade else None
    if entry.override is not None:
        beside = "" if machine is None else f" (the machine's grade was {machine})"
        return f"Score: {entry.override} of 100, by your teacher{beside}."
    if machine is None or entry.grade is None:
        reason = entry.grade.reason if entry.grade else entry.error
        return f"Not graded yet: {reason or 'it waits for its grade.'}"
    return f"Score: {machine} of 100 ({entry.grade.band.value if entry.grade.band else ''})."


def _provenance(entries: Sequence[Entry]) -> str:
    graders = dict.fromkeys(
        " ".join(part for part in (by.kind, by.name, by.version, by.model) if part)
        for entry in entries
        if entry.grade is not None and entry.grade.score is not None
        for by in (entry.grade.grader,)
    )
    made = f"Graded by coach ({', '.join(graders)}), point by point against a reference answer. " if graders else ""
    return f"{made}A machine's grade may be wrong: ask where you think it is."


def class_page(entries: Sequence[Entry]) -> list[Block]:
    """What the class shows, for its teacher: it names students."""
    from coach.practice.classroom import class_figures

    found = class_figures(entries)
    mean = "no score yet" if found.mean is None else f"{found.mean:.0f} of 100 on average"
    changed = f", {found.overridden} by yourself" if found.overridden else ""
    blocks: list[Block] = [
        Heading(1, "The class"),
        Text(f"{found.students} students, {found.answers} answers, {found.graded} with a score{changed}; {mean}."),
    ]
    blocks += _questions(found)
    blocks += _missed(found)
    blocks += _held(found)
    blocks += _alike(found)
    rows = tuple(
        (name, str(len(rows)), "–" if (score := mean_score(rows)) is None else f"{score:.0f}")
        for name, rows in sorted(by_student(entries).items())
    )
    return [*blocks, Heading(2, "Students", new_page=True), Table(("Student", "Answers", "Score"), rows)]


def _questions(found: ClassFigures) -> list[Block]:
    rows = tuple(
        (
            str(item.question.number or "–"),
            item.question.text,
            str(item.graded),
            "–" if item.mean is None else f"{item.mean:.0f}",
            "–" if item.median is None else f"{item.median:.0f}",
            " ".join(map(str, item.spread)),
        )
        for item in found.questions
    )
    bars = [
        (f"{item.question.number or ''} {item.question.text}".strip(), item.mean, f"{item.mean:.0f}")
        for item in found.questions
        if item.mean is not None
    ]
    head = ("No.", "Question", "Graded", "Mean", "Median", "0-29 30-49 50-69 70-89 90-100")
    return (
        [Heading(2, "Questions"), Chart(charts.bars("Mean score by question", bars), Table(head, rows))] if rows else []
    )


def _missed(found: ClassFigures) -> list[Block]:
    rows = tuple(
        (str(item.question.number or "–"), item.text, str(item.missing), str(item.contradicted), str(item.answers))
        for item in found.missed[:MOST_MISSED]
    )
    title = Heading(2, "Points most missed")
    return [title, Table(("No.", "Key point", "Missing", "Wrong", "Answers"), rows)] if rows else [title, Text("None.")]


def _held(found: ClassFigures) -> list[Block]:
    lines = tuple(
        f"{item.students} students, question {item.question.number or '–'}: {' / '.join(f'“{quote}”' for quote in item.quotes)} "
        f"True is: {item.why}"
        for item in found.misconceptions[:MOST_HELD]
    )
    title = Heading(2, "Misconceptions most held")
    return [title, Bullets(lines)] if lines else [title, Text("None that two students share.")]


def _alike(found: ClassFigures) -> list[Block]:
    rows = tuple(
        (str(question.number or "–"), first.student, second.student, f"{100 * pair.share:.0f} %")
        for question, first, second, pair in found.alike[:MOST_ALIKE]
    )
    title = Heading(2, "Answers much alike")
    note = Text(
        "Share of the shorter answer's runs of four words that the other one has, too; the question's and the "
        "reference's words don't count. A reason to look, no proof of anything."
    )
    return [title, Table(("No.", "Student", "Student", "Alike"), rows), note] if rows else [title, Text("None.")]


# --- the table to check ---------------------------------------------------------------------------


def review_csv(entries: Sequence[Entry]) -> str:
    """The table to check: what has no score first, then the least confident."""

    def doubt(entry: Entry) -> tuple[bool, float, int]:
        grade = entry.grade
        unscored = grade is None or grade.score is None
        return not unscored, (grade.confidence or 0.0) if grade else 0.0, entry.line

    return "".join(rows_as_csv(REVIEW_HEAD, (_review_row(entry) for entry in sorted(entries, key=doubt))))


def _review_row(entry: Entry) -> list[Cell]:
    grade, question = entry.grade, entry.question
    low, high = (grade.range if grade else None) or (None, None)
    return [
        entry.key,
        entry.override,
        entry.note,
        grade.score if grade else None,
        None if grade is None or grade.confidence is None else round(grade.confidence, 2),
        low,
        high,
        entry.student,
        question.number or question.id if question else None,
        question.text if question else None,
        _why(entry),
        " ".join(flag.value for flag in grade.flags) if grade else None,
        entry.answer,
    ]


def _why(entry: Entry) -> str:
    """Why somebody should look at it; empty where nothing speaks for that."""
    grade = entry.grade
    if grade is None or grade.score is None:
        return entry.error or (grade.reason if grade else None) or "no grade"
    reasons = []
    if (grade.confidence or 0) < UNSURE_BELOW:
        reasons.append("the grader is unsure")
    if grade.flags:
        reasons.append("flagged")
    if any(verdict.outcome is Outcome.CONTRADICTED for verdict in grade.points):
        reasons.append("a false claim was found")
    return ", ".join(reasons)


def overrides_in(text: str) -> tuple[dict[str, tuple[int | None, str]], list[str]]:
    """From a checked ``review.csv``: key -> (score or None, note), and what could not be used.

    Commas, semicolons and tabs separate, as spreadsheets of one country or another save it.
    """
    found: dict[str, tuple[int | None, str]] = {}
    problems: list[str] = []
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(1 << 26)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator)
    try:
        rows = list(reader)
    except csv.Error as problem:
        return {}, [f"It cannot be read as CSV: {problem}."]
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or []}
    if "key" not in names or "override" not in names:
        return {}, ["It has no columns key and override."]
    for number, row in enumerate(rows, 2):
        key = (row.get(names["key"]) or "").strip()
        value = (row.get(names["override"]) or "").strip()
        note = unguarded((row.get(names.get("note", "")) or "").strip())
        if not key and not value:
            continue
        score = _score_of(value)
        if value and score is None:
            problems.append(f"Row {number}: {guarded(value)[:40]!r} is no score from 0 to 100.")
        else:
            found[key] = (score, note)
    return found, problems


def _score_of(text: str) -> int | None:
    plain = text.removesuffix("%").strip().replace(",", ".")
    whole, _, rest = plain.partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 3 and not rest.strip("0")):
        return None
    return int(whole) if int(whole) <= 100 else None
