"""The figures of practice as text with charts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from coach.session.wording import MARKS
from coach.tui.charts import bar, columns, scatter
from coach.tui.widgets.stopwatch import clock

if TYPE_CHECKING:
    from coach.domain.practice import Summary
    from coach.practice.standing.figures import Figures
    from coach.practice.standing.progress import Standing
    from coach.practice.standing.trends import Trend

EMPTY = "Nothing graded yet. Press Esc, then n: the first answer starts every chart here."

MOST_POINTS = 40
"""Key points listed at most."""


def over_time(found: Figures, width: int) -> Content:
    """Readiness, the weeks as columns, the trend, what will be remembered."""
    if not found.attempts:
        return Content(EMPTY)
    ready = found.readiness
    parts = [Content.styled("Readiness", "bold $accent")]
    if ready.score is not None and ready.range is not None:
        parts.append(
            Content(
                f"{ready.score} of 100; most interviews like yours would end between {ready.range[0]} and {ready.range[1]}."
            )
        )
    parts += [Content.styled(line, "$muted") for line in ready.basis]
    parts += [Content(""), Content.styled("Week by week", "bold $accent"), *_weeks(found, width)]
    parts.append(Content(trend_words(found.trend)))
    if found.forecast.load:
        parts += [Content(""), Content.styled("Reviews to come", "bold $accent")]
        most = max(load.due for load in found.forecast.load) or 1
        parts += [
            Content(f"{load.day:%a %d %b}  {bar(100 * load.due / most, 20) if load.due else ''} {load.due}")
            for load in found.forecast.load[:7]
        ]
    return Content("\n").join(parts)


def _weeks(found: Figures, width: int) -> list[Content]:
    graders = list(dict.fromkeys(week.grader for week in found.weeks))
    lines: list[Content] = []
    for grader in graders:
        weeks = [week for week in found.weeks if week.grader == grader][-max(1, (width - 8) // 3) :]
        if len(graders) > 1:
            lines.append(Content(f"by {grader}"))
        lines += [Content.styled(line, "$accent") for line in columns([week.score for week in weeks], 6)]
        first, last = weeks[0], weeks[-1]
        lines.append(
            Content.styled(f"     {first.start:%d %b} to {last.start:%d %b}, last week {last.score:.0f}", "$muted")
        )
    return lines


def trend_words(item: Trend | None) -> str:
    """Where scores go, and how much there is to it."""
    if item is None:
        return "No trend yet: it takes three unaided answers by one grader."
    speed = f", {item.per_month:+.0f} a month" if item.per_month is not None else ""
    return f"{item.direction.value.capitalize()}{speed}, over {item.attempts} answers{'' if item.sure else '; it may be chance'}."


def sections(found: Figures, width: int) -> Content:
    """Score and coverage by section and by kind, the weakest first."""
    if not found.attempts:
        return Content(EMPTY)
    parts = [Content.styled("By section, the weakest first", "bold $accent"), *_standings(found.sections, width)]
    parts += [Content(""), Content.styled("By kind", "bold $accent"), *_standings(found.kinds, width)]
    parts += [Content(""), Content.styled("Coverage", "bold $accent")]
    room = _room(width)
    for row in found.coverage:
        share = 100 * row.answered / max(1, row.questions)
        parts.append(
            Content(f"{row.section[:room]:<{room}} {bar(share, 12)} {row.answered} of {row.questions}, {row.held} held")
        )
    return Content("\n").join(parts)


def _room(width: int) -> int:
    return max(12, min(32, width - 44))


def _standings(rows: Sequence[Standing], width: int) -> list[Content]:
    room = _room(width)
    lines = []
    for row in rows:
        score = "–" if row.latest is None else f"{row.latest:.0f}"
        time = "" if row.seconds is None else f", {clock(row.seconds)} each"
        mixed = " (graders mixed)" if len(row.graders) > 1 else ""
        lines.append(
            Content(f"{row.name[:room]:<{room}} {bar(row.latest, 12)} {score:>3}  {row.attempts}×{time}{mixed}")
        )
    return lines


def points(found: Figures) -> Content:
    """Key points that were not said the last time."""
    if not found.attempts:
        return Content(EMPTY)
    if not found.points:
        return Content("Every key point that was asked was said the last time.")
    rows = []
    for item in found.points[:MOST_POINTS]:
        times = f"{item.misses_in_a_row}× in a row" if item.misses_in_a_row > 1 else "the last time"
        rows.append(
            Content.assemble(
                (f"{MARKS[item.last]} {item.last.value:<12} ", "bold"),
                item.text,
                (f"  Q{item.number}, {item.importance.value}, {times}", "$muted"),
            )
        )
    return Content("\n").join(rows)


def calibration(found: Figures, width: int) -> Content:
    """Guesses before the grade against the grade."""
    known = found.calibration
    if known.bias is None or known.brier is None:
        return Content("Guess your score before the grade, and this shows how well you know yourself.")
    lean = round(100 * known.bias)
    words = "just what" if lean == 0 else f"{abs(lean)} points {'more' if lean > 0 else 'less'} than"
    curve = [
        (100 * step.confidence, 100 * step.score)
        for step in known.curve
        if step.confidence is not None and step.score is not None
    ]
    chart = scatter(curve, max(20, min(50, width - 8)), 10)
    parts = [
        Content(f"Over {known.count} guesses you expected {words} you got."),
        Content.styled(
            f"Brier score {known.brier:.3f}: 0 is perfect, {known.baseline or 0:.3f} is always guessing your mean.",
            "$muted",
        ),
        Content(""),
        Content("score, against the score you expected; · is where both agree"),
        *[Content.styled(line, "$accent") for line in chart],
        Content(f"   0{'expected':^{max(20, min(50, width - 8)) - 3}}100"),
    ]
    return Content("\n").join(parts)


def attempt_line(row: Summary, text: str) -> Content:
    """One attempt in the history list."""
    score = "waits" if row.status is None else "–" if row.score is None else str(row.score)
    own = f" you {row.override}" if row.override is not None else ""
    what = "point" if row.point else "retry" if row.retry_of else row.origin.value
    when = row.created_at.astimezone()
    return Content.assemble(
        (f"{when:%d %b %H:%M} ", "$muted"),
        (f"{score:>5}{own} ", "bold"),
        (f"{what:<6} ", "$muted"),
        f"{row.number:>3} {text}",
    )
