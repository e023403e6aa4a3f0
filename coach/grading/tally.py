"""From a model's checked verdicts to a score. The model has no part in it: this is arithmetic on credits.

Every part is a whole number, each moves the score one way, and together they are the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.domain import Contradiction, Flag, Grade, Importance, Kind, Outcome, PointVerdict, ScorePart
from coach.grading.score import LIST_CAP, story_share
from coach.grading.story import Story

FULL_AT = 0.85
"""Share of the points' weight that is full marks: nobody has to recite everything. All musts of a typical rubric are
two thirds of its weight, and so about 80."""

STORY_SHARE, STORY_NEEDS = 0.45, 0.4
"""What a well told experience is worth where one is asked for, and the coverage from which it counts in full: a story
about something else is worth nothing."""

KEY_CLAIM, OTHER_CLAIM, MOST_FOR_CLAIMS = 10, 5, 40
"""What a false claim costs: about a must, about anything else, and all together. A gap of one must costs 12 to 20."""

CEILING_FROM, CEILING_STEP = 10, 4
CEILING, SUSPECT_CEILING = 45, 20
"""Up to this offline score the judge's score stays below a ceiling, which rises by the step a point of offline score:
where code finds next to nothing of the rubric in an answer, a model alone can't make it a good one. The lower ceiling is
for verdicts that there is reason to doubt. On the shown gold answers (docs/grading.md) the higher one would take more
than 10 points from none of 128 honest answers judged as the readers judged them, and from 10 with derived rubrics."""

LARGE = 30
"""Points of 100 from which two graders disagree."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A score with its parts."""

    score: int
    """0 to 100, the sum of the parts."""
    parts: tuple[ScorePart, ...]
    confidence: float
    """0 to 1."""
    range: tuple[int, int]
    disagreement: str
    """One sentence where the offline grader sees the answer quite differently; else empty."""


def tally(
    kind: Kind,
    verdicts: Sequence[PointVerdict],
    contradictions: Sequence[Contradiction],
    flags: Sequence[Flag],
    story: Story,
    void: int,
    offline: Grade | None,
    suspect: bool = False,
) -> Tally:
    """The score of verdicts whose evidence was checked.

    ``void`` is how many credits were taken away for want of evidence; ``offline`` the offline grade of the same answer,
    None where that grader can't read it; ``suspect`` says that there is reason to doubt the model.
    """
    total = sum(verdict.point.weight for verdict in verdicts)
    coverage = sum(verdict.credit * verdict.point.weight for verdict in verdicts) / total if total else 0.0
    points = round(100 * coverage)
    scaled = _scaled(kind, coverage, story)
    cost = _claims_cost(verdicts, contradictions)
    right = max(0, scaled - cost)
    listed = min(right, LIST_CAP) if Flag.KEYWORD_STUFFING in flags else right
    ceiling = _ceiling(offline, suspect)
    score = min(listed, ceiling)
    told = kind is Kind.BEHAVIOURAL
    parts = [
        ScorePart("points", points, _points_why(verdicts, void)),
        ScorePart("story" if told else "calibration", scaled - points, _STORY if told else _CALIBRATION),
        ScorePart("false_claims", right - scaled, _claims_why(contradictions)),
        ScorePart("guards", score - right, _guards_why(right, listed, score, offline)),
    ]
    if offline is not None:
        parts.append(
            ScorePart("second_opinion", 0, f"The offline grader gives {offline.score}. It changes nothing by itself.")
        )
    disagreement = _disagreement(right, offline)
    confidence, spread = _certainty(right, offline, void, len(verdicts))
    within = (max(0, score - spread), min(100, score + spread + (right - score)))
    return Tally(score, tuple(parts), confidence, within, disagreement)


_CALIBRATION = f"{FULL_AT:.0%} of the points' weight is full marks: nobody has to recite every point."
_STORY = "Told as an experience: situation, task, own actions, result and figures, as code finds them."


def _scaled(kind: Kind, coverage: float, story: Story) -> int:
    if kind is not Kind.BEHAVIOURAL:
        return round(100 * min(1.0, coverage / FULL_AT))
    told = story_share(story) * min(1.0, coverage / STORY_NEEDS)
    return round(100 * min(1.0, (1 - STORY_SHARE) * min(1.0, coverage / FULL_AT) + STORY_SHARE * told))


def _claims_cost(verdicts: Sequence[PointVerdict], contradictions: Sequence[Contradiction]) -> int:
    musts = {verdict.point.id for verdict in verdicts if verdict.point.importance is Importance.MUST}
    cost = sum(KEY_CLAIM if found.point_id in musts else OTHER_CLAIM for found in contradictions)
    return min(cost, MOST_FOR_CLAIMS)


def _ceiling(offline: Grade | None, suspect: bool) -> int:
    if offline is None or offline.score is None:
        return 100
    return min(100, (SUSPECT_CEILING if suspect else CEILING) + CEILING_STEP * max(0, offline.score - CEILING_FROM))


def _certainty(judged: int, offline: Grade | None, void: int, points: int) -> tuple[float, int]:
    """Confidence and half the width of the range, by how far two independent graders agree."""
    if offline is None or offline.score is None:
        return 0.45, 25
    apart = abs(judged - offline.score)
    confidence, spread = (
        (0.85, 8) if apart <= 15 else (0.7, 12) if apart < LARGE else (0.45, 20) if apart < 50 else (0.3, 30)
    )
    if void > points / 4:
        confidence, spread = min(confidence, 0.4), max(spread, 20)
    return confidence, spread


def _disagreement(judged: int, offline: Grade | None) -> str:
    if offline is None or offline.score is None or abs(judged - offline.score) < LARGE:
        return ""
    return (
        f"The graders disagree: {judged} by the language model's verdicts, {offline.score} offline. Look at the quotes."
    )


def _points_why(verdicts: Sequence[PointVerdict], void: int) -> str:
    count = {outcome: sum(verdict.outcome is outcome for verdict in verdicts) for outcome in Outcome}
    text = (
        f"{count[Outcome.COVERED]} of {len(verdicts)} points covered, {count[Outcome.PARTIAL]} in part, "
        f"{count[Outcome.MISSING]} missing, {count[Outcome.CONTRADICTED]} contradicted."
    )
    return text + (f" {void} verdict{'s' * (void != 1)} of the model void for want of evidence." if void else "")


def _claims_why(contradictions: Sequence[Contradiction]) -> str:
    count = len(contradictions)
    return f"{count} false claim{'s' * (count != 1)}." if count else "Nothing false was found."


def _guards_why(right: int, listed: int, score: int, offline: Grade | None) -> str:
    if score < listed and offline is not None:
        return (
            f"The model's verdicts come to {listed}, but the offline grader finds hardly anything of the points in the "
            f"answer ({offline.score}); a model alone can't raise that further."
        )
    return "A list of terms asserts nothing." if listed < right else "Nothing to object to."
