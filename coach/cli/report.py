"""A grade for a person to read."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from coach.cli.screen import paint, say, say_json_line, wrapped
from coach.domain import Grade, Outcome, PointVerdict, Status
from coach.records import SCHEMA_VERSION
from coach.session.wording import FLAG_WORDS, MARKS
from coach.text.cleaning import one_line
from coach.text.printable import printable

if TYPE_CHECKING:
    from coach.session.judging import Plan


COLOURS = {
    Outcome.COVERED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.MISSING: "bright_black",
    Outcome.CONTRADICTED: "red",
}


def say_grade(grade: Grade) -> None:
    """Print a whole grade."""
    question = grade.question
    name = f"{question.number} · " if question.number else ""
    say(wrapped(f"{name}{question.text}"))
    say()
    if grade.status is Status.UNGRADED:
        say(paint("Ungraded", bold=True) + f": {grade.reason}")
        return
    band = grade.band.value if grade.band else ""
    low, high = grade.range or (grade.score or 0, grade.score or 0)
    say(
        paint(f"{grade.score} / 100  {band}", bold=True)
        + f"   likely {low}-{high}, confidence {grade.confidence or 0:.2f}   graded {grade.grader.kind}"
        + f" ({grade.grader.name} {grade.grader.version})"
    )
    for flag in grade.flags:
        say(wrapped(FLAG_WORDS[flag], "! ", "  "))
    if grade.points:
        say()
    for verdict in grade.points:
        _say_point(verdict)
    if grade.contradictions:
        say()
        say(paint("Said, and not so", bold=True))
        for found in grade.contradictions:
            say(wrapped(f"“{found.claim.quote}”", "  ⚠ ", "    "))
            say(wrapped(found.why or f"The reference says: {found.reference}", "    "))
    say()
    say(paint("How the score comes about", bold=True))
    for part in grade.parts:
        say(wrapped(part.why, f"  {part.value:+6.1f}  {part.name}: ", " " * 10))
    _say_feedback(grade)
    _say_references(grade)


def say_plan(plan: Plan | Grade, as_json: bool) -> None:
    """Print what would be sent to a model, word for word, or that nothing would be."""
    if isinstance(plan, Grade):
        settled = plan.reason or next((part.why for part in plan.parts if part.name == "guards"), "")
        if as_json:
            say_json_line({"schema_version": SCHEMA_VERSION, "request": None, "prompt_tokens": 0, "why": settled})
        else:
            say(wrapped(f"Nothing would be sent: {settled}"))
        return
    if as_json:
        say_json_line({"schema_version": SCHEMA_VERSION} | asdict(plan))
        return
    cost = "cost unknown" if plan.cost_usd is None else f"at most ${plan.cost_usd:.4f}"
    times = f", {plan.samples} times" if plan.samples > 1 else ""
    say(
        f"To {plan.model} at {plan.provider}{times}: {plan.prompt_tokens} tokens, up to {plan.reply_tokens} back, {cost}; "
        f"prompt {plan.prompt}"
    )
    for message in plan.request["messages"]:
        say()
        say(paint(f"[{message['role']}]", bold=True))
        say(printable(message["content"]))


def _say_point(verdict: PointVerdict) -> None:
    mark = paint(f"{MARKS[verdict.outcome]} {verdict.outcome.value:<12}", fg=COLOURS[verdict.outcome])
    say(f"{mark} {verdict.point.importance.value}")
    say(wrapped(verdict.point.text, "    "))
    for evidence in verdict.evidence[:2]:
        say(wrapped(f"“{evidence.quote}”", "      ", "       "))
    if verdict.note and verdict.outcome is not Outcome.COVERED:
        say(wrapped(verdict.note, "      "))


def _say_feedback(grade: Grade) -> None:
    feedback = grade.feedback
    if feedback.summary:
        say()
        say(wrapped(feedback.summary))
    for title, lines in (("Keep", feedback.keep), ("Fix", feedback.fix)):
        for line in lines:
            say(wrapped(line, f"  {title}: ", "    "))
    if feedback.next_step:
        say(wrapped(feedback.next_step, "  Next: ", "    "))
    if feedback.follow_up:
        say(wrapped(feedback.follow_up, "  Follow-up: ", "    "))


def _say_references(grade: Grade) -> None:
    if not grade.references:
        return
    say()
    say(paint("To read", bold=True))
    for passage in grade.references:
        say(wrapped(f"{passage.question.number} · {passage.question.text}", "  ", "      "))
        say(wrapped(one_line(passage.text)[:160], "      "))
