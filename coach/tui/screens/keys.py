"""Every key of the screen in front, and the app's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from coach.tui.editor import can_edit
from coach.tui.keymap import KEYS, shown

if TYPE_CHECKING:
    from textual.screen import Screen

    from coach.tui.app import CoachApp


class KeysScreen(ModalScreen[None]):
    """The help: a key, a word and a line an action."""

    BINDINGS = [
        Binding("escape,f1,question_mark,q,enter", "dismiss", "Close", show=False),
    ]

    def __init__(self, of: Screen[Any]) -> None:
        super().__init__()
        self._of = of

    def compose(self) -> ComposeResult:
        own = cast("CoachApp", self.app).keys
        with VerticalScroll(classes="dialog wide"):
            for title, node in (("On this screen", self._of), ("Everywhere", self.app)):
                names = dict.fromkeys(
                    binding.id or ""
                    for _, binding in node._bindings
                    if binding.id in KEYS and (binding.action != "editor" or can_edit(self.app))
                )
                if not names:
                    continue
                yield Static(title, classes="dialog-title", markup=False)
                rows = []
                for name in names:
                    key = KEYS[name]
                    rows.append(
                        Content.assemble(
                            (f" {shown(name, own):<7}", "bold $accent"),
                            f"{key.label:<11} ",
                            (key.help or key.label, "$muted"),
                        )
                    )
                yield Static(Content("\n").join(rows), classes="dialog-rows")
            yield Static(
                'Other keys: [keys] in config.toml, practice.submit = "f2" for one. Esc closes.',
                classes="dialog-foot",
                markup=False,
            )
