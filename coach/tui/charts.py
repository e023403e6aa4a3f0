"""Charts of letters: they need no colour, and fit where they are put. Pure."""

from __future__ import annotations

from collections.abc import Sequence

EIGHTHS = " ▁▂▃▄▅▆▇█"
"""A cell filled by so many eighths."""

TOP = 100
"""The largest value."""


def columns(values: Sequence[float], height: int, gap: int = 1, width: int = 2) -> list[str]:
    """Values from 0 to 100 as columns, ``height`` lines from the top, with the scale at the left."""
    lines = []
    for line in range(height, 0, -1):
        cells = []
        for value in values:
            eighths = round(max(0.0, min(float(TOP), value)) / TOP * height * 8) - (line - 1) * 8
            cells.append(EIGHTHS[max(0, min(8, eighths))] * width)
        scale = f"{round(TOP * line / height):>4}┤" if (height - line) % 2 == 0 else "    │"
        lines.append(f"{scale}{(' ' * gap).join(cells)}")
    lines.append("   0┴" + "─" * max(0, len(values) * (width + gap) - gap))
    return lines


def bar(value: float | None, width: int) -> str:
    """A value from 0 to 100 as a bar; None is an empty one."""
    full = round((value or 0) * width / TOP)
    return "█" * full + "░" * (width - full)


def scatter(points: Sequence[tuple[float, float]], width: int, height: int) -> list[str]:
    """Points (x, y), both 0 to 100, over the line where they are equal."""
    grid = [[" "] * width for _ in range(height)]
    for x in range(width):
        y = round(x * (height - 1) / max(1, width - 1))
        grid[height - 1 - y][x] = "·"
    for across, up in points:
        x = round(max(0.0, min(100.0, across)) * (width - 1) / TOP)
        y = round(max(0.0, min(100.0, up)) * (height - 1) / TOP)
        grid[height - 1 - y][x] = "●"
    lines = [f"{'100┤' if at == 0 else '   │'}{''.join(row)}" for at, row in enumerate(grid)]
    lines.append("  0┴" + "─" * width)
    return lines
