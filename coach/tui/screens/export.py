"""In which form the history leaves coach, and where to."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from coach.tui.widgets.choices import Choices

FORMS = (
    ("md", "Markdown report"),
    ("html", "web page, with charts"),
    ("csv", "table of all attempts"),
    ("json", "everything, to bring back in elsewhere"),
    ("anki", "notes for Anki"),
)
"""As ``Exports`` names them, and what they are."""

SUFFIX = {"anki": "txt"}


class ExportScreen(ModalScreen[tuple[str, str] | None]):
    """Gives form and path, or None."""

    BINDINGS = [Binding("escape", "dismiss", "Cancel")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Export as", classes="dialog-title", markup=False)
            yield Choices()
            yield Static("Into the file", markup=False)
            yield Input("coach-export.md", id="file")
            yield Static("Enter in the file's line writes it · Esc cancels", classes="dialog-foot", markup=False)

    def on_mount(self) -> None:
        self.query_one(Choices).offer((form, f"{form:<5} {what}") for form, what in FORMS)
        self.query_one(Choices).focus()

    def on_option_list_option_highlighted(self, event: Choices.OptionHighlighted) -> None:
        form = str(event.option_id)
        line = self.query_one("#file", Input)
        stem = line.value.rpartition(".")[0] or "coach-export"
        line.value = f"{stem}.{SUFFIX.get(form, form)}"

    def on_option_list_option_selected(self) -> None:
        self.query_one("#file").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        path = event.value.strip()
        at = self.query_one(Choices).highlighted or 0
        if path:
            self.dismiss((FORMS[at][0], path))
