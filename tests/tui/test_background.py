"""The bridge between the screens and the session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from textual.message import Message

from coach.errors import CoachError, StoreLocked
from coach.session import Session
from coach.tui.background import Background
from coach.tui.messages import Failed, Warmed

WAIT = 20


class Owner:
    """Takes what a screen would take, in the thread that brings it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.warm = threading.Event()

    def call_later(self, callback: Callable[..., Any], *arguments: Any) -> bool:
        callback(*arguments)
        return True

    def post_message(self, message: Message) -> bool:
        self.messages.append(message)
        if isinstance(message, Warmed):
            self.warm.set()
        return True


class Closed(Owner):
    """Its event loop has gone."""

    def call_later(self, callback: Callable[..., Any], *arguments: Any) -> bool:
        raise RuntimeError("Event loop is closed")


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def background(session: Session, owner: Owner) -> Background:
    found = Background(session)
    found.start(owner)
    assert owner.warm.wait(WAIT)
    return found


def test_writes_happen_in_the_order_in_which_they_were_asked_for(background: Background, owner: Owner) -> None:
    done: list[int] = []
    last = threading.Event()
    for number in range(50):
        background.write(owner, lambda session, number=number: done.append(number))  # type: ignore[misc]
    background.write(owner, lambda session: last.set())
    assert last.wait(WAIT)
    assert done == list(range(50))


def test_only_the_latest_of_several_reads_is_delivered(background: Background, owner: Owner) -> None:
    slow, answered = threading.Event(), threading.Event()
    got: list[str] = []

    def first(session: Session) -> str:
        slow.wait(WAIT)
        return "first"

    def second(text: str) -> None:
        got.append(text)
        answered.set()

    background.read(owner, first, got.append, latest="search")
    background.read(owner, lambda session: "second", second, latest="search")
    assert answered.wait(WAIT)
    slow.set()
    until(lambda: not background.is_busy)
    assert got == ["second"]


def test_a_failure_goes_to_whoever_asked_else_to_the_app(background: Background, owner: Owner) -> None:
    came = threading.Event()
    problems: list[CoachError] = []

    def locked(session: Session) -> None:
        raise StoreLocked("Another coach writes.", "Wait.")

    def failed(problem: CoachError) -> None:
        problems.append(problem)
        came.set()

    background.read(owner, locked, lambda _: None, failed)
    assert came.wait(WAIT)
    assert problems[0].hint == "Wait."
    background.write(owner, locked)
    until(lambda: any(isinstance(message, Failed) for message in owner.messages))


def test_a_fault_of_ours_becomes_an_error_that_can_be_shown(background: Background, owner: Owner) -> None:
    came = threading.Event()
    problems: list[CoachError] = []

    def failed(problem: CoachError) -> None:
        problems.append(problem)
        came.set()

    background.read(owner, lambda session: 1 / 0, lambda _: None, failed)
    assert came.wait(WAIT)
    assert "ZeroDivisionError" in problems[0].message
    assert isinstance(problems[0].__cause__, ZeroDivisionError)


def test_leaving_waits_for_writes_and_for_nothing_else(background: Background, owner: Owner) -> None:
    never, written = threading.Event(), threading.Event()
    got: list[object] = []
    background.read(owner, lambda session: never.wait(WAIT), got.append)
    background.write(owner, lambda session: written.set())
    background.leave()
    assert written.is_set()
    assert background.is_busy
    never.set()
    until(lambda: not background.is_busy)
    assert got == []


def test_a_stream_comes_in_pieces_and_can_be_stopped(background: Background, owner: Owner) -> None:
    whole: list[str] = []
    pieces: list[str] = []
    ended = threading.Event()

    def done(text: str) -> None:
        whole.append(text)
        ended.set()

    background.stream(owner, lambda session: iter(["a", "b", "c"]), pieces.append, done, lambda _: None)
    assert ended.wait(WAIT)
    assert (pieces, whole) == (["a", "b", "c"], ["abc"])

    first, go_on = threading.Event(), threading.Event()

    def endless(session: Session) -> Iterator[str]:
        while True:
            yield "x"
            first.set()
            go_on.wait(WAIT)

    stop = background.stream(owner, endless, lambda _: None, done, lambda _: None)
    assert first.wait(WAIT)
    stop()
    go_on.set()
    until(lambda: not background.is_busy)
    assert whole == ["abc"]


def test_results_for_an_app_that_has_gone_are_dropped(background: Background) -> None:
    came = threading.Event()

    def work(session: Session) -> None:
        came.set()

    background.read(Closed(), work, lambda _: None)
    assert came.wait(WAIT)
    until(lambda: not background.is_busy)


def test_a_library_that_cannot_be_opened_is_told_and_everything_goes_on(
    session: Session, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: Any) -> None:
        raise StoreLocked("Held.", "Wait.")

    monkeypatch.setattr("coach.session.documents.synchronised", broken)
    background = Background(session)
    background.start(owner)
    assert owner.warm.wait(WAIT)
    told = [message.problem.message for message in owner.messages if isinstance(message, Failed)]
    assert told[0] == "Held."
    until(lambda: not background.is_busy)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    pause = threading.Event()
    for _ in range(WAIT * 100):
        if holds():
            return
        pause.wait(0.01)
    raise AssertionError("it never came")
