"""How far a score can be believed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain import Kind
from coach.grading.certainty import TRUST, certainty, trusted
from coach.grading.verdicts import Weighing

WEIGHING = Weighing((), 0.4, 0.3, 0.3, 0.9, 0.7, 0.7, (), contrasted=True, known=1.0, at_home=1.0, false_claims=())


@given(st.integers(0, 100), st.floats(0, 1), st.booleans(), st.floats(0, 1), st.sampled_from(Kind))
def test_the_range_holds_the_score_and_the_confidence_is_a_chance(
    score: int, related: float, contrasted: bool, known: float, kind: Kind
) -> None:
    weighing = replace(WEIGHING, related=related, contrasted=contrasted, known=known, at_home=known)
    confidence, (low, high) = certainty(score, weighing, kind)
    assert 0 <= low <= score <= high <= 100
    assert 0 <= confidence <= 1


@given(st.integers(0, 49), st.floats(0, 1))
def test_scores_in_the_middle_are_believed_least(score: int, related: float) -> None:
    assert trusted(TRUST, score, related) >= trusted(TRUST, score + 1, related)
    assert trusted(TRUST, score, related) == pytest.approx(trusted(TRUST, 100 - score, related))


def test_what_hardly_touches_the_question_is_told_more_surely() -> None:
    assert trusted(TRUST, 2, 0.6) > trusted(TRUST, 2, 1.0) > 0.7


def test_a_rubric_with_nothing_to_contrast_with_is_believed_less() -> None:
    sure, _ = certainty(95, WEIGHING, Kind.CONCEPT)
    unsure, (low, _) = certainty(95, replace(WEIGHING, contrasted=False, known=0.0, at_home=0.0), Kind.CONCEPT)
    assert unsure < 0.3 < sure
    assert low < 50
