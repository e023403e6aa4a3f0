"""The commands that a half-typed line may become."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from coach.tui.slash import Slash, completions

MOST = 6
"""Rows at a time."""


class SlashList(Static):
    """Stands under an input while a line starts with a slash; Tab takes the first."""

    def __init__(self, commands: tuple[Slash, ...]) -> None:
        super().__init__()
        self._commands = commands
        self._found: list[Slash] = []
        self.display = False

    def follow(self, text: str) -> None:
        """Show what ``text`` may become."""
        found = completions(text, self._commands)
        if found == self._found:
            # Most keys change nothing here, and an update would lay the whole screen out again.
            return
        self._found = found
        self.display = bool(self._found)
        rows = []
        for at, command in enumerate(self._found[:MOST]):
            name = f"/{command.name} {command.takes}".strip()
            rows.append(Content.assemble(("› " if at == 0 else "  "), (f"{name:<22}", "bold"), command.help))
        if len(self._found) > MOST:
            rows.append(Content(f"  … and {len(self._found) - MOST} more"))
        self.update(Content("\n").join(rows))

    @property
    def first(self) -> str | None:
        """The text that Tab completes to; None where there is nothing to complete."""
        if not self._found:
            return None
        return f"/{self._found[0].name}" + (" " if self._found[0].takes else "")
