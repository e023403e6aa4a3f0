"""Whole documents in the dialects that people write, each beside what a person finds in it; some hold no question.

``benchmarks/importing.py tests/importing/dialects`` measures the same files.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.importing import document

FOLDER = Path(__file__).parent / "dialects"
FILES = sorted(path.name for path in FOLDER.glob("*.md"))


def test_there_are_dialects_and_documents_without_questions() -> None:
    assert len(FILES) > 40
    assert sum(name.startswith("none-") for name in FILES) > 5


@pytest.mark.parametrize("name", FILES)
def test_every_question_is_found_with_its_answer(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    truth = json.loads((FOLDER / f"{name}.truth.json").read_text(encoding="utf-8"))["questions"]
    assert bool(truth) != name.startswith("none-")
    found = [
        {
            "line": question.line,
            "section": question.section,
            "number": question.printed,
            "question": question.text,
            "has_answer": question.has_answer,
            "answer_starts": " ".join(question.answer.split()[:6]),
            "answer_ends": " ".join(question.answer.split()[-4:]),
            "material_starts": " ".join(question.material.split()[:4]),
        }
        for question in document(text, name).questions
    ]
    assert found == truth


@pytest.mark.parametrize("name", FILES)
def test_windows_line_ends_and_a_missing_last_one_change_nothing(name: str) -> None:
    from coach.importing.decoding import text_of

    text = (FOLDER / name).read_text(encoding="utf-8")
    other, _ = text_of(text.rstrip("\n").replace("\n", "\r\n").encode(), name)
    assert document(other, name).questions == document(text, name).questions
