from __future__ import annotations

from coach.domain import Importance, Outcome
from coach.domain.practice import Origin
from coach.practice.points import standings, weak
from tests.practice.made import attempt, grade, question, verdict

Q = question(1)


def test_a_point_is_followed_through_the_attempts_oldest_first() -> None:
    found = standings(
        [
            attempt("a3", Q, grade(Q, 40, (verdict("p", Outcome.CONTRADICTED),), "p"), 3),
            attempt("a1", Q, grade(Q, 80, (verdict("p", Outcome.COVERED),)), 1),
            attempt("a2", Q, grade(Q, 50, (verdict("p", Outcome.MISSING),)), 2),
            attempt("a4", Q, None, 4),
            attempt("a5", Q, grade(Q, None), 5),
            attempt("a6", Q, grade(Q, 80, (verdict("p", Outcome.COVERED),)), 6, origin=Origin.BATCH),
        ]
    )
    (point,) = found
    assert (point.asked, point.covered, point.partial, point.missing, point.contradicted) == (3, 1, 0, 1, 1)
    assert (point.last, point.misses_in_a_row) == (Outcome.CONTRADICTED, 2)
    assert (point.question_id, point.question, point.text) == ("q1", Q.text, "Point p is so.")


def test_what_needs_work_comes_first_and_a_said_point_is_not_weak() -> None:
    def answer(n: int, **outcomes: Outcome) -> object:
        return attempt(f"a{n}", Q, grade(Q, 50, tuple(verdict(name, how) for name, how in outcomes.items())), n)

    rows = [
        answer(1, said=Outcome.MISSING, twice=Outcome.MISSING, once=Outcome.COVERED, wrong=Outcome.COVERED),
        answer(2, said=Outcome.PARTIAL, twice=Outcome.MISSING, once=Outcome.MISSING, wrong=Outcome.CONTRADICTED),
    ]
    extra = attempt("b", Q, grade(Q, 50, (verdict("bonus", Outcome.MISSING, Importance.BONUS),)), 3)
    found = standings([*rows, extra])  # type: ignore[list-item]
    assert [item.point_id for item in weak(found)] == ["twice", "wrong", "once"]
    assert {item.point_id for item in found} == {"said", "twice", "once", "wrong", "bonus"}
