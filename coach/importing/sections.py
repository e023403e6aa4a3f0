"""Which headings are sections of the document, and which belong to an answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from coach.importing.labels import is_boilerplate
from coach.importing.markers import Marker
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind

_MOST_INTRO = 3
"""Paragraphs that may introduce a section before its first question."""


def openings(lines: Sequence[Line], questions: Sequence[Marker]) -> list[int]:
    """Indexes of the headings after the first question that open sections, ascending."""
    level = _question_level(questions)
    found: list[int] = []
    marked = {m.start for m in questions}
    habit = _section_levels(lines, questions) if level is None else set()
    gaps = [(a.end, b.start, b) for a, b in pairwise(questions)]
    for (start, stop, following), before in zip(gaps, questions, strict=False):
        heads = _heads(lines, start, stop)
        if level is not None:
            found += [h for h in heads if _is_above(lines[h], level)]
            continue
        empty = [h for h in heads if _leads_straight(lines, h, stop)]
        usual = [h for h in heads if lines[h].level in habit]
        restart = following.value and before.value and following.value <= before.value
        if usual and not restart:
            found += usual
        elif empty:
            found.append(empty[0])
        elif restart and heads and _is_intro(lines, heads[-1] + 1, stop):
            found.append(heads[-1])
    if questions:
        tail = _heads(lines, questions[-1].end, len(lines))
        found += [h for h in tail if (_is_above(lines[h], level) if level is not None else lines[h].level in habit)]
    return [h for h in sorted(set(found)) if h not in marked]


def _is_above(line: Line, level: int) -> bool:
    """Whether a heading ends an answer to a question at ``level``."""
    return line.level < level or (line.level == level and is_boilerplate(one_line(line.content)))


def _heads(lines: Sequence[Line], start: int, stop: int) -> list[int]:
    return [n for n in range(start, stop) if lines[n].kind is LineKind.HEADING]


def _question_level(questions: Sequence[Marker]) -> int | None:
    """The one heading level of all questions; None where they are no headings or wander."""
    levels = {m.level if m.style == "heading" else 0 for m in questions}
    return levels.pop() or None if len(levels) == 1 else None


def _leads_straight(lines: Sequence[Line], head: int, stop: int) -> bool:
    """Whether nothing but other headings and rules stands between a heading and the question."""
    empty = (LineKind.BLANK, LineKind.RULE, LineKind.HEADING, LineKind.UNDERLINE, LineKind.COMMENT)
    return all(line.kind in empty for line in lines[head:stop])


def _is_intro(lines: Sequence[Line], start: int, stop: int) -> bool:
    """Whether the lines are at most a few plain paragraphs."""
    paragraphs = 0
    for place in range(start, stop):
        kind = lines[place].kind
        if kind is LineKind.TEXT:
            paragraphs += place == start or lines[place - 1].kind is not LineKind.TEXT
        elif kind not in (LineKind.BLANK, LineKind.RULE, LineKind.UNDERLINE, LineKind.COMMENT):
            return False
    return paragraphs <= _MOST_INTRO


def _section_levels(lines: Sequence[Line], questions: Sequence[Marker]) -> set[int]:
    """Heading levels most of whose headings lead straight to a question, in documents without numbers."""
    if any(m.style == "heading" for m in questions):
        return set()
    starts = {m.start for m in questions}
    within = [n for m in questions for n in range(m.start, m.end)]
    own = set(within)
    counts: dict[int, list[int]] = {}
    for place, line in enumerate(lines):
        if line.kind is LineKind.HEADING and place not in own:
            after = place + 1
            skip = (LineKind.BLANK, LineKind.UNDERLINE, LineKind.RULE, LineKind.HEADING)
            while after < len(lines) and after not in starts and lines[after].kind in skip:
                after += 1
            counts.setdefault(line.level, []).append(after in starts)
    return {level for level, straight in counts.items() if sum(straight) >= 0.6 * len(straight) and sum(straight) > 0}
