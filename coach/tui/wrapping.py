"""Text cut into lines of a width, with the place of each line in the text. Pure."""

from __future__ import annotations

import re

from rich.cells import cell_len

from coach.domain import Span

_PIECES = re.compile(r"\s*\S+|\s+")


def wrapped(text: str, width: int) -> list[Span]:
    """Spans of ``text``, one a line; each fits into ``width`` cells (at least 1), and no letter is in two of them.

    Line breaks of the text and blanks at which a line is cut stand in no span.
    """
    lines: list[Span] = []
    start = 0
    for line in text.split("\n"):
        lines += [Span(start + part.start, start + part.end) for part in _cut(line.rstrip("\r"), max(1, width))]
        start += len(line) + 1
    return lines


def _cut(line: str, width: int) -> list[Span]:
    if cell_len(line) <= width:
        return [Span(0, len(line))]
    spans: list[Span] = []
    start = end = used = 0
    for found in _PIECES.finditer(line):
        piece = found.group()
        cells = cell_len(piece)
        if used and used + cells > width:
            spans.append(Span(start, end))
            start = found.start() + len(piece) - len(piece.lstrip())
            used = 0
            cells = cell_len(line[start : found.end()])
        end = found.end()
        used += cells
        while used > width:
            fits = _fitting(line, start, end, width)
            spans.append(Span(start, fits))
            start = fits
            used = cell_len(line[start:end])
    if end > start or not spans:
        spans.append(Span(start, end))
    return spans


def _fitting(line: str, start: int, end: int, width: int) -> int:
    """One past the last letter from ``start`` that fits; at least one letter."""
    used = 0
    for at in range(start, end):
        used += cell_len(line[at])
        if used > width:
            return max(at, start + 1)
    return end
