"""Which questions an interview asks: a mix over kinds and sections, the long unasked before the recent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from math import floor
from random import Random

from coach.domain import Kind, Question
from coach.practice.standing.progress import section_of

Apart = Callable[[Question, Question], bool]
"""Whether two questions are different enough to stand in one interview."""

_NEVER = datetime.min.replace(tzinfo=UTC)


def mix(
    questions: Sequence[Question],
    count: int,
    random: Random,
    asked: Mapping[str, datetime] | None = None,
    apart: Apart = lambda one, other: True,
) -> list[Question]:
    """At most ``count`` questions in the order in which to ask them; fewer where there are no more.

    Every kind gets its share of ``count``, and one question at least where there is room; within a kind the sections
    take turns. ``asked`` is when a question was last answered: the longest ago comes first, never answered before all.
    """
    asked = asked or {}
    chosen: list[Question] = []
    for kind, share in _shares(questions, count).items():
        for _ in range(share):
            _add(chosen, [item for item in questions if item.kind is kind], random, asked, apart)
    while len(chosen) < count and _add(chosen, questions, random, asked, apart):
        pass  # near-twins left a kind short of its share: whatever kind fills the room
    return _spread(chosen, random)


def _shares(questions: Sequence[Question], count: int) -> dict[Kind, int]:
    """How many of each kind: in proportion, by largest remainders, nobody left out while there is room."""
    there = Counter(item.kind for item in questions)
    total = sum(there.values())
    if not total:
        return {}
    count = min(count, total)
    exact = {kind: count * there[kind] / total for kind in Kind if there[kind]}
    shares = {kind: floor(share) for kind, share in exact.items()}
    if count >= len(exact):
        shares = {kind: max(1, share) for kind, share in shares.items()}
    while (missing := count - sum(shares.values())) != 0:
        step = 1 if missing > 0 else -1
        open_ones = [kind for kind in shares if (shares[kind] < there[kind] if step > 0 else shares[kind] > 1)]
        kind = max(open_ones, key=lambda name: (step * (exact[name] - shares[name]), -list(Kind).index(name)))
        shares[kind] += step
    return shares


def _add(
    chosen: list[Question], among: Sequence[Question], random: Random, asked: Mapping[str, datetime], apart: Apart
) -> bool:
    taken = {item.id for item in chosen}
    open_ones = [item for item in among if item.id not in taken and all(apart(item, other) for other in chosen)]
    if not open_ones:
        return False
    used = Counter(section_of(item) for item in chosen)
    random.shuffle(open_ones)
    chosen.append(min(open_ones, key=lambda item: (used[section_of(item)], asked.get(item.id, _NEVER))))
    return True


def _spread(chosen: list[Question], random: Random) -> list[Question]:
    """An order in which kinds and sections change from question to question where that is possible."""
    rest = list(chosen)
    random.shuffle(rest)
    ordered: list[Question] = []
    while rest:
        left = Counter(item.kind for item in rest)
        last = ordered[-1] if ordered else None

        def fit(item: Question, last: Question | None = last, left: Counter[Kind] = left) -> tuple[bool, int, bool]:
            same_kind = last is not None and item.kind is last.kind
            return same_kind, -left[item.kind], last is not None and section_of(item) == section_of(last)

        ordered.append(min(rest, key=fit))
        rest.remove(ordered[-1])
    return ordered
