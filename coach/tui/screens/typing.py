"""A screen that opens with a box to type into, and loses no key that was typed before the box was there."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.screen import Screen
from textual.widgets import Input, TextArea


class TypingScreen(Screen[None]):
    """Keys that come while nothing has the focus go into the box in their order; then the box takes over."""

    AUTO_FOCUS = ""
    TYPES_INTO: ClassVar[str]
    """The box, as a selector."""

    def on_mount(self) -> None:
        self.call_later(self._hand_over)

    @property
    def _box(self) -> Input | TextArea:
        found = self.query_one(self.TYPES_INTO)
        assert isinstance(found, Input | TextArea)
        return found

    def on_key(self, event: events.Key) -> None:
        if self.focused is not None:
            return
        if event.key == "enter":
            event.stop()
            self.entered_early()
        elif event.is_printable:
            event.stop()
            self._type(event.character or "")

    def on_paste(self, event: events.Paste) -> None:
        if self.focused is None:
            event.stop()
            self._type(event.text)

    def _type(self, text: str) -> None:
        box = self._box
        if isinstance(box, Input):
            box.insert_text_at_cursor(text)
        else:
            box.insert(text)

    def entered_early(self) -> None:
        """Enter was pressed before the box had the focus."""
        self._type("\n")

    def _hand_over(self) -> None:
        """Focus the box once no earlier key waits here: later ones go straight to it, and must not overtake."""
        if self.message_queue_size:
            self.call_later(self._hand_over)
        elif self.focused is None:
            self.set_focus(self._box)
