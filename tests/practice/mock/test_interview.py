"""The interview as a machine: by hand where a rule is the point, and by random events for what always holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from coach.domain import Kind
from coach.practice.mock import Ending, MockInterview, Stage, planned
from coach.practice.mock.state import as_json, from_json
from tests.practice.made import NOON, question


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def begun(count: int = 3, minutes: float = 3) -> MockInterview:
    return planned("m1", [question(n) for n in range(1, count + 1)], minutes).begin(at(0))


def test_time_is_shared_by_weight_and_what_is_left_over_goes_on() -> None:
    mock = planned("m", [question(1), question(2, Kind.DESIGN), question(3)], 7).begin(at(0))
    assert mock.items[0].allowed == pytest.approx(120)
    mock = mock.submit("done", 0.5, at(20))
    assert mock.at == 1
    assert mock.items[1].allowed == pytest.approx(400 * 1.5 / 2.5)
    mock = mock.submit("done", None, at(120))
    assert mock.items[2].allowed == pytest.approx(300)
    assert mock.left(at(120)) == pytest.approx(300)
    mock = mock.submit("done", None, at(130))
    assert mock.stage is Stage.GRADING
    assert [item.seconds for item in mock.items] == [20, 100, 10]
    assert mock.items[0].confidence == 0.5


def test_time_up_hands_in_the_draft_and_asks_the_next() -> None:
    mock = begun().write("half an ans", at(50)).tick(at(60))
    assert (mock.at, mock.items[0].ending, mock.items[0].text) == (1, Ending.TIME_UP, "half an ans")
    assert mock.items[0].seconds == 60
    assert mock.left_here(at(60)) == pytest.approx(60)


def test_what_comes_after_the_end_does_not_count() -> None:
    mock = begun().write("in time", at(59)).submit("in time and more", 0.9, at(61))
    assert mock.items[0].text == "in time"
    assert (mock.items[0].ending, mock.items[0].confidence) == (Ending.TIME_UP, None)
    assert mock.at == 1
    assert mock.items[1].text == ""


def test_a_pause_stops_every_clock() -> None:
    mock = begun().write("a", at(10)).pause(at(20))
    assert mock.stage is Stage.PAUSED
    assert mock.left(at(9999)) == pytest.approx(160)
    assert mock.tick(at(9999)) == mock
    mock = mock.resume(at(10_000))
    assert mock.left_here(at(10_010)) == pytest.approx(30)
    assert mock.items[0].text == "a"


def test_killed_it_goes_on_where_it_was_last_seen() -> None:
    mock = begun().write("some", at(30))
    again = from_json(as_json(mock)).resume(at(86_400))
    assert again.items[0].text == "some"
    assert again.left_here(at(86_400)) == pytest.approx(30)
    assert again.left(at(86_400)) == pytest.approx(150)


def test_a_clock_that_was_set_back_gives_no_time_and_takes_none() -> None:
    mock = begun()
    assert mock.left(at(-3600)) == pytest.approx(180)
    assert mock.tick(at(-3600)).stage is Stage.ASKING


def test_stopping_keeps_the_draft_and_reaches_no_further() -> None:
    mock = begun().submit("one", None, at(10)).write("two and", at(20)).stop(at(25))
    assert mock.stage is Stage.GRADING
    assert [item.ending for item in mock.items] == [Ending.SUBMITTED, Ending.STOPPED, Ending.NOT_REACHED]
    assert mock.items[1].text == "two and"
    assert mock.pending == (0, 1)


def test_skipped_and_blank_answers_are_not_graded() -> None:
    mock = begun().write("never mind", at(5)).skip(at(10)).submit("  \n", None, at(20)).submit("real", None, at(30))
    assert [item.answered for item in mock.items] == [False, False, True]
    assert mock.pending == (2,)


def test_the_weakest_may_be_given_once_more_in_its_own_time() -> None:
    mock = begun()
    for n in range(3):
        mock = mock.submit(f"answer {n}", None, at(10 * n + 10)).saved(n, f"a{n}")
    mock = mock.graded({"a0": 70, "a1": 30, "a2": 90})
    assert (mock.stage, mock.weakest) == (Stage.OFFER, 1)
    mock = mock.redo(at(100))
    assert mock.current is not None
    assert (mock.current.question_id, mock.current.allowed) == ("q2", pytest.approx(60))
    left = mock.left(at(100))
    mock = mock.write("better", at(120))
    assert mock.left(at(120)) == left
    mock = mock.tick(at(161))
    assert mock.stage is Stage.GRADING
    assert mock.again is not None
    assert (mock.again.text, mock.again.ending) == ("better", Ending.TIME_UP)
    assert mock.second_pending
    assert mock.second_saved("b").graded({}).stage is Stage.FINISHED


def test_there_is_no_second_try_without_a_grade_or_with_nothing_to_gain() -> None:
    mock = begun(1).submit("answer", None, at(1)).saved(0, "a")
    assert mock.graded({}).stage is Stage.FINISHED
    assert mock.graded({"a": 100}).stage is Stage.FINISHED
    assert mock.graded({"a": 99}).decline().stage is Stage.FINISHED
    assert begun(1).skip(at(1)).graded({}).stage is Stage.FINISHED


@pytest.mark.parametrize(("count", "minutes"), [(0, 10), (2, 0), (2, -1), (2, float("nan"))])
def test_nothing_to_ask_or_no_time_is_no_interview(count: int, minutes: float) -> None:
    with pytest.raises(ValueError, match="needs"):
        planned("m", [question(n) for n in range(count)], minutes)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": 99}', '{"format": 1, "items": []}', "[" * 5000])
def test_what_is_no_saved_interview_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        from_json(text)


class Events(RuleBasedStateMachine):
    """Any events in any order, with the clock running on and with kills in between."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        kinds = list(Kind)
        self.mock = planned("m1", [question(n, kinds[n % 5]) for n in range(4)], 2).begin(self.now)
        self.given: dict[str, str] = {}
        self.clock = 0.0

    @rule(seconds=st.floats(0, 50))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.mock = self.mock.tick(self.now)

    @rule(text=st.text(max_size=5))
    def write(self, text: str) -> None:
        self.mock = self.mock.write(text, self.now)

    @rule(text=st.text(max_size=5), sure=st.one_of(st.none(), st.floats(0, 1)))
    def submit(self, text: str, sure: float | None) -> None:
        self.mock = self.mock.submit(text, sure, self.now)

    @rule()
    def skip(self) -> None:
        self.mock = self.mock.skip(self.now)

    @rule()
    def pause(self) -> None:
        self.mock = self.mock.pause(self.now)

    @rule()
    def resume(self) -> None:
        self.mock = self.mock.resume(self.now)

    @rule(seconds=st.floats(0, 1e6))
    def killed(self, seconds: float) -> None:
        before = self.mock
        self.now += timedelta(seconds=seconds)
        self.mock = from_json(as_json(before)).resume(self.now)
        assert [item.text for item in self.mock.items] == [item.text for item in before.items]
        if before.seen is not None and before.current is not None:
            assert self.mock.left(self.now) >= before.left(before.seen) - 1e-3

    @rule()
    def save(self) -> None:
        for index in self.mock.pending:
            self.mock = self.mock.saved(index, f"a{index}")
        if self.mock.second_pending:
            self.mock = self.mock.second_saved("again")

    @precondition(lambda self: self.mock.stage is Stage.GRADING)
    @rule(score=st.integers(0, 100))
    def grade(self, score: int) -> None:
        self.mock = self.mock.graded({f"a{n}": (score * (n + 1)) % 101 for n in range(4)})

    @precondition(lambda self: self.mock.stage is Stage.OFFER)
    @rule(yes=st.booleans())
    def redo(self, yes: bool) -> None:
        self.mock = self.mock.redo(self.now) if yes else self.mock.decline()

    @precondition(lambda self: self.mock.at > 2)
    @rule()
    def stop(self) -> None:
        self.mock = self.mock.stop(self.now)

    @invariant()
    def time_is_never_more_than_there_was(self) -> None:
        used = sum(item.seconds for item in self.mock.items)
        assert used <= self.mock.total + 1e-6
        assert 0 <= self.mock.left(self.now) <= self.mock.total
        for item in (*self.mock.items, *((self.mock.again,) if self.mock.again else ())):
            assert item.seconds <= item.allowed + 1e-6
            assert item.seconds >= 0

    @invariant()
    def what_was_handed_in_stays_as_it_was(self) -> None:
        for item in self.mock.items:
            if item.ending is not Ending.WAITING:
                assert self.given.setdefault(item.question_id, item.text) == item.text

    @invariant()
    def it_is_where_it_says(self) -> None:
        mock = self.mock
        asked = [item.ending for item in mock.items[: mock.at]]
        assert Ending.WAITING not in asked
        assert all(item.ending in (Ending.WAITING, Ending.NOT_REACHED) for item in mock.items[mock.at + 1 :])
        assert (mock.current is None) == mock.over
        if mock.over:
            assert all(item.ending is not Ending.WAITING for item in mock.items)

    @invariant()
    def it_survives_being_kept(self) -> None:
        assert from_json(as_json(self.mock)) == self.mock


TestEvents = Events.TestCase
TestEvents.settings = settings(max_examples=50, stateful_step_count=25)
