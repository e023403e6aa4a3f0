"""The grading week: a class's answers in, sheets, a table to check and a page on the class out.

Everything about one run lies in its folder: ``grades.jsonl`` holds what the sheets are made of, so that a checked
``review.csv`` changes them without grading anything again. Names stay here: a grader gets answers in which the names of
the class are masked.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach import records
from coach.domain import Grade
from coach.errors import NotFound, UnreadableInput, UsageError
from coach.session.batch import BatchLine, batch

if TYPE_CHECKING:
    from coach.practice.classroom import Entry
    from coach.session import Session

GRADES, REVIEW = "grades.jsonl", "review.csv"
"""Files of a report's folder, beside ``class.md``, ``class.html`` and the folder ``sheets``."""

NOBODY = "(no name)"
"""How a student without a name is called."""


@dataclass(frozen=True, slots=True)
class Handed:
    """One line of a class's file."""

    line: int
    """1-based line or record."""
    key: str
    student: str
    q: Any
    answer: Any
    id: str | None
    """As given."""
    problem: str = ""
    """What is wrong with the line, where something is."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a run left in its folder."""

    folder: Path
    students: int
    answers: int
    graded: int
    overridden: int
    problems: tuple[str, ...]
    """Overrides that could not be used."""


class Teaching:
    """Grading for a class."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def handed_in(self, text: str, is_csv: bool, columns: Mapping[str, str], named: bool) -> list[Handed]:
        """The lines of a class's file; ``columns`` says what the names of columns don't.

        ``named`` asks for a column of students. Raises UsageError where a column is missing.
        """
        needed = ("student", "q", "answer") if named else ("q", "answer")
        rows = _table(text, columns, needed) if is_csv else _objects(text, columns)
        seen: dict[str, int] = {}
        return [_handed(line, row, seen) for line, row in rows]

    def graded(
        self, handed: Sequence[Handed], grader: str, save: bool, jobs: int = 1, samples: int = 1
    ) -> Iterator[tuple[Handed, BatchLine]]:
        """Each line with its grade, in order. With ``save`` the answers go into the history as well.

        With a language model ``jobs`` calls run at once, and each answer is judged ``samples`` times.
        """
        from coach.practice.classroom.roster import Roster

        roster = Roster(item.student for item in handed)
        lines = "".join(f"{json.dumps(_for_grader(item, roster))}\n" for item in handed)
        for item, line in zip(handed, batch(self._session, lines, False, grader, jobs, samples), strict=True):
            found = replace(line, line=item.line, id=item.id)
            if item.problem:
                found = replace(found, grade=None, error=item.problem)
            if save and found.grade is not None:
                found = replace(found, attempt=self._kept(item.answer, found.grade, found.elapsed_ms))
            yield item, found

    def _kept(self, answer: str, grade: Grade, elapsed_ms: int) -> str:
        """The answer as it was handed in goes into the history, with the grade of its masked form; the attempt's id."""
        from coach.domain.practice import Circumstances, Origin

        practice = self._session.practice
        attempt = practice.submit(grade.question, answer, Circumstances(Origin.BATCH))
        return practice.record(attempt, grade, elapsed_ms).id

    def entry(self, item: Handed, line: BatchLine) -> Entry:
        """A graded line as the sheets need it."""
        from coach.practice.classroom import Entry

        answer = item.answer if isinstance(item.answer, str) else ""
        question = line.grade.question if line.grade else None
        return Entry(item.key, item.line, item.student, answer, question, line.grade, line.error)

    def write(self, folder: Path, entries: Sequence[Entry]) -> Written:
        """Everything into ``folder``; what a teacher wrote into its ``review.csv`` before is kept and used.

        Raises StoreUnwritable.
        """
        problems: tuple[str, ...] = ()
        if (folder / REVIEW).exists() or (folder / GRADES).exists():
            before = {entry.key: (entry.override, entry.note) for entry in self._read(folder, missing_ok=True)}
            checked, problems = self._overrides(folder / REVIEW) if (folder / REVIEW).exists() else ({}, ())
            entries = _overridden(entries, before | checked)
        return self._written(folder, entries, problems)

    def apply(self, folder: Path, review: Path) -> Written:
        """Read the checked table back and write everything in ``folder`` anew.

        Raises NotFound where nothing was graded there, UnreadableInput for a table that can't be read.
        """
        entries = self._read(folder)
        checked, problems = self._overrides(review)
        known = {entry.key for entry in entries}
        strangers = tuple(f"{key!r} is no answer of this report." for key in checked if key not in known)
        return self._written(folder, _overridden(entries, checked), (*problems, *strangers))

    def _overrides(self, path: Path) -> tuple[dict[str, tuple[int | None, str]], tuple[str, ...]]:
        from coach.practice.classroom.sheets import overrides_in
        from coach.session.inputs import answer_text

        found, problems = overrides_in(answer_text(path, self._session.settings.max_document_mb))
        return found, tuple(problems)

    def _read(self, folder: Path, missing_ok: bool = False) -> list[Entry]:
        path = folder / GRADES
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as problem:
            if missing_ok:
                return []
            raise NotFound(
                f"Nothing was graded in {folder}.", "`coach grade --batch FILE --report DIR` comes first."
            ) from problem
        try:
            return [_entry_from(json.loads(line)) for line in lines if line.strip()]
        except (ValueError, KeyError, TypeError) as problem:
            if missing_ok:
                return []
            raise UnreadableInput(f"{path} can't be read: {problem}.", "Grade the batch again.") from problem

    def _written(self, folder: Path, entries: Sequence[Entry], problems: tuple[str, ...]) -> Written:
        from coach.practice.classroom import by_student, sheets
        from coach.practice.classroom.roster import file_name
        from coach.practice.export import blocks
        from coach.storage import write_atomically

        stale = {file_name(entry.student) for entry in self._read(folder, missing_ok=True)}
        write_atomically(folder / GRADES, "".join(f"{json.dumps(_entry_record(entry))}\n" for entry in entries))
        write_atomically(folder / REVIEW, "\ufeff" + sheets.review_csv(entries))
        page = sheets.class_page(entries)
        write_atomically(folder / "class.md", blocks.markdown(page))
        write_atomically(folder / "class.html", blocks.html("The class", page))
        students = by_student(entries)
        for student, own in students.items():
            found, name = sheets.sheet(student, own), file_name(student)
            write_atomically(folder / "sheets" / f"{name}.md", blocks.markdown(found))
            write_atomically(folder / "sheets" / f"{name}.html", blocks.html(student, found))
        for name in stale - {file_name(student) for student in students}:
            for ending in ("md", "html"):
                (folder / "sheets" / f"{name}.{ending}").unlink(missing_ok=True)
        graded = sum(entry.score is not None for entry in entries)
        changed = sum(entry.override is not None for entry in entries)
        return Written(folder, len(students), len(entries), graded, changed, problems)


def _overridden(entries: Iterable[Entry], checked: Mapping[str, tuple[int | None, str]]) -> list[Entry]:
    return [
        replace(entry, override=checked[entry.key][0], note=checked[entry.key][1]) if entry.key in checked else entry
        for entry in entries
    ]


# --- reading a class's file -----------------------------------------------------------------------


def _table(text: str, columns: Mapping[str, str], needed: Sequence[str]) -> Iterator[tuple[int, Any]]:
    from coach.practice.classroom.columns import recognised

    csv.field_size_limit(1 << 26)
    header = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    names = recognised([name for name in reader.fieldnames or [] if name], columns, needed)
    try:
        for number, row in enumerate(reader, 1):
            yield number, {what: row.get(name) for what, name in names.items()}
    except csv.Error as problem:
        raise UsageError(f"The CSV file cannot be read: {problem}.", "Check its quotes.") from problem


def _objects(text: str, columns: Mapping[str, str]) -> Iterator[tuple[int, Any]]:
    """JSON lines; each line's own names are recognised, since not every line need have all."""
    from coach.practice.classroom.columns import recognised

    lines = text.split("\n")
    if lines and not lines[-1].strip():
        lines.pop()
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield number, "The line is not JSON."
            continue
        if not isinstance(row, dict):
            yield number, "The line is no JSON object."
            continue
        here = {what: name for what, name in columns.items() if name in row}
        yield number, {what: row[name] for what, name in recognised(list(row), here, ()).items()}


def _handed(line: int, row: Any, seen: dict[str, int]) -> Handed:
    problem = row if isinstance(row, str) else ""
    fields = {} if isinstance(row, str) else row
    student = " ".join(str(fields.get("student") or "").split()) or NOBODY
    wanted, answer, given = fields.get("q"), fields.get("answer"), fields.get("id")
    if isinstance(wanted, str):
        wanted = wanted.strip()
    content = json.dumps([student, wanted, answer], sort_keys=True, default=str)
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    seen[digest] = seen.get(digest, 0) + 1
    # The same answer of the same student twice: both are kept, told apart by their order.
    key = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    return Handed(line, key, student, wanted, answer, None if given in (None, "") else str(given), problem)


def _for_grader(item: Handed, roster: Any) -> dict[str, Any]:
    """What a grader may see of a line: no name, no address, no number of a student."""
    answer = roster.masked(item.answer, item.student) if isinstance(item.answer, str) else item.answer
    return {"q": item.q, "answer": answer, "id": item.key}


# --- the folder's own record ----------------------------------------------------------------------


def _entry_record(entry: Entry) -> records.Record:
    question = entry.question
    return {
        "key": entry.key,
        "line": entry.line,
        "student": entry.student,
        "answer": entry.answer,
        "question": records.question(question) | {"reference": question.reference} if question else None,
        "grade": records.grade(entry.grade) if entry.grade else None,
        "error": entry.error,
        "override": entry.override,
        "note": entry.note,
    }


def _entry_from(row: Mapping[str, Any]) -> Entry:
    from coach.practice.classroom import Entry
    from coach.records.reading import question_from

    question = question_from(row["question"]) if row["question"] else None
    grade: Grade | None = records.grade_from(row["grade"], question) if row["grade"] and question else None
    return Entry(
        str(row["key"]),
        int(row["line"]),
        str(row["student"]),
        str(row["answer"]),
        question,
        grade,
        row["error"],
        row["override"],
        str(row["note"]),
    )
