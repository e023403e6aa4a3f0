"""Items of lists that may be questions: plain or bold, counted or with a box, wrapped over lines, under a title of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from coach.importing.marks import emphasis
from coach.importing.marks.candidate import Marker, clean, made
from coach.importing.marks.inline import split
from coach.importing.marks.wrapping import wrapped_end
from coach.importing.wording.labels import is_answer_label, prefix, without_level
from coach.importing.wording.reading import CERTAIN, belief, is_task
from coach.text.markdown import Line, LineKind

_HASHES = re.compile(r"(#{1,6})\s+")
_BOX = re.compile(r"\[[ xX]\]\s+")
_TERM = re.compile(r"(.{2,80}?)\s?:\s?[-–—]{1,2}(?:\s+(?=\S)|\s*$)")
"""A term before a colon with a dash, and what it means or nothing."""
_NAMED = 0.65
"""Belief in a numbered term that is marked as one to be explained."""
_BLANK = " " * 6
"""What ends a sentence whose last word is left out."""
_LEAST_TOLD = 3
"""Gaps between the words of a line that tells what the task on the next line is about."""
_MOST_TASK = 160
"""Characters of such a task."""


def marker(lines: Sequence[Line], place: int) -> Marker | None:
    """The candidate that the item on line ``place`` is; None where it announces an answer."""
    line = lines[place]
    number = line.mark[:-1] if line.mark[0].isdigit() else None
    label = "number" if number else ""
    content = without_level(line.content)
    if hashes := _HASHES.match(content):
        return _inner(line, place, "item-heading", content[hashes.end() :])
    if box := _BOX.match(content):
        inner = prefix(content[box.end() :])
        return made(place, place + 1, "item", line.level, ("box", inner[1], inner[2] or content[box.end() :]))
    if tagged := emphasis.tagged(content):
        return _inner(line, place, "item-bold", tagged)
    if emphasis.BOLD.match(content):
        return _bold(lines, place, content, label, number)
    if is_answer_label(content):
        return None
    return (_told(lines, place, content, number) if number else None) or _plain(lines, place, content, label, number)


def _inner(line: Line, place: int, style: str, content: str) -> Marker:
    """An item that is marked a second time, by hashes or tags; a number behind these is the question's own."""
    label, number, text = prefix(content)
    own = line.mark[:-1] if line.mark[0].isdigit() else None
    return made(place, place + 1, style, line.level, (label or ("number" if own else ""), number or own, text))


def _bold(lines: Sequence[Line], place: int, content: str, label: str, number: str | None) -> Marker | None:
    bold = emphasis.marker(lines, place, "item-bold", content, lines[place].level)
    titled = emphasis.titled(lines, place, content, bold) if number else None
    if titled is not None:
        return replace(titled, label=label, number=number)
    return bold if bold is None or bold.label else replace(bold, label=label, number=number)


def _told(lines: Sequence[Line], place: int, content: str, number: str) -> Marker | None:
    """A numbered item that is a term to be explained, or tells something and sets a task about it on the next line."""
    level = lines[place].level
    if (":-" in content or ": -" in content) and (term := _TERM.match(content)):
        named = made(place, place + 1, "item", level, ("number", number, term[1]), content[term.end() :])
        return replace(named, belief=max(named.belief, _NAMED))
    if not _sets_task(lines, place):
        return None
    said = f"{lines[place].content} {lines[place + 1].content}"
    return replace(made(place, place + 2, "item", level, ("number", number, said)), belief=CERTAIN)


def _sets_task(lines: Sequence[Line], place: int) -> bool:
    """Whether the one line below an item asks or sets a task, and the item itself does neither."""
    if place + 1 >= len(lines) or lines[place + 1].kind is not LineKind.TEXT:
        return False
    told, task = lines[place], lines[place + 1]
    alone = place + 2 == len(lines) or lines[place + 2].kind is not LineKind.TEXT
    if not alone or task.level <= told.level or told.content.endswith(":") or len(task.content) > _MOST_TASK:
        return False
    if told.content.count(" ") < _LEAST_TOLD or belief(told.content) >= CERTAIN or belief(task.content) < CERTAIN:
        return False
    return is_task(task.content) or task.content.endswith(("?", "."))


def _plain(lines: Sequence[Line], place: int, content: str, label: str, number: str | None) -> Marker:
    end = wrapped_end(lines, place)
    if label and lines[place].text.endswith(_BLANK):
        content = lines[place].text.lstrip()[len(lines[place].mark) :].lstrip()
    question, rest = split(" ".join([content, *(row.content for row in lines[place + 1 : end])]))
    inner = prefix(clean(question) if question[:1] == "[" else question)
    level = lines[place].level
    if not label and inner[0] == "number" and inner[2]:
        return made(place, end, "item", level, inner, rest)
    if inner[0] == "q" and inner[2]:
        return made(place, end, "item", level, ("q", inner[1], inner[2]), rest)
    return made(place, end, "item", level, (label, number, question), rest)
