"""One or two sentences against one key point alone: what a short review asks for.

A short answer to a plain question says little that is not about the point, so the only question is on which side it
stands: nearer to what is right in the whole rubric, or to what people get wrong. ``benchmarks/points.py`` has the
figures: each phrasing and each misconception of the hand-made rubrics judged by the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coach.domain import (
    Contradiction,
    Evidence,
    Feedback,
    Flag,
    Grade,
    KeyPoint,
    Outcome,
    PointVerdict,
    Provenance,
    Question,
    Rubric,
    ScorePart,
    Status,
    band_of,
)
from coach.domain.plans import PointOutcome
from coach.grading import guard
from coach.grading.anchors import Anchors
from coach.grading.claims import asserted, complexity, denied
from coach.ports import Embedder, Grader
from coach.text.language import other_language
from coach.text.sentences import Statement, claims

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from coach.grading.contrast import Contrast

NAME, VERSION = "point", "1"
"""In the provenance: such a grade is never compared with grades of whole answers."""

ABOUT, SAID = 0.36, 0.46
"""Cosine with a phrasing of the point from which a sentence is about it, and from which it says it."""

FALSE, SURE = 0.35, 0.65
"""Truth below which a sentence is false, and from which it is right."""

STEEP = 12.8
"""How fast truth rises with the difference of the two cosines, fitted by leaving one out."""

ELSEWHERE = 0.15
"""A sentence this much nearer to another point of the rubric is about that one."""

COVERED_FROM, PARTIAL_FROM = 0.75, 0.05
"""Credit from which the point counts as said, and as said in part."""

_SUMMARIES = {
    Outcome.COVERED: "That is the point.",
    Outcome.PARTIAL: "Partly there; be more definite.",
    Outcome.MISSING: "That does not say it.",
    Outcome.CONTRADICTED: "Not so.",
}


@dataclass(frozen=True, slots=True)
class _Side:
    """Where a short answer stands towards a point."""

    credit: float
    """0 to 1."""
    said: Statement | None
    """What says it best; None where nothing does."""
    against: Statement | None
    """What speaks against it; None where nothing does."""
    firmness: float
    """How firmly that does, 0 to 1."""
    why: str
    """What is true instead."""


class PointGrader:
    """Grades short answers, one key point at a time."""

    def __init__(
        self, embedder: Embedder, anchors_of: Callable[[Question, Rubric], Anchors], whole: Callable[[], Grader]
    ) -> None:
        """``whole`` gives the grader of whole answers, which judges points that have no misconceptions to contrast with."""
        self._embedder = embedder
        self._anchors_of = anchors_of
        self._whole = whole

    def grade(self, question: Question, rubric: Rubric, point: KeyPoint, text: str) -> Grade:
        """The grade of that point alone; its score is the point's credit in percent.

        Ungraded, with the reason, where the text is in another language. Raises ValueError for a foreign point.
        """
        at = [item.id for item in rubric.points].index(point.id)
        if not point.misconceptions:
            return self._by_the_whole(question, rubric, point, text)
        made_by = Provenance("offline", NAME, VERSION, rubric.hash)
        screened = guard.screen(text, point.probe or question.text, "")
        kept = tuple(part for statement in screened.kept for part in claims(statement, text))
        language = other_language(" ".join(statement.text for statement in kept))
        if screened.settled is None and language is not None:
            reason = f"The offline grader reads English, and this answer looks like {language}."
            return Grade(question, Status.UNGRADED, made_by, reason=reason, flags=screened.flags)
        if screened.settled is not None or not kept:
            reason = screened.settled or "Nothing is left that could be an answer."
            return _grade(question, made_by, PointVerdict(point, Outcome.MISSING, 0.0, (), reason), (), screened.flags)
        side = self._side(at, rubric, self._anchors_of(question, rubric), kept)
        verdict, against = _verdict(point, side, text)
        return _grade(question, made_by, verdict, against, screened.flags)

    def _side(self, at: int, rubric: Rubric, anchors: Anchors, kept: Sequence[Statement]) -> _Side:
        import numpy as np

        from coach.grading.contrast import contrast

        said = [statement.text for statement in kept]
        vectors = np.stack([item.vector for item in self._embedder.encode([asserted(text) for text in said])])
        seen = contrast(anchors, vectors, [True] * len(said), denied(said))
        odds: NDArray[np.float32] = STEEP * seen.side * (seen.nearest_right - seen.nearest_wrong)
        truth = (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)
        best, credit = _best(at, seen, truth)
        worst, firmness, why = _worst(rubric.points[at], at, seen, truth, kept)
        return _Side(
            credit,
            kept[seen.stretches[best].first] if credit > 0 else None,
            kept[worst] if firmness > 0 else None,
            firmness,
            why,
        )

    def _by_the_whole(self, question: Question, rubric: Rubric, point: KeyPoint, text: str) -> Grade:
        """Judged by the grader of whole answers, which sees a rubric of this point alone."""
        alone = replace(rubric, points=(point,), asides=(), hash=f"{rubric.hash}-{point.id}")
        made = self._whole().grade(question, alone, text)
        made_by = replace(made.grader, name=NAME, rubric=rubric.hash)
        if made.status is not Status.GRADED:
            return replace(made, grader=made_by)
        return _grade(question, made_by, made.points[0], made.contradictions, made.flags)


def outcome_of(made: Grade) -> PointOutcome:
    """A graded point in short. Raises ValueError for an ungraded one."""
    if made.status is not Status.GRADED or len(made.points) != 1:
        raise ValueError("no grade of a single point")
    verdict = made.points[0]
    wrong = next(iter(made.contradictions), None)
    quote = wrong.claim.quote if wrong else next((found.quote for found in verdict.evidence), "")
    return PointOutcome(verdict.outcome, verdict.credit, verdict.note, wrong.why if wrong else "", quote)


def _best(at: int, seen: Contrast, truth: NDArray[np.float32]) -> tuple[int, float]:
    """The stretch that says the point best, and how well, 0 to 1."""
    import numpy as np

    near = np.clip((seen.right[at] - ABOUT) / (SAID - ABOUT), 0, 1)
    sure = np.clip((truth - FALSE) / (SURE - FALSE), 0, 1)
    credit = np.minimum(near, sure)
    if len(seen.right) > 1:
        others = np.delete(seen.right, at, axis=0).max(axis=0)
        credit = np.where(seen.right[at] < others - ELSEWHERE, 0.0, credit)
    best = int(credit.argmax())
    return best, float(credit[best])


def _worst(
    point: KeyPoint, at: int, seen: Contrast, truth: NDArray[np.float32], kept: Sequence[Statement]
) -> tuple[int, float, str]:
    """The statement that opposes the point most, how firmly, 0 to 1, and what is true instead."""
    found = (0, 0.0, "")
    for number, statement in enumerate(kept):
        phrasing = (point.text, *point.right)[int(seen.right_at[at, number])]
        other = complexity(phrasing, statement.text) if seen.right[at, number] >= ABOUT else None
        if other is not None:
            return number, 1.0, f"The answer says “{other.said}” where it should be “{other.expected}”."
        wrong, right = float(seen.wrong[at, number]), float(seen.right[at, number])
        firmness = 1.0 - float(truth[number])
        if truth[number] < FALSE and wrong >= max(ABOUT, right - 0.05) and firmness > found[1]:
            found = (number, firmness, point.misconceptions[int(seen.wrong_at[at, number])].why)
    return found


def _verdict(point: KeyPoint, side: _Side, text: str) -> tuple[PointVerdict, tuple[Contradiction, ...]]:
    if side.against is not None and side.firmness > side.credit:
        claim = Evidence(side.against.span, side.against.span.of(text))
        note = side.why or "The answer says the contrary."
        wrong = Contradiction(claim, point.text, round(side.firmness, 3), point.id, side.why)
        return PointVerdict(point, Outcome.CONTRADICTED, 0.0, (), note), (wrong,)
    if side.said is None or side.credit < PARTIAL_FROM:
        return PointVerdict(point, Outcome.MISSING, 0.0, (), "Nothing in the answer says this."), ()
    quote = (Evidence(side.said.span, side.said.span.of(text)),)
    if side.credit >= COVERED_FROM:
        return PointVerdict(point, Outcome.COVERED, round(side.credit, 3), quote, "Said, and right."), ()
    return PointVerdict(point, Outcome.PARTIAL, round(side.credit, 3), quote, "Said in part; be more definite."), ()


def _grade(
    question: Question,
    made_by: Provenance,
    verdict: PointVerdict,
    against: tuple[Contradiction, ...],
    flags: tuple[Flag, ...],
) -> Grade:
    score = round(100 * verdict.credit)
    point, outcome = verdict.point, verdict.outcome
    why = next((found.why for found in against if found.why), "") if outcome is Outcome.CONTRADICTED else ""
    return Grade(
        question,
        Status.GRADED,
        made_by,
        score=score,
        band=band_of(score),
        # Of the answers on either side that were judged by leaving one out, about so many were judged rightly.
        confidence=0.75,
        range=(max(0, score - 40), min(100, score + 40)),
        parts=(ScorePart("points", score, verdict.note),),
        points=(verdict,),
        contradictions=against,
        # One sentence is no essay: whether it keeps to the subject of the whole question is not asked.
        flags=tuple(flag for flag in flags if flag is not Flag.OFF_TOPIC),
        feedback=Feedback(
            f"{_SUMMARIES[outcome]} {why}".strip(),
            keep=(point.text,) if outcome is Outcome.COVERED else (),
            fix=() if outcome is Outcome.COVERED else (point.text,),
        ),
    )
