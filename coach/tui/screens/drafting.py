"""A screen that keeps what is in its box on disk, and brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.widgets import Static

from coach.domain import Question
from coach.domain.practice import Draft
from coach.errors import CoachError
from coach.tui.screens.typing import TypingScreen
from coach.tui.widgets.answer_box import AnswerBox
from coach.tui.widgets.stopwatch import Stopwatch

if TYPE_CHECKING:
    from coach.session import Session
    from coach.tui.app import CoachApp

AUTOSAVE = 2.0
"""Seconds between looks whether there is something new to keep."""


class DraftingScreen(TypingScreen):
    """Has an AnswerBox, a Stopwatch and a line ``#saved`` that says what became of the draft."""

    def __init__(self) -> None:
        super().__init__()
        self._drafting: Question | None = None
        self._kept = ""

    @property
    def _app(self) -> CoachApp:
        return cast("CoachApp", self.app)

    def on_mount(self) -> None:
        self.set_interval(AUTOSAVE, self.keep_draft)

    def find_draft(self, question: Question, otherwise: str) -> None:
        """Put the question's draft, or else ``otherwise``, in front of what was typed since; from then on keep it."""

        def found(draft: Draft | None) -> None:
            box = self.query_one(AnswerBox)
            typed = box.text
            if draft is not None and draft.text.strip():
                self._kept = draft.text
                self.query_one(Stopwatch).add(draft.seconds)
                self.query_one("#saved", Static).update("Your draft is back.")
            else:
                self._kept = otherwise
            if self._kept:
                box.put(self._kept + typed)
            self._drafting = question

        def failed(problem: CoachError) -> None:
            self._app.say_failed(problem, "Whether there is a draft is not known")
            found(None)

        self._app.background.read(self, lambda session: session.practice.draft(question.id), found, failed)

    def is_draft(self, text: str) -> bool:
        """Whether what is in the box just now is to be kept."""
        return True

    def keep_draft(self) -> None:
        """Write what is in the box to disk, if it is new."""
        question, text = self._drafting, self.query_one(AnswerBox).text
        if question is None or text == self._kept or not self.is_draft(text):
            return
        self._kept = text
        seconds = self.query_one(Stopwatch).seconds

        def write(session: Session) -> None:
            if text.strip():
                session.practice.save_draft(question.id, text, seconds)
            else:
                session.practice.drop_draft(question.id)

        self._app.background.write(self, write, lambda _: self._say_kept(bool(text.strip())), self._not_kept)

    def _say_kept(self, something: bool) -> None:
        self.query_one("#saved", Static).update("Draft kept." if something else "")

    def _not_kept(self, problem: CoachError) -> None:
        self.query_one("#saved", Static).update(f"⚠ Draft not kept: {problem.message}")
