"""Side files: what --save-layout writes, and what a reader's corrections do."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain import Document, Kind, ParsedQuestion
from coach.errors import UsageError
from coach.importing import layout, read, saved

TEXT = """# Notes

## Basics

### 1. What is a log?

A list that grows.

#### Why not a table?

Order matters.

### 2. What is a page?

A block.

## More

### 3. Think of caches

A copy.

**How big is it?** As small as it may be.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "notes.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def corrected(file: Path, toml: str) -> list[tuple[str, str | None, str]]:
    layout.side_path(file).write_text(toml, encoding="utf-8")
    return [(q.text, q.section, q.answer) for q in read(file).questions]


def test_a_saved_layout_changes_nothing_until_it_is_edited(file: Path) -> None:
    before = read(file)
    assert [q.text for q in before.questions] == ["What is a log?", "What is a page?", "Think of caches"]
    layout.side_path(file).write_text(saved.text_of(before), encoding="utf-8")
    assert read(file) == before


def test_a_saved_layout_names_pattern_levels_and_every_question_doubtful_ones_first(file: Path) -> None:
    text = saved.text_of(read(file))
    assert '# questions = ["numbered"]' in text
    assert "# sections = [2]" in text
    assert text.index("Think of caches") < text.index("What is a log?")
    assert "does not read like a question" in text
    entries = [
        row.removeprefix("# ") for row in text.split("\n") if row.startswith(("# [[", "# text", "# line", "# quest"))
    ]
    data = tomllib.loads("\n".join(row for row in entries if not row.startswith("questions")))
    assert [row["line"] for row in data["question"]] == [19, 5, 13]


def test_what_is_no_question_goes_to_the_answer_before(file: Path) -> None:
    found = corrected(file, '[[question]]\ntext = "What is a page?"\nquestion = false\n')
    assert [row[0] for row in found] == ["What is a log?", "Think of caches"]
    assert found[0][2].endswith("What is a page?\n\nA block.")


def test_what_was_missed_is_added(file: Path) -> None:
    found = corrected(file, '[[question]]\ntext = "Why not a table?"\nquestion = true\n')
    assert found[:2] == [
        ("What is a log?", "Basics", "A list that grows."),
        ("Why not a table?", "Basics", "Order matters."),
    ]
    found = corrected(file, '[[question]]\ntext = "Order matters."\nquestion = true\n')
    assert "Order matters." in [row[0] for row in found]


def test_wording_section_kind_and_answer(file: Path) -> None:
    layout.side_path(file).write_text(
        '[[question]]\ntext = "think of CACHES"\nwording = "What is a cache?"\nsection = "Speed"\nkind = "design"\n'
        '[[question]]\ntext = "What is a page?"\nanswer = false\n',
        encoding="utf-8",
    )
    _, page, cache = read(file).questions
    assert (cache.text, cache.section, cache.kind, cache.doubt) == ("What is a cache?", "Speed", Kind.DESIGN, "")
    assert (page.text, page.answer) == ("What is a page?", "")


def test_of_one_text_the_line_tells_which(tmp_path: Path) -> None:
    file = tmp_path / "quiz.md"
    file.write_text("## 1. Output?\n\none\n\n## 2. Output?\n\ntwo\n\n## 3. Output?\n\nthree\n", encoding="utf-8")
    found = corrected(file, '[[question]]\ntext = "Output?"\nline = 5\nwording = "What is printed?"\n')
    assert [row[0] for row in found] == ["Output?", "What is printed?", "Output?"]
    found = corrected(file, '[[question]]\ntext = "Output?"\nline = 9\nquestion = false\n')
    assert [row[2][:3] for row in found] == ["one", "two"]


def test_the_pattern_and_the_sections(file: Path) -> None:
    assert [row[0] for row in corrected(file, '[pattern]\nquestions = ["bold"]\n')] == ["How big is it?"]
    both = corrected(file, '[pattern]\nquestions = ["numbered", "heading4"]\n')
    assert [row[0] for row in both] == ["What is a log?", "Why not a table?", "What is a page?", "Think of caches"]
    assert {row[1] for row in corrected(file, "[pattern]\nsections = [1]\n")} == {"Basics"}


@pytest.mark.parametrize(
    "toml",
    [
        '[pattern]\nquestions = ["nonsense"]',
        "[pattern]\nsections = [7]",
        "[pattern]\nsections = [true]",
        "pattern = 3",
        "question = 3",
        "[[question]]\nline = 3",
        '[[question]]\ntext = "a"\nquestion = "no"',
        '[[question]]\ntext = "a"\nkind = "poem"',
        '[[question]]\ntext = "a"\nnumber = 3',
    ],
)
def test_mistakes_name_the_file(file: Path, toml: str) -> None:
    with pytest.raises(UsageError, match=r"notes\.coach\.toml") as caught:
        corrected(file, toml)
    assert caught.value.hint


@settings(max_examples=50)
@given(st.text(min_size=1).filter(lambda text: bool(text.strip())), st.text())
def test_whatever_a_question_says_the_layout_is_toml(text: str, section: str) -> None:
    from coach.text.cleaning import one_line
    from coach.text.printable import printable

    question = ParsedQuestion(
        one_line(printable(text)) or "x", "", 1, one_line(printable(section)), doubt="why\nnot"[:3]
    )
    rows = saved.text_of(Document(question.text, "deck", "a.md", (question,))).split("\n")
    bare = "\n".join(
        row.removeprefix("# ") for row in rows if row.startswith(("# [[", "# text", "# section =", "title"))
    )
    assert tomllib.loads(bare)["question"][0]["text"] == question.text
