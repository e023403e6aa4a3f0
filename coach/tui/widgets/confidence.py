"""The question before the grade: how good do you think it was?"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

LEVELS = (
    (0.2, "weak", "a hint of it"),
    (0.4, "partly", "some right, much missing"),
    (0.6, "acceptable", "the core is there"),
    (0.8, "strong", "nearly all that matters"),
    (0.95, "excellent", "nothing to add"),
)
"""Guess of the score from 0 to 1, its word and what it means."""


class Confidence(ModalScreen[float | None]):
    """Gives the guess, or None where the candidate goes back to writing; a skipped guess is -1."""

    BINDINGS = [
        *[Binding(str(at), f"choose({at - 1})", show=False) for at in range(1, len(LEVELS) + 1)],
        Binding("0", "skip", "Skip", show=False),
        Binding("escape", "back", "Back", show=False),
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Before you see it: how good was that?", classes="dialog-title", markup=False)
            yield OptionList(
                *[
                    Option(Content.assemble((f" {at} ", "bold"), f"{word:<12}", (meaning, "$muted")))
                    for at, (_, word, meaning) in enumerate(LEVELS, 1)
                ],
                Option(Content.assemble((" 0 ", "bold"), f"{'skip':<12}", ("no guess this time", "$muted"))),
            )
            yield Static("1–5 or Enter · Esc keeps writing", classes="dialog-foot", markup=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = 2

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(LEVELS[event.option_index][0] if event.option_index < len(LEVELS) else -1.0)

    def action_choose(self, at: int) -> None:
        """Choose a level by its number."""
        self.dismiss(LEVELS[at][0])

    def action_skip(self) -> None:
        """Go on without a guess."""
        self.dismiss(-1.0)

    def action_back(self) -> None:
        """Back to writing."""
        self.dismiss(None)
