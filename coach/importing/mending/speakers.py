"""Two labels that take turns at the starts of lines, whatever they are called: one asks, the other answers.

``front:`` and ``back:``, ``Student:`` and ``Teacher:``, ``@Q`` and ``@A``: no list of names could hold them all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from coach.importing.wording.labels import is_answer_label, prefix
from coach.importing.wording.reading import CERTAIN, belief
from coach.text.cleaning import one_line

_LABEL = re.compile(
    r"(?P<lead>[ \t>*_-]{0,6})(?P<label>\d{0,3}[@%#$&\\]?[^\W\d_][^\W\d_ ]{0,15}(?: [^\W\d_]{1,12})?\s?\d{0,3})"
    r"(?P<close>[*_]{0,3})(?:\s?[:：>]|[-–—]|\s[-–—](?=\s)|[.)](?=\s))(?P<after>[*_]{0,3})\s?(?=\S)"
)
_SIGNED = re.compile(r"(?P<lead>[ \t]{0,6})(?P<label>[@%\\$&][^\W\d_]{1,12})(?P<close>)(?P<after>)\s(?=\S)")
_PROBLEMS = frozenset(
    {"problem", "problemstatement", "task", "prompt", "exercise", "challenge", "scenario", "statement"}
)
"""Names of what is to be solved, without spaces."""
_MOST_NAMES = 8
_LEAST = 3
_TAKING_TURNS = 0.9
"""Share of the labelled lines of two names in which the other name follows."""
_ASKING = 0.6
"""Share of one name's lines that read like questions, and more than of the other's."""


def renamed(rows: Sequence[str]) -> list[str]:
    """The rows of a document, its two labels as ``Q:`` and ``Answer:``; the same rows where it has no such two."""
    labelled = [(n, found) for n, row in enumerate(rows) if (found := _label(row)) is not None]
    names = [_name(found) for _, found in labelled]
    pair = _pair(names)
    if pair is None:
        return list(rows)
    asked = pair[0]
    own = [(n, found, name) for (n, found), name in zip(labelled, names, strict=True) if name in pair]
    if not _asks(rows, own, asked) or _is_known(rows, own, asked):
        return list(rows)
    made = list(rows)
    for n, found, name in own:
        mark = found["lead"].strip("*_") if found["close"] or found["after"] else found["lead"]
        made[n] = f"{mark}{'Q' if name == asked else 'Answer'}: {rows[n][found.end() :]}"
    return made


def _label(row: str) -> re.Match[str] | None:
    return _LABEL.match(row[:200]) or (
        _SIGNED.match(row[:200]) if row.lstrip()[:1] in ("@", "%", "\\", "$", "&") else None
    )


def _name(found: re.Match[str]) -> str:
    return re.sub(r"[\d\s]", "", found["label"]).lower()


def _pair(names: Sequence[str]) -> tuple[str, str] | None:
    """Two names that take turns, the asking one first: a problem and its solution, or else the two commonest."""
    common = [name for name, count in Counter(names).most_common(_MOST_NAMES) if count >= _LEAST]
    for asked in (name for name in common if name in _PROBLEMS):
        told = next((name for name in common if is_answer_label(f"{name}:")), None)
        if told is not None and _take_turns(names, asked, told):
            return asked, told
    if len(common) < 2 or not _take_turns(names, common[0], common[1]):
        return None
    first = next(name for name in names if name in common[:2])
    return first, next(name for name in common[:2] if name != first)


def _take_turns(names: Sequence[str], one: str, other: str) -> bool:
    turns = [name for name in names if name in (one, other)]
    changes = sum(before != after for before, after in pairwise(turns))
    return changes >= _TAKING_TURNS * (len(turns) - 1)


def _asks(rows: Sequence[str], own: Sequence[tuple[int, re.Match[str], str]], asked: str) -> bool:
    says = {
        name: [
            belief(one_line(rows[n][found.end() :])) >= CERTAIN for n, found, other in own if (other == asked) is name
        ]
        for name in (True, False)
    }
    share = {name: sum(found) / max(1, len(found)) for name, found in says.items()}
    return share[True] >= _ASKING and share[True] > 2 * share[False]


def _is_known(rows: Sequence[str], own: Sequence[tuple[int, re.Match[str], str]], asked: str) -> bool:
    """Whether the two are labels that are understood anyway."""
    first = next(rows[n] for n, _, name in own if name == asked)
    second = next(found["label"] + ":" for _, found, name in own if name != asked)
    return prefix(first.strip().lstrip("*_> -"))[0] == "q" and is_answer_label(second)
