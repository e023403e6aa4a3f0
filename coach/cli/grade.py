"""``coach grade``: one answer, or a file of them."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coach import records
from coach.cli.options import complete_question, grader_option, json_option, session
from coach.cli.report import say_grade, say_plan
from coach.cli.screen import notice, say, say_json, say_json_line
from coach.domain import Question, Status
from coach.errors import CoachError, UsageError

if TYPE_CHECKING:
    from coach.domain import Grade
    from coach.domain.practice import Attempt
    from coach.session import Session
    from coach.session.batch import BatchLine


@click.command()
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option("--q", "q", metavar="Q", shell_complete=complete_question, help="The question that is answered.")
@click.option("--question", "question_text", metavar="TEXT", help="A question outside any deck; needs --reference.")
@click.option("--reference", metavar="FILE", help="The reference answer to --question.")
@click.option("--batch", metavar="FILE", help="Grade a JSONL or CSV file of answers, one line each; - reads JSONL.")
@grader_option
@click.option("--min-score", type=click.IntRange(0, 100), metavar="N", help="Exit with 1 below this score.")
@click.option("--report", metavar="DIR", help="For --batch: sheets for students, review.csv and a class page into DIR.")
@click.option("--apply", "review", metavar="FILE", help="With --report DIR: read a checked review.csv back.")
@click.option("--columns", metavar="…", help="Which column is what: student=Name,q=Item,answer=Response.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="For a model's batch: calls at once.")
@click.option("--save", is_flag=True, help="Keep the answers of a batch in the history.")
@click.option(
    "--samples", type=click.IntRange(1, 25), default=1, metavar="N", help="Ask the model N times; the median counts."
)
@click.option(
    "--dry-run", is_flag=True, help="Show what would be sent to the model, with tokens and cost; send nothing."
)
@click.option("--no-save", is_flag=True, help="Keep nothing of this attempt.")
@json_option
def grade(
    file: str | None,
    q: str | None,
    question_text: str | None,
    reference: str | None,
    batch: str | None,
    grader: str,
    min_score: int | None,
    report: str | None,
    review: str | None,
    columns: str | None,
    jobs: int,
    save: bool,
    samples: int,
    dry_run: bool,
    no_save: bool,
    as_json: bool,
) -> int:
    """Grade an answer from a file, from standard input, or written in your editor."""
    from coach.cli import grade_week
    from coach.session.grading import exit_code

    if review is not None or (batch is None and (report or columns)):
        return grade_week.applied(report, review, batch)
    _check_usage(file, q, question_text, reference, batch)
    with session() as coach:
        if dry_run or samples > 1:
            _needs_model(coach, grader)
        way = Way(save, as_json, jobs, samples, dry_run)
        if batch is not None and (report or columns):
            return grade_week.graded(coach, batch, report, columns, grader, way)
        if batch is not None:
            return _grade_batch(coach, batch, grader, way)
        question = _question(coach, q, question_text, reference)
        answer, seconds = read_answer(coach, file, question, not no_save)
        if dry_run:
            from coach.session import judging

            say_plan(judging.plan(coach, question, answer, samples), as_json)
            return 0
        started = time.perf_counter()
        kept = None if no_save else _kept(coach, question, answer, seconds)
        made = _made(coach, question, answer, grader, kept, samples)
        elapsed = round(1000 * (time.perf_counter() - started))
    if as_json:
        say_json(records.grade(made, elapsed) | {"attempt": kept.id if kept else None})
    else:
        say_grade(made)
        if kept:
            say(f"\nKept as attempt {kept.id}")
    if made.status is Status.UNGRADED:
        if made.grader.kind == "llm":
            notice("Offline it can be graded now, and the grade will say so: the same command with --grader offline.")
        return exit_code(made)
    return 1 if min_score is not None and made.score is not None and made.score < min_score else 0


@dataclass(frozen=True, slots=True)
class Way:
    """How a batch is graded and shown."""

    save: bool
    as_json: bool
    jobs: int
    samples: int
    dry_run: bool


def _needs_model(coach: Session, grader: str) -> None:
    from coach.session.grading import chosen

    if chosen(coach, grader) != "llm":
        raise UsageError(
            "--dry-run and --samples are for grading with a language model.",
            "Add --grader llm. The offline grader sends nothing and gives the same grade every time.",
        )


def _check_usage(
    file: str | None, q: str | None, question_text: str | None, reference: str | None, batch: str | None
) -> None:
    if batch is not None:
        if file or q or question_text or reference:
            raise UsageError("--batch takes its questions and answers from its file.", "Leave FILE and --q out.")
    elif bool(q) == bool(question_text):
        raise UsageError(
            "Name the question that is answered: --q Q, or --question TEXT --reference FILE.",
            "`coach questions` lists them.",
        )
    elif question_text and not reference:
        raise UsageError("--question needs --reference FILE.", "A grade needs something to grade by.")
    elif q and reference:
        raise UsageError("--reference goes with --question.", "A question of a deck has its own reference.")


def _question(coach: Session, q: str | None, text: str | None, reference: str | None) -> Question:
    if q is not None:
        return coach.library.find(q)
    from coach.session.grading import ad_hoc_question
    from coach.session.inputs import answer_text

    return ad_hoc_question(text or "", answer_text(Path(reference or ""), coach.settings.max_input_mb))


def read_answer(coach: Session, file: str | None, question: Question, keep: bool) -> tuple[str, float | None]:
    """The answer from a file, standard input or the user's editor, and the seconds that it took where it was written there."""
    from coach.session.inputs import answer_text, decoded

    limit = coach.settings.max_input_mb
    if file is not None and file != "-":
        return answer_text(Path(file), limit), None
    if file == "-" or not sys.stdin.isatty():
        return decoded(sys.stdin.buffer.read((limit << 20) + 1), "standard input", limit), None
    from coach.cli.editing import written

    return written(coach, question, keep)


def _kept(coach: Session, question: Question, answer: str, seconds: float | None) -> Attempt:
    """The answer on the disk, before anything can go wrong with its grade."""
    from coach.domain.practice import Circumstances

    attempt = coach.practice.submit(question, answer, Circumstances(seconds=seconds))
    if seconds is not None:
        coach.practice.drop_draft(question.id)
    return attempt


def _made(coach: Session, question: Question, answer: str, grader: str, kept: Attempt | None, samples: int) -> Grade:
    if kept is None:
        return coach.grade(question, answer, grader, samples)
    try:
        made = coach.practice.graded(kept, grader, samples).grade
    except CoachError:
        notice(f"Your answer is kept as attempt {kept.id}; `coach regrade --pending` grades it later.")
        raise
    assert made is not None
    return made


def _grade_batch(coach: Session, name: str, grader: str, way: Way) -> int:
    from coach.session.batch import batch, planned
    from coach.session.inputs import answer_text, decoded

    limit = coach.settings.max_document_mb
    if name == "-":
        text = decoded(sys.stdin.buffer.read((limit << 20) + 1), "standard input", limit)
    else:
        text = answer_text(Path(name), limit)
    is_csv = name.lower().endswith(".csv")
    if way.dry_run:
        for plan in planned(coach, text, is_csv, way.samples):
            say_plan(plan, way.as_json)
        return 0
    total = max(1, text.count("\n") + (not text.endswith("\n")))
    for done, line in enumerate(batch(coach, text, is_csv, grader, way.jobs, way.samples, save=way.save), 1):
        say_line(line, way.as_json, way.save)
        coach.progress("Grading", min(done, total), total)
    if not text.strip():
        notice("The batch is empty.")
    return 0


def say_line(line: BatchLine, as_json: bool, saved: bool = False) -> None:
    """Print what became of one line of a batch, at once."""
    if as_json:
        head = {"line": line.line} | ({"id": line.id} if line.id is not None else {})
        body = records.grade(line.grade, line.elapsed_ms) if line.grade else _error(line.error)
        say_json_line(head | body | ({"attempt": line.attempt} if saved else {}))
    elif line.grade is None:
        say(f"{line.line}  {line.id or '-'}  error: {line.error}")
    else:
        made = line.grade
        say(f"{line.line}  {line.id or '-'}  q {made.question.number}  {_score_text(made.score, made.reason)}")
    sys.stdout.flush()


def _score_text(score: int | None, reason: str | None) -> str:
    return f"ungraded: {reason}" if score is None else f"{score}/100"


def _error(message: str | None) -> records.Record:
    return {"schema_version": records.SCHEMA_VERSION, "error": message}
