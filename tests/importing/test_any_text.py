"""Whatever the text: no crash, lines in range, the same twice; and time that grows with length only."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.errors import CoachError
from coach.importing import document, questions, read
from coach.importing.questions import Role

PIECES = (
    "# T", "## 1. What is X?", "### 2) Explain Y", "**3. Why?**", "Q: a?", "A: b", "**Answer:** c", "- item", "1. one",
    "```", "```python", "~~~", "---", "===", "    code", "def f(x):", "return x", "plain text", "ends here?", "$O(n)$",
    "<details>", "<summary>What?</summary>", "</details>", "<!--", "-->", "| a | b |", "TBD", "", "", "**", "`", "\\_",
    "Question 4", "- [a?](#a)", "\x1b[1m", "17a. Why so?", "# comment f(1)", "##1.What?", "(1) What?", "1.2 Why?", "a) one",
    "b) two", "- [ ] one", "- [x] two", "Answer: a", "What is X?\n: a thing", "<dt>Why?</dt>", "<dd>so</dd>", "<h3>What?</h3>",
    "| Question | Answer |\n|---|---|\n| Why? | so |", "*What is it?*", "- What? **That.**", "> **Q1:** Who?", "## Contents",
    "[Table](#t)", "###### Source", "Interviewer: Why?", "**2) Two.** Explain it", "Explore all 5 answers here",
)  # fmt: skip
documents = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=40).map("\n".join),
    st.text("#*`$_-\n 1.?Q:", max_size=200),
)


@settings(max_examples=300, deadline=None)
@given(documents)
def test_any_text_parses(text: str) -> None:
    try:
        found = document(text, "a.md")
    except CoachError:
        return
    rows = text.count("\n") + 1
    lines = [question.line for question in found.questions]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= rows for line in lines)
    for question in found.questions:
        assert question.text
        assert question.text == " ".join(question.text.split())
        assert question.answer == question.answer.strip("\n").rstrip()
        assert "\x1b" not in question.text + question.answer
    assert document(text, "a.md") == found


@settings(max_examples=150, deadline=None)
@given(documents)
def test_every_line_has_a_role(text: str) -> None:
    parsed = questions.parse(text)
    rows = text.split("\n")
    assert len(parsed.roles) == len(rows)
    assert all((role is Role.BLANK) <= (not row.strip()) for role, row in zip(parsed.roles, rows, strict=True))


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "any.md"
    path.write_bytes(data)
    try:
        read(path)
    except CoachError as problem:
        assert problem.hint


@pytest.mark.parametrize(
    "piece",
    [
        "*",
        "$",
        "`",
        "`a ",
        "[",
        "[a](",
        "<",
        "<!--",
        "\\",
        "\\(",
        "**a ",
        " ",
        "_",
        "~",
        "```\n\n",
        "# a?\n",
        "**a?**\n",
        "Q: a\n",
        "**1. a\n",
        "<summary>\n",
        "<!-- a\n",
        "a\n",
        "- a\n",
        "<details>\n",
        "<details><summary>a?</summary>\n",
        "- [ ] a\n",
        "a) b\n",
        "A: b\n",
        "| a ",
        "|-",
        "| Question | Answer |\n|---|---|\n| a | `b |\n",
        "**1)** a\n",
        "1.1 a\n",
        "a?\n: b\n",
        "[a](#",
        "(1) ",
        "?  ",
        "- a? **b**\n",
        "# Answer\n",
        "## a\n",
        "###### 1. a\n",
        "Question 1\n",
        "the answer ",
        "so is it what ",
        "> ",
        "👶",
        "<b>",
        "- a?\n  - b\n",
        "```a\n",
    ],
)
def test_repetition_does_not_blow_up(piece: str) -> None:
    document("## What is X?\n\n" + piece * (100_000 // len(piece)) + "\n\n## Why?\n", "a.md")
