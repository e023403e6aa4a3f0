"""What a mock interview showed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Markdown

from coach.practice.mock import MockInterview
from coach.tui import keymap
from coach.tui.mock_words import report
from coach.tui.widgets.key_bar import KeyBar
from coach.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from coach.errors import CoachError
    from coach.practice.mock.report import Report
    from coach.tui.app import CoachApp


class ReportScreen(Screen[None]):
    """The report, to scroll through."""

    BINDINGS = keymap.bindings("screen.")
    AUTO_FOCUS = "#report"

    def __init__(self, interview: MockInterview) -> None:
        super().__init__()
        self._interview = interview

    def compose(self) -> ComposeResult:
        yield TopBar("Interview report")
        with VerticalScroll(id="report"):
            yield Markdown("Working out the report …", open_links=False)
        yield KeyBar()

    def on_mount(self) -> None:
        interview = self._interview
        cast("CoachApp", self.app).background.read(
            self, lambda session: session.mock.report(interview), self._came, self._failed
        )

    async def _came(self, found: Report) -> None:
        await self.query_one(Markdown).update(report(found))

    async def _failed(self, problem: CoachError) -> None:
        await self.query_one(Markdown).update(f"⚠ {problem.message} {problem.hint}\n\nYour answers are in the history.")

    def action_back(self) -> None:
        """To where one came from."""
        self.app.pop_screen()
