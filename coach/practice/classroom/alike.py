"""Answers that are nearly the same: a pair worth a look, which proves nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from coach.text.terms import words

RUN = 4
"""Words that make a run: shorter ones stand in any two answers to one question."""

ALIKE_FROM = 0.5
"""Share of the shorter answer's own runs that the other one has, too, from which a pair is shown."""

LEAST_RUNS = 8
"""Runs of one's own below which an answer is too short to say anything."""

COMMON = 0.25
"""Share of the class up to which a run may be copied; what more of them write (and more than ``RING``) is common knowledge."""

RING = 5
"""Answers that may share a run in a class of any size."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to one question."""

    first: str
    """Key of the one, in the order of the input."""
    second: str
    share: float
    """Of the shorter answer's own runs of words that the other one has, too; 0 to 1."""


def pairs(answers: Mapping[str, str], known: Sequence[str] = ()) -> list[Pair]:
    """Near-identical pairs among the answers (by key) to one question, the most alike first.

    Runs of words from ``known`` (the question, its reference) don't count, nor those that many of the class use.
    """
    given = Counter(run for text in known for run in _runs(text))
    runs = {key: _runs(text) - given.keys() for key, text in answers.items()}
    having: dict[tuple[str, ...], list[str]] = {}
    for key, found in runs.items():
        for run in found:
            having.setdefault(run, []).append(key)
    most = max(RING, round(COMMON * len(answers)))
    own, shared = Counter[str](), Counter[tuple[str, str]]()
    for keys in having.values():
        if len(keys) <= most:
            own.update(keys)
            shared.update(combinations(keys, 2))
    pairs_found = []
    for (first, second), count in shared.items():
        shorter = min(own[first], own[second])
        if shorter >= LEAST_RUNS and count >= ALIKE_FROM * shorter:
            pairs_found.append(Pair(first, second, round(count / shorter, 3)))
    return sorted(pairs_found, key=lambda pair: (-pair.share, pair.first, pair.second))


def _runs(text: str) -> set[tuple[str, ...]]:
    found = [word.stem for word in words(text)]
    return {tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1)}
