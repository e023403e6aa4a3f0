"""Which of a document's candidates are its questions: decided from the document as a whole.

Candidates that are marked alike form a family, and each family is one hypothesis of how this document marks its
questions. It is weighed by how explicit its mark is, how much its members read like questions, whether answers are
announced behind them, whether a contents list names them and whether their numbers count up. The best gives the
document's own pattern; the others are text of answers, but for stretches in which the best does not occur at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from coach.catalogue.library import normalised
from coach.importing import bodies
from coach.importing.clues import Clues
from coach.importing.marks.candidate import Marker, clean, made
from coach.importing.patterns import additions, customers, topics
from coach.importing.patterns.families import FAMILIES, Family, trimmed
from coach.importing.wording.labels import is_of_an_article
from coach.text.markdown import Line

_ANNOUNCED = 0.95
"""Belief in a candidate behind which an answer is announced."""
_IN_CONTENTS = 0.4
"""Belief in what a contents list names, in a collection of questions."""
_CHOICE = 0.8
"""Belief in what has options behind it (``The sky is ____.``)."""
_COUNTED = 0.3
"""Belief in what is numbered on, in a collection of questions."""
_LONGEST = 1000
"""Characters of a line that a side file may name."""
_FEW = 3
"""Members below which a family has to cover much of its document."""
_MUCH = 0.4
_MOST_PARTS = 4
"""Headings of an answer in a document whose title is its one question."""
_ANSWERED = 0.15
"""What the mean belief in a list may lack where its items have answers below them."""
_ENOUGH = 5
_NEARLY = 0.75
"""Share of a document from which a list is all that it holds."""
_BARE = {"item-number": 0.3, "item": 0.5}
"""Mean belief in a list that is all that a collection of questions holds: there topics (``Event loop``) are asked too."""


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
            chosen = additions.with_stretches(clues, members, chosen)
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
    families = [(f, trimmed(clues, f, own, markers)) for f, own in zip(FAMILIES, _grouped(markers), strict=True)]
    if named:
        return _as_named(clues, families, named)
    scored = [(f, members, _score(clues, f, members)) for f, members in families]
    scored = [row for row in scored if row[2] > 0]
    if not scored:
        asked = topics.found(clues, families)
        return asked[1] if asked else []
    primary = max(scored, key=lambda row: row[2])
    chosen = additions.with_relatives(clues, markers, primary[0], list(primary[1]))
    if primary[0].name == "item-bold-bullet":
        chosen = additions.with_siblings(clues, markers, chosen)
    for family, members in families:
        if family is not primary[0] and family.name not in ("plain", "line"):
            chosen = additions.with_stretches(clues, members, chosen)
    chosen = additions.with_asking(clues, markers, chosen)
    chosen = _without_doubles(clues, additions.with_scenarios(clues, markers, chosen))
    chosen = additions.with_missing(markers, _without_openers(clues, chosen))
    return [] if customers.ask([m.text for m in chosen]) else chosen


def _grouped(markers: Sequence[Marker]) -> list[list[Marker]]:
    """The members of every family; those that are marked alike are asked for once."""
    kinds: dict[tuple[str, str, int, bool], list[list[Marker]]] = {}
    groups: list[list[Marker]] = [[] for _ in FAMILIES]
    for marker in markers:
        kind = (marker.style, marker.label, marker.level if marker.style == "heading" else 0, marker.reads_as_question)
        if kind not in kinds:
            kinds[kind] = [group for group, family in zip(groups, FAMILIES, strict=True) if family.belongs(marker)]
        for group in kinds[kind]:
            group.append(marker)
    return groups


def beliefs(clues: Clues, family: Family, members: Sequence[Marker]) -> list[float]:
    """How sure each member is a question, 0 to 1, from its words and from what the document says about it."""
    found = []
    for place, marker in enumerate(members):
        stop = members[place + 1].start if place + 1 < len(members) else len(clues.lines)
        belief = marker.belief
        announced = len(clues.labels_in(marker.end, stop)) or (bool(marker.rest) and marker.style != "summary")
        if announced and belief < _ANNOUNCED:
            belief = max(belief, _ANNOUNCED / announced)
        marked = family.name.startswith(("heading", "numbered")) or "." in (marker.number or "")
        if clues.collection and belief < _IN_CONTENTS and marked:
            if normalised(marker.text) in clues.contents:
                belief = _IN_CONTENTS
            elif marker.value and _is_counted(members, place):
                belief = max(belief, _COUNTED)
        if belief < _CHOICE and bodies.offers_choice(clues.lines, marker.end, stop):
            belief = _CHOICE
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
    if family.name in _BARE and _has_bodies(clues, members):
        least -= _ANSWERED
    listed = family.name in _BARE and (clues.collection or _nearly_all_ask(members)) and _is_all(clues, members)
    if mean < (_BARE[family.name] if listed else least) or not any(sure):
        return 0.0
    asks = any(m.reads_as_question if listed else m.asks for m in members)
    collected = (
        clues.collection
        and len(members) >= _FEW
        and sum(m.reads_as_question for m in members) >= _NEARLY * len(members)
    )
    if family.name in ("item", "item-number") and not (asks or listed or collected) and mean < _ANNOUNCED * 0.8:
        return 0.0
    if len(members) == 1 and members[0].style == "bold" and not members[0].reads_as_question and not members[0].label:
        return 0.0
    few = len(members) < _FEW and family.name != "labelled" and not clues.collection
    single = len(members) == 1 and members[0].style == "heading" and not members[0].label
    if single and clues.collection and _covered(clues, members) < _MUCH * clues.filled[-1]:
        return 0.0
    if few and (_covered(clues, members) < _MUCH * clues.filled[-1] or _is_article(clues, members)):
        return 0.0
    return family.weight * sum(sure) * mean


def _nearly_all_ask(members: Sequence[Marker]) -> bool:
    """Whether enough members read like questions that a document of nothing else is a list of questions, whatever its title."""
    return len(members) >= _ENOUGH and sum(m.reads_as_question for m in members) >= _NEARLY * len(members)


def _has_bodies(clues: Clues, members: Sequence[Marker]) -> bool:
    """Whether nearly every item of a list has something indented below it: the shape of questions and answers."""
    own = sum(clues.is_above_deeper(m.end, m.level) for m in members)
    return len(members) >= _FEW and own >= _NEARLY * len(members)


def _is_article(clues: Clues, members: Sequence[Marker]) -> bool:
    """Whether a few headings that ask stand among others: parts of an article, not a document of one question."""
    if members[0].style != "heading" or members[0].label:
        return False
    starts = {m.start for m in members}
    level = members[0].level
    others = [h for h in clues.heads if h not in starts and clues.lines[h].level >= level and not clues.is_furniture(h)]
    titled = members[0].level == 1 and clues.heads[0] == members[0].start
    return len(others) > (_MOST_PARTS if titled else 1)


def _is_all(clues: Clues, members: Sequence[Marker]) -> bool:
    """Whether a document holds little but the members, its headings and code."""
    own = sum(clues.filled[m.end] - clues.filled[m.start] for m in members)
    return own >= _NEARLY * (clues.filled[-1] - clues.framed)


def _covered(clues: Clues, members: Sequence[Marker]) -> int:
    """How many lines that are not blank stand from members on to the next of them or to a heading that ends them."""
    lines = 0
    for place, marker in enumerate(members):
        stop = members[place + 1].start if place + 1 < len(members) else len(clues.lines)
        above = marker.level if marker.style == "heading" else 0
        heads = [h for h in clues.heads_in(marker.end, stop) if above == 0 or clues.lines[h].level <= above]
        lines += clues.filled[heads[0] if heads else stop] - clues.filled[marker.start]
    return lines


def _without_doubles(clues: Clues, chosen: list[Marker]) -> list[Marker]:
    """Drop a question that stands there a second time at once, with nothing between: a slip of whoever wrote it."""
    doubled = {
        one.start
        for one, other in pairwise(chosen)
        if one.text == other.text and not one.rest and clues.filled[one.end] == clues.filled[other.start]
    }
    return [m for m in chosen if m.start not in doubled] if doubled else chosen


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
