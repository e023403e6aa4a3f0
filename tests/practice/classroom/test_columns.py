from __future__ import annotations

import pytest

from coach.errors import UsageError
from coach.practice.classroom.columns import recognised, told

ALL = ("student", "q", "answer")


@pytest.mark.parametrize(
    ("header", "student", "q", "answer"),
    [
        (["student", "q", "answer"], "student", "q", "answer"),
        (["Student Name", "Question No.", "Response"], "Student Name", "Question No.", "Response"),
        (["EMAIL", "item", "Text"], "EMAIL", "item", "Text"),
        (["StudentName", "question_id", "student_answer"], "StudentName", "question_id", "student_answer"),
        (["id", "Name", "Question", "Answer", "Email"], "Name", "Question", "Answer"),
    ],
)
def test_sensible_names_are_recognised(header: list[str], student: str, q: str, answer: str) -> None:
    found = recognised(header, {}, ALL)
    assert (found["student"], found["q"], found["answer"]) == (student, q, answer)


def test_a_column_that_is_told_wins_and_serves_once() -> None:
    found = recognised(["Wer", "q", "answer", "text"], told("student=wer, answer=TEXT"), ALL)
    assert found == {"student": "Wer", "q": "q", "answer": "text"}


def test_what_is_missing_is_named_with_what_there_is() -> None:
    with pytest.raises(UsageError) as problem:
        recognised(["Wer", "q", "answer"], {}, ALL)
    assert "student" in problem.value.message
    assert "'Wer'" in problem.value.hint
    assert "--columns student=" in problem.value.hint
    with pytest.raises(UsageError, match="no column 'Name'"):
        recognised(["q"], {"student": "Name"}, ())


@pytest.mark.parametrize("text", ["student", "who=Name", "student=", "=Name"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no use for"):
        told(text)
    assert told("") == told(None) == {}
