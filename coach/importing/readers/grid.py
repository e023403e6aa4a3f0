"""Tables inside documents: a table of questions and answers becomes questions, any other a Markdown table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from coach.importing.readers import fields
from coach.importing.readers.fields import Role

_MOST_CELLS = 100_000
"""Cells of one table that are kept."""


@dataclass
class Table:
    """A table that is being read cell by cell."""

    depth: int = 0
    """How many tables are open inside each other; only the outermost has cells of its own."""
    _rows: list[list[str]] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)
    _cells: int = 0

    def row(self, line: int) -> None:
        """A row begins on ``line`` of the source."""
        self._rows.append([])
        self._lines.append(line)

    def add(self, cell: str, line: int) -> None:
        """One more cell of the row."""
        if not self._rows:
            self.row(line)
        if self._cells < _MOST_CELLS:
            self._cells += 1
            self._rows[-1].append(cell)

    def blocks(self) -> Iterator[tuple[list[str], int]]:
        """The lines for each row, and where it stands in the source."""
        rows = [(row, line) for row, line in zip(self._rows, self._lines, strict=True) if row]
        for block, (_, line) in zip(markdown([row for row, _ in rows]), rows, strict=True):
            yield block, line


def markdown(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each row of cells, which are Markdown, the lines that say the same.

    Where the header names a question and an answer, every further row is a bold question and a paragraph; else the rows
    are those of a Markdown table. A table of one column is its cells as paragraphs.
    """
    width = max((len(row) for row in rows), default=0)
    if width == 0:
        return [[] for _ in rows]
    if width == 1:
        return [["", *(row[0].split("\n") if row else []), ""] for row in rows]
    roles = fields.roles([cell[:200] for cell in rows[0]])
    certain = Role.QUESTION in roles and fields.named(rows[0][roles[Role.QUESTION]]) in fields.CERTAIN
    if certain and Role.ANSWER in roles and len(rows) > 1:
        return [[], *(_question(row, roles) for row in rows[1:])]
    lines = [["| " + " | ".join(_flat(cell) for cell in _filled(row, width)) + " |"] for row in rows]
    lines[0] = ["", *lines[0], "|" + " --- |" * width]
    lines[-1] = [*lines[-1], ""]
    return lines


def _question(row: Sequence[str], roles: dict[Role, int]) -> list[str]:
    def cell(role: Role) -> str:
        place = roles.get(role, len(row))
        return row[place] if place < len(row) else ""

    asked = " ".join(cell(Role.QUESTION).replace("**", "").split())
    if not asked:
        return []
    number = fields.number_of(cell(Role.NUMBER))
    return ["", f"**{number}. {asked}**" if number else f"**{asked}**", "", *cell(Role.ANSWER).split("\n"), ""]


def _filled(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _flat(cell: str) -> str:
    return " ".join(cell.replace("|", "\\|").split())
