"""The ways in which questions are marked; and which members of each are contents lists, sections or steps of answers."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coach.catalogue.library import normalised
from coach.importing.clues import Clues
from coach.importing.marks.candidate import Marker
from coach.importing.patterns import nested

_RICH = 0.65
_POOR = 0.4
_TOLD = 0.2
"""Belief below which a sentence tells something."""
_STEP = 4
"""Columns by which a list stands inside another."""
_LEAST_ANSWERED = 3
_SOME = 0.25
"""Share of a list that asks, beside lists of questions, from which its topics are asked too."""
_LITTLE = 0.45
_MUCH = 0.75
"""Mean belief in a list below which it asks next to nothing, and in the others above which they are the questions."""


@dataclass(frozen=True, slots=True)
class Family:
    """One way to mark questions."""

    name: str
    weight: float
    """How explicit the mark is."""
    least: float
    """Mean belief in its members from which it can be the pattern of a collection of questions."""
    least_elsewhere: float
    """The same in a document that does not call itself one."""
    belongs: Callable[[Marker], bool]

    @property
    def is_weak(self) -> bool:
        """Whether much that is no question is marked so too (list items, plain paragraphs)."""
        return self.weight < 1


def _is_line(marker: Marker) -> bool:
    return marker.label == "line" or (marker.style == "item" and marker.label == "number" and marker.reads_as_question)


FAMILIES = (
    Family("labelled", 4.0, 0.0, 0.0, lambda m: m.label == "q"),
    Family("card", 3.0, 0.0, 0.0, lambda m: m.label == "card"),
    Family("numbered", 2.0, 0.25, 0.5, lambda m: m.label == "number" and m.style in ("heading", "bold", "italic")),
    Family("item-heading", 2.0, 0.35, 0.5, lambda m: m.style == "item-heading"),
    Family("summary", 2.0, 0.4, 0.6, lambda m: m.style == "summary"),
    Family("table", 2.0, 0.3, 0.5, lambda m: m.style == "table"),
    Family("term", 1.5, 0.1, 0.7, lambda m: m.style == "term" and m.label != "card"),
    Family("item-bold", 1.5, 0.5, 0.6, lambda m: m.style == "item-bold" and m.label == "number"),
    Family("bold", 1.2, 0.5, 0.6, lambda m: m.style == "bold" and not m.label),
    Family("italic", 1.0, 0.6, 0.8, lambda m: m.style == "italic" and not m.label),
    Family("item-bold-bullet", 1.0, 0.6, 0.65, lambda m: m.style == "item-bold" and not m.label),
    Family("item-number", 0.6, 0.6, 0.7, lambda m: m.style == "item" and m.label == "number"),
    Family("item", 0.3, 0.65, 0.75, lambda m: m.style == "item" and not m.label),
    Family("letter", 0.6, 0.7, 0.85, lambda m: m.label == "letter"),
    Family("box", 0.5, 0.6, 0.75, lambda m: m.label == "box"),
    Family("quote", 0.9, 0.6, 0.8, lambda m: m.style == "quote" and not m.label),
    Family("line", 0.9, 0.0, 0.0, _is_line),
    Family("plain", 0.5, 0.8, 0.9, lambda m: m.style == "text" and not m.label),
    *(
        Family(f"heading{level}", 1.5, 0.3, 0.65, lambda m, level=level: m.style == "heading" and not m.label and m.level == level)  # type: ignore[misc]
        for level in range(1, 7)
    ),
)  # fmt: skip
"""Every hypothesis; names are what a side file calls them."""


def trimmed(clues: Clues, family: Family, members: list[Marker], markers: Sequence[Marker]) -> list[Marker]:
    """A family's members without contents lists, sections and steps of answers."""
    if not members:
        return members
    if family.name == "line":
        members = _of_lines(members)
    if family.name == "plain" and not clues.collection:
        members = [m for m in members if m.asks]
    if family.name.startswith("item") or family.name == "plain":
        members = _without_contents(clues, family, members, markers)
    if family.name == "item-number":
        margin = min((m.level for m in members), default=0)
        members = nested.without_deep(members, margin + _STEP)
    if family.name.startswith("item"):
        members = _without_other_depths(nested.announced(clues, members))
        members = nested.without_topics(nested.without_options(members))
    if family.name == "item":
        members = nested.leading(clues, members)
        members = _answered(clues, _without_other_lists(clues, _without_told(members)))
    if family.name in ("numbered", "item-number"):
        members = _of_one_depth(members)
    if family.name == "numbered":
        members = _without_sections(clues, family, members)
    return nested.without_steps(clues, members) if family.name.startswith(("numbered", "item")) else members


def _of_lines(members: list[Marker]) -> list[Marker]:
    """Lines without a mark, and those with a number among them where these are the fewer."""
    bare = [m for m in members if m.label == "line"]
    return members if 2 * len(bare) >= len(members) else bare


def _without_other_depths(members: list[Marker]) -> list[Marker]:
    """Drop the list items of an indentation at which hardly any is a question, where another holds the questions."""
    sure: dict[int, list[float]] = {}
    for marker in members:
        sure.setdefault(marker.level // 2, []).append(marker.belief)
    mean = {depth: sum(found) / len(found) for depth, found in sure.items()}
    if not any(share >= _RICH for share in mean.values()):
        return members
    return [m for m in members if mean[m.level // 2] >= _POOR]


def _without_told(members: list[Marker]) -> list[Marker]:
    """Drop sentences below an item that ask nothing: its answer, where others have a second question there."""
    return [m for m in members if not (m.level and m.belief < _TOLD and m.text.endswith(".") and m.text.count(" ") > 8)]


def _without_other_lists(clues: Clues, members: list[Marker]) -> list[Marker]:
    """Drop lists under headings of their own in which hardly anything is asked, where the others hold the questions."""
    lists: dict[int, list[Marker]] = {}
    for marker in members:
        lists.setdefault(bisect_left(clues.heads, marker.start), []).append(marker)
    asking = [m for own in lists.values() if _mean(own) >= _LITTLE for m in own]
    if len(lists) < 2 or len(asking) < 0.5 * len(members) or _mean(asking) < _MUCH:
        return members
    return [m for own in lists.values() if len(own) < 2 or _mean(own) >= _LITTLE or _some_ask(own) for m in own]


def _some_ask(members: Sequence[Marker]) -> bool:
    """Whether a list has questions among its topics, as its neighbours have nothing but questions."""
    told = sum(m.text.endswith(".") and not m.reads_as_question for m in members)
    return sum(m.reads_as_question for m in members) >= max(2, _SOME * len(members)) and told < _SOME * len(members)


def _answered(clues: Clues, members: list[Marker]) -> list[Marker]:
    """Where the items that ask have answers below them and the others neither, the others are no questions."""
    own = [m for m in members if clues.is_above_deeper(m.end, m.level)]
    others = [m for m in members if not m.asks and not clues.is_above_deeper(m.end, m.level)]
    if len(own) < _LEAST_ANSWERED or _mean(own) < _MUCH or _mean(others) >= _LITTLE:
        return members
    return [m for m in members if m.asks or clues.is_above_deeper(m.end, m.level)]


def _mean(members: Sequence[Marker]) -> float:
    return sum(m.belief for m in members) / max(1, len(members))


def _without_contents(clues: Clues, family: Family, members: list[Marker], markers: Sequence[Marker]) -> list[Marker]:
    """Drop list items that only name what stands elsewhere as a heading or in bold."""
    if not members:
        return members
    named = {normalised(m.text) for m in markers if m.style not in ("item", "text") and not family.belongs(m)}
    kept = [m for m in members if m.style not in ("item", "text") or not clues.is_listed(m.start)]
    elsewhere = [m for m in kept if m.belief < 0.5 or normalised(m.text) in named]
    return [m for m in kept if normalised(m.text) not in named] if named and elsewhere else kept


def _without_sections(clues: Clues, family: Family, members: list[Marker]) -> list[Marker]:
    """Numbered headings of one level that only head other candidates are sections (``## 2. Indexes``)."""
    kept: list[Marker] = []
    groups: dict[tuple[str, int], list[Marker]] = {}
    for marker in members:
        groups.setdefault((marker.style, marker.level if marker.style == "heading" else 0), []).append(marker)
    for group in groups.values():
        if len(groups) == 1 or sum(m.belief for m in group) > 0.35 * len(group):
            kept += group
    return sorted(kept, key=lambda m: m.start)


def _of_one_depth(members: list[Marker]) -> list[Marker]:
    """Where most numbers are those of a chapter's parts (``2.1``), whole numbers are its chapters."""
    depths = Counter((m.number or "").count(".") for m in members)
    depth, count = depths.most_common(1)[0] if depths else (0, 0)
    if depth == 0 or count < 0.5 * len(members):
        return members
    return [m for m in members if (m.number or "").count(".") == depth]
