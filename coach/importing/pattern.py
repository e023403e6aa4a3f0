"""Which of a document's candidates are its questions: decided from the document as a whole.

Candidates that are marked alike form a family, and each family is one hypothesis of how this document marks its
questions. It is weighed by how explicit its mark is, how much its members read like questions, whether answers are
announced behind them, whether a contents list names them and whether their numbers count up. The best gives the
document's own pattern; the others are text of answers, but for stretches in which the best does not occur at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from coach.catalogue.library import normalised
from coach.importing.candidate import Marker, clean, made
from coach.importing.clues import Clues
from coach.importing.families import FAMILIES, Family, trimmed
from coach.importing.labels import is_of_an_article
from coach.text.markdown import Line, LineKind

_ANNOUNCED = 0.95
"""Belief in a candidate behind which an answer is announced."""
_IN_CONTENTS = 0.4
"""Belief in what a contents list names, in a collection of questions."""
_COUNTED = 0.3
"""Belief in what is numbered on, in a collection of questions."""
_LONGEST = 1000
"""Characters of a line that a side file may name."""
_SURE = 0.65
"""Mean belief from which a stretch of its own holds questions."""
_FEW = 3
"""Members below which a family has to cover much of its document."""
_MUCH = 0.4


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a document marks its questions, as its reader says; empty where the document is to tell."""

    questions: tuple[str, ...] = ()
    """Names of families."""
    sections: tuple[int, ...] = ()
    """Levels of the headings that are sections."""
    added: tuple[tuple[str, int], ...] = ()
    """(text, line) of questions that were missed; line 0 where it does not matter."""
    dropped: tuple[tuple[str, int], ...] = ()
    """(text, line) of what is no question."""


def choose(clues: Clues, markers: Sequence[Marker], wanted: Pattern) -> list[Marker]:
    """The markers that are the document's questions, in order; what is ``wanted`` is taken without being weighed."""
    chosen = _chosen(clues, markers, wanted.questions)
    dropped = _named(chosen, wanted.dropped)
    chosen = [m for m in chosen if m.start not in dropped]
    known = {m.start for m in chosen}
    others = [m for m in markers if m.start not in known]
    if wanted.added:
        texts = {normalised(text) for text, _ in wanted.added}
        taken = known | {m.start for m in others}
        others += [
            m for n, line in enumerate(clues.lines) if n not in taken and (m := _line(n, line, texts)) is not None
        ]
    added = _named(others, wanted.added)
    return sorted([*chosen, *(m for m in others if m.start in added)], key=lambda m: m.start)


def _line(place: int, line: Line, texts: set[str]) -> Marker | None:
    """A line that is no candidate by itself as a question, where it says one of ``texts``."""
    if line.is_code or line.is_blank or len(line.content) > _LONGEST or normalised(clean(line.content)) not in texts:
        return None
    return made(place, place + 1, "text", line.level, ("", None, line.content))


def _as_named(clues: Clues, families: Sequence[tuple[Family, list[Marker]]], named: Sequence[str]) -> list[Marker]:
    """The members of the families named; those of lists and paragraphs only where no others are, unless alone or first."""
    found = {
        m.start: m
        for f, members in families
        if f.name in named and (f.name == named[0] or not f.is_weak)
        for m in members
    }
    chosen = [found[start] for start in sorted(found)]
    for family, members in families:
        if family.is_weak and family.name in named[1:]:
            chosen = _with_stretches(clues, members, chosen)
    return chosen


def names(chosen: Sequence[Marker]) -> tuple[str, ...]:
    """The families that the chosen markers belong to, the commonest first."""
    counts = Counter(next((f.name for f in FAMILIES if f.belongs(m)), "") for m in chosen)
    return tuple(name for name, _ in counts.most_common() if name)


def _named(markers: Sequence[Marker], wanted: Sequence[tuple[str, int]]) -> set[int]:
    """The starts of the markers that say what is wanted; of several, the one nearest to the line named."""
    found: set[int] = set()
    for text, line in wanted:
        same = [m.start for m in markers if normalised(m.text) == normalised(text) and m.start not in found]
        if same:
            found.add(min(same, key=lambda start: abs(start + 1 - line) if line else start))
    return found


def _chosen(clues: Clues, markers: Sequence[Marker], named: Sequence[str]) -> list[Marker]:
    families = [(f, trimmed(clues, f, [m for m in markers if f.belongs(m)], markers)) for f in FAMILIES]
    if named:
        return _as_named(clues, families, named)
    scored = [(f, members, _score(clues, f, members)) for f, members in families]
    scored = [row for row in scored if row[2] > 0]
    if not scored:
        return []
    primary = max(scored, key=lambda row: row[2])
    chosen = _with_relatives(clues, markers, primary[0], list(primary[1]))
    for family, members in families:
        if family is not primary[0] and family.name != "plain":
            chosen = _with_stretches(clues, members, chosen)
    return _without_openers(clues, chosen)


def beliefs(clues: Clues, family: Family, members: Sequence[Marker]) -> list[float]:
    """How sure each member is a question, 0 to 1, from its words and from what the document says about it."""
    found = []
    for place, marker in enumerate(members):
        stop = members[place + 1].start if place + 1 < len(members) else len(clues.lines)
        belief = marker.belief
        announced = len(clues.labels_in(marker.end, stop)) or bool(marker.rest)
        if announced and belief < _ANNOUNCED:
            belief = max(belief, _ANNOUNCED / announced)
        if clues.collection and belief < _IN_CONTENTS and family.name.startswith(("heading", "numbered")):
            if normalised(marker.text) in clues.contents:
                belief = _IN_CONTENTS
            elif marker.value and _is_counted(members, place):
                belief = max(belief, _COUNTED)
        if not marker.label and family.name.startswith("heading") and is_of_an_article(marker.text):
            belief = 0.0
        found.append(belief)
    return found


def _is_counted(members: Sequence[Marker], place: int) -> bool:
    """Whether a member's number goes on from that of the one before, or the next one's from it."""
    value = members[place].value
    before = members[place - 1].value if place else 0
    after = members[place + 1].value if place + 1 < len(members) else 0
    return value == before + 1 or after == value + 1


def _score(clues: Clues, family: Family, members: Sequence[Marker]) -> float:
    """How much a family looks like the document's questions; 0 where it cannot be."""
    if not members:
        return 0.0
    sure = beliefs(clues, family, members)
    mean = sum(sure) / len(sure)
    least = family.least if clues.collection else family.least_elsewhere
    if family.name.startswith("heading") and not clues.collection and 0.0 in sure:
        least = 0.85
    if mean < least or not any(sure):
        return 0.0
    if family.name in ("item", "item-number") and not any(m.asks for m in members) and mean < _ANNOUNCED * 0.8:
        return 0.0
    few = len(members) < _FEW and family.name != "labelled" and not clues.collection
    if few and _covered(clues, members) < _MUCH * clues.filled[-1]:
        return 0.0
    return family.weight * sum(sure) * mean


def _covered(clues: Clues, members: Sequence[Marker]) -> int:
    """How many lines that are not blank stand from members on to the next of them or to a heading that ends them."""
    lines = 0
    for place, marker in enumerate(members):
        stop = members[place + 1].start if place + 1 < len(members) else len(clues.lines)
        above = marker.level if marker.style == "heading" else 0
        heads = [h for h in clues.heads_in(marker.end, stop) if above == 0 or clues.lines[h].level <= above]
        lines += clues.filled[heads[0] if heads else stop] - clues.filled[marker.start]
    return lines


def _with_relatives(clues: Clues, markers: Sequence[Marker], family: Family, chosen: list[Marker]) -> list[Marker]:
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


def _has_text(clues: Clues, marker: Marker) -> bool:
    """Whether text, and not another heading, follows a marker."""
    place = marker.end
    while place < len(clues.lines) and clues.lines[place].is_blank:
        place += 1
    return place < len(clues.lines) and clues.lines[place].kind not in (LineKind.HEADING, LineKind.RULE)


def _with_stretches(clues: Clues, members: Sequence[Marker], chosen: list[Marker]) -> list[Marker]:
    """Add a second family in the stretches under headings in which no question was found yet."""
    taken = [m.start for m in chosen]
    starts = [m.start for m in members]
    own = {*taken, *starts}
    bounds = [head for head in clues.heads if head not in own]
    single: list[Marker] = []
    added: list[Marker] = []
    for start, stop in pairwise([*bounds, len(clues.lines)]):
        inside = members[bisect_left(starts, start) : bisect_left(starts, stop)]
        before = bisect_left(taken, start)
        if not inside or before != bisect_left(taken, stop):
            continue
        if before and _is_inside(clues, chosen[before - 1], start):
            continue
        sure = sum(m.belief for m in inside) >= _SURE * len(inside) and any(m.asks for m in inside)
        if sure and len(inside) > 1:
            added += inside
        elif sure:
            single += inside
    if len(added) >= _FEW:
        added += single
    return sorted([*chosen, *added], key=lambda m: m.start)


def _is_inside(clues: Clues, owner: Marker, start: int) -> bool:
    """Whether the heading at index ``start`` is part of the answer to ``owner``, as far as levels and folds tell."""
    level = clues.lines[start].level
    if clues.depth[start] and clues.depth[start] > clues.depth[owner.start]:
        return True
    if owner.style == "heading":
        return level >= owner.level
    above = bisect_left(clues.heads, owner.start)
    return above > 0 and level > clues.lines[clues.heads[above - 1]].level


def _without_openers(clues: Clues, chosen: list[Marker]) -> list[Marker]:
    """Drop headings that ask nothing and lead straight to the next question: sections at the questions' own level."""
    if sum(m.reads_as_question for m in chosen) < 0.5 * len(chosen):
        return chosen
    kept = []
    for place, marker in enumerate(chosen):
        following = chosen[place + 1].start if place + 1 < len(chosen) else None
        opens = (
            following is not None and marker.style == "heading" and not marker.label and not marker.reads_as_question
        )
        article = marker.style == "heading" and not marker.label and is_of_an_article(marker.text)
        if not article and not (opens and following is not None and clues.leads_straight(marker.end, following)):
            kept.append(marker)
    return kept
