"""Nothing that was answered is ever lost, and everything can be taken back."""

from __future__ import annotations

import stat
import threading
from datetime import timedelta

import pytest

from coach.domain import Kind, Outcome, Status
from coach.domain.practice import Circumstances, Draft, Origin, Override, Rating
from coach.errors import NotFound
from coach.practice.history.attempts import new_id
from practice.samples import NOON, Desk, day_of, graded, question, ungraded

MISSED, SAID = Outcome.MISSING, Outcome.COVERED


def test_an_attempt_comes_back_as_it_was_given(desk: Desk) -> None:
    how = Circumstances(Origin.DRILL, 61.5, 2, 0.7, True, "before", "mock", "point")
    item = question(3, Kind.CODING, text="Ünicode?", section=None, printed="17a")
    answer = "\n line one\r\n\tline two ✓ \0 \ud800 end\n\n"
    made = desk.submit(item, answer, how)
    desk.reopen()
    found = desk.history.attempt(made.id)
    assert (found.answer, found.circumstances, found.created_at) == (answer, how, NOON)
    assert found.question == item
    assert (found.grades, found.override, found.reviews, found.grade) == ((), None, (), None)


def test_a_grade_comes_back_with_its_evidence(desk: Desk) -> None:
    item = question()
    made = graded(item, 63, [("a", SAID), ("b", Outcome.PARTIAL), ("c", MISSED), ("d", Outcome.CONTRADICTED)])
    kept = desk.grade(desk.submit(item), made)
    desk.reopen()
    found = desk.history.attempt(kept.id)
    assert found == kept
    assert found.grade == made
    assert found.grades[0].elapsed_ms == 5


def test_lists_are_light_and_newest_first(desk: Desk) -> None:
    first = desk.answered(question(1), 40)
    desk.later(hours=1)
    second = desk.submit(question(2))
    desk.later(hours=1)
    third = desk.grade(desk.submit(question(1)), ungraded(question(1)))
    rows = desk.history.summaries()
    assert [row.id for row in rows] == [third.id, second.id, first.id]
    assert [row.status for row in rows] == [Status.UNGRADED, None, Status.GRADED]
    assert [row.score for row in rows] == [None, None, 40]
    assert (rows[2].grader_kind, rows[2].grader_name, rows[2].grader_version) == ("offline", "rubric", "1")
    assert rows[1].grader_kind == ""
    assert [row.id for row in desk.history.summaries("q1", limit=1)] == [third.id]
    assert [row.id for row in desk.history.summaries(since=NOON + timedelta(minutes=30))] == [third.id, second.id]
    assert [item.id for item in desk.history.attempts("q2")] == [second.id]
    assert [item.id for item in desk.history.pending()] == [third.id, second.id]


def test_ids_sort_by_time_and_differ_over_machines() -> None:
    ids = [new_id(NOON + timedelta(milliseconds=at), b"\xff\xff\xff\xff") for at in range(3)]
    assert ids == sorted(ids)
    assert len({len(name) for name in ids}) == 1
    assert new_id(NOON, b"\0\0\0\1") != new_id(NOON, b"\0\0\0\2")
    assert new_id(NOON + timedelta(milliseconds=1), bytes(4)) > new_id(NOON, b"\xff\xff\xff\xff")


def test_an_override_stands_beside_the_grade_and_counts_for_the_schedule(desk: Desk) -> None:
    made = desk.answered(question(), 40)
    assert [review.rating for review in made.reviews] == [Rating.AGAIN]
    desk.later(minutes=1)
    opinion = Override(95, "I know it.", desk.now)
    found = desk.history.override(made.id, opinion, Rating.EASY)
    assert found.override == opinion
    assert found.grade == made.grade
    assert [review.rating for review in found.reviews] == [Rating.EASY]
    assert desk.history.summaries()[0].override == 95
    assert desk.history.cards(desk.schedule, desk.now)[0].interval > 1


def test_opinions_are_taken_back_one_by_one(desk: Desk) -> None:
    made = desk.answered(question(), 40)
    for score, rating in ((60, Rating.HARD), (95, Rating.EASY)):
        desk.later(minutes=1)
        desk.history.override(made.id, Override(score, "", desk.now), rating)
    done = desk.history.undo(desk.now)
    assert done is not None
    assert (done.what, done.score) == ("override", 95)
    found = desk.history.attempt(made.id)
    assert found.override is not None
    assert (found.override.score, found.reviews[0].rating) == (60, Rating.HARD)
    desk.history.undo(desk.now)
    assert desk.history.attempt(made.id) == made


def test_undo_takes_back_the_last_attempt_with_all_that_it_did(desk: Desk) -> None:
    desk.answered(question(1), 80, [("a", MISSED)])
    before = (desk.history.cards(desk.schedule, desk.now), desk.history.tallies(), desk.history.standings())
    desk.later(days=3)
    last = desk.answered(question(1), 20, [("a", MISSED), ("b", MISSED)])
    done = desk.history.undo(desk.now)
    assert done is not None
    assert (done.what, done.attempts, done.score) == ("attempt", (last.id,), 20)
    assert (desk.history.cards(desk.schedule, desk.now), desk.history.tallies(), desk.history.standings()) == before
    with pytest.raises(NotFound):
        desk.history.attempt(last.id)
    assert desk.history.undo(desk.now) is not None
    assert desk.history.undo(desk.now) is None
    assert desk.history.cards(desk.schedule, desk.now) == []


def test_a_regrade_keeps_both_grades_and_schedules_nothing(desk: Desk) -> None:
    made = [desk.answered(question(number), 80, [("a", SAID)]) for number in (1, 2)]
    before = desk.history.cards(desk.schedule, desk.now)
    desk.later(days=9)
    run = None
    for attempt in made:
        newer = graded(attempt.question, 30, [("a", MISSED)], version="2")
        run = desk.history.regraded(attempt.id, stored(newer, desk), run)
    found = desk.history.attempt(made[0].id)
    assert [kept.grade.score for kept in found.grades] == [80, 30]
    assert found.reviews == made[0].reviews
    assert desk.history.cards(desk.schedule, desk.now) == before
    assert [row.grader_version for row in desk.history.summaries()] == ["2", "2"]
    assert {tally.last_outcome for tally in desk.history.tallies()} == {MISSED}
    done = desk.history.undo(desk.now)
    assert done is not None
    assert (done.what, set(done.attempts)) == ("regrade", {item.id for item in made})
    assert [desk.history.attempt(item.id) for item in made] == made


def test_the_same_grade_twice_is_one_grade(desk: Desk) -> None:
    made = desk.submit(question())
    for _ in range(2):
        desk.grade(made, graded(question(), 70))
    assert len(desk.history.attempt(made.id).grades) == 1
    assert len(desk.reviews()) == 1


def test_points_are_counted_over_attempts(desk: Desk) -> None:
    for outcomes in ((MISSED, SAID), (MISSED, MISSED), (SAID, MISSED)):
        desk.answered(question(), 50, [("a", outcomes[0]), ("b", outcomes[1])])
        desk.later(hours=1)
    tallies = {tally.point_id: tally for tally in desk.history.tallies()}
    assert (tallies["a"].asked, tallies["a"].missed, tallies["a"].missed_last) == (3, 2, 0)
    assert (tallies["b"].asked, tallies["b"].missed, tallies["b"].missed_last) == (3, 2, 2)
    assert desk.history.tallies()[0].point_id == "b"


def test_standings_hold_the_latest_scores_and_ones_own_opinion(desk: Desk) -> None:
    for score in (10, 20, 30, 40, 50, 60):
        last = desk.answered(question(), score)
        desk.later(hours=1)
    desk.submit(question(), how=Circumstances(point="a"))
    desk.history.override(last.id, Override(99, "", desk.now), Rating.EASY)
    standing = desk.history.standings()["q1"]
    assert standing.scores == (20, 30, 40, 50, 99)
    assert standing.attempts == 7


def test_days_are_those_of_the_submissions(desk: Desk) -> None:
    for hours in (0, 1, 30):
        desk.now = NOON + timedelta(hours=hours)
        desk.submit(question())
    assert list(desk.history.days()) == [(day_of(NOON + timedelta(hours=30)), 1), (day_of(NOON), 2)]
    assert (desk.history.count(), desk.history.count(day_of(NOON))) == (3, 2)


def test_drafts_are_kept_until_they_are_submitted(desk: Desk) -> None:
    for text in ("first", "second ✓\ud800"):
        desk.later(seconds=3)
        desk.history.save_draft(Draft("q1", text, desk.now, 4.5))
    desk.history.save_draft(Draft("mock/7/q2", "other", desk.now))
    desk.reopen()
    assert desk.history.draft("q1") == Draft("q1", "second ✓\ud800", desk.now, 4.5)
    assert [draft.question_id for draft in desk.history.drafts()] == ["mock/7/q2", "q1"]
    desk.submit(question(1))
    assert desk.history.draft("q1") is not None
    made = desk.history.attempts()[0]
    again = type(made)("another", made.question, "x", desk.now)
    desk.history.submit(again, day_of(desk.now), drop_draft=True)
    assert desk.history.draft("q1") is None
    desk.history.drop_draft("mock/7/q2")
    assert desk.history.drafts() == []


def test_states_are_kept_by_name(desk: Desk) -> None:
    desk.history.set_state("mock", {"left": [1, 2]}, NOON)
    desk.reopen()
    assert desk.history.state("mock") == {"left": [1, 2]}
    desk.history.set_state("mock", None, NOON)
    assert desk.history.state("mock") is None


def test_another_machine_gets_everything_and_twice_changes_nothing(desk: Desk, tmp_path) -> None:  # type: ignore[no-untyped-def]
    desk.answered(question(1), 80, [("a", MISSED)])
    desk.later(days=4)
    last = desk.answered(question(1), 30, [("a", SAID)])
    desk.history.override(last.id, Override(55, "Hm.", desk.now), Rating.HARD)
    desk.submit(question(2))
    other = Desk(tmp_path / "other" / "history.db")
    whole = desk.history.attempts()
    assert other.history.restored(whole, day_of) == (3, 0)
    assert other.history.restored(whole, day_of) == (0, 0)
    assert other.history.attempts() == whole
    assert other.history.cards(other.schedule, desk.now) == desk.history.cards(desk.schedule, desk.now)
    assert other.history.tallies() == desk.history.tallies()
    # What came from elsewhere was not done here, and is not taken back here.
    assert other.history.undo(desk.now) is None
    other.history.close()


def test_a_known_attempt_gains_the_grades_that_it_lacks(desk: Desk, tmp_path) -> None:  # type: ignore[no-untyped-def]
    made = desk.answered(question(), 80)
    other = Desk(tmp_path / "other" / "history.db")
    other.history.restored([made], day_of)
    desk.later(days=1)
    desk.history.regraded(made.id, stored(graded(question(), 60, version="2"), desk))
    assert other.history.restored(desk.history.attempts(), day_of) == (0, 1)
    assert other.history.attempt(made.id) == desk.history.attempt(made.id)
    other.history.close()


def test_wiping_leaves_no_trace(desk: Desk) -> None:
    desk.answered(question(text="A question about zebras"), 80, [("a", MISSED)])
    desk.submit(question(), "An answer about walruses")
    desk.history.save_draft(Draft("q1", "A draft about lemurs", NOON))
    desk.history.undo(NOON)
    copy = desk.path.with_name("history-schema1-20260101T000000.db")
    copy.write_text("walruses")
    desk.history.wipe()
    assert (desk.history.attempts(), desk.history.cards(desk.schedule, NOON), desk.history.drafts()) == ([], [], [])
    desk.history.close()
    assert not copy.exists()
    left = b"".join(path.read_bytes() for path in desk.path.parent.iterdir())
    for word in (b"zebras", b"walruses", b"lemurs"):
        assert word not in left


def test_all_files_are_the_owners_alone(desk: Desk) -> None:
    desk.answered(question())
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in desk.path.parent.iterdir()}
    assert "history.db-wal" in found
    assert set(found.values()) == {0o600}
    assert stat.S_IMODE(desk.path.parent.stat().st_mode) == 0o700


def test_threads_share_a_history(desk: Desk) -> None:
    problems: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for at in range(10):
                made = type(base)(f"t{number}-{at}", base.question, f"answer {number} {at}", NOON)
                desk.history.submit(made, day_of(NOON))
                desk.history.summaries()
        except BaseException as problem:  # noqa: BLE001  (shown by the assertion below)
            problems.append(problem)

    base = desk.submit(question())
    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert desk.history.count() == 41
    assert desk.history.check() == []


def stored(made, desk: Desk):  # type: ignore[no-untyped-def]
    from coach.domain.practice import StoredGrade

    return StoredGrade(made, desk.now)
