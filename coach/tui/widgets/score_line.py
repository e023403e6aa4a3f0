"""A score with its band, what the band means, how sure it is, and who says so."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from coach.domain import Grade, Status
from coach.domain.practice import Attempt
from coach.session.wording import BAND_WORDS

CELLS = 20
"""Length of the bar."""


class ScoreLine(Static):
    """The head of a verdict."""

    def __init__(self, attempt: Attempt, before: Grade | None) -> None:
        super().__init__()
        self._attempt = attempt
        self._before = before

    def on_mount(self) -> None:
        self.show(self._attempt)

    def show(self, attempt: Attempt) -> None:
        """Draw it for ``attempt`` as it is now."""
        grade = attempt.grade
        if grade is None or grade.status is Status.UNGRADED or grade.score is None or grade.band is None:
            reason = grade.reason if grade else "The answer is saved; it waits for its grade."
            self.update(Content.assemble(("Ungraded  ", "bold $warning"), reason or ""))
            return
        low, high = grade.range or (grade.score, grade.score)
        head = [
            (f" {grade.score} ", "bold reverse"),
            (f"  {grade.band.value}", "bold"),
            (f"  {BAND_WORDS[grade.band]}", ""),
        ]
        sure = [(bar(grade.score), "$accent"), (f"  likely {low}–{high}", "")]
        if self._before is not None and self._before.score is not None:
            sure.append((f"  before {self._before.score} ({grade.score - self._before.score:+d})", "bold"))
        guess = attempt.circumstances.confidence
        if guess is not None:
            sure.append((f"  you guessed {round(100 * guess)}", ""))
        if attempt.override is not None:
            sure.append((f"  you say {attempt.override.score}", "bold"))
        sure.append((f"  graded by {by_whom(grade)}", "$muted"))
        self.update(Content.assemble(*head, "\n", *sure))


def bar(score: int) -> str:
    """``███░░``: a score of 100 as ``CELLS`` cells."""
    full = round(score * CELLS / 100)
    return "█" * full + "░" * (CELLS - full)


def by_whom(grade: Grade) -> str:
    """The grader in a few words."""
    maker = grade.grader
    return f"{maker.model} ({maker.kind})" if maker.model else f"{maker.kind} {maker.name} {maker.version}"
