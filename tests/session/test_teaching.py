from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.domain import Grade, Question
from coach.errors import NotFound, UnreadableInput, UsageError
from coach.session import Session
from coach.session.teaching import Handed, Written
from tests.session.made import grade

CSV = """Student Name,Question,Answer
Ada Lovelace,1,"Ada Lovelace
The list holds the entries in order of use."
"Müller, Jürgen",2,"=A read asks every salted variant, as Ada Lovelace said."
../../etc/passwd,1,It is random.
Ada Lovelace,999,nothing
Ada Lovelace,2,
"""


@pytest.fixture
def sent() -> list[str]:
    """What graders got to see."""
    return []


@pytest.fixture
def coach(opened: Callable[[], Session], sent: list[str], monkeypatch: pytest.MonkeyPatch) -> Session:
    session = opened()

    def graded(of: Session, question: Question, answer: str, grader: str, *rest: object) -> Grade:
        sent.append(answer)
        return grade(of, question, 40 if "random" in answer else 80)

    monkeypatch.setattr("coach.session.grading.graded", graded)
    return session


def run(coach: Session, folder: Path, text: str = CSV, save: bool = False) -> Written:
    handed = coach.teaching.handed_in(text, True, {}, named=True)
    entries = [coach.teaching.entry(item, line) for item, line in coach.teaching.graded(handed, "offline", save)]
    return coach.teaching.write(folder, entries)


def sheet_of(folder: Path, start: str) -> str:
    (path,) = (folder / "sheets").glob(f"{start}*.md")
    return path.read_text(encoding="utf-8")


def checked(folder: Path, **scores: str) -> Path:
    """``review.csv`` as a teacher saves it, with scores by the beginning of a student's name."""
    rows = list(csv.reader(io.StringIO((folder / "review.csv").read_text(encoding="utf-8-sig"), newline="")))
    column = {name: at for at, name in enumerate(rows[0])}
    for row in rows[1:]:
        row[column["override"]] = scores.get(row[column["student"]][:3].strip(".'"), row[column["override"]])
    path = folder / "checked.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def test_everybody_gets_a_sheet_and_the_teacher_a_page_and_a_table(coach: Session, tmp_path: Path) -> None:
    done = run(coach, tmp_path / "week")
    assert (done.students, done.answers, done.graded, done.problems) == (3, 5, 4, ())
    files = sorted(path.relative_to(tmp_path / "week").as_posix() for path in (tmp_path / "week").rglob("*.*"))
    assert [name for name in files if "/" not in name] == ["class.html", "class.md", "grades.jsonl", "review.csv"]
    assert len([name for name in files if name.startswith("sheets/")]) == 6
    assert not list(tmp_path.glob("**/passwd*"))
    for path in (tmp_path / "week").rglob("*.*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ada = sheet_of(tmp_path / "week", "ada-lovelace")
    assert "No question '999'" in ada
    assert "Müller" not in ada.replace("as Ada Lovelace said", "")
    assert "80 of 100" in ada


def test_no_grader_sees_a_name_and_the_sheets_show_what_was_written(
    coach: Session, sent: list[str], tmp_path: Path
) -> None:
    run(coach, tmp_path)
    assert len(sent) == 4
    for text in sent:
        for name in ("Ada", "Lovelace", "Müller", "Jürgen", "passwd"):
            assert name not in text
    assert "as Ada Lovelace said." in sheet_of(tmp_path, "muller-jurgen")


def test_a_batch_leaves_no_history_unless_it_is_saved(coach: Session, sent: list[str], tmp_path: Path) -> None:
    run(coach, tmp_path)
    assert coach.practice.summaries() == []
    assert coach.practice.cards() == []
    run(coach, tmp_path, save=True)
    rows = coach.practice.summaries()
    assert [row.origin.value for row in rows] == ["batch"] * 4
    assert any("Ada Lovelace" in item.answer for item in coach.practice.attempts())


def test_a_checked_table_changes_the_sheets_and_survives_another_run(coach: Session, tmp_path: Path) -> None:
    run(coach, tmp_path)
    done = coach.teaching.apply(tmp_path, checked(tmp_path, Mül="95", Ada="lots"))
    assert done.overridden == 1
    assert len(done.problems) == 3
    assert "'lots' is no score" in done.problems[0]
    assert "95 of 100, by your teacher" in sheet_of(tmp_path, "muller-jurgen")
    assert run(coach, tmp_path).overridden == 1
    assert "95 of 100, by your teacher" in sheet_of(tmp_path, "muller-jurgen")
    assert coach.teaching.apply(tmp_path, checked(tmp_path, Mül="")).overridden == 0


def test_scores_typed_into_the_table_and_not_read_back_yet_are_not_lost(coach: Session, tmp_path: Path) -> None:
    run(coach, tmp_path)
    checked(tmp_path, Mül="55").replace(tmp_path / "review.csv")
    assert run(coach, tmp_path).overridden == 1


def test_who_left_the_class_leaves_no_sheet(coach: Session, tmp_path: Path) -> None:
    run(coach, tmp_path)
    (tmp_path / "sheets" / "mine.md").write_text("the teacher's own")
    run(coach, tmp_path, "\n".join(CSV.splitlines()[:3]) + "\n")
    names = {path.name[:4] for path in (tmp_path / "sheets").iterdir()}
    assert names == {"ada-", "mine"}


def test_unknown_rows_of_the_table_are_told(coach: Session, tmp_path: Path) -> None:
    run(coach, tmp_path)
    table = tmp_path / "other.csv"
    table.write_text("key,override\nnobody,50\n")
    assert coach.teaching.apply(tmp_path, table).problems == ("'nobody' is no answer of this report.",)


def test_without_a_report_there_is_nothing_to_apply_to(coach: Session, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="Nothing was graded"):
        coach.teaching.apply(tmp_path, tmp_path / "review.csv")
    (tmp_path / "grades.jsonl").write_text("{}\n")
    with pytest.raises(UnreadableInput):
        coach.teaching.apply(tmp_path, tmp_path / "review.csv")


def test_json_lines_are_recognised_line_by_line(coach: Session) -> None:
    lines = [
        json.dumps({"name": "Ada", "question": 1, "response": "x", "id": 7}),
        json.dumps({"student": "Bob", "q": "2", "answer": "y"}),
        "no json",
        "[1]",
        json.dumps({"student": "Bob", "q": "2", "answer": "y"}),
    ]
    found: list[Handed] = coach.teaching.handed_in("\n".join(lines) + "\n", False, {}, named=True)
    assert [(item.student, item.q, item.answer, item.id) for item in found[:2]] == [
        ("Ada", 1, "x", "7"),
        ("Bob", "2", "y", None),
    ]
    assert [item.problem for item in found[2:4]] == ["The line is not JSON.", "The line is no JSON object."]
    assert found[4].key == f"{found[1].key}-2"
    graded = [line for _, line in coach.teaching.graded(found, "offline", False)]
    assert [line.line for line in graded] == [1, 2, 3, 4, 5]
    assert [line.error is None for line in graded] == [True, True, False, False, True]


def test_a_table_without_students_is_refused_only_where_there_are_sheets(coach: Session) -> None:
    text = "q;answer\n1;x\n"
    with pytest.raises(UsageError, match="student"):
        coach.teaching.handed_in(text, True, {}, named=True)
    (item,) = coach.teaching.handed_in(text, True, {}, named=False)
    assert (item.q, item.answer) == ("1", "x")
