from __future__ import annotations

import json
from collections.abc import Callable

from coach.domain import Importance
from coach.practice.standing.figures import as_record
from coach.session import Session
from tests.session.made import Clock, answered


def test_figures_come_from_history_library_and_cards(opened: Callable[[], Session]) -> None:
    coach, clock = opened(), Clock()
    coach.practice.now = clock
    one, two = coach.library.questions
    for score in (20, 40, 90):
        answered(coach, one, score, confidence=0.8, seconds=60.0)
        clock.wait(days=10)
    answered(coach, two, 40)
    answered(coach, two, None)
    found = coach.stats.figures()
    assert (found.attempts, found.ungraded, found.graders) == (4, 1, ("offline rubric 1",))
    assert {row.name: row.latest for row in found.questions} == {one.id: 90, two.id: 40}
    assert found.trend is not None
    assert found.trend.attempts == 4
    assert found.calibration.count == 3
    assert found.confident_errors == ()
    assert found.forecast.cards == 2
    assert [item.days for item in found.forecast.outlook] == [0, 7, 14, 30, 90]
    assert 0 < found.forecast.outlook[-1].recall < found.forecast.outlook[0].recall <= 1
    assert sum(row.answered for row in found.coverage) == 2
    assert found.readiness.score is None
    weak = {(item.question_id, item.importance) for item in found.points}
    assert weak
    assert {name for name, _ in weak} == {two.id}
    assert Importance.BONUS not in {how for _, how in weak}


def test_nothing_answered_yet_gives_figures_all_the_same(opened: Callable[[], Session]) -> None:
    found = opened().stats.figures()
    assert (found.attempts, found.trend, found.points, found.forecast.outlook) == (0, None, (), ())
    record = as_record(found)
    assert json.loads(json.dumps(record)) == record
    assert set(record) == set(found.__dataclass_fields__)


def test_a_section_narrows_everything_down(opened: Callable[[], Session]) -> None:
    coach = opened()
    for question in coach.library.questions:
        answered(coach, question, 50)
    found = coach.stats.figures("no such section")
    assert (found.attempts, found.coverage, found.points, found.forecast.cards) == (0, (), (), 0)
