"""A mock interview: time that runs out, leaving and going on, the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from textual import events
from textual.widgets import Markdown

from coach.domain import Kind, Question
from coach.practice.mock import Ending, MockInterview, Stage
from coach.session import Session
from coach.session.practice import Practice
from coach.tui.screens import make
from coach.tui.screens.about import About
from coach.tui.widgets.answer_box import AnswerBox
from coach.tui.widgets.choices import Choices
from tests.tui.conftest import GOOD, Opener, journey, on, running, screen_text, wait_until

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time

    def forward(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def clocked(session: Session, clock: Clock) -> Session:
    """The session with its practice over ``clock``."""
    session.__dict__["practice"] = Practice(session, clock)
    return session


def kept(session: Session) -> MockInterview:
    """The interview as it is on the disk."""
    found = session.mock.unfinished()
    assert found is not None
    return found


@journey
async def test_time_up_takes_what_stands_there_and_leaving_stops_the_clock(opened: Opener) -> None:
    clock = Clock()
    session = clocked(opened(), clock)
    async with running(session) as (app, pilot):
        app.push_screen(make("mock"))
        await wait_until(pilot, lambda: on(app, "MockScreen") and app.screen.query_one(Choices).option_count == 5)
        await pilot.press("up", "up", "enter")
        await wait_until(pilot, lambda: "Question 1 of 3" in screen_text(app) and isinstance(app.focused, AnswerBox))
        await pilot.press(*"half a word")
        await wait_until(pilot, lambda: kept(session).items[0].text == "half a word")

        clock.forward(16 * 60)
        await wait_until(pilot, lambda: kept(session).stage is Stage.ASKING and kept(session).at == 1)
        first = kept(session).items[0]
        assert (first.ending, first.text) == (Ending.TIME_UP, "half a word")
        await wait_until(pilot, lambda: "Question 2 of 3" in screen_text(app))
        assert "100" not in screen_text(app)

        app.post_message(events.Paste(GOOD))
        await wait_until(pilot, lambda: app.screen.query_one(AnswerBox).text == GOOD)
        await pilot.press("escape")
        await wait_until(pilot, lambda: on(app, "HomeScreen") and kept(session).stage is Stage.PAUSED)

    # A night later, another process.
    left = kept(session).left(clock())
    clock.forward(12 * 3600)
    again = clocked(opened(), clock)
    async with running(again) as (app, pilot):
        app.push_screen(make("mock"))
        await wait_until(pilot, lambda: on(app, "MockScreen") and "interrupted" in screen_text(app))
        await wait_until(pilot, lambda: app.screen.query_one(Choices).option_count == 2)
        await pilot.press("enter")
        await wait_until(
            pilot, lambda: isinstance(app.focused, AnswerBox) and app.screen.query_one(AnswerBox).text == GOOD
        )
        assert kept(again).left(clock()) == left
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: on(app, "Confidence"))
        await pilot.press("3")
        await wait_until(pilot, lambda: kept(again).at == 2)
        assert kept(again).items[1].confidence == 0.6

        await pilot.press("f9")
        await wait_until(pilot, lambda: "Answer it once more" in screen_text(app))
        rows = again.practice.summaries()
        assert {row.mock for row in rows} == {kept(again).id}
        assert len(rows) == 2
        assert all(row.score is not None for row in rows)
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: on(app, "ReportScreen"))
        await wait_until(pilot, lambda: "Your interview:" in app.screen.query_one(Markdown).source)
        report = app.screen.query_one(Markdown).source
        assert "time ran out" in report
        assert "not reached" not in report or "ended here" in report
        assert again.mock.unfinished() is None


@journey
async def test_an_interview_about_what_one_ticks(session: Session) -> None:
    async with running(session) as (app, pilot):
        app.push_screen(make("mock"))
        await wait_until(pilot, lambda: on(app, "MockScreen") and app.screen.query_one(Choices).option_count == 5)
        await pilot.press("end", "enter")
        await wait_until(pilot, lambda: on(app, "AboutScreen") and "3 questions fit" in screen_text(app))
        await pilot.press("end", "space")
        await wait_until(pilot, lambda: "2 questions fit" in screen_text(app))
        assert [line for line in screen_text(app).split("\n") if "[x]" in line and "Skew" in line]
        await pilot.press("enter")
        await wait_until(pilot, lambda: on(app, "MockScreen") and "About: Skew" in screen_text(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: "Question 1 of 2" in screen_text(app))
        skewed = {session.library.find("2").id, session.library.find("3").id}
        assert {item.question_id for item in kept(session).items} == skewed


def test_what_an_interview_is_about() -> None:
    one = Question("q", 1, "d", 1, Kind.DESIGN, "How?", "So.", "Skew", "1")
    assert About().fits(one)
    assert About(("design",), ("Skew",)).fits(one)
    assert not About(("coding",), ("Skew",)).fits(one)
    assert not About(sections=("Eviction",)).fits(one)
    assert not About().fits(replace(one, reference=""))
    assert About(("design", "coding"), ("Skew",)).words == "design, coding · Skew"
