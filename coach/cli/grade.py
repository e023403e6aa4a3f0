"""``coach grade``: one answer, or a file of them."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coach import records
from coach.cli.options import complete_question, json_option, session
from coach.cli.report import say_grade, say_plan
from coach.cli.screen import notice, say, say_json, say_json_line
from coach.domain import Question, Status
from coach.errors import UsageError

if TYPE_CHECKING:
    from coach.session import Session


@click.command()
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option("--q", "q", metavar="Q", shell_complete=complete_question, help="The question that is answered.")
@click.option("--question", "question_text", metavar="TEXT", help="A question outside any deck; needs --reference.")
@click.option("--reference", metavar="FILE", help="The reference answer to --question.")
@click.option("--batch", metavar="FILE", help="Grade a JSONL or CSV file of answers, one line each; - reads JSONL.")
@click.option(
    "--grader",
    type=click.Choice(["auto", "offline", "llm"]),
    default="auto",
    show_default=True,
    help="auto: the language model where one is set, else offline.",
)
@click.option("--min-score", type=click.IntRange(0, 100), metavar="N", help="Exit with 1 below this score.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="For a model's batch: calls at once.")
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
    jobs: int,
    samples: int,
    dry_run: bool,
    no_save: bool,
    as_json: bool,
) -> int:
    """Grade an answer from a file, from standard input, or written in your editor."""
    from coach.session import judging
    from coach.session.grading import exit_code

    _check_usage(file, q, question_text, reference, batch)
    with session() as coach:
        if dry_run or samples > 1:
            _needs_model(coach, grader)
        if batch is not None:
            return _grade_batch(coach, batch, grader, as_json, jobs, samples, dry_run)
        question = _question(coach, q, question_text, reference)
        answer = read_answer(coach, file, question)
        if dry_run:
            say_plan(judging.plan(coach, question, answer, samples), as_json)
            return 0
        started = time.perf_counter()
        made = coach.grade(question, answer, grader, samples)
        elapsed = round(1000 * (time.perf_counter() - started))
    if as_json:
        say_json(records.grade(made, elapsed))
    else:
        say_grade(made)
    if made.status is Status.UNGRADED:
        if made.grader.kind == "llm":
            notice("Offline it can be graded now, and the grade will say so: the same command with --grader offline.")
        return exit_code(made)
    return 1 if min_score is not None and made.score is not None and made.score < min_score else 0


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


def read_answer(coach: Session, file: str | None, question: Question) -> str:
    """The answer from a file, standard input, or the user's editor."""
    from coach.session.inputs import answer_text, decoded

    limit = coach.settings.max_input_mb
    if file is not None and file != "-":
        return answer_text(Path(file), limit)
    if file == "-" or not sys.stdin.isatty():
        return decoded(sys.stdin.buffer.read((limit << 20) + 1), "standard input", limit)
    marker = "\n\n<!-- Write your answer above this line. -->\n<!-- " + question.text + " -->\n"
    written = click.edit(marker, extension=".md", require_save=True)
    if written is None:
        raise UsageError("The editor was left without saving.", "Nothing was graded.")
    return written.split("<!-- Write your answer above this line. -->")[0].strip()


def _grade_batch(coach: Session, name: str, grader: str, as_json: bool, jobs: int, samples: int, dry_run: bool) -> int:
    from coach.session.batch import batch, planned
    from coach.session.inputs import answer_text, decoded

    limit = coach.settings.max_document_mb
    if name == "-":
        text = decoded(sys.stdin.buffer.read((limit << 20) + 1), "standard input", limit)
    else:
        text = answer_text(Path(name), limit)
    is_csv = name.lower().endswith(".csv")
    if dry_run:
        for plan in planned(coach, text, is_csv, samples):
            say_plan(plan, as_json)
        return 0
    total = max(1, text.count("\n") + (not text.endswith("\n")))
    for done, line in enumerate(batch(coach, text, is_csv, grader, jobs, samples), 1):
        if as_json:
            head = {"line": line.line} | ({"id": line.id} if line.id is not None else {})
            body = records.grade(line.grade, line.elapsed_ms) if line.grade else _error(line.error)
            say_json_line(head | body)
        elif line.grade is None:
            say(f"{line.line}  {line.id or '-'}  error: {line.error}")
        else:
            made = line.grade
            say(f"{line.line}  {line.id or '-'}  q {made.question.number}  {_score_text(made.score, made.reason)}")
        sys.stdout.flush()
        coach.progress("Grading", min(done, total), total)
    if not text.strip():
        notice("The batch is empty.")
    return 0


def _score_text(score: int | None, reason: str | None) -> str:
    return f"ungraded: {reason}" if score is None else f"{score}/100"


def _error(message: str | None) -> records.Record:
    return {"schema_version": records.SCHEMA_VERSION, "error": message}
