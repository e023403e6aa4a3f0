"""``coach ask``, ``hint``, ``explain``, ``outline``, ``crisper`` and ``follow-up``: what a coach does beside grading."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from coach import records
from coach.cli.options import json_option, question_argument, session
from coach.cli.report import say_grade
from coach.cli.screen import notice, paint, say, say_json, wrapped
from coach.text.printable import printable

if TYPE_CHECKING:
    from coach.coaching.asking import Answer
    from coach.coaching.told import Told

model_option = click.option(
    "--model/--offline", "with_model", default=None, help="With the language model, or without; default: as set."
)


@click.command()
@click.argument("text", nargs=-1, required=True)
@model_option
@json_option
def ask(text: tuple[str, ...], with_model: bool | None, as_json: bool) -> None:
    """Ask the coach: it answers from the documents, with citations. Offline it shows the best passages."""
    from coach.coaching.asking import cited_numbers

    asked = " ".join(text)
    with session() as coach:
        answer = coach.coaching.ask(asked, with_model=with_model)
        if as_json:
            said = "".join(answer.pieces)
            say_json(_answer_record(asked, answer, said, cited_numbers(said)))
            return
        if not answer.citations:
            say("The documents hold nothing about this.")
            return
        if answer.by == "passages":
            say("Without a language model: the passages that come nearest, for you to read.")
            _say_sources(answer, None)
            return
        said = _stream(answer.pieces)
    cited = cited_numbers(said)
    if cited:
        _say_sources(answer, cited)
    else:
        notice("This answer cites none of the documents: don't rely on it.")


@click.command()
@question_argument
@click.option(
    "--step",
    type=click.IntRange(1, 3),
    default=1,
    show_default=True,
    metavar="N",
    help="1 direction, 2 the point named, 3 the reference.",
)
@json_option
def hint(q: str, step: int, as_json: bool) -> None:
    """Get a hint in three steps: a direction, the key point named, the sentence of the reference."""
    with session() as coach:
        found = coach.coaching.hint_at(coach.library.find(q), step)
    if as_json:
        point = found.point.id if found.point else None
        say_json({"schema_version": records.SCHEMA_VERSION, "step": found.step, "text": found.text, "point": point})
        return
    say(wrapped(found.text))


@click.command()
@question_argument
@click.argument("point", metavar="POINT")
@model_option
@json_option
def explain(q: str, point: str, with_model: bool | None, as_json: bool) -> None:
    """Explain one key point: its id, its place (2), or words of it. `coach show Q --rubric` lists them."""
    with session() as coach:
        question = coach.library.find(q)
        _tell(coach.coaching.explain(question, coach.coaching.point(question, point), with_model), as_json)


@click.command()
@question_argument
@model_option
@json_option
def outline(q: str, with_model: bool | None, as_json: bool) -> None:
    """See how a question could be answered: a model answer built from the reference; offline its outline."""
    with session() as coach:
        _tell(coach.coaching.model_answer(coach.library.find(q), with_model=with_model), as_json)


@click.command()
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option("--q", "q", metavar="Q", required=True, help="The question that is answered.")
@model_option
@json_option
def crisper(file: str | None, q: str, with_model: bool | None, as_json: bool) -> None:
    """Say your own answer in fewer words; offline: which of its sentences make no point."""
    from coach.cli.grade import read_answer

    with session() as coach:
        question = coach.library.find(q)
        _tell(coach.coaching.crisper(question, read_answer(coach, file, question, keep=False)[0], with_model), as_json)


@click.command("follow-up")
@question_argument
@click.argument("point", metavar="POINT")
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option(
    "--grader", type=click.Choice(["auto", "offline", "llm"]), default="auto", show_default=True, help="As for grade."
)
@json_option
def follow_up(q: str, point: str, file: str | None, grader: str, as_json: bool) -> int:
    """Answer a follow-up: graded by one key point alone. Without FILE it shows the question."""
    from coach.cli.grade import read_answer
    from coach.coaching.probes import probe
    from coach.session.grading import exit_code

    with session() as coach:
        question = coach.library.find(q)
        found = coach.coaching.point(question, point)
        if file is None:
            if as_json:
                say_json({"schema_version": records.SCHEMA_VERSION, "point": found.id, "text": probe(found)})
            else:
                say(wrapped(probe(found)))
            return 0
        answer = read_answer(coach, file, question, keep=False)[0]
        started = time.perf_counter()
        made = coach.coaching.grade_follow_up(question, found, answer, grader)
    if as_json:
        say_json(records.grade(made, round(1000 * (time.perf_counter() - started))))
    else:
        say_grade(made)
    return exit_code(made)


def _tell(told: Told, as_json: bool) -> None:
    if as_json:
        body = {"schema_version": records.SCHEMA_VERSION, "text": told.text(), "by": told.by, "prompt": told.prompt}
        say_json(body)
        return
    if told.by == "offline":
        for line in told.text().split("\n"):
            say(wrapped(line, "", "   "))
        return
    _stream(told.pieces)


def _stream(pieces: Iterator[str]) -> str:
    """Print text as it comes; all of it."""
    said = []
    for piece in pieces:
        click.echo(printable(piece), nl=False)
        sys.stdout.flush()
        said.append(piece)
    say()
    return "".join(said)


def _say_sources(answer: Answer, numbers: tuple[int, ...] | None) -> None:
    """The sources with their numbers; the cited ones by name, or all with their text."""
    say()
    for found in answer.citations:
        if numbers is not None and found.number not in numbers:
            continue
        question = found.passage.question
        where = f"{question.number} · {question.deck} · {found.passage.section or 'no section'}"
        say(paint(f"[{found.number}] {where}", bold=True))
        say(wrapped(question.text, "    "))
        if numbers is None:
            for line in found.passage.text.split("\n"):
                say(wrapped(line, "      ", "      "))


def _answer_record(asked: str, answer: Answer, said: str, cited: tuple[int, ...]) -> records.Record:
    return {
        "schema_version": records.SCHEMA_VERSION,
        "text": asked,
        "answer": said or None,
        "by": answer.by,
        "prompt": answer.prompt,
        "found": bool(answer.citations),
        "citations": [
            {"number": found.number, "cited": found.number in cited} | records.passage(found.passage)
            for found in answer.citations
        ],
    }
