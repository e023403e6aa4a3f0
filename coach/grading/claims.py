"""Does a statement say the opposite of a key point? Negation, opposites and figures, where the words align.

This is for rubrics without misconceptions and as a second look elsewhere. It only speaks where the statement plainly
is about the point; embeddings hardly see a "not", so this is read off the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.text.terms import NEGATIONS, stem, words

_PAIRS = """
increase decrease|increases decreases|higher lower|high low|more less|more fewer|faster slower|fast slow|before after
always never|minimum maximum|min max|smallest largest|smaller larger|row column|rows columns|head tail|synchronous asynchronous
optimistic pessimistic|mutable immutable|ordered unordered|stateful stateless|lossy lossless|internal external|strong weak
upstream downstream|horizontal vertical|horizontally vertically|encrypt decrypt|producer consumer|primary secondary
cheap expensive|cheaper dearer|best worst|better worse|static dynamic|public private|directed undirected|balanced unbalanced
deterministic random|sequential parallel|serial parallel|possible impossible|true false|valid invalid|safe unsafe|ascending descending
add remove|insert delete|enable disable|allow forbid|allow prevent|allows prevents|include exclude|push pull|local global|hot cold
narrow wide|sparse dense|linear exponential|linear quadratic|constant linear|logarithmic linear|eager lazy|greater less|above below
open closed|positive negative|positives negatives|same different|single multiple|old new|oldest newest|least most|greatest least
shorter longer|short long|shallow deep|batch streaming|write read|writes reads|left right|first last|stack queue|lifo fifo|bfs dfs
"""
OPPOSITES: dict[str, frozenset[str]] = {}
"""Stem -> stems of its opposites. Field words and everyday ones; a pair is listed only where swapping it usually
turns a true technical statement into a false one."""
for _line in _PAIRS.strip().splitlines():
    for _pair in _line.split("|"):
        _one, _other = (stem(word) for word in _pair.split())
        if _one != _other:
            OPPOSITES[_one] = OPPOSITES.get(_one, frozenset()) | {_other}
            OPPOSITES[_other] = OPPOSITES.get(_other, frozenset()) | {_one}

_FIGURE = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)?)\s?(%|[a-zA-Z]{1,12}\b)?")
_COMPLEXITY = re.compile(r"\b[oO]\(\s*([^()]*(?:\([^()]*\)[^()]*)?)\s*\)")
_UNIT_FORMS = {
    "percent": "%",
    "milliseconds": "ms",
    "seconds": "s",
    "sec": "s",
    "minutes": "min",
    "hours": "h",
    "days": "day",
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How a statement differs from a point."""

    kind: str
    """``negation``, ``opposite``, ``number`` or ``complexity``."""
    said: str
    """The statement's word."""
    expected: str
    """The point's word; empty for a negation that only the statement has."""


def disagreement(point: str, statement: str) -> Disagreement | None:
    """The first way in which an aligned statement contradicts a point, or None."""
    return (
        _complexity(point, statement)
        or _opposite(point, statement)
        or _negation(point, statement)
        or _number(point, statement)
    )


def _opposite(point: str, statement: str) -> Disagreement | None:
    wanted = {word.stem: word.text for word in words(point)}
    said = {word.stem: word.text for word in words(statement)}
    flipped = _negations(statement) != _negations(point)
    for has, text in wanted.items():
        for other in sorted(OPPOSITES.get(has, ())):
            # Both sides named is a comparison; a negated opposite ("not slower") agrees.
            if other in said and has not in said and other not in wanted and not flipped:
                return Disagreement("opposite", said[other], text)
    return None


def _negation(point: str, statement: str) -> Disagreement | None:
    """An odd number of negations more, where the words around it are the point's own."""
    if _negations(point) == _negations(statement):
        return None
    own = {word.stem for word in words(point) if word.is_content}
    negated = _negated_stems(statement)
    denied = _negated_stems(point)
    hit = sorted((negated & own) - denied)
    if hit:
        return Disagreement("negation", f"not {hit[0]}", hit[0])
    if denied and not _negations(statement) and denied & {word.stem for word in words(statement)}:
        lost = min(denied & {word.stem for word in words(statement)})
        return Disagreement("negation", lost, f"not {lost}")
    return None


def _number(point: str, statement: str) -> Disagreement | None:
    wanted = _figures(point)
    said = _figures(statement)
    for unit, values in wanted.items():
        found = said.get(unit)
        if unit and found and not values & found:
            return Disagreement("number", f"{min(found)} {unit}", f"{min(values)} {unit}")
    return None


def _complexity(point: str, statement: str) -> Disagreement | None:
    wanted = {_bare(found) for found in _COMPLEXITY.findall(point)}
    said = {_bare(found) for found in _COMPLEXITY.findall(statement)}
    if wanted and said and not wanted & said:
        return Disagreement("complexity", f"O({min(said)})", f"O({min(wanted)})")
    return None


def _bare(inside: str) -> str:
    return re.sub(r"[\s*·×]", "", inside.lower()).replace("log2", "log")


def _figures(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for value, unit in _FIGURE.findall(text):
        name = unit.lower().rstrip("s") if len(unit) > 2 else unit.lower()
        name = _UNIT_FORMS.get(unit.lower(), name)
        found.setdefault(name, set()).add(value.replace(",", "."))
    return found


def _negations(text: str) -> int:
    return sum(word.text in NEGATIONS for word in words(text)) % 2


def _negated_stems(text: str) -> set[str]:
    """Content words that stand within four words after a negation."""
    said = words(text)
    reached: set[str] = set()
    for at, word in enumerate(said):
        if word.text in NEGATIONS:
            reached |= {later.stem for later in said[at + 1 : at + 5] if later.is_content}
    return reached
