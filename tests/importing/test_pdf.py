"""Pages into paragraphs: what runs along the edges is dropped, what a line or page end divided is joined."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.errors import UnreadableInput
from coach.importing import read
from coach.importing.readers import pdf as reader
from coach.importing.source import Limits
from tests.importing.printing import Line, book, pdf


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def text_of(tmp_path: Path, pages: list[list[Line]]) -> str:
    return reader.read(written(tmp_path / "a.pdf", pdf(pages)), Limits()).text


def paragraph(*lines: str, down: float = 100, font: str = "plain", size: float = 10, left: float = 60) -> list[Line]:
    return [(font, size, left, 842 - down - 12 * n, text) for n, text in enumerate(lines)]


def test_running_headers_and_page_numbers_are_dropped(tmp_path: Path) -> None:
    document = read(written(tmp_path / "a.pdf", book(5)))
    assert [question.printed for question in document.questions] == ["1", "2", "3", "4", "5"]
    assert all("book of rules" not in question.answer for question in document.questions)
    assert document.questions[2].answer == (
        "Rule 3 says that a table is split into pieces, so that a query reads only what it needs. "
        "It says no more than that to anybody."
    )


def test_a_question_at_the_top_of_every_page_is_no_header(tmp_path: Path) -> None:
    pages = [
        [*paragraph(f"Question {n}", down=60, font="bold", size=10), *paragraph(f"What is rule {n}?", down=80),
         *paragraph("Answer:", down=100), *paragraph(f"It is rule {n}, and nothing else.", down=120)]
        for n in (1, 2, 3)
    ]  # fmt: skip
    document = read(written(tmp_path / "a.pdf", pdf(pages)))
    assert [question.text for question in document.questions] == [f"What is rule {n}?" for n in (1, 2, 3)]
    assert [question.answer for question in document.questions] == [
        f"It is rule {n}, and nothing else." for n in (1, 2, 3)
    ]


def test_words_and_sentences_are_joined_over_lines_and_pages(tmp_path: Path) -> None:
    full = "A sentence that fills the whole of its line from one side to the other side, and on"
    pages = [
        [*paragraph(full + " with parti-", "tioned tables and well-", "known ones and tioned parts, " + full)],
        [*paragraph("goes on here with partitioned tables.", "Next.", down=60), *paragraph("Other.", down=150)],
    ]
    text = text_of(tmp_path, pages)
    assert "with partitioned tables and well-known ones" in text
    assert "and on goes on here" in text
    assert text.endswith("\n\nOther.\n")


def test_code_keeps_its_indentation_and_blank_lines(tmp_path: Path) -> None:
    rows = (("def f(x):", 0, 0), ("if x:", 4, 1), ("return 1", 8, 2), ("return 2", 4, 4))
    code: list[Line] = [("mono", 9, 60 + 5.4 * indent, 600 - 11 * row, text) for text, indent, row in rows]
    text = text_of(tmp_path, [[*paragraph("See the following lines of code, which are short:"), *code]])
    assert "```\ndef f(x):\n    if x:\n        return 1\n\n    return 2\n```" in text


def test_marks_of_markdown_in_a_text_stay_text(tmp_path: Path) -> None:
    document = read(
        written(
            tmp_path / "a.pdf",
            pdf(
                [
                    [
                        *paragraph("1. What is a*b*c and __init__ in <script>?", font="bold", size=14),
                        *paragraph(
                            "# It is 5 * 3, `x` or $5 and $6.", "Yes it is, as anybody knows who has seen it.", down=130
                        ),
                        *paragraph("2. Why?", font="bold", size=14, down=200),
                    ]
                ]
            ),
        )
    )
    assert document.questions[0].text == "What is a*b*c and __init__ in <script>?"
    assert "$5 and $6" in document.questions[0].answer


def test_no_text_layer_too_many_pages_and_damage_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no text layer"):
        read(written(tmp_path / "a.pdf", pdf([[], []])))
    with pytest.raises(UnreadableInput, match="COACH_MAX_PAGES"):
        read(written(tmp_path / "b.pdf", book(4)), limits=Limits(max_pages=3))
    with pytest.raises(UnreadableInput, match="damaged"):
        read(written(tmp_path / "c.pdf", b"%PDF-1.4 nothing"))
    note = read(written(tmp_path / "d.pdf", pdf([[], *[paragraph("What is rule one, and who says so?")]]))).notes
    assert any("1 of 2 pages" in one for one in note)


def test_progress_is_told_page_by_page(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    read(written(tmp_path / "a.pdf", book(3)), limits=Limits(progress=lambda *row: told.append(row)))
    assert told == [("reading a.pdf", n, 3) for n in (1, 2, 3)]


def test_a_printed_table_of_questions_is_read_by_its_columns(tmp_path: Path) -> None:
    def row(down: int, *cells: str) -> list[Line]:
        return [("plain", 10, left, 842 - down, text) for left, text in zip((60, 100, 300), cells, strict=True) if text]

    pages = [
        [
            *row(100, "No.", "Question", "Answer"),
            *row(120, "1", "What is a lease of a", "A lock that ends by"),
            *row(132, "", "lock?", "itself."),
            *row(152, "2", "Who renews it?", "Its holder."),
        ],
        [*row(60, "3", "What is a fence?", "A number that grows"), *row(72, "", "", "with every lease.")],
    ]
    questions = read(written(tmp_path / "a.pdf", pdf(pages))).questions
    assert [(question.printed, question.text, question.answer) for question in questions] == [
        ("1", "What is a lease of a lock?", "A lock that ends by itself."),
        ("2", "Who renews it?", "Its holder."),
        ("3", "What is a fence?", "A number that grows with every lease."),
    ]


def test_reading_stops_where_progress_raises(tmp_path: Path) -> None:
    told: list[int] = []

    def progress(_: str, page: int, pages: int) -> None:
        told.append(page)
        if page == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(written(tmp_path / "a.pdf", book(5)), limits=Limits(progress=progress))
    assert told == [1, 2]
