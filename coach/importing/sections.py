"""Which headings are sections of the document, and which belong to an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from coach.importing.clues import Clues
from coach.importing.marks.candidate import Marker
from coach.importing.wording.labels import is_answer_label, is_of_an_article
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind

_MOST_INTRO = 3
"""Paragraphs that may introduce a section before its first question."""


def openings(clues: Clues, questions: Sequence[Marker], ends: Sequence[int], levels: Sequence[int] = ()) -> list[int]:
    """Indexes of the headings after the first question that end an answer, most of them sections; ascending.

    ``ends`` are the places from which on each question's gap is searched. ``levels`` from a side file settle it.
    """
    lines = clues.lines
    marked = {m.start for m in questions}
    own = {n for m in questions for n in range(m.start, m.end)}
    level = _question_level(questions)
    counted = {m.label for m in questions if m.style == "heading"} - {""}
    above = 0
    inside = False
    found: list[int] = []
    for head in clues.heads_in(0, questions[0].start) if questions else ():
        above = lines[head].level
    for place, question in enumerate(questions):
        stop = questions[place + 1].start if place + 1 < len(questions) else len(lines)
        following = questions[place + 1] if place + 1 < len(questions) else None
        heads = [h for h in clues.heads_in(ends[place], stop) if h not in own and not _is_in_answer(clues, question, h)]
        if levels:
            opened = [h for h in heads if lines[h].level in levels]
        elif question.style != "heading" and question.label not in counted:
            opened = _below(clues, heads, above, stop, following)
            if following is None and place > 1 and not inside:
                opened = heads  # no other answer holds a heading
        elif level is not None:
            opened = [h for h in heads if _ends(clues, h, level, stop, following)]
        else:
            opened = _wandering(clues, heads, question, following, stop)
        found += opened
        inside = inside or len(opened) < len(heads)
        if opened:
            above = lines[opened[-1]].level
    return [h for h in sorted(set(found)) if h not in marked]


def furniture(clues: Clues, questions: Sequence[Marker]) -> set[int]:
    """Headings that stand before every other question with the same words: neither sections nor answers."""
    starts = {m.start for m in questions}
    heads = [h for h in clues.heads if h not in starts]
    counts = Counter(clues.lines[h].content for h in heads)
    often = {text for text, count in counts.items() if count >= max(3, 0.5 * len(questions))}
    straight: dict[str, int] = Counter()
    for head in heads:
        text = clues.lines[head].content
        if text in often:
            stop = head + 1
            while stop < len(clues.lines) and clues.lines[stop].is_blank:
                stop += 1
            straight[text] += stop in starts or stop == len(clues.lines)
    return {h for h in heads if straight.get(clues.lines[h].content, 0) >= 0.6 * counts[clues.lines[h].content] > 0}


def _is_in_answer(clues: Clues, question: Marker, head: int) -> bool:
    """Whether a heading is the answer's label or stands in a fold that was opened behind the question."""
    if clues.depth[head] > clues.depth[question.start] or clues.depth[head - 1] > clues.depth[question.start]:
        return True
    return clues.labels_in(head, head + 1) != [] or is_answer_label(one_line(clues.lines[head].content))


def _ends(clues: Clues, head: int, level: int, stop: int, following: Marker | None) -> bool:
    """Whether a heading ends an answer to a question at ``level``."""
    line = clues.lines[head]
    if line.level < level:
        return True
    if line.level > level:
        return False
    if following is None:
        return is_of_an_article(one_line(line.content))
    return clues.is_furniture(head) or clues.leads_straight(head, stop)


def _question_level(questions: Sequence[Marker]) -> int | None:
    """The one level of all questions that are headings; None where there are none or they wander."""
    levels = {m.level for m in questions if m.style == "heading"}
    return levels.pop() if len(levels) == 1 else None


def _wandering(clues: Clues, heads: list[int], before: Marker, following: Marker | None, stop: int) -> list[int]:
    """Sections between two of the questions whose levels tell nothing: from the text between, and from a new count."""
    if following is None:
        return [h for h in heads if clues.is_furniture(h)]
    empty = [h for h in heads if clues.leads_straight(h, stop)]
    if empty:
        return [empty[0]]
    restart = following.value and before.value and following.value <= before.value
    if restart and heads and _is_intro(clues.lines, heads[-1] + 1, stop):
        return [heads[-1]]
    return []


def _below(clues: Clues, heads: list[int], above: int, stop: int, following: Marker | None) -> list[int]:
    """Sections behind a question that is no heading itself and stands under one of level ``above`` (0: under none)."""
    lines = clues.lines
    first = next((n for n, h in enumerate(heads) if lines[h].level <= above or clues.is_furniture(h)), len(heads))
    straight = [h for h in heads[:first] if following is not None and clues.leads_straight(h, stop)]
    return [*straight, *heads[first:]]


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
