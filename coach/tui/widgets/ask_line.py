"""The line under a verdict: ask the coach, or give a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual.widgets import Input

from coach.tui.widgets.slash_list import SlashList

if TYPE_CHECKING:
    from coach.tui.slash import Slash


class AskLine(Input):
    """One line; Tab completes a command."""

    def __init__(self, commands: tuple[Slash, ...], **options: Any) -> None:
        super().__init__(
            placeholder="a, or just type: ask the coach about this · / for commands",
            compact=True,
            select_on_focus=False,
            **options,
        )
        self._commands = commands

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "tab" and self.value.startswith("/"):
            whole = self.screen.query_one(SlashList).first
            if whole is not None:
                event.stop()
                event.prevent_default()
                self.value = whole
                self.cursor_position = len(whole)
                return
        await super()._on_key(event)
