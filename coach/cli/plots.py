"""Charts for a terminal. The one door of plotille, which is loaded when a chart is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from coach.cli.screen import width

HEIGHT = 10
"""Lines of a chart: ten points each."""

_COLOURS = ("cyan", "magenta", "yellow", "green")
_MARKERS = (None, "x", "o", "+")
"""Lines are told apart without their colours, too."""


def weeks_plot(series: Sequence[tuple[str, Sequence[tuple[date, float]]]]) -> str:
    """Mean scores, 0 to 100, over the weeks: one line for each (name, points)."""
    days = [day.toordinal() for _, points in series for day, _ in points]
    if not days:
        return ""
    figure = _figure("score", "week")
    first, last = min(days), max(days)
    figure.set_x_limits(min_=first - 1, max_=max(last, first + 7) + 1)
    figure.x_ticks_fkt = lambda low, high: date.fromordinal(round(low)).strftime("%d %b")
    for at, (name, points) in enumerate(series):
        colour = _COLOURS[at % len(_COLOURS)]
        xs, ys = [day.toordinal() for day, _ in points], [score for _, score in points]
        figure.plot(xs, ys, lc=colour, label=name, marker=_MARKERS[at % len(_MARKERS)])
    return str(figure.show(legend=len(series) > 1))


def curve_plot(points: Sequence[tuple[float, float]]) -> str:
    """Scores over expectations, both 0 to 100, beside the line on which they agree."""
    if not points:
        return ""
    figure = _figure("score", "expected")
    figure.width = min(50, figure.width)
    figure.set_x_limits(min_=0, max_=100)
    figure.x_ticks_fkt = lambda low, high: f"{low:.0f}"
    figure.plot([0, 100], [0, 100], lc="bright_black", label="as expected")
    figure.plot([x for x, _ in points], [y for _, y in points], lc="cyan", label="yours", marker="o")
    return str(figure.show(legend=False))


def bar(value: float, long: int = 20) -> str:
    """A value from 0 to 100 as blocks."""
    full = round(max(0.0, min(100.0, value)) / 100 * long)
    return "█" * full + "░" * (long - full)


def _figure(y_label: str, x_label: str) -> Any:
    import plotille

    figure = plotille.Figure()
    figure.width = 60 if width() >= 84 else 50 if width() >= 74 else 30
    figure.height = HEIGHT
    figure.set_y_limits(min_=0, max_=100)
    figure.color_mode = "names"
    figure.y_label, figure.x_label = y_label, x_label
    figure.y_ticks_fkt = _tick
    return figure


def _tick(low: float, high: float) -> str:
    return f"{low:.0f}"
