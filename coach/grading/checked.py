"""Claims checked where a rubric lists no misconceptions: against what is commonly said on the subject, or by a model.

Contrast needs false statements to compare with, and a rubric taken from a document has none. On subjects that coach
knows, the statements of all hand-made rubrics and the confusions that came with them take their place: what people get
wrong about one question lies near to what they get wrong about its neighbours. An entailment model that the user names
(COACH_NLI_MODEL) reads each claim together with the points of the reference instead, on any subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coach.domain import Rubric
from coach.ports import ClaimChecker, KnownStatements

FOREIGN, FAMILIAR = 0.50, 0.60
"""Cosine of a question's subject with the nearest known one: up to the first nothing is known of it, from the second on
claims are held against what is known. Questions of school science lie about the first, those of networking about the second,
those of the corpus, each without its own statements, near 0.78."""

NEIGHBOURING, AT_HOME = 0.70, 0.75
"""The same for the scale: from the second on such an answer gets its score as one on the corpus's own subjects does. Spread
over less near subjects, that scale made the marks of real exams on networking disagree with the examiners' between questions
(r 0.40 for 0.44)."""

NEAR, SAME = 0.30, 0.60
"""Cosine with the nearest known statement from which a claim counts, and from which it does fully."""

NEIGHBOURS, TEMPERATURE, MARGIN = 50, 0.06, 0.08
"""How many matters near to a claim are weighed, how steeply by nearness, and the margin at which a claim leans to one side
by three quarters. With ten matters or two hundred, and with half or twice the steepness, good answers on other subjects are told
from wrong ones nearly as well."""

FALSE_NEAR, FALSE_MARGIN = 0.60, -0.05
"""A claim so near to a common falsehood, with such a margin, is shown as one. With their own question's statements left
out, one in twenty-five right answers of the shown gold set has such a claim, and two in five wrong ones."""

BELIEVED = 0.5
"""How far a subject must be known before a claim about it is shown as false."""

LITTLE, ENOUGH = 15, 45
"""Words of an answer up to which it is too short for the scale of known subjects, which was fitted on spoken answers, and
from which that scale applies in full."""

FEW, MANY = 40, 90
"""On subjects that are only near to known ones, words up to which an answer's claims tell nothing, and from which they
count in full. Each claim is judged with many errors: of four that tells little, of nine, in a minute of speaking, a lot."""

STRAY, CLOSE = 0.60, 0.80
"""How far such claims are near to known ones on average, likewise. In the answers of real exams on networking
few are, and those seem true or false at random."""

NEAREST, ABOUT = 2, 0.25
"""How many points a model reads each claim with, and the least cosine of both."""

MOST_PAIRS = 96
"""Of claim and point that a model reads in one answer, nearest first: what five minutes of speaking have."""

CONTRARY = 0.9
"""Probability from which a model's contradiction is shown."""


@dataclass(frozen=True, slots=True)
class FalseClaim:
    """A claim that is plainly held to be false."""

    claim: int
    """Its index."""
    truth: str
    """What is true instead."""
    firmness: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of an answer's claims."""

    side: NDArray[np.float32]
    """Shape (claims,): -1 plainly false to 1 plainly true."""
    counts: NDArray[np.float32]
    """Shape (claims,), 0 to 1: how far each could be compared at all."""
    known: float
    """0 to 1: how far the subject is one on which this can be believed."""
    at_home: float
    """0 to 1: how far answers on it are like those that the scale for known subjects was made for."""
    false: tuple[FalseClaim, ...]
    """In the order of claims."""
    model: str | None = None
    """The name of the model that read them; None where none did."""

    def but(self, denied: Sequence[bool]) -> Checked:
        """The same, where some claims (True) are such as the answer denies."""
        turned = np.array(denied[: len(self.side)])
        false = tuple(found for found in self.false if not denied[found.claim])
        return replace(self, side=np.where(turned, -self.side, self.side), false=false)


def by_statements(known: KnownStatements, topic: NDArray[np.float32], claims: NDArray[np.float32]) -> Checked:
    """Compare claims (unit rows, shape (n, d)) with what is commonly said; ``topic`` (d,) is the question's subject."""
    near = float((known.subjects @ topic).max())
    familiar = _from_to(near, FOREIGN, FAMILIAR)
    if familiar == 0.0:
        nothing = np.zeros(len(claims), dtype=np.float32)
        return Checked(nothing, nothing, 0.0, 0.0, ())
    at_home = _from_to(near, NEIGHBOURING, AT_HOME)
    laid: NDArray[np.float32] = claims @ known.basis
    right, wrong = laid @ known.right.T, laid @ known.wrong.T
    margin, nearest = _weighed(_by_matter(right, known.right_of), _by_matter(wrong, known.wrong_of))
    counts = np.clip((nearest - NEAR) / (SAME - NEAR), 0, 1)
    at, near = wrong.argmax(axis=1), wrong.max(axis=1)
    false = tuple(
        FalseClaim(claim, known.truths[int(at[claim])], min(1.0, 0.5 + float(near[claim] - FALSE_NEAR) / 0.3))
        for claim in range(len(claims))
        if familiar >= BELIEVED and near[claim] >= FALSE_NEAR and margin[claim] <= FALSE_MARGIN
    )
    return Checked(np.tanh(margin / MARGIN).astype(np.float32), counts.astype(np.float32), familiar, at_home, false)


def believed(checked: Checked, related: float, size: int) -> tuple[float, float]:
    """How far the lean of an answer's claims counts, and how far the scale for known subjects applies to it; 0 to 1 each.

    ``size`` in words; ``related`` is the share of them in claims near to known ones, each weighted by its nearness.
    """
    at_home = checked.at_home * _from_to(size, LITTLE, ENOUGH)
    told = _from_to(size, FEW, MANY) * _from_to(related, STRAY, CLOSE)
    return max(at_home, checked.known * told), at_home


def by_model(rubric: Rubric, nearness: NDArray[np.float32], claims: Sequence[str], checker: ClaimChecker) -> Checked:
    """Have a model read each claim with its nearest points; ``nearness`` has shape (points, claims), in cosine."""
    pairs = _pairs(nearness)
    agreed, read = np.zeros(len(claims)), np.zeros(len(claims))
    false: dict[int, FalseClaim] = {}
    labels = checker.check([(claims[claim], rubric.points[point].text) for point, claim in pairs])
    for (point, claim), (agrees, _, contradicts) in zip(pairs, labels, strict=True):
        agreed[claim] += float(agrees) - float(contradicts)
        read[claim] += 1
        if contradicts >= CONTRARY and (claim not in false or false[claim].firmness < contradicts):
            false[claim] = FalseClaim(claim, rubric.points[point].text, float(contradicts))
    side = agreed / np.maximum(read, 1)
    return Checked(
        side.astype(np.float32),
        (read > 0).astype(np.float32),
        1.0,
        1.0,
        tuple(false[at] for at in sorted(false)),
        checker.name,
    )


def _from_to(value: float, least: float, most: float) -> float:
    return float(np.clip((value - least) / (most - least), 0, 1))


def _by_matter(cosine: NDArray[np.float32], matter: NDArray[np.intp]) -> NDArray[np.float32]:
    """Shape (claims, matters): of each matter's statements the nearest."""
    first = np.flatnonzero(np.diff(matter, prepend=-1))
    nearest: NDArray[np.float32] = np.maximum.reduceat(cosine, first, axis=1)
    return nearest


def _weighed(right: NDArray[np.float32], wrong: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Shape (claims,) both: is a claim nearer to the true or to the false side of the matters that it is near to, in cosine,
    the nearest counting most; and the cosine with the nearest statement.

    Matter by matter, since a subject of which more true things are written down than false ones would seem true.
    """
    near = np.maximum(right, wrong)
    # Sorted, and stably, so that the sum of floats has one order and a grade the same bits each time.
    order = np.argsort(-near, axis=1, kind="stable")[:, :NEIGHBOURS]
    top = np.take_along_axis(near, order, axis=1)
    share = np.exp((top - top[:, :1]) / TEMPERATURE)
    side = np.take_along_axis(right - wrong, order, axis=1)
    margin: NDArray[np.float32] = (share * side).sum(axis=1) / share.sum(axis=1)
    return margin, top[:, 0]


def _pairs(nearness: NDArray[np.float32]) -> list[tuple[int, int]]:
    """(point, claim) worth a look, in the order of claims."""
    order = np.argsort(-nearness, axis=0, kind="stable")[:NEAREST]
    pairs = [
        (int(point), claim)
        for claim in range(nearness.shape[1])
        for point in order[:, claim]
        if nearness[point, claim] >= ABOUT
    ]
    if len(pairs) > MOST_PAIRS:
        pairs = sorted(sorted(pairs, key=lambda pair: -nearness[pair])[:MOST_PAIRS], key=lambda pair: pair[1])
    return pairs
