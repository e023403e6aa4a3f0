"""One's own answer with the evidence in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from coach.domain import Span
from coach.tui.verdict_rows import Row
from coach.tui.wrapping import wrapped

GUTTER = 2
"""Cells at the left for the signs."""


class OwnAnswer(VerticalScroll):
    """Every quoted stretch is marked in its line's margin; those of the chosen row stand out, and come into view."""

    def __init__(self, answer: str, rows: Sequence[Row]) -> None:
        super().__init__()
        self._answer = answer
        self._rows = rows
        self._chosen: Row | None = None
        self._width = 0
        self._lines: list[Span] = []

    def compose(self) -> ComposeResult:
        yield Static(id="own-text")

    def on_mount(self) -> None:
        self.border_title = "Your answer"

    def on_resize(self) -> None:
        width = max(10, self.scrollable_content_region.width - GUTTER)
        if width != self._width:
            self._width = width
            self._lines = wrapped(self._answer, width)
            self._draw()

    def show(self, rows: Sequence[Row]) -> None:
        """Mark the evidence of ``rows``; it is drawn once one of them is chosen."""
        self._rows = rows
        self._chosen = None

    def choose(self, row: Row) -> None:
        """Let the evidence of ``row`` stand out."""
        self._chosen = row
        self._draw()
        if row.spans and self._lines:
            first = self._line_of(min(span.start for span in row.spans))
            last = self._line_of(max(span.end - 1 for span in row.spans))
            height = self.scrollable_content_region.height
            if not self.scroll_offset.y <= first <= last < self.scroll_offset.y + height:
                self.scroll_to(y=max(0, first - max(0, (height - (last - first + 1)) // 2)), animate=False)

    def _line_of(self, offset: int) -> int:
        return max(0, bisect_right([line.start for line in self._lines], offset) - 1)

    def _draw(self) -> None:
        if not self._lines:
            return
        self.query_one("#own-text", Static).update(Content("\n").join([self._line(line) for line in self._lines]))

    def _line(self, line: Span) -> Content:
        text = Content(line.of(self._answer).replace("\t", " "))
        mark, tone = " ", ""
        for row in self._rows:
            for span in row.spans:
                start, end = max(span.start, line.start), min(span.end, line.end)
                if start >= end:
                    continue
                if row is self._chosen:
                    mark, tone = row.mark, row.tone
                    text = text.stylize(f"bold underline ${row.tone}", start - line.start, end - line.start)
                else:
                    if mark == " ":
                        mark, tone = row.mark, row.tone
                    text = text.stylize_before(f"${row.tone}", start - line.start, end - line.start)
        return Content.assemble((f"{mark} ", f"${tone}" if tone else ""), text)
