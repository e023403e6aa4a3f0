"""``coach questions``, ``show`` and ``rubric``: what there is to answer and what it is graded by."""

from __future__ import annotations

import click

from coach import records
from coach.cli.options import complete_deck, json_option, question_argument, session
from coach.cli.screen import paint, say, say_json, wrapped
from coach.domain import Kind, Question, Rubric
from coach.errors import UsageError


@click.command()
@click.option("--deck", metavar="D", shell_complete=complete_deck, help="Only this deck.")
@click.option("--section", metavar="S", help="Only sections whose name contains S.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only this kind.")
@click.option("--no-answer", is_flag=True, help="Only questions without a reference answer.")
@json_option
def questions(deck: str | None, section: str | None, kind: str | None, no_answer: bool, as_json: bool) -> None:
    """List the questions."""
    with session() as coach:
        found = coach.library.deck(deck).questions if deck else coach.library.questions
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
    _say_question(question)
    if answer:
        from coach.text.cleaning import printable

        say()
        say(printable(question.reference) if question.reference else "The document gives no answer.")
    if rubric:
        say()
        _say_rubric(rubric)


@click.command()
@question_argument
@click.option("--edit", is_flag=True, help="Open it in $VISUAL or $EDITOR; your version is kept in your data folder.")
@click.option("--reset", is_flag=True, help="Drop your version.")
@json_option
def rubric(q: str, edit: bool, reset: bool, as_json: bool) -> None:
    """Show or edit what a question is graded by."""
    from coach.catalogue import rubrics

    with session() as coach:
        question = coach.library.find(q)
        if reset:
            rubrics.overlay_file(question, coach.paths).unlink(missing_ok=True)
        found = coach.rubric(question)
        if edit:
            text = click.edit(rubrics.as_toml(found, question), extension=".toml", require_save=True)
            if text is None:
                raise UsageError("The rubric was not saved in the editor.", "Nothing was changed.")
            found = rubrics.save_overlay(question, coach.paths, text)
    if as_json:
        say_json(records.rubric(found))
        return
    _say_question(question)
    say()
    _say_rubric(found)


def _say_question(question: Question) -> None:
    where = " · ".join(part for part in (question.deck, question.section, question.kind.value) if part)
    say(paint(f"{question.number} · {where}", bold=True) + f"  (id {question.id})")
    say(wrapped(question.text))
    if question.material:
        from coach.text.cleaning import printable

        say()
        say(printable(question.material))


def _say_rubric(rubric: Rubric) -> None:
    say(paint(f"Rubric, {rubric.origin} ({rubric.hash})", bold=True))
    if not rubric.points:
        say("  No key points: there is no reference answer to take them from.")
    for point in rubric.points:
        say(wrapped(f"{point.text}  [{point.importance.value}, {point.weight:g}]", "  • ", "    "))
        if point.right or point.misconceptions:
            say(f"      {len(point.right)} other right phrasings, {len(point.misconceptions)} misconceptions")
