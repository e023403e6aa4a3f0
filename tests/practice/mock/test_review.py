from __future__ import annotations

from datetime import timedelta

from coach.domain import Importance, Kind, Outcome, Question, Rubric
from coach.domain.practice import Attempt
from coach.practice.mock import Ending, MockInterview, planned
from coach.practice.mock.report import Report, Story
from coach.practice.mock.review import review
from tests.practice.made import NOON, attempt, grade, question, verdict

CONCEPT, TALE, DESIGN = question(1), question(2, Kind.BEHAVIOURAL), question(3, Kind.DESIGN, "Systems")
POINTS = (
    verdict("must", Outcome.MISSING),
    verdict("bonus", Outcome.MISSING, Importance.BONUS),
    verdict("should", Outcome.CONTRADICTED, Importance.SHOULD),
    verdict("said", Outcome.COVERED),
)


def story(answer: str) -> Story:
    return Story("S" in answer, "T" in answer, "A" in answer, "R" in answer, "L" in answer, "9" in answer, 1.0)


def held(*answers: tuple[str, float | None, float]) -> MockInterview:
    mock = planned("m1", [CONCEPT, TALE, DESIGN], 10).begin(NOON)
    now = NOON
    for n, (text, sure, seconds) in enumerate(answers):
        now += timedelta(seconds=seconds)
        mock = mock.submit(text, sure, now)
        if mock.items[n].answered:
            mock = mock.saved(n, f"a{n}")
    return mock if mock.over else mock.stop(now)


def reported(mock: MockInterview, *attempts: Attempt) -> Report:
    questions = {item.id: item for item in (CONCEPT, TALE, DESIGN)}
    rubrics = {"q1": Rubric("q1", tuple(item.point for item in POINTS), "shipped", "h")}
    return review(mock, questions, rubrics, {item.id: item for item in attempts}, story)


def answered(name: str, asked: Question, score: int | None, answer: str = "It is so.") -> Attempt:
    wrong = "should" if score is not None and score < 90 else ""
    return attempt(name, asked, grade(asked, score, POINTS if asked is CONCEPT else (), wrong), answer=answer)


def test_each_question_says_what_was_missing_and_what_a_stronger_answer_has() -> None:
    mock = held(("x", 0.9, 60), ("STA, mine", 0.5, 90), ("y", None, 30))
    found = reported(
        mock, answered("a0", CONCEPT, 30), answered("a1", TALE, 60, "STA, mine"), answered("a2", DESIGN, 90)
    )
    assert (found.score, found.answered, found.asked) == (60, 3, 3)
    first = found.questions[0]
    assert [gap.point_id for gap in first.missing] == ["should", "must"]
    assert first.missing[0].why == "Not so: should."
    assert [(step.point_id, step.outcome) for step in first.outline] == [
        (item.point.id, item.outcome) for item in POINTS
    ]
    assert (first.seconds, round(first.allowed)) == (60, round(600 / 3.8))
    assert first.story is None
    tale = found.questions[1].story
    assert tale is not None
    assert tale.lacking == ("result", "reflection")
    assert found.calibration.count == 2
    assert found.calibration.bias is not None
    assert round(found.calibration.bias, 3) == round(((0.9 - 0.3) + (0.5 - 0.6)) / 2, 3)
    assert found.graders == ("offline rubric 1",)


def test_three_things_to_do_the_false_claim_first() -> None:
    mock = held(("x", 0.9, 60), ("STA, mine", 0.5, 90), ("y", None, 30))
    found = reported(mock, answered("a0", CONCEPT, 30), answered("a1", TALE, 60, "STA"), answered("a2", DESIGN, 90))
    assert len(found.next) == 3
    assert found.next[0] == "Put right what you said on question 1: Not so: should."
    assert found.next[1].startswith("Answer question 1 (Basics) again and make this point: Point must is so.")
    assert found.next[2] == "Tell the story of question 2 with what it lacks: result, reflection."


def test_silence_counts_nothing_and_a_missing_grade_is_no_number() -> None:
    mock = held(("x", None, 10), ("", None, 10), ("y", None, 10))
    found = reported(mock, answered("a0", CONCEPT, 60), answered("a2", DESIGN, None))
    assert [row.score for row in found.questions] == [60, None, None]
    assert found.questions[1].reason == "Nothing was answered."
    assert found.questions[2].reason == "No reference."
    assert found.score == 30
    assert found.answered == 1


def test_what_was_not_reached_is_no_zero_but_is_told() -> None:
    mock = held(("x", None, 10))
    found = reported(mock, attempt("a0", CONCEPT, grade(CONCEPT, 95, (verdict("said", Outcome.COVERED),))))
    assert found.score == 95
    assert [row.ending for row in found.questions] == [Ending.SUBMITTED, Ending.STOPPED, Ending.NOT_REACHED]
    assert found.next[0].startswith("Answer question 2 in writing")


def test_time_up_and_overconfidence_are_said() -> None:
    mock = planned("m1", [CONCEPT], 1).begin(NOON).write("half", NOON).tick(NOON + timedelta(seconds=61)).saved(0, "a0")
    found = reported(mock, attempt("a0", CONCEPT, grade(CONCEPT, 20)))
    assert found.next[0] == "Watch the clock: question 1 ran out of time. Say the main point first, then the reasons."
    mock = held(("x", 0.9, 150), ("STARL 9", None, 10), ("y", None, 10))
    found = reported(
        mock,
        attempt("a0", CONCEPT, grade(CONCEPT, 20)),
        attempt("a1", TALE, grade(TALE, 90), answer="STARL 9"),
        attempt("a2", DESIGN, grade(DESIGN, 80)),
    )
    assert found.next[0].startswith("1 answer that you were sure of was weak")


def test_a_second_try_shows_before_and_after() -> None:
    mock = held(("x", None, 10), ("", None, 10), ("", None, 10)).graded({"a0": 30}).redo(NOON)
    mock = mock.submit("better", None, NOON + timedelta(seconds=5)).second_saved("b").graded({})
    better = attempt(
        "b", CONCEPT, grade(CONCEPT, 80, (verdict("must", Outcome.COVERED), verdict("said", Outcome.COVERED)))
    )
    found = reported(mock, answered("a0", CONCEPT, 30), better)
    assert found.second is not None
    assert (found.second.number, found.second.before, found.second.after) == (1, 30, 80)
    assert found.second.gained == ("Point must is so.",)


def test_a_question_that_left_the_corpus_lives_on_in_its_attempt() -> None:
    mock = held(("x", None, 10), ("y", None, 10), ("z", None, 10))
    found = review(mock, {}, {}, {"a0": answered("a0", CONCEPT, 50)}, story)
    assert [row.number for row in found.questions] == [1]
    assert [step.text for step in found.questions[0].outline] == [item.point.text for item in POINTS]
    assert review(mock, {}, {}, {}, story).score is None
