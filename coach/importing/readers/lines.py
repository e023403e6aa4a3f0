"""Markdown as it is written by a reader: lines with their places in the source, and the inline text under way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_MOST_PARTS = 8
"""Pieces of text that are looked at or rewritten."""


class Lines:
    """Gathers finished lines, never two blank ones in a row, and the text of the block that is being read."""

    def __init__(self) -> None:
        self._rows: list[str] = []
        self._positions: list[int] = []
        self._parts: list[str] = []
        self._said = False
        self._span = -1
        self._line = 0
        self._last = 0

    # --- finished lines -----------------------------------------------------------------------

    def add(self, rows: Sequence[str], line: int, running: bool = False) -> None:
        """Finished lines from ``line`` of the source; where ``running``, the inner ones from the lines that follow."""
        in_code = running and len(rows) > 2
        first = 1 if in_code and rows and not rows[0] else 0
        for offset, row in enumerate(rows):
            if not row and not (in_code and first < offset < len(rows) - 1):
                self.blank()
                continue
            at = line + max(offset - first - 1, 0) if running else line
            self._last = max(self._last, at)
            self._rows.append(row)
            self._positions.append(self._last)

    def blank(self) -> None:
        """A blank line, unless there is one already."""
        if self._rows and self._rows[-1]:
            self._rows.append("")
            self._positions.append(self._last)

    def whole(self) -> tuple[str, tuple[int, ...]]:
        """All lines, and the place of each (at least 1)."""
        return "\n".join(self._rows), tuple(max(place, 1) for place in self._positions)

    # --- the text under way -------------------------------------------------------------------

    def start(self, line: int) -> None:
        """What follows begins on ``line``."""
        self._line = line

    def write(self, text: str, line: int) -> None:
        """Add inline Markdown. White space at the start of a line is dropped, a run of it becomes one space."""
        if not self._parts or self._parts[-1].endswith(("\n", " ")):
            text = text.lstrip(" ")
        if not text:
            return
        if not self._said and not text.isspace():
            self._line, self._said = line, True
        self._parts.append(text)

    @property
    def pending(self) -> str:
        """The text under way, as far as a label at its start may reach."""
        return "".join(self._parts[:_MOST_PARTS])[:200]

    def mark(self) -> int:
        """A place in the text under way, for ``rewrite``."""
        return len(self._parts)

    def rewrite(self, mark: int, change: Callable[[str], str | None]) -> None:
        """Replace what was written since ``mark`` by what ``change`` makes of it; None leaves it."""
        self._span = len(self._parts)
        made = change("".join(self._parts[mark:])) if 0 < len(self._parts) - mark <= _MOST_PARTS else None
        if made is not None:
            self._span = -1
            self._parts[mark:] = [made.lstrip() if mark == 0 else made]

    @property
    def closed_span(self) -> bool:
        """Whether nothing but white space was written since the last element that ``rewrite`` was asked for."""
        return (
            0 <= self._span <= len(self._parts) <= self._span + _MOST_PARTS
            and not "".join(self._parts[self._span :]).strip()
        )

    def space(self) -> None:
        """A space, unless there is one or nothing yet."""
        if self._parts:
            self.write(" ", 0)

    def newline(self) -> None:
        """A line end inside a block."""
        if self._parts:
            self._parts.append("\n")

    def opened(self, mark: str) -> None:
        """An opening mark."""
        if mark:
            self._parts.append(mark)

    def closed(self, opening: str, closing: str) -> None:
        """A closing mark, put before trailing spaces; a pair round nothing is taken off."""
        tail = ""
        while self._parts and self._parts[-1] != opening and not self._parts[-1].strip():
            tail = self._parts.pop() + tail
        if not self._parts:
            return
        if self._parts[-1] == opening:
            self._parts.pop()
            self._parts.append(tail)
            return
        last = self._parts[-1]
        bare = last.rstrip()
        self._parts[-1:] = [bare, closing, last[len(bare) :] + tail]
        self._lead(opening)

    def _lead(self, opening: str) -> None:
        """Put spaces that stand after the opening mark before it."""
        for place in range(len(self._parts) - 1, -1, -1):
            if self._parts[place] == opening and place + 1 < len(self._parts):
                after = self._parts[place + 1]
                bare = after.lstrip(" ")
                if bare != after and bare:
                    self._parts[place : place + 2] = [" ", opening, bare]
                return

    def taken(self) -> tuple[str, int]:
        """The text under way and the line where it began; it is empty afterwards."""
        text, line = "".join(self._parts), self._line
        self._parts, self._said, self._span = [], False, -1
        return text, line
