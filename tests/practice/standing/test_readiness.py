from __future__ import annotations

from datetime import timedelta

from hypothesis import given

from coach.domain.practice import Summary
from coach.practice.standing.progress import counted
from coach.practice.standing.readiness import LEAST_QUESTIONS, readiness
from tests.practice.made import NOON, question, summaries_strategy, summary

QUESTIONS = [question(number) for number in range(1, 13)]
LATER = NOON + timedelta(days=400)


def test_below_an_interviews_worth_of_questions_there_is_no_number() -> None:
    rows = [summary(f"q{number}", 80, number) for number in range(1, LEAST_QUESTIONS)]
    found = readiness(QUESTIONS, rows, LATER)
    assert (found.score, found.range) == (None, None)
    assert "8 different questions" in found.basis[0]
    assert readiness(QUESTIONS, [], LATER).score is None


def test_the_estimate_says_what_it_rests_on() -> None:
    rows = [summary(f"q{number}", 70, number) for number in range(1, 9)]
    found = readiness(QUESTIONS, rows, NOON + timedelta(days=10))
    assert found.score == 70
    assert found.range is not None
    assert found.range[0] < 70 < found.range[1]
    text = " ".join(found.basis)
    assert "8 of 12 questions" in text
    assert "in 8 attempts" in text
    assert "8 of them in the last 90 days" in text
    assert "Graded by offline rubric 1." in text
    assert "other 4 are expected to go as your first attempts did" in text


def test_unseen_questions_are_expected_to_go_as_first_attempts_did_in_their_section() -> None:
    questions = [question(n, section="A" if n < 9 else "B") for n in range(1, 17)]
    rows = [
        summary(f"q{n}", 40 if n < 9 else 80, n, section="A" if n < 9 else "B") for n in (1, 2, 3, 4, 9, 10, 11, 12)
    ]
    better = [summary(f"q{n}", 100, 50 + n, section="B") for n in (9, 10, 11, 12)]
    first, then = readiness(questions, rows, LATER), readiness(questions, rows + better, LATER)
    assert first.score == 60
    # The four seen ones of B go up by 10 on average (80, 100); nothing is promised for the unseen.
    assert then.score == round(60 + 4 * 10 / 16)


def test_another_grader_is_left_out_and_named() -> None:
    rows = [summary(f"q{n}", 10, n, grader_name="judge") for n in range(1, 13)]
    rows += [summary(f"q{n}", 90, 20 + n) for n in range(1, 10)]
    found = readiness(QUESTIONS, rows, LATER)
    assert found.score == 90
    assert "12 attempts by other graders left out" in " ".join(found.basis)


@given(summaries_strategy(60))
def test_an_estimate_lies_within_the_scores_and_its_range(rows: list[Summary]) -> None:
    found = readiness(QUESTIONS, counted(rows), LATER)
    assert found.basis
    if found.score is None:
        assert found.range is None
        return
    assert found.range is not None
    assert 0 <= found.range[0] <= found.score <= found.range[1] <= 100
