"""Charts as inline SVG: text is escaped, colours come from the page's style, nothing is loaded and nothing runs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from coach.text.printable import printable

WIDTH, ROW, HEIGHT = 640, 22, 220
"""In the SVG's own units, which the page scales."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 12, 10, 34


def bars(title: str, rows: Sequence[tuple[str, float, str]]) -> str:
    """Horizontal bars: (label, value from 0 to 100, text at its end)."""
    label, end = 200, 60
    room = WIDTH - label - end
    parts = []
    for at, (name, value, text) in enumerate(rows):
        y = at * ROW
        long = max(0.0, min(100.0, value)) / 100 * room
        parts.append(
            f'<text x="{label - 8}" y="{y + 15}" text-anchor="end">{_safe(_short(name, 30))}</text>'
            f'<rect class="bar" x="{label}" y="{y + 4}" width="{long:.1f}" height="{ROW - 8}" rx="2"/>'
            f'<text class="soft" x="{label + long + 6:.1f}" y="{y + 15}">{_safe(text)}</text>'
        )
    return _framed(title, max(1, len(rows)) * ROW, parts)


def lines(title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> str:
    """Values from 0 to 100 over ``labels``, one line for each (name, values); None leaves a gap."""
    parts = _grid()
    for at in _some(len(labels), 8):
        parts.append(
            f'<text class="soft" x="{_x(at, len(labels)):.1f}" y="{HEIGHT - 14}" text-anchor="middle">{_safe(labels[at])}</text>'
        )
    for number, (name, values) in enumerate(series):
        dash = f' stroke-dasharray="{2 + 4 * number} 3"' if number else ""
        for run in _runs(values):
            path = " ".join(f"{_x(at, len(labels)):.1f},{_y(value):.1f}" for at, value in run)
            parts.append(f'<polyline class="line" points="{path}"{dash}/>')
            parts += [
                f'<circle class="dot" cx="{_x(at, len(labels)):.1f}" cy="{_y(value):.1f}" r="3"/>' for at, value in run
            ]
        if len(series) > 1:
            parts.append(
                f'<text class="soft" x="{_LEFT + 8}" y="{_TOP + 14 + 14 * number}">{"—·–"[number % 3]} {_safe(name)}</text>'
            )
    return _framed(title, HEIGHT, parts)


def curve(title: str, points: Sequence[tuple[float, float, int]]) -> str:
    """Scores over expectations, both 0 to 1, with the line where they agree; (expected, scored, how many)."""
    parts = _grid()
    span = WIDTH - _LEFT - _RIGHT
    parts.append(f'<line class="aim" x1="{_LEFT}" y1="{_y(0)}" x2="{WIDTH - _RIGHT}" y2="{_y(100)}"/>')
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts.append(
            f'<text class="soft" x="{_LEFT + share * span:.1f}" y="{HEIGHT - 14}" text-anchor="middle">{share:.0%}</text>'
        )
    placed = [(_LEFT + expected * span, _y(100 * scored), count) for expected, scored, count in points]
    if len(placed) > 1:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in placed)
        parts.append(f'<polyline class="line" points="{path}"/>')
    for x, y, count in placed:
        parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{3 + min(9.0, count**0.5):.1f}"/>')
    return _framed(title, HEIGHT, parts)


def _framed(title: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{_safe(title)}">'
        f"<title>{_safe(title)}</title>{''.join(parts)}</svg>"
    )


def _grid() -> list[str]:
    return [
        f'<line class="grid" x1="{_LEFT}" y1="{_y(value):.1f}" x2="{WIDTH - _RIGHT}" y2="{_y(value):.1f}"/>'
        f'<text class="soft" x="{_LEFT - 6}" y="{_y(value) + 4:.1f}" text-anchor="end">{value}</text>'
        for value in (0, 25, 50, 75, 100)
    ]


def _x(at: int, count: int) -> float:
    return _LEFT + 10 + at * (WIDTH - _LEFT - _RIGHT - 20) / max(1, count - 1)


def _y(value: float) -> float:
    return _TOP + (100 - max(0.0, min(100.0, value))) / 100 * (HEIGHT - _TOP - _BOTTOM)


def _some(count: int, most: int) -> list[int]:
    """At most ``most`` indexes, evenly spread."""
    step = max(1, -(-count // most))
    return list(range(0, count, step))


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((at, value))
    return [run for run in runs if run]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _safe(text: str) -> str:
    return escape(printable(text))
