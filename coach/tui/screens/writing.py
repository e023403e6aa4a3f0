"""A text to change in the app itself, where there is no editor to hand it to."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea


class WritingScreen(ModalScreen[str | None]):
    """Gives the changed text, or None."""

    BINDINGS = [
        Binding("ctrl+s", "keep", "Keep", priority=True),
        Binding("escape", "dismiss", "Cancel", priority=True),
    ]
    AUTO_FOCUS = "TextArea"

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield TextArea(self._text, soft_wrap=True, theme="css", highlight_cursor_line=False)
            yield Static("^s keeps it · Esc cancels", classes="dialog-foot", markup=False)

    def action_keep(self) -> None:
        """Hand the text back."""
        self.dismiss(self.query_one(TextArea).text)
