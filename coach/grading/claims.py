"""Does a statement say the opposite of a key point? Negation, opposites and figures, where the words align.

This is for rubrics without misconceptions and as a second look elsewhere. It only speaks where the statement plainly
is about the point; embeddings hardly see a "not", so this is read off the words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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

_STRONG = frozenset(
    word for word in NEGATIONS if word in ("not", "never", "cannot", "neither", "nor") or word.endswith("n't")
)
"""Negations that turn the verb; "without", "avoid", "no" and the like also occur in what affirms."""

_CLAUSE = re.compile(r"[,;:.!?()]| (?:but|and|so|because|while|whereas|if|when|unless|which|that) ")

NEGATION_REACH = 3
"""Content words that a negation is taken to govern, within its clause."""

SHARED_LEAST = 0.4
"""Share of the smaller side's content words that both must have before a negation says anything."""

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


_DENIAL = re.compile(
    r"(?:(?:and|but|so|also|no),?\s+)?(?:"
    r"it(?:'s| is| was)(?: simply| just| plainly)? (?:not (?:true|so|right|correct|the case)|untrue|false|incorrect"
    r"|a (?:common )?(?:myth|misconception|misunderstanding)|(?:wrong|false|a mistake) to (?:say|think|claim|believe))"
    r"|it (?:isn't|wasn't) (?:true|so|right|correct|the case)|(?:i|we) (?:don't|do not) (?:think|believe)"
    r") that\b",
    re.I,
)
"""What, before a claim, says that it does not hold."""

_TURN = re.compile(r"(?:but|however|instead|rather|actually|in fact)\b", re.I)


def denied(claims: Sequence[str]) -> list[bool]:
    """Which claims an answer says not to hold ("It is not true that …"), given in their order.

    A denial reaches to the end of its sentence, over all claims that this was taken apart into, or to a "but".
    """
    found: list[bool] = []
    for at, claim in enumerate(claims):
        text = claim.replace("’", "'")
        goes_on = at > 0 and found[-1] and not claims[at - 1].rstrip("\"')”").endswith((".", "!", "?", ";"))
        found.append(_DENIAL.match(text) is not None or (goes_on and not _TURN.match(text)))
    return found


def asserted(statement: str) -> str:
    """The claim itself, where it is denied; else the statement as it is."""
    found = _DENIAL.match(statement.replace("’", "'"))
    return statement[found.end() :].strip() or statement if found else statement


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
        complexity(point, statement)
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
    """What one side affirms and the other plainly denies, where both speak of the same things."""
    denied, affirmed = _by_polarity(point)
    denies, affirms = _by_polarity(statement)
    shared = (denied | affirmed) & (denies | affirms)
    if len(shared) < SHARED_LEAST * min(len(denied | affirmed), len(denies | affirms)):
        return None
    for stem_ in sorted(denies & affirmed - denied):
        return Disagreement("negation", f"not {stem_}", stem_)
    for stem_ in sorted(affirms & denied - denies):
        return Disagreement("negation", stem_, f"not {stem_}")
    return None


def _number(point: str, statement: str) -> Disagreement | None:
    wanted = _figures(point)
    said = _figures(statement)
    for unit, values in wanted.items():
        found = said.get(unit)
        if unit and found and not values & found:
            return Disagreement("number", f"{min(found)} {unit}", f"{min(values)} {unit}")
    return None


def complexity(point: str, statement: str) -> Disagreement | None:
    """Where both state complexities and share none of them."""
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
    return sum(word.text in _STRONG for word in words(text)) % 2


def _by_polarity(text: str) -> tuple[set[str], set[str]]:
    """Stems of the content words within the reach of a plain negation, and of those outside of one."""
    denied: set[str] = set()
    affirmed: set[str] = set()
    for clause in _CLAUSE.split(text):
        reach = 0
        for word in words(clause):
            if word.text in _STRONG:
                reach = NEGATION_REACH
            elif word.is_content and word.text not in NEGATIONS:
                (denied if reach > 0 else affirmed).add(word.stem)
                reach -= 1
    return denied - affirmed, affirmed
