"""Charts, calibration, the history and what can be done with it."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input, Static, TabbedContent

from coach.domain.practice import Circumstances, Origin
from coach.session import Session
from coach.tui.charts import bar, columns, scatter
from coach.tui.screens import make
from tests.tui.conftest import GOOD, HALF, journey, on, running, screen_text, wait_until


@journey
async def test_an_empty_history_says_how_it_begins(session: Session) -> None:
    async with running(session) as (app, pilot):
        app.push_screen(make("progress"))
        await wait_until(pilot, lambda: on(app, "ProgressScreen") and "Nothing graded yet" in screen_text(app))


@journey
async def test_charts_history_regrade_and_export(session: Session, tmp_path: Path) -> None:
    question = session.library.find("1")
    for answer, guess in ((HALF, 0.8), (GOOD, 0.6)):
        session.practice.answered(question, answer, Circumstances(Origin.APP, 30.0, confidence=guess))
    async with running(session, (100, 40)) as (app, pilot):
        app.push_screen(make("progress"))
        await wait_until(pilot, lambda: on(app, "ProgressScreen") and "Week by week" in screen_text(app))
        await pilot.press("2")
        await wait_until(pilot, lambda: "By section" in screen_text(app))
        assert "Eviction" in screen_text(app)
        await pilot.press("4")
        await wait_until(pilot, lambda: "Brier" in screen_text(app))
        await pilot.press("5")
        await wait_until(pilot, lambda: app.focused is not None and app.focused.id == "attempts")
        assert app.screen.query_one("#views", TabbedContent).active == "history"

        await pilot.press("down", "g")
        await wait_until(pilot, lambda: len(session.practice.attempts()[1].grades) == 2)
        await pilot.press("x")
        await wait_until(pilot, lambda: on(app, "ExportScreen"))
        app.screen.query_one("#file", Input).value = str(tmp_path / "report.md")
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.focused is app.screen.query_one("#file"))
        await pilot.press("enter")
        await wait_until(pilot, lambda: (tmp_path / "report.md").exists())
        assert "least recently used" in (tmp_path / "report.md").read_text(encoding="utf-8")

        await wait_until(pilot, lambda: on(app, "ProgressScreen"))
        app.screen.query_one("#attempts").focus()
        await pilot.press("enter")
        await wait_until(pilot, lambda: on(app, "VerdictScreen") and "graded by offline" in screen_text(app))


@journey
async def test_the_stand_on_the_first_screen(session: Session) -> None:
    session.practice.answered(session.library.find("1"), HALF, Circumstances(Origin.APP))
    async with running(session) as (app, pilot):
        await wait_until(pilot, lambda: "Where you stand" in screen_text(app))
        text = str(app.screen.query_one("#stand-text", Static).content)
        assert "Streak  1 day" in text
        assert "Recent" in text
        assert "Weakest points" in text


def test_charts_of_letters() -> None:
    lines = columns([0, 50, 100], 2)
    assert lines[0].endswith("   ██")
    assert lines[1].endswith("██ ██")
    assert all(len(line) == len(lines[0]) for line in lines)
    assert (bar(0, 4), bar(50, 4), bar(None, 4), bar(100, 4)) == ("░░░░", "██░░", "░░░░", "████")
    drawn = scatter([(0, 100), (100, 0)], 10, 4)
    assert drawn[0].startswith("100┤●")
    assert drawn[3].endswith("●")
