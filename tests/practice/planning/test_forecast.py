from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.practice import Card
from coach.practice.planning.forecast import HORIZONS, LOAD_DAYS, forecast
from tests.practice.made import NOON

TODAY = NOON.date()


def card(due: int, stability: float = 10.0, point: str | None = None) -> Card:
    day = TODAY + timedelta(days=due)
    return Card("q1", point, day, 5, stability, 5.0, NOON - timedelta(days=2), TODAY - timedelta(days=2), 1, 0)


def recall(item: Card, day: date) -> float:
    """Falls by a tenth in each ``stability`` days."""
    return float(0.9 ** ((day - item.last_day).days / item.stability))


def test_without_cards_nothing_is_expected() -> None:
    found = forecast([card(3, point="p")], recall, TODAY)
    assert (found.cards, found.outlook) == (0, ())
    assert [load.due for load in found.load] == [0] * LOAD_DAYS


def test_overdue_cards_are_todays_and_far_ones_are_not_counted() -> None:
    found = forecast([card(-30), card(0), card(2), card(2), card(400)], recall, TODAY)
    assert [load.due for load in found.load[:4]] == [2, 0, 2, 0]
    assert found.load[0].day == date(2026, 3, 2)
    assert found.cards == 5


@given(st.lists(st.floats(0.5, 500, allow_nan=False), min_size=1, max_size=30))
def test_recall_fades_with_time_and_known_is_its_sum(stabilities: list[float]) -> None:
    cards = [card(1, stability) for stability in stabilities]
    found = forecast(cards, recall, TODAY)
    assert [item.days for item in found.outlook] == list(HORIZONS)
    assert all(0 < item.recall <= 1 for item in found.outlook)
    falling = [item.recall for item in found.outlook]
    assert falling == sorted(falling, reverse=True)
    for item in found.outlook:
        assert item.known == pytest.approx(item.recall * len(cards))
