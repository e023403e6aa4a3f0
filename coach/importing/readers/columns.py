"""A printed table with columns of questions and answers: its rows as bold questions with their answers below. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from coach.importing.readers import fields
from coach.importing.readers.fields import Role
from coach.importing.readers.printed import Printed
from coach.importing.readers.runs import Run

_MAYBE_HEADER = re.compile(
    r"\W{0,3}(?:(?:no|nr|num|number|id|s\.? ?no|sr\.? ?no)\.?\s+)?\S{0,20}\s?\b(?:questions?|q|front|prompt|frage)\b.{0,60}"
    r"\b(?:answers?|a|back|response|solution|explanation|antwort)\b",
    re.IGNORECASE,
)
_GUTTER = 4.0
"""Points that part two columns at least; words of a line stand closer."""
_SLACK = 3.0
"""Points by which a cell may start left of its column's name."""
_NEW_ROW = 1.3
"""Lines further apart than this many times the closest begin a new row, where no number does."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a printed line."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the columns of a table start, and which is which."""

    lefts: tuple[float, ...]
    roles: dict[Role, int]


def may_start(line: Printed) -> bool:
    """Whether a line may be the header of such a table, by its words alone."""
    return len(line.text) < 120 and _MAYBE_HEADER.match(line.text) is not None


def replaced(
    lines: Sequence[Printed], words: Callable[[int], list[Word]], grid: Grid | None
) -> tuple[list[Printed], Grid | None]:
    """The lines of a page, those of tables as questions and answers; and the table that is open at its end.

    ``words`` gives those of a line by its index: it is asked only where a table may be. ``grid`` is the table that was
    open at the end of the page before.
    """
    result: list[Printed] = []
    rows: list[tuple[Printed, list[str]]] = []
    for place, line in enumerate(lines):
        if may_start(line) and (header := _header(words(place))) is not None:
            result += _written(rows, grid)
            rows, grid = [], header
            continue
        cells = _cells(words(place), grid.lefts) if grid else None
        if cells is None:
            result += _written(rows, grid)
            rows = []
            grid = None if grid and result and line.text.strip() else grid
            result.append(line)
        else:
            rows.append((line, cells))
    result += _written(rows, grid)
    return result, grid


def _header(words: Sequence[Word]) -> Grid | None:
    """The columns that a header names; None where the line is none."""
    names: list[list[Word]] = []
    for word in words:
        if names and word.left - names[-1][-1].right < _GUTTER:
            names[-1].append(word)
        else:
            names.append([word])
    roles = fields.roles([" ".join(word.text for word in name) for name in names])
    if Role.QUESTION not in roles or Role.ANSWER not in roles:
        return None
    return Grid(tuple(name[0].left for name in names), roles)


def _cells(words: Sequence[Word], lefts: Sequence[float]) -> list[str] | None:
    """The words of a line by column; None where they run on over the gap between two columns."""
    cells: list[list[Word]] = [[] for _ in lefts]
    before: tuple[int, Word] | None = None
    for word in words:
        column = max((n for n, left in enumerate(lefts) if word.left >= left - _SLACK), default=-1)
        if column < 0 or (before and column != before[0] and word.left - before[1].right < _GUTTER):
            return None
        cells[column].append(word)
        before = (column, word)
    return [_text(cell) for cell in cells]


def _text(words: Sequence[Word]) -> str:
    parts: list[str] = []
    for place, word in enumerate(words):
        parts.append(" " if place and word.left - words[place - 1].right > 1.0 else "")
        parts.append(word.text)
    return "".join(parts)


def _written(rows: Sequence[tuple[Printed, list[str]]], grid: Grid | None) -> list[Printed]:
    """Two lines for every row of the table, the question and the answer, in the places of its first printed line."""
    if not rows or grid is None:
        return []
    gaps = [b.down - a.down for (a, _), (b, _) in pairwise(rows) if b.down > a.down]
    closest = min(gaps, default=0.0)
    joined: list[tuple[Printed, list[str]]] = []
    for line, cells in rows:
        numbered = cells[grid.roles[Role.NUMBER]] if Role.NUMBER in grid.roles else ""
        apart = not joined or line.down - joined[-1][0].down > _NEW_ROW * closest or line.down < joined[-1][0].down
        fresh = bool(numbered) if Role.NUMBER in grid.roles else apart and bool(cells[grid.roles[Role.QUESTION]])
        if fresh or not joined:
            joined.append((line, list(cells)))
        else:
            joined[-1] = (line, [" ".join(filter(None, pair)) for pair in zip(joined[-1][1], cells, strict=True)])
    return [printed for line, cells in joined for printed in _pair(line, cells, grid)]


def _pair(line: Printed, cells: Sequence[str], grid: Grid) -> list[Printed]:
    question, answer = cells[grid.roles[Role.QUESTION]], cells[grid.roles[Role.ANSWER]]
    number = fields.number_of(cells[grid.roles[Role.NUMBER]]) if Role.NUMBER in grid.roles else None
    asked = Run(f"Q{number or ''}: {question}", bold=True, size=line.size)
    said = Run(f"Answer: {answer}", size=line.size)
    left = grid.lefts[0]
    return [
        replace(line, runs=(run,), left=left, right=left + 1)
        for run in ((asked, said) if answer else (asked,))
        if question
    ]
