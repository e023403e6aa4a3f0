"""What is said about a mock interview and its report. Pure."""

from __future__ import annotations

from datetime import datetime

from coach.domain import Outcome, Question
from coach.practice.mock import Ending, MockInterview, Stage
from coach.practice.mock.report import Answered, Report, Story
from coach.session.wording import MARKS
from coach.tui.widgets.stopwatch import clock

ENDINGS = {
    Ending.SUBMITTED: "",
    Ending.SKIPPED: "left out",
    Ending.TIME_UP: "time ran out",
    Ending.STOPPED: "ended here",
    Ending.NOT_REACHED: "not reached",
    Ending.WAITING: "not asked",
}

LENGTHS = ((3, 15), (5, 25), (8, 40), (12, 60))
"""Questions and minutes to choose from."""

LAST_CALL = 60
"""Seconds before the end of a question from which the clock stands out."""


def where(interview: MockInterview, question: Question | None) -> str:
    """``Question 3 of 8 · design · System Design``."""
    stage = interview.resumes if interview.stage is Stage.PAUSED else interview.stage
    place = "Once more" if stage is Stage.REDO else f"Question {interview.at + 1} of {len(interview.items)}"
    parts = [place]
    if question is not None:
        parts += [question.kind.value, question.section or ""]
    return " · ".join(part for part in parts if part)


def length_rows() -> list[tuple[str, str]]:
    """``LENGTHS`` as rows to choose from, each by a name that gives both back."""
    return [(f"{count}/{minutes}", f"{count} questions, {minutes} minutes") for count, minutes in LENGTHS]


def offer_words(interview: MockInterview) -> tuple[str, str]:
    """The offer of a second try, and where one is."""
    number = (interview.weakest or 0) + 1
    return (
        f"Your weakest answer was the one to question {number}. One second try is allowed; what changed is in the report.",
        "All answers are graded",
    )


def clock_words(interview: MockInterview, now: datetime) -> str:
    """What is left for this question and in all."""
    here, left = interview.left_here(now), interview.left(now)
    hurry = "⚠ " if here <= LAST_CALL else ""
    return f"{hurry}{clock(here)} for this one · {clock(left)} in all"


def report(found: Report) -> str:
    """The whole report as Markdown."""
    score = "no score" if found.score is None else f"{found.score} of 100"
    lines = [f"# Your interview: {score}", _facts(found)]
    if found.next:
        lines.append("## What to do next")
        lines.append("\n".join(f"{number}. {line}" for number, line in enumerate(found.next, 1)))
    for row in found.questions:
        lines += _question(row)
    if found.second is not None:
        before, after = (("–" if one is None else str(one)) for one in (found.second.before, found.second.after))
        lines.append(f"## Second try at question {found.second.number}: {before} → {after}")
        lines.append("\n".join(f"- ✓ {text}" for text in found.second.gained) or "No further point was made.")
    if found.calibration.bias is not None:
        lean = round(100 * found.calibration.bias)
        words = "just what" if lean == 0 else f"{abs(lean)} points {'more' if lean > 0 else 'less'} than"
        lines.append(f"## Self-knowledge\n\nOver {found.calibration.count} guesses you expected {words} you got.")
    return "\n\n".join(lines)


def _facts(found: Report) -> str:
    facts = f"{found.answered} of {len(found.questions)} questions graded, {clock(found.seconds)} of {clock(found.total)} used."
    if len(found.graders) > 1:
        return f"{facts} ⚠ Several graders graded it, so the mean says little: {', '.join(found.graders)}."
    return f"{facts} Graded by {found.graders[0]}." if found.graders else facts


def _question(row: Answered) -> list[str]:
    score = "–" if row.score is None else str(row.score)
    facts = [
        row.question.kind.value,
        row.question.section or "",
        f"{clock(row.seconds)} of {clock(row.allowed)}",
        ENDINGS[row.ending],
        f"you expected {100 * row.confidence:.0f}" if row.confidence is not None else "",
    ]
    lines = [f"## {row.number}. {score} · {row.question.text}", " · ".join(fact for fact in facts if fact)]
    if row.score is None and row.reason:
        lines.append(f"⚠ {row.reason}")
    wrong = [f"- ⚠ {gap.why or gap.text}" for gap in row.missing if gap.outcome is Outcome.CONTRADICTED]
    if wrong:
        lines.append("\n".join(wrong))
    if row.story is not None:
        lines.append(_story(row.story))
    if row.outline and row.ending not in (Ending.NOT_REACHED, Ending.WAITING):
        lines.append("A stronger answer says:")
        lines.append(
            "\n".join(
                f"- {f'{MARKS[step.outcome]} {step.outcome.value}: ' if step.outcome else ''}{step.text}"
                for step in row.outline
            )
        )
    return lines


def _story(story: Story) -> str:
    lacking = f"lacks {', '.join(story.lacking)}" if story.lacking else "has all its parts"
    figure = "the result has a figure" if story.measured else "no result in figures"
    return f"Story: {lacking}; {figure}; I rather than we in {100 * story.own:.0f} % of mentions."


def with_ids(now: MockInterview, kept: MockInterview) -> MockInterview:
    """``now`` with the attempts' ids that ``kept`` has."""
    for index, item in enumerate(kept.items):
        if item.attempt_id is not None and now.items[index].attempt_id is None:
            now = now.saved(index, item.attempt_id)
    if now.again is not None and kept.again is not None and kept.again.attempt_id is not None:
        now = now.second_saved(kept.again.attempt_id)
    return now
