"""Charts by time, section and point; calibration; the history, one attempt in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static, TabbedContent, TabPane
from textual.widgets.option_list import Option

from coach.domain.practice import Attempt, Summary
from coach.tui import keymap, progress_words
from coach.tui.messages import PracticeChanged
from coach.tui.rounds import Round
from coach.tui.widgets.key_bar import KeyBar
from coach.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from coach.practice.standing.figures import Figures
    from coach.session import Session
    from coach.tui.app import CoachApp

LISTED = 500
"""Attempts in the list."""

CHARTS = (("time", "Over time"), ("sections", "Sections"), ("points", "Points"), ("calibration", "Calibration"))
"""Id and title of the views that are text."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the screen shows."""

    figures: Figures
    attempts: tuple[Summary, ...]
    """Newest first."""
    texts: Mapping[str, str]
    """A question's text by its id."""


def past(session: Session) -> Past:
    """Read figures and list. Raises StoreError."""
    texts = {question.id: question.text for question in session.library.questions}
    return Past(session.stats.figures(), tuple(session.practice.summaries(limit=LISTED)), texts)


class ProgressScreen(Screen[None]):
    """Five views; 1 to 5 choose one."""

    BINDINGS = keymap.bindings("progress.", "screen.")
    AUTO_FOCUS = "Tabs"

    def __init__(self) -> None:
        super().__init__()
        self._past: Past | None = None

    def compose(self) -> ComposeResult:
        yield TopBar("Progress")
        with TabbedContent(id="views"):
            for name, title in CHARTS:
                with TabPane(title, id=name), VerticalScroll():
                    yield Static("Working out the figures …", id=f"{name}-text")
            with TabPane("History", id="history"):
                yield OptionList(id="attempts")
        yield KeyBar()

    def on_mount(self) -> None:
        self._load()

    @property
    def _app(self) -> CoachApp:
        return cast("CoachApp", self.app)

    def on_practice_changed(self, message: PracticeChanged) -> None:
        self._load()

    def _load(self) -> None:
        self._app.background.read(self, past, self._came, latest="past")

    def _came(self, found: Past) -> None:
        self._past = found
        self._draw()
        menu = self.query_one("#attempts", OptionList)
        at = menu.highlighted
        menu.clear_options()
        menu.add_options(
            [
                Option(
                    progress_words.attempt_line(row, found.texts.get(row.question_id, "a question that has gone")),
                    id=row.id,
                )
                for row in found.attempts
            ]
        )
        if found.attempts:
            menu.highlighted = min(at or 0, len(found.attempts) - 1)
        self.refresh_bindings()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._past is None:
            return
        found, width = self._past.figures, self.size.width - 6
        for name, content in (
            ("time", progress_words.over_time(found, width)),
            ("sections", progress_words.sections(found, width)),
            ("points", progress_words.points(found)),
            ("calibration", progress_words.calibration(found, width)),
        ):
            self._put(name, content)

    def _put(self, name: str, content: Content) -> None:
        self.query_one(f"#{name}-text", Static).update(content)

    # --- keys -------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is done to an attempt needs one."""
        if action == "regrade":
            return self.query_one("#views", TabbedContent).active == "history" and self._chosen is not None
        return True

    def action_view(self, at: int) -> None:
        """Show one of the views."""
        names = [name for name, _ in CHARTS] + ["history"]
        self.query_one("#views", TabbedContent).active = names[at - 1]

    def on_tabbed_content_tab_activated(self) -> None:
        if self.query_one("#views", TabbedContent).active == "history":
            self.query_one("#attempts").focus()
        self.refresh_bindings()

    @property
    def _chosen(self) -> Summary | None:
        menu = self.query_one("#attempts", OptionList)
        if self._past is None or menu.highlighted is None or menu.highlighted >= len(self._past.attempts):
            return None
        return self._past.attempts[menu.highlighted]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        name = str(event.option_id)
        self._app.background.read(self, lambda session: session.practice.attempt(name), self._open)

    def _open(self, attempt: Attempt) -> None:
        from coach.tui.screens.verdict import VerdictScreen

        self.app.push_screen(VerdictScreen(attempt, Round("History", (attempt.question,))))

    def action_regrade(self) -> None:
        """Grade the chosen attempt once more, as the settings say now."""
        row = self._chosen
        if row is None:
            return
        name = row.id

        def work(session: Session) -> Attempt:
            return session.practice.graded(session.practice.attempt(name))

        def done(attempt: Attempt) -> None:
            grade = attempt.grade
            after = "no grade" if grade is None or grade.score is None else str(grade.score)
            before = "none" if row.score is None else str(row.score)
            self.app.notify(f"Before {before}, now {after}. Both are kept.", markup=False)
            self._app.practice_changed()

        self._app.background.read(self, work, done, models=True)

    def action_export(self) -> None:
        """Write the history to a file."""
        from coach.tui.screens.export import ExportScreen

        self.app.push_screen(ExportScreen(), self._export)

    def _export(self, wanted: tuple[str, str] | None) -> None:
        if wanted is None:
            return
        form, path = wanted[0], Path(wanted[1]).expanduser().absolute()

        def work(session: Session) -> None:
            session.exports.write(form, path)

        self._app.background.write(self, work, lambda _: self.app.notify(f"Written: {path}", markup=False))

    def action_back(self) -> None:
        """To where one came from."""
        self.app.pop_screen()
