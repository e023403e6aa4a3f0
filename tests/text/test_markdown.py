"""Lines of Markdown and what they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coach.text.markdown import LineKind, scan


def kinds(text: str) -> list[str]:
    return [line.kind.value for line in scan(text)]


def test_blocks() -> None:
    text = "# A #\n\ntext\n- item\n3) item\n---\n***\n| t |\n<!-- c\nd -->\n#notaheading"
    assert kinds(text) == [
        "heading", "blank", "text", "item", "item", "rule", "rule", "table", "comment", "comment", "text",
    ]  # fmt: skip
    lines = scan(text)
    assert (lines[0].content, lines[0].level) == ("A", 1)
    assert (lines[4].content, lines[4].mark) == ("item", "3)")


def test_underlined_headings() -> None:
    assert kinds("A\n===\n\nB\n---\n\none\ntwo\n---") == [
        "heading", "underline", "blank", "heading", "underline", "blank", "text", "text", "rule",
    ]  # fmt: skip


def test_code_is_opaque() -> None:
    assert kinds("```py\n# x\n- y\n```\n~~~~\n```\n~~~~\n    ```\n    a\n    ```") == [
        "fence", "code", "code", "fence", "fence", "code", "fence", "fence", "code", "fence",
    ]  # fmt: skip


def test_code_without_end() -> None:
    assert kinds("```\na\n\n## B\nc") == ["fence", "code", "blank", "heading", "text"]
    assert kinds("```\na") == ["fence", "code"]
    assert kinds("```") == ["fence"]


@given(st.text("#`~-=*\n a1.|<!>", max_size=120))
def test_every_line_once(text: str) -> None:
    lines = scan(text)
    assert [line.text for line in lines] == text.split("\n")
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert all(isinstance(line.kind, LineKind) for line in lines)
