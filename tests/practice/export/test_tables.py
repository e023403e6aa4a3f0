from __future__ import annotations

import csv
import io
from dataclasses import replace

from coach.domain import Outcome
from coach.domain.practice import Override
from coach.practice.export.tables import HEAD, attempts_as_csv
from tests.practice.made import NOON, attempt, grade, question, verdict

Q = question(1)


def test_every_attempt_is_one_row_with_its_grade_and_its_circumstances() -> None:
    verdicts = (verdict("p1", Outcome.COVERED), verdict("p2", Outcome.MISSING), verdict("p3", Outcome.MISSING))
    first = attempt("a1", Q, grade(Q, 70, verdicts), answer='=1+1\n"x", y', seconds=12.5, confidence=0.8, hints=1)
    first = replace(first, override=Override(80, "-no", NOON))
    waiting, ungraded = attempt("a2", Q, None), attempt("a3", Q, grade(Q, None))
    rows = list(csv.DictReader(io.StringIO("".join(attempts_as_csv([first, waiting, ungraded])), newline="")))
    assert len(rows) == 3
    assert tuple(rows[0]) == HEAD
    assert rows[0]["answer"] == '\'=1+1\n"x", y'
    picked = {"score": "70", "own_score": "80", "own_note": "'-no", "expected": "0.8", "seconds": "12.5", "hints": "1"}
    picked |= {
        "covered": "p1",
        "missing": "p2 p3",
        "partial": "",
        "low": "60",
        "high": "80",
        "number": "1",
        "status": "graded",
    }
    assert {name: rows[0][name] for name in picked} == picked
    assert rows[0]["grader"] == "offline rubric 1"
    assert (rows[1]["status"], rows[1]["score"]) == ("waiting", "")
    assert (rows[2]["status"], rows[2]["reason"]) == ("ungraded", "No reference.")
