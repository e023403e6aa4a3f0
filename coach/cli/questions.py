"""``coach questions`` and ``show``: what there is to answer."""

from __future__ import annotations

from collections.abc import Sequence

import click

from coach import records
from coach.cli.options import complete_deck, json_option, question_argument, session
from coach.cli.screen import paint, say, say_json, wrapped
from coach.domain import Kind, Question, Rubric


@click.command()
@click.option("--deck", metavar="D", shell_complete=complete_deck, help="Only this deck.")
@click.option("--section", metavar="S", help="Only sections whose name contains S.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only this kind.")
@click.option("--due", is_flag=True, help="Only what is due, longest overdue first.")
@click.option("--weak", is_flag=True, help="Only what went badly or lacked a point, worst first.")
@click.option("--no-answer", is_flag=True, help="Only questions without a reference answer.")
@json_option
def questions(
    deck: str | None, section: str | None, kind: str | None, due: bool, weak: bool, no_answer: bool, as_json: bool
) -> None:
    """List the questions."""
    with session() as coach:
        found: Sequence[Question] = coach.library.deck(deck).questions if deck else coach.library.questions
        if due or weak:
            from coach.domain.plans import Wish

            found = coach.practice.listed(Wish(due=due, weak=weak, deck=deck))
        chosen = [
            question
            for question in found
            if (not section or section.lower() in (question.section or "").lower())
            and (not kind or question.kind.value == kind)
            and not (no_answer and question.reference)
        ]
    if as_json:
        say_json(records.items([records.listed_question(question) for question in chosen]))
        return
    heading: tuple[str, str | None] | None = None
    for question in chosen:
        if (question.deck, question.section) != heading:
            say(("\n" if heading else "") + paint(f"{question.deck} · {question.section or 'no section'}", bold=True))
            heading = (question.deck, question.section)
        mark = "" if question.reference else "  [no answer]"
        say(wrapped(f"{question.text}  ({question.kind.value}){mark}", f"{question.number:>4}  ", "      "))


@click.command()
@question_argument
@click.option("--answer", is_flag=True, help="With the reference answer.")
@click.option("--rubric", "with_rubric", is_flag=True, help="With the rubric.")
@json_option
def show(q: str, answer: bool, with_rubric: bool, as_json: bool) -> None:
    """Show one question."""
    with session() as coach:
        question = coach.library.find(q)
        rubric = coach.rubric(question) if with_rubric else None
    if as_json:
        data = {"schema_version": records.SCHEMA_VERSION, **records.listed_question(question)}
        if answer:
            data["answer"] = question.reference
        if rubric:
            data["rubric"] = records.rubric(rubric)
        say_json(data)
        return
    say_question(question)
    if answer:
        from coach.text.printable import printable

        say()
        say(printable(question.reference) if question.reference else "The document gives no answer.")
    if rubric:
        say()
        say_rubric(rubric)


def say_question(question: Question) -> None:
    """Print a question with where it stands."""
    where = " · ".join(part for part in (question.deck, question.section, question.kind.value) if part)
    say(paint(f"{question.number} · {where}", bold=True) + f"  (id {question.id})")
    say(wrapped(question.text))
    if question.material:
        from coach.text.printable import printable

        say()
        say(printable(question.material))


def say_rubric(rubric: Rubric) -> None:
    """Print a rubric's points."""
    say(paint(f"Rubric, {rubric.origin} ({rubric.hash})", bold=True))
    if not rubric.points:
        say("  No key points: there is no reference answer to take them from.")
    for point in rubric.points:
        say(wrapped(f"{point.text}  [{point.importance.value}, {point.weight:g}]", "  • ", "    "))
        if point.right or point.misconceptions:
            say(f"      {len(point.right)} other right phrasings, {len(point.misconceptions)} misconceptions")
