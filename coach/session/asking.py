"""What to ask next, from the library and the history: whole questions, and key points that were missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from coach.domain import Grade, KeyPoint, Kind, Question
from coach.domain.plans import MissedPoint, Wish
from coach.practice.planning import selection
from coach.practice.planning.selection import MISSED_TWICE, TWINS_APART, Situation

if TYPE_CHECKING:
    from coach.domain.practice import Card
    from coach.session import Session
    from coach.session.practice import Practice

LATEST = 8
"""Whole answers whose scores say how hard the next new question should be."""


def matching(session: Session, wish: Wish) -> list[Question]:
    """The questions of a wish's deck, section and kind. Raises NotFound for an unknown deck."""
    found = session.library.deck(wish.deck).questions if wish.deck else session.library.questions
    section = (wish.section or "").lower()
    return [
        question
        for question in found
        if section in (question.section or "").lower() and wish.kind in (None, question.kind)
    ]


def listed(practice: Practice, session: Session, wish: Wish) -> list[Question]:
    """All questions of a wish in the order of its tiers, for lists: ``due`` or ``weak``, else by number."""
    pool = matching(session, wish)
    tiers = _tiers(wish)
    if not tiers:
        return pool
    return selection.chosen(_situation(practice, pool, ()), len(pool), Random(0), tiers)


def next_questions(
    practice: Practice, session: Session, wish: Wish, count: int | None, seed: int | None
) -> list[Question]:
    """Up to ``count`` questions that have a reference, in the order in which to ask them; None: all of them."""
    pool = [question for question in matching(session, wish) if question.reference]
    chance = Random(seed) if seed is not None else Random()
    latest = practice.history.summaries(limit=4 * LATEST)
    situation = _situation(practice, pool, _distinct(row.question_id for row in latest if row.point is None))
    scores = [row.score if row.override is None else row.override for row in latest if row.first]
    situation = replace(situation, scores=[score for score in scores if score is not None][:LATEST])
    return selection.chosen(situation, len(pool) if count is None else count, chance, _tiers(wish))


def _situation(practice: Practice, pool: list[Question], recent: Iterable[str]) -> Situation:
    twice = [item for item in practice.missed_points(12) if item.times >= MISSED_TWICE]
    return Situation(
        pool,
        practice.due(),
        practice.history.standings(),
        practice.history.tallies(),
        twice,
        list(recent)[:TWINS_APART],
    )


def _tiers(wish: Wish) -> tuple[str, ...]:
    return tuple(name for name, wanted in (("due", wish.due), ("weak", wish.weak), ("new", wish.new)) if wanted)


def _distinct(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def next_points(practice: Practice, session: Session, wish: Wish, count: int | None) -> list[MissedPoint]:
    """Key points for a short review: those whose cards are due, then (but for a wish for due ones) what else was missed.

    Points of behavioural questions are parts of one's own story, and are not asked for alone.
    """
    allowed = {question.id for question in matching(session, wish) if question.kind is not Kind.BEHAVIOURAL}
    due = [card for card in practice.due(points=True) if card.question_id in allowed]
    found = [item for card in due for item in _of_card(session, card)]
    if not wish.due:
        taken = {(item.question.id, item.point.id) for item in found}
        missed = [item for item in practice.missed_points() if item.question.id in allowed]
        found += [item for item in missed if (item.question.id, item.point.id) not in taken]
    latest = practice.history.summaries(limit=1)
    return selection.points_to_ask(
        found, len(found) if count is None else count, latest[0].question_id if latest else None
    )


def _of_card(session: Session, card: Card) -> list[MissedPoint]:
    question = session.library.by_id[card.question_id]
    points = (point for point in session.rubric(question).points if point.id == card.point_id)
    return [MissedPoint(question, point, card.lapses, card) for point in points]


def point_grade(session: Session, question: Question, point_id: str, text: str) -> Grade:
    """The grade of a short answer to one key point. Raises NotFound where the rubric has no such point (any more)."""
    return session.point_grader.grade(question, session.rubric(question), point_of(session, question, point_id), text)


def point_of(session: Session, question: Question, point_id: str) -> KeyPoint:
    """A key point of a question. Raises NotFound."""
    from coach.errors import NotFound

    found = next((point for point in session.rubric(question).points if point.id == point_id), None)
    if found is None:
        raise NotFound(
            f"The rubric of question {question.number} has no point {point_id!r}.", "It may have been edited since."
        )
    return found
