"""What is written as JSON can be read back, and what was never written is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from test_records import GRADE, MADE_BY, QUESTION

from coach import records
from coach.domain import Failure, Status
from coach.domain.practice import Attempt, Circumstances, Origin, Override, Rating, Review, StoredGrade
from coach.errors import UsageError

AT = datetime(2026, 3, 2, 12, 30, 15, 250_000, tzinfo=UTC)
UNGRADED = replace(
    GRADE,
    status=Status.UNGRADED,
    score=None,
    band=None,
    range=None,
    reason="Why.",
    failure=Failure.UNREACHABLE,
    grader=MADE_BY,
)
ATTEMPT = Attempt(
    "01abc",
    QUESTION,
    "An answer.\n",
    AT,
    Circumstances(Origin.MOCK, 12.5, 1, 0.4, True, "before", "m1", "p1"),
    (StoredGrade(UNGRADED, AT, 12), StoredGrade(GRADE, AT, 34)),
    Override(70, "Hm.", AT),
    (Review("01abc", "qabc", None, Rating.GOOD, AT, date(2026, 3, 2)),),
)


@pytest.mark.parametrize("made", [GRADE, UNGRADED], ids=["graded", "ungraded"])
def test_a_grade_written_and_read_is_written_the_same(made: object) -> None:
    record = json.loads(json.dumps(records.grade(made, 7)))  # type: ignore[arg-type]
    assert records.grade(records.grade_from(record, QUESTION), 7) == record


def test_an_attempt_comes_back(record: records.Record) -> None:
    found = records.attempt_from(record)
    assert json.loads(json.dumps(records.attempt(found))) == record
    assert (found.answer, found.created_at, found.circumstances) == (ATTEMPT.answer, AT, ATTEMPT.circumstances)
    assert (found.override, found.reviews) == (ATTEMPT.override, ATTEMPT.reviews)
    assert found.question == replace(QUESTION, line=0)


@pytest.fixture
def record() -> records.Record:
    made: records.Record = json.loads(json.dumps(records.attempt(ATTEMPT)))
    return made


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", ""),
        ("id", 7),
        ("answer", None),
        ("question", "nine"),
        ("created_at", "2026-03-02T12:00:00"),
        ("created_at", "yesterday"),
        ("override", {"score": 101, "note": "", "at": "2026-03-02T12:00:00+00:00"}),
        ("override", {"score": True, "note": "", "at": "2026-03-02T12:00:00+00:00"}),
        ("grades", [{}]),
        ("reviews", [{"rating": "superb"}]),
        ("circumstances", {"origin": "elsewhere"}),
    ],
)
def test_what_was_never_written_is_refused(record: records.Record, key: str, value: object) -> None:
    with pytest.raises(UsageError, match="no record of an attempt"):
        records.attempt_from(record | {key: value})


def test_what_a_record_lacks_is_empty(record: records.Record) -> None:
    bare = {key: record[key] for key in ("id", "question", "answer", "created_at")}
    found = records.attempt_from(bare)
    assert (found.grades, found.reviews, found.override) == ((), (), None)
    assert found.circumstances == Circumstances()


def test_what_kind_of_failure_it_was_comes_back() -> None:
    record = json.loads(json.dumps(records.grade(UNGRADED, 7)))
    assert record["failure"] == "unreachable"
    assert records.grade_from(record, QUESTION).failure is Failure.UNREACHABLE
    assert "failure" not in records.grade(GRADE, 7)
