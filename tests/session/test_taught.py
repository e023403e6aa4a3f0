"""Teaching a rubric a wording."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coach.domain import Question
from coach.errors import NotFound, UsageError
from coach.session import Session
from coach.session.taught import teach


@pytest.fixture
def session(opened: Callable[[], Session]) -> Session:
    return opened()


@pytest.fixture
def question(session: Session) -> Question:
    return session.library.find("1")


def test_a_wording_is_kept_in_the_users_own_version_and_changes_the_hash(session: Session, question: Question) -> None:
    before = session.rubric(question)
    lesson = teach(session, question, before.points[0].id, "  whoever was idle longest is thrown out ", right=True)
    assert lesson.point.right[-1] == "whoever was idle longest is thrown out"
    assert session.rubric(question) == lesson.rubric
    assert (before.origin, lesson.rubric.origin) == ("derived", "edited")
    assert before.hash != lesson.rubric.hash


def test_a_misconception_comes_with_its_why(session: Session, question: Question) -> None:
    point = session.rubric(question).points[0].id
    lesson = teach(session, question, point, "the newest entry is thrown out", right=False, why="The oldest one is.")
    assert lesson.point.misconceptions[-1].why == "The oldest one is."


def test_a_wording_of_the_other_side_is_doubted(session: Session, question: Question) -> None:
    point = session.rubric(question).points[0].id
    teach(session, question, point, "the entry that was used most recently is the victim", right=False)
    lesson = teach(session, question, point, "the entry used most recently becomes the victim", right=True)
    assert "misconception" in lesson.doubt


def test_earlier_answers_show_what_a_lesson_does(session: Session, question: Question) -> None:
    answer = "Whichever entry sat idle for the longest time has to leave, and touching one moves it to the head."
    attempt = session.practice.answered(question, answer, grader="offline")
    lesson = teach(session, question, session.rubric(question).points[0].id, answer, right=True)
    (effect,) = lesson.effects
    assert effect.attempt == attempt.id
    assert effect.after > effect.before


def test_what_cannot_be_taught_is_said(session: Session, question: Question) -> None:
    point = session.rubric(question).points[0]
    with pytest.raises(NotFound, match="nowhere"):
        teach(session, question, "nowhere", "text", right=True)
    with pytest.raises(UsageError, match="empty"):
        teach(session, question, point.id, "  ", right=True)
    with pytest.raises(UsageError, match="already"):
        teach(session, question, point.id, point.text.upper(), right=True)
