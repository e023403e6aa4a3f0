"""Where the user stands: the figures of practice over the library and the history."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.domain.practice import Card
    from coach.practice.standing.figures import Figures
    from coach.practice.standing.points import PointStanding
    from coach.session import Session


class Stats:
    """Figures of the user's practice. Every method raises StoreError where the history cannot be used."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def figures(self, section: str | None = None) -> Figures:
        """All figures as of now; with ``section`` those of sections whose names contain it."""
        from coach.practice.standing.figures import figures

        practice, library = self._session.practice, self._session.library
        now = practice.now()
        return figures(
            library.questions,
            practice.summaries(),
            self.points(),
            practice.cards(),
            self._recall,
            now,
            practice.day_of(now),
            section,
        )

    def points(self) -> list[PointStanding]:
        """Every key point that was ever asked, the one to work on first in front."""
        from coach.practice.standing.points import standings

        tallies = self._session.practice.history.tallies()
        return standings(tallies, self._session.library.by_id.get, self._session.rubric)

    def _recall(self, card: Card, day: date) -> float:
        return self._session.practice.schedule.recall(card, day)
