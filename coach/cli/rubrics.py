"""``coach rubric``: what a question is graded by, edited by hand or enriched by a language model."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from coach import records
from coach.cli.options import complete_deck, complete_question, json_option, session
from coach.cli.questions import say_question, say_rubric
from coach.cli.screen import notice, paint, say, say_json
from coach.domain import Question, Rubric
from coach.errors import UsageError

if TYPE_CHECKING:
    from coach.session import Session
    from coach.session.enriching import Proposal


@click.command()
@click.argument("q", metavar="[Q]", required=False, shell_complete=complete_question)
@click.option("--edit", is_flag=True, help="Open it in $VISUAL or $EDITOR; your version is kept in your data folder.")
@click.option("--reset", is_flag=True, help="Drop your version.")
@click.option("--accept", nargs=2, metavar="POINT TEXT", help="Teach it a right way to say a point.")
@click.option("--reject", nargs=2, metavar="POINT TEXT", help="Teach it a false claim about a point.")
@click.option("--why", default="", metavar="TEXT", help="With --reject: what is true instead.")
@click.option(
    "--enrich", is_flag=True, help="Have the language model write right phrasings and misconceptions; shows them first."
)
@click.option("--deck", metavar="D", shell_complete=complete_deck, help="With --enrich: every question of a deck.")
@click.option("--yes", is_flag=True, help="With --enrich: pay for it and keep it without being asked.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="With --enrich: calls at once.")
@json_option
def rubric(
    q: str | None,
    edit: bool,
    reset: bool,
    accept: tuple[str, str] | None,
    reject: tuple[str, str] | None,
    why: str,
    enrich: bool,
    deck: str | None,
    yes: bool,
    jobs: int,
    as_json: bool,
) -> int:
    """Show or edit what a question is graded by, teach it a wording, or have a model enrich it."""
    if accept and reject:
        raise UsageError("--accept and --reject are two lessons.", "Give one at a time.")
    if (q is None) == (deck is None) or (deck and not enrich):
        raise UsageError("Name one question, or --enrich --deck D.", "`coach questions` lists them.")
    with session() as coach:
        if enrich:
            chosen = coach.library.deck(deck).questions if deck else (coach.library.find(q or ""),)
            return enrich_rubrics(coach, chosen, yes, jobs, as_json)
        question = coach.library.find(q or "")
        if lesson := accept or reject:
            _taught(coach, question, *lesson, bool(accept), why, as_json)
            return 0
        found = _edited(coach, question, edit, reset)
    if as_json:
        say_json(records.rubric(found))
        return 0
    say_question(question)
    say()
    say_rubric(found)
    return 0


def _taught(coach: Session, question: Question, point: str, text: str, right: bool, why: str, as_json: bool) -> None:
    from coach.session.taught import teach

    lesson = teach(coach, question, point, text, right, why)
    if lesson.doubt:
        notice(f"Are you sure? {lesson.doubt} It is kept; `coach rubric Q --reset` drops your version.")
    if as_json:
        effects = [{"attempt": item.attempt, "before": item.before, "after": item.after} for item in lesson.effects]
        say_json(records.rubric(lesson.rubric) | {"doubt": lesson.doubt or None, "effects": effects})
        return
    kind = "right phrasings" if right else "misconceptions"
    count = len(lesson.point.right) if right else len(lesson.point.misconceptions)
    say(f"{lesson.point.id} now has {count} {kind}. The rubric is yours from now on (hash {lesson.rubric.hash}).")
    for item in lesson.effects:
        change = "unchanged" if item.before == item.after else f"{item.before} -> {item.after}"
        say(f"  {item.attempt}  {change}")


def _edited(coach: Session, question: Question, edit: bool, reset: bool) -> Rubric:
    from coach.catalogue import rubrics

    if reset:
        rubrics.overlay_file(question, coach.paths).unlink(missing_ok=True)
    found = coach.rubric(question)
    if not edit:
        return found
    text = click.edit(rubrics.as_toml(found, question), extension=".toml", require_save=True)
    if text is None:
        raise UsageError("The rubric was not saved in the editor.", "Nothing was changed.")
    return rubrics.save_overlay(question, coach.paths, text)


def enrich_rubrics(coach: Session, questions: Sequence[Question], yes: bool, jobs: int, as_json: bool) -> int:
    """Show the cost, ask, show each proposal, ask again, keep what is accepted. The worst exit code of the failures."""
    from coach.session import enriching

    chosen = enriching.wanted(coach, questions)
    passed = len(questions) - len(chosen)
    if passed:
        notice(f"{passed} passed over: hand-made, enriched before, or without a reference answer.")
    if not chosen:
        if as_json:
            say_json(records.items([]))
        return 0
    cost = enriching.cost(coach, chosen)
    dollars = "cost unknown" if cost.usd is None else f"at most ${cost.usd:.2f}"
    notice(
        f"{cost.questions} question{'s' * (cost.questions != 1)} to {cost.model}: {cost.prompt_tokens} tokens, up to "
        f"{cost.reply_tokens} back, {dollars}."
    )
    if not yes and not _agreed("Send them?"):
        notice("Nothing was sent. Add --yes to go ahead without being asked.")
        return 0
    rows, worst = [], 0
    for done, proposal in enumerate(enriching.proposals(coach, chosen, jobs), 1):
        coach.progress("Enriching", done, len(chosen))
        kept = _decided(coach, proposal, yes, as_json)
        rows.append(_record(proposal, kept))
        worst = max(worst, proposal.problem.exit_code if proposal.problem else 0)
    if not worst:
        enriching.finished(coach)
    if as_json:
        say_json(records.items(rows))
    return worst


def _decided(coach: Session, proposal: Proposal, yes: bool, quiet: bool) -> bool:
    from coach.session import enriching

    question = proposal.question
    if proposal.after is None:
        notice(f"{question.number}  not enriched: {proposal.problem}")
        return False
    right, wrong = proposal.added
    if not quiet:
        say(paint(f"{question.number} · {question.text}", bold=True))
        say(f"{right} right phrasings and {wrong} misconceptions more:")
        for line in proposal.diff().splitlines():
            say(paint(line, fg="green" if line.startswith("+") else "red" if line.startswith("-") else None))
    if not right and not wrong:
        return False
    if not yes and not _agreed("Keep this?"):
        return False
    enriching.accept(coach, proposal, datetime.now(UTC))
    return True


def _agreed(asked: str) -> bool:
    """Ask on a terminal; nobody agrees anywhere else."""
    return sys.stdin.isatty() and click.confirm(asked, default=False, err=True)


def _record(proposal: Proposal, kept: bool) -> records.Record:
    right, wrong = proposal.added
    return {
        "question": records.question(proposal.question),
        "kept": kept,
        "right": right,
        "misconceptions": wrong,
        "diff": proposal.diff(),
        "error": str(proposal.problem) if proposal.problem else None,
    }
