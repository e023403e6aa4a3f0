"""Which of a document's candidates are its questions: decided from the document as a whole.

Candidates that are marked alike form a family. The family that reads most like questions, weighed by how explicit its
mark is, gives the document's own pattern; the others are text of answers, but for stretches of the document in which
the first family does not occur at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coach.importing.markers import Marker
from coach.text.markdown import Line, LineKind


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    weight: float
    """How explicit the mark is."""
    least: float
    """Share of members that must read like questions."""
    belongs: Callable[[Marker], bool]


_FAMILIES = (
    _Family("labelled", 4.0, 0.0, lambda m: m.label == "q"),
    _Family("numbered", 2.0, 0.5, lambda m: m.label == "number" and m.style in ("heading", "bold")),
    _Family("item-heading", 2.0, 0.4, lambda m: m.style == "item-heading"),
    _Family("summary", 2.0, 0.4, lambda m: m.style == "summary"),
    _Family("item-bold", 1.5, 0.6, lambda m: m.style == "item-bold" and m.label == "number"),
    _Family("bold", 1.2, 0.5, lambda m: m.style == "bold" and not m.label),
    _Family("item-bold-bullet", 1.0, 0.6, lambda m: m.style == "item-bold" and not m.label),
    _Family("item-number", 0.6, 0.7, lambda m: m.style == "item" and m.label == "number" and m.level < 2),
    _Family("item", 0.3, 0.7, lambda m: m.style == "item" and not m.label),
    _Family("plain", 0.5, 0.9, lambda m: m.style == "text" and not m.label),
)


def choose(lines: Sequence[Line], markers: Sequence[Marker]) -> list[Marker]:
    """The markers that are the document's questions, in order."""
    families = [(f, [m for m in markers if f.belongs(m)]) for f in _FAMILIES]
    families = [(f, _without_nested(_without_sections(f, members))) for f, members in families]
    families += [(_heading_family(level), _unnumbered(markers, level)) for level in range(1, 7)]
    scored = [(f, members, _score(f, members)) for f, members in families]
    scored = [row for row in scored if row[2] > 0]
    if not scored:
        return []
    primary = max(scored, key=lambda row: row[2])
    chosen = _with_relatives(lines, markers, primary[0], list(primary[1]))
    for family, members in families:
        if family is not primary[0] and not family.name.startswith(("heading", "plain")):
            chosen = _with_stretches(lines, members, chosen)
    return chosen


def _heading_family(level: int) -> _Family:
    return _Family(f"heading{level}", 1.5, 0.5, lambda m: m.style == "heading" and m.level == level)


def _unnumbered(markers: Sequence[Marker], level: int) -> list[Marker]:
    return [m for m in markers if m.style == "heading" and m.level == level and not m.label]


def _score(family: _Family, members: Sequence[Marker]) -> float:
    """How much a family looks like the document's questions; 0 where it cannot be."""
    if not members:
        return 0.0
    reading = sum(m.reads_as_question for m in members)
    asking = sum(m.asks for m in members)
    if family.name == "labelled":
        return family.weight * len(members)
    if reading < family.least * len(members) or reading == 0:
        return 0.0
    if family.name.startswith("item") and family.weight < 1 and asking < 0.3 * len(members):
        return 0.0
    if family.name == "bold" and asking < 0.3 * len(members):
        return 0.0
    if family.name.startswith("heading") and asking == 0 and len(members) < 2:
        return 0.0
    return family.weight * (reading + asking) / 2 * (reading / len(members))


def _without_sections(family: _Family, members: list[Marker]) -> list[Marker]:
    """Numbered headings of one level that only head other candidates are sections (``## 2. Indexes``)."""
    if family.name != "numbered":
        return members
    kept: list[Marker] = []
    styles = sorted({(m.style, m.level if m.style == "heading" else 0) for m in members})
    for style, level in styles:
        group = [m for m in members if m.style == style and (style != "heading" or m.level == level)]
        reading = sum(m.reads_as_question for m in group)
        if reading > 0.3 * len(group) or len(styles) == 1:
            kept += group
    return sorted(kept, key=lambda m: m.start)


def _without_nested(members: list[Marker]) -> list[Marker]:
    """Drop numbered steps inside an answer: a run 1, 2, … that asks nothing, within a count that goes on after it."""
    kept: list[Marker] = []
    place = 0
    while place < len(members):
        stop = _run_end(members, place, kept[-1]) if kept and members[place].value == 1 else place
        run = members[place:stop]
        goes_on = stop < len(members) and _follows(members[stop], kept[-1]) if run else False
        asks = goes_on and sum(m.asks for m in run) >= 0.5 * len(run)
        reads = not goes_on and sum(m.reads_as_question for m in run) >= 0.5 * len(run)
        if run and (goes_on or (stop == len(members) and not _alike(run[0], kept[-1]))) and not (asks or reads):
            place = stop
        else:
            kept.append(members[place])
            place += 1
    return kept


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


def _with_relatives(
    lines: Sequence[Line], markers: Sequence[Marker], family: _Family, chosen: list[Marker]
) -> list[Marker]:
    """Add unnumbered headings that ask and stand where the family's own headings do (mixed numbering)."""
    levels = {m.level for m in chosen if m.style == "heading"}
    heads = family.name == "numbered" or family.name.startswith("heading")
    if not heads or len(levels) != 1 or any(m.style != "heading" for m in chosen):
        return chosen
    level = next(iter(levels))
    known = {m.start for m in chosen}
    others = [
        m for m in markers if m.style == "heading" and m.start not in known and m.level <= level
        and (m.asks or (m.level == level and m.label == "number")) and _has_text(lines, m)
    ]  # fmt: skip
    return sorted([*chosen, *others], key=lambda m: m.start)


def _has_text(lines: Sequence[Line], marker: Marker) -> bool:
    """Whether text, and not another heading, follows a marker."""
    place = marker.end
    while place < len(lines) and lines[place].is_blank:
        place += 1
    return place < len(lines) and lines[place].kind not in (LineKind.HEADING, LineKind.RULE)


def _with_stretches(lines: Sequence[Line], members: Sequence[Marker], chosen: list[Marker]) -> list[Marker]:
    """Add a second family in the stretches under headings in which no question was found yet."""
    taken = [m.start for m in chosen]
    heads = [n for n, line in enumerate(lines) if line.kind is LineKind.HEADING]
    own = set(taken)
    bounds = [head for head in heads if head not in own]
    starts = [m.start for m in members]
    added: list[Marker] = []
    for start, stop in pairwise([*bounds, len(lines)]):
        inside = members[bisect_left(starts, start) : bisect_left(starts, stop)]
        before = bisect_left(taken, start)
        if len(inside) < 2 or before != bisect_left(taken, stop):
            continue
        if before and _is_inside(lines, heads, chosen[before - 1], start):
            continue
        if sum(m.reads_as_question for m in inside) >= 0.7 * len(inside) and any(m.asks for m in inside):
            added += inside
    return sorted([*chosen, *added], key=lambda m: m.start)


def _is_inside(lines: Sequence[Line], heads: Sequence[int], owner: Marker, start: int) -> bool:
    """Whether the heading at index ``start`` is part of the answer to ``owner``, as far as levels tell."""
    if owner.style == "heading":
        return lines[start].level >= owner.level
    above = bisect_left(heads, owner.start)
    return above > 0 and lines[start].level > lines[heads[above - 1]].level
