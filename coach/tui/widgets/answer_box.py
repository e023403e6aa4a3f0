"""The box that answers are written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from coach.tui.slash import is_command
from coach.tui.widgets.slash_list import SlashList

WORDS_A_MINUTE = 140
"""How fast people speak in an interview."""

COUNTING_PAUSE = 0.15
"""Seconds without a key after which words are counted: a long text is not counted at every key."""


class AnswerBox(TextArea):
    """Multi-line, soft-wrapped, takes a paste of any size as it is; a line that is a known /command runs it on Enter."""

    @dataclass
    class Command(Message):
        """A slash command was entered."""

        text: str

    @dataclass
    class Sent(Message):
        """Enter was pressed in a box that sends on it."""

        text: str

    class Counted(Message):
        """The text changed, and was counted: see ``words``."""

    def __init__(self, commands: tuple[str, ...] = (), sends: bool = False, **options: Any) -> None:
        super().__init__(soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False, theme="css", **options)
        self._commands = commands
        self._sends = sends
        self._count_later: Timer | None = None
        self.words = 0
        """Words at the last count."""

    def on_text_area_changed(self) -> None:
        if self._count_later is not None:
            self._count_later.stop()
        self._count_later = self.set_timer(COUNTING_PAUSE, self.count)

    def count(self) -> None:
        """Count the words now."""
        self.words = len(self.text.split())
        self.border_subtitle = f"{self.words} words · {spoken(self.words)} spoken" if self.words else "nothing yet"
        self.post_message(self.Counted())

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "tab" and (whole := self._completed()) is not None:
            event.stop()
            event.prevent_default()
            self.put(whole)
            return
        if event.key == "enter" and is_command(self.text, self._commands):
            event.stop()
            event.prevent_default()
            text = self.text.strip()
            self.clear()
            self.post_message(self.Command(text))
            return
        if self._sends and event.key in ("enter", "ctrl+j"):
            event.stop()
            event.prevent_default()
            if event.key == "ctrl+j":
                self.insert("\n")
            elif self.text.strip():
                text = self.text.strip()
                self.put("")
                self.post_message(self.Sent(text))
            return
        await super()._on_key(event)

    def _completed(self) -> str | None:
        """What Tab makes of a half-typed command; None for any other text."""
        offers = self.screen.query(SlashList)
        return offers.first().first if offers and self.text.startswith("/") else None

    def put(self, text: str) -> None:
        """Replace the whole text, as one step that can be undone; the cursor goes to the end."""
        self.replace(text, self.document.start, self.document.end)
        self.move_cursor(self.document.end)


def spoken(words: int) -> str:
    """How long ``words`` take to say: ``45 s``, ``2:05 min``."""
    seconds = round(words * 60 / WORDS_A_MINUTE)
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60}:{seconds % 60:02} min"
