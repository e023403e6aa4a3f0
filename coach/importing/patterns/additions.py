"""Questions that are marked otherwise than the document's own pattern and belong to it all the same."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from coach.importing.clues import Clues
from coach.importing.marks.candidate import Marker
from coach.importing.patterns.families import Family
from coach.importing.wording.reading import CERTAIN, belief
from coach.text.markdown import LineKind

_SURE = 0.65
"""Mean belief from which a stretch of its own holds questions."""
_LEAST = 3
"""Questions that a second family has to bring, for those that stand alone under a heading to count too."""
_ASKS = 0.9
"""Belief from which a line is a question in a document that lists them."""
_MOST_TITLE = 40
_BARE = 0.8
"""Share of all that asks with nothing behind it, from which a document only lists questions."""
_SCENARIO = re.compile(r"[\W_]*(?:scenario|case|situation|problem)\s?#?\d", re.IGNORECASE)
_LEAST_SCENARIOS = 2
_MOST_MISSING = 12
"""Numbers that may be missing in a count at most."""


def with_relatives(clues: Clues, markers: Sequence[Marker], family: Family, chosen: list[Marker]) -> list[Marker]:
    """Add unnumbered headings that ask and stand where the family's own headings do (mixed numbering)."""
    levels = {m.level for m in chosen if m.style == "heading"}
    if len(levels) != 1 or any(m.style != "heading" for m in chosen):
        return chosen
    level = next(iter(levels))
    known = {m.start for m in chosen}
    others = [
        m for m in markers if m.style == "heading" and m.start not in known and m.level <= level
        and ((m.asks and m.reads_as_question) or (m.level == level and m.label == "number" and family.name != "labelled"))
        and _has_text(clues, m)
    ]  # fmt: skip
    repeated = {m.text for m in others if sum(other.text == m.text for other in others[:200]) > 2}
    return sorted([*chosen, *(m for m in others if m.text not in repeated)], key=lambda m: m.start)


def with_siblings(clues: Clues, markers: Sequence[Marker], chosen: list[Marker]) -> list[Marker]:
    """Add the plain items of the lists in which some questions are bold, where these ask too."""
    added: list[Marker] = []
    starts = [m.start for m in chosen]
    plain = [m for m in markers if m.style == "item" and not m.label]
    bounds = [*clues.heads, len(clues.lines)] if clues.heads[:1] == [0] else [0, *clues.heads, len(clues.lines)]
    for start, stop in pairwise(bounds):
        if bisect_left(starts, start) == bisect_left(starts, stop):
            continue
        level = chosen[bisect_left(starts, start)].level
        beside = [m for m in plain if start <= m.start < stop and m.level == level]
        if sum(m.asks for m in beside) >= _SURE * len(beside):
            added += beside
    return sorted([*chosen, *added], key=lambda m: m.start)


def _has_text(clues: Clues, marker: Marker) -> bool:
    """Whether text, and not another heading, follows a marker."""
    place = marker.end
    while place < len(clues.lines) and clues.lines[place].is_blank:
        place += 1
    return place < len(clues.lines) and clues.lines[place].kind not in (LineKind.HEADING, LineKind.RULE)


def with_stretches(clues: Clues, members: Sequence[Marker], chosen: list[Marker]) -> list[Marker]:
    """Add a second family in the stretches under headings in which no question was found yet."""
    if not members:
        return chosen
    taken = [m.start for m in chosen]
    starts = [m.start for m in members]
    bounds = _bounds(clues, members, chosen)
    single: list[Marker] = []
    folds: list[Marker] = []
    added: list[Marker] = []
    for start, stop in pairwise([*bounds, len(clues.lines)]):
        inside = members[bisect_left(starts, start) : bisect_left(starts, stop)]
        before = bisect_left(taken, start)
        if not inside or before != bisect_left(taken, stop):
            continue
        goes_on = bool(added) and bool(inside[0].value) and inside[0].value == added[-1].value + 1
        if before and not goes_on and _is_inside(clues, chosen[before - 1], start):
            continue
        sure = _is_sure(clues, inside)
        if sure and len(inside) > 1:
            added += inside
        elif inside[0].style == "summary" and inside[0].reads_as_question:
            folds += inside
        elif sure:
            single += inside
    if len(added) >= _LEAST:
        added += single
    return sorted([*chosen, *added, *folds], key=lambda m: m.start)


def _bounds(clues: Clues, members: Sequence[Marker], chosen: Sequence[Marker]) -> list[int]:
    """Where stretches begin: at the headings that are no candidates, and where candidates come when the list is over."""
    last = chosen[-1].start
    own = {m.start for m in (*members, *chosen)}
    bounds = [head for head in clues.heads if head not in own]
    if members[0].style == "heading" and not any(m.style == "heading" for m in chosen):
        behind = next((m.start for m in members if m.start > last), None)
        if behind is not None and bisect_left(bounds, last) == bisect_left(bounds, behind):
            bounds = sorted([*bounds, behind])
    return bounds


def _is_sure(clues: Clues, members: Sequence[Marker]) -> bool:
    """Whether a stretch of its own holds questions: with question marks, or in a collection nearly all by their words."""
    reads = len(members) >= _LEAST and sum(m.reads_as_question for m in members) >= _BARE * len(members)
    asks = any(m.asks for m in members) or (clues.collection and reads)
    return asks and sum(m.belief for m in members) >= _SURE * len(members)


def _is_inside(clues: Clues, owner: Marker, start: int) -> bool:
    """Whether the heading at index ``start`` is part of the answer to ``owner``, as far as levels and folds tell."""
    level = clues.lines[start].level
    if owner.style == "table":
        return False
    if clues.depth[start] and clues.depth[start] > clues.depth[owner.start]:
        return True
    if owner.style == "heading":
        return level >= owner.level
    above = bisect_left(clues.heads, owner.start)
    return above > 0 and level > clues.lines[clues.heads[above - 1]].level


def with_asking(clues: Clues, markers: Sequence[Marker], chosen: list[Marker]) -> list[Marker]:
    """Add whatever asks, however it is marked, in a document that only lists questions: there is no answer it could be part of."""
    known = {m.start for m in chosen}
    others = [
        m for m in markers
        if m.start not in known and m.belief >= _ASKS and (m.label == "line" or belief(m.text.split("?")[0]) >= CERTAIN) and not clues.is_listed(m.start)
    ]  # fmt: skip
    if len(chosen) < _LEAST or not others or any(m.style == "table" or m.label == "card" for m in chosen):
        return chosen
    both = sorted([*chosen, *others], key=lambda m: m.start)
    stops = [*(m.start for m in both[1:]), len(clues.lines)]
    bare = sum(_is_bare(clues, m, stop) for m, stop in zip(both, stops, strict=True))
    if bare < _BARE * len(both):
        return chosen
    added: list[Marker] = []
    owner = chosen[0]
    for marker in both:
        if marker.start in known:
            owner = marker
        elif marker.level <= owner.level:
            added.append(marker)
    return sorted([*chosen, *added], key=lambda m: m.start)


def _is_bare(clues: Clues, marker: Marker, stop: int) -> bool:
    """Whether nothing but headings, or a short line that heads what follows, stands from a marker to before ``stop``."""
    if marker.rest or clues.leads_straight(marker.end, stop):
        return not marker.rest
    if clues.filled[stop] - clues.filled[marker.end] > 1 or not clues.lines[marker.end].is_blank:
        return False
    line = next(line for line in clues.lines[marker.end : stop] if not line.is_blank)
    return line.kind is LineKind.TEXT and len(line.content) <= _MOST_TITLE and line.content[-1:] not in ".;,"


def with_scenarios(clues: Clues, markers: Sequence[Marker], chosen: list[Marker]) -> list[Marker]:
    """Add what is called a scenario, counted and asked among questions that are marked otherwise."""
    known = {n for m in chosen for n in range(m.start, m.end)}
    found = [
        m for m in markers
        if m.number and m.asks and m.start not in known and _SCENARIO.match(clues.lines[m.start].content)
    ]  # fmt: skip
    return sorted([*chosen, *found], key=lambda m: m.start) if chosen and len(found) >= _LEAST_SCENARIOS else chosen


def with_missing(markers: Sequence[Marker], chosen: list[Marker]) -> list[Marker]:
    """Add what is numbered otherwise (headings here, a list there) where it fills a gap in the count completely."""
    added: list[Marker] = []
    before = 0
    start = 0
    for marker in chosen:
        if marker.label and before + 1 < marker.value <= before + _MOST_MISSING:
            between = [m for m in markers if start <= m.start < marker.start and m.label == "number"]
            wanted = list(range(before + 1, marker.value))
            if [m.value for m in between] == wanted and all(m.reads_as_question or m.style != "item" for m in between):
                added += between
        before, start = marker.value, marker.end
    return sorted([*chosen, *added], key=lambda m: m.start)
