"""Items of a list that are no questions of their own: steps and options within a question, lists within an answer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from coach.importing.clues import Clues
from coach.importing.marks.candidate import Marker
from coach.importing.wording.reading import is_task

_LEAST = 3
_NEARLY = 0.6
"""Share of a document's answers that are announced right behind items, from which nothing else is one of the questions."""
_BELIEVED = 0.4
"""Mean belief in such items."""
_FIRSTS, _OTHERS = 0.8, 0.15
"""Share of the first items of lists that ask, and of the others, where each list is a question with its answer."""
_FEW = 0.3
"""Share of the items below one that asks, up to which these ask nothing."""


def announced(clues: Clues, members: list[Marker]) -> list[Marker]:
    """Where answers are announced right behind the items that ask, the others are parts of answers or titles."""
    own = [m for m in members if clues.is_announced(m.end)]
    if len(own) == len(members) or len(own) < max(_LEAST, _NEARLY * len(clues.labels)):
        return members
    if sum(m.belief for m in own) < _BELIEVED * len(own) or not any(m.reads_as_question for m in own):
        return members
    starts = {m.start for m in own}
    return [m for m in members if m.start in starts or (m.asks and m.reads_as_question)]


def leading(clues: Clues, members: list[Marker]) -> list[Marker]:
    """Of lists that blank lines part, each a question and items that answer it, only the first items."""
    firsts: list[Marker] = []
    others: list[Marker] = []
    for place, marker in enumerate(members):
        before = members[place - 1] if place else None
        apart = before is None or clues.lines[before.end].is_blank or before.level != marker.level
        (firsts if apart else others).append(marker)
    if len(firsts) < _LEAST or len(others) < len(firsts) - 1 or any(m.level != members[0].level for m in members):
        return members
    told = sum(m.reads_as_question for m in others) <= _OTHERS * len(others)
    asked = sum(m.reads_as_question for m in firsts) >= _FIRSTS * len(firsts)
    return firsts if told and asked else members


def without_topics(members: list[Marker]) -> list[Marker]:
    """Drop items that tell what the questions below them are about and ask nothing themselves."""
    kept: list[Marker] = []
    for place, marker in enumerate(members):
        stop = place + 1
        while stop < len(members) and members[stop].level > marker.level + 1:
            stop += 1
        inside = members[place + 1 : stop]
        heads = inside and not marker.asks and not is_task(marker.text) and _mostly_ask(inside)
        if not (heads and any(m.asks for m in inside)):
            kept.append(marker)
    return kept


def _mostly_ask(members: Sequence[Marker]) -> bool:
    return sum(m.reads_as_question for m in members) >= _NEARLY * len(members)


def without_deep(members: list[Marker], level: int) -> list[Marker]:
    """Drop the items at ``level`` or deeper, but for lists below an item that are nothing but further questions."""
    kept: list[Marker] = []
    place = 0
    while place < len(members):
        stop = place
        while stop < len(members) and members[stop].level >= level:
            stop += 1
        if stop == place:
            kept.append(members[place])
            place += 1
            continue
        if kept and _mostly_ask(members[place:stop]) and any(m.asks for m in members[place:stop]):
            kept += members[place:stop]
        place = stop
    return kept


def without_options(members: list[Marker]) -> list[Marker]:
    """Drop what is listed below an item that asks and asks nothing itself: its options, or its answer."""
    kept: list[Marker] = []
    place = 0
    while place < len(members):
        owner = members[place]
        kept.append(owner)
        place += 1
        if not owner.reads_as_question:
            continue
        stop = place
        while stop < len(members) and members[stop].level > owner.level + 1:
            stop += 1
        inside = members[place:stop]
        if inside and sum(m.reads_as_question for m in inside) <= _FEW * len(inside):
            place = stop
    return kept


def without_steps(clues: Clues, members: list[Marker]) -> list[Marker]:
    """Drop numbered steps inside an answer: a run 1, 2, … that asks nothing, within a count that goes on after it."""
    kept: list[Marker] = []
    place = 0
    while place < len(members):
        first = members[place].value == 1 and "." not in (members[place].number or "")
        starts = bool(kept) and first and not _is_apart(clues, kept[-1], members[place])
        stop = _run_end(members, place, kept[-1]) if starts else place
        run = members[place:stop]
        goes_on = stop < len(members) and _follows(members[stop], kept[-1]) if run else False
        asks = goes_on and sum(m.asks for m in run) >= 0.5 * len(run)
        reads = not goes_on and sum(m.reads_as_question for m in run) >= 0.5 * len(run)
        last = stop == len(members) and bool(run)
        if last and _alike(run[0], kept[-1]):
            last = (
                len(run) > 1 and not any(m.reads_as_question for m in run) and _mostly_ask(kept) and len(kept) >= _LEAST
            )
        if run and (goes_on or last) and not (asks or reads):
            place = stop
        else:
            kept.append(members[place])
            place += 1
    return kept


def _is_apart(clues: Clues, before: Marker, marker: Marker) -> bool:
    """Whether a list item stands under another heading than the one before it, and that is no heading of an answer."""
    heads = clues.heads_in(before.end, marker.start)
    above = bisect_left(clues.heads, before.start)
    if before.style == "heading" or not heads or not above:
        return False
    return clues.lines[heads[-1]].level <= clues.lines[clues.heads[above - 1]].level


def _alike(one: Marker, other: Marker) -> bool:
    return (one.style, one.level) == (other.style, other.level)


def _follows(marker: Marker, before: Marker) -> bool:
    return marker.value == before.value + 1 and _alike(marker, before)


def _run_end(members: Sequence[Marker], place: int, before: Marker) -> int:
    """One past the last member of the run 1, 2, … that starts at ``place`` and that the count of ``before`` ends."""
    stop = place
    while stop < len(members) and members[stop].value == stop - place + 1:
        if _follows(members[stop], before) and (members[stop].reads_as_question or not _alike(members[place], before)):
            break
        if not _alike(members[stop], members[place]):
            break
        stop += 1
    return stop
