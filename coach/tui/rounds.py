"""The questions of one sitting."""

from __future__ import annotations

from dataclasses import dataclass

from coach.domain import Question


@dataclass(frozen=True, slots=True)
class Round:
    """Questions in the order in which they are asked, and which one it is now."""

    title: str
    """What was wished for: ``Due``, a section's name …"""
    questions: tuple[Question, ...]
    """Never empty."""
    at: int = 0
    """0-based."""

    @property
    def question(self) -> Question:
        """The one asked now."""
        return self.questions[self.at]

    @property
    def place(self) -> str:
        """``2 of 5``; empty for a single question."""
        return f"{self.at + 1} of {len(self.questions)}" if len(self.questions) > 1 else ""

    def next(self) -> Round | None:
        """The round at its next question; None after the last."""
        return Round(self.title, self.questions, self.at + 1) if self.at + 1 < len(self.questions) else None
