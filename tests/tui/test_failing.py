"""A language model that fails in the middle of what it says: nothing is lost, and there is a way on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.widgets import Markdown

from coach.domain import Status
from coach.session import Session
from coach.tui.app import CoachApp
from coach.tui.screens.talk import TalkScreen
from coach.tui.widgets.answer_box import AnswerBox
from coach.tui.widgets.point_list import PointList
from tests.llm.server import ModelServer, breaks_off
from tests.tui.conftest import GOOD, Opener, journey, on, running, screen_text, wait_until
from tests.tui.steps import a_round, asked, handed_in, judged

Online = Callable[[ModelServer], Session]


@pytest.fixture
def online(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> Online:
    """A session with the model behind a server; a request that failed is not repeated."""

    def opened_at(server: ModelServer) -> Session:
        monkeypatch.setenv("COACH_LLM_BASE_URL", server.url)
        monkeypatch.setenv("COACH_LLM_MODEL", "m-1")
        monkeypatch.setenv("COACH_LLM_MAX_RETRIES", "0")
        return opened()

    return opened_at


@journey
async def test_a_grade_that_breaks_off_leaves_the_answer_a_reason_and_two_ways_on(online: Online) -> None:
    with ModelServer(otherwise=breaks_off('{"points": [')) as server:
        session = online(server)
        async with running(session) as (app, pilot):
            assert "m-1" in screen_text(app)
            await asked(app, pilot, a_round(session))
            await handed_in(app, pilot, GOOD)
            menu = await judged(app, pilot)
            (attempt,) = session.practice.attempts()
            assert attempt.answer == GOOD
            assert attempt.grade is None or attempt.grade.status is Status.UNGRADED
            shown = " ".join(screen_text(app).split())
            assert "Ungraded" in shown
            assert "your answer is saved" in shown
            reason = dict(menu.rows[0].details)["Why"]
            assert reason.endswith(".")
            assert "Traceback" not in reason
            assert "Error" not in reason

            before = len(server.chats)
            await pilot.press("g")
            await wait_until(pilot, lambda: len(server.chats) > before and not is_grading(app))
            assert [row.word for row in app.screen.query_one(PointList).rows] == ["ungraded"]

            await pilot.press("b")
            await wait_until(pilot, lambda: "graded by offline" in screen_text(app))
            (attempt,) = session.practice.attempts()
            assert attempt.answer == GOOD
            assert attempt.grade is not None
            assert attempt.grade.status is Status.GRADED


def is_grading(app: CoachApp) -> bool:
    """Whether the verdict is still on its way."""
    menu = app.screen.query_one(PointList)
    return menu.loading or not menu.rows


@journey
async def test_a_reply_that_breaks_off_keeps_what_was_said_and_gives_the_question_back(online: Online) -> None:
    with ModelServer(otherwise=breaks_off("The list holds the order, and")) as server:
        session = online(server)
        async with running(session) as (app, pilot):
            app.push_screen(TalkScreen(session.library.find("1")))
            await wait_until(pilot, lambda: on(app, "TalkScreen") and isinstance(app.focused, AnswerBox))
            await pilot.press(*"What is the list for?", "enter")
            await wait_until(pilot, lambda: "could not finish" in screen_text(app))
            said = [body.source for body in app.screen.query(Markdown)]
            assert any("The list holds the order" in text for text in said)
            assert said[-1].startswith("⚠ ")
            assert app.screen.query_one(AnswerBox).text == "What is the list for?"
            await pilot.press("escape")
            await wait_until(pilot, lambda: on(app, "HomeScreen"))
