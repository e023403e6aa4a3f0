from __future__ import annotations

from coach.domain import Importance, KeyPoint, Outcome, Question, Rubric
from coach.domain.plans import Tally
from coach.practice.standing.points import standings, weak
from tests.practice.made import question

QUESTIONS = {"q1": question(1), "q2": question(2)}
MUST, SHOULD, BONUS = Importance.MUST, Importance.SHOULD, Importance.BONUS


def rubric(asked: Question) -> Rubric:
    points = [("wrong", MUST), ("twice", MUST), ("once", MUST), ("should", SHOULD), ("bonus", BONUS), ("said", MUST)]
    return Rubric(asked.id, tuple(KeyPoint(name, f"{name}!", how, 1.0) for name, how in points), "shipped", "h")


def tally(name: str, in_a_row: int, last: Outcome = Outcome.MISSING, question_id: str = "q1") -> Tally:
    return Tally(question_id, name, 5, 3, in_a_row, last)


def test_what_needs_work_comes_first_and_a_said_point_is_not_weak() -> None:
    tallies = [
        tally("once", 1),
        tally("said", 0, Outcome.PARTIAL),
        tally("bonus", 5),
        tally("should", 2),
        tally("wrong", 2, Outcome.CONTRADICTED),
        tally("twice", 2),
    ]
    found = standings(tallies, QUESTIONS.get, rubric)
    assert [item.point_id for item in weak(found)] == ["wrong", "twice", "should", "once"]
    assert len(found) == 6
    first = found[0]
    assert (first.number, first.text, first.asked, first.missed, first.misses_in_a_row) == (1, "wrong!", 5, 3, 2)


def test_what_left_the_rubric_or_the_library_is_left_out() -> None:
    assert standings([tally("gone", 3), tally("once", 3, question_id="q9")], QUESTIONS.get, rubric) == []
