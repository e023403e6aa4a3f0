"""Runs of lines of an answer that are no code, and the label that announces the first of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach.importing.bodies.fences import Fence
from coach.importing.wording.labels import is_one_letter, without_answer_label
from coach.text.markdown import LineKind


@dataclass(slots=True)
class Text:
    """A run of lines that is no code."""

    lines: list[str]
    kind: LineKind
    level: int = 0
    tight: bool = False
    """Whether no blank line stands before it in the source."""
    mark: str = ""


def strip_label(blocks: list[Text | Fence]) -> bool:
    """Take ``**Answer:**`` off the start, with the heading or list mark that holds only it; whether it stood alone."""
    first = blocks[0] if blocks else None
    if not isinstance(first, Text) or first.kind in (LineKind.TABLE, LineKind.RULE):
        return False
    line = first.lines[0].lstrip()
    body = line.lstrip("#").lstrip() if first.kind is LineKind.HEADING else line
    if first.kind is LineKind.ITEM and line.startswith(first.mark):
        body = line[len(first.mark) :].lstrip()
    quoted = "> " if body.startswith("> ") else ""
    rest = without_answer_label(body[len(quoted) :])
    if rest is None or (rest and is_one_letter(body) and _has_b(blocks)):
        return False  # nothing announced, or the first of the options A, B, C
    first.lines[0] = quoted + rest if rest else ""
    if first.kind in (LineKind.ITEM, LineKind.HEADING):
        first.kind = LineKind.TEXT
        first.mark = ""
    if not rest:
        first.lines.pop(0)
    if not first.lines:
        blocks.pop(0)
    return not rest


def _has_b(blocks: Sequence[Text | Fence]) -> bool:
    first = blocks[0].lines[0][:300] if blocks and isinstance(blocks[0], Text) else ""
    if re.search(r"\s[\[(]?[bB][.)\]]\s?\S", first):
        return True
    rows = [row for block in blocks[:4] if isinstance(block, Text) for row in block.lines[:4]]
    return any(re.match(r"[\W_]*b[.:)]", row, re.IGNORECASE) for row in rows[1:])
