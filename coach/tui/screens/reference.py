"""The reference answer of a question, as its document formats it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Markdown, Static

from coach.domain import Question


class ReferenceScreen(ModalScreen[None]):
    """Rendered Markdown over the screen that asked for it."""

    BINDINGS = [Binding("escape,e,v,f3,q,enter", "dismiss", "Close")]

    def __init__(self, question: Question, before: bool = False) -> None:
        super().__init__()
        self._question = question
        self._before = before

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog tall"):
            yield Static(self._question.text, classes="dialog-title", markup=False)
            yield Markdown(
                self._question.reference or "The document gives no answer to this question.", open_links=False
            )
            note = "Seen before the answer: this attempt is graded, but plans no repetition. " if self._before else ""
            yield Static(f"{note}↑ ↓ scroll · Esc closes", classes="dialog-foot", markup=False)
