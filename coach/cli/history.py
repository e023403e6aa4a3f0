"""``coach history``, ``override``, ``undo``, ``wipe`` and ``regrade``: what was answered, and what came of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from coach import records
from coach.cli.options import complete_question, grader_option, json_option, session
from coach.cli.screen import notice, paint, say, say_json, wrapped
from coach.errors import UsageError

if TYPE_CHECKING:
    from coach.domain.plans import Difference
    from coach.domain.practice import Attempt

LISTED = 20
"""Attempts in a list for a person, where nobody says how many."""


@click.command()
@click.argument("attempt_id", metavar="[ID]", required=False)
@click.option("--question", "q", metavar="Q", shell_complete=complete_question, help="Only attempts at this question.")
@click.option("-n", "count", type=click.IntRange(1), metavar="N", help="How many; else 20, or all with --json.")
@click.option(
    "--import", "source", metavar="FILE", help="Bring in what `coach export --format json` wrote; - reads it."
)
@json_option
def history(attempt_id: str | None, q: str | None, count: int | None, source: str | None, as_json: bool) -> None:
    """List your attempts, newest first, or show one: ID, its beginning, or `last`."""
    if source is not None:
        from coach.cli.export import brought_in

        if attempt_id is not None or q is not None or count is not None:
            raise UsageError("--import takes no ID and no filter.", "coach history --import FILE")
        brought_in(source, as_json)
        return
    with session() as coach:
        if attempt_id is not None:
            found = coach.practice.attempt(attempt_id)
            if as_json:
                say_json({"schema_version": records.SCHEMA_VERSION} | records.attempt(found))
            else:
                _say_attempt(found)
            return
        question = coach.library.find(q).id if q else None
        limit = count or (None if as_json else LISTED)
        if as_json:
            say_json(records.items([_listed(item) for item in coach.practice.attempts(question, limit)]))
            return
        rows = coach.practice.summaries(question, limit)
        texts = {item.id: item.text for item in coach.library.questions}
    if not rows:
        notice("Nothing was answered yet.")
    for row in rows:
        score = "waits" if row.status is None else "-" if row.score is None else str(row.score)
        own = f" (yours: {row.override})" if row.override is not None else ""
        what = "point of " if row.point else ""
        number = f"{row.number}" if row.number else "-"
        text = texts.get(row.question_id, row.section or "")
        say(f"{row.id}  {row.created_at.astimezone():%Y-%m-%d %H:%M}  {score:>5}{own}  {what}{number} {text[:50]}")


def _listed(item: Attempt) -> records.Record:
    whole = records.attempt(item)
    made = item.grade
    by = {"kind": made.grader.kind, "name": made.grader.name, "version": made.grader.version} if made else None
    return {key: whole[key] for key in whole if key not in ("grades", "reviews", "reference")} | {"grader": by}


def _say_attempt(item: Attempt) -> None:
    from coach.cli.report import say_grade
    from coach.text.printable import printable

    how = item.circumstances
    say(paint(f"{item.id} · {item.created_at.astimezone():%Y-%m-%d %H:%M} · {how.origin.value}", bold=True))
    notes = [f"{how.seconds:.0f} s"] if how.seconds is not None else []
    notes += [f"{how.hints} {'hint' if how.hints == 1 else 'hints'}"] if how.hints else []
    notes += [f"you expected {100 * how.confidence:.0f}"] if how.confidence is not None else []
    notes += ["reference shown"] if how.reference_shown else []
    notes += [f"retry of {how.retry_of}"] if how.retry_of else []
    notes += [f"key point {how.point}"] if how.point else []
    notes += [f"rated {review.rating.value}" for review in item.reviews if review.point_id == how.point]
    if notes:
        say(", ".join(notes))
    say()
    say(printable(item.answer))
    say()
    if item.grade is None:
        say("It waits for its grade: `coach regrade --pending`.")
    else:
        say_grade(item.grade)
    if item.override:
        say()
        say(wrapped(f"Your own score: {item.override.score}. {item.override.note}"))
    for earlier in item.grades[:-1]:
        by = earlier.grade.grader
        say(f"Before, {earlier.at:%Y-%m-%d}: {earlier.grade.score} ({by.name} {by.version})")


@click.command()
@click.argument("attempt_id", metavar="ID")
@click.option("--score", type=click.IntRange(0, 100), required=True, metavar="N", help="Your own score, 0 to 100.")
@click.option("--note", default="", metavar="T", help="Why.")
def override(attempt_id: str, score: int, note: str) -> None:
    """Put your own score beside the grade of an attempt. It counts for the schedule; the grade stays."""
    with session() as coach:
        item = coach.practice.override(attempt_id, score, note)
    made = item.grade.score if item.grade else None
    say(f"{item.id}: yours {score}, graded {'-' if made is None else made}")


@click.command()
def undo() -> None:
    """Take back the last attempt, override or regrade, and what it did to the schedule."""
    with session() as coach:
        done = coach.practice.undo()
    number = f" at question {done.question.number}" if done.question and done.question.number else ""
    score = f", {done.score}" if done.score is not None else ""
    ids = ", ".join(done.attempts[:3]) + (f" and {len(done.attempts) - 3} more" if len(done.attempts) > 3 else "")
    say(f"Taken back: {done.what} {ids}{number}{score}")


@click.command()
@click.option("--yes", is_flag=True, help="Don't ask.")
def wipe(yes: bool) -> None:
    """Forget all attempts, grades, cards and drafts, and the backups of the history."""
    with session() as coach:
        count = coach.practice.history.count()
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError("Nothing was forgotten.", "Off a terminal, `coach wipe --yes` does it.")
            question = (
                f"Forget {count} {'attempt' if count == 1 else 'attempts'} and everything that follows from them?"
            )
            if not click.confirm(question, err=True):
                notice("Nothing was forgotten.")
                return
        coach.practice.wipe()
    say(f"Forgotten: {count} {'attempt' if count == 1 else 'attempts'}")


@click.command()
@click.option("--since", metavar="DAY", help="Only answers from this day on, as 2026-11-30.")
@click.option("--pending", is_flag=True, help="Only answers without a grade.")
@grader_option
@json_option
def regrade(since: str | None, pending: bool, grader: str, as_json: bool) -> None:
    """Grade old answers anew. Both grades are kept, the new one counts, and nothing is scheduled."""
    with session() as coach:
        rows = []
        for item in coach.practice.regraded(grader, _day(since), pending):
            rows.append(item)
            if not as_json:
                _say_difference(item)
    if as_json:
        say_json(records.items([_difference(item) for item in rows]))
        return
    both = [item.after - item.before for item in rows if item.after is not None and item.before is not None]
    moved = sum(change != 0 for change in both)
    new = sum(item.before is None and item.after is not None for item in rows)
    failed = sum(item.after is None for item in rows)
    mean = f", by {sum(both) / len(both):+.1f} on average" if both else ""
    say(f"{len(rows)} graded anew: {moved} changed{mean}; {new} had no grade before; {failed} could not be graded")


def _day(text: str | None) -> datetime | None:
    """The first moment of a local day, or a time as given, in UTC."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise UsageError(f"{text!r} is no day.", "Write it as 2026-11-30.") from problem


def _difference(item: Difference) -> records.Record:
    return {
        "id": item.attempt_id,
        "question": records.question(item.question),
        "before": item.before,
        "after": item.after,
        "before_by": item.before_by or None,
        "after_by": item.after_by or None,
        "reason": item.reason,
        "points": [{"text": text, "before": before, "after": after} for text, before, after in item.points],
    }


def _say_difference(item: Difference) -> None:
    before = "-" if item.before is None else str(item.before)
    after = "-" if item.after is None else str(item.after)
    reason = f"  {item.reason}" if item.reason else ""
    say(f"{item.attempt_id}  q {item.question.number or '-'}  {before:>3} to {after:>3}{reason}")
    for text, was, now in item.points:
        say(wrapped(f"{was} to {now}: {text}", "    ", "      "))
