"""``coach drill`` and ``coach due``: what to answer today, and answering it line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coach import records
from coach.cli.options import complete_deck, json_option, session
from coach.cli.screen import notice, paint, say, say_json, wrapped
from coach.domain import Kind

if TYPE_CHECKING:
    from coach.domain.plans import Plan


_DRILL_HELP = """Answer questions line by line, and see at once what became of them.

\b
An answer ends with a line that holds a single dot, or at the end of the input. In the place of a line:
  /hint       a hint, three steps at most; each lowers what the answer says about your recall
  /reference  the reference answer; the answer then schedules nothing
  /again      begin the answer anew
  /skip       go to the next question
  /quit       stop; what you wrote so far is kept as a draft
After the feedback /retry answers the same question once more, and shows both scores.
Through a pipe nothing is asked: a line with a number after an answer is how sure you are, 0 to 100."""


@click.command(help=_DRILL_HELP)
@click.option("--due", is_flag=True, help="Only what is due.")
@click.option("--weak", is_flag=True, help="Only what went badly or lacked a point.")
@click.option("--points", is_flag=True, help="Short reviews: one or two sentences on key points that were missed.")
@click.option("--deck", metavar="D", shell_complete=complete_deck, help="Only this deck.")
@click.option("--section", metavar="S", help="Only sections whose name contains S.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only this kind.")
@click.option("-n", "count", type=click.IntRange(1, 500), metavar="N", help="How many; else 5, or what is due.")
@click.option(
    "--grader",
    type=click.Choice(["auto", "offline", "llm"]),
    default="auto",
    show_default=True,
    help="auto: the language model where one is set, else offline.",
)
@click.option("--plain", is_flag=True, help="Words only, for screen readers: no signs, no colour.")
@click.option("--seed", type=int, metavar="N", help="Choose the same questions again.")
@click.option("--no-confidence", is_flag=True, help="Don't ask how sure you are.")
def drill(
    due: bool,
    weak: bool,
    points: bool,
    deck: str | None,
    section: str | None,
    kind: str | None,
    count: int | None,
    grader: str,
    plain: bool,
    seed: int | None,
    no_confidence: bool,
) -> None:
    """Hold a sitting."""
    from coach.cli.drill import Drill, point_drill
    from coach.domain.plans import Wish

    wish = Wish(due=due, weak=weak, deck=deck, section=section, kind=Kind(kind) if kind else None)
    with session() as coach:
        talk = Drill(coach, grader, plain, not no_confidence)
        if points:
            point_drill(talk, wish, count)
            return
        if count is None:
            plan = coach.practice.plan()
            count = plan.left_today or plan.due if due else 5
        found = coach.practice.next_questions(wish, count, seed) if count else []
        if not found:
            notice(_nothing(coach.practice.plan(), due))
            return
        talk.run(found)


@click.command()
@json_option
def due(as_json: bool) -> None:
    """Show what is due today, and until the interview where its day is set."""
    with session() as coach:
        plan = coach.practice.plan()
        cards = [*coach.practice.due(), *coach.practice.due(points=True)]
        known = coach.library.by_id
    if as_json:
        rows = [records.card(card) | {"question": records.question(known[card.question_id])} for card in cards]
        say_json(records.items(rows) | {"plan": _plan_record(plan)})
        return
    say(paint(plan_words(plan), bold=True))
    for card in cards:
        question = known[card.question_id]
        if card.point_id is None:
            late = (plan.today - card.due).days
            note = f"{late} {'day' if late == 1 else 'days'} late" if late else "today"
            say(wrapped(f"{question.text}  ({note})", f"{question.number:>4}  ", "      "))
    if plan.due or plan.points:
        say()
        say("`coach drill --due` asks the questions, `coach drill --points` the key points.")


def plan_words(plan: Plan) -> str:
    """A plan in one line."""
    points = f"{plan.points} key {'point' if plan.points == 1 else 'points'}"
    if plan.over:
        return (
            f"The interview of {plan.by:%d %b %Y} is over; nothing is due until COACH_INTERVIEW is set anew or unset."
        )
    if plan.by is None:
        return f"{plan.due} due today, {points}" if plan.due or plan.points else "Nothing is due today."
    rest = f"; {plan.beyond} rest until after it" if plan.beyond else ""
    return f"{plan.due} due before {plan.by.day} {plan.by:%b}, {plan.a_day} a day, {plan.left_today} left today; {points}{rest}"


def _plan_record(plan: Plan) -> records.Record:
    return {
        "today": plan.today.isoformat(),
        "due": plan.due,
        "by": plan.by.isoformat() if plan.by else None,
        "a_day": plan.a_day,
        "left_today": plan.left_today,
        "points": plan.points,
        "beyond": plan.beyond,
        "over": plan.over,
    }


def _nothing(plan: Plan, due: bool) -> str:
    if due:
        return plan_words(plan) if plan.over else "Nothing is due. `coach drill` asks something new."
    return "No question fits. `coach questions` lists what there is."
