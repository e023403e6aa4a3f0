from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from coach.errors import BackendUnreachable, NotFound, UsageError
from coach.practice.mock import Ending, MockInterview, Stage
from coach.session import Session
from coach.session.mock import MockWish, story_of
from tests.session.made import Clock, scripted


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def coach(opened: Callable[[], Session], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Session:
    session = opened()
    session.practice.now = clock
    monkeypatch.setattr(Session, "grade", None)
    monkeypatch.setattr(session, "grade", scripted(30, 80, 60)(session), raising=False)
    return session


def held(coach: Session, clock: Clock) -> MockInterview:
    """Both questions answered and kept, not graded yet."""
    mock = coach.mock.start(MockWish(2, 10, seed=1)).begin(clock())
    for n in range(2):
        clock.wait(seconds=60)
        mock = coach.mock.keep(mock.submit(f"It is answer {n}.", 0.9, clock()))
    return mock


def test_answers_are_in_the_history_before_they_are_graded(coach: Session, clock: Clock) -> None:
    mock = held(coach, clock)
    assert mock.stage is Stage.GRADING
    rows = coach.practice.summaries()
    assert {row.mock for row in rows} == {mock.id}
    assert [(row.score, row.confidence, row.seconds, row.origin.value) for row in rows] == [(None, 0.9, 60, "mock")] * 2
    assert {item.attempt_id for item in mock.items} == {row.id for row in rows}


def test_from_the_first_question_to_the_report(coach: Session, clock: Clock) -> None:
    mock = coach.mock.graded(held(coach, clock))
    assert (mock.stage, mock.weakest) == (Stage.OFFER, 0)
    mock = coach.mock.keep(mock.redo(clock()))
    clock.wait(seconds=30)
    mock = coach.mock.graded(coach.mock.keep(mock.submit("It is better.", 0.5, clock())))
    assert mock.stage is Stage.FINISHED
    assert coach.mock.unfinished() is None
    report = coach.mock.report(coach.mock.past(mock.id))
    assert (report.score, report.answered) == (55, 2)
    assert report.second is not None
    assert (report.second.before, report.second.after) == (30, 60)
    assert 1 <= len(report.next) <= 3
    assert all(row.outline for row in report.questions)
    again = coach.practice.attempt(mock.again.attempt_id if mock.again and mock.again.attempt_id else "")
    assert again.circumstances.retry_of == mock.items[0].attempt_id
    assert again.reviews == ()


def test_a_kill_between_history_and_state_hands_nothing_in_twice(coach: Session, clock: Clock) -> None:
    mock = held(coach, clock)
    forgotten = replace(mock, items=tuple(replace(item, attempt_id=None) for item in mock.items))
    again = coach.mock.keep(forgotten)
    assert again.items == mock.items
    assert len(coach.practice.summaries()) == 2


def test_another_process_goes_on_where_this_one_was_killed(
    coach: Session, clock: Clock, opened: Callable[[], Session]
) -> None:
    mock = coach.mock.start(MockWish(2, 10, seed=1)).begin(clock())
    clock.wait(seconds=100)
    coach.mock.keep(mock.write("Half an", clock()))
    clock.wait(days=3)
    other = Session(
        coach.loaded, coach.paths, coach.open_embedder, coach.open_claims, coach.open_checks, coach.open_model
    )
    found = other.mock.unfinished()
    assert found is not None
    found = found.resume(clock())
    assert found.current is not None
    assert found.current.text == "Half an"
    assert found.left(clock()) == pytest.approx(500)


def test_a_new_one_puts_the_old_one_aside_with_its_answers(coach: Session, clock: Clock) -> None:
    first = coach.mock.start(MockWish(2, 10, seed=1)).begin(clock())
    coach.mock.keep(first.write("Half an answer", clock()))
    second = coach.mock.start(MockWish(1, 5))
    found = coach.mock.unfinished()
    assert found is not None
    assert found.id == second.id != first.id
    (row,) = coach.practice.summaries()
    assert coach.practice.attempt(row.id).answer == "Half an answer"


def test_what_cannot_be_graded_now_waits_and_the_interview_ends_all_the_same(
    coach: Session, clock: Clock, notices: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*anything: object) -> None:
        raise BackendUnreachable("The server does not answer.")

    monkeypatch.setattr(coach, "grade", refuse, raising=False)
    mock = coach.mock.graded(held(coach, clock))
    assert mock.stage is Stage.FINISHED
    report = coach.mock.report(mock)
    assert (report.score, report.answered) == (None, 0)
    assert [row.reason for row in report.questions] == ["It waits for its grade."] * 2
    assert "does not answer" in notices[-1]


def test_stopping_before_the_first_question_leaves_nothing_behind(coach: Session, clock: Clock) -> None:
    mock = coach.mock.keep(coach.mock.start(MockWish(2, 10)).stop(clock()))
    assert mock.stage is Stage.FINISHED
    assert [item.ending for item in mock.items] == [Ending.NOT_REACHED] * 2
    assert coach.mock.unfinished() is None
    assert coach.practice.summaries() == []
    assert coach.mock.report(mock).next == ()


def test_equal_seeds_choose_alike_and_wishes_that_fit_nothing_say_what_there_is(coach: Session) -> None:
    asked = [[item.question_id for item in coach.mock.start(MockWish(2, 10, seed=5)).items] for _ in range(2)]
    assert asked[0] == asked[1]
    with pytest.raises(UsageError, match="No question"):
        coach.mock.start(MockWish(sections=("nowhere",)))
    with pytest.raises(UsageError):
        coach.mock.start(MockWish(kinds=("behavioural",)))
    with pytest.raises(NotFound):
        coach.mock.start(MockWish(deck="nowhere"))
    with pytest.raises(NotFound):
        coach.mock.past("m1")


def test_a_state_of_another_version_is_told_and_left(coach: Session, notices: list[str], clock: Clock) -> None:
    coach.practice.history.set_state("mock", {"format": 99}, clock())
    assert coach.mock.unfinished() is None
    assert "can't be read" in notices[-1]
    assert coach.mock.start(MockWish(1, 5)).stage is Stage.READY


def test_a_told_story_has_its_parts() -> None:
    found = story_of(
        "At my last company the nightly load failed twice a week. I was asked to make it reliable. I rewrote the loader "
        "and I added checks. As a result failures fell from 8 a month to 1. I learned to measure first."
    )
    assert found.lacking == ()
    assert found.measured
    assert found.own == 1.0
    assert len(story_of("One should always measure things.").lacking) >= 4
