"""Fields of objects, tables and pages beside question and answer: follow-ups, keywords, reasons, options in one cell, badges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.importing import document, read


def asked(path: Path, text: str) -> list[tuple[str, str]]:
    path.write_text(text, encoding="utf-8")
    return [(question.text, question.answer) for question in read(path).questions]


def test_questions_that_follow_up_are_questions_too(tmp_path: Path) -> None:
    rows = {
        "rounds": [
            {"main_question": "How would you shard a ledger?", "follow": ["By which key?", "What if it grows?"]},
            {"main_question": "Describe a lease.", "follow_ups": ["Who renews it?"]},
        ]
    }
    found = asked(tmp_path / "guide.json", json.dumps(rows))
    assert [text for text, _ in found] == [
        "How would you shard a ledger?",
        "By which key?",
        "What if it grows?",
        "Describe a lease.",
        "Who renews it?",
    ]


@pytest.mark.parametrize("name", ["keywords", "expected_keywords", "keyWords"])
def test_keywords_are_no_answer(tmp_path: Path, name: str) -> None:
    rows = [{"question": "What is a heap?", name: ["tree", "order"]}]
    assert asked(tmp_path / "cards.json", json.dumps(rows)) == [("What is a heap?", "")]
    with_answer = [row | {"answer": "A tree with an order."} for row in rows]
    assert asked(tmp_path / "more.json", json.dumps(with_answer)) == [("What is a heap?", "A tree with an order.")]


def test_options_that_are_tags_are_shown_as_code(tmp_path: Path) -> None:
    row = {"question": "Which one breaks a line?", "choice1": "<p>", "choice2": "<br>", "choice3": "<!-- -->"}
    found = asked(tmp_path / "tags.json", json.dumps([row | {"answer": "2"}]))
    assert found == [("Which one breaks a line?", "`<br>`")]


def test_tags_in_the_code_of_an_answer_stay() -> None:
    text = (
        "## What breaks a line?\n\nThe tag `<br>`, and `<p>` starts a paragraph.<br>\n\n## What is a rule?\n\n`<hr>`\n"
    )
    answers = [question.answer for question in document(text, "tags.md").questions]
    assert answers == ["The tag `<br>`, and `<p>` starts a paragraph.", "`<hr>`"]


def test_a_reason_answers_where_no_option_is_named(tmp_path: Path) -> None:
    text = "question,correct_answer,explanation\nIs a heap a tree?,true,It has one root.\nMatch the sets.,,Each has its own.\n"
    found = asked(tmp_path / "quiz.csv", text)
    assert found == [("Is a heap a tree?", "true\n\nIt has one root."), ("Match the sets.", "Each has its own.")]


def test_options_in_one_cell(tmp_path: Path) -> None:
    text = (
        "Question,Options,Answer\nWhich is last in first out?,heap|stack|queue,1\nWhich is a tree?,heap|stack|queue,0\n"
    )
    path = tmp_path / "quiz.csv"
    assert asked(path, text) == [("Which is last in first out?", "stack"), ("Which is a tree?", "heap")]
    assert [question.material for question in read(path).questions] == ["A. heap\nB. stack\nC. queue"] * 2


def test_a_badge_beside_a_question_is_no_part_of_it(tmp_path: Path) -> None:
    item = (
        '<div class="card"><div class="question-header"><h3>{0}. What is {1}?</h3><span class="badge hot">Often asked</span>'
        '</div><div class="answer"><p>It is {1}.</p></div></div>'
    )
    page = "<body>" + "".join(item.format(n, name) for n, name in enumerate(("a pod", "a node"), start=1)) + "</body>"
    assert asked(tmp_path / "page.html", page) == [
        ("What is a pod?", "It is a pod."),
        ("What is a node?", "It is a node."),
    ]


def test_a_question_that_stands_there_twice_is_one() -> None:
    text = "# Interview questions\n\n### What is a pod?\n\n### What is a pod?\n\nA unit.\n\n### What is a node?\n\nA host.\n"
    found = [(question.text, question.answer) for question in document(text, "twice.md").questions]
    assert found == [("What is a pod?", "A unit."), ("What is a node?", "A host.")]


def test_a_label_without_a_question_is_neither_question_nor_answer() -> None:
    text = "## Q. ***What is a pod?***\n\nA unit.\n\n## Q. ***What is a node?***\n\n## Q. ***\n\n## Q. ***\n"
    found = [(question.text, question.answer) for question in document(text, "labels.md").questions]
    assert found == [("What is a pod?", "A unit."), ("What is a node?", "")]


def test_fronts_without_a_back_among_cards_with_tabs() -> None:
    text = "# Questions for my cards\nWhat is a pod?\tA unit.\nFormula of the load\nWhat is a node?\tA host.\nWhat is a set?\nRing\tA circle.\n"
    found = [(question.text, question.answer) for question in document(text, "cards.txt").questions]
    assert found == [
        ("What is a pod?", "A unit."),
        ("Formula of the load", ""),
        ("What is a node?", "A host."),
        ("What is a set?", ""),
        ("Ring", "A circle."),
    ]  # fmt: skip


def test_a_remark_in_lower_case_behind_a_whole_task_is_no_part_of_it() -> None:
    text = "# Interview questions\n\n1. Explain paging.\n2. Write a query for idle hosts.\n   consider one table\n3. What is a fault?\n"
    assert [question.text for question in document(text, "tasks.md").questions] == [
        "Explain paging.",
        "Write a query for idle hosts.",
        "What is a fault?",
    ]


def test_a_problem_without_a_solution_is_asked_by_its_description(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "title": "Two numbers", "difficulty": "Easy", "description": "Find two that add up.", "hints": []}
    ]
    assert asked(tmp_path / "problems.json", json.dumps({"data": rows})) == [("Find two that add up.", "")]
    solved = [row | {"solution": "Use a map."} for row in rows]
    assert asked(tmp_path / "solved.json", json.dumps({"data": solved})) == [("Find two that add up.", "Use a map.")]


def test_buttons_to_choose_from_are_options(tmp_path: Path) -> None:
    item = "<div class='question'><p>{0}. Which is {1}?</p>{2}</div>"
    options = "".join(f"<label><input type='radio' name='q' value='{n}'> {n}</label>" for n in ("for", "if"))
    page = "<body>" + item.format(1, "a loop", options) + item.format(2, "a branch", options) + "</body>"
    assert asked(tmp_path / "quiz.html", page) == [("Which is a loop?", ""), ("Which is a branch?", "")]


def test_of_an_instruction_and_what_it_is_for_the_latter_asks(tmp_path: Path) -> None:
    rows = [
        {"instruction": "Answer the question.", "input": f"What is {n}?", "output": f"It is {n}."}
        for n in ("a pod", "a node")
    ]
    found = asked(tmp_path / "pairs.json", json.dumps(rows))
    assert found == [("What is a pod?", "It is a pod."), ("What is a node?", "It is a node.")]
    alone = [{"instruction": "Explain a mutex.", "input": "", "output": "A lock for one."}]
    assert asked(tmp_path / "alone.json", json.dumps(alone)) == [("Explain a mutex.", "A lock for one.")]
