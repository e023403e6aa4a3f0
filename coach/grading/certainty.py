"""How far a score can be believed: the errors that were seen on questions left out of the fit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coach.domain import Kind
from coach.grading.verdicts import Weighing

CLOSE = 12
"""Points between a score and a reader's at which they are said to agree. With 12, of the grades that are held to be right
by 0.8 and more, 95 % are within 15, on questions left out; with 15 it would be 90 %."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Log-odds that a reader's score is close: base + extreme * e - related * r."""

    base: float
    """For a score of 50 of an answer nothing of which is related."""
    extreme: float
    """For e, the score's distance from 50, from 0 to 1; >= 0. Answers in the middle are the hard ones."""
    related: float
    """For r, the share of its words in statements related to the question, 0 to 1; >= 0. What hardly touches the question
    is easily told; an answer all of which does can be right, half right or wrong."""


TRUST = Trust(1.72, 3.62, 3.64)
"""For rubrics with misconceptions. Made by training/fit_scale.py."""

CERTAINTY: tuple[tuple[int, float, int, int], ...] = (
    (5, 0.97, 2, 10),
    (15, 0.76, 9, 32),
    (35, 0.36, 22, 23),
    (60, 0.41, 48, 23),
    (80, 0.53, 26, 30),
    (93, 0.74, 13, 17),
    (100, 0.92, 14, 3),
)
"""Up to this score: share of readers within 15 points, and how far below and above it 80 % of them are. Printed by
training/fit_scale.py. With misconceptions in the rubric only the range is taken from here: TRUST tells the confidence."""

CERTAINTY_DERIVED: tuple[tuple[int, float, int, int], ...] = (
    (15, 0.68, 9, 50),
    (35, 0.20, 32, 71),
    (60, 0.31, 53, 54),
    (100, 0.06, 70, 32),
)
"""The same where the rubric was derived from a reference on a subject that coach does not know, printed by
training/fit_derived.py (which has 0 for the second row, since Beetle has no scores between 0 and 50): such a grade sees
what is missing, and hardly what is false."""

CERTAINTY_KNOWN: tuple[tuple[int, float, int, int], ...] = (
    (5, 0.91, 2, 13),
    (15, 0.85, 8, 26),
    (35, 0.08, 24, 39),
    (60, 0.31, 34, 50),
    (80, 0.25, 53, 30),
    (93, 0.74, 13, 17),
    (100, 0.93, 14, 0),
)
"""The same on known subjects; printed by training/fit_known.py."""


def certainty(score: int, weighing: Weighing, kind: Kind) -> tuple[float, tuple[int, int]]:
    """Confidence, 0 to 1, and the range that holds a reader's score in 80 % of all cases."""
    known = weighing.at_home == 1.0 and kind is not Kind.BEHAVIOURAL
    table = CERTAINTY if weighing.contrasted else CERTAINTY_KNOWN if known else CERTAINTY_DERIVED
    confidence, below, above = next(row[1:] for row in table if score <= row[0])
    if weighing.contrasted:
        confidence = round(trusted(TRUST, score, weighing.related), 2)
    return confidence, (max(0, score - below), min(100, score + above))


def trusted(trust: Trust, score: float, related: float) -> float:
    """The chance that a reader's score is close."""
    odds = trust.base + trust.extreme * abs(score - 50) / 50 - trust.related * related
    return 1.0 / (1.0 + math.exp(-odds))
