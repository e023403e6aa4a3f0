"""The report of an interview for a person to read."""

from __future__ import annotations

from coach.cli.screen import paint, say, wrapped
from coach.domain import Outcome
from coach.practice.mock import Ending
from coach.practice.mock.report import Answered, Report, Story
from coach.session.wording import MARKS

ENDINGS = {
    Ending.SUBMITTED: "",
    Ending.SKIPPED: "left out",
    Ending.TIME_UP: "time ran out",
    Ending.STOPPED: "ended here",
    Ending.NOT_REACHED: "not reached",
    Ending.WAITING: "not asked",
}


def say_report(found: Report) -> None:
    """Print a whole report."""
    say()
    score = "no score" if found.score is None else f"{found.score} / 100"
    say(paint(f"Your interview: {score}", bold=True) + f"   (id {found.mock})")
    say(
        f"{found.answered} of {len(found.questions)} questions graded, {_clock(found.seconds)} of {_clock(found.total)} used."
    )
    if len(found.graders) > 1:
        say(wrapped(f"Several graders graded it, so the mean says little: {', '.join(found.graders)}."))
    elif found.graders:
        say(f"Graded by {found.graders[0]}.")
    for row in found.questions:
        _say_question(row)
    _say_second(found)
    _say_calibration(found)
    if found.next:
        say()
        say(paint("What to do next", bold=True))
        for number, line in enumerate(found.next, 1):
            say(wrapped(line, f"  {number}. ", "     "))


def _say_question(row: Answered) -> None:
    say()
    score = "–" if row.score is None else f"{row.score}"
    head = paint(f"{row.number}. {score:>3}", bold=True)
    facts = [
        row.question.kind.value,
        row.question.section,
        f"{_clock(row.seconds)} of {_clock(row.allowed)}",
        ENDINGS[row.ending],
    ]
    if row.confidence is not None:
        facts.append(f"you expected {100 * row.confidence:.0f}")
    if row.override is not None:
        facts.append(f"your own score {row.override.score}")
    say(f"{head}  {' · '.join(fact for fact in facts if fact)}")
    say(wrapped(f"{row.question.number} · {row.question.text}", "    "))
    if row.score is None and row.reason:
        say(wrapped(row.reason, "    "))
    for gap in row.missing:
        if gap.outcome is Outcome.CONTRADICTED:
            say(wrapped(f"Wrong: {gap.why or gap.text}", "    ! ", "      "))
    if row.story is not None:
        say(wrapped(_story(row.story), "    Story: ", "           "))
    if row.outline and row.ending not in (Ending.NOT_REACHED, Ending.WAITING):
        graded = row.score is not None
        say(f"    A stronger answer says{', with what became of it in yours' if graded else ''}:")
        for step in row.outline:
            mark = f"{MARKS[step.outcome]} {step.outcome.value}: " if step.outcome and graded else "• "
            say(wrapped(mark + step.text, "      ", "        "))


def _story(story: Story) -> str:
    parts = [name for name in ("situation", "task", "action", "result", "reflection") if name not in story.lacking]
    told = f"told {', '.join(parts)}" if parts else "none of its parts is told"
    lacking = f"; lacks {', '.join(story.lacking)}" if story.lacking else ""
    measured = "the result has a figure" if story.measured else "no result in figures"
    return f"{told}{lacking}; {measured}; I rather than we in {100 * story.own:.0f} % of mentions."


def _say_second(found: Report) -> None:
    if found.second is None:
        return
    say()
    before, after = (("–" if score is None else str(score)) for score in (found.second.before, found.second.after))
    say(paint(f"Second try at question {found.second.number}: {before} -> {after}", bold=True))
    for text in found.second.gained:
        say(wrapped(text, "  + ", "    "))


def _say_calibration(found: Report) -> None:
    known = found.calibration
    if known.brier is None or known.bias is None:
        return
    say()
    points = 100 * known.bias
    lean = f"{abs(points):.0f} points {'more' if points > 0 else 'less'} than" if abs(points) >= 1 else "just what"
    answers = "answer" if known.count == 1 else "answers"
    say(
        wrapped(
            f"Self-knowledge: over {known.count} {answers} you expected {lean} you got on average "
            f"(Brier {known.brier:.2f}; 0 is perfect)."
        )
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02d}"
