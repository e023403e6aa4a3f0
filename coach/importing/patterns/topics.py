"""Documents that call themselves collections and ask nothing in words: what is headed or counted there is what is asked.

``## Two sum`` in a file of problems, ``3. Inheritance`` in notes for an interview: each with something to say below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.importing.clues import Clues
from coach.importing.marks.candidate import Marker
from coach.importing.patterns.families import Family
from coach.importing.wording.labels import is_of_an_article
from coach.importing.wording.reading import is_readme
from coach.text import coded
from coach.text.cleaning import one_line
from coach.text.markdown import LineKind

_TASKS = re.compile(
    r"\b(?:questions|problems|exercises|puzzles|drills|challenges|flash ?cards|viva|q\s?(?:&|and|n)\s?a)\b",
    re.IGNORECASE,
)
_PROBLEM = re.compile(r"[\W_]*(?:problem|puzzle|challenge|drill)\s?#?\d", re.IGNORECASE)
_TITLE_LEVEL = 2
_LEAST = 3
_PARTS = 2
"""Headings of a readme that make a document one."""
_WITH_BODY = 0.8
"""Share of the members with something below them."""
_COVERED = 0.7
"""Share of the document that stands from the first member on."""
_ALL = 0.95
"""The same where the document does not call itself a collection: it holds nothing else."""
_WORK = 0.3
"""Mean belief in tasks (``Reverse a list``) that such a document holds."""
_FAMILIES = ("numbered", "item-heading", "summary", "item-bold", "bold", "item-number")


def found(clues: Clues, families: Sequence[tuple[Family, list[Marker]]]) -> tuple[Family, list[Marker]] | None:
    """The family of a document's topics, with its members; None where nothing has the shape of questions and answers."""
    best: tuple[Family, list[Marker]] | None = None
    for family, members in families:
        if family.name not in _FAMILIES and not family.name.startswith("heading"):
            continue
        if family.name.startswith("heading") and _is_told(clues, members):
            continue
        own = [m for m in members if not is_of_an_article(m.text)]
        if _holds(clues, family, own) and (best is None or len(own) > len(best[1])):
            best = (family, own)
    return best


def _is_told(clues: Clues, members: Sequence[Marker]) -> bool:
    """Whether headings of a readme stand among others of their level: these are its parts then too."""
    level = members[0].level if members else 0
    parts = [h for h in clues.heads if clues.lines[h].level == level]
    return sum(is_of_an_article(one_line(clues.lines[h].content)) for h in parts) >= _PARTS


def _holds(clues: Clues, family: Family, members: Sequence[Marker]) -> bool:
    if len(members) < _LEAST:
        return False
    stops = [m.start for m in members[1:]] + [len(clues.lines)]
    filled = [_has_body(clues, m.end, stop) for m, stop in zip(members, stops, strict=True)]
    if sum(filled) < _WITH_BODY * len(members):
        return False
    whole = clues.filled[-1] - clues.filled[members[0].start]
    if not _names_tasks(clues):
        named = all(_PROBLEM.match(clues.lines[m.start].content) for m in members)
        work = named or sum(m.belief for m in members) >= _WORK * len(members)
        code = sum(_has_code(clues, m.end, stop) for m, stop in zip(members, stops, strict=True))
        return work and code >= _WITH_BODY * len(members) and whole >= _ALL * clues.filled[-1] and _is_counted(members)
    if family.name == "item-number" and not _is_counted(members):
        return False
    return whole >= _COVERED * clues.filled[-1]


def _names_tasks(clues: Clues) -> bool:
    """Whether the title says that the document is made of questions or problems, and not only of notes for an interview."""
    head = clues.lines[clues.heads[0]] if clues.heads else None
    if head is None or head.level > _TITLE_LEVEL:
        return False
    title = one_line(head.content)
    return _TASKS.search(title) is not None and not is_readme(title)


def _is_counted(members: Sequence[Marker]) -> bool:
    return [m.value for m in members] == list(range(members[0].value, members[0].value + len(members)))


def _has_body(clues: Clues, start: int, stop: int) -> bool:
    """Whether text, code or a table, and no heading and no link alone, is the first thing behind a member."""
    place = next((n for n in range(start, stop) if not clues.lines[n].is_blank), stop)
    if place == stop:
        return False
    line = clues.lines[place]
    if line.kind in (LineKind.HEADING, LineKind.RULE) or line.content.startswith(("[", "- [", "http")):
        return False
    return line.kind is not LineKind.ITEM or "](" not in line.content


def _has_code(clues: Clues, start: int, stop: int) -> bool:
    return any(line.is_code or (line.content and coded.is_code(line.content)) for line in clues.lines[start:stop])
