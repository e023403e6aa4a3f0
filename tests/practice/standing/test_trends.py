from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.practice import Summary
from coach.practice.standing.trends import Direction, trend
from tests.practice.made import summaries_strategy, summary


def rows_of(scores: list[int], step: float = 10) -> list[Summary]:
    return [summary("q1", score, step * n) for n, score in enumerate(scores)]


def test_two_attempts_are_no_trend_and_three_are() -> None:
    assert trend(rows_of([10, 90])) is None
    found = trend(rows_of([10, 50, 90]))
    assert found is not None
    assert (found.direction, found.attempts, found.sure) == (Direction.RISING, 3, False)
    assert found.per_month == pytest.approx(120)


def test_one_odd_day_decides_nothing() -> None:
    found = trend(rows_of([40, 45, 50, 0, 60, 65, 70, 75]))
    assert found is not None
    assert found.direction is Direction.RISING
    assert found.sure


def test_falling_and_level() -> None:
    falling, level = trend(rows_of([90, 70, 60, 50, 30])), trend(rows_of([60, 62, 59, 61, 60, 60]))
    assert falling is not None
    assert (falling.direction, falling.sure) == (Direction.FALLING, True)
    assert level is not None
    assert (level.direction, level.sure) == (Direction.LEVEL, False)


def test_graders_are_never_mixed_and_what_is_left_out_is_said() -> None:
    rows = [summary("q1", 90, n, grader_name="judge", grader_kind="llm", grader_model="m") for n in range(5)]
    rows += [summary("q1", 40 + n, 10 + n) for n in range(3)]
    found = trend(rows)
    assert found is not None
    assert (found.grader, found.attempts, found.left_out) == ("offline rubric 1", 3, 5)
    assert found.direction is Direction.RISING
    assert trend(rows[:-1]) is None


def test_another_version_is_another_grader() -> None:
    assert trend([*rows_of([40, 50]), summary("q1", 60, 40, grader_version="2")]) is None


def test_within_a_day_there_is_a_direction_and_no_speed() -> None:
    found = trend(rows_of([20, 40, 60, 80], step=0.1))
    assert found is not None
    assert (found.direction, found.per_month, found.sure) == (Direction.RISING, None, True)


@given(st.lists(st.integers(0, 100), min_size=3, max_size=20), st.floats(1, 30))
def test_backwards_the_trend_is_turned_round(scores: list[int], step: float) -> None:
    forth, back = trend(rows_of(scores, step)), trend(rows_of(scores[::-1], step))
    assert forth is not None
    assert back is not None
    assert forth.per_month == pytest.approx(-(back.per_month or 0), abs=1e-6)
    assert forth.sure == back.sure
    if abs(abs(forth.per_month or 0) - 1) > 1e-6:  # at the very edge of level, rounding decides
        turned = {Direction.RISING: Direction.FALLING, Direction.FALLING: Direction.RISING}
        assert back.direction == turned.get(forth.direction, Direction.LEVEL)


@given(summaries_strategy(), st.randoms())
def test_the_order_of_the_rows_is_of_no_matter(rows: list[Summary], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert trend(rows) == trend(shuffled)


@given(summaries_strategy())
def test_a_trend_is_within_what_was_scored(rows: list[Summary]) -> None:
    found = trend(rows)
    graded = [row for row in rows if row.score is not None]
    if found is None:
        return
    assert 3 <= found.attempts <= len(graded) - found.left_out
    assert found.left_out == sum(row.grader_name not in found.grader for row in graded)
