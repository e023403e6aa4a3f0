"""What the first screen shows, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.domain import Question
from coach.domain.plans import Overview
from coach.domain.practice import Draft, Summary

if TYPE_CHECKING:
    from coach.session import Session

LATEST = 200
"""Attempts that are looked through for ones that wait for a grade."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Where one stands, and what was left lying."""

    overview: Overview
    waiting: tuple[Summary, ...]
    """Attempts without a grade, newest first."""
    drafts: tuple[tuple[Draft, Question], ...]
    """What is being written, newest first."""


def figures(session: Session) -> Figures:
    """Read the history. Raises StoreError."""
    practice, known = session.practice, session.library.by_id
    waiting = [row for row in practice.summaries(limit=LATEST) if row.status is None and row.question_id in known]
    drafts = [(draft, known[draft.question_id]) for draft in practice.drafts() if draft.question_id in known]
    return Figures(practice.overview(), tuple(waiting), tuple(drafts))
