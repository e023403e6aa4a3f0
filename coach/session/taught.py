"""Teaching a rubric: one more right phrasing or misconception of a point, with what that does to earlier answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coach.catalogue import rubrics
from coach.domain import KeyPoint, Misconception, Question, Rubric
from coach.errors import NotFound, UsageError

if TYPE_CHECKING:
    from coach.session import Session

MOST_ATTEMPTS = 20
"""Earlier answers that are graded before and after, the newest ones."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a lesson does to one earlier answer."""

    attempt: str
    """Its id."""
    before: int
    after: int
    """Scores from 0 to 100 by the offline grader."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A rubric with one wording more; already kept."""

    question: Question
    point: KeyPoint
    """As it is now."""
    rubric: Rubric
    doubt: str
    """Why the wording may be on the wrong side; empty where nothing speaks against it."""
    effects: tuple[Effect, ...]
    """Newest first."""


def teach(session: Session, question: Question, point_id: str, text: str, right: bool, why: str = "") -> Lesson:
    """Add a wording to a point in the user's overlay, as a right phrasing or as a misconception.

    Raises NotFound for an unknown point and UsageError for an empty wording or one that is there already.
    """
    wording = " ".join(text.split())
    before = session.rubric(question)
    point = next((item for item in before.points if item.id == point_id), None)
    if point is None:
        known = ", ".join(item.id for item in before.points) or "none"
        raise NotFound(f"No point {point_id!r} in the rubric of this question.", f"Its points are: {known}.")
    if not wording:
        raise UsageError("The wording is empty.", "Write the statement as a candidate would say it.")
    if wording.lower() in {known.lower() for known in (*_right(point), *_wrong(point))}:
        raise UsageError("The point has this wording already.", "`coach rubric Q` shows its points.")
    doubt = _doubt(session, point, wording, right)
    if right:
        changed = replace(point, right=(*point.right, wording))
    else:
        changed = replace(point, misconceptions=(*point.misconceptions, Misconception(wording, why.strip())))
    points = tuple(changed if item.id == point_id else item for item in before.points)
    after = rubrics.save_overlay(question, session.paths, rubrics.as_toml(replace(before, points=points), question))
    return Lesson(question, changed, after, doubt, _effects(session, question, before, after))


def _right(point: KeyPoint) -> list[str]:
    return [point.text, *point.right]


def _wrong(point: KeyPoint) -> list[str]:
    return [text for wrong in point.misconceptions for text in (wrong.text, *wrong.also)]


def _doubt(session: Session, point: KeyPoint, wording: str, right: bool) -> str:
    """The nearest statement of the point, where that is of the other side."""
    sides = [(text, True) for text in _right(point)] + [(text, False) for text in _wrong(point)]
    vectors = session.claims.vectors([wording, *(text for text, _ in sides)])
    nearest, side = sides[int((vectors[1:] @ vectors[0]).argmax())]
    if side == right:
        return ""
    kind = "a right phrasing" if side else "a misconception"
    return f"It is nearest to {kind} of the point: “{nearest}”"


def _effects(session: Session, question: Question, before: Rubric, after: Rubric) -> tuple[Effect, ...]:
    found = []
    for attempt in session.practice.attempts(question.id, limit=MOST_ATTEMPTS):
        if attempt.circumstances.point is not None:
            continue
        scores = [session.offline_grader.grade(question, rubric, attempt.answer).score for rubric in (before, after)]
        if scores[0] is not None and scores[1] is not None:
            found.append(Effect(attempt.id, scores[0], scores[1]))
    return tuple(found)
