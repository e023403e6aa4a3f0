"""The rows of a verdict, to move over."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from coach.tui.verdict_rows import Row
from coach.tui.wrapping import wrapped

HEAD = 15
"""Cells for sign and word: ``⚠ contradicted`` and a blank."""

NARROW = 56
"""Below this width the text stands under its sign and word."""

MOST = 2
"""Lines of a row's text; the details show all of it."""


class PointList(OptionList):
    """Wraps each row to its own width, with a hanging indent."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: tuple[Row, ...] = ()
        """What is shown."""

    @property
    def row(self) -> Row | None:
        """The one chosen."""
        at = self.highlighted
        return self.rows[at] if at is not None and at < len(self.rows) else None

    def show(self, rows: tuple[Row, ...]) -> None:
        """Show ``rows``, the first chosen."""
        self.rows = rows
        self.clear_options()
        self.add_options([Option(prompt(row, self._room), id=row.name) for row in rows])
        self.highlighted = 0 if rows else None

    @property
    def _room(self) -> int:
        return max(20, self.scrollable_content_region.width - 1)

    def on_resize(self) -> None:
        for at, row in enumerate(self.rows):
            self.replace_option_prompt_at_index(at, prompt(row, self._room))


def prompt(row: Row, width: int) -> Content:
    """Sign, word and text, wrapped to ``width`` cells with a hanging indent, cut after a few lines."""
    if not row.word:
        return Content.assemble((f"{row.mark} " if row.mark else "", "bold $accent"), (row.title, "bold"))
    narrow = width < NARROW
    indent = 2 if narrow else HEAD
    lines = [span.of(row.title) for span in wrapped(row.title, max(10, width - indent))]
    shown = lines[:MOST]
    if len(lines) > MOST:
        shown[-1] = shown[-1][: max(1, width - indent - 2)].rstrip(" ,;:.") + " …"
    first = Content.styled(f"{f'{row.mark} {row.word}'.strip():<{HEAD}}", f"bold ${row.tone}")
    rest = Content("\n" + " " * indent).join([Content(line) for line in shown])
    return Content.assemble(first, "\n" + " " * indent, rest) if narrow else Content.assemble(first, rest)
