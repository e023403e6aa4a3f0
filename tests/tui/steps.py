"""Steps that several journeys share."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.pilot import Pilot

from coach.session import Session
from coach.tui.app import CoachApp
from coach.tui.rounds import Round
from coach.tui.screens.practice import PracticeScreen
from coach.tui.widgets.answer_box import AnswerBox
from coach.tui.widgets.point_list import PointList
from tests.tui.conftest import on, wait_until


def a_round(session: Session) -> Round:
    """The first two questions."""
    return Round("One", (session.library.find("1"), session.library.find("2")))


async def asked(app: CoachApp, pilot: Pilot[Any], round_: Round) -> AnswerBox:
    """The first question of a round is asked, and the box has the focus."""
    app.push_screen(PracticeScreen(round_.title, round_))
    await wait_until(pilot, lambda: on(app, "PracticeScreen") and isinstance(app.focused, AnswerBox))
    return app.screen.query_one(AnswerBox)


async def handed_in(app: CoachApp, pilot: Pilot[Any], text: str, guess: str = "0") -> None:
    """``text`` is pasted over whatever is in the box and handed in, with a guess by its key."""
    box = app.screen.query_one(AnswerBox)
    box.put("")
    app.post_message(events.Paste(text))
    await wait_until(pilot, lambda: box.text == text)
    await pilot.press("ctrl+s")
    await wait_until(pilot, lambda: on(app, "Confidence"))
    await pilot.press(guess)
    await wait_until(pilot, lambda: on(app, "VerdictScreen"))


async def judged(app: CoachApp, pilot: Pilot[Any]) -> PointList:
    """The verdict is there."""
    await wait_until(pilot, lambda: on(app, "VerdictScreen") and bool(app.screen.query_one(PointList).rows))
    return app.screen.query_one(PointList)
