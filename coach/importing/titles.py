"""Titles without a mark between questions without answers: the names of their sections.

How do you add an index?
How do you drop one?
Query Plans

How do you read a plan?
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.importing.clues import Clues
from coach.importing.marks.candidate import Marker
from coach.text.markdown import Line, LineKind

_MOST = 60
_MOST_ROWS = 2
_LEAST = 3
_NEARLY = 0.8
"""Share of what stands between questions that has the shape of titles."""
_MANY = 1.5
"""Questions for each title at least: an answer stands behind every question, a title does not."""
_WORD = re.compile(r"[^\W\d_][\w'’-]{3,}")


def between(clues: Clues, chosen: Sequence[Marker]) -> list[int]:
    """Indexes of the lines that are titles among the ``chosen`` questions, ascending; none where questions have answers."""
    if len(chosen) < 2 or 2 * sum(m.label == "line" for m in chosen) < len(chosen):
        return []
    asked = {
        n
        for m in chosen
        if m.asks or m.label != "line" or not _is_title(clues.lines[m.start])
        for n in range(m.start, m.end)
    }
    titles: list[int] = []
    others = 0
    place, stop = chosen[0].start, chosen[-1].end
    while place < stop:
        start = place
        while place < stop and place not in asked and not clues.lines[place].is_blank:
            place += 1
        if place == start:
            place += 1
        elif _head(clues.lines, start, place, asked):
            titles += range(start, place)
        else:
            others += place - start
    enough = len(titles) >= max(_LEAST, _NEARLY * (len(titles) + others))
    return titles if enough and sum(m.start in asked for m in chosen) >= _MANY * len(titles) else []


def above(clues: Clues, first: int) -> int | None:
    """Index of the title right above the first question, where one stands there."""
    place = first - 1
    while place >= 0 and clues.lines[place].is_blank:
        place -= 1
    return place if place >= 0 and _is_title(clues.lines[place]) else None


def _head(lines: Sequence[Line], start: int, stop: int, asked: set[int]) -> bool:
    """Whether the lines from ``start`` to before ``stop`` head what follows: near to one neighbour, apart from the other."""
    if stop - start > _MOST_ROWS or not all(map(_is_title, lines[start:stop])):
        return False
    return (start - 1 in asked) != (stop in asked)


def _is_title(line: Line) -> bool:
    """Whether a line is short, ends without a stop and has most of its words in capitals."""
    if line.kind is not LineKind.TEXT or len(line.content) > _MOST or line.content[-1:] in ".?!:;,":
        return False
    words = _WORD.findall(line.content)
    return line.content[:1].isupper() and 2 * sum(word[0].isupper() for word in words) > len(words)
