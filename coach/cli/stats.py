"""``coach stats``: where somebody stands, for a person to read or as JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from coach import records
from coach.cli.options import json_option, session
from coach.cli.plots import bar
from coach.cli.screen import coloured, notice, paint, say, say_json, width, wrapped
from coach.text.printable import printable

if TYPE_CHECKING:
    from coach.domain import Question
    from coach.practice.standing.figures import Figures
    from coach.practice.standing.progress import Standing
    from coach.practice.standing.trends import Trend

MOST = 8
"""Rows of a list that grows with the history."""


@click.command()
@click.option("--section", metavar="S", help="Only sections whose name contains S.")
@click.option("--plain", is_flag=True, help="No charts and no colours; for screen readers.")
@json_option
def stats(section: str | None, plain: bool, as_json: bool) -> None:
    """Show progress, self-knowledge, what will be remembered, and how ready you are."""
    if plain:
        os.environ["NO_COLOR"] = "1"
    with session() as coach:
        found = coach.stats.figures(section)
        known = coach.library.by_id
    if as_json:
        from coach.practice.standing.figures import as_record

        say_json({"schema_version": records.SCHEMA_VERSION} | as_record(found))
        return
    if not found.attempts:
        notice("No graded answer yet. `coach grade --q 1` or `coach drill` makes the first." + _waiting(found))
        return
    say_figures(found, known.get, charts=coloured(sys.stdout))


def say_figures(found: Figures, question_of: Callable[[str], Question | None], charts: bool) -> None:
    """Print all figures, with charts where they are welcome."""
    questions = len(found.questions)
    say(
        paint(f"{_count(found.attempts, 'graded answer')} to {_count(questions, 'question')}", bold=True)
        + _waiting(found)
    )
    if len(found.graders) > 1:
        say(wrapped(f"Graded by {', '.join(found.graders)}: figures over all answers mix them; trends don't."))
    _say_readiness(found)
    _say_weeks(found, charts)
    for title, rows in (("By section, the weakest first", found.sections), ("By kind, the weakest first", found.kinds)):
        _say_standings(title, rows, charts)
    _say_coverage(found)
    _say_points(found)
    _say_calibration(found, question_of, charts)
    _say_forecast(found)


def _say_readiness(found: Figures) -> None:
    ready = found.readiness
    _title("Readiness")
    if ready.score is not None and ready.range is not None:
        say(
            f"  {ready.score} of 100; most interviews like yours would end between {ready.range[0]} and {ready.range[1]}."
        )
    for line in ready.basis:
        say(wrapped(line, "  "))


def _say_weeks(found: Figures, charts: bool) -> None:
    _title("Over time")
    say(
        wrapped(
            _trend(found.trend) if found.trend else "No trend yet: it takes three unaided answers by one grader.", "  "
        )
    )
    graders = list(dict.fromkeys(week.grader for week in found.weeks))
    if charts and len({week.start for week in found.weeks}) > 1:
        from coach.cli.plots import weeks_plot

        series = [(name, [(week.start, week.score) for week in found.weeks if week.grader == name]) for name in graders]
        say(weeks_plot(series))
        return
    for week in found.weeks[-MOST:]:
        by = f"   {week.grader}" if len(graders) > 1 else ""
        say(f"  week of {week.start.isoformat()}  {week.score:5.1f}  ({_count(week.attempts, 'answer')}){by}")


def _say_standings(title: str, rows: Sequence[Standing], charts: bool) -> None:
    _title(title)
    room = min(30, max((len(row.name) for row in rows), default=0))
    drawn = charts and width() >= 100
    say(f"  {'':<{room}} score {' ' * 14 if drawn else ''} first answers asked  time  trend")
    for row in rows:
        mark = "*" if len(row.graders) > 1 else " "
        say(
            f"  {printable(row.name)[:room]:<{room}} {_whole(row.latest):>4}{mark}"
            f"{'  ' + bar(row.latest or 0, 12) if drawn else ''} {_whole(row.first):>5} {row.attempts:>7} {row.questions:>5}"
            f" {'–' if row.seconds is None else _clock(row.seconds):>5}  {_short_trend(row.trend)}"
        )
    if any(len(row.graders) > 1 for row in rows):
        say(wrapped("* Several graders are mixed in this row; the trend is of the latest one alone.", "  "))


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _short_trend(item: Trend | None) -> str:
    return "" if item is None else f"{item.direction.value}{'' if item.sure else '?'} ({item.attempts})"


def _say_coverage(found: Figures) -> None:
    _title("Coverage")
    total = [sum(getattr(row, name) for row in found.coverage) for name in ("questions", "answered", "held")]
    say(f"  {total[1]} of {total[0]} questions answered, {total[2]} held (60 or more the last time, without help).")
    for row in found.coverage:
        say(wrapped(f"{row.section}: {row.answered} of {row.questions}, {row.held} held", "    ", "      "))


def _say_points(found: Figures) -> None:
    _title("Points to work on")
    if not found.points:
        say("  None: every key point that was asked was said the last time.")
    for item in found.points[:MOST]:
        times = f"missed {item.misses_in_a_row} times in a row" if item.misses_in_a_row > 1 else "missed the last time"
        say(wrapped(f"q {item.number}: {item.text} ({item.last.value}; {times})", "  • ", "    "))
    if len(found.points) > MOST:
        say(f"    and {len(found.points) - MOST} more; `coach drill --points` asks them.")


def _say_calibration(found: Figures, question_of: Callable[[str], Question | None], charts: bool) -> None:
    known = found.calibration
    _title("Self-knowledge")
    if known.brier is None or known.bias is None or known.baseline is None:
        say("  Say what score you expect before a grade, and this shows how good your guesses are.")
        return
    lean = "more" if known.bias > 0 else "less"
    say(
        wrapped(
            f"Over {_count(known.count, 'guess', 'guesses')} you expected {100 * abs(known.bias):.0f} points {lean} than you "
            f"got. Brier score {known.brier:.3f}: 0 is perfect, {known.baseline:.3f} is what always guessing your mean gives.",
            "  ",
        )
    )
    steps = [step for step in known.curve if step.confidence is not None and step.score is not None]
    if charts and len(steps) > 1:
        from coach.cli.plots import curve_plot

        say(curve_plot([(100 * (step.confidence or 0), 100 * (step.score or 0)) for step in steps]))
    for step in steps:
        say(
            f"  expected {100 * step.low:3.0f}-{100 * step.high:3.0f}: {100 * (step.confidence or 0):3.0f} on average, "
            f"scored {100 * (step.score or 0):3.0f}  ({_count(step.count, 'answer')})"
        )
    if found.confident_errors:
        say(paint("  Sure and wrong, to clear up first", bold=True))
    for guess in found.confident_errors[:MOST]:
        question = question_of(guess.question_id)
        text = f"q {question.number}: {question.text}" if question else guess.question_id
        say(wrapped(f"expected {100 * guess.confidence:.0f}, scored {100 * guess.score:.0f} · {text}", "  • ", "    "))


def _say_forecast(found: Figures) -> None:
    _title("What stays, if nothing is reviewed")
    if not found.forecast.outlook:
        say("  No question has a card yet.")
        return
    for item in found.forecast.outlook:
        when = "today" if not item.days else f"in {item.days} days"
        say(f"  {when:>10}: {100 * item.recall:3.0f} %, {item.known:.0f} of {found.forecast.cards} questions")
    load = [item.due for item in found.forecast.load]
    say(f"  Due on the next {len(load)} days, from today: {' '.join(map(str, load))}")
    if found.opinion.difference is not None:
        say(
            wrapped(
                f"Your own score differs from the grade by {found.opinion.difference:+.0f} on average, over {_count(found.opinion.count, 'answer')}.",
                "  ",
            )
        )


def _trend(item: Trend) -> str:
    speed = "" if item.per_month is None or not item.sure else f", {item.per_month:+.1f} points a month"
    sure = "" if item.sure else "; too few or too mixed to be sure"
    left_out = "" if not item.left_out else f"; {_count(item.left_out, 'answer')} by other graders left out"
    return (
        f"{item.direction.value}{speed} over {_count(item.attempts, 'answer')} graded by {item.grader}{sure}{left_out}"
    )


def _title(text: str) -> None:
    say()
    say(paint(text, bold=True))


def _waiting(found: Figures) -> str:
    return f" ({_count(found.ungraded, 'answer')} without a grade)" if found.ungraded else ""


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
