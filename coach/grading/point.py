"""One or two sentences against one key point alone: what a short review asks for."""

from __future__ import annotations

from dataclasses import replace

from coach.domain import Contradiction, Feedback, Flag, Grade, KeyPoint, Outcome, Question, Rubric, Status, band_of
from coach.domain.plans import PointOutcome
from coach.ports import Grader

NAME = "point"
"""In the provenance of such a grade: it is never compared with grades of whole answers."""

_SUMMARIES = {
    Outcome.COVERED: "That is the point.",
    Outcome.PARTIAL: "Partly there.",
    Outcome.MISSING: "That does not say it.",
    Outcome.CONTRADICTED: "Not so.",
}


class PointGrader:
    """Grades short answers with a grader of whole ones, which sees a rubric of a single point."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader

    def grade(self, question: Question, rubric: Rubric, point: KeyPoint, text: str) -> Grade:
        """The grade of that point alone; its score is the point's credit in percent. Ungraded as the grader says."""
        alone = replace(rubric, points=(point,), asides=(), hash=f"{rubric.hash}-{point.id}")
        made = self._grader.grade(question, alone, text)
        by = replace(made.grader, name=NAME, rubric=rubric.hash)
        if made.status is not Status.GRADED:
            return replace(made, grader=by)
        verdict = made.points[0]
        score = round(100 * verdict.credit)
        return replace(
            made,
            grader=by,
            score=score,
            band=band_of(score),
            range=(score, score),
            parts=(replace(made.parts[0], value=score, why=verdict.note),),
            # One sentence is no essay: whether it keeps to the subject of the whole question is not asked.
            flags=tuple(flag for flag in made.flags if flag is not Flag.OFF_TOPIC),
            feedback=_feedback(point, verdict.outcome, made.contradictions),
            references=(),
        )


def outcome_of(made: Grade) -> PointOutcome:
    """A graded point in short. Raises ValueError for an ungraded one."""
    if made.status is not Status.GRADED or len(made.points) != 1:
        raise ValueError("no grade of a single point")
    verdict = made.points[0]
    wrong = next(iter(made.contradictions), None) if verdict.outcome is Outcome.CONTRADICTED else None
    quote = wrong.claim.quote if wrong else next((found.quote for found in verdict.evidence), "")
    return PointOutcome(verdict.outcome, verdict.credit, verdict.note, wrong.why if wrong else "", quote)


def _feedback(point: KeyPoint, outcome: Outcome, contradictions: tuple[Contradiction, ...]) -> Feedback:
    why = next((found.why for found in contradictions if found.why), "")
    summary = _SUMMARIES[outcome]
    if outcome is Outcome.COVERED:
        return Feedback(summary, keep=(point.text,))
    told = f"{summary} {why}".strip() if outcome is Outcome.CONTRADICTED else summary
    return Feedback(told, fix=(point.text,))
