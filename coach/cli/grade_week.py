"""``coach grade --batch FILE --report DIR`` and ``--apply``: a class's answers to sheets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from coach.cli.options import session
from coach.cli.screen import notice
from coach.errors import UsageError

if TYPE_CHECKING:
    from coach.cli.grade import Way
    from coach.session import Session
    from coach.session.teaching import Written


def graded(coach: Session, name: str, report: str | None, columns: str | None, grader: str, way: Way) -> int:
    """Grade a class's file: one line out for each line in, and the report into its folder."""
    from coach.cli.grade import say_line
    from coach.practice.classroom.columns import told
    from coach.session.inputs import answer_text, decoded

    if way.dry_run:
        raise UsageError("--dry-run shows a plain batch.", "Leave --report and --columns out for it.")
    limit = coach.settings.max_document_mb
    if name == "-":
        text = decoded(sys.stdin.buffer.read((limit << 20) + 1), "standard input", limit)
    else:
        text = answer_text(Path(name), limit)
    handed = coach.teaching.handed_in(text, name.lower().endswith(".csv"), told(columns), named=report is not None)
    entries = []
    for done, (item, line) in enumerate(coach.teaching.graded(handed, grader, way.save, way.jobs, way.samples), 1):
        say_line(line, way.as_json, way.save)
        entries.append(coach.teaching.entry(item, line))
        coach.progress("Grading", done, len(handed))
    if not handed:
        notice("The batch is empty.")
    if report is not None:
        _told(coach.teaching.write(Path(report), entries))
    return 0


def applied(report: str | None, review: str | None, batch: str | None) -> int:
    """Read a checked table back into the report that it belongs to."""
    if review is None or report is None or batch is not None:
        raise UsageError(
            "--report and --columns go with --batch FILE; --apply FILE goes with --report DIR alone.",
            "coach grade --batch answers.csv --report DIR, then coach grade --report DIR --apply DIR/review.csv.",
        )
    with session() as coach:
        _told(coach.teaching.apply(Path(report), Path(review)))
    return 0


def _told(done: Written) -> None:
    """What was written, on standard error: the lines of the batch alone are the result."""
    for problem in done.problems:
        notice(f"review.csv: {problem}")
    changed = f", {done.overridden} with your score" if done.overridden else ""
    notice(
        f"{done.answers} answers by {done.students} students, {done.graded} with a score{changed}. Written to "
        f"{done.folder}: sheets/, review.csv (least sure first; fill in `override`), class.html."
    )
