"""How a row of a verdict looks in the list."""

from __future__ import annotations

from textual.content import Content

from coach.tui.verdict_rows import Row
from coach.tui.wrapping import wrapped

HEAD = 15
"""Cells for sign and word: ``⚠ contradicted`` and a blank."""

NARROW = 56
"""Below this width the text stands under its sign and word."""

MOST = 2
"""Lines of the text; the details show all of it."""


def prompt(row: Row, width: int) -> Content:
    """Sign, word and text, wrapped to ``width`` cells with a hanging indent, cut after a few lines."""
    if not row.word:
        return Content.assemble((f"{row.mark} " if row.mark else "", "bold $accent"), (row.title, "bold"))
    narrow = width < NARROW
    indent = 2 if narrow else HEAD
    lines = [span.of(row.title) for span in wrapped(row.title, max(10, width - indent - 1))]
    shown = lines[:MOST]
    if len(lines) > MOST:
        shown[-1] = shown[-1][: max(1, width - indent - 2)].rstrip(" ,;:.") + " …"
    head = f"{row.mark} {row.word}".strip()
    first = Content.styled(f"{head:<{HEAD}}", f"bold ${row.tone}")
    rest = Content("\n" + " " * indent).join([Content(line) for line in shown])
    return Content.assemble(first, "\n" + " " * indent, rest) if narrow else Content.assemble(first, rest)
