from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from coach.domain import Importance, Outcome
from coach.practice.classroom import Entry, class_figures
from coach.practice.classroom.sheets import REVIEW_HEAD, class_page, overrides_in, review_csv, sheet
from coach.practice.export.blocks import html, markdown
from tests.practice.made import grade, question, verdict

Q, R = question(1), question(2)
LONG = "The hot key is salted so that its rows spread over many partitions and a second step adds the partial sums up."


def entry(key: str, student: str, score: int | None = 50, answer: str = "It is so.", asked: object = Q) -> Entry:
    verdicts = (
        verdict("gap", Outcome.MISSING),
        verdict("bonus", Outcome.MISSING, Importance.BONUS),
        verdict("wrong", Outcome.CONTRADICTED if score is not None and score < 60 else Outcome.COVERED),
    )
    made = grade(
        asked, score, verdicts if score is not None else (), "wrong" if score is not None and score < 60 else ""
    )  # type: ignore[arg-type]
    return Entry(key, int(key[1:]), student, answer, made.question, made)


CLASS = [
    entry("k1", "Ada", 40, LONG),
    entry("k2", "Bob", 50, LONG),
    entry("k3", "Cyd", 90),
    entry("k4", "Ada", None, "=2", R),
    Entry("k5", 5, "Dan", "x", None, None, "No question '999'."),
]


def test_a_class_shows_its_gaps_its_misconceptions_and_its_copies() -> None:
    found = class_figures(CLASS)
    assert (found.students, found.answers, found.graded) == (4, 5, 3)
    assert found.mean == 60
    assert [(item.text, item.missing, item.contradicted, item.answers) for item in found.missed] == [
        ("Point gap is so.", 3, 0, 3),
        ("Point wrong is so.", 0, 2, 3),
    ]
    (held,) = found.misconceptions
    assert (held.students, held.why, held.quotes) == (2, "Not so: wrong.", ("Th", "Th"))
    ((_, first, second, pair),) = found.alike
    assert (first.student, second.student, pair.share) == ("Ada", "Bob", 1.0)
    assert found.questions[0].spread == (0, 1, 1, 0, 1)


def test_one_student_twice_is_no_copy_and_no_shared_misconception() -> None:
    found = class_figures([entry("k1", "Ada", 40, LONG), entry("k2", "Ada", 50, LONG)])
    assert found.alike == ()
    assert found.misconceptions == ()


def test_the_teachers_score_counts_and_the_machines_stands_beside_it() -> None:
    rows = [replace(CLASS[0], override=80, note="You meant it."), *CLASS[1:]]
    found = class_figures(rows)
    assert found.overridden == 1
    assert found.questions[0].mean == pytest.approx((80 + 50 + 90) / 3)
    text = markdown(sheet("Ada", [rows[0], rows[3]]))
    assert "Score: 80 of 100, by your teacher (the machine's grade was 40)." in text
    assert "Note: You meant it." in text
    assert "Not graded yet: No reference." in text
    assert "80 of 100 on average" in text


def test_a_sheet_shows_no_other_student_and_says_who_graded() -> None:
    text = markdown(sheet("Cyd", [CLASS[2]]))
    assert "Ada" not in text
    assert "offline rubric 1" in text
    assert "ask where you think it is" in text


def test_names_and_answers_are_escaped_on_every_page() -> None:
    name = "<script>alert(1)</script>"
    rows = [replace(item, student=name, answer=f"{name} & |") for item in CLASS]
    for page in (html("x", sheet(name, rows)), html("x", class_page(rows))):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_the_table_to_check_puts_the_least_sure_first_and_defuses_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(review_csv(CLASS), newline="")))
    assert tuple(rows[0]) == REVIEW_HEAD
    assert [row["key"] for row in rows] == ["k4", "k5", "k1", "k2", "k3"]
    assert rows[0]["answer"] == "'=2"
    assert rows[1]["why"] == "No question '999'."
    assert rows[2]["why"] == "a false claim was found"
    assert all(row["override"] == "" for row in rows)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_overrides_are_read_back_as_spreadsheets_save_them(separator: str) -> None:
    rows = list(csv.reader(io.StringIO(review_csv(CLASS), newline="")))
    at, note = rows[0].index("override"), rows[0].index("note")
    for row, value in zip(rows[1:], [" 85 % ", "70", "99.0", "", "101"], strict=True):
        row[at], row[note] = value, "'=fine"
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    found, problems = overrides_in("\ufeff" + out.getvalue())
    assert {key: score for key, (score, _) in found.items()} == {"k5": 70, "k4": 85, "k1": 99, "k2": None}
    assert found["k5"][1] == "=fine"
    assert problems == ["Row 6: '101' is no score from 0 to 100."]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "key\nk1\n"])
def test_another_table_is_refused(text: str) -> None:
    assert overrides_in(text) == ({}, ["It has no columns key and override."])


@pytest.mark.parametrize("value", ["-1", "1e2", "7.5", "ten", "=80", "１０", "1000"])
def test_what_is_no_score_is_said(value: str) -> None:
    found, problems = overrides_in(f"key,override\nk1,{value}\n")
    assert found == {}
    assert len(problems) == 1
