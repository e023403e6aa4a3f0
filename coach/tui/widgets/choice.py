"""One of a few values, to step through."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from coach.tui import keymap


class Choice(Widget, can_focus=True):
    """``‹ offline ›``: arrows, space, Enter or a click go to the value after or before. All of it is one widget, since a
    menu that folds out needs six, and the screen opened late for them.
    """

    BINDINGS = keymap.bindings("choice.")

    value: reactive[str] = reactive("", init=False)
    """What is chosen."""

    class Changed(Message):
        """The user chose another value."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> Choice:
            """Whose value it is."""
            return self.choice

    def __init__(self, values: tuple[str, ...], value: str, id: str) -> None:
        super().__init__(id=id)
        self._values = values
        self.set_reactive(Choice.value, value)

    def render(self) -> Content:
        return Content.assemble(("‹ ", "$accent"), self.value, (" ›", "$accent"))

    def action_step(self, by: int) -> None:
        """Go ``by`` values on, around the end."""
        at = self._values.index(self.value) if self.value in self._values else -by
        self.value = self._values[(at + by) % len(self._values)]
        self.post_message(self.Changed(self))

    def on_click(self) -> None:
        self.action_step(1)
