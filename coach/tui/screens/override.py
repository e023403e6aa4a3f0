"""One's own opinion of a score."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class OverrideScreen(ModalScreen[tuple[int, str] | None]):
    """Gives the score and a note, or None."""

    BINDINGS = [Binding("escape", "dismiss", "Cancel")]

    def __init__(self, score: int | None) -> None:
        super().__init__()
        self._score = score

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("What is it worth, from 0 to 100?", classes="dialog-title", markup=False)
            yield Input("" if self._score is None else str(self._score), type="integer", max_length=3, id="own-score")
            yield Static("Why (you may leave this empty)", markup=False)
            yield Input(id="own-note")
            yield Static(
                "It stands beside the grade, never over it. Enter keeps it · Esc cancels",
                classes="dialog-foot",
                markup=False,
                id="own-foot",
            )

    def on_input_submitted(self) -> None:
        text = self.query_one("#own-score", Input).value.strip()
        if not text.isdecimal() or not 0 <= int(text) <= 100:
            self.query_one("#own-foot", Static).update("⚠ A whole number from 0 to 100, please.")
            self.query_one("#own-score", Input).focus()
            return
        self.dismiss((int(text), self.query_one("#own-note", Input).value.strip()))
