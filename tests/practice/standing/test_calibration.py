from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.practice import Summary
from coach.practice.standing.calibration import BINS, Guess, calibrate, confident_errors, guesses
from tests.practice.made import NOON, summaries_strategy, summary

pairs = st.lists(st.tuples(st.floats(0, 1, allow_nan=False), st.integers(0, 100)), min_size=1, max_size=40)


def made(found: list[tuple[float, int]]) -> list[Guess]:
    return [Guess(f"a{n}", f"q{n}", NOON, sure, score / 100) for n, (sure, score) in enumerate(found)]


def test_who_is_right_about_everything_has_a_perfect_figure() -> None:
    found = calibrate(made([(0.2, 20), (0.9, 90)]))
    assert found.brier == 0
    assert found.bias == 0
    assert found.baseline == pytest.approx(0.1225)


def test_the_figure_is_the_mean_squared_distance() -> None:
    found = calibrate(made([(1.0, 0), (0.5, 100)]))
    assert found.brier == pytest.approx((1 + 0.25) / 2)
    assert found.bias == pytest.approx((1.0 - 0.5) / 2)


def test_nothing_guessed_gives_no_figure_and_an_empty_curve() -> None:
    found = calibrate([])
    assert (found.count, found.brier, found.baseline, found.bias) == (0, None, None, None)
    assert [step.count for step in found.curve] == [0] * BINS
    assert all(step.score is None for step in found.curve)


@given(pairs)
def test_the_curve_holds_every_guess_once_and_agrees_with_the_bias(found: list[tuple[float, int]]) -> None:
    result = calibrate(made(found))
    assert sum(step.count for step in result.curve) == result.count == len(found)
    filled = [step for step in result.curve if step.count]
    assert all(step.low <= (step.confidence or 0) <= step.high for step in filled)
    bias = sum(((step.confidence or 0) - (step.score or 0)) * step.count for step in filled) / len(found)
    assert result.bias == pytest.approx(bias, abs=1e-9)


@given(pairs)
def test_always_saying_ones_mean_gives_the_baseline_and_no_constant_beats_it(found: list[tuple[float, int]]) -> None:
    mean = sum(score for _, score in found) / len(found) / 100
    constant = calibrate(made([(mean, score) for _, score in found]))
    assert constant.brier == pytest.approx(constant.baseline, abs=1e-9)
    other = calibrate(made([(found[0][0], score) for _, score in found]))
    assert other.brier is not None
    assert other.brier >= (other.baseline or 0) - 1e-9
    assert 0 <= other.brier <= 1


@given(summaries_strategy())
def test_only_graded_attempts_with_an_expectation_are_guesses(rows: list[Summary]) -> None:
    ids = {guess.attempt_id for guess in guesses(rows)}
    assert ids == {row.id for row in rows if row.score is not None and row.confidence is not None}


def test_single_points_are_no_guesses() -> None:
    assert guesses([summary(confidence=0.9, point="p1")]) == []


def test_a_confident_error_stays_until_the_question_is_answered_well_without_help() -> None:
    wrong = summary("q1", 30, 0, confidence=0.9)
    assert [guess.question_id for guess in confident_errors(guesses([wrong]), [wrong])] == ["q1"]
    for still in (
        summary("q1", 90, -1),
        summary("q1", 90, 1, hints=1),
        summary("q1", 90, 1, retry_of="x"),
        summary("q1", 60, 1),
        summary("q2", 90, 1),
        summary("q1", 90, 1, reference_shown=True),
    ):
        assert confident_errors(guesses([wrong]), [wrong, still]), still
    assert confident_errors(guesses([wrong]), [wrong, summary("q1", 80, 1)]) == []


def test_confident_errors_come_widest_gap_first_and_one_a_question() -> None:
    rows = [
        summary("q1", 40, 0, confidence=0.8),
        summary("q2", 0, 1, confidence=1.0),
        summary("q1", 10, 2, confidence=0.75),
        summary("q3", 49, 3, confidence=0.69),
        summary("q4", 50, 3, confidence=1.0),
    ]
    found = confident_errors(guesses(rows), rows)
    assert [(guess.question_id, guess.score) for guess in found] == [("q2", 0.0), ("q1", 0.1)]
