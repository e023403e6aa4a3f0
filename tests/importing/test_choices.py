"""Multiple choice in tables and objects, and answer keys: options are material, the right one in full is the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.importing import document, read


def asked(path: Path, text: str) -> list[tuple[str, str, str]]:
    path.write_text(text, encoding="utf-8")
    return [(question.text, question.material, question.answer) for question in read(path).questions]


OPTIONS = "A. heap\nB. stack\nC. queue"


@pytest.mark.parametrize(
    ("header", "pointer"),
    [
        ("Question,Option A,Option B,Option C,Correct Answer", "B"),
        ("question,a,b,c,answer", "(b)"),
        ("question,option1,option2,option3,correct", "2"),
        ("Question,Choice 1,Choice 2,Choice 3,Key", "stack"),
        ("Question,Answer 1,Answer 2,Answer 3,Correct answer(s)", "2"),
    ],
)
def test_columns_of_options(tmp_path: Path, header: str, pointer: str) -> None:
    rows = asked(tmp_path / "quiz.csv", f"{header}\nWhich is last in first out?,heap,stack,queue,{pointer}\n")
    assert rows == [("Which is last in first out?", OPTIONS, "stack")]


def test_several_right_options_and_a_reason(tmp_path: Path) -> None:
    text = 'Question,Option A,Option B,Option C,Correct,Explanation\nWhich are ordered?,heap,stack,queue,"B, C",\n'
    assert asked(tmp_path / "quiz.csv", text) == [("Which are ordered?", OPTIONS, "stack\nqueue")]
    row = {"question": "Which is last in first out?", "options": ["heap", "stack", "queue"], "answer": "B"}
    found = asked(tmp_path / "quiz.json", json.dumps([row | {"explanation": "Its top goes first."}]))
    assert found == [("Which is last in first out?", OPTIONS, "stack\n\nIts top goes first.")]


@pytest.mark.parametrize(
    ("numbers", "answers"),
    [((0, 1), ["heap", "stack"]), ((3, 1), ["queue", "heap"]), ((1, 2), ["1", "2"]), ((0, 3), ["0", "3"])],
)
def test_numbers_count_from_where_the_document_shows(
    tmp_path: Path, numbers: tuple[int, int], answers: list[str]
) -> None:
    rows = [
        {"question": f"Which is number {n}?", "options": ["heap", "stack", "queue"], "correctIndex": number}
        for n, number in enumerate(numbers)
    ]
    assert [answer for _, _, answer in asked(tmp_path / "quiz.json", json.dumps(rows))] == answers


def test_flags_mappings_and_wrong_answers(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"question": "Flagged?", "answers": [{"text": "no", "correct": False}, {"text": "yes", "correct": True}]},
        {"question": "Mapped?", "options": {"a": "no", "b": "yes"}, "answer": "b"},
        {"question": "Listed?", "correct_answer": "yes", "incorrect_answers": ["no"]},
    ]
    found = asked(tmp_path / "quiz.json", json.dumps(rows))
    assert [answer for _, _, answer in found] == ["yes"] * 3
    assert [sorted(material.split()) for _, material, _ in found] == [["A.", "B.", "no", "yes"]] * 3


def test_code_in_a_field_is_material(tmp_path: Path) -> None:
    text = json.dumps([{"question": "What does it print?\n```py\nprint(1)\n```", "answer": "1"}])
    assert asked(tmp_path / "quiz.json", text) == [("What does it print?", "```py\nprint(1)\n```", "1")]


QUIZ = "# Quiz\n\n" + "".join(
    f"{n}. Which one is number {n}?\n   A. first {n}\n   B. second {n}\n\n" for n in (1, 2, 3, 4)
)


@pytest.mark.parametrize(
    "key",
    [
        "## Answers\n\n1. A\n2. B\n3. B\n4. A\n",
        "**Answer key:**\n\n1-A, 2-B, 3-B, 4-A\n",
        "Answers\n\n| No | Key |\n|---|---|\n| 1 | A |\n| 2 | B |\n| 3 | B |\n| 4 | A |\n",
    ],
)
def test_a_key_at_the_end_answers_by_the_text_of_the_option(key: str) -> None:
    questions = document(QUIZ + key, "quiz.md").questions
    assert [question.answer for question in questions] == ["first 1", "second 2", "second 3", "first 4"]


def test_a_number_given_twice_and_a_text_are_no_key() -> None:
    questions = document(QUIZ + "## Answers\n\n1. A\n1. B\n2. B\n3. B\n", "quiz.md").questions
    assert [question.answer for question in questions] == ["", "second 2", "second 3", ""]
    told = document(QUIZ + "## Answers\n\nThey are with the teacher.\n", "quiz.md").questions
    assert not any(question.answer.startswith(("first", "second")) for question in told)
