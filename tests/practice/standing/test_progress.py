from __future__ import annotations

from datetime import date

from hypothesis import given

from coach.domain.practice import Origin, Summary
from coach.practice.standing.progress import (
    HELD_FROM,
    counted,
    coverage,
    first_of,
    latest_of,
    opinion,
    section_of,
    standings,
    unaided,
    weeks,
)
from tests.practice.made import question, summaries_strategy, summary


def test_only_graded_whole_answers_of_ones_own_count() -> None:
    rows = [
        summary("q1", 50, 2),
        summary("q1", None, 1),
        summary("q1", 50, 1, point="p"),
        summary("q1", 50, 1, origin=Origin.BATCH),
        summary("q2", 70, 0),
    ]
    assert [row.question_id for row in counted(rows)] == ["q2", "q1"]


def test_a_standing_compares_first_with_latest_unaided() -> None:
    rows = counted(
        [
            summary("q1", 20, 0, seconds=60.0),
            summary("q1", 95, 0.1, retry_of="x", seconds=30.0),
            summary("q1", 60, 5, seconds=90.0),
            summary("q2", 40, 1),
            summary("q2", 100, 9, hints=2),
        ]
    )
    (found,) = standings(rows, section_of)
    assert (found.name, found.attempts, found.questions) == ("Basics", 5, 2)
    assert (found.first, found.latest, found.best) == (30, 50, 100)
    assert found.seconds == 60
    assert found.graders == ("offline rubric 1",)


def test_a_group_of_aided_answers_has_no_score_and_comes_last() -> None:
    rows = counted([summary("q1", 90, hints=1), summary("q2", 99)])
    found = standings(rows, lambda row: row.question_id)
    assert [(item.name, item.latest, item.best) for item in found] == [("q2", 99, 99), ("q1", None, 90)]


def test_every_grader_is_named_the_latest_first() -> None:
    rows = counted([summary("q1", 90, 0, grader_name="judge"), summary("q1", 10, 1)])
    (found,) = standings(rows, section_of)
    assert found.graders == ("offline rubric 1", "offline judge 1")


def test_weeks_begin_on_monday_in_the_users_days_and_keep_graders_apart() -> None:
    rows = counted(
        [
            summary("q1", 40, 0),
            summary("q1", 60, 6, day=date(2026, 3, 8)),
            summary("q1", 70, 6, day=date(2026, 3, 9)),
            summary("q1", 90, 7, grader_name="judge"),
            summary("q1", 0, 7, hints=1),
        ]
    )
    found = [(week.start, week.grader, week.attempts, week.score) for week in weeks(rows)]
    assert found == [
        (date(2026, 3, 2), "offline rubric 1", 2, 50),
        (date(2026, 3, 9), "offline judge 1", 1, 90),
        (date(2026, 3, 9), "offline rubric 1", 1, 70),
    ]


def test_coverage_knows_answered_from_held() -> None:
    questions = [question(1), question(2), question(3, section=None, deck="second"), question(4)]
    rows = counted(
        [summary("q1", 90, 0), summary("q1", HELD_FROM - 1, 1), summary("q2", HELD_FROM), summary("q3", 90, hints=1)]
    )
    found = [(item.section, item.questions, item.answered, item.held) for item in coverage(questions, rows)]
    assert found == [("Basics", 3, 2, 1), ("second", 1, 1, 0)]


def test_ones_own_scores_stand_beside_the_machines() -> None:
    assert opinion([summary(score=50, override=70), summary(score=50, override=40), summary()]).difference == 5
    assert opinion([summary()]).difference is None


@given(summaries_strategy())
def test_groups_share_out_the_attempts_and_lie_between_the_scores(rows: list[Summary]) -> None:
    found = counted(rows)
    by_kind = standings(found, lambda row: row.kind.value)
    assert sum(item.attempts for item in by_kind) == len(found)
    scores = [row.score or 0 for row in found]
    for item in by_kind:
        assert min(scores) <= item.best <= max(scores)
        assert item.latest is None or min(scores) <= item.latest <= max(scores)
        assert item.questions <= item.attempts
    assert sum(week.attempts for week in weeks(found)) == len(unaided(found))


@given(summaries_strategy())
def test_first_and_latest_name_each_question_once(rows: list[Summary]) -> None:
    found = counted(rows)
    first, latest = first_of(found), latest_of(found)
    assert first.keys() == latest.keys() == {row.question_id for row in found}
    assert all(first[name].created_at <= latest[name].created_at for name in first)
