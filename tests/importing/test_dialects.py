"""The shapes in which people write questions."""

from __future__ import annotations

import pytest

from coach.domain import Document
from coach.importing import document


def rows(text: str) -> list[tuple[str | None, str | None, str, str, int]]:
    return [(q.printed, q.section, q.text, q.answer, q.line) for q in document(text, "notes.md").questions]


def test_numbered_headings_under_sections() -> None:
    text = "# Notes\n\n## Stores\n\n### 1. What is an index?\n\nA tree.\n\n### 2. What is a view\n\nA query.\n\n"
    text += "## Logs\n\nIntro.\n\n### 1. Why?\n\nSo.\n"
    assert rows(text) == [
        ("1", "Stores", "What is an index?", "A tree.", 5),
        ("2", "Stores", "What is a view", "A query.", 9),
        ("1", "Logs", "Why?", "So.", 17),
    ]


def test_unnumbered_headings_and_a_comment_in_code() -> None:
    text = "## What is X?\nIt is x:\n\n```python\n# What is this?\nx = 1\n```\n\n## What is Y?\nIt is y.\n"
    assert rows(text) == [
        (None, None, "What is X?", "It is x:\n\n```python\n# What is this?\nx = 1\n```", 1),
        (None, None, "What is Y?", "It is y.", 9),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Q: What is X?\nA: It is x.\n\nQ: Why Y?\nA: So.\n",
        "**Q:** What is X?\n**A:** It is x.\n\n**Q:** Why Y?\n**A:** So.\n",
        "**Q1. What is X?**\n\nIt is x.\n\n**Q2. Why Y?**\n\nSo.\n",
        "**Question 1:** What is X?\n**Answer:** It is x.\n\n**Question 2:** Why Y?\n**Answer:** So.\n",
        "Question 1\n\nWhat is X?\n\nAnswer\n\nIt is x.\n\nQuestion 2\n\nWhy Y?\n\nAnswer\n\nSo.\n",
        "#### Q1: What is X?\n\n##### Answer\n\nIt is x.\n\n#### Q2: Why Y?\n\n##### Answer\n\nSo.\n",
        "1. What is X?\n\nIt is x.\n\n2. Why Y?\n\nSo.\n",
        "1) What is X?\nAns: It is x.\n\n2) Why Y?\nAns: So.\n",
        "1. ### What is X?\n\nIt is x.\n\n2. ### Why Y?\n\nSo.\n",
        "1. **What is X?**\n   - **Answer**: It is x.\n\n2. **Why Y?**\n   - **Answer**: So.\n",
        "**What is X? 👶**\n\nIt is x.\n\n**Why Y? 🚀**\n\nSo.\n",
        "**1. What is X?**\nIt is x.\n\n**2. Why Y?** So.\n",
        "What is X?\n==========\n\nIt is x.\n\nWhy Y?\n======\n\nSo.\n",
        "What is X?\n\nIt is x.\n\nWhy Y?\n\nSo.\n",
        "<details><summary>What is X?</summary>\n\nIt is x.\n\n</details>\n"
        "<details><summary><b>Why Y?</b></summary>\n\nSo.\n\n</details>\n",
        "### What is X?\n<details><summary>Answer</summary>\n\nIt is x.\n\n</details>\n\n"
        "### Why Y?\n\nSo.\n\n**[Back to Top](#top)**\n",
    ],
)
def test_one_pair_of_questions_in_every_dialect(text: str) -> None:
    assert [(q[2], q[3]) for q in rows(text)] == [("What is X?", "It is x."), ("Why Y?", "So.")]


def test_sections_may_be_numbered_too() -> None:
    text = "# One\n\n## 1. Basics\n\n### What is X?\n\nfoo\n\n## 2. More\n\n### What is Y?\n\nbar\n"
    assert [(q[1], q[2]) for q in rows(text)] == [("1. Basics", "What is X?"), ("2. More", "What is Y?")]


def test_numbered_steps_stay_in_the_answer() -> None:
    text = (
        "### 1. How do you deploy?\n\n#### 1. Build it\n\nx\n\n#### 2. Ship it\n\ny\n\n### 2. How do you test?\n\nz\n"
    )
    assert [q[2] for q in rows(text)] == ["How do you deploy?", "How do you test?"]
    text = "1. What is X?\n\nIt is x.\n\n2. Explain Y\n\nIn steps:\n\n1. one\n2. two\n\n3. Why Z?\n\nz.\n"
    assert [(q[2], q[3]) for q in rows(text)][1] == ("Explain Y", "In steps:\n\n1. one\n2. two")


def test_contents_lists_are_no_questions() -> None:
    text = "# FAQ\n\n## Contents\n\n- [What is X?](#x)\n- [Why Y?](#y)\n\n## What is X?\n\nfoo\n\n## Why Y?\n\nbar\n"
    assert [q[4] for q in rows(text)] == [8, 12]


@pytest.mark.parametrize("nothing", ["TBD", "To be completed.", "TODO", "*Answer here*", "**Answer:** TBD", "...", ""])
def test_placeholders_are_no_answers(nothing: str) -> None:
    found = document(f"## What is X?\n\n{nothing}\n\n## Why Y?\n\nSo.\n", "a.md")
    assert [q.has_answer for q in found.questions] == [False, True]
    assert "1 of 2 questions have no answer." in found.notes


def test_boilerplate_headings_end_an_answer() -> None:
    text = "## What is X?\n\nfoo\n\n## Why Y?\n\nbar\n\n## License\n\nMIT\n"
    assert [(q[2], q[3]) for q in rows(text)] == [("What is X?", "foo"), ("Why Y?", "bar")]


def test_a_question_wrapped_by_a_page_break() -> None:
    text = (
        "### 1. Explain A and B. In what cases\n\nwould you choose A?\n\nIn most.\n\n### 2. Why?\n\nbecause of this\n"
    )
    assert [(q[2], q[3]) for q in rows(text)] == [
        ("Explain A and B. In what cases would you choose A?", "In most."),
        ("Why?", "because of this"),
    ]


def test_text_before_a_late_first_number_is_an_orphan() -> None:
    found = document("and so it ends.\n\n## 7. What is X?\n\nfoo\n\n## 8. Why Y?\n\nbar\n", "a.md")
    assert [(o.text, o.line) for o in found.orphans] == [("and so it ends.", 1)]
    assert document("My notes.\n\n## What is X?\n\nfoo\n", "a.md").orphans == ()


@pytest.mark.parametrize("text", ["", "\n\n", "Just prose.\n\nMore of it.\n", "# Title only\n", "```\n# Why?\n```\n"])
def test_no_questions_is_a_note(text: str) -> None:
    found: Document = document(text, "some-notes.md")
    assert found.questions == ()
    assert found.notes == ("No questions were recognised.",)


def test_code_that_never_ends_does_not_swallow_the_rest() -> None:
    text = "## What is X?\n\n```python\nx = 1\n\n## What is Y?\n\nbar\n"
    assert [q[2] for q in rows(text)] == ["What is X?", "What is Y?"]


def test_text_is_safe_to_print() -> None:
    (found,) = document("## What is \x1b[31mX\x1b[0m?\n\nred \x1b]0;title\x07\u202eflow\n", "a.md").questions
    assert (found.text, found.answer) == ("What is X?", "red flow")


def test_a_heading_may_hold_a_whole_situation() -> None:
    situation = " ".join(["Assume a network in which every node knows the best path to the source."] * 20)
    text = f"## {situation} Which packets are dropped?\n\n**Answer:** Those of C.\n\n## What is a hop?\n\n**Answer:** One link.\n"
    assert [question.answer for question in document(text, "exam.md").questions] == ["Those of C.", "One link."]


def test_a_single_letter_may_be_a_name() -> None:
    assert rows("# Questions\n\n## What is A?\n\nThe first.\n") == [(None, None, "What is A?", "The first.", 3)]
