"""Text in cells of a table that a spreadsheet will open: never a formula, whatever somebody wrote."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

_MARK = "'"
_STARTS = "=+-@\t\r\n＝＋－＠"
"""What begins a formula, or hides the beginning of one, in one spreadsheet or another."""


def guarded(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula. ``unguarded`` gives the very same text back."""
    return _MARK + text if _risky(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell, whether or not the spreadsheet that saved it kept the mark."""
    return cell[1:] if cell.startswith(_MARK) and _risky(cell[1:]) else cell


def _risky(text: str) -> bool:
    start = text.lstrip(" \u00a0\ufeff" + _MARK)[:1]
    return bool(start) and start in _STARTS


Cell = str | int | float | None


def rows_as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """CSV line by line as RFC 4180 has it; text is guarded, numbers stay numbers, None is empty."""
    yield _line(head)
    for row in rows:
        yield _line([guarded(item) if isinstance(item, str) else item for item in row])


def _line(row: Sequence[Cell]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(["" if item is None else item for item in row])
    return out.getvalue().encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair fits in no file
