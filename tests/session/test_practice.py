"""History, schedule and selection joined: over a corpus of two questions, with the real models."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from coach.domain import Importance, KeyPoint, Misconception, Outcome, Rubric, Status
from coach.domain.plans import Wish
from coach.domain.practice import Attempt, Circumstances, Origin, Rating
from coach.errors import BackendUnreachable, ConfigError, NotFound, UsageError
from coach.session import Session
from coach.session.practice import Practice

GOOD = "A doubly linked list keeps the entries in order of use, so the victim is the one at its end."
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def later(self, **amount: float) -> None:
        self.at += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(opened: Callable[[], Session], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Session:
    found = opened()
    # What a grade shows beside it is no matter here, and would build an index.
    monkeypatch.setattr(Session, "_beside", lambda self, question, statements: ())
    found.__dict__["practice"] = Practice(found, clock)
    return found


def test_an_answer_is_kept_graded_and_scheduled(session: Session, clock: Clock) -> None:
    question = session.library.find("1")
    how = Circumstances(Origin.DRILL, 30.0, 0, 0.5)
    made = session.practice.answered(question, GOOD, how)
    assert made.grade is not None
    assert made.grade.status is Status.GRADED
    assert made == session.practice.attempt("last") == session.practice.attempt(made.id[:12])
    assert [review.point_id for review in made.reviews][:1] == [None]
    assert session.practice.due() == []
    clock.later(days=400)
    assert [card.question_id for card in session.practice.due()] == [question.id]
    plan = session.practice.plan()
    assert (plan.due, plan.left_today) == (1, 1)
    screen = session.practice.overview()
    assert (screen.attempts, screen.today, screen.streak, screen.seen, screen.questions) == (1, 0, 0, 1, 2)
    assert [row.id for row in screen.recent] == [made.id]


def test_an_answer_survives_a_grader_that_fails(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    question = session.library.find("1")

    def fails(self: Session, *rest: object) -> None:
        raise BackendUnreachable("Nobody answers.")

    with monkeypatch.context() as patch:
        patch.setattr(Session, "grade", fails)
        with pytest.raises(BackendUnreachable):
            session.practice.answered(question, GOOD)
    waiting = session.practice.attempt("last")
    assert (waiting.answer, waiting.grade) == (GOOD, None)
    assert session.practice.graded(waiting).grade is not None
    assert session.practice.history.pending() == []


def test_a_draft_goes_with_what_is_typed_here_only(session: Session) -> None:
    question = session.library.find("1")
    session.practice.save_draft(question.id, "Half", 3.0)
    session.practice.submit(question, "From a file")
    assert session.practice.draft(question.id) is not None
    session.practice.submit(question, "Half of it", Circumstances(Origin.APP))
    assert session.practice.draft(question.id) is None
    session.practice.save_draft(question.id, "Again")
    session.practice.save_draft(question.id, "  \n")
    assert session.practice.drafts() == []


def test_attempts_are_named_by_what_is_enough(session: Session, clock: Clock) -> None:
    question = session.library.find("1")
    first = session.practice.submit(question, "one")
    clock.later(days=3000)
    session.practice.submit(question, "two")
    assert session.practice.attempt(first.id.upper()).id == first.id
    with pytest.raises(UsageError, match="Several"):
        session.practice.attempt(first.id[:1])
    for unknown in ("zzz", "%", "_"):
        with pytest.raises(NotFound):
            session.practice.attempt(unknown)
    with pytest.raises(UsageError):
        session.practice.override(first.id, 101)


def test_settings_decide_and_bad_ones_are_told_before_the_answer(
    opened: Callable[[], Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_RETENTION", "80%")
    monkeypatch.setenv("COACH_INTERVIEW", "2026-12-03")
    practice = opened().practice
    assert (practice.retention, practice.interview) == (0.8, date(2026, 12, 3))
    for name, value in (("COACH_RETENTION", "1.5"), ("COACH_RETENTION", "much"), ("COACH_INTERVIEW", "soon")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            session = opened()
            with pytest.raises(ConfigError, match=name):
                session.practice.submit(session.library.find("1"), "x")
                session.practice.plan()


def test_nothing_is_kept_twice_over_sessions(opened: Callable[[], Session]) -> None:
    one, two = opened(), opened()
    question = one.library.find("2")
    one.practice.submit(question, "first")
    two.practice.submit(question, "second")
    assert [item.answer for item in one.practice.attempts()] == ["second", "first"]
    assert one.practice.restored(two.practice.attempts()) == (0, 0)


def test_what_to_ask_next_repeats_with_its_seed(session: Session) -> None:
    wish = Wish(section=None)
    first = session.practice.next_questions(wish, 2, 7)
    assert first == session.practice.next_questions(wish, 2, 7)
    assert len(first) == 2
    session.practice.submit(first[0], "I don't know")
    assert session.practice.next_questions(wish, 2, 7)[0] == first[1]
    assert session.practice.next_questions(Wish(new=True)) == [first[1]]
    assert session.practice.next_questions(Wish(due=True)) == []
    with pytest.raises(NotFound):
        session.practice.next_questions(Wish(deck="nowhere"))


POINT = KeyPoint(
    "order",
    "The entries are kept in order of use, so that the one at the end is the least recently used.",
    Importance.MUST,
    1.0,
    right=(
        "A doubly linked list holds them by last use; the tail is evicted.",
        "Whatever was touched last moves to the front, so the end is the victim.",
    ),
    misconceptions=(
        Misconception("The victim is the entry that was inserted first.", "It is the one used longest ago."),
        Misconception("The cache counts uses and evicts the entry with the lowest count.", "That is LFU, not LRU."),
    ),
    probe="Which entry has to go?",
)


@pytest.fixture
def with_point(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    question = session.library.find("1")
    monkeypatch.setattr(Session, "rubric", lambda self, item: Rubric(question.id, (POINT,), "shipped", "hash"))
    return session


def test_a_short_review_says_why_and_schedules_its_point(with_point: Session, clock: Clock) -> None:
    practice, question = with_point.practice, with_point.library.find("1")
    wrong = practice.grade_point(question, "order", "It evicts the entry that was inserted first.")
    assert (wrong.outcome, wrong.why) == (Outcome.CONTRADICTED, "It is the one used longest ago.")
    right = practice.grade_point(question, "order", "The one at the end of the list, which was used longest ago.")
    assert right.outcome in (Outcome.COVERED, Outcome.PARTIAL)
    assert right.quote
    assert practice.attempts() == []
    how = Circumstances(Origin.POINTS, point="order")
    made = practice.answered(question, "It evicts the entry that was inserted first.", how)
    assert [(review.point_id, review.rating) for review in made.reviews] == [("order", Rating.AGAIN)]
    assert practice.due(points=True) == []
    clock.later(days=1)
    assert [card.point_id for card in practice.due(points=True)] == ["order"]
    assert practice.due() == []
    assert [item.point.id for item in practice.next_points(Wish(due=True))] == ["order"]
    assert [item.point.id for item in practice.missed_points()] == ["order"]
    with pytest.raises(NotFound):
        practice.grade_point(question, "unknown", "x")


def test_a_regrade_shows_the_difference_and_keeps_both(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    question = session.library.find("1")
    made = session.practice.answered(question, GOOD)
    waiting = session.practice.submit(question, "I don't know")
    with monkeypatch.context() as patch:
        patch.setattr("coach.grading.offline.VERSION", "2 of tomorrow")
        (only,) = session.practice.regraded(pending=True)
        assert (only.attempt_id, only.before, only.after) == (waiting.id, None, 0)
        found = list(session.practice.regraded())
    assert {item.attempt_id for item in found} == {made.id, waiting.id}
    after = session.practice.attempt(made.id)
    assert len(after.grades) == 2
    assert [kept.grade.grader.version for kept in after.grades][1] == "2 of tomorrow"
    assert after.reviews == made.reviews
    assert session.practice.attempt(waiting.id).reviews == ()
    assert session.practice.undo().what == "regrade"
    assert len(session.practice.attempt(made.id).grades) == 1


def test_a_regrade_that_fails_leaves_the_grade(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made = session.practice.answered(session.library.find("1"), GOOD)

    def fails(self: Practice, attempt: Attempt, grader: str) -> None:
        raise BackendUnreachable("Nobody answers.")

    monkeypatch.setattr(Practice, "grade", fails)
    (found,) = session.practice.regraded("llm")
    assert made.grade is not None
    assert (found.before, found.after, found.reason) == (made.grade.score, None, "Nobody answers.")
    assert session.practice.attempt(made.id) == made
