from __future__ import annotations

import pytest

from coach.text.pace import Pace, spoken


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_rest_takes_as_long_as_its_share() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.left("embedding", 32, 300_032) == "", "nothing is known after the first batch"
    clock.now += 60
    assert pace.left("embedding", 3_032, 300_032) == "about 1 h 40 min left"
    clock.now += 60
    assert pace.left("embedding", 150_032, 300_032) == "about 2 min left"
    assert pace.left("embedding", 299_999, 300_032) == "", "seconds are not worth telling"
    assert pace.left("embedding", 300_032, 300_032) == ""


def test_kinds_of_work_are_kept_apart_and_may_begin_again() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.left("embedding", 1, 100)
    clock.now += 30
    assert pace.left("storing", 1, 100) == ""
    clock.now += 30
    assert pace.left("storing", 11, 100) == "about 4 min left"
    assert pace.left("embedding", 0, 100) == ""
    assert pace.left("an unknown end", 5, 0) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "5 s"), (12, "10 s"), (54, "55 s"), (56, "1 min"), (3500, "58 min"), (3590, "1 h"), (5000, "1 h 25 min")],
)
def test_lengths_of_time_are_rounded(seconds: float, words: str) -> None:
    assert spoken(seconds) == words
