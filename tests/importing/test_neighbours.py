"""One list of questions in many ways of writing that differ by a sign: a mark, a remark, a label, options, a page's boxes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.importing import document, read

ASKED = (
    "What is a page in memory?",
    "How does a lease end?",
    "Explain the role of a broker.",
    "Why do we copy on write?",
    "Which queue is drained first?",
)
TOLD = (
    "A block of a fixed size.",
    "When nobody renews it.",
    "It keeps what nobody has read.",
    "Most copies are never changed.",
    "The one with the oldest entry.",
)
MARKS = (
    "{n}.{q}", "{n}){q}", "({n}) {q}", "{n}- {q}", "{n}-{q}", "{n} - {q}", "{n}: {q}", "{n}\\. {q}", "{n} {q}", "Q{n}. {q}", "Q{n}.{q}",
    "Q{n} {q}", "Q-{n} {q}", "Question {n} - {q}", "-{q}", "•{q}", "*{q}", "**{n}. {q}**", "**{n}\\. {q}**", "**{n}. Q: {q}**",
    "{n}. Q: {q}", "- Q: {q}", "###{n}.{q}", "### Question {n}\n\n**{q}**", "**Question {n}**\n{q}", "<p>{n}. {q}</p>", "[{n}] {q}",
)  # fmt: skip
REMARKS = (
    "[Easy] {q}", "[{l}] {q}", "(Easy) {q}", "**Easy** {q}", "`Easy` {q}", "[Theory] {q}", "{q} [Medium]", "{q} *Medium*", "{q} `Medium`",
    "{q} *@someone*", "{q} (Acme)", "{q} [5M]", "{q} [CO1] [L2]", "{q} #memory", "{q} **(Important)**", "{q} <sub>Easy</sub>",
    "{q} [Answer](https://example.org/a)",
)  # fmt: skip
BODIES = ("", "\n{a}\n", "\n\n{a}\n", "\nAnswer: {a}\n", "\nAns- {a}\n", "\nAnswer --\n{a}\n", "\n\n**Answer**\n\n{a}\n",
          "\n<details><summary>Show answer</summary>{a}</details>\n")  # fmt: skip
BOXES = (
    "<h3>{n}. {q}</h3><p>{a}</p>",
    "<div class='item'><button>{n}. {q}<span>+</span></button><div><p>{a}</p></div></div>",
    "<button aria-expanded='false'>{q}</button><div hidden><p>{a}</p></div>",
    "<details><summary><span>{q}</span><span class='lvl'>Medium</span><span class='sign'>▼</span></summary><p>{a}</p></details>",
    "<details><summary><em>Easy</em> {q}</summary><p>{a}</p></details>",
)
HEADERS = (("Question", "Answer"), ("Scenario Question", "Best Answer (Beginner)"), ("Sl No.", "Questions", "Marks"))


def texts(text: str) -> list[str]:
    return [question.text for question in document(text, "notes.md").questions]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("mark", MARKS)
def test_marks(mark: str, body: str, end: str) -> None:
    rows = [(mark + body).format(n=n, q=q, a=a) for n, (q, a) in enumerate(zip(ASKED, TOLD, strict=True), start=1)]
    found = document("\n".join(rows).replace("\n", end) + end, "notes.md").questions
    assert [question.text for question in found] == list(ASKED)
    assert [question.answer for question in found] == (list(TOLD) if body else [""] * len(ASKED))


@pytest.mark.parametrize(
    "mark", ["{n}. {q}", "{n}.{q}", "- {q}", "* {q}", "Q{n}. {q}", "**{n}. {q}**", "### {n}. {q}", "- **{q}**"]
)
@pytest.mark.parametrize("remark", REMARKS)
def test_remarks_are_no_part_of_a_question(remark: str, mark: str) -> None:
    rows = [mark.format(n=n, q=remark.format(q=q, l="EMHEM"[n - 1])) for n, q in enumerate(ASKED, start=1)]
    found = document("# Questions\n\n" + "\n".join(rows) + "\n", "notes.md").questions
    assert [question.text for question in found] == list(ASKED)
    assert not any(question.has_answer for question in found)


def test_a_remark_that_stands_once_stays() -> None:
    text = "# Questions\n\n1. What is a page? (in memory)\n2. How does a lease end?\n3. Explain `fork`\n4. Explain `exec`\n"
    assert texts(text)[0] == "What is a page? (in memory)"
    assert texts(text)[2:] == ["Explain fork", "Explain exec"]


@pytest.mark.parametrize("box", BOXES)
def test_pages(box: str, tmp_path: Path) -> None:
    rows = [box.format(n=n, q=q, a=a) for n, (q, a) in enumerate(zip(ASKED, TOLD, strict=True), start=1)]
    page = "<html><body><h1>Questions</h1>" + "".join(rows) + "<button>Load more</button></body></html>"
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    assert [(question.text, question.answer) for question in read(path).questions] == list(
        zip(ASKED, TOLD, strict=True)
    )


@pytest.mark.parametrize("number", ["", "{n}. ", "{n}\\. ", "Q{n}: "])
@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("bold", ["", "**"])
def test_tables(header: tuple[str, ...], number: str, bold: str) -> None:
    rows = [list(header), ["---"] * len(header)]
    for n, (q, a) in enumerate(zip(ASKED, TOLD, strict=True), start=1):
        asked = f"{bold}{number.format(n=n)}{q}{bold}"
        rows.append([asked, a] if len(header) == 2 else [str(n), asked, "5"])
    text = "\n".join("| " + " | ".join(cells) + " |" for cells in rows)
    found = document(text + "\n", "notes.md").questions
    assert [question.text for question in found] == list(ASKED)
    assert all(question.has_answer is (len(header) == 2) for question in found)


@pytest.mark.parametrize("option", ["   {n}. ", "   {n}) ", "   - ", "- [ ] ", "{l}) ", "{l}.", "- **{u}.** ", "( ) "])
@pytest.mark.parametrize("mark", ["{n}. {q}", "{n}.{q}", "Q{n}. {q}", "### {n}. {q}", "**{n}. {q}**"])
def test_options_are_no_answer(mark: str, option: str) -> None:
    asked = [
        "Which of the following is a unit?",
        "Which colour warns?",
        "Which of these is a tree?",
        "Which one is even?",
    ]
    words = [("byte", "fan", "lamp"), ("red", "blue", "grey"), ("oak", "iron", "tin"), ("two", "five", "nine")]
    rows = []
    for n, (q, offered) in enumerate(zip(asked, words, strict=True), start=1):
        rows.append(mark.format(n=n, q=q))
        rows += [option.format(n=k, l="abc"[k - 1], u="ABC"[k - 1]) + word for k, word in enumerate(offered, start=1)]
        rows.append("")
    found = document("\n".join(rows), "notes.md").questions
    assert [question.text for question in found] == asked
    assert [question.has_answer for question in found] == [False] * 4
    assert all("byte" in question.material for question in found[:1])


def test_a_field_that_tells_whether_there_is_a_solution_answers_nothing(tmp_path: Path) -> None:
    rows = [{"title": title, "difficulty": "easy", "has_solution": True} for title in ("Merge two lists", "A clock")]
    path = tmp_path / "problems.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert [(one.text, one.has_answer) for one in read(path).questions] == [
        ("Merge two lists", False),
        ("A clock", False),
    ]


def test_steps_below_the_last_question_are_part_of_its_answer() -> None:
    rows = [
        f"{n}. {q}\n\n{a}\n\n1. first step\n2. second step\n"
        for n, (q, a) in enumerate(zip(ASKED, TOLD, strict=True), start=1)
    ]
    assert texts("\n".join(rows)) == list(ASKED)
