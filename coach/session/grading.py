"""One answer to a grade, by whichever grader is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.catalogue.kinds import kind_of
from coach.domain import Failure, Grade, Question, Status

if TYPE_CHECKING:
    from coach.session import Session


def graded(session: Session, question: Question, answer: str, grader: str, samples: int = 1) -> Grade:
    """Grade one answer with the grader asked for. Raises ConfigError where that needs a model and none is set; a model
    that fails makes an ungraded grade, never an offline one.
    """
    if chosen(session, grader) == "llm":
        from coach.session.judging import judged

        return judged(session, question, answer, samples)
    return session.offline_grader.grade(question, session.rubric(question), answer)


def exit_code(grade: Grade) -> int:
    """What a command that made this grade leaves with, ``--min-score`` apart."""
    if grade.status is Status.GRADED:
        return 0
    return {Failure.CONFIGURATION: 4, Failure.UNREACHABLE: 5}.get(grade.failure, 6) if grade.failure else 6


def ad_hoc_question(text: str, reference: str) -> Question:
    """A question outside any deck, from the command line."""
    import hashlib

    digest = hashlib.sha256(f"{text}\0{reference}".encode()).hexdigest()[:10]
    return Question(f"x{digest}", 0, "", 0, kind_of(text), " ".join(text.split()), reference)


def chosen(session: Session, grader: str) -> str:
    """``offline`` or ``llm``: auto is the language model only where coach's own settings name one."""
    settings = session.settings
    wanted = settings.grader if grader == "auto" else grader
    if wanted != "auto":
        return wanted
    return "llm" if settings.llm_provider or settings.llm_base_url or settings.llm_model else "offline"
