"""What the chosen row of a verdict has to say."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from coach.tui.verdict_rows import Row


class Details(VerticalScroll):
    """Label and text, a paragraph each."""

    can_focus = True

    def compose(self) -> ComposeResult:
        yield Static(id="detail-text")

    @property
    def _is_short(self) -> bool:
        """Whether there is no room for blank lines."""
        return self.size.height < 12

    def choose(self, row: Row) -> None:
        """Show ``row``."""
        self.border_title = f"{row.mark} {row.word}".strip() or row.title
        parts = [
            Content.assemble((f"{label}  ", "bold $accent"), text) if label else Content(text)
            for label, text in row.details
        ]
        self.query_one("#detail-text", Static).update(
            Content("\n" if row.name == "score" or self._is_short else "\n\n").join(parts)
        )
        self.scroll_home(animate=False)
