"""A few whole screens as text, with everything that moves held still. COACH_NEW_FRAMES=1 writes them anew.

They show what a state assertion does not: that the parts of a screen fit together.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coach.session import Session
from coach.tui.rounds import Round
from coach.tui.screens.keys import KeysScreen
from coach.tui.screens.verdict import VerdictScreen
from coach.tui.verdict_rows import changes, open_points, rows
from coach.tui.widgets.point_list import PointList
from tests.tui.conftest import journey, on, running, screen_text, wait_until
from tests.tui.frozen import ANSWER, ATTEMPT, GRADE, QUESTION

FRAMES = Path(__file__).resolve().parent / "frames"

NEW = os.environ.get("COACH_NEW_FRAMES") == "1"
"""Read before a test of its own world drops every COACH_ variable."""


def check(name: str, text: str) -> None:
    """``text`` is what the frame of that name shows."""
    path = FRAMES / f"{name}.txt"
    if NEW:
        path.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [(80, 24), (140, 30)])
@journey
async def test_a_verdict(session: Session, size: tuple[int, int]) -> None:
    async with running(session, size) as (app, pilot):
        app.push_screen(VerdictScreen(ATTEMPT, Round("Due", (QUESTION, QUESTION))))
        await wait_until(pilot, lambda: on(app, "VerdictScreen") and bool(app.screen.query_one(PointList).rows))
        await pilot.press("down", "down")
        await wait_until(pilot, lambda: "Not so" in screen_text(app))
        check(f"verdict-{size[0]}", screen_text(app))


@journey
async def test_the_first_screen_of_a_new_user(session: Session) -> None:
    async with running(session) as (app, pilot):
        await wait_until(pilot, lambda: "3 of 3" in screen_text(app))
        check("home", screen_text(app))
        app.push_screen(KeysScreen(app.screen))
        await wait_until(pilot, lambda: on(app, "KeysScreen"))
        check("keys", screen_text(app))


def test_the_rows_of_a_verdict() -> None:
    found = {row.name: row for row in rows(GRADE)}
    assert list(found) == ["summary", "p1", "p2", "p3", "p4", "score"]
    assert [found[name].mark for name in ("p1", "p2", "p3", "p4")] == ["✓", "⚠", "◐", "✗"]
    assert ("Not so", "A hash map finds it in constant time.") in found["p2"].details
    assert [span.of(ANSWER) for span in found["p2"].spans] == ["Finding one takes linear time."]
    assert ("Reference", "“a linked list holds the entries in order of use.”") in found["p1"].details
    assert [label for label, _ in found["score"].details] == ["+60.0", "-12.0"]


def test_what_is_still_open_and_what_changed() -> None:
    assert [verdict.point.id for verdict in open_points(GRADE)][:2] == ["p2", "p4"]
    assert changes(GRADE, GRADE) == ()
